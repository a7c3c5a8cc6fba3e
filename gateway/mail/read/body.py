"""Which parts of a mail are its words, and which are its files.

The words are those of the outer mail only: text in a message that is enclosed was written by somebody else (CASES A3.12), but a mail that
stands inside its own signature is the mail. Of alternatives the plain one is read and the HTML one kept beside it; every part that is
neither becomes a file, so that nothing is hidden.

Bugs: of a plain alternative that only says "your program cannot show this mail" the HTML is not preferred.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field, replace

from gateway.mail.inbound import Attachment, ReportPart
from gateway.mail.read import smime
from gateway.mail.read.attachments import content_id, make_attachment, take_signed, take_uuencoded
from gateway.mail.read.decode import clean_body, decode_part, decode_text
from gateway.mail.read.flowed import is_flowed, join_lines
from gateway.mail.read.html import to_text
from gateway.mail.read.tree import Part, Reading, read_tree

REPORT_TYPES = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
        "message/disposition-notification",
        "message/rfc822",
        "message/global",
        "message/global-headers",
        "text/rfc822-headers",
    }
)
_TEXT_LIMIT = 512 * 1024
_HTML_LIMIT = 1024 * 1024
"""Bytes of body that are read as words, over all parts of that kind. A longer text is also kept whole, as a file."""
_MESSAGE_LIMIT = 64 * 1024
_REPORT_LIMIT = 256 * 1024
_SHOWN_ELSEWHERE = frozenset({"text/x-amp-html", "text/watch-html"})  # Other dresses of the same words.
_BODY_TYPES = frozenset({"text/plain", "text/html"})
# Text that is a thing of its own even where it is all that a mail holds.
_NOT_WORDS = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/csv", "text/xml", "text/rtf", "text/css"})
# Types that there are not, as programs write them.
_MISNAMED = {"plain/text": "text/plain", "html/text": "text/html", "text/htm": "text/html", "text/xhtml": "text/html"}
_DEEPEST_SIGNATURE = 3
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset[ ]{0,3}=[ ]{0,3}[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """A stretch of the body: as plain text, as HTML, or both where they are alternatives."""

    plain: str | None = None
    html: str | None = None

    def text(self) -> str:
        """The words of it."""
        if self.plain is not None and self.plain.strip():
            return self.plain
        return to_text(self.html) if self.html is not None else self.plain or ""


@dataclass(slots=True)
class Body:
    """What a mail says and carries."""

    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    report_parts: tuple[ReportPart, ...]


@dataclass(slots=True)
class _Walk:
    reading: Reading
    unnamed_text: bool
    """Whether any text part has no file name: then those that have one are files."""
    files: list[Part] = field(default_factory=list)
    ready: list[Attachment] = field(default_factory=list)
    reports: list[ReportPart] = field(default_factory=list)
    room: dict[str, int] = field(default_factory=lambda: {"text/plain": _TEXT_LIMIT, "text/html": _HTML_LIMIT})
    dresses: list[Part] = field(default_factory=list)
    """Files that stand as alternatives to the text; an invitation there is dropped when it also comes as a file of its own."""
    depth: int = 0
    """How many signatures this mail stands in."""


def read_body(reading: Reading, root: Part, depth: int = 0) -> Body:
    """The words, the files and the report parts of the mail `root`, which stands in `depth` signatures."""
    unnamed = any(p.content_type in _BODY_TYPES and not p.filename and p.disposition != "attachment" for p in root.walk())
    walk = _Walk(reading, unnamed, depth=depth)
    blocks = _without_repeats(_blocks(walk, root, in_alternative=False)) or _other_text(walk, root)
    html = _join_html(blocks)
    if any(part.content_type in _CALENDARS and part not in walk.dresses for part in walk.files):
        walk.files = [part for part in walk.files if part.content_type not in _CALENDARS or part not in walk.dresses]
    files = [make_attachment(reading, part, inline=_is_inline(part, html)) for part in walk.files]
    text = "\n\n".join(text.strip("\n") for block in blocks if (text := block.text()).strip())
    return Body(text, html, _each_once((*files, *walk.ready)), tuple(walk.reports))


def _each_once(files: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """The files without exact repeats: an invitation often comes as an alternative and again as a file. Those that the text shows stay."""
    seen: set[tuple[str, bytes]] = set()
    out: list[Attachment] = []
    for one in files:
        # the line ends of text say how it was packed, not what it is
        short_text = one.content_type.startswith("text/") and one.size <= _MESSAGE_LIMIT
        same = (one.filename, b"".join(one.content.split()) if short_text else one.sha256.encode())
        if one.inline or same not in seen:
            out.append(one)
        seen.add(same)
    return tuple(out)


def _blocks(walk: _Walk, part: Part, *, in_alternative: bool) -> list[Block]:
    """The blocks of body in `part`; what is not body is put among the files of `walk`."""
    kind = part.content_type
    if part.children:
        if kind == "multipart/alternative" or (kind == "multipart/related" and _is_alternative_in_disguise(part)):
            return _alternative(walk, part)
        out: list[Block] = []
        for index, child in enumerate(part.children):
            if kind == "multipart/related" and index and not child.children and (content_id(child) or child.filename):
                _file(walk, child)
            else:
                out += _blocks(walk, child, in_alternative=in_alternative)
        return out
    if kind.startswith("multipart/"):
        return []
    if kind in _BODY_TYPES and part.disposition != "attachment" and (in_alternative or not part.filename or not walk.unnamed_text):
        walk.unnamed_text = walk.unnamed_text or bool(part.filename)
        return [_text_block(walk, part)]
    if in_alternative and kind in _SHOWN_ELSEWHERE:
        return []
    if kind in smime.TYPES and walk.depth < _DEEPEST_SIGNATURE and (inner := smime.signed_content(walk.reading.content(part))):
        walk.files.append(part)
        return _signed_blocks(walk, inner)
    if in_alternative:
        walk.dresses.append(part)
    _file(walk, part)
    return []


def _signed_blocks(walk: _Walk, raw: bytes) -> list[Block]:
    """The blocks of the mail `raw` that stood in a signature; its files and its faults are those of the outer one."""
    reading = walk.reading
    inner = Reading(raw, reading.limits, reading.fallback, reading.defects, reading.beyond, reading.parts, reading.header_bytes)
    body = read_body(inner, read_tree(inner), walk.depth + 1)
    reading.parts, reading.header_bytes, reading.beyond = inner.parts, inner.header_bytes, inner.beyond
    walk.ready += body.attachments
    walk.reports += body.report_parts
    return [Block(body.text, body.html)] if body.text or body.html else []


def _other_text(walk: _Walk, root: Part) -> list[Block]:
    """Where a mail has no text that every program knows: its unnamed text of another kind, read as it stands (RFC 2046 §4.1.4).

    It stays a file too, unless its type only is misspelt.
    """
    for part in root.walk():
        kind = part.content_type
        words = kind in _MISNAMED or (kind.startswith("text/") and kind not in {*_NOT_WORDS, *_BODY_TYPES, *REPORT_TYPES})
        if words and not part.filename and part.disposition != "attachment":
            if kind in _MISNAMED:
                walk.files = [one for one in walk.files if one is not part]
            return [_text_block(walk, replace(part, content_type=_MISNAMED.get(kind, "text/plain")))]
    return []


def _is_alternative_in_disguise(part: Part) -> bool:
    kinds = [child.content_type for child in part.children[:2]]
    return kinds == ["text/plain", "text/html"] and not any(child.filename for child in part.children[:2])


def _alternative(walk: _Walk, part: Part) -> list[Block]:
    """The best of the alternatives (RFC 2046 §5.1.4): the first plain text that says something, with the last HTML."""
    plain: str | None = None
    html: str | None = None
    for child in part.children:
        blocks = _blocks(walk, child, in_alternative=True)
        words = "\n\n".join(block.plain for block in blocks if block.plain)
        if words.strip() and plain is None:
            plain = words
        html = _join_html(blocks, with_plain=False) or html
    return [Block(plain, html)] if plain is not None or html is not None else []


def _file(walk: _Walk, part: Part) -> None:
    """Keep `part` as a file, and as a report part where classify and bounce want to read it."""
    walk.files.append(part)
    kind = part.content_type
    if kind in REPORT_TYPES:
        limit = _MESSAGE_LIMIT if kind in {"message/rfc822", "message/global"} else _REPORT_LIMIT
        raw = walk.reading.content(part)[:limit]
        walk.reports.append(ReportPart(kind, clean_body(decode_text(raw, part.parameters.get("charset", "")).text)))


def _text_block(walk: _Walk, part: Part) -> Block:
    raw = _within_room(walk, part, walk.reading.content(part))
    label = part.parameters.get("charset", "")
    if part.content_type == "text/html":
        if not label and (found := _META_CHARSET.search(raw, 0, 2048)):
            label = found[1].decode("ascii")
        decoded = decode_part(raw, label, walk.reading.fallback)
        walk.reading.note(decoded.defect)
        return Block(html=clean_body(decoded.text))
    raw, files = take_uuencoded(raw, walk.reading)
    walk.ready += files
    raw, files = take_signed(raw)
    walk.ready += files
    decoded = decode_part(raw, label, walk.reading.fallback)
    walk.reading.note(decoded.defect)
    text = clean_body(decoded.text)
    return Block(plain=join_lines(text, part.parameters) if is_flowed(part.parameters) else text)


def _within_room(walk: _Walk, part: Part, raw: bytes) -> bytes:
    """`raw` up to the last line end that there is still room for; what was cut is not lost, since the part then is a file as well."""
    room = walk.room[part.content_type]
    if len(raw) > room:
        walk.reading.note("text-cut")
        walk.files.append(part)
        raw = raw[: max(raw.rfind(b"\n", 0, room) + 1, room - 1000)]
    walk.room[part.content_type] -= len(raw)
    return raw


def _without_repeats(blocks: list[Block]) -> list[Block]:
    """Blocks without an HTML one that only says again, beside a plain one, what that says: some programs forget `alternative`."""
    if len(blocks) != 2 or blocks[0].html is not None or blocks[1].plain is not None:
        return blocks
    plain, html = blocks[0].plain or "", blocks[1].html or ""
    same = "".join(plain.split()) == "".join(to_text(html).split())
    return [Block(plain, html)] if same else blocks


def _join_html(blocks: list[Block], *, with_plain: bool = True) -> str | None:
    """The HTML of the blocks as one; plain ones between them are escaped. None when there is no HTML at all."""
    if all(block.html is None for block in blocks):
        return None
    pieces: list[str] = []
    for block in blocks:
        if block.html is not None:
            pieces.append(block.html)
        elif with_plain and block.plain and block.plain.strip():
            pieces.append(f"<div>{entities.escape(block.plain.strip()).replace(chr(10), '<br>')}</div>")
    return "\n<br>\n".join(pieces)


def _is_inline(part: Part, html: str | None) -> bool:
    """Whether a file belongs into the text: the HTML shows it, or it is an image that asks to be shown."""
    ident = content_id(part)
    if ident is None:
        return False
    return (html is not None and f"cid:{ident}" in html) or (part.disposition == "inline" and part.content_type.startswith("image/"))
