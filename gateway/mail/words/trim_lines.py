"""What the lines of a mail are: quoted, an attribution ("On <date>, <name> wrote:"), or the headers of a quoted mail.

The scanner of `trim` and `forward` asks these questions line by line. A question looks at no more than LOOK characters of a line and at no
more than a fixed number of lines around it, so that a whole mail costs time in step with its length whatever is in it (CASES F6, A3.14).

Bugs: a language without a row in `trim_tables` is seen only where the line has the shape "date, time, <address>:". A quotation
without marks that begins below SEARCHED_LINES lines or SEARCHED_CHARACTERS characters is not found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from gateway.mail.words.trim_tables import HEADER_LABELS, LEADS, QUOTING, WROTE, WROTE_BEFORE_NAME, WROTE_TO_HIM, HeaderKind

LOOK: Final = 400
"""Characters of a line that are looked at; an attribution over several lines may not be longer than this either."""
MOST_LINES: Final = 40_000
"""Lines that are read; the rest of a text, which has half a million characters at the most, is one line and is not looked at."""
SEARCHED_LINES: Final = 5000
SEARCHED_CHARACTERS: Final = 65_536
"""How far down a quotation may begin: to ask whether it does may cost 0.1 ms a line and 0.01 ms a character."""

_INVISIBLE: Final = {
    **dict.fromkeys((0xA0, 0x202F, 0x2007, 0x2009, 0x3000), " "),
    **dict.fromkeys(
        (
            0x200B,
            0x200C,
            0x200D,
            0x200E,
            0x200F,
            0xFEFF,
            0xAD,
            0x1427,
            *range(0x2060, 0x2065),
            *range(0x202A, 0x202F),
            *range(0x2066, 0x206A),
        )
    ),
    0x2019: "'",
    **dict.fromkeys((0x2010, 0x2011), "-"),
    0xFF1A: ":",
    0xFF1E: ">",
}
"""Other spaces, marks that no reader sees, and the typographic twins of characters that rules ask for."""


class Strength(IntEnum):
    """How sure it is that a line introduces a quotation."""

    WEAK = 1
    """A verb and a colon: only with quoted lines below it."""
    STRONG = 2
    """Date and time, or an address beside them: also where the quotation has no marks."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as written (`raw`), and its beginning without invisible characters: `shown` with and `body` without marks of quoting."""

    raw: str
    shown: str
    body: str
    quoted: bool
    blank: bool
    long: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """Lines `start` to `stop` (not included) say who wrote what follows."""

    start: int
    stop: int
    strength: Strength


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """Lines `start` to `stop` (not included) are headers of a quoted mail; `fields` has the first value of each kind."""

    start: int
    stop: int
    fields: dict[HeaderKind, str]
    evident: bool
    """True when it can only be a mail's header, whatever stands above it."""


def plain(text: str) -> str:
    """A short text as lines are compared: without invisible characters, single spaces, straight apostrophes."""
    return " ".join(text.translate(_INVISIBLE).split())


def read_lines(text: str) -> list[Line]:
    """All lines of a text, looked at once; what stands below the first MOST_LINES is one line."""
    lines: list[Line] = []
    raws = text.split("\n", MOST_LINES)
    for raw in raws[:MOST_LINES]:
        line = _read_line(raw)
        # "<a@b.c" at the end of a line: the mark that begins the next one closes the address and quotes nothing.
        if line.quoted and lines and not lines[-1].quoted and lines[-1].shown.rfind("<") > lines[-1].shown.rfind(">"):
            line = Line(raw, line.shown, line.shown, quoted=False, blank=False, long=line.long)
        lines.append(line)
    return lines + [_unread(rest) for rest in raws[MOST_LINES:]]


def searched(lines: list[Line]) -> int:
    """How many lines, from the top, are searched for the beginning of a quotation."""
    room = SEARCHED_CHARACTERS
    for i, line in enumerate(lines[:SEARCHED_LINES]):
        room -= len(line.raw)
        if room < 0:
            return i + 1
    return min(len(lines), SEARCHED_LINES)


def _read_line(raw: str) -> Line:
    long = len(raw) > LOOK
    shown = raw[:LOOK].translate(_INVISIBLE).strip()
    body = shown.lstrip("> \t")
    blank = not shown and not (long and raw.strip())
    return Line(raw, shown, body, shown.startswith(">"), blank, long)


