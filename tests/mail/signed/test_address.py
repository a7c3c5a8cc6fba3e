"""Signed addresses and Message-IDs: what we made is known again, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.signed.address import TOKEN_LENGTH, Purpose, Signed, Signer, Unsigned, tokens_in, with_token, without_token

SIGNER = Signer({0: b"a" * 32})
TODAY = date(2026, 3, 2)


@given(purpose=st.sampled_from(Purpose), subject=st.integers(0, 2**32 - 1), person=st.integers(0, 2**32 - 1), epoch=st.integers(0, 255))
def test_a_token_says_what_it_was_made_for(purpose: Purpose, subject: int, person: int, epoch: int) -> None:
    """Every field comes back, whatever a mail system did to the case."""
    token = SIGNER.token(purpose, subject=subject, person=person, epoch=epoch, today=TODAY)

    assert len(token) == TOKEN_LENGTH
    assert Signed(purpose, subject, person, epoch, TODAY) == SIGNER.read(token) == SIGNER.read(token.upper())


@given(place=st.integers(0, TOKEN_LENGTH - 1), other=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_no_character_can_be_changed(place: int, other: str) -> None:
    """A token with any other character anywhere is not ours (A1.4)."""
    token = SIGNER.token(Purpose.REPLY, subject=12, person=34, today=TODAY)
    changed = token[:place] + other + token[place + 1 :]

    assert (changed == token) == isinstance(SIGNER.read(changed), Signed)


@pytest.mark.parametrize("token", ["", "a", "z" * 40, "a" * 40, "é" * 40, "1" * 40, "a" * 4000])
def test_garbage_is_no_token(token: str) -> None:
    """Whatever stands there is read without an error."""
    assert Unsigned(token) == SIGNER.read(token)


def test_another_key_makes_other_tokens() -> None:
    """Without our secret nobody makes a token, and a key that was taken out of use is no longer read."""
    token = Signer({0: b"b" * 32}).token(Purpose.REPLY, subject=1, person=1, today=TODAY)

    assert isinstance(SIGNER.read(token), Unsigned)
    both = Signer({0: b"b" * 32, 1: b"c" * 32})
    assert isinstance(both.read(token), Signed)
    assert isinstance(Signer({1: b"c" * 32}).read(token), Unsigned)


def test_a_short_key_is_refused() -> None:
    """A key that can be guessed is an operator's mistake, and says so."""
    with pytest.raises(ValueError, match="32 bytes"):
        Signer({0: b"short"})


def test_message_ids_of_ours_are_known_again() -> None:
    """An id of ours carries a MAC; one that looks like it does not."""
    ours = SIGNER.message_id("SUP-1.comment.abc", "desk.example")

    assert SIGNER.is_own_id(ours)
    assert SIGNER.is_own_id(f" {ours} ")
    assert not SIGNER.is_own_id(ours.replace("SUP-1", "SUP-2"))
    assert not SIGNER.is_own_id(ours.replace("desk.example", "other.example"))
    assert not SIGNER.is_own_id("<x@y>")


def test_the_loop_mark_is_ours_only() -> None:
    """X-Gateway-Loop cannot be made up by a peer that wants its mail dropped."""
    mark = SIGNER.loop_mark("desk.example")

    assert SIGNER.is_own_loop(mark)
    assert not SIGNER.is_own_loop("desk.example aaaaaaaaaaaaaaaa")
    assert not SIGNER.is_own_loop("é é")
    assert not SIGNER.is_own_loop("")


def test_tokens_are_found_only_at_home() -> None:
    """Only addresses in our domains are looked at; each token counts once; plain addresses have none."""
    token = SIGNER.token(Purpose.REPLY, subject=1, person=1, today=TODAY)
    here = with_token("support@desk.example", token, "+")
    seen = [here, here.upper(), with_token("support@evil.example", token, "+"), "support+other@desk.example", "support@desk.example"]

    assert (token,) == tokens_in(seen, frozenset({"desk.example"}), frozenset("+"))
    assert "support@desk.example" == without_token(here.upper(), "+")
    assert "a+b@desk.example" == without_token("a+b@desk.example", "+")


@pytest.mark.parametrize(
    "local", ["support+" + "1" * TOKEN_LENGTH, "support-" + "a" * TOKEN_LENGTH, "+" + "a" * (TOKEN_LENGTH - 1), "a" * 60]
)
def test_an_address_that_is_only_as_long_holds_no_token(local: str) -> None:
    """Another alphabet, another delimiter, a letter too few, no delimiter: a customer's own plus address is nothing of ours."""
    assert tokens_in([f"{local}@desk.example"], frozenset({"desk.example"}), frozenset("+")) == ()
