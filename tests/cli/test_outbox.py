"""`gateway outbox`: what waits, and an operator's word on it."""

from __future__ import annotations

from email import message_from_string, policy

import pytest
import sqlalchemy as sa

from gateway.domain.delivery import Bounced, Deferred, Outcome, Sent
from gateway.store import schema
from tests.cli.installation import Installation

LATER = Deferred("rcpt", 451, "4.7.1 greylisted", "greylisted")


@pytest.fixture
def desk(gateway: Installation) -> Installation:
    """One mail to Jess that was told to come later: o-1. One to Anna that is gone: o-2."""
    gateway.hire("anna")
    answer_jess(gateway, LATER)
    gateway.receive(gateway.raw())
    gateway.send()
    return gateway


def answer_jess(desk: Installation, outcome: Outcome) -> None:
    """What the server says to mails to Jess; it takes all others."""
    desk.wire.answer = lambda to: outcome if to == "jess@commune.example" else Sent("250 ok")


def state(desk: Installation, number: int = 1) -> str:
    """Where a delivery stands."""
    return str(desk.good("outbox", "show", str(number), "--json").data["state"])


def test_a_list_shows_what_waits(desk: Installation) -> None:
    """The last answer too; what has come to an end only by --state."""
    title, line = desk.good("outbox", "list").out.splitlines()
    assert title.split() == ["ID", "STATE", "AGE", "TRIES", "NEXT", "TICKET", "TO", "MAIL", "LAST", "ANSWER"]
    assert line.startswith("o-1  deferred  0 s  1 ")
    assert line.endswith("SUP-1   jess@commune.example  request_received  451 4.7.1 greylisted")
    assert [row["id"] for row in desk.good("outbox", "list", "--json").data] == ["o-1"]
    [sent] = desk.good("outbox", "list", "--state", "sent", "--json").data
    assert sent | {"id": "o-2", "recipient": "anna@desk.example", "ticket": "SUP-1", "cause_mail": "i-1", "answer": "250 ok"} == sent
    assert "they are queued, sending, deferred" in desk("outbox", "list", "--state", "lost").err
    assert desk("outbox", "list", "--state", "lost").code == 2


def test_an_empty_outbox_says_so(gateway: Installation) -> None:
    """On stderr; data is empty."""
    assert gateway.good("outbox", "list").err == "nothing waits in the outbox\n"
    assert gateway.good("outbox", "list", "--json").data == []


def test_one_mail_is_shown_with_its_tries(desk: Installation) -> None:
    """With or without the letter; its answers in order."""
    for name in ("o-1", "1"):
        out = desk.good("outbox", "show", name).out
        assert out.startswith("o-1  request_received to jess@commune.example\n")
        assert " state      deferred\n" in out
        assert "  deferred at rcpt: 451 4.7.1 greylisted\n" in out
    [attempt] = desk.good("outbox", "show", "o-1", "--json").data["attempts"]
    assert (attempt["outcome"], attempt["phase"], attempt["code"]) == ("deferred", "rcpt", 451)


def test_the_mail_itself_is_shown(desk: Installation) -> None:
    """--eml is the mail as it would be sent; one whose words were withdrawn has nothing to say."""
    mail = message_from_string(desk.good("outbox", "show", "o-1", "--eml").out, policy=policy.default)
    assert mail["To"] == "jess@commune.example"
    assert mail["Message-ID"] == desk.good("outbox", "show", "o-1", "--json").data["message_id"]
    assert "SUP-1" in mail["Subject"]
    desk.good("ticket", "comment", "SUP-1", "x")
    with desk.office() as office, office.store.write() as connection:
        connection.execute(sa.update(schema.comments).values(withdrawn_at=office.now()))
        connection.execute(sa.update(schema.deliveries).where(schema.deliveries.c.id == 3).values(mail="comment", context={"comments": []}))
    answer = desk("outbox", "show", "o-3", "--eml")
    assert answer.code == 1
    assert "taken back before it left" in answer.err


def test_a_retry_is_due_now(desk: Installation) -> None:
    """It leaves at the next round, with its tries counted anew."""
    answer_jess(desk, Sent("250 ok"))
    desk.send()
    assert state(desk) == "deferred"
    assert desk.good("outbox", "retry", "o-1").out == "o-1 is due now\n"
    assert desk.good("outbox", "show", "o-1", "--json").data["tries"] == 0
    desk.send()
    assert state(desk) == "sent"


