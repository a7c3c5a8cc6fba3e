"""Whatever a mail does to its reader, it costs one attempt of that mail and nothing else."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.desk import receive
from gateway.mail.understand import NoReaderError, ReaderFailedError, read_through
from gateway.runtime.bell import Bell
from gateway.runtime.loops import ReceiveLoop
from gateway.runtime.metrics import Metrics
from gateway.runtime.sandbox import Allowance, Sandbox
from gateway.store import schema
from gateway.store.intake import Arrival
from tests.desk.scene import Scene
from tests.mail.bombs import BOMBS
from tests.runtime.test_daemon import wait_for
from tests.store.fresh import sqlite_store

HOSTILE = "tests.runtime.hostile_reader:read"
MAIL = (
    b"From: jess@commune.example\r\nTo: support@desk.example\r\nSubject: one\r\nMessage-ID: <%d@commune.example>\r\n"
    b"Date: Mon, 2 Mar 2026 09:00:00 +0100\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello \0 do:%s.\r\n"
    b"--b\r\nContent-Type: image/png\r\nContent-ID: <p@commune.example>\r\n\r\n\xff\xfe\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: bo@commune.example\r\nSubject: two\r\n\r\nbelow\r\n--b--\r\n"
)
SECONDS = Allowance(cpu_seconds=1, wall_seconds=60.0)
WORDS = {
    "loop": "used more than 1 s of CPU while it was read",
    "eat": "needed more than 320 MiB of memory while it was read",
    "exit": "its reader gave no answer (the pipe is closed, status 3)",
    "die": "its reader was killed while it read it (Killed)",
    "raise": "LookupError: no such thing",
    "babble": "its reader gave no answer",
    "zero": "its reader gave no answer",
    "flood": "its reader gave no answer (more values than a mail has",
    "lie": "its reader gave no answer (a file under a hash that is not its own",
}


def suspicious(word: str = "", number: int = 1) -> bytes:
    """A mail with a zero byte in its text, which is suspicious."""
    return MAIL % (number, word.encode())


def asks(sandbox: Sandbox, raw: bytes) -> Any:
    """What `sandbox` reads in `raw`."""
    return sandbox.read(raw, frozenset({"mx.desk.example"}), ("--- reply above ---",))


def children() -> set[str]:
    """The processes that this one has, dead ones that nobody buried among them."""
    return {
        entry.name
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and f"\nPPid:\t{os.getpid()}\n" in ((entry / "status").read_text() if entry.exists() else "")
    }


@pytest.fixture
def hostile() -> Iterator[Sandbox]:
    """A sandbox whose reader does what a mail says."""
    made = Sandbox(SECONDS, reader=HOSTILE)
    yield made
    made.stop()


def test_what_comes_back_is_what_is_read_here() -> None:
    """A suspicious mail reads the same in the sandbox: every value, the bytes of its files, the mail that it forwards."""
    sandbox = Sandbox()
    found = asks(sandbox, suspicious())
    assert sandbox.pid is not None
    sandbox.stop()

    assert found == read_through(suspicious(), frozenset({"mx.desk.example"}), ("--- reply above ---",))
    assert b"\xff\xfe" == found.mail.attachments[0].content
    assert sandbox.pid is None


def test_an_ordinary_mail_needs_no_child() -> None:
    """What looks harmless is read in this process: no child is started for it."""
    sandbox = Sandbox()
    asks(sandbox, suspicious().replace(b"\0", b"-"))
    assert sandbox.pid is None


def test_one_child_reads_many() -> None:
    """Two hundred suspicious mails are read by one process, which keeps nothing of them."""
    sandbox = Sandbox()
    pids, sizes = set(), []
    for number in range(200):
        asks(sandbox, suspicious(number=number) + b"x" * 300_000)
        pids.add(sandbox.pid)
        sizes.append(int(Path(f"/proc/{sandbox.pid}/statm").read_text().split()[1]))
    sandbox.stop()

    assert 1 == len(pids)
    assert sizes[-1] < sizes[20] * 1.2


@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_mail_that_breaks_its_reader_is_told_in_words(word: str, hostile: Sandbox) -> None:
    """Its reader ends or answers nonsense; the reason is said, nobody stays unburied, and the next mail is read by a new process."""
    before = children()
    with pytest.raises(ReaderFailedError) as failed:
        asks(hostile, suspicious(word))
    assert WORDS[word] in str(failed.value)
    assert len(children() - before) <= 1  # the child may go on where it only said that it failed
    assert "one" == asks(hostile, suspicious("nothing")).mail.subject


def test_a_mail_that_its_reader_does_not_end_is_given_up() -> None:
    """A child that waits for ever uses no CPU; it is ended by the clock, and the next mail is read."""
    sandbox = Sandbox(replace(SECONDS, wall_seconds=1.0), reader=HOSTILE)
    with pytest.raises(ReaderFailedError, match=r"^was not read within 1 s$"):
        asks(sandbox, suspicious("sleep"))
    assert sandbox.pid is None
    sandbox.stop()


def test_a_child_that_died_while_it_was_idle_is_replaced(hostile: Sandbox) -> None:
    """The kernel may kill it between two mails: no mail pays for that."""
    asks(hostile, suspicious())
    first = hostile.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    time.sleep(0.1)

    assert "one" == asks(hostile, suspicious()).mail.subject
    assert first != hostile.pid


def test_the_child_has_nothing(monkeypatch: pytest.MonkeyPatch, hostile: Sandbox) -> None:
    """No environment, no file but its three pipes (and the folder it lists), a session of its own, and not a byte that it may write."""
    monkeypatch.setenv("GATEWAY__SECRET__KEY", "k" * 64)
    read_end, write_end = os.pipe()
    os.set_inheritable(write_end, True)
    told = {word: asks(hostile, suspicious(word)).mail.subject for word in ("environment", "files", "session", "write")}
    os.close(read_end)
    os.close(write_end)

    assert told.pop("environment") in {"[]", "['LC_CTYPE']"}  # Python sets the latter itself where the system has a UTF-8 locale
    assert {"files": "['0', '1', '2', '3']", "session": "True", "write": "OSError"} == told


def test_a_child_that_cannot_start_is_not_the_mails_fault() -> None:
    """Without a process that reads it, a mail is not failed."""
    with pytest.raises(NoReaderError):
        asks(Sandbox(reader="gateway.mail.understand:no_such_reader"), suspicious())


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_a_bomb_costs_little(bomb: str) -> None:
    """Each is suspicious, and read within 2 s of CPU and 300 MiB (CASES A3.8, E4)."""
    sandbox = Sandbox(replace(Allowance(), wall_seconds=60.0))
    try:
        asks(sandbox, BOMBS[bomb]())
        [peak] = [line for line in Path(f"/proc/{sandbox.pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
        assert int(peak.split()[1]) < 300 * 1024
    finally:
        sandbox.stop()


@pytest.mark.parametrize("word", ["loop", "eat", "exit", "die"])
def test_a_poison_mail_is_parked_and_the_others_go_on(word: str, tmp_path: Path, hostile: Sandbox) -> None:
    """Tried once in company and three times alone, then parked with a stub and the reason in words; the mails around it became tickets."""
    with sqlite_store(tmp_path) as store:
        scene = Scene(store, tmp_path)
        scene.office = replace(scene.office, reader=hostile.read)
        mails = [suspicious(what, number) for number, what in enumerate(("fine", word, "good"), 1)]
        receive.record(scene.office, [Arrival("SUP", "imap", raw, scene.clock(), "m", "I", 1, n) for n, raw in enumerate(mails, 1)])
        rounds = []
        for _ in range(8):
            rounds.append(receive.work(scene.office, owner="test", limit=50))
            scene.clock.pass_by(seconds=3)
        row = scene.intake(2)

        assert 2 == rounds[0].done
        assert [1, 1, 1, 1, 0, 0, 0, 0] == [one.failed for one in rounds]
        assert ("parked", "poison") == (row.state, row.park_reason)
        assert WORDS[word] == row.error
        assert scene.ticket("SUP-3").requester_id is None
        assert 3 == scene.count(schema.tickets)


def test_the_loop_ends_its_child(tmp_path: Path) -> None:
    """The thread that gives mails their effect reads suspicious ones in the sandbox, and ends it when it is stopped."""
    with sqlite_store(tmp_path) as store:
        scene = Scene(store, tmp_path)
        sandbox, stop, bell = Sandbox(), threading.Event(), Bell()
        loop = ReceiveLoop(scene.office, "test", stop, Metrics(), bell=bell, ring=lambda: None, batch=50, sandbox=sandbox)
        receive.record(scene.office, [Arrival("SUP", "imap", suspicious(), scene.clock(), "m", "I", 1, 1)])
        before = children()
        loop.start()
        wait_for(lambda: scene.intake(1).state == "done")
        assert {str(sandbox.pid)} == children() - before
        stop.set()
        bell.ring()
        loop.thread.join(10)

        assert set() == children() - before


def test_without_a_reader_a_mail_waits_and_the_others_go_on(tmp_path: Path) -> None:
    """A machine that can start no process loses no attempt of a mail: it is read as soon as there is somebody to read it."""
    with sqlite_store(tmp_path) as store:
        scene = Scene(store, tmp_path)
        scene.office = replace(scene.office, reader=Sandbox(reader="gateway.mail.understand:no_such_reader").read)
        mails = [suspicious(), suspicious(number=2).replace(b"\0", b"-")]
        receive.record(scene.office, [Arrival("SUP", "imap", raw, scene.clock(), "m", "I", 1, n) for n, raw in enumerate(mails, 1)])
        scene.work()
        assert ("new", 0) == (scene.intake(1).state, scene.intake(1).attempts)
        assert "done" == scene.intake(2).state

        scene.office = replace(scene.office, reader=read_through)
        scene.clock.pass_by(seconds=3)
        scene.work()
        assert "done" == scene.intake(1).state


def test_a_batch_that_takes_too_long_is_cut(tmp_path: Path) -> None:
    """Mails that nobody came to within half of the lease are left for the next batch, and lose no attempt."""
    with sqlite_store(tmp_path) as store:
        scene = Scene(store, tmp_path)
        scene.with_policy(lease=receive.RETRY_PAUSE * 0)
        mails = [suspicious(number=number) for number in (1, 2)]
        receive.record(scene.office, [Arrival("SUP", "imap", raw, scene.clock(), "m", "I", 1, n) for n, raw in enumerate(mails, 1)])
        assert 1 == receive.work(scene.office, owner="test", limit=50).done
        assert ("new", 0) == (scene.intake(2).state, scene.intake(2).attempts)
