"""A reply to a mail that takes no answers: its author publishes it on the page, and reopens the ticket if he wants."""

from __future__ import annotations

import pytest

from gateway.mail.signed.link import LinkPurpose
from tests.web.stage import JESS, JESS_IS, Stage, text_in


def held_back(stage: Stage, command: str) -> Stage:
    """A customer answered the guarded mail that a command sent."""
    stage.opened()
    stage.agent(f"{command}\n")
    stage.scene.mail(JESS_IS, "It <burns> again!\n", answers=stage.scene.last(JESS))
    stage.scene.later()
    assert "held" == stage.scene.comments()[-1].kind
    return stage


def public(stage: Stage) -> list[str]:
    """The public comments of the ticket."""
    return [c.text for c in stage.scene.comments() if c.kind == "comment" and c.visibility == "public" and c.withdrawn_at is None]


def test_the_link_shows_the_words_and_publishes_none(stage: Stage) -> None:
    """GET shows his text and the buttons; nothing is published by looking (CASES A4.3)."""
    held_back(stage, "#résolu")
    page = stage.http.get(f"/g/{stage.token(LinkPurpose.HELD)}")
    assert "It &lt;burns&gt; again!" in page.text
    assert 'value="publish_and_reopen"' in page.text
    assert 'value="publish"' in page.text
    assert 1 == len(public(stage))


@pytest.mark.parametrize(
    ("do", "status", "said"),
    [("publish", "resolved", "published"), ("publish_and_reopen", "reopened", "published_reopened")],
)
def test_his_button_publishes(stage: Stage, do: str, status: str, said: str) -> None:
    """« Publish only » leaves a resolved ticket resolved, « Publish and reopen » takes it up again; both let him in (ruling 7)."""
    held_back(stage, "#résolu")
    path = f"/g/{stage.token(LinkPurpose.HELD)}"
    page = stage.http.get(path)
    done = stage.submit(page, path, do=do)
    assert (303, f"/t/SUP-1?fait={said}") == (done.status_code, done.headers["location"])
    assert "It <burns> again!" == public(stage)[-1].strip()
    assert status == stage.ticket().status
    assert 200 == stage.http.get("/t/SUP-1").status_code
    again = stage.submit(page, path, do=do)
    assert "/t/SUP-1?fait=double" == again.headers["location"]
    assert 2 == len(public(stage))


def test_a_ticket_that_goes_on_has_one_button(stage: Stage) -> None:
    """Where nothing is settled there is nothing to reopen."""
    held_back(stage, "#encours")
    page = stage.http.get(f"/g/{stage.token(LinkPurpose.HELD)}")
    assert "publish_and_reopen" not in page.text
    assert 'value="publish"' in page.text


def test_the_ticket_shows_it_to_its_author_alone(stage: Stage) -> None:
    """On the ticket's page he finds what waits, with the same button; it works without the mail's link."""
    held_back(stage, "#encours")
    page = stage.enter()
    assert "Your reply is not published yet" in text_in(page.text)
    done = stage.submit(page, "/t/SUP-1/held", do="publish")
    assert "/t/SUP-1?fait=published" == done.headers["location"]
    assert "not published yet" not in stage.http.get("/t/SUP-1").text


def test_nothing_left_to_publish_is_said(stage: Stage) -> None:
    """The link of a reply that was published meanwhile leads to the ticket, and says why."""
    held_back(stage, "#encours")
    token = stage.token(LinkPurpose.HELD)
    stage.submit(stage.enter(), "/t/SUP-1/held", do="publish")
    answer = stage.http.get(f"/g/{token}")
    assert (303, "/t/SUP-1?fait=nothing_held") == (answer.status_code, answer.headers["location"])
