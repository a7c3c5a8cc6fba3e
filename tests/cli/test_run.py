"""`gateway run`: the daemon as a process, and `gateway ingest` beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.runtime import logs
from gateway.runtime.process_lock import process_lock
from gateway.store import schema
from tests.cli.installation import Installation
from tests.peers.gateway import Gateway, wait_for
from tests.peers.smtp_sink import SmtpSink

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
