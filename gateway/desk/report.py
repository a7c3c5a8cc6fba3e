"""Delivery reports, delays and complaints come home to the delivery that they are about; and nowhere else.

A report counts only when it was sent to a signed bounce address: that is the one thing that a stranger cannot write (CASES A1.15). All
others are stored, named in the ledger, and change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.desk import tell
from gateway.desk.customer import Became
from gateway.desk.letter import Letter
from gateway.desk.office import Story
from gateway.domain.audience import TO_AGENTS, Mail
from gateway.domain.events import ComplaintReceived, DeliveryBounced, DeliveryDelayed, Event
from gateway.mail.inbound import BouncedRecipient, Verdict
from gateway.mail.signed.address import Purpose
from gateway.store import events, outbox, people, tickets


def comes_home(story: Story, letter: Letter) -> Became:
    """A bounce, delay or feedback report, at whatever address."""
    delivery = _delivery(story, letter)
    verdict = letter.understood.classified.verdict
    if delivery is None:
        return Became("report-without-effect", None, None, ("no-signed-bounce-address",))
    recipient = _recipient(letter, delivery.recipient)
    answer = " ".join(part for part in (recipient.status, recipient.diagnostic) if part)[:500] or "returned without a reason"
    if verdict is Verdict.FEEDBACK_REPORT:
        fact: Event = ComplaintReceived(delivery.id, delivery.recipient)
    elif verdict is Verdict.DELAY:
        fact = DeliveryDelayed(delivery.id, delivery.recipient, answer)
        outbox.add_attempt(story.connection, delivery.id, now=story.now, outcome="delayed", text=answer, phase="report")
    elif delivery.state == "bounced":
        # The address is in the open, in each of our mails: whoever has it must not make it a source of mails to agents.
        return Became("report-again", delivery.ticket_id, None, ("signed-bounce-address", f"delivery {delivery.id}"))
    else:
        fact = DeliveryBounced(delivery.id, delivery.recipient, answer)
        outbox.mark_bounced(story.connection, delivery.id, now=story.now, answer=answer)
        failure = Failure(delivery.id, delivery.ticket_id, delivery.recipient, Mail(delivery.mail), answer)
        # A full mailbox may have room tomorrow: this mail is lost, the address is not.
        failed(story, failure, at_the_address=recipient.hard)
    events.add(story.connection, [fact], ticket_id=delivery.ticket_id, actor_id=None, now=story.now, intake_id=story.intake_id)
    return Became(type(fact).__name__, delivery.ticket_id, None, ("signed-bounce-address", f"delivery {delivery.id}"))


@dataclass(frozen=True, slots=True)
class Failure:
    """A mail of ours that will never arrive, and what the other side said."""

    delivery_id: int
    ticket_id: int | None
    recipient: str
    mail: Mail
    answer: str


def failed(story: Story, failure: Failure, *, at_the_address: bool) -> None:
    """What follows from a final refusal, whether it came back as a report or was said to our face (A11, R-020).

    `at_the_address`: the refusal was of this recipient, not of the mail or of us; then nothing automatic goes there any more.
    """
    if at_the_address:
        people.mark_undeliverable(story.connection, failure.recipient, now=story.now, why=failure.answer)
    ticket = tickets.get(story.connection, failure.ticket_id) if failure.ticket_id is not None else None
    if ticket is None or failure.mail in TO_AGENTS:
        return  # an agent's own address: `gateway outbox list` and the health page say it, a mail to him cannot
    extra = {
        "failed_address": failure.recipient,
        "smtp_answer": failure.answer,
        "failed_delivery": failure.delivery_id,
        "address_suspended": at_the_address,
    }
    tell.team(story, ticket, Mail.AGENT_UNDELIVERABLE, tell.News(extra=extra))


def _delivery(story: Story, letter: Letter) -> sa.Row[Any] | None:
    for token in letter.evidence.signed:
        if token.purpose is Purpose.BOUNCE:
            delivery = outbox.get(story.connection, token.subject)
            if delivery is not None and (delivery.person_id or 0) == token.person:
                return delivery
    return None


def _recipient(letter: Letter, expected: str) -> BouncedRecipient:
    """What the report says of our recipient: the one that it names, or its only one (forwarding changes the name)."""
    report = letter.understood.bounce
    found = report.recipients if report else ()
    named = next((r for r in found if r.address.lower() == expected), None)
    return named or (found[0] if found else BouncedRecipient(expected, hard=False, status="", diagnostic=""))
