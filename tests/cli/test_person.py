"""`gateway person` and `gateway org`: who is known, and how a slip of the finger ends."""

from __future__ import annotations

import pytest

from gateway.store import people
from tests.cli.installation import Installation


def test_a_person_is_added_and_shown(gateway: Installation) -> None:
    """A customer with an organisation and a language; addresses are lower-case."""
    gateway.good("org", "add", "TOWN", "--name", "Town of Example", "--domain", "commune.example")
    answer = gateway.good("person", "add", "Jess@Commune.example", "--name", "Jess Martin", "--org", "TOWN", "--lang", "nl")
    assert answer.out == "added: Jess Martin <jess@commune.example>  org TOWN  nl\n"
    shown = gateway.good("person", "show", "jess@commune.example", "--json").data
    assert shown | {"role": "customer", "organisation": "TOWN", "verified": True, "opened": [], "assigned": []} == shown
    gateway.receive(gateway.raw())
    assert " opened     SUP-1 (open)\n" in gateway.good("person", "show", "JESS@commune.example").out


def test_people_are_listed(gateway: Installation) -> None:
    """All, or agents only; a disabled one is marked."""
    gateway.hire("anna", "bob")
    gateway.good("person", "add", "jess@commune.example")
    gateway.good("person", "change", "bob@desk.example", "--disable")
    assert [one["address"] for one in gateway.good("person", "list", "--json").data] == [
        "jess@commune.example",
        "bob@desk.example",
        "anna@desk.example",
    ]
    title, *lines = gateway.good("person", "list", "--agents").out.splitlines()
    assert title.split() == ["ADDRESS", "NAME", "ROLE", "ORG", "LANG", "NOTE"]
    assert [line.split()[-1] for line in lines] == ["en", "disabled"]


def test_nobody_is_told_as_such(gateway: Installation) -> None:
    """Empty lists name the next step."""
    assert gateway.good("person", "list").err == "nobody is known yet\n"
    assert "--agent" in gateway.good("person", "list", "--agents").err
    assert "gateway org add" in gateway.good("org", "list").err


def test_an_address_belongs_to_one(gateway: Installation) -> None:
    """A second add is refused and names the way to change him."""
    gateway.hire("anna")
    answer = gateway("person", "add", "ANNA@desk.example", "--name", "Other")
    assert answer.code == 1
    assert "gateway person change anna@desk.example" in answer.err


@pytest.mark.parametrize(
    "address", ["anna", "a b@desk.example", "@desk.example", "anna@", "a@b@c.example", "ännä@desk.example", "x" * 70 + "@b.example"]
)
def test_what_is_no_address_is_refused(gateway: Installation, address: str) -> None:
    """Exit 2, and nobody is made."""
    assert gateway("person", "add", address).code == 2
    assert gateway.good("person", "list", "--json").data == []


def test_an_address_of_a_desk_is_refused(gateway: Installation) -> None:
    """Mail to it would come back as a request."""
    answer = gateway("person", "add", "support@desk.example", "--agent")
    assert answer.code == 2
    assert "an address of a desk" in answer.err


def test_a_domain_with_letters_of_its_own(gateway: Installation) -> None:
    """It is kept as it stands in headers."""
    gateway.good("person", "add", "jess@müller.example")
    assert gateway.good("person", "list", "--json").data[0]["address"] == "jess@xn--mller-kva.example"