def _unread(rest: str) -> Line:
    """All that is not looked at, as a line that neither a quotation nor a signature swallows from below."""
    shown = rest[:LOOK].strip()
    return Line(rest, shown, shown, quoted=False, blank=not rest.strip(), long=True)


# --- attributions -----------------------------------------------------------------------------------------------------------------

_MOST_LINES = 7
_MOST_PIECES = 4
_LONGEST_NAME = 80


_NAME_ADDRESS: Final = re.compile(r"<[^<>\s]{1,120}@[^<>]{1,120}>+ ?$")
_ENDS_WITH_ADDRESS: Final = re.compile(r"@[^\s<>@]{1,120} ?[>)\]]{1,2} ?:$")
TIME: Final = re.compile(r"(?<!\d)\d{1,2} ?[:.h] ?[0-5]\d(?!\d)|\d[時点시时點] ?\d?|(?<!\d)\d{1,2} ?[ap]\.?m\b")
DATE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,4}[./-] ?\d{1,2}[./-] ?\d{2,4}(?!\d)|\d[年년月월]")
_SOME_DAY: Final = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_GMAIL_BARE: Final = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d gmt[+-]\d{1,2}:\d\d [^:@<>]{1,80}$")
_OPENING: Final = re.compile(r"[^\d<@]{0,60}[\d<@]")
_SENTENCE_END: Final = re.compile(r"[^\W\d_]{6,30}\.$|[!?;]$")


def attribution_at(lines: list[Line], start: int) -> Attribution | None:
    """The attribution that begins on line `start`, over up to four written lines and one blank one ("On …, Jess" and "<a@b> wrote:")."""
    first = lines[start]
    if first.long or not (_OPENING.match(first.body) or first.body.casefold().startswith(QUOTING)):
        return _nameless(lines, start)
    joined, pieces, blanks = "", 0, 0
    for i in range(start, min(start + _MOST_LINES, len(lines))):
        line = lines[i]
        if not line.body and (line.blank or line.quoted == first.quoted):
            blanks += 1
            if blanks > 1:
                break
            continue
        piece = line.body if line.quoted == first.quoted else line.shown
        if line.long or pieces == _MOST_PIECES or (pieces and _goes_no_further(joined, piece)):
            break
        joined, pieces = f"{joined} {piece}" if joined else piece, pieces + 1
        if len(joined) > LOOK:
            break
        strength = _weigh(joined.casefold(), alone=i + 1 == len(lines) or not lines[i + 1].body)
        if strength:
            return Attribution(start - _has_name_above(lines, start), i + 1, strength)
    return None


def _has_name_above(lines: list[Line], start: int) -> bool:
    """Whether the line above is the name that belongs to the address which this line begins with."""
    if not start or lines[start].body[:1] not in {"<", "在", "於", "于"}:
        return False
    above = lines[start - 1]
    return (
        bool(above.body)
        and not above.long
        and above.quoted == lines[start].quoted
        and len(above.body) < _LONGEST_NAME
        and above.body[-1] not in ".!?:"
    )


def _nameless(lines: list[Line], start: int) -> Attribution | None:
    """A line of a verb and no date: "Bob wrote:"; between dashes a program drew it, "---- Bob wrote ----"."""
    line = lines[start]
    dashed = line.body.startswith("---") and line.body.endswith("---")
    if line.long or not (dashed or line.body.endswith(":")) or _before_verb(line.body.strip("- ").casefold()) is None:
        return None
    if dashed:
        return Attribution(start, start + 1, Strength.STRONG)
    return Attribution(start, start + 1, Strength.WEAK)


def _before_verb(text: str) -> str | None:
    """What stands before the verb at the end of the text; None where no verb stands there as a word, or nothing before it."""
    text = text.rstrip(": .")
    if not text.endswith(WROTE):
        return None
    verb = max((w for w in WROTE if text.endswith(w)), key=len)
    rest = text[: -len(verb)]
    return rest if rest and not (rest[-1].isalpha() and verb[0].isascii()) else None


def _goes_no_further(joined: str, piece: str) -> bool:
    """Whether what is joined so far cannot go on with this line: it is no beginning of an attribution, or another one begins here."""
    folded, word = joined.casefold(), piece.split(" ", 1)[0].casefold()
    dated = DATE.search(folded) is not None
    if not (dated or "@" in joined or "<" in joined or folded.startswith(QUOTING) or folded.split(" ", 1)[0] in LEADS):
        return True
    begins_anew = (word in LEADS and not joined.endswith(">")) or (dated and DATE.search(piece.casefold()) is not None)
    return begins_anew or _SENTENCE_END.search(joined) is not None


