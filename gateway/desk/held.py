"""Answers to mails that ask not to be answered: kept, handed back (M11), and published by a button (SURFACE 1.4, rulings 7 and 8).

Nothing that a person typed is lost: his words stand on the ticket for agents from the first moment, and for everybody once he, or an
operator, says so. What he says by publishing means what it would have meant as an ordinary reply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from gateway.desk import tell
from gateway.desk.comment import comment_of
from gateway.desk.letter import Letter, store_files
from gateway.desk.merge import goes_on_in
from gateway.desk.office import Office, Story
from gateway.desk.participant import Done, Double, Nothing, says
from gateway.desk.visit import Visitor
from gateway.domain import guard, workflow
from gateway.domain.audience import Mail
from gateway.domain.events import Event, HeldDropped, HeldPublished, MailHeld, NotificationSkipped
from gateway.domain.people import Person
from gateway.domain.ticket import Ticket, Visibility
from gateway.domain.workflow import Actor, Keep, Moved, moved
from gateway.store import events, outbox, people, tickets, visible
from gateway.store.tickets import NewComment

WHY = "guarded"
"""`held_why` of these comments; other held comments are agents' drafts."""


@dataclass(frozen=True, slots=True)
class Published:
    """So many held replies are comments now."""

    count: int
    reopened: bool


def answers_guarded(letter: Letter, story: Story, *, guard_address: bool) -> bool:
    """Whether a mail answers one that asked not to be answered: it came to the noreply address, signed (`guard_address`) or plain."""
    if story.office.policy.guard is guard.Mode.OFF:
        return False
    if guard_address:
        return True
    ours = [a for a in (*letter.mail.to, *letter.mail.cc) if story.office.desk_of(a.address) is not None]
    plain = {story.office.plain(a.address) for a in ours}
    return bool(plain) and plain <= {desk.noreply for desk in story.office.desks.values()}


def hold(story: Story, letter: Letter, ticket: Ticket, person: Person, *, hands_back: bool) -> int:
    """Keep the words, and hand them back to their author once a day. `hands_back` False: a machine wrote them, and gets nothing."""
    store_files(letter, story)
    comment = comment_of(
        letter,
        story,
        author_id=person.id,
        author_name=person.name,
        ticket_id=ticket.id,
        visibility=Visibility.INTERNAL,
        kind="held",
        held_why=WHY,
        held_as=Visibility.PUBLIC,
    )
    comment_id = tickets.add_comment(story.connection, comment, now=story.now)
    facts: list[Event] = [MailHeld(WHY)]
    lately = outbox.count_on(story.connection, ticket.id, person.id, Mail.GUARD_RETURNED.value, since=story.now - guard.RETURN_PAUSE)
    if not hands_back or lately:
        facts.append(NotificationSkipped(Mail.GUARD_RETURNED.value, person.id, "returned-today" if lately else "not-human"))
    events.add(
        story.connection, facts, ticket_id=ticket.id, actor_id=person.id, now=story.now, comment_id=comment_id, intake_id=story.intake_id
    )
    if hands_back and not lately and letter.mail.sender is not None:
        never = letter.understood.classified.never_answer
        cause = tell.Cause(letter.mail.sender.address, letter.mail.message_id, letter.mail.date, never)
        tell.answer(story, ticket, person, Mail.GUARD_RETURNED, cause, {"returned_comment": comment_id})
    return comment_id


def publish(office: Office, visitor: Visitor, *, reopen: bool, post_key: str) -> Published | Double | Nothing:
    """Publish all that this person has held back on this ticket; `reopen` takes a settled ticket up again (T14, T16)."""
    with office.store.write() as connection:
        ticket = tickets.lock(connection, visitor.ticket.id)
        if ticket is None or tickets.knows_post(connection, post_key):
            return Double() if ticket is not None else Nothing()
        now = office.now()
        rows = visible.held(connection, visitor.person.id, ticket.id, since=now - guard.HELD_LIFE)
        if not rows:
            return Nothing()
        ticket = goes_on_in(connection, ticket)
        if visitor.person.id not in tickets.participant_ids(connection, ticket.id):
            return Nothing()
        tickets.take_post(connection, post_key, ticket_id=ticket.id, person_id=visitor.person.id, now=now)
        done = _publish(Story(office, connection, visitor.desk, now, "page"), ticket, visitor.person, rows, reopen=reopen)
        return Published(len(rows), done.moved and done.ticket.status == "reopened")


