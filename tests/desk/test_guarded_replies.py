"""Answers to mails that ask not to be answered: kept, handed back once a day, published by a button or an operator (rulings 7-9)."""

from __future__ import annotations

from email.message import Message
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.desk import held, visit
from gateway.desk.office import Story
from gateway.desk.participant import Done, Double, Nothing
from gateway.domain.guard import Mode
from gateway.store import schema, tickets
from tests.desk.scene import NOREPLY, SUPPORT, Scene, judged, text_of

JESS, JESS_AT = "Jess Martin <jess@commune.example>", "jess@commune.example"
KIM = "kim@commune.example"
WORDS = "When will that be?"


@pytest.fixture
def desk(scene: Scene) -> Scene:
    """SUP-1 of jess and kim, acknowledged, with a page and a border server that is believed."""
    scene.with_page()
    scene.with_policy(authserv_ids=frozenset({"mx.desk.example"}))
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.join(KIM)
    return scene


def _guarded(scene: Scene, to: str = "selected") -> Message:
    """A pure status mail to jess, which asks not to be answered."""
    scene.act("anna", to=to)
    scene.later()
    return scene.last(JESS_AT)


def _held(scene: Scene) -> list[sa.Row[Any]]:
    return [row for row in scene.comments() if row.kind == "held" and row.withdrawn_at is None]


def _public(scene: Scene, key: str = "SUP-1") -> list[str]:
    return [row.text for row in scene.comments(key) if row.kind == "comment" and row.visibility == "public"]


def _story(scene: Scene, connection: sa.Connection) -> Story:
    return Story(scene.office, connection, scene.office.desks["SUP"], scene.clock(), "cli")


ACTS = {
    "M02": {"text": "Pull the plug."},
    "M03": {"to": "selected"},
    "M04": {"text": "Which model?", "to": "waiting_customer"},
    "M06": {"to": "resolved"},
}


@pytest.mark.parametrize("code", ACTS)
@pytest.mark.parametrize(("mode", "guarded"), [(Mode.STRICT, set(ACTS)), (Mode.EVENTS, {"M03", "M06"}), (Mode.OFF, set())])
def test_which_mails_are_guarded(desk: Scene, mode: Mode, guarded: set[str], code: str) -> None:
    """strict: all that tells of an agent's act; events: what asks nothing and carries no words; off: none (SURFACE 1.4, R-153)."""
    desk.with_policy(guard=mode)
    desk.act("anna", **ACTS[code])
    desk.later()
    mail = desk.last(JESS_AT)

    assert [code] == desk.codes(JESS_AT)[1:]
    wanted = ("noreply", NOREPLY, True) if code in guarded else ("support", SUPPORT, False)
    reply_to, sender = mail["Reply-To"].partition("+")[0], mail["From"].rpartition("<")[2].rstrip(">")
    assert wanted == (reply_to, sender, "Please do not reply" in text_of(mail))


@pytest.mark.parametrize("to", [None, NOREPLY])
def test_a_reply_to_a_guarded_mail_is_kept_for_agents_only(desk: Scene, to: str | None) -> None:
    """It is a held comment, whether it came to the signed address or by its thread: no mail and no page shows it to others (A4.25)."""
    mails = len(desk.to(KIM)) + 1  # the status
    intake = desk.mail(JESS, WORDS, answers=_guarded(desk), headers={"To": to} if to else None)
    desk.later()

    assert ("held", "held") == (desk.intake(intake).outcome, _held(desk)[0].kind)
    assert (WORDS, "internal", "guarded") == (_held(desk)[0].text, _held(desk)[0].visibility, _held(desk)[0].held_why)
    assert mails == len(desk.to(KIM))
    theirs, mine = (visit.page(desk.office, desk.visitor(who)) for who in (KIM, JESS_AT))
    assert WORDS not in repr((theirs, mine.entries))
    assert [WORDS] == [one.text for one in mine.held]


def test_who_writes_to_the_desk_as_well_is_heard(desk: Scene) -> None:
    """A reply that goes to an answerable address too is an ordinary comment."""
    desk.mail(JESS, WORDS, answers=_guarded(desk), headers={"To": NOREPLY, "Cc": SUPPORT})

    assert WORDS == _public(desk)[-1]
    assert [] == _held(desk)


def test_without_the_guard_the_noreply_address_is_an_address(desk: Scene) -> None:
    """Mode off: what comes to a guarded mail of earlier days is a comment."""
    status = _guarded(desk)
    desk.with_policy(guard=Mode.OFF)
    desk.mail(JESS, WORDS, answers=status)

    assert WORDS == _public(desk)[-1]


