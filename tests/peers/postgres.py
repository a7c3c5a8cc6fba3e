"""A real PostgreSQL on loopback that is thrown away after the session; each test gets an empty database of its own.

The server refuses root, so its commands run as the `postgres` account where the tests run as root. It writes nothing through to the disk:
what a crash of the machine would do is not what these tests are about.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.peers.dovecot import free_port
from tests.peers.missing import missing

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=60")


@dataclass
class Postgres:
    """A running server."""

    binaries: Path
    base: Path
    port: int
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def new_database(self) -> str:
        """Make an empty database; returns its SQLAlchemy URL."""
        name = f"test{next(self.numbers)}"
        with self._connected() as server:
            _tell(server, f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def drop_database(self, url: str) -> None:
        """Drop a database that `new_database` made, whoever is still connected."""
        with self._connected() as server:
            _tell(server, f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')

    def empty(self, url: str, tables: Sequence[str]) -> None:
        """Take all rows out of `tables` (whoever is referred to last) and begin all numbers anew, whoever is still connected."""
        with self._connected(url.rpartition("/")[2]) as server:
            _tell(
                server,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            # A few rows in many tables: a hundred times quicker than a new database, and ten times than TRUNCATE.
            _tell(server, "; ".join(f"DELETE FROM {table}" for table in tables))
            _tell(server, "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")

    def _connected(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname=database, autocommit=True)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs, as an account that the server accepts."""
        command = [str(self.binaries / program), *arguments]
        account = server_account()
        ids = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        log = self.base / "commands.log"
        with log.open("ab") as output:
            done = subprocess.run(command, check=False, stdout=output, stderr=output, cwd=self.base, **ids)
        if done.returncode:
            raise RuntimeError(log.read_text(encoding="utf-8"))


def _tell(server: psycopg.Connection, statement: str) -> None:
    server.execute(statement)  # type: ignore[call-overload]  # psycopg wants a literal, and the names are ours


def server_account() -> pwd.struct_passwd | None:
    """The account that the server must run as; None when the current one will do."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def binaries() -> Path:
    """Where the newest installed server's programs are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    program = shutil.which("pg_ctl")
    if program is None:
        missing("PostgreSQL")
    return Path(program).parent


@contextlib.contextmanager
def postgres(base: Path) -> Iterator[Postgres]:
    """Run a PostgreSQL in `base`, an empty folder whose parents other accounts may traverse."""
    server = Postgres(binaries(), base, free_port())
    account = server_account()
    if account is not None:
        os.chown(base, account.pw_uid, account.pw_gid)
    data = str(base / "data")
    server.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-p {server.port} -k {base} -c listen_addresses=127.0.0.1 " + " ".join(f"-c {each}" for each in FAST)
    server.run("pg_ctl", "-D", data, "-w", "-t", "20", "-l", str(base / "server.log"), "-o", options, "start")
    try:
        yield server
    finally:
        server.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
