"""The words of a reply, without the mail that it answers and without its signature.

A line scanner: it walks down to the first line below which everything is somebody else's (an attribution without marks of quoting, a header
block, our own marker), then peels quotations and signatures off the end of what stands above. What is answered in between quotations
therefore stays with them. Nothing is lost: the whole text stays with the mail, and a reply is never trimmed to nothing.

Closing words ("Cordialement, Jean") and a bare name are the writer's and stay. Bugs: answers written inside an unmarked quotation (in red,
in Outlook) go with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from gateway.mail.inbound import Trimmed
from gateway.mail.trim_lines import (
    Line,
    Strength,
    attribution_at,
    attribution_ending_at,
    header_block_at,
    is_arrowed_name,
    is_forwarded_message,
    is_original_message,
    is_reply_above,
    is_rule,
    is_sent_from,
    plain,
    read_lines,
)
from gateway.mail.trim_tables import DISCLAIMERS

HTML_MARKS: Final = (
    *("gmail_quote", "gmail_attr", "divrplyfwdmsg", "appendonsend", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "zmail_extra"),
    *("olk_src_body_section", "mail-editor-reference-message-container", "outlookmessageheader", 'id="stopspelling"', 'id="zwchr"'),
    *('type="cite"', "type=cite", "gmx_quote", "tutanota_quote"),
)
"""Class names, ids and attributes, lower-case, by which mail programs mark a quotation in HTML."""

_SIGNATURE_LINES: Final = 80
_BARE_SIGNATURE_LINES: Final = 25
_FOOTER_LINES: Final = 60
_FOOTER_RULE: Final = 10
_LIST_FOOTER_LINES: Final = 15
_HITS_WITHOUT_RULE: Final = 3
_WRAPPED: Final = 60
_HTML_AFTER_MARK: Final = 3000
_HTML_WORDS: Final = 12
_INITIALS: Final = re.compile(r"[A-Z]{1,3}>")
_TAG: Final = re.compile(r"<[^<>]{0,1000}>")


@dataclass(slots=True)
class _Peel:
    """How far a text is kept while its end is peeled, and what came off (line ranges, the last first)."""

    end: int
    quoted: list[tuple[int, int]] = field(default_factory=list)
    signature: list[tuple[int, int]] = field(default_factory=list)
    after_quote: bool = False
    bare_dashes: bool = False


def trim(text: str, *, html: str | None = None, own_markers: tuple[str, ...] = ()) -> Trimmed:
    """The reply in `text`. `own_markers` are our own "reply above this line" texts; `html` may show where the quotation begins.

    Takes time in step with the length of `text` and `html`, whatever is in them (CASES F6, A3.14). The reply is never empty unless the text
    is: where all would go, nothing is cut.
    """
    lines = read_lines(text)
    end = _first_quotation(lines, own_markers)
    if end == len(lines) and html is not None and not any(line.quoted for line in lines):
        end = _structural_quotation(lines, html)
    peel = _Peel(end, after_quote=end < len(lines))
    if end < len(lines):
        peel.quoted.append((end, len(lines)))
    _peel(lines, peel, quotations=True)
    if not any(not line.blank for line in lines[: peel.end]):
        return Trimmed(text, "", "")
    attribution = _superfluous_attribution(lines, peel.end)
    if attribution:
        peel.quoted.append(attribution)
    return _cut(lines, peel, attribution)


def trim_signature(text: str) -> Trimmed:
    """The text of a mail that answers nothing: only its "-- " signature and the lines that programs add ("Sent from my iPhone") go."""
    lines = read_lines(text)
    peel = _Peel(len(lines))
    _peel(lines, peel, quotations=False)
    if not any(not line.blank for line in lines[: peel.end]):
        return Trimmed(text, "", "")
    return _cut(lines, peel, None)


def without_signature(text: str) -> str:
    """What `trim_signature` keeps; empty where the text is a signature and nothing else."""
    lines = read_lines(text)
    peel = _Peel(len(lines))
    _peel(lines, peel, quotations=False)
    return "\n".join(line.raw for line in lines[: peel.end]).strip()


def _cut(lines: list[Line], peel: _Peel, without: tuple[int, int] | None) -> Trimmed:
    start, stop = without or (0, 0)
    kept = [line.raw for i, line in enumerate(lines[: peel.end]) if not start <= i < stop]
    return Trimmed("\n".join(kept).strip("\r\n"), _joined(lines, peel.quoted), _joined(lines, peel.signature))


def _joined(lines: list[Line], ranges: list[tuple[int, int]]) -> str:
    return "\n".join(line.raw for start, stop in sorted(ranges) for line in lines[start:stop]).strip("\n")


# --- where an unmarked quotation begins -------------------------------------------------------------------------------------------


def _first_quotation(lines: list[Line], own_markers: tuple[str, ...]) -> int:
    """The first line below which all is quotation although nothing marks it so line by line; the number of lines if there is none.

    A quotation with nothing above it is no answer's: the search ends there without one.
    """
    markers = tuple(plain(marker) for marker in own_markers if marker.strip())
    for i, line in enumerate(lines):
        if not line.body:
            continue
        if markers and _holds_marker(lines, i, markers):
            return i if not line.quoted or _few_quoted(lines, i) else len(lines)
        start = _opens_quotation(lines, i)
        if start is not None:
            return start if any(above.body for above in lines[:start]) else len(lines)
    return len(lines)


def _opens_quotation(lines: list[Line], i: int) -> int | None:
    """Where the unmarked quotation opens that this line shows (separator, attribution, header block), if it shows one."""
    if lines[i].quoted:
        return i if is_arrowed_name(lines[i]) and not _quoted_below(lines, i + 1) else None
    if is_reply_above(lines[i]):
        return i
    if is_original_message(lines[i]) or is_forwarded_message(lines[i]):
        return None if _quoted_below(lines, i + 1) else i
    attribution = attribution_at(lines, i)
    if attribution and attribution.strength is Strength.STRONG:
        return None if _quoted_below(lines, attribution.stop) else attribution.start
    block = header_block_at(lines, i)
    return i if block is not None and (block.evident or (i > 0 and is_rule(lines[i - 1]))) else None


def _quoted_below(lines: list[Line], start: int) -> bool:
    """Whether the next written line is marked as quoted."""
    following = next((line for line in lines[start : start + 6] if line.shown), None)
    return following is not None and following.quoted


def _holds_marker(lines: list[Line], i: int, markers: tuple[str, ...]) -> bool:
    """Whether one of our markers stands on this line, or begins on it and ends on the next one."""
    here = " ".join(lines[i].body.split())
    if any(marker in here for marker in markers):
        return True
    if i + 1 == len(lines) or not lines[i + 1].body:
        return False
    both = f"{here} {' '.join(lines[i + 1].body.split())}"
    return any(0 <= both.find(marker) < len(here) for marker in markers)


def _few_quoted(lines: list[Line], i: int) -> bool:
    """Whether a marker in a quoted line is all that the program marked: then what follows is the quotation, not an answer to it."""
    written = [line for line in lines[i + 1 :] if not line.blank]
    return sum(line.quoted for line in written) * 2 < len(written)


def _structural_quotation(lines: list[Line], html: str) -> int:
    """The line where the first marked quotation of the HTML begins, found again in the text by its first words.

    Asked only where the text itself shows no quotation. Where something is written below the last quotation of the HTML, it may be the
    answer: nothing is cut.
    """
    low = html.lower()
    places = [place for place in (low.find(mark) for mark in HTML_MARKS) if place >= 0]
    last = low.rfind("</blockquote>")
    if not places or (last >= 0 and _words(html[last:])):
        return len(lines)
    words = _words(html[html.find(">", min(places)) + 1 :])[:40]
    if len(words) < _HTML_WORDS:
        return len(lines)
    for i, line in enumerate(lines):
        here = " ".join(line.body.split())[: len(words)]
        if len(here) >= _HTML_WORDS and words.startswith(here):
            return i if any(above.body for above in lines[:i]) else len(lines)
    return len(lines)


def _words(html: str) -> str:
    """The words at the beginning of a piece of HTML."""
    return " ".join(unescape(_TAG.sub(" ", html[:_HTML_AFTER_MARK])).split())


# --- peeling the end --------------------------------------------------------------------------------------------------------------


def _peel(lines: list[Line], peel: _Peel, *, quotations: bool) -> None:
    """Take quotations, signatures and footers off the end until the writer's own words are there."""
    while True:
        while peel.end and lines[peel.end - 1].blank:
            peel.end -= 1
        if not peel.end:
            return
        start = next((at for at in _peelings(lines, peel, quotations=quotations) if at is not None), None)
        if start is None:
            return
        peel.end = start


