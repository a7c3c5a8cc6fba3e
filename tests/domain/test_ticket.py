"""The key of a ticket, as people write it and as it is read again."""

from __future__ import annotations

import pytest

from gateway.domain.ticket import TicketKey


def test_a_key_is_written_as_it_is_read() -> None:
    """What stands in a subject leads back to its ticket."""
    key = TicketKey("SUP", 19258)
    assert str(key) == "SUP-19258"
    assert TicketKey.parse(str(key)) == key


@pytest.mark.parametrize("text", ["sup-12", " SUP-12 ", "Sup-12\n"])
def test_case_and_blanks_around_a_key_do_not_count(text: str) -> None:
    """People type a key as they like."""
    assert TicketKey.parse(text) == TicketKey("SUP", 12)


@pytest.mark.parametrize(
    "text", ["", "SUP", "SUP-", "SUP-0", "SUP-012", "12-SUP", "SUP 12", "SUP-12x", "[SUP-12]", "SUP-12345678901", "A" * 11 + "-1"]
)
def test_what_only_looks_like_a_key_is_none(text: str) -> None:
    """A number of zero or with zeros before it, a word too much or too long: nothing is guessed."""
    assert TicketKey.parse(text) is None


def test_keys_sort_by_number_and_not_by_letter() -> None:
    """SUP-9 comes before SUP-10 in any list."""
    assert sorted([TicketKey("SUP", 10), TicketKey("SUP", 9), TicketKey("HR", 11)]) == [
        TicketKey("HR", 11),
        TicketKey("SUP", 9),
        TicketKey("SUP", 10),
    ]