def test_his_words_come_back_once_a_day(desk: Scene) -> None:
    """M11 to its author: at once, with his words, a button, from nobody (`<>`); the next in 24 hours; each ticket and person apart."""
    status = _guarded(desk)
    desk.mail(JESS, WORDS, answers=status)
    desk.send()  # without the merge window

    assert "M11" == desk.codes(JESS_AT)[-1]
    mail_from, _, returned = desk.wire.mails[-1]
    assert ("", True, True) == (mail_from, WORDS in text_of(returned), "/g/" in text_of(returned))
    assert "auto-replied" == returned["Auto-Submitted"]
    desk.clock.pass_by(hours=23)
    desk.mail(JESS, "Hello?", answers=status)
    desk.mail(KIM, "I wonder, too.", answers=desk.last(KIM))
    desk.send()
    assert (1, 1) == (desk.codes(JESS_AT).count("M11"), desk.codes(KIM).count("M11"))
    assert ("guard_returned", "returned-today") in desk.skipped()
    desk.clock.pass_by(hours=2)
    desk.mail(JESS, "Hello??", answers=status)
    desk.send()
    assert 2 == desk.codes(JESS_AT).count("M11")
    assert 4 == len(_held(desk))


@pytest.mark.parametrize(
    ("headers", "top"),
    [
        ({"Auto-Submitted": "auto-replied"}, ""),
        ({"Auto-Submitted": "auto-generated"}, ""),
        ({"Subject": "Out of office: Re: printer", "X-Autoreply": "yes"}, ""),
        ({"Precedence": "bulk"}, ""),
        ({"Return-Path": "<>"}, ""),
        ({"List-Id": "<news.commune.example>"}, ""),
        ({"Date": "Thu, 26 Feb 2026 09:00:00 +0000"}, ""),
        ({}, judged("fail")),
    ],
)
def test_a_machine_or_a_forger_gets_nothing_back(desk: Scene, headers: dict[str, str], top: str) -> None:
    """Auto-replies, lists, null senders, DMARC failures and mails older than three days get no M11, and nobody else reads them (A2.3)."""
    status = _guarded(desk)
    desk.mail(JESS, WORDS, answers=status, headers=headers, top=top)
    desk.later()

    assert "M11" not in desk.codes(JESS_AT)
    assert WORDS not in _public(desk)
    assert WORDS not in "".join(text_of(mail) for mail in desk.to(KIM))
    assert 1 == desk.count(schema.comments, schema.comments.c.text == WORDS)


def test_a_bounce_of_a_guarded_mail_is_no_reply(desk: Scene) -> None:
    """A delivery report that comes to the noreply address is nobody's words: no comment, no M11."""
    status = _guarded(desk)
    report = {"Content-Type": 'multipart/report; report-type=delivery-status; boundary="b"', "Return-Path": "<>"}
    desk.mail("MAILER-DAEMON@commune.example", "undeliverable", answers=status, headers=report)
    desk.later()

    assert [] == _held(desk)
    assert not any("M11" in desk.codes(who) for who in (JESS_AT, KIM, "mailer-daemon@commune.example"))


def _with_a_file(scene: Scene, answers: Message) -> None:
    head = f"From: {JESS}\nTo: {answers['Reply-To']}\nSubject: Re: printer\nMessage-ID: <f@commune.example>\nMIME-Version: 1.0\n"
    parts = (("text/html", "", f"<p>{WORDS} <b>See there.</b></p>"), ("text/csv", "list.csv", "a;b"))
    body = head + f'In-Reply-To: {answers["Message-ID"]}\nContent-Type: multipart/mixed; boundary="b"\n\n'
    for kind, name, content in parts:
        disposition = f'Content-Disposition: attachment; filename="{name}"\n' if name else ""
        body += f"--b\nContent-Type: {kind}\n{disposition}\n{content}\n"
    scene.bytes((body + "--b--\n").replace("\n", "\r\n").encode())


def test_published_it_is_his_comment(desk: Scene) -> None:
    """With its files and its HTML; the others and the team hear of it, he does not, and nothing is left to publish (ruling 8)."""
    _with_a_file(desk, _guarded(desk))
    before = len(desk.to(JESS_AT)) + 1  # M11
    done = held.publish(desk.office, desk.visitor(JESS_AT), reopen=False, post_key="k1")
    desk.later()

    assert held.Published(1, reopened=False) == done
    row = desk.comments()[-1]
    assert ("comment", "public", "page", True) == (row.kind, row.visibility, row.source, "See there." in row.html)
    shown = visit.page(desk.office, desk.visitor(KIM)).entries[0]
    assert isinstance(shown, visit.Said)
    assert ["list.csv"] == [file.filename for file in shown.files]
    assert b"a;b" in (visit.file(desk.office, desk.visitor(KIM), shown.files[0].id) or (None, b""))[1]
    assert ("M02", True) == (desk.codes(KIM)[-1], WORDS in text_of(desk.last(KIM)))
    assert ("A02", before) == (desk.codes("anna@desk.example")[-1], len(desk.to(JESS_AT)))
    assert [] == _held(desk)
    assert () == visit.page(desk.office, desk.visitor(JESS_AT)).held


