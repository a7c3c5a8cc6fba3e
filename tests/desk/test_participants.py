"""Organisations by mail domain, colleagues in copy, and who hears of what on a shared ticket (R-014, R-043, ruling 16)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.store import people, schema, tickets
from tests.desk.scene import Scene, text_of

JESS = "Jess Martin <jess@commune.example>"
PROVED = (
    "Authentication-Results: mx.desk.example; dmarc=pass header.from=commune.example\r\n"
    "Received: from x by mx.desk.example with ESMTP; Mon, 2 Mar 2026 09:00:00 +0000\r\n"
)


@pytest.fixture
def town(scene: Scene) -> Scene:
    """The scene with an organisation for commune.example, and a border server that is believed."""
    with scene.office.store.write() as connection:
        people.add_organisation(connection, code="COM", name="The commune", domains=["commune.example"])
    scene.office = replace(scene.office, policy=replace(scene.office.policy, authserv_ids=frozenset({"mx.desk.example"})))
    return scene


def test_the_organisation_comes_from_the_domain(town: Scene) -> None:
    """A ticket and its requester belong to the organisation of the mail domain (R-043)."""
    town.mail(JESS, "hello\n")

    assert "COM" == town.ticket().organisation
    with town.office.store.read() as connection:
        person = people.by_address(connection, "jess@commune.example")
    assert person is not None
    assert "COM" == person.organisation


def test_a_proved_sender_brings_his_colleagues_and_nobody_else(town: Scene) -> None:
    """Cc adds people of the sender's own organisation, when his server vouches for him; a stranger is only shown."""
    town.mail(JESS, "hello\n", headers={"Cc": "Kim <kim@commune.example>, eve@evil.example, support@desk.example"}, top=PROVED)
    town.send()
    town.mail("anna@desk.example", "We look.\n", answers=town.last("anna@desk.example"))
    town.later()

    assert any("We look." in text_of(m) for m in town.to("kim@commune.example"))
    assert [] == town.to("eve@evil.example")
    assert 2 == town.count(schema.participants)


def test_an_unproved_sender_brings_nobody(town: Scene) -> None:
    """Anybody can write From: jess; his Cc is shown and not subscribed (A1.6)."""
    town.mail(JESS, "hello\n", headers={"Cc": "kim@commune.example"})

    assert 1 == town.count(schema.participants)
    assert ["kim@commune.example"] == town.comments()[0].shown["also_to"]


def test_a_participants_reply_reaches_the_requester(town: Scene) -> None:
    """What one participant writes the others read; he himself and the muted do not."""
    town.mail(JESS, "hello\n", headers={"Cc": "Kim <kim@commune.example>, lou@commune.example"}, top=PROVED)
    town.send()
    town.mail("anna@desk.example", "We look.\n", answers=town.last("anna@desk.example"))
    town.later()
    with town.office.store.write() as connection:
        lou = people.by_address(connection, "lou@commune.example")
        assert lou is not None
        connection.execute(schema.participants.update().where(schema.participants.c.person_id == lou.id).values(muted=True))
    counts = {name: len(town.to(f"{name}@commune.example")) for name in ("jess", "kim", "lou")}
    town.mail("kim@commune.example", "Thank you, it is in room 4.\n", answers=town.last("kim@commune.example"))
    town.later()

    now = {name: len(town.to(f"{name}@commune.example")) for name in ("jess", "kim", "lou")}
    assert {"jess": counts["jess"] + 1, "kim": counts["kim"], "lou": counts["lou"]} == now
    assert ("comment", "muted") in town.skipped()


def test_who_was_removed_is_a_stranger(town: Scene) -> None:
    """A reply address of somebody who is no longer on the ticket opens a ticket of his own."""
    town.mail(JESS, "hello\n")
    town.send()
    with town.office.store.write() as connection:
        connection.execute(schema.participants.delete())
    town.mail(JESS, "and more\n", answers=town.last("jess@commune.example"))

    with town.office.store.read() as connection:
        assert 2 == len(tickets.listing(connection))
    assert 1 == len(town.comments("SUP-1"))


def test_what_a_machine_says_is_not_passed_on_to_customers(town: Scene) -> None:
    """A generated mail of a participant is a comment that agents hear of; the others' machines are not woken (ruling 1)."""
    town.mail(JESS, "hello\n", headers={"Cc": "Kim <kim@commune.example>"}, top=PROVED)
    town.send()
    before = len(town.to("kim@commune.example"))
    generated = {"Auto-Submitted": "auto-generated"}
    town.mail(JESS, "Backup done.\n", answers=town.last("jess@commune.example"), headers=generated)
    town.later()

    assert before == len(town.to("kim@commune.example"))
    assert "Backup done." in text_of(town.last("anna@desk.example"))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jess Martin <jess.martin@commune.example>", "Jess Martin"),
        ("jess.martin@commune.example", "Jess Martin"),
        ('"jess.martin@commune.example" <jess.martin@commune.example>', "Jess Martin"),
        ('"jess_martin@other.example" <jess_martin@commune.example>', "Jess Martin"),
        ("1@commune.example", "1"),
    ],
)
def test_an_address_is_no_name(scene: Scene, written: str, name: str) -> None:
    """Who gives no name, or an address in its place, is called by what the address suggests: the others on a ticket read it."""
    intake = scene.intake(scene.mail(written, "It burns.\n"))
    assert name == scene.person(intake.sender).name
