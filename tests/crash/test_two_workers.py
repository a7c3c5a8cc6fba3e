"""Two workers on one PostgreSQL and one mailbox; one is stopped for longer than its lease and then goes on as if nothing had been."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.mixed_mails import mixed
from tests.crash.storm import AGENTS, TimedSink, is_done, judge_deliveries, judge_files, judge_ledger, sections, states, with_blobs
from tests.peers.dovecot import Box, Dovecot
from tests.peers.gateway import COMMAND, Gateway, wait_for

pytestmark = pytest.mark.peers

STOPS_IN_T2 = ("-m", "tests.crash.stopping_gateway")
LEASE = 5.0
MAILS = 30


@pytest.fixture
def sink() -> Iterator[TimedSink]:
    """A quick relay."""
    with TimedSink() as running:
        yield running


def is_stopped(gateway: Gateway) -> bool:
    """Whether the kernel holds every thread of the process."""

    def stat(task: Path) -> str:
        return (task / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]

    return {stat(task) for task in Path(f"/proc/{gateway.pid}/task").iterdir()} == {"T"}


@pytest.fixture
def box(dovecot: Dovecot) -> Box:
    """The mailbox that both read."""
    return dovecot.new_box()


def workers(folder: Path, dovecot: Dovecot, box: Box, sink: TimedSink, url: str, command: tuple[str, ...]) -> tuple[Gateway, Gateway]:
    """The first, which will be stopped and has one sender, and the second."""
    config = with_blobs(sections(dovecot, box, sink, url), f"{folder}/blobs")
    first = Gateway(folder, config | {"smtp": config["smtp"] | {"senders": 1}}, name="first", command=command)
    first.hire(*AGENTS)
    return first, Gateway(folder, config, name="second")


@pytest.mark.parametrize("where", ["before the dot", "within T2"])
def test_a_worker_stopped_past_its_lease_does_nothing_twice(
    tmp_path: Path, dovecot: Dovecot, box: Box, sink: TimedSink, postgres_url: str, where: str
) -> None:
    """The other one takes over all that it held and finishes; when it wakes it finds that out before it writes or sends anything."""
    first, second = workers(tmp_path, dovecot, box, sink, postgres_url, COMMAND if where == "before the dot" else STOPS_IN_T2)
    mails = mixed(MAILS, 5)

    def at_phase(name: str) -> None:
        if name == "data" and where == "before the dot":
            sink.at_phase = lambda _: None
            first.signal(signal.SIGSTOP)
            while not is_stopped(first):  # a thread runs on for a moment, and must not see the answer
                time.sleep(0.001)

    sink.at_phase = at_phase
    try:
        first.start()
        first.await_mailboxes()
        dovecot.deliver(box, *(mail.raw for mail in mails[:20]))
        wait_for(lambda: is_stopped(first), "the stop")
        stopped = time.monotonic()
        second.start()
        dovecot.deliver(box, *(mail.raw for mail in mails[20:-1]))
        with second.office() as office:
            wait_for(lambda: is_done(office, MAILS - 1), "the second worker", 25, found=lambda: states(office))
            took = time.monotonic() - stopped
            time.sleep(max(LEASE + 1 - took, 0))
            first.signal(signal.SIGCONT)
            dovecot.deliver(box, mails[-1].raw)
            wait_for(lambda: is_done(office, MAILS), "the last mail", 20, found=lambda: states(office))
        wait_for(lambda: first.status("/readyz") == 200, "the first one to be well again", 20)
        assert [0, 0] == [first.stop(), second.stop()]
        judge_ledger(second, mails)
        judge_files(second, mails)
        assert 0 == judge_deliveries(second, sink, [])
        print(f"\nstopped {where}: {MAILS} mails, the other had done all after {took:.1f} s, 0 mails sent twice")
    finally:
        first.end()
        second.end()
