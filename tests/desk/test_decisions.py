"""Decisions by mail: what counts as one, what is asked again, the receipt and its way back (ruling 6, T08-T10, CASES A1.16-A1.18)."""

from __future__ import annotations

from email.message import Message

import pytest

from gateway.desk import participant, visit
from gateway.desk.participant import Done, Stale
from gateway.mail.signed.link import LinkPurpose
from gateway.store import tickets
from tests.desk.scene import SUPPORT, Scene, judged, text_of

JESS, JESS_AT = "Jess Martin <jess@commune.example>", "jess@commune.example"
KIM = "kim@commune.example"
ANNA, BOB = "anna@desk.example", "bob@desk.example"


@pytest.fixture
def desk(scene: Scene) -> Scene:
    """SUP-1 of jess and kim waits for an approval that anna, its assignee, asked for (M05)."""
    scene.with_page()
    scene.with_policy(authserv_ids=frozenset({"mx.desk.example"}))
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.join(KIM)
    scene.mail(ANNA, "#take\n#status in progress\n", answers=scene.last(ANNA))
    scene.act("anna", "Please try the new one.", to="waiting_approval")
    scene.later()
    assert "M05" == scene.codes(JESS_AT)[-1] == scene.codes(KIM)[-1]
    return scene


def _asked(scene: Scene, who: str = JESS_AT) -> Message:
    return next(one.message for one in reversed(scene.left) if one.recipient == who and one.mail.value == "approval_request")


@pytest.mark.parametrize(
    ("text", "status", "decision"),
    [
        ("Accepted, thank you!\n", "to_deliver", "accepted"),
        ("Accepté\n", "to_deliver", "accepted"),
        ("Refused: the tray is missing.\n", "in_progress", "refused"),
        ("Je refuse.\n\nIl manque le bac.\n", "in_progress", "refused"),
    ],
)
def test_a_word_on_the_signed_address_decides(desk: Scene, text: str, status: str, decision: str) -> None:
    """T08, T09: the ticket moves, the assignee hears A03, he himself M12 with what was understood, the other participant his words."""
    desk.mail(JESS, text, answers=_asked(desk))
    desk.later()

    assert status == desk.ticket().status
    assert ("A03", decision) == (desk.codes(ANNA)[-1], desk.left[-1].context.decision or decision)
    assert "A03" not in desk.codes(BOB)
    receipt = next(one for one in desk.left if one.recipient == JESS_AT and one.mail.value == "decision_receipt")
    assert (decision, True) == (receipt.context.decision, "/u/" in text_of(receipt.message))
    assert "M02" == desk.codes(KIM)[-1]
    assert text.split(maxsplit=1)[0] in text_of(desk.last(KIM))


def test_a_refusal_says_why(desk: Scene) -> None:
    """Without a reason nothing is decided: M05-bis offers the page, once in this round; with one it is T09 (T10)."""
    for text in ("Refused\n", "Je refuse !\n"):
        desk.mail(JESS, text, answers=_asked(desk))
        desk.later()
        assert "waiting_approval" == desk.ticket().status
    assert (1, 0) == (desk.codes(JESS_AT).count("M05-bis"), desk.codes(JESS_AT).count("M12"))
    again = desk.last(JESS_AT)
    assert "/refuse" in text_of(again)
    desk.mail(JESS, "Refused, the tray is missing.\n", answers=again)

    assert "in_progress" == desk.ticket().status


def test_a_new_round_is_asked_again_once_more(desk: Scene) -> None:
    """M05-bis is once for each time that the ticket comes into waiting_approval, and for each participant."""
    desk.mail(JESS, "Hm.\n", answers=_asked(desk))
    desk.mail(KIM, "Hm, hm.\n", answers=_asked(desk, KIM))
    desk.later()
    assert (1, 1) == (desk.codes(JESS_AT).count("M05-bis"), desk.codes(KIM).count("M05-bis"))
    desk.clock.pass_by(hours=1)
    desk.act("anna", to="in_progress")
    desk.act("anna", "And now?", to="waiting_approval")
    desk.later()
    desk.mail(JESS, "Hm.\n", answers=_asked(desk))
    desk.send()

    assert 2 == desk.codes(JESS_AT).count("M05-bis")


@pytest.mark.parametrize("text", ["Do I have to accept it?\n", "Accepted, but the tray is missing.\n", "Thanks, we will see.\n"])
def test_doubt_is_no_decision(desk: Scene, text: str) -> None:
    """A question, a condition and a polite word are comments: the agent reads them (A02), the customer is asked on a page (M05-bis)."""
    desk.mail(JESS, text, answers=_asked(desk))
    desk.later()

    assert "waiting_approval" == desk.ticket().status
    assert ("A02", "M05-bis") == (desk.codes(ANNA)[-1], desk.codes(JESS_AT)[-1])


@pytest.mark.parametrize(
    ("headers", "top"),
    [
        ({"To": SUPPORT}, ""),
        ({}, judged("fail")),
        ({"Auto-Submitted": "auto-replied"}, ""),
        ({"Auto-Submitted": "auto-generated"}, ""),
        ({"From": "Kim <kim@commune.example>"}, ""),
        ({"From": "Eve <eve@evil.example>"}, ""),
    ],
)
def test_what_does_not_decide(desk: Scene, headers: dict[str, str], top: str) -> None:
    """By its thread alone, with a failed DMARC, by a machine, or on another's signed address: never (A1.16, A1.17)."""
    desk.mail(JESS, "Accepted\n", answers=_asked(desk), headers=headers, top=top)
    desk.later()

    assert "waiting_approval" == desk.ticket().status
    assert not any({"M12", "A03"} & set(desk.codes(who)) for who in (JESS_AT, KIM, ANNA, BOB, "eve@evil.example"))


