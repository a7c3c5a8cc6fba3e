"""How far a mail is believed to be from whom it says, from what itself proves.

Two things prove something: a signed address of ours that was made for this very person, and our own mail server's word on the domain of
From. What is refuted by the domain is believed no more than a stranger's, unless it came to such an address: forwarding breaks signatures.
The level gives no right by itself; each right asks for what it needs (gateway.mail.match, rulings 5 and 6).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from gateway.mail.inbound import SenderProof
from gateway.mail.signed.address import Purpose


class Trust(StrEnum):
    """The levels, highest first."""

    AGENT_PROVED = "agent-proved"
    """An agent, on an address that was signed for him and this ticket, with all else that `agent_mail` asks for."""
    CUSTOMER_PROVED = "customer-proved"
    """A person who wrote to an address signed for him, or whose mail server proved the domain."""
    KNOWN = "known"
    """From is somebody whom we know, and nothing proves or refutes it."""
    UNKNOWN = "unknown"
    """Somebody never seen before, not surely one mailbox, or refuted by the domain."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a mail shows of its sender. `known` False: never seen before this mail, or From is not surely one mailbox."""

    known: bool
    is_agent: bool
    proof: SenderProof
    purposes: Collection[Purpose]
    """What the signed addresses are for that it came to, of those that were made for the sender and are still good."""
    agent_mail: str
    """strict, normal or off (ruling 5)."""


def trust_of(shown: Shown) -> Trust:
    """The first level whose rule says yes."""
    return next((level for level, rule in RULES if rule(shown)), Trust.UNKNOWN)


def _agent_proved(shown: Shown) -> bool:
    signed = not {Purpose.AGENT, Purpose.NOTE}.isdisjoint(shown.purposes)
    proved = shown.proof is SenderProof.PASS if shown.agent_mail == "strict" else shown.proof is not SenderProof.FAIL
    return shown.is_agent and signed and proved and shown.agent_mail != "off"


def _customer_proved(shown: Shown) -> bool:
    signed = not {Purpose.REPLY, Purpose.GUARD}.isdisjoint(shown.purposes)
    return shown.proof is SenderProof.PASS or (signed and shown.proof is not SenderProof.FAIL)


def _known(shown: Shown) -> bool:
    return shown.known and (shown.proof is not SenderProof.FAIL or bool(shown.purposes))


RULES: tuple[tuple[Trust, Callable[[Shown], bool]], ...] = (
    (Trust.AGENT_PROVED, _agent_proved),
    (Trust.CUSTOMER_PROVED, _customer_proved),
    (Trust.KNOWN, _known),
)
"""Asked in this order; what none of them says is unknown."""
