"""What is inside a winmail.dat: the files that Outlook put into its own wrapping (MS-OXTNEF), and its words where the mail has none.

A reader of our own, because the library that there is stands under the LGPL and has had no release since 2021, and because only a few
fields of the format are wanted. It takes a stream whole or not at all: a length that leads beyond the end means that the winmail.dat
stays the file that it is. Nothing is inflated, so what comes out is no larger than what came in (CASES A3.11).

Bugs: checksums are not compared, for some writers leave them out. Words that stand in RTF only are not read: where the mail has no others,
the winmail.dat is kept. It is kept too of an appointment, a task or a contact, for their fields are not read.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from gateway.mail.inbound import Attachment, InboundMail
from gateway.mail.read.attachments import safe_name
from gateway.mail.read.decode import clean_body, clean_header, decode_text
from gateway.mail.read.html import to_text

SIGNATURE = b"\x78\x9f\x3e\x22"
_DEEPEST = 3
_MOST_FILES = 100
_MOST_PROPERTIES = 2000
_TEXT_LIMIT = 512 * 1024

# Attributes of the stream (MS-OXTNEF §2.1.3.2).
_MESSAGE_CLASS, _BODY, _MESSAGE_PROPERTIES, _CODE_PAGE = 0x00078008, 0x0002800C, 0x00069003, 0x00069007
_NEXT_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005

# Properties (MS-OXPROPS).
_CLASS, _TEXT, _RICH_TEXT, _HTML, _SHOWN_NAME = 0x001A, 0x1000, 0x1009, 0x1013, 0x3001
_CONTENT, _SHORT_NAME, _LONG_NAME, _KIND, _CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712

# Sizes of the values of each type (MS-OXCDATA §2.11.1), filled up to four bytes; of the others the length stands before.
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING, _UNICODE, _OBJECT, _BINARY, _SEVERAL = 0x1E, 0x1F, 0x0D, 0x102, 0x1000
_INTERFACE_ID = 16
_TYPE = re.compile(r"(?:application|audio|font|image|text|video)/[a-z0-9.+-]{1,100}")
_NOTES = ("IPM.NOTE", "IPM.MICROSOFT MAIL.NOTE")
"""The classes of messages that are only words and files."""

Properties = dict[int, tuple[int, bytes]]
"""By their number: type and bytes."""


class _BrokenError(Exception):
    """The stream does not hold what it says."""


@dataclass(slots=True)
class _File:
    title: bytes = b""
    data: bytes = b""
    properties: Properties = field(default_factory=dict)


@dataclass(slots=True)
class _Message:
    """One stream, taken apart."""

    code_page: str = "cp1252"
    message_class: bytes = b""
    body: bytes = b""
    properties: Properties = field(default_factory=dict)
    files: list[_File] = field(default_factory=list)

    def text_of(self, properties: Properties, number: int) -> str:
        """A property as text; "" without it."""
        kind, raw = properties.get(number, (_STRING, b""))
        if kind == _UNICODE:
            return raw.decode("utf-16-le", "replace").rstrip("\0")
        return decode_text(raw.rstrip(b"\0"), self.code_page).text


def unpack(mail: InboundMail) -> InboundMail:
    """`mail` with the files of its winmail.dat in its place, and with the words in it where it has none of its own."""
    if not any(one.content.startswith(SIGNATURE) for one in mail.attachments):
        return mail
    files: list[Attachment] = []
    text, html = mail.text, mail.html
    room = _MOST_FILES
    for one in mail.attachments:
        found = _taken_apart(one.content) if one.content.startswith(SIGNATURE) and room else None
        if found is None:
            files.append(one)
            continue
        words, page = _words(found)
        if not text.strip() and words.strip():
            text, html = words, page
        inside = list(islice(_files(found, html or "", _DEEPEST), room))
        room -= len(inside)
        says_more = not text.strip() and (_RICH_TEXT in found.properties or not inside)
        files += inside if _is_note(found) and room and not says_more else [*inside, one]
    return replace(mail, text=text, html=html, attachments=tuple(files))


def _taken_apart(raw: bytes) -> _Message | None:
    try:
        return _read(raw)
    except (_BrokenError, struct.error):
        return None


def _read(raw: bytes) -> _Message:
    found = _Message()
    for number, data in _attributes(raw):
        if number == _CODE_PAGE and len(data) >= 4:
            found.code_page = f"cp{_number(data, 0)}"
        elif number == _MESSAGE_CLASS:
            found.message_class = data
        elif number == _BODY:
            found.body = data
        elif number == _MESSAGE_PROPERTIES:
            found.properties = _properties(data)
        elif number == _NEXT_FILE:
            if len(found.files) == _MOST_FILES:
                raise _BrokenError
            found.files.append(_File())
        elif number in {_TITLE, _DATA, _FILE_PROPERTIES}:
            _fill(found.files, number, data)
    return found


def _fill(files: list[_File], number: int, data: bytes) -> None:
    if not files:
        raise _BrokenError
    if number == _TITLE:
        files[-1].title = data
    elif number == _DATA:
        files[-1].data = data
    else:
        files[-1].properties = _properties(data)


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute of a stream: its number and its bytes. A level, a number, a length, the bytes, a checksum."""
    if not raw.startswith(SIGNATURE):
        raise _BrokenError
    at = len(SIGNATURE) + 2  # and a key that means nothing
    while at < len(raw) and raw[at : at + 1] != b"\0":  # some are filled up with zeros
        number, length = struct.unpack_from("<II", raw, at + 1)
        at += 9
        if raw[at - 9] not in {1, 2} or at + length > len(raw):
            raise _BrokenError
        yield number, raw[at : at + length]
        at += length + 2


