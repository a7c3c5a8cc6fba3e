"""Mails out of a number: trees of parts with everything that programs, relays and enemies were seen to do to them.

A mail is drawn from a `random.Random`, so that a number is a mail for ever and a test can name the one that failed. Most of what is drawn
is nearly right: what is all wrong is turned away at the first line and tests nothing behind it.
"""

from __future__ import annotations

import base64
import binascii
import quopri
from random import Random

from tests.fuzz import fragments as some
from tests.mail import tnef_writer as tnef
from tests.mail.read.test_smime import signed

DEEPEST = 5
_SEVERAL = (1, 1, 1, 2, 2, 3, 6)


def generated(chance: Random) -> bytes:
    """One mail, of any shape."""
    end = chance.choices((b"\r\n", b"\n", b"\r"), (6, 3, 1))[0]
    lines = _envelope(chance) + _fields(chance)
    chance.shuffle(lines) if chance.random() < 0.2 else None
    raw = b"\n".join((*lines, _entity(chance, 0)))
    raw = raw.replace(b"\n", end) if chance.random() < 0.9 else _mixed_ends(chance, raw)
    if chance.random() < 0.03:
        raw = chance.choice((b"\xef\xbb\xbf", b"\r\n", b"From a@example.org Mon Mar  2 09:00:00 2026\n", b" ", b">From x\n")) + raw
    return raw


def _mixed_ends(chance: Random, raw: bytes) -> bytes:
    return b"".join(line + chance.choice((b"\r\n", b"\n", b"\n", b"\r", b"\r\r\n")) for line in raw.split(b"\n"))


def _envelope(chance: Random) -> list[bytes]:
    """What servers wrote on top, or an enemy in their name."""
    return [line for odds, line in some.ENVELOPE if chance.random() < odds]


def _fields(chance: Random) -> list[bytes]:
    fields = [b"From: " + _addresses(chance, 1), b"To: " + _addresses(chance, chance.choice(_SEVERAL)), b"Subject: " + _words(chance)]
    fields.append(
        b"Message-ID: " + (b"<%d@commune.example>" % chance.getrandbits(40) if chance.random() < 0.8 else chance.choice(some.IDS))
    )
    for name, odds in (("Cc", 0.3), ("Reply-To", 0.15), ("Sender", 0.1), ("From", 0.04), ("Delivered-To", 0.1)):
        if chance.random() < odds:
            fields.append(name.encode() + b": " + _addresses(chance, chance.choice(_SEVERAL)))
    if chance.random() < 0.9:
        fields.append(b"Date: " + chance.choice(some.DATES))
    if chance.random() < 0.3:
        fields.append(b"In-Reply-To: " + chance.choice(some.IDS))
        fields.append(b"References: " + b"\n ".join(chance.choice(some.IDS) for _ in range(chance.choice(_SEVERAL))))
    fields += [line for odds, line in some.SAYS if chance.random() < odds]
    while chance.random() < 0.1:
        fields.append(chance.choice(some.ODD_FIELDS))
    return fields


def _addresses(chance: Random, count: int) -> bytes:
    out = []
    for _ in range(count):
        name = chance.choice((b"", b"", b'"Counter One" ', b"Counter ", _words(chance)[:200].replace(b",", b" ") + b" "))
        out.append(chance.choice(some.ODD_ADDRESSES) if chance.random() < 0.15 else name + chance.choice(some.ADDRESSES))
    return chance.choice((b", ", b",\n ", b",", b"; ")).join(out)


def _words(chance: Random) -> bytes:
    """The value of a field that people read: some words, plain, encoded well or badly, or raw."""
    start = chance.choice(some.PREFIXES)
    out = [start] if start else []
    for _ in range(chance.choice(_SEVERAL)):
        text = chance.choice(some.TEXTS)
        charset = chance.choice(some.CHARSETS)
        raw = _in(text, charset)
        out.append(
            chance.choice(
                (
                    text.encode("ascii", "replace"),
                    b"=?" + charset + b"?B?" + binascii.b2a_base64(raw, newline=False) + b"?=",
                    b"=?" + charset + b"?Q?" + quopri.encodestring(raw, header=True).replace(b"=\n", b"") + b"?=",
                    raw.replace(b"\n", b" "),
                    chance.choice(some.BROKEN_WORDS),
                )
            )
        )
    return chance.choice((b" ", b"\n ", b"", b"\n\t")).join(out)


def _in(text: str, charset: bytes) -> bytes:
    """`text` in `charset`, or in UTF-8 under its name where it has none of these letters."""
    try:
        return text.encode(charset.decode("ascii"))
    except (LookupError, UnicodeError, ValueError):
        return text.encode("utf-8", "surrogatepass")


def _entity(chance: Random, depth: int) -> bytes:
    """A part: fields, an empty line, a body."""
    make = chance.choices(tuple(_KINDS), tuple(_KINDS.values()))[0]
    if depth >= DEEPEST or (depth and make is _single and chance.random() < 0.2):
        make = _text
    head, body = make(chance, depth)
    if chance.random() < 0.03:
        head = b""
    if chance.random() < 0.05:
        head += b"\n" + chance.choice(some.ODD_FIELDS)
    return head + (b"\n\n" if chance.random() < 0.98 else b"\n") + body


