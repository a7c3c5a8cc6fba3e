"""Words as they are compared: without case, accents and the odd signs of typography, on both sides.

The tables of words are written by it, and so is each text before they are looked for in it.
"""

from __future__ import annotations

import unicodedata

_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "ı": "i", "’": "'", "`": "'", "´": "'", "\u2010": "-", "\u2011": "-"}
)


def plain(text: str) -> str:
    """`text` folded for comparing: lower-case, no accents, each run of white space one blank."""
    folded = text.lower().translate(_STROKES)
    if not folded.isascii():
        # Composed again, because kana and hangul fall apart under NFKD and their voicing marks must stay.
        letters = unicodedata.normalize("NFKD", folded)
        folded = unicodedata.normalize("NFC", "".join(c for c in letters if not "\u0300" <= c <= "\u036f"))
    return " ".join(folded.split())


def phrases(*rows: str) -> tuple[str, ...]:
    """A table of phrases written several to a line with bars between them, folded like the text that they are looked for in."""
    return tuple(plain(phrase) for row in rows for phrase in row.split("|"))


def holds(text: str, wanted: tuple[str, ...]) -> bool:
    """Whether the folded `text` contains one of `wanted`."""
    return any(phrase in text for phrase in wanted)
