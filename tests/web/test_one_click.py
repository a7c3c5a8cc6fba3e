"""The link that turns notifications off: a page for people, one click for mail programs (RFC 8058), and nothing for scanners."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.mail.signed.link import LinkPurpose
from gateway.store import schema
from tests.web.stage import BROWSER, Stage, text_in


def muted(stage: Stage) -> bool:
    """Whether anybody is muted."""
    return bool(stage.scene.count(schema.participants, schema.participants.c.muted))


@pytest.mark.parametrize(
    ("method", "body", "mutes"),
    [
        ("GET", {}, False),
        ("HEAD", {}, False),
        ("POST", {}, False),
        ("POST", {"data": {"List-Unsubscribe": "One-Click"}}, True),
        ("POST", {"files": {"List-Unsubscribe": (None, "One-Click")}}, True),
        ("POST", {"data": {"List-Unsubscribe": "Two-Clicks", "other": "x"}}, False),
    ],
    ids=["get", "head", "bare post", "one click, urlencoded", "one click, multipart", "other words"],
)
def test_only_one_click_mutes(stage: Stage, method: str, body: dict[str, Any], mutes: bool) -> None:
    """A mail program's POST with the words of RFC 8058 acts at once, without cookie, mark or origin; nothing else does; all get 200."""
    stage.opened()
    answer = stage.http.request(method, f"/m/{stage.token(LinkPurpose.MUTE)}", headers={"origin": "https://mail.example"}, **body)
    assert 200 == answer.status_code
    assert mutes is muted(stage)
    assert "set-cookie" not in answer.headers


def test_one_click_twice_is_one(stage: Stage) -> None:
    """Pressed again it stays off, and is no error."""
    stage.opened()
    for _ in range(2):
        answer = stage.http.post(f"/m/{stage.token(LinkPurpose.MUTE)}", data={"List-Unsubscribe": "One-Click"})
        assert 200 == answer.status_code
        assert muted(stage)


def test_a_person_confirms(stage: Stage) -> None:
    """The page asks, its button acts, and the page then offers the way back; it never shows the ticket, for this link does not end."""
    stage.opened()
    path = f"/m/{stage.token(LinkPurpose.MUTE)}"
    asked = stage.http.get(path)
    assert "Turn off notifications for SUP-1?" in text_in(asked.text)
    assert "printer" not in asked.text
    done = stage.submit(asked, path, do="mute")
    assert (303, f"{path}?fait=mute") == (done.status_code, done.headers["location"])
    assert muted(stage)
    after = stage.http.get(done.headers["location"])
    assert 'role="status"' in after.text
    stage.submit(after, path, do="unmute")
    assert not muted(stage)
    assert not stage.http.cookies
    assert 404 == stage.http.get("/t/SUP-1").status_code


def test_the_form_of_another_site_does_not_confirm(stage: Stage) -> None:
    """Another site's page cannot press the button: neither without the mark, nor with the browser saying where it was."""
    stage.opened()
    path = f"/m/{stage.token(LinkPurpose.MUTE)}"
    asked = stage.http.get(path)
    assert 403 == stage.http.post(path, data={"do": "mute"}, headers=BROWSER).status_code
    stage.submit(asked, path, do="nonsense")
    foreign = stage.http.post(path, data={"do": "mute"}, headers={"sec-fetch-site": "cross-site"})
    assert 403 == foreign.status_code
    assert not muted(stage)


def test_a_forged_link_mutes_nobody(stage: Stage) -> None:
    """A token of another purpose is no mute link."""
    stage.opened()
    answer = stage.http.post(f"/m/{stage.token(LinkPurpose.VIEW)}", data={"List-Unsubscribe": "One-Click"})
    assert 404 == answer.status_code
    assert not muted(stage)


def test_the_link_lives_as_long_as_the_mail(stage: Stage) -> None:
    """After two years it still turns notifications off (CASES D)."""
    stage.opened()
    token = stage.token(LinkPurpose.MUTE)
    stage.scene.clock.pass_by(days=730)
    assert 200 == stage.http.post(f"/m/{token}", data={"List-Unsubscribe": "One-Click"}).status_code
    assert muted(stage)
