"""Bring a database to this release's tables, and refuse one that must not be touched.

A step is one transaction, on both databases, and reads where it stands inside that transaction: a death in between is repaired by starting
again, and two workers that start at once do each step once (CASES B51). A database of a newer release is refused (B52), so is a SQLite file
that is damaged, or gone although it once was here (B35): an empty one in its place would look like a help desk without tickets.

Bugs: an older release that is still running while a newer one upgrades the PostgreSQL database is not stopped; it finds out at its next
`check`. There is no backup on PostgreSQL: that is the operator's pg_dump.
"""

from __future__ import annotations

import contextlib
import importlib.resources
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

import gateway
from gateway.store import schema
from gateway.store.engine import Store, StoreError
from gateway.store.statements import insert_or_ignore, insert_or_update

VERSION_TABLE = "schema_version"
"""Ours, not Alembic's usual name: a PostgreSQL database may be shared with another application that uses Alembic too."""

ADVISORY_LOCK = 7_195_258
"""The PostgreSQL advisory lock that lets one upgrade run at a time."""

WRITTEN_BY = "written_by"
IDENTITY = "identity"
"""Rows of `meta`: the newest release that upgraded the database, and a random name that its marker file must know."""


@dataclass(frozen=True, slots=True)
class Current:
    """The tables are those of this release."""

    revision: str


