"""Peeling the end of a reply: quotations, signatures and legal texts come off from below until the writer's own words are there.

What is found from the end needs no language: a quotation is what is marked, a signature is what stands below "-- " (RFC 3676 §4.3), and a
legal text or a visiting card must both be set apart and look like one. Each thing that comes off says how sure it is.

Bugs: a visiting card without a rule, a delimiter or closing words above it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gateway.mail.words.trim_lines import Line, attribution_ending_at
from gateway.mail.words.trim_marks import (
    is_added,
    is_closing,
    is_contact,
    is_formal,
    is_forwarded_message,
    is_original_message,
    is_postscript,
    is_rule,
    is_sent_from,
    is_signed,
    is_thanks,
    is_titled_rule,
)
from gateway.mail.words.trim_signed import DISCLAIMERS

SURE_MARKED: Final = 0.95
"""Each line of it says that it is quoted."""
SURE_DELIMITED: Final = 0.95
"""Below "-- ": RFC 3676 says what that is."""
SURE_PROGRAM: Final = 0.9
"""A program's own line, with a device or a program in it."""
SURE_BARE: Final = 0.7
"""Below "--" without the blank: people also write that above what they add."""
SURE_FOOTER: Final = 0.7
"""A legal text is known by its words, and somebody may have something to say about such a text."""
SURE_CARD: Final = 0.7
"""A visiting card may also be somebody else's, who is to be called."""

_MOST_PEELINGS: Final = 300
_SIGNATURE_LINES: Final = 80
_BARE_SIGNATURE_LINES: Final = 25
_FOOTER_LINES: Final = 60
_FOOTER_RULE: Final = 10
_DRAWN_RULE: Final = 60  # nobody types so many: a gateway drew it
_FRAME_RULE: Final = 30
_FRAME_LINES: Final = 40
_LIST_FOOTER_LINES: Final = 15
_HITS_WITHOUT_RULE: Final = 3
_LEGAL_LENGTH: Final = 100  # lawyers need more words than somebody who tells of their text
_CARD_LINES: Final = 20
_CARD_CONTACTS: Final = 2
_CARD_LEAST: Final = 3  # one or two numbers are typed by hand: call me there
_WRAPPED: Final = 60
_INITIALS: Final = re.compile(r"[A-Z]{1,3}>")


@dataclass(slots=True)
class Peel:
    """How far a text is kept while its end is peeled, and what came off (line ranges, the last first)."""

    end: int
    quoted: list[tuple[int, int]] = field(default_factory=list)
    signature: list[tuple[int, int]] = field(default_factory=list)
    after_quote: bool = False
    bare_dashes: bool = False
    confidence: float = 1.0

    def take(self, start: int, *, sure: float, quote: bool) -> None:
        """Take all from line `start` on off the end."""
        (self.quoted if quote else self.signature).append((start, self.end))
        self.end, self.confidence = start, min(self.confidence, sure)
        self.after_quote = self.after_quote or quote


def peel_end(lines: list[Line], peel: Peel, *, quotations: bool) -> None:
    """Take quotations, signatures and footers off the end until the writer's own words are there, or a text made to have no end."""
    for _ in range(_MOST_PEELINGS):
        while peel.end and lines[peel.end - 1].blank:
            peel.end -= 1
        if not peel.end or not any(_peelings(lines, peel, quotations=quotations)):
            return


def _peelings(lines: list[Line], peel: Peel, *, quotations: bool) -> Iterator[bool]:
    """Whether something came off, one question after the other."""
    if quotations:
        yield _quotation(lines, peel)
    yield _program_line(lines, peel)
    yield _signature(lines, peel)
    if quotations:
        yield _footer(lines, peel)
        yield _card(lines, peel)


def _quotation(lines: list[Line], peel: Peel) -> bool:
    """Quoted lines at the end, or what introduces the quotation that was just taken off."""
    last = peel.end - 1
    start: int | None = None
    if lines[last].quoted:
        start = None if _compares(lines, last) else _quoted_run(lines, last)
    elif _INITIALS.match(lines[last].shown) and any(line.quoted for line in lines[max(0, last - 200) : last]):
        start = last
    elif peel.after_quote:
        attribution = attribution_ending_at(lines, last)
        if attribution:
            start = attribution.start
        elif any(asked(lines[last]) for asked in (is_original_message, is_forwarded_message, is_rule, is_titled_rule)):
            start = last
    if start is None:
        return False
    peel.take(start, sure=SURE_MARKED, quote=True)
    return True


def _quoted_run(lines: list[Line], last: int) -> int:
    """The first line of the quoted lines that end with `last`, with blank lines and lines that a program broke off a quoted one."""
    start = i = last
    while i >= 0 and (lines[i].quoted or lines[i].blank or _broken_off(lines, i)):
        if lines[i].quoted:
            start = i
        i -= 1
    return start


def _compares(lines: list[Line], i: int) -> bool:
    """Whether the mark of this one line is a sign ("> 5 bar is too much"): it stands directly below words that announce nothing."""
    above = lines[i - 1] if i else None
    if above is None or above.blank or above.quoted or above.shown.endswith(":"):
        return False
    return lines[i].shown[1:2] not in {" ", ">", ""} or lines[i].body[:1].isdigit()


def _broken_off(lines: list[Line], i: int) -> bool:
    return 0 < i < len(lines) - 1 and lines[i - 1].quoted and lines[i + 1].quoted and len(lines[i - 1].shown) >= _WRAPPED


