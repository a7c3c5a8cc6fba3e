"""When things are due: reminders and closings by the calendar, retries by tables of literal delays.

What is due for a ticket is a moment of a working day in the zone of its readers. A delivery that fails is tried again after the next delay
of its cause's table, give or take a tenth; when the table's patience is over it is parked for a person (the peer never answered for good)
and the agents are told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

_FRIDAY = 4

_MINUTES = {
    # cause: delays in minutes; the last one repeats until PATIENCE is over
    "connect": (1, 2, 5, 10, 20, 30, 60),
    "tls": (5, 15, 30, 60),
    "auth": (5, 15, 30),
    "greylisted": (1, 5, 15, 30, 60),
    "throttled": (5, 15, 30, 60, 120),
    "temporary": (1, 5, 15, 60, 120, 240),
    "dropped": (1, 5, 15, 60),
}
RETRY: dict[str, tuple[timedelta, ...]] = {cause: tuple(timedelta(minutes=m) for m in table) for cause, table in _MINUTES.items()}
PATIENCE = timedelta(days=5)
"""RFC 5321 §4.5.4.1: the give-up time should be at least 4-5 days."""

AT_ONCE = frozenset({"lease-lost", "stopping", "process-died"})
"""Causes that say nothing of the peer: the next worker tries at once."""

UNCERTAIN_RETRY = timedelta(minutes=30)
"""An agent's words whose acceptance is unknown are sent once more, after this, with the same Message-ID (CASES B6)."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again then."""

    due: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The patience is over."""

    reason: str


def retry(cause: str, *, tries: int, first_due: datetime, now: datetime, jitter: float) -> RetryAt | GiveUp:
    """When to try again after the `tries`-th try failed for `cause`. `jitter` from 0 to 1 moves it by up to a tenth either way."""
    if cause in AT_ONCE:
        return RetryAt(now)
    if now - first_due > PATIENCE:
        return GiveUp(f"no success in {PATIENCE.days} days")
    table = RETRY.get(cause, RETRY["temporary"])
    delay = table[min(max(tries, 1), len(table)) - 1]
    return RetryAt(now + delay * (0.9 + 0.2 * jitter))


STALE = timedelta(days=7)
"""A reminder that could not be sent for so long after it was due is left out."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the clock speaks up ([timers] of gateway.toml). Days count from the day on which a ticket came into its status."""

    zone: tzinfo = UTC
    hour: int = 9
    """The hour of the day, in `zone`, from which something is due: nobody wants to be reminded at night."""
    weekdays: bool = True
    """What falls on a Saturday or Sunday is due on the Monday."""
    reminders: tuple[int, ...] = (3, 7)
    """T19, T21."""
    close_after: int = 14
    """T13; 0 never."""
    resolve_after: int = 0
    """T20; 0 never."""
    warn_before: int = 7
    """Days between M10 and T20."""
    survey_reminder: int = 3
    """M14; 0 never."""


def due_on(since: datetime, days: int, rhythm: Rhythm) -> datetime:
    """The moment, in UTC, at which something is due that many days after `since`.

    Counted on the calendar of the zone, so that neither change of the clocks moves it to another hour (CASES B48).
    """
    day = since.astimezone(rhythm.zone).date() + timedelta(days=days)
    while rhythm.weekdays and day.weekday() > _FRIDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(rhythm.hour), rhythm.zone).astimezone(UTC)


def reminder_due(since: datetime, now: datetime, done: Collection[int], rhythm: Rhythm) -> int | None:
    """Which reminder goes out now, as its number of days; None for none.

    After a pause of ours the latest one only: two reminders on one morning would be one too many (CASES B49). One that has been due for
    longer than STALE is not sent any more (B13): after months, or the first start of a release that reminds, it would only surprise.
    """
    due = {days: due_on(since, days, rhythm) for days in rhythm.reminders}
    latest = max((days for days, moment in due.items() if moment <= now), default=None)
    if latest is None or latest <= max(done, default=0) or now - due[latest] > STALE:
        return None
    return latest
