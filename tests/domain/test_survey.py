"""Whom a survey asks, and what the answers add up to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.domain.survey import LIFE, REST, Ask, DoNotAsk, Totals, may_ask, totals

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _ask(**changes: Any) -> Ask | DoNotAsk:
    facts: dict[str, Any] = {
        "now": NOW,
        "enabled": True,
        "by_agent": True,
        "has_requester": True,
        "requester_is_agent": False,
        "resolution": "done",
        "last_asked": None,
    }
    return may_ask(**(facts | changes))


def test_a_resolution_asks_for_28_days() -> None:
    """Ruling 11."""
    assert _ask() == Ask(NOW + timedelta(days=28))
    assert timedelta(days=28) == LIFE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"enabled": False}, "survey-off"),
        ({"has_requester": False}, "no-requester"),
        ({"by_agent": False}, "resolved-by-time"),
        ({"requester_is_agent": True}, "requester-is-agent"),
        ({"resolution": "duplicate"}, "not-a-service"),
        ({"last_asked": NOW - REST + timedelta(seconds=1)}, "asked-lately"),
    ],
)
def test_who_is_not_asked(changes: dict[str, Any], reason: str) -> None:
    """Each exception of SURFACE 3.5 rule 7 has its name."""
    assert _ask(**changes) == DoNotAsk(reason)


def test_a_week_later_the_same_person_is_asked_again() -> None:
    """One survey in seven days, and no longer silence than that."""
    assert isinstance(_ask(last_asked=NOW - REST), Ask)


def test_totals_count_4_and_5_as_satisfied_and_never_hide_how_many_answered() -> None:
    """SURFACE 3.5 rule 9."""
    found = totals([5, 4, None, 2, None, 4])
    assert found == Totals(asked=6, answered=4, satisfied=3, ratings=(0, 1, 0, 2, 1))
    assert found.response_rate == pytest.approx(4 / 6)
    assert found.satisfaction == pytest.approx(0.75)
    assert found.mean == pytest.approx(3.75)


def test_nothing_asked_and_nothing_answered_divide_nothing() -> None:
    """No rate where there is nothing to divide, instead of 0 % satisfied."""
    assert totals([]) == Totals(0, 0, 0, (0, 0, 0, 0, 0))
    assert totals([]).response_rate is None
    assert totals([None]).satisfaction is None
    assert totals([None]).mean is None
