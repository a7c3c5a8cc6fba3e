"""Tickets, comments, attachments, participants and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.domain.people import Part, Participant
from gateway.domain.ticket import Comment, Priority, StoredAttachment, Ticket, TicketKey, Visibility
from gateway.store import people, schema
from gateway.store.statements import insert_or_ignore

_tickets, _comments, _participants = schema.tickets, schema.comments, schema.participants
_SELECT = sa.select(_tickets, schema.organisations.c.code.label("organisation")).outerjoin(
    schema.organisations,
    schema.organisations.c.id == _tickets.c.organisation_id,
)
_INSERT_TICKET = sa.insert(_tickets).returning(_tickets.c.id)
_INSERT_COMMENT = sa.insert(_comments).returning(_comments.c.id)
_BY_ID = _SELECT.where(_tickets.c.id == sa.bindparam("wanted"))
_NEXT_NUMBER = (
    sa.update(schema.desks)
    .where(schema.desks.c.prefix == sa.bindparam("desk"))
    .values(last_number=schema.desks.c.last_number + 1)
    .returning(schema.desks.c.last_number)
)


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment to be written. `kind`: comment, filed or held; `source`: mail, cli or page."""

    ticket_id: int
    author_id: int | None
    author_name: str
    visibility: Visibility
    text: str
    source: str
    kind: str = "comment"
    quoted: str = ""
    signature: str = ""
    html: str | None = None
    proof: str | None = None
    held_why: str | None = None
    held_as: Visibility | None = None
    """What its author meant it to be; only for words that an agent surely wrote himself, for only these may be published later."""
    shown: dict[str, Any] | None = None
    message_id: str | None = None
    intake_id: int | None = None
    attachments: tuple[StoredAttachment, ...] = field(default=())


def _ticket(row: sa.Row[Any]) -> Ticket:
    return Ticket(
        id=row.id,
        key=TicketKey(row.desk, row.number),
        desk=row.desk,
        summary=row.summary,
        status=row.status,
        requester_id=row.requester_id,
        assignee_id=row.assignee_id,
        organisation=row.organisation,
        priority=Priority(row.priority),
        language=row.language,
        created_at=row.created_at,
        updated_at=row.updated_at,
        resolved_at=row.resolved_at,
        closed_at=row.closed_at,
        status_since=row.status_since,
        key_epoch=row.key_epoch,
        resolution=row.resolution,
        merged_into=row.merged_into_id,
    )


def open_ticket(
    connection: Connection,
    *,
    desk: str,
    summary: str,
    status: str,
    requester_id: int | None,
    organisation: tuple[int, str] | None,
    language: str,
    now: datetime,
) -> Ticket:
    """A new ticket with the desk's next number; `organisation` is its id and code.

    Two workers wait for each other at the counter's row, so no number is given twice.
    """
    number = connection.execute(_NEXT_NUMBER, {"desk": desk}).scalar()
    if number is None:
        connection.execute(insert_or_ignore(connection, schema.desks), {"prefix": desk, "last_number": 0})
        number = connection.execute(_NEXT_NUMBER, {"desk": desk}).scalar_one()
    values = {
        "desk": desk,
        "number": number,
        "summary": summary,
        "status": status,
        "status_since": now,
        "requester_id": requester_id,
        "organisation_id": organisation[0] if organisation else None,
        "priority": Priority.NORMAL.value,
        "language": language,
        "created_at": now,
        "updated_at": now,
    }
    ticket_id = int(connection.execute(_INSERT_TICKET, values).scalar_one())
    return Ticket(
        id=ticket_id,
        key=TicketKey(desk, number),
        desk=desk,
        summary=summary,
        status=status,
        requester_id=requester_id,
        assignee_id=None,
        organisation=organisation[1] if organisation else None,
        priority=Priority.NORMAL,
        language=language,
        created_at=now,
        updated_at=now,
        status_since=now,
    )


def get(connection: Connection, ticket_id: int) -> Ticket | None:
    """A ticket, or None."""
    row = connection.execute(_BY_ID, {"wanted": ticket_id}).first()
    return _ticket(row) if row else None


def lock(connection: Connection, ticket_id: int) -> Ticket | None:
    """A ticket that nobody else changes until this transaction ends."""
    connection.execute(sa.select(_tickets.c.id).where(_tickets.c.id == ticket_id).with_for_update())
    return get(connection, ticket_id)


