"""A help desk on a real database for tests of the desk floor: real reading, real deciding, real mails; only the wire is played.

`Scene.customer` and `Scene.agent` write mails the way clients do; `Scene.out` is what the desk would have put on the wire.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gateway.desk import deliver, receive
from gateway.desk.office import DeskRules, Office, Policy
from gateway.domain.delivery import Outcome, Sent
from gateway.domain.people import Role
from gateway.domain.ticket import Ticket, TicketKey
from gateway.mail.address import Signer
from gateway.mail.render import Renderer
from gateway.mail.texts import reply_markers
from gateway.runtime.data import data_path
from gateway.runtime.workflow_file import load_workflow
from gateway.store import people, schema, tickets
from gateway.store.blobs import Blobs
from gateway.store.engine import Store
from gateway.store.intake import Arrival

KEY = b"k" * 32
SUPPORT, NOREPLY = "support@desk.example", "noreply@desk.example"
RENDERER = Renderer(data_path("templates", "mail"), data_path("templates", "locale"))
WORKFLOW = load_workflow(data_path("config", "workflow.toml"))


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def pass_by(self, **delta: float) -> None:
        """Let time go by."""
        self.now += timedelta(**delta)


@dataclass
class Wire:
    """The port of the sender: keeps what it is given, answers what it is told."""

    mails: list[tuple[str, str, Message]] = field(default_factory=list)
    answer: Callable[[str], Outcome] = lambda _: Sent("250 2.0.0 taken")

    def send(self, mail_from: str, recipient: str, data: bytes, *, before_dot: Callable[[], bool] = lambda: True) -> Outcome:
        """Take the mail, unless the answer is another."""
        outcome = self.answer(recipient)
        if isinstance(outcome, Sent) and before_dot():
            self.mails.append((mail_from, recipient, message_from_bytes(data)))
        return outcome


class Scene:
    """One desk SUP with a customer jess and the agents anna and bob, and a wire."""

    def __init__(self, store: Store, folder: Path, **policy: Any) -> None:
        self.clock = Clock()
        self.wire = Wire()
        self._ids = itertools.count(1)
        rules = DeskRules(
            prefix="SUP",
            name="Support",
            address=SUPPORT,
            aliases=(),
            noreply=NOREPLY,
            delimiter="+",
            language="en",
            languages=("fr", "nl", "de", "en"),
            sender_policy="open",
            team=(),
        )
        marks = itertools.count(1)
        self.office = Office(
            store=store,
            blobs=Blobs(folder / "blobs", 131_072),
            signer=Signer({0: KEY}),
            workflow=WORKFLOW,
            desks={"SUP": rules},
            policy=replace(Policy(), **policy),
            instance="desk.example",
            markers=reply_markers(),
            now=self.clock,
            mark=lambda: f"m{next(marks):011d}",
        )
        store.now = self.clock  # type: ignore[method-assign]
        with store.write() as connection:
            for name in ("anna", "bob"):
                people.add(
                    connection,
                    name=f"{name.title()} Agent",
                    role=Role.AGENT,
                    address=f"{name}@desk.example",
                    language="en",
                    organisation_id=None,
                    verified=True,
                    now=self.clock(),
                )

    def with_rules(self, **changes: Any) -> None:
        """Change the desk's rules."""
        self.office = replace(self.office, desks={"SUP": replace(self.office.desks["SUP"], **changes)})

    def mail(
        self,
        sender: str,
        text: str,
        *,
        to: str = SUPPORT,
        subject: str = "The printer is on fire",
        answers: Message | None = None,
        headers: dict[str, str] | None = None,
        silent: bool = False,
        top: str = "",
    ) -> int:
        """A mail comes in by IMAP and has its effect. Its intake id."""
        number = next(self._ids)
        lines = {
            "From": sender,
            "To": to,
            "Subject": subject,
            "Date": self.clock().strftime("%a, %d %b %Y %H:%M:%S +0000"),
            "Message-ID": f"<mail-{number}@{sender.rpartition('@')[2].strip('>')}>",
        }
        if answers is not None:
            lines["Subject"] = f"Re: {answers['Subject']}"
            lines["To"] = answers["Reply-To"] or answers["From"]
            lines["In-Reply-To"] = answers["Message-ID"]
            lines["References"] = f"{answers['References'] or ''} {answers['Message-ID']}".strip()
        lines |= headers or {}
        head = top + "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in lines.items() if value)
        raw = (head + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text.replace("\n", "\r\n")).encode()
        return self.bytes(raw, uid=number, silent=silent)

    def bytes(self, raw: bytes, *, uid: int | None = None, silent: bool = False, **where: Any) -> int:
        """Bytes come in and have their effect. Their intake id."""
        place = {"mailbox": "m", "folder": "INBOX", "uidvalidity": 1, "uid": uid or next(self._ids)} | where
        receive.record(self.office, [Arrival(desk="SUP", door="imap", raw=raw, received_at=self.clock(), silent=silent, **place)])
        self.work()
        with self.office.store.read() as connection:
            return int(connection.execute(sa.select(sa.func.max(schema.intake.c.id))).scalar_one())

    def work(self) -> None:
        """T2 until nothing is left."""
        while receive.work(self.office, owner="test", limit=50).done:
            pass

    def send(self) -> list[deliver.Settled]:
        """Everything that is due goes out."""
        done: list[deliver.Settled] = []
        while claimed := deliver.claim(self.office, owner="test", limit=50):
            done += [
                deliver.deliver(self.office, RENDERER, self.wire, delivery, owner="test", claimed_at=self.clock()) for delivery in claimed
            ]
        return done

    def later(self) -> list[deliver.Settled]:
        """The merge window passes, and everything goes out."""
        self.clock.pass_by(seconds=100)
        return self.send()

    def to(self, address: str) -> list[Message]:
        """The mails on the wire to an address, oldest first."""
        return [message for _, recipient, message in self.wire.mails if recipient == address]

    def last(self, address: str) -> Message:
        """The newest mail on the wire to an address."""
        return self.to(address)[-1]

    def ticket(self, key: str = "SUP-1") -> Ticket:
        """A ticket as it stands."""
        parsed = TicketKey.parse(key)
        assert parsed is not None
        with self.office.store.read() as connection:
            found = tickets.by_key(connection, parsed)
        assert found is not None, f"no ticket {key}"
        return found

    def comments(self, key: str = "SUP-1") -> list[sa.Row[Any]]:
        """All comments of a ticket."""
        with self.office.store.read() as connection:
            return tickets.comment_rows(connection, self.ticket(key).id)

    def count(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        """How many rows."""
        with self.office.store.read() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())

    def intake(self, intake_id: int) -> sa.Row[Any]:
        """A row of the ledger."""
        with self.office.store.read() as connection:
            return connection.execute(sa.select(schema.intake).where(schema.intake.c.id == intake_id)).one()

    def skipped(self) -> list[tuple[str, str]]:
        """The mails that were not written, with their reasons."""
        with self.office.store.read() as connection:
            rows = connection.execute(
                sa.select(schema.events.c.data).where(schema.events.c.kind == "NotificationSkipped").order_by(schema.events.c.id),
            )
            return [(row.data["mail"], row.data["reason"]) for row in rows]


def text_of(message: Message) -> str:
    """The text part of a mail."""
    for part in message.walk():
        if part.get_content_type() == "text/plain" and not part.get_filename():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            return payload.decode().replace("\r\n", "\n")
    raise AssertionError("no text part")


def subject_of(message: Message) -> str:
    """The decoded subject."""
    return str(make_header(decode_header(message["Subject"])))
