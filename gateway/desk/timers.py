"""What the clock does to tickets: reminders, the warning before a silent end, closing, the survey's reminder (T13, T19-T21, M09, M10, M14).

A bell rings `work`; what is due is asked from the database, and each deed is written down in the transaction that does it, under a key that
exists once. So a double, late or missing bell, a second worker or a clock that was moved does nothing twice (ruling 13, CASES B47-B49).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.desk import survey, tell
from gateway.desk.act import set_status
from gateway.desk.office import Office, Story
from gateway.domain import timing, workflow
from gateway.domain.audience import Mail
from gateway.domain.events import Event, Reminded, StatusChanged
from gateway.domain.ticket import Ticket
from gateway.domain.workflow import Actor, Moved
from gateway.store import events, people, surveys, tickets, timers
from gateway.store.surveys import Survey

PAGE = 200
"""Tickets that are looked at in one reading."""

WARNED, NOBODY_TO_WARN = 0, -1
"""Steps of the timer `warning`."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one round did, by kind; all zero when nothing was due."""

    reminded: int = 0
    warned: int = 0
    resolved: int = 0
    closed: int = 0
    asked_again: int = 0

    def __bool__(self) -> bool:
        """Whether anything was done."""
        return any((self.reminded, self.warned, self.resolved, self.closed, self.asked_again))


def work(office: Office) -> Ticked:
    """Do all that is due now. Raises when the database fails; what was done until then stands."""
    rhythm = office.policy.rhythm
    waiting = tuple(code for code, status in office.workflow.statuses.items() if status.who_acts == "customer")
    last = max(rhythm.reminders, default=0)
    first = min(rhythm.reminders, default=0)
    return Ticked(
        reminded=_each(office, waiting, first, _remind, without=("reminder", last)) if last else 0,
        warned=_each(office, ("waiting_customer",), _warn_after(rhythm), _warn, without=("warning", WARNED)) if rhythm.resolve_after else 0,
        resolved=_each(office, ("waiting_customer",), _warn_after(rhythm), _resolve) if rhythm.resolve_after else 0,
        closed=_each(office, ("resolved",), rhythm.close_after, _close) if rhythm.close_after else 0,
        asked_again=_ask_again(office) if rhythm.survey_reminder and office.policy.survey else 0,
    )


def _warn_after(rhythm: timing.Rhythm) -> int:
    return max(rhythm.resolve_after - rhythm.warn_before, 0)


def _each(
    office: Office,
    statuses: tuple[str, ...],
    days: int,
    deed: Callable[[Story, Ticket], bool],
    *,
    without: tuple[str, int] | None = None,
) -> int:
    """Do `deed` for every ticket that has stood in one of `statuses` for about so many days, each in a transaction of its own."""
    # A calendar day may begin up to a day before so many times 24 hours are over; the deed looks more closely.
    before = office.now() - timedelta(days=max(days - 1, 0))
    done = 0
    for row in _standing(office, statuses, before, without):
        with office.store.write() as connection:
            ticket = tickets.lock(connection, row.id)
            if ticket is None or ticket.status not in statuses or ticket.desk not in office.desks:
                continue
            story = Story(office, connection, office.desks[ticket.desk], office.now(), "clock")
            done += deed(story, ticket)
    return done


def _standing(office: Office, statuses: tuple[str, ...], before: datetime, without: tuple[str, int] | None) -> Iterator[sa.Row[Any]]:
    after = 0
    while True:
        with office.store.read() as connection:
            rows = timers.standing(connection, statuses, since_before=before, without=without, after=after, limit=PAGE)
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1].id


def _remind(story: Story, ticket: Ticket) -> bool:
    """M09: the latest reminder that is due; earlier ones that were missed are not made up for."""
    since = _since(ticket)
    done = timers.steps(story.connection, ticket.id, "reminder", since=since)
    days = timing.reminder_due(since, story.now, done.keys(), story.office.policy.rhythm)
    if days is None or not timers.take(story.connection, ticket.id, "reminder", since=since, step=days, now=story.now):
        return False
    question = tickets.last_from_team(story.connection, ticket.id)
    extra = {"days_waiting": _days(story, since)}
    tell.participants(story, ticket, Mail.REMINDER, tell.News(comments=(question,) if question else (), extra=extra))
    _write_down(story, ticket, Reminded(Mail.REMINDER.value, days))
    return True


