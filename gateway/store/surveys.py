"""Surveys and their answers: one question for each resolution and person, the last answer counts, every answer is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.store import schema

_surveys, _answers, _tickets = schema.surveys, schema.survey_answers, schema.tickets
_OPEN = sa.text("surveys.reminded_at IS NULL AND surveys.answered_at IS NULL AND surveys.withdrawn_at IS NULL")
"""In the words of the partial index."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One question to one person. `rating` and `comment` are the last answer."""

    id: int
    ticket_id: int
    person_id: int
    assignee_id: int | None
    round: int
    asked_at: datetime
    expires_at: datetime
    reminded_at: datetime | None
    withdrawn_at: datetime | None
    rating: int | None
    comment: str
    answered_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether an answer may be given or changed."""
        return self.withdrawn_at is None and now < self.expires_at


_COLUMNS = [_surveys.c[name] for name in Survey.__slots__]
_TO_REMIND = (  # each bell asks it, so it is built once
    sa.select(*_COLUMNS)
    .where(
        _OPEN,
        _surveys.c.asked_at <= sa.bindparam("asked_before", type_=schema.Utc()),
        _surveys.c.expires_at > sa.bindparam("now", type_=schema.Utc()),
        _surveys.c.id > sa.bindparam("after"),
    )
    .order_by(_surveys.c.id)
    .limit(sa.bindparam("most"))
)


def ask(connection: Connection, *, ticket_id: int, person_id: int, assignee_id: int | None, now: datetime, expires_at: datetime) -> Survey:
    """A new survey, in the ticket's next round. The caller holds the ticket's lock."""
    last = connection.execute(sa.select(sa.func.max(_surveys.c.round)).where(_surveys.c.ticket_id == ticket_id)).scalar() or 0
    values = {
        "ticket_id": ticket_id,
        "person_id": person_id,
        "assignee_id": assignee_id,
        "round": last + 1,
        "asked_at": now,
        "expires_at": expires_at,
    }
    return Survey(*connection.execute(sa.insert(_surveys).values(**values).returning(*_COLUMNS)).one())


def get(connection: Connection, survey_id: int) -> Survey | None:
    """A survey, or None."""
    row = connection.execute(sa.select(*_COLUMNS).where(_surveys.c.id == survey_id)).first()
    return Survey(*row) if row else None


def open_of(connection: Connection, ticket_id: int, person_id: int, *, now: datetime) -> Survey | None:
    """The newest survey of this person about this ticket that takes answers."""
    query = (
        sa.select(*_COLUMNS)
        .where(
            _surveys.c.ticket_id == ticket_id,
            _surveys.c.person_id == person_id,
            _surveys.c.withdrawn_at.is_(None),
            _surveys.c.expires_at > now,
        )
        .order_by(_surveys.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return Survey(*row) if row else None


def last_asked(connection: Connection, person_id: int) -> datetime | None:
    """When this person was last asked about anything, questions that were taken back left out."""
    query = sa.select(sa.func.max(_surveys.c.asked_at)).where(_surveys.c.person_id == person_id, _surveys.c.withdrawn_at.is_(None))
    moment: datetime | None = connection.execute(query).scalar()
    return moment


def withdraw(connection: Connection, ticket_id: int, *, now: datetime) -> int:
    """Take back what was asked about a ticket and not answered. How many."""
    unanswered = sa.and_(_surveys.c.ticket_id == ticket_id, _surveys.c.answered_at.is_(None), _surveys.c.withdrawn_at.is_(None))
    return connection.execute(sa.update(_surveys).where(unanswered).values(withdrawn_at=now)).rowcount


def answer(connection: Connection, survey_id: int, *, rating: int, comment: str, now: datetime) -> None:
    """The last answer, and one more in the history."""
    connection.execute(sa.insert(_answers), {"survey_id": survey_id, "rating": rating, "comment": comment, "at": now})
    changed = {"rating": rating, "comment": comment, "answered_at": now}
    connection.execute(sa.update(_surveys).where(_surveys.c.id == survey_id).values(**changed))


def lock(connection: Connection, survey_id: int) -> Survey | None:
    """A survey that nobody else changes until this transaction ends."""
    connection.execute(sa.select(_surveys.c.id).where(_surveys.c.id == survey_id).with_for_update())
    return get(connection, survey_id)


def to_remind(connection: Connection, *, asked_before: datetime, now: datetime, after: int, limit: int) -> list[Survey]:
    """Surveys without an answer, asked before then and not reminded of, that still take one; by id, behind `after`."""
    wanted = {"asked_before": asked_before, "now": now, "after": after, "most": limit}
    return [Survey(*row) for row in connection.execute(_TO_REMIND, wanted)]


def mark_reminded(connection: Connection, survey_id: int, *, now: datetime) -> bool:
    """Note that the reminder goes out now; False when it went before."""
    row = sa.and_(_surveys.c.id == survey_id, _OPEN)
    return connection.execute(sa.update(_surveys).where(row).values(reminded_at=now)).rowcount == 1


def report(connection: Connection, *, since: datetime, desk: str | None = None) -> list[sa.Row[Any]]:
    """Every survey asked since then and not taken back, oldest first: with ticket, who was asked about whose work, and the last answer."""
    assignee, asked = schema.people.alias("assignee"), schema.people.alias("asked")
    query: sa.Select[Any] = (
        sa.select(
            *_COLUMNS,
            _tickets.c.desk,
            _tickets.c.number,
            asked.c.name.label("person"),
            assignee.c.name.label("agent"),
            schema.organisations.c.code.label("organisation"),
        )
        .join(_tickets, _tickets.c.id == _surveys.c.ticket_id)
        .join(asked, asked.c.id == _surveys.c.person_id)
        .outerjoin(assignee, assignee.c.id == _surveys.c.assignee_id)
        .outerjoin(schema.organisations, schema.organisations.c.id == _tickets.c.organisation_id)
        .where(_surveys.c.asked_at >= since, _surveys.c.withdrawn_at.is_(None))
        .order_by(_surveys.c.id)
    )
    if desk is not None:
        query = query.where(_tickets.c.desk == desk)
    return list(connection.execute(query).all())
