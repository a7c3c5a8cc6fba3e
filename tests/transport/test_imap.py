"""The IMAP session against a real Dovecot, and against a server that lies."""

from __future__ import annotations

import base64
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from gateway.transport.imap import (
    PART_BYTES,
    After,
    ImapAccount,
    ImapLoginError,
    ImapRefusedError,
    ImapSession,
    ImapTlsError,
    ImapUnavailableError,
    Quiet,
    Woken,
)
from gateway.transport.tls import Tls
from tests.peers.certificates import Authority
from tests.peers.dovecot import Box, Dovecot
from tests.peers.fake_imap import FakeImap

FLAG = "$Gateway"
LIMIT = 1 << 20


def account(server: Dovecot, box: Box) -> ImapAccount:
    """The account of a box, by TLS from the first octet."""
    return ImapAccount("localhost", server.imaps, Tls.IMPLICIT, box.user, box.password, server.ca_file)


def mail(number: int, text: str = "Hello") -> bytes:
    """A small mail."""
    return f"From: jess@example.be\r\nMessage-ID: <{number}@example.be>\r\nSubject: number {number}\r\n\r\n{text}\r\n".encode()


def lying(server: FakeImap, tls: Tls = Tls.NONE) -> ImapAccount:
    """The account at a fake server."""
    return ImapAccount("127.0.0.1", server.port, tls, "support@example.org", "secret", read_timeout=2)


