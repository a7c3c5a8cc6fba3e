"""What a participant does on the page: each move by its form, once, only from the status that he saw (T06, T08, T09, T14, invariant 5)."""

from __future__ import annotations

import pytest

from gateway.desk import participant, visit
from gateway.desk.files import OfferedFile
from gateway.desk.participant import Done, Double, NeedsWords, Nothing, Stale, Wish
from gateway.mail.signed.link import LinkPurpose
from gateway.store import schema, tickets
from tests.desk.scene import Scene, text_of

JESS, JESS_AT = "Jess Martin <jess@commune.example>", "jess@commune.example"
KIM = "kim@commune.example"
ANNA = "anna@desk.example"


@pytest.fixture
def desk(scene: Scene) -> Scene:
    """SUP-1 of jess and kim is in progress, and anna has it."""
    scene.with_page()
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.join(KIM)
    scene.mail(ANNA, "#take\n#status in progress\n", answers=scene.last(ANNA))
    scene.later()
    return scene


def _into(scene: Scene, status: str) -> None:
    """Bring the ticket into a status in which a customer may act."""
    way = {
        "waiting_customer": [("Which model?", "waiting_customer")],
        "waiting_approval": [("Please try.", "waiting_approval")],
        "resolved": [("", "resolved")],
        "closed": [("", "resolved"), ("", "closed")],
        "in_progress": [],
    }
    for text, status_of_step in way[status]:
        scene.act("anna", text, to=status_of_step)
    scene.later()


def _post(scene: Scene, key: str = "k1", who: str = JESS_AT, **wish: object) -> object:
    return participant.on_page(scene.office, scene.visitor(who), Wish(**wish), key)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "source", "target", "text", "to_agent", "to_kim"),
    [
        ("answer", "waiting_customer", "in_progress", "The grey one.", "A02", "M02"),
        ("accept", "waiting_approval", "to_deliver", "", "A03", None),
        ("accept", "waiting_approval", "to_deliver", "It prints.", "A03", "M02"),
        ("refuse", "waiting_approval", "in_progress", "It burns.", "A03", "M02"),
        ("reopen-by-customer", "resolved", "reopened", "It burns again.", "A03", "M08"),
        ("reopen-by-customer", "closed", "reopened", "It burns again.", "A03", "M08"),
    ],
)
def test_each_move_has_its_form(desk: Scene, word: str, source: str, target: str, text: str, to_agent: str, to_kim: str | None) -> None:
    """The move, the words, one event, one mail to the assignee; the other participant hears of words; he himself gets none (T06-T14)."""
    _into(desk, source)
    before = {who: len(desk.codes(who)) for who in (JESS_AT, KIM, ANNA)}
    done = _post(desk, word=word, seen_status=source, text=text)
    desk.later()

    assert isinstance(done, Done)
    assert (target, True) == (desk.ticket().status, done.moved)
    assert [to_agent] == desk.codes(ANNA)[before[ANNA] :]
    assert ([to_kim] if to_kim else []) == desk.codes(KIM)[before[KIM] :]
    assert [] == desk.codes(JESS_AT)[before[JESS_AT] :]
    assert bool(text) == (desk.comments()[-1].text == text)
    changes = [entry for entry in visit.page(desk.office, desk.visitor(JESS_AT)).entries if isinstance(entry, visit.Changed)]
    assert (target, "Jess Martin") == (changes[0].status, changes[0].actor)


@pytest.mark.parametrize(
    ("word", "source"), [("refuse", "waiting_approval"), ("answer", "waiting_customer"), ("reopen-by-customer", "closed")]
)
def test_some_moves_need_words(desk: Scene, word: str, source: str) -> None:
    """Refusing, answering and reopening without words or files is asked again, and nothing is written; the same form then works."""
    _into(desk, source)
    written = len(desk.comments())
    assert NeedsWords() == _post(desk, word=word, seen_status=source, text="  \n")
    assert (source, written) == (desk.ticket().status, len(desk.comments()))

    assert isinstance(_post(desk, word=word, seen_status=source, text="Because."), Done)


def test_a_file_is_as_good_as_words(desk: Scene) -> None:
    """A picture alone answers (R-109)."""
    _into(desk, "waiting_customer")
    done = _post(desk, word="answer", seen_status="waiting_customer", files=(OfferedFile("model.png", b"\x89PNG\r\n\x1a\n"),))
    desk.later()

    assert isinstance(done, Done)
    assert ("in_progress", "📎") == (desk.ticket().status, desk.comments()[-1].text)
    assert ["model.png"] == [part.get_filename() for part in desk.last(KIM).walk() if part.get_filename()]


