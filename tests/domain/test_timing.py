"""Retry tables: patient with a peer that is away, at once where the fault was ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.timing import AT_ONCE, PATIENCE, RETRY, GiveUp, RetryAt, retry

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("cause", RETRY)
def test_every_table_grows_and_waits_a_minute_at_least(cause: str) -> None:
    """The first retry is not at once (B8), and later ones are not sooner."""
    table = RETRY[cause]

    assert table[0] >= timedelta(minutes=1)
    assert list(table) == sorted(table)


def test_jitter_moves_a_retry_by_a_tenth() -> None:
    """Workers that failed together do not come back together."""
    early = retry("greylisted", tries=2, first_due=NOW, now=NOW, jitter=0.0)
    late = retry("greylisted", tries=2, first_due=NOW, now=NOW, jitter=1.0)

    assert RetryAt(NOW + timedelta(minutes=4.5)) == early
    assert RetryAt(NOW + timedelta(minutes=5.5)) == late


def test_the_last_delay_repeats_until_the_patience_is_over() -> None:
    """Five days, then a person looks."""
    long_after = retry("connect", tries=99, first_due=NOW - PATIENCE, now=NOW, jitter=0.5)

    assert RetryAt(NOW + RETRY["connect"][-1]) == long_after
    over = retry("connect", tries=99, first_due=NOW - PATIENCE - timedelta(seconds=1), now=NOW, jitter=0.5)
    assert isinstance(over, GiveUp)


@pytest.mark.parametrize("cause", sorted(AT_ONCE))
def test_what_says_nothing_of_the_peer_is_tried_at_once(cause: str) -> None:
    """A lost lease is not the peer's fault."""
    assert RetryAt(NOW) == retry(cause, tries=1, first_due=NOW - timedelta(days=9), now=NOW, jitter=0.5)
