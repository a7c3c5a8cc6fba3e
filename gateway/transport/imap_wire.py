"""imapclient with its sharp edges off: bounded reads, silent, aware times, an IDLE that tolerates news, a LOGIN that quotes.

Everything that must reach below imapclient's public surface stands here, in one place, so that an upgrade has one file to check:
imaplib reads as many octets as the server announces (CASES B45), imapclient formats each response for a log that nobody reads, and its
`idle()` fails when an EXISTS comes before the continuation.
"""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from collections.abc import Iterator, Sequence
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError
from imapclient.imap4 import IMAP4WithTimeout
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

    def _poll_socket(self, sock: Any, timeout: float | None = None) -> Any:
        """Wait for the socket, unless a line that came with the answer before is waiting in the reader, where poll does not see it."""
        with contextlib.suppress(ssl.SSLWantReadError):
            stream: Any = self._imap.file
            if stream.peek(1):  # the socket does not block here: this looks, and does not wait
                return [sock]
        wait: Any = super()._poll_socket
        return wait(sock, timeout)

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
