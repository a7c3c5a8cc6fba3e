"""The two statements that SQLite and PostgreSQL spell alike and SQLAlchemy does not."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


@cache
def _insert_or_ignore(dialect: str, table: sa.Table) -> sa.Insert:
    statement: sa.Insert = sqlite.insert(table).on_conflict_do_nothing()
    if dialect != "sqlite":
        statement = postgresql.insert(table).on_conflict_do_nothing()
    # Without this, the count of an INSERT is gone with its cursor on PostgreSQL: -1, whether the row is new or not.
    return statement.execution_options(preserve_rowcount=True)


def insert_or_ignore(connection: Connection, table: sa.Table) -> sa.Insert:
    """INSERT ... ON CONFLICT DO NOTHING: `rowcount` says whether the row is new."""
    return _insert_or_ignore(connection.dialect.name, table)


def insert_or_update(connection: Connection, table: sa.Table, keys: tuple[str, ...], values: dict[str, Any]) -> None:
    """INSERT, or UPDATE the row with the same `keys` to `values`."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(table).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed))
