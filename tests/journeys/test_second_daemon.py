"""Two gateways on one SQLite file: the second goes away and says who is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.store import schema
from tests.peers.gateway import Gateway
from tests.peers.smtp_sink import SmtpSink


@pytest.fixture
def first(tmp_path: Path, smtp_sink: SmtpSink) -> Iterator[Gateway]:
    """A gateway that runs."""
    gateway = Gateway(
        tmp_path,
        {"desk.SUP": {"address": "support@example.org"}, "smtp": {"host": "127.0.0.1", "port": smtp_sink.port, "tls": "none"}},
    )
    gateway.start()
    yield gateway
    gateway.end()


def test_the_second_says_who_holds_the_file_and_exits_1(first: Gateway) -> None:
    """Exit status 1, one message that names the file and the first one's process; the first one works on as if nothing had been."""
    second = Gateway(first.folder, {name: dict(keys) for name, keys in first.sections.items() if name != "health"}, name="second")
    try:
        second.launch()
        assert second.process is not None
        assert 1 == second.process.wait(15)
    finally:
        second.end()
    said = second.log()
    assert f"another gateway is running on {first.folder}/gateway.db: process {first.pid} on " in said
    assert 1 == len(said.splitlines()), said
    assert 200 == first.status("/healthz")
    assert not first.rows(sa.select(schema.leases))
    assert 0 == first.stop()


def test_the_next_one_starts_when_the_first_was_killed(first: Gateway) -> None:
    """After kill -9 no file has to be removed by hand."""
    first.kill()
    first.start()
    assert 200 == first.status("/healthz")
    assert 0 == first.stop()