@pytest.mark.peers
class TestDovecot:
    """What a real server does."""

    def test_fetch_gives_every_octet_and_marks_nothing_as_read(self, dovecot: Dovecot) -> None:
        """Mails come whole, with an aware time, in UID order, and stay unread."""
        box = dovecot.new_box()
        dovecot.deliver(box, *(mail(number) for number in range(120)))
        with ImapSession(account(dovecot, box)) as session:
            state = session.open("INBOX")
            assert state.uidnext == 121
            assert state.uidvalidity > 0
            uids = session.uids_after(0)
            assert uids == list(range(1, 121))
            mails = list(session.fetch(uids, LIMIT))
            assert [each.uid for each in mails] == uids
            assert all(each.raw is not None and each.raw.endswith(mail(number)) for number, each in enumerate(mails))
            assert all(each.whole and each.size == len(each.raw or b"") for each in mails)
            assert abs(mails[0].received_at - datetime.now(UTC)) < timedelta(minutes=1)
            assert session.missing == set()
            assert session.uids_after(120) == []
        assert dovecot.doveadm("search", "-u", box.user, "mailbox", "INBOX", "SEEN") == ""

    def test_clear_text_tls_and_starttls_reach_the_same_box(self, dovecot: Dovecot) -> None:
        """Each way of securing logs in; TLS knows when the certificate ends."""
        box = dovecot.new_box()
        implicit = account(dovecot, box)
        for way in (implicit, replace(implicit, port=dovecot.imap, tls=Tls.STARTTLS)):
            with ImapSession(way) as session:
                assert session.certificate_ends is not None
                assert timedelta(days=1) < session.certificate_ends - datetime.now(UTC) < timedelta(days=3)
        with ImapSession(replace(implicit, host="127.0.0.1", port=dovecot.imap, tls=Tls.NONE)) as session:
            assert session.certificate_ends is None

    def test_untrusted_certificate_is_refused(self, dovecot: Dovecot) -> None:
        """A certificate of an authority that we do not trust ends before any password, implicitly and with STARTTLS."""
        box = dovecot.new_box()
        stranger = replace(account(dovecot, box), ca_file=None)
        logins = dovecot.log().count(f"Login: user=<{box.user}>")
        for way in (stranger, replace(stranger, port=dovecot.imap, tls=Tls.STARTTLS)):
            with pytest.raises(ImapTlsError, match="not trusted"), ImapSession(way):
                pass
        assert dovecot.log().count(f"Login: user=<{box.user}>") == logins

    def test_unreadable_ca_file_is_for_the_operator(self, dovecot: Dovecot, tmp_path: Path) -> None:
        """A CA file that is not there is a TLS error, not a peer to retry."""
        with pytest.raises(ImapTlsError), ImapSession(replace(account(dovecot, dovecot.new_box()), ca_file=tmp_path / "no.pem")):
            pass

    def test_clear_text_port_with_implicit_tls(self, dovecot: Dovecot) -> None:
        """TLS to a port that speaks clear text is a TLS error."""
        with pytest.raises(ImapTlsError), ImapSession(replace(account(dovecot, dovecot.new_box()), port=dovecot.imap)):
            pass

    def test_wrong_password_is_for_the_operator(self, dovecot: Dovecot) -> None:
        """A refused login is its own error, and does not show the password."""
        with (
            pytest.raises(ImapLoginError) as caught,
            ImapSession(replace(account(dovecot, dovecot.new_box()), password="wrong word")),
        ):
            pass
        assert "wrong word" not in str(caught.value)

    def test_a_password_may_have_any_letters(self, dovecot: Dovecot) -> None:
        """Quotes, backslashes and letters outside ASCII log in."""
        box = Box("odd.letters@example.org", 'é"\\ {5}')
        dovecot.add(box)
        with ImapSession(account(dovecot, box)) as session:
            assert session.open("INBOX").uidnext == 1

    def test_nobody_listens(self, dovecot: Dovecot) -> None:
        """A refused connection is the peer's."""
        with pytest.raises(ImapUnavailableError), ImapSession(replace(account(dovecot, dovecot.new_box()), port=1)):
            pass

    def test_idle_wakes_and_time_ends_it(self, dovecot: Dovecot) -> None:
        """A mail wakes the wait; without one it is quiet after the seconds asked for."""
        box = dovecot.new_box()
        with ImapSession(account(dovecot, box)) as session:
            session.open("INBOX")
            began = time.monotonic()
            assert isinstance(session.wait(0.3), Quiet)
            assert 0.25 < time.monotonic() - began < 2
            timer = threading.Timer(0.2, dovecot.deliver, (box, mail(1)))
            timer.start()
            assert isinstance(session.wait(10), Woken)
            timer.join()
            assert session.uids_after(0) == [1]

    def test_stop_ends_the_wait(self, dovecot: Dovecot) -> None:
        """The stop event ends an IDLE within a second."""
        stop = threading.Event()
        with ImapSession(account(dovecot, dovecot.new_box()), stop=stop) as session:
            session.open("INBOX")
            timer = threading.Timer(0.2, stop.set)
            timer.start()
            began = time.monotonic()
            assert isinstance(session.wait(30), Quiet)
            assert time.monotonic() - began < 1.5
            timer.join()

    def test_dead_idle_is_noticed(self, dovecot: Dovecot) -> None:
        """A connection that dies while idle is an error, not endless silence (CASES B17)."""
        box = dovecot.new_box()
        with ImapSession(account(dovecot, box)) as session:
            session.open("INBOX")
            timer = threading.Timer(0.2, dovecot.doveadm, ("kick", box.user))
            timer.start()
            began = time.monotonic()
            with pytest.raises(ImapUnavailableError):
                session.wait(30)
            assert time.monotonic() - began < 5
            timer.join()

    def test_kick_in_the_middle_of_a_fetch(self, dovecot: Dovecot) -> None:
        """What came before the cut is good; the error names the mails that were being fetched (CASES B16)."""
        box = dovecot.new_box()
        dovecot.deliver(box, *(mail(number, "x" * 200_000) for number in range(40)))
        with ImapSession(account(dovecot, box)) as session:
            session.open("INBOX")
            coming = session.fetch(session.uids_after(0), LIMIT)
            good = [next(coming)]
            dovecot.doveadm("kick", box.user)
            with pytest.raises(ImapUnavailableError) as caught:
                good.extend(coming)
            assert all(each.whole and each.raw is not None and each.raw.endswith(b"x\r\n") for each in good)
            assert caught.value.uids
            assert min(caught.value.uids) == good[-1].uid + 1

    def test_expunged_mail_is_missing_not_empty(self, dovecot: Dovecot) -> None:
        """A mail that vanished since the search is not yielded and not counted as an empty one (CASES B20)."""
        box = dovecot.new_box()
        dovecot.deliver(box, mail(1), mail(2), mail(3))
        with ImapSession(account(dovecot, box)) as session:
            session.open("INBOX")
            uids = session.uids_after(0)
            dovecot.doveadm("expunge", "-u", box.user, "mailbox", "INBOX", "uid", "2")
            session.client.noop()
            assert [each.uid for each in session.fetch(uids, LIMIT)] == [1, 3]
            assert session.missing == {2}
            assert session.empty == set()

    def test_oversized_mail_comes_by_its_beginning(self, dovecot: Dovecot) -> None:
        """Above the limit only the beginning is fetched; its neighbours come whole (CASES B44)."""
        box = dovecot.new_box()
        dovecot.deliver(box, mail(1), mail(2, ("y" * 70 + "\r\n") * 30_000), mail(3))
        with ImapSession(account(dovecot, box)) as session:
            session.open("INBOX")
            small, large, last = session.fetch(session.uids_after(0), LIMIT)
            assert (small.whole, large.whole, last.whole) == (True, False, True)
            assert large.size > 2_000_000
            assert large.raw is not None
            assert len(large.raw) == PART_BYTES
            assert b"Subject: number 2\r\n" in large.raw

    def test_a_mail_fetched_alone_is_the_same(self, dovecot: Dovecot) -> None:
        """A suspect comes after the others, whole when it is within the limit and cut when not."""
        box = dovecot.new_box()
        dovecot.deliver(box, mail(1), mail(2))
        with ImapSession(account(dovecot, box)) as session:
            session.open("INBOX")
            honest = {each.uid: each for each in session.fetch([1, 2], LIMIT)}
            alone = list(session.fetch([1, 2], LIMIT, alone={1}))
            assert [each.uid for each in alone] == [2, 1]
            assert {each.uid: each for each in alone} == honest
            size = honest[1].size
            assert next(session.fetch([1], size, alone={1})).whole
            assert not next(session.fetch([1], size - 1, alone={1})).whole

    def test_flag(self, dovecot: Dovecot) -> None:
        """Flagging leaves the mails where they are, unread, and they count as settled."""
        box = dovecot.new_box()
        dovecot.deliver(box, mail(1), mail(2), mail(3))
        with ImapSession(account(dovecot, box)) as session:
            assert session.open("INBOX", write=True).keywords
            session.settle([1, 2], After.FLAG, flag=FLAG)
            assert session.unsettled(3, After.FLAG, FLAG) == [3]
            assert session.unsettled(3, After.FLAG, "\\Seen") == [1, 2, 3]
            session.settle([3], After.LEAVE, flag=FLAG)
            assert session.unsettled(3, After.LEAVE, FLAG) == []
            assert session.unsettled(0, After.FLAG, FLAG) == []

    def test_move_makes_the_folder(self, dovecot: Dovecot) -> None:
        """Moving makes a missing folder, whatever its name, and takes exactly the mails named."""
        box = dovecot.new_box()
        dovecot.deliver(box, mail(1), mail(2), mail(3))
        with ImapSession(account(dovecot, box)) as session:
            session.open("INBOX", write=True)
            session.settle([1, 3], After.MOVE, flag=FLAG, folder="Traité/Réglé")
            assert session.uids_after(0) == [2]
            assert session.unsettled(3, After.MOVE, FLAG) == [2]
            assert session.open("Traité/Réglé").uidnext == 3

    def test_uids_since(self, dovecot: Dovecot) -> None:
        """The server's own date of arrival decides."""
        box = dovecot.new_box()
        dovecot.deliver(box, mail(2))
        with IMAPClient("127.0.0.1", dovecot.imap, ssl=False, timeout=5) as old:
            old.login(box.user, box.password)
            old.append("INBOX", mail(1), msg_time=datetime(2020, 5, 17, 12, tzinfo=UTC))
        with ImapSession(account(dovecot, box)) as session:
            session.open("INBOX")
            assert session.uids_since(date(2021, 1, 1)) == [1]
            assert session.uids_since(date(2020, 5, 17)) == [1, 2]

    def test_unknown_folder_is_refused(self, dovecot: Dovecot) -> None:
        """A folder that is not there is a refusal; the session goes on."""
        with ImapSession(account(dovecot, dovecot.new_box())) as session:
            with pytest.raises(ImapRefusedError, match="Nowhere"):
                session.open("Nowhere")
            assert session.open("INBOX").uidnext == 1


