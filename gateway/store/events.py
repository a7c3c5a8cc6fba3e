"""The append-only list of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.domain.events import Event, as_row
from gateway.store import schema


def add(
    connection: Connection,
    events: Iterable[Event],
    *,
    ticket_id: int | None,
    actor_id: int | None,
    now: datetime,
    comment_id: int | None = None,
    intake_id: int | None = None,
) -> None:
    """Write facts, in order, in the transaction that made them true."""
    rows = [
        {
            "ticket_id": ticket_id,
            "kind": kind,
            "actor_id": actor_id,
            "at": now,
            "data": data,
            "comment_id": comment_id,
            "intake_id": intake_id,
        }
        for kind, data in map(as_row, events)
    ]
    if rows:
        connection.execute(sa.insert(schema.events), rows)


def of_ticket(connection: Connection, ticket_id: int) -> list[sa.Row[Any]]:
    """All that happened to a ticket, in order."""
    return list(
        connection.execute(sa.select(schema.events).where(schema.events.c.ticket_id == ticket_id).order_by(schema.events.c.id)).all()
    )


def of_intake(connection: Connection, intake_id: int) -> list[sa.Row[Any]]:
    """All that one mail made happen, in order."""
    return list(
        connection.execute(sa.select(schema.events).where(schema.events.c.intake_id == intake_id).order_by(schema.events.c.id)).all()
    )


def last_move(connection: Connection, ticket_id: int) -> sa.Row[Any] | None:
    """The newest status change of a ticket."""
    table = schema.events
    moves = sa.and_(table.c.ticket_id == ticket_id, table.c.kind == "StatusChanged")
    return connection.execute(sa.select(table).where(moves).order_by(table.c.id.desc()).limit(1)).first()


def last_act(connection: Connection, ticket_id: int, actor_id: int, *, since: datetime) -> int | None:
    """The intake row of the last mail by which this person did something to a ticket after `since`, unless he took it back."""
    table = schema.events
    rows = connection.execute(
        sa.select(table.c.intake_id, table.c.kind, table.c.data)
        .where(table.c.ticket_id == ticket_id, table.c.actor_id == actor_id, table.c.at >= since, table.c.intake_id.is_not(None))
        .order_by(table.c.id.desc()),
    ).all()
    # Neither what was taken back, nor the taking back: what that changed is no act of its own.
    undone = {number for row in rows if row.kind == "ActionUndone" for number in (row.data["intake_id"], row.intake_id)}
    acts = ("CommentAdded", "StatusChanged", "Assigned", "Merged")
    return next((row.intake_id for row in rows if row.kind in acts and row.intake_id not in undone), None)
