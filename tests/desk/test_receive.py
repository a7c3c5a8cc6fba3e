"""One mail, one effect; and one bad mail costs only itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.desk import deliver, park, receive
from gateway.mail import understand as understanding
from gateway.store import intake, schema
from gateway.store.intake import Arrival
from tests.desk.scene import Scene

JESS = "Jess Martin <jess@commune.example>"
MAIL = b"From: jess@commune.example\r\nTo: support@desk.example\r\nSubject: one\r\nMessage-ID: <one@x.example>\r\n\r\nbody\r\n"


def test_a_second_poll_is_harmless(scene: Scene) -> None:
    """The same UID of the same generation is recorded once, and counted as new once."""
    arrival = Arrival("SUP", "imap", MAIL, scene.clock(), "m", "INBOX", 1, 7)
    assert [1, 0] == [receive.record(scene.office, [arrival]) for _ in range(2)]
    scene.work()

    assert 1 == scene.count(schema.intake)
    assert 1 == scene.count(schema.tickets)


def test_the_same_mail_by_two_ways_is_one_effect(scene: Scene) -> None:
    """Two mailboxes, or a new UIDVALIDITY: recorded each time, effective once (B19, B26)."""
    scene.bytes(MAIL, uid=7)
    scene.bytes(MAIL, uid=9, mailbox="other")
    scene.bytes(b"Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\r\n" + MAIL, uid=7, uidvalidity=2)

    assert 3 == scene.count(schema.intake)
    assert 1 == scene.count(schema.tickets)
    assert 2 == scene.count(schema.intake, schema.intake.c.outcome == "duplicate")


def test_a_known_id_with_other_content_is_another_mail(scene: Scene) -> None:
    """A Message-ID alone never suppresses a mail (B27)."""
    scene.bytes(MAIL, uid=7)
    scene.bytes(MAIL.replace(b"body", b"other"), uid=8)

    assert 2 == scene.count(schema.tickets)


def test_mails_without_an_id_are_told_apart(scene: Scene) -> None:
    """No Message-ID: the content is the name (B28)."""
    bare = MAIL.replace(b"Message-ID: <one@x.example>\r\n", b"")
    scene.bytes(bare, uid=1)
    scene.bytes(bare, uid=2)
    scene.bytes(bare.replace(b"body", b"other"), uid=3)

    assert 2 == scene.count(schema.tickets)


def test_a_poison_mail_is_parked_and_the_others_go_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that breaks its reader is tried once in company, three times alone, and parked with a stub that agents see (B39)."""
    real = understanding.understand

    def fragile(raw: bytes, context: Any) -> Any:
        if b"poison" in raw:
            raise MemoryError("boom")
        return real(raw, context)

    monkeypatch.setattr(receive, "understand", fragile)
    arrivals = [
        Arrival("SUP", "imap", MAIL.replace(b"one", word), scene.clock(), "m", "INBOX", 1, number)
        for number, word in enumerate((b"good1", b"poison", b"good2"), start=1)
    ]
    receive.record(scene.office, arrivals)
    rounds = []
    for _ in range(12):
        rounds.append(receive.work(scene.office, owner="test", limit=50))
        scene.clock.pass_by(seconds=3)

    assert 2 == rounds[0].done
    assert 5 == sum(r.failed for r in rounds) + sum(r.done for r in rounds[1:])
    assert 3 == scene.count(schema.tickets)
    assert 1 == scene.count(schema.intake, schema.intake.c.state == "parked")
    assert "boom" in (scene.intake(2).error or "")
    assert scene.ticket("SUP-3").requester_id is None

    monkeypatch.undo()
    assert park.retry(scene.office, 2)
    scene.work()
    assert ("done", "ticket") == (scene.intake(2).state, scene.intake(2).outcome)


def test_an_innocent_mail_of_a_batch_that_died_is_not_parked(scene: Scene) -> None:
    """Attempts in company are not counted as attempts alone: a process that dies often loses no mail and parks none."""
    for number in range(1, 4):
        receive.record(scene.office, [Arrival("SUP", "imap", MAIL.replace(b"one", b"m%d" % number), scene.clock(), "m", "I", 1, number)])
    for _ in range(3):
        with scene.office.store.write() as connection:
            assert intake.claim(connection, owner="dead", now=scene.clock(), lease=timedelta(seconds=60), limit=50)
        scene.clock.pass_by(seconds=61)
    for _ in range(5):
        scene.work()

    assert 3 == scene.count(schema.tickets)
    assert 0 == scene.count(schema.intake, schema.intake.c.state == "parked")


def test_two_workers_share_no_mail(scene: Scene) -> None:
    """While one worker's lease runs another takes nothing of it; afterwards the late worker's word does not count."""
    receive.record(scene.office, [Arrival("SUP", "imap", MAIL, scene.clock(), "m", "I", 1, 1)])
    lease = timedelta(seconds=60)
    with scene.office.store.write() as connection:
        [row] = intake.claim(connection, owner="slow", now=scene.clock(), lease=lease, limit=5)
        assert [] == intake.claim(connection, owner="quick", now=scene.clock(), lease=lease, limit=5)
    scene.clock.pass_by(seconds=61)
    scene.work()
    with scene.office.store.write() as connection:
        assert not intake.settle(connection, row.id, owner="slow", values={"state": "done"})

    assert 1 == scene.count(schema.tickets)


