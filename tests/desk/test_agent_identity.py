"""Who may speak as an agent by mail: the twenty cells of CASES A1.1, and what happens to what may not go out (ruling 5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.mail.signed.address import Purpose
from tests.desk.scene import SUPPORT, Scene, text_of
from tests.store.fresh import sqlite_store

JESS = "Jess Martin <jess@commune.example>"
BORDER = "Received: from mail.example (mail.example [192.0.2.1]) by mx.desk.example with ESMTPS id 1; Mon, 2 Mar 2026 09:00:00 +0000\r\n"


def _result(value: str) -> str:
    return f"Authentication-Results: mx.desk.example; dmarc={value} header.from=desk.example\r\n"


PROOFS = {
    "pass": _result("pass") + BORDER,
    "fail": _result("fail") + BORDER,
    "none": BORDER,
    # Our server's own field is above its Received; what stands below came with the mail.
    "forged": BORDER + _result("pass"),
}
TOKENS = ("ok", "bad", "absent", "other-agent", "other-ticket")


def _address(scene: Scene, token: str) -> str:
    """Where the agent's mail goes in each row of the matrix."""
    desk = scene.office.desks["SUP"]
    with scene.office.store.read() as connection:
        anna, bob = scene.office.team(connection, desk)
    first, second = scene.ticket("SUP-1"), scene.ticket("SUP-2")
    good = scene.office.signed_address(desk, Purpose.AGENT, subject=first.id, person=anna.id)
    return {
        "ok": good,
        "bad": good.replace("+", "+a", 1).replace("+a" + good[8], "+a", 1),
        "absent": SUPPORT,
        "other-agent": scene.office.signed_address(desk, Purpose.AGENT, subject=first.id, person=bob.id),
        "other-ticket": scene.office.signed_address(desk, Purpose.AGENT, subject=second.id, person=anna.id),
    }[token]


@pytest.mark.parametrize("proof", PROOFS)
@pytest.mark.parametrize("token", TOKENS)
def test_only_one_of_twenty_cells_publishes(token: str, proof: str, tmp_path: Path) -> None:
    """With `strict`, an agent's words go out only with his own address for this ticket and a pass from our own server (A1.1)."""
    with sqlite_store(tmp_path) as store:
        scene = Scene(store, tmp_path, agent_mail="strict", authserv_ids=frozenset({"mx.desk.example"}))
        scene.mail(JESS, "Smoke comes out of it.\n")
        scene.mail("Other <other@town.example>", "Mine too.\n")
        scene.send()
        before = len(scene.to("jess@commune.example")), len(scene.to("other@town.example"))
        notice = scene.to("anna@desk.example")[0]
        scene.mail(
            "anna@desk.example", "Secret words of anna.\n", answers=notice, headers={"To": _address(scene, token)}, top=PROOFS[proof]
        )
        scene.later()

        told = [m for m in (*scene.to("jess@commune.example"), *scene.to("other@town.example")) if "Secret words" in text_of(m)]
        published = token == "ok" and proof == "pass"
        assert published == bool(told)
        assert published == (len(scene.to("jess@commune.example")) > before[0])
        assert before[1] == len(scene.to("other@town.example"))
        # Whatever happened, the words are somewhere that agents see.
        kept = [c for key in ("SUP-1", "SUP-2") for c in scene.comments(key) if "Secret words" in c.text]
        assert 1 == len(kept)
        assert published == (kept[0].visibility == "public")


@pytest.mark.parametrize(("proof", "told"), [("pass", True), ("none", False)])
def test_only_a_proved_address_hears_that_its_mail_is_held(proof: str, told: bool, tmp_path: Path) -> None:
    """A12 goes only to an agent's own address that its domain vouches for; a forged From gets nothing (ruling 5)."""
    with sqlite_store(tmp_path) as store:
        scene = Scene(store, tmp_path, authserv_ids=frozenset({"mx.desk.example"}))
        scene.mail(JESS, "Smoke comes out of it.\n")
        scene.send()
        before = len(scene.to("anna@desk.example"))
        scene.mail("anna@desk.example", "Words.\n", answers=scene.last("anna@desk.example"), headers={"To": SUPPORT}, top=PROOFS[proof])
        scene.later()

        assert told == (len(scene.to("anna@desk.example")) > before)
        assert "held" == scene.comments()[-1].kind


def test_normal_needs_no_statement_but_no_failure_either(scene: Scene) -> None:
    """With `normal`, address and From suffice where no trusted field stands; the address alone never does."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    notice = scene.last("anna@desk.example")
    scene.mail("eve@evil.example", "I am anna.\n", answers=notice)
    scene.later()
    assert 1 == len(scene.to("jess@commune.example"))
    assert "I am anna." not in [c.text for c in scene.comments()]
    scene.mail("anna@desk.example", "I am anna indeed.\n", answers=notice)
    scene.later()
    assert 2 == len(scene.to("jess@commune.example"))


def test_two_from_fields_are_nobody(scene: Scene) -> None:
    """A mail with two From fields is never an agent's, whichever of the two is right (A1.8, F2)."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "Words.\n", answers=scene.last("anna@desk.example"), top="From: eve@evil.example\r\n")
    scene.later()

    assert 1 == len(scene.to("jess@commune.example"))
    assert scene.ticket("SUP-2").requester_id is None


def test_an_agents_absence_notice_is_not_an_answer(scene: Scene) -> None:
    """An out-of-office to A01 reaches no customer and moves nothing (A1.16)."""
    scene.mail(JESS, "Smoke comes out of it.\n")
    scene.send()
    scene.mail("anna@desk.example", "I am away.\n", answers=scene.last("anna@desk.example"), headers={"Auto-Submitted": "auto-replied"})
    scene.later()

    assert 1 == len(scene.to("jess@commune.example"))
    assert "open" == scene.ticket().status
