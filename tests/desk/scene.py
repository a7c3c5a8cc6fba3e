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

from gateway.desk import act, deliver, receive, visit
from gateway.desk.office import DeskRules, Office, Policy, Story
from gateway.domain.audience import TABLE, Mail
from gateway.domain.delivery import Outcome, Sent
from gateway.domain.people import Part, Person, Role
from gateway.domain.ticket import Ticket, TicketKey, Visibility
from gateway.domain.workflow import Refused
from gateway.mail.signed.address import Signer
from gateway.mail.signed.link import LinkPurpose
from gateway.mail.write.render import MailContext, Rendered, Renderer
from gateway.mail.write.texts import reply_markers
from gateway.runtime.data import data_path
from gateway.runtime.workflow_file import load_workflow
from gateway.store import people, schema, tickets
from gateway.store.blobs import Blobs
from gateway.store.engine import Store
from gateway.store.intake import Arrival
from gateway.store.tickets import NewComment

KEY = b"k" * 32
SUPPORT, NOREPLY = "support@desk.example", "noreply@desk.example"
PAGE = "https://support.example.org"
WORKFLOW = load_workflow(data_path("config", "workflow.toml"))


class Pen(Renderer):
    """The renderer, which remembers what it wrote last: a mail may have become another one when it leaves."""

    last: tuple[str, MailContext]

    def render(self, name: str, language: str, context: MailContext) -> Rendered:
        """Write it."""
        self.last = name, context
        return super().render(name, language, context)


RENDERER = Pen(data_path("templates", "mail"), data_path("templates", "locale"))


@dataclass(frozen=True, slots=True)
class Left:
    """A mail that left: to whom, as what, and what it was made from."""

    recipient: str
    mail: Mail
    context: MailContext
    message: Message


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
        self.left: list[Left] = []
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

    def with_policy(self, **changes: Any) -> None:
        """Change the policy."""
        self.office = replace(self.office, policy=replace(self.office.policy, **changes))

    def with_page(self, base_url: str = PAGE) -> None:
        """Give the mails a page that they link to."""
        self.office = replace(self.office, base_url=base_url)

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
            for delivery in claimed:
                done.append(deliver.deliver(self.office, RENDERER, self.wire, delivery, owner="test", claimed_at=self.clock()))
                if done[-1].state == "sent":
                    name, context = RENDERER.last
                    self.left.append(Left(delivery.recipient, Mail(name), context, self.wire.mails[-1][2]))
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

    def codes(self, address: str) -> list[str]:
        """What the mails were that left to an address, by their codes, oldest first."""
        return [TABLE[one.mail].code for one in self.left if one.recipient == address]

    def act(
        self,
        agent: str,
        text: str = "",
        *,
        key: str = "SUP-1",
        to: str | None = None,
        note: bool = False,
        resolution: str | None = None,
    ) -> act.Done | Refused:
        """An agent acts on a ticket at the command line; `to` is the status that he moves it to."""
        comment = NewComment(0, None, "", Visibility.INTERNAL if note else Visibility.PUBLIC, text, "cli") if text else None
        ticket, person = self.ticket(key), self.person(f"{agent}@desk.example")
        with self.office.store.write() as connection:
            locked = tickets.lock(connection, ticket.id)
            assert locked is not None
            story = Story(self.office, connection, self.office.desks[ticket.desk], self.clock(), "cli")
            return act.agent_acts(story, locked, person, act.Intent(comment, to, None, resolution))

    def join(self, address: str, key: str = "SUP-1", *, part: Part = Part.PARTICIPANT) -> Person:
        """Somebody more takes part in a ticket, a customer who may be new."""
        ticket = self.ticket(key)
        with self.office.store.write() as connection:
            known = people.by_address(connection, address)
            person_id = (
                known.id
                if known
                else people.add(
                    connection,
                    name=f"{address.partition('@')[0].title()} Customer",
                    role=Role.CUSTOMER,
                    address=address,
                    language="en",
                    organisation_id=None,
                    verified=True,
                    now=self.clock(),
                )
            )
            tickets.add_participant(connection, ticket.id, person_id, part, now=self.clock())
        return self.person(address)

    def person(self, address: str) -> Person:
        """Who is known by an address."""
        with self.office.store.read() as connection:
            found = people.by_address(connection, address)
        assert found is not None, f"nobody is {address}"
        return found

    def visitor(self, address: str, key: str = "SUP-1", *, purpose: LinkPurpose = LinkPurpose.VIEW) -> visit.Visitor:
        """Who comes in by a link that a mail would carry now."""
        found = visit.by_link(self.office, self.office.link(purpose, self.ticket(key), self.person(address)), purpose)
        assert isinstance(found, visit.Visitor), f"{found} for {address}"
        return found

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


def judged(result: str, domain: str = "commune.example") -> str:
    """What the border server `mx.desk.example` wrote on top of a mail about its sender (`dmarc=result`)."""
    return (
        f"Authentication-Results: mx.desk.example; dmarc={result} header.from={domain}\r\n"
        "Received: from x by mx.desk.example with ESMTP; Mon, 2 Mar 2026 09:00:00 +0000\r\n"
    )


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
