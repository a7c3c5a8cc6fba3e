"""When two deliveries are one mail, and when they are not."""

from __future__ import annotations

import pytest

from gateway.mail.identity import message_key
from gateway.mail.read.parse import read_mail

MAIL = (
    b"Message-ID: <1@example.org>\nFrom: Jess <jess@example.org>\nTo: a@example.be\nSubject: my printer burns\n"
    b"Date: Tue, 24 Nov 2026 10:12:00 +0100\n\nhello\n\nJess\n"
)


def key(raw: bytes) -> str:
    """The key of these bytes."""
    return message_key(read_mail(raw), raw)


@pytest.mark.parametrize(
    "other",
    [
        b"Received: from a by b; x\nDelivered-To: b@example.be\nX-Spam: no\nReturn-Path: <x@example.org>\n" + MAIL,
        MAIL.replace(b"\n", b"\r\n"),
        MAIL + b"\n\n\n",
        MAIL.rstrip(b"\n"),
        MAIL.replace(b"my printer", b"my\n printer"),
        MAIL.replace(b"Subject:", b"SUBJECT:"),
    ],
    ids=["transport fields", "line ends", "blank lines at the end", "no line end at the end", "folding", "case of a name"],
)
def test_what_servers_change_makes_no_other_mail(other: bytes) -> None:
    """The same mail by another way has the same key (CASES B26)."""
    assert key(other) == key(MAIL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"hello", b"hallo"),
        (b"printer", b"screen"),
        (b"Jess <", b"Max <"),
        (b"a@example.be", b"b@example.be"),
        (b"10:12", b"10:13"),
        (b"<1@", b"<2@"),
    ],
)
def test_what_the_sender_changes_makes_another_mail(old: bytes, new: bytes) -> None:
    """A known Message-ID with other content is another mail and is kept, and so is other content under none (CASES B27)."""
    assert key(MAIL.replace(old, new)) != key(MAIL)


def test_without_a_message_id_the_hash_alone_decides() -> None:
    """Two equal mails without Message-ID are one; other words make two (CASES B28)."""
    bare = MAIL.partition(b"\n")[2]
    assert key(bare).startswith("sha256:")
    assert key(bare) == key(b"X-Any: thing\n" + bare)
    assert key(bare) != key(bare.replace(b"hello", b"hallo"))


def test_a_key_is_short_whatever_the_message_id() -> None:
    """A key fits a database column: at most 1,100 characters."""
    assert len(key(b"Message-ID: <" + b"x" * 900 + b"@y> <2@z>\n\nx")) <= 1100
    assert key(b"Message-ID: <" + b"x" * 5000 + b"@y>\n\nx").startswith("sha256:")


def test_mails_of_one_id_and_no_body_differ_by_their_headers() -> None:
    """A mail that is all headers has a key too."""
    assert key(b"Message-ID: <1@x>\nSubject: a\n") != key(b"Message-ID: <1@x>\nSubject: b\n")
