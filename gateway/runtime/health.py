"""The operator's listener: /healthz, /readyz and /metrics, on an address of its own and never logged (SURFACE 5.4).

/healthz says that the process lives and touches nothing. /readyz makes a real round trip through the database, rolled back, and asks
whether mailboxes were read and mails go out; 503 names what failed.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET, AF_INET6, AF_UNIX
from typing import Any

import sqlalchemy as sa
from prometheus_client import generate_latest

from gateway.desk.office import Office
from gateway.runtime.metrics import Metrics
from gateway.store import outbox, schema

MAILBOX_SILENT = 300.0
"""Seconds without a successful poll after which a mailbox counts as failing, unless it is polled more rarely."""
OUTBOX_OLD = timedelta(minutes=30)


@dataclass
class MailboxHealth:
    """When a mailbox was last read, and the error since then."""

    poll_seconds: float
    last_success: float | None = None
    error: str | None = None

    def problem(self) -> str | None:
        """What is wrong, or None."""
        patience = max(MAILBOX_SILENT, 2 * self.poll_seconds)
        if self.last_success is None:
            return self.error or "not read yet"
        if time.monotonic() - self.last_success > patience:
            return self.error or f"not read for {time.monotonic() - self.last_success:.0f} s"
        return None


@dataclass
class Health:
    """What the process knows of itself."""

    office: Office
    mailboxes: dict[str, MailboxHealth] = field(default_factory=dict)
    threads: Callable[[], list[str]] = list
    """The names of threads that should live and do not, or hang."""
    sends: bool = True
    """Whether this process empties the outbox: what waits in it is only then its failure."""

    def round_trip(self) -> None:
        """Write to the database and take it back. Raises when it cannot."""
        with self.office.store.write() as connection:
            values = {"name": "health", "value": "x"}
            savepoint = connection.begin_nested()
            connection.execute(sa.delete(schema.meta).where(schema.meta.c.name == "health"))
            connection.execute(sa.insert(schema.meta), values)
            savepoint.rollback()

    def failures(self) -> dict[str, str]:
        """Failed checks with what is wrong; empty when all is well."""
        found: dict[str, str] = {}
        try:
            self.round_trip()
            with self.office.store.read() as connection:
                oldest = outbox.oldest_due(connection) if self.sends else None
            if oldest is not None and self.office.now() - oldest > OUTBOX_OLD:
                found["outbox"] = f"a mail waits since {oldest:%Y-%m-%d %H:%M} UTC: gateway outbox list"
        except Exception as error:  # noqa: BLE001 - a health check reports what it meets
            found["database"] = str(error)[:300]
        for name, mailbox in list(self.mailboxes.items()):
            problem = mailbox.problem()
            if problem:
                found[f"mailbox {name}"] = problem
        found |= {f"thread {name}": "does not work" for name in self.threads()}
        return found


class HealthListener:
    """Serves the three paths in a thread of its own."""

    def __init__(self, listen: tuple[str, int] | Path, health: Health, metrics: Metrics) -> None:
        handler = _handler(health, metrics)
        if isinstance(listen, Path):
            listen.unlink(missing_ok=True)
            self._server: ThreadingHTTPServer = _UnixServer(str(listen), handler)  # type: ignore[arg-type]
        else:
            self._server = _Server6(listen, handler) if ":" in listen[0] else _Server(listen, handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True, kwargs={"poll_interval": 0.2})

    @property
    def port(self) -> int:
        """The port that it listens on (0 for a Unix socket)."""
        address = self._server.server_address
        return int(address[1]) if isinstance(address, tuple) else 0

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)


class _Server(ThreadingHTTPServer):
    address_family = AF_INET
    daemon_threads = True


class _Server6(_Server):
    address_family = AF_INET6


class _UnixServer(_Server):
    address_family = AF_UNIX

    def server_bind(self) -> None:
        """Bind without the host name look-up that a path cannot pass."""
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "unix", 0


def _handler(health: Health, metrics: Metrics) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version = "gateway"
        sys_version = ""
        timeout = 10

        def do_GET(self) -> None:
            """One of three paths."""
            if self.path == "/healthz":
                self._answer(200, "text/plain", b"ok\n")
            elif self.path == "/readyz":
                failures = health.failures()
                body: dict[str, Any] = {"ready": not failures, "failed": failures}
                self._answer(503 if failures else 200, "application/json", json.dumps(body).encode() + b"\n")
            elif self.path == "/metrics":
                self._answer(200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(metrics.registry))
            else:
                self._answer(404, "text/plain", b"/healthz, /readyz or /metrics\n")

        def _answer(self, code: int, kind: str, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Probes are not news."""

        def address_string(self) -> str:
            """A Unix peer has no address."""
            return "local"

    return Handler
