"""The demo's mail host: what a mail server must do so that the gateway and a mail client can live with it."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from gateway.mail.inbound import Verdict
from gateway.mail.understand import Context, understand

mailhost = pytest.importorskip("gateway.runtime.demo.mailhost", reason="the extra demo is not installed")

DESK = mailhost.Box("support@example.org", "desk secret", aliases=("noreply@example.org",))
JESS = mailhost.Box("jess@example.be", "jess secret")
GONE = mailhost.Box("sacha@example.be", "sacha secret", returns=True)
MAIL = b"From: Jess Martin <jess@example.be>\r\nTo: support@example.org\r\nSubject: Bonjour\r\n\r\nd\xc3\xa9j\xc3\xa0 vu\r\n.\r\n..fin\r\n"


@pytest.fixture
def host() -> Iterator[Any]:
    """A running host with three boxes."""
    with mailhost.MailHost((DESK, JESS, GONE)) as running:
        yield running


@contextmanager
def reading(host: Any, box: Any) -> Iterator[Any]:
    """A mail client on one box."""
    client: Any = IMAPClient("127.0.0.1", host.imap_port, ssl=False, timeout=5)
    try:
        client.login(box.address, box.password)
        client.select_folder("INBOX")
        yield client
    finally:
        client.logout()


def send(host: Any, *to: str, mail: bytes = MAIL, sender: str = JESS.address, login: Any = JESS) -> None:
    """Hand a mail over."""
    with smtplib.SMTP("127.0.0.1", host.smtp_port, timeout=5) as smtp:
        if login is not None:
            smtp.login(login.address, login.password)
        smtp.sendmail(sender, list(to), mail)


def mails(client: Any) -> list[bytes]:
    """All mails of the box."""
    client.noop()
    uids = client.search()
    found = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
    return [found[uid][b"BODY[]"] for uid in uids]


def test_a_mail_arrives_byte_for_byte_below_the_hosts_own_fields(host: Any) -> None:
    """Nothing of a mail is changed: dots, eight-bit characters and line ends; above it stands what a server adds."""
    with reading(host, DESK) as client:
        send(host, DESK.address)
        [raw] = mails(client)
    assert raw.endswith(MAIL)
    assert raw.startswith(b"Return-Path: <jess@example.be>\r\nDelivered-To: support@example.org\r\n")


@pytest.mark.parametrize(
    "recipient", ["support+token@example.org", "Support+A+B@Example.org", "noreply@example.org", "noreply+token@example.org"]
)
def test_signed_addresses_and_aliases_land_in_the_box(host: Any, recipient: str) -> None:
    """`+anything` belongs to the address before it, in any case, and an alias to its box."""
    with reading(host, DESK) as client:
        send(host, recipient)
        [raw] = mails(client)
    assert f"Delivered-To: {recipient}\r\n".encode() in raw


@pytest.mark.parametrize("recipient", ["nobody@example.org", "support@example.be", "someone@elsewhere.example"])
def test_anybody_else_is_refused(host: Any, recipient: str) -> None:
    """Nothing leaves the machine: an address that is no box here is refused for good, at once."""
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(host, recipient)
    assert refused.value.recipients[recipient][0] == 550


def test_idle_wakes_at_once(host: Any) -> None:
    """Whoever waits in IDLE hears of a mail without asking."""
    with reading(host, DESK) as client:
        client.idle()
        send(host, DESK.address)
        assert (1, b"EXISTS") in client.idle_check(timeout=5)
        client.idle_done()


def test_idle_tells_of_mail_that_came_just_before(host: Any) -> None:
    """A mail that arrives between the last answer and IDLE is told when IDLE begins: else it would lie there until the next poll."""
    with reading(host, DESK) as client:
        send(host, DESK.address)
        client.idle()
        assert (1, b"EXISTS") in client.idle_check(timeout=5)
        client.idle_done()


def test_a_returned_mail_is_a_report_that_the_gateway_understands(host: Any) -> None:
    """What comes back from a box that is gone goes to the envelope sender, from nobody, and names the address as failed for ever."""
    with reading(host, DESK) as client:
        send(host, GONE.address, sender="support+token@example.org", login=DESK)
        [raw] = mails(client)
    assert raw.startswith(b"Return-Path: <>\r\nDelivered-To: support+token@example.org\r\n")
    nothing = Context(frozenset(), frozenset(), (), 1 << 20, lambda _: False, lambda _: False)
    understood = understand(raw, nothing)
    assert understood.classified.verdict is Verdict.BOUNCE
    assert understood.bounce is not None
    [recipient] = understood.bounce.recipients
    assert (recipient.address, recipient.hard, recipient.status) == (GONE.address, True, "5.1.1")


def test_a_report_is_never_answered_by_a_report(host: Any) -> None:
    """A mail from nobody to a box that is gone ends there (RFC 5321 §4.5.5)."""
    with reading(host, DESK) as client:
        send(host, GONE.address, sender="")
        assert mails(client) == []


@pytest.mark.parametrize(("login", "said"), [(JESS, b"dmarc=pass header.from=example.be"), (DESK, b"dmarc=fail header.from=example.be")])
def test_a_login_vouches_for_its_own_address_only(host: Any, login: Any, said: bytes) -> None:
    """The host says of a From whether it is that of the login, above its own Received field."""
    with reading(host, DESK) as client:
        send(host, DESK.address, login=login)
        [raw] = mails(client)
    proof = b"Authentication-Results: mail.example.org; " + said + b"\r\n"
    assert raw.index(proof) < raw.index(b"Received: ")


def test_a_mail_without_login_is_vouched_for_by_nobody(host: Any) -> None:
    """It is delivered, and the host says nothing of its From."""
    with reading(host, DESK) as client:
        send(host, DESK.address, login=None)
        [raw] = mails(client)
    assert b"Authentication-Results" not in raw


def test_a_wrong_password_opens_nothing(host: Any) -> None:
    """Neither by IMAP nor by SMTP."""
    wrong = mailhost.Box(JESS.address, "guess")
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send(host, DESK.address, login=wrong)
    client: Any = IMAPClient("127.0.0.1", host.imap_port, ssl=False, timeout=5)
    with pytest.raises(LoginError):
        client.login(wrong.address, wrong.password)
    client.logout()


def test_two_hosts_do_not_meet(host: Any) -> None:
    """A second host takes other ports, and has boxes of its own."""
    with mailhost.MailHost((DESK, JESS)) as other:
        assert {host.imap_port, host.smtp_port}.isdisjoint({other.imap_port, other.smtp_port})
        send(other, DESK.address)
        with reading(host, DESK) as client:
            assert mails(client) == []


def test_it_stops_with_clients_connected() -> None:
    """The end of the host ends its thread, whoever is still connected."""
    with mailhost.MailHost((DESK,)) as running:
        client: Any = IMAPClient("127.0.0.1", running.imap_port, ssl=False, timeout=5)
        client.login(DESK.address, DESK.password)
        client.select_folder("INBOX")
        client.idle()
    assert not running.running
    client.shutdown()
