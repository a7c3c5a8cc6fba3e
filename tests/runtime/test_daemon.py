"""One worker, whole or in some roles: it starts, is healthy, takes mail by LMTP, and stops with the mail in hand finished."""

from __future__ import annotations

import json
import smtplib
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.runtime import daemon
from gateway.runtime.config_error import ConfigError
from gateway.runtime.daemon import HUNG_SECONDS, Worker
from gateway.runtime.health import OUTBOX_OLD, MailboxHealth
from gateway.runtime.roles import EVERY_ROLE, Role
from gateway.runtime.secret import Secret
from gateway.runtime.settings import Settings
from gateway.runtime.wiring import install
from gateway.store import outbox, schema
from gateway.web.server import WebDoor
from tests.peers.dovecot import free_port
from tests.peers.smtp_sink import SmtpSink
from tests.store.fresh import durable

MAIL = b"From: Jess <jess@commune.example>\r\nTo: support@desk.example\r\nSubject: %s\r\nMessage-ID: <%s@c.example>\r\n\r\nHello\r\n"


def wait_for(what: Callable[[], bool], seconds: float = 15) -> None:
    """Until it holds."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def settings(folder: Path, sink: SmtpSink, **more: Any) -> Settings:
    """A desk with an LMTP door on free ports."""
    values: dict[str, Any] = {
        "data_dir": folder / "var",
        "secret": {"key": Secret("k" * 64)},
        "desk": {"SUP": {"address": "support@desk.example", "name": "Support"}},
        "smtp": {"host": "127.0.0.1", "port": sink.port, "tls": "none"},
        "lmtp": {"enabled": True, "listen": f"127.0.0.1:{free_port()}"},
        "health": {"listen": "127.0.0.1:0"},
        "mail": {"merge_window_seconds": 0, "undo_seconds": 0},
    }
    return Settings(**(values | more))


@pytest.fixture
def worker(tmp_path: Path, smtp_sink: SmtpSink) -> Iterator[Worker]:
    """A running worker on SQLite."""
    made = Worker(install(settings(tmp_path, smtp_sink)))
    made.start()
    yield made
    assert made.stop()
    made.installation.office.store.close()


def push(worker: Worker, recipient: str, subject: bytes) -> Any:
    """One mail over LMTP; the reply to its recipient."""
    host, _, port = worker.installation.settings.lmtp.listen.rpartition(":")
    with smtplib.LMTP(host, int(port)) as lmtp:
        return lmtp.sendmail("jess@commune.example", [recipient], MAIL % (subject, subject))


def ask(worker: Worker, path: str) -> tuple[int, str]:
    """What the operator's listener says."""
    assert worker.listener is not None
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{worker.listener.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_mail_goes_all_the_way(worker: Worker, smtp_sink: SmtpSink) -> None:
    """LMTP in, acknowledgement out."""
    push(worker, "support@desk.example", b"one")
    wait_for(lambda: len(smtp_sink.mails) == 1)

    assert ("jess@commune.example",) == tuple(smtp_sink.mails[0].recipients)


def test_an_unknown_recipient_is_refused_in_the_session(worker: Worker) -> None:
    """What is no address of a desk is refused before it is taken: the sender's own server tells him."""
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        push(worker, "nobody@desk.example", b"two")
    assert 550 == refused.value.recipients["nobody@desk.example"][0]


def test_health_says_what_fails(worker: Worker) -> None:
    """/healthz lives, /readyz is 200 until something fails and then names it, /metrics counts."""
    assert (200, "ok\n") == ask(worker, "/healthz")
    assert 200 == ask(worker, "/readyz")[0]
    worker.health.mailboxes["main/INBOX"] = MailboxHealth(poll_seconds=300, error="login refused")
    code, body = ask(worker, "/readyz")
    assert (503, {"mailbox main/INBOX": "login refused"}) == (code, json.loads(body)["failed"])
    assert 404 == ask(worker, "/other")[0]
    push(worker, "support@desk.example", b"three")
    wait_for(lambda: 'gateway_smtp_deliveries_total{state="sent"} 1.0' in ask(worker, "/metrics")[1])


def test_a_mailbox_that_was_not_read_yet_is_not_ready(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    """From the first instant, not only from the first failure on: what came before a mailbox's first look is not read."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mailbox = {"desk": "SUP", "host": "127.0.0.1", "port": mute.getsockname()[1], "tls": "none", "user": "u", "password": Secret("p")}
        made = Worker(install(settings(tmp_path, smtp_sink, mailbox={"main": mailbox | {"timeout_seconds": 1}})))
        made.start()
        try:
            code, body = ask(made, "/readyz")
            assert (503, {"mailbox main/INBOX": "not read yet"}) == (code, json.loads(body)["failed"])
        finally:
            made.stop()
            made.installation.office.store.close()


def test_readiness_writes_and_takes_it_back(worker: Worker) -> None:
    """The round trip is real, and a GET changes nothing (ruling 12)."""
    store = worker.installation.office.store
    ask(worker, "/readyz")
    with store.read() as connection:
        assert [] == connection.execute(sa.select(schema.meta).where(schema.meta.c.name == "health")).all()
    with store.write() as connection:
        connection.execute(sa.text("ALTER TABLE meta RENAME TO elsewhere"))
    try:
        assert "database" in json.loads(ask(worker, "/readyz")[1])["failed"]
    finally:
        with store.write() as connection:
            connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO meta"))
    assert 200 == ask(worker, "/readyz")[0]


def test_a_dead_thread_is_noticed(worker: Worker) -> None:
    """The watchdog is not fed while a thread that should work does not (B54)."""
    assert [] == worker.idle_threads()
    worker.stopping.set()
    worker._ring()
    for loop in worker.loops:
        loop.thread.join(10)
    assert {"receive", "send-1", "send-2", "schedule"} == set(worker.idle_threads())


def test_what_was_in_hand_of_a_dead_daemon_is_taken_up_at_once(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    """On SQLite nobody else can be alive: leases of the one that died are void at the next start (B5)."""
    made = install(settings(tmp_path, smtp_sink))
    first = Worker(made)
    first.start()
    push(first, "support@desk.example", b"four")
    wait_for(lambda: len(smtp_sink.mails) == 1)
    first.stop()
    with made.office.store.write() as connection:
        lease = {"lease_owner": "dead", "lease_until": made.office.now().replace(year=2100)}
        connection.execute(sa.update(schema.deliveries).values(state="sending", **lease))
        connection.execute(sa.update(schema.intake).values(state="new", **lease))
    second = Worker(made)
    second.start()
    wait_for(lambda: len(smtp_sink.mails) == 2)
    assert second.stop()
    made.office.store.close()


def test_a_start_that_fails_leaves_nothing_behind(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    """An LMTP address in use: the error is raised, and no thread keeps the process alive."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        lmtp = {"enabled": True, "listen": f"127.0.0.1:{taken.getsockname()[1]}"}
        with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
            daemon.run(settings(tmp_path, smtp_sink, lmtp=lmtp))
    names = {thread.name for thread in threading.enumerate()}

    assert not names & {"receive", "send-1", "send-2", "health"}


MAILBOX = {"desk": "SUP", "host": "127.0.0.1", "port": 1, "tls": "none", "user": "u", "password": Secret("p")}
THREADS = {Role.INTAKE: {"receive", "imap-main-INBOX"}, Role.SEND: {"send-1", "send-2"}, Role.SCHEDULE: {"schedule"}, Role.WEB: set()}
DOORS = {Role.INTAKE: ["LmtpMailDoor"], Role.WEB: ["WebDoor"]}
QUEUES = {Role.INTAKE: {"gateway_intake_messages"}, Role.SEND: {"gateway_outbox_messages", "gateway_outbox_oldest_seconds"}}


@contextmanager
def in_roles(made: Settings, *roles: Role) -> Iterator[Worker]:
    """A running worker in these roles only."""
    worker = Worker(install(made), roles=frozenset(roles))
    worker.start()
    try:
        yield worker
    finally:
        assert worker.stop()
        worker.installation.office.store.close()


@pytest.mark.parametrize("role", Role)
def test_a_role_runs_its_own_part_only(tmp_path: Path, smtp_sink: SmtpSink, role: Role) -> None:
    """Threads, doors, mailboxes and gauges of this role and of no other; it is healthy by what it does itself."""
    page = {"base_url": "https://desk.example", "listen": "127.0.0.1:0"}
    with in_roles(settings(tmp_path, smtp_sink, mailbox={"main": MAILBOX}, web=page), role) as worker:
        threads = {loop.name for loop in worker.loops} | {thread.name for thread in worker.mailboxes.threads}
        assert threads == THREADS[role]
        assert [] == worker.idle_threads()
        assert [type(door).__name__ for door in worker.doors] == DOORS.get(role, [])
        assert set(worker.health.mailboxes) == ({"main/INBOX"} if role is Role.INTAKE else set())
        if role is not Role.INTAKE:
            assert 200 == ask(worker, "/readyz")[0]
            with pytest.raises(OSError, match="refused"):
                push(worker, "support@desk.example", b"five")
        gauges = set().union(*QUEUES.values())
        assert {name for name in gauges if f"# TYPE {name} " in ask(worker, "/metrics")[1]} == QUEUES.get(role, set())


def test_a_page_that_died_is_noticed(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    """The watchdog is not fed by a worker whose page answers nobody."""
    page = {"base_url": "https://desk.example", "listen": "127.0.0.1:0"}
    with in_roles(settings(tmp_path, smtp_sink, web=page), Role.WEB) as worker:
        [door] = worker.doors
        assert isinstance(door, WebDoor)
        with urllib.request.urlopen(f"http://127.0.0.1:{door.port}/") as answer:
            assert 200 == answer.status
        assert [] == worker.idle_threads()
        door.stop()
        assert ["web"] == worker.idle_threads()


def test_old_mail_in_the_outbox_is_the_senders_failure(tmp_path: Path, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    """/readyz of another role does not speak of it: a restart of that one would mend nothing."""
    old = datetime.now(UTC) - OUTBOX_OLD - timedelta(minutes=1)
    monkeypatch.setattr(outbox, "oldest_due", lambda _: old)
    for role in Role:
        with in_roles(settings(tmp_path, smtp_sink), role) as worker:
            assert ("outbox" in worker.health.failures()) is (role is Role.SEND)


def test_a_scheduler_that_rings_no_more_is_noticed(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    """Its ring is its sign of life, for the watchdog too; where no scheduler runs none is missed."""
    for role in (Role.SCHEDULE, Role.WEB):
        with in_roles(settings(tmp_path, smtp_sink), role) as worker:
            worker._rung -= HUNG_SECONDS + 1
            assert (["scheduler"] if role is Role.SCHEDULE else []) == worker.idle_threads()
            worker._rings()
            assert [] == worker.idle_threads()


@pytest.mark.parametrize("role", Role)
def test_a_role_alone_is_refused_on_sqlite(tmp_path: Path, smtp_sink: SmtpSink, role: Role) -> None:
    """Before anything is touched: the other parts could not run beside it (ruling 13)."""
    with pytest.raises(ConfigError, match=r"database\.url: is SQLite.*leave --role out, or use PostgreSQL"):
        daemon.run(settings(tmp_path, smtp_sink), roles=frozenset({role}), once_ready=lambda worker: worker.stopping.set())
    assert not (tmp_path / "var").exists()


def test_all_roles_in_one_process_are_the_whole(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    """Naming all of them is as good as naming none, on SQLite too."""
    seen: list[str] = []

    def ready(worker: Worker) -> None:
        seen.extend(loop.name for loop in worker.loops)
        worker.stopping.set()

    assert 0 == daemon.run(settings(tmp_path, smtp_sink), roles=EVERY_ROLE, once_ready=ready)
    assert ["receive", "send-1", "send-2", "schedule"] == seen


@pytest.mark.peers
def test_roles_apart_do_the_work_of_one(tmp_path: Path, smtp_sink: SmtpSink, postgres_url: str) -> None:
    """A mail that the intake took is answered by the sender, though nobody rings from one to the other."""
    made = settings(tmp_path, smtp_sink, database={"url": durable(postgres_url)})
    with in_roles(made, Role.INTAKE) as intake, in_roles(made, Role.SEND), in_roles(made, Role.SCHEDULE):
        push(intake, "support@desk.example", b"six")
        wait_for(lambda: len(smtp_sink.mails) == 1)
    assert ("jess@commune.example",) == tuple(smtp_sink.mails[0].recipients)
