"""Mails that are built against their reader, by what they abuse.

BOMBS cost more to read than to write (CASES A3.8-A3.10, A3.14, A3.15). TRICKS cost little and want to be something else: words, a path, a
command to a terminal, an archive that somebody opens (CASES A3.6, A3.10-A3.13, A3.16, A3.18, A3.20).
"""

from __future__ import annotations

import base64
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import partial

TOP = b"From: asker@example.org\r\nTo: support@example.be\r\nSubject: a bomb\r\nMIME-Version: 1.0\r\n"
_MIB = 1024 * 1024


def single(content_type: bytes, body: bytes, encoding: bytes = b"8bit") -> bytes:
    """A mail of one part."""
    return TOP + b"Content-Type: " + content_type + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body


def _depth(levels: int) -> bytes:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels))
    return TOP + heads + b"\r\nat the bottom\r\n"


def _mails_in_mails(levels: int) -> bytes:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + TOP
    return TOP + inner * levels + b"\r\nat the bottom\r\n"


def _parts(count: int) -> bytes:
    return TOP + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


def _nearly_delimiters(count: int) -> bytes:
    return TOP + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + b"--bx\r\n" * count


def _nested_alike(count: int) -> bytes:
    boundary = b"b" * 900
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n" % (boundary[n:], boundary[n:]) for n in range(30))
    return TOP + heads + (b"\n--" + boundary + b"x") * count


def _headers(count: int) -> bytes:
    return TOP + b"".join(b"X-%d: y\r\n" % n for n in range(count)) + b"\r\nbody\r\n"


def _header_lines_that_are_none(count: int) -> bytes:
    return TOP + b"no field at all\r\n" * count + b"\r\nbody\r\n"


def _pieces(count: int) -> bytes:
    parameters = b"".join(b"; name*%d*=utf-8''%%C3%%A9" % n for n in range(count))
    return TOP + b"Content-Type: application/pdf" + parameters + b"\r\n\r\nbody\r\n"


def _words(count: int) -> bytes:
    return TOP + b"Comments: " + b"=?utf-8?Q?=C3=A9?= " * count + b"\r\nSubject: " + b"=?utf-8?B?w6k" * count + b"\r\n\r\nbody\r\n"


def _addresses(count: int) -> bytes:
    return TOP + b"Cc: " + b",\r\n ".join(b'"Role %d" <role%d@example.org>' % (n, n) for n in range(count)) + b"\r\n\r\nbody\r\n"


def _comments(count: int) -> bytes:
    return b"From: " + b"(" * count + b'"<' * count + b"asker@example.org>\r\n" + TOP + b"\r\nbody\r\n"


def _tags(count: int) -> bytes:
    return single(b"text/html; charset=utf-8", b"<html><body>" + b"<b><div>x" * count)


def _packed_tags(count: int) -> bytes:
    return single(b"text/html; charset=utf-8", base64.encodebytes(b"<table><tr><td>" * count), b"base64")


