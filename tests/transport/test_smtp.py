"""The SMTP sender against a server that fails at each instant in turn, and against a real Postfix."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.domain.delivery import Bounced, Deferred, Sent, Uncertain
from gateway.transport import smtp as smtp_module
from gateway.transport.login_brake import LoginBrake
from gateway.transport.smtp import SmtpAccount, SmtpSender
from gateway.transport.tls import Tls
from tests.peers.certificates import Authority
from tests.peers.dovecot import Dovecot
from tests.peers.postfix import Postfix
from tests.peers.smtp_sink import SmtpSink

MAIL = b"From: support@example.org\r\nTo: jess@example.be\r\nMessage-ID: <1@example.org>\r\nSubject: Hello\r\n\r\nHello Jess\r\n"
FROM, TO = "bounce+x@example.org", "jess@example.be"


@contextlib.contextmanager
def sender(sink: SmtpSink, **changes: object) -> Iterator[SmtpSender]:
    """A sender to the sink without TLS; `changes` go to the account."""
    account = SmtpAccount("127.0.0.1", sink.port, Tls.NONE, ehlo_name="gateway.example.org", read_timeout=3, final_timeout=3)
    made = SmtpSender(replace(account, **changes))  # type: ignore[arg-type]
    yield made
    made.close()


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_sent(smtp_sink: SmtpSink) -> None:
    """A mail arrives octet for octet with its envelope; the answer is the server's reply to the dot."""
    with sender(smtp_sink) as post:
        assert post.send(FROM, TO, MAIL) == Sent("2.0.0 kept")
    assert [(each.mail_from, each.recipients, each.data) for each in smtp_sink.mails] == [(FROM, (TO,), MAIL)]
    assert smtp_sink.mails[0].options == (f"SIZE={len(MAIL)}",)


def test_null_sender(smtp_sink: SmtpSink) -> None:
    """An empty sender is the null sender."""
    with sender(smtp_sink) as post:
        assert isinstance(post.send("", TO, MAIL), Sent)
    assert smtp_sink.mails[0].mail_from == ""


def test_the_connection_is_kept(smtp_sink: SmtpSink) -> None:
    """Mails go over one connection, also after a refused recipient; it is asked NOOP after a while, and replaced after long."""
    clock = Clock()
    post = SmtpSender(SmtpAccount("127.0.0.1", smtp_sink.port, Tls.NONE), clock=clock)
    smtp_sink.recipient_answers = {"gone@example.be": "550 5.1.1 no such user"}
    outcomes = [post.send(FROM, each, MAIL) for each in (TO, "gone@example.be", TO)]
    assert [type(each) for each in outcomes] == [Sent, Bounced, Sent]
    assert smtp_sink.connections == 1
    assert smtp_sink.commands == []
    clock.now += 10
    assert isinstance(post.send(FROM, TO, MAIL), Sent)
    assert (smtp_sink.connections, smtp_sink.commands) == (1, ["NOOP"])
    clock.now += 100
    assert isinstance(post.send(FROM, TO, MAIL), Sent)
    assert smtp_sink.connections == 2
    post.close()


