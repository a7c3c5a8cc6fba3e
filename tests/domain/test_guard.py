"""The brakes on automatic answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.domain.audience import TABLE, TO_AGENTS, Mail
from gateway.domain.guard import Answer, History, Limits, Mode, Silence, guarded, may_answer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALM = History(answers_today=0, last_acknowledgement=None, flooded=False)


def _ask(**changes: Any) -> Answer | Silence:
    facts: dict[str, Any] = {
        "now": NOW,
        "sent_at": NOW,
        "silent": False,
        "undeliverable": False,
        "never_answer": (),
        "is_acknowledgement": True,
        "history": CALM,
        "limits": Limits(5, timedelta(minutes=10)),
    }
    return may_answer(**(facts | changes))


def test_a_calm_address_is_answered() -> None:
    """Nothing against it."""
    assert Answer() == _ask()
    assert Answer() == _ask(sent_at=None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"silent": True}, "imported"),
        ({"never_answer": ("list", "other")}, "list"),
        ({"undeliverable": True}, "address-undeliverable"),
        ({"sent_at": NOW - timedelta(days=3, seconds=1)}, "older-than-3-days"),
        ({"history": History(0, None, flooded=True)}, "flood"),
        ({"history": History(5, None, flooded=False)}, "over-daily-limit"),
        ({"history": History(1, NOW - timedelta(minutes=9), flooded=False)}, "acknowledged-just-now"),
    ],
)
def test_each_brake_has_its_name(changes: dict[str, Any], reason: str) -> None:
    """Every silence says which brake it was (A2.3, A2.4, A2.8, C.3)."""
    assert Silence(reason) == _ask(**changes)


def test_the_window_is_for_acknowledgements_only() -> None:
    """Another automatic answer within ten minutes is a different piece of news."""
    history = History(1, NOW - timedelta(minutes=1), flooded=False)

    assert Answer() == _ask(history=history, is_acknowledgement=False)
    assert Answer() == _ask(history=History(1, NOW - timedelta(minutes=10), flooded=False))


GUARDED_EVENTS = {Mail.STATUS_CHANGED, Mail.RESOLVED, Mail.CLOSED, Mail.GUARD_RETURNED, Mail.SURVEY_REMINDER, Mail.VIEW_LINK}
"""What mode `events` guards while no person's words are in it (SURFACE 1.4, 3.4: class G)."""


@pytest.mark.parametrize("mail", Mail)
def test_the_guard_by_mode(mail: Mail) -> None:
    """events: what asks nothing and carries no words. strict: every mail of an agent's deed too. off: none. Agents are never guarded."""
    assert guarded(mail, Mode.EVENTS, with_words=False) == (mail in GUARDED_EVENTS)
    assert not guarded(mail, Mode.EVENTS, with_words=True)
    assert not guarded(mail, Mode.OFF, with_words=False)
    of_an_agent = mail not in TO_AGENTS and TABLE[mail].agent_side
    assert guarded(mail, Mode.STRICT, with_words=True) == of_an_agent
    assert guarded(mail, Mode.STRICT, with_words=False) == (of_an_agent or mail in GUARDED_EVENTS)


def test_strict_guards_what_the_manual_guards() -> None:
    """M02 to M08 (R-150, R-153)."""
    strict = {TABLE[mail].code for mail in Mail if guarded(mail, Mode.STRICT, with_words=True)}
    assert strict == {"M02", "M03", "M04", "M05", "M06", "M07", "M08"}