def _program_line(lines: list[Line], peel: Peel) -> bool:
    """A program's own line, or a rule with nothing below it, which holds no word."""
    last = peel.end - 1
    apart = last > 0 and (lines[last - 1].blank or is_rule(lines[last - 1]))
    written = is_sent_from(lines[last]) or (apart and is_added(lines[last]))
    if not ((written and not _announced(lines, last)) or (last and lines[last - 1].blank and is_rule(lines[last]))):
        return False
    peel.take(last, sure=SURE_PROGRAM, quote=False)
    return True


def _signature(lines: list[Line], peel: Peel) -> bool:
    """A "-- " line (RFC 3676 §4.3) with what follows it; a bare "--" once, and only above few lines."""
    written = 0
    for i in range(peel.end - 1, max(-1, peel.end - 1 - _SIGNATURE_LINES), -1):
        line = lines[i]
        if line.quoted or is_postscript(line):
            return False
        if line.shown in {"--", "-- "}:
            bare = line.raw.rstrip("\r") != "-- "
            if bare and (peel.bare_dashes or written > _BARE_SIGNATURE_LINES):
                return False
            peel.bare_dashes = peel.bare_dashes or bare
            peel.take(i, sure=SURE_BARE if bare else SURE_DELIMITED, quote=False)
            return True
        written += not line.blank
    return False


def _footer(lines: list[Line], peel: Peel) -> bool:
    """A legal text or a list's footer at the end: below a rule, or a last paragraph that speaks of nothing else."""
    hits: set[str] = set()
    contacts = 0
    paragraph_done = lines[peel.end - 1].shown.endswith("?")  # a question about such a text is none
    for i in range(peel.end - 1, max(-1, peel.end - 1 - _FOOTER_LINES), -1):
        line = lines[i]
        if line.quoted or is_postscript(line):
            return False
        if is_rule(line) and i + 1 < peel.end:
            close = not lines[i + 1].blank or contacts > 0
            if not _opens_footer(line, peel.end - i, len(hits), close=close):
                return False
            peel.take(i, sure=SURE_FOOTER, quote=False)
            return True
        if line.blank and not paragraph_done:
            if len(hits) >= _HITS_WITHOUT_RULE and sum(len(below.raw) for below in lines[i + 1 : peel.end]) >= _LEGAL_LENGTH:
                peel.take(i + 1, sure=SURE_FOOTER, quote=False)
                return True
            paragraph_done = True
        hits |= _legal_words(line)
        contacts += is_contact(line)
    return False


def _opens_footer(rule: Line, length: int, hits: int, *, close: bool) -> bool:
    """Whether a rule with so many lines and legal words below it begins a footer.

    A list's stands `close` below its rule or names the list's address; a new part of a text has a blank line and no address.
    """
    wide = len(rule.shown) >= _FOOTER_RULE
    if wide and rule.shown.startswith("__") and length <= _LIST_FOOTER_LINES and close:
        return True
    drawn = len(rule.shown) >= _DRAWN_RULE or (wide and rule.shown.startswith(("**", "__")))
    return hits >= (1 if drawn else 2)


def _legal_words(line: Line) -> set[str]:
    folded = line.shown.casefold()
    return {word for word in DISCLAIMERS if word in folded}


def _card(lines: list[Line], peel: Peel) -> bool:
    """A visiting card at the end: short lines, some of them ways to reach a person, below a rule or below words of thanks and a name.

    Below closing words that say nothing ("Cordialement,") any short lines are one, and the closing words go with them.
    """
    contacts = written = 0
    signed: list[int] = []
    for i in range(peel.end - 1, max(-1, peel.end - 1 - _CARD_LINES), -1):
        line = lines[i]
        if line.blank:
            continue
        enough = contacts >= _CARD_CONTACTS and contacts * 3 >= written >= _CARD_LEAST
        if enough and is_rule(line) and not _announced(lines, i):
            peel.take(i, sure=SURE_CARD, quote=False)
            return True
        if is_closing(line) and not is_thanks(line):
            start = _sentence_start(lines, i)
            if signed and start is not None:
                peel.take(start, sure=SURE_CARD, quote=False)
            return bool(signed) and start is not None
        if is_thanks(line):
            if not enough or written == _CARD_LEAST or is_contact(lines[signed[-1]]):
                return False
            peel.take(signed[-2], sure=SURE_CARD, quote=False)
            return True
        contact = is_contact(line)
        if not (contact or is_signed(line)):
            return False
        signed.append(i)
        contacts, written = contacts + contact, written + 1
    return False


def _sentence_start(lines: list[Line], i: int) -> int | None:
    """Where the closing words of line `i` begin: on a formal sentence's first line, or there; None where they end another sentence."""
    above = lines[i - 1] if i else None
    if above is None or above.blank or not lines[i].shown[:1].islower():
        return i
    return i - 1 if is_formal(above) else None if len(above.shown) >= _WRAPPED else i


def _announced(lines: list[Line], i: int) -> bool:
    """Whether the last words above line `i` announce what follows it ("Call this person:")."""
    above = next((line for line in reversed(lines[max(0, i - 3) : i]) if not line.blank), None)
    return above is not None and above.shown.endswith(":")


def framed_texts(lines: list[Line], end: int) -> list[tuple[int, int]]:
    """Legal texts above line `end` that stand between two wide rules of one kind, whatever follows them."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    hits: set[str] = set()
    for i, line in enumerate(lines[:end]):
        if is_rule(line) and len(line.shown) >= _FRAME_RULE:
            same = opened is not None and lines[opened].shown[0] == line.shown[0] and i - opened <= _FRAME_LINES
            if opened is not None and same and len(hits) > 1 and any(not above.blank for above in lines[:opened]):
                found.append((opened, i + 1))
                opened = None
            else:
                opened = i
            hits.clear()
        elif opened is not None:
            hits |= _legal_words(line)
    return found
