"""How a try of a delivery may end."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import get_args

import pytest

from gateway.domain.delivery import Bounced, Deferred, Outcome, Sent, Uncertain


def test_there_are_four_outcomes_and_no_fifth() -> None:
    """Whoever decides on an outcome has to know all of them: taken over, not now, never, and unknown."""
    assert set(get_args(Outcome)) == {Sent, Deferred, Bounced, Uncertain}


def test_a_refusal_is_the_servers_unless_said_otherwise() -> None:
    """A 5xx is a refusal; size, address and SMTPUTF8 are known without asking, and say so."""
    assert Bounced("rcpt", 550, "5.1.1 unknown").cause == "refused"
    assert Bounced("mail", None, "too large", "size").cause == "size"


def test_a_deferral_without_a_reply_has_no_code() -> None:
    """A connection that was refused is no answer with a code, and the two never compare equal."""
    assert Deferred("connect", None, "refused", "connect") != Deferred("connect", 421, "refused", "connect")


@pytest.mark.parametrize(
    "outcome", [Sent("250"), Deferred("data", 451, "later", "temporary"), Bounced("rcpt", 550, "no"), Uncertain("lost")]
)
def test_what_happened_is_not_changed_afterwards(outcome: Outcome) -> None:
    """An outcome is a fact for whoever reads it next."""
    for one in fields(outcome):
        with pytest.raises(FrozenInstanceError):
            setattr(outcome, one.name, "other")
