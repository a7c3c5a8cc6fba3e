"""Two tickets about one matter become one: the first is closed as a duplicate and goes on in the second (T25).

Whoever takes part in the first can read the second afterwards, so people who are not on it yet are added only when the agent says so
outright. The second ticket gets one comment with the other's key and not a word of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from gateway.desk import survey, tell
from gateway.desk.act import set_status
from gateway.desk.office import Story
from gateway.domain.audience import Mail
from gateway.domain.events import CommentAdded, Event, Merged, ParticipantAdded, StatusChanged
from gateway.domain.people import Part, Person
from gateway.domain.ticket import Ticket, Visibility
from gateway.store import events, tickets
from gateway.store.tickets import NewComment

MERGES_FOLLOWED = 10

SENTENCES = {
    # what stands on the ticket that goes on, by its language
    "fr": "La demande {key} est regroupée avec celle-ci.",
    "nl": "Aanvraag {key} is samengevoegd met deze.",
    "de": "Die Anfrage {key} wurde mit dieser zusammengelegt.",
    "en": "Request {key} has been merged into this one.",
}


@dataclass(frozen=True, slots=True)
class Joined:
    """It goes on in `into`; `added` are the people who came along."""

    into: Ticket
    added: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class CannotJoin:
    """It does not. `reason`: same-ticket, other-desk, merged-already, or other-people, who then are named."""

    reason: str
    people: tuple[Person, ...] = ()


def goes_on_in(connection: Connection, ticket: Ticket) -> Ticket:
    """The ticket in which a merged one goes on, or itself."""
    for _ in range(MERGES_FOLLOWED):
        following = tickets.get(connection, ticket.merged_into) if ticket.merged_into is not None else None
        if following is None:
            break
        ticket = following
    return ticket


def merge(story: Story, ticket: Ticket, into: Ticket, agent: Person, *, with_people: bool) -> Joined | CannotJoin:
    """Let `ticket` go on in `into`. The caller holds both locks, in the order of their ids."""
    if ticket.id == into.id:
        return CannotJoin("same-ticket")
    if ticket.desk != into.desk:
        return CannotJoin("other-desk")
    if ticket.merged_into is not None or into.merged_into is not None:
        return CannotJoin("merged-already")
    on_it = tickets.participant_ids(story.connection, into.id)
    newcomers = tuple(p.person for p in tickets.participants(story.connection, ticket.id) if p.person.id not in on_it)
    if newcomers and not with_people:
        return CannotJoin("other-people", newcomers)
    for person in newcomers:
        tickets.add_participant(story.connection, into.id, person.id, Part.PARTICIPANT, now=story.now)
    _close(story, ticket, into, agent, newcomers)
    _say_so(story, ticket, into, agent, newcomers)
    return Joined(into, newcomers)


def _close(story: Story, ticket: Ticket, into: Ticket, agent: Person, newcomers: tuple[Person, ...]) -> None:
    facts: list[Event] = [Merged(into.id, tuple(person.id for person in newcomers))]
    if ticket.status != "closed":
        facts.append(StatusChanged(ticket.status, "closed", "T25", "duplicate"))
        set_status(story, ticket, "closed", resolution="duplicate")
    tickets.update(story.connection, ticket.id, now=story.now, merged_into_id=into.id, resolution="duplicate")
    survey.drop(story, ticket)
    tickets.link(story.connection, ticket.id, into.id, "merged", now=story.now)
    events.add(story.connection, facts, ticket_id=ticket.id, actor_id=agent.id, now=story.now, intake_id=story.intake_id)


def _say_so(story: Story, ticket: Ticket, into: Ticket, agent: Person, newcomers: tuple[Person, ...]) -> None:
    """One comment on the ticket that goes on, and M02 for it."""
    sentence = SENTENCES.get(into.language, SENTENCES["en"]).format(key=ticket.key)
    comment = NewComment(into.id, agent.id, agent.name, Visibility.PUBLIC, sentence, story.source, intake_id=story.intake_id)
    comment_id = tickets.add_comment(story.connection, comment, now=story.now)
    tickets.update(story.connection, into.id, now=story.now)
    facts: list[Event] = [CommentAdded(comment.visibility.value, story.source)]
    facts += [ParticipantAdded(person.id, f"merged {ticket.key}") for person in newcomers]
    events.add(
        story.connection, facts, ticket_id=into.id, actor_id=agent.id, now=story.now, comment_id=comment_id, intake_id=story.intake_id
    )
    tell.participants(story, into, Mail.COMMENT, tell.News(agent.id, agent.name, by_agent=True, comments=(comment_id,)))
