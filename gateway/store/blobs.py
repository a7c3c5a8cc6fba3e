"""Bytes under the name of their SHA-256: raw mails and attachments, each stored once.

Small ones stand in the database, so that a batch of mails shares one fsync and several machines share them. Larger ones are files:
written beside their place, fsync'd, renamed, and the folder fsync'd, all before the row that speaks of them (CASES B36).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store import schema
from gateway.store.statements import insert_or_ignore


@dataclass(frozen=True, slots=True)
class Prepared:
    """Bytes that are ready for their row: already on disk when `content` is None."""

    sha256: str
    size: int
    content: bytes | None = field(repr=False)


class BlobMissingError(Exception):
    """A row speaks of bytes that are not there: the blob folder was moved or lost. Restore it from the backup."""


class Blobs:
    """The blob store: database rows up to `inline_limit` bytes, files under `folder` above it."""

    def __init__(self, folder: Path, inline_limit: int) -> None:
        """`inline_limit` in bytes."""
        self.folder = folder
        self.inline_limit = inline_limit

    def prepare(self, content: bytes) -> Prepared:
        """Make large bytes durable now, outside any transaction; small ones ride in the row."""
        sha256 = hashlib.sha256(content).hexdigest()
        if len(content) <= self.inline_limit:
            return Prepared(sha256, len(content), content)
        place = self._place(sha256)
        if not place.exists():
            self._write(place, content)
        return Prepared(sha256, len(content), None)

    def insert(self, connection: Connection, blobs: list[Prepared], now: datetime) -> None:
        """The rows of `blobs`, in the caller's transaction; those that exist stay as they are."""
        rows = {b.sha256: {"sha256": b.sha256, "size": b.size, "content": b.content, "created_at": now} for b in blobs}
        if rows:
            # in the order of their names: two workers that store the same blobs must not wait for each other crosswise
            connection.execute(insert_or_ignore(connection, schema.blobs), [rows[name] for name in sorted(rows)])

    def read(self, connection: Connection, sha256: str) -> bytes:
        """The bytes called `sha256`. Raises BlobMissingError when row or file is not there."""
        row = connection.execute(sa.select(schema.blobs.c.content).where(schema.blobs.c.sha256 == sha256)).first()
        if row is None:
            raise BlobMissingError(f"blob {sha256}: no row in the database")
        if row.content is not None:
            return bytes(row.content)
        try:
            return self._place(sha256).read_bytes()
        except FileNotFoundError as missing:
            raise BlobMissingError(f"blob {sha256}: {self._place(sha256)} is missing") from missing

    def drop(self, connection: Connection, sha256: str) -> None:
        """Forget bytes that no row needs any more. The file goes last: a crash in between leaves a stray file, never a hole."""
        connection.execute(sa.delete(schema.blobs).where(schema.blobs.c.sha256 == sha256))

    def unlink(self, sha256: str) -> None:
        """Remove the file of a dropped blob, after the commit."""
        self._place(sha256).unlink(missing_ok=True)

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:]

    def _write(self, place: Path, content: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).rename(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        for folder in (place.parent, self.folder):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