def by_key(connection: Connection, key: TicketKey) -> Ticket | None:
    """The ticket that people call `key`, or None."""
    row = connection.execute(_SELECT.where(_tickets.c.desk == key.prefix, _tickets.c.number == key.number)).first()
    return _ticket(row) if row else None


def listing(
    connection: Connection,
    *,
    statuses: Sequence[str] | None = None,
    desk: str | None = None,
    assignee_id: int | None = None,
    requester_id: int | None = None,
    limit: int = 50,
) -> list[Ticket]:
    """Tickets, last touched first."""
    query = _SELECT.order_by(_tickets.c.updated_at.desc(), _tickets.c.id.desc()).limit(limit)
    if statuses is not None:
        query = query.where(_tickets.c.status.in_(list(statuses)))
    for column, value in ((_tickets.c.desk, desk), (_tickets.c.assignee_id, assignee_id), (_tickets.c.requester_id, requester_id)):
        if value is not None:
            query = query.where(column == value)
    return [_ticket(row) for row in connection.execute(query)]


def update(connection: Connection, ticket_id: int, *, now: datetime, **values: Any) -> None:
    """Change a ticket's columns and its time of last change."""
    connection.execute(sa.update(_tickets).where(_tickets.c.id == ticket_id).values(updated_at=now, **values))


def participants(connection: Connection, ticket_id: int) -> tuple[Participant, ...]:
    """Everybody on a ticket, the requester first."""
    rows = connection.execute(
        sa.select(_participants.c.person_id, _participants.c.part, _participants.c.muted)
        .where(_participants.c.ticket_id == ticket_id)
        .order_by(_participants.c.added_at, _participants.c.person_id),
    ).all()
    persons = people.by_ids(connection, (row.person_id for row in rows))
    found = [Participant(persons[row.person_id], Part(row.part), row.muted) for row in rows]
    return tuple(sorted(found, key=lambda p: p.part is not Part.REQUESTER))


def participant_ids(connection: Connection, ticket_id: int) -> frozenset[int]:
    """The ids of everybody on a ticket."""
    rows = connection.execute(sa.select(_participants.c.person_id).where(_participants.c.ticket_id == ticket_id))
    return frozenset(row.person_id for row in rows)


def takes_part(connection: Connection, person_id: int) -> bool:
    """Whether a person is on any ticket."""
    return (
        connection.execute(sa.select(_participants.c.ticket_id).where(_participants.c.person_id == person_id).limit(1)).first() is not None
    )


def add_participant(connection: Connection, ticket_id: int, person_id: int, part: Part, *, now: datetime) -> bool:
    """Put somebody on a ticket. False when he is on it."""
    row = {"ticket_id": ticket_id, "person_id": person_id, "part": part.value, "muted": False, "added_at": now}
    return connection.execute(insert_or_ignore(connection, _participants), row).rowcount == 1


def remove_participant(connection: Connection, ticket_id: int, person_id: int) -> bool:
    """Take somebody off a ticket; what he holds for it opens nothing any more. False when he is not on it."""
    row = sa.and_(_participants.c.ticket_id == ticket_id, _participants.c.person_id == person_id)
    return connection.execute(sa.delete(_participants).where(row)).rowcount == 1


def set_muted(connection: Connection, ticket_id: int, person_id: int, *, muted: bool) -> bool:
    """Turn a participant's notifications off or on. False when they were so already, or he is not on the ticket."""
    row = sa.and_(_participants.c.ticket_id == ticket_id, _participants.c.person_id == person_id, _participants.c.muted != muted)
    return connection.execute(sa.update(_participants).where(row).values(muted=muted)).rowcount == 1


def take_post(connection: Connection, key: str, *, ticket_id: int, person_id: int, now: datetime) -> bool:
    """Whether the form with this key comes for the first time; it is remembered with what it does."""
    row = {"key": key, "ticket_id": ticket_id, "person_id": person_id, "at": now}
    return connection.execute(insert_or_ignore(connection, schema.posts), row).rowcount == 1


def knows_post(connection: Connection, key: str) -> bool:
    """Whether the form with this key had its effect."""
    return connection.execute(sa.select(schema.posts.c.key).where(schema.posts.c.key == key)).first() is not None


def revoke_links(connection: Connection, ticket_id: int) -> None:
    """End every link and signed address of a ticket."""
    connection.execute(sa.update(_tickets).where(_tickets.c.id == ticket_id).values(key_epoch=_tickets.c.key_epoch + 1))