def test_a_revoked_address_decides_nothing(desk: Scene) -> None:
    """Once the ticket's keys were renewed, an address of before is a hint: the words are kept, no status follows (ruling 15)."""
    with desk.office.store.write() as connection:
        tickets.revoke_links(connection, desk.ticket().id)
    desk.mail(JESS, "Accepted\n", answers=_asked(desk))

    assert ("waiting_approval", "Accepted") == (desk.ticket().status, desk.comments()[-1].text)


def test_a_thread_proves_no_address(desk: Scene) -> None:
    """Who answers by References alone is still unproved; who writes to his own signed address has proved that he reads it (ruling 10)."""
    assert not desk.person(JESS_AT).verified
    desk.mail(JESS, "Hm.\n", answers=_asked(desk), headers={"To": SUPPORT})
    assert not desk.person(JESS_AT).verified
    desk.mail(JESS, "Hm, hm.\n", answers=_asked(desk))

    assert desk.person(JESS_AT).verified


def test_the_address_of_another_mail_of_his_decides_too(desk: Scene) -> None:
    """What counts is his signed address, not which of his mails he answers."""
    desk.mail(JESS, "Accepted\n", answers=desk.to(JESS_AT)[0])

    assert "to_deliver" == desk.ticket().status


def test_a_decision_where_none_is_asked_is_a_comment(desk: Scene) -> None:
    """An acceptance that comes after the ticket has moved on changes nothing (T22)."""
    desk.act("bob", to="in_progress")
    desk.mail(JESS, "Accepted\n", answers=_asked(desk))
    desk.later()

    assert "in_progress" == desk.ticket().status
    assert "M12" not in desk.codes(JESS_AT)
    assert "A02" == desk.codes(ANNA)[-1]


def _undo(scene: Scene, who: str = JESS_AT) -> participant.Done | participant.Stale:
    return participant.take_back(scene.office, scene.visitor(who, purpose=LinkPurpose.UNDO))


def test_half_an_hour_to_take_it_back(desk: Scene) -> None:
    """M12's link takes the decision back, the assignee hears of it, and doing it again finds nothing to undo."""
    desk.mail(JESS, "Accepted\n", answers=_asked(desk))
    desk.clock.pass_by(minutes=29)
    done = _undo(desk)
    desk.later()

    assert isinstance(done, Done)
    assert "waiting_approval" == desk.ticket().status
    assert ("A03", "undone") == (desk.codes(ANNA)[-1], next(o.context.decision for o in reversed(desk.left) if o.recipient == ANNA))
    assert Stale("waiting_approval") == _undo(desk)
    assert "waiting_approval" == desk.ticket().status


def test_after_half_an_hour_it_stands(desk: Scene) -> None:
    """The link is late then, and the deed itself refuses, too."""
    desk.mail(JESS, "Accepted\n", answers=_asked(desk))
    link = desk.office.link(LinkPurpose.UNDO, desk.ticket(), desk.person(JESS_AT))
    desk.clock.pass_by(minutes=31)

    assert isinstance(visit.by_link(desk.office, link, LinkPurpose.UNDO), visit.Late)
    assert Stale("to_deliver") == _undo(desk)
    assert "to_deliver" == desk.ticket().status


def test_what_goes_on_meanwhile_is_not_undone(desk: Scene) -> None:
    """Once an agent has moved the ticket on, the decision is history; nor does another participant undo it."""
    desk.mail(JESS, "Accepted\n", answers=_asked(desk))
    assert Stale("to_deliver") == _undo(desk, KIM)
    desk.act("anna", to="closed")

    assert Stale("closed") == _undo(desk)
    assert "closed" == desk.ticket().status


def test_who_was_removed_undoes_nothing(desk: Scene) -> None:
    """A visitor who was removed from the ticket between the page and its button changes nothing."""
    desk.mail(JESS, "Accepted\n", answers=_asked(desk))
    jess = desk.visitor(JESS_AT, purpose=LinkPurpose.UNDO)
    with desk.office.store.write() as connection:
        tickets.remove_participant(connection, desk.ticket().id, jess.person.id)

    assert Stale("to_deliver") == participant.take_back(desk.office, jess)
    assert "to_deliver" == desk.ticket().status


@pytest.mark.parametrize("word", ["accept", "refuse"])
def test_a_mail_and_a_form_do_the_same(desk: Scene, word: str) -> None:
    """What the form of the page writes is what the mail writes: status, comment, event, and who is told (A1.18)."""
    text = {"accept": "Accepted, it prints.", "refuse": "Refused, it burns."}[word]
    wish = participant.Wish(text=text, word=word, seen_status="waiting_approval")
    participant.on_page(desk.office, desk.visitor(JESS_AT), wish, "k1")
    desk.later()
    by_page = (desk.ticket().status, desk.comments()[-1].text, desk.codes(ANNA)[-1], desk.codes(KIM)[-1])
    desk.act("anna", to="in_progress")
    desk.act("anna", "Once more.", to="waiting_approval")
    desk.later()
    desk.mail(JESS, text, answers=_asked(desk))
    desk.later()

    assert by_page == (desk.ticket().status, desk.comments()[-1].text, desk.codes(ANNA)[-1], desk.codes(KIM)[-1])
