"""What the clock has done, once for each (ticket, kind, since, step), and the tickets that it may have something to do for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store import schema
from gateway.store.statements import insert_or_ignore

_tickets, _timers = schema.tickets, schema.timers

# Each bell asks these, so they are built once.
_STANDING: sa.Select[Any] = (
    sa.select(_tickets.c.id, _tickets.c.status_since)
    .where(
        _tickets.c.status.in_(sa.bindparam("statuses", expanding=True)),
        _tickets.c.status_since <= sa.bindparam("since_before", type_=schema.Utc()),
        _tickets.c.id > sa.bindparam("after"),
    )
    .order_by(_tickets.c.id)
    .limit(sa.bindparam("most"))
)
_STANDING_WITHOUT: sa.Select[Any] = _STANDING.where(
    ~sa.exists().where(
        _timers.c.ticket_id == _tickets.c.id,
        _timers.c.kind == sa.bindparam("kind"),
        _timers.c.since == _tickets.c.status_since,
        _timers.c.step == sa.bindparam("step"),
    )
)


def take(connection: Connection, ticket_id: int, kind: str, *, since: datetime, step: int, now: datetime) -> bool:
    """Note that this is done, in the transaction that does it. False when it was done before: then do nothing."""
    row = {"ticket_id": ticket_id, "kind": kind, "since": since, "step": step, "at": now}
    return connection.execute(insert_or_ignore(connection, _timers), row).rowcount == 1


def steps(connection: Connection, ticket_id: int, kind: str, *, since: datetime) -> dict[int, datetime]:
    """The steps that were done since a ticket came into its status, with their times."""
    done = sa.and_(_timers.c.ticket_id == ticket_id, _timers.c.kind == kind, _timers.c.since == since)
    return {row.step: row.at for row in connection.execute(sa.select(_timers.c.step, _timers.c.at).where(done))}


def standing(
    connection: Connection,
    statuses: Sequence[str],
    *,
    since_before: datetime,
    without: tuple[str, int] | None = None,
    after: int = 0,
    limit: int = 200,
) -> list[sa.Row[Any]]:
    """Tickets (`id`, `status_since`) that have stood in one of `statuses` since before then, by id, behind the id `after`.

    `without`: a kind and a step; tickets for which that was done in this status are left out.
    """
    wanted = {"statuses": list(statuses), "since_before": since_before, "after": after, "most": limit}
    if without is None:
        return list(connection.execute(_STANDING, wanted).all())
    return list(connection.execute(_STANDING_WITHOUT, {**wanted, "kind": without[0], "step": without[1]}).all())
