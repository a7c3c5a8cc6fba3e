"""Whether a reply says thank you and nothing else.

Such a reply to a resolved ticket would reopen it for nothing, which costs the team a look and the customer a mail (T16). The mistake in the
other direction is worse: "thanks, but it still fails" must reopen. So every word has to be known as thanks, greeting or filler, or to
stand where a name stands; one word of doubt decides against it.

Bugs: knows French, Dutch, German and English only; thanks in other languages reopen.
"""

from __future__ import annotations

import unicodedata
from typing import Final

MAX_WORDS: Final = 12
"""Who says more than thanks needs more words."""
_MAX_LENGTH: Final = 300
_MAX_NAMES: Final = 3
"""Words of no list that may stand in it, each with a capital and not at the beginning of a second sentence."""


def _lexicon(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_THANKS: Final = _lexicon(
    # French
    "merci mercii remerciements remercie super parfait impeccable genial nickel top bon bonne ok",
    # Dutch
    "bedankt dank dankjewel dankuwel perfect prima fijn geweldig",
    # German
    "danke dankeschon vielen perfekt klasse toll wunderbar",
    # English
    "thanks thank thx ty great excellent awesome wonderful brilliant cheers",
    # Signs
    "👍 🙏 😊 🙂",
)
"""Words that thank or praise: one at least has to be there."""
_NOT_ALONE: Final = frozenset(("ok", "bon", "bonne", "vielen"))
"""Of `_THANKS`: words that need company. "OK" alone answers something; it doesn't close it."""

_FILLER: Final = _lexicon(
    # French
    "beaucoup bien a vous tous toutes toi pour votre ton l la le les de du d aide reponse retour intervention rapidite efficacite",
    "reactivite encore tres c est ca tout va fait fonctionne marche je et bonjour bonsoir salut cordialement journee soiree weekend week",
    "end belle mille infiniment avance rapide rapidement maintenant chere cher madame monsieur",
    # Dutch
    "je u jullie wel voor de het uw hulp snelle snel antwoord reactie heel erg hartelijk alles werkt is in orde goed nu dag hallo beste",
    "groeten vriendelijke groet met mvg ik",
    # German
    "schon sehr ihnen dir euch fur die das ihre deine hilfe schnelle antwort herzlichen besten alles klar funktioniert jetzt gut es ist",
    "hallo liebe lieber gruss grusse freundlichen mit freundliche viele mfg ich",
    # English
    "you all so very much many a lot for your the help quick reply support answer fix it works now is that everything fine good hi hello",
    "hey dear best regards kind day and well done team working",
)
"""Words that may stand beside them and mean nothing more."""

_DOUBT: Final = _lexicon(
    # French
    "mais pas plus ne n non toujours sauf pourtant cependant par contre si erreur probleme bug souci panne quand comment pourquoi rien",
    "jamais svp stp",
    # Dutch
    "maar niet geen nog nee echter fout probleem storing wanneer hoe waarom weer graag alstublieft",
    # German
    "aber nicht kein keine nein immer leider fehler problem storung wann wie warum wieder noch nur bitte",
    # English
    "but not no nope dont doesnt isnt cant still however except error issue problem when how why again yet never nothing unfortunately",
    "please pls",
)
"""Words of doubt: one is enough to reopen."""

_QUESTION_MARKS: Final = "?¿\u037e\u061f\uff1f"
_SENTENCE_ENDS: Final = ".!;:"


def only_thanks(text: str, has_attachments: bool) -> bool:  # noqa: FBT001 - the two facts of T16, in its order
    """Whether `text` (a trimmed reply) is thanks and nothing else: at most 12 words, no question, no file, no word of doubt (T16)."""
    if has_attachments or len(text) > _MAX_LENGTH or any(mark in text for mark in _QUESTION_MARKS):
        return False
    words = _words(text)
    folds = [fold for fold, _ in words]
    if not 0 < len(words) <= MAX_WORDS or not _DOUBT.isdisjoint(folds):
        return False
    said = [fold for fold in folds if fold in _THANKS]
    if not said or (set(said) <= _NOT_ALONE and len(words) == len(said) == 1):
        return False
    return _others_are_names(words)


def _others_are_names(words: list[tuple[str, bool]]) -> bool:
    """Whether the unknown words are a few capitalised ones: "Merci Jess", or a name on a line of its own below."""
    others = [may_be_name for fold, may_be_name in words if fold not in _THANKS and fold not in _FILLER]
    return len(others) <= _MAX_NAMES and all(others)


def _words(text: str) -> list[tuple[str, bool]]:
    """Each word without case and accents, and whether it may be a name: capitalised, and not the start of a sentence on the same line."""
    found: list[tuple[str, bool]] = []
    for line in text.splitlines():
        sentence_start = False
        for raw in line.replace("’", "'").split():
            for piece in raw.replace("-", " ").replace("'", " ").split():
                plain = "".join(char for char in unicodedata.normalize("NFKD", piece) if char.isalnum() or char in _THANKS)
                if plain:
                    found.append((plain.casefold(), plain[0].isupper() and not sentence_start))
            sentence_start = raw[-1] in _SENTENCE_ENDS
    return found