def test_the_same_form_publishes_once(desk: Scene) -> None:
    """A double click and a reload do nothing twice; a new form has nothing to publish."""
    desk.mail(JESS, WORDS, answers=_guarded(desk))
    jess = desk.visitor(JESS_AT)
    first, again, other = (held.publish(desk.office, jess, reopen=False, post_key=key) for key in ("k1", "k1", "k2"))

    assert (held.Published(1, reopened=False), Double(), Nothing()) == (first, again, other)
    assert 1 == _public(desk).count(WORDS)


def test_publishing_all_of_it_is_one_mail(desk: Scene) -> None:
    """Several held replies are published together, in their order, and travel together."""
    status = _guarded(desk)
    desk.mail(JESS, "First.", answers=status)
    desk.mail(JESS, "Second.", answers=status)
    held.publish(desk.office, desk.visitor(JESS_AT), reopen=False, post_key="k1")
    before = len(desk.to(KIM))
    desk.later()

    assert ["First.", "Second."] == _public(desk)[-2:]
    assert 1 == len(desk.to(KIM)) - before
    assert text_of(desk.last(KIM)).index("First.") < text_of(desk.last(KIM)).index("Second.")


def test_published_where_the_ticket_waited_it_is_the_answer(desk: Scene) -> None:
    """In waiting_customer the words take the ticket back into progress, as a reply would have (T06)."""
    desk.with_policy(guard=Mode.STRICT)
    desk.act("anna", "Which model?", to="waiting_customer")
    desk.later()
    desk.mail(JESS, "The grey one.", answers=desk.last(JESS_AT))
    assert "waiting_customer" == desk.ticket().status
    held.publish(desk.office, desk.visitor(JESS_AT), reopen=False, post_key="k1")

    assert ("in_progress", "The grey one.") == (desk.ticket().status, _public(desk)[-1])


@pytest.mark.parametrize("reopen", [True, False])
def test_published_on_a_settled_ticket_it_reopens_only_if_he_says_so(desk: Scene, reopen: bool) -> None:
    """`Publish and reopen` is T14: reopened, A03, M08 to the others; `publish only` is a comment (T16, ruling 7)."""
    desk.mail(JESS, "It burns again.", answers=_guarded(desk, "resolved"))
    assert "resolved" == desk.ticket().status
    done = held.publish(desk.office, desk.visitor(JESS_AT), reopen=reopen, post_key="k1")
    desk.later()

    assert held.Published(1, reopened=reopen) == done
    assert ("reopened" if reopen else "resolved") == desk.ticket().status
    assert ("M08" if reopen else "M02", "A03" if reopen else "A02") == (desk.codes(KIM)[-1], desk.codes("anna@desk.example")[-1])
    assert "It burns again." in text_of(desk.last(KIM))


def test_after_thirty_days_only_an_operator_publishes(desk: Scene) -> None:
    """The author's button is dead, his words stand on the ticket for agents, and an operator may still publish them (ruling 8)."""
    desk.mail(JESS, WORDS, answers=_guarded(desk))
    [row] = _held(desk)
    desk.clock.pass_by(days=30, seconds=1)

    assert Nothing() == held.publish(desk.office, desk.visitor(JESS_AT), reopen=False, post_key="k1")
    assert () == visit.page(desk.office, desk.visitor(JESS_AT)).held
    assert [WORDS] == [one.text for one in held.waiting(desk.office, limit=10)]
    with desk.office.store.write() as connection:
        done = held.publish_one(_story(desk, connection), desk.ticket(), row.id, reopen=False)
    assert isinstance(done, Done)
    assert (WORDS, JESS_AT) == (_public(desk)[-1], desk.person(JESS_AT).address)
    assert desk.person(JESS_AT).id == desk.comments()[-1].author_id
    with desk.office.store.write() as connection:
        assert Nothing() == held.publish_one(_story(desk, connection), desk.ticket(), row.id, reopen=False)


def test_dropped_it_is_only_read(desk: Scene) -> None:
    """`gateway held drop`: nobody can publish it any more, agents still find it on the ticket; a second time there is none."""
    desk.mail(JESS, WORDS, answers=_guarded(desk))
    [row] = _held(desk)
    with desk.office.store.write() as connection:
        story = _story(desk, connection)
        assert [True, False] == [held.drop(story, row.id, actor_id=None) for _ in range(2)]

    assert Nothing() == held.publish(desk.office, desk.visitor(JESS_AT), reopen=False, post_key="k1")
    assert [WORDS] == [one.text for one in desk.comments() if one.kind == "held"]
    assert [] == held.waiting(desk.office, limit=10)


def test_only_its_author_publishes_it(desk: Scene) -> None:
    """Another participant, and its author once he was removed from the ticket, have nothing to publish."""
    desk.mail(JESS, WORDS, answers=_guarded(desk))
    jess, kim = desk.visitor(JESS_AT), desk.visitor(KIM)
    assert Nothing() == held.publish(desk.office, kim, reopen=False, post_key="k1")
    with desk.office.store.write() as connection:
        tickets.remove_participant(connection, desk.ticket().id, jess.person.id)

    assert Nothing() == held.publish(desk.office, jess, reopen=True, post_key="k2")
    assert WORDS not in _public(desk)
