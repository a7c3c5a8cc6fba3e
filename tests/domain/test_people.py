"""Which agent a name means, and what an address is made of."""

from __future__ import annotations

import pytest

from gateway.domain.people import Address, Nobody, Person, Role, agent_called, resembled
from tests.growth import assert_within


def _agent(number: int, name: str, *addresses: str, disabled: bool = False) -> Person:
    return Person(number, name, Role.AGENT, addresses[0], frozenset(addresses), "fr", disabled=disabled)


FIRST = _agent(1, "Anna Peeters", "anna.peeters@example.org", "apeeters@example.be")
SECOND = _agent(2, "Annabel Dubois", "annabel.dubois@example.org")
GONE = _agent(3, "Robin Claes", "robin.claes@example.org", disabled=True)
TEAM = (FIRST, SECOND, GONE)


@pytest.mark.parametrize(
    ("typed", "agent"),
    [
        ("anna.peeters@example.org", FIRST),
        ("APeeters@example.be", FIRST),
        ("  anna peeters ", FIRST),
        ("anna.p", FIRST),
        ("ap", FIRST),
        ("Annabel", SECOND),
    ],
)
def test_an_agent_is_found_by_address_name_or_beginning(typed: str, agent: Person) -> None:
    """Any of his addresses or his name in any case; a beginning where only he is called so, however many spellings of his begin so."""
    assert agent_called(TEAM, typed) == agent


def test_a_whole_name_counts_although_another_one_begins_so() -> None:
    """Somebody called "Anna" can be named beside an "Anna Peeters"."""
    short = _agent(4, "Anna", "a@example.org")
    assert agent_called((FIRST, short), "anna") == short


def test_a_beginning_that_several_have_names_them_and_picks_nobody() -> None:
    """A ticket goes to nobody by a guess; at most three are offered."""
    assert agent_called(TEAM, "anna") == Nobody((FIRST.address, SECOND.address), several=True)
    crowd = [_agent(n, f"Lee {n}", f"lee{n}@example.org") for n in range(9)]
    assert agent_called(crowd, "lee") == Nobody(("lee0@example.org", "lee1@example.org", "lee2@example.org"), several=True)


def test_a_slip_of_the_pen_is_offered_the_nearest_each_once() -> None:
    """Whoever was meant most likely comes first, and once although both his name and his address are near."""
    found = agent_called(TEAM, "ana peters")
    assert isinstance(found, Nobody)
    assert (found.perhaps[0], found.several) == (FIRST.address, False)
    assert len(found.perhaps) == len(set(found.perhaps)) <= 3


@pytest.mark.parametrize("typed", ["", "  ", "zzz", "robin claes", "robin.claes@example.org"])
def test_who_is_not_there_is_nobody(typed: str) -> None:
    """Nothing typed names nobody, and neither does the name of an agent who was switched off; he is not offered either."""
    found = agent_called(TEAM, typed)
    assert isinstance(found, Nobody)
    assert not found.several
    assert GONE.address not in found.perhaps


def test_a_giant_name_costs_little() -> None:
    """Only its first letters are compared with anybody's (CASES A3.14)."""
    typed = "anna peeters " * 100_000
    assert isinstance(agent_called(TEAM, typed), Nobody)
    assert_within(lambda: agent_called(TEAM, typed), 0.5)


def test_an_address_is_parted_at_its_last_sign() -> None:
    """A quoted local part may hold an @ of its own."""
    odd = Address('"a@b"@example.org')
    assert (odd.local_part, odd.domain) == ('"a@b"', "example.org")


@pytest.mark.parametrize("name", ["Anna Peeters", "PEETERS, Anna", "Ánna  Peèters", "Аnnа Рeeters", "anna.peeters"])
def test_a_strangers_name_that_is_an_agents_is_seen(name: str) -> None:
    """Whatever its order, case, accents or letters of other scripts: a reader would take the stranger for a colleague."""
    assert resembled(TEAM, Address("anna.peeters@evil.example", name)) is FIRST


@pytest.mark.parametrize(
    "address",
    [
        Address("apeeters@example.be", "Anna Peeters"),
        Address("annabel.dubois@example.org", "Anna Peeters"),
        Address("anna@evil.example", "Anna"),
        Address("jess@example.be", "Anna Peeters Dubois"),
        Address("robin@evil.example", "Robin Claes"),
        Address("jess@example.be"),
    ],
    ids=["himself", "a colleague", "one word", "another name", "an agent who is gone", "no name"],
)
def test_who_has_a_name_of_his_own_resembles_nobody(address: Address) -> None:
    """An agent by any of his addresses, a name of one word that thousands have, and one that no agent bears now."""
    assert resembled(TEAM, address) is None
