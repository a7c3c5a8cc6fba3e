"""Persons, their addresses and their organisations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.domain.people import Person, Role
from gateway.store import schema

_people, _addresses, _organisations = schema.people, schema.addresses, schema.organisations
_other = _addresses.alias()
_COLUMNS = (
    _people.c.id,
    _people.c.name,
    _people.c.role,
    _people.c.language,
    _people.c.disabled,
    _people.c.verified,
    _people.c.key_epoch,
    _organisations.c.code.label("organisation"),
    _addresses.c.address,
    _addresses.c.is_primary,
)
_WITH_ADDRESSES = _people.join(_addresses, _addresses.c.person_id == _people.c.id).outerjoin(
    _organisations,
    _organisations.c.id == _people.c.organisation_id,
)
_BY_ADDRESS = (
    sa.select(*_COLUMNS)
    .select_from(
        _other.join(_people, _people.c.id == _other.c.person_id)
        .join(_addresses, _addresses.c.person_id == _people.c.id)
        .outerjoin(_organisations, _organisations.c.id == _people.c.organisation_id),
    )
    .where(_other.c.address == sa.bindparam("wanted"))
)
_BY_ROLE = sa.select(*_COLUMNS).select_from(_WITH_ADDRESSES).where(_people.c.role == sa.bindparam("wanted")).order_by(_people.c.id)


class AddressTakenError(Exception):
    """The address belongs to somebody already."""


def _persons(rows: Iterable[sa.Row[Any]]) -> list[Person]:
    """Rows of persons times addresses -> persons, in the order of their first row."""
    found: dict[int, list[sa.Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return [
        Person(
            id=first.id,
            name=first.name,
            role=Role(first.role),
            address=next((r.address for r in group if r.is_primary), first.address),
            addresses=frozenset(r.address for r in group),
            language=first.language,
            organisation=first.organisation,
            disabled=first.disabled,
            verified=first.verified,
            key_epoch=first.key_epoch,
        )
        for group in found.values()
        for first in group[:1]
    ]


def by_address(connection: Connection, address: str) -> Person | None:
    """The person known by `address` (lower-case), or None."""
    found = _persons(connection.execute(_BY_ADDRESS, {"wanted": address}))
    return found[0] if found else None


def by_ids(connection: Connection, ids: Iterable[int]) -> dict[int, Person]:
    """The persons with these ids."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    query = sa.select(*_COLUMNS).select_from(_WITH_ADDRESSES).where(_people.c.id.in_(wanted)).order_by(_people.c.id)
    return {person.id: person for person in _persons(connection.execute(query))}


def agents(connection: Connection) -> list[Person]:
    """All agents, disabled ones too, oldest first."""
    return _persons(connection.execute(_BY_ROLE, {"wanted": Role.AGENT.value}))


def everybody(connection: Connection, limit: int) -> list[Person]:
    """All persons, newest first."""
    ids = sa.select(_people.c.id).order_by(_people.c.id.desc()).limit(limit)
    query = sa.select(*_COLUMNS).select_from(_WITH_ADDRESSES).where(_people.c.id.in_(ids)).order_by(_people.c.id.desc())
    return _persons(connection.execute(query))


def add(
    connection: Connection,
    *,
    name: str,
    role: Role,
    address: str,
    language: str,
    organisation_id: int | None,
    verified: bool,
    now: datetime,
) -> int:
    """A new person with his first address. Raises AddressTakenError when somebody has it."""
    taken = connection.execute(sa.select(_addresses.c.person_id).where(_addresses.c.address == address)).first()
    if taken:
        raise AddressTakenError(f"{address} belongs to person {taken.person_id} already")
    values = {
        "name": name,
        "role": role.value,
        "language": language,
        "organisation_id": organisation_id,
        "verified": verified,
        "created_at": now,
    }
    person_id = int(connection.execute(sa.insert(_people).returning(_people.c.id), values).scalar_one())
    connection.execute(sa.insert(_addresses), {"address": address, "person_id": person_id, "is_primary": True})
    return person_id


