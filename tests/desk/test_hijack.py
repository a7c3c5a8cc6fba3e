"""Nobody gets into a ticket by naming it: the hijack cases A1.2-A1.6 of CASES."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.mail.signed.address import TOKEN_LENGTH, Purpose
from gateway.store import schema
from tests.desk.scene import SUPPORT, Scene, text_of

JESS = "Jess Martin <jess@commune.example>"
EVE = "Eve <eve@evil.example>"


@pytest.fixture
def scene_with_ticket(scene: Scene) -> Scene:
    """SUP-1 of jess, acknowledged."""
    scene.mail(JESS, "My salary is 1234.\n", subject="Salary")
    scene.send()
    return scene


def _stays_out(scene: Scene) -> None:
    """The stranger's words are in a ticket of his own, linked for agents, and he saw nothing of the first one."""
    assert ["My salary is 1234."] == [c.text for c in scene.comments("SUP-1")]
    assert "Let me in." == scene.comments("SUP-2")[0].text
    for mail in scene.to("eve@evil.example"):
        assert "1234" not in text_of(mail)
        assert "SUP-1" not in mail.as_string()
        assert "Salary" not in mail.as_string()


@pytest.mark.parametrize("named", ["[SUP-1] hello", "Re: [SUP-1] Salary", "[sup-1]", "Re: [SUP-999] hello"])
def test_a_key_in_the_subject_is_a_hint(scene_with_ticket: Scene, named: str) -> None:
    """A stranger who guesses the key opens a ticket of his own, whether or not the one that he names exists (A1.2)."""
    scene = scene_with_ticket
    scene.mail(EVE, "Let me in.\n", subject=named)
    scene.send()

    _stays_out(scene)
    assert ("999" not in named) == bool(scene.count(schema.links))


def test_a_thread_gives_no_right(scene_with_ticket: Scene) -> None:
    """True Message-IDs of the thread, ours and the customer's, let no stranger in (A1.3)."""
    scene = scene_with_ticket
    ours = scene.last("jess@commune.example")["Message-ID"]
    scene.mail(EVE, "Let me in.\n", headers={"In-Reply-To": ours, "References": f"<mail-1@commune.example> {ours}"})
    scene.send()

    _stays_out(scene)
    assert 1 == scene.count(schema.links)


@pytest.mark.parametrize("place", range(0, TOKEN_LENGTH, 3))
def test_a_changed_token_is_no_token(scene_with_ticket: Scene, place: int) -> None:
    """Whatever character of a signed address is changed, it is worth nothing (A1.4)."""
    scene = scene_with_ticket
    token = scene.last("jess@commune.example")["Reply-To"].partition("+")[2].partition("@")[0]
    changed = token[:place] + ("a" if token[place] != "a" else "b") + token[place + 1 :]
    scene.mail(EVE, "Let me in.\n", to=f"support+{changed}@desk.example")
    scene.send()

    _stays_out(scene)


def test_a_leaked_reply_address_belongs_to_its_participant(scene_with_ticket: Scene) -> None:
    """A forwarded reply address in another's hands opens a new ticket, adds nobody and shows nothing (A1.5)."""
    scene = scene_with_ticket
    scene.mail(EVE, "Let me in.\n", answers=scene.last("jess@commune.example"), headers={"Subject": "hello"})
    scene.send()

    _stays_out(scene)
    assert 1 == scene.count(schema.participants, schema.participants.c.ticket_id == scene.ticket("SUP-1").id)


@pytest.mark.parametrize("purpose", [Purpose.BOUNCE, Purpose.AGENT, Purpose.NOTE])
def test_an_address_serves_one_purpose(scene_with_ticket: Scene, purpose: Purpose) -> None:
    """A customer cannot use an address that was made for something else (A1.4)."""
    scene = scene_with_ticket
    desk = scene.office.desks["SUP"]
    address = scene.office.signed_address(desk, purpose, subject=scene.ticket().id, person=scene.ticket().requester_id or 0)
    scene.mail(EVE, "Let me in.\n", to=address)
    scene.send()

    _stays_out(scene)


