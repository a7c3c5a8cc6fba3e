"""Who takes part: addresses, persons, organisations, participants; and who may see and do what.

An address is compared without case and is always stored lower-case; the spelling that a person used is kept for display only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address with its display name, as read from one mailbox of a header (RFC 5322 §3.4).

    `address` is lower-case `local@domain`, with the domain in A-label (ASCII) form; `name` is decoded, free of control and
    bidirectional characters, and may be empty.
    """

    address: str
    name: str = ""

    @property
    def local_part(self) -> str:
        """The part before the last `@`."""
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """The part behind the last `@`."""
        return self.address.rpartition("@")[2]


class Role(StrEnum):
    """What a person is to the desk. A person is a customer on a ticket that he opened, whatever his role."""

    CUSTOMER = "customer"
    AGENT = "agent"


class Part(StrEnum):
    """Why somebody is a participant of a ticket."""

    REQUESTER = "requester"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True)
class Person:
    """A customer or an agent. `addresses` are all that he is known by; `address` is where mails to him go."""

    id: int
    name: str
    role: Role
    address: str
    addresses: frozenset[str]
    language: str
    organisation: str | None = None
    disabled: bool = False
    verified: bool = False
    """True once the address was proved to be his: a DMARC pass, an answer to a signed address, or an operator's word."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A person on a ticket, with what he wants to hear of it."""

    person: Person
    part: Part
    muted: bool = False


def may_see(person: Person, participant_ids: frozenset[int]) -> bool:
    """Whether `person` may see a ticket whose participants are `participant_ids`: agents see all, customers what is theirs."""
    return not person.disabled and (person.role is Role.AGENT or person.id in participant_ids)
