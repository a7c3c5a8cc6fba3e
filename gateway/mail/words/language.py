"""In which language a mail is written, as far as a few words can tell: French, Dutch, German or English.

Asked once, for a stranger whose mail program does not say (RFC 3282): his first acknowledgement should be one that he
can read. A mistake costs more than no answer, for then the desk's own language serves, so it takes several different small words of one
language and hardly any of another. Each word of the table is of one language only.

Bugs: what is written in another language is sometimes taken for its neighbour: Afrikaans for Dutch, Luxembourgish for German.
"""

from __future__ import annotations

import re
from typing import Final

_READ: Final = 3000
"""Characters from the beginning: further down stand disclaimers in languages that the writer does not choose."""
_ENOUGH: Final = 3
_ENOUGH_OF_FEW: Final = 2
_FEW: Final = 10
"""Words in a mail so short that less has to do."""
_AGAINST_ONE: Final = 3
"""So many hits for a language outweigh one for another."""
_WORD: Final = re.compile(r"[^\W\d_]+")


def _lexicon(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


WORDS: Final[dict[str, frozenset[str]]] = {
    "fr": _lexicon(
        "je nous vous il elle ils elles est suis sont êtes avons avez ont était serait ne pas pour avec dans sur une les du au aux qui",
        "mais donc car ce cette ces mon ma mes notre nos votre vos depuis lorsque quand comment pourquoi chez sans sous encore",
        "toujours plus très bien peut pouvez pourriez puis faire fait bonjour bonsoir merci cordialement madame monsieur svp ai cela",
        "quel quelle vers",
    ),
    "nl": _lexicon(
        "ik wij jij jullie uw het een niet geen maar voor van naar bij aan op om te dat deze dit mijn onze zijn ben bent heb hebt",
        "heeft hebben kan kunt kunnen wordt worden werd moet graag sinds hoe waarom wanneer nog ook wel niets alstublieft bedankt dank",
        "groeten groet beste geachte goedendag goedemorgen vriendelijke mevrouw mijnheer werkt",
    ),
    "de": _lexicon(
        "ich wir ihr ihre ihnen sie das dem ein eine einen einem einer nicht kein keine und oder aber mit für von zu zum zur auf bei",
        "nach aus seit ist sind bin habe haben hat kann können könnten wird werden wurde mein meine meinem unser unsere wie warum wenn",
        "noch auch bitte danke vielen guten sehr geehrte geehrter herr frau grüße grüßen freundlichen funktioniert",
    ),
    "en": _lexicon(
        "the and you your yours please hello hi dear not with this that these those have has had are my our from can cannot could",
        "would should will thank thanks regards sincerely when since been what there why how for but because still again anymore am",
        "don doesn didn it",
    ),
}
"""Small words that only one of the four has. Left out is what stands in names ("den", "der") or in half of Europe ("la", "de", "in")."""

_LETTERS: Final[dict[str, str]] = {"fr": "èùœ", "de": "ßäöü", "nl": "", "en": ""}
"""One hit, however many of them there are."""


def language_of(text: str) -> str | None:
    """The language that `text` is surely in ("fr", "nl", "de", "en"), or None where there is a doubt."""
    beginning = text[:_READ].lower()
    found = _WORD.findall(beginning)
    words = frozenset(found)
    hits = {one: len(words & known) + any(letter in beginning for letter in _LETTERS[one]) for one, known in WORDS.items()}
    best, second = sorted(hits, key=lambda one: hits[one], reverse=True)[:2]
    enough = _ENOUGH_OF_FEW if len(found) <= _FEW else _ENOUGH
    return best if hits[best] >= enough and hits[best] >= _AGAINST_ONE * hits[second] else None
