"""A relay that thinks for longer than a lease before it answers the final dot: RFC 5321 allows it ten minutes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.store import schema
from tests.crash.mixed_mails import mixed
from tests.crash.storm import AGENTS, TimedSink, is_done, judge_deliveries, sections, states
from tests.peers.dovecot import Dovecot
from tests.peers.gateway import Gateway, wait_for

pytestmark = pytest.mark.peers

LEASE = 5


@pytest.fixture
def sink() -> Iterator[TimedSink]:
    """A relay that needs seven seconds for its first mail."""
    with TimedSink() as running:
        running.delays["dot"] = LEASE + 2
        yield running


def test_a_slow_relay_gets_each_mail_once(tmp_path: Path, dovecot: Dovecot, sink: TimedSink) -> None:
    """While a sender waits for the answer for longer than its lease, no other sender of the process takes the mail."""
    box = dovecot.new_box()
    config = sections(dovecot, box, sink, None)
    gateway = Gateway(tmp_path, config | {"database": {"url": f"sqlite:///{tmp_path}/gateway.db", "lease_seconds": LEASE}})
    gateway.hire(*AGENTS)
    try:
        gateway.start()
        gateway.await_mailboxes()
        dovecot.deliver(box, mixed(1)[0].raw)
        wait_for(lambda: len(sink.times) >= 2, "two mails in the relay's hands")
        time.sleep(LEASE + 1)
        sink.delays["dot"] = 0
        with gateway.office() as office:
            wait_for(lambda: is_done(office, 1), "all mails", 20, found=lambda: states(office))
        assert 3 == len(gateway.rows(sa.select(schema.deliveries.c.id)))
        assert 0 == judge_deliveries(gateway, sink, [])
        assert 0 == gateway.stop()
    finally:
        gateway.end()
