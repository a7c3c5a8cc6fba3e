"""Old tickets, written in bulk: what a desk has after months, without waiting for months."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from gateway.store import schema
from gateway.store.engine import Store

TEXT = "The printer on the second floor shows an error since this morning. " * 12


def tickets(store: Store, count: int) -> None:
    """`count` closed tickets with a requester, two comments, their mails in the ledger and two sent deliveries each."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with store.write() as connection:
        for first in range(1, count + 1, 1000):
            numbers = range(first, min(first + 1000, count + 1))
            for table, rows in _rows(numbers, start):
                connection.execute(sa.insert(table), rows)
        connection.execute(sa.insert(schema.desks), {"prefix": "SUP", "last_number": count})


def _rows(numbers: range, start: datetime) -> list[tuple[sa.Table, list[dict[str, object]]]]:
    moments = {n: start + timedelta(minutes=n) for n in numbers}
    people = [{"id": n, "name": f"Old {n}", "role": "customer", "language": "fr", "created_at": moments[n]} for n in numbers]
    addresses = [{"address": f"old{n}@town{n % 97}.example", "person_id": n, "is_primary": True} for n in numbers]
    rows = [
        {
            "id": n,
            "desk": "SUP",
            "number": n,
            "summary": f"old request {n}",
            "status": "closed",
            "status_since": moments[n],
            "requester_id": n,
            "priority": "normal",
            "language": "fr",
            "created_at": moments[n],
            "updated_at": moments[n],
            "closed_at": moments[n],
        }
        for n in numbers
    ]
    parts = [{"ticket_id": n, "person_id": n, "part": "requester", "added_at": moments[n]} for n in numbers]
    blobs = [{"sha256": f"{n:064x}", "size": len(TEXT), "content": TEXT.encode(), "created_at": moments[n]} for n in numbers]
    intake = [
        {
            "id": n,
            "desk": "SUP",
            "door": "imap",
            "mailbox": "old",
            "folder": "INBOX",
            "uidvalidity": 1,
            "uid": n,
            "sha256": f"{n:064x}",
            "size": len(TEXT),
            "received_at": moments[n],
            "state": "done",
            "attempts": 1,
            "message_id": f"<old.{n}@town.example>",
            "sender": f"old{n}@town{n % 97}.example",
            "verdict": "human",
            "outcome": "ticket",
            "ticket_id": n,
            "done_at": moments[n],
        }
        for n in numbers
    ]
    effects = [{"desk": "SUP", "message_key": f"<old.{n}@town.example> sha256:{n:064x}", "intake_id": n} for n in numbers]
    comments = [
        {
            "ticket_id": n,
            "author_id": n,
            "author_name": f"Old {n}",
            "visibility": "public",
            "kind": "comment",
            "source": "mail",
            "text": TEXT,
            "message_id": f"<old.{n}.{part}@town.example>",
            "intake_id": n,
            "created_at": moments[n],
        }
        for n in numbers
        for part in (1, 2)
    ]
    events = [{"ticket_id": n, "kind": "TicketOpened", "actor_id": n, "at": moments[n], "data": {}, "intake_id": n} for n in numbers]
    deliveries = [
        {
            "desk": "SUP",
            "ticket_id": n,
            "person_id": n,
            "recipient": f"old{n}@town{n % 97}.example",
            "mail": "request_received",
            "language": "fr",
            "state": "sent",
            "is_answer": part == 1,
            "due": moments[n],
            "message_id": f"<SUP-{n}.old.{part}@desk.example>",
            "context": {},
            "intake_id": n,
            "created_at": moments[n],
        }
        for n in numbers
        for part in (1, 2)
    ]
    return [
        (schema.people, people),
        (schema.addresses, addresses),
        (schema.tickets, rows),
        (schema.participants, parts),
        (schema.blobs, blobs),
        (schema.intake, intake),
        (schema.effects, effects),
        (schema.comments, comments),
        (schema.events, events),
        (schema.deliveries, deliveries),
    ]
