"""The survey: who is asked with which mail, what an answer stores, when it is taken back (R-156, SURFACE 3.5, ruling 11, CASES A4.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from gateway.desk import participant, survey, timers
from gateway.desk.survey import Over, SurveyView
from gateway.desk.visit import NoEntry
from gateway.domain.people import Part
from gateway.domain.survey import LIFE, REST
from gateway.domain.timing import Rhythm
from gateway.mail.signed.link import LinkPurpose
from gateway.store import people, schema, surveys, tickets
from tests.desk.scene import Scene, text_of

JESS, JESS_AT = "Jess Martin <jess@commune.example>", "jess@commune.example"
KIM = "kim@commune.example"
ANNA, BOB = "anna@desk.example", "bob@desk.example"


@pytest.fixture
def desk(scene: Scene) -> Scene:
    """SUP-1 of jess, with kim on it."""
    scene.with_page()
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.join(KIM)
    return scene


def _asked(scene: Scene) -> list[sa.Row[tuple[object, ...]]]:
    with scene.office.store.read() as connection:
        return list(connection.execute(sa.select(schema.surveys).order_by(schema.surveys.c.id)).all())


def _not_asked(scene: Scene) -> list[str]:
    with scene.office.store.read() as connection:
        rows = connection.execute(sa.select(schema.events.c.data).where(schema.events.c.kind == "SurveyNotAsked"))
        return [row.data["reason"] for row in rows]


def _token(scene: Scene, key: str = "SUP-1", who: str = JESS_AT) -> str:
    """As the mail that leaves now would carry it."""
    with scene.office.store.read() as connection:
        asked = surveys.open_of(connection, scene.ticket(key).id, scene.person(who).id, now=scene.clock())
    assert asked is not None
    return scene.office.link(LinkPurpose.SURVEY, scene.ticket(key), scene.person(who), subject=asked.id)


def _rows(scene: Scene, address: str = JESS_AT) -> int:
    """How many of the five steps the newest mail to an address offers."""
    return sum(f"/{step}>" in text_of(scene.last(address)) for step in range(1, 6) if "/avis/" in text_of(scene.last(address)))


def test_a_resolution_asks_its_requester(desk: Scene) -> None:
    """T12: one survey in round 1, five links in his M06 and none in anybody else's."""
    desk.act("anna", "Done.", to="resolved")
    desk.later()

    assert [(1, desk.person(JESS_AT).id)] == [(row.round, row.person_id) for row in _asked(desk)]
    assert ("M06", "M06") == (desk.codes(JESS_AT)[-1], desk.codes(KIM)[-1])
    assert (5, 0) == (_rows(desk), _rows(desk, KIM))
    assert [] == _not_asked(desk)


def test_a_delivery_asks_its_requester(desk: Scene) -> None:
    """T11: what is closed without having been resolved asks with M07."""
    desk.act("anna", to="in_progress")
    desk.act("anna", "Try.", to="waiting_approval")
    participant.on_page(desk.office, desk.visitor(JESS_AT), participant.Wish(word="accept"), "k1")
    desk.act("anna", to="closed")
    desk.later()

    assert ("M07", 5, 1) == (desk.codes(JESS_AT)[-1], _rows(desk), len(_asked(desk)))


def test_closing_what_was_resolved_asks_nothing_new(desk: Scene) -> None:
    """T13: the question of the resolution stands, in M07 too while nothing was answered; an answered one is not shown again."""
    desk.act("anna", to="resolved")
    desk.later()
    desk.act("anna", to="closed")
    desk.later()
    assert (1, "M07", 5) == (len(_asked(desk)), desk.codes(JESS_AT)[-1], _rows(desk))
    desk.act("anna", to="reopened")
    desk.act("anna", to="resolved")
    survey.answer(desk.office, _token(desk), 5, "")
    desk.later()
    desk.act("anna", to="closed")
    desk.later()

    assert ("M07", 0) == (desk.codes(JESS_AT)[-1], _rows(desk))


def test_who_is_not_asked(desk: Scene) -> None:
    """Duplicates are no service to judge; the reason is written down, M06 has no row."""
    desk.act("anna", to="resolved", resolution="duplicate")
    desk.later()

    assert (0, ["not-a-service"], 0) == (len(_asked(desk)), _not_asked(desk), _rows(desk))


def test_an_agent_is_not_asked_about_himself(scene: Scene) -> None:
    """A ticket that an agent opened."""
    scene.with_page()
    scene.mail("Bob <bob@desk.example>", "My own printer burns.\n")
    scene.act("anna", to="resolved")
    scene.later()

    assert (["requester-is-agent"], "M06", 0) == (_not_asked(scene), scene.codes(BOB)[-1], _rows(scene, BOB))


