"""What the desk does not answer, and that it says why (CASES A2.2-A2.8, C.3)."""

from __future__ import annotations

import random
import string

import pytest

from gateway.store import schema
from tests.desk.scene import SUPPORT, Scene, subject_of, text_of

JESS = "Jess Martin <jess@commune.example>"


def _words(count: int) -> list[str]:
    chance = random.Random(7)
    return ["".join(chance.choices(string.ascii_lowercase, k=12)) for _ in range(count)]


def test_an_unproved_address_reads_none_of_its_own_words(scene: Scene) -> None:
    """M01 to an address that was never seen carries no word of the mail: else we would send a spammer's text for him (A2.2)."""
    words = _words(50)
    scene.mail(f"{words[0]} {words[1]} <victim@commune.example>", " ".join(words[2:40]) + "\n", subject=" ".join(words[40:]))
    scene.send()

    [acknowledgement] = scene.to("victim@commune.example")
    everything = acknowledgement.as_string() + text_of(acknowledgement) + subject_of(acknowledgement)
    assert [] == [word for word in words if word in everything]
    assert len(acknowledgement.as_bytes()) <= 8192


def test_a_known_participant_reads_his_subject(scene: Scene) -> None:
    """Who took part before gets his own subject back."""
    scene.mail(JESS, "one\n", subject="First request")
    scene.clock.pass_by(minutes=11)
    scene.mail(JESS, "two\n", subject="Second request")
    scene.send()

    first, second = scene.to("jess@commune.example")
    assert "First request" not in subject_of(first)
    assert "Second request" in subject_of(second)


def test_one_acknowledgement_in_ten_minutes_and_five_answers_a_day(scene: Scene) -> None:
    """Every mail becomes a ticket; the answers stop (A2.3)."""
    for _ in range(3):
        scene.mail(JESS, "again\n")
    scene.send()
    assert 1 == len(scene.to("jess@commune.example"))
    for _ in range(8):
        scene.clock.pass_by(minutes=11)
        scene.mail(JESS, "again\n")
    scene.send()

    assert 11 == scene.count(schema.tickets)
    assert 5 == len(scene.to("jess@commune.example"))
    assert {("request_received", "acknowledged-just-now"), ("request_received", "over-daily-limit")} <= set(scene.skipped())
    scene.clock.pass_by(days=1)
    scene.mail(JESS, "next day\n")
    scene.send()
    assert 6 == len(scene.to("jess@commune.example"))


def test_a_flood_is_answered_with_silence_for_a_day(scene: Scene) -> None:
    """Ten mails in five minutes open the circuit: tickets are kept, answers stop for 24 hours (A2.4)."""
    for _ in range(11):
        scene.mail(JESS, "flood\n")
    scene.clock.pass_by(hours=23)
    scene.mail(JESS, "still\n")
    scene.send()

    assert 12 == scene.count(schema.tickets)
    assert ("request_received", "flood") in scene.skipped()
    assert 1 == len(scene.to("jess@commune.example"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Return-Path": "<>"},
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-notified; x"},
        {"Precedence": "Bulk"},
        {"List-Id": "<news.commune.example>"},
        {"X-Auto-Response-Suppress": "OOF, AutoReply"},
        {"From": "noreply@commune.example"},
        {"From": "MAILER-DAEMON@commune.example"},
        {"X-Spam-Flag": "YES"},
        {"To": "someone-else@commune.example"},
        {"Date": "Mon, 23 Feb 2026 09:00:00 +0000"},
    ],
)
def test_what_is_never_answered(scene: Scene, headers: dict[str, str]) -> None:
    """The classes of C.3 get no automatic answer, whatever becomes of the mail."""
    scene.mail(JESS, "hello\n", headers=headers)
    scene.send()

    assert [] == [r for _, r, _ in scene.wire.mails if r.endswith("commune.example")]
    assert 1 == scene.count(schema.intake, schema.intake.c.state != "new")


