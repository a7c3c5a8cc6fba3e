"""One connection to an IMAP server: open a folder, list what is new, fetch it in small batches, settle it, wait for more.

A thin shell over imapclient that knows its traps: a vanished UID and an empty body are not mails, a dead IDLE looks like silence, a dropped
login looks like a refused one, and a literal is as long as the server says until somebody refuses (CASES F8, B15-B25, B44, B45). It
holds no policy: which UIDs, when, and what afterwards is decided by the caller (gateway/runtime/mailbox_loop.py).

Bugs: one session belongs to one thread. A UIDVALIDITY that changes while the folder is open is seen at the next connection only.
"""

from __future__ import annotations

import contextlib
import logging
import ssl
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from gateway.transport.imap_wire import BoundedClient, batches
from gateway.transport.tls import Tls, certificate_ends, client_context, is_loopback, is_tls_fault, tune

log = logging.getLogger(__name__)

SIZES_AT_ONCE = 1000
STORE_AT_ONCE = 200
PART_BYTES = 512 << 10
"""How much of an oversized mail is fetched: its headers (at most 256 KiB count) and the beginning of its text."""
SLACK = 1 << 20
"""What a server may send beyond the sizes it announced: command answers, and line ends that it counted otherwise."""
IDLE_SLICE = 0.8
"""Seconds between two looks at the stop event while waiting."""

_UNSET = {"\\seen": "UNSEEN", "\\flagged": "UNFLAGGED", "\\answered": "UNANSWERED", "\\deleted": "UNDELETED"}
_PEER_TROUBLE = ("[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]", "[LIMIT]")
"""RFC 5530 codes of a refused login that say nothing against the password."""


class ImapError(Exception):
    """The session cannot do what was asked; its subclasses say whose fault it is."""


class ImapLoginError(ImapError):
    """The server refuses this user and password: for the operator; asking again quickly may lock the account."""


class ImapTlsError(ImapError):
    """The connection cannot be secured as configured: for the operator. No credential has been sent."""


class ImapUnavailableError(ImapError):
    """The peer is away, slow or speaks nonsense: try again on a new connection. `uids` are the mails that were being fetched."""

    def __init__(self, text: str, uids: Collection[int] = ()) -> None:
        super().__init__(text)
        self.uids = tuple(uids)


class ImapRefusedError(ImapUnavailableError):
    """The server answered NO or BAD (quota, permission, unknown folder); the connection itself is fine."""


class After(StrEnum):
    """What becomes of a mail on the server once it is recorded."""

    LEAVE = "leave"
    FLAG = "flag"
    MOVE = "move"


class Woken:
    """The server says that something came."""


