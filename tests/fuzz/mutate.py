"""Mails that were damaged: by bytes, lines, fields and parts, by words out of place, by another mail spliced in. And the mix of all kinds.

`mail(number)` is the mail of that number, the same on every machine, so that what fails in one run is named and found again.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random

from tests.fuzz.generate import generated

HERE = Path(__file__).resolve().parent
LONGEST = 400_000
"""Bytes of a mail that grew by repetition; what is larger is the business of tests.mail.bombs."""
_WORD = re.compile(r'^"(.*)"$', re.MULTILINE)


@cache
def seeds() -> tuple[bytes, ...]:
    """The mails of the corpus, in the order of their names."""
    return tuple(path.read_bytes() for path in sorted((HERE / "corpus").glob("*.eml")))


@cache
def words() -> tuple[bytes, ...]:
    """The words of the dictionary."""
    written = (HERE / "mail.dict").read_text(encoding="ascii")
    return tuple(word.encode("ascii").decode("unicode_escape").encode("latin-1") for word in _WORD.findall(written))


def mail(number: int) -> bytes:
    """The mail of this number: two of five are drawn, the others are damaged ones of the corpus or damaged drawn ones."""
    chance = Random(number)
    if chance.random() < 0.4:
        return generated(chance)
    return mutated(chance, chance.choice(seeds()) if chance.random() < 0.6 else generated(chance))


def mutated(chance: Random, raw: bytes) -> bytes:
    """`raw` with a few kinds of damage."""
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9))):
        raw = chance.choice(_DAMAGES)(chance, raw)[:LONGEST]
    return raw


def _slice(chance: Random, raw: bytes, longest: int = 200) -> tuple[int, int]:
    start = chance.randrange(len(raw) + 1)
    return start, min(len(raw), start + chance.randrange(1, longest))


def _flip(chance: Random, raw: bytes) -> bytes:
    out = bytearray(raw)
    for _ in range(chance.choice((1, 3, 10)) if out else 0):
        out[chance.randrange(len(out))] = chance.choice((chance.randrange(256), 0, 10, 13, 32, 34, 40, 58, 61, 255))
    return bytes(out)


def _delete(chance: Random, raw: bytes) -> bytes:
    start, stop = _slice(chance, raw)
    return raw[:start] + raw[stop:]


def _double(chance: Random, raw: bytes) -> bytes:
    start, stop = _slice(chance, raw, 2000)
    return raw[:stop] + raw[start:stop] + raw[stop:]


def _repeat(chance: Random, raw: bytes) -> bytes:
    """A few bytes a thousand times: what a bomb is."""
    start, stop = _slice(chance, raw, 30)
    return raw[:start] + raw[start:stop] * chance.choice((10, 100, 1000)) + raw[stop:]


def _insert(chance: Random, raw: bytes) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + (chance.choice(words()) if chance.random() < 0.8 else chance.randbytes(chance.randrange(1, 20))) + raw[at:]


def _replace(chance: Random, raw: bytes) -> bytes:
    """One word of the dictionary for another, wherever it stands."""
    there = [word for word in words() if len(word) > 1 and word in raw]
    return raw.replace(chance.choice(there), chance.choice(words()), chance.choice((1, 1, -1))) if there else raw


def _cut(chance: Random, raw: bytes) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)] if chance.random() < 0.7 else raw[chance.randrange(len(raw) + 1) :]


def _lines(chance: Random, raw: bytes) -> bytes:
    """Two lines change places, or one is moved, lost or doubled: header fields and delimiters are lines."""
    lines = raw.splitlines(keepends=True)
    if len(lines) < 2:
        return raw
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    what = chance.randrange(4)
    if what == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif what == 1:
        lines.insert(other, lines.pop(one))
    elif what == 2:
        del lines[one]
    else:
        lines.insert(other, lines[one])
    return b"".join(lines)


def _parts(chance: Random, raw: bytes) -> bytes:
    """What stands between lines that delimit changes places, is doubled or is lost."""
    parts = re.split(rb"(?m)^(?=--)", raw)
    if len(parts) < 3:
        return raw
    one = chance.randrange(1, len(parts))
    parts.insert(chance.randrange(1, len(parts)), parts.pop(one) if chance.random() < 0.5 else parts[one])
    return b"".join(parts)


def _splice(chance: Random, raw: bytes) -> bytes:
    """The beginning of this mail and the end of another."""
    other = chance.choice(seeds())
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other)) :]


def _wrap(chance: Random, raw: bytes) -> bytes:
    """The whole mail as a part of another."""
    head = b"From: counter@commune.example\nTo: support@desk.example\nSubject: Fwd: wrapped\n"
    kind = chance.choice((b"message/rfc822", b"multipart/mixed; boundary=b", b"multipart/report; report-type=delivery-status; boundary=b"))
    return head + b"Content-Type: " + kind + b"\n\n--b\nContent-Type: message/rfc822\n\n" + raw + b"\n--b--\n"


def _line_ends(chance: Random, raw: bytes) -> bytes:
    lines = raw.replace(b"\r\n", b"\n")
    return lines.replace(b"\n", chance.choice((b"\r\n", b"\n", b"\r", b"\r\r\n", b"\n\r", b"\x85", b"\x0b")))


def _head(chance: Random, raw: bytes) -> bytes:
    """Another mail's fields above this one's."""
    other = chance.choice(seeds())
    return re.split(rb"\r?\n\r?\n", other, maxsplit=1)[0] + b"\r\n" + raw


_DAMAGES = (
    *(_flip, _flip, _flip, _insert, _insert, _insert, _replace, _replace, _delete, _delete, _double, _cut, _lines, _lines, _parts, _splice),
    *(_repeat, _wrap, _line_ends, _head),
)