@pytest.mark.parametrize(("envelope", "answered"), [("", 0), ("jess@commune.example", 1), (None, 1)])
def test_a_null_sender_that_was_pushed_to_us_is_not_answered(scene: Scene, envelope: str | None, answered: int) -> None:
    """LMTP and ingest say the envelope's sender beside the mail: `<>` forbids an answer as Return-Path does (A2.7, ruling 2)."""
    raw = b"From: jess@commune.example\r\nTo: support@desk.example\r\nSubject: x\r\nMessage-ID: <n@c.example>\r\n\r\nhello\r\n"
    scene.bytes(raw, envelope_from=envelope)
    scene.send()

    assert answered == len(scene.to("jess@commune.example"))
    assert 1 == scene.count(schema.tickets)


def test_imported_mail_tells_nobody(scene: Scene) -> None:
    """What was in the mailbox before the first start becomes tickets, silently (A2.8)."""
    scene.mail(JESS, "old\n", silent=True)
    scene.later()

    assert 1 == scene.count(schema.tickets)
    assert [] == scene.wire.mails


@pytest.mark.parametrize("sender", [SUPPORT, "noreply@desk.example", "Support <SUPPORT@desk.example>"])
def test_our_own_address_is_a_loop(scene: Scene, sender: str) -> None:
    """A mail from ourselves is filed as a loop: no ticket, no answer (A2.5)."""
    row = scene.intake(scene.mail(sender, "hello me\n"))

    assert ("done", "loop") == (row.state, row.outcome)
    assert 0 == scene.count(schema.tickets)


def test_our_own_mail_coming_back_is_an_echo(scene: Scene) -> None:
    """A mail of ours that some forwarder returns is known by its loop mark and Message-ID (A2.4, A2.5)."""
    scene.mail(JESS, "hello\n")
    scene.send()
    for _, _, mail in list(scene.wire.mails):
        scene.bytes(mail.as_bytes())

    assert 1 == scene.count(schema.tickets)
    assert 3 == scene.count(schema.intake, schema.intake.c.outcome == "loop")


def test_a_machine_that_answers_every_mail_is_answered_twice_at_most(scene: Scene) -> None:
    """A noreply robot without any marks answers each of our mails with a new one: the loop ends (E7)."""
    scene.mail("Robot <robot@machine.example>", "beep\n")
    answered = 0
    for _ in range(20):
        scene.send()
        mails = scene.to("robot@machine.example")
        if len(mails) == answered:
            break
        answered = len(mails)
        scene.clock.pass_by(minutes=1)
        scene.mail("Robot <robot@machine.example>", "beep\n", subject="Your mail was received")

    assert answered <= 2


def test_imported_agent_mail_tells_nobody_either(scene: Scene) -> None:
    """A mail of an agent from before the first start gets no error, no help and no receipt (A2.8)."""
    scene.mail(JESS, "hello\n")
    scene.send()
    notice, before = scene.last("anna@desk.example"), len(scene.wire.mails)
    for text in ("#status resoluu\nDone.\n", "#help\n", "#assign bob@\n", "#undo\n"):
        scene.mail("anna@desk.example", text, answers=notice, silent=True)
    scene.later()

    assert before == len(scene.wire.mails)


def test_two_machines_on_one_ticket_stop(scene: Scene) -> None:
    """A customer's and an agent's machine that answer whatever they get, without a mark: the talk ends (A2.4, E7)."""
    scene.mail("Robot <robot@machine.example>", "beep\n")
    seen = {"robot@machine.example": 0, "anna@desk.example": 0}
    for number in range(400):
        scene.later()
        news = [(who, mails[-1]) for who in seen if len(mails := scene.to(who)) > seen[who]]
        if not news:
            break
        for who, mail in news:
            seen[who] = len(scene.to(who))
            scene.mail(who, f"beep {number}\n", answers=mail)
    assert number < 100
    assert 1 == scene.count(schema.tickets)
    assert "too-many-on-ticket" in {reason for _, reason in scene.skipped()}
