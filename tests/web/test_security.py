"""What stands around every page: headers, marks of forms, where a form comes from, and what gets out when something breaks."""

from __future__ import annotations

import logging
import time

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from gateway.mail.signed.link import LinkPurpose
from gateway.runtime.data import data_path
from gateway.web.app import build
from gateway.web.security import HEADERS, Marks, origin_of, sent_from_here
from tests.web.stage import BROWSER, SECRET, Stage, hidden

ORIGIN = "https://support.example.org"


def test_every_answer_is_dressed(stage: Stage) -> None:
    """Pages, redirects, errors, refusals and files: each carries the headers of SURFACE 4.6, and none may be kept by a cache."""
    stage.opened()
    stage.enter()
    answers = [
        stage.http.get("/"),
        stage.http.get("/t/SUP-1"),
        stage.http.get(f"/t/SUP-1?k={stage.token(LinkPurpose.VIEW)}"),
        stage.http.get("/t/SUP-9"),
        stage.http.get("/no/such/place"),
        stage.http.get("/?l=nl"),
        stage.http.get("/lien"),
        stage.http.post("/t/SUP-1/comment", headers={"sec-fetch-site": "cross-site"}),
        stage.http.post("/t/SUP-1/comment", headers=BROWSER),
        stage.http.head("/t/SUP-1"),
        stage.http.request("TRACE", "/"),
    ]
    assert {200, 303, 403, 404, 405} == {answer.status_code for answer in answers}
    for answer in answers:
        assert HEADERS.items() <= dict(answer.headers).items(), answer.request.url
        assert "server" not in answer.headers


def test_style_and_script_are_kept_for_ever(stage: Stage) -> None:
    """They are named after their content; another name is nothing."""
    page = stage.http.get("/").text
    for name in ("site", "page", "icon"):
        path = next(piece for piece in page.split('"') if piece.startswith(f"/s/{name}."))
        answer = stage.http.get(path)
        assert 200 == answer.status_code
        assert "public, max-age=31536000, immutable" == answer.headers["cache-control"]
        assert "nosniff" == answer.headers["x-content-type-options"]
        assert 404 == stage.http.get(path.replace(".", ".0", 1)).status_code
    assert 404 == stage.http.get("/s/..%2F..%2Fpyproject.toml").status_code


def test_pages_are_packed(stage: Stage) -> None:
    """A page goes over the wire as gzip."""
    assert "gzip" == stage.http.get("/").headers["content-encoding"]


