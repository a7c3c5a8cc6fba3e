"""The mailbox loop against a real Dovecot, with a ledger in memory that counts what the real one promises."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
import structlog
from imapclient import IMAPClient

from gateway.runtime import mailbox_loop
from gateway.runtime.mailbox_loop import MailboxLoop, MailboxPlan, login_delay, peer_delay
from gateway.store.intake import Cursor
from gateway.transport.imap import After, FetchedMail, ImapAccount
from gateway.transport.tls import Tls
from tests.peers.dovecot import Box, Dovecot
from tests.peers.fake_imap import FakeImap

FLAG = "$Gateway"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep the log off the terminal: structlog's own console draws each traceback with all its locals, which takes seconds."""
    with structlog.testing.capture_logs():
        yield


@dataclass
class MemoryLedger:
    """A ledger that keeps one row for each UID, as the real one does, and can be told to fail."""

    mails: dict[tuple[int, int], FetchedMail] = field(default_factory=dict)
    silent: set[tuple[int, int]] = field(default_factory=set)
    at: Cursor | None = None
    repeated: int = 0
    polls: int = 0
    failures: int = 0
    before_record: Callable[[Sequence[FetchedMail]], None] = lambda _mails: None

    def cursor(self, _mailbox: str, _folder: str) -> Cursor | None:
        """The one cursor."""
        return self.at

    def start(self, _mailbox: str, _folder: str, uidvalidity: int, last_uid: int) -> None:
        """Set the cursor."""
        self.at = Cursor(uidvalidity, last_uid, datetime.now(UTC))

    def record(
        self,
        _mailbox: str,
        _folder: str,
        uidvalidity: int,
        mails: Sequence[FetchedMail],
        *,
        last_uid: int | None,
        silent_before: datetime | None,
    ) -> None:
        """Keep the mails and move the cursor, or fail and do neither."""
        self.before_record(mails)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the disk is full")
        for mail in mails:
            key = (uidvalidity, mail.uid)
            self.repeated += key in self.mails
            self.mails.setdefault(key, mail)
            if silent_before is not None and mail.received_at < silent_before:
                self.silent.add(key)
        if last_uid is not None:
            assert self.at is None or self.at.uidvalidity != uidvalidity or last_uid >= self.at.last_uid
            self.at = Cursor(uidvalidity, last_uid, datetime.now(UTC))
            self.polls += 1

    def recorded(self, _mailbox: str, _folder: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
        """Which UIDs are kept."""
        return {uid for uid in uids if (uidvalidity, uid) in self.mails}

    def subjects(self) -> list[bytes]:
        """The subjects of what was recorded, in the order of recording."""
        return [subject(each.raw) for each in self.mails.values()]


def subject(raw: bytes | None) -> bytes:
    """The subject of a mail."""
    return (raw or b"").partition(b"Subject: ")[2].partition(b"\r\n")[0]


def mail(number: int, size: int = 5) -> bytes:
    """A mail whose subject is its number."""
    return f"From: jess@example.be\r\nMessage-ID: <{number}@example.be>\r\nSubject: {number}\r\n\r\n{'x' * size}\r\n".encode()


def plan_for(dovecot: Dovecot, box: Box, after: After = After.FLAG) -> MailboxPlan:
    """A plan that looks every 0.3 s even when IDLE says nothing."""
    account = ImapAccount("localhost", dovecot.imaps, Tls.IMPLICIT, box.user, box.password, dovecot.ca_file)
    return MailboxPlan("support", "INBOX", account, after, FLAG, "Processed", poll_seconds=0.3)


@contextlib.contextmanager
def running(plan: MailboxPlan, ledger: MemoryLedger) -> Iterator[list[str | None]]:
    """Run a loop in its thread; yields what it tells of its health. The loop must end soon after its stop."""
    told: list[str | None] = []
    stop = threading.Event()
    loop = MailboxLoop(plan, ledger, stop=stop, health=told.append)
    thread = threading.Thread(target=loop.run, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join(8)
        assert not thread.is_alive()


def until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.02)


@contextlib.contextmanager
def client(dovecot: Dovecot, box: Box) -> Iterator[IMAPClient]:
    """A person's own mail client, with the inbox open."""
    with IMAPClient("127.0.0.1", dovecot.imap, ssl=False, timeout=5) as made:
        made.login(box.user, box.password)
        made.select_folder("INBOX")
        yield made


def flagged(dovecot: Dovecot, box: Box) -> int:
    """How many mails carry our flag."""
    return len(dovecot.doveadm("search", "-u", box.user, "mailbox", "INBOX", "KEYWORD", FLAG).splitlines())


@pytest.mark.peers
class TestDovecot:
    """The whole life of a folder."""

    def test_first_start_imports_nothing(self, dovecot: Dovecot) -> None:
        """What lay in the folder before the first start stays untouched; what comes after it is recorded, then flagged."""
        box, ledger = dovecot.new_box(), MemoryLedger()
        dovecot.deliver(box, *(mail(number) for number in range(5)))
        with running(plan_for(dovecot, box), ledger):
            until(lambda: ledger.polls)
            dovecot.deliver(box, mail(5))
            until(lambda: flagged(dovecot, box))
        assert ledger.subjects() == [b"5"]
        assert ledger.silent == set()
        assert flagged(dovecot, box) == 1

    def test_import_since_is_silent(self, dovecot: Dovecot) -> None:
        """With a day given, mails from that day on are recorded silently at the first start, and only then."""
        box, ledger = dovecot.new_box(), MemoryLedger()
        with client(dovecot, box) as person:
            for number, day in ((1, datetime(2020, 1, 1, tzinfo=UTC)), (2, datetime(2021, 6, 1, tzinfo=UTC))):
                person.append("INBOX", mail(number), msg_time=day)
        plan = replace(plan_for(dovecot, box), import_since=date(2021, 1, 1))
        with running(plan, ledger):
            until(lambda: ledger.polls)
            dovecot.deliver(box, mail(3))
            until(lambda: len(ledger.mails) == 2)
        assert ledger.subjects() == [b"2", b"3"]
        assert [uid for _, uid in ledger.silent] == [2]

    def test_seen_by_a_person_is_recorded_all_the_same(self, dovecot: Dovecot) -> None:
        """The Seen flag decides nothing, and an old date neither (CASES B23, B25)."""
        box, ledger = dovecot.new_box(), MemoryLedger()
        with running(plan_for(dovecot, box), ledger):
            until(lambda: ledger.polls)
        with client(dovecot, box) as person:
            person.append("INBOX", mail(1), flags=[b"\\Seen"], msg_time=datetime(2015, 1, 1, tzinfo=UTC))
        with running(plan_for(dovecot, box), ledger):
            until(lambda: flagged(dovecot, box))
        assert ledger.subjects() == [b"1"]
        assert ledger.silent == set()

    def test_crash_between_record_and_flag(self, dovecot: Dovecot) -> None:
        """Mails that a dead process recorded and did not flag are flagged at the next start, and not recorded twice (CASES B2)."""
        box, ledger = dovecot.new_box(), MemoryLedger()
        with running(plan_for(dovecot, box), ledger):
            until(lambda: ledger.polls)
        dovecot.deliver(box, *(mail(number) for number in range(3)))
        with running(plan_for(dovecot, box, After.LEAVE), ledger):
            until(lambda: len(ledger.mails) == 3)
        assert flagged(dovecot, box) == 0
        with running(plan_for(dovecot, box), ledger):
            until(lambda: flagged(dovecot, box) == 3)
        assert ledger.repeated == 0

    def test_failing_ledger_settles_nothing(self, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
        """When recording fails nothing is flagged; the mail is recorded once the ledger works again (CASES B1)."""
        monkeypatch.setattr(mailbox_loop, "FIRST_DELAY", 0.05)
        box, ledger = dovecot.new_box(), MemoryLedger()
        with running(plan_for(dovecot, box), ledger) as told:
            until(lambda: ledger.polls)
            seen: list[int] = []
            ledger.before_record = lambda mails: seen.append(flagged(dovecot, box)) if mails else None
            ledger.failures = 2
            dovecot.deliver(box, mail(1))
            until(lambda: flagged(dovecot, box))
            until(lambda: told[-1] is None)
        assert "RuntimeError: the disk is full" in told
        assert ledger.subjects() == [b"1"]
        assert set(seen) == {0}

    def test_new_generation(self, dovecot: Dovecot) -> None:
        """After a UIDVALIDITY change everything is recorded again, what was there at the last poll silently (CASES B19)."""
        box, ledger = dovecot.new_box(), MemoryLedger()
        ledger.at = Cursor(1, 40, datetime.now(UTC) - timedelta(days=1))
        with client(dovecot, box) as person:
            person.append("INBOX", mail(1), msg_time=datetime.now(UTC) - timedelta(days=2))
        dovecot.deliver(box, mail(2))
        ledger.failures = 1
        with running(plan_for(dovecot, box), ledger) as told:
            until(lambda: flagged(dovecot, box) == 2)
            until(lambda: ledger.polls)
            dovecot.deliver(box, mail(3))
            until(lambda: len(ledger.mails) == 3)
        assert "RuntimeError: the disk is full" in told, "the change is survived by a failure in its middle"
        assert [uid for _, uid in ledger.silent] == [1]
        assert ledger.subjects() == [b"1", b"2", b"3"]
        assert ledger.at is not None
        assert ledger.at.uidvalidity > 1

    def test_move(self, dovecot: Dovecot) -> None:
        """Recorded mails are moved; none is lost while the folder shrinks under the snapshot (CASES B24)."""
        box, ledger = dovecot.new_box(), MemoryLedger()
        with running(plan_for(dovecot, box), ledger):
            until(lambda: ledger.polls)
        dovecot.deliver(box, *(mail(number) for number in range(130)))
        with running(plan_for(dovecot, box, After.MOVE), ledger), client(dovecot, box) as person:
            until(lambda: len(ledger.mails) == 130)
            until(lambda: not (person.noop(), person.search())[1])
            assert person.folder_status("Processed", ["MESSAGES"])[b"MESSAGES"] == 130
        assert ledger.repeated == 0

    def test_deleted_while_paging(self, dovecot: Dovecot) -> None:
        """Mails deleted after the snapshot are skipped without an error, and the others all come (CASES B20, B24)."""
        box, ledger = dovecot.new_box(), MemoryLedger()
        with running(plan_for(dovecot, box), ledger):
            until(lambda: ledger.polls)
        dovecot.deliver(box, *(mail(number) for number in range(120)))

        def delete(mails: Sequence[FetchedMail]) -> None:
            if mails and mails[0].uid == 1:
                dovecot.doveadm("expunge", "-u", box.user, "mailbox", "INBOX", "uid", "60:70,120")

        ledger.before_record = delete
        with running(plan_for(dovecot, box), ledger) as told:
            until(lambda: ledger.at is not None and ledger.at.last_uid == 120)
        assert {uid for _, uid in ledger.mails} >= set(range(1, 60)) | set(range(71, 120))
        assert [text for text in told if text] == []

    def test_kicked_and_restarted(self, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
        """A server that throws us out is connected to again, and nothing is lost or recorded twice (CASES B16)."""
        monkeypatch.setattr(mailbox_loop, "FIRST_DELAY", 0.05)
        box, ledger = dovecot.new_box(), MemoryLedger()
        with running(replace(plan_for(dovecot, box), poll_seconds=30), ledger) as told:
            until(lambda: ledger.polls)
            for number in range(3):
                failed = len(told)
                dovecot.doveadm("kick", box.user)
                until(lambda failed=failed: any(text for text in told[failed:]))
                dovecot.deliver(box, mail(number))
                until(lambda number=number: len(ledger.mails) == number + 1)
        assert ledger.subjects() == [b"0", b"1", b"2"]
        assert ledger.repeated == 0

    def test_refused_login_is_told_and_not_hammered(self, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
        """A wrong password reaches the operator, and after three tries the pause is long (CASES B14)."""
        monkeypatch.setattr(mailbox_loop, "FIRST_DELAY", 0.01)
        box, ledger = dovecot.new_box(), MemoryLedger()
        plan = plan_for(dovecot, box)
        with running(replace(plan, account=replace(plan.account, password="wrong")), ledger) as told:
            until(lambda: len(told) == 3)
            time.sleep(0.3)
            assert len(told) == 3
        assert all(text is not None and "refuses the login" in text for text in told)


SCRIPT: dict[str, bytes | None] = {
    "UID SEARCH": b"* SEARCH 5 6\r\n%t OK done\r\n",
    "UID FETCH": b"* 1 FETCH (UID 5 RFC822.SIZE 40)\r\n* 2 FETCH (UID 6 RFC822.SIZE 40)\r\n%t OK done\r\n",
}


def lying(server: FakeImap, **changes: object) -> MailboxPlan:
    """A plan at a fake server."""
    account = ImapAccount("127.0.0.1", server.port, Tls.NONE, "support@example.org", "secret", read_timeout=2)
    plan = MailboxPlan("support", "INBOX", account, After.FLAG, FLAG, poll_seconds=0.05)
    return replace(plan, **changes)  # type: ignore[arg-type]


class TestTroublesomeMail:
    """A mail that cannot be fetched must neither be lost nor stop the others."""

    def test_without_a_body_holds_the_cursor_then_becomes_a_stub(self) -> None:
        """A mail without a body is asked for again; its neighbour is recorded once; in the end a stub is, and never settled (CASES B21)."""
        body = b"* 1 FETCH (UID 5 BODY[] NIL)\r\n* 2 FETCH (UID 6 BODY[] {10}\r\nSubject: 6)\r\n%t OK done\r\n"
        ledger = MemoryLedger(at=Cursor(7, 4, datetime.now(UTC)))
        reached: list[int] = []
        ledger.before_record = lambda _mails: reached.append(ledger.at.last_uid if ledger.at else -1)
        with FakeImap({**SCRIPT, "BODY": body}) as server:
            with running(lying(server, patience=0.5), ledger):
                until(lambda: ledger.at is not None and ledger.at.last_uid == 6)
            settled = [line for line in server.lines if b"STORE" in line]
        assert [uid for _, uid in ledger.mails] == [6, 5]
        assert ledger.mails[7, 5].raw is None
        assert not ledger.mails[7, 5].whole
        assert ledger.repeated == 0
        assert set(reached) == {4}, "the cursor never passes a mail that is owed"
        assert [line.split(b" ", 1)[1] for line in settled] == [b"UID STORE 6 +FLAGS.SILENT ($Gateway)"]

    def test_body_that_comes_late(self) -> None:
        """A body that comes at the third asking is a mail like any other."""
        ledger = MemoryLedger(at=Cursor(7, 4, datetime.now(UTC)))
        nothing = b"* 1 FETCH (UID 5 BODY[] NIL)\r\n%t OK done\r\n"
        only = {"UID SEARCH": b"* SEARCH 5\r\n%t OK done\r\n", "UID FETCH": b"* 1 FETCH (UID 5 RFC822.SIZE 40)\r\n%t OK done\r\n"}
        with FakeImap({**only, "BODY": nothing}) as server, running(lying(server), ledger):
            until(lambda: sum(b"BODY" in line for line in server.lines) >= 3)
            assert ledger.mails == {}
            server.script["BODY"] = b"* 1 FETCH (UID 5 BODY[]<0> {10}\r\nSubject: 5)\r\n%t OK done\r\n"
            until(lambda: ledger.at is not None and ledger.at.last_uid == 5)
        assert ledger.subjects() == [b"5"]

    def test_mail_that_kills_the_connection(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A mail at which the server hangs up each time does not keep its neighbour from being recorded."""
        monkeypatch.setattr(mailbox_loop, "FIRST_DELAY", 0.01)
        ledger = MemoryLedger(at=Cursor(7, 4, datetime.now(UTC)))
        with FakeImap({**SCRIPT, "BODY": None}) as server, running(lying(server, patience=0.5), ledger):
            until(lambda: server.connections >= 4)
            # the next mail comes while the first two still kill their connections
            server.script["UID SEARCH"] = b"* SEARCH 5 6 7\r\n%t OK done\r\n"
            server.script["UID FETCH"] = (SCRIPT["UID FETCH"] or b"").replace(b"%t", b"* 3 FETCH (UID 7 RFC822.SIZE 40)\r\n%t")
            server.script["UID FETCH 7"] = b"* 3 FETCH (UID 7 BODY[] {10}\r\nSubject: 7)\r\n%t OK done\r\n"
            until(lambda: ledger.at is not None and ledger.at.last_uid == 7)
        assert [uid for _, uid in ledger.mails] == [7, 5, 6]
        assert [mail.raw for mail in ledger.mails.values()] == [b"Subject: 7", None, None]

    def test_poison_in_a_new_generation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Catching up ends although one mail never comes; it becomes a silent stub."""
        monkeypatch.setattr(mailbox_loop, "FIRST_DELAY", 0.01)
        ledger = MemoryLedger(at=Cursor(3, 400, datetime.now(UTC) + timedelta(days=1)))
        select = b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 7] x\r\n%t OK [READ-WRITE] x\r\n"
        with FakeImap({**SCRIPT, "SELECT": select, "BODY": None}) as server, running(lying(server), ledger):
            until(lambda: ledger.at is not None and ledger.at.uidvalidity == 7)
        assert ledger.silent == {(7, 5), (7, 6)}

    def test_refused_flag_is_tried_again(self) -> None:
        """A STORE that is refused neither loses the mail nor repeats it, and is done at a later look (CASES B58)."""
        ledger = MemoryLedger(at=Cursor(7, 4, datetime.now(UTC)))
        body = b"* 1 FETCH (UID 5 BODY[] {10}\r\nSubject: 5)\r\n* 2 FETCH (UID 6 BODY[] {10}\r\nSubject: 6)\r\n%t OK done\r\n"
        with FakeImap({**SCRIPT, "BODY": body, "UID STORE": b"%t NO [OVERQUOTA] no\r\n"}) as server, running(lying(server), ledger) as told:
            until(lambda: sum(b"STORE 5,6" in line for line in server.lines) >= 2)
            server.script["UID STORE"] = b"%t OK done\r\n"
            count = sum(b"STORE" in line for line in server.lines)
            until(lambda: sum(b"STORE" in line for line in server.lines) > count)
            until(lambda: told[-1] is None)
        assert ledger.subjects() == [b"5", b"6"]
        assert ledger.repeated == 0


def test_delays() -> None:
    """A peer is asked again after 1 s doubling to 5 minutes; a password after three tries at most every minute doubling to half an hour."""
    assert [peer_delay(number) for number in (1, 2, 3, 9, 10, 1000)] == [1, 2, 4, 256, 300, 300]
    assert [login_delay(number) for number in (1, 2, 3, 4, 8, 9, 1000)] == [1, 2, 60, 120, 1800, 1800, 1800]
