"""Who hears of what."""

from __future__ import annotations

import pytest

from gateway.domain.audience import (
    BY_CODE,
    STRENGTH,
    TABLE,
    TO_AGENTS,
    Hearer,
    Mail,
    Notify,
    Skip,
    agents_hear,
    is_automatic,
    participants_hear,
    still_true,
    strongest,
)
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

    passes = mail in {Mail.ANSWER_NEEDED, Mail.APPROVAL_REQUEST, Mail.RESOLVED}
    assert ((Notify(muted.person, mail),) if passes else (Skip(muted.person, mail, "muted"),)) == heard


@pytest.mark.parametrize("mail", Mail)
def test_the_table_has_a_row_for_every_mail_and_each_role_belongs_to_its_side(mail: Mail) -> None:
    """Nothing that only agents may read has a customer among its hearers, and the other way round; an answer has its author alone."""
    customers, agents = {Hearer.REQUESTER, Hearer.PARTICIPANT}, {Hearer.ASSIGNEE, Hearer.TEAM, Hearer.COLLEAGUE}
    row = TABLE[mail]
    assert row.hearers
    assert row.hearers <= (agents if mail in TO_AGENTS else customers) or row.hearers == {Hearer.AUTHOR}
    assert row.mergeable == (mail in STRENGTH)
    assert not (row.passes_mute and mail in TO_AGENTS)
    assert (row.code[0] == "A") == (mail in TO_AGENTS)


def test_the_survey_is_asked_of_the_requester_alone() -> None:
    """M14 is for who opened the request; the others on it were not asked."""
    requester = Participant(_person(1), Part.REQUESTER)
    other = _participant(2)
    heard = participants_hear(Mail.SURVEY_REMINDER, [requester, other], actor_id=None)
    assert heard == (Notify(requester.person, Mail.SURVEY_REMINDER), Skip(other.person, Mail.SURVEY_REMINDER, "not-for-participants"))


@pytest.mark.parametrize("mail", STRENGTH)
def test_a_mail_that_was_overtaken_is_its_words_or_nothing(mail: Mail) -> None:
    """A question that was withdrawn, an approval that was given, a status that is gone: only what a person wrote is still sent."""
    assert still_true(mail, told="resolved", status="resolved", with_words=False) == mail
    assert still_true(mail, told="resolved", status="reopened", with_words=False) is None
    assert still_true(mail, told="resolved", status="reopened", with_words=True) is Mail.COMMENT
    assert still_true(Mail.COMMENT, told=None, status="open", with_words=True) is Mail.COMMENT


def test_words_of_a_person_are_not_automatic() -> None:
    """M02, M04 and M05 are an agent's mails; a status mail is one when it carries his words; a mail to agents never is (ruling 9)."""
    assert not any(is_automatic(mail, with_words=False) for mail in (Mail.COMMENT, Mail.ANSWER_NEEDED, Mail.APPROVAL_REQUEST))
    assert is_automatic(Mail.RESOLVED, with_words=False)
    assert not is_automatic(Mail.RESOLVED, with_words=True)
    assert is_automatic(Mail.REMINDER, with_words=True)
    assert all(is_automatic(mail, with_words=True) for mail in TO_AGENTS)


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


def test_who_was_written_to_by_the_agent_himself_gets_no_second_copy() -> None:
    """An agent who answers with a customer in Cc has told him; the others still hear it from us (SURFACE 5.7 rule 2)."""
    one, two = _participant(1), _participant(2)
    heard = participants_hear(Mail.COMMENT, [one, two], actor_id=9, already_have_it=frozenset({1}))
    assert heard == (Skip(one.person, Mail.COMMENT, "got-it-from-the-agent"), Notify(two.person, Mail.COMMENT))