def _peelings(lines: list[Line], peel: _Peel, *, quotations: bool) -> Iterator[int | None]:
    """Where the next thing to peel begins, one question after the other; None where it is not of that kind."""
    if quotations:
        yield _quotation(lines, peel)
    yield _program_line(lines, peel)
    yield _signature(lines, peel)
    if quotations:
        yield _footer(lines, peel)


def _off(ranges: list[tuple[int, int]], start: int | None, peel: _Peel, *, quote: bool) -> int | None:
    if start is not None:
        ranges.append((start, peel.end))
        peel.after_quote = quote
    return start


def _quotation(lines: list[Line], peel: _Peel) -> int | None:
    """Quoted lines at the end, or what introduces the quotation that was just taken off."""
    last = peel.end - 1
    start: int | None = None
    if lines[last].quoted:
        start = _quoted_run(lines, last)
    elif _INITIALS.match(lines[last].shown) and any(line.quoted for line in lines[max(0, last - 200) : last]):
        start = last
    elif peel.after_quote:
        attribution = attribution_ending_at(lines, last)
        if attribution:
            start = attribution.start
        elif is_original_message(lines[last]) or is_forwarded_message(lines[last]) or is_rule(lines[last]):
            start = last
    return _off(peel.quoted, start, peel, quote=True)


