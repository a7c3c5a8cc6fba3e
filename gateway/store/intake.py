"""The ledger of received bytes: recorded once (T1), claimed for work, settled with the effect (T2), or parked.

A claim counts the attempt before the work. A row that was tried before is taken alone, so that a mail that kills its process cannot drag
the innocent of its batch along; after three attempts alone it is parked (CASES B39).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store import schema
from gateway.store.blobs import Prepared
from gateway.store.statements import insert_or_ignore, insert_or_update

TRIES_ALONE = 3
"""After one attempt in company and this many alone, a mail is parked."""

_intake = schema.intake
_NEW = sa.text("intake.state = 'new'")
"""In the words of the partial index."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes at a door, not yet recorded.

    `raw` is the whole mail, or its beginning when `whole` is False (then `size` says how much there was). `uid` and its company are None
    for mail that was pushed to us; `silent` marks imported mail, of which nobody is told.
    """

    desk: str
    door: str
    raw: bytes
    received_at: datetime
    mailbox: str | None = None
    folder: str | None = None
    uidvalidity: int | None = None
    uid: int | None = None
    envelope_from: str | None = None
    envelope_to: str | None = None
    size: int = 0
    whole: bool = True
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """An arrival whose bytes are ready to be kept, with the Message-ID that stands in them."""

    arrival: Arrival
    blob: Prepared
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in work. `attempts` counts this one too."""

    id: int
    desk: str
    door: str
    mailbox: str | None
    envelope_from: str | None
    envelope_to: str | None
    sha256: str
    size: int
    whole: bool
    silent: bool
    received_at: datetime
    attempts: int

    @property
    def exhausted(self) -> bool:
        """Whether it was tried alone often enough."""
        return self.attempts > 1 + TRIES_ALONE


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder was read: all UIDs up to `last_uid` of this generation are in the ledger."""

    uidvalidity: int
    last_uid: int
    polled_at: datetime


def insert(connection: Connection, mails: Sequence[Received]) -> int:
    """Record mails whose blobs are in, and leave those that the ledger has (same mailbox, folder, generation, UID). How many are new."""
    rows = [
        {
            "desk": a.desk,
            "door": a.door,
            "mailbox": a.mailbox,
            "folder": a.folder,
            "uidvalidity": a.uidvalidity,
            "uid": a.uid,
            "envelope_from": a.envelope_from,
            "envelope_to": a.envelope_to,
            "sha256": mail.blob.sha256,
            "size": a.size or mail.blob.size,
            "whole": a.whole,
            "silent": a.silent,
            "received_at": a.received_at,
            "message_id": mail.message_id,
            "state": "new",
        }
        for mail in mails
        for a in (mail.arrival,)
    ]
    # psycopg's answer to an INSERT that returns the id is a row, and its count is only kept when it is asked for
    kept = {"preserve_rowcount": True}
    return sum(connection.execute(insert_or_ignore(connection, _intake), row, execution_options=kept).rowcount for row in rows)


def claim(connection: Connection, *, owner: str, now: datetime, lease: timedelta, limit: int) -> list[Claimed]:
    """Take the next mails in order of arrival: a batch of fresh ones, or one that was tried before, alone."""
    ready = sa.and_(_NEW, sa.or_(_intake.c.lease_until.is_(None), _intake.c.lease_until < now))
    found = connection.execute(
        sa.select(_intake.c.id, _intake.c.attempts).where(ready).order_by(_intake.c.id).limit(limit).with_for_update(skip_locked=True),
    ).all()
    if not found:
        return []
    ids = [found[0].id]
    if found[0].attempts == 0:
        for row in found[1:]:
            if row.attempts > 0:
                break
            ids.append(row.id)
    connection.execute(
        sa.update(_intake).where(_intake.c.id.in_(ids)).values(attempts=_intake.c.attempts + 1, lease_owner=owner, lease_until=now + lease),
    )
    columns = [_intake.c[name] for name in Claimed.__slots__]
    rows = connection.execute(sa.select(*columns).where(_intake.c.id.in_(ids)).order_by(_intake.c.id)).all()
    return [Claimed(*row) for row in rows]


def settle(connection: Connection, intake_id: int, *, owner: str, values: dict[str, Any]) -> bool:
    """End the work on a claimed row: state and what it became. False when the lease went to another worker: the caller must roll back."""
    mine = sa.and_(_intake.c.id == intake_id, _intake.c.lease_owner == owner, _intake.c.state == "new")
    done = connection.execute(sa.update(_intake).where(mine).values(lease_owner=None, lease_until=None, **values))
    return done.rowcount == 1


def give_back(connection: Connection, ids: Sequence[int], *, owner: str, uncount: bool, not_before: datetime | None = None) -> None:
    """Let go of claimed rows. `uncount` takes the attempt back where the fault was not the mail's (the database, a stop)."""
    values: dict[str, Any] = {"lease_owner": None, "lease_until": not_before}
    if uncount:
        values["attempts"] = _intake.c.attempts - 1
    connection.execute(
        sa.update(_intake).where(_intake.c.id.in_(list(ids)), _intake.c.lease_owner == owner, _intake.c.state == "new").values(**values)
    )


