"""One mail, understood, and the contract of `gateway explain --json`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.mail.inbound import Verdict
from gateway.mail.understand import Context, as_json, understand

CONTEXT = Context(
    authserv_ids=frozenset(),
    own_addresses=frozenset({"support@example.be"}),
    own_markers=(),
    size_limit=1_000_000,
    is_own_message_id=lambda _ident: False,
    is_own_loop=lambda _value: False,
)
KEYS = {
    *(
        "file",
        "message_id",
        "subject",
        "from",
        "to",
        "cc",
        "date",
        "verdict",
        "rules",
        "may_answer",
        "text",
        "reply",
        "quoted",
        "signature",
    ),
    *("html", "attachments", "bounce", "forward", "in_reply_to", "references", "defects"),
}
REPLY = (
    b"From: Jess Martin <jess@example.org>\nTo: support@example.be\nSubject: %s\nDate: Tue, 24 Nov 2026 10:12:00 +0100\n"
    b"Message-ID: <2@example.org>\n%s\nIt works now.\n\nOn Mon, 23 Nov 2026 at 10:00, Support wrote:\n> Please restart it.\n\n-- \nJess\n"
)


def test_a_reply_is_trimmed_and_a_new_mail_only_loses_its_signature() -> None:
    """What looks like a quotation is cut from a reply alone; a new mail keeps it and loses what stands below "-- "."""
    reply = understand(REPLY % (b"printer", b"In-Reply-To: <1@example.be>\n"), CONTEXT)
    assert (reply.trimmed.reply.strip(), reply.classified.verdict) == ("It works now.", Verdict.HUMAN)
    assert "Please restart it." in reply.trimmed.quoted
    fresh = understand(REPLY % (b"printer", b""), CONTEXT)
    assert "Please restart it." in fresh.trimmed.reply
    assert fresh.trimmed.signature.strip() == "Jess" or fresh.trimmed.signature.endswith("Jess")


@pytest.mark.parametrize("subject", ["Re: printer", "AW: printer", "SV: printer", "Antw: printer", "RE[2]: printer", "[SUP-1] Re: printer"])
def test_a_subject_can_say_that_a_mail_is_a_reply(subject: str) -> None:
    """Without In-Reply-To the usual prefixes, in several languages, make a mail a reply."""
    assert understand(REPLY % (subject.encode(), b""), CONTEXT).trimmed.reply.strip() == "It works now."


def test_the_answer_keeps_the_contract() -> None:
    """All keys that the contract names are there, of plain types, with addresses, files and dates written out."""
    raw = REPLY % (b"printer", b'Content-Type: multipart/mixed; boundary="a"\n')
    raw += b"--a\nContent-Type: text/html\n\n<p onclick=x>hi</p>\n--a\nContent-Type: application/pdf; name=a.pdf\n\nx\n--a--\n"
    answer = as_json("mail.eml", understand(raw, CONTEXT))
    assert set(answer) >= KEYS
    assert answer["from"] == {"name": "Jess Martin", "address": "jess@example.org"}
    assert answer["to"] == [{"name": "", "address": "support@example.be"}]
    assert (answer["date"], answer["html"], answer["bounce"], answer["forward"]) == ("2026-11-24T10:12:00+01:00", "<p>hi</p>", None, None)
    assert set(answer["attachments"][0]) == {"filename", "content_type", "size", "sha256", "inline", "content_id"}
    assert json.loads(json.dumps(answer)) == answer


def test_a_doubtful_sender_is_shown_with_a_defect() -> None:
    """`from` shows the claimed address of a mail that is nobody's, and the defects say so."""
    answer = as_json("x", understand(b"From: agent@example.be <evil@example.org>\n\nx", CONTEXT))
    assert answer["from"]["address"] == "evil@example.org"
    assert "from-malformed" in answer["defects"]


