"""What a customer decided about a solution, where his mail says it in its first words: accepted or refused (ruling 6, T08, T09).

Only the first line counts, and only where a word of the table opens it: "Accepté, merci" decides, "Je ne sais pas si j'accepte" does not.
The words are those that M05 asks for, in every language of ours, and the English labels of the buttons (R-144). Anything less certain is no
decision, and the customer is asked again on a page (M05-bis): a wrong guess would put work into production or throw it away.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ACCEPT: Final = "accept"
REFUSE: Final = "refuse"

_WORDS: Final = {
    # without case and accents -> the word of the move
    "accepte": ACCEPT,
    "acceptee": ACCEPT,
    "j'accepte": ACCEPT,
    "approuve": ACCEPT,
    "accepted": ACCEPT,
    "accept": ACCEPT,
    "approved": ACCEPT,
    "aanvaard": ACCEPT,
    "aanvaarden": ACCEPT,
    "geaccepteerd": ACCEPT,
    "goedgekeurd": ACCEPT,
    "akzeptiert": ACCEPT,
    "angenommen": ACCEPT,
    "annehmen": ACCEPT,
    "freigegeben": ACCEPT,
    "refuse": REFUSE,
    "refusee": REFUSE,
    "je refuse": REFUSE,
    "refused": REFUSE,
    "rejected": REFUSE,
    "geweigerd": REFUSE,
    "weigeren": REFUSE,
    "afgekeurd": REFUSE,
    "abgelehnt": REFUSE,
    "ablehnen": REFUSE,
}
_LONGEST: Final = 200
_DOUBT: Final = re.compile(r"[?¿\u061f\uff1f]|\b(?:pas|not|niet|nicht|si|if|als|wenn|mais|but|maar|aber|sauf|except|refuse|refused)\b")
"""On the line of an acceptance: then it is a condition or a question, and a person has to say what he means. A refusal may say "not"."""
_OPENS: Final = re.compile(r"[\s*_>«\"'“]{0,8}([^\W\d_]+(?:['’ ][^\W\d_]+)?)")
_HEAD: Final = re.compile(r"[\s*_»\"'”.,;:!…—–-]{0,10}")


def read_decision(text: str) -> str | None:
    """`accept`, `refuse`, or None where the first line of `text` (a trimmed reply) does not begin with a word that says so."""
    line = next((one for one in text.splitlines() if one.strip()), "")[:_LONGEST]
    folded = _folded(line)
    found = _OPENS.match(folded)
    if found is None:
        return None
    first = found[1].replace("’", "'")
    meant = _WORDS.get(first) or _WORDS.get(first.partition(" ")[0])
    return None if meant == ACCEPT and _DOUBT.search(folded) else meant


def _folded(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(char))


def words_beyond(text: str) -> str:
    """What the mail says beside the decision itself: the reason that a refusal needs; "" when it only says the word."""
    lines = text.strip().splitlines()
    if not lines:
        return ""
    found = _OPENS.match(lines[0])
    if found is None:
        return text.strip()
    first = _folded(found[1]).replace("’", "'")
    end = found.end(1) if first in _WORDS else found.start(1) + len(found[1].partition(" ")[0])
    rest = lines[0][_HEAD.match(lines[0], end).end() :]  # type: ignore[union-attr]  # it may match nothing, but it matches
    return "\n".join([rest, *lines[1:]]).strip()
