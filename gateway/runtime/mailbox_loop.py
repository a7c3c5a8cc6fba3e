"""The thread of one folder of one mailbox: what is new goes into the ledger first, and only then is anything changed on the server.

The order is the promise "never lost": fetch, record durably (T1), flag or move, wait. Whatever dies between two of these steps is made
good at the next start, because the cursor moves in the same transaction as the mails, recording the same UID twice is one row, and a mail
that is recorded but still unflagged is settled again (CASES B1, B2, B58). What is new is decided by UIDs, never by the Seen flag or a date.

Bugs: a mail that breaks its own fetching holds the cursor back until PATIENCE is over; the mails behind it are recorded meanwhile, and are
asked for again after a restart.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import structlog

from gateway.store.intake import Cursor
from gateway.transport.imap import (
    After,
    FetchedMail,
    FolderState,
    ImapAccount,
    ImapLoginError,
    ImapRefusedError,
    ImapSession,
    ImapTlsError,
    ImapUnavailableError,
)

log = structlog.get_logger(__name__)

RECORD_MAILS = 50
RECORD_BYTES = 8 << 20
"""A record holds at most this many mails, and stops adding mails at this many octets: one transaction, flat memory."""
LONGEST_IDLE = 25 * 60.0
"""RFC 2177: an IDLE is ended and begun again at least every 29 minutes."""
FIRST_DELAY, LONGEST_DELAY = 1.0, 300.0
"""Back-off after a peer's failure, in seconds, doubling."""
LOGIN_TRIES = 3
LOGIN_DELAY, LONGEST_LOGIN_DELAY = 60.0, 1800.0
"""After three refused logins, or untrusted certificates, the back-off begins at a minute and doubles up to half an hour (CASES B14)."""
PATIENCE = 3600.0
"""Seconds for which a mail may fail to be fetched (and at least TRIES times) before it is recorded without its text (CASES B21)."""
TRIES = 3
CERTIFICATE_WARNING = timedelta(days=14)
"""How long before its end a server's certificate is warned about at each connection (CASES B46)."""


