"""The satisfaction survey: five steps, whom to ask and when, and what the answers add up to (R-156, SURFACE 3.5).

Each resolution asks its requester once. A reopened ticket takes back a question that was not answered; an answer stays with its resolution.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

STEPS = (1, 2, 3, 4, 5)
"""Very poor to very good; the words stand in the catalogues (`survey.1` to `survey.5`)."""

LOW = 2
"""A rating up to here is told to the agent (A09), and its author is offered to reopen the ticket."""

SATISFIED = 4
"""From here on a customer counts as satisfied."""

LIFE = timedelta(days=28)
"""How long an answer may be given and changed (ruling 11)."""

REST = timedelta(days=7)
"""One person is asked once in so long, however many of his tickets are resolved."""

NOT_ASKED_FOR = frozenset({"duplicate"})
"""Resolutions that were no service to judge."""

COMMENT_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the requester; the survey is open until then."""

    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DoNotAsk:
    """Don't, and why."""

    reason: str


def may_ask(
    *,
    now: datetime,
    enabled: bool,
    by_agent: bool,
    has_requester: bool,
    requester_is_agent: bool,
    resolution: str,
    last_asked: datetime | None,
) -> Ask | DoNotAsk:
    """Whether a resolution asks for a rating. `last_asked`: when this person last got a survey, for whichever ticket."""
    against = (
        ("survey-off", not enabled),
        ("no-requester", not has_requester),
        ("resolved-by-time", not by_agent),
        ("requester-is-agent", requester_is_agent),
        ("not-a-service", resolution in NOT_ASKED_FOR),
        ("asked-lately", last_asked is not None and now - last_asked < REST),
    )
    reason = next((name for name, holds in against if holds), None)
    return Ask(now + LIFE) if reason is None else DoNotAsk(reason)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the answers say. Rates are None where there is nothing to divide; they never stand without `asked` and `answered`."""

    asked: int
    answered: int
    satisfied: int
    ratings: tuple[int, int, int, int, int]
    """How often each step was chosen, the worst first."""

    @property
    def response_rate(self) -> float | None:
        """Answers to questions, 0 to 1."""
        return self.answered / self.asked if self.asked else None

    @property
    def satisfaction(self) -> float | None:
        """Those who chose one of the two best steps, of all who answered, 0 to 1."""
        return self.satisfied / self.answered if self.answered else None

    @property
    def mean(self) -> float | None:
        """The mean step, 1 to 5."""
        return sum(step * n for step, n in zip(STEPS, self.ratings, strict=True)) / self.answered if self.answered else None


def totals(ratings: Iterable[int | None]) -> Totals:
    """Add up the ratings of all surveys that were asked; None stands for one without an answer."""
    asked, counted = 0, [0, 0, 0, 0, 0]
    for rating in ratings:
        asked += 1
        if rating is not None:
            counted[rating - 1] += 1
    return Totals(asked, sum(counted), sum(counted[SATISFIED - 1 :]), (counted[0], counted[1], counted[2], counted[3], counted[4]))