def add_address(connection: Connection, person_id: int, address: str) -> None:
    """One more address of a person. Raises AddressTakenError when somebody has it."""
    taken = connection.execute(sa.select(_addresses.c.person_id).where(_addresses.c.address == address)).first()
    if taken and taken.person_id != person_id:
        raise AddressTakenError(f"{address} belongs to person {taken.person_id} already")
    if not taken:
        connection.execute(sa.insert(_addresses), {"address": address, "person_id": person_id, "is_primary": False})


def update(connection: Connection, person_id: int, **values: Any) -> None:
    """Change a person: name, role, language, organisation_id, disabled or verified."""
    connection.execute(sa.update(_people).where(_people.c.id == person_id).values(**values))


def revoke_links(connection: Connection, person_id: int) -> None:
    """End every link that this person holds."""
    connection.execute(sa.update(_people).where(_people.c.id == person_id).values(key_epoch=_people.c.key_epoch + 1))


def undeliverable(connection: Connection, address: str) -> bool:
    """Whether mails to this address come back."""
    moment = connection.execute(sa.select(_addresses.c.undeliverable_at).where(_addresses.c.address == address)).scalar()
    return moment is not None


def mark_undeliverable(connection: Connection, address: str, *, now: datetime, why: str) -> None:
    """Mails to this address come back: automatic ones stop until an operator or the person corrects it."""
    connection.execute(sa.update(_addresses).where(_addresses.c.address == address).values(undeliverable_at=now, undeliverable_why=why))


def mark_deliverable(connection: Connection, address: str) -> None:
    """The address works again: a mail came from it."""
    works_not = sa.and_(_addresses.c.address == address, _addresses.c.undeliverable_at.is_not(None))
    connection.execute(sa.update(_addresses).where(works_not).values(undeliverable_at=None, undeliverable_why=None))


def organisation_of_domain(connection: Connection, domain: str) -> tuple[int, str] | None:
    """The id and code of the organisation that a mail domain belongs to."""
    table = schema.organisation_domains
    row = connection.execute(
        sa.select(_organisations.c.id, _organisations.c.code)
        .join(table, table.c.organisation_id == _organisations.c.id)
        .where(table.c.domain == domain),
    ).first()
    return (row.id, row.code) if row else None


def organisation_by_code(connection: Connection, code: str) -> int | None:
    """The id of an organisation."""
    return connection.execute(sa.select(_organisations.c.id).where(_organisations.c.code == code)).scalar()


def add_organisation(connection: Connection, *, code: str, name: str, domains: Iterable[str]) -> int:
    """A new organisation, or more domains for one that exists; persons of a domain are put into it when they write."""
    found = organisation_by_code(connection, code)
    if found is None:
        found = int(connection.execute(sa.insert(_organisations).returning(_organisations.c.id), {"code": code, "name": name}).scalar_one())
    for domain in domains:
        owner = organisation_of_domain(connection, domain.lower())
        if owner and owner[0] != found:
            raise AddressTakenError(f"{domain} belongs to organisation {owner[1]} already")
        if not owner:
            connection.execute(sa.insert(schema.organisation_domains), {"domain": domain.lower(), "organisation_id": found})
    return found


def organisations(connection: Connection) -> list[tuple[str, str, tuple[str, ...]]]:
    """Code, name and domains of every organisation, by code."""
    table = schema.organisation_domains
    rows = connection.execute(
        sa.select(_organisations.c.code, _organisations.c.name, table.c.domain)
        .outerjoin(table, table.c.organisation_id == _organisations.c.id)
        .order_by(_organisations.c.code, table.c.domain),
    )
    found: dict[str, tuple[str, list[str]]] = {}
    for row in rows:
        found.setdefault(row.code, (row.name, []))[1].extend([row.domain] if row.domain else [])
    return [(code, name, tuple(domains)) for code, (name, domains) in found.items()]