def test_a_closed_door_parks_the_stranger(scene: Scene) -> None:
    """Under `known-senders` a stranger's mail waits for an operator, unanswered; added as a person, it becomes his ticket (R-010)."""
    scene.with_rules(sender_policy="known-senders")
    row = scene.intake(scene.mail(JESS, "hello\n"))

    assert ("parked", "sender-unknown") == (row.state, row.park_reason)
    assert [] == scene.send()
    scene.with_rules(sender_policy="open")
    assert park.retry(scene.office, row.id)
    scene.work()
    assert 1 == scene.count(schema.tickets)


def test_a_mail_too_large_is_a_stub_with_its_beginning(scene: Scene) -> None:
    """Of an oversized mail the beginning is kept on a ticket that agents see; nothing is lost silently (B44)."""
    row = scene.intake(scene.bytes(MAIL, uid=1, whole=False, size=40_000_000))

    assert ("oversized", "stub") == (row.verdict, row.outcome)
    assert 1 == scene.count(schema.attachments, schema.attachments.c.content_type == "message/rfc822")


def test_an_empty_or_binary_mail_is_not_lost(scene: Scene) -> None:
    """Bytes that are no mail become a stub ticket."""
    for raw in (b"\x00\x01\x02\xff" * 100, b"\r\n", b"x"):
        row = scene.intake(scene.bytes(raw))
        assert row.state == "done", raw
        assert row.ticket_id is not None, raw


def test_a_delivery_is_claimed_once(scene: Scene) -> None:
    """T3: what one sender has in hand no other takes, until its lease is over (B5)."""
    scene.mail(JESS, "hello\n")
    first = deliver.claim(scene.office, owner="one", limit=50)

    assert 3 == len(first)
    assert [] == deliver.claim(scene.office, owner="two", limit=50)
    scene.clock.pass_by(seconds=61)
    again = deliver.claim(scene.office, owner="two", limit=50)
    assert {d.message_id for d in first} == {d.message_id for d in again}


def test_a_reply_waits_for_the_mail_that_it_answers(scene: Scene) -> None:
    """While another worker has a mail in hand, the reply to it is set back without counting the attempt; it is not a ticket of its own."""
    head = "From: jess@commune.example\r\nTo: support@desk.example\r\nSubject: One thing\r\n"
    texts = (
        "Message-ID: <first@commune.example>\r\n\r\nHelp.\r\n",
        "Message-ID: <second@x>\r\nIn-Reply-To: <first@commune.example>\r\n\r\nMore.\r\n",
    )
    for uid, text in enumerate(texts, 1):
        raw = (head + text).encode()
        receive.record(
            scene.office,
            [Arrival("SUP", "imap", raw, scene.clock(), mailbox="m", folder="INBOX", uidvalidity=1, uid=uid)],
        )
    with scene.office.store.write() as connection:
        intake.claim(connection, owner="another", now=scene.clock(), lease=timedelta(seconds=60), limit=1)
    scene.work()
    assert ("new", 0) == (scene.intake(2).state, scene.intake(2).attempts)
    assert 0 == scene.count(schema.tickets)

    scene.clock.pass_by(seconds=61)
    scene.work()
    assert ["ticket", "comment"] == [scene.intake(number).outcome for number in (1, 2)]


def test_mails_that_never_came_are_told_apart(scene: Scene) -> None:
    """Two mails that the server announces and never hands over have the same bytes, none; each is a stub of its own."""
    for uid in (1, 2):
        row = scene.intake(scene.bytes(b"", uid=uid, whole=False, size=1000))
        assert ("done", "stub") == (row.state, row.outcome)

    assert 2 == scene.count(schema.tickets)


@pytest.mark.parametrize("ident", [b"<a\x00b@x.example>", b"<a\xe9\xff@x.example>", b"<\x1b[2J@x.example>"])
def test_a_message_id_that_no_database_takes_stops_nobody(scene: Scene, ident: bytes) -> None:
    """PostgreSQL refuses NUL in a text: the mail is taken without its id, and so is the rest of its batch (I5, A3.20)."""
    bad = MAIL.replace(b"<one@x.example>", ident).replace(b"body", b"bo\x00dy")
    receive.record(scene.office, [Arrival("SUP", "imap", raw, scene.clock(), "m", "I", 1, n) for n, raw in enumerate((bad, MAIL), 1)])
    scene.work()

    assert 2 == scene.count(schema.tickets)


def test_an_error_that_no_database_takes_is_kept_all_the_same(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What went wrong with a mail may quote it: NUL and half characters in it must not stop the loop."""

    def fragile(raw: bytes, context: Any) -> Any:
        raise ValueError("no \x00 and no \udce9 here")

    monkeypatch.setattr(receive, "understand", fragile)
    receive.record(scene.office, [Arrival("SUP", "imap", MAIL, scene.clock(), "m", "I", 1, 1)])
    for _ in range(6):
        receive.work(scene.office, owner="test", limit=5)
        scene.clock.pass_by(seconds=3)

    assert "parked" == scene.intake(1).state
    assert "ValueError" in (scene.intake(1).error or "")


def test_a_closed_door_is_closed_to_an_unclear_sender(scene: Scene) -> None:
    """Where strangers must wait, a mail whose From is not surely one mailbox waits too (R-010, F2)."""
    scene.with_rules(sender_policy="known-senders")
    row = scene.intake(scene.mail(JESS, "hello\n", top="From: eve@evil.example\r\n"))

    assert ("parked", "sender-unclear") == (row.state, row.park_reason)
    assert 0 == scene.count(schema.tickets)
