"""A storm of kills: one installation that dies again and again while mail comes in, and the account of what was lost or done twice.

The relay lives in the test's process and survives. It notes when it took each mail, so that a second copy can be laid beside the kills: it
is right only where the process died after the final dot and before it could write that down.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import sqlalchemy as sa

from gateway.desk.office import Office
from gateway.store import schema
from tests.crash.mixed_mails import MixedMail
from tests.peers.dovecot import Box, Dovecot
from tests.peers.gateway import Gateway, wait_for
from tests.peers.smtp_sink import SmtpSink, _Connection
from tests.store.fresh import durable

FIRST_TO_LAST = (0.3, 2.0)
"""Seconds after READY between which a life ends."""
DOUBLE_WINDOW = 1.5
"""Seconds before a kill within which the first of two copies was taken."""
AGENTS = ("anna@example.org", "bob@example.org")
OPEN = ("queued", "sending", "deferred")


class TimedSink(SmtpSink):
    """A relay that notes when (time.time) it took each mail, and does as told at a phase of a transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []
        self.at_phase: Callable[[str], None] = lambda _: None

    async def phase(self, connection: _Connection, name: str) -> str | None:
        """The mail has just been kept when the phase is `dot`."""
        if name == "dot":
            self.times.append(time.time())
        self.at_phase(name)
        return await super().phase(connection, name)

    def taken(self) -> dict[str, list[float]]:
        """Message-ID -> when it was taken."""
        found: dict[str, list[float]] = {}
        for mail, moment in zip(list(self.mails), list(self.times), strict=False):
            message_id = str(message_from_bytes(mail.data)["Message-ID"])
            found.setdefault(message_id, []).append(moment)
        return found


def sections(dovecot: Dovecot, box: Box, sink: SmtpSink, url: str | None) -> dict[str, dict[str, Any]]:
    """The config: one mailbox, no waiting, large files beside the database."""
    found: dict[str, dict[str, Any]] = {
        "desk.SUP": {"address": "support@example.org", "language": "en"},
        "mailbox.main": {
            "desk": "SUP",
            "host": "localhost",
            "port": dovecot.imaps,
            "ca_file": str(dovecot.ca_file),
            "user": box.user,
            "password": box.password,
            "poll_seconds": 2,
            "after": "flag",
        },
        "smtp": {"host": "127.0.0.1", "port": sink.port, "tls": "none"},
        "mail": {"merge_window_seconds": 0, "undo_seconds": 0},
    }
    return found if url is None else found | {"database": {"url": durable(url), "lease_seconds": 5}}


def with_blobs(found: dict[str, dict[str, Any]], folder: str) -> dict[str, dict[str, Any]]:
    """Files larger than 16 KiB stand in the blob folder."""
    return found | {"blobs": {"dir": folder, "inline_limit": 16_384}}


@dataclass
class Account:
    """What a storm did. `kills` are times; `busy` counts those that hit a process with work in hand."""

    kills: list[float] = field(default_factory=list)
    busy: int = 0
    seconds: float = 0.0
    doubles: int = 0

    def __str__(self) -> str:
        return f"{len(self.kills)} kills ({self.busy} with work in hand), {self.doubles} mails sent twice, {self.seconds:.1f} s"


@dataclass
class Storm:
    """Mails come in, the process dies; `portion` mails are put in during each life."""

    gateway: Gateway
    dovecot: Dovecot
    box: Box
    sink: TimedSink
    mails: Sequence[MixedMail]
    random: random.Random
    portion: int = 8
    account: Account = field(default_factory=Account)

    def run(self, *, at_most: int = 200) -> Account:
        """Until everything has been put in, worked and sent; then one clean life and a clean stop."""
        begin = time.monotonic()
        self.gateway.hire(*AGENTS)
        self.gateway.start()
        self.gateway.await_mailboxes()  # what was in a mailbox before its first day is not ours
        waiting = list(self.mails)
        with self.gateway.office() as office:
            while True:
                life = self.random.uniform(*FIRST_TO_LAST)
                now, waiting = waiting[: self.portion], waiting[self.portion :]
                self.trickle(now, until=time.monotonic() + life)
                self.account.kills.append(self.gateway.kill())
                self.account.busy += in_hand(office)
                if not waiting and is_done(office, len(self.mails)):
                    break
                assert len(self.account.kills) < at_most, "the storm does not end: " + str(states(office))
                self.gateway.start()
            self.gateway.start()
            self.gateway.await_mailboxes()
            wait_for(lambda: is_done(office, len(self.mails)), "the last life", 30)
        assert self.gateway.stop() == 0
        self.account.seconds = time.monotonic() - begin
        return self.account

    def trickle(self, mails: Sequence[MixedMail], *, until: float) -> None:
        """Put mails in, a few at a time all through this life."""
        left = list(mails)
        while left:
            some = self.random.randint(1, 3)
            self.dovecot.deliver(self.box, *(mail.raw for mail in left[:some]))
            left = left[some:]
            time.sleep(max((until - time.monotonic()) / (len(left) + 1), 0) * self.random.random())
        time.sleep(max(until - time.monotonic(), 0))

    def judge(self) -> None:
        """0 lost, 0 double, 0 innocents parked; a mail twice only where the process died between the dot and its word on it."""
        judge_ledger(self.gateway, self.mails)
        judge_files(self.gateway, self.mails)
        self.account.doubles = judge_deliveries(self.gateway, self.sink, self.account.kills)


