"""The LMTP door: raw commands, what it says when recording fails, and a real Postfix that delivers into it."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from gateway.transport import lmtp as lmtp_module
from gateway.transport.lmtp import Accept, LmtpDoor, Refuse
from tests.peers.dovecot import Dovecot
from tests.peers.postfix import Postfix

MAIL = b"From: jess@example.be\r\nSubject: Hello\r\n\r\nHello\r\n"
LIMIT = 1 << 20


class Desk:
    """What stands behind the door: accepts example.org, and records in a list, or fails."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, tuple[str, ...], bytes]] = []
        self.fails = False
        self.delay = 0.0
        self.threads: set[str] = set()

    def accept(self, recipient: str) -> Accept | Refuse:
        """Judge a recipient."""
        if recipient == "broken@example.org":
            raise RuntimeError("no database")
        if recipient.endswith(("@example.org", "@door.example.org")):
            return Accept()
        return Refuse(550, f"5.1.1 no such mailbox: é\r\n250 {recipient}")

    def record(self, mail_from: str, recipients: tuple[str, ...], mail: bytes) -> None:
        """Record a mail."""
        self.threads.add(threading.current_thread().name)
        time.sleep(self.delay)
        if self.fails:
            raise RuntimeError("the disk is full")
        self.mails.append((mail_from, recipients, mail))


@contextlib.contextmanager
def door(desk: Desk, listen: str = "127.0.0.1:0", size_limit: int = LIMIT) -> Iterator[LmtpDoor]:
    """A door that is open."""
    made = LmtpDoor(listen, desk.accept, desk.record, size_limit)
    made.start()
    try:
        yield made
    finally:
        made.stop()