def _weigh(text: str, *, alone: bool) -> Strength | None:
    """How sure it is that this text, case-folded, is an attribution."""
    dashed = text.startswith("---") and text.endswith("--")
    text = text.strip(" -–—*_")
    colon = dashed or text.endswith(":")
    before = _before_verb(text)
    if before is None and colon and text.rstrip(": .").endswith(WROTE_TO_HIM):
        return Strength.WEAK
    if before is None and not colon:
        return Strength.STRONG if alone and _GMAIL_BARE.match(text) else None
    date, time, address = DATE.search(text) is not None, TIME.search(text) is not None, "@" in text
    if before is not None or any(f" {verb} " in text for verb in WROTE_BEFORE_NAME):
        dated = (date and time) or (address and (date or time or _SOME_DAY.search(text) is not None))
        if (dated and (colon or (address and date and time))) or (before is not None and _NAME_ADDRESS.search(before)):
            return Strength.STRONG
        return Strength.WEAK if colon and before is not None else None
    if ((date and time) or text.startswith(QUOTING)) and _ENDS_WITH_ADDRESS.search(text):
        return Strength.STRONG
    return Strength.WEAK if address and (date or time) else None  # a verb of a language that has no row


def attribution_ending_at(lines: list[Line], last: int) -> Attribution | None:
    """The attribution whose last line is `last`: the longest that is strong, else one line that is weak."""
    found: Attribution | None = None
    for start in range(last, max(last - _MOST_LINES, -1), -1):
        if not lines[start].body:
            continue
        here = attribution_at(lines, start)
        if here and here.stop == last + 1 and (found is None or here.strength is Strength.STRONG):
            found = here
    return found


# --- headers of a quoted mail -----------------------------------------------------------------------------------------------------

_MOST_HEADER_LINES = 24
_MOST_CONTINUED = 4
_MARKUP: Final = "*_ \t"


def header_of(line: Line) -> tuple[HeaderKind, str] | None:
    """Which header a line is ("*Envoyé :* …"), and its value."""
    label, colon, value = line.body[:LOOK].partition(":")
    if not colon or len(label) > 32:
        return None
    kind = HEADER_LABELS.get(label.strip(_MARKUP).casefold())
    return (kind, value.strip(_MARKUP)) if kind else None


def header_block_at(lines: list[Line], start: int) -> HeaderBlock | None:
    """The header block that begins on line `start`: From with a date or a subject; values may be wrapped, blank lines stand between."""
    if header_of(lines[start]) is None:
        return None
    fields: dict[HeaderKind, str] = {}
    kind: HeaderKind = "other"
    stacked = False  # labels on lines of their own, with the values below them
    stop = i = start
    while i < min(start + _MOST_HEADER_LINES, len(lines)):
        header = header_of(lines[i])
        if header is None:
            following = _next_header(lines, i)
            if following is None or ("from" in fields and len(fields) >= 3 and not lines[i].body):
                stop += stacked and i == stop and not fields[kind] and bool(lines[i].body)
                break
            stacked = stacked or not fields[kind]
            more = " ".join(line.body for line in lines[i:following] if line.body)
            fields[kind] = f"{fields[kind]} {more}".strip()
            i = following
            continue
        kind, value = header
        if kind in fields and kind in {"from", "date", "subject"}:
            break
        fields.setdefault(kind, value)
        i += 1
        stop = i
    return _weigh_block(lines, start, stop, fields)


def _next_header(lines: list[Line], i: int) -> int | None:
    """The next line with a header, if what stands between can be a continued value or up to two blank lines."""
    blanks = 0
    for k in range(i, min(i + _MOST_CONTINUED, len(lines))):
        if header_of(lines[k]):
            return k
        blanks += not lines[k].body
        if blanks > 2:
            return None
    return None


def _weigh_block(lines: list[Line], start: int, stop: int, fields: dict[HeaderKind, str]) -> HeaderBlock | None:
    if "from" not in fields or not ({"date", "subject"} & fields.keys()):
        return None
    starred = lines[start].body[:1] in {"*", "_"}
    address = any("@" in value for value in fields.values())
    timed = TIME.search(fields.get("date", "").casefold()) is not None and DATE.search(fields["date"].casefold()) is not None
    named = address or starred or (timed and "subject" in fields)  # a journey has a time, too, and no subject
    evident = (len(fields) >= 3 and named) or (address and timed)
    return HeaderBlock(start, stop, fields, evident)
