"""What the clock does to tickets: on the right day, once, and never more than was promised (T13, T19-T21, M09, M10, M14, CASES B47-B49)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from gateway.desk import participant, survey, timers
from gateway.desk.timers import Ticked
from gateway.domain.timing import Rhythm
from gateway.mail.signed.link import LinkPurpose
from gateway.store import people, schema
from tests.desk.scene import Scene, text_of

JESS, JESS_AT = "Jess Martin <jess@commune.example>", "jess@commune.example"
KIM = "kim@commune.example"
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
def desk(scene: Scene) -> Scene:
    """SUP-1 of jess and kim, in progress since Monday, 2 March 2026, 9:00."""
    scene.with_page()
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.act("anna", to="in_progress")
    scene.join(KIM)
    scene.later()
    return scene


def _ask(scene: Scene, status: str = "waiting_customer") -> None:
    scene.act("anna", "Which model is it?", to=status)
    scene.later()


def _until(scene: Scene, end: datetime, *, step: timedelta = timedelta(hours=3)) -> list[tuple[datetime, Ticked]]:
    """The bell rings at every `step` of the day: when it did something, and what."""
    did = []
    midnight = scene.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    while scene.clock() < end:
        scene.clock.now = midnight + step * ((scene.clock() - midnight) // step + 1)
        if done := timers.work(scene.office):
            did.append((scene.clock(), done))
            scene.send()
    scene.send()
    return did


def _at(*day: int, zone: Any = UTC) -> datetime:
    return datetime(*day, tzinfo=zone)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize("status", ["waiting_customer", "waiting_approval"])
def test_a_question_is_remembered_twice(desk: Scene, status: str) -> None:
    """M09 after three and seven days, in the morning, with the question; the status stays, nothing is accepted by silence (T19, T21)."""
    _ask(desk, status)
    before = {who: len(desk.codes(who)) for who in (JESS_AT, KIM)}
    did = _until(desk, _at(2026, 4, 20))

    assert [_at(2026, 3, 5, 9), _at(2026, 3, 9, 9)] == [when for when, _ in did]
    assert [Ticked(reminded=1)] * 2 == [done for _, done in did]
    assert [["M09", "M09"]] * 2 == [desk.codes(who)[before[who] :] for who in (JESS_AT, KIM)]
    assert "Which model is it?" in text_of(desk.last(JESS_AT))
    assert status == desk.ticket().status
    assert [3, 7] == [one.context.days_waiting for one in desk.left if one.recipient == KIM and one.mail.value == "reminder"]


def test_what_falls_on_a_weekend_is_due_on_monday(desk: Scene) -> None:
    """Asked on a Wednesday: the third day is a Saturday; with weekdays = false it is not moved."""
    desk.clock.now = _at(2026, 3, 4, 10)
    _ask(desk)
    assert [_at(2026, 3, 9, 9), _at(2026, 3, 11, 9)] == [when for when, _ in _until(desk, _at(2026, 3, 20))]
    desk.act("anna", to="in_progress")
    desk.clock.now = _at(2026, 3, 25, 10)
    desk.with_policy(rhythm=Rhythm(weekdays=False))
    _ask(desk)

    assert [_at(2026, 3, 28, 9), _at(2026, 4, 1, 9)] == [when for when, _ in _until(desk, _at(2026, 4, 20))]


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (_at(2026, 3, 26, 10, zone=BRUSSELS), _at(2026, 3, 29, 9, zone=BRUSSELS)),  # the clock went forward that night
        (_at(2026, 10, 22, 10, zone=BRUSSELS), _at(2026, 10, 25, 9, zone=BRUSSELS)),  # and back
        (_at(2026, 3, 28, 10, zone=BRUSSELS), _at(2026, 3, 31, 9, zone=BRUSSELS)),
        (_at(2026, 10, 24, 10, zone=BRUSSELS), _at(2026, 10, 27, 9, zone=BRUSSELS)),
    ],
)
def test_a_change_of_the_clocks_moves_nothing(desk: Scene, asked: datetime, due: datetime) -> None:
    """The reader's hour stays the hour, on both days and across them (B48)."""
    desk.with_policy(rhythm=Rhythm(zone=BRUSSELS, weekdays=False))
    desk.clock.now = asked.astimezone(UTC)
    _ask(desk)
    did = _until(desk, (due + timedelta(days=2)).astimezone(UTC), step=timedelta(minutes=30))

    assert [due] == [when for when, _ in did]


