"""The whole life of a mail can be read back."""

from __future__ import annotations

import pytest

from gateway.desk.explain import Explained, explain
from gateway.domain.delivery import Deferred, Sent
from tests.desk.scene import Scene

JESS = "Jess Martin <jess@commune.example>"


@pytest.mark.parametrize("name", ["SUP-1", "sup-1", "<mail-1@commune.example>", "mail-1@commune.example", "i-1"])
def test_a_mail_is_found_by_each_of_its_names(scene: Scene, name: str) -> None:
    """By ticket, by Message-ID with or without brackets, by its number in the ledger."""
    scene.wire.answer = lambda recipient: Deferred("rcpt", 451, "4.7.1 greylisted", "greylisted") if "jess" in recipient else Sent("250 ok")
    scene.mail(JESS, "Smoke.\n")
    scene.send()
    scene.wire.answer = lambda _: Sent("250 taken")
    scene.clock.pass_by(minutes=5)
    scene.send()
    [life] = explain(scene.office, name).lives

    assert ("human", "ticket", "SUP-1") == (life.verdict, life.outcome, life.ticket)
    assert ["TicketOpened", "CommentAdded"] == [kind for _, kind, _ in life.facts]
    acknowledgement = next(s for s in life.sendings if s.mail == "request_received")
    assert ["deferred", "sent"] == [t.outcome for t in acknowledgement.tries]
    assert "451 4.7.1 greylisted" == acknowledgement.tries[0].text


def test_a_mail_of_ours_is_found_too(scene: Scene) -> None:
    """By the Message-ID that the customer sees, or by its number in the outbox."""
    scene.mail(JESS, "Smoke.\n")
    scene.send()
    ours = scene.last("jess@commune.example")["Message-ID"]

    assert ["request_received"] == [s.mail for s in explain(scene.office, ours).sendings]
    assert ["request_received"] == [s.mail for s in explain(scene.office, "o-1").sendings]


@pytest.mark.parametrize("name", ["SUP-9", "nothing@nowhere", "i-99", "o-99", "i-", ""])
def test_nothing_is_found_under_another_name(scene: Scene, name: str) -> None:
    """An unknown name is an empty answer, not an error."""
    assert Explained() == explain(scene.office, name)
