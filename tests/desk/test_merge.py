"""Two tickets about one matter become one (T25): who is told what, where replies go, and who may not come along unasked."""

from __future__ import annotations

from email.message import Message

import pytest
import sqlalchemy as sa

from gateway.desk import held, participant, visit
from gateway.desk.merge import CannotJoin, merge
from gateway.desk.office import Story
from gateway.mail.signed.link import LinkPurpose
from gateway.store import schema, tickets
from tests.desk.scene import SUPPORT, Scene, text_of

JESS, JESS_AT = "Jess Martin <jess@commune.example>", "jess@commune.example"
SAM = "sam@commune.example"
KIM = "kim@commune.example"
ANNA = "anna@desk.example"


@pytest.fixture
def desk(scene: Scene) -> Scene:
    """SUP-1 and SUP-2 are jess's, and kim reads SUP-2; SUP-3 is sam's."""
    scene.with_page()
    for sender, text, subject in (
        (JESS, "Smoke comes out of it.\n", "Printer"),
        (JESS, "There is a fire in room 4.\n", "Fire"),
        (SAM, "I smell something.\n", "Smell"),
    ):
        scene.mail(sender, text, subject=subject)
        scene.clock.pass_by(minutes=11)
    scene.send()
    scene.join(KIM, "SUP-2")
    return scene


def _notice(scene: Scene, key: str) -> Message:
    """The mail about a ticket that anna answers."""
    return next(mail for mail in scene.to(ANNA) if f"[{key}]" in mail["Subject"])


def _merge(scene: Scene, key: str = "SUP-1", into: str = "SUP-2") -> None:
    scene.mail(ANNA, f"#merge {into}\n", answers=_notice(scene, key))


def _acknowledgement(scene: Scene, who: str, key: str) -> Message:
    """M01 of a ticket."""
    return next(mail for mail in scene.to(who) if f"[{key}]" in mail["Subject"])


def test_a_merged_ticket_is_closed_as_a_duplicate(desk: Scene) -> None:
    """It goes on in the other; the clock, the survey and the agents know it as done, and its readers get no mail about the closing."""
    before = {who: len(desk.codes(who)) for who in (JESS_AT, KIM, SAM, ANNA)}
    _merge(desk)
    desk.later()
    one, into = desk.ticket("SUP-1"), desk.ticket("SUP-2")

    assert ("closed", "duplicate", into.id) == (one.status, one.resolution, one.merged_into)
    assert ("open", None) == (into.status, into.merged_into)
    assert 0 == desk.count(schema.surveys)
    assert [["M02"], ["M02"], [], []] == [desk.codes(who)[before[who] :] for who in (JESS_AT, KIM, SAM, ANNA)]
    with desk.office.store.read() as connection:
        assert ("merged", into.key) in tickets.links(connection, one.id)


def test_the_other_ticket_hears_the_key_and_not_a_word(desk: Scene) -> None:
    """One comment, "merged", in the ticket's language; nothing that was said on the first one."""
    with desk.office.store.write() as connection:
        tickets.update(connection, desk.ticket("SUP-2").id, now=desk.clock(), language="fr")
    _merge(desk)
    desk.later()

    assert "La demande SUP-1 est regroupée avec celle-ci." == desk.comments("SUP-2")[-1].text
    mail = desk.last(KIM)
    assert "SUP-1" in text_of(mail)
    assert "[SUP-2]" in mail["Subject"]
    for word in ("Smoke", "Printer"):
        assert word not in mail.as_string()


