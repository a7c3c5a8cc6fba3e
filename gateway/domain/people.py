"""Who takes part: addresses, persons, organisations and participants.

An address is compared without case and is always stored lower-case; the spelling that a person used is kept for display only.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_NEAREST = 3
_NAME_WORD = re.compile(r"[^\W_]+")
_LOOK_ALIKE = str.maketrans("аеорсухіјѕԁһӏАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναρτυκı", "aeopcyxijsdhlABEKMHOPCTXIJSABEZHIKMNOPTYXovaptuki")
"""Cyrillic and Greek letters that are drawn like Latin ones: the pairs of UTS 39 that a European name may be forged with."""
_LONGEST_NAME = 80
"""What is longer is compared with nothing: difflib is quadratic."""


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
    key_epoch: int = 0
    """What his links must carry (gateway.mail.signed.link)."""
    verified: bool = False
    """True once the address was proved to be his: a DMARC pass, an answer to a signed address, or an operator's word."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A person on a ticket, with what he wants to hear of it."""

    person: Person
    part: Part
    muted: bool = False


def resembled(agents: Sequence[Person], address: Address) -> Person | None:
    """The agent whose name `address` bears without being his; None also for an agent's own addresses, and for names of one word."""
    bears = _skeleton(address.name)
    if len(bears) <= 1 or any(address.address in agent.addresses for agent in agents):
        return None
    return next((agent for agent in agents if not agent.disabled and _skeleton(agent.name) == bears), None)


def _skeleton(name: str) -> frozenset[str]:
    """The words of a name without case, accents and order, and with letters of other scripts as those that they look like (UTS 39 §4)."""
    folded = unicodedata.normalize("NFKD", name.translate(_LOOK_ALIKE)).casefold()
    return frozenset(_NAME_WORD.findall("".join(c for c in folded if not unicodedata.combining(c)).translate(_LOOK_ALIKE)))


@dataclass(frozen=True, slots=True)
class Nobody:
    """No agent is called that. `perhaps` are addresses of those who may be meant: those that begin so (`several`), or the nearest ones."""

    perhaps: tuple[str, ...]
    several: bool = False


def agent_called(agents: Sequence[Person], typed: str) -> Person | Nobody:
    """The agent that `typed` names: an address, a name, or the beginning of an address or name that only one has; case does not count."""
    wanted = typed.strip().lower()
    known = {spelling: agent for agent in agents if not agent.disabled for spelling in (*agent.addresses, agent.name.lower())}
    if wanted in known:
        return known[wanted]
    begun = {agent.id: agent for spelling, agent in known.items() if wanted and spelling.startswith(wanted)}
    if len(begun) == 1:
        return next(iter(begun.values()))
    if begun:
        return Nobody(tuple(agent.address for agent in begun.values())[:_NEAREST], several=True)
    close = difflib.get_close_matches(wanted[:_LONGEST_NAME], known, n=2 * _NEAREST, cutoff=0.5)
    return Nobody(tuple(dict.fromkeys(known[spelling].address for spelling in close))[:_NEAREST])
