"""`gateway explain`: files are read, names are looked up, and the story of a mail is whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.domain.delivery import Deferred, Sent
from tests.cli.installation import Installation


@pytest.fixture
def desk(gateway: Installation) -> Installation:
    """SUP-1 of Jess, whose acknowledgement was greylisted once."""
    gateway.hire("anna")
    gateway.wire.answer = lambda to: Deferred("rcpt", 451, "4.7.1 greylisted", "greylisted") if "jess" in to else Sent("250 ok")
    gateway.receive(gateway.raw())
    gateway.send()
    gateway.wire.answer = lambda _: Sent("250 2.0.0 taken as 4F2")
    gateway.good("outbox", "retry", "--all")
    gateway.send()
    return gateway


@pytest.mark.parametrize("name", ["SUP-1", "sup-1", "<mail-1@commune.example>", "mail-1@commune.example", "i-1", "I-1"])
def test_the_story_of_a_mail(desk: Installation, name: str) -> None:
    """Door, verdict with its rule, match, effect, mails with each answer of the other side; by every name that it has."""
    out = desk.good("explain", name).out
    for expected in (
        "i-1  The printer is on fire\n",
        " from       jess@commune.example\n",
        " by imap, main/INBOX uid ",
        " verdict    human, by rule human\n",
        " match      no-thread\n",
        " became     ticket, ticket SUP-1, comment 1\n",
        "  opened as open, by mail\n",
        " → o-1 request_received to jess@commune.example: sent\n",
        "  deferred at rcpt: 451 4.7.1 greylisted\n",
        "  sent: 250 2.0.0 taken as 4F2\n",
    ):
        assert expected in out, out
    assert out.index("greylisted") < out.index("4F2")


def test_a_mail_of_ours(desk: Installation) -> None:
    """By its number, or by the Message-ID that the customer sees."""
    message_id = desk.good("outbox", "show", "o-1", "--json").data["message_id"]
    for name in ("o-1", message_id):
        assert desk.good("explain", name).out.startswith(" → o-1 request_received to jess@commune.example: sent\n")


def test_mails_that_no_mail_set_in_motion(desk: Installation) -> None:
    """An answer from the command line is in the ticket's story too."""
    desk.good("ticket", "comment", "SUP-1", "Take the stairs.")
    out = desk.good("explain", "SUP-1").out
    assert "not set in motion by a mail\n → o-3 comment to jess@commune.example: queued" in out


def test_mails_that_wait(gateway: Installation) -> None:
    """One that is not worked on yet, and one that is parked, say what they wait for."""
    gateway.config.write_text(gateway.config.read_text().replace('language = "en"', 'language = "en"\nsender_policy = "known-senders"'))
    gateway.good("ingest", stdin=gateway.raw())
    out = gateway.good("explain", "i-1").out
    assert "i-1  subject not read\n" in out
    assert " became     waits for the running gateway\n" in out
    gateway.work()
    assert " became     parked: sender-unknown; waits for you: `gateway parked show i-1` (1 try)\n" in gateway.good("explain", "i-1").out


def test_every_silence_has_its_name(desk: Installation) -> None:
    """A mail that was not written is told with the reason."""
    desk.receive(desk.raw(subject="Again"))
    assert "no request_received mail to jess@commune.example: " in desk.good("explain", "SUP-2").out


def test_json_is_a_line_for_each_name(desk: Installation, tmp_path: Path) -> None:
    """Files and names may be mixed; times are UTC."""
    file = tmp_path / "mail.eml"
    file.write_bytes(desk.raw(subject="In a file"))
    out = desk.good("explain", "--json", "SUP-1", str(file), "o-1").out
    life, read, sent = (json.loads(line) for line in out.splitlines())
    assert life["lives"][0]["ticket"] == "SUP-1"
    assert life["lives"][0]["received_at"].endswith("+00:00")
    assert read["subject"] == "In a file"
    assert sent["sendings"][0]["state"] == "sent"


def test_a_file_needs_no_config(desk: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`gateway explain mail.eml` works on any machine; so does standard input. A name needs one."""
    monkeypatch.chdir(tmp_path)
    desk.config.write_text("broken")
    Path("SUP-7").write_bytes(desk.raw(subject="A file that is called like a ticket"))
    assert "A file that is called like a ticket" in desk.good("explain", "SUP-7").out
    assert "piped" in desk.good("explain", "-", stdin=desk.raw(subject="piped")).out
    assert desk("explain", "SUP-1").code == 78


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nonsense", "is neither a file nor a name"),
        ("gone.eml", "is neither a file nor a name"),
        ("SUP-99", "the database knows nothing by this name"),
        ("x@y.example", "the database knows nothing by this name"),
        ("<" + "x" * 900 + "@y.example>", "the database knows nothing by this name"),
        ("i-99", "the database knows nothing by this name"),
    ],
)
def test_what_is_neither_is_4(desk: Installation, name: str, said: str) -> None:
    """Said for this one; the others are explained all the same."""
    answer = desk("explain", name, "SUP-1")
    assert answer.code == 4
    assert said in answer.err
    assert "The printer is on fire" in answer.out


def test_a_folder_is_no_mail(desk: Installation, tmp_path: Path) -> None:
    """Exit 1 and the reason."""
    answer = desk("explain", str(tmp_path))
    assert answer.code == 1
    assert "directory" in answer.err
