"""Delivery reports come home to their delivery, and only with our own signed address (CASES A1.15, R-020)."""

from __future__ import annotations

import pytest

from gateway.domain.delivery import Bounced, Deferred, Outcome, Sent, Uncertain
from gateway.store import outbox, schema
from tests.desk.scene import SUPPORT, Scene, text_of

JESS = "Jess Martin <jess@commune.example>"


def _dsn(to: str, *, action: str = "failed", status: str = "5.1.1", recipient: str = "jess@commune.example") -> bytes:
    lines = [
        "Return-Path: <>",
        "From: MAILER-DAEMON@mx.example",
        f"To: {to}",
        "Subject: Undelivered",
        f"Message-ID: <d-{action}{status}@mx.example>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "Sorry.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; 550 {status} no such user",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


@pytest.fixture
def answered(scene: Scene) -> Scene:
    """SUP-1, acknowledged, answered by anna."""
    scene.mail(JESS, "Smoke.\n")
    scene.send()
    scene.mail("anna@desk.example", "Pull the plug.\n", answers=scene.last("anna@desk.example"))
    scene.later()
    return scene


def _bounce_address(scene: Scene) -> str:
    return [mail_from for mail_from, recipient, _ in scene.wire.mails if recipient == "jess@commune.example"][-1]


def test_a_hard_bounce_marks_the_address_and_tells_the_agents(answered: Scene) -> None:
    """The delivery is bounced, A11 goes to the agents, and nothing automatic goes to the address until it writes again."""
    scene = answered
    scene.bytes(_dsn(_bounce_address(scene)))
    scene.send()

    assert 1 == scene.count(schema.deliveries, schema.deliveries.c.state == "bounced")
    assert "no such user" in text_of(scene.last("anna@desk.example"))
    assert 1 == scene.count(schema.addresses, schema.addresses.c.undeliverable_at.is_not(None))
    assert [] == scene.to("MAILER-DAEMON@mx.example")
    scene.mail(JESS, "I am back.\n", subject="[SUP-1]")
    assert 0 == scene.count(schema.addresses, schema.addresses.c.undeliverable_at.is_not(None))


@pytest.mark.parametrize("to", [SUPPORT, "support+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@desk.example", "noreply@desk.example"])
def test_a_forged_report_does_nothing(answered: Scene, to: str) -> None:
    """Without a bounce address of ours a report is stored and without effect (A1.15)."""
    scene = answered
    row = scene.intake(scene.bytes(_dsn(to)))

    assert "report-without-effect" == row.outcome
    assert 0 == scene.count(schema.deliveries, schema.deliveries.c.state == "bounced")
    assert 1 == scene.count(schema.tickets)


def test_a_reply_address_is_no_bounce_address(answered: Scene) -> None:
    """A report to a participant's reply address counts for nothing: anybody could write it."""
    scene = answered
    row = scene.intake(scene.bytes(_dsn(scene.last("jess@commune.example")["Reply-To"])))

    assert "report-without-effect" == row.outcome


def test_a_delay_is_no_bounce(answered: Scene) -> None:
    """The other side still tries: noted, and nobody is alarmed."""
    scene = answered
    scene.bytes(_dsn(_bounce_address(scene), action="delayed", status="4.4.1"))
    scene.send()

    assert 0 == scene.count(schema.deliveries, schema.deliveries.c.state == "bounced")
    assert 1 == scene.count(schema.events, schema.events.c.kind == "DeliveryDelayed")


def _answer(scene: Scene, outcome: Outcome) -> None:
    scene.wire.answer = lambda recipient: outcome if recipient.startswith("jess") else Sent("250 ok")


def test_a_refused_recipient_is_told_to_the_agents(scene: Scene) -> None:
    """A 5xx to our face does what a report would have done (B9)."""
    _answer(scene, Bounced("rcpt", 550, "5.1.1 user unknown"))
    scene.mail(JESS, "Smoke.\n")
    scene.send()
    scene.send()

    assert "user unknown" in text_of(scene.last("anna@desk.example"))
    assert 1 == scene.count(schema.deliveries, schema.deliveries.c.state == "bounced")


def test_a_greylisted_mail_comes_back_with_the_same_id(scene: Scene) -> None:
    """Deferred by a 4xx: tried again after the table's delay, the same mail (B8)."""
    _answer(scene, Deferred("rcpt", 451, "4.7.1 try later", "greylisted"))
    scene.mail(JESS, "Smoke.\n")
    [settled] = [s for s in scene.send() if s.delivery.recipient.startswith("jess")]
    assert "deferred" == settled.state
    assert [] == scene.send()
    _answer(scene, Sent("250 ok"))
    scene.clock.pass_by(minutes=2)
    [again] = scene.send()

    assert ("sent", settled.delivery.message_id) == (again.state, again.delivery.message_id)
    with scene.office.store.read() as connection:
        assert ["deferred", "sent"] == [a.outcome for a in outbox.attempts(connection, again.delivery.id)]


def test_later_mails_wait_for_the_earlier_one(scene: Scene) -> None:
    """What is deferred keeps its place: the customer reads the acknowledgement before the answer (I4)."""
    _answer(scene, Deferred("rcpt", 451, "4.7.1 try later", "greylisted"))
    scene.mail(JESS, "Smoke.\n")
    scene.send()
    scene.mail("anna@desk.example", "Pull the plug.\n", answers=scene.last("anna@desk.example"))
    _answer(scene, Sent("250 ok"))
    scene.clock.pass_by(seconds=50)
    assert [] == [s for s in scene.send() if s.delivery.recipient.startswith("jess")]
    scene.clock.pass_by(minutes=5)
    scene.send()

    assert ["request_received", "comment"] == [
        "comment" if "Pull the plug" in text_of(m) else "request_received" for m in scene.to("jess@commune.example")
    ]


def test_an_uncertain_answer_is_sent_once_more_and_an_acknowledgement_is_not(answered: Scene) -> None:
    """After the dot and before the reply: an agent's words go out once more with the same id, automatic mail does not (B6, ruling 4)."""
    scene = answered
    _answer(scene, Uncertain("connection lost"))
    scene.mail("anna@desk.example", "And call me.\n", answers=scene.to("anna@desk.example")[0])
    [first] = [s for s in scene.later() if s.delivery.recipient.startswith("jess")]
    scene.clock.pass_by(minutes=31)
    [second] = scene.send()
    scene.clock.pass_by(days=1)

    assert first.delivery.message_id == second.delivery.message_id
    assert [] == scene.send()
    scene.mail("Kim <kim@town.example>", "Hello.\n")
    scene.wire.answer = lambda recipient: Uncertain("lost") if recipient.startswith("kim") else Sent("250 ok")
    scene.send()
    scene.clock.pass_by(days=1)
    assert [] == scene.send()


def test_a_report_that_comes_again_is_told_once(answered: Scene) -> None:
    """Whoever has the bounce address cannot make it a source of mails to the agents."""
    scene = answered
    for status in ("5.1.1", "5.1.2", "5.1.3"):
        scene.bytes(_dsn(_bounce_address(scene), status=status))
    scene.send()

    assert 1 == scene.count(schema.deliveries, schema.deliveries.c.mail == "agent_undeliverable", schema.deliveries.c.person_id == 1)


def test_an_agents_last_words_are_sent_once_more_too(answered: Scene) -> None:
    """A resolution with words of the agent is his answer, not a machine's: uncertain, it goes out once more (B6)."""
    scene = answered
    _answer(scene, Uncertain("connection lost"))
    scene.mail("anna@desk.example", "#resolu\nI brought a new one.\n", answers=scene.to("anna@desk.example")[0])
    [first] = [s for s in scene.later() if s.delivery.recipient.startswith("jess")]
    scene.clock.pass_by(minutes=31)

    assert [first.delivery.message_id] == [s.delivery.message_id for s in scene.send()]