@pytest.mark.parametrize(("pause", "asked"), [(REST - timedelta(seconds=1), 1), (REST, 2)])
def test_one_person_is_asked_once_a_week(desk: Scene, pause: timedelta, asked: int) -> None:
    """For whichever of his tickets; beyond that the row is simply absent."""
    desk.act("anna", to="resolved")
    desk.later()
    desk.clock.now += pause - timedelta(seconds=100)
    desk.mail(JESS, "Another one.\n", subject="Screen")
    desk.act("anna", to="resolved", key="SUP-2")
    desk.later()

    assert (asked, 5 if asked == 2 else 0) == (len(_asked(desk)), _rows(desk))
    assert ([] if asked == 2 else ["asked-lately"]) == _not_asked(desk)


def test_nobody_is_asked_where_the_survey_is_off(desk: Scene) -> None:
    """[survey] enabled = false."""
    desk.with_policy(survey=False)
    desk.act("anna", to="resolved")
    desk.later()

    assert (0, ["survey-off"], 0) == (len(_asked(desk)), _not_asked(desk), _rows(desk))


def test_silence_is_no_service_to_judge(desk: Scene) -> None:
    """T20 asks nobody."""
    desk.with_policy(rhythm=Rhythm(resolve_after=14))
    desk.act("anna", "Which model?", to="waiting_customer")
    for _ in range(20):
        desk.clock.pass_by(days=1)
        timers.work(desk.office)

    assert ("resolved", 0) == (desk.ticket().status, len(_asked(desk)))


def test_a_disabled_requester_is_not_asked(desk: Scene) -> None:
    """Nor one that a ticket does not have."""
    with desk.office.store.write() as connection:
        people.update(connection, desk.person(JESS_AT).id, disabled=True)
    desk.act("anna", to="resolved")
    assert ["no-requester"] == _not_asked(desk)
    with desk.office.store.write() as connection:
        tickets.update(connection, desk.ticket().id, now=desk.clock(), requester_id=None)
    desk.act("anna", to="reopened")
    desk.act("anna", to="resolved")

    assert (["no-requester"] * 2, 0) == (_not_asked(desk), len(_asked(desk)))


@pytest.mark.parametrize("by_customer", [True, False])
def test_reopening_takes_the_question_back(desk: Scene, by_customer: bool) -> None:
    """Its link says that it is over; the next resolution asks anew, in round 2, without waiting a week."""
    desk.act("anna", to="resolved")
    desk.later()
    old = _token(desk)
    if by_customer:
        wish = participant.Wish(text="It burns again.", word="reopen-by-customer")
        participant.on_page(desk.office, desk.visitor(JESS_AT), wish, "k1")
    else:
        desk.act("anna", to="reopened")
    assert isinstance(survey.show(desk.office, old), Over)
    assert isinstance(survey.answer(desk.office, old, 1, "late"), Over)
    desk.act("anna", to="resolved")
    desk.later()

    assert [1, 2] == [row.round for row in _asked(desk)]
    assert [True, False] == [row.withdrawn_at is not None for row in _asked(desk)]
    assert 5 == _rows(desk)
    assert isinstance(survey.show(desk.office, _token(desk)), SurveyView)


def test_an_answer_stays_with_its_resolution(desk: Scene) -> None:
    """Reopening takes no answer back."""
    desk.act("anna", to="resolved")
    survey.answer(desk.office, _token(desk), 4, "Quick.")
    desk.act("anna", to="reopened")

    assert [(4, None)] == [(row.rating, row.withdrawn_at) for row in _asked(desk)]


def test_a_resolution_that_was_taken_back_asked_nobody(desk: Scene) -> None:
    """`#undo` of the resolution: the question is withdrawn, and the next one comes at once."""
    desk.mail(ANNA, "#resolu\n", answers=desk.last(ANNA))
    desk.mail(ANNA, "#undo\n", answers=desk.last(ANNA))
    assert [True] == [row.withdrawn_at is not None for row in _asked(desk)]
    desk.act("anna", to="resolved")

    assert 2 == len(_asked(desk))


def test_the_last_answer_counts_and_the_same_one_is_one(desk: Scene) -> None:
    """Every change is kept in the history; the same answer again, by a reload, adds nothing (ruling 11)."""
    desk.act("anna", to="resolved")
    token = _token(desk)
    views = [
        survey.answer(desk.office, token, rating, comment) for rating, comment in ((4, ""), (4, ""), (4, " "), (5, "Quick."), (5, "Quick."))
    ]

    assert [(4, ""), (4, ""), (4, ""), (5, "Quick."), (5, "Quick.")] == [(v.rating, v.comment) for v in views if isinstance(v, SurveyView)]
    assert [(5, "Quick.", 1)] == [(row.rating, row.comment, row.round) for row in _asked(desk)]
    with desk.office.store.read() as connection:
        history = connection.execute(sa.select(schema.survey_answers.c.rating, schema.survey_answers.c.comment)).all()
    assert [(4, ""), (5, "Quick.")] == [tuple(row) for row in history]
    assert 2 == desk.count(schema.events, schema.events.c.kind == "SurveyAnswered")


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_step_that_does_not_exist_is_refused(desk: Scene, rating: int) -> None:
    """Nothing is stored for it."""
    desk.act("anna", to="resolved")
    with pytest.raises(ValueError, match="1 to 5"):
        survey.answer(desk.office, _token(desk), rating, "")

    assert 0 == desk.count(schema.survey_answers)


