"""What an agent does to a ticket, by mail or on the command line: comment, note, move, assign; all of it or nothing.

An `Intent` says what he wants. It is judged whole before anything is written, then written, then told in one mail to each participant
(invariant 2 of SURFACE 1.2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.desk import survey, tell
from gateway.desk.office import Story
from gateway.domain import audience, workflow
from gateway.domain.audience import Mail
from gateway.domain.events import Assigned, CommentAdded, Event, StatusChanged
from gateway.domain.people import Person
from gateway.domain.ticket import Ticket, Visibility
from gateway.domain.workflow import Actor, Moved, Refused
from gateway.store import events, tickets
from gateway.store.tickets import NewComment


@dataclass(frozen=True, slots=True)
class Assign:
    """Make this person the assignee; None sets the ticket free."""

    person: Person | None


@dataclass(frozen=True, slots=True)
class Intent:
    """What an agent wants. `comment` carries its text, visibility and files; its ticket and author are filled in here."""

    comment: NewComment | None = None
    target: str | None = None
    assign: Assign | None = None
    resolution: str | None = None
    """How the request ended, with a move that settles it: a word of RESOLUTIONS, `done` when nothing is said."""
    already_have_it: frozenset[int] = frozenset()
    """Participants who have the agent's mail already: he answered to all (SURFACE 5.7 rule 2)."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is done. `comment_id` None when nothing was said; `told` counts the participants who get a mail."""

    ticket: Ticket
    comment_id: int | None
    told: int


def agent_acts(story: Story, ticket: Ticket, agent: Person, intent: Intent) -> Done | Refused:
    """Do all that `intent` says, or nothing of it."""
    public = intent.comment is not None and intent.comment.visibility is Visibility.PUBLIC
    move = _judge(story, ticket, intent, has_comment=public)
    if isinstance(move, Refused):
        return move
    comment_id = _write_comment(story, ticket, agent, intent.comment) if intent.comment is not None else None
    facts: list[Event] = []
    now_is = _move(story, ticket, move, intent, facts) if move is not None else ticket
    now_is = _assign(story, now_is, intent.assign, facts)
    events.add(
        story.connection, facts, ticket_id=ticket.id, actor_id=agent.id, now=story.now, comment_id=comment_id, intake_id=story.intake_id
    )
    if move is not None:
        _survey(story, ticket, now_is)
    return Done(now_is, comment_id, _tell(story, now_is, agent, intent, move, comment_id))


def _judge(story: Story, ticket: Ticket, intent: Intent, *, has_comment: bool) -> Moved | Refused | None:
    """The move that goes with the intent: the one asked for, or the one that a first public answer means (T04)."""
    rules = story.office.workflow
    if intent.target is not None:
        return workflow.decide(rules, status=ticket.status, target=intent.target, actor=Actor.AGENT, has_comment=has_comment)
    if intent.comment is None:
        return None
    meant = workflow.agent_commented(rules, status=ticket.status, public=has_comment)
    return meant if isinstance(meant, Moved) else None


def _write_comment(story: Story, ticket: Ticket, agent: Person, comment: NewComment) -> int:
    written = replace(
        comment, ticket_id=ticket.id, author_id=agent.id, author_name=agent.name, source=story.source, intake_id=story.intake_id
    )
    comment_id = tickets.add_comment(story.connection, written, now=story.now)
    tickets.update(story.connection, ticket.id, now=story.now)
    said = CommentAdded(comment.visibility.value, story.source)
    events.add(
        story.connection,
        [said],
        ticket_id=ticket.id,
        actor_id=agent.id,
        now=story.now,
        comment_id=comment_id,
        intake_id=story.intake_id,
    )
    return comment_id


def _move(story: Story, ticket: Ticket, move: Moved, intent: Intent, facts: list[Event]) -> Ticket:
    now_is = set_status(story, ticket, move.target, resolution=intent.resolution or "done")
    facts.append(StatusChanged(move.source, move.target, move.rule.name, now_is.resolution))
    return now_is


def _survey(story: Story, before: Ticket, after: Ticket) -> None:
    """A request that has just ended is judged by who opened it; one that goes on is not."""
    statuses = story.office.workflow.statuses
    if statuses[after.status].settled and not statuses[before.status].settled:
        survey.ask(story, after, by_agent=True)
    else:
        survey.reconsider(story, after)


def set_status(story: Story, ticket: Ticket, target: str, *, resolution: str | None = None) -> Ticket:
    """Put a ticket into a status, with what depends on it. The caller writes the event.

    A ticket that settles gets `resolution`, unless it has one; a ticket that goes on loses it.
    """
    resolved = story.now if target == "resolved" else ticket.resolved_at if target == "closed" else None
    closed = story.now if target == "closed" else None
    how = (ticket.resolution or resolution) if story.office.workflow.statuses[target].settled else None
    tickets.update(
        story.connection,
        ticket.id,
        now=story.now,
        status=target,
        status_since=story.now,
        resolved_at=resolved,
        closed_at=closed,
        resolution=how,
    )
    moments = {"status_since": story.now, "updated_at": story.now, "resolved_at": resolved, "closed_at": closed}
    return replace(ticket, status=target, resolution=how, **moments)  # type: ignore[arg-type]  # mypy sees one type for all values


def _assign(story: Story, ticket: Ticket, assign: Assign | None, facts: list[Event]) -> Ticket:
    wanted = ticket.assignee_id if assign is None else assign.person.id if assign.person else None
    if wanted == ticket.assignee_id:
        return ticket
    facts.append(Assigned(ticket.assignee_id, wanted))
    tickets.update(story.connection, ticket.id, now=story.now, assignee_id=wanted)
    return replace(ticket, assignee_id=wanted, updated_at=story.now)


def _tell(story: Story, ticket: Ticket, agent: Person, intent: Intent, move: Moved | None, comment_id: int | None) -> int:
    """One mail to each participant for all of it; the colleagues hear of notes and of what is given to them."""
    comment = intent.comment
    public = comment is not None and comment.visibility is Visibility.PUBLIC
    said = (comment_id,) if comment_id is not None else ()
    news = tell.News(agent.id, agent.name, by_agent=True, comments=said if public else ())
    mails = [Mail.COMMENT] if public else []
    if move is not None:
        news = replace(news, old_status=move.source, new_status=move.target)
        mails += [audience.BY_CODE[move.mail]] if move.mail in audience.BY_CODE else []
    told = 0
    if mails:
        told = tell.participants(story, ticket, audience.strongest(mails), news, already_have_it=intent.already_have_it)
    if comment is not None and not public:
        tell.team(story, ticket, Mail.AGENT_NOTE, tell.News(agent.id, agent.name, comments=said))
    given_to = intent.assign.person if intent.assign else None
    if given_to is not None and given_to.id != agent.id:
        tell.one(story, ticket, given_to, Mail.AGENT_ASSIGNED, tell.News(agent.id, agent.name))
    return told