class TestSecrets:
    """No credential is sent where the connection is not what was configured (CASES A2.11)."""

    @pytest.mark.parametrize(
        ("tls", "script"),
        [
            (Tls.STARTTLS, {}),
            (Tls.STARTTLS, {"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%t OK done\r\n", "STARTTLS": b"%t NO not today\r\n"}),
            (Tls.STARTTLS, {"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%t OK done\r\n", "STARTTLS": b"%t BAD what\r\n"}),
            (Tls.STARTTLS, {"*": b"* PREAUTH welcome\r\n", "CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%t OK done\r\n"}),
            (Tls.NONE, {"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%t OK done\r\n"}),
        ],
        ids=["not offered", "refused", "not understood", "preauth", "login disabled"],
    )
    def test_nothing_goes_out_in_clear(self, tls: Tls, script: dict[str, bytes]) -> None:
        """Each way of stripping STARTTLS is a TLS error, and neither user nor password was on the wire."""
        with FakeImap(script) as server:
            with pytest.raises(ImapTlsError), ImapSession(lying(server, tls)):
                pass
            wire = b"\n".join(server.lines)
        assert b"LOGIN" not in wire
        assert b"AUTHENTICATE" not in wire
        assert b"secret" not in wire
        assert base64.b64encode(b"\0support@example.org\0secret") not in wire

    @pytest.mark.parametrize("fault", ["expired", "other name"])
    def test_a_wrong_certificate_of_a_trusted_authority(self, authority: Authority, fault: str) -> None:
        """An expired certificate, and one for another host, are no certificates (CASES B46)."""
        name = "DNS:mail.example.be" if fault == "other name" else "DNS:localhost"
        made = authority.issue(fault.replace(" ", "-"), [name], expired=fault == "expired")
        with FakeImap(certificate=made) as server:
            account = replace(lying(server), host="localhost", tls=Tls.IMPLICIT, ca_file=authority.ca_file)
            with pytest.raises(ImapTlsError, match="certificate"), ImapSession(account):
                pass
            assert server.lines == []

    def test_no_tls_is_for_this_machine(self) -> None:
        """Clear text to another machine is refused before a connection is made."""
        there = ImapAccount("192.0.2.1", 143, Tls.NONE, "support@example.org", "secret")
        with pytest.raises(ImapTlsError, match="this machine"), ImapSession(there):
            pass

    def test_password_is_not_shown(self) -> None:
        """The account's repr holds no password."""
        assert "hush" not in repr(ImapAccount("localhost", 143, Tls.NONE, "support", "hush"))