def _quoted_run(lines: list[Line], last: int) -> int:
    """The first line of the quoted lines that end with `last`, with blank lines and lines that a program broke off a quoted one."""
    start = i = last
    while i >= 0 and (lines[i].quoted or lines[i].blank or _broken_off(lines, i)):
        if lines[i].quoted:
            start = i
        i -= 1
    return start


def _broken_off(lines: list[Line], i: int) -> bool:
    return 0 < i < len(lines) - 1 and lines[i - 1].quoted and lines[i + 1].quoted and len(lines[i - 1].shown) >= _WRAPPED


def _program_line(lines: list[Line], peel: _Peel) -> int | None:
    last = peel.end - 1
    return _off(peel.signature, last if is_sent_from(lines[last]) else None, peel, quote=peel.after_quote)


def _signature(lines: list[Line], peel: _Peel) -> int | None:
    """A "-- " line (RFC 3676 §4.3) with what follows it; a bare "--" once, and only above few lines."""
    written = 0
    for i in range(peel.end - 1, max(-1, peel.end - 1 - _SIGNATURE_LINES), -1):
        line = lines[i]
        if line.quoted:
            return None
        if line.shown in {"--", "-- "}:
            bare = line.raw.rstrip("\r") != "-- "
            if bare and (peel.bare_dashes or written > _BARE_SIGNATURE_LINES):
                return None
            peel.bare_dashes = peel.bare_dashes or bare
            return _off(peel.signature, i, peel, quote=peel.after_quote)
        written += not line.blank
    return None


def _footer(lines: list[Line], peel: _Peel) -> int | None:
    """A legal text or a list's footer at the end: below a rule, or a last paragraph that speaks of nothing else."""
    hits: set[str] = set()
    paragraph_done = False
    for i in range(peel.end - 1, max(-1, peel.end - 1 - _FOOTER_LINES), -1):
        line = lines[i]
        if line.quoted:
            return None
        if is_rule(line) and i + 1 < peel.end:
            wide = len(line.shown) >= _FOOTER_RULE
            listed = wide and line.shown.startswith("__") and peel.end - i <= _LIST_FOOTER_LINES
            found = listed or len(hits) >= (1 if wide and line.shown.startswith(("**", "__")) else 2)
            return _off(peel.signature, i if found else None, peel, quote=peel.after_quote)
        if line.blank and not paragraph_done:
            if len(hits) >= _HITS_WITHOUT_RULE:
                return _off(peel.signature, i + 1, peel, quote=peel.after_quote)
            paragraph_done = True
        folded = line.shown.casefold()
        hits |= {word for word in DISCLAIMERS if word in folded}
    return None


def _superfluous_attribution(lines: list[Line], end: int) -> tuple[int, int] | None:
    """The first attribution above a quotation that is answered in between: the quotation says enough."""
    for i in range(end):
        if lines[i].quoted:
            return None
        if not lines[i].body:
            continue
        attribution = attribution_at(lines, i)
        if attribution and attribution.stop <= end and attribution.strength is Strength.STRONG and _quoted_below(lines, attribution.stop):
            return attribution.start, attribution.stop
    return None