@pytest.mark.parametrize("day", [_at(2026, 3, 29), _at(2026, 10, 25)])
def test_an_hour_that_is_twice_or_never_there_rings_once(desk: Scene, day: datetime) -> None:
    """Due at two o'clock on the night of the change: one reminder (B48)."""
    desk.with_policy(rhythm=Rhythm(zone=BRUSSELS, weekdays=False, hour=2, reminders=(3,)))
    desk.clock.now = day - timedelta(days=3) + timedelta(hours=10)
    _ask(desk)
    did = _until(desk, day + timedelta(days=2), step=timedelta(minutes=10))

    assert [day.date()] == [when.astimezone(BRUSSELS).date() for when, _ in did]
    assert 1 == desk.codes(JESS_AT).count("M09")


def test_a_double_bell_does_nothing_twice(desk: Scene) -> None:
    """A second ring at the same moment, and one after the clock was set back and came forward again (B47)."""
    _ask(desk)
    desk.clock.now = _at(2026, 3, 5, 9, 1)
    assert [True, False, False] == [bool(timers.work(desk.office)) for _ in range(3)]
    for hours in (-30, 10, 25):
        desk.clock.pass_by(hours=hours)
        assert not timers.work(desk.office)
    desk.later()

    assert 1 == desk.codes(JESS_AT).count("M09")