class Wire:
    """A client that says exactly what it is told."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.stream = self.socket.makefile("rb")
        self.reply()
        self.say(b"LHLO mx.example.org")

    def reply(self) -> bytes:
        """One reply, its last line."""
        while True:
            line = self.stream.readline()
            if line[3:4] != b"-":
                return line.rstrip()

    def say(self, command: bytes) -> bytes:
        """A command and its reply."""
        self.socket.sendall(command + b"\r\n")
        return self.reply()

    def data(self, recipients: list[bytes], text: bytes, sender: bytes = b"jess@example.be") -> list[bytes]:
        """A whole transaction; the replies after DATA, one for each recipient."""
        assert self.say(b"MAIL FROM:<" + sender + b">").startswith(b"250")
        for each in recipients:
            assert self.say(b"RCPT TO:<" + each + b">").startswith(b"250")
        assert self.say(b"DATA").startswith(b"354")
        self.socket.sendall(text)
        return [self.reply() for _ in recipients]

    def silent(self) -> bool:
        """Whether the server has nothing more to say."""
        self.socket.settimeout(0.1)
        try:
            return self.socket.recv(1, socket.MSG_PEEK) == b"never"
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_rest: object) -> None:
        self.stream.close()
        self.socket.close()


def test_one_reply_for_each_recipient() -> None:
    """After DATA each recipient has its reply, and the next command gets its own (RFC 2033)."""
    desk = Desk()
    with door(desk) as opened, Wire(opened.port) as wire:
        replies = wire.data([b"support@example.org", b"sales@example.org"], MAIL + b".\r\n")
        assert replies == [b"250 2.0.0 recorded"] * 2
        assert wire.silent()
        assert wire.say(b"NOOP").startswith(b"250")
    assert desk.mails == [("jess@example.be", ("support@example.org", "sales@example.org"), MAIL)]
    assert all(name != "MainThread" for name in desk.threads)


def test_250_only_when_recorded() -> None:
    """A failing ledger means 451 for everybody, and the same mail may come again on the same connection."""
    desk = Desk()
    desk.fails = True
    with door(desk) as opened, Wire(opened.port) as wire:
        replies = wire.data([b"support@example.org", b"sales@example.org"], MAIL + b".\r\n")
        assert [each[:3] for each in replies] == [b"451", b"451"]
        assert b"disk" not in b"".join(replies)
        desk.fails = False
        assert wire.data([b"support@example.org"], MAIL + b".\r\n") == [b"250 2.0.0 recorded"]
    assert len(desk.mails) == 1


def test_the_reply_waits_for_the_record() -> None:
    """No 250 before the record has returned; other connections are served meanwhile."""
    desk = Desk()
    desk.delay = 0.4
    with door(desk) as opened, Wire(opened.port) as wire, Wire(opened.port) as other:
        began = time.monotonic()
        wire.say(b"MAIL FROM:<jess@example.be>")
        wire.say(b"RCPT TO:<support@example.org>")
        wire.say(b"DATA")
        wire.socket.sendall(MAIL + b".\r\n")
        assert other.say(b"NOOP").startswith(b"250")
        assert time.monotonic() - began < 0.3
        assert wire.reply().startswith(b"250")
        assert time.monotonic() - began >= 0.4


def test_recipients_are_judged_one_by_one() -> None:
    """A stranger is refused with one clean line, a judge that fails means later, and the others get the mail."""
    desk = Desk()
    with door(desk) as opened, Wire(opened.port) as wire:
        wire.say(b"MAIL FROM:<jess@example.be>")
        refused = wire.say(b"RCPT TO:<x@outside.example>")
        assert refused == b"550 5.1.1 no such mailbox: ???250 x@outside.example"
        assert wire.silent()
        assert wire.say(b"RCPT TO:<broken@example.org>").startswith(b"451")
        assert wire.say(b"RCPT TO:<support+token@example.org>").startswith(b"250")
        wire.say(b"DATA")
        wire.socket.sendall(MAIL + b".\r\n")
        assert wire.reply().startswith(b"250")
        assert wire.silent()
    assert desk.mails[0][1] == ("support+token@example.org",)


def test_no_recipient_no_data() -> None:
    """DATA without a recipient is refused once."""
    with door(Desk()) as opened, Wire(opened.port) as wire:
        wire.say(b"MAIL FROM:<jess@example.be>")
        assert wire.say(b"DATA").startswith(b"503")
        assert wire.silent()


def test_null_sender() -> None:
    """The null sender arrives as an empty string."""
    desk = Desk()
    with door(desk) as opened, Wire(opened.port) as wire:
        wire.data([b"support@example.org"], MAIL + b".\r\n", sender=b"")
    assert desk.mails[0][0] == ""


def test_too_big() -> None:
    """Above the limit each recipient gets 552, an announced size is refused at MAIL, and the connection goes on."""
    desk = Desk()
    with door(desk, size_limit=10_000) as opened, Wire(opened.port) as wire:
        assert wire.say(b"MAIL FROM:<jess@example.be> SIZE=20000").startswith(b"552")
        replies = wire.data([b"support@example.org", b"sales@example.org"], MAIL + (b"x" * 70 + b"\r\n") * 300 + b".\r\n")
        assert [each[:3] for each in replies] == [b"552", b"552"]
        assert wire.silent()
        assert wire.data([b"support@example.org"], MAIL + b".\r\n") == [b"250 2.0.0 recorded"]
    assert len(desk.mails) == 1


def test_long_lines_and_odd_octets() -> None:
    """A line of 100,000 octets, 8-bit octets, NUL and stuffed dots come through as they are."""
    desk = Desk()
    text = b"Subject: x\r\n\r\n" + b"y" * 100_000 + b"\r\n\xff\xfe\0\r\n..dot\r\n"
    with door(desk) as opened, Wire(opened.port) as wire:
        assert wire.data([b"support@example.org"], text + b".\r\n") == [b"250 2.0.0 recorded"]
    assert desk.mails[0][2] == text.replace(b"..dot", b".dot")


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r\n\0.\r\n", b"\n\r.\r\n"])
def test_no_mail_is_smuggled(end: bytes) -> None:
    """None of the sequences that some servers take for the end is one: all of it is one mail (CASES F11)."""
    desk = Desk()
    inner = b"MAIL FROM:<evil@example.be>\r\nRCPT TO:<support@example.org>\r\nDATA\r\nSubject: two\r\n\r\ntwo"
    with door(desk) as opened, Wire(opened.port) as wire:
        assert wire.data([b"support@example.org"], b"Subject: one\r\n\r\none" + end + inner + b"\r\n.\r\n") == [b"250 2.0.0 recorded"]
        assert wire.silent()
    assert len(desk.mails) == 1
    assert desk.mails[0][2].endswith(b"two\r\n")


def test_a_cut_before_the_dot_records_nothing() -> None:
    """A peer that hangs up before the final dot has sent no mail."""
    desk = Desk()
    with door(desk) as opened:
        with Wire(opened.port) as wire:
            wire.say(b"MAIL FROM:<jess@example.be>")
            wire.say(b"RCPT TO:<support@example.org>")
            wire.say(b"DATA")
            wire.socket.sendall(MAIL)
        with Wire(opened.port) as wire:
            assert wire.data([b"support@example.org"], b"Subject: two\r\n\r\n.\r\n") == [b"250 2.0.0 recorded"]
    assert [mail for _, _, mail in desk.mails] == [b"Subject: two\r\n\r\n"]


def test_a_probe_leaves_nothing_open() -> None:
    """A connection that is closed at once, as a health check does, does not stay open on our side."""
    with door(Desk()) as opened:
        for _ in range(20):
            socket.create_connection(("127.0.0.1", opened.port), 5).close()
        deadline = time.monotonic() + 5
        while opened._peers:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        with Wire(opened.port) as wire:
            assert wire.say(b"NOOP").startswith(b"250")


@pytest.mark.parametrize(
    "command",
    [b"MAIL FROM:<\xff\xfe@example.be>", b"RCPT TO:<\xff@example.org>", b'RCPT TO:<"\x01"@example.org>', b"RCPT TO:<(((((((((((((((>"],
)
def test_malformed_addresses(command: bytes) -> None:
    """Octets that are no text, control characters and nonsense are refused, and the connection goes on."""
    desk = Desk()
    with door(desk) as opened, Wire(opened.port) as wire:
        if command.startswith(b"RCPT"):
            wire.say(b"MAIL FROM:<jess@example.be>")
        assert wire.say(command)[:1] in {b"4", b"5"}
        wire.say(b"RSET")
        assert wire.data([b"support@example.org"], MAIL + b".\r\n") == [b"250 2.0.0 recorded"]


def test_only_lmtp() -> None:
    """EHLO and HELO are not understood: this is no SMTP server."""
    with door(Desk()) as opened, Wire(opened.port) as wire:
        assert wire.say(b"EHLO x").startswith(b"500")
        assert wire.say(b"HELO x").startswith(b"500")


def test_unix_socket(tmp_path: Path) -> None:
    """A unix socket has its permissions, replaces one that a dead process left, and goes with the door."""
    path, desk = tmp_path / "lmtp.sock", Desk()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with door(desk, f"unix:{path}"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with smtplib.LMTP(str(path), timeout=5) as client:
            client.sendmail("jess@example.be", ["support@example.org"], MAIL)
        with pytest.raises(OSError, match="listens"), door(Desk(), f"unix:{path}"):
            pass
        assert path.exists(), "the second door takes nothing from the first"
    assert not path.exists()
    assert len(desk.mails) == 1


def test_start_tells_what_is_wrong() -> None:
    """A taken port is an OSError, a meaningless address a ValueError."""
    with door(Desk()) as opened, pytest.raises(OSError, match="address already in use"), door(Desk(), f"127.0.0.1:{opened.port}"):
        pass
    for listen in ("nonsense", "host:", ":25", "host:port"):
        with pytest.raises(ValueError, match="listen"):
            LmtpDoor(listen, Desk().accept, Desk().record, LIMIT).start()


def test_stop_lets_a_record_end() -> None:
    """A mail that is being recorded when the door closes is recorded and answered; then nobody listens, and the door can open again."""
    desk = Desk()
    desk.delay = 0.3
    made = LmtpDoor("127.0.0.1:0", desk.accept, desk.record, LIMIT)
    made.start()
    with Wire(made.port) as wire:
        wire.say(b"MAIL FROM:<jess@example.be>")
        wire.say(b"RCPT TO:<support@example.org>")
        wire.say(b"DATA")
        wire.socket.sendall(MAIL + b".\r\n")
        time.sleep(0.1)
        made.stop()
        assert wire.reply() == b"250 2.0.0 recorded"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", made.port), 1)
    made.start()
    with Wire(made.port) as wire:
        assert wire.say(b"NOOP").startswith(b"250")
    made.stop()
    made.stop()


def test_too_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound a connection is told to come back, and the others go on."""
    monkeypatch.setattr(lmtp_module, "CONNECTIONS", 1)
    with door(Desk()) as opened, Wire(opened.port) as wire:
        with socket.create_connection(("127.0.0.1", opened.port), 5) as other, other.makefile("rb") as stream:
            assert stream.readline().startswith(b"421")
        assert wire.say(b"NOOP").startswith(b"250")


@pytest.mark.peers
def test_postfix_delivers_into_the_door(postfix: Postfix, dovecot: Dovecot) -> None:
    """A real Postfix delivers by LMTP: plus address and null sender arrive, a refused recipient makes a report, 451 is tried again."""
    desk, box = Desk(), dovecot.new_box()
    desk.fails = True
    context = ssl.create_default_context(cafile=str(postfix.ca_file))
    with door(desk, f"127.0.0.1:{postfix.door}"), smtplib.SMTP_SSL("localhost", postfix.smtps, context=context, timeout=10) as client:
        client.sendmail(box.user, ["support+t0ken@door.example.org"], MAIL)
        client.sendmail("", ["sales@door.example.org"], MAIL)
        deadline = time.monotonic() + 30
        while "said: 451" not in postfix.log():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        desk.fails = False
        while len(desk.mails) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    got = {recipients[0]: (sender, mail) for sender, recipients, mail in desk.mails}
    assert got["support+t0ken@door.example.org"][0] == box.user
    assert got["sales@door.example.org"][0] == ""
    assert b"Subject: Hello\r\n" in got["sales@door.example.org"][1]