def test_a_connection_carries_a_bounded_number_of_mails(smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many mails the connection is replaced."""
    monkeypatch.setattr(smtp_module, "MAILS_PER_CONNECTION", 2)
    with sender(smtp_sink) as post:
        assert all(isinstance(post.send(FROM, TO, MAIL), Sent) for _ in range(5))
    assert smtp_sink.connections == 3


def test_a_kept_connection_that_was_cut_is_replaced(smtp_sink: SmtpSink) -> None:
    """When the server hung up between two mails, the second goes out at once on a new connection."""
    with sender(smtp_sink) as post:
        assert isinstance(post.send(FROM, TO, MAIL), Sent)
        smtp_sink.cut()
        assert isinstance(post.send(FROM, TO, MAIL), Sent)
    assert smtp_sink.connections == 2


def test_a_kept_connection_that_ends_at_mail_is_replaced(smtp_sink: SmtpSink) -> None:
    """A 421 to the first command on a kept connection is not the mail's fault: one new connection is tried."""
    with sender(smtp_sink) as post:
        assert isinstance(post.send(FROM, TO, MAIL), Sent)
        smtp_sink.answers["mail"] = "421 4.4.2 idle for too long"
        again = post.send(FROM, TO, MAIL)
        assert again == Deferred("mail", 421, "4.4.2 idle for too long", "throttled")
        assert smtp_sink.connections == 2
        del smtp_sink.answers["mail"]
        assert isinstance(post.send(FROM, TO, MAIL), Sent)


@pytest.mark.parametrize(
    ("phase", "answer", "outcome"),
    [
        ("ehlo", "421 4.3.2 closing", Deferred("hello", 421, "4.3.2 closing", "connect")),
        ("ehlo", "550 5.7.1 not you", Deferred("hello", 550, "5.7.1 not you", "connect")),
        ("mail", "451 4.3.0 later", Deferred("mail", 451, "4.3.0 later", "temporary")),
        ("mail", "553 5.1.8 sender refused", Bounced("mail", 553, "5.1.8 sender refused")),
        ("mail", "530 5.7.0 authenticate first", Deferred("mail", 530, "5.7.0 authenticate first", "auth")),
        ("rcpt", "450 4.2.0 Greylisted, see you", Deferred("rcpt", 450, "4.2.0 Greylisted, see you", "greylisted")),
        ("rcpt", "452 4.5.3 too many recipients", Deferred("rcpt", 452, "4.5.3 too many recipients", "throttled")),
        ("rcpt", "452 4.2.2 mailbox full", Deferred("rcpt", 452, "4.2.2 mailbox full", "temporary")),
        ("rcpt", "421 4.7.0 rate limit", Deferred("rcpt", 421, "4.7.0 rate limit", "throttled")),
        ("rcpt", "550 5.1.1 no such user", Bounced("rcpt", 550, "5.1.1 no such user")),
        ("data", "451 4.3.0 later", Deferred("data", 451, "4.3.0 later", "temporary")),
        ("data", "554 5.5.1 no", Bounced("data", 554, "5.5.1 no")),
        ("dot", "452 4.3.1 disk full", Deferred("dot", 452, "4.3.1 disk full", "temporary")),
        ("dot", "554 5.7.1 spam", Bounced("dot", 554, "5.7.1 spam")),
        ("dot", "what?", Uncertain("unintelligible reply after the final dot: -1 ?")),
    ],
)
def test_a_refusal_in_each_phase(smtp_sink: SmtpSink, phase: str, answer: str, outcome: object) -> None:
    """Each refusal becomes the outcome that its code and phase mean, and the next mail goes out (CASES B8, B9)."""
    smtp_sink.answers[phase] = answer
    with sender(smtp_sink) as post:
        assert post.send(FROM, TO, MAIL) == outcome
        assert smtp_sink.mails == []
        smtp_sink.answers.clear()
        assert isinstance(post.send(FROM, TO, MAIL), Sent)
    assert len(smtp_sink.mails) == 1


@pytest.mark.parametrize(
    ("phase", "told", "kept"),
    [("ehlo", "hello", 0), ("mail", "mail", 0), ("rcpt", "rcpt", 0), ("data", "data", 0), ("body", "data", 0), ("dot", None, 1)],
)
def test_a_drop_in_each_phase(smtp_sink: SmtpSink, phase: str, told: str | None, kept: int) -> None:
    """Before the final dot a lost connection is Deferred, after it Uncertain; only then has the server the mail (CASES B7, F7)."""
    smtp_sink.drop = phase
    data = MAIL + b"padding that no socket buffer holds\r\n" * 300_000 if phase == "body" else MAIL
    with sender(smtp_sink) as post:
        outcome = post.send(FROM, TO, data)
        if told is None:
            assert isinstance(outcome, Uncertain)
        else:
            assert isinstance(outcome, Deferred)
            assert (outcome.phase, outcome.code, outcome.cause) == (told, None, "connect" if phase == "ehlo" else "dropped")
        assert len(smtp_sink.mails) == kept
        smtp_sink.drop = None
        assert isinstance(post.send(FROM, TO, MAIL), Sent)


def test_a_small_mail_dropped_before_the_dot(smtp_sink: SmtpSink) -> None:
    """A server that hangs up before the dot is seen even when the whole mail fits into the socket's buffer."""

    def wait() -> bool:
        time.sleep(0.2)
        return True

    smtp_sink.drop = "body"
    with sender(smtp_sink) as post:
        outcome = post.send(FROM, TO, MAIL, before_dot=wait)
    assert isinstance(outcome, Deferred)
    assert (outcome.phase, outcome.cause) == ("data", "dropped")
    assert smtp_sink.mails == []


def test_no_reply_to_the_dot_in_time(smtp_sink: SmtpSink) -> None:
    """Patience for the last reply is bounded, and its end means that nobody knows."""
    smtp_sink.delays["dot"] = 2
    with sender(smtp_sink, final_timeout=0.3) as post:
        assert isinstance(post.send(FROM, TO, MAIL), Uncertain)


def test_no_reply_in_time_before_the_dot(smtp_sink: SmtpSink) -> None:
    """A server that is silent earlier defers the mail."""
    smtp_sink.delays["rcpt"] = 2
    with sender(smtp_sink, read_timeout=0.3) as post:
        outcome = post.send(FROM, TO, MAIL)
    assert isinstance(outcome, Deferred)
    assert (outcome.phase, outcome.cause) == ("rcpt", "dropped")


def test_a_lost_lease_cuts_before_the_dot(smtp_sink: SmtpSink) -> None:
    """When the lease is lost the server never gets the dot, and keeps nothing; the next mail goes out."""
    asked: list[int] = []

    def lost() -> bool:
        asked.append(len(smtp_sink.mails))
        return False

    with sender(smtp_sink) as post:
        outcome = post.send(FROM, TO, MAIL, before_dot=lost)
        assert isinstance(outcome, Deferred)
        assert (outcome.phase, outcome.cause) == ("data", "lease-lost")
        assert asked == [0]
        assert isinstance(post.send(FROM, TO, MAIL), Sent)
    assert len(smtp_sink.mails) == 1


def test_an_error_of_the_caller_cuts_before_the_dot(smtp_sink: SmtpSink) -> None:
    """What `before_dot` raises comes out, and the server keeps nothing."""

    def broken() -> bool:
        raise RuntimeError("no database")

    with sender(smtp_sink) as post:
        with pytest.raises(RuntimeError, match="no database"):
            post.send(FROM, TO, MAIL, before_dot=broken)
        assert isinstance(post.send(FROM, TO, MAIL), Sent)
    assert len(smtp_sink.mails) == 1


def test_size_is_known_before(smtp_sink: SmtpSink) -> None:
    """A mail larger than the server announces is bounced without being sent (CASES B11)."""
    smtp_sink.size_limit = 1000
    with sender(smtp_sink) as post:
        outcome = post.send(FROM, TO, MAIL + b"x" * 2000)
        assert isinstance(outcome, Bounced)
        assert (outcome.cause, outcome.code) == ("size", None)
        assert isinstance(post.send(FROM, TO, MAIL), Sent)
    assert smtp_sink.connections == 1


class TestLetters:
    """Addresses and texts outside ASCII (CASES B12)."""

    def test_a_domain_goes_as_a_labels(self, smtp_sink: SmtpSink) -> None:
        """A domain with accents needs nothing of the server."""
        with sender(smtp_sink) as post:
            assert isinstance(post.send(FROM, "jess@bücher.example", MAIL), Sent)
        assert smtp_sink.mails[0].recipients == ("jess@xn--bcher-kva.example",)
        assert "SMTPUTF8" not in smtp_sink.mails[0].options

    def test_a_local_part_needs_smtputf8(self, smtp_sink: SmtpSink) -> None:
        """An accent before the @ is sent where the server can, and bounced with a clear text where it cannot."""
        with sender(smtp_sink) as post:
            assert isinstance(post.send(FROM, "jéss@example.be", MAIL), Sent)
            assert isinstance(post.send(FROM, TO, MAIL), Sent)
        assert smtp_sink.mails[0].recipients == ("jéss@example.be",)
        assert ["SMTPUTF8" in each.options for each in smtp_sink.mails] == [True, False]
        with SmtpSink(hidden=("SMTPUTF8",)) as old, sender(old) as post:
            outcome = post.send(FROM, "jéss@example.be", MAIL)
            assert isinstance(outcome, Bounced)
            assert outcome.cause == "smtputf8"
            assert old.mails == []

    def test_eight_bits_are_announced_or_encoded(self, smtp_sink: SmtpSink) -> None:
        """With 8BITMIME the octets go as they are; without it the text is encoded and the headers stay as they are."""
        headers = b"Message-ID: <" + b"a" * 80 + b"@example.org>\r\nReferences: <1@example.org>\r\n <2@example.org>\r\n"
        text = headers + b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        text += b"Content-Transfer-Encoding: 8bit\r\n\r\nd\xc3\xa9j\xc3\xa0 vu\r\n"
        with sender(smtp_sink) as post:
            assert isinstance(post.send(FROM, TO, text), Sent)
        assert smtp_sink.mails[0].data == text
        assert "BODY=8BITMIME" in smtp_sink.mails[0].options
        with SmtpSink(hidden=("8BITMIME",)) as old, sender(old) as post:
            assert isinstance(post.send(FROM, TO, text), Sent)
            (kept,) = old.mails
        assert kept.data.isascii()
        assert kept.data.startswith(headers)
        assert b"BODY" not in b" ".join(option.encode() for option in kept.options)


@pytest.mark.parametrize(
    "bad",
    [
        "a@example.be>\r\nRCPT TO:<b@example.be",
        "a\nb@example.be",
        "a\0b@example.be",
        "a b@example.be",
        "<a@example.be>",
        "nobody",
        "@x",
        "x@",
        "",
    ],
)
def test_nothing_ends_an_envelope_early(smtp_sink: SmtpSink, bad: str) -> None:
    """An address that could end the command is refused, as sender and as recipient, before anything is sent (CASES A2.1)."""
    with sender(smtp_sink) as post:
        outcome = post.send(FROM, bad, MAIL)
        assert isinstance(outcome, Bounced)
        assert outcome.cause == "address"
        if bad:
            assert isinstance(post.send(bad, TO, MAIL), Bounced)
    assert smtp_sink.connections == 0


@pytest.mark.parametrize("bad", ["gateway\r\nMAIL FROM:<x@y>", "a b", "é.example.org", "a\0b"])
def test_nothing_ends_the_hello_early(bad: str) -> None:
    """A name for EHLO that could end the command is an error of the configuration (CASES A2.1)."""
    with pytest.raises(ValueError, match="EHLO"):
        SmtpSender(SmtpAccount("127.0.0.1", 25, Tls.NONE, ehlo_name=bad))


class TestTls:
    """No password and no mail leaves on a connection that is not what was configured (CASES A2.11)."""

    @pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
    def test_secured(self, authority: Authority, tls: Tls) -> None:
        """With a good certificate the login and the mail go by TLS, again and again on one connection."""
        made = authority.issue(f"smtp-{tls}")
        with SmtpSink(certificate=made, implicit_tls=tls is Tls.IMPLICIT, users={"gateway": "sécret"}) as sink:
            changes = {"host": "localhost", "tls": tls, "ca_file": authority.ca_file, "user": "gateway", "password": "sécret"}
            with sender(sink, **changes) as post:
                assert all(isinstance(post.send(FROM, TO, MAIL), Sent) for _ in range(3))
            assert sink.logins == [("gateway", True)]
            assert sink.connections == 1
            assert all(each.tls for each in sink.mails)

    @pytest.mark.parametrize("fault", ["unknown authority", "other name", "expired"])
    @pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
    def test_certificate_is_verified(self, authority: Authority, tls: Tls, fault: str) -> None:
        """An unknown authority, another name and an expired certificate are each refused before the login."""
        name = "DNS:mail.example.be" if fault == "other name" else "DNS:localhost"
        made = authority.issue(f"smtp-{tls}-{fault}".replace(" ", "-"), [name], expired=fault == "expired")
        trusted = None if fault == "unknown authority" else authority.ca_file
        with SmtpSink(certificate=made, implicit_tls=tls is Tls.IMPLICIT, users={"gateway": "secret"}) as sink:
            changes = {"host": "localhost", "tls": tls, "ca_file": trusted, "user": "gateway", "password": "secret"}
            with sender(sink, **changes) as post:
                outcome = post.send(FROM, TO, MAIL)
            assert isinstance(outcome, Deferred)
            assert outcome.cause == "tls"
            assert (sink.logins, sink.mails) == ([], [])

    def test_no_fallback(self, smtp_sink: SmtpSink) -> None:
        """A server without STARTTLS gets neither login nor mail."""
        smtp_sink.users = {"gateway": "secret"}
        with sender(smtp_sink, tls=Tls.STARTTLS, user="gateway", password="secret") as post:
            outcome = post.send(FROM, TO, MAIL)
        assert isinstance(outcome, Deferred)
        assert (outcome.phase, outcome.cause) == ("tls", "tls")
        assert (smtp_sink.logins, smtp_sink.mails) == ([], [])

    def test_no_tls_is_for_this_machine(self, smtp_sink: SmtpSink) -> None:
        """Clear text to another machine is refused before a connection is made."""
        with sender(smtp_sink, host="192.0.2.1") as post:
            outcome = post.send(FROM, TO, MAIL)
        assert isinstance(outcome, Deferred)
        assert outcome.cause == "tls"

    def test_unreadable_ca_file(self, smtp_sink: SmtpSink, tmp_path: Path) -> None:
        """A CA file that is not there is a TLS fault."""
        with sender(smtp_sink, tls=Tls.STARTTLS, ca_file=tmp_path / "no.pem") as post:
            outcome = post.send(FROM, TO, MAIL)
        assert isinstance(outcome, Deferred)
        assert outcome.cause == "tls"


class TestLogin:
    """Refused logins are rare (CASES B14)."""

    def test_three_tries_then_silence(self) -> None:
        """After three refused logins the sender answers by itself, for a minute that doubles up to half an hour."""
        clock = Clock()
        with SmtpSink(users={"gateway": "secret"}) as sink:
            account = SmtpAccount("127.0.0.1", sink.port, Tls.NONE, "gateway", "wrong")
            brake = LoginBrake(clock)
            senders = [SmtpSender(account, brake=brake, clock=clock) for _ in range(3)]
            for number in range(20):
                outcome = senders[number % 3].send(FROM, TO, MAIL)
                assert isinstance(outcome, Deferred)
                assert (outcome.phase, outcome.cause) == ("auth", "auth")
            assert len(sink.logins) == 3
            assert sink.connections == 3
            clock.now += 61
            for _ in range(5):
                senders[0].send(FROM, TO, MAIL)
            assert len(sink.logins) == 4
            assert 110 < brake.pause() <= 120
            sink.users = {"gateway": "wrong"}
            clock.now += 121
            assert isinstance(senders[0].send(FROM, TO, MAIL), Sent)
            assert brake.pause() == 0
            for each in senders:
                each.close()

    def test_no_way_to_log_in(self) -> None:
        """A server that offers no AUTH is an auth failure, not a mail sent anonymously."""
        with SmtpSink() as sink, sender(sink, user="gateway", password="secret") as post:
            smtp = post
            sink.hidden = ("AUTH",)
            outcome = smtp.send(FROM, TO, MAIL)
            assert isinstance(outcome, Deferred)
            assert outcome.cause == "auth"
            assert sink.mails == []

    def test_password_is_not_shown(self) -> None:
        """The account's repr holds no password."""
        assert "hush" not in repr(SmtpAccount("localhost", 25, Tls.NONE, "user", "hush"))


def test_nobody_listens() -> None:
    """A refused connection is Deferred in phase connect."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        post = SmtpSender(SmtpAccount("127.0.0.1", closed.getsockname()[1], Tls.NONE))
        outcome = post.send(FROM, TO, MAIL)
    assert isinstance(outcome, Deferred)
    assert (outcome.phase, outcome.cause) == ("connect", "connect")


def once(reply: bytes) -> tuple[int, Callable[[], None]]:
    """A server that says `reply` to the first connection and closes; returns its port and how to wait for its end."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, listener:
            connection.sendall(reply)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return listener.getsockname()[1], thread.join


@pytest.mark.parametrize("greeting", [b"554 5.3.2 no service\r\n", b"421 later\r\n", b"", b"SSH-2.0-x\r\n", b"220-half"])
def test_a_greeting_that_is_none(greeting: bytes) -> None:
    """Whatever a server says instead of its greeting defers the mail: it says nothing of the recipient."""
    port, ended = once(greeting)
    outcome = SmtpSender(SmtpAccount("127.0.0.1", port, Tls.NONE, read_timeout=2)).send(FROM, TO, MAIL)
    ended()
    assert isinstance(outcome, Deferred)
    assert (outcome.phase, outcome.cause) == ("connect", "connect")


@pytest.mark.peers
class TestPostfix:
    """A real relay over TLS."""

    def test_delivered_by_both_ways_of_tls(self, postfix: Postfix, dovecot: Dovecot) -> None:
        """Mails sent with a login by STARTTLS and by implicit TLS lie in the recipient's box, dots and long lines as they were."""
        box, support = dovecot.new_box("example.be"), dovecot.box("support@example.org")
        data = MAIL + b".\r\n..two\r\n.three\r\n" + b"x" * 900 + b"\r\n"
        for port, tls in ((postfix.smtp, Tls.STARTTLS), (postfix.smtps, Tls.IMPLICIT)):
            post = SmtpSender(SmtpAccount("localhost", port, tls, support.user, support.password, postfix.ca_file))
            assert all(isinstance(post.send(FROM, box.user, data), Sent) for _ in range(2))
            post.close()
        deadline = time.monotonic() + 10
        while len(dovecot.doveadm("search", "-u", box.user, "mailbox", "INBOX", "ALL").splitlines()) < 4:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        text = dovecot.doveadm("fetch", "-u", box.user, "body", "mailbox", "INBOX", "ALL")
        assert text.count("\n.\n..two\n.three\n" + "x" * 900 + "\n") == 4

    def test_what_postfix_refuses(self, postfix: Postfix) -> None:
        """An outside recipient is bounced at RCPT, a mail above the announced size before it, a wrong password defers."""
        account = SmtpAccount("localhost", postfix.smtp, Tls.STARTTLS, ca_file=postfix.ca_file)
        post = SmtpSender(account)
        refused = post.send(FROM, "x@outside.example", MAIL)
        assert isinstance(refused, Bounced)
        assert (refused.phase, refused.code) == ("rcpt", 550)
        large = post.send(FROM, TO, MAIL + b"x" * 900 + b"\r\n" * (30 << 20))
        assert isinstance(large, Bounced)
        assert large.cause == "size"
        post.close()
        wrong = SmtpSender(replace(account, user="support@example.org", password="no")).send(FROM, TO, MAIL)
        assert isinstance(wrong, Deferred)
        assert (wrong.phase, wrong.code, wrong.cause) == ("auth", 535, "auth")

    def test_an_unknown_box_makes_a_real_report(self, postfix: Postfix, dovecot: Dovecot) -> None:
        """A mail to an unknown box is accepted first, and a delivery report comes to the envelope sender."""
        box = dovecot.new_box()
        post = SmtpSender(SmtpAccount("localhost", postfix.smtp, Tls.STARTTLS, ca_file=postfix.ca_file))
        assert isinstance(post.send(box.user.replace("@", "+bounce@"), "nobody.here@example.be", MAIL), Sent)
        post.close()
        deadline = time.monotonic() + 10
        while "multipart/report" not in dovecot.doveadm("fetch", "-u", box.user, "hdr", "mailbox", "INBOX", "ALL"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