def test_bells_of_two_workers_do_it_once(desk: Scene) -> None:
    """Several schedulers ring at one moment: each reminder, warning, closing and survey reminder is done by one of them (ruling 13)."""
    desk.with_policy(rhythm=Rhythm(resolve_after=8, warn_before=7, close_after=5))
    for number in range(2, 8):
        desk.mail(f"c{number}@commune.example", "Mine burns, too.\n", subject=f"Printer {number}")
    for number in (1, 2, 3):
        desk.act("anna", "Which model is it?", to="waiting_customer", key=f"SUP-{number}")
    for number in (4, 5, 6, 7):
        desk.act("anna", to="resolved", key=f"SUP-{number}")
    desk.later()
    desk.clock.now = _at(2026, 3, 10, 9, 1)
    start, done = threading.Barrier(3), []

    def ring() -> None:
        start.wait(10)
        done.append(timers.work(desk.office))

    threads = [threading.Thread(target=ring) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert 3 == len(done)
    assert (3, 3, 0, 4) == tuple(sum(getattr(d, kind) for d in done) for kind in ("reminded", "warned", "resolved", "asked_again"))
    assert 4 == sum(d.closed for d in done)
    participants = 4  # of SUP-1 two, of SUP-2 and SUP-3 one each
    for mail, wanted in (("reminder", participants), ("resolve_warning", participants), ("survey_reminder", 4)):
        assert wanted == desk.count(schema.deliveries, schema.deliveries.c.mail == mail), mail


def test_a_pause_of_ours_is_made_up_for_with_one_mail(desk: Scene) -> None:
    """Down from the second day to the ninth: one reminder, the later one (B49)."""
    _ask(desk)
    desk.clock.now = _at(2026, 3, 11, 9)
    assert Ticked(reminded=1) == timers.work(desk.office)
    _until(desk, _at(2026, 4, 20))

    assert 1 == desk.codes(JESS_AT).count("M09")
    [fact] = [row.data for row in _facts(desk, "Reminded")]
    assert 7 == fact["days"]


def _facts(scene: Scene, kind: str) -> list[sa.Row[Any]]:
    with scene.office.store.read() as connection:
        return list(connection.execute(sa.select(schema.events.c.data, schema.events.c.at).where(schema.events.c.kind == kind)).all())


def test_a_question_that_is_asked_again_starts_anew(desk: Scene) -> None:
    """Answered on day five and asked once more: the days count from the new question."""
    _ask(desk)
    _until(desk, _at(2026, 3, 6))
    participant.on_page(desk.office, desk.visitor(JESS_AT), participant.Wish(text="The grey one."), "k1")
    assert [] == _until(desk, _at(2026, 3, 16, 10))
    _ask(desk)

    assert [_at(2026, 3, 19, 9), _at(2026, 3, 23, 9)] == [when for when, _ in _until(desk, _at(2026, 5, 1))]


def test_the_muted_are_not_reminded(desk: Scene) -> None:
    """M09 does not pass a mute; the others get it."""
    _ask(desk)
    participant.mute(desk.office, desk.visitor(JESS_AT), muted=True)
    _until(desk, _at(2026, 3, 20))

    assert (0, 2) == (desk.codes(JESS_AT).count("M09"), desk.codes(KIM).count("M09"))
    assert ("reminder", "muted") in desk.skipped()


def test_what_moves_between_the_look_and_the_deed_is_left_alone(desk: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The customer answers at the moment at which the bell rings: he is not reminded of what he has answered."""
    _ask(desk)
    looks = timers._standing

    def looks_too_early(*args: Any) -> Iterator[Any]:
        found = list(looks(*args))
        if desk.ticket().status == "waiting_customer" and found:
            participant.on_page(desk.office, desk.visitor(JESS_AT), participant.Wish(text="The grey one."), "k1")
        yield from found

    monkeypatch.setattr(timers, "_standing", looks_too_early)
    desk.clock.now = _at(2026, 3, 5, 9, 1)

    assert not timers.work(desk.office)
    assert "in_progress" == desk.ticket().status


def test_a_resolved_ticket_closes_in_silence(desk: Scene) -> None:
    """T13: on the day that M06 announced, without a mail to anybody."""
    desk.with_policy(rhythm=replace(Rhythm(), survey_reminder=0))
    desk.act("anna", "Done.", to="resolved")
    desk.later()
    announced = desk.left[-1].context.closes_on
    before = len(desk.wire.mails)
    did = _until(desk, _at(2026, 4, 20))

    assert [(announced, Ticked(closed=1))] == [(when, done) for when, done in did]
    assert _at(2026, 3, 16, 9) == announced
    assert ("closed", "done", before) == (desk.ticket().status, desk.ticket().resolution, len(desk.wire.mails))
    assert ["T13-timer"] == [row.data["rule"] for row in _facts(desk, "StatusChanged")][-1:]


def test_a_reopened_ticket_does_not_close(desk: Scene) -> None:
    """The days of the first resolution are forgotten."""
    desk.act("anna", to="resolved")
    _until(desk, _at(2026, 3, 10))
    desk.act("anna", to="reopened")
    _until(desk, _at(2026, 3, 20))
    assert "reopened" == desk.ticket().status
    desk.act("anna", to="resolved")
    _until(desk, _at(2026, 4, 2))
    assert "resolved" == desk.ticket().status
    _until(desk, _at(2026, 4, 7))

    assert "closed" == desk.ticket().status


def test_zero_is_never(desk: Scene) -> None:
    """Each part of the rhythm can be switched off."""
    desk.with_policy(rhythm=Rhythm(reminders=(), close_after=0, resolve_after=0, survey_reminder=0))
    desk.mail("sam@other.example", "Mine, too.\n", subject="Screen")
    desk.act("anna", to="resolved", key="SUP-2")
    _ask(desk)

    assert [] == _until(desk, _at(2026, 9, 1), step=timedelta(days=1))


def test_silence_ends_a_request_only_where_it_is_switched_on(desk: Scene) -> None:
    """T20 is off by default: a question may wait for ever."""
    _ask(desk)
    _until(desk, _at(2026, 9, 1), step=timedelta(days=1))

    assert "waiting_customer" == desk.ticket().status
    assert "M10" not in desk.codes(JESS_AT)


def test_silence_ends_a_request_after_a_warning(desk: Scene) -> None:
    """M10 seven days before, with the day on which T20 then comes; no resolution is claimed, nobody is asked how it was."""
    desk.with_policy(rhythm=Rhythm(resolve_after=14))
    _ask(desk)
    did = [(when, done) for when, done in _until(desk, _at(2026, 3, 29))]

    assert (_at(2026, 3, 9, 9), Ticked(reminded=1, warned=1)) == did[1]
    assert (_at(2026, 3, 16, 9), Ticked(resolved=1)) == did[-1]
    promised = next(one.context.resolves_on for one in desk.left if one.mail.value == "resolve_warning")
    assert did[-1][0] == promised
    assert ("resolved", None, 0) == (desk.ticket().status, desk.ticket().resolution, desk.count(schema.surveys))
    assert (1, 0) == (desk.codes(JESS_AT).count("M10"), desk.codes(JESS_AT).count("M06"))


def test_the_promised_days_are_kept_after_a_pause(desk: Scene) -> None:
    """Down for a month: the warning comes first, and its seven days pass before anything ends (B49)."""
    desk.with_policy(rhythm=Rhythm(resolve_after=14))
    _ask(desk)
    desk.clock.now = _at(2026, 4, 1, 12)
    assert Ticked(warned=1) == timers.work(desk.office)
    desk.send()
    did = _until(desk, _at(2026, 5, 1))

    assert (_at(2026, 4, 8, 9), Ticked(resolved=1)) == (did[0][0], did[0][1])
    promised = next(one.context.resolves_on for one in desk.left if one.mail.value == "resolve_warning")
    assert _at(2026, 4, 8, 9) == promised


def test_who_cannot_be_warned_is_not_closed_out(desk: Scene) -> None:
    """Where everybody on the ticket is muted, M10 reaches nobody, and T20 does not come: no request ends without a word."""
    desk.with_policy(rhythm=Rhythm(resolve_after=14))
    for who in (JESS_AT, KIM):
        participant.mute(desk.office, desk.visitor(who), muted=True)
    _ask(desk)
    _until(desk, _at(2026, 5, 1), step=timedelta(hours=12))

    assert ("waiting_customer", 0) == (desk.ticket().status, desk.codes(JESS_AT).count("M10"))


def test_a_reminder_of_long_ago_is_left_out(desk: Scene) -> None:
    """More than a week late, M09 and M14 would only surprise (B13)."""
    desk.mail("sam@other.example", "Mine, too.\n", subject="Screen")
    desk.act("anna", to="resolved", key="SUP-2")
    _ask(desk)
    desk.clock.now = _at(2026, 3, 16, 9, 1)

    assert Ticked(closed=1) == replace(timers.work(desk.office), reminded=0)
    desk.later()
    assert "M14" not in desk.codes("sam@other.example")
    desk.clock.now = _at(2026, 4, 1, 9)
    assert not timers.work(desk.office)


def test_an_answer_to_the_warning_keeps_the_request(desk: Scene) -> None:
    """A reply after M10 is T06, and no clock ends the ticket afterwards."""
    desk.with_policy(rhythm=Rhythm(resolve_after=14))
    _ask(desk)
    _until(desk, _at(2026, 3, 10))
    desk.mail(JESS, "The grey one.\n", answers=desk.last(JESS_AT))
    _until(desk, _at(2026, 5, 1), step=timedelta(hours=12))

    assert "in_progress" == desk.ticket().status


def _resolved(scene: Scene) -> str:
    """Ask jess how it was; the survey's token."""
    scene.act("anna", to="resolved")
    scene.later()
    return scene.office.link(LinkPurpose.SURVEY, scene.ticket(), scene.person(JESS_AT), subject=1)


def test_an_unanswered_survey_is_asked_once_more(desk: Scene) -> None:
    """M14 after three days, to the requester alone, with the five steps, once (ruling 11)."""
    _resolved(desk)
    did = _until(desk, _at(2026, 3, 31))

    assert (_at(2026, 3, 5, 9), Ticked(asked_again=1)) == (did[0][0], did[0][1])
    assert (1, 0) == (desk.codes(JESS_AT).count("M14"), desk.codes(KIM).count("M14"))
    assert 5 == text_of(desk.last(JESS_AT)).count("/avis/")


def _answers(scene: Scene, token: str) -> None:
    survey.answer(scene.office, token, 4, "")


def _reopens(scene: Scene, token: str) -> None:
    scene.act("anna", to="reopened")


def _mutes(scene: Scene, token: str) -> None:
    participant.mute(scene.office, scene.visitor(JESS_AT), muted=True)


def _leaves(scene: Scene, token: str) -> None:
    with scene.office.store.write() as connection:
        people.update(connection, scene.person(JESS_AT).id, disabled=True)


def _switches_off(scene: Scene, token: str) -> None:
    scene.with_policy(survey=False)


@pytest.mark.parametrize("what", [_answers, _reopens, _mutes, _leaves, _switches_off])
def test_who_is_not_asked_once_more(desk: Scene, what: Any) -> None:
    """Who has answered, whose ticket goes on, who is muted or disabled; and nobody where the survey is off."""
    what(desk, _resolved(desk))
    _until(desk, _at(2026, 3, 31), step=timedelta(hours=2))

    assert "M14" not in desk.codes(JESS_AT)


def test_a_survey_that_was_answered_while_the_reminder_waited(desk: Scene) -> None:
    """A sender that was away sends no M14 to somebody who has answered meanwhile."""
    token = _resolved(desk)
    desk.clock.now = _at(2026, 3, 5, 9)
    assert Ticked(asked_again=1) == timers.work(desk.office)
    survey.answer(desk.office, token, 5, "")
    desk.later()

    assert "M14" not in desk.codes(JESS_AT)


@pytest.mark.parametrize("who", ["customer", "agent"])
def test_a_reminder_that_was_overtaken_while_it_waited(desk: Scene, who: str) -> None:
    """M09 and M10 that a slow relay holds up are not sent once the ticket has moved on: nobody is asked for what he has answered."""
    desk.with_policy(rhythm=Rhythm(resolve_after=10, warn_before=7))
    _ask(desk)
    desk.clock.now = _at(2026, 3, 5, 9)
    assert Ticked(reminded=1, warned=1) == timers.work(desk.office)
    if who == "customer":
        participant.on_page(desk.office, desk.visitor(JESS_AT), participant.Wish(text="The grey one."), "k1")
    else:
        desk.act("anna", to="in_progress")
    desk.later()

    assert not {"M09", "M10"} & {*desk.codes(JESS_AT), *desk.codes(KIM)}


def test_a_ring_in_the_night_does_nothing(desk: Scene) -> None:
    """Before the hour of the due day nothing happens, at the hour it does."""
    _ask(desk)
    for moment, did in ((_at(2026, 3, 5, 8, 59), False), (_at(2026, 3, 5, 9), True)):
        desk.clock.now = moment
        assert did is bool(timers.work(desk.office))