class TestLyingServer:
    """What a broken or hostile server does."""

    @pytest.mark.parametrize("body", [b"NIL", b'""', b"{0}\r\n"], ids=["nil", "empty string", "empty literal"])
    def test_no_body_is_not_an_empty_mail(self, body: bytes) -> None:
        """A mail that is announced and comes without a body is not yielded, and is named (CASES B21)."""
        script = {
            "UID FETCH": b'* 1 FETCH (UID 1 RFC822.SIZE 400 INTERNALDATE "17-May-2020 12:00:00 +0000" BODY[] '
            + body
            + b")\r\n%t OK done\r\n",
        }
        with FakeImap(script) as server, ImapSession(lying(server)) as session:
            session.open("INBOX")
            assert list(session.fetch([1], LIMIT)) == []
            assert session.missing == {1}
            assert session.empty == {1}

    @pytest.mark.parametrize("size", [1_500_000_000, LIMIT + (1 << 21)])
    def test_a_literal_beyond_what_was_announced_is_refused(self, size: int) -> None:
        """The announced size decides how much is read, and the error names the mail (CASES B45)."""
        script = {
            "UID FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE 400)\r\n%t OK done\r\n",
            "BODY": b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % size,
        }
        with FakeImap(script) as server, ImapSession(lying(server)) as session:
            session.open("INBOX")
            with pytest.raises(ImapUnavailableError, match="refused") as caught:
                list(session.fetch([1], LIMIT))
            assert caught.value.uids == (1,)

    def test_news_during_another_command_is_not_lost(self) -> None:
        """An EXISTS that came with the answer to another command wakes the next wait at once."""
        with FakeImap({"UID STORE": b"* 2 EXISTS\r\n%t OK done\r\n"}) as server, ImapSession(lying(server)) as session:
            session.open("INBOX", write=True)
            session.settle([1], After.FLAG, flag=FLAG)
            began = time.monotonic()
            assert isinstance(session.wait(5), Woken)
            assert time.monotonic() - began < 1

    def test_news_before_the_continuation_of_idle(self) -> None:
        """An EXISTS between IDLE and its continuation is news, not a protocol error."""
        with FakeImap({"IDLE": b"* 2 EXISTS\r\n+ idling\r\n"}) as server, ImapSession(lying(server)) as session:
            session.open("INBOX")
            assert isinstance(session.wait(5), Woken)

    @pytest.mark.parametrize("last", [b"* BYE going down\r\n", b"* 1 FETCH (UI"], ids=["bye", "half a line"])
    def test_goodbye_while_idle(self, last: bytes) -> None:
        """A BYE, and half a line, end the wait with an error in seconds."""
        with FakeImap({"IDLE": b"+ idling\r\n" + last, "DONE": None}) as server, ImapSession(lying(server)) as session:
            session.open("INBOX")
            began = time.monotonic()
            with pytest.raises(ImapUnavailableError):
                session.wait(20)
            assert time.monotonic() - began < 5

    def test_server_without_idle_is_waited_for(self) -> None:
        """Without IDLE the wait is the time asked for, and a NOOP lets the server show what is new."""
        with (
            FakeImap({"CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n%t OK done\r\n"}) as server,
            ImapSession(lying(server)) as session,
        ):
            session.open("INBOX")
            assert isinstance(session.wait(0.1), Quiet)
            assert server.lines[-1].endswith(b"NOOP")

    def test_a_login_that_drops_is_the_peers_fault(self) -> None:
        """A connection cut while logging in, and RFC 5530's UNAVAILABLE, say nothing against the password."""
        for answer in (None, b"%t NO [UNAVAILABLE] database away\r\n"):
            with FakeImap({"PASSWORD": answer}) as server, pytest.raises(ImapUnavailableError), ImapSession(lying(server)):
                pass
        with (
            FakeImap({"PASSWORD": b"%t NO [AUTHENTICATIONFAILED] no\r\n"}) as server,
            pytest.raises(ImapLoginError),
            ImapSession(lying(server)),
        ):
            pass

    def test_login_quotes_both_words(self) -> None:
        """Without AUTH=PLAIN the LOGIN command quotes user and password; a line break in either goes nowhere."""
        script = {"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%t OK done\r\n"}
        with FakeImap(script) as server, ImapSession(replace(lying(server), user='ORG\\jess "x"', password="a b")):
            assert server.lines[1].endswith(b'LOGIN "ORG\\\\jess \\"x\\"" "a b"')
        with FakeImap(script) as server, pytest.raises(ImapLoginError), ImapSession(replace(lying(server), password="a\r\nx LOGOUT")):
            pass

    def test_refused_store_is_not_the_end(self) -> None:
        """NO to a STORE is a refusal of its own kind, and the session goes on (CASES B58)."""
        with FakeImap({"UID STORE": b"%t NO [OVERQUOTA] full\r\n"}) as server, ImapSession(lying(server)) as session:
            session.open("INBOX", write=True)
            with pytest.raises(ImapRefusedError, match="OVERQUOTA"):
                session.settle([1], After.FLAG, flag=FLAG)
            server.script["UID SEARCH"] = b"* SEARCH 1 2\r\n%t OK done\r\n"
            assert session.uids_after(0) == [1, 2]

    def test_a_folder_that_cannot_be_made_means_a_flag(self) -> None:
        """Where the folder is missing and may not be made, the mail is flagged and stays (CASES B57)."""
        with FakeImap({"CREATE": b"%t NO [NOPERM] no\r\n", "LIST": b"%t OK done\r\n"}) as server, ImapSession(lying(server)) as session:
            session.open("INBOX", write=True)
            session.settle([1], After.MOVE, flag=FLAG, folder="Processed")
            wire = b"\n".join(server.lines)
        assert b"UID STORE 1 +FLAGS.SILENT ($Gateway)" in wire
        assert b"MOVE" not in wire

    def test_nonsense_is_unavailable(self) -> None:
        """An answer that is no IMAP is the peer's failure, not a crash of ours."""
        for nonsense in (
            b"* 1 FETCH (UID 1 RFC822.SIZE (((((\r\n%t OK done\r\n",
            b"* 1 FETCH (UID x)\r\n%t OK done\r\n",
            b"HTTP/1.1 400\r\n",
        ):
            with FakeImap({"UID FETCH": nonsense}) as server, ImapSession(lying(server)) as session:
                session.open("INBOX")
                with pytest.raises(ImapUnavailableError):
                    session.sizes([1])

    def test_a_long_answer_to_a_search(self) -> None:
        """A mailbox of 300,000 mails has an answer longer than imaplib's own limit."""
        uids = b" ".join(b"%d" % uid for uid in range(1, 300_001))
        with FakeImap({"UID SEARCH": b"* SEARCH " + uids + b"\r\n%t OK done\r\n"}) as server, ImapSession(lying(server)) as session:
            session.open("INBOX")
            assert len(session.uids_after(0)) == 300_000
