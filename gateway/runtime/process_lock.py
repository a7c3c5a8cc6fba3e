"""One daemon on one SQLite file: the second says who is there and goes away.

The lock is the kernel's (flock), so that it goes with its process, however that ends; the words in the file are only for people. The
command line and `ingest` write beside the daemon and do not take it. Several workers need PostgreSQL, which has leases instead (CASES B30).

Bugs: on NFS a lock may outlive the machine that held it for as long as the server waits for it; keep the database on a local disk.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

READ_TRIES = 20
READ_PAUSE = 0.025
"""A holder has its lock a moment before its words are in the file; the pause is in seconds."""


class LockHeldError(Exception):
    """Another gateway runs on this database; the message says which process, on which host, since when."""


@contextlib.contextmanager
def process_lock(database: Path) -> Iterator[Path]:
    """Hold the lock of `database`, a SQLite file that need not be there yet, in `<database>.lock`; yields that file.

    Raises LockHeldError at once when another process holds it. The file stays when the lock goes: removing it would let two hold it.
    """
    file = database.with_name(database.name + ".lock")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise LockHeldError(f"another gateway is running on {database}: {_holder(descriptor)}. Stop it first") from held
        _write(descriptor, f"process {os.getpid()} on {socket.gethostname()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        yield file
        _write(descriptor, "")
    finally:
        os.close(descriptor)


def _write(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _holder(descriptor: int) -> str:
    for _ in range(READ_TRIES):
        said = os.pread(descriptor, 1000, 0).decode(errors="replace")
        if said.endswith("\n"):
            return said.strip()
        time.sleep(READ_PAUSE)
    return "a process that has not said who it is"