def claim_effect(connection: Connection, *, desk: str, message_key: str, intake_id: int) -> int | None:
    """Say that this mail is the one that takes effect at this desk. None when it is; else the intake row that did it before."""
    row = {"desk": desk, "message_key": message_key, "intake_id": intake_id}
    if connection.execute(insert_or_ignore(connection, schema.effects), row).rowcount == 1:
        return None
    table = schema.effects
    first: int = connection.execute(
        sa.select(table.c.intake_id).where(table.c.desk == desk, table.c.message_key == message_key),
    ).scalar_one()
    return None if first == intake_id else first


def release_effect(connection: Connection, intake_id: int) -> None:
    """Let a parked mail take effect anew when it is tried again."""
    connection.execute(sa.delete(schema.effects).where(schema.effects.c.intake_id == intake_id))


def cursor(connection: Connection, mailbox: str, folder: str) -> Cursor | None:
    """How far the folder was read, or None before its first start."""
    table = schema.cursors
    row = connection.execute(
        sa.select(table.c.uidvalidity, table.c.last_uid, table.c.polled_at).where(table.c.mailbox == mailbox, table.c.folder == folder),
    ).first()
    return Cursor(*row) if row else None


def set_cursor(connection: Connection, mailbox: str, folder: str, at: Cursor) -> None:
    """Move the cursor, in the transaction that recorded what lies before it."""
    values = {"mailbox": mailbox, "folder": folder, "uidvalidity": at.uidvalidity, "last_uid": at.last_uid, "polled_at": at.polled_at}
    insert_or_update(connection, schema.cursors, ("mailbox", "folder"), values)


