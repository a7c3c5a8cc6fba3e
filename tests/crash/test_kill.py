"""kill -9, again and again, while mail comes in: nothing is lost, nothing happens twice, nobody innocent is set aside."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.mixed_mails import mixed
from tests.crash.storm import Storm, TimedSink, sections, with_blobs
from tests.peers.dovecot import Dovecot
from tests.peers.gateway import Gateway

pytestmark = pytest.mark.peers

EVERYDAY, LONG = 30, 500


@pytest.fixture
def sink() -> Iterator[TimedSink]:
    """A relay that takes its time, so that whoever is killed has a mail in hand: 60 ms before the mail's bytes, 20 ms after the dot."""
    with TimedSink() as running:
        running.delays |= {"data": 0.06, "dot": 0.02}
        yield running


def storm(folder: Path, dovecot: Dovecot, sink: TimedSink, *, count: int, seed: int, portion: int, url: str | None = None) -> None:
    """Run a storm, judge it, and print its account."""
    box = dovecot.new_box()
    gateway = Gateway(folder, with_blobs(sections(dovecot, box, sink, url), f"{folder}/blobs"))
    running = Storm(gateway, dovecot, box, sink, mixed(count, seed), random.Random(seed), portion)
    try:
        running.run()
        running.judge()
    finally:
        gateway.end()
    print(f"\n{count} mails, {'PostgreSQL' if url else 'SQLite'}: {running.account}")


def test_a_storm_on_sqlite(tmp_path: Path, dovecot: Dovecot, sink: TimedSink) -> None:
    """Sixty mixed mails through a gateway that lives for 0.3 to 2 seconds: 0 lost, 0 double, 0 innocents parked."""
    storm(tmp_path, dovecot, sink, count=EVERYDAY, seed=1, portion=10)


def test_a_storm_on_postgresql(tmp_path: Path, dovecot: Dovecot, sink: TimedSink, postgres_url: str) -> None:
    """The same on PostgreSQL, where what a dead worker held is free when its lease has run out."""
    storm(tmp_path, dovecot, sink, count=EVERYDAY, seed=2, portion=10, url=postgres_url)


@pytest.mark.long
def test_a_long_storm_on_sqlite(tmp_path: Path, dovecot: Dovecot, sink: TimedSink) -> None:
    """Five hundred mails."""
    storm(tmp_path, dovecot, sink, count=LONG, seed=3, portion=10)


@pytest.mark.long
def test_a_long_storm_on_postgresql(tmp_path: Path, dovecot: Dovecot, sink: TimedSink, postgres_url: str) -> None:
    """Five hundred mails."""
    storm(tmp_path, dovecot, sink, count=LONG, seed=4, portion=10, url=postgres_url)
