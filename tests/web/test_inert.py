"""Looking changes nothing: every GET of every route, with every good link, many times (CASES A4.3; ruling 12)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from starlette.routing import Route

from gateway.mail.signed.link import LinkPurpose
from gateway.store import schema
from tests.web.stage import JESS, JESS_IS, Stage

TIMES = 100

Paths = Callable[[Stage], list[str]]


def with_token(purpose: LinkPurpose, path: str) -> Paths:
    """A path with a good token of its purpose."""
    return lambda stage: [path.replace("TOKEN", stage.token(purpose))]


ROUTES: dict[str, Paths] = {
    "/": lambda _: ["/", "/?l=nl", "/?fait=lien"],
    "/t/{key}": lambda stage: ["/t/SUP-1", "/t/SUP-1?ordre=ancien&fait=comment", f"/t/SUP-1?k={stage.token(LinkPurpose.VIEW)}", "/t/SUP-9"],
    "/t/{key}/comment": lambda _: ["/t/SUP-1/comment"],
    "/t/{key}/move/{word}": lambda _: ["/t/SUP-1/move/reopen", "/t/SUP-1/move/accept"],
    "/t/{key}/notifications": lambda _: ["/t/SUP-1/notifications"],
    "/t/{key}/held": lambda _: ["/t/SUP-1/held"],
    "/t/{key}/f/{id}/{name}": lambda _: ["/t/SUP-1/f/1/a.png", "/t/SUP-1/f/2/a.png"],
    "/t/{key}/c/{id}": lambda _: ["/t/SUP-1/c/1"],
    "/m/{token}": with_token(LinkPurpose.MUTE, "/m/TOKEN"),
    "/d/{token}/{word}": lambda stage: [f"/d/{stage.token(LinkPurpose.DECIDE)}/{word}" for word in ("reopen", "accept", "refuse")],
    "/u/{token}": with_token(LinkPurpose.UNDO, "/u/TOKEN"),
    "/g/{token}": with_token(LinkPurpose.HELD, "/g/TOKEN"),
    "/avis/{token}": with_token(LinkPurpose.SURVEY, "/avis/TOKEN?modifier=1"),
    "/avis/{token}/{n}": lambda stage: [f"/avis/{stage.token(LinkPurpose.SURVEY)}/{n}" for n in range(1, 6)],
    "/s/{name}": lambda _: ["/s/site.css"],
}
"""Each route that takes GET, with addresses that do all it can do."""


def database(stage: Stage) -> str:
    """A hash of every row of every table."""
    digest = hashlib.sha256()
    with stage.scene.office.store.read() as connection:
        for table in schema.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in connection.execute(table.select()))
            digest.update(f"{table.name}{rows}".encode())
    return digest.hexdigest()


def test_a_hundred_looks_leave_every_row_alone(stage: Stage) -> None:
    """A resolved ticket with a file, a held reply and a survey: after a hundred GETs and HEADs of everything no table has changed."""
    stage.opened()
    page = stage.enter()
    stage.submit(page, "/t/SUP-1/comment", files=[("fichiers", ("a.png", b"\x89PNG\r\n\x1a\n"))], texte="x")
    stage.scene.later()
    stage.agent("#résolu\n")
    stage.scene.mail(JESS_IS, "It burns again!\n", answers=stage.scene.last(JESS))
    stage.scene.later()
    routes = [route for route in stage.app.routes if isinstance(route, Route) and "GET" in (route.methods or set())]
    assert {route.path for route in routes} == set(ROUTES), "a GET route without a row in ROUTES"
    assert "held" == stage.scene.comments()[-1].kind
    before = database(stage)
    statuses = set()
    for path in (path for paths in ROUTES.values() for path in paths(stage)):
        stage.http.head(path)
        statuses |= {stage.http.get(path).status_code for _ in range(TIMES)}
    stage.idle()
    assert {200, 303, 404} == statuses
    assert before == database(stage)


def test_what_a_route_does_not_take_it_does_not_do(stage: Stage) -> None:
    """A route that takes forms does nothing when it is asked by GET with the form's fields in the address."""
    stage.opened()
    stage.enter()
    before = database(stage)
    token = stage.token(LinkPurpose.MUTE)
    for path in (f"/m/{token}?List-Unsubscribe=One-Click", f"/m/{token}?do=mute", "/t/SUP-1/comment?texte=x", "/lien?demande=SUP-1"):
        stage.http.get(path)
    assert before == database(stage)
