"""What a subject says beside its words."""

from __future__ import annotations

import pytest

from gateway.mail.words.subject import bare_subject, is_new_subject, says_forward, says_reply
from tests.growth import assert_linear


@pytest.mark.parametrize(
    "subject",
    [
        "Re: printer",
        "RE : printer",
        "AW: printer",
        "Antw: printer",
        "SV: x",
        "[EXT] Re: x",
        "[a] [b] [c] re: x",
        "Re[2]: x",
        "回复：x",
        "Réf : x",
    ],
)
def test_a_mark_of_answering_is_seen(subject: str) -> None:
    """In the languages of mail programs, with blanks before the colon, counters, and tags of servers before it."""
    assert says_reply(subject)


@pytest.mark.parametrize("subject", ["printer", "Request: a printer", "Rest: x", "", "Fw: printer", "The re: of it"])
def test_other_words_are_no_mark_of_answering(subject: str) -> None:
    """A word that begins so, or one in the middle, is none."""
    assert not says_reply(subject)


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: [SUP-12] Re: The printer", "The printer"),
        ("[SUP-12] The printer", "The printer"),
        ("TR : Fwd: AW: The printer", "The printer"),
        ("  The printer ", "The printer"),
        ("[EXT] The printer", "[EXT] The printer"),
        ("Ticket: the printer", "Ticket: the printer"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_the_bare_subject_is_what_the_person_called_it(subject: str, bare: str) -> None:
    """All marks and our keys go, the words and the tags of others stay (R-045)."""
    assert bare_subject(subject) == bare


def test_forwards_are_seen_behind_a_tag() -> None:
    """FW, TR and WG are marks of passing on, whatever a server put before them."""
    assert all(says_forward(subject) for subject in ("FW: x", "TR : x", "[EXT] Wg: x"))
    assert not says_forward("Forward: x")


@pytest.mark.parametrize(
    "subject",
    ["New badge for my colleague", "Badge", "Congé du 3 au 7 août", "PC"],
)
def test_a_fresh_subject_is_another_matter(subject: str) -> None:
    """No mark, no key, not one telling word in common: it is about something else."""
    assert is_new_subject(subject, ["The printer is on fire", "Re: [SUP-1] The printer is on fire"])


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Re: badge",
        "Fwd: badge",
        "[SUP-1] badge",
        "The PRINTERS, again: printer",
        "imprimante et fire",
        "Votre dossier #4711",
        "INC0012345 réponse",
        "Case 1234567",
    ],
)
def test_in_doubt_the_thread_is_kept(subject: str) -> None:
    """A mark, a key, a telling word in common, or another ticket system's number keeps it."""
    assert not is_new_subject(subject, ["The printer is on fire"])


@pytest.mark.parametrize("known", [[], [""], ["Re: "], ["—"]])
def test_without_a_known_subject_nothing_is_new(known: list[str]) -> None:
    """A ticket that has no name yet cannot be told from another."""
    assert not is_new_subject("Badge", known)


def test_a_long_subject_costs_no_more_than_its_length() -> None:
    """Marks without number are taken off in linear time (CASES A3.14)."""
    once, twice = "Re: " * 200_000, "Re: " * 400_000
    assert_linear(lambda: is_new_subject("badge", [once]), lambda: is_new_subject("badge", [twice]))