def _one_tag(count: int) -> bytes:
    return single(b"text/html; charset=utf-8", b"<a " + b"b='" * (count // 3) + b"<!--" * 1000)


def _garbage(size: int) -> bytes:
    return single(b"application/octet-stream", random.Random(1).randbytes(size).replace(b"\n", b"=").replace(b"\r", b"*"), b"base64")


def _short_lines(count: int) -> bytes:
    return single(b"text/plain; charset=utf-8", b"\r\n" * count)


def _quotations(count: int) -> bytes:
    lines = b"> On Monday somebody wrote:\r\n>> -----Original Message-----\r\nFrom: a@example.org\r\n"
    return b"In-Reply-To: <1@example.org>\r\n" + single(b"text/plain; charset=utf-8", lines * count)


def _marks(size: int) -> bytes:
    return b"In-Reply-To: <1@example.org>\r\n" + single(b"text/plain; charset=utf-8", b">" * size)


def _emoji(size: int) -> bytes:
    return single(b"text/plain; charset=utf-8", "\N{PRINTER}".encode() * (size // 4))


def _uuencoded(count: int) -> bytes:
    return single(b"text/plain", b"begin 644 a.bin\r\n#86)C\r\n" * count)


def _binary(size: int) -> bytes:
    return random.Random(2).randbytes(size)


def _zeros(size: int) -> bytes:
    return TOP + b"\r\n" + b"\0" * size


def _open_quotation(count: int) -> bytes:
    return TOP + b'Content-Type: multipart/mixed; boundary="' + b'\\"' * count + b"\r\n\r\nbody\r\n"


def _links(count: int) -> bytes:
    return single(b"text/plain; charset=utf-8", b"https://example.org/%2e%2e//?a=(b&c <https://example.org> www. a@b.\r\n" * count)


def _short_beginnings(count: int) -> bytes:
    return b"In-Reply-To: <1@example.org>\r\n" + single(b"text/plain; charset=utf-8", b"1@:\r\n" * count)


def _beginnings(count: int) -> bytes:
    lines = b"192e@commune.example>:\r\n" + b"1/1/1 " * 14 + b"@:\r\n"
    return b"In-Reply-To: <1@example.org>\r\n" + single(b"text/plain; charset=utf-8", lines * count)


SIZES: dict[str, tuple[Callable[[int], bytes], int]] = {
    # what it abuses, how it is made, and how large the largest is that is tried
    "depth": (_depth, 20_000),
    "mails in mails": (_mails_in_mails, 2000),
    "parts": (_parts, 200_000),
    "delimiters that are none": (_nearly_delimiters, 400_000),
    "boundaries that contain each other": (_nested_alike, 3000),
    "header fields": (_headers, 200_000),
    "header lines that are none": (_header_lines_that_are_none, 200_000),
    "RFC 2231": (_pieces, 60_000),
    "encoded words": (_words, 60_000),
    "addresses": (_addresses, 200_000),
    "comments": (_comments, 100_000),
    "HTML tags": (_tags, 1_000_000),
    "HTML tags in base64": (_packed_tags, 1_000_000),
    "one HTML tag": (_one_tag, 8 * _MIB),
    "base64 garbage": (_garbage, 20 * _MIB),
    "empty lines": (_short_lines, 12_000_000),
    "quotations": (_quotations, 300_000),
    "short lines that may begin a quotation": (_short_beginnings, 100_000),
    "lines that may begin a quotation": (_beginnings, 4400),
    "quotation marks": (_marks, 8 * _MIB),
    "emoji": (_emoji, 20 * _MIB),
    "uuencoded files": (_uuencoded, 300_000),
    "binary": (_binary, 20 * _MIB),
    "zero bytes": (_zeros, 20 * _MIB),
    "an open quotation mark": (_open_quotation, 100_000),
    "links": (_links, 200_000),
}
"""Every one that is known here."""

BOMBS: dict[str, Callable[[], bytes]] = {name: partial(make, most) for name, (make, most) in SIZES.items()}
"""Each at its largest."""


def zip_bomb(levels: int = 4, copies: int = 10) -> bytes:
    """Archives in archives: a few kilobytes that unpack to ten thousand times 10 MB."""
    inner = b"\0" * 10_000_000
    for level in range(levels):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for number in range(copies if level else 1):
                archive.writestr(f"{level}-{number}.zip", inner)
        inner = packed.getvalue()
    return inner


def huge_picture(width: int = 65_535, height: int = 65_535) -> bytes:
    """A PNG of 4 kB that says it is a picture of 13 GB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(4_000_000), 9)) + chunk(b"IEND", b"")


def with_file(content: bytes, fields: bytes) -> bytes:
    """A mail of a few words and one file, whose fields are given."""
    return (
        TOP
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee the file\r\n--b\r\n"
        + fields
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content)
        + b"--b--\r\n"
    )


FILE_NAMES: tuple[bytes, ...] = (
    *(
        b"../../../etc/cron.d/x",
        b"..\\..\\x.png",
        b"/etc/passwd",
        b"C:\\temp\\a.png",
        b"a/../../b",
        b"....//x",
        b"..",
        b".",
        b"~",
        b"~/.ssh/config",
    ),
    *(b"a\0.png", b"a\r\nX: y", b"\x1b]0;x\x07.txt", b"CON", b"nul.txt", b"a" * 10_240, b".htaccess", b"x.pht", "\u202egnp.exe".encode()),
    *(
        "\u200b.htaccess".encode(),
        b"\xff\xfe",
        b"=?utf-8?q?=2E=2E=2Fx?=",
        b"%2e%2e%2fx",
        b"$(id)",
        b"`id`;#",
        b"-rf",
        b"<b>.txt",
        b"=cmd()",
        b" ",
    ),
)
"""What a file may be called by somebody who hopes that its name is used (CASES A3.6)."""

ESCAPES: tuple[bytes, ...] = (
    b"\x1b]0;owned\x07",
    b"\x1b[2J\x1b[31m",
    b"\x9b31m",
    b"\xc2\x9b31m",
    b"\rlevel=info ok",
    b"\x08\x08\x08",
    b"\x7f",
    b"\x1bP1$r\x1b\\",
)
"""What a terminal or a log would obey (CASES A3.18)."""

TRICKS: dict[str, Callable[[], bytes]] = {
    "an archive of archives": lambda: with_file(zip_bomb(), b"Content-Type: application/zip; name=42.zip"),
    "a picture that is larger than memory": lambda: with_file(
        huge_picture(), b"Content-Type: image/png; name=a.png\r\nContent-ID: <a@example.org>"
    ),
    "a mail whose words are another's": lambda: (
        TOP + b"Content-Type: message/rfc822\r\n\r\nFrom: board@example.org\r\nSubject: approve\r\n\r\nplease close the ticket\r\n"
    ),
    "escapes in every field": lambda: (
        b"".join(b"%s: %s\r\n" % (name, b"".join(ESCAPES)) for name in (b"Subject", b"From", b"To", b"X-Odd", b"Message-ID", b"References"))
        + b"\r\n"
        + b"\n".join(ESCAPES)
    ),
    "names of our own values as fields": lambda: (
        b"".join(
            b"%s: x\r\n" % name
            for name in (b"headers", b"subject", b"text", b"attachments", b"defects", b"__class__", b"__dict__", b"parse")
        )
        + TOP
        + b"\r\nbody\r\n"
    ),
    "a charset that unpacks": lambda: single(b"text/plain; charset=zlib_codec", zlib.compress(b"x" * 1_000_000)),
    "a charset that executes": lambda: single(b"text/plain; charset=unicode_escape", rb"\N{LATIN SMALL LETTER A}\x41" * 1000),
    "zero bytes in every field": lambda: TOP.replace(b"bomb", b"bo\0mb").replace(b"asker", b"as\0ker") + b"X\0: y\r\n\r\nwo\0rds",
    **{
        f"a file name ({number})": partial(with_file, b"x", b'Content-Type: x/y; name="' + name + b'"')
        for number, name in enumerate(FILE_NAMES)
    },
}
"""Each of them, and what it hopes for."""