@pytest.mark.parametrize(
    ("said", "from_here"),
    [
        ({}, True),
        ({"origin": ORIGIN}, True),
        ({"origin": "null"}, True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),
        ({"origin": ORIGIN, "sec-fetch-site": "same-origin"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "http://support.example.org"}, False),
        ({"origin": "https://support.example.org.evil.example"}, False),
        ({"origin": "https://support.example.org:8443"}, False),
        ({"origin": ORIGIN, "sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, False),
    ],
)
def test_where_a_form_was_sent_from(said: dict[str, str], from_here: bool) -> None:
    """Whatever a browser says of the page that sent a form must be ours (CASES A4.15)."""
    assert from_here is sent_from_here(Headers(said), ORIGIN)


def test_a_form_of_another_site_is_refused(stage: Stage) -> None:
    """With a good cookie and a good mark too, when the browser says that another site sent it."""
    stage.opened()
    fields = hidden(stage.enter().text, "/t/SUP-1/comment") | {"texte": "x"}
    for said in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site", "origin": "null"}):
        assert 403 == stage.http.post("/t/SUP-1/comment", data=fields, headers=said).status_code
    assert 1 == len(stage.scene.comments())


def test_a_form_needs_the_mark_of_its_own_reader(stage: Stage) -> None:
    """Without a mark, with an altered one, and with that of another person's page of the same ticket: refused, the words given back."""
    stage.opened()
    mark = hidden(stage.enter().text, "/t/SUP-1/comment")["jeton"]
    others = Marks(SECRET).make(f"ticket {stage.ticket().id} person 999")
    for wrong in ("", mark[:-1] + ("A" if mark[-1] != "A" else "B"), mark[::-1], others, "\N{SNOWMAN}", "=" * 500):
        answer = stage.http.post("/t/SUP-1/comment", data={"jeton": wrong, "texte": "My words."}, headers=BROWSER)
        assert 403 == answer.status_code
        assert "My words.</textarea>" in answer.text
    assert 1 == len(stage.scene.comments())


def test_a_mark_survives_a_new_cookie(stage: Stage) -> None:
    """Opening the mail's link again in another tab does not cost anybody the text in the first one."""
    stage.opened()
    page = stage.enter()
    stage.scene.clock.pass_by(minutes=5)
    stage.enter()
    assert 303 == stage.submit(page, "/t/SUP-1/comment", texte="Still good.").status_code


@given(st.binary(min_size=16, max_size=16), st.text(max_size=40), st.text(max_size=40))
def test_marks_are_masked_and_bound(mask: bytes, one: str, other: str) -> None:
    """A mark is good for whom it was made, for nobody else, and two of them have no byte in common that a reader could count on."""
    marks = Marks(SECRET, lambda _: mask)
    assert mask.hex() == marks.nonce(marks.make(one), one)
    assert (mask.hex() if one == other else None) == marks.nonce(marks.make(one), other)
    assert None is Marks(b"x" * 32).nonce(marks.make(one), one)
    assert marks.make(one) != Marks(SECRET, lambda _: bytes(255 - each for each in mask)).make(one)


def test_every_method_that_is_not_there_is_405(stage: Stage) -> None:
    """PUT, DELETE and the like change nothing anywhere; the answer says what is allowed."""
    stage.opened()
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = stage.http.request(method, "/t/SUP-1")
        assert 405 == answer.status_code
        assert "GET" in answer.headers["allow"]


def test_without_a_database_the_page_says_how_to_go_on(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with the address to write to; mail still works (SURFACE 4.4)."""
    stage.opened()
    stage.enter()

    def away() -> None:
        raise sa.exc.OperationalError("SELECT secret", {}, Exception("the disk is gone"))

    monkeypatch.setattr(stage.scene.office.store, "read", away)
    answer = stage.http.get("/t/SUP-1")
    assert 503 == answer.status_code
    assert "support@desk.example" in answer.text
    assert "disk" not in answer.text
    assert HEADERS.items() <= dict(answer.headers).items()


def test_a_bug_shows_nothing_of_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """500 is a page of ours, dressed as all others; what broke stands in the log only."""
    stage.opened()
    stage.enter()

    def broken() -> None:
        raise ZeroDivisionError("inner words")

    monkeypatch.setattr(stage.scene.office.store, "read", broken)
    with caplog.at_level(logging.ERROR):
        answer = stage.http.get("/t/SUP-1")
    assert 500 == answer.status_code
    assert "inner words" not in answer.text
    assert "support@desk.example" in answer.text
    assert HEADERS.items() <= dict(answer.headers).items()
    end = time.monotonic() + 5  # the server writes its log after the answer
    while "inner words" not in caplog.text and time.monotonic() < end:
        time.sleep(0.01)
    assert "inner words" in caplog.text


def test_no_token_gets_into_a_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Links, cookies and marks are in no line of any log, at any level (CASES A4.7, A4.22)."""
    with caplog.at_level(logging.DEBUG):
        stage.opened()
        secrets = [stage.token(purpose) for purpose in (LinkPurpose.VIEW, LinkPurpose.MUTE, LinkPurpose.DECIDE, LinkPurpose.HELD)]
        page = stage.enter()
        secrets += [stage.http.cookies["t-SUP-1"], hidden(page.text, "/t/SUP-1/comment")["jeton"]]
        stage.submit(page, "/t/SUP-1/comment", texte="x")
        for path in ("/m/", "/g/", "/u/", "/avis/"):
            stage.http.get(path + secrets[0])
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore")))
    assert [] == [secret for secret in secrets if secret in ours]


@pytest.mark.parametrize("url", ["", "support.example.org", "https://", "https://example.org/desk", "ftp://example.org"])
def test_a_base_url_that_cannot_be_used_is_said_at_once(url: str) -> None:
    """The page must know where it stands before it opens."""
    with pytest.raises(ValueError, match=r"web\.base_url"):
        origin_of(url)


def test_an_origin_is_what_browsers_write() -> None:
    """Lower case, no usual port, brackets around an IPv6 address."""
    assert ORIGIN == origin_of("HTTPS://Support.Example.org:443/")
    assert "http://[::1]:8027" == origin_of("http://[::1]:8027")


def test_a_short_secret_is_refused(stage: Stage) -> None:
    """The marks are worth what their secret is worth."""
    with pytest.raises(ValueError, match="32 bytes"):
        build(stage.scene.office, secret=b"short", templates=data_path("templates"))
