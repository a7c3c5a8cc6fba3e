"""The words of a reply, without the mail that it answers and without its signature.

A line scanner: it walks down to the first line below which everything is somebody else's (an attribution without marks of quoting, a header
block, our own marker), then peels quotations and signatures off the end of what stands above. What is answered in between quotations
therefore stays with them. Nothing is lost: the whole text stays with the mail, and a reply is never trimmed to nothing.

Thanks and a bare name are the writer's and stay; "Cordialement, Jean" is a signature, which is kept beside the words. Bugs: answers
written inside an unmarked quotation (in red, in Outlook) go with it, unless the writer says above that he answers below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.mail.inbound import Trimmed
from gateway.mail.words.trim_html import letters_in, letters_of, quotation_letters, signature_letters
from gateway.mail.words.trim_lines import LOOK, Line, Strength, attribution_at, header_block_at, plain, read_lines, searched
from gateway.mail.words.trim_marks import (
    date_of_original,
    is_arrowed_name,
    is_bare_reply_above,
    is_forwarded_message,
    is_original_message,
    is_previous_replies,
    is_reply_above,
    is_rule,
    is_titled_rule,
    run_together,
)
from gateway.mail.words.trim_tables import ANSWERS_BELOW
from gateway.mail.words.trim_tail import Peel, framed_texts, peel_end

LEAST_CONFIDENCE: Final = 0.5
"""Below this nothing is cut: what is shown too much is skipped, what is hidden is not missed."""

# How sure each beginning of an unmarked quotation is, and why.
_OUR_MARKER: Final = 1.0  # we wrote it
_DESK_MARKER: Final = 0.95  # a program wrote it, for this purpose
_SEPARATOR: Final = 0.9  # a program wrote it, but people copy whole mails
_ATTRIBUTION: Final = 0.9
_HEADERS: Final = 0.9
_HEADERS_BELOW_RULE: Final = 0.7  # two labels are also two lines of a form
_HTML: Final = 0.8  # found again by its words
_HTML_SIGNATURE: Final = 0.95  # all its words, and nothing but them
_FRAMED: Final = 0.7
_ANSWERED_WITHIN: Final = 0.3  # the writer says so, and nothing shows where
_HTML_LETTERS: Final = 12
_LONGEST_INTRODUCTION: Final = 4


@dataclass(frozen=True, slots=True)
class _Opening:
    """An unmarked quotation begins on line `start`."""

    start: int
    sure: float


def trim(text: str, *, html: str | None = None, own_markers: tuple[str, ...] = ()) -> Trimmed:
    """The reply in `text`. `own_markers` are our own "reply above this line" texts; `html` may show where quotation and signature begin.

    Takes time in step with the length of `text` and `html`, whatever is in them (CASES F6, A3.14). The reply is never empty unless the text
    is: where all would go, or where it is not sure enough that it is somebody else's, nothing is cut.
    """
    lines = read_lines(text)
    opening = _first_quotation(lines, own_markers)
    if opening is None and html is not None and not any(line.quoted for line in lines):
        opening = _structural_quotation(lines, html)
        opening = opening if opening and any(above.body for above in lines[: opening.start]) else None
    peel = Peel(len(lines))
    if opening:
        peel.take(opening.start, sure=opening.sure, quote=True)
        if _answers_below(lines[: opening.start]):
            peel.confidence = _ANSWERED_WITHIN
    peel_end(lines, peel, quotations=True)
    if html is not None and opening is None and peel.after_quote:
        _introduction(lines, peel, html)
    _marked_signature(lines, peel, html, quotations=True)
    attribution = _superfluous_attribution(lines, peel.end)
    return _cut(text, lines, peel, attribution, framed_texts(lines, peel.end))


def trim_signature(text: str, *, html: str | None = None) -> Trimmed:
    """The text of a mail that answers nothing: only its signature and the lines that programs add ("Sent from my iPhone") go.

    A signature is what stands below "-- " or what `html` marks as one.
    """
    lines = read_lines(text)
    peel = Peel(len(lines))
    peel_end(lines, peel, quotations=False)
    _marked_signature(lines, peel, html, quotations=False)
    return _cut(text, lines, peel, None, [])


def without_signature(text: str) -> str:
    """What `trim_signature` keeps; empty where the text is a signature and nothing else."""
    lines = read_lines(text)
    peel = Peel(len(lines))
    peel_end(lines, peel, quotations=False)
    return "\n".join(line.raw for line in lines[: peel.end]).strip()


def names_a_reply(text: str) -> bool:
    """Whether a help desk's or a forum's own separator stands in the text with something above it: only answers to them have that.

    Such a program's own mail begins with it.
    """
    lines = read_lines(text)
    marked = (i for i, line in enumerate(lines) if line.body and not line.quoted and _desk_separator(lines, i))
    first = next(marked, None)
    return first is not None and any(line.body and not is_rule(line) for line in lines[:first])


def _cut(text: str, lines: list[Line], peel: Peel, attribution: tuple[int, int] | None, frames: list[tuple[int, int]]) -> Trimmed:
    if attribution:
        peel.quoted.append(attribution)
    if frames:
        peel.signature += frames
        peel.confidence = min(peel.confidence, _FRAMED)
    gone = {i for start, stop in (*([attribution] if attribution else []), *frames) for i in range(start, stop)}
    kept = [line for i, line in enumerate(lines[: peel.end]) if i not in gone]
    if peel.confidence < LEAST_CONFIDENCE or all(line.blank for line in kept):
        return Trimmed(text, "", "", peel.confidence)
    reply = "\n".join(line.raw for line in kept).strip("\r\n")
    return Trimmed(reply, _joined(lines, peel.quoted), _joined(lines, peel.signature), peel.confidence)


def _joined(lines: list[Line], ranges: list[tuple[int, int]]) -> str:
    return "\n".join(line.raw for start, stop in sorted(ranges) for line in lines[start:stop]).strip("\n")


def _answers_below(lines: list[Line]) -> bool:
    """Whether the writer says here that his answers stand in what he quotes."""
    for line in lines:
        words = f" {' '.join(line.shown.casefold().translate(_NO_WORDS).split())} " if not line.quoted else ""
        if any(f" {phrase} " in words for phrase in ANSWERS_BELOW):
            return True
    return False


_NO_WORDS: Final = str.maketrans(dict.fromkeys('.,;:!?()[]*_"«»', " "))


# --- where an unmarked quotation begins -------------------------------------------------------------------------------------------


def _first_quotation(lines: list[Line], own_markers: tuple[str, ...]) -> _Opening | None:
    """The first line below which all is quotation although nothing marks it so line by line; far down none is looked for.

    A quotation with nothing above it is no answer's: the search ends there without one.
    """
    markers = tuple(plain(marker) for marker in own_markers if marker.strip())
    for i, line in enumerate(lines[: searched(lines)]):
        if not line.body:
            continue
        if markers and _holds_marker(lines, i, markers):
            return _Opening(i, _OUR_MARKER) if not line.quoted or _few_quoted(lines, i) else None
        opening = next((one for one in _openings(lines, i) if one is not None), None)
        if opening is not None:
            return opening if any(above.body for above in lines[: opening.start]) else None
    return None


def _openings(lines: list[Line], i: int) -> Iterator[_Opening | None]:
    """The unmarked quotation that this line shows (separator, attribution, header block), one question after the other."""
    line = lines[i]
    if line.quoted:
        yield _Opening(i, _SEPARATOR) if is_arrowed_name(line) and not _quoted_below(lines, i + 1) else None
        yield _Opening(i, _SEPARATOR) if date_of_original(line) and _marks_headers_only(lines, i + 1) else None
        return
    yield _desk_separator(lines, i)
    if is_original_message(line) or is_forwarded_message(line):
        yield None if _quoted_below(lines, i + 1) else _Opening(i, _SEPARATOR)
        return
    yield _Opening(i, _SEPARATOR) if run_together(line) else None
    attribution = attribution_at(lines, i)
    if attribution and attribution.strength is Strength.STRONG:
        yield None if _quoted_below(lines, attribution.stop) else _Opening(attribution.start, _ATTRIBUTION)
        return
    block = header_block_at(lines, i)
    if block is not None:
        ruled = i > 0 and (is_rule(lines[i - 1]) or is_titled_rule(lines[i - 1]))
        yield _Opening(i, _HEADERS) if block.evident else _Opening(i, _HEADERS_BELOW_RULE) if ruled else None


def _desk_separator(lines: list[Line], i: int) -> _Opening | None:
    """A line by which another help desk or a forum cuts answers: "reply above this line", framed or below a rule, or "Previous replies"."""
    if is_reply_above(lines[i]):
        return _Opening(i, _DESK_MARKER)
    ruled = i > 0 and is_rule(lines[i - 1]) and (is_previous_replies(lines[i]) or is_bare_reply_above(lines[i]))
    return _Opening(i, _DESK_MARKER) if ruled else None


def _quoted_below(lines: list[Line], start: int) -> bool:
    """Whether the next written line is marked as quoted."""
    following = next((line for line in lines[start : start + 6] if line.shown), None)
    return following is not None and following.quoted


def _marks_headers_only(lines: list[Line], start: int) -> bool:
    """Whether a header block begins here, and what stands below it is not marked as quoted although the block is."""
    block = header_block_at(lines, start) if start < len(lines) and lines[start].quoted else None
    if block is None:
        return False
    below = next((line for line in lines[block.stop : block.stop + 6] if line.body), None)
    return below is not None and not below.quoted


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


def _structural_quotation(lines: list[Line], html: str) -> _Opening | None:
    """The line where the first marked quotation of the HTML begins, found again in the text by its first letters.

    Asked only where the text itself does not show where its quotation begins.
    """
    letters = quotation_letters(html)
    if len(letters) < _HTML_LETTERS:
        return None
    for i, line in enumerate(lines):
        here = letters_in(line.body)
        if 0 < len(here) < _HTML_LETTERS:  # a name or a label, and its value on the next line
            here += "".join(letters_in(below.body) for below in lines[i + 1 : i + 3])
        here = here[: len(letters)]
        if len(here) >= _HTML_LETTERS and letters.startswith(here):
            return _Opening(i, _HTML)
    return None


def _introduction(lines: list[Line], peel: Peel, html: str) -> None:
    """Take off what the HTML marks as part of the quotation above its marked lines: an attribution in words that no table has."""
    begin = max(0, peel.end - _LONGEST_INTRODUCTION)
    opening = _structural_quotation(lines[begin : peel.end], html)
    if opening and any(line.body for line in lines[: begin + opening.start]):
        peel.take(begin + opening.start, sure=opening.sure, quote=True)
        peel_end(lines, peel, quotations=True)


def _marked_signature(lines: list[Line], peel: Peel, html: str | None, *, quotations: bool) -> None:
    """Take off the signature that the HTML marks as one, where what is left of the text ends with exactly its words."""
    letters = signature_letters(html) if html is not None else ""
    if not letters:
        return
    tail = ""
    for i in range(peel.end - 1, -1, -1):
        tail = letters_of(lines[i].raw[:LOOK]) + tail
        if len(tail) >= len(letters) or lines[i].long or lines[i].quoted:
            if tail == letters and not lines[i].quoted:
                peel.take(i, sure=_HTML_SIGNATURE, quote=False)
                peel_end(lines, peel, quotations=quotations)
            return


def _superfluous_attribution(lines: list[Line], end: int) -> tuple[int, int] | None:
    """The first attribution above a quotation that is answered in between: the quotation says enough."""
    for i in range(min(end, searched(lines))):
        if lines[i].quoted:
            return None
        if not lines[i].body:
            continue
        attribution = attribution_at(lines, i)
        if attribution and attribution.stop <= end and attribution.strength is Strength.STRONG and _quoted_below(lines, attribution.stop):
            return attribution.start, attribution.stop
    return None
