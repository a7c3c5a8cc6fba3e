"""What a person may see: every query on behalf of somebody who is no agent goes through here, and through one condition.

A customer sees the tickets that he takes part in, and of those what is public and was not taken back (CASES A4.9, A4.10). A ticket that he
may not see and one that does not exist give the same nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.domain.ticket import Ticket, TicketKey, Visibility
from gateway.store import schema, tickets

_tickets, _comments, _participants, _attachments = schema.tickets, schema.comments, schema.participants, schema.attachments


def visible_to(person_id: int) -> sa.ColumnElement[bool]:
    """The one condition: tickets on which this person takes part, and he is not disabled."""
    on_it = sa.select(_participants.c.ticket_id).join(schema.people, schema.people.c.id == _participants.c.person_id)
    return _tickets.c.id.in_(on_it.where(_participants.c.person_id == person_id, schema.people.c.disabled == sa.false()))


def ticket(connection: Connection, person_id: int, *, ticket_id: int | None = None, key: TicketKey | None = None) -> Ticket | None:
    """A ticket by its id or its key, if this person may see it."""
    wanted = _tickets.c.id == ticket_id if key is None else sa.and_(_tickets.c.desk == key.prefix, _tickets.c.number == key.number)
    found = connection.execute(sa.select(_tickets.c.id).where(wanted, visible_to(person_id))).scalar()
    return tickets.get(connection, found) if found is not None else None


def comments(connection: Connection, person_id: int, ticket_id: int, *, limit: int) -> list[sa.Row[Any]]:
    """The newest public comments of a ticket, newest first, with every column and whether their author is an agent (`by_agent`)."""
    by_agent = (schema.people.c.role == "agent").label("by_agent")
    query = sa.select(_comments, by_agent).outerjoin(schema.people, schema.people.c.id == _comments.c.author_id)
    return list(connection.execute(query.where(_said(person_id, ticket_id)).order_by(_comments.c.id.desc()).limit(limit)).all())


def comment(connection: Connection, person_id: int, ticket_id: int, comment_id: int) -> sa.Row[Any] | None:
    """One public comment."""
    return connection.execute(sa.select(_comments).where(_said(person_id, ticket_id), _comments.c.id == comment_id)).first()


def _said(person_id: int, ticket_id: int) -> sa.ColumnElement[bool]:
    """Comments of a ticket that this person may read."""
    mine = sa.select(_tickets.c.id).where(_tickets.c.id == ticket_id, visible_to(person_id))
    return sa.and_(
        _comments.c.ticket_id.in_(mine),
        _comments.c.visibility == Visibility.PUBLIC.value,
        _comments.c.kind == "comment",
        _comments.c.withdrawn_at.is_(None),
    )


def changes(connection: Connection, person_id: int, ticket_id: int, *, limit: int) -> list[sa.Row[Any]]:
    """The newest status changes of a ticket, newest first: when, from and to what (`data`), and by whom (`actor_name`, `by_agent`)."""
    events, people = schema.events, schema.people
    mine = sa.select(_tickets.c.id).where(_tickets.c.id == ticket_id, visible_to(person_id))
    query: sa.Select[Any] = (
        sa.select(events.c.id, events.c.at, events.c.data, people.c.name.label("actor_name"), events.c.actor_id)
        .outerjoin(people, people.c.id == events.c.actor_id)
        .where(events.c.ticket_id.in_(mine), events.c.kind == "StatusChanged")
        .order_by(events.c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(query).all())


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a comment, where its bytes are (`sha256`), and of which comment."""

    id: int
    comment_id: int
    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool
    content_id: str | None


_FILE = (
    _attachments.c.id,
    _attachments.c.comment_id,
    _attachments.c.filename,
    _attachments.c.content_type,
    _attachments.c.size,
    _attachments.c.sha256,
    _attachments.c.inline,
    _attachments.c.content_id,
)


def files(connection: Connection, comment_ids: Sequence[int]) -> list[FileRow]:
    """The files of comments that were read by one of the functions here."""
    query = sa.select(*_FILE).where(_attachments.c.comment_id.in_(list(comment_ids))).order_by(_attachments.c.id)
    return [FileRow(*row) for row in connection.execute(query)]


def file(connection: Connection, person_id: int, ticket_id: int, attachment_id: int) -> FileRow | None:
    """One file of a ticket: of a public comment, or of a reply of his own that is held back."""
    readable = sa.select(_comments.c.id).where(sa.or_(_said(person_id, ticket_id), _held(person_id, ticket_id)))
    query = sa.select(*_FILE).where(_attachments.c.id == attachment_id, _attachments.c.comment_id.in_(readable))
    row = connection.execute(query).first()
    return FileRow(*row) if row else None


def held(connection: Connection, person_id: int, ticket_id: int, *, since: datetime) -> list[sa.Row[Any]]:
    """What this person wrote in answer to a guarded mail and has not published, oldest first."""
    query = sa.select(_comments).where(_held(person_id, ticket_id), _comments.c.created_at > since)
    return list(connection.execute(query.order_by(_comments.c.id)).all())


def _held(person_id: int, ticket_id: int) -> sa.ColumnElement[bool]:
    mine = sa.select(_tickets.c.id).where(_tickets.c.id == ticket_id, visible_to(person_id))
    return sa.and_(
        _comments.c.ticket_id.in_(mine),
        _comments.c.author_id == person_id,
        _comments.c.kind == "held",
        _comments.c.held_why == "guarded",
        _comments.c.withdrawn_at.is_(None),
    )