class Ledger(Protocol):
    """Where mails are made durable; the desk's T1 behind a port. What a method raises makes the loop back off, with nothing settled."""

    def cursor(self, mailbox: str, folder: str) -> Cursor | None:
        """How far the folder was read; None before its first start."""
        ...

    def start(self, mailbox: str, folder: str, uidvalidity: int, last_uid: int) -> None:
        """Set the cursor of a folder, or of its new generation, to `last_uid`, polled now."""
        ...

    def record(
        self,
        mailbox: str,
        folder: str,
        uidvalidity: int,
        mails: Sequence[FetchedMail],
        *,
        last_uid: int | None,
        silent_before: datetime | None,
    ) -> None:
        """Make mails durable and, in the same transaction, move the cursor to `last_uid`, polled now; None leaves the cursor alone.

        Called with no mails when a poll found nothing. A mail received before `silent_before` must cause no outgoing mail. A UID that the
        ledger has already is left as it is.
        """
        ...

    def recorded(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
        """Those of `uids` that the ledger has."""
        ...


@dataclass(frozen=True, slots=True)
class MailboxPlan:
    """What one loop does. `mailbox` and `folder` are the ledger's names; `poll_seconds` the longest time between two looks.

    `import_since`: at the very first start, mails received on or after that day are recorded silently; without it nothing old is.
    """

    mailbox: str
    folder: str
    account: ImapAccount
    after: After = After.LEAVE
    flag: str = "$Gateway"
    move_to: str = ""
    idle: bool = True
    poll_seconds: float = 300
    size_limit: int = 25 << 20
    import_since: date | None = None
    patience: float = PATIENCE


@dataclass(slots=True)
class _Strikes:
    """A mail that would not come: how often, since when, and not before when it is asked for again (monotonic seconds)."""

    count: int
    since: float
    again: float


@dataclass(slots=True)
class _Visit:
    """What is known while one connection lasts."""

    session: ImapSession
    uidvalidity: int
    last_uid: int
    ahead: set[int] = field(default_factory=set)
    """Recorded UIDs above the cursor, which a troublesome mail holds back."""


Health = Callable[[str | None], None]
"""Told None after each good look at the folder, else one line that says what is wrong."""


class MailboxLoop:
    """Runs until `stop` is set; `run` never raises."""

    def __init__(self, plan: MailboxPlan, ledger: Ledger, *, stop: threading.Event, health: Health = lambda _text: None) -> None:
        self.plan = plan
        self.ledger = ledger
        self._stop = stop
        self._health = health
        self._generation: int | None = None
        self._strikes: dict[int, _Strikes] = {}
        self._unsettled: set[int] = set()
        self._failures = 0
        self._refusals = 0
        self._log = log.bind(mailbox=plan.mailbox, folder=plan.folder)

    def run(self) -> None:
        """Connect, look, wait, look; after a failure wait longer and connect again."""
        while not self._stop.is_set():
            try:
                with ImapSession(self.plan.account, stop=self._stop) as session:
                    self._refusals = 0
                    self._serve(session)
            except (ImapLoginError, ImapTlsError) as error:
                self._refusals += 1
                self._pause(str(error), login_delay(self._refusals))
            except ImapUnavailableError as error:
                self._strike(error.uids)
                self._failures += 1
                self._pause(str(error), peer_delay(self._failures))
            except Exception as error:  # noqa: BLE001  # the loop's outer wall: a ledger that fails must not end the thread
                self._log.exception("mailbox.failed")
                self._failures += 1
                self._pause(f"{type(error).__name__}: {error}", peer_delay(self._failures))

    def _pause(self, text: str, seconds: float) -> None:
        """Tell, and wait, give or take a fifth, so that many mailboxes do not come back in the same second."""
        if self._stop.is_set():
            return
        self._log.warning("mailbox.unavailable", error=text, retry_in=round(seconds, 1))
        self._health(text)
        self._stop.wait(seconds * random.uniform(0.8, 1.2))  # noqa: S311

    def _serve(self, session: ImapSession) -> None:
        """Everything that one connection does."""
        plan = self.plan
        state = session.open(plan.folder, write=plan.after is not After.LEAVE)
        if plan.after is After.FLAG and not (state.keywords or plan.flag.startswith("\\")):
            self._log.warning("mailbox.no_keywords", flag=plan.flag)
        ends = session.certificate_ends
        if ends is not None and ends - datetime.now(UTC) < CERTIFICATE_WARNING:
            self._log.warning("mailbox.certificate_ends", ends=ends.isoformat())
        visit = self._begin(session, state)
        if visit is None:
            return
        self._settle_old(visit)
        while not self._stop.is_set():
            polled = time.monotonic()
            self._look(visit)
            self._failures = 0
            self._health(None)
            left = plan.poll_seconds - (time.monotonic() - polled)
            session.wait(min(max(left, 0.0), LONGEST_IDLE), idle=plan.idle)

    def _begin(self, session: ImapSession, state: FolderState) -> _Visit | None:
        """Where to go on: at the cursor, or at the end of the folder, or from 0 in a new generation (CASES B19). None: stopped."""
        plan, now = self.plan, datetime.now(UTC)
        if self._generation != state.uidvalidity:
            self._generation = state.uidvalidity
            self._strikes.clear()
            self._unsettled.clear()
        cursor = self.ledger.cursor(plan.mailbox, plan.folder)
        if cursor is not None and cursor.uidvalidity == state.uidvalidity:
            return _Visit(session, state.uidvalidity, cursor.last_uid)
        # the old cursor stays until all of it is recorded: a crash half way begins again, and still knows what is old
        if cursor is not None:
            self._log.warning("mailbox.new_generation", uidvalidity=state.uidvalidity, was=cursor.uidvalidity)
            self._catch_up(session, state, session.uids_after(0), cursor.polled_at)
        elif plan.import_since is not None:
            self._catch_up(session, state, session.uids_since(plan.import_since), now)
        if self._stop.is_set():
            return None
        last_uid = state.uidnext - 1
        self.ledger.start(plan.mailbox, plan.folder, state.uidvalidity, last_uid)
        return _Visit(session, state.uidvalidity, last_uid)

    def _catch_up(self, session: ImapSession, state: FolderState, uids: Sequence[int], silent_before: datetime) -> None:
        """Record what lies in the folder already, and leave the cursor alone. What will not come becomes a stub without waiting."""
        plan = self.plan
        uids = [uid for uid in uids if uid < state.uidnext]
        known = self.ledger.recorded(plan.mailbox, plan.folder, state.uidvalidity, uids)
        hopeless = {uid for uid in uids if uid in self._strikes and self._strikes[uid].count >= TRIES}
        empty: set[int] = set()
        for mails in self._arriving(session, [uid for uid in uids if uid not in known and uid not in hopeless], set(), empty):
            self.ledger.record(plan.mailbox, plan.folder, state.uidvalidity, mails, last_uid=None, silent_before=silent_before)
            self._failures = 0
            self._settle(session, [mail.uid for mail in mails])
            if self._stop.is_set():
                return
        stubs = _stubs(session, sorted((hopeless | empty) - known))
        if stubs:
            self.ledger.record(plan.mailbox, plan.folder, state.uidvalidity, stubs, last_uid=None, silent_before=silent_before)

    def _settle_old(self, visit: _Visit) -> None:
        """Flag or move what an earlier connection, or process, recorded and did not come to settle (CASES B2)."""
        plan = self.plan
        old = visit.session.unsettled(visit.last_uid, plan.after, plan.flag)
        above = visit.session.uids_after(visit.last_uid)
        recorded = self.ledger.recorded(plan.mailbox, plan.folder, visit.uidvalidity, [*old, *above]) if old or above else set()
        visit.ahead = recorded.intersection(above)
        self._settle(visit.session, sorted(recorded))

    def _look(self, visit: _Visit) -> None:
        """One look at the folder: a snapshot of what is new, recorded in groups, each settled after it is durable."""
        session = visit.session
        if self._unsettled:
            self._settle(session, sorted(self._unsettled))
        todo = [uid for uid in session.uids_after(visit.last_uid) if uid not in visit.ahead]
        owed, hopeless = set(todo), self._hopeless(todo)
        gone: set[int] = set()
        empty: set[int] = set()
        noted = False
        for mails in self._arriving(session, [uid for uid in self._ripe(todo) if uid not in hopeless], gone, empty):
            owed.difference_update(mail.uid for mail in mails)
            self._record(visit, mails, owed)
            noted = True
            if self._stop.is_set():
                return
        self._strike(empty)
        stubs = _stubs(session, sorted(hopeless))
        gone.update(hopeless.difference(mail.uid for mail in stubs))
        owed -= gone | hopeless  # what was deleted meanwhile is nobody's loss (CASES B20)
        for uid in gone:
            self._strikes.pop(uid, None)
        if stubs or not noted or visit.last_uid < _reached(visit, todo, owed):
            self._record(visit, stubs, owed, todo=todo)

    def _arriving(self, session: ImapSession, uids: Sequence[int], gone: set[int], empty: set[int]) -> Iterator[list[FetchedMail]]:
        """Mails in groups for one record each: first those that never made trouble, so that the others cannot take them along, one by one.

        Adds to `gone` what was deleted meanwhile and to `empty` what came without a body.
        """
        suspects = [uid for uid in uids if uid in self._strikes]
        clean = [uid for uid in uids if uid not in self._strikes]
        for some in [clean, *([uid] for uid in suspects)]:
            if some:
                yield from _groups(session.fetch(some, self.plan.size_limit, alone=suspects))
                empty |= session.empty
                gone |= session.missing - session.empty

    def _record(self, visit: _Visit, mails: Sequence[FetchedMail], owed: set[int], todo: Sequence[int] = ()) -> None:
        plan = self.plan
        uids = [mail.uid for mail in mails]
        reached = _reached(visit, [*uids, *todo], owed)
        self.ledger.record(plan.mailbox, plan.folder, visit.uidvalidity, mails, last_uid=reached, silent_before=None)
        visit.last_uid = reached
        visit.ahead = {uid for uid in visit.ahead.union(uids) if uid > reached}
        for uid in uids:
            self._strikes.pop(uid, None)
        self._settle(visit.session, [mail.uid for mail in mails if mail.raw is not None])
        if mails:
            self._failures = 0
            self._log.info("mailbox.recorded", mails=len(mails), last_uid=reached)

    def _settle(self, session: ImapSession, uids: Sequence[int]) -> None:
        """Flag or move recorded mails; a refusal is harmless and tried again at the next look (CASES B58)."""
        if not uids or self.plan.after is After.LEAVE:
            return
        self._unsettled.update(uids)
        try:
            session.settle(uids, self.plan.after, flag=self.plan.flag, folder=self.plan.move_to)
        except ImapRefusedError as error:
            self._log.warning("mailbox.not_settled", mails=len(uids), error=str(error))
            return
        self._unsettled.difference_update(uids)

    def _strike(self, uids: Iterable[int]) -> None:
        """Note that these mails would not come; the first time they are asked for again at once, later once in a poll."""
        now = time.monotonic()
        for uid in uids:
            known = self._strikes.get(uid)
            if known is None:
                self._strikes[uid] = _Strikes(1, now, now)
            else:
                known.count += 1
                known.again = now + self.plan.poll_seconds

    def _ripe(self, uids: Sequence[int]) -> list[int]:
        """Those UIDs that may be asked for now."""
        now = time.monotonic()
        return [uid for uid in uids if uid not in self._strikes or self._strikes[uid].again <= now]

    def _hopeless(self, uids: Iterable[int]) -> set[int]:
        """Mails that would not come for too long: recorded as stubs without bytes, for an agent to see, and left on the server."""
        over = time.monotonic() - self.plan.patience
        struck = (uid for uid in uids if uid in self._strikes)
        return {uid for uid in struck if self._strikes[uid].count >= TRIES and self._strikes[uid].since <= over}


def _stubs(session: ImapSession, uids: Sequence[int]) -> list[FetchedMail]:
    """What is recorded of mails that exist and never came."""
    sizes = session.sizes(uids)
    return [FetchedMail(uid, sizes[uid], None, datetime.now(UTC), whole=False) for uid in uids if uid in sizes]


def _reached(visit: _Visit, uids: Iterable[int], owed: set[int]) -> int:
    """How far the cursor may go: everything up to it is recorded or gone."""
    highest = max((*uids, *visit.ahead, visit.last_uid))
    return min(highest, min(owed) - 1) if owed else highest


def _groups(mails: Iterable[FetchedMail]) -> Iterator[list[FetchedMail]]:
    """Groups of mails for one record each, made as they come."""
    group: list[FetchedMail] = []
    octets = 0
    for mail in mails:
        group.append(mail)
        octets += len(mail.raw or b"")
        if len(group) >= RECORD_MAILS or octets >= RECORD_BYTES:
            yield group
            group, octets = [], 0
    if group:
        yield group


def peer_delay(failures: int) -> float:
    """Seconds to wait after the n-th failure of the peer in a row."""
    return float(min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(failures - 1, 20)))


def login_delay(refusals: int) -> float:
    """Seconds to wait after the n-th refused login in a row."""
    if refusals < LOGIN_TRIES:
        return peer_delay(refusals)
    return float(min(LONGEST_LOGIN_DELAY, LOGIN_DELAY * 2 ** min(refusals - LOGIN_TRIES, 20)))