def _warn(story: Story, ticket: Ticket) -> bool:
    """M10: says when the request will count as resolved, so many days before it does."""
    rhythm, since = story.office.policy.rhythm, _since(ticket)
    if timing.due_on(since, _warn_after(rhythm), rhythm) > story.now or timers.steps(story.connection, ticket.id, "warning", since=since):
        return False
    ends = _ends(story, story.now, since)
    told = tell.participants(story, ticket, Mail.RESOLVE_WARNING, tell.News(extra={"resolves_on": ends.isoformat()}))
    timers.take(story.connection, ticket.id, "warning", since=since, step=WARNED if told else NOBODY_TO_WARN, now=story.now)
    if not told:
        return False  # muted, say: a request never ends by time without a word to anybody
    _write_down(story, ticket, Reminded(Mail.RESOLVE_WARNING.value, _days(story, since)))
    return True


def _resolve(story: Story, ticket: Ticket) -> bool:
    """T20, once the warning has had its days: after a pause of ours the customer still gets them."""
    since = _since(ticket)
    warned = timers.steps(story.connection, ticket.id, "warning", since=since).get(WARNED)
    if warned is None or _ends(story, warned, since) > story.now:
        return False
    return _move(story, ticket, "resolved")


def _close(story: Story, ticket: Ticket) -> bool:
    """T13: M06 said on which day; no mail surprises anybody."""
    rhythm = story.office.policy.rhythm
    if timing.due_on(_since(ticket), rhythm.close_after, rhythm) > story.now:
        return False
    return _move(story, ticket, "closed")


def _move(story: Story, ticket: Ticket, target: str) -> bool:
    decided = workflow.decide(story.office.workflow, status=ticket.status, target=target, actor=Actor.SCHEDULER, has_comment=False)
    if not isinstance(decided, Moved):
        return False  # the operator's workflow.toml does not want it
    now_is = set_status(story, ticket, decided.target)
    _write_down(story, ticket, StatusChanged(decided.source, decided.target, decided.rule.name, now_is.resolution))
    survey.reconsider(story, now_is)
    return True


def _ask_again(office: Office) -> int:
    """M14: once, for a survey without an answer."""
    rhythm, done, after = office.policy.rhythm, 0, 0
    before = office.now() - timedelta(days=rhythm.survey_reminder - 1)
    while True:
        with office.store.read() as connection:
            found = surveys.to_remind(connection, asked_before=before, now=office.now(), after=after, limit=PAGE)
        for asked in found:
            due = timing.due_on(asked.asked_at, rhythm.survey_reminder, rhythm)
            if due <= office.now() <= due + timing.STALE:
                done += _ask_once_more(office, asked)
        if len(found) < PAGE:
            return done
        after = found[-1].id


def _ask_once_more(office: Office, asked: Survey) -> bool:
    with office.store.write() as connection:
        ticket = tickets.lock(connection, asked.ticket_id)
        if ticket is None or ticket.desk not in office.desks:
            return False
        story = Story(office, connection, office.desks[ticket.desk], office.now(), "clock")
        if not surveys.mark_reminded(connection, asked.id, now=story.now) or not _still_there(connection, asked):
            return False
        tell.participants(story, ticket, Mail.SURVEY_REMINDER, tell.News())
        _write_down(story, ticket, Reminded(Mail.SURVEY_REMINDER.value, _days(story, asked.asked_at)))
        return True


def _still_there(connection: Connection, asked: Survey) -> bool:
    person = people.by_ids(connection, [asked.person_id]).get(asked.person_id)
    return person is not None and not person.disabled


def _since(ticket: Ticket) -> datetime:
    return ticket.status_since or ticket.updated_at


def _days(story: Story, since: datetime) -> int:
    """Calendar days between then and now, as a reader counts them."""
    zone = story.office.policy.rhythm.zone
    return (story.now.astimezone(zone).date() - since.astimezone(zone).date()).days


def _ends(story: Story, warned: datetime, since: datetime) -> datetime:
    """When a question without an answer ends its request: by the calendar, and never sooner than the warning promised."""
    rhythm = story.office.policy.rhythm
    return max(timing.due_on(since, rhythm.resolve_after, rhythm), timing.due_on(warned, rhythm.warn_before, rhythm))


def _write_down(story: Story, ticket: Ticket, fact: Event) -> None:
    events.add(story.connection, [fact], ticket_id=ticket.id, actor_id=None, now=story.now)