def recorded(connection: Connection, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
    """Those of `uids` that the ledger has."""
    found: set[int] = set()
    for first in range(0, len(uids), 500):
        rows = connection.execute(
            sa.select(_intake.c.uid).where(
                _intake.c.mailbox == mailbox,
                _intake.c.folder == folder,
                _intake.c.uidvalidity == uidvalidity,
                _intake.c.uid.in_(uids[first : first + 500]),
            ),
        )
        found.update(row.uid for row in rows)
    return found


def listing(connection: Connection, *, state: str, limit: int) -> list[sa.Row[Any]]:
    """The newest rows in a state, newest first."""
    return list(connection.execute(sa.select(_intake).where(_intake.c.state == state).order_by(_intake.c.id.desc()).limit(limit)).all())


def get(connection: Connection, intake_id: int) -> sa.Row[Any] | None:
    """One row, whole."""
    return connection.execute(sa.select(_intake).where(_intake.c.id == intake_id)).first()


def by_message_id(connection: Connection, message_id: str) -> list[sa.Row[Any]]:
    """All rows that carry this Message-ID, oldest first."""
    return list(connection.execute(sa.select(_intake).where(_intake.c.message_id == message_id).order_by(_intake.c.id)).all())


def awaits(connection: Connection, message_ids: Sequence[str], *, desk: str, before: int) -> bool:
    """Whether one of these mails came in at this desk before the row `before` and has had no effect yet."""
    if not message_ids:
        return False
    new = sa.and_(_intake.c.message_id.in_(message_ids), _intake.c.desk == desk, _intake.c.id < before, _intake.c.state == "new")
    return connection.execute(sa.select(_intake.c.id).where(new).limit(1)).first() is not None


def commented_lately(connection: Connection, sender: str, *, desk: str, since: datetime, before: int) -> list[int]:
    """The comments that mails of `sender` became at `desk` which came after `since` and before the row `before`, newest first, twenty."""
    his = sa.and_(_intake.c.sender == sender, _intake.c.received_at > since, _intake.c.desk == desk, _intake.c.id < before)
    found = sa.select(_intake.c.comment_id).where(his, _intake.c.comment_id.is_not(None)).order_by(_intake.c.id.desc()).limit(20)
    return [row.comment_id for row in connection.execute(found)]


def subjects_of(connection: Connection, ticket_id: int) -> list[str]:
    """What the mails of a ticket are called that carry a comment of it, the latest ones first, at most 20."""
    wanted = (_intake.c.ticket_id == ticket_id, _intake.c.comment_id.is_not(None), _intake.c.subject.is_not(None))
    return list(connection.scalars(sa.select(_intake.c.subject).where(*wanted).order_by(_intake.c.id.desc()).limit(20)))


def trust_of(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """How far each of these mails is believed (gateway.mail.trust); without those of which nothing was said."""
    rows = connection.execute(sa.select(_intake.c.id, _intake.c.trust).where(_intake.c.id.in_(ids), _intake.c.trust.is_not(None)))
    return {row.id: row.trust for row in rows}


def of_ticket(connection: Connection, ticket_id: int) -> list[sa.Row[Any]]:
    """All mails that went to a ticket, oldest first."""
    return list(connection.execute(sa.select(_intake).where(_intake.c.ticket_id == ticket_id).order_by(_intake.c.id)).all())


def reopen(connection: Connection, intake_id: int) -> bool:
    """Put a parked row back to work, as if it were new. False when it is not parked."""
    parked = sa.and_(_intake.c.id == intake_id, _intake.c.state == "parked")
    values = {"state": "new", "attempts": 0, "park_reason": None, "error": None, "lease_owner": None, "lease_until": None, "done_at": None}
    return connection.execute(sa.update(_intake).where(parked).values(**values)).rowcount == 1


def drop(connection: Connection, intake_id: int, *, now: datetime) -> bool:
    """End a parked row without effect, at an operator's word; its raw mail stays until retention. False when it is not parked."""
    parked = sa.and_(_intake.c.id == intake_id, _intake.c.state == "parked")
    return connection.execute(sa.update(_intake).where(parked).values(state="done", outcome="dropped", done_at=now)).rowcount == 1


def pending(connection: Connection) -> tuple[int, int]:
    """How many mails wait, and how many are parked."""
    rows = connection.execute(
        sa.select(_intake.c.state, sa.func.count()).where(_intake.c.state.in_(("new", "parked"))).group_by(_intake.c.state),
    )
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    return counts.get("new", 0), counts.get("parked", 0)


def note_error(connection: Connection, intake_id: int, error: str) -> None:
    """Keep what went wrong with a mail."""
    connection.execute(sa.update(_intake).where(_intake.c.id == intake_id).values(error=storable(error)))


def storable(error: str) -> str:
    """A traceback that may quote a hostile mail, as any database takes it: its newest 4,000 characters without NUL and half characters."""
    return error[-4000:].replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
