"""The process that reads suspicious mails, one after the other: the other half of gateway.runtime.sandbox.

It holds nothing that is worth taking: no key, no database, no environment, no file but the two pipes it was born with. Its limits are
set before the first mail; the limit of CPU moves up before each. It ends when nobody is left to ask it.

Bugs: it may open files, which an import that comes late needs; that nothing can be written into one is a limit too. Who takes it over
with a mail may lie about the mails that it reads from then on.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import struct
import sys
import traceback
from collections.abc import Iterable
from typing import Any, BinaryIO

from gateway.mail.plain_values import to_plain

FRAME = struct.Struct(">I")
"""How long each piece of a message is, before the piece."""
READY, READ, MEMORY, FAILED = b"ready", b"read", b"memory", b"failed"
"""What a message of the child begins with."""
_FILES = 16
_WORDS = 4000


def main(setup: str) -> None:
    """Read mails until the pipe closes. `setup` is JSON: reader (module:function), cpu_seconds, memory_bytes."""
    settings: dict[str, Any] = json.loads(setup)
    module, _, function = settings["reader"].partition(":")
    read = getattr(importlib.import_module(module), function)
    importlib.import_module("mailparser")  # now, while memory is there
    asked, answers = os.fdopen(0, "rb", closefd=False), os.fdopen(1, "wb", closefd=False)
    _limit(settings["memory_bytes"])
    send(answers, [READY])
    while question := receive(asked, count=2):
        _allow_cpu(settings["cpu_seconds"])
        about, raw = json.loads(question[0]), question[1]
        answer = _answer(read, raw, frozenset(about["authserv_ids"]), tuple(about["own_markers"]))
        del raw, question
        send(answers, answer)
        if answer[0] == MEMORY:
            return


def _limit(memory: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),  # what is in a mail belongs into no dump
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def _allow_cpu(seconds: int) -> None:
    """Let the kernel end this process when it has used so many seconds more, rounded up to a whole one."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, hard))


def _answer(read: Any, raw: bytes, authserv_ids: frozenset[str], own_markers: tuple[str, ...]) -> list[bytes]:
    """What was read, as it goes back: what it is, the values, the byte strings in them."""
    try:
        found = read(raw, authserv_ids, own_markers)
        if any(defect == "reader-failed:MemoryError" for defect in found.mail.defects):
            return [MEMORY]
        written, pieces = to_plain(found)
    except MemoryError:
        return [MEMORY]
    except Exception:  # noqa: BLE001 - the wall around one mail: what went wrong goes back in words, and the mail is tried again
        return [FAILED, traceback.format_exc()[-_WORDS:].encode("utf-8", "replace")]
    return [READ, written, *pieces]


def send(pipe: BinaryIO, message: Iterable[bytes]) -> None:
    """Write a message: each piece behind its length, and an end."""
    for piece in message:
        pipe.write(FRAME.pack(len(piece) + 1))
        pipe.write(piece)
    pipe.write(FRAME.pack(0))
    pipe.flush()


def receive(pipe: BinaryIO, *, count: int = 10_000, room: int = 2**31) -> list[bytes]:
    """The next message; [] at the end of the pipe. Raises ValueError for one that is cut, or larger than `room` bytes or `count` pieces."""
    out: list[bytes] = []
    while head := pipe.read(FRAME.size):
        if len(head) < FRAME.size:
            break
        length = FRAME.unpack(head)[0] - 1
        if length < 0:
            return out
        room -= length
        if room < 0 or len(out) == count:
            raise ValueError("the message is too long")
        out.append(pipe.read(length))
        if len(out[-1]) < length:
            break
    if out:
        raise ValueError("the message is cut")
    return out


if __name__ == "__main__":
    main(sys.argv[1])
