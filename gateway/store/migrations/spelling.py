"""How Alembic reads and spells our tables: shared by what runs the revisions and by the test that holds them to schema.py."""

from __future__ import annotations

from typing import Any, Final, Literal

import sqlalchemy as sa

from gateway.store import schema
from gateway.store.upgrade import VERSION_TABLE


def spell(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """A revision must not change when schema.py does, and must say the same to both databases; False: as Alembic spells it."""
    if kind == "type" and isinstance(item, schema.Utc):
        return "sa.DateTime(timezone=True)"
    if kind == "server_default" and isinstance(item, sa.DefaultClause):
        if isinstance(item.arg, sa.False_):
            return "sa.false()"
        if isinstance(item.arg, sa.True_):
            return "sa.true()"
    return False


def default_differs(_context: object, _there: object, _ours: object, there: str | None, _default: object, ours: str | None) -> bool | None:
    """Alembic takes the empty text of SQLite for another default than ours; None: as Alembic compares."""
    return False if there == "('')" and ours == "" else None


OPTIONS: Final[dict[str, Any]] = {
    "version_table": VERSION_TABLE,
    "render_item": spell,
    "compare_type": True,
    "compare_server_default": default_differs,
}
"""For `EnvironmentContext.configure` and for `MigrationContext.configure(opts=...)`."""
