"""The words inside a mail that is signed as a whole (S/MIME signed-data, RFC 8551 §3.5.2), so that they can be read.

Some programs and gateways put the mail into its signature instead of beside it, and who opens no signatures sees one file and no word.
The mail is not encrypted: it stands in there as it is, behind a few fields of CMS (RFC 5652 §5). Only these are read, and nothing is
verified: who sent the mail is the mail server's to say.
"""

from __future__ import annotations

TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_SEQUENCE, _FIRST_TAGGED, _OCTETS, _OCTETS_IN_PIECES, _END = 0x30, 0xA0, 0x04, 0x24, 0x00
# From behind the type to the content: into the value, into SignedData, past its version and its digest algorithms, into what is signed,
# past the type of that, into its value. A step without a tag goes past one field.
_WAY = (_FIRST_TAGGED, _SEQUENCE, None, None, _SEQUENCE, None, _FIRST_TAGGED)
_MOST_PIECES = 100_000
_DEEPEST = 8


def signed_content(raw: bytes) -> bytes | None:
    """The mail that the signed-data `raw` carries; None when it carries none, is something else, or is broken. Linear."""
    try:
        return _content(raw)
    except IndexError:  # cut in the middle of a field
        return None


def _content(raw: bytes) -> bytes | None:
    at = _enter(raw, 0, _SEQUENCE)
    if at is None or not raw.startswith(_SIGNED_DATA, at):
        return None
    at += len(_SIGNED_DATA)
    for tag in _WAY:
        at = _behind(raw, at, 0) if tag is None else _enter(raw, at, tag)
        if at is None:
            return None
    return _octets(raw, at, 0)[0]


def _header(raw: bytes, at: int) -> tuple[int, int, int | None]:
    """The tag at `at`, where its content begins, and the length of that; None for one that ends with two zeros (X.690 §8.1.3)."""
    tag, first = raw[at], raw[at + 1]
    if first < 0x80:
        return tag, at + 2, first
    count = first & 0x7F
    if count == 0:
        return tag, at + 2, None
    if count > 6:
        raise IndexError
    return tag, at + 2 + count, int.from_bytes(raw[at + 2 : at + 2 + count])


def _enter(raw: bytes, at: int, wanted: int) -> int | None:
    """Where the content of the field at `at` begins, if it is a `wanted` one."""
    tag, start, _ = _header(raw, at)
    return start if tag == wanted else None


def _behind(raw: bytes, at: int, depth: int) -> int | None:
    """Where the field behind the one at `at` begins."""
    _, start, length = _header(raw, at)
    if length is not None:
        return start + length
    position: int | None = start
    for _ in range(_MOST_PIECES):
        if position is None or depth > _DEEPEST:
            return None
        if raw[position] == _END:
            return position + 2
        position = _behind(raw, position, depth + 1)
    return None


def _octets(raw: bytes, at: int, depth: int) -> tuple[bytes | None, int]:
    """The octet string at `at`, whole or in pieces, and where the field behind it begins."""
    tag, start, length = _header(raw, at)
    if tag == _OCTETS and length is not None:
        return raw[start : start + length], start + length
    if tag != _OCTETS_IN_PIECES or depth > _DEEPEST:
        return None, at
    end = len(raw) if length is None else start + length
    pieces: list[bytes] = []
    while start < end and len(pieces) < _MOST_PIECES:
        if raw[start] == _END:
            return b"".join(pieces), start + 2
        piece, behind = _octets(raw, start, depth + 1)
        if piece is None:
            return None, at
        pieces.append(piece)
        start = behind
    return b"".join(pieces), start
