"""The outbox: deliveries are written with the change that causes them, claimed (T3), sent outside any transaction, and settled (T4).

A claim takes only what is due, and nothing while an earlier mail of the same ticket to the same recipient waits: people read them in order.
Only an answer that is due at once does not wait for news in its merge window.
A settlement counts only for the worker whose lease still stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store import schema
from gateway.store.statements import insert_or_update

_d, _intake = schema.deliveries, schema.intake
_earlier = _d.alias("earlier")
OPEN = ("queued", "deferred", "sending")
_WAITING = sa.text(f"deliveries.{schema.WAITING}")

RESEND_ONCE = "resend-once"
"""The cause of an uncertain delivery that is sent once more when it is due (CASES B6)."""

HOLDABLE = ("queued", "deferred", "uncertain", "parked")
RETRYABLE = ("deferred", "uncertain", "bounced", "parked", "held", "cancelled", "queued")
DROPPABLE = ("queued", "deferred", "uncertain", "parked", "held", "bounced")


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One mail to one recipient, to be written."""

    desk: str
    ticket_id: int | None
    person_id: int | None
    recipient: str
    mail: str
    language: str
    due: datetime
    message_id: str
    context: dict[str, Any]
    in_reply_to: str | None = None
    is_answer: bool = False
    merge_key: str | None = None
    intake_id: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery."""

    id: int
    desk: str
    ticket_id: int | None
    person_id: int | None
    recipient: str
    mail: str
    language: str
    tries: int
    message_id: str
    in_reply_to: str | None
    context: dict[str, Any]
    created_at: datetime
    cause: str | None


def enqueue(connection: Connection, deliveries: Sequence[NewDelivery], *, now: datetime) -> None:
    """Write deliveries on the caller's connection, in his transaction."""
    rows = [
        {
            "desk": d.desk,
            "ticket_id": d.ticket_id,
            "person_id": d.person_id,
            "recipient": d.recipient,
            "mail": d.mail,
            "language": d.language,
            "state": "queued",
            "is_answer": d.is_answer,
            "merge_key": d.merge_key,
            "due": d.due,
            "message_id": d.message_id,
            "in_reply_to": d.in_reply_to,
            "context": d.context,
            "intake_id": d.intake_id,
            "created_at": now,
        }
        for d in deliveries
    ]
    if rows:
        connection.execute(sa.insert(_d), rows)


def mergeable(connection: Connection, merge_key: str) -> sa.Row[Any] | None:
    """The delivery with this key that still waits in its merge window, locked; None when there is none."""
    query = sa.select(_d).where(_d.c.merge_key == merge_key, _d.c.state == "queued", _d.c.tries == 0).order_by(_d.c.id.desc()).limit(1)
    return connection.execute(query.with_for_update(skip_locked=True)).first()


def merge(connection: Connection, delivery_id: int, *, mail: str, due: datetime, context: dict[str, Any], in_reply_to: str | None) -> None:
    """Make a waiting delivery carry more."""
    connection.execute(
        sa.update(_d).where(_d.c.id == delivery_id).values(mail=mail, due=due, context=context, in_reply_to=in_reply_to),
    )


