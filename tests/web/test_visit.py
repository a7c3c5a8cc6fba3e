"""Coming in: what a link opens, what a cookie opens, and how nothing is said to everybody else."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from gateway.mail.signed.link import LinkPurpose
from gateway.store import people
from tests.web.stage import BROWSER, JESS, SAM, Stage, text_in


def test_a_link_becomes_a_cookie_and_leaves_the_address(stage: Stage) -> None:
    """The mail's link answers with a cookie for its ticket and the clean address, at which the page then stands (CASES A4.7)."""
    stage.opened()
    landed = stage.http.get(f"/t/sup-1?k={stage.token(LinkPurpose.VIEW)}")
    assert (303, "/t/SUP-1") == (landed.status_code, landed.headers["location"])
    cookie = landed.headers["set-cookie"]
    assert cookie.startswith("t-SUP-1=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))
    page = stage.http.get("/t/SUP-1")
    assert 200 == page.status_code
    assert "The printer is on fire" in page.text
    assert "Smoke comes out of it." in page.text


def test_the_cookie_is_for_its_host_alone_under_https(stage: Stage) -> None:
    """Under https its name begins with __Host- and it is Secure: no other host of the domain can set one."""
    stage.opened()
    stage.scene.office = replace(stage.scene.office, base_url="https://support.example.org")
    stage.open()
    landed = stage.http.get(f"/t/SUP-1?k={stage.token(LinkPurpose.VIEW)}")
    assert landed.headers["set-cookie"].startswith("__Host-t-SUP-1=")
    assert "Secure" in landed.headers["set-cookie"]


def test_a_cookie_opens_one_ticket(stage: Stage) -> None:
    """The cookie of a ticket, under the name of another one of the same person, opens nothing."""
    stage.opened().opened("And the fax.\n", subject="The fax")
    stage.enter(key="SUP-1")
    value = stage.http.cookies["t-SUP-1"]
    stage.http.cookies.set("t-SUP-2", value)
    assert 404 == stage.http.get("/t/SUP-2").status_code


def test_a_cookie_ends(stage: Stage) -> None:
    """After twelve hours the page does not know the browser any more, whatever it still sends."""
    stage.opened()
    assert 200 == stage.enter().status_code
    stage.scene.clock.pass_by(hours=13)
    gone = stage.http.get("/t/SUP-1")
    assert 404 == gone.status_code
    assert "Smoke" not in gone.text


def test_nothing_is_said_to_who_may_not(stage: Stage) -> None:
    """A ticket of somebody else, one that is not there, a forged link and no link at all: the same page, the same status (ruling 12)."""
    stage.opened().opened("Mine alone.\n", sender=f"Sam <{SAM}>", subject="Secret")
    stage.enter()
    other = stage.token(LinkPurpose.VIEW, SAM, "SUP-2")
    pages = {
        "somebody else's": stage.http.get("/t/SUP-2"),
        "not there": stage.http.get("/t/SUP-9"),
        "forged": stage.http.get(f"/t/SUP-2?k={other[:-4]}AAAA"),
        "of another purpose": stage.http.get(f"/t/SUP-2?k={stage.token(LinkPurpose.MUTE, SAM, 'SUP-2')}"),
        "for another ticket": stage.http.get(f"/t/SUP-1?k={other}"),
        "not a token": stage.http.get("/t/SUP-2", params={"k": "\N{SNOWMAN}" * 400}),
    }
    assert {404} == {page.status_code for page in pages.values()}
    bare = {page.text.replace("SUP-9", "SUP-2").replace("SUP-1", "SUP-2") for page in pages.values()}
    assert 1 == len(bare)
    assert "Secret" not in bare.pop()


def test_a_late_link_offers_a_new_one(stage: Stage) -> None:
    """Its time over, a genuine link gives 410, a masked address, and one button that mails a new link there."""
    stage.opened()
    token = stage.token(LinkPurpose.VIEW)
    stage.scene.clock.pass_by(days=31)
    late = stage.http.get(f"/t/SUP-1?k={token}")
    assert 410 == late.status_code
    assert "j•••@commune.example" in late.text
    assert "jess@" not in late.text
    before = len(stage.scene.to(JESS))
    sent = stage.submit(late, "/lien")
    assert (303, "/?fait=lien") == (sent.status_code, sent.headers["location"])
    stage.idle()
    stage.scene.send()
    assert before + 1 == len(stage.scene.to(JESS))


def test_the_button_of_a_late_link_needs_its_page(stage: Stage) -> None:
    """Somebody who has an old link cannot make a foreign page press the button: without the mark of its page nothing is mailed."""
    stage.opened()
    token = stage.token(LinkPurpose.VIEW)
    stage.scene.clock.pass_by(days=31)
    before = len(stage.scene.to(JESS))
    stage.http.post("/lien", data={"lien": token, "sorte": "v", "jeton": "x" * 43}, headers=BROWSER)
    stage.idle()
    stage.scene.send()
    assert before == len(stage.scene.to(JESS))


@pytest.mark.parametrize(
    ("key", "address", "mails"),
    [
        ("SUP-1", JESS, 1),
        (" sup-1 ", "JESS@Commune.Example", 1),
        ("SUP-1", SAM, 0),
        ("SUP-1", "nobody@example.org", 0),
        ("SUP-99", JESS, 0),
        ("SUP-1", f"{JESS},{SAM}", 0),
        ("", "", 0),
        ("x" * 500, "y" * 5000, 0),
    ],
)
def test_asking_for_a_link_tells_nothing(stage: Stage, key: str, address: str, mails: int) -> None:
    """Whoever asks gets the same answer; a mail goes only to a participant, at the address that we have of him (CASES A4.11, A4.13)."""
    stage.opened()
    before = len(stage.scene.wire.mails)
    answer = stage.http.post("/lien", data={"demande": key, "adresse": address}, headers=BROWSER)
    assert (303, "/?fait=lien") == (answer.status_code, answer.headers["location"])
    assert "link is on its way" in text_in(stage.http.get("/?fait=lien").text)
    stage.idle()
    stage.scene.send()
    assert [JESS] * mails == [recipient for _, recipient, _ in stage.scene.wire.mails[before:]]


def test_two_addresses_are_one_answer(stage: Stage) -> None:
    """Repeated fields are not a list of recipients (CASES A4.13): the first one counts."""
    stage.opened()
    before = len(stage.scene.wire.mails)
    stage.http.post("/lien", data={"demande": "SUP-1", "adresse": [SAM, JESS]}, headers=BROWSER)
    stage.idle()
    stage.scene.send()
    assert before == len(stage.scene.wire.mails)


def test_the_start_page_says_where_to_write(stage: Stage) -> None:
    """`/` names the desks and their addresses, and no ticket."""
    stage.opened()
    page = stage.http.get("/")
    assert 200 == page.status_code
    assert "mailto:support@desk.example" in page.text
    assert "SUP-1" not in page.text


def test_the_language_is_chosen_by_cookie_then_person_then_browser(stage: Stage) -> None:
    """`?l=` sets a cookie and leaves the address; without it a person's language counts, then what the browser wishes (SURFACE 4.7)."""
    stage.opened()
    with stage.scene.office.store.write() as connection:
        people.update(connection, stage.person().id, language="fr")
    assert '<html lang="fr">' in stage.enter().text
    assert '<html lang="nl">' in stage.http.get("/", headers={"accept-language": "xx, nl-BE;q=0.8, de;q=0.3"}).text
    chosen = stage.http.get("/t/SUP-1?ordre=ancien&l=de")
    assert (303, "/t/SUP-1?ordre=ancien") == (chosen.status_code, chosen.headers["location"])
    assert '<html lang="de">' in stage.http.get("/t/SUP-1").text
    assert 200 == stage.http.get("/?l=xx").status_code


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "/%2F%2Fevil.example/", "/%5Cevil.example"])
def test_choosing_a_language_leads_nowhere_else(stage: Stage, path: str) -> None:
    """No spelling of a path makes the redirect lead to another host (CASES A4.16)."""
    url = httpx.URL(stage.house.url).copy_with(raw_path=f"{path}?l=nl".encode())
    location = stage.http.send(httpx.Request("GET", url)).headers["location"]
    assert location.startswith("/")
    assert location[1] not in "/\\"


def test_no_more_than_twenty_tickets_in_a_browser(stage: Stage) -> None:
    """The cookies of a browser stay far below what a server reads of a head: the twenty-first ticket forgets the first."""
    stage.opened()
    head = "; ".join(f"t-SUP-{number}=x" for number in range(100, 125))
    landed = stage.http.get(f"/t/SUP-1?k={stage.token(LinkPurpose.VIEW)}", headers={"cookie": head})
    forgotten = [each.partition("=")[0] for each in landed.headers.get_list("set-cookie") if "Max-Age=0" in each]
    assert [f"t-SUP-{number}" for number in range(100, 106)] == forgotten


def test_links_in_pages_never_come_from_the_host_header(stage: Stage) -> None:
    """A forged Host changes no byte of a page (CASES A4.18)."""
    stage.opened()
    assert stage.http.get("/").text == stage.http.get("/", headers={"host": "evil.example"}).text
