"""How often one place may ask, and which place that is."""

from __future__ import annotations

import pytest

from gateway.mail.signed.link import LinkPurpose
from gateway.web.brake import ALLOWANCES, Allowance, Brakes, networks, place_of
from tests.web.stage import BROWSER, Stage, text_in

PROXIES = networks(["127.0.0.1", "10.0.0.0/8", "unix"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "place"),
    [
        ("203.0.113.9", [], "203.0.113.0/24"),
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.0/24"),  # not from a proxy of ours
        ("127.0.0.1", ["198.51.100.7"], "198.51.100.0/24"),
        ("127.0.0.1", ["1.2.3.4, 198.51.100.7"], "198.51.100.0/24"),  # what stands before was written by the client
        ("127.0.0.1", ["1.2.3.4", "198.51.100.7, 10.1.1.1"], "198.51.100.0/24"),
        ("127.0.0.1", ["1.2.3.4, nonsense"], "127.0.0.0/24"),
        ("127.0.0.1", [], "127.0.0.0/24"),
        ("127.0.0.1", ["10.0.0.1"] * 50, "10.0.0.0/24"),
        ("2001:db8:1:2::3", [], "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", [], "203.0.113.0/24"),
        ("127.0.0.1", ["[2001:db8:1:2::3]"], "2001:db8:1::/48"),
        (None, ["198.51.100.7"], "198.51.100.0/24"),
    ],
)
def test_a_place_is_where_the_nearest_trusted_proxy_says(peer: str | None, forwarded: list[str], place: str) -> None:
    """X-Forwarded-For is read from its end and only through proxies that the operator named (CASES A4.12)."""
    assert place == place_of(peer, forwarded, PROXIES, trust_unix=True)


def test_a_unix_socket_is_believed_only_when_named() -> None:
    """Without `unix` among the proxies its header is anybody's word."""
    assert "unix" == place_of(None, ["198.51.100.7"], PROXIES, trust_unix=False)


def test_a_proxy_that_is_none_is_refused() -> None:
    """A typing error must not become a proxy that is never trusted."""
    with pytest.raises(ValueError, match="nonsense"):
        networks(["nonsense"])


def test_an_allowance_fills_up_again() -> None:
    """Three in a minute at once, then one every twenty seconds; looking takes nothing; other places have their own."""
    now = [1000.0]
    brakes = Brakes({"x": Allowance(3, 60)}, lambda: now[0])
    assert [0.0, 0.0, 0.0] == [brakes.take("x", "a") for _ in range(3)]
    assert 20 == pytest.approx(brakes.wait("x", "a"))
    assert 20 == pytest.approx(brakes.take("x", "a"))
    assert 0 == brakes.take("x", "b")
    now[0] += 20
    assert 0 == brakes.wait("x", "a")
    assert 0 == brakes.take("x", "a")
    assert 0 < brakes.take("x", "a")
    now[0] += 600
    assert [0.0, 0.0, 0.0] == [brakes.take("x", "a") for _ in range(3)]


def test_memory_has_an_end() -> None:
    """However many places ask, only so many are remembered."""
    brakes = Brakes({"x": Allowance(1, 60)})
    for number in range(20_500):
        brakes.take("x", str(number))
    assert 20_000 == len(brakes._full_at["x"])
    assert 0 < brakes.take("x", "20499")


def limited(stage: Stage, **changed: Allowance) -> None:
    """The page with small allowances."""
    stage.open(brakes=Brakes(dict.fromkeys(ALLOWANCES, Allowance(1000, 60)) | changed))


def test_guessing_is_stopped(stage: Stage) -> None:
    """After so many that lead nowhere the place hears 429, in how many minutes to try again, and where to write (CASES A4.4)."""
    stage.opened()
    limited(stage, failure=Allowance(3, 600))
    token = stage.token(LinkPurpose.VIEW)
    assert [404, 404, 404, 429] == [stage.http.get(f"/t/SUP-1?k={token[:-3]}{number}AA").status_code for number in range(4)]
    refused = stage.http.get(f"/t/SUP-1?k={token}")
    assert 429 == refused.status_code
    assert 0 < int(refused.headers["retry-after"]) <= 200
    assert "minutes, or write to support@desk.example" in text_in(refused.text)


def test_good_links_use_nothing_up(stage: Stage) -> None:
    """Whoever comes in by good links never meets the brake on failures."""
    stage.opened()
    limited(stage, failure=Allowance(1, 600))
    assert {200} == {stage.enter().status_code for _ in range(5)}


def test_a_clock_that_has_run_for_long_rounds_nobody_away() -> None:
    """The first of an allowance is free at any reading of the clock, although large numbers are rounded."""
    for number in range(2_000):
        brakes = Brakes({"link": Allowance(1, 600.1)}, clock=lambda reading=number * 7919.3333: reading)  # type: ignore[misc]
        assert brakes.take("link", "a") == 0
        assert brakes.take("link", "a") > 600


def test_links_by_mail_are_rare(stage: Stage) -> None:
    """A place gets few mails sent (CASES D)."""
    stage.opened()
    limited(stage, link=Allowance(2, 3600))
    asked = {"demande": "SUP-1", "adresse": "jess@commune.example"}
    assert [303, 303, 429] == [stage.http.post("/lien", data=asked, headers=BROWSER).status_code for _ in range(3)]


def test_a_header_buys_no_new_allowance(stage: Stage) -> None:
    """A client that writes a new X-Forwarded-For each time is the same place; behind a proxy that was named each client has its own."""
    limited(stage, request=Allowance(2, 60))
    assert [200, 200, 429] == [stage.http.get("/", headers={"x-forwarded-for": f"198.51.{n}.1"}).status_code for n in range(3)]
    stage.open(trusted_proxies=("127.0.0.1",), brakes=Brakes(dict.fromkeys(ALLOWANCES, Allowance(2, 60))))
    assert {200} == {stage.http.get("/", headers={"x-forwarded-for": f"198.51.{n}.1"}).status_code for n in range(5)}
