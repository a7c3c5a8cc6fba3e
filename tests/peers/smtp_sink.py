"""An SMTP server that keeps what it is given and misbehaves as told: refusals, drops and delays in each phase of a transaction.

A real relay never fails on demand; this one does, at the exact instants that decide between "not sent", "sent" and "nobody knows".
Phases: ehlo, mail, rcpt, data (the command), body (bytes have come, the final dot has not), dot (the final dot has come).
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.peers.certificates import Certificate


@dataclass(frozen=True)
class Received:
    """A mail that was accepted, as it came over the wire."""

    mail_from: str
    recipients: tuple[str, ...]
    data: bytes
    options: tuple[str, ...]
    tls: bool
    connection: int


class SmtpSink:
    """Runs in a thread of its own between __enter__ and __exit__; every attribute may be changed while it runs.

    `answers` maps a phase to the answer given instead of success; `recipient_answers` does so per recipient; `drop` is the phase at which
    the connection is cut without an answer; `delays` maps a phase to seconds; `hidden` are EHLO keywords that are not announced.
    """

    def __init__(
        self,
        *,
        certificate: Certificate | None = None,
        implicit_tls: bool = False,
        users: Mapping[str, str] | None = None,
        size_limit: int = 50 << 20,
        hidden: tuple[str, ...] = (),
    ) -> None:
        self.mails: list[Received] = []
        self.answers: dict[str, str] = {}
        self.recipient_answers: dict[str, str] = {}
        self.drop: str | None = None
        self.delays: dict[str, float] = {}
        self.hidden = hidden
        self.connections = 0
        self.commands: list[str] = []
        self.logins: list[tuple[str, bool]] = []
        self.port = 0
        self.size_limit = size_limit
        self.users = users
        self.implicit_tls = implicit_tls
        self.tls: ssl.SSLContext | None = None
        if certificate is not None:
            self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.tls.load_cert_chain(certificate.cert, certificate.key)
        self._ready = threading.Event()
        self._open: set[_Connection] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="smtp-sink", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the SMTP sink did not start")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def cut(self) -> None:
        """Cut every open connection now, as a relay does that restarts."""

        async def closing() -> None:
            for connection in list(self._open):
                connection.cut()

        asyncio.run_coroutine_threadsafe(closing(), self._loop).result(5)

    async def _main(self) -> None:
        self._stop, self._loop = asyncio.Event(), asyncio.get_running_loop()
        context = self.tls if self.implicit_tls else None
        server = await self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        for listener in server.sockets:
            self._loop.remove_reader(listener.fileno())
        await asyncio.sleep(0.01)  # what was accepted just now must be made before the server closes
        server.close()
        quiet = 0
        while quiet < 5:  # also those that were accepted a moment ago, and TLS, whose sockets close a moment later
            for connection in list(self._open):
                connection.cut()
            quiet = 0 if self._open else quiet + 1
            await asyncio.sleep(0.01)

    async def phase(self, connection: _Connection, name: str) -> str | None:
        """What this phase does before its answer: waits, cuts, and says what the answer is if it is not success."""
        await asyncio.sleep(self.delays.get(name, 0))
        if self.drop == name:
            connection.cut()
            raise ConnectionResetError
        return self.answers.get(name)

    async def handle_EHLO(self, server: _Connection, session: Session, _envelope: Envelope, name: str, responses: list[str]) -> list[str]:  # noqa: N802
        """Announce, without what is hidden."""
        session.host_name = name
        answer = await self.phase(server, "ehlo")
        if answer:
            return [answer]
        kept = [each for each in responses if each[4:].split()[0] not in self.hidden]
        return [*(each[:3] + "-" + each[4:] for each in kept[:-1]), kept[-1][:3] + " " + kept[-1][4:]]

    async def handle_MAIL(self, server: _Connection, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """Answer MAIL."""
        answer = await self.phase(server, "mail")
        if answer:
            return answer
        if self.users is not None and not session.authenticated:
            return "530 5.7.0 authenticate first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 sender taken"

    async def handle_RCPT(self, server: _Connection, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        """Answer RCPT."""
        answer = self.recipient_answers.get(address) or await self.phase(server, "rcpt")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient taken"

    async def handle_DATA(self, server: _Connection, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail, then answer or cut: a relay that dies after the dot has usually stored the mail."""
        refusal = self.answers.get("dot")
        if refusal is None:
            assert isinstance(envelope.content, bytes)
            sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
            rcpts, options = tuple(envelope.rcpt_tos), tuple(envelope.mail_options)
            secured = session.ssl is not None or self.implicit_tls
            self.mails.append(Received(sender, rcpts, envelope.content, options, secured, server.number))
        await self.phase(server, "dot")
        return refusal or "250 2.0.0 kept"

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        """Check a password against `users`."""
        assert isinstance(data, LoginPassword)
        name = data.login.decode()
        good = (self.users or {}).get(name) == data.password.decode()
        self.logins.append((name, good))
        return AuthResult(success=good, handled=False)


class _Connection(SMTP):
    """One connection; a line may be longer than RFC 5321's 1,000 octets, as it is in real mail."""

    line_length_limit = 1 << 20

    def __init__(self, sink: SmtpSink) -> None:
        context = None if sink.implicit_tls else sink.tls
        login = {"authenticator": sink.authenticate, "auth_require_tls": False} if sink.users is not None else {}
        super().__init__(
            sink,
            data_size_limit=sink.size_limit,
            enable_SMTPUTF8="SMTPUTF8" not in sink.hidden,
            hostname="sink.example.org",
            tls_context=context,
            loop=asyncio.get_running_loop(),
            **login,
        )
        self.sink = sink
        self.number = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection."""
        if self not in self.sink._open:
            self.sink.connections += 1
            self.number = self.sink.connections
            self.sink._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection."""
        self.sink._open.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """End the connection at once, without a word."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def smtp_NOOP(self, arg: str) -> None:  # noqa: N802
        """Note that it was asked."""
        self.sink.commands.append("NOOP")
        await super().smtp_NOOP(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """Refuse or cut before the mail's bytes are read, where told to."""
        answer = await self.sink.phase(self, "data")
        if answer:
            await self.push(answer)
            return
        if self.sink.drop == "body":
            await self.push("354 go on")
            await self._reader.read(1)
            self.cut()
            return
        await super().smtp_DATA(arg)