def test_a_reply_address_lives_a_year(scene_with_ticket: Scene) -> None:
    """A year after the last event of its ticket an agent's address opens nothing any more (ruling 15)."""
    scene = scene_with_ticket
    notice = scene.last("anna@desk.example")
    scene.clock.pass_by(days=366)
    scene.mail("anna@desk.example", "Late words.\n", answers=notice)
    scene.later()

    assert 1 == len(scene.to("jess@commune.example"))
    assert ("held", "internal") == (scene.comments()[-1].kind, scene.comments()[-1].visibility)


def test_people_in_copy_are_shown_not_subscribed(scene: Scene) -> None:
    """A spoofed mail with the attacker in Cc never makes him a recipient of the answers (A1.6, ruling 16)."""
    scene.mail(JESS, "My salary is 1234.\n", headers={"Cc": "eve@evil.example"})
    scene.send()
    scene.mail("anna@desk.example", "We will look.\n", answers=scene.last("anna@desk.example"))
    scene.later()

    assert [] == scene.to("eve@evil.example")
    assert ["eve@evil.example"] == scene.comments()[0].shown["also_to"]


def test_a_reply_to_elsewhere_is_not_an_identity(scene: Scene) -> None:
    """Reply-To names nobody: answers go to From, and a stranger's Reply-To of jess is not jess (A1.7)."""
    scene.mail(JESS, "My salary is 1234.\n")
    scene.send()
    scene.mail(EVE, "Let me in.\n", subject="[SUP-1]", headers={"Reply-To": "jess@commune.example"})
    scene.send()

    assert 1 == len(scene.comments("SUP-1"))
    assert 1 == len(scene.to("eve@evil.example"))


def test_a_participant_of_one_ticket_is_a_stranger_to_another(scene_with_ticket: Scene) -> None:
    """Being known is not being on the ticket (A1.2)."""
    scene = scene_with_ticket
    scene.mail("Kim <kim@commune.example>", "Mine.\n", to=SUPPORT, subject="Other")
    scene.send()
    scene.mail("Kim <kim@commune.example>", "And this one?\n", subject="[SUP-1]")

    assert 1 == len(scene.comments("SUP-1"))
    assert "And this one?" == scene.comments("SUP-3")[0].text


def test_a_failed_dmarc_check_takes_the_thread_right_away(scene: Scene) -> None:
    """Where our server says that From is forged, a thread or key puts nothing into the ticket (A1.2, C.3 class 9)."""
    scene.office = replace(scene.office, policy=replace(scene.office.policy, authserv_ids=frozenset({"mx.desk.example"})))
    scene.mail(JESS, "My salary is 1234.\n")
    scene.send()
    failed = (
        "Authentication-Results: mx.desk.example; dmarc=fail header.from=commune.example\r\n"
        "Received: from x by mx.desk.example with ESMTP; Mon, 2 Mar 2026 09:00:00 +0000\r\n"
    )
    scene.mail(JESS, "Send it to my new account.\n", subject="[SUP-1]", top=failed)
    scene.send()

    assert 1 == len(scene.comments("SUP-1"))
    assert 1 == len(scene.to("jess@commune.example"))


def test_a_message_id_used_again_does_not_divert_the_thread(scene_with_ticket: Scene) -> None:
    """Who sends a mail under another's Message-ID opens a ticket of his own; replies to the first stay with the first."""
    scene = scene_with_ticket
    scene.mail(EVE, "Let me in.\n", headers={"Message-ID": "<mail-1@commune.example>"})
    scene.mail(JESS, "And my bonus is 5.\n", subject="Re: Salary", headers={"In-Reply-To": "<mail-1@commune.example>"})
    scene.send()

    assert ["My salary is 1234.", "And my bonus is 5."] == [c.text for c in scene.comments("SUP-1")]
    assert ["Let me in."] == [c.text for c in scene.comments("SUP-2")]
    assert 2 == scene.count(schema.tickets)
