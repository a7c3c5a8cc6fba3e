"""The whole life of a mail, for `gateway explain`.

The door, the verdict and its rules, the match and why, what it became, and every mail that followed with the answers of the other side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.desk.office import Office
from gateway.domain.ticket import TicketKey
from gateway.store import events, intake, outbox, tickets


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a delivery."""

    at: datetime
    outcome: str
    phase: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Sending:
    """A delivery and its tries."""

    id: int
    mail: str
    recipient: str
    state: str
    due: datetime
    message_id: str
    answer: str | None
    tries: tuple[Try, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """One mail that came in."""

    intake_id: int
    door: str
    place: str
    received_at: datetime
    size: int
    message_id: str | None
    sender: str | None
    subject: str | None
    state: str
    attempts: int
    verdict: str | None
    rules: tuple[str, ...]
    trust: str | None
    outcome: str | None
    why: tuple[str, ...]
    park_reason: str | None
    ticket: str | None
    comment_id: int | None
    facts: tuple[tuple[datetime, str, dict[str, Any]], ...] = ()
    sendings: tuple[Sending, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """What was found under a name: the mails that came in, and those that we sent without one coming in."""

    lives: tuple[Life, ...] = ()
    sendings: tuple[Sending, ...] = field(default=())


def explain(office: Office, name: str) -> Explained:
    """All that is known of `name`: a ticket's key, a Message-ID (brackets or not), an intake id (`i-12`) or a delivery id (`o-12`)."""
    with office.store.read() as connection:
        key = TicketKey.parse(name)
        ticket = tickets.by_key(connection, key) if key else None
        if ticket is not None:
            return _of_ticket(connection, ticket.id)
        if name[:2] in {"i-", "o-"} and name[2:].isdigit():
            return _by_number(connection, name[0], int(name[2:]))
        message_id = name if name.startswith("<") else f"<{name}>"
        rows = intake.by_message_id(connection, message_id)
        ours = outbox.by_message_id(connection, message_id)
        return Explained(tuple(_life(connection, row) for row in rows), (_sending(connection, ours),) if ours else ())


def _by_number(connection: Connection, kind: str, number: int) -> Explained:
    if kind == "i":
        row = intake.get(connection, number)
        return Explained((_life(connection, row),) if row else ())
    delivery = outbox.get(connection, number)
    return Explained((), (_sending(connection, delivery),) if delivery else ())


def _of_ticket(connection: Connection, ticket_id: int) -> Explained:
    rows = intake.of_ticket(connection, ticket_id)
    known = {row.id for row in rows}
    others = [d for d in outbox.of_ticket(connection, ticket_id) if d.intake_id not in known]
    return Explained(tuple(_life(connection, row) for row in rows), tuple(_sending(connection, d) for d in others))


def _life(connection: Connection, row: sa.Row[Any]) -> Life:
    ticket = tickets.get(connection, row.ticket_id) if row.ticket_id is not None else None
    place = f"{row.mailbox}/{row.folder} uid {row.uid} of {row.uidvalidity}" if row.uid is not None else f"to {row.envelope_to or '?'}"
    return Life(
        intake_id=row.id,
        door=row.door,
        place=place,
        received_at=row.received_at,
        size=row.size,
        message_id=row.message_id,
        sender=row.sender,
        subject=row.subject,
        state=row.state,
        attempts=row.attempts,
        verdict=row.verdict,
        rules=tuple(row.rules or ()),
        trust=row.trust,
        outcome=row.outcome,
        why=tuple(row.why or ()),
        park_reason=row.park_reason,
        ticket=str(ticket.key) if ticket else None,
        comment_id=row.comment_id,
        facts=tuple((e.at, e.kind, e.data) for e in events.of_intake(connection, row.id)),
        sendings=tuple(_sending(connection, d) for d in outbox.of_intake(connection, row.id)),
    )


def _sending(connection: Connection, row: sa.Row[Any]) -> Sending:
    return Sending(
        id=row.id,
        mail=row.mail,
        recipient=row.recipient,
        state=row.state,
        due=row.due,
        message_id=row.message_id,
        answer=row.answer,
        tries=tuple(Try(t.at, t.outcome, t.phase, t.text) for t in outbox.attempts(connection, row.id)),
    )
