"""Databases for tests, at this release's tables. They come from schema.py; that an upgrade ends there too is test_migrations.py's word."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from gateway.store import schema
from gateway.store.engine import Store
from gateway.store.upgrade import config


def create(store: Store) -> None:
    """All tables in an empty database, with the revision they belong to."""
    with store.write() as connection, config(connection) as alembic:
        schema.metadata.create_all(connection)
        command.stamp(alembic, "head")


@cache
def _pattern() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/pattern.db")
        create(store)
        store.close()  # the last connection writes the log back into the file
        return Path(folder, "pattern.db").read_bytes()


@contextmanager
def sqlite_store(folder: Path) -> Iterator[Store]:
    """A SQLite database in `folder`, without rows. Its commits do not wait for the disk, for no test here pulls the plug."""
    file = folder / "gateway.db"
    file.write_bytes(_pattern())
    store = Store(f"sqlite:///{file}")
    sa.event.listen(store.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    yield store
    store.close()


def durable(url: str) -> str:
    """`url` for a PostgreSQL role that may run a gateway: the tests' server answers commits early, which a Store refuses."""
    return sa.make_url(url).update_query_dict({"options": "-csynchronous_commit=on"}).render_as_string(hide_password=False)


@contextmanager
def postgres_store(url: str) -> Iterator[Store]:
    """The PostgreSQL database at `url`, which is empty, brought to this release's tables."""
    store = Store(durable(url))
    create(store)
    yield store
    store.close()
