"""How far a mail is believed to be from whom it says."""

from __future__ import annotations

import itertools

import pytest

from gateway.mail.inbound import SenderProof
from gateway.mail.signed.address import Purpose
from gateway.mail.trust import Shown, Trust, trust_of

PASS, FAIL, NONE = SenderProof.PASS, SenderProof.FAIL, SenderProof.NONE


def shown(proof: SenderProof, *purposes: Purpose, known: bool = True, is_agent: bool = False, agent_mail: str = "normal") -> Shown:
    """A mail of somebody known, unless said otherwise."""
    return Shown(known, is_agent, proof, frozenset(purposes), agent_mail)


@pytest.mark.parametrize(
    ("mail", "trust"),
    [
        (shown(NONE, Purpose.AGENT, is_agent=True), Trust.AGENT_PROVED),
        (shown(NONE, Purpose.NOTE, is_agent=True), Trust.AGENT_PROVED),
        (shown(PASS, Purpose.AGENT, is_agent=True, agent_mail="strict"), Trust.AGENT_PROVED),
        (shown(NONE, Purpose.AGENT, is_agent=True, agent_mail="strict"), Trust.KNOWN),
        (shown(NONE, Purpose.AGENT, is_agent=True, agent_mail="off"), Trust.KNOWN),
        (shown(FAIL, Purpose.AGENT, is_agent=True), Trust.KNOWN),
        (shown(NONE, is_agent=True), Trust.KNOWN),
        (shown(PASS, is_agent=True), Trust.CUSTOMER_PROVED),
        (shown(NONE, Purpose.AGENT), Trust.KNOWN),
        (shown(NONE, Purpose.REPLY), Trust.CUSTOMER_PROVED),
        (shown(NONE, Purpose.GUARD), Trust.CUSTOMER_PROVED),
        (shown(PASS), Trust.CUSTOMER_PROVED),
        (shown(PASS, known=False), Trust.CUSTOMER_PROVED),
        (shown(FAIL, Purpose.REPLY), Trust.KNOWN),
        (shown(NONE), Trust.KNOWN),
        (shown(FAIL), Trust.UNKNOWN),
        (shown(NONE, known=False), Trust.UNKNOWN),
        (shown(FAIL, known=False), Trust.UNKNOWN),
    ],
)
def test_the_level_follows_from_what_is_proved(mail: Shown, trust: Trust) -> None:
    """A signed address and the word of our own mail server prove; the domain's own "no" takes away (rulings 5 and 6)."""
    assert trust_of(mail) is trust


def test_nobody_is_an_agent_without_an_agents_address() -> None:
    """Over all combinations: an agent is proved only by an address that was signed for him, and never against his domain (CASES A1.1)."""
    purposes = [frozenset(some) for n in range(3) for some in itertools.combinations(Purpose, n)]
    modes = ("strict", "normal", "off")
    for known, is_agent, proof, held, mode in itertools.product((True, False), (True, False), SenderProof, purposes, modes):
        if trust_of(Shown(known, is_agent, proof, held, mode)) is Trust.AGENT_PROVED:
            assert is_agent
            assert proof is not FAIL
            assert mode != "off"
            assert held & {Purpose.AGENT, Purpose.NOTE}
