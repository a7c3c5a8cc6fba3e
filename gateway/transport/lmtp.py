"""The LMTP door: takes mail from the site's own mail server, and says 250 only once the mail is durable.

Built on aiosmtpd, which gives one reply after DATA where LMTP wants one for each recipient (RFC 2033 §4.2), refuses lines that real mail
has, and hands over the null sender as `<>`; those three are mended here. A recipient is judged by `accept`, a mail is kept by `record`;
both are called in worker threads, so they may touch a database. The door knows nothing else.

Bugs: no TLS and no AUTH: LMTP belongs on loopback or on a unix socket. A line above LINE_LIMIT refuses the mail.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

log = logging.getLogger(__name__)

LINE_LIMIT = 1 << 20
"""Octets in a line; RFC 5321's 1,000 refuse mail that every other server takes."""
IDLE_SECONDS = 300.0
GRACE_SECONDS = 5.0
"""How long `stop` waits for mails that are being recorded."""
CONNECTIONS = 100
"""Beyond this many at once a connection is told to come back (421): each may hold a whole mail in memory."""


@dataclass(frozen=True, slots=True)
class Accept:
    """This recipient is ours."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """This recipient is refused, with an SMTP code and one line of text that starts with an enhanced status code (RFC 3463)."""

    code: int
    text: str


Judge = Callable[[str], Accept | Refuse]
Record = Callable[[str, tuple[str, ...], bytes], None]


class LmtpDoor:
    """Listens in a thread of its own from `start` to `stop`; `listen` is `unix:/path` or `host:port` (port 0: any, see `port`).

    `accept(recipient)` judges a recipient. `record(mail_from, recipients, mail)` makes a mail durable, `mail_from` empty for the null
    sender; what it raises becomes 451 and the peer keeps the mail. `socket_mode` is the unix socket's permissions.
    """

    def __init__(
        self,
        listen: str,
        accept: Judge,
        record: Record,
        size_limit: int,
        *,
        hostname: str = "localhost",
        socket_mode: int = 0o660,
    ) -> None:
        self.listen = listen
        self.accept = accept
        self.record = record
        self.size_limit = size_limit
        self.hostname = hostname
        self.port = 0
        self._socket_mode = socket_mode
        self._peers: set[_Peer] = set()
        self._recording = 0
        self._failures: list[Exception] = []
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None

    def start(self) -> None:
        """Listen. Raises OSError when the address is taken or not allowed, ValueError when it is no address."""
        _address(self.listen)
        self._ready.clear()
        self._failures.clear()
        # aiosmtpd logs each command, and at DEBUG each line of a mail: not ours to keep
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._thread = threading.Thread(target=self._run, name=f"lmtp {self.listen}", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failures:
            self._thread.join()
            raise self._failures[0]

    def stop(self) -> None:
        """Stop listening, let mails that are being recorded end, and close every connection."""
        thread, loop, ended = self._thread, self._loop, self._ended
        if thread is None or loop is None or ended is None or not thread.is_alive():
            return
        loop.call_soon_threadsafe(ended.set)
        thread.join(GRACE_SECONDS + 5)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:
            self._failures.append(error)
            if self._ready.is_set():
                log.exception("the LMTP door at %s ended", self.listen)
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        server = await self._bind(self._loop)
        self._ready.set()
        await self._ended.wait()
        for listener in server.sockets:
            self._loop.remove_reader(listener.fileno())
        await asyncio.sleep(0.01)  # a connection accepted while a server closes would be left half made (CPython gh-109564)
        server.close()
        await self._settle(lambda: not self._recording, GRACE_SECONDS)
        await asyncio.sleep(0.02)  # their replies go out
        await self._hang_up()
        path = _address(self.listen)
        if isinstance(path, Path):
            path.unlink(missing_ok=True)

    async def _hang_up(self) -> None:
        """Close every connection, also one that was accepted a moment ago and is not here yet; abort those that do not close in time."""
        quiet = 0
        for patience in range(100, 0, -1):
            for peer in list(self._peers):
                peer.hang_up(abort=patience < 50)
            quiet = 0 if self._peers else quiet + 1
            if quiet >= 3:
                return
            await asyncio.sleep(0.01)

    async def _bind(self, loop: asyncio.AbstractEventLoop) -> asyncio.Server:
        where = _address(self.listen)
        if isinstance(where, Path):
            _remove_stale(where)
            server = await loop.create_unix_server(lambda: _Peer(self), str(where))
            where.chmod(self._socket_mode)
            return server
        server = await loop.create_server(lambda: _Peer(self), *where)
        self.port = server.sockets[0].getsockname()[1]
        return server

    @staticmethod
    async def _settle(done: Callable[[], bool], seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not done():  # noqa: ASYNC110  # a few looks at the very end of a life
                    await asyncio.sleep(0.01)

    async def handle_RCPT(self, _peer: LMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        """Judge a recipient."""
        if not address.isprintable():
            return "553 5.1.3 malformed address"
        try:
            verdict = await asyncio.to_thread(self.accept, address)
        except Exception:
            log.exception("a recipient could not be judged")
            return "451 4.3.0 try again later"
        if isinstance(verdict, Refuse):
            return _reply(verdict.code, verdict.text)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient taken"

    async def handle_DATA(self, _peer: LMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Record a mail; the one answer stands for every recipient, because all of them are kept in one step or none is."""
        sender = "" if envelope.mail_from in {None, "<>"} else str(envelope.mail_from)
        content = envelope.content
        assert isinstance(content, bytes)
        self._recording += 1
        try:
            await asyncio.shield(asyncio.to_thread(self.record, sender, tuple(envelope.rcpt_tos), content))
        except Exception:
            log.exception("a mail could not be recorded")
            return "451 4.3.0 not recorded, try again later"
        finally:
            self._recording -= 1
        return "250 2.0.0 recorded"


