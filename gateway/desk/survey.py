"""The satisfaction survey's stories: asked with a resolution, answered by a link, changed until it closes, taken back on reopening.

A GET shows the page with the step of the link chosen; only `answer`, which a form posts, stores a rating (CASES A4.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.desk import tell
from gateway.desk.office import DeskRules, Office, Story
from gateway.desk.visit import NoEntry
from gateway.domain import survey
from gateway.domain.audience import Mail
from gateway.domain.events import SurveyAnswered, SurveyAsked, SurveyNotAsked
from gateway.domain.people import Person, Role
from gateway.domain.ticket import Ticket, TicketKey
from gateway.domain.workflow import Actor, moves
from gateway.mail.signed.link import Expired, Forged, LinkPurpose, read_link, same_epoch
from gateway.store import events, people, surveys, tickets, visible
from gateway.store.surveys import Survey


@dataclass(frozen=True, slots=True)
class SurveyView:
    """A survey that takes an answer. `decide_token` leads to reopening where `may_reopen`."""

    key: TicketKey
    summary: str
    desk: DeskRules
    person: Person
    rating: int | None
    comment: str
    expires_at: datetime
    may_reopen: bool
    decide_token: str


@dataclass(frozen=True, slots=True)
class Over:
    """A survey that takes no answer any more, since `on`."""

    on: datetime
    desk: DeskRules
    person: Person | None


@dataclass(frozen=True, slots=True)
class _Asked:
    survey: Survey
    ticket: Ticket
    person: Person


def ask(story: Story, ticket: Ticket, *, by_agent: bool) -> None:
    """A ticket was resolved: ask its requester, or write down why not."""
    requester = people.by_ids(story.connection, [ticket.requester_id]).get(ticket.requester_id) if ticket.requester_id is not None else None
    decided = survey.may_ask(
        now=story.now,
        enabled=story.office.policy.survey and not story.silent,
        by_agent=by_agent,
        has_requester=requester is not None and not requester.disabled,
        requester_is_agent=requester is not None and requester.role is Role.AGENT,
        resolution=ticket.resolution or "",
        last_asked=surveys.last_asked(story.connection, requester.id) if requester else None,
    )
    if isinstance(decided, survey.Ask) and requester is not None:
        asked = surveys.ask(
            story.connection,
            ticket_id=ticket.id,
            person_id=requester.id,
            assignee_id=ticket.assignee_id,
            now=story.now,
            expires_at=decided.expires_at,
        )
        fact: SurveyAsked | SurveyNotAsked = SurveyAsked(asked.id)
    else:
        fact = SurveyNotAsked(decided.reason if isinstance(decided, survey.DoNotAsk) else "no-requester")
    events.add(story.connection, [fact], ticket_id=ticket.id, actor_id=None, now=story.now, intake_id=story.intake_id)


def reconsider(story: Story, ticket: Ticket) -> None:
    """A ticket moved: one that is not settled any more asks nobody how it was."""
    here = story.office.workflow.statuses.get(ticket.status)
    if here is None or not here.settled:
        drop(story, ticket)


def drop(story: Story, ticket: Ticket) -> None:
    """Ask nobody about this ticket any more."""
    surveys.withdraw(story.connection, ticket.id, now=story.now)


def show(office: Office, token: str) -> SurveyView | Over | NoEntry:
    """What the link of a survey opens."""
    with office.store.read() as connection:
        found = _find(office, connection, token)
        return _view(office, connection, found) if isinstance(found, _Asked) else found


def answer(office: Office, token: str, rating: int, comment: str) -> SurveyView | Over | NoEntry:
    """Store a rating (one of STEPS; ValueError otherwise). The same answer again stores nothing; a low one is told to the agent (A09)."""
    if rating not in survey.STEPS:
        raise ValueError(f"a rating is 1 to 5, not {rating}")
    said = comment.replace("\r\n", "\n").strip()[: survey.COMMENT_LIMIT]
    with office.store.write() as connection:
        found = _find(office, connection, token)
        if not isinstance(found, _Asked):
            return found
        now_is = surveys.lock(connection, found.survey.id)
        assert now_is is not None
        if (now_is.rating, now_is.comment) != (rating, said) or now_is.answered_at is None:
            store(Story(office, connection, office.desks[found.ticket.desk], office.now(), "page"), found.ticket, now_is, rating, said)
        renewed = surveys.get(connection, now_is.id)
        assert renewed is not None
        return _view(office, connection, _Asked(renewed, found.ticket, found.person))


def store(story: Story, ticket: Ticket, asked: Survey, rating: int, comment: str) -> None:
    """Write an answer down, and tell of a low one unless the one before was as low."""
    surveys.answer(story.connection, asked.id, rating=rating, comment=comment, now=story.now)
    fact = SurveyAnswered(asked.id, rating)
    events.add(story.connection, [fact], ticket_id=ticket.id, actor_id=asked.person_id, now=story.now, intake_id=story.intake_id)
    if rating <= survey.LOW and (asked.rating, asked.comment) != (rating, comment):
        who = people.by_ids(story.connection, [asked.person_id])[asked.person_id]
        extra = {"rating": rating, "rating_comment": comment}
        tell.team(story, ticket, Mail.AGENT_LOW_RATING, tell.News(who.id, who.name, extra=extra))


def _find(office: Office, connection: Connection, token: str) -> _Asked | Over | NoEntry:
    link = read_link(office.signer, token, LinkPurpose.SURVEY, now=office.now())
    if isinstance(link, Forged):
        return NoEntry()
    signed = link.link if isinstance(link, Expired) else link
    asked = surveys.get(connection, signed.subject)
    person = people.by_ids(connection, [signed.person]).get(signed.person)
    if asked is None or person is None or person.disabled or asked.person_id != person.id:
        return NoEntry()
    ticket = visible.ticket(connection, person.id, ticket_id=asked.ticket_id)
    if ticket is None or ticket.desk not in office.desks or not same_epoch(signed.ticket_epoch, ticket.key_epoch):
        return NoEntry()
    if not same_epoch(signed.person_epoch, person.key_epoch):
        return NoEntry()
    if isinstance(link, Expired) or not asked.is_open(office.now()):
        return Over(asked.withdrawn_at or asked.expires_at, office.desks[ticket.desk], person)
    return _Asked(asked, ticket, person)


def _view(office: Office, connection: Connection, found: _Asked) -> SurveyView:
    now_is = tickets.get(connection, found.ticket.id) or found.ticket
    may_reopen = any(rule.word == "reopen-by-customer" for rule in moves(office.workflow, now_is.status, Actor.CUSTOMER))
    return SurveyView(
        key=now_is.key,
        summary=now_is.summary,
        desk=office.desks[now_is.desk],
        person=found.person,
        rating=found.survey.rating,
        comment=found.survey.comment,
        expires_at=found.survey.expires_at,
        may_reopen=may_reopen and now_is.merged_into is None,
        decide_token=office.link(LinkPurpose.DECIDE, now_is, found.person),
    )
