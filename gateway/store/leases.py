"""Who has what in hand: leases of rows in work, and of things that one worker at a time does (reading a mailbox)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store import schema
from gateway.store.statements import insert_or_ignore


def take(connection: Connection, name: str, *, owner: str, now: datetime, until: datetime) -> bool:
    """Take or renew the lease called `name`; False while somebody else's runs."""
    table = schema.leases
    connection.execute(insert_or_ignore(connection, table), {"name": name, "owner": owner, "until": until})
    mine = sa.and_(table.c.name == name, sa.or_(table.c.owner == owner, table.c.until < now))
    return connection.execute(sa.update(table).where(mine).values(owner=owner, until=until)).rowcount == 1


def drop(connection: Connection, name: str, *, owner: str) -> None:
    """Let go of a lease."""
    table = schema.leases
    connection.execute(sa.delete(table).where(table.c.name == name, table.c.owner == owner))


def owners(connection: Connection) -> list[str]:
    """Everybody who holds anything."""
    tables = ((schema.intake, "lease_owner"), (schema.deliveries, "lease_owner"), (schema.leases, "owner"))
    found = [sa.select(table.c[name].label("owner")).where(table.c[name].is_not(None)) for table, name in tables]
    return [row.owner for row in connection.execute(sa.union(*found))]


def release(connection: Connection, dead: Sequence[str]) -> None:
    """Let go of everything that these owners hold: only where they are surely dead."""
    intake, deliveries, named = schema.intake, schema.deliveries, schema.leases
    connection.execute(sa.update(intake).where(intake.c.lease_owner.in_(dead)).values(lease_owner=None, lease_until=None))
    in_hand = sa.and_(deliveries.c.lease_owner.in_(dead), deliveries.c.state == "sending")
    connection.execute(sa.update(deliveries).where(in_hand).values(state="queued", lease_owner=None, lease_until=None))
    connection.execute(sa.delete(named).where(named.c.owner.in_(dead)))