def test_a_person_is_changed(gateway: Installation) -> None:
    """Only what is named; a customer becomes an agent with a second address."""
    gateway.good("person", "add", "jess@commune.example", "--name", "Jess Martin")
    gateway.good("person", "change", "jess@commune.example", "--agent", "--also", "jess@home.example", "--lang", "de")
    shown = gateway.good("person", "show", "jess@home.example", "--json").data
    assert (shown["role"], shown["name"], shown["language"]) == ("agent", "Jess Martin", "de")
    assert shown["addresses"] == ["jess@commune.example", "jess@home.example"]
    gateway.good("person", "change", "jess@home.example", "--customer", "--name", "J.")
    assert gateway.good("person", "show", "jess@home.example", "--json").data["role"] == "customer"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "say what to change"),
        (("--lang", "xx"), 2, "fr, nl, de, en"),
        (("--org", "TWON"), 4, "did you mean TOWN"),
        (("--also", "bob@desk.example"), 1, "belongs to person"),
        (("--also", "nonsense"), 2, "not a mail address"),
    ],
)
def test_a_wrong_change_changes_nothing(gateway: Installation, words: tuple[str, ...], code: int, said: str) -> None:
    """Each with its exit code and a way out."""
    gateway.hire("anna", "bob")
    gateway.good("org", "add", "TOWN")
    before = gateway.good("person", "list", "--json").data
    answer = gateway("person", "change", "anna@desk.example", *words, *(("--name", "X") if words else ()))
    assert answer.code == code
    assert said in answer.err
    assert gateway.good("person", "list", "--json").data == before


def test_nobody_of_that_address(gateway: Installation) -> None:
    """Exit 4 with the nearest."""
    gateway.hire("anna")
    for words in (("show", "ana@desk.example"), ("change", "ana@desk.example", "--disable"), ("revoke-links", "ana@desk.example", "--yes")):
        answer = gateway("person", *words)
        assert answer.code == 4
        assert "did you mean anna@desk.example?" in answer.err


def test_a_persons_links_are_ended(gateway: Installation) -> None:
    """What it means is said before it is asked; without --yes nothing has ended, with it every link is of an older epoch, and only his."""

    def epochs() -> dict[str, int]:
        with gateway.office() as office, office.store.read() as connection:
            return {person.address: person.key_epoch for person in people.everybody(connection, 10)}

    gateway.hire("anna")
    gateway.good("person", "add", "jess@commune.example")
    answer = gateway("person", "revoke-links", "jess@commune.example")
    assert answer.code == 2
    assert answer.err.startswith("No link in a mail sent to jess@commune.example until now will open anything")
    assert answer.err.endswith("add --yes\n")
    assert epochs() == {"jess@commune.example": 0, "anna@desk.example": 0}
    assert "have ended" in gateway.good("person", "revoke-links", "Jess@commune.example", "--yes").out
    assert epochs() == {"jess@commune.example": 1, "anna@desk.example": 0}


def test_organisations(gateway: Installation) -> None:
    """Added, given more domains, listed; a domain belongs to one."""
    assert gateway.good("org", "add", "TOWN", "--domain", "commune.example", "--domain", "@Town.example").out == (
        "added: TOWN  commune.example, town.example\n"
    )
    assert gateway.good("org", "add", "TOWN", "--domain", "müller.example").out == "changed: TOWN  xn--mller-kva.example\n"
    assert gateway.good("org", "list", "--json").data == [
        {"code": "TOWN", "name": "TOWN", "domains": ["commune.example", "town.example", "xn--mller-kva.example"]}
    ]
    assert gateway.good("org", "list").out.splitlines()[0].split() == ["CODE", "NAME", "DOMAINS"]
    assert "belongs to organisation TOWN" in gateway("org", "add", "CITY", "--domain", "town.example").err
    assert [one["code"] for one in gateway.good("org", "list", "--json").data] == ["TOWN"]
    gateway.receive(gateway.raw())
    assert gateway.good("ticket", "list", "--json").data[0]["organisation"] == "TOWN"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("TOWN",), 1),
        (("TOWN", "--name", "x"), 1),
        (("a b",), 2),
        (("X", "--domain", "nodots"), 2),
        (("X", "--domain", "a..b"), 2),
        (("",), 2),
    ],
)
def test_a_wrong_organisation(gateway: Installation, words: tuple[str, ...], code: int) -> None:
    """What is there, and what is no code or domain."""
    gateway.good("org", "add", "TOWN")
    assert gateway("org", "add", *words).code == code
    assert len(gateway.good("org", "list", "--json").data) == 1
