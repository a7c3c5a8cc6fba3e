"""Files that somebody offers on the page: named for display only, their type read from their bytes, stored under their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.desk.office import Office
from gateway.domain.ticket import StoredAttachment
from gateway.mail.read.attachments import safe_name
from gateway.store.blobs import Prepared

FILE_LIMIT = 20 * 1024 * 1024
"""Bytes of one file (ruling 15)."""

MOST_FILES = 20

MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
OTHER = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file as it was uploaded."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Ready:
    """Files whose bytes are safe, and the rows that name them."""

    blobs: list[Prepared]
    files: tuple[StoredAttachment, ...]


def stored(office: Office, offered: Sequence[OfferedFile]) -> Ready:
    """Put files away; their rows are written by the caller, in his transaction."""
    blobs = [office.blobs.prepare(one.content) for one in offered]
    rows = tuple(
        StoredAttachment(
            safe_name(one.filename) or f"file-{number}",
            kind_of(one.content),
            len(one.content),
            hashlib.sha256(one.content).hexdigest(),
        )
        for number, one in enumerate(offered, start=1)
    )
    return Ready(blobs, rows)


def kind_of(content: bytes) -> str:
    """The media type that the bytes show, of the few that a browser may be told; anything else is only a download (CASES A3.4, A3.5)."""
    for magic, kind in MAGIC:
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    head = content[:65_536]
    try:
        text = head.decode("utf-8", errors="ignore" if len(content) > len(head) else "strict")
    except UnicodeDecodeError:
        return OTHER
    printable = all(char.isprintable() or char in "\r\n\t\f" for char in text)
    return "text/plain" if text and printable and "<" not in text[:1024] else OTHER
