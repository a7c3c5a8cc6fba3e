"""Fixtures that every test may ask for: the real peers at the edge. Each peer starts once in a session, when it is first asked for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from gateway.store import schema
from tests.peers import certificates
from tests.peers import dovecot as dovecot_peer
from tests.peers import postfix as postfix_peer
from tests.peers import postgres as postgres_peer
from tests.peers.smtp_sink import SmtpSink
from tests.store.fresh import durable, postgres_store


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """A test that set logging up, as the daemon does, leaves no logger behind that writes into its closed output."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def peers_folder() -> Iterator[Path]:
    """A folder under /tmp that the peers' accounts may traverse, which pytest's own folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="peers", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def authority(peers_folder: Path) -> certificates.Authority:
    """A certificate authority; clients that trust its `ca_file` accept the peers at `localhost`."""
    folder = peers_folder / "authority"
    folder.mkdir()
    return certificates.authority(folder)


@pytest.fixture(scope="session")
def dovecot(peers_folder: Path, authority: certificates.Authority) -> Iterator[dovecot_peer.Dovecot]:
    """A running Dovecot; take a fresh mailbox with `dovecot.new_box()`."""
    with dovecot_peer.dovecot(peers_folder / "dovecot", authority) as server:
        yield server


@pytest.fixture(scope="session")
def postfix(peers_folder: Path, authority: certificates.Authority, dovecot: dovecot_peer.Dovecot) -> Iterator[postfix_peer.Postfix]:
    """A running Postfix in front of the Dovecot."""
    with postfix_peer.postfix(peers_folder / "postfix", authority, dovecot) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server(peers_folder: Path) -> Iterator[postgres_peer.Postgres]:
    """A running PostgreSQL."""
    folder = peers_folder / "postgres"
    folder.mkdir()
    with postgres_peer.postgres(folder) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres_peer.Postgres) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database that only this test sees."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: postgres_peer.Postgres) -> str:
    """The URL of a database with this release's tables, for one test after the other."""
    url = postgres_server.new_database()
    with postgres_store(url):
        pass
    return url


@pytest.fixture
def postgres_tables_url(postgres_server: postgres_peer.Postgres, postgres_tables: str) -> str:
    """The URL of a PostgreSQL database with this release's tables and no rows that only this test uses now."""
    postgres_server.empty(postgres_tables, [table.name for table in reversed(schema.metadata.sorted_tables)])
    return durable(postgres_tables)


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """An SMTP server without TLS that keeps what it is given and answers what it is told to."""
    with SmtpSink() as sink:
        yield sink