def claim(
    connection: Connection,
    *,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    in_hand: frozenset[int] = frozenset(),
) -> list[Delivery]:
    """Take what is due, and what a dead worker left behind, oldest first.

    `in_hand` are deliveries that this very process is sending: it knows better than their lease that they are in work.
    """
    waits_for_another = (
        sa.select(_earlier.c.id)
        .where(
            _earlier.c.recipient == _d.c.recipient,
            _earlier.c.ticket_id == _d.c.ticket_id,
            _earlier.c.id < _d.c.id,
            _earlier.c.state.in_(OPEN),
            # News in its merge window holds later news back, and no answer that is due at once (ruling 3).
            sa.or_(_d.c.merge_key.is_not(None), _earlier.c.merge_key.is_(None), _earlier.c.state != "queued", _earlier.c.due <= now),
        )
        .exists()
    )
    ready = sa.and_(
        _WAITING,
        _d.c.state.in_((*OPEN, "uncertain")),
        _d.c.due <= now,
        sa.or_(_d.c.state != "sending", _d.c.lease_until < now),
        sa.or_(_d.c.state != "uncertain", _d.c.cause == RESEND_ONCE),
        ~waits_for_another,
        *([_d.c.id.not_in(sorted(in_hand))] if in_hand else []),
    )
    query = sa.select(_d.c.id).where(ready).order_by(_d.c.due, _d.c.id).limit(limit).with_for_update(skip_locked=True, of=_d)
    ids = [row.id for row in connection.execute(query)]
    if not ids:
        return []
    connection.execute(
        sa.update(_d).where(_d.c.id.in_(ids)).values(state="sending", lease_owner=owner, lease_until=now + lease, tries=_d.c.tries + 1),
    )
    columns = [_d.c[name] for name in Delivery.__slots__]
    return [Delivery(*row) for row in connection.execute(sa.select(*columns).where(_d.c.id.in_(ids)).order_by(_d.c.due, _d.c.id))]


def renew(connection: Connection, delivery_id: int, *, owner: str, now: datetime, lease: timedelta) -> bool:
    """Hold on to a claimed delivery; False when another worker has it."""
    mine = sa.and_(_d.c.id == delivery_id, _d.c.lease_owner == owner, _d.c.state == "sending")
    return connection.execute(sa.update(_d).where(mine).values(lease_until=now + lease)).rowcount == 1


def settle(
    connection: Connection,
    delivery_id: int,
    *,
    owner: str,
    state: str,
    now: datetime,
    answer: str,
    cause: str | None = None,
    due: datetime | None = None,
    phase: str | None = None,
    code: int | None = None,
) -> bool:
    """Write down how a try ended. False when the lease went to another worker: then nothing is written, and his word counts."""
    mine = sa.and_(_d.c.id == delivery_id, _d.c.lease_owner == owner, _d.c.state == "sending")
    values: dict[str, Any] = {"state": state, "lease_owner": None, "lease_until": None, "answer": answer, "cause": cause}
    if due is not None:
        values["due"] = due
    if state not in {"deferred", "queued"}:
        values["settled_at"] = now
    if connection.execute(sa.update(_d).where(mine).values(**values)).rowcount != 1:
        return False
    add_attempt(connection, delivery_id, now=now, outcome=state, phase=phase, code=code, text=answer)
    return True


def add_attempt(
    connection: Connection,
    delivery_id: int,
    *,
    now: datetime,
    outcome: str,
    text: str,
    phase: str | None = None,
    code: int | None = None,
) -> None:
    """One more line in the life of a delivery."""
    row = {"delivery_id": delivery_id, "at": now, "outcome": outcome, "phase": phase, "code": code, "text": text}
    connection.execute(sa.insert(schema.attempts), row)


