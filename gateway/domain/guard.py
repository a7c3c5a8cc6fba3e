"""The do-not-reply guard, and the brakes on what the gateway answers by itself.

A guarded mail asks not to be answered; who answers it all the same gets his words back with a button that publishes them (SURFACE 1.4). A
desk that answers everything is a weapon and, with a second one, a loop. A braked answer never costs a ticket: the mail is kept, the
silence is written down with its reason (CASES A2.3-A2.8, C.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.domain.audience import TABLE, TO_AGENTS, Mail

HELD_LIFE = timedelta(days=30)
"""How long the author of a held reply may publish it; its words stay on the ticket for agents (ruling 8)."""

RETURN_PAUSE = timedelta(hours=24)
"""Between two M11 to one person about one ticket."""

OLD_MAIL = timedelta(days=3)
"""A mail that was sent longer ago is not answered by itself: it comes from an outage or an import (C.3, 12)."""

FLOOD_COUNT, FLOOD_WINDOW, FLOOD_SILENCE = 10, timedelta(minutes=5), timedelta(hours=24)
"""Ten mails of one address in five minutes stop automatic answers to it for a day (A2.4)."""


TALK_COUNT, TALK_WINDOW = 40, timedelta(hours=24)
"""So many mails about one ticket to one address in a day end what no agent asked for: two machines are talking (A2.4)."""


class Mode(StrEnum):
    """[guard] mode: which mails to customers ask not to be answered."""

    STRICT = "strict"
    """All that tell of what an agent did, as the manual has it (R-153)."""
    EVENTS = "events"
    """Those that ask nothing and carry nobody's words: a status, a resolution, a closing."""
    OFF = "off"
    """None."""


def guarded(mail: Mail, mode: Mode, *, with_words: bool) -> bool:
    """Whether a mail comes from the noreply address and asks not to be answered. `with_words`: it carries a person's comment."""
    if mail in TO_AGENTS or mode is Mode.OFF:
        return False
    row = TABLE[mail]
    return (mode is Mode.STRICT and row.agent_side) or not (row.asks or with_words)


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