def test_a_long_comment_is_cut(desk: Scene) -> None:
    """At 2,000 characters, so that nobody stores a book by a link."""
    desk.act("anna", to="resolved")
    shown = survey.answer(desk.office, _token(desk), 3, "x" * 5000)

    assert isinstance(shown, SurveyView)
    assert 2000 == len(shown.comment)


@pytest.mark.parametrize("assigned", [True, False])
@pytest.mark.parametrize(("rating", "told"), [(1, 1), (2, 1), (3, 0), (5, 0)])
def test_a_low_answer_is_told_to_who_did_the_work(desk: Scene, assigned: bool, rating: int, told: int) -> None:
    """A09 with rating and comment to the assignee, to the team where there is none; the same answer again tells nothing."""
    if assigned:
        desk.mail(ANNA, "#take\n", answers=desk.last(ANNA))
    desk.act("anna", to="resolved")
    for _ in range(2):
        survey.answer(desk.office, _token(desk), rating, "It took months.")
    desk.later()

    assert (told, 0 if assigned else told) == (desk.codes(ANNA).count("A09"), desk.codes(BOB).count("A09"))
    if told:
        assert "It took months." in text_of(desk.last(ANNA))
    assert "A09" not in desk.codes(JESS_AT)


def test_a_low_answer_may_reopen(desk: Scene) -> None:
    """The page of the answer leads to reopening while the ticket can be, and not after a merge or reopening."""
    desk.act("anna", to="resolved")
    shown = survey.answer(desk.office, _token(desk), 1, "")

    assert isinstance(shown, SurveyView)
    assert shown.may_reopen
    desk.act("anna", to="reopened")
    again = survey.show(desk.office, desk.office.link(LinkPurpose.SURVEY, desk.ticket(), desk.person(JESS_AT), subject=1))
    assert isinstance(again, SurveyView)
    assert not again.may_reopen


def test_it_is_over_after_its_time(desk: Scene) -> None:
    """28 days from the question on, also with a link that a later mail brought; then it says since when."""
    desk.act("anna", to="resolved")
    [row] = _asked(desk)
    early = _token(desk)
    desk.clock.pass_by(days=20)
    late = _token(desk)
    desk.clock.now = row.asked_at + LIFE - timedelta(seconds=1)
    assert isinstance(survey.answer(desk.office, late, 4, ""), SurveyView)
    desk.clock.pass_by(seconds=1)

    for token in (early, late):
        over = survey.answer(desk.office, token, 1, "")
        assert isinstance(over, Over)
        assert row.expires_at == over.on
    assert [4] == [one.rating for one in _asked(desk)]


def test_whose_link_it_is_not(desk: Scene) -> None:
    """Another participant's, another survey's, a stranger's, a revoked or a removed person's: the closed door, and nothing is stored."""
    desk.act("anna", to="resolved")
    good, link = _token(desk), desk.office.link
    ticket, jess, kim = desk.ticket(), desk.person(JESS_AT), desk.person(KIM)
    for token in (
        link(LinkPurpose.SURVEY, ticket, kim, subject=1),
        link(LinkPurpose.SURVEY, ticket, jess, subject=99),
        link(LinkPurpose.VIEW, ticket, jess),
        good[:-1] + ("A" if good[-1] != "A" else "B"),
    ):
        assert [NoEntry()] * 2 == [survey.show(desk.office, token), survey.answer(desk.office, token, 1, "")]
    with desk.office.store.write() as connection:
        tickets.remove_participant(connection, ticket.id, jess.id)
    assert NoEntry() == survey.answer(desk.office, good, 1, "")
    with desk.office.store.write() as connection:
        tickets.add_participant(connection, ticket.id, jess.id, Part.REQUESTER, now=desk.clock())
        people.revoke_links(connection, jess.id)

    assert NoEntry() == survey.answer(desk.office, good, 1, "")
    assert 0 == desk.count(schema.survey_answers)


def test_looking_stores_nothing(desk: Scene) -> None:
    """A scanner may open the link as often as it likes: every row stays as it was (A4.1)."""
    desk.act("anna", to="resolved")
    token = _token(desk)

    def rows() -> dict[str, list[object]]:
        with desk.office.store.read() as connection:
            return {t.name: [tuple(r) for r in connection.execute(sa.select(t))] for t in schema.metadata.sorted_tables}

    before = rows()
    for _ in range(200):
        assert isinstance(survey.show(desk.office, token), SurveyView)
    assert before == rows()
