"""Line ends, dots and addresses on the wire."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.transport.smtp_wire import AddressError, crlf, envelope_address, printable, seven_bit, stuffed, temporary_cause

SMUGGLED = [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r\n\0.\r\n", b"\n\r.\r\n"]
"""The sequences by which some servers end a mail early (CASES F11)."""


@pytest.mark.parametrize("end", SMUGGLED)
def test_no_sequence_ends_the_mail_early(end: bytes) -> None:
    """None of the known sequences leaves us with a line that holds a dot alone, nor with a bare CR, LF or NUL (CASES A2.12)."""
    sent = stuffed(crlf(b"Subject: a\r\n\r\none" + end + b"MAIL FROM:<evil@example.be>\r\n"))
    assert b"\r\n.\r\n" not in sent
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", sent)


@given(st.lists(st.sampled_from([b"\r", b"\n", b".", b"\0", b"a", b"\r\n", b"\r\n.\r\n"])).map(b"".join))
def test_what_the_server_unstuffs_is_what_we_meant(data: bytes) -> None:
    """Whatever the input, the server sees one mail, and removing its stuffed dots gives the normalised text."""
    meant = crlf(data)
    lines = (stuffed(meant) + b".\r\n").split(b"\r\n")
    assert lines.index(b".") == len(lines) - 2
    assert b"\r\n".join(line.removeprefix(b".") for line in lines[:-2]) + b"\r\n" == meant
    assert crlf(meant) == meant


@given(st.text(alphabet=st.sampled_from(list("ab@<>\r\n\0 \t.é\x7f\x85\u2028"))))
def test_an_envelope_address_stays_in_its_line(address: str) -> None:
    """What is accepted has one @ at least and nothing that a server could take for the end of the address."""
    try:
        accepted = envelope_address(address)
    except AddressError:
        return
    assert not set(accepted) & set("\r\n\0<> \t\x7f")
    assert "@" in accepted
    assert accepted.rpartition("@")[2].isascii()


def test_a_lone_surrogate_is_no_address() -> None:
    """An address that has no bytes is refused, not a crash."""
    with pytest.raises(AddressError):
        envelope_address("a\udcff@example.be")


def test_seven_bit_keeps_a_multipart_together() -> None:
    """Each 8-bit part is encoded by itself, ASCII parts stay, and nothing is lost."""
    mail = (
        b'MIME-Version: 1.0\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xc3\xa9t\xc3\xa9\r\n--b\r\n"
        b"Content-Type: text/plain\r\n\r\nplain\r\n--b--\r\n"
    )
    encoded = seven_bit(mail)
    assert encoded.isascii()
    assert b"w6l0w6k" in encoded or b"=C3=A9t=C3=A9" in encoded
    assert b"\r\n\r\nplain\r\n--b--\r\n" in encoded


def test_causes() -> None:
    """The words of a temporary refusal choose the row of the retry table."""
    assert temporary_cause(451, "4.7.1 Greylisting in action", to_recipient=False) == "temporary"
    assert temporary_cause(451, "4.7.1 greylisted", to_recipient=True) == "greylisted"
    assert temporary_cause(450, "4.7.28 unusual rate", to_recipient=True) == "throttled"
    assert temporary_cause(452, "4.2.2 full", to_recipient=True) == "temporary"


def test_answers_are_one_printable_line() -> None:
    """A server's words are shown without control characters, and not without end."""
    assert printable(b"one\r\ntwo \x1b[31m\xff") == "one two [31m\N{REPLACEMENT CHARACTER}"
    assert len(printable("x" * 10_000)) == 500