@pytest.mark.parametrize("by", ["address", "thread"])
def test_replies_to_the_old_ticket_land_on_the_other(desk: Scene, by: str) -> None:
    """By its signed address and by its thread; and what they mean is judged by where the other one stands (T06)."""
    _merge(desk)
    desk.act("anna", "Which room?", key="SUP-2", to="waiting_customer")
    desk.later()
    headers = {"To": SUPPORT} if by == "thread" else {}
    desk.mail(JESS, "Room 4, as I wrote.\n", answers=_acknowledgement(desk, JESS_AT, "SUP-1"), headers=headers)

    assert "Room 4, as I wrote." == desk.comments("SUP-2")[-1].text
    assert ("closed", "in_progress") == (desk.ticket("SUP-1").status, desk.ticket("SUP-2").status)
    assert 3 == desk.count(schema.tickets)


def test_an_agents_answer_to_the_old_ticket_lands_on_the_other(desk: Scene) -> None:
    """His old notice still works, for the ticket that goes on."""
    _merge(desk)
    desk.mail(ANNA, "We are on our way.\n", answers=_notice(desk, "SUP-1"))
    desk.later()

    assert "We are on our way." == desk.comments("SUP-2")[-1].text
    assert "We are on our way." in text_of(desk.last(KIM))


def test_replies_follow_a_chain(desk: Scene) -> None:
    """SUP-1 into SUP-2 into SUP-3: the last one hears."""
    desk.join(KIM, "SUP-3")
    desk.join(JESS_AT, "SUP-3")
    _merge(desk)
    _merge(desk, "SUP-2", "SUP-3")
    desk.mail(JESS, "Still there.\n", answers=_acknowledgement(desk, JESS_AT, "SUP-1"))

    assert "Still there." == desk.comments("SUP-3")[-1].text


def test_nobody_comes_along_unasked(desk: Scene) -> None:
    """Sam is not on SUP-2: without `!` nothing is done, and A06 names him; with it he takes part and reads on (A4.9)."""
    _merge(desk, "SUP-3")
    desk.later()
    assert ("open", None) == (desk.ticket("SUP-3").status, desk.ticket("SUP-3").merged_into)
    error = desk.last(ANNA)
    assert ("A06", True) == (desk.codes(ANNA)[-1], SAM in text_of(error))
    assert isinstance(visit.by_link(desk.office, _view(desk, SAM, "SUP-2"), LinkPurpose.VIEW), visit.NoEntry)
    assert not any("merged" in comment.text for comment in desk.comments("SUP-2"))
    _merge(desk, "SUP-3", "SUP-2 !")
    desk.later()

    assert "closed" == desk.ticket("SUP-3").status
    assert "M02" == desk.codes(SAM)[-1]
    assert isinstance(visit.by_link(desk.office, _view(desk, SAM, "SUP-2"), LinkPurpose.VIEW), visit.Visitor)
    desk.mail(SAM, "It smells of smoke.\n", answers=_acknowledgement(desk, SAM, "SUP-3"))
    assert "It smells of smoke." == desk.comments("SUP-2")[-1].text


def _view(scene: Scene, who: str, key: str) -> str:
    return scene.office.link(LinkPurpose.VIEW, scene.ticket(key), scene.person(who))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("SUP-1", "same-ticket"), ("SUP-99", "unknown-ticket"), ("printer", "unknown-ticket"), ("SUP-2", "merged-already")],
)
def test_what_cannot_be_merged(desk: Scene, typed: str, reason: str) -> None:
    """Itself, what is not there, what is merged: nothing changes, and A06 says why."""
    if reason == "merged-already":
        desk.join(KIM)
        _merge(desk, "SUP-2", "SUP-1")
    before = (desk.ticket().status, desk.ticket().merged_into, len(desk.comments("SUP-2")))
    intake = desk.mail(ANNA, f"#merge {typed}\n", answers=_notice(desk, "SUP-1"))
    desk.later()

    assert before == (desk.ticket().status, desk.ticket().merged_into, len(desk.comments("SUP-2")))
    assert ("command-error", "A06") == (desk.intake(intake).outcome, desk.codes(ANNA)[-1])
    assert reason in desk.intake(intake).why


