"""Who hears of what."""

from __future__ import annotations

import pytest

from gateway.domain.audience import BY_CODE, PASSES_MUTE, STRENGTH, Mail, Notify, Skip, agents_hear, participants_hear, strongest
from gateway.domain.people import Part, Participant, Person, Role


def _person(number: int, *, role: Role = Role.CUSTOMER, disabled: bool = False) -> Person:
    address = f"p{number}@example.org"
    return Person(number, f"P {number}", role, address, frozenset({address}), "en", disabled=disabled)


def _participant(number: int, *, muted: bool = False, disabled: bool = False) -> Participant:
    return Participant(_person(number, disabled=disabled), Part.PARTICIPANT, muted)


@pytest.mark.parametrize("mail", STRENGTH)
def test_nobody_is_told_of_his_own_act(mail: Mail) -> None:
    """Invariant 1: the actor gets no mail, the others do."""
    one, two = _participant(1), _participant(2)

    assert (Skip(one.person, mail, "own-action"), Notify(two.person, mail)) == participants_hear(mail, [one, two], actor_id=1)


@pytest.mark.parametrize("mail", STRENGTH)
def test_a_muted_participant_gets_what_asks_or_ends(mail: Mail) -> None:
    """Invariant 3: questions, approvals and resolutions pass a mute, nothing else does."""
    muted = _participant(1, muted=True)
    heard = participants_hear(mail, [muted], actor_id=None)

    assert ((Notify(muted.person, mail),) if mail in PASSES_MUTE else (Skip(muted.person, mail, "muted"),)) == heard


def test_the_disabled_hear_nothing() -> None:
    """Neither a customer nor an agent who was switched off."""
    gone = _participant(1, disabled=True)

    assert (Skip(gone.person, Mail.RESOLVED, "disabled"),) == participants_hear(Mail.RESOLVED, [gone], actor_id=None)
    assert () == agents_hear(Mail.AGENT_NEW_REQUEST, [_person(1, role=Role.AGENT, disabled=True)], assignee_id=None, actor_id=None)


def test_the_assignee_hears_for_the_team() -> None:
    """A reply goes to the assignee alone; to all where there is none, or where he is away for good."""
    team = [_person(1, role=Role.AGENT), _person(2, role=Role.AGENT)]

    assert (Notify(team[1], Mail.AGENT_CLIENT_REPLIED),) == agents_hear(Mail.AGENT_CLIENT_REPLIED, team, assignee_id=2, actor_id=None)
    assert 2 == len(agents_hear(Mail.AGENT_CLIENT_REPLIED, team, assignee_id=None, actor_id=None))
    assert 2 == len(agents_hear(Mail.AGENT_CLIENT_REPLIED, team, assignee_id=9, actor_id=None))
    assert 2 == len(agents_hear(Mail.AGENT_NEW_REQUEST, team, assignee_id=2, actor_id=None))


def test_the_strongest_mail_speaks_for_all() -> None:
    """A status change and a comment are one mail: the one that asks most."""
    assert Mail.ANSWER_NEEDED == strongest([Mail.COMMENT, Mail.ANSWER_NEEDED, Mail.STATUS_CHANGED])
    assert set(BY_CODE.values()) == set(STRENGTH)