@pytest.mark.parametrize(
    ("word", "seen", "now"),
    [
        ("accept", "waiting_approval", "in_progress"),
        ("refuse", "waiting_approval", "resolved"),
        ("answer", "waiting_customer", "in_progress"),
        ("reopen-by-customer", "resolved", "closed"),
        ("reopen-by-customer", "closed", "in_progress"),
        ("close", "resolved", "resolved"),
        ("nonsense", "in_progress", "in_progress"),
    ],
)
def test_a_stale_form_changes_nothing(desk: Scene, word: str, seen: str, now: str) -> None:
    """Moved on meanwhile, another's move, or no move at all: he is told where it stands now, and his words are not half written."""
    _into(desk, now)
    before = (len(desk.comments()), desk.count(schema.events), desk.count(schema.deliveries), desk.count(schema.posts))

    assert Stale(now) == _post(desk, word=word, seen_status=seen, text="Because.")
    assert before == (len(desk.comments()), desk.count(schema.events), desk.count(schema.deliveries), desk.count(schema.posts))


def test_the_same_form_twice_is_once(desk: Scene) -> None:
    """A double click finds the effect of the first: also when the first has moved the ticket away from where the form leads."""
    _into(desk, "waiting_approval")
    wish = {"word": "accept", "seen_status": "waiting_approval", "text": "It prints."}
    results = [_post(desk, **wish), _post(desk, **wish), _post(desk, text="It prints."), _post(desk, "k2", **wish)]

    assert isinstance(results[0], Done)
    assert [Double(), Double(), Stale("to_deliver")] == results[1:]
    assert 1 == [row.text for row in desk.comments()].count("It prints.")


def test_an_empty_form_is_nothing(desk: Scene) -> None:
    """Blanks are no comment."""
    assert Nothing() == _post(desk, text=" \n\t")
    assert 0 == desk.count(schema.posts)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("waiting_customer", "in_progress"),
        ("waiting_approval", "waiting_approval"),
        ("in_progress", "in_progress"),
        ("resolved", "resolved"),
        ("closed", "closed"),
    ],
)
def test_a_plain_comment(desk: Scene, source: str, target: str) -> None:
    """It answers a question (T06) and else leaves the status alone, on a settled ticket too: the button beside it reopens (ruling 7)."""
    _into(desk, source)
    before = len(desk.codes(KIM))
    done = _post(desk, text="One more thing.")
    desk.later()

    assert isinstance(done, Done)
    assert (target, "One more thing.", "page") == (desk.ticket().status, desk.comments()[-1].text, desk.comments()[-1].source)
    assert ("A02", ["M02"]) == (desk.codes(ANNA)[-1], desk.codes(KIM)[before:])


def test_reopening_on_the_page_has_no_time_limit(desk: Scene) -> None:
    """By mail it is 30 days; by the button always (ruling 7)."""
    _into(desk, "closed")
    desk.clock.pass_by(days=400)

    assert isinstance(_post(desk, word="reopen-by-customer", seen_status="closed", text="It burns again."), Done)
    assert "reopened" == desk.ticket().status


def test_who_was_removed_finds_the_door_closed(desk: Scene) -> None:
    """Between the page and its button: nothing is written, and no link or cookie of his opens anything."""
    kim = desk.visitor(KIM)
    cookie = visit.session(desk.office, kim)
    with desk.office.store.write() as connection:
        tickets.remove_participant(connection, desk.ticket().id, kim.person.id)
    before = len(desk.comments())

    assert Stale("in_progress") == participant.on_page(desk.office, kim, Wish(text="Me again."), "k1")
    participant.mute(desk.office, kim, muted=True)
    assert (before, 0) == (len(desk.comments()), desk.count(schema.events, schema.events.c.kind == "Muted"))
    link = desk.office.link(LinkPurpose.VIEW, desk.ticket(), desk.person(KIM))
    assert [visit.NoEntry()] * 2 == [
        visit.by_link(desk.office, link, LinkPurpose.VIEW),
        visit.by_session(desk.office, cookie, "SUP-1"),
    ]


def test_muting_twice_is_muting_once(desk: Scene) -> None:
    """On and off change something once each; the page says how it is (R-105)."""
    seen = []
    for muted in (True, True, False, False):
        participant.mute(desk.office, desk.visitor(JESS_AT), muted=muted)
        seen.append(desk.visitor(JESS_AT).muted)

    assert [True, True, False, False] == seen
    assert 2 == desk.count(schema.events, schema.events.c.kind == "Muted")


def test_a_muted_customer_hears_what_asks_and_what_ends(desk: Scene) -> None:
    """M04, M05 and M06 pass a mute; M02, M03, M07, M08 do not, and each silence is written down (invariant 3)."""
    participant.mute(desk.office, desk.visitor(JESS_AT), muted=True)
    before = len(desk.codes(JESS_AT))
    acts = [
        ("We look.", None),
        ("Which model?", "waiting_customer"),
        ("", "in_progress"),
        ("Please try.", "waiting_approval"),
        ("", "resolved"),
        ("", "closed"),
        ("Sorry.", "reopened"),
    ]
    for text, to in acts:
        desk.act("anna", text, to=to)
        desk.later()
    _post(desk, who=KIM, text="And I?")
    desk.later()

    assert ["M04", "M05", "M06"] == desk.codes(JESS_AT)[before:]
    assert {("comment", "muted"), ("status_changed", "muted"), ("closed", "muted"), ("reopened", "muted")} <= set(desk.skipped())


