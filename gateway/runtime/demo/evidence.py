"""What really happened, read from the database beside the running worker, and the patience to wait for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from gateway.desk.office import Office
from gateway.domain.ticket import Ticket, TicketKey
from gateway.store import events, intake, outbox, schema, tickets

PAUSE = 0.05
"""Seconds between two looks."""

OPEN = frozenset({"queued", "deferred", "sending", "held", "uncertain"})
"""States of a delivery that is not settled."""

T = TypeVar("T")


class MissingError(Exception):
    """Something that should have happened and did not; the message names it."""


class StoppedError(Exception):
    """Whoever watches wants to stop."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one thing may take (`limit`, seconds), and when everything must be over (`end`, time.monotonic)."""

    stop: threading.Event
    limit: float
    end: float

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """What `look` finds, as soon as it finds it. Raises MissingError with `what` when it does not in time, or StoppedError."""
        start = time.monotonic()
        end = min(start + self.limit, self.end)
        while True:
            found = look()
            if found is not None:
                return found
            left = end - time.monotonic()
            if left <= 0:
                raise MissingError(f"{what} (waited {time.monotonic() - start:.1f} s)")
            if self.stop.wait(min(PAUSE, left)):
                raise StoppedError


def require(condition: object, what: str) -> None:
    """Raise MissingError with `what` unless `condition` holds."""
    if not condition:
        raise MissingError(what)


class Ledger:
    """The database of the gateway, for reading."""

    def __init__(self, office: Office) -> None:
        self._store = office.store

    def reads_mailbox(self) -> bool | None:
        """True when the mailbox has been looked at: mail that comes from now on is new."""
        with self._store.read() as connection:
            return intake.cursor(connection, "main", "INBOX") is not None or None

    def handled(self, message_id: str, copies: int = 1) -> list[sa.Row[Any]] | None:
        """The rows of a mail that came in, once `copies` of it have had their effect."""
        with self._store.read() as connection:
            rows = [row for row in intake.by_message_id(connection, message_id) if row.state != "new"]
        return rows if len(rows) >= copies else None

    def ticket(self, key: str) -> Ticket:
        """A ticket as it stands. Raises MissingError when there is none."""
        wanted = TicketKey.parse(key)
        with self._store.read() as connection:
            found = tickets.by_key(connection, wanted) if wanted else None
        if found is None:
            raise MissingError(f"ticket {key}")
        return found

    def ticket_of(self, ticket_id: int | None) -> Ticket:
        """The same by its id."""
        with self._store.read() as connection:
            found = tickets.get(connection, ticket_id) if ticket_id is not None else None
        if found is None:
            raise MissingError("the ticket of the mail")
        return found

    def count_tickets(self) -> int:
        """How many tickets there are."""
        with self._store.read() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(schema.tickets)).scalar_one())

    def comments(self, ticket_id: int) -> list[sa.Row[Any]]:
        """All that was said on a ticket."""
        with self._store.read() as connection:
            return tickets.comment_rows(connection, ticket_id)

    def rating(self, key: str) -> int | None:
        """What the newest survey about a ticket says; None without an answer."""
        table, ticket = schema.surveys, self.ticket(key)
        with self._store.read() as connection:
            newest = sa.select(table.c.rating).where(table.c.ticket_id == ticket.id).order_by(table.c.id.desc()).limit(1)
            found: int | None = connection.execute(newest).scalar()
        return found

    def links(self, ticket_id: int) -> list[tuple[str, str]]:
        """Kinds and keys of the tickets that it is linked to."""
        with self._store.read() as connection:
            return [(kind, str(key)) for kind, key in tickets.links(connection, ticket_id)]

    def facts(self, intake_id: int) -> list[sa.Row[Any]]:
        """What one mail made happen."""
        with self._store.read() as connection:
            return events.of_intake(connection, intake_id)

    def settled(self, intake_id: int) -> list[sa.Row[Any]] | None:
        """The deliveries that one mail caused, once none of them waits any more."""
        with self._store.read() as connection:
            rows = outbox.of_intake(connection, intake_id)
        return None if any(row.state in OPEN for row in rows) else rows

    def reached(self, ticket_id: int, address: str) -> list[str]:
        """The mails about a ticket that went out to an address, by what they are, oldest first."""
        with self._store.read() as connection:
            return [row.mail for row in outbox.of_ticket(connection, ticket_id) if row.recipient == address and row.state == "sent"]