def add_comment(connection: Connection, new: NewComment, *, now: datetime) -> int:
    """Write a comment with its attachments (their blobs are in). Its id."""
    values = {
        "ticket_id": new.ticket_id,
        "author_id": new.author_id,
        "author_name": new.author_name,
        "visibility": new.visibility.value,
        "kind": new.kind,
        "source": new.source,
        "text": new.text,
        "quoted": new.quoted,
        "signature": new.signature,
        "html": new.html,
        "proof": new.proof,
        "held_why": new.held_why,
        "held_as": new.held_as.value if new.held_as else None,
        "shown": new.shown,
        "message_id": new.message_id,
        "intake_id": new.intake_id,
        "created_at": now,
    }
    comment_id = int(connection.execute(_INSERT_COMMENT, values).scalar_one())
    if new.attachments:
        connection.execute(
            sa.insert(schema.attachments),
            [
                {
                    "comment_id": comment_id,
                    "filename": file.filename,
                    "content_type": file.content_type,
                    "size": file.size,
                    "sha256": file.sha256,
                    "inline": file.inline,
                    "content_id": file.content_id,
                }
                for file in new.attachments
            ],
        )
    return comment_id


def _attachments_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[StoredAttachment]]:
    table = schema.attachments
    found: dict[int, list[StoredAttachment]] = {}
    for row in connection.execute(sa.select(table).where(table.c.comment_id.in_(ids)).order_by(table.c.id)):
        found.setdefault(row.comment_id, []).append(
            StoredAttachment(row.filename, row.content_type, row.size, row.sha256, row.inline, row.content_id),
        )
    return found


def comment_rows(connection: Connection, ticket_id: int) -> list[sa.Row[Any]]:
    """All comments of a ticket with every column, oldest first: for agents and operators only."""
    return list(connection.execute(sa.select(_comments).where(_comments.c.ticket_id == ticket_id).order_by(_comments.c.id)).all())


def comments(connection: Connection, ids: Iterable[int]) -> list[Comment]:
    """These comments with their attachments, oldest first; withdrawn ones are left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return []
    rows = connection.execute(
        sa.select(_comments).where(_comments.c.id.in_(wanted), _comments.c.withdrawn_at.is_(None)).order_by(_comments.c.id),
    ).all()
    files = _attachments_of(connection, wanted)
    return [_comment(row, files) for row in rows]


def _comment(row: sa.Row[Any], files: dict[int, list[StoredAttachment]]) -> Comment:
    return Comment(
        id=row.id,
        ticket_id=row.ticket_id,
        author_id=row.author_id,
        author_name=row.author_name,
        visibility=Visibility(row.visibility),
        text=row.text,
        created_at=row.created_at,
        attachments=tuple(files.get(row.id, ())),
        quoted=row.quoted,
        signature=row.signature,
        shown=row.shown or {},
    )


def last_public(connection: Connection, ticket_id: int, *, before: int | None = None) -> Comment | None:
    """The newest public comment of a ticket, older than the comment `before`."""
    query = sa.select(_comments).where(
        _comments.c.ticket_id == ticket_id,
        _comments.c.visibility == Visibility.PUBLIC.value,
        _comments.c.withdrawn_at.is_(None),
    )
    if before is not None:
        query = query.where(_comments.c.id < before)
    row = connection.execute(query.order_by(_comments.c.id.desc()).limit(1)).first()
    return _comment(row, {}) if row else None


def last_public_ones(connection: Connection, ticket_id: int, *, most: int) -> list[Comment]:
    """The newest public comments of a ticket, oldest first."""
    public = sa.and_(
        _comments.c.ticket_id == ticket_id, _comments.c.visibility == Visibility.PUBLIC.value, _comments.c.withdrawn_at.is_(None)
    )
    rows = connection.execute(sa.select(_comments).where(public).order_by(_comments.c.id.desc()).limit(most)).all()
    return [_comment(row, {}) for row in reversed(rows)]


def last_from_team(connection: Connection, ticket_id: int) -> int | None:
    """The id of the newest public comment that an agent wrote: the question that a reminder repeats."""
    query = (
        sa.select(_comments.c.id)
        .join(schema.people, schema.people.c.id == _comments.c.author_id)
        .where(
            _comments.c.ticket_id == ticket_id,
            _comments.c.visibility == Visibility.PUBLIC.value,
            _comments.c.withdrawn_at.is_(None),
            schema.people.c.role == "agent",
        )
        .order_by(_comments.c.id.desc())
        .limit(1)
    )
    found: int | None = connection.execute(query).scalar()
    return found


def last_held(connection: Connection, ticket_id: int, author_id: int) -> sa.Row[Any] | None:
    """The newest comment of an agent on a ticket that a command of his held back; not what others wrote in his name."""
    return connection.execute(
        sa.select(_comments)
        .where(
            _comments.c.ticket_id == ticket_id,
            _comments.c.author_id == author_id,
            _comments.c.kind == "held",
            _comments.c.held_as.is_not(None),
        )
        .order_by(_comments.c.id.desc())
        .limit(1),
    ).first()


def held_replies(connection: Connection, *, comment_id: int | None = None, limit: int = 1) -> list[sa.Row[Any]]:
    """Answers to guarded mails that wait to be published, oldest first, with the ticket's `desk` and `number`; or one of them."""
    query: sa.Select[Any] = (
        sa.select(_comments, _tickets.c.desk, _tickets.c.number)
        .join(_tickets, _tickets.c.id == _comments.c.ticket_id)
        .where(_comments.c.kind == "held", _comments.c.held_why == "guarded", _comments.c.withdrawn_at.is_(None))
        .order_by(_comments.c.id)
        .limit(limit)
    )
    if comment_id is not None:
        query = query.where(_comments.c.id == comment_id)
    return list(connection.execute(query).all())