def test_a_merge_can_be_undone(desk: Scene) -> None:
    """Within the delay: the status is what it was, nobody reads of it, those who came along leave again, replies come home."""
    before = {who: len(desk.codes(who)) for who in (JESS_AT, KIM, SAM)}
    _merge(desk, "SUP-3", "SUP-2 !")
    desk.clock.pass_by(seconds=20)
    desk.mail(ANNA, "#undo\n", answers=_notice(desk, "SUP-3"))
    desk.later()
    one = desk.ticket("SUP-3")

    assert ("open", None, None) == (one.status, one.merged_into, one.resolution)
    assert before == {who: len(desk.codes(who)) for who in before}
    assert isinstance(visit.by_link(desk.office, _view(desk, SAM, "SUP-2"), LinkPurpose.VIEW), visit.NoEntry)
    desk.mail(SAM, "It smells of smoke.\n", answers=_acknowledgement(desk, SAM, "SUP-3"))
    assert "It smells of smoke." == desk.comments("SUP-3")[-1].text


def test_undoing_twice_is_undoing_once(desk: Scene) -> None:
    """A second `#undo` finds nothing of its own to take back: it does not do again what the first one undid."""
    notice = _notice(desk, "SUP-1")
    for text in ("#resolu\n", "#undo\n", "#undo\n"):
        desk.mail(ANNA, text, answers=notice)
    desk.later()

    assert ("open", "A06") == (desk.ticket().status, desk.codes(ANNA)[-1])


def test_a_merged_ticket_takes_nothing_by_its_page(desk: Scene) -> None:
    """Neither words nor a reopening: its page leads to the other one."""
    jess = desk.visitor(JESS_AT)
    _merge(desk)
    wish = participant.Wish(text="It burns again.", word="reopen-by-customer")

    assert participant.Stale("closed") == participant.on_page(desk.office, jess, wish, "k1")
    assert participant.Stale("closed") == participant.take_back(desk.office, jess)
    assert ("closed", ()) == (desk.ticket().status, visit.page(desk.office, desk.visitor(JESS_AT)).moves)


def test_held_words_of_a_merged_ticket_reopen_nothing(desk: Scene) -> None:
    """What was held before the merge is published on the ticket that goes on, whichever button he presses."""
    desk.act("anna", to="resolved")
    desk.later()
    desk.mail(JESS, "It burns again.\n", answers=desk.last(JESS_AT))
    _merge(desk)
    done = held.publish(desk.office, desk.visitor(JESS_AT), reopen=True, post_key="k1")

    assert held.Published(1, reopened=False) == done
    assert ("closed", "open") == (desk.ticket("SUP-1").status, desk.ticket("SUP-2").status)
    assert "It burns again." == desk.comments("SUP-2")[-1].text


def test_merging_takes_the_survey_back(desk: Scene) -> None:
    """A resolution that turns out to be a duplicate asks nobody."""
    desk.act("anna", to="resolved")
    assert 1 == desk.count(schema.surveys, schema.surveys.c.withdrawn_at.is_(None))
    _merge(desk)

    assert 0 == desk.count(schema.surveys, schema.surveys.c.withdrawn_at.is_(None))
    with desk.office.store.read() as connection:
        facts = connection.execute(sa.select(schema.events.c.kind).where(schema.events.c.kind == "Merged")).all()
    assert 1 == len(facts)


def test_other_desks_are_other_rooms(desk: Scene) -> None:
    """A ticket of another desk is not merged: its readers are other people."""
    with desk.office.store.write() as connection:
        connection.execute(schema.tickets.update().where(schema.tickets.c.number == 2).values(desk="OTH"))
    with desk.office.store.write() as connection:
        story = Story(desk.office, connection, desk.office.desks["SUP"], desk.clock(), "cli")
        done = merge(story, desk.ticket("SUP-1"), desk.ticket("OTH-2"), desk.person(ANNA), with_people=True)

    assert CannotJoin("other-desk") == done
