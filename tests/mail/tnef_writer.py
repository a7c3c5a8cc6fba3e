"""Writes winmail.dat as Outlook does (MS-OXTNEF), well or badly."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field

OBJECT, STRING, UNICODE, BINARY, LONG = 0x0D, 0x1E, 0x1F, 0x102, 0x03
CLASS, TEXT, RICH_TEXT, HTML, SHOWN_NAME = 0x001A, 0x1000, 0x1009, 0x1013, 0x3001
CONTENT, LONG_NAME, KIND, CONTENT_ID = 0x3701, 0x3707, 0x370E, 0x3712


def attribute(number: int, data: bytes, level: int = 1) -> bytes:
    """One attribute with its checksum."""
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _filled(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def prop(number: int, kind: int, value: bytes | str | int) -> bytes:
    """One property."""
    head = struct.pack("<HH", kind, number)
    if isinstance(value, int):
        return head + struct.pack("<I", value)
    raw = (value + "\0").encode("utf-16-le" if kind == UNICODE else "cp1252") if isinstance(value, str) else value
    return head + struct.pack("<II", 1, len(raw)) + _filled(raw)


def named(name: str, value: str) -> bytes:
    """A property with a name, as Outlook's add-ins leave them."""
    raw = (name + "\0").encode("utf-16-le")
    text = (value + "\0").encode("utf-16-le")
    head = struct.pack("<HH", UNICODE, 0x8001) + b"G" * 16 + struct.pack("<II", 1, len(raw)) + _filled(raw)
    return head + struct.pack("<II", 1, len(text)) + _filled(text)


def properties(*given: bytes) -> bytes:
    """A list of properties."""
    return struct.pack("<I", len(given)) + b"".join(given)


@dataclass(frozen=True, slots=True)
class File:
    """A file to wrap. `properties` go into its property list; without `title` it has no short name."""

    data: bytes
    title: str = ""
    properties: tuple[bytes, ...] = ()

    def written(self) -> bytes:
        """Its attributes."""
        out = attribute(0x00069002, b"\1\0" + b"\0" * 12, 2)
        if self.title:
            out += attribute(0x00018010, self.title.encode("cp1252") + b"\0", 2)
        if self.data:
            out += attribute(0x0006800F, self.data, 2)
        return out + attribute(0x00069005, properties(prop(0x3705, LONG, 1), *self.properties), 2)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A message to wrap."""

    files: tuple[File, ...] = ()
    body: str = ""
    properties: tuple[bytes, ...] = ()
    message_class: str = "IPM.Microsoft Mail.Note"
    more: bytes = field(default=b"")

    def written(self) -> bytes:
        """The stream."""
        out = b"\x78\x9f\x3e\x22\x01\x00" + attribute(0x00089006, b"\0\0\1\0") + attribute(0x00069007, struct.pack("<II", 1252, 0))
        out += attribute(0x00078008, self.message_class.encode() + b"\0")
        if self.body:
            out += attribute(0x0002800C, self.body.encode("cp1252") + b"\0")
        out += attribute(0x00069003, properties(named("Classification", "none"), *self.properties))
        return out + b"".join(one.written() for one in self.files) + self.more


def mail(wrapped: bytes, text: str = "") -> bytes:
    """A mail that carries the stream `wrapped` as winmail.dat."""
    return (
        b"From: asker@example.org\r\nTo: support@example.be\r\nSubject: The form\r\nX-MS-TNEF-Correlator: <1@example.org>\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + text.encode()
        + b"\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(wrapped)
        + b"--b--\r\n"
    )