@dataclass(frozen=True, slots=True)
class Behind:
    """An older release's tables: `upgrade` brings them from `revision` to `head`."""

    revision: str
    head: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A revision that this release does not know: a newer one, `written_by` when that can be read, made it."""

    revision: str
    head: str
    written_by: str


@dataclass(frozen=True, slots=True)
class Empty:
    """No revision. `tables` are those of our names that stand there all the same; `upgrade` then refuses."""

    tables: tuple[str, ...]


State = Current | Behind | Ahead | Empty


def check(store: Store) -> State:
    """Where the database stands. Reads only; a PostgreSQL server that cannot be reached is a StoreError."""
    with _named(store), store.read() as connection:
        return _state(connection, revisions())


def look(store: Store) -> tuple[bool, str]:
    """`check` in words, without making a SQLite file that is not there: whether a gateway can run on it as it is, and what to do."""
    file = sqlite_file(store)
    if file is not None and not file.exists():
        return False, _vanished(file, "is missing") if _marker(file).exists() else f"{file} is not there yet; the first start makes it"
    match check(store):
        case Current(revision):
            return True, f"{_place(store)}: revision {revision}, current"
        case Behind(revision, head):
            return False, f"{_place(store)}: revision {revision}, behind {head}: `gateway db upgrade`, or the next start, brings it there"
        case Ahead() as ahead:
            return False, _newer(store, ahead)
        case Empty(tables):
            return False, _unversioned(store, tables) if tables else f"{_place(store)} is empty; the first start fills it"


def upgrade(store: Store) -> str:
    """Bring the tables to this release, step by step; returns the revision reached.

    A SQLite database that holds data is first copied to `<file>.<revision>-<time>.backup`. Raises StoreError when the database is newer,
    holds tables of our names without a revision, or cannot be written; what it held is then as it was after the last whole step.
    """
    line = revisions()
    with _named(store):
        with store.read() as connection:
            state = _state(connection, line)
            backup = store.is_sqlite and isinstance(state, Behind) and _holds_data(connection)
        if backup and isinstance(state, Behind):
            back_up(store, state.revision)
        while True:
            with _step(store) as connection:
                match _state(connection, line):
                    case Current(revision):
                        return revision
                    case Ahead() as ahead:
                        raise StoreError(_newer(store, ahead))
                    case Empty(tables) if tables:
                        raise StoreError(_unversioned(store, tables))
                    case Empty():
                        _run(connection, line[0])
                    case Behind(revision):
                        _run(connection, line[line.index(revision) + 1])


def open_checked(store: Store) -> Current:
    """The door of every start: look whether the database is sound and ours, and upgrade it if need be.

    Raises StoreError, whose text says what to do. SQLite: a marker file `<file>.exists` is left beside the database.
    """
    file = sqlite_file(store)
    if file is not None:
        _refuse_vanished(file)
    with _named(store):
        if store.is_sqlite:
            _quick_check(store)
        if file is not None and _marker(file).exists() and isinstance(check(store), Empty):
            raise StoreError(_vanished(file, "is empty"))
        revision = upgrade(store)
        if file is not None:
            _keep_marker(store, file)
    return Current(revision)


def back_up(store: Store, revision: str) -> Path:
    """Copy a SQLite database, whole and compact, beside itself; returns the copy's path. It is on the disk when this returns."""
    file = sqlite_file(store)
    if file is None:
        raise StoreError("only a SQLite file can be copied here; use pg_dump for PostgreSQL")
    place = file.with_name(f"{file.name}.{revision}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup")
    part = place.with_name(place.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        with _named(store), _raw(store) as raw:
            raw.execute("VACUUM INTO ?", (str(part),))
        _sync(part)
        part.rename(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(place.parent)
    return place


def sqlite_file(store: Store) -> Path | None:
    """The database's file, or None for PostgreSQL and for a database in memory."""
    name = store.url.database
    return Path(name) if store.is_sqlite and name and name != ":memory:" else None


def revisions() -> tuple[str, ...]:
    """The revisions of this release, oldest first."""
    with _scripts() as folder:
        return tuple(reversed([script.revision for script in ScriptDirectory(str(folder)).walk_revisions()]))


@contextlib.contextmanager
def config(connection: Connection) -> Iterator[Config]:
    """What Alembic's commands take: our folder, and `connection`, in whose transaction they run."""
    with _scripts() as folder:
        made = Config()
        made.set_main_option("script_location", str(folder).replace("%", "%%"))
        made.attributes["connection"] = connection
        yield made


def _scripts() -> contextlib.AbstractContextManager[Path]:
    return importlib.resources.as_file(importlib.resources.files("gateway.store.migrations"))


def _state(connection: Connection, line: tuple[str, ...]) -> State:
    revision = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    if revision is None:
        return Empty(tuple(sorted(set(sa.inspect(connection).get_table_names()) & set(schema.metadata.tables))))
    if revision == line[-1]:
        return Current(revision)
    if revision in line:
        return Behind(revision, line[-1])
    return Ahead(revision, line[-1], _meta(connection, WRITTEN_BY))


def _meta(connection: Connection, name: str) -> str:
    if not sa.inspect(connection).has_table(schema.meta.name):
        return ""
    return connection.execute(sa.select(schema.meta.c.value).where(schema.meta.c.name == name)).scalar_one_or_none() or ""


def _run(connection: Connection, revision: str) -> None:
    with config(connection) as alembic:
        command.upgrade(alembic, revision)
    insert_or_update(connection, schema.meta, ("name",), {"name": WRITTEN_BY, "value": gateway.__version__})
    connection.execute(insert_or_ignore(connection, schema.meta).values(name=IDENTITY, value=secrets.token_hex(16)))


@contextlib.contextmanager
def _step(store: Store) -> Iterator[Connection]:
    """One transaction that no other upgrade runs beside.

    On SQLite without enforced references: where a table is copied, dropping the old one would count as deleting its rows. They are looked
    at as a whole before the commit instead.
    """
    if not store.is_sqlite:
        with store.write() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
            yield connection
        return
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")  # says nothing inside a transaction, hence not through `connection`
        try:
            connection.execution_options(gateway_begin="IMMEDIATE")
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise StoreError(f"{_place(store)}: row {broken[1]} of {broken[0]} refers to a row of {broken[2]} that is not there")
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


@contextlib.contextmanager
def _raw(store: Store) -> Iterator[sa.PoolProxiedConnection]:
    """SQLite's own connection, outside any transaction."""
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        yield raw


@contextlib.contextmanager
def _named(store: Store) -> Iterator[None]:
    """The database's own complaint, with the place it is about and what to look at."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        look = "permissions, free space, and the newest .backup beside it" if store.is_sqlite else "that the server runs, and the URL"
        raise StoreError(f"{_place(store)}: {' '.join(str(error.orig).split())}. Look at: {look}") from error


def _place(store: Store) -> str:
    return store.url.render_as_string(hide_password=True)


def _newer(store: Store, ahead: Ahead) -> str:
    by = f"gateway {ahead.written_by}" if ahead.written_by else "a newer gateway"
    return (
        f"{_place(store)} is at revision {ahead.revision}, made by {by}; gateway {gateway.__version__} knows revisions up to {ahead.head}. "
        "Install the newer gateway again, or restore the backup made before its upgrade."
    )


def _unversioned(store: Store, tables: tuple[str, ...]) -> str:
    return f"{_place(store)} holds tables without a revision ({', '.join(tables)}). Use an empty database"


def _holds_data(connection: Connection) -> bool:
    """Whether any table but our own notes has a row."""
    names = sorted(set(sa.inspect(connection).get_table_names()) & set(schema.metadata.tables) - {schema.meta.name})
    return any(connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first() for name in names)


def _quick_check(store: Store) -> None:
    with store.read() as connection:
        said = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
    if said != ["ok"]:
        raise StoreError(f"{_place(store)} is damaged ({'; '.join(said)}). Move it away and put a backup in its place")


def _marker(file: Path) -> Path:
    return file.with_name(file.name + ".exists")


def _vanished(file: Path, what: str) -> str:
    return (
        f"{file} {what}, but {_marker(file)} says that it was in use here. Put the database back (a mount that is missing, a backup). "
        f"Only to begin anew or to take over another database, remove {_marker(file)}"
    )


def _refuse_vanished(file: Path) -> None:
    if _marker(file).exists() and not file.exists():
        raise StoreError(_vanished(file, "is missing"))


def _keep_marker(store: Store, file: Path) -> None:
    with store.read() as connection:
        identity = _meta(connection, IDENTITY)
    marker = _marker(file)
    if marker.exists():
        known = marker.read_text(encoding="ascii", errors="replace").strip()
        if known and known != identity:
            raise StoreError(_vanished(file, "is another database"))
        if known:
            return
    marker.write_text(identity + "\n", encoding="ascii")
    _sync(marker)
    _sync(marker.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