def give_back(connection: Connection, ids: Iterable[int], *, owner: str) -> None:
    """Let go of claimed deliveries that were not tried."""
    mine = sa.and_(_d.c.id.in_(list(ids)), _d.c.lease_owner == owner, _d.c.state == "sending")
    connection.execute(sa.update(_d).where(mine).values(state="queued", lease_owner=None, lease_until=None, tries=_d.c.tries - 1))


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When the next delivery is due that nobody works on; None when nothing waits."""
    moment: datetime | None = connection.execute(
        sa.select(_d.c.due).where(_WAITING, _d.c.state.in_(("queued", "deferred")), _d.c.due > now).order_by(_d.c.due).limit(1),
    ).scalar()
    return moment


def mark_bounced(connection: Connection, delivery_id: int, *, now: datetime, answer: str) -> None:
    """A delivery report came home: the mail that was sent did not arrive."""
    connection.execute(sa.update(_d).where(_d.c.id == delivery_id).values(state="bounced", settled_at=now, answer=answer, cause="reported"))
    add_attempt(connection, delivery_id, now=now, outcome="bounced", text=answer, phase="report")


def left_already(connection: Connection, ticket_id: int, intake_id: int) -> bool:
    """Whether words that one mail put on a ticket are on their way to a participant or there, in whichever mail they travel."""
    gone = sa.and_(_d.c.ticket_id == ticket_id, _d.c.merge_key.is_not(None), _d.c.state.in_(("sending", "sent", "uncertain", "deferred")))
    rows = connection.execute(sa.select(_d.c.intake_id, _d.c.context).where(gone))
    return any(intake_id in (row.intake_id, *row.context.get("merged", ())) for row in rows)


def cancel_of_intake(connection: Connection, intake_id: int, *, now: datetime, why: str) -> int:
    """Cancel what one mail set in motion and has not left; a mail that carries other news too stays, without the withdrawn words."""
    waiting = connection.execute(
        sa.select(_d.c.id, _d.c.context).where(_d.c.intake_id == intake_id, _d.c.state.in_(("queued", "deferred"))).with_for_update(),
    ).all()
    ids = [row.id for row in waiting if not row.context.get("merged")]
    if ids:
        connection.execute(sa.update(_d).where(_d.c.id.in_(ids)).values(state="cancelled", settled_at=now, hold_reason=why))
    return len(ids)


@dataclass(frozen=True, slots=True)
class Answered:
    """What an address got and sent lately: what the brakes of `gateway.domain.guard` ask about."""

    mails_in_window: int
    """Its mails that arrived in the flood window, this one too."""
    answers_today: int
    last_of_kind: datetime | None
    braked_until: datetime | None
    undeliverable: bool


def _answered_query() -> sa.Select[Any]:
    # One round trip for five questions: they are asked for every mail that opens a ticket.
    address: sa.BindParameter[str] = sa.bindparam("address", type_=sa.Text)
    to_it = sa.and_(_d.c.recipient == address, _d.c.is_answer == sa.true())
    mails = (
        sa.select(_intake.c.id)
        .where(_intake.c.sender == address, _intake.c.received_at > sa.bindparam("window", type_=schema.Utc))
        .limit(sa.bindparam("most"))
        .subquery()
    )
    today = sa.and_(to_it, _d.c.created_at > sa.bindparam("day", type_=schema.Utc), _d.c.state != "cancelled")
    return sa.select(
        sa.select(sa.func.count()).select_from(mails).scalar_subquery().label("mails_in_window"),
        sa.select(sa.func.count()).select_from(_d).where(today).scalar_subquery().label("answers_today"),
        sa.select(sa.func.max(_d.c.created_at)).where(to_it, _d.c.mail == sa.bindparam("mail")).scalar_subquery().label("last_of_kind"),
        sa.select(schema.brakes.c.until).where(schema.brakes.c.address == address).scalar_subquery().label("braked_until"),
        sa.select(schema.addresses.c.undeliverable_at)
        .where(schema.addresses.c.address == address)
        .scalar_subquery()
        .label("undeliverable"),
    )


_ANSWERED = _answered_query()


def answered(connection: Connection, address: str, mail: str, *, window: datetime, day: datetime, most: int) -> Answered:
    """What `address` sent since `window` (counted up to `most`), and got since `day`."""
    values = {"address": address, "mail": mail, "window": window, "day": day, "most": most}
    row = connection.execute(_ANSWERED, values).one()
    return Answered(row.mails_in_window, row.answers_today, row.last_of_kind, row.braked_until, row.undeliverable is not None)


def count_to(connection: Connection, recipient: str, mail: str, *, since: datetime) -> int:
    """How many mails of one kind went to an address since then."""
    sent = sa.and_(_d.c.recipient == recipient, _d.c.mail == mail, _d.c.created_at > since, _d.c.state != "cancelled")
    return int(connection.execute(sa.select(sa.func.count()).select_from(_d).where(sent)).scalar_one())


def count_on(connection: Connection, ticket_id: int, person_id: int, mail: str, *, since: datetime) -> int:
    """How many mails of one kind about one ticket went to a person since then."""
    sent = sa.and_(_d.c.ticket_id == ticket_id, _d.c.person_id == person_id, _d.c.mail == mail, _d.c.created_at > since)
    return int(connection.execute(sa.select(sa.func.count()).select_from(_d).where(sent, _d.c.state != "cancelled")).scalar_one())


def talked_to(connection: Connection, ticket_id: int, *, since: datetime, least: int) -> frozenset[str]:
    """The addresses that got at least so many mails about a ticket since then."""
    counted = sa.select(_d.c.recipient).where(_d.c.ticket_id == ticket_id, _d.c.created_at > since, _d.c.state != "cancelled")
    rows = connection.execute(counted.group_by(_d.c.recipient).having(sa.func.count() >= least))
    return frozenset(row.recipient for row in rows)


def brake(connection: Connection, address: str, *, until: datetime, why: str) -> None:
    """No automatic answers to this address until then."""
    insert_or_update(connection, schema.brakes, ("address",), {"address": address, "until": until, "why": why})


def listing(connection: Connection, *, states: Sequence[str], limit: int) -> list[sa.Row[Any]]:
    """Deliveries in these states, the next due first."""
    return list(connection.execute(sa.select(_d).where(_d.c.state.in_(list(states))).order_by(_d.c.due, _d.c.id).limit(limit)).all())


def get(connection: Connection, delivery_id: int) -> sa.Row[Any] | None:
    """One delivery, whole."""
    return connection.execute(sa.select(_d).where(_d.c.id == delivery_id)).first()


def by_message_id(connection: Connection, message_id: str) -> sa.Row[Any] | None:
    """The delivery that carries this Message-ID."""
    return connection.execute(sa.select(_d).where(_d.c.message_id == message_id)).first()


def of_intake(connection: Connection, intake_id: int) -> list[sa.Row[Any]]:
    """What one mail set in motion."""
    return list(connection.execute(sa.select(_d).where(_d.c.intake_id == intake_id).order_by(_d.c.id)).all())


def of_ticket(connection: Connection, ticket_id: int) -> list[sa.Row[Any]]:
    """All mails about a ticket, oldest first."""
    return list(connection.execute(sa.select(_d).where(_d.c.ticket_id == ticket_id).order_by(_d.c.id)).all())


def thread(connection: Connection, ticket_id: int, recipient: str, *, before: int) -> list[str]:
    """The Message-IDs of what this recipient got on this ticket before a delivery, oldest first."""
    rows = connection.execute(
        sa.select(_d.c.message_id)
        .where(_d.c.ticket_id == ticket_id, _d.c.recipient == recipient, _d.c.id < before, _d.c.state == "sent")
        .order_by(_d.c.id),
    )
    return [row.message_id for row in rows]


def attempts(connection: Connection, delivery_id: int) -> list[sa.Row[Any]]:
    """The tries of a delivery with the peer's answers, oldest first."""
    table = schema.attempts
    return list(connection.execute(sa.select(table).where(table.c.delivery_id == delivery_id).order_by(table.c.id)).all())


def operate(connection: Connection, delivery_id: int, *, sources: Sequence[str], now: datetime, **values: Any) -> bool:
    """An operator's word on one delivery (hold, release, retry, drop), if it is in one of `sources`."""
    row = sa.and_(_d.c.id == delivery_id, _d.c.state.in_(list(sources)))
    if connection.execute(sa.update(_d).where(row).values(lease_owner=None, lease_until=None, **values)).rowcount != 1:
        return False
    add_attempt(connection, delivery_id, now=now, outcome=str(values["state"]), text="by an operator", phase="operator")
    return True


def counts(connection: Connection) -> dict[str, int]:
    """How many deliveries are in each state that is not an end."""
    rows = connection.execute(sa.select(_d.c.state, sa.func.count()).where(_WAITING).group_by(_d.c.state))
    return {row[0]: row[1] for row in rows}


def oldest_due(connection: Connection) -> datetime | None:
    """The due time of the oldest mail that waits."""
    moment: datetime | None = connection.execute(sa.select(sa.func.min(_d.c.due)).where(_WAITING, _d.c.state.in_(OPEN))).scalar()
    return moment