def update_comment(connection: Connection, comment_id: int, **values: Any) -> None:
    """Change how a comment is shown (visibility, kind, withdrawn_at, held_why); its words never change."""
    connection.execute(sa.update(_comments).where(_comments.c.id == comment_id).values(**values))


def of_intake(connection: Connection, intake_id: int) -> list[sa.Row[Any]]:
    """The comments that one mail became."""
    return list(connection.execute(sa.select(_comments).where(_comments.c.intake_id == intake_id)).all())


def by_message_ids(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Message-ID -> ticket id, for mails that went out as deliveries (ours) or became comments (theirs).

    Who uses a Message-ID again does not get its thread: ours count before theirs, and the first before all later ones.
    """
    if not ids:
        return {}
    out, theirs = schema.deliveries.c, _comments.c
    sent = sa.select(out.message_id, out.ticket_id, sa.literal(0).label("rank"), out.id).where(
        out.message_id.in_(ids),
        out.ticket_id.is_not(None),
    )
    came = sa.select(theirs.message_id, theirs.ticket_id, sa.literal(1).label("rank"), theirs.id).where(theirs.message_id.in_(ids))
    found: dict[str, int] = {}
    for row in connection.execute(sa.union_all(sent, came).order_by("rank", "id")):
        found.setdefault(row.message_id, row.ticket_id)
    return found


def link(connection: Connection, ticket_id: int, other_id: int, kind: str, *, now: datetime) -> None:
    """Note that one ticket has to do with another; agents see it."""
    if ticket_id != other_id:
        row = {"ticket_id": ticket_id, "other_id": other_id, "kind": kind, "created_at": now}
        connection.execute(insert_or_ignore(connection, schema.links), row)


def unlink(connection: Connection, ticket_id: int, other_id: int, kind: str) -> None:
    """Take such a note back."""
    table = schema.links
    row = sa.and_(table.c.ticket_id == ticket_id, table.c.other_id == other_id, table.c.kind == kind)
    connection.execute(sa.delete(table).where(row))


def links(connection: Connection, ticket_id: int) -> list[tuple[str, TicketKey]]:
    """The links of a ticket, both ways: kind and the other's key."""
    table = schema.links
    found = []
    for mine, other in ((table.c.ticket_id, table.c.other_id), (table.c.other_id, table.c.ticket_id)):
        rows = connection.execute(
            sa.select(table.c.kind, _tickets.c.desk, _tickets.c.number).join(_tickets, _tickets.c.id == other).where(mine == ticket_id),
        )
        found += [(row.kind, TicketKey(row.desk, row.number)) for row in rows]
    return found


def mails_of(connection: Connection, ticket_id: int, person_id: int) -> list[str]:
    """The Message-IDs of the mails that a person wrote on a ticket, oldest first."""
    rows = connection.execute(
        sa.select(_comments.c.message_id)
        .where(_comments.c.ticket_id == ticket_id, _comments.c.author_id == person_id, _comments.c.message_id.is_not(None))
        .order_by(_comments.c.id),
    )
    return [row.message_id for row in rows]
