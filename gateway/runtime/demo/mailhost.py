"""A whole mail host in one thread: IMAP (pymap) and SMTP (aiosmtpd) on loopback, with boxes that live in memory.

The gateway and any mail client meet real protocols here, and nothing leaves the machine: mail is delivered to the host's own boxes, and
refused for anybody else. `local+anything@domain` lands in the box of `local@domain`. A box may be one that takes mail and returns it: then
its sender gets a report as servers write it (RFC 3464). This module is the only one that knows pymap.

Bugs: pymap keeps no keywords, so `after = "flag"` cannot be shown. A mail without a login is not marked as forged, whatever its From says.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import socket
import threading
from argparse import Namespace
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.mime.text import MIMEText
from email.parser import BytesHeaderParser
from email.policy import SMTP as WIRE
from email.utils import format_datetime, make_msgid, parseaddr
from io import BytesIO
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.concurrent import Event
from pymap.context import connection_exit
from pymap.imap import IMAPConnection, IMAPServer
from pymap.imap.state import ConnectionState
from pymap.parsing.command.select import IdleCommand
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import Response, UntaggedResponse
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

LOOPBACK = "127.0.0.1"
USUAL_IMAP, USUAL_SMTP = 1143, 1025
"""The ports that are tried first; where one is taken, a free one."""
SIZE_LIMIT = 35 << 20
START_SECONDS = 15.0
STOP_SECONDS = 5.0

logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns at each login of what its next release will do


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox and its login (the address). `returns`: mail to it is accepted, and then comes back to its sender."""

    address: str
    password: str
    aliases: tuple[str, ...] = ()
    returns: bool = False


class MailHostError(Exception):
    """The mail host did not start, or does not do what it should."""


class _LongLines(SMTP):
    line_length_limit = 1 << 20  # real mails break RFC 5321's 1,000 octets


class _State(ConnectionState):
    """pymap's IDLE wakes for mail that comes while it waits; here it looks first, for mail that came just before (RFC 2177 asks for it)."""

    async def receive_updates(self, cmd: IdleCommand, done: Event) -> Iterable[UntaggedResponse]:
        """What is new since the last answer, waiting for it if nothing is."""
        self._selected, news = (await self.session.check_mailbox(self.selected)).fork(cmd)
        return list(news) or await super().receive_updates(cmd, done)


class _Connection(IMAPConnection):
    """pymap sends a line in pieces; here it goes out whole, for a client in IDLE may read what is there and not wait for the rest."""

    async def write_response(self, resp: Response) -> None:
        """Send one answer."""
        whole = BytesIO()
        await resp.async_write(whole)
        with contextlib.suppress(ConnectionError):
            self.writer.write(whole.getvalue())
            await self.writer.drain()


class _ImapServer(IMAPServer):
    """Serves connections of ours."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sock_info: SocketInfo) -> None:
        """One connection."""
        connection = _Connection(self.commands, self._config, reader, writer, sock_info)
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(connection.close)
            connection_exit.set(stack)
            await connection.run(_State(self._login, self._config))


class _Name:
    """Whose box is meant, as pymap's login wants to be told."""

    roles: frozenset[str] = frozenset()

    def __init__(self, name: str) -> None:
        self.name = name


