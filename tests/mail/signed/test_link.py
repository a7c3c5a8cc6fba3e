"""Signed links: for one purpose, one thing, one person and a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.signed.address import Signer
from gateway.mail.signed.link import LIFE, TOKEN_LENGTH, Expired, Forged, Link, LinkPurpose, make_link, read_link, same_epoch

SIGNER = Signer({0: b"k" * 32})
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _token(purpose: LinkPurpose = LinkPurpose.VIEW, signer: Signer = SIGNER) -> str:
    return make_link(signer, purpose, subject=19258, person=7, now=NOW, ticket_epoch=2, person_epoch=3)


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_a_link_says_what_was_signed_until_its_time_is_over(purpose: LinkPurpose) -> None:
    """Purpose, subject, person, epochs and minute come back; a minute after its life it is only known to have been ours."""
    link = Link(purpose, 19258, 7, 2, 3, NOW)
    token = _token(purpose)
    assert len(token) == TOKEN_LENGTH
    assert read_link(SIGNER, token, purpose, now=NOW) == link
    assert read_link(SIGNER, token, purpose, now=NOW + LIFE[purpose] - timedelta(seconds=1)) == link
    assert read_link(SIGNER, token, purpose, now=NOW + LIFE[purpose]) == Expired(link)


def test_a_link_serves_one_purpose_only() -> None:
    """CASES A1.4: a mute link shows no ticket, a cookie is no link."""
    for made in LinkPurpose:
        for asked in LinkPurpose:
            found = read_link(SIGNER, _token(made), asked, now=NOW)
            assert isinstance(found, Link if made is asked else Forged)


@given(place=st.integers(0, TOKEN_LENGTH - 1), char=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
def test_no_character_of_a_link_can_be_changed(place: int, char: str) -> None:
    """Every field is under the signature. The last character has two bits that carry nothing."""
    token = _token()
    changed = token[:place] + char + token[place + 1 :]
    found = read_link(SIGNER, changed, LinkPurpose.VIEW, now=NOW)
    assert isinstance(found, Forged) or found == read_link(SIGNER, token, LinkPurpose.VIEW, now=NOW)
    assert isinstance(found, Forged) or changed == token or place == TOKEN_LENGTH - 1


@given(st.text(max_size=80))
def test_any_text_is_a_link_or_forged(text: str) -> None:
    """Nothing that stands in a URL raises."""
    assert isinstance(read_link(SIGNER, text, LinkPurpose.VIEW, now=NOW), Forged)


def test_another_key_makes_no_link_of_ours_and_an_older_key_still_does() -> None:
    """Keys rotate: the newest signs, all that are kept are read."""
    assert isinstance(read_link(SIGNER, _token(signer=Signer({0: b"x" * 32})), LinkPurpose.VIEW, now=NOW), Forged)
    rotated = Signer({0: b"k" * 32, 1: b"n" * 32})
    assert isinstance(read_link(rotated, _token(), LinkPurpose.VIEW, now=NOW), Link)
    assert isinstance(read_link(SIGNER, _token(signer=rotated), LinkPurpose.VIEW, now=NOW), Forged)


def test_a_link_from_the_future_is_not_believed_beyond_the_skew_of_clocks() -> None:
    """CASES B47: five minutes."""
    assert isinstance(read_link(SIGNER, _token(), LinkPurpose.VIEW, now=NOW - timedelta(minutes=4)), Link)
    assert isinstance(read_link(SIGNER, _token(), LinkPurpose.VIEW, now=NOW - timedelta(minutes=6)), Expired)


def test_epochs_are_compared_as_they_are_signed() -> None:
    """Sixteen bits of a counter that may grow beyond them."""
    assert same_epoch(2, 2)
    assert same_epoch(2, 65_538)
    assert not same_epoch(2, 3)


@pytest.mark.parametrize("token", ["", "A", "AAAA", "é" * 51, "A" * 52, "!" * 51, "A" * 51, "A" * 50 + "="])
def test_what_is_no_token_is_forged(token: str) -> None:
    """Too short, too long, of other letters, or of ours and never signed: none of them raises."""
    assert read_link(SIGNER, token, LinkPurpose.VIEW, now=NOW) == Forged()