def _multipart(chance: Random, depth: int) -> tuple[bytes, bytes]:
    boundary = chance.choice(some.BOUNDARIES)
    kind = chance.choice(some.MULTIPARTS)
    written = boundary if chance.random() < 0.8 else chance.choice((b"", boundary[:-1], boundary + b"x", b'"' + boundary))
    quoted = b'"' + written + b'"' if chance.random() < 0.7 else written
    parts = [_entity(chance, depth + 1) for _ in range(chance.choice(_SEVERAL))]
    body = b"a preamble\n" if chance.random() < 0.3 else b""
    for part in parts:
        body += b"--" + boundary + chance.choice((b"\n", b"\n", b"\n", b" \n", b"--\n", b"x\n")) + part + b"\n"
    if chance.random() < 0.8:
        body += b"--" + boundary + b"--\n"
    if chance.random() < 0.2:
        body += b"an epilogue\n--" + boundary + b"\n\nlate words\n"
    return b"Content-Type: " + kind + b"; boundary=" + quoted + _encoding(chance, b"", often=0.1)[0], body


def _text(chance: Random, depth: int) -> tuple[bytes, bytes]:
    del depth
    charset = chance.choice(some.CHARSETS)
    text = "\n".join(chance.choice(some.TEXTS + some.REPLY_LINES) for _ in range(chance.choice((1, 3, 8, 20))))
    kind = chance.choice(some.TEXT_TYPES)
    label = b"; charset=" + chance.choice((charset, charset, b'"' + charset + b'"', chance.choice(some.CHARSETS)))
    head, body = _encoding(chance, _in(text, charset), often=0.7)
    return b"Content-Type: " + kind + (label if chance.random() < 0.85 else b"") + head, body


def _html(chance: Random, depth: int) -> tuple[bytes, bytes]:
    del depth
    page = "".join(chance.choice(some.HTML + some.TEXTS) for _ in range(chance.choice((2, 8, 30))))
    charset = chance.choice(some.CHARSETS)
    head, body = _encoding(chance, _in(page, charset), often=0.7)
    return b"Content-Type: text/html; charset=" + charset + head, body


def _encoding(chance: Random, raw: bytes, *, often: float) -> tuple[bytes, bytes]:
    """The field that names a transfer encoding, and `raw` in it; or in another one, for relays do that."""
    if chance.random() > often:
        return b"", raw
    name = chance.choice(some.ENCODINGS)
    used = name if chance.random() < 0.85 else chance.choice(some.ENCODINGS)
    body = raw
    if used.lower().startswith(b"base64"):
        body = base64.encodebytes(raw) if chance.random() < 0.8 else base64.encodebytes(raw)[: -chance.randrange(1, 6)] + b"!*\n"
    elif used.lower().startswith(b"quoted"):
        body = quopri.encodestring(raw) if chance.random() < 0.8 else quopri.encodestring(raw) + b"=\n=Z=4\n="
    elif used == b"x-uuencode":
        body = _uuencoded(raw)
    return b"\nContent-Transfer-Encoding: " + name, body


def _uuencoded(raw: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(raw[at : at + 45]) for at in range(0, len(raw), 45))
    return b"begin 644 a file.bin\n" + lines + b"`\nend\n"


def _single(chance: Random, depth: int) -> tuple[bytes, bytes]:
    """A file, under any name."""
    del depth
    kind = chance.choice(some.FILE_TYPES)
    head, body = _encoding(chance, chance.choice(some.FILES), often=0.8)
    names = b"".join(b"\n" + line for line in chance.sample(some.FILE_NAMES, chance.choice((0, 1, 1, 2))))
    return b"Content-Type: " + kind + head + names, body


def _enclosed(chance: Random, depth: int) -> tuple[bytes, bytes]:
    """A mail in the mail, or the part of a report."""
    kind = chance.choice(
        (b"message/rfc822", b"message/rfc822", b"message/global", b"text/rfc822-headers", b"message/partial; id=a; number=1")
    )
    head, _ = _encoding(chance, b"", often=0.2)
    return b"Content-Type: " + kind + head, b"\n".join((*_fields(chance), _entity(chance, depth + 1)))


def _report(chance: Random, depth: int) -> tuple[bytes, bytes]:
    del depth
    kind, body = chance.choice(some.REPORTS)
    lines = body.split(b"\n")
    if chance.random() < 0.3:
        lines.insert(chance.randrange(len(lines)), chance.choice(some.ODD_FIELDS))
    return b"Content-Type: " + kind, b"\n".join(lines)


def _winmail(chance: Random, depth: int) -> tuple[bytes, bytes]:
    del depth
    name = chance.choice(("a.txt", "../../x", "a\0b", "é" * 200, ""))
    files = tuple(
        tnef.File(chance.choice(some.FILES), name[:8].replace("\0", ""), (tnef.prop(tnef.LONG_NAME, tnef.UNICODE, name),))
        for _ in range(chance.choice((0, 1, 3)))
    )
    stream = tnef.Wrapped(files, "words in it", (tnef.prop(tnef.HTML, tnef.BINARY, b"<p>a page</p>"),)).written()
    if chance.random() < 0.4:
        cut = bytearray(stream)
        for _ in range(chance.choice(_SEVERAL)):
            cut[chance.randrange(len(cut))] = chance.randrange(256)
        stream = bytes(cut[: chance.randrange(len(cut) // 2, len(cut))])
    return b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64", base64.encodebytes(stream)


def _in_its_signature(chance: Random, depth: int) -> tuple[bytes, bytes]:
    inner = _entity(chance, depth + 2)
    content = signed(inner[:60_000], streamed=chance.random() < 0.5)
    content = content if chance.random() < 0.8 else content[: chance.randrange(1, len(content))]
    return b"Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64", base64.encodebytes(content)


_KINDS = {
    _text: 10,
    _html: 5,
    _multipart: 10,
    _single: 5,
    _enclosed: 2,
    _report: 2,
    _winmail: 1,
    _in_its_signature: 1,
}
