"""Which mails are read in a process of their own: those that could cost a reader more than an ordinary one.

A look at the bytes only, in step with their number: nothing is decoded and nothing is believed. Our reader has limits of its own and takes
all of these well, as far as we know; the sandbox is for what we do not know. A mail is suspicious by the first row of LIMITS that it
breaks, and an ordinary one breaks none, photographs, long histories and newsletters included (CASES A3.8-A3.11, A3.14).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_KIB = 1024
_HEAD = 64 * _KIB
"""A block of header fields ends sooner."""
_LONG_STRETCH = 256 * _KIB
"""Bytes between two lines that may be delimiters; a longer stretch is text that takes long, or the packed bytes of a file."""
_TOP = 8 * _KIB
_FILE_TYPE = re.compile(
    rb"(?:^|\n)content-type:\s{0,20}(?:image|audio|video|font|application)/(?![a-z-]{0,8}pkcs7|ms-tnef|vnd\.ms-tnef)", re.IGNORECASE
)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_SECTION = re.compile(rb"\*[0-9]{1,3}\*?\s{0,5}=")


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at. `head` ends with the first empty line; `rest` is all without the packed files, in lower case."""

    raw: bytes
    head: bytes
    rest: bytes
    longest: int
    """Bytes of the longest stretch that is no packed file."""


def _longest_line(look: Look) -> int:
    return max(map(len, look.rest.split(b"\n")))


LIMITS: tuple[tuple[str, Callable[[Look], int], int], ...] = (
    # reason, what is counted, how much of it is ordinary. The cheap ones first.
    ("very large", lambda look: len(look.raw), 12 * _KIB * _KIB),
    ("a long header", lambda look: len(look.head), 48 * _KIB),
    ("many header lines", lambda look: look.head.count(b"\n"), 600),
    ("many encoded words", lambda look: look.rest.count(b"=?"), 400),
    ("many addresses", lambda look: look.head.count(b"@"), 400),
    ("many comments", lambda look: look.head.count(b"("), 400),
    ("a long text", lambda look: look.longest, _LONG_STRETCH),
    ("many delimiter lines", lambda look: look.rest.count(b"\n--"), 300),
    ("many multiparts", lambda look: look.rest.count(b"boundary"), 40),
    ("many parts", lambda look: look.rest.count(b"\ncontent-type:"), 80),
    ("mails in mails", lambda look: look.rest.count(b"message/"), 20),
    ("parameters in pieces", lambda look: len(_SECTION.findall(look.rest)), 60),
    ("many tags", lambda look: look.rest.count(b"<"), 6000),
    ("files in the text", lambda look: look.rest.count(b"\nbegin "), 5),
    ("zero bytes", lambda look: look.rest.count(b"\0"), 0),
    ("a very long line", _longest_line, 64 * _KIB),
    # What is opened, other than a multipart: a format of its own with offsets and lengths that a stranger wrote.
    ("winmail.dat", lambda look: _count(look.rest, b"/ms-tnef", b"/vnd.ms-tnef", b"winmail", b"\nej8+i"), 0),
    ("a mail in its signature", lambda look: _count(look.rest, b"pkcs7-mime"), 0),
)
"""What makes a mail suspicious, as data."""


def why_suspicious(raw: bytes) -> str | None:
    """The reason to read `raw` in a process of its own, or None for an ordinary mail. Takes time in step with its length."""
    if raw.count(b"\n--") > 1000:
        return "many delimiter lines"
    blank = _BLANK_LINE.search(raw, 0, _HEAD)
    head = raw[: blank.start()] if blank else raw[:_HEAD]
    kept = list(_without_files(raw))
    look = Look(raw, head, b"".join(kept).lower(), max(map(len, kept), default=0))
    return next((reason for reason, count, most in LIMITS if count(look) > most), None)


def _without_files(raw: bytes) -> Iterator[bytes]:
    """The stretches between lines that may be delimiters; of one that is surely the packed bytes of a file its beginning only."""
    start = 0
    while start < len(raw):
        end = raw.find(b"\n--", start + 1)
        end = len(raw) if end < 0 else end
        if end - start > _LONG_STRETCH and _FILE_TYPE.search(raw, start, start + _TOP):
            yield raw[start : start + _TOP]
        else:
            yield raw[start:end]
        start = end


def _count(text: bytes, *words: bytes) -> int:
    return sum(text.count(word) for word in words)
