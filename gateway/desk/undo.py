"""An agent takes his last mail back within the delay: what has not left is cancelled, what it changed is changed back."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.desk import survey
from gateway.desk.act import set_status
from gateway.desk.office import Story
from gateway.domain.events import ActionUndone, Assigned, Event, ParticipantRemoved, StatusChanged
from gateway.domain.people import Person
from gateway.domain.ticket import Ticket
from gateway.store import events, outbox, tickets


@dataclass(frozen=True, slots=True)
class Undone:
    """It is as if the mail had not come; `cancelled` mails were stopped."""

    cancelled: int


@dataclass(frozen=True, slots=True)
class TooLate:
    """It cannot be taken back: `nothing-to-undo` or `already-sent`."""

    reason: str


def undo(story: Story, ticket: Ticket, agent: Person) -> Undone | TooLate:
    """Take back what this agent's last mail did to a ticket within the undo delay and the merge window."""
    policy = story.office.policy
    since = story.now - max(policy.undo, policy.merge_window)
    last = events.last_act(story.connection, ticket.id, agent.id, since=since)
    if last is None:
        return TooLate("nothing-to-undo")
    if outbox.left_already(story.connection, ticket.id, last):
        return TooLate("already-sent")
    cancelled = outbox.cancel_of_intake(story.connection, last, now=story.now, why="taken back by its author")
    for comment in tickets.of_intake(story.connection, last):
        tickets.update_comment(story.connection, comment.id, withdrawn_at=story.now)
    facts = [ActionUndone(last, cancelled)]
    events.add(story.connection, facts, ticket_id=ticket.id, actor_id=agent.id, now=story.now, intake_id=story.intake_id)
    for row in reversed(events.of_intake(story.connection, last)):
        if row.ticket_id is not None:
            undone = _reverse(story, row.ticket_id, row.kind, row.data)
            events.add(story.connection, undone, ticket_id=row.ticket_id, actor_id=agent.id, now=story.now, intake_id=story.intake_id)
    return Undone(cancelled)


def _reverse(story: Story, ticket_id: int, kind: str, data: dict[str, object]) -> list[Event]:
    """Undo one fact where it was true (a merge concerns two tickets), if nothing has changed it since."""
    now_is = tickets.lock(story.connection, ticket_id)
    assert now_is is not None
    if kind == "StatusChanged" and now_is.status == data["new"]:
        survey.reconsider(story, set_status(story, now_is, str(data["old"])))
        return [StatusChanged(str(data["new"]), str(data["old"]), "undo")]
    if kind == "Merged" and now_is.merged_into == data["into"]:
        tickets.update(story.connection, ticket_id, now=story.now, merged_into_id=None)
        tickets.unlink(story.connection, ticket_id, now_is.merged_into or 0, "merged")
        return _reverse_people(story, data)
    if kind == "Assigned" and now_is.assignee_id == data["new"]:
        old = data["old"]
        tickets.update(story.connection, ticket_id, now=story.now, assignee_id=old)
        return [Assigned(now_is.assignee_id, old if isinstance(old, int) else None)]
    return []


def _reverse_people(story: Story, data: dict[str, object]) -> list[Event]:
    """Who came along with a merged ticket leaves the other one again."""
    added = data["added"]
    assert isinstance(added, list)
    into = data["into"]
    assert isinstance(into, int)
    for person_id in added:
        tickets.remove_participant(story.connection, into, person_id)
    facts: list[Event] = [ParticipantRemoved(person_id) for person_id in added]
    events.add(story.connection, facts, ticket_id=into, actor_id=None, now=story.now, intake_id=story.intake_id)
    return []
