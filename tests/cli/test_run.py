"""`gateway run`: the daemon as a process, or one for each role, and `gateway ingest` beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.runtime import logs
from gateway.runtime.process_lock import process_lock
from gateway.runtime.roles import Role
from gateway.store import schema
from tests.cli.installation import Installation
from tests.peers.gateway import Gateway, wait_for
from tests.peers.smtp_sink import SmtpSink
from tests.store.fresh import durable

MAIN = "from gateway.cli.main import main; main()"


@pytest.fixture
def running(tmp_path: Path, smtp_sink: SmtpSink) -> Iterator[Gateway]:
    """A gateway that was started by `gateway run`."""
    made = Gateway(
        tmp_path,
        {"desk.SUP": {"address": "support@desk.example"}, "smtp": {"host": "127.0.0.1", "port": smtp_sink.port, "tls": "none"}},
        command=("-c", MAIN, "run", "--config"),
    )
    made.start()
    yield made
    made.end()


def test_it_takes_up_at_once_what_is_ingested(running: Gateway, gateway: Installation) -> None:
    """A mail that `gateway ingest` said 0 to has its effect within seconds; SIGTERM ends the daemon with 0."""
    environment = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"}
    words = [sys.executable, "-c", MAIN, "ingest", "--config", str(running.config)]
    subprocess.run(words, input=gateway.raw(), check=True, env=environment)
    wait_for(lambda: bool(running.rows(sa.select(schema.tickets))), "a ticket", 4)
    assert running.stop() == 0
    assert "gateway.ready" in running.log()


@pytest.fixture
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """In our own process the logs stay as they are: those of a command would go to a stream that ends with it."""
    monkeypatch.setattr(logs, "configure", lambda **_: None)


@pytest.mark.usefixtures("_quiet")
def test_a_second_one_is_refused(gateway: Installation) -> None:
    """Exit 1 with who holds the database."""
    with process_lock(gateway.folder / "gateway.db"):
        answer = gateway("run")
    assert answer.code == 1
    assert f"another gateway is running on {gateway.folder}/gateway.db: process {os.getpid()}" in answer.err


def test_a_day_that_is_none_is_a_usage_error(gateway: Installation) -> None:
    """Before anything starts."""
    assert gateway("run", "--import-since", "soon").code == 2


@pytest.mark.usefixtures("_quiet")
def test_an_address_in_use_is_told(gateway: Installation) -> None:
    """Exit 1 with the keys that name addresses; the database is free again afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        text = gateway.config.read_text()
        gateway.config.write_text(f'{text}[health]\nlisten = "127.0.0.1:{taken.getsockname()[1]}"\n')
        answer = gateway("run")
    assert answer.code == 1
    assert "health.listen = 127.0.0.1:" in answer.err
    with process_lock(gateway.folder / "gateway.db"):
        pass


def test_a_folder_that_may_not_be_written_is_told(gateway: Installation) -> None:
    """Which one, without a traceback."""
    gateway.config.write_text(gateway.config.read_text().replace(f'"{gateway.folder}"', '"/proc/nowhere"'))
    answer = gateway("ticket", "list")
    assert answer.code == 1
    assert answer.err == "/proc/nowhere: No such file or directory\n"


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("role", Role)
def test_a_role_on_sqlite_is_a_wrong_config(gateway: Installation, role: Role) -> None:
    """Exit 78, which systemd does not try again, with the key and what to do."""
    answer = gateway("run", "--role", role)
    assert answer.code == 78
    assert answer.err == "database.url: is SQLite, where one process does all the work; leave --role out, or use PostgreSQL\n"


def test_a_role_that_there_is_not_is_a_usage_error(gateway: Installation) -> None:
    """With those that there are."""
    answer = gateway("run", "--role", "cook")
    assert answer.code == 2
    assert all(role in answer.err for role in Role)


def test_old_mails_are_brought_in_by_who_reads_mailboxes(gateway: Installation) -> None:
    """--import-since for another role would silently do nothing."""
    answer = gateway("run", "--role", "send", "--role", "web", "--import-since", "2026-01-01")
    assert answer.code == 2
    assert "--role intake" in answer.err


@pytest.mark.peers
def test_a_process_for_each_role(tmp_path: Path, smtp_sink: SmtpSink, postgres_url: str, gateway: Installation) -> None:
    """Each is ready, healthy on an address of its own, and ends with 0; together they answer a mail."""
    sections: dict[str, dict[str, Any]] = {
        "desk.SUP": {"address": "support@desk.example"},
        "smtp": {"host": "127.0.0.1", "port": smtp_sink.port, "tls": "none"},
        "database": {"url": durable(postgres_url)},
        "mail": {"merge_window_seconds": 0, "undo_seconds": 0},
    }
    parts = [Gateway(tmp_path, sections, name=role, command=("-c", MAIN, "run", "--role", role, "--config")) for role in Role]
    try:
        for part in parts:
            part.launch()  # all at once, as the target does it: the first to come makes the tables
        for part in parts:
            part.await_ready()
        assert [part.status("/readyz") for part in parts] == [200] * len(Role)
        environment = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"}
        words = [sys.executable, "-c", MAIN, "ingest", "--config", str(parts[0].config)]
        subprocess.run(words, input=gateway.raw(), check=True, env=environment)
        wait_for(lambda: len(smtp_sink.mails) == 1, "an acknowledgement")
        assert [part.stop() for part in parts] == [0] * len(Role)
    finally:
        for part in parts:
            part.end()
    assert all(f"roles={role}" in part.log() for role, part in zip(Role, parts, strict=True))
