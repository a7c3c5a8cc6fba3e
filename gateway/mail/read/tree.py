"""The parts of a mail: where each begins and ends, its header fields, type and parameters.

Why not `email.message_from_bytes`: it reads line by line, and 25 MiB of empty lines take it 5 s and 400 MB; its parameter reader is
quadratic. This one only searches for boundaries in the bytes that it was given, copies nothing until a part is asked for its content, and
stops at its limits while it reads instead of afterwards (CASES F3, F4, A3.8, A3.9; RFC 2045, 2046, 2231).

Bugs: the preamble and the epilogue of a multipart are dropped, as everybody does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from gateway.mail.read.decode import clean_header, decode_header, decode_text, header_text, transfer_decode


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a mail is read (CASES A3.8, ruling 15). Sizes in bytes."""

    mail_bytes: int = 25 * 1024 * 1024
    header_block: int = 256 * 1024
    header_block_total: int = 1024 * 1024
    """Of the mail and of all its parts together."""
    header_field: int = 64 * 1024
    header_fields: int = 1000
    parts: int = 200
    depth: int = 30
    addresses: int = 1000


@dataclass(frozen=True, slots=True)
class Field:
    """One header field as it stands: the name as written, the value unfolded, in bytes."""

    name: str
    raw: bytes


@dataclass(slots=True, eq=False)
class Part:
    """A part of a mail. `start` and `end` bound its body in the bytes of the whole mail."""

    fields: tuple[Field, ...]
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    encoding: str
    start: int
    end: int
    children: list[Part] = field(default_factory=list)

    def first(self, name: str) -> bytes | None:
        """The raw value of the first field called `name` (lower-case)."""
        return next((f.raw for f in self.fields if f.name.lower() == name), None)

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class Reading:
    """The bytes of one mail while it is read, with what was found wrong so far."""

    raw: bytes
    limits: Limits
    fallback: str = ""
    defects: list[str] = field(default_factory=list)
    beyond: bool = False
    parts: int = 0
    header_bytes: int = 0

    def note(self, defect: str) -> None:
        """Remember `defect`, once, and not more than a hundred."""
        if defect and defect not in self.defects and len(self.defects) < 100:
            self.defects.append(defect)

    def over(self, defect: str) -> None:
        """Remember that reading stopped at a limit."""
        self.beyond = True
        self.note(defect)

    def content(self, part: Part) -> bytes:
        """The decoded bytes of `part`."""
        raw, defect = transfer_decode(self.raw[part.start : part.end], part.encoding)
        self.note(defect)
        return raw


# --- header blocks ----------------------------------------------------------------------------------------------------------------------

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN_FIELD = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|in-reply-to|references|reply-to|sender|return-path|received|delivered-to|mime-version"
    rb"|content-[a-z-]{2,30}|x-[a-z0-9-]{2,40}|dkim-signature|authentication-results|list-[a-z]{2,20}|user-agent|thread-[a-z]{2,10})"
    rb"[ \t]{0,5}:",
    re.IGNORECASE,
)
_LOOK_AHEAD = 30


def read_fields(reading: Reading, start: int, end: int) -> tuple[tuple[Field, ...], int]:
    """The header fields from `start`, and where the body begins.

    The block ends at the first empty line. A line that is no field continues the one before it (its blank was lost on the way) when a
    well-known field follows soon; otherwise it is the first line of the body.
    """
    raw, limits = reading.raw, reading.limits
    if start >= end or raw.startswith((b"\n", b"\r\n"), start):
        return (), min(raw.find(b"\n", start) + 1, end) if start < end else end
    blank = _BLANK_LINE.search(raw, start, end)
    stop, body = (blank.start(), blank.end()) if blank else (end, end)
    room = min(limits.header_block, limits.header_block_total - reading.header_bytes)
    if stop - start > room:
        reading.over("header-block-over-limit")
        stop = start + room
    reading.header_bytes += stop - start
    lines = raw[start:stop].split(b"\n")
    pending: list[tuple[str, list[bytes]]] = []
    offset, known = start, 0
    for index, line in enumerate(lines):
        found = _FIELD.match(line)
        if line[:1] in {b" ", b"\t"} and pending:
            pending[-1][1].append(line)
        elif found is None and line.strip():
            known = known if known > index else _next_known(lines, index + 1)
            if known - index > _LOOK_AHEAD:
                reading.note("header-body-not-separated")
                body = offset
                break
            reading.note("header-line-malformed")
            if pending:
                pending[-1][1].append(b" " + line)
        elif found is not None:
            if len(pending) == limits.header_fields:
                reading.over("header-fields-over-limit")
                break
            pending.append((found[1].decode("ascii"), [line[found.end() :]]))
        offset += len(line) + 1
    return tuple(_field(reading, name, pieces) for name, pieces in pending), body


