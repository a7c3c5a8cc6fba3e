"""New tickets, comments, moves and deliveries as they come, for whoever plays with the demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.desk.office import Office
from gateway.store import people, schema, tickets

_SAID = {
    # a kind of fact -> what is shown of it; other kinds are the ticket's own business
    "TicketOpened": "{who} opened it: “{summary}”",
    "CommentAdded": "{who}: {visibility} comment",
    "MailFiled": "{who}: {verdict}, kept and not answered",
    "MailHeld": "{who}: held and not published ({reason})",
    "HeldPublished": "{who} published what was held",
    "StatusChanged": "{who}: status {old} → {new}",
    "Assigned": "{who} changed the assignee",
    "Muted": "{who} turned notifications off or on",
    "Merged": "{who} merged it into another ticket",
    "SurveyAnswered": "{who} rated: {rating} of 5",
    "Reminded": "the clock wrote to the customer ({mail})",
    "ActionUndone": "{who} took the last mail back",
    "DeliveryBounced": "mail to {address} came back: {answer}",
    "DeliveryDelayed": "mail to {address} is late: {answer}",
}


class Watch:
    """Remembers what was told already."""

    def __init__(self, office: Office) -> None:
        self._office = office
        with office.store.read() as connection:
            self._event = _last(connection, schema.events)
            self._attempt = _last(connection, schema.attempts)
            self._intake = _last(connection, schema.intake)

    def news(self) -> list[str]:
        """What has happened since the last call, one line each."""
        with self._office.store.read() as connection:
            found = [*self._mails(connection), *self._facts(connection), *self._tries(connection)]
        return [f"{at.astimezone():%H:%M:%S}  {key:<7} {text}" for at, key, text in sorted(found, key=lambda one: one[0])]

    def _mails(self, connection: Connection) -> Iterator[tuple[datetime, str, str]]:
        """Mails that became nothing that a ticket shows."""
        table = schema.intake
        done = sa.select(table).where(table.c.id > self._intake, table.c.state != "new").order_by(table.c.id)
        for row in connection.execute(done).all():
            self._intake = max(self._intake, row.id)
            if row.ticket_id is None:
                yield row.done_at or row.received_at, "-", f"mail of {row.sender or 'nobody'}: {row.outcome} ({row.verdict})"

    def _facts(self, connection: Connection) -> Iterator[tuple[datetime, str, str]]:
        table = schema.events
        rows = connection.execute(sa.select(table).where(table.c.id > self._event).order_by(table.c.id)).all()
        names = people.by_ids(connection, {row.actor_id for row in rows if row.actor_id is not None})
        for row in rows:
            self._event = row.id
            if row.kind in _SAID:
                yield row.at, *self._fact(connection, row, names[row.actor_id].name if row.actor_id in names else "somebody")

    def _fact(self, connection: Connection, row: sa.Row[Any], who: str) -> tuple[str, str]:
        ticket = tickets.get(connection, row.ticket_id) if row.ticket_id is not None else None
        values = {**row.data, "who": who, "summary": ticket.summary if ticket else ""}
        return str(ticket.key) if ticket else "-", _SAID[row.kind].format_map(values)

    def _tries(self, connection: Connection) -> Iterator[tuple[datetime, str, str]]:
        tries, table = schema.attempts, schema.deliveries
        query = (
            sa.select(tries.c.id, tries.c.at, tries.c.outcome, table.c.mail, table.c.recipient, table.c.ticket_id)
            .join(table, table.c.id == tries.c.delivery_id)
            .where(tries.c.id > self._attempt)
            .order_by(tries.c.id)
        )
        for row in connection.execute(query).all():
            self._attempt = row.id
            ticket = tickets.get(connection, row.ticket_id) if row.ticket_id is not None else None
            yield row.at, str(ticket.key) if ticket else "-", f"mail {row.mail} to {row.recipient}: {row.outcome}"


def _last(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one())