def test_a_bounced_mail_may_be_retried(desk: Installation) -> None:
    """When the address was wrong on their side; the old end is forgotten."""
    answer_jess(desk, Bounced("rcpt", 550, "5.1.1 no such user"))
    desk.good("outbox", "retry", "o-1")
    desk.send()
    assert state(desk) == "bounced"
    desk.good("outbox", "retry", "o-1")
    assert desk.good("outbox", "show", "o-1", "--json").data["settled_at"] is None
    answer_jess(desk, Sent("250 ok"))
    desk.send()
    assert state(desk) == "sent"


def test_all_are_retried_but_not_what_may_hurt(desk: Installation) -> None:
    """--all takes deferred and parked ones; others only when their state is named."""
    for subject in ("Two", "Three"):
        desk.receive(desk.raw(f"{subject} <{subject.lower()}@commune.example>", subject=subject))
    with desk.office() as office, office.store.write() as connection:
        rows = list(connection.execute(sa.select(schema.deliveries.c.id).where(schema.deliveries.c.mail == "request_received")))
        for row, is_now in zip(rows, ("deferred", "parked", "bounced"), strict=True):
            connection.execute(sa.update(schema.deliveries).where(schema.deliveries.c.id == row.id).values(state=is_now))
    assert desk.good("outbox", "retry", "--all").out == "2 mails are due now\n"
    assert desk.good("outbox", "retry", "--all").out == "0 mails are due now\n"
    assert desk.good("outbox", "retry", "--all", "--state", "bounced").out == "1 mail is due now\n"
    assert desk("outbox", "retry", "--all", "--state", "sent").code == 2


@pytest.mark.parametrize("words", [(), ("o-1", "--all")])
def test_a_retry_needs_one_or_all(desk: Installation, words: tuple[str, ...]) -> None:
    """Neither and both are usage errors."""
    assert desk("outbox", "retry", *words).code == 2


def test_a_held_mail_does_not_leave(desk: Installation) -> None:
    """Until it is released; the reason is shown."""
    answer_jess(desk, Sent("250 ok"))
    assert desk.good("outbox", "hold", "o-1", "--reason", "wrong text").out == "o-1 is held: wrong text\n"
    assert desk.good("outbox", "list").out.splitlines()[1].endswith("wrong text")
    desk.good("outbox", "retry", "--all")
    desk.send()
    assert state(desk) == "held"
    assert desk.good("outbox", "release", "o-1").out == "o-1 waits for its turn\n"
    desk.good("outbox", "retry", "o-1")
    desk.send()
    assert state(desk) == "sent"


def test_a_dropped_mail_is_at_its_end(desk: Installation) -> None:
    """Only with --yes in a script; it is kept with its reason."""
    answer = desk("outbox", "drop", "o-1")
    assert answer.code == 2
    assert "--yes" in answer.err
    assert state(desk) == "deferred"
    desk.good("outbox", "drop", "o-1", "--yes")
    desk.send()
    shown = desk.good("outbox", "show", "o-1", "--json").data
    assert (shown["state"], shown["hold_reason"]) == ("cancelled", "dropped by an operator")
    assert shown["settled_at"] is not None


@pytest.mark.parametrize("words", [("hold", "o-2"), ("release", "o-1"), ("drop", "o-2", "--yes"), ("retry", "o-2")])
def test_a_word_that_comes_too_late_changes_nothing(desk: Installation, words: tuple[str, ...]) -> None:
    """Exit 1, where it stands and what the word is for."""
    answer = desk("outbox", *words)
    assert answer.code == 1
    assert "this is for mails that are" in answer.err
    assert (state(desk, 1), state(desk, 2)) == ("deferred", "sent")


def test_a_mail_in_a_workers_hands_is_left_to_it(desk: Installation) -> None:
    """No word of an operator takes it away in the middle of SMTP."""
    with desk.office() as office, office.store.write() as connection:
        connection.execute(sa.update(schema.deliveries).values(state="sending"))
    for words in (("hold", "o-1"), ("retry", "o-1"), ("drop", "o-1", "--yes")):
        assert desk("outbox", *words).code == 1
    assert state(desk) == "sending"


@pytest.mark.parametrize("words", [("show",), ("retry",), ("hold",), ("release",), ("drop", "--yes")])
def test_a_number_that_is_not_there(desk: Installation, words: tuple[str, ...]) -> None:
    """Exit 4; what is no number is 2."""
    assert desk("outbox", words[0], "o-99", *words[1:]).code == 4
    assert desk("outbox", words[0], "i-1", *words[1:]).code == 2


def test_an_operators_word_is_in_the_life(desk: Installation) -> None:
    """`gateway explain o-1` tells that he spoke."""
    desk.good("outbox", "hold", "o-1")
    assert "held at operator: by an operator" in desk.good("explain", "o-1").out
