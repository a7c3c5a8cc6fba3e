"""The brakes on what the gateway answers by itself: a desk that answers everything is a weapon and, with a second one, a loop.

A braked answer never costs a ticket: the mail is kept, the silence is written down with its reason (CASES A2.3-A2.8, C.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

OLD_MAIL = timedelta(days=3)
"""A mail that was sent longer ago is not answered by itself: it comes from an outage or an import (C.3, 12)."""

FLOOD_COUNT, FLOOD_WINDOW, FLOOD_SILENCE = 10, timedelta(minutes=5), timedelta(hours=24)
"""Ten mails of one address in five minutes stop automatic answers to it for a day (A2.4)."""


TALK_COUNT, TALK_WINDOW = 40, timedelta(hours=24)
"""So many mails about one ticket to one address in a day end what no agent asked for: two machines are talking (A2.4)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`per_day`: automatic answers to one address in 24 hours. `window`: between two acknowledgements to one address."""

    per_day: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class History:
    """What one address got and sent lately, as counted in the database.

    `answers_today`: automatic answers in the last 24 hours; `last_acknowledgement`: when the last M01 went out to it;
    `flooded`: whether FLOOD_COUNT mails came from it within FLOOD_WINDOW at any time of the last FLOOD_SILENCE.
    """

    answers_today: int
    last_acknowledgement: datetime | None
    flooded: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The automatic answer may go out."""


@dataclass(frozen=True, slots=True)
class Silence:
    """It may not, and why."""

    reason: str


def may_answer(
    *,
    now: datetime,
    sent_at: datetime | None,
    silent: bool,
    undeliverable: bool,
    never_answer: tuple[str, ...],
    is_acknowledgement: bool,
    history: History,
    limits: Limits,
) -> Answer | Silence:
    """Whether an automatic answer to a mail may go out. `never_answer` are the rules of C.3 that the mail itself broke."""
    brakes = (
        ("imported", silent),
        (never_answer[0] if never_answer else "", bool(never_answer)),
        ("address-undeliverable", undeliverable),
        ("older-than-3-days", sent_at is not None and now - sent_at > OLD_MAIL),
        ("flood", history.flooded),
        ("over-daily-limit", history.answers_today >= limits.per_day),
        (
            "acknowledged-just-now",
            is_acknowledgement and history.last_acknowledgement is not None and now - history.last_acknowledgement < limits.window,
        ),
    )
    reason = next((name for name, holds in brakes if holds), None)
    return Answer() if reason is None else Silence(reason)
