"""When things are due: retry tables by cause, as literal delays.

A delivery that fails is tried again after the next delay of its cause's table, give or take a tenth; when the table's patience is over it
is parked for a person (the peer never answered for good) and the agents are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

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