@pytest.mark.parametrize(("text", "to", "left"), [("We look.", None, []), ("", "selected", []), ("Which?", "waiting_customer", ["M04"])])
def test_muting_stops_what_waits_in_the_window(desk: Scene, text: str, to: str | None, left: list[str]) -> None:
    """A mail that waits when he mutes is judged when it leaves; what asks him for something still comes."""
    desk.act("anna", to="resolved")
    desk.act("anna", to="reopened")
    desk.later()
    before = len(desk.codes(JESS_AT))
    desk.act("anna", text, to=to)
    participant.mute(desk.office, desk.visitor(JESS_AT), muted=True)
    desk.later()

    assert left == desk.codes(JESS_AT)[before:]


def test_his_words_are_not_sent_back_to_him(desk: Scene) -> None:
    """Nobody gets a mail for his own act, whatever the form was (invariant 1)."""
    before = len(desk.to(JESS_AT))
    _post(desk, text="One more thing.")
    desk.later()

    assert before == len(desk.to(JESS_AT))
    assert "One more thing." in text_of(desk.last(ANNA))


# -- what was overtaken while it waited --


@pytest.mark.parametrize(
    ("first", "status"),
    [(("", "selected"), "in_progress"), (("Which model?", "waiting_customer"), "in_progress"), (("", "resolved"), "reopened")],
)
def test_a_notice_that_another_agent_overtook_says_only_its_words(desk: Scene, first: tuple[str, str], status: str) -> None:
    """M03, M04, M06 that wait when somebody else moves the ticket on: never a status that is no longer so; words come as M02."""
    desk.act("bob", to="resolved")
    desk.act("bob", to="reopened")
    desk.later()
    before = len(desk.codes(KIM))
    desk.act("anna", first[0], to=first[1])
    desk.clock.pass_by(seconds=10)
    desk.act("bob", to=status)
    desk.later()

    codes = desk.codes(KIM)[before:]
    assert (["M02"] if first[0] else []) == codes[:-1]
    assert ("M08" if status == "reopened" else "M03") == codes[-1]
    for one in desk.left:
        if one.recipient == KIM and one.context.comment_text == first[0] != "":
            assert "Waiting for you" not in text_of(one.message)


def test_a_question_that_the_customer_has_answered_asks_nobody(desk: Scene) -> None:
    """M04 that waits for kim while jess answers: kim reads the words as M02 and is asked for nothing (M04 dropped by T06)."""
    desk.act("anna", "Which model?", to="waiting_customer")
    desk.clock.pass_by(seconds=10)
    before = len(desk.codes(KIM))
    _post(desk, text="The grey one.")
    desk.later()

    assert "in_progress" == desk.ticket().status
    assert ["M02", "M02"] == desk.codes(KIM)[before:]
    assert "Which model?" in text_of(desk.to(KIM)[before])
    assert "M04" not in desk.codes(JESS_AT)


def test_an_approval_that_was_given_is_not_asked_for(desk: Scene) -> None:
    """M05 that waits while a participant accepts leaves as its words, without buttons."""
    desk.act("anna", "Please try.", to="waiting_approval")
    desk.clock.pass_by(seconds=10)
    before = len(desk.codes(KIM))
    _post(desk, word="accept", seen_status="waiting_approval")
    desk.later()

    assert ["M02"] == desk.codes(KIM)[before:]
    assert "/accept" not in text_of(desk.last(KIM))


def test_two_moves_of_one_agent_are_one_mail_with_the_last(desk: Scene) -> None:
    """Within the window: one mail, the status as it is; back where it was, none (R-152, ruling 3)."""
    desk.act("anna", to="development")
    before = len(desk.codes(JESS_AT))
    desk.act("anna", to="in_progress")
    desk.later()
    assert before == len(desk.codes(JESS_AT))
    desk.act("anna", to="development")
    desk.act("anna", to="resolved")
    desk.later()

    assert ["M06"] == desk.codes(JESS_AT)[before:]
    assert "Resolved" in text_of(desk.last(JESS_AT))
    assert "development" not in text_of(desk.last(JESS_AT)).lower()


@pytest.mark.parametrize("words_first", [True, False])
def test_words_and_move_are_one_mail(desk: Scene, words_first: bool) -> None:
    """In whichever order one agent does both within the window (R-152)."""
    before = len(desk.codes(JESS_AT))
    steps = [("Here is a new one.", None), ("", "resolved")]
    for text, to in steps if words_first else reversed(steps):
        desk.act("anna", text, to=to)
        desk.clock.pass_by(seconds=20)
    desk.later()

    assert ["M06"] == desk.codes(JESS_AT)[before:]
    assert "Here is a new one." in text_of(desk.last(JESS_AT))
