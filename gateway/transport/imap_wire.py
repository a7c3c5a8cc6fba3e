"""imapclient with its sharp edges off: bounded reads, silent, aware times, an IDLE that tolerates news, a LOGIN that quotes.

Everything that must reach below imapclient's public surface stands here, in one place, so that an upgrade has one file to check:
imaplib reads as many octets as the server announces (CASES B45), imapclient formats each response for a log that nobody reads, and its
`idle()` fails when an EXISTS comes before the continuation.
"""

from __future__ import annotations

import contextlib
import imaplib
import ssl
import time
from collections.abc import Iterator, Sequence
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.imapclient import _parse_untagged_response
from imapclient.tls import IMAP4_TLS

FETCH_MAILS = 50
FETCH_BYTES = 4 << 20
"""A FETCH asks for at most this many mails, and stops adding mails at this many announced bytes: memory stays flat."""
LINE_LIMIT = 16 << 20
"""imaplib stops at 1 MB; the answer to a SEARCH over a large mailbox is one line of about 8 octets for each mail."""
LITERAL_ALLOWANCE = 1 << 20
"""What literals may hold outside FETCH BODY: folder names, and nothing else that we ask for."""


class _Bounded(imaplib.IMAP4):
    """Reads no literal that goes beyond the allowance: the server's number alone must not decide what we allocate."""

    allowance = LITERAL_ALLOWANCE

    @property
    def _stream(self) -> Any:
        return self.file

    def read(self, size: int) -> bytes:
        """Read a literal, or give up the connection before any of it is read."""
        if size > self.allowance:
            raise self.abort(f"literal of {size} octets refused, {self.allowance} allowed")
        self.allowance -= size
        return bytes(self._stream.read(size))

    def readline(self) -> bytes:
        """Read one line of an answer."""
        line = bytes(self._stream.readline(LINE_LIMIT + 1))
        if len(line) > LINE_LIMIT:
            raise self.abort(f"line of more than {LINE_LIMIT} octets refused")
        return line


class _BoundedPlain(_Bounded, IMAP4WithTimeout):
    pass


class _BoundedTls(_Bounded, IMAP4_TLS):
    pass


class BoundedClient(IMAPClient):
    """An IMAPClient for gateway/transport/imap.py alone."""

    _imap: _Bounded

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, *, connect_timeout: float, read_timeout: float) -> None:
        """Connect; with a context, by TLS from the first octet. Times in seconds, each of them for one step and not for the whole."""
        self._connect_timeout = connect_timeout
        self._patience = read_timeout
        timeouts: Any = SocketTimeout(connect_timeout, read_timeout)
        super().__init__(host, port, ssl=context is not None, ssl_context=context, timeout=timeouts)
        self._imap.debug = 0  # imapclient sets 5: imaplib then formats each response, three to five times the time of a fetch
        self.normalise_times = False  # aware times, not naive local ones

    def _create_IMAP4(self) -> _Bounded:  # noqa: N802
        if self.ssl:
            return _BoundedTls(self.host, self.port, self.ssl_context, self._connect_timeout)
        return _BoundedPlain(self.host, self.port, self._connect_timeout)

    @property
    def state(self) -> str:
        """The state of the connection, in imaplib's words: NONAUTH, AUTH, SELECTED."""
        return str(self._imap.state)

    @contextlib.contextmanager
    def allowance(self, octets: int) -> Iterator[None]:
        """Let literals hold `octets` together while the context lasts."""
        self._imap.allowance = octets
        try:
            yield
        finally:
            self._imap.allowance = LITERAL_ALLOWANCE

    def quoted_login(self, user: str, password: str) -> None:
        """LOGIN with both words quoted (imaplib quotes the password only, and neither may be other than ASCII)."""
        if any(not 0x20 <= ord(letter) < 0x7F for letter in user + password):
            raise LoginError("the server has no AUTH=PLAIN, and LOGIN takes ASCII only")
        quoted = '"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"'
        self.login(quoted, password)

    def forget_news(self) -> None:
        """Drop the answers that nobody asked for; what was announced so far is about to be seen by a search."""
        self._imap.untagged_responses.clear()
        self._imap.allowance = LITERAL_ALLOWANCE

    def has_news(self) -> bool:
        """Whether an EXISTS came with the answer to another command since `forget_news`: an IDLE would not repeat it."""
        return "EXISTS" in self._imap.untagged_responses

    def idle_check(self, timeout: float | None = None) -> list[Any]:
        """What the server said since, waiting at most `timeout` seconds for the first of it.

        imapclient reads without blocking and loses a line of which only the first half has come. Here the socket is looked at without
        blocking, and a line that has begun is read to its end; a dead connection raises.
        """
        parse: Any = _parse_untagged_response
        deadline = time.monotonic() + (timeout or 0)
        answers: list[Any] = []
        while self._has_begun(0 if answers else deadline - time.monotonic()):
            answers.append(parse(self._imap._get_line()))  # noqa: SLF001
        return answers

    def _has_begun(self, seconds: float) -> bool:
        """Whether a line is waiting, or begins, or the connection ends, within `seconds`."""
        end = time.monotonic() + seconds
        if self._peek():
            return True
        while (left := end - time.monotonic()) > 0:
            poll: Any = self._poll_socket
            if not poll(self._sock(), left):
                return False
            seen = self._peek()
            if seen is not None:  # octets; or none although the socket is ready, which is the end: reading it says so
                return True
        return False

    def _peek(self) -> bool | None:
        """True: octets are there. False: none. None: TLS has some that are no data yet. Never waits, and takes nothing away."""
        stream: Any = self._imap.file
        sock, restore = self._sock(), self._patience
        sock.settimeout(0)
        try:
            return bool(stream.peek(1))
        except ssl.SSLWantReadError:
            return None
        finally:
            sock.settimeout(restore)

    def _sock(self) -> Any:
        client: Any = self
        return client.socket()

    def start_idle(self) -> None:
        """IDLE, letting the server say other things before its continuation (RFC 9051 §7: it may at any time)."""
        imap: Any = self._imap
        tag = self._idle_tag = imap._command("IDLE")  # noqa: SLF001
        while imap._get_response() is not None:  # noqa: SLF001
            if imap.tagged_commands.get(tag):
                raise IMAPClientError(f"IDLE refused: {imap.tagged_commands.pop(tag)}")


def batches(uids: Sequence[int], sizes: dict[int, int], size_limit: int) -> Iterator[list[int]]:
    """Cut a list of UIDs into batches for one FETCH each; an oversized mail is a batch of its own."""
    batch: list[int] = []
    octets = 0
    for uid in uids:
        size = sizes[uid]
        if size > size_limit:
            if batch:
                yield batch
            yield [uid]
            batch, octets = [], 0
            continue
        if batch and (len(batch) >= FETCH_MAILS or octets + size > FETCH_BYTES):
            yield batch
            batch, octets = [], 0
        batch.append(uid)
        octets += size
    if batch:
        yield batch