class Quiet:
    """The time is over, or a stop was asked for."""


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where a mailbox is and how to get in. Times in seconds; `read_timeout` is per read, so a slow mail that keeps coming is fine."""

    host: str
    port: int
    tls: Tls
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None
    connect_timeout: float = 10
    read_timeout: float = 60


@dataclass(frozen=True, slots=True)
class FolderState:
    """What the server says of a folder when it is opened. `keywords`: it stores flags of our own naming."""

    uidvalidity: int
    uidnext: int
    keywords: bool = True


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """A mail as it came. `size` is what the server announced, in octets; `received_at` its INTERNALDATE.

    `whole` is False for an oversized mail: `raw` is then only its beginning. `raw` is None only for a mail that the server announces and
    never hands over; the session never yields one, the mailbox loop makes it once its patience is over.
    """

    uid: int
    size: int
    raw: bytes | None = field(repr=False)
    received_at: datetime
    whole: bool = True


class ImapSession:
    """One connection, for one thread, as a context manager: entering connects, secures and logs in, leaving logs out.

    `missing` holds the UIDs that the last `fetch` did not yield; `empty` those of them that exist but came without a body (retry them).
    Every method raises ImapUnavailableError when the peer fails; after it (not after ImapRefusedError) the session is of no more use.
    """

    def __init__(self, account: ImapAccount, *, stop: threading.Event | None = None) -> None:
        self.account = account
        self.missing: set[int] = set()
        self.empty: set[int] = set()
        self.certificate_ends: datetime | None = None
        self._stop = stop or threading.Event()
        self._broken = False
        self._folders: set[str] = set()
        self._client: BoundedClient | None = None

    def __enter__(self) -> Self:
        """Connect, secure, log in. Raises ImapTlsError and ImapLoginError besides ImapUnavailableError."""
        try:
            self._connect()
            self._login()
        except BaseException:
            self._broken = True
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Log out, without waiting long for the peer."""
        self.close()

    @property
    def client(self) -> Any:
        """The connected BoundedClient; Any, because imapclient has no types."""
        assert self._client is not None, "the session is not entered"
        return self._client

    def _connect(self) -> None:
        account = self.account
        if account.tls is Tls.NONE and not is_loopback(account.host):
            raise ImapTlsError(f"tls = none is for this machine only, not for {account.host}")
        try:
            context = client_context(account.ca_file)
        except OSError as error:
            raise ImapTlsError(f"cannot read the certificates in {account.ca_file}: {error}") from error
        try:
            with self._blame(f"connect to {account.host}:{account.port}"):
                times = {"connect_timeout": account.connect_timeout, "read_timeout": account.read_timeout}
                self._client = BoundedClient(account.host, account.port, context if account.tls is Tls.IMPLICIT else None, **times)
                tune(self.client.socket())
                if account.tls is Tls.STARTTLS:
                    self._secure(context)
        except ImapUnavailableError as error:
            if isinstance(error.__cause__, OSError) and is_tls_fault(error.__cause__):
                raise ImapTlsError(f"{account.host}:{account.port} is not trusted: {error.__cause__}") from error
            raise
        self.certificate_ends = certificate_ends(self.client.socket())

    def _secure(self, context: ssl.SSLContext) -> None:
        """STARTTLS or nothing: an absent capability, a refusal and a PREAUTH greeting (RFC 9051 §11.1) all end here."""
        client = self.client
        if client.state != "NONAUTH" or not client.has_capability("STARTTLS"):
            raise ImapTlsError(f"{self.account.host}:{self.account.port} does not offer STARTTLS")
        try:
            client.starttls(context)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            raise ImapTlsError(f"{self.account.host}:{self.account.port} refuses STARTTLS: {error}") from error

    def _login(self) -> None:
        """Log in by AUTHENTICATE PLAIN where offered (it takes any user name), else by LOGIN."""
        client: Any = self.client
        account = self.account
        with self._blame("log in"):
            plain = client.has_capability("AUTH=PLAIN")
            if not plain and client.has_capability("LOGINDISABLED"):
                raise ImapTlsError(f"{account.host}:{account.port} forbids logging in on this connection (LOGINDISABLED)")
            try:
                (client.plain_login if plain else client.quoted_login)(account.user, account.password)
            except LoginError as error:
                # imapclient calls a connection that dropped here a refused login, too
                if isinstance(error.__context__, IMAPClientAbortError):
                    raise error.__context__ from None
                if any(code in str(error) for code in _PEER_TROUBLE):
                    raise
                raise ImapLoginError(f"{account.host} refuses the login of {account.user}: {error}") from error
            client.capabilities()

    def open(self, folder: str, *, write: bool = False) -> FolderState:
        """Select a folder, read-only unless `write`. Raises ImapRefusedError when there is no such folder or no right to it."""
        with self._blame(f"open {folder}"):
            client = self.client
            said = client.select_folder(folder, readonly=not write)
            uidvalidity, uidnext = said.get(b"UIDVALIDITY"), said.get(b"UIDNEXT")
            if uidnext is None:
                uidnext = client.folder_status(folder, ["UIDNEXT"]).get(b"UIDNEXT")
            if not isinstance(uidvalidity, int) or not isinstance(uidnext, int):
                raise ImapUnavailableError(f"the server gives no UIDVALIDITY or UIDNEXT for {folder}")
            keywords = not write or b"\\*" in said.get(b"PERMANENTFLAGS", (b"\\*",))
            client.forget_news()
            return FolderState(uidvalidity, uidnext, keywords)

    def uids_after(self, uid: int) -> list[int]:
        """Every UID above `uid`, ascending: a snapshot, whatever is deleted meanwhile (CASES B24)."""
        with self._blame("search"):
            self.client.forget_news()
            # "n:*" always holds the last mail, even one below n (RFC 9051 §9, seq-range)
            return sorted(found for found in self.client.search(["UID", f"{uid + 1}:*"]) if found > uid)

    def uids_since(self, day: date) -> list[int]:
        """Every UID that the server received on or after `day`, ascending."""
        with self._blame("search"):
            return sorted(self.client.search(["SINCE", day]))

    def unsettled(self, last_uid: int, after: After, flag: str) -> list[int]:
        """The UIDs up to `last_uid` that `settle` has not dealt with: still in the folder, or without the flag."""
        if after is After.LEAVE or last_uid < 1:
            return []
        criteria = ["UID", f"1:{last_uid}"]
        if after is After.FLAG:
            known = _UNSET.get(flag.lower())
            criteria += [known] if known else ["UNKEYWORD", flag]
        with self._blame("search"):
            return sorted(self.client.search(criteria))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """RFC822.SIZE in octets of each UID that still exists."""
        found: dict[int, int] = {}
        for start in range(0, len(uids), SIZES_AT_ONCE):
            with self._blame("ask for sizes"):
                for uid, items in self.client.fetch(list(uids[start : start + SIZES_AT_ONCE]), ["RFC822.SIZE"]).items():
                    size = items.get(b"RFC822.SIZE")
                    found[uid] = size if isinstance(size, int) and size > 0 else 0
        return found

    def fetch(self, uids: Sequence[int], size_limit: int, *, alone: Collection[int] = ()) -> Iterator[FetchedMail]:
        """Fetch mails without marking them as read, in batches; those above `size_limit` octets only by their beginning.

        `alone` are UIDs that made trouble before: each is fetched by itself, after the others, and cut by the server above the limit.
        """
        sizes = self.sizes(uids)
        self.missing, self.empty = set(uids), set()
        suspects = [uid for uid in uids if uid in sizes and uid in alone]
        for batch in batches([uid for uid in uids if uid in sizes and uid not in alone], sizes, size_limit):
            large = sizes[batch[0]] > size_limit
            yield from self._fetch(batch, sizes, min(size_limit, PART_BYTES) if large else None, cut=large)
        for uid in suspects:
            large = sizes[uid] > size_limit
            yield from self._fetch([uid], sizes, min(size_limit, PART_BYTES) if large else size_limit + 1, cut=large)

    def _fetch(self, batch: list[int], sizes: dict[int, int], octets: int | None, *, cut: bool) -> Iterator[FetchedMail]:
        """One FETCH. `octets`: ask for that many at most; `cut`: what comes is known to be a part."""
        allowed = octets if octets is not None else 2 * sum(sizes[uid] for uid in batch)
        item = "BODY.PEEK[]" if octets is None else f"BODY.PEEK[]<0.{octets}>"
        with self._blame("fetch", batch), self.client.allowance(allowed + SLACK):
            answer = self.client.fetch(batch, [item, "INTERNALDATE"])
        for uid in batch:
            if uid not in answer:
                continue
            items = answer[uid]
            raw = items.get(b"BODY[]") or items.get(b"BODY[]<0>")
            if not isinstance(raw, bytes) or not raw:
                self.empty.add(uid)
                continue
            part = cut or (octets is not None and len(raw) >= octets)
            received = items.get(b"INTERNALDATE")
            when = received.astimezone(UTC) if isinstance(received, datetime) and received.tzinfo else datetime.now(UTC)
            self.missing.discard(uid)
            yield FetchedMail(uid, sizes[uid], raw[:PART_BYTES] if part else raw, when, whole=not part)

    def settle(self, uids: Sequence[int], after: After, *, flag: str, folder: str = "") -> None:
        """Flag or move recorded mails. A missing folder is made; if that is refused the mails are flagged instead (CASES B57).

        Raises ImapRefusedError when the server says NO: harmless, try again later (CASES B58).
        """
        if after is After.LEAVE:
            return
        if after is After.MOVE and not self._has_folder(folder):
            log.warning("cannot make the folder %r, flagging instead", folder)
            after = After.FLAG
        for start in range(0, len(uids), STORE_AT_ONCE):
            some = list(uids[start : start + STORE_AT_ONCE])
            with self._blame(after.value):
                if after is After.FLAG:
                    self.client.add_flags(some, [flag], silent=True)
                else:
                    self._move(some, folder)

    def _move(self, uids: list[int], folder: str) -> None:
        client = self.client
        if client.has_capability("MOVE"):
            client.move(uids, folder)
            return
        client.copy(uids, folder)
        client.add_flags(uids, ["\\Deleted"], silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge(uids)  # a plain EXPUNGE would also take what others have marked

    def _has_folder(self, folder: str) -> bool:
        """Whether the folder exists, after an attempt to make it."""
        if folder in self._folders:
            return True
        with self._blame(f"look for {folder}"):
            if not self.client.folder_exists(folder):
                try:
                    self.client.create_folder(folder)
                except IMAPClientAbortError:
                    raise
                except IMAPClientError:
                    return False
                self.client.subscribe_folder(folder)
        self._folders.add(folder)
        return True

    def wait(self, seconds: float, *, idle: bool = True) -> Woken | Quiet:
        """Wait for news at most `seconds` (RFC 2177: less than 29 minutes): by IDLE where the server has it and we may, else by waiting.

        Ends within a second of the stop event. Raises ImapUnavailableError when the connection died meanwhile.
        """
        with self._blame("wait"):
            client = self.client
            if client.has_news():
                return Woken()
            if not (idle and client.has_capability("IDLE")):
                if not self._stop.wait(seconds):
                    client.noop()
                return Quiet()
            client.start_idle()
            # news may come before the continuation, too; IDLE does not say it twice
            woken = client.has_news() or self._idle(time.monotonic() + seconds)
            _, rest = client.idle_done()
            return Woken() if woken or any(_is_news(each) for each in rest) else Quiet()

    def _idle(self, deadline: float) -> bool:
        """True when something came; returns early on a suspicious silence, which `idle_done` then tells from a dead connection."""
        while not self._stop.is_set() and (left := deadline - time.monotonic()) > 0:
            began, pause = time.monotonic(), min(left, IDLE_SLICE)
            answers = self.client.idle_check(timeout=pause)
            if any(_is_news(each) for each in answers):
                return True
            if any(each[0] == b"BYE" for each in answers) or (not answers and time.monotonic() - began < pause / 2):
                return False
        return False

    def close(self) -> None:
        """Log out if the peer still listens, and close the socket in any case."""
        client: Any = self._client
        self._client = None
        if client is None:
            return
        with contextlib.suppress(OSError, IMAPClientError):
            if not self._broken:
                client.socket().settimeout(2)
                client.logout()
        with contextlib.suppress(OSError, IMAPClientError):
            client.shutdown()

    @contextlib.contextmanager
    def _blame(self, doing: str, uids: Collection[int] = ()) -> Iterator[None]:
        """Turn what imapclient, imaplib and the socket raise into an error that says whose fault it is."""
        try:
            yield
        except ImapError:
            raise
        except (IMAPClientAbortError, OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            # beside the honest ones: what imapclient's parser raises on answers that are no IMAP
            self._broken = True
            raise ImapUnavailableError(f"cannot {doing}: {error or type(error).__name__}", uids) from error
        except IMAPClientError as error:
            raise ImapRefusedError(f"cannot {doing}: {error}", uids) from error


def _is_news(answer: tuple[object, ...]) -> bool:
    return len(answer) > 1 and answer[1] in (b"EXISTS", b"RECENT")
