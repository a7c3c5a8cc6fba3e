"""The way to the database: one engine, two kinds of transaction, and the same promises on SQLite and PostgreSQL.

SQLite runs in WAL mode with synchronous=FULL, and every writing transaction begins IMMEDIATE: a read that turns into a write fails at
once however long the time-out is (CASES F9). Inside one process writers queue on a lock, because SQLite's own waiting is by sleeping.
PostgreSQL must have synchronous_commit on: an acknowledged mail has to survive a power cut (CASES B37).
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import InterfaceError, OperationalError

BUSY_SECONDS = 30
"""How long a writer of another process (the command line beside the daemon) is waited for."""

FROZEN_SECONDS = 60

DATABASE_FAULTS = (OperationalError, InterfaceError)
"""The database is away, locked or full: the fault of nobody's input. A constraint or a value that it refuses is the input's."""


class StoreError(Exception):
    """The database cannot be used as it stands; the message says what to do."""


class Store:
    """A database, opened. `write()` is a writing transaction, `read()` a reading one; both yield a Connection."""

    def __init__(self, url: str, *, frozen_seconds: int = FROZEN_SECONDS) -> None:
        """`url`: `sqlite:///path` or `postgresql://user@host/name` (psycopg 3).

        `frozen_seconds`: how long a worker on PostgreSQL may sit in a transaction without a word before the server ends it. A frozen
        machine would hold its locks, and with them every other worker, for as long as it likes.
        """
        self.url = make_url(url)
        if self.url.get_backend_name() not in {"sqlite", "postgresql"}:
            raise StoreError(f"database.url: {self.url.get_backend_name()} is not supported; use sqlite:///path or postgresql://host/name")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url, frozen_seconds)
        self._writer = threading.RLock()

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One writing transaction: committed at the end, rolled back on any exception."""
        if not self.is_sqlite:
            with self.engine.begin() as connection:
                yield connection
            return
        with self._writer, self.engine.connect() as connection:
            connection.execution_options(gateway_begin="IMMEDIATE")
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One reading transaction: what it sees does not change under it, and nothing in it is kept."""
        with self.engine.connect() as connection:
            yield connection
            connection.rollback()

    def now(self) -> datetime:
        """The time by which leases are judged. One machine's clock serves SQLite; workers on PostgreSQL share the server's."""
        if self.is_sqlite:
            return datetime.now(UTC)
        with self.read() as connection:
            moment: datetime = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
            return moment

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _sqlite_engine(url: sa.URL) -> Engine:
    path = url.database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, pool_size=16, max_overflow=32)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        _write_ahead(cursor)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS}000", "cache_size=-8000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("gateway_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """WAL. While another process turns a new file to it, SQLite says "locked" at once, whatever the time-out."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def _postgres_engine(url: sa.URL, frozen_seconds: int) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        engine = sa.create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True)
    except ModuleNotFoundError as missing:
        raise StoreError('PostgreSQL needs its driver: pip install "gateway[postgres]"') from missing

    @event.listens_for(engine, "connect")
    def _prepare(connection: object, _record: object) -> None:
        with connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("SHOW synchronous_commit")
            value = cursor.fetchone()[0]
            cursor.execute(f"SET idle_in_transaction_session_timeout = '{frozen_seconds}s'")
        connection.commit()  # type: ignore[attr-defined]
        if value == "off":
            raise StoreError("PostgreSQL has synchronous_commit=off: a power cut would lose acknowledged mail. Set it to on for this role.")

    return engine