def _next_known(lines: list[bytes], start: int) -> int:
    """The index of the first line from `start` on that begins a well-known field; far away when there is none."""
    return next((index for index in range(start, len(lines)) if _KNOWN_FIELD.match(lines[index])), len(lines) + _LOOK_AHEAD)


def _field(reading: Reading, name: str, pieces: list[bytes]) -> Field:
    value = (pieces[0] if len(pieces) == 1 else b"".join(piece.rstrip(b"\r") for piece in pieces)).strip()
    if len(value) > reading.limits.header_field:
        reading.note("header-field-cut")
        value = value[: reading.limits.header_field]
    return Field(name, value)


# --- parameters (RFC 2045 §5.1, RFC 2231) -------------------------------------------------------------------------------------------------

_PARAMETER_LIMIT = 256
_TOKEN_END = re.compile(r"[;]|$")
_EXTENDED = re.compile(r"(?:utf-?8|iso-8859-\d{1,2}|windows-125\d|us-ascii)'[A-Za-z-]{0,12}'[^\s']{1,2000}", re.IGNORECASE)
_SECTION = re.compile(r"([^*]{1,60})(?:\*([0-9]{1,3}))?(\*)?")


def split_parameters(value: str) -> tuple[str, list[tuple[str, str]]]:
    """The word before the first `;`, and the parameters behind it as (lower-case name, unquoted value), in order. Linear."""
    head, _, rest = value.partition(";")
    if "=" in head:  # the semicolon before the first parameter was forgotten, or the word before it was
        word, _, first = head.strip().partition(" ")
        head, rest = ("", value) if "=" in word else (word, f"{first};{rest}")
    out: list[tuple[str, str]] = []
    position = 0
    while position < len(rest) and len(out) < _PARAMETER_LIMIT:
        equals = rest.find("=", position)
        if equals < 0:
            break
        name = rest[position:equals].rpartition(";")[2].strip().lower()
        position = equals + 1
        while position < len(rest) and rest[position] in " \t":
            position += 1
        if rest.startswith('"', position):
            text, position = _quoted(rest, position + 1)
        else:
            stop = rest.find(";", position)
            stop = len(rest) if stop < 0 else stop
            text, position = rest[position:stop].strip(), stop
        out.append((name, text))
        position = _behind_semicolon(rest, position)
    return head.strip(), out


def _quoted(text: str, position: int) -> tuple[str, int]:
    """The quoted string whose inside begins at `position`, and where it stops. A quote in the middle of a word does not end it."""
    out: list[str] = []
    while position < len(text):
        char = text[position]
        if char == "\\" and position + 1 < len(text) and text[position + 1] in '"\\':
            out.append(text[position + 1])
            position += 2
        elif char == '"' and (position + 1 == len(text) or text[position + 1] in "; \t"):
            return "".join(out), position + 1
        else:
            out.append(char)
            position += 1
    return "".join(out).rstrip('"'), position


def _behind_semicolon(text: str, position: int) -> int:
    found = text.find(";", position)
    return len(text) if found < 0 else found + 1


def join_parameters(pairs: list[tuple[str, str]], fallback: str = "") -> dict[str, str]:
    """Parameters by name, with RFC 2231 continuations joined and charsets decoded. The first of a name wins; the extended form beats it."""
    plain: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, value in pairs:
        found = _SECTION.fullmatch(name)
        if found is None or (found[2] is None and found[3] is None):
            extended = _EXTENDED.fullmatch(value)  # with a name that lost its star
            plain.setdefault(name, _join_sections([(0, True, value)], fallback) if extended else decode_header(value, fallback))
        else:
            sections.setdefault(found[1], []).append((int(found[2] or 0), bool(found[3]), value))
    for name, pieces in sections.items():
        plain[name] = _join_sections(sorted(pieces, key=lambda piece: piece[0]), fallback)
    return plain


def _join_sections(pieces: list[tuple[int, bool, str]], fallback: str) -> str:
    charset, extended = "", pieces[0][1]
    written: list[str] = []
    for index, (_, encoded, value) in enumerate(pieces):
        text = value
        if index == 0 and encoded and value.count("'") >= 2:
            charset, _, text = value.split("'", 2)
        written.append(text if encoded or extended else text.replace("%", "%25"))
    # joined before it is unquoted: some cut inside an escape
    text = decode_text(unquote_to_bytes("".join(written)), charset, fallback).text
    return decode_header(clean_header(text), fallback)  # some wrap an encoded word in RFC 2231 sections


