"""Suspicious mails are read by a process of its own, kept warm, so that what one does to its reader it does to nobody else.

What looks harmless (gateway.mail.read.suspicion) is read here, in this process, without a copy of every byte. The rest goes through a pipe
to a child that has no key, no environment and no file of ours, under limits of CPU, memory and time; its answer is rebuilt by type and
never unpickled (gateway.mail.plain_values). A child that died or broke a limit costs its mail one attempt, by the rules that hold for any
mail that cannot be read, and the next mail gets a new child (CASES B39, B40, A3.14).

Bugs: the child runs as the same user and is not shut off from the network or from reading files; it is fenced against what costs too
much, and holds nothing that is worth taking. systemd's lock on the service holds for it too.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import structlog

from gateway.mail.inbound import Attachment
from gateway.mail.plain_values import NotOurValueError, from_plain
from gateway.mail.read.suspicion import why_suspicious
from gateway.mail.understand import NoReaderError, ReaderFailedError, ReadThrough, read_through
from gateway.runtime.sandbox_child import FAILED, MEMORY, READ, receive, send

_MIB = 1024 * 1024
_START_SECONDS = 30.0
_LAST_BREATH = 1.0
"""Seconds between the end of a pipe and that of its process."""
_ANSWER_BYTES = 160 * _MIB
"""A mail of 25 MiB that is signed and enclosed several times has its files several times."""
_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[2]); from gateway.runtime.sandbox_child import main; main(sys.argv[1])"
_VALUES_BYTES = 32 * _MIB
"""Of JSON. What it becomes here may be ten times as large, and who wrote it may mean harm."""
READER = "gateway.mail.understand:read_through"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What reading one mail may cost."""

    cpu_seconds: int = 2
    wall_seconds: float = 15.0
    """Less than a stop of the daemon waits for the mail in hand."""
    memory_bytes: int = 320 * _MIB
    """Of address space, the interpreter's own 30 MiB among them."""


class Sandbox:
    """Reads mails: harmless ones at once, suspicious ones in a child that is started when the first comes. For any number of threads."""

    def __init__(self, allowance: Allowance = Allowance(), *, reader: str = READER) -> None:
        self._allowance = allowance
        self._reader = reader
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the child, if there is one."""
        return self._child.pid if self._child else None

    def read(self, raw: bytes, authserv_ids: frozenset[str], own_markers: tuple[str, ...]) -> ReadThrough:
        """Read `raw` where it belongs. Raises ReaderFailedError for a mail that was too much, NoReaderError where no child would start."""
        why = why_suspicious(raw)
        if why is None:
            return read_through(raw, authserv_ids, own_markers)
        about = json.dumps({"authserv_ids": sorted(authserv_ids), "own_markers": own_markers}).encode()
        with self._lock:
            child = self._child if self._child is not None and self._child.poll() is None else self._started()
            try:
                answer = _ask(child, [about, raw], self._allowance.wall_seconds)
                if answer[0] == READ:
                    return _believed(answer)
                words = self._words(answer)
            except (OSError, ValueError, IndexError, NotOurValueError) as error:
                words = self._epitaph(child, error)
        log.warning("sandbox.failed", why=words.strip().rpartition("\n")[2][:300], suspicious=why, size=len(raw))
        raise ReaderFailedError(words)

    def stop(self) -> None:
        """End the child. No harm where there is none; waits for a mail in hand."""
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        self._end()
        setup = {"reader": self._reader, "cpu_seconds": self._allowance.cpu_seconds, "memory_bytes": self._allowance.memory_bytes}
        places = [str(Path(place).absolute()) for place in sys.path]
        command = [sys.executable, "-I", "-S", "-B", "-c", _BOOT, json.dumps(setup), json.dumps(places)]
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                start_new_session=True,
            )
            _ask(self._child, None, _START_SECONDS)
        except (OSError, ValueError) as error:
            self._end()
            log.error("sandbox.start", error=str(error)[:300])
            raise NoReaderError(f"no process could be started that reads suspicious mail: {error}") from error
        log.info("sandbox.started", pid=self._child.pid)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                cast("BinaryIO", pipe).close()

    def _words(self, answer: list[bytes]) -> str:
        """What the child says of a mail that it could not read."""
        if answer == [MEMORY]:
            self._end()
            return f"needed more than {self._allowance.memory_bytes // _MIB} MiB of memory while it was read"
        kind, traceback = answer
        if kind != FAILED:
            raise ValueError("not a word that we know")
        return traceback.decode("utf-8", "replace")

    def _epitaph(self, child: subprocess.Popen[bytes], error: Exception) -> str:
        """Why a child gave no answer, in words. There is no child afterwards."""
        try:
            code = child.wait(0 if isinstance(error, TimeoutError) else _LAST_BREATH)
        except subprocess.TimeoutExpired:
            code = 0
        self._end()
        if isinstance(error, TimeoutError):
            return f"was not read within {self._allowance.wall_seconds:g} s"
        if code == -signal.SIGXCPU:
            return f"used more than {self._allowance.cpu_seconds} s of CPU while it was read"
        if code < 0:
            return f"its reader was killed while it read it ({signal.strsignal(-code)})"
        return f"its reader gave no answer ({error or type(error).__name__}, status {code})"


def _ask(child: subprocess.Popen[bytes], message: list[bytes] | None, seconds: float) -> list[bytes]:
    """The answer to `message`, or the first word of a new child. Raises TimeoutError when it took too long; then the child was killed."""
    late = threading.Event()

    def kill() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(seconds, kill)
    timer.start()
    try:
        if message is not None:
            send(cast("BinaryIO", child.stdin), message)
        answer = receive(cast("BinaryIO", child.stdout), room=_ANSWER_BYTES)
    except (OSError, ValueError):
        if not late.is_set():
            raise
        answer = []
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError
    if not answer:
        raise ValueError("the pipe is closed")
    return answer


def _believed(answer: list[bytes]) -> ReadThrough:
    """The values of an answer. A file is what its bytes are: under a hash that is not theirs it would be somebody else's."""
    if len(answer[1]) > _VALUES_BYTES:
        raise NotOurValueError("more values than a mail has")
    found = from_plain(ReadThrough, answer[1], answer[2:])
    files: tuple[Attachment, ...] = found.mail.attachments + (found.forwarded.attachments if found.forwarded else ())
    if any(hashlib.sha256(one.content).hexdigest() != one.sha256 for one in files):
        raise NotOurValueError("a file under a hash that is not its own")
    return found
