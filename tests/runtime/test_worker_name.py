"""Leases of the dead are free at once, those of the living never."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.runtime.worker_name import is_dead, worker_name

ROOT = Path(__file__).resolve().parents[2]


def test_a_living_process_is_not_dead() -> None:
    """Neither this one, nor one that was stopped by SIGSTOP."""
    assert not is_dead(worker_name())
    with _child() as (child, name):
        child.send_signal(signal.SIGSTOP)
        assert not is_dead(name)
        child.send_signal(signal.SIGCONT)


def test_a_killed_process_is_dead() -> None:
    """As soon as it is gone, or only waits for its parent to notice."""
    with _child() as (child, name):
        child.kill()
        child.wait()
        assert is_dead(name)


@pytest.mark.parametrize("change", range(3))
def test_another_place_is_never_judged(change: int) -> None:
    """A worker of another machine, boot or namespace cannot be seen from here."""
    with _child() as (child, name):
        child.kill()
        child.wait()
        parts = name.split("/")
        parts[change] += "x"
        assert not is_dead("/".join(parts))


@pytest.mark.parametrize("name", ["", "test", "a/b/c", "a/b/c/d/e/f/g", "//////"])
def test_other_names_are_left_alone(name: str) -> None:
    """What is no name of ours says nothing."""
    assert not is_dead(name)


def test_a_number_given_anew_is_another_process() -> None:
    """The start time tells a new process with an old number from the old one."""
    parts = worker_name().split("/")
    parts[4] = str(int(parts[4]) - 1)

    assert is_dead("/".join(parts))


class _child:  # noqa: N801 - reads as a word
    def __enter__(self) -> tuple[subprocess.Popen[str], str]:
        code = "from gateway.runtime.worker_name import worker_name; import time; print(worker_name(), flush=True); time.sleep(60)"
        self.process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.process.stdout is not None
        return self.process, self.process.stdout.readline().strip()

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
