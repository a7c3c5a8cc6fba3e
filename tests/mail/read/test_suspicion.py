"""What could cost more than an ordinary mail goes to the sandbox; ordinary mails do not wait for it."""

from __future__ import annotations

import base64

import pytest

from benchmarks.mails import generate
from gateway.mail.read.suspicion import LIMITS, why_suspicious
from tests.growth import assert_linear, assert_within
from tests.mail.bombs import BOMBS, TOP, single

MIXED = TOP + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee the pictures\r\n"
PHOTO = b"--b\r\nContent-Type: image/jpeg; name=photo.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(
    b"photo!" * 300_000
)


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_a_bomb_is_suspicious(bomb: str) -> None:
    """Every one that is known, by some row of the table."""
    assert why_suspicious(BOMBS[bomb]()) in {reason for reason, _, _ in LIMITS}


def test_ordinary_mails_are_not() -> None:
    """New mails, replies with history, files, absence notices and reports: none of four hundred."""
    assert [] == [mail.kind for mail in generate(400) if why_suspicious(mail.raw)]


def test_photographs_are_not() -> None:
    """Three of 2.4 MB in base64, between lines that delimit; but text of that length is."""
    assert why_suspicious(MIXED + PHOTO * 3 + b"--b--\r\n") is None
    assert "a long text" == why_suspicious(MIXED + PHOTO.replace(b"image/jpeg", b"text/html") + b"--b--\r\n")
    assert "a long text" == why_suspicious(MIXED + PHOTO.replace(b"image/jpeg", b"application/pkcs7-mime") + b"--b--\r\n")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (single(b"text/plain", b"a\0b"), "zero bytes"),
        (single(b"text/plain", b"x" * 70_000), "a very long line"),
        (single(b"text/html", b"<b>\n" * 7000), "many tags"),
        (single(b"application/x-pkcs7-mime; name=smime.p7m", b"MIAG"), "a mail in its signature"),
        (single(b"text/plain", b"\r\nbegin 644 a\r\n`\r\nend\r\n" * 6), "files in the text"),
        (TOP + b"Content-Type: message/rfc822\r\n\r\n" * 21, "mails in mails"),
        (b"X: y\r\n" * 700 + TOP + b"\r\n", "many header lines"),
        (b"X: " + b"y" * 60_000 + b"\r\n" + TOP + b"\r\n", "a long header"),
        (TOP + b"Cc: " + b"a@example.org, " * 500 + b"\r\n\r\n", "many addresses"),
    ],
)
def test_each_reason_has_its_mail(raw: bytes, reason: str) -> None:
    """The row that says why is the one that the mail breaks."""
    assert reason == why_suspicious(raw)


def test_it_costs_little() -> None:
    """Under a millisecond of CPU for an ordinary mail (28 kB)."""
    mails = [mail.raw for mail in generate(100)]

    assert_within(lambda: [why_suspicious(raw) for raw in mails], 0.001 * len(mails))


@pytest.mark.parametrize("piece", [b"\n--b\r\n", b"<b>", b"*0*=", b"\n--b\r\nContent-Type: image/png\r\n\r\n" + b"x" * 300_000])
def test_twice_the_bytes_take_twice_the_time(piece: bytes) -> None:
    """The look itself is linear on what is made to be costly (CASES A3.14)."""
    once = TOP + piece * (2_000_000 // len(piece))
    twice = once * 2
    assert_linear(lambda: why_suspicious(once), lambda: why_suspicious(twice))


@pytest.mark.parametrize("raw", [b"", b"\n", b"\0", b"\n--", b"x" * 10])
def test_any_bytes_have_an_answer(raw: bytes) -> None:
    """Nothing is raised for what is no mail at all."""
    assert why_suspicious(raw) in {None, "zero bytes"}
