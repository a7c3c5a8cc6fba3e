"""A reader that does to its process what a mail says: what a fault in a library of ours could let a mail do."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from gateway.mail.understand import ReadThrough, read_through

FORGED = "0" * 64


def read(raw: bytes, authserv_ids: frozenset[str], own_markers: tuple[str, ...]) -> ReadThrough:
    """Read `raw`, unless it says otherwise."""
    found = read_through(raw, authserv_ids, own_markers)
    word = found.mail.text.partition("do:")[2].partition(".")[0]
    if word == "loop":
        while True:
            pass
    if word == "sleep":
        time.sleep(600)
    if word == "eat":
        bytearray(2**30)
    if word == "exit":
        os._exit(3)
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "raise":
        raise LookupError("no such thing")
    if word == "babble":
        os.write(1, b"\xff" * 4096)
    if word == "zero":
        return replace(found, mail=replace(found.mail, subject="a\0b"))
    if word == "flood":
        return replace(found, mail=replace(found.mail, defects=("x" * 1000,) * 40_000))
    if word == "lie":
        return replace(found, mail=replace(found.mail, attachments=tuple(replace(one, sha256=FORGED) for one in found.mail.attachments)))
    return _tells(found, word)


def _tells(found: ReadThrough, word: str) -> ReadThrough:
    """The mail with what the process knows as its subject."""
    told = {
        "environment": lambda: repr(sorted(os.environ)),
        "files": lambda: repr(sorted(entry.name for entry in Path("/proc/self/fd").iterdir())),
        "session": lambda: repr(os.getsid(0) == os.getpid()),
        "write": _writes,
    }
    return replace(found, mail=replace(found.mail, subject=told[word]())) if word in told else found


def _writes() -> str:
    place = Path("/tmp/a-mail-was-here")
    try:
        with place.open("wb", buffering=0) as file:
            return f"{file.write(b'x')} bytes"
    except OSError as error:
        return type(error).__name__
    finally:
        place.unlink()
