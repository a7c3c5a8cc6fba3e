"""Nobody gets in where he does not belong: a customer of one organisation at every address of another's ticket (CASES A4.9)."""

from __future__ import annotations

import itertools

import pytest
from starlette.routing import Route

from gateway.mail.signed.link import LinkPurpose
from gateway.store import schema
from tests.web.stage import BROWSER, SAM, Stage, hidden

PNG = b"\x89PNG\r\n\x1a\n"
WORDS = "Nobody else may read this."


@pytest.fixture
def two(stage: Stage) -> Stage:
    """Jess has SUP-1; Sam, of another organisation, has SUP-2 with a file and a decision to make. The browser is Jess's."""
    stage.opened()
    stage.opened(WORDS + "\n", sender=f"Sam <{SAM}>", subject="Sam's own")
    stage.enter(SAM, "SUP-2")
    stage.submit(stage.http.get("/t/SUP-2"), "/t/SUP-2/comment", files=[("fichiers", ("sam.png", PNG))], texte="")
    stage.agent("#approbation\n\nIs it right?\n", name="bob")
    stage.http.cookies.clear()
    stage.enter()
    return stage


def addresses(stage: Stage, key: str) -> set[tuple[str, str]]:
    """Every address below a ticket's, with small ids, as (method, path)."""
    made = set()
    for route in stage.app.routes:
        assert isinstance(route, Route)
        if route.path.startswith("/t/{key}"):
            for method, number, word in itertools.product(sorted(route.methods or ()), range(12), ("accept", "refuse", "answer", "reopen")):
                path = route.path.replace("{key}", key).replace("{id}", str(number)).replace("{name}", "sam.png").replace("{word}", word)
                made.add((method, path))
    return made


def test_another_organisations_ticket_is_not_there(two: Stage) -> None:
    """All addresses of Sam's ticket, all ids, with Jess's cookie, with her cookie under Sam's name and without: as if it were not there."""
    mine = two.http.cookies["t-SUP-1"]
    fields = hidden(two.http.get("/t/SUP-1").text, "/t/SUP-1/comment") | {"texte": "Let me in", "do": "mute", "vu": "waiting_approval"}
    before = (two.scene.count(schema.comments), two.scene.count(schema.events), two.ticket("SUP-2").status)
    for cookie in ("", f"t-SUP-1={mine}", f"t-SUP-2={mine}"):
        for method, path in sorted(addresses(two, "SUP-2")):
            answer = two.http.request(method, path, headers=BROWSER | {"cookie": cookie}, data=fields if method == "POST" else None)
            absent = two.http.request(
                method, path.replace("SUP-2", "SUP-7"), headers=BROWSER | {"cookie": cookie}, data=fields if method == "POST" else None
            )
            assert answer.status_code == absent.status_code
            assert answer.status_code == 404 or answer.headers["location"] == "/t/SUP-2", (method, path)
            assert answer.text.replace("SUP-2", "SUP-7") == absent.text
            assert WORDS not in answer.text
    assert before == (two.scene.count(schema.comments), two.scene.count(schema.events), two.ticket("SUP-2").status)


def test_foreign_ids_below_the_own_ticket_are_not_there(two: Stage) -> None:
    """Files and comments of Sam's ticket have no address below Jess's."""
    for number in range(1, 12):
        assert 404 == two.http.get(f"/t/SUP-1/f/{number}/sam.png").status_code
        assert 404 == two.http.get(f"/t/SUP-1/c/{number}").status_code


def test_links_are_good_for_one_purpose(two: Stage) -> None:
    """Each kind of link at every address that takes one: only its own opens (CASES D)."""
    places = {
        LinkPurpose.VIEW: "/t/SUP-1?k=TOKEN",
        LinkPurpose.MUTE: "/m/TOKEN",
        LinkPurpose.DECIDE: "/d/TOKEN/accept",
        LinkPurpose.HELD: "/g/TOKEN",
        LinkPurpose.UNDO: "/u/TOKEN",
        LinkPurpose.SURVEY: "/avis/TOKEN",
    }
    for made, asked in itertools.product([*places, LinkPurpose.SESSION], places):
        if made is LinkPurpose.SURVEY:
            continue
        status = two.http.get(places[asked].replace("TOKEN", two.token(made))).status_code
        assert (status != 404) is (made is asked), (made, asked)


def test_a_link_ends_with_the_participation(two: Stage) -> None:
    """Whoever is taken off a ticket, or disabled, is out at once, whatever link or cookie he holds (CASES A4.6)."""
    token = two.token(LinkPurpose.VIEW)
    person = two.person()
    with two.scene.office.store.write() as connection:
        connection.execute(schema.people.update().where(schema.people.c.id == person.id).values(disabled=True))
    assert 404 == two.http.get("/t/SUP-1").status_code
    assert 404 == two.http.get(f"/t/SUP-1?k={token}").status_code


def test_raising_an_epoch_ends_every_link(two: Stage) -> None:
    """The ticket's epoch was raised: cookies and links of before open nothing."""
    token = two.token(LinkPurpose.VIEW)
    with two.scene.office.store.write() as connection:
        connection.execute(schema.tickets.update().where(schema.tickets.c.id == two.ticket().id).values(key_epoch=1))
    assert 404 == two.http.get("/t/SUP-1").status_code
    assert 404 == two.http.get(f"/t/SUP-1?k={token}").status_code
    assert 200 == two.enter().status_code
