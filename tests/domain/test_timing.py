"""Retry tables are patient with a peer that is away; reminders come on working mornings of their readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.timing import AT_ONCE, PATIENCE, RETRY, GiveUp, RetryAt, Rhythm, due_on, reminder_due, retry

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


ROUTINE = Rhythm(zone=ZoneInfo("Europe/Brussels"))


def _brussels(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Brussels"))


def test_due_on_a_morning_of_the_readers() -> None:
    """Three days after a Monday evening is Thursday at nine, where the readers are."""
    assert due_on(_brussels("2026-03-02T18:40"), 3, ROUTINE) == _brussels("2026-03-05T09:00")


def test_what_falls_on_a_weekend_waits_for_monday() -> None:
    """Unless an operator wants otherwise."""
    assert due_on(_brussels("2026-03-04T10:00"), 3, ROUTINE) == _brussels("2026-03-09T09:00")
    assert due_on(_brussels("2026-03-04T10:00"), 3, replace(ROUTINE, weekdays=False)) == _brussels("2026-03-07T09:00")


@pytest.mark.parametrize(("since", "due"), [("2026-03-26T10:00", "2026-03-30T09:00"), ("2026-10-22T10:00", "2026-10-26T09:00")])
def test_both_changes_of_the_clock_keep_the_hour(since: str, due: str) -> None:
    """The last Sundays of March and October lie between: nine o'clock stays nine o'clock (CASES B48)."""
    found = due_on(_brussels(since), 4, ROUTINE)
    assert found == _brussels(due)
    assert found.astimezone(ROUTINE.zone).hour == 9


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
def test_an_hour_that_does_not_exist_or_comes_twice_is_one_moment(day: str) -> None:
    """02:00 is skipped in March and comes twice in October; what is due then is due once."""
    night = replace(ROUTINE, hour=2, weekdays=False)
    found = due_on(_brussels(f"{day}T12:00"), 1, night)
    assert found.utcoffset() == timedelta(0)
    assert abs(found - _brussels(f"{day}T12:00")) < timedelta(hours=16)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1)), st.integers(1, 400), st.integers(0, 23), st.booleans())  # noqa: DTZ001 - hypothesis wants them naive
def test_due_is_never_more_than_a_day_early_nor_a_weekend_late(naive: datetime, days: int, hour: int, weekdays: bool) -> None:
    """Whatever the clocks do: within a day and an hour of so many times 24 hours, or on the Monday after."""
    since, rhythm = naive.replace(tzinfo=UTC), replace(ROUTINE, hour=hour, weekdays=weekdays)
    late = due_on(since, days, rhythm) - (since + timedelta(days=days))
    assert timedelta(hours=-26) < late < timedelta(hours=26 + (48 if weekdays else 0))


def test_reminders_come_in_turn_and_never_two_on_one_morning() -> None:
    """D+3, then D+7, each once; after three days of downtime over both only the second (CASES B49)."""
    since = _brussels("2026-03-02T10:00")

    def due(now: str, *done: int) -> int | None:
        return reminder_due(since, _brussels(now), done, ROUTINE)

    assert due("2026-03-05T08:59") is None
    assert due("2026-03-05T09:00") == 3
    assert due("2026-03-05T09:01", 3) is None
    assert due("2026-03-09T09:00", 3) == 7
    assert due("2026-03-12T09:00") == 7
    assert due("2026-03-12T09:00", 7) is None
    assert due("2027-03-12T09:00", 3, 7) is None
    assert due("2026-03-16T09:00", 3) == 7
    assert due("2026-03-16T09:01", 3) is None
    assert due("2027-03-12T09:00") is None
    assert reminder_due(since, _brussels("2027-01-01T09:00"), (), replace(ROUTINE, reminders=())) is None