# --- the tree ---------------------------------------------------------------------------------------------------------------------------

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+*-]{1,120}")
_DELIMITER_TAIL = re.compile(rb"(--)?[ \t]*(?:\r*\n|\Z)")
_GUESSED = re.compile(rb"^--([^\s-][^\r\n]{0,200}?)[ \t]*\r?$", re.MULTILINE)


def read_tree(reading: Reading) -> Part:
    """The whole mail as a tree, within the limits of `reading`."""
    return _read_part(reading, 0, len(reading.raw), default="text/plain", depth=1)


def _read_part(reading: Reading, start: int, end: int, default: str, depth: int) -> Part:
    reading.parts += 1
    fields, body = read_fields(reading, start, end)
    part = _describe(reading, fields, default, body, end)
    if part.content_type.startswith("multipart/"):
        if depth >= reading.limits.depth:
            reading.over("depth-over-limit")
        else:
            _read_children(reading, part, depth)
    return part


def _describe(reading: Reading, fields: tuple[Field, ...], default: str, start: int, end: int) -> Part:
    """A part by its own header fields; what is malformed there counts as absent."""
    first: dict[str, bytes] = {}
    for one in fields:
        first.setdefault(one.name.lower(), one.raw)
    type_text, type_pairs = split_parameters(header_text(first.get("content-type", b""), reading.fallback))
    kind = type_text.lower()
    parameters = join_parameters(type_pairs, reading.fallback) if type_pairs else {}
    if not _TYPE.fullmatch(kind):
        if kind:
            reading.note("content-type-malformed")
        kind = default if not kind or "name" not in parameters else "application/octet-stream"
    disposition, pairs = split_parameters(header_text(first.get("content-disposition", b""), reading.fallback))
    others = join_parameters(pairs, reading.fallback) if pairs else {}
    encoding = header_text(first.get("content-transfer-encoding", b"")).lower().partition(";")[0].partition("(")[0]
    return Part(
        fields=fields,
        content_type=kind,
        parameters=parameters,
        disposition=disposition.lower(),
        filename=others.get("filename") or parameters.get("name") or parameters.get("file") or others.get("name") or "",
        encoding="".join(encoding.split()).strip("\"'"),
        start=start,
        end=end,
    )


def _read_children(reading: Reading, part: Part, depth: int) -> None:
    """Fill the children of a multipart; one without any boundary line becomes the text that it is."""
    boundary = part.parameters.get("boundary", "")
    raw_boundary = boundary.encode("utf-8", "surrogateescape")[:1000]
    spans = list(_spans(reading, raw_boundary, part.start, part.end)) if raw_boundary else []
    if not spans and (found := _GUESSED.search(reading.raw, part.start, min(part.end, part.start + 65_536))):
        reading.note("boundary-guessed")
        spans = list(_spans(reading, found[1], part.start, part.end))
    if not spans:
        reading.note("multipart-without-parts")
        part.content_type = "text/plain"
        part.parameters.pop("charset", None)
        return
    if part.encoding not in {"", "7bit", "8bit", "binary"}:
        reading.note("multipart-encoded")
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for start, end in spans:
        if reading.parts >= reading.limits.parts:
            reading.over("parts-over-limit")
            return
        part.children.append(_read_part(reading, start, end, default, depth + 1))


def _spans(reading: Reading, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the parts between the delimiter lines of `boundary` are. Never more than the limit of parts allows, plus one."""
    raw, needle = reading.raw, b"--" + boundary
    opened = -1
    position = start
    left = reading.limits.parts - reading.parts + 1
    while left > 0 and (found := raw.find(needle, position, end)) >= 0:
        position = found + len(needle)
        if found > start and raw[found - 1] != 10:
            continue
        tail = _DELIMITER_TAIL.match(raw, position, end)
        if tail is None:
            continue
        if opened >= 0:
            yield opened, _before_line_end(raw, opened, found)
            left -= 1
        opened = tail.end()
        position = max(position, tail.end() - 1)
        if tail[1]:
            return
    if opened >= 0 and left > 0:
        reading.note("multipart-not-closed")
        yield opened, end


def _before_line_end(raw: bytes, start: int, end: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1)."""
    if end - 1 >= start and raw[end - 1] == 10:
        end -= 1
        if end - 1 >= start and raw[end - 1] == 13:
            end -= 1
    return end
