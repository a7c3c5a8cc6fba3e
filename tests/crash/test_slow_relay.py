"""A relay that thinks for longer than a lease before it answers the final dot: RFC 5321 §4.5.3.2.6 asks for ten minutes of patience."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.mixed_mails import mixed
from tests.crash.storm import AGENTS, TimedSink, is_done, judge_deliveries, sections, states
from tests.peers.dovecot import Dovecot
from tests.peers.gateway import Gateway, wait_for
from tests.store.fresh import durable

pytestmark = pytest.mark.peers

LEASE = 5


@pytest.fixture
def sink() -> Iterator[TimedSink]:
    """A relay that needs longer than the lease for its first mail, and takes the others at once."""
    with TimedSink() as running:
        running.delays["dot"] = LEASE + 2.5

        def at_phase(name: str) -> None:
            if name == "mail" and running.times:
                running.delays["dot"] = 0

        running.at_phase = at_phase
        yield running


@pytest.mark.parametrize("on", [pytest.param("sqlite", marks=pytest.mark.long), "postgres"])
def test_a_slow_relay_gets_each_mail_once(
    tmp_path: Path, dovecot: Dovecot, sink: TimedSink, request: pytest.FixtureRequest, on: str
) -> None:
    """While a sender waits for the answer to its dot, no other sender takes the mail, though the lease of the claim has run out."""
    box = dovecot.new_box()
    url = f"sqlite:///{tmp_path}/gateway.db" if on == "sqlite" else durable(request.getfixturevalue("postgres_url"))
    gateway = Gateway(tmp_path, sections(dovecot, box, sink, None) | {"database": {"url": url, "lease_seconds": LEASE}})
    gateway.hire(*AGENTS)
    try:
        gateway.start()
        gateway.await_mailboxes()
        dovecot.deliver(box, mixed(1)[0].raw)
        with gateway.office() as office:
            wait_for(lambda: is_done(office, 1), "all mails", 20, found=lambda: states(office))
        assert 0 == judge_deliveries(gateway, sink, [])
        assert 0 == gateway.stop()
    finally:
        gateway.end()
