"""Mails that are built to cost their reader more than they cost their writer (CASES A3.8-A3.10, A3.14, A3.15), by what they abuse."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

TOP = b"From: asker@example.org\r\nTo: support@example.be\r\nSubject: a bomb\r\nMIME-Version: 1.0\r\n"
_MIB = 1024 * 1024


def single(content_type: bytes, body: bytes, encoding: bytes = b"8bit") -> bytes:
    """A mail of one part."""
    return TOP + b"Content-Type: " + content_type + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body


def _depth(levels: int = 20_000) -> bytes:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels))
    return TOP + heads + b"\r\nat the bottom\r\n"


def _mails_in_mails(levels: int = 2000) -> bytes:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + TOP
    return TOP + inner * levels + b"\r\nat the bottom\r\n"


def _parts(count: int = 200_000) -> bytes:
    return TOP + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


def _nearly_delimiters(count: int = 400_000) -> bytes:
    return TOP + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + b"--bx\r\n" * count


def _nested_alike(levels: int = 30) -> bytes:
    boundary = b"b" * 900
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n" % (boundary[n:], boundary[n:]) for n in range(levels))
    return TOP + heads + (b"\n--" + boundary + b"x") * 3000


def _headers(count: int = 200_000) -> bytes:
    return TOP + b"".join(b"X-%d: y\r\n" % n for n in range(count)) + b"\r\nbody\r\n"


def _header_lines_that_are_none(count: int = 200_000) -> bytes:
    return TOP + b"no field at all\r\n" * count + b"\r\nbody\r\n"


def _pieces(count: int = 60_000) -> bytes:
    parameters = b"".join(b"; name*%d*=utf-8''%%C3%%A9" % n for n in range(count))
    return TOP + b"Content-Type: application/pdf" + parameters + b"\r\n\r\nbody\r\n"


def _words(count: int = 60_000) -> bytes:
    return TOP + b"Comments: " + b"=?utf-8?Q?=C3=A9?= " * count + b"\r\nSubject: " + b"=?utf-8?B?w6k" * count + b"\r\n\r\nbody\r\n"


def _addresses(count: int = 200_000) -> bytes:
    return TOP + b"Cc: " + b",\r\n ".join(b'"Role %d" <role%d@example.org>' % (n, n) for n in range(count)) + b"\r\n\r\nbody\r\n"


def _comments(count: int = 100_000) -> bytes:
    return b"From: " + b"(" * count + b'"<' * count + b"asker@example.org>\r\n" + TOP + b"\r\nbody\r\n"


def _tags(count: int = 1_000_000) -> bytes:
    return single(b"text/html; charset=utf-8", b"<html><body>" + b"<b><div>x" * count)


def _packed_tags() -> bytes:
    return single(b"text/html; charset=utf-8", base64.encodebytes(b"<table><tr><td>" * 1_000_000), b"base64")


def _one_tag(count: int = 8 * _MIB) -> bytes:
    return single(b"text/html; charset=utf-8", b"<a " + b"b='" * (count // 3) + b"<!--" * 1000)


def _garbage(size: int = 20 * _MIB) -> bytes:
    return single(b"application/octet-stream", random.Random(1).randbytes(size).replace(b"\n", b"=").replace(b"\r", b"*"), b"base64")


def _short_lines(count: int = 12_000_000) -> bytes:
    return single(b"text/plain; charset=utf-8", b"\r\n" * count)


def _quotations(count: int = 300_000) -> bytes:
    lines = b"> On Monday somebody wrote:\r\n>> -----Original Message-----\r\nFrom: a@example.org\r\n"
    return b"In-Reply-To: <1@example.org>\r\n" + single(b"text/plain; charset=utf-8", lines * count)


def _marks(size: int = 8 * _MIB) -> bytes:
    return b"In-Reply-To: <1@example.org>\r\n" + single(b"text/plain; charset=utf-8", b">" * size)


def _emoji(size: int = 20 * _MIB) -> bytes:
    return single(b"text/plain; charset=utf-8", "\N{PRINTER}".encode() * (size // 4))


def _uuencoded(count: int = 300_000) -> bytes:
    return single(b"text/plain", b"begin 644 a.bin\r\n#86)C\r\n" * count)


BOMBS: dict[str, Callable[[], bytes]] = {
    "depth": _depth,
    "mails in mails": _mails_in_mails,
    "parts": _parts,
    "delimiters that are none": _nearly_delimiters,
    "boundaries that contain each other": _nested_alike,
    "header fields": _headers,
    "header lines that are none": _header_lines_that_are_none,
    "RFC 2231": _pieces,
    "encoded words": _words,
    "addresses": _addresses,
    "comments": _comments,
    "HTML tags": _tags,
    "HTML tags in base64": _packed_tags,
    "one HTML tag": _one_tag,
    "base64 garbage": _garbage,
    "empty lines": _short_lines,
    "quotations": _quotations,
    "quotation marks": _marks,
    "emoji": _emoji,
    "uuencoded files": _uuencoded,
    "binary": lambda: random.Random(2).randbytes(20 * _MIB),
    "zero bytes": lambda: TOP + b"\r\n" + b"\0" * (20 * _MIB),
    "an open quotation mark": lambda: TOP + b'Content-Type: multipart/mixed; boundary="' + b'\\"' * 100_000 + b"\r\n\r\nbody\r\n",
}
"""Every one that is known here."""