def _properties(raw: bytes) -> Properties:
    """The properties in an attribute; of several values of one the first."""
    found: Properties = {}
    count, at = _number(raw, 0), 4
    if count > _MOST_PROPERTIES:
        raise _BrokenError
    for _ in range(count):
        kind, number = struct.unpack_from("<HH", raw, at)
        at += 4
        if number >= 0x8000:
            at = _behind_name(raw, at)
        values, at = _values(raw, at, kind)
        if values:
            found.setdefault(number, (kind & ~_SEVERAL, values[0]))
    return found


def _behind_name(raw: bytes, at: int) -> int:
    """Where the value of a property begins that has a name: a GUID, and a number or a text."""
    is_text, number = struct.unpack_from("<II", raw, at + 16)
    return at + 24 + (_filled(number) if is_text else 0)


def _values(raw: bytes, at: int, kind: int) -> tuple[list[bytes], int]:
    one = kind & ~_SEVERAL
    varies = one in {_STRING, _UNICODE, _OBJECT, _BINARY}
    count = 1
    if varies or kind & _SEVERAL:
        count, at = _number(raw, at), at + 4
    if (one not in _FIXED and not varies) or count > len(raw):
        raise _BrokenError
    values: list[bytes] = []
    for _ in range(count):
        length = _FIXED.get(one, 0)
        if varies:
            length, at = _number(raw, at), at + 4
        if at + length > len(raw):
            raise _BrokenError
        values.append(raw[at : at + length])
        at += _filled(length)
    return values, at


def _number(raw: bytes, at: int) -> int:
    found: int = struct.unpack_from("<I", raw, at)[0]
    return found


def _filled(length: int) -> int:
    return (length + 3) & ~3


def _words(found: _Message) -> tuple[str, str | None]:
    """The words of a message, and its page."""
    html = clean_body(found.text_of(found.properties, _HTML))[:_TEXT_LIMIT] or None
    plain = found.text_of(found.properties, _TEXT) or decode_text(found.body.rstrip(b"\0"), found.code_page).text
    text = clean_body(plain)[:_TEXT_LIMIT]
    return (text if text.strip() or html is None else to_text(html)), html


def _is_note(found: _Message) -> bool:
    written = found.text_of(found.properties, _CLASS) or found.message_class.rstrip(b"\0").decode("latin-1")
    return not written or written.upper().startswith(_NOTES)


def _files(found: _Message, html: str, depth: int) -> Iterator[Attachment]:
    """The files of a message; of a message in it its words as a file, and its files."""
    for one in found.files:
        kind, content = one.properties.get(_CONTENT, (_BINARY, one.data))
        inner = _taken_apart(content[_INTERFACE_ID:]) if kind == _OBJECT and depth else None
        if inner is None:
            if content or one.data:
                yield _attachment(found, one, one.data or content, html)
            continue
        words = _words(inner)[0].strip()
        if words:
            name = clean_header(found.text_of(one.properties, _SHOWN_NAME)).replace("/", "_").replace("\\", "_") or "message"
            yield _made(f"{name[:100]}.txt", "text/plain", words.encode(), "", html)
        yield from _files(inner, html, depth - 1)


def _attachment(found: _Message, one: _File, content: bytes, html: str) -> Attachment:
    names = (found.text_of(one.properties, number) for number in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
    title = decode_text(one.title.rstrip(b"\0"), found.code_page).text
    name = next((safe for name in (*names, title) if (safe := safe_name(name))), "file.bin")
    kind = clean_header(found.text_of(one.properties, _KIND)).lower()
    return _made(name, kind, content, found.text_of(one.properties, _CONTENT_ID), html)


def _made(name: str, kind: str, content: bytes, ident: str, html: str) -> Attachment:
    known = kind if _TYPE.fullmatch(kind) else mimetypes.guess_type(name)[0] or "application/octet-stream"
    clean = clean_header(ident).strip("<> ")[:250] or None
    return Attachment(name, known, content, hashlib.sha256(content).hexdigest(), clean is not None and f"cid:{clean}" in html, clean)