def publish_one(story: Story, ticket: Ticket, comment_id: int, *, reopen: bool, actor_id: int | None = None) -> Done | Nothing:
    """The same for one held reply at an operator's word (`gateway held publish`); its age does not count.

    `actor_id`: the agent who let it through.
    """
    row = one(story, comment_id)
    if row is None or row.ticket_id != ticket.id:
        return Nothing()
    author = people.by_ids(story.connection, [row.author_id])[row.author_id]
    return _publish(story, ticket, author, [row], reopen=reopen, actor_id=actor_id)


def drop(story: Story, comment_id: int, *, actor_id: int | None) -> bool:
    """End a held reply without publishing it; agents can still read it. False when there is none."""
    row = one(story, comment_id)
    if row is None:
        return False
    tickets.update_comment(story.connection, comment_id, withdrawn_at=story.now)
    events.add(story.connection, [HeldDropped(comment_id)], ticket_id=row.ticket_id, actor_id=actor_id, now=story.now)
    return True


def one(story: Story, comment_id: int) -> sa.Row[Any] | None:
    """A held reply that waits."""
    found = tickets.held_replies(story.connection, comment_id=comment_id)
    return found[0] if found else None


def waiting(office: Office, *, limit: int) -> list[sa.Row[Any]]:
    """All held replies that wait, oldest first, for operators."""
    with office.store.read() as connection:
        return tickets.held_replies(connection, limit=limit)


def until(at: datetime) -> datetime:
    """How long the author of a reply that was held then may publish it."""
    return at + guard.HELD_LIFE


def _publish(story: Story, ticket: Ticket, author: Person, rows: list[sa.Row[Any]], *, reopen: bool, actor_id: int | None = None) -> Done:
    goes_on = _goes_on(story, ticket, author)
    published: list[NewComment] = []
    for row, kept in zip(rows, tickets.comments(story.connection, [row.id for row in rows]), strict=True):
        published.append(
            NewComment(
                ticket_id=goes_on.id,
                author_id=author.id,
                author_name=author.name,
                visibility=Visibility.PUBLIC,
                text=kept.text,
                source=story.source,
                quoted=row.quoted,
                signature=row.signature,
                html=row.html,
                proof=row.proof,
                attachments=kept.attachments,
            ),
        )
        tickets.update_comment(story.connection, row.id, withdrawn_at=story.now)
    done = says(story, goes_on, author, published, _effect(story, goes_on, reopen=reopen))
    facts = [HeldPublished(row.id) for row in rows]
    by = author.id if actor_id is None else actor_id
    events.add(story.connection, facts, ticket_id=ticket.id, actor_id=by, now=story.now, comment_id=done.comment_id)
    return done


def _goes_on(story: Story, ticket: Ticket, author: Person) -> Ticket:
    """Where the words are published: on the ticket in which a merged one goes on, as far as their author takes part."""
    following = tickets.lock(story.connection, goes_on_in(story.connection, ticket).id)
    return following if following is not None and author.id in tickets.participant_ids(story.connection, following.id) else ticket


def _effect(story: Story, ticket: Ticket, *, reopen: bool) -> Moved | Keep:
    """What the words would have done as an ordinary reply (T06), or the reopening that was asked for."""
    rules = story.office.workflow
    here = rules.statuses.get(ticket.status)
    if here is not None and here.settled and not (reopen and ticket.merged_into is None):
        return Keep(ticket.status, "published-only")
    rule = next((r for r in workflow.moves(rules, ticket.status, Actor.CUSTOMER) if ticket.status in r.on_reply), None)
    return Keep(ticket.status, "T22") if rule is None else moved(rule, ticket.status)
