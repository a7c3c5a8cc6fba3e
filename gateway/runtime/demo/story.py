"""The first act of the demo, all of it in mail; and what every step is made of.

Each step waits for the evidence that it happened, in boxes and in the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa

from gateway.desk.explain import Life, Sending, explain
from gateway.desk.office import Office
from gateway.runtime.demo.evidence import Ledger, Patience, require
from gateway.runtime.demo.people import Correspondent, File, files_of, says, text_of
from gateway.runtime.demo.script import Script, picture
from gateway.runtime.demo.show import Show, letter

UNDO_TRIES = 3
"""A machine that is busy for longer than the undo delay gets another chance."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part. `desk` is the mailbox that the gateway reads; mail to `gone` is accepted and comes back."""

    desk: Correspondent
    customer: Correspondent
    agent: Correspondent
    colleague: Correspondent
    stranger: Correspondent
    gone: Correspondent

    @property
    def everybody(self) -> tuple[Correspondent, ...]:
        """All of them."""
        return (self.desk, self.customer, self.agent, self.colleague, self.stranger, self.gone)


@dataclass
class Story:
    """What the steps share: people, evidence, and the mails that later steps answer."""

    cast: Cast
    script: Script
    show: Show
    ledger: Ledger
    office: Office
    patience: Patience
    mails: dict[str, EmailMessage] = field(default_factory=dict)
    to_customer: list[str] = field(default_factory=list)
    """The codes of the mails that the customer has had from the gateway."""
    key: str = "SUP-1"
    page_url: str = ""
    """Where the customer's page of the ticket is, once he has been there."""

    # --- what steps are made of -----------------------------------------------------------------------------------------------------------

    def written(self, who: str, head: str, mail: EmailMessage) -> EmailMessage:
        """Show a mail that somebody has just sent."""
        self.show.mail(who, head, letter(mail))
        return mail

    def arrives(self, at: Correspondent, kind: str, head: str = "") -> EmailMessage:
        """Wait for a mail of the gateway, and show it if it has a `head`. `kind` is the beginning of its Message-ID."""
        mail = self.patience.until(lambda: at.take(kind), f"{head or kind} in the box of {at.address}")
        if at is self.cast.customer:
            self.to_customer.append(head.partition(",")[0] or kind)
        if head:
            self.show.mail("gateway", head, letter(mail))
        return mail

    def handled(self, mail: EmailMessage, copies: int = 1) -> list[sa.Row[Any]]:
        """Wait until the gateway has dealt with a mail that was sent to it."""
        ident = str(mail["Message-ID"])
        return self.patience.until(lambda: self.ledger.handled(ident, copies), f"the gateway's word on “{mail['Subject']}”")

    def effect(self, mail: EmailMessage, outcome: str) -> sa.Row[Any]:
        """The same, with what became of it."""
        row = self.handled(mail)[0]
        require(row.outcome == outcome, f"outcome {outcome} for “{mail['Subject']}”; it was {row.outcome}")
        return row

    def settled(self, row: sa.Row[Any]) -> list[sa.Row[Any]]:
        """Wait until all mails that a mail caused have left, or were stopped."""
        return self.patience.until(lambda: self.ledger.settled(row.id), f"the end of all mails that i-{row.id} caused")

    def silence(self, row: sa.Row[Any], *, before: int) -> None:
        """Require that nothing of what a mail caused went to the customer, and that his box is as it was `before`."""
        customer = self.cast.customer
        to_customer = [d.mail for d in self.settled(row) if d.recipient == customer.address and d.state != "cancelled"]
        require(not to_customer, f"no mail to {customer.address}; there is {', '.join(to_customer)}")
        require(self.received() == before, f"nothing new in the box of {customer.address}")

    def received(self) -> int:
        """How many mails the customer has had."""
        self.cast.customer.look()
        return self.cast.customer.received

    def status(self) -> str:
        """The ticket's status now."""
        return self.ledger.ticket(self.key).status

    def label(self) -> str:
        """The same as people read it."""
        found = self.office.workflow.statuses[self.status()]
        return found.label(self.office.desks["SUP"].language)

    # --- the steps ------------------------------------------------------------------------------------------------------------------------

    def request(self) -> None:
        """1: a mail becomes a ticket."""
        cast, script = self.cast, self.script
        photo = File(script.picture, "image/png", picture())
        sent = self.written(
            "customer",
            f"{cast.customer.name} writes",
            cast.customer.write(cast.desk.address, script.subject, f"{script.request}\n", photo),
        )
        self.key = str(self.ledger.ticket_of(self.effect(sent, "ticket").ticket_id).key)
        self.show.passed(f"the mail is ticket {self.key} “{self.ledger.ticket(self.key).summary}”, status {self.label()}")
        answer = self.arrives(cast.customer, f"{self.key}.request-received", f"M01, acknowledgement → {cast.customer.name}")
        require(answer["In-Reply-To"] == sent["Message-ID"], "an acknowledgement in the thread of the mail")
        require(answer["Auto-Submitted"] == "auto-replied", "Auto-Submitted: auto-replied")
        self.show.passed("the acknowledgement stands in the thread of the mail, and says that a machine wrote it")
        notice = self.arrives(
            cast.agent, f"{self.key}.agent-new-request", f"A01, new request → {cast.agent.name} (and {cast.colleague.name})"
        )
        other = self.arrives(cast.colleague, f"{self.key}.agent-new-request")
        require(all(photo in files_of(mail) for mail in (notice, other)), "the photo, byte for byte, in both notices")
        self.show.passed("both agents have it with the photo, byte for byte; their answers go to a signed address")
        self.mails["A01"] = notice

    def answer(self) -> None:
        """2: the agent answers from his mail client."""
        cast = self.cast
        sent = self.written("agent", f"{cast.agent.name} answers A01", cast.agent.reply(self.mails["A01"], self.script.answer))
        self.effect(sent, "reply")
        self.show.say("held back for a moment, so that it can be taken back …")
        got = self.arrives(cast.customer, f"{self.key}.comment", f"M02, answer → {cast.customer.name}")
        require(says(got, self.script.answer), "the agent's words in M02")
        require(not says(got, self.script.signature.rpartition("\n")[2]), "an M02 without the agent's signature")
        require("\n>" not in text_of(got), "an M02 without the agent's quote")
        require(cast.agent.address not in got.as_string(), "an M02 without the agent's own address")
        require(got["Auto-Submitted"] is None, "an M02 that counts as written by a person")
        self.show.passed(f"the customer has the words, without quote, signature and address of the agent; status {self.label()}")
        self.mails["M02"] = got

    def customer_replies(self) -> None:
        """3: the customer's reply is a comment."""
        cast = self.cast
        sent = self.written("customer", f"{cast.customer.name} replies", cast.customer.reply(self.mails["M02"], self.script.reply))
        row = self.effect(sent, "comment")
        require(self.ledger.ticket_of(row.ticket_id).key == self.ledger.ticket(self.key).key, f"a comment on {self.key}")
        got = self.arrives(cast.agent, f"{self.key}.agent-client-replied", f"A02, the customer replied → {cast.agent.name}")
        require(says(got, self.script.reply), "the customer's words in A02")
        said = [c.text for c in self.ledger.comments(self.ledger.ticket(self.key).id)]
        require(self.script.reply in said, "a comment with the words of this reply only")
        self.show.passed(f"a comment on {self.key}: these words only, the quoted mails are put aside")
        self.mails["A02"] = got

    def note(self) -> None:
        """4: a note stays inside."""
        cast, before = self.cast, self.received()
        sent = self.written("agent", f"{cast.agent.name} notes", cast.agent.reply(self.mails["A02"], self.script.note))
        row = self.effect(sent, "note")
        got = self.arrives(cast.colleague, f"{self.key}.agent-note", f"A07, internal note → {cast.colleague.name}")
        require(says(got, self.script.note.partition("\n")[2]), "the note's words in A07")
        self.silence(row, before=before)
        self.show.passed("the colleague has it; for the customer there is no mail in the outbox and none in his box")

    def wrong_command(self) -> None:
        """5: what cannot be followed is not followed by halves."""
        cast, before, status = self.cast, self.received(), self.status()
        sent = self.written("agent", f"{cast.agent.name} mistypes a command", cast.agent.reply(self.mails["A02"], self.script.wrong))
        row = self.effect(sent, "command-error")
        self.arrives(cast.agent, f"{self.key}.agent-command-error", f"A06, nothing was done → {cast.agent.name}")
        self.silence(row, before=before)
        require(self.status() == status, f"a status that stays {status}")
        self.show.passed("nothing was sent, no status changed, and the text came back with the line that is wrong")

    def question(self) -> None:
        """6: a status and a question in one mail, and the customer's answer."""
        cast = self.cast
        sent = self.written("agent", f"{cast.agent.name} asks, and waits", cast.agent.reply(self.mails["A02"], self.script.question))
        self.effect(sent, "reply")
        asked = self.arrives(cast.customer, f"{self.key}.answer-needed", f"M04, answer needed → {cast.customer.name}")
        require(self.status() == "waiting_customer", "status waiting_customer")
        command, _, words = self.script.question.partition("\n")
        require(says(asked, words) and not says(asked, command), "an M04 with the question and without the command")
        self.show.passed(f"one mail for both; status {self.label()}")
        told = self.written("customer", f"{cast.customer.name} replies", cast.customer.reply(asked, self.script.told))
        self.effect(told, "comment")
        require(self.status() == "in_progress", f"status in_progress after the reply; it is {self.status()}")
        self.mails["A02"] = self.arrives(cast.agent, f"{self.key}.agent-client-replied")
        self.show.passed(f"the reply moved the ticket by itself: status {self.label()}, and {cast.agent.name} was told (A02)")
        self.mails["M04"] = asked

    def undo(self) -> None:
        """7: the mail that should not have gone."""
        cast = self.cast
        for attempt in range(1, UNDO_TRIES + 1):
            before = self.received()
            slip = cast.agent.reply(self.mails["A02"], self.script.slip)
            regret = cast.agent.reply(self.mails["A02"], self.script.undo)
            self.written("agent", f"{cast.agent.name} answers the wrong person …", slip)
            self.written("agent", "… and sees it at once", regret)
            row, undone = self.effect(slip, "reply"), self.handled(regret)[0]
            if undone.outcome == "undone":
                break
            self.show.say("this machine was slower than the delay: the mail had left")
            require(attempt < UNDO_TRIES, "an answer that was taken back in time")
            self.arrives(cast.customer, f"{self.key}.comment")
        self.silence(row, before=before)
        states = {d.state for d in self.settled(row) if d.recipient == cast.customer.address}
        require(states == {"cancelled"}, f"a cancelled mail in the outbox; there is {states or 'none'}")
        comment = next(c for c in self.ledger.comments(self.ledger.ticket(self.key).id) if c.intake_id == row.id)
        require(comment.withdrawn_at is not None, "a comment that is withdrawn")
        self.show.passed("the mail was cancelled before it left, the comment is withdrawn, the customer's box is as it was")

    def absence(self) -> None:
        """8: a machine answers, and is not answered."""
        cast, before, status = self.cast, self.received(), self.status()
        answered = self.mails["M02"]
        sent = cast.customer.write(
            str(answered["Reply-To"]),
            self.script.absence_subject.format(subject=answered["Subject"]),
            f"{self.script.absence}\n",
            In_Reply_To=str(answered["Message-ID"]),
            References=str(answered["Message-ID"]),
            Auto_Submitted="auto-replied",
            X_Auto_Response_Suppress="All",
        )
        self.written("customer", f"{cast.customer.name}'s mail program is out of office", sent)
        row = self.effect(sent, "filed")
        require(not self.settled(row), "no mail caused by it")
        self.silence(row, before=before)
        require(self.status() == status, f"a status that stays {status}")
        self.show.passed(f"verdict {row.verdict}: kept with {self.key}, answered by nobody, moves nothing, disturbs no agent")

    def stranger(self) -> None:
        """9: a key in a subject is no key to a ticket."""
        cast = self.cast
        told = len(self.ledger.comments(self.ledger.ticket(self.key).id))
        sent = cast.stranger.write(cast.desk.address, self.script.stranger_subject.replace("SUP-1", self.key), f"{self.script.stranger}\n")
        self.written("other", f"{cast.stranger.name}, whom the desk does not know, writes", sent)
        own = self.ledger.ticket_of(self.effect(sent, "ticket").ticket_id)
        require(str(own.key) != self.key, f"a ticket other than {self.key}")
        got = self.arrives(cast.stranger, f"{own.key}.request-received", f"M01, acknowledgement → {cast.stranger.name}")
        require(
            not any(says(got, said) for said in (self.script.subject, self.script.answer, self.script.reply)), "no word of the other ticket"
        )
        require(len(self.ledger.comments(self.ledger.ticket(self.key).id)) == told, f"nothing new on {self.key}")
        require(("mentions", self.key) in self.ledger.links(own.id), f"a link from {own.key} to {self.key}")
        self.show.passed(f"a ticket of its own, {own.key}; {self.key} is as it was, and agents see that the two are linked")

    def bounce(self) -> None:
        """10: a mail that comes back."""
        cast = self.cast
        sent = cast.gone.write(cast.desk.address, self.script.gone_subject, f"{self.script.gone}\n")
        self.written("other", f"{cast.gone.name} writes from a mailbox that takes no mail any more", sent)
        row = self.effect(sent, "ticket")
        ticket = self.ledger.ticket_of(row.ticket_id)
        report = self.patience.until(cast.desk.take_report, f"a delivery report in the box of {cast.desk.address}")
        self.show.mail("other", "The acknowledgement comes back", letter(report))
        told = self.arrives(cast.agent, f"{ticket.key}.agent-undeliverable", f"A11, did not arrive → {cast.agent.name}")
        require(says(told, cast.gone.address), f"{cast.gone.address} named in A11")
        states = [d.state for d in self.settled(row) if d.recipient == cast.gone.address]
        require(states == ["bounced"], f"a delivery that is bounced; it is {', '.join(states) or 'not there'}")
        self.show.passed("the report came home to the mail's own signed bounce address: bounced, and nothing automatic goes there any more")

    def twice(self) -> None:
        """11: the same mail again."""
        cast, before = self.cast, self.ledger.count_tickets()
        sent = cast.stranger.write(cast.desk.address, self.script.twice_subject, f"{self.script.twice}\n")
        cast.stranger.submit(sent)
        self.written("other", f"{cast.stranger.name} writes, and the server sends it twice", sent)
        outcomes = sorted(row.outcome for row in self.handled(sent, copies=2))
        require(outcomes == ["duplicate", "ticket"], f"one ticket and one duplicate; it was {' and '.join(outcomes)}")
        require(self.ledger.count_tickets() == before + 1, "one new ticket")
        [first] = [row for row in self.handled(sent, copies=2) if row.outcome == "ticket"]
        key = self.ledger.ticket_of(first.ticket_id).key
        self.arrives(cast.stranger, f"{key}.request-received")
        self.show.passed(f"two mails in the ledger, one ticket ({key}), one acknowledgement")

    def life(self) -> None:
        """17: every mail can be asked for its life."""
        found = explain(self.office, self.key)
        require(found.lives, f"the life of {self.key}")
        self.show.raw(
            ["", *(line for one in found.lives for line in _life(one)), *(line for one in found.sendings for line in _sending(one))]
        )
        self.show.passed(f"`gateway explain {self.key}` says this at any time: each mail, what was made of it and why, what it caused")
        customer = self.cast.customer
        sent = self.ledger.reached(self.ledger.ticket(self.key).id, customer.address)
        require(len(sent) == self.received() == len(self.to_customer), f"{len(self.to_customer)} mails in the box of {customer.address}")
        self.show.passed(f"in all of this, {customer.name} got {len(sent)} mails: {', '.join(self.to_customer)}")


def _life(life: Life) -> Iterator[str]:
    """A mail that came in, in a few lines."""
    yield f"    i-{life.intake_id}  {life.received_at.astimezone():%H:%M:%S}  {life.sender or 'nobody'}: {life.subject or ''}"
    rules = f" ({', '.join(life.rules)})" if life.rules != (life.verdict,) else ""
    yield f"         {life.verdict}{rules} → {life.outcome}: {', '.join(life.why)}"
    for sending in life.sendings:
        yield from _sending(sending)


def _sending(sending: Sending) -> Iterator[str]:
    answer = (sending.answer or "").strip().split("\n")[-1]
    yield f"         o-{sending.id}  {sending.mail} → {sending.recipient}: {sending.state} {answer}".rstrip()