class MailHost:
    """Start it with `with`; `imap_port` and `smtp_port` are where it listens, `name` what it calls itself in the fields that it adds."""

    def __init__(self, boxes: Iterable[Box], *, name: str = "mail.example.org") -> None:
        """Take the two ports. Raises OSError when loopback has none left."""
        self.boxes = {box.address: box for box in boxes}
        self.name = name
        self._by_address = {address: box for box in self.boxes.values() for address in (box.address, *box.aliases)}
        self._imap, self._smtp = _listen(USUAL_IMAP), _listen(USUAL_SMTP)
        self.imap_port: int = self._imap.getsockname()[1]
        self.smtp_port: int = self._smtp.getsockname()[1]
        self._ready, self._serving = threading.Event(), False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="mailhost", daemon=True)

    def __enter__(self) -> Self:
        """Listen. Raises MailHostError."""
        self._thread.start()
        if not self._ready.wait(START_SECONDS) or not self.running:
            self.close()
            raise MailHostError("the mail host did not start; the lines above say why")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Hang up, and forget all mail."""
        self.close()

    def close(self) -> None:
        """Hang up; harmless when that is done already."""
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):  # the loop may have ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        self._imap.close()
        self._smtp.close()

    @property
    def running(self) -> bool:
        """Whether it still serves."""
        return self._serving

    def box_of(self, recipient: str) -> Box | None:
        """The box where mail to `recipient` lands: its own address, an alias, or one of them with `+anything` behind the local part."""
        local, _, domain = recipient.lower().rpartition("@")
        return self._by_address.get(f"{local}@{domain}") or self._by_address.get(f"{local.partition('+')[0]}@{domain}")

    # --- the thread -----------------------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._serving = False
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self._imap_server(), self._smtp_server():
            self._serving = True
            self._ready.set()
            await self._stop.wait()  # asyncio.run ends the connections that are still open

    @contextlib.asynccontextmanager
    async def _imap_server(self) -> AsyncIterator[None]:
        arguments = Namespace(inherited_sockets=None, passlib_cfg=None, cert=None, key=None, proxy_protocol=None, debug=False)
        config = Config(
            arguments,
            host=LOOPBACK,
            port=self.imap_port,
            demo_data=False,
            demo_user="",
            demo_password="",
            tls_enabled=False,
            secure_auth=False,
            hash_context=Cleartext(),  # the passwords are printed on the screen
        )
        self._login = Login(config)
        for box in self.boxes.values():
            self._login.users_dict[box.address] = UserMetadata(config, box.address, password=box.password)
        answer = ProxyProtocolReader(config.proxy_protocol).get_callback(_ImapServer(self._login, config))
        server = await asyncio.start_server(answer, sock=self._imap)
        try:
            yield
        finally:
            server.close()

    @contextlib.asynccontextmanager
    async def _smtp_server(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()

        def protocol() -> SMTP:
            return _LongLines(
                self,
                hostname=self.name,
                ident="demo",
                decode_data=False,
                enable_SMTPUTF8=True,
                data_size_limit=SIZE_LIMIT,
                authenticator=self._authenticate,
                auth_require_tls=False,
                loop=loop,
            )

        server = await loop.create_server(protocol, sock=self._smtp)
        try:
            yield
        finally:
            server.close()

    # --- SMTP -----------------------------------------------------------------------------------------------------------------------------

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        """AUTH PLAIN and LOGIN, with the password of the box."""
        if not isinstance(given, LoginPassword):
            return AuthResult(success=False, handled=False)
        box = self.boxes.get(given.login.decode("utf-8", "replace").lower())
        right = box is not None and hmac.compare_digest(box.password.encode(), given.password)
        return AuthResult(success=right, handled=False, auth_data=box.address if box and right else None)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only the host's own boxes are served."""
        if self.box_of(address) is None:
            return "550 5.1.1 no such mailbox here, and mail to other hosts does not leave this machine"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        """Deliver at once, to each recipient's box."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        user = session.auth_data if isinstance(session.auth_data, str) else None
        proof = self._proof(raw, user)
        for recipient in envelope.rcpt_tos:
            box = self.box_of(recipient)
            if box is None:
                continue
            if box.returns:
                await self._return(envelope.mail_from or "", recipient, raw)
            else:
                await self._deliver(box, envelope.mail_from or "", recipient, raw, proof=proof, with_login=user is not None)
        return "250 2.0.0 delivered"

    def _proof(self, raw: bytes, user: str | None) -> str:
        """What the host can say of a mail's From: it is that of the login. Empty where there was none."""
        sender = parseaddr(_headers(raw).get("From", ""))[1].lower()
        if user is None or not sender:
            return ""
        result = "pass" if sender == user else "fail"
        return f"Authentication-Results: {self.name}; dmarc={result} header.from={sender.rpartition('@')[2]}\r\n"

    async def _deliver(self, box: Box, mail_from: str, recipient: str, raw: bytes, *, proof: str = "", with_login: bool = False) -> None:
        """Put a mail into a box, below the fields that a server adds. Whoever waits in IDLE is woken."""
        now = datetime.now(UTC)
        fields = (
            f"Return-Path: <{mail_from}>\r\nDelivered-To: {recipient}\r\n{proof}"
            f"Received: from localhost ([{LOOPBACK}]) by {self.name} with ESMTP{'A' if with_login else ''}\r\n"
            f"\tfor <{recipient}>; {format_datetime(now)}\r\n"
        )
        identity = await self._login.authorize(_Name(box.address), box.address)  # type: ignore[arg-type]
        async with identity.new_session() as opened:
            await opened.append_messages("INBOX", [AppendMessage(fields.encode("utf-8", "replace") + raw, now, frozenset())])

    async def _return(self, mail_from: str, recipient: str, raw: bytes) -> None:
        """Send a mail back to its envelope sender. A mail without one is not answered: it may be a report itself (RFC 5321 §4.5.5)."""
        home = self.box_of(mail_from) if mail_from else None
        if home is not None and not home.returns:
            report = delivery_report(self.name, to=mail_from, recipient=recipient, returned=raw)
            await self._deliver(home, "", mail_from, report)


def delivery_report(host: str, *, to: str, recipient: str, returned: bytes) -> bytes:
    """The report of a server that accepted a mail and could not deliver it: words, fields and the header of the mail (RFC 3462, 3464)."""
    why = "550 5.1.1 the mailbox does not exist any more"
    report = EmailMessage(policy=WIRE)
    report["From"] = f"Mail Delivery System <MAILER-DAEMON@{host}>"
    report["To"] = to
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = format_datetime(datetime.now(UTC))
    report["Message-ID"] = make_msgid(domain=host)
    report["Auto-Submitted"] = "auto-replied"
    report.set_content(
        f"This is the mail system at {host}.\n\nYour message could not be delivered to one recipient:\n\n<{recipient}>: {why}\n"
    )
    report.make_mixed()
    report.set_type("multipart/report")
    report.set_param("report-type", "delivery-status")
    status = Message()
    status.set_type("message/delivery-status")
    del status["MIME-Version"]
    about_host, about_recipient = Message(), Message()
    about_host["Reporting-MTA"] = f"dns; {host}"
    about_host["Arrival-Date"] = format_datetime(datetime.now(UTC))
    for name, value in (
        ("Final-Recipient", f"rfc822; {recipient}"),
        ("Action", "failed"),
        ("Status", "5.1.1"),
        ("Diagnostic-Code", f"smtp; {why}"),
    ):
        about_recipient[name] = value
    status.set_payload([about_host, about_recipient])
    head = MIMEText(returned.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").replace("\r\n", "\n") + "\n", "rfc822-headers", "utf-8")
    head.policy = status.policy = WIRE
    report.set_payload([*report.iter_parts(), status, head])
    return report.as_bytes()


def _headers(raw: bytes) -> Message:
    return BytesHeaderParser().parsebytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")


def _listen(port: int) -> socket.socket:
    """A listening socket at `port`, or at a free one when that is taken."""
    for wanted in (port, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, wanted))
        except OSError:
            listener.close()
            if not wanted:
                raise
        else:
            listener.listen(64)
            return listener
    raise AssertionError("the last port is any free one")