def is_done(office: Office, mails: int) -> bool:
    """Whether so many mails are in the ledger and have their effect, and every delivery is settled."""
    with office.store.read() as connection:
        rows = connection.execute(sa.select(sa.func.count()).where(schema.intake.c.state != "new")).scalar_one()
        waiting = connection.execute(sa.select(sa.func.count()).where(schema.deliveries.c.state.in_(OPEN))).scalar_one()
    return bool(rows == mails and waiting == 0)


def in_hand(office: Office) -> bool:
    """Whether the dead process held a mail or a delivery."""
    with office.store.read() as connection:
        for table in (schema.intake, schema.deliveries):
            if connection.execute(sa.select(table.c.id).where(table.c.lease_owner.is_not(None)).limit(1)).first():
                return True
    return False


def states(office: Office) -> dict[str, int]:
    """How many rows stand in each state."""
    found: dict[str, int] = {}
    with office.store.read() as connection:
        for table in (schema.intake, schema.deliveries):
            for state, count in connection.execute(sa.select(table.c.state, sa.func.count()).group_by(table.c.state)):
                found[f"{table.name} {state}"] = count
    return found


def paired(gateway: Gateway, mails: Sequence[MixedMail], rows: Sequence[sa.Row[Any]]) -> list[tuple[MixedMail, sa.Row[Any]]]:
    """Each mail with its row, by content: two deliveries at the same moment may get their UIDs in either order."""
    with gateway.office() as office, office.store.read() as connection:
        stored = [(office.blobs.read(connection, row.sha256).replace(b"\r\n", b"\n"), row) for row in rows]
    found: list[tuple[MixedMail, sa.Row[Any]]] = []
    for mail in mails:
        content = mail.raw.replace(b"\r\n", b"\n").rstrip(b"\n")
        place = next((i for i, (raw, _) in enumerate(stored) if raw.rstrip(b"\n").endswith(content)), None)
        assert place is not None, f"no row holds {mail.raw[:200]!r}"
        found.append((mail, stored.pop(place)[1]))
    return found


def judge_ledger(gateway: Gateway, mails: Sequence[MixedMail]) -> None:
    """Every mail is in the ledger and became what it must; tickets and comments are as many as that makes."""
    rows = gateway.rows(sa.select(schema.intake).order_by(schema.intake.c.uid))
    assert len(mails) == len(rows), "mails in the ledger"
    became: dict[bytes, list[tuple[str, sa.Row[Any]]]] = {}
    for mail, row in paired(gateway, mails, rows):
        became.setdefault(mail.raw, []).append((mail.outcome, row))
    # of a mail that came twice, either copy may be the one that counts
    wrong = [found for found in became.values() if Counter(wanted for wanted, _ in found) != Counter(row.outcome for _, row in found)]
    assert not wrong, [
        (wanted, row.outcome, row.why, row.id, row.uid, row.message_id, row.error) for found in wrong for wanted, row in found
    ]
    assert {"done"} == {row.state for row in rows}
    assert sum(mail.opens for mail in mails) == len(gateway.rows(sa.select(schema.tickets.c.id))), "tickets"
    comments = gateway.rows(sa.select(schema.comments.c.text, schema.comments.c.intake_id))
    assert sum(mail.comments for mail in mails) == len(comments), "comments"
    assert {1} == set(Counter(row.intake_id for row in comments).values()), "one mail, one comment"
    texts = Counter(row.text for row in comments)
    for mail in mails:
        if mail.words and mail.kind in {"plain", "html", "file", "reply"}:
            assert sum(count for text, count in texts.items() if mail.words in text) == 1, mail.words
    numbers = sorted(row.number for row in gateway.rows(sa.select(schema.tickets.c.number)))
    assert numbers == list(range(1, len(numbers) + 1)), "no number is lost"


def judge_files(gateway: Gateway, mails: Sequence[MixedMail]) -> None:
    """Every file of every mail is there, whole."""
    query = sa.select(schema.attachments.c.sha256, schema.attachments.c.size)
    found = gateway.rows(query)
    assert sum(mail.kind == "file" for mail in mails) == len(found)
    with gateway.office() as office, office.store.read() as connection:
        assert all(row.size == len(office.blobs.read(connection, row.sha256)) for row in found)


def judge_deliveries(gateway: Gateway, sink: TimedSink, kills: Sequence[float]) -> int:
    """Everything was sent, and once; how many were sent more than once, each explained by a kill."""
    rows = gateway.rows(sa.select(schema.deliveries))
    assert {"sent"} == {row.state for row in rows}
    notices = Counter(row.ticket_id for row in rows if row.mail == "agent_new_request")
    tickets = gateway.rows(sa.select(schema.tickets.c.id))
    assert {row.id: len(AGENTS) for row in tickets} == dict(notices), "one notice for each agent and ticket"
    taken = sink.taken()
    assert {row.message_id for row in rows} == set(taken), "what was to be sent is what was sent"
    attempts = gateway.rows(sa.select(schema.attempts).where(schema.attempts.c.outcome == "sent"))
    sent = {row.delivery_id: row.at.timestamp() for row in attempts}
    assert len(attempts) == len(rows), "one word of success for each"
    doubles = 0
    for row in rows:
        for copy in sorted(taken[row.message_id])[:-1]:
            doubles += 1
            kill = min((moment for moment in kills if moment > copy), default=None)
            assert kill is not None, f"o-{row.id} was sent twice and nobody died"
            assert kill - copy < DOUBLE_WINDOW, f"o-{row.id} was sent twice, {kill - copy:.1f} s before a kill"
            assert sent[row.id] > kill, f"o-{row.id} was sent again though its first copy was written down"
    return doubles