class _Peer(LMTP):
    """One connection."""

    line_length_limit = LINE_LIMIT

    def __init__(self, door: LmtpDoor) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(
            door,
            data_size_limit=door.size_limit,
            enable_SMTPUTF8=True,
            hostname=door.hostname,
            ident="LMTP",
            timeout=IDLE_SECONDS,
            loop=loop,
        )
        self._door = door
        self._replies = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or send it away when there are too many."""
        self._door._peers.add(self)  # noqa: SLF001
        super().connection_made(transport)
        if len(self._door._peers) > CONNECTIONS and isinstance(transport, asyncio.WriteTransport):  # noqa: SLF001
            transport.write(b"421 4.3.2 too many connections, try again later\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection."""
        self._door._peers.discard(self)  # noqa: SLF001
        super().connection_lost(error)

    def eof_received(self) -> bool:
        """Close: aiosmtpd ends its handler here, and where that has not begun yet (a probe) it would leave the connection open."""
        super().eof_received()
        return False

    def hang_up(self, *, abort: bool) -> None:
        """Close the connection as soon as what was written has gone, or at once."""
        if isinstance(self.transport, asyncio.WriteTransport):
            (self.transport.abort if abort else self.transport.close)()

    async def handle_exception(self, error: Exception) -> str:
        """A command that breaks the server is refused for now; its text may be a stranger's and is not repeated."""
        log.warning("LMTP command failed: %s", type(error).__name__)
        return "451 4.3.0 try again later"

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """Refuse a sender that no database could hold."""
        if arg is not None and not arg.isprintable():
            await self.push("553 5.1.7 malformed address")
            return
        await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """Receive a mail; what is pushed after the 354 is repeated for every recipient (RFC 2033 §4.2)."""
        assert self.envelope is not None
        self._replies = len(self.envelope.rcpt_tos)
        try:
            await super().smtp_DATA(arg)
        finally:
            self._replies = 0

    async def push(self, status: Any) -> None:
        """Send a reply; after DATA, as often as there are recipients."""
        text = status if isinstance(status, str) else status.decode("ascii", "replace")
        if self._replies and not text.startswith("354"):
            if text.startswith("552"):
                text = f"552 5.3.4 the mail is larger than {self._door.size_limit} octets"
            text = "\r\n".join([text] * self._replies)
        await super().push(text)


def _reply(code: int, text: str) -> str:
    """One reply line: no line break and nothing but ASCII gets out."""
    clean = "".join(letter if " " <= letter <= "~" else "?" for letter in text)
    return f"{code if 400 <= code <= 599 else 550} {clean[:400]}"


def _address(listen: str) -> Path | tuple[str, int]:
    """The meaning of `listen`; raises ValueError."""
    if listen.startswith("unix:"):
        return Path(listen.removeprefix("unix:"))
    host, colon, port = listen.rpartition(":")
    if not (host and colon and port.isdigit()):
        raise ValueError(f"not an address to listen on: {listen!r} (unix:/path or host:port)")
    return host.strip("[]"), int(port)


def _remove_stale(path: Path) -> None:
    """Remove the socket that a dead process left behind; raises OSError when somebody listens on it (asyncio would take it from him)."""
    if not path.exists() or not stat.S_ISSOCK(path.stat().st_mode):
        return
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(str(path)) == 0:
            raise OSError(errno.EADDRINUSE, f"somebody listens on {path} already")
    path.unlink()
