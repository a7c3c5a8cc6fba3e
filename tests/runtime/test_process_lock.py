"""Two gateways on one SQLite file, as two real processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.runtime.process_lock import LockHeldError, process_lock

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from gateway.runtime.process_lock import process_lock
with process_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The path of a database in a folder that is not there yet."""
    return tmp_path / "var" / "gateway.db"


@pytest.fixture
def holder(database: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_is_told_who_holds_it_and_since_when(database: Path, holder: subprocess.Popen[str]) -> None:
    """The message names the database, the process, the host and the time, so that it can be stopped (CASES B30)."""
    with pytest.raises(LockHeldError) as caught, process_lock(database):
        pass
    said = str(caught.value)
    assert f"{database}: process {holder.pid} on {socket.gethostname()}, since " in said
    since = re.search(r"since (\S+ \S+) UTC", said)
    assert since is not None
    age = datetime.now(UTC) - datetime.strptime(since[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    assert 0 <= age.total_seconds() < 30


def test_the_second_does_not_change_what_the_first_wrote(database: Path, holder: subprocess.Popen[str]) -> None:
    """A third one is still told about the first."""
    for _ in range(2):
        with pytest.raises(LockHeldError, match=f"process {holder.pid} on"), process_lock(database):
            pass


def test_a_killed_holder_leaves_no_lock(database: Path, holder: subprocess.Popen[str]) -> None:
    """After kill -9 the next one starts without a hand being needed, and signs with its own number."""
    holder.send_signal(signal.SIGKILL)
    holder.wait(timeout=10)
    with process_lock(database) as file:
        assert f"process {os.getpid()} on" in file.read_text()


def test_a_holder_that_ends_leaves_no_lock_and_no_words(database: Path, holder: subprocess.Popen[str]) -> None:
    """The file stays, empty: removing it would let two processes hold two files of the same name."""
    holder.communicate("", timeout=10)
    file = database.with_name("gateway.db.lock")
    assert file.read_text() == ""
    assert file.stat().st_mode & 0o777 == 0o600
    with process_lock(database):
        pass


def test_a_started_program_does_not_inherit_the_lock(database: Path) -> None:
    """A program that outlives us must not keep the next gateway from starting."""
    with process_lock(database), subprocess.Popen(["sleep", "30"], close_fds=False) as child:
        holders = [link.resolve() for link in Path(f"/proc/{child.pid}/fd").iterdir()]
        child.kill()
    assert database.with_name("gateway.db.lock") not in holders


def test_locks_of_two_databases_do_not_touch(database: Path, holder: subprocess.Popen[str]) -> None:
    """Two desks with a file each may run on one machine."""
    with process_lock(database.with_name("other.db")):
        assert holder.poll() is None