def test_a_bounce_names_its_recipients() -> None:
    """A delivery report is answered with each recipient, hard or soft, and its status."""
    raw = (
        b"From: MAILER-DAEMON@example.org\nTo: support@example.be\nSubject: failed\nReturn-Path: <>\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n"
        b"--a\n\nsorry\n--a\nContent-Type: message/delivery-status\n\n"
        b"Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; gone@example.org\nAction: failed\nStatus: 5.1.1\n--a--\n"
    )
    answer = as_json("x", understand(raw, CONTEXT))
    assert answer["verdict"] == "bounce"
    assert answer["bounce"]["recipients"] == [{"address": "gone@example.org", "hard": True, "status": "5.1.1"}]


_PIECES = [
    b"\n",
    b"\r\n",
    b"Re: ",
    b"From: ",
    b"> ",
    b"--\n",
    b"-- \n",
    b"On x wrote:\n",
    b"Subject: =?utf-8?b?7aCA?=\n",
    b"\xff",
    b"\xed\xa0\x80",
    b"<p>",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.binary(max_size=20)), max_size=30).map(b"".join))
def test_any_bytes_are_understood_and_can_be_written(raw: bytes) -> None:
    """Whatever comes in, all steps come to an end and their answer can be written as UTF-8."""
    answer = as_json("x\udcff", understand(raw, CONTEXT))
    json.dumps(answer, ensure_ascii=False).encode("utf-8")


# --- the command --------------------------------------------------------------------------------------------------------------------------


def test_explain_answers_each_file_and_goes_on_after_a_missing_one(tmp_path: Path) -> None:
    """One JSON line for each mail in order; a name that is neither file nor mail is told on stderr, exit 4."""
    first, second = tmp_path / "a.eml", tmp_path / "b.eml"
    first.write_bytes(REPLY % (b"one", b""))
    second.write_bytes(b"\xff\xfe\0")
    result = CliRunner().invoke(app, ["explain", "--json", str(first), str(tmp_path / "missing.eml"), str(second)])
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == [str(first), str(second)]
    assert (result.exit_code, "missing.eml" in result.stderr) == (4, True)


def test_explain_reads_standard_input_for_people() -> None:
    """`-` is standard input; without --json the answer is a layout that a person reads."""
    result = CliRunner().invoke(app, ["explain", "-"], input=REPLY % (b"Re: printer", b""))
    assert result.exit_code == 0
    assert "Jess Martin <jess@example.org>" in result.stdout
    assert "It works now." in result.stdout


def test_a_forward_names_its_author_and_both_texts() -> None:
    """Who reads the answer sees whose request an agent would make of it."""
    raw = (
        b"From: anna@example.be\nTo: support@example.be\nSubject: Fwd: printer\n\nPlease take this one.\n\n"
        b"---------- Forwarded message ---------\nFrom: Ann Citizen <ann@example.org>\nDate: Tue, 24 Nov 2026 09:00\n"
        b"Subject: printer\nTo: anna@example.be\n\nIt burns.\n"
    )
    forward = as_json("x", understand(raw, CONTEXT))["forward"]
    assert forward["from"] == {"name": "Ann Citizen", "address": "ann@example.org"}
    assert (forward["subject"], forward["date"]) == ("printer", "Tue, 24 Nov 2026 09:00")
    assert (forward["note"], forward["text"]) == ("Please take this one.", "It burns.")


@pytest.mark.parametrize(
    "quoted",
    [
        "Please tick the box that says that you are not a robot.",
        "I am out of the office until Monday.",
        "This is an automatically generated message.",
    ],
)
def test_what_a_person_quotes_makes_no_machine_of_him(quoted: str) -> None:
    """A customer whose mail program quotes our answer is heard, whatever our answer said: only his own words say what he is."""
    raw = (
        "From: Jess Martin <jess@example.org>\nTo: support@example.be\nSubject: Re: Automatic reply: printer\nMessage-ID: <2@example.org>\n"
        "In-Reply-To: <1@example.be>\n\nIt does not work.\n\nFrom: Support <support@example.be>\nSent: Monday, 23 November 2026 10:00\n"
        f"To: Jess Martin\nSubject: printer\n\n{quoted}\n"
    )
    understood = understand(raw.encode(), CONTEXT)
    assert "It does not work." == understood.trimmed.reply
    assert Verdict.HUMAN is understood.classified.verdict
