"""Each row of the table of moves (T01-T27) once on every channel that it has: mail, page, command line, clock.

The customer and the agent write mails to a real database through the code that doors call; the page is a real HTTP server and a browser
without scripts; the command line is the command line; the clock is moved.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.desk import act, deliver, receive, timers
from gateway.desk.office import Office, Story
from gateway.domain.delivery import Outcome, Sent
from gateway.domain.people import Role
from gateway.mail.signed.link import LinkPurpose
from gateway.runtime.demo.browser import Browser, Page, link_in
from gateway.runtime.doors import page_door
from gateway.runtime.settings import load
from gateway.runtime.wiring import Installation as Installed
from gateway.runtime.wiring import open_office
from gateway.store import people, schema, tickets
from gateway.store.intake import Arrival
from tests.cli.installation import RENDERER, Installation
from tests.peers.dovecot import free_port

JESS, ANNA = "jess@commune.example", "anna@desk.example"


class Desk:
    """A ticket SUP-1 of jess's, an agent anna, and the mails that they have: M01 and A01."""

    def __init__(self, folder: Path) -> None:
        self.installation = Installation(folder)
        self.ids = itertools.count(1)
        self.port = free_port()
        self.installation.with_page(f"http://127.0.0.1:{self.port}")
        with self.installation.config.open("a", encoding="utf-8") as config:
            config.write(f'listen = "127.0.0.1:{self.port}"\n[timers]\nauto_resolve_days = 14\n')
        self.office: Office = open_office(load(self.installation.config, {}), quickly=True)
        self.boxes: dict[str, list[EmailMessage]] = {JESS: [], ANNA: []}
        self.moment = datetime.now(UTC)
        self.office.store.now = lambda: self.moment  # type: ignore[method-assign]
        with self.office.store.write() as connection:
            for name, address, role in (("Anna Peeters", ANNA, Role.AGENT),):
                values = {"name": name, "role": role, "address": address, "language": "en", "organisation_id": None, "verified": True}
                people.add(connection, **values, now=self.moment)  # type: ignore[arg-type]

    # --- what channels are made of ---

    def mail(self, sender: str, text: str, *, answers: EmailMessage | None = None) -> None:
        """A mail of somebody's arrives and has its effect, and what follows is sent."""
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = sender
        mail["To"] = str(answers["Reply-To"]) if answers else "support@desk.example"
        mail["Subject"] = f"Re: {answers['Subject']}" if answers else "The printer is on fire"
        mail["Date"] = self.moment
        mail["Message-ID"] = f"<{next(self.ids)}@commune.example>"
        if answers:
            mail["In-Reply-To"] = mail["References"] = str(answers["Message-ID"])
        mail.set_content(text)
        place: dict[str, Any] = {"mailbox": "main", "folder": "INBOX", "uidvalidity": 1, "uid": next(self.ids)}
        office = self.at(self.moment)
        receive.record(office, [Arrival(desk="SUP", door="imap", raw=mail.as_bytes(), received_at=self.moment, **place)])
        while receive.work(office, owner="test", limit=10).done:
            pass
        self.deliver()

    def at(self, moment: datetime) -> Office:
        """The desk at another time."""
        return replace(self.office, now=lambda: moment)

    def send(self, mail_from: str, recipient: str, data: bytes, *, before_dot: Callable[[], bool] = lambda: True) -> Outcome:
        """The wire."""
        assert before_dot()
        mail = message_from_bytes(data, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.boxes[recipient].append(mail)
        return Sent(f"250 taken from {mail_from}")

    def deliver(self) -> None:
        """Everything that is due leaves."""
        office = self.at(self.moment)
        while claimed := deliver.claim(office, owner="test", limit=50):
            for delivery in claimed:
                deliver.deliver(office, RENDERER, self, delivery, owner="test", claimed_at=office.store.now())

    def place(self, status: str) -> None:
        """Put the ticket into a status, as if it had always stood there."""
        with self.office.store.write() as connection:
            ticket = tickets.get(connection, 1)
            assert ticket is not None
            if ticket.status != status:
                act.set_status(Story(self.office, connection, self.office.desks["SUP"], self.moment, "cli"), ticket, status)

    @contextmanager
    def page(self) -> Iterator[tuple[Browser, Page]]:
        """Jess's browser at the page of her ticket."""
        settings = load(self.installation.config, {})
        door = page_door(Installed(settings, self.office, RENDERER))
        door.start()
        try:
            with self.office.store.read() as connection:
                jess, ticket = people.by_address(connection, JESS), tickets.get(connection, 1)
            assert jess is not None
            assert ticket is not None
            browser = Browser()
            token = self.office.link(LinkPurpose.VIEW, ticket, jess)
            yield browser, browser.open(f"http://127.0.0.1:{self.port}/t/SUP-1?k={token}")
        finally:
            door.stop()
        self.catch_up()

    def catch_up(self) -> None:
        """The page and the command line live by the real clock: it is a second later now, and what is due leaves."""
        self.moment = max(self.moment, datetime.now(UTC)) + timedelta(seconds=1)
        self.deliver()

    @property
    def status(self) -> str:
        """The ticket's."""
        with self.office.store.read() as connection:
            ticket = tickets.get(connection, 1)
        assert ticket is not None
        return ticket.status

    @property
    def last_rule(self) -> str | None:
        """The row of the last move."""
        events = schema.events
        query = sa.select(events.c.data).where(events.c.kind == "StatusChanged", events.c.ticket_id == 1).order_by(events.c.id.desc())
        with self.office.store.read() as connection:
            found = connection.execute(query.limit(1)).scalar()
        return str(found["rule"]) if found else None

    def kinds(self, address: str) -> list[str]:
        """The mails that somebody has, by the kind in their Message-IDs."""
        return [str(mail["Message-ID"]).split(".")[1] for mail in self.boxes[address]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with its ticket, before anything else has happened."""
    made = Desk(tmp_path)
    made.mail(f"Jess Martin <{JESS}>", "Smoke comes out of it.\n")
    yield made
    made.office.store.close()


Act = Callable[[Desk], None]


def agent_mail(text: str) -> Act:
    """The agent answers A01."""
    return lambda desk: desk.mail(f"Anna Peeters <{ANNA}>", text, answers=desk.boxes[ANNA][0])


def customer_mail(text: str) -> Act:
    """The customer answers M01."""
    return lambda desk: desk.mail(f"Jess Martin <{JESS}>", text, answers=desk.boxes[JESS][0])


def command(*words: str) -> Act:
    """The agent on the command line."""

    def run(desk: Desk) -> None:
        desk.installation.good(*words)
        desk.catch_up()

    return run


def button(word: str, text: str = "") -> Act:
    """The customer presses a button of the page, and confirms."""

    def press(desk: Desk) -> None:
        with desk.page() as (browser, page):
            asked = browser.open(f"{page.url}/move/{word}")
            assert asked.status == 200, asked.words
            assert browser.send(asked, **({"texte": text} if text else {"vu": desk.status})).status == 200

    return press


def page_comment(text: str) -> Act:
    """The customer writes a comment on the page."""

    def write(desk: Desk) -> None:
        with desk.page() as (browser, page):
            assert browser.send(page, to="/move/answer" if desk.status == "waiting_customer" else "/comment", texte=text).status == 200

    return write


def mail_link(word: str, text: str = "") -> Act:
    """The customer follows the link of a decision in a mail, and confirms."""

    def follow(desk: Desk) -> None:
        with desk.page() as (browser, _):
            with desk.office.store.read() as connection:
                jess, ticket = people.by_address(connection, JESS), tickets.get(connection, 1)
            assert jess is not None
            assert ticket is not None
            token = desk.office.link(LinkPurpose.DECIDE, ticket, jess)
            asked = Browser().open(f"http://127.0.0.1:{desk.port}/d/{token}/{word}")
            assert asked.status == 200, asked.words
            assert browser.send(asked, **({"texte": text} if text else {"vu": desk.status})).status == 200

    return follow


def clock(days: int) -> Act:
    """So many days pass, with a round of the timers on each."""

    def tick(desk: Desk) -> None:
        for _ in range(days):
            desk.moment += timedelta(days=1)
            timers.work(desk.at(desk.moment))
            desk.deliver()

    return tick


def guarded_reply(choice: str) -> Act:
    """The agent closes; the customer answers that guarded mail, gets M11, and publishes by its link."""

    def play(desk: Desk) -> None:
        desk.mail(f"Anna Peeters <{ANNA}>", "#ferme" if desk.status == "resolved" else "#resolu", answers=desk.boxes[ANNA][0])
        desk.mail(f"Jess Martin <{JESS}>", "It burns again!\n", answers=desk.boxes[JESS][-1])
        assert desk.kinds(JESS)[-1] == "guard-returned"
        with desk.page() as (_, _page):
            browser = Browser()
            asked = browser.open(link_in(desk.boxes[JESS][-1], "/g/"))
            assert browser.send(asked, button=("do", choice)).status == 200

    return play


@dataclass(frozen=True)
class Case:
    """One row on one channel. `rule` None: no move; `customer` and `agent` are the last mails that they get by it, None for none."""

    row: str
    channel: str
    start: str
    do: Act
    ends: str
    rule: str | None
    customer: str | None = None
    agent: str | None = None

    @property
    def name(self) -> str:
        """As pytest shows it."""
        return f"{self.row}-{self.channel}-from-{self.start}"


def by_agent(row: str, start: str, ends: str, words: str, customer: str | None) -> list[Case]:
    """A move that an agent makes by mail and on the command line."""
    typed = f"#status {ends}\n\n{words}" if words else f"#status {ends}"
    more = ("--comment", words) if words else ()
    return [
        Case(row, "mail", start, agent_mail(typed), ends, row, customer),
        Case(row, "cli", start, command("ticket", "move", "SUP-1", ends, *more), ends, row, customer),
    ]


CASES = [
    *(case for start in ("open", "reopened") for case in by_agent("T02", start, "selected", "", "status-changed")),
    *(case for start in ("open", "in_progress") for case in by_agent("T03", start, "development", "", "status-changed")),
    *by_agent("T04", "development", "in_progress", "", "status-changed"),
    Case("T04", "mail", "open", agent_mail("On my way."), "in_progress", "T04", "comment"),
    Case("T04", "cli", "reopened", command("ticket", "comment", "SUP-1", "On my way."), "in_progress", "T04", "comment"),
    *by_agent("T05", "in_progress", "waiting_customer", "Which printer?", "answer-needed"),
    Case("T06", "mail", "waiting_customer", customer_mail("The grey one."), "in_progress", "T06", None, "agent-client-replied"),
    Case("T06", "page", "waiting_customer", page_comment("The grey one."), "in_progress", "T06", None, "agent-client-replied"),
    Case("T06", "button", "waiting_customer", button("answer", "The grey one."), "in_progress", "T06", None, "agent-client-replied"),
    *by_agent("T07", "in_progress", "waiting_approval", "Please try.", "approval-request"),
    Case(
        "T08", "mail", "waiting_approval", customer_mail("Accepté, merci"), "to_deliver", "T08", "decision-receipt", "agent-client-decided"
    ),
    Case("T08", "page", "waiting_approval", button("accept"), "to_deliver", "T08", None, "agent-client-decided"),
    Case("T08", "link", "waiting_approval", mail_link("accept", "Good."), "to_deliver", "T08", None, "agent-client-decided"),
    Case(
        "T09", "mail", "waiting_approval", customer_mail("Refusé : jaune"), "in_progress", "T09", "decision-receipt", "agent-client-decided"
    ),
    Case("T09", "page", "waiting_approval", button("refuse", "Only yellow."), "in_progress", "T09", None, "agent-client-decided"),
    Case("T09", "link", "waiting_approval", mail_link("refuse", "Only yellow."), "in_progress", "T09", None, "agent-client-decided"),
    Case(
        "T10",
        "mail",
        "waiting_approval",
        customer_mail("I shall look."),
        "waiting_approval",
        None,
        "approval-again",
        "agent-client-replied",
    ),
    Case("T10", "page", "waiting_approval", page_comment("I shall look."), "waiting_approval", None, None, "agent-client-replied"),
    *by_agent("T11", "to_deliver", "closed", "", "closed"),
    *(case for start in ("open", "waiting_approval") for case in by_agent("T12", start, "resolved", "Done.", "resolved")),
    *by_agent("T13", "resolved", "closed", "", "closed"),
    Case("T13-timer", "clock", "resolved", clock(17), "closed", "T13-timer"),
    Case("T14", "page", "closed", button("reopen-by-customer", "It burns."), "reopened", "T14", None, "agent-client-decided"),
    Case("T14", "link", "resolved", mail_link("reopen", "It burns."), "reopened", "T14", None, "agent-client-decided"),
    *by_agent("T15", "closed", "reopened", "", "reopened"),
    Case("T16", "mail", "resolved", customer_mail("It still burns."), "reopened", "T14", None, "agent-client-decided"),
    Case("T16", "guarded", "in_progress", guarded_reply("publish_and_reopen"), "reopened", "T14", "guard-returned", "agent-client-decided"),
    Case("T16", "guarded", "resolved", guarded_reply("publish"), "closed", "T13", "guard-returned", "agent-client-replied"),
    Case("T16", "thanks", "resolved", customer_mail("Merci beaucoup !"), "resolved", None, None, "agent-client-replied"),
    Case("T19", "clock", "waiting_customer", clock(5), "waiting_customer", None, "reminder"),
    Case("T20", "clock", "waiting_customer", clock(20), "resolved", "T20", "resolve-warning"),
    Case("T21", "clock", "waiting_approval", clock(5), "waiting_approval", None, "reminder"),
    Case("T22", "mail", "in_progress", customer_mail("One more thing."), "in_progress", None, None, "agent-client-replied"),
    Case("T22", "page", "in_progress", page_comment("One more thing."), "in_progress", None, None, "agent-client-replied"),
    Case("T23", "mail", "in_progress", agent_mail("Still on it."), "in_progress", None, "comment"),
    Case("T23", "cli", "development", command("ticket", "comment", "SUP-1", "Still on it."), "development", None, "comment"),
    Case("T24", "mail", "open", agent_mail("#note\nHe always says that."), "open", None),
    Case("T24", "cli", "open", command("ticket", "note", "SUP-1", "He always says that."), "open", None),
    *(case for start in ("waiting_customer", "waiting_approval") for case in by_agent("T26", start, "in_progress", "", "status-changed")),
    *by_agent("T27", "to_deliver", "in_progress", "", "status-changed"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_row_on_a_channel(desk: Desk, case: Case) -> None:
    """The ticket ends where the row says, by the rule of that name, and each side has the mail that the row names, and no other."""
    desk.place(case.start)
    before = {address: len(desk.boxes[address]) for address in desk.boxes}
    case.do(desk)
    assert desk.status == case.ends
    assert desk.last_rule == case.rule or case.rule is None
    assert (desk.kinds(JESS)[-1] if len(desk.boxes[JESS]) > before[JESS] else None) == case.customer
    assert (desk.kinds(ANNA)[-1] if len(desk.boxes[ANNA]) > before[ANNA] else None) == case.agent


def test_t01_by_mail_and_by_ingest(desk: Desk) -> None:
    """A mail at a door, or handed over by `gateway ingest`, is a ticket in the first status."""
    assert desk.status == "open"
    assert desk.kinds(JESS) == ["request-received"]
    assert desk.kinds(ANNA) == ["agent-new-request"]
    desk.installation.good("ingest", "--desk", "SUP", "-", stdin=desk.installation.raw(text="Another one.\n"))
    desk.installation.work()
    with desk.office.store.read() as connection:
        assert [str(t.key) for t in tickets.listing(connection)] == ["SUP-2", "SUP-1"]


def test_t17_a_late_reply_opens_a_linked_ticket(desk: Desk) -> None:
    """After 30 days a reply by mail is a new ticket, and the customer is told so (M25); on the page he may still reopen (T14)."""
    desk.place("closed")
    desk.moment += timedelta(days=31)
    customer_mail("It burns again, after all this time.")(desk)
    assert desk.status == "closed"
    assert desk.kinds(JESS)[-1] == "new-request-from-old"
    with desk.office.store.read() as connection:
        assert [(kind, str(key)) for kind, key in tickets.links(connection, 2)] == [("follows", "SUP-1")]


@pytest.mark.parametrize("channel", ["mail", "cli"])
def test_t25_merged(desk: Desk, channel: str) -> None:
    """The first goes on in the second: closed as a duplicate, one M02 on the other, replies to the old one land there."""
    desk.mail(f"Jess Martin <{JESS}>", "It is the grey printer, by the way.\n")
    do = agent_mail("#merge SUP-2") if channel == "mail" else command("ticket", "merge", "SUP-1", "SUP-2")
    do(desk)
    assert desk.status == "closed"
    assert desk.kinds(JESS)[-1] == "comment"
    assert desk.boxes[JESS][-1]["Message-ID"].startswith("<SUP-2.")
    customer_mail("And it smells.")(desk)
    with desk.office.store.read() as connection:
        assert tickets.comment_rows(connection, 2)[-1].text == "And it smells."
        assert len(tickets.listing(connection)) == 2
