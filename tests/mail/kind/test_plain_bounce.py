"""Reports under ordinary names, answers of a session, and which address a report without fields is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.mail.inbound import Attachment, InboundMail
from gateway.mail.kind.bounce import ReportKind, kind_of_report, read_report
from gateway.mail.kind.plain_bounce import read_plain, says_nothing_else
from tests.mail.inbound_values import delivery_report, from_daemon, inbound

REPORT = """\
**********************************
Votre message n'a pas pu etre delivre a
nobody@example.be

**********************************
Your message could not be delivered to
nobody@example.be
"""
GATEWAY = """\
--- Non-Delivery Report ---
The email below could not be delivered to the following user:

"nobody@example.be" <nobody@example.be>

Old message:

Dear all, here are my notes. What do you think?
"""
SUBJECT = "RE: printer : non remis (delivery failed)"


def ordinary(text: str, subject: str = SUBJECT) -> InboundMail:
    """A mail under an ordinary name with an ordinary Return-Path."""
    return inbound(text, subject=subject)


@pytest.mark.parametrize(
    "text", [REPORT, GATEWAY, "Duplicated Message-ID in <list@example.org>.\n\nOriginal mail as follows:\n\n   Hello\n"]
)
def test_a_mail_that_says_nothing_but_a_failure_is_a_report(text: str) -> None:
    """Gateways of firms write under the name of an employee: no word in it is a person's, so none wrote it."""
    assert kind_of_report(ordinary(text)) is ReportKind.FAILED


def test_such_a_report_names_who_was_not_reached() -> None:
    """The recipient is the one that its sentences name."""
    for text in (REPORT, GATEWAY):
        report = read_report(ordinary(text))
        assert report is not None
        assert [(one.address, one.hard) for one in report.recipients] == [("nobody@example.be", True)]


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n" + REPORT,
        REPORT + "\nCan you help?\n",
        REPORT + "\nI get this since Monday.\n",
        "Bonjour\n" + REPORT,
        REPORT + "\nMerci\n",
        REPORT + "\nThe printer prints it all the same, and so does the one on the second floor of the building.\n",
        "My mail could not be delivered to\nnobody@example.be\n",
        "nobody@example.be\n",
        "Your message could not be delivered.\n",
        "",
    ],
)
def test_one_word_of_a_person_makes_it_a_persons(text: str) -> None:
    """Somebody who asks us about a report that he got must not be taken for one: his words would go unread."""
    assert kind_of_report(ordinary(text)) is ReportKind.NONE


@pytest.mark.parametrize("subject", ["printer", "Fwd: delivery failed", "TR: non remis", ""])
def test_the_subject_must_say_it_too(subject: str) -> None:
    """Without a subject of reports, or under one that forwards, the text alone is not enough."""
    assert kind_of_report(ordinary(REPORT, subject)) is ReportKind.NONE


def test_a_mail_with_html_or_a_file_is_a_persons() -> None:
    """Such gateways write plain text; programs of people do not."""
    assert kind_of_report(replace(ordinary(REPORT), html="<p>x</p>")) is ReportKind.NONE
    picture = Attachment("screen.png", "image/png", b"x", "0" * 64)
    assert kind_of_report(replace(ordinary(REPORT), attachments=(picture,))) is ReportKind.NONE


def test_a_report_of_many_lines_is_looked_at_no_longer() -> None:
    """Only a short text can be seen to say nothing else."""
    assert says_nothing_else(REPORT)
    assert not says_nothing_else(REPORT * 20)


def test_an_answer_in_a_transcript_is_the_reason_of_its_own_address_only() -> None:
    """What the server said of the next command belongs to the next recipient; lines of one answer stay together."""
    text = (
        "   ----- Transcript of session follows -----\n"
        "554 <slow@example.be>... Remote protocol error: Connection reset by peer\n"
        "550 example.invalid (smtp)... 550 Host unknown\n"
        "550-<gone@example.be>... The account\n"
        "550 is no more; user unknown\n"
        "421 mx.example.be (smtp)... Deferred\n"
    )
    reasons = {one.address: one.reason for one in read_plain(text, not_these=frozenset(), home="")}
    assert "Host unknown" not in reasons["slow@example.be"]
    assert "user unknown" in reasons["gone@example.be"]
    assert "Deferred" not in reasons["gone@example.be"]
    report = read_report(from_daemon(text))
    assert report is not None
    assert [(one.address, one.hard) for one in report.recipients] == [("slow@example.be", False), ("gone@example.be", True)]


def test_an_empty_status_part_leaves_the_word_to_the_header() -> None:
    """A report with no field in it is about X-Failed-Recipients, and not about whom the returned mail went to first."""
    mail = delivery_report("\n", text="** Message not delivered **\n\nThe response was:\n\nUnspecified error\n")
    field = replace(mail.headers[0], name="X-Failed-Recipients", value="team@example.be", decoded="team@example.be")
    report = read_report(replace(mail, headers=(*mail.headers, field)))
    assert report is not None
    assert [one.address for one in report.recipients] == ["team@example.be"]


def test_a_complaint_without_a_report_part_is_known_by_the_field_in_the_mail_that_it_returns() -> None:
    """One large programme writes so; the same subject without such a mail is a person's."""
    returned = "X-HmXmrOriginalRecipient: <jess@example.be>\nTo: undisclosed\nSubject: Printer\n\nHello\n"
    mail = inbound("", subject="complaint about message from 192.0.2.1", parts=(("message/rfc822", returned),))
    report = read_report(mail)
    assert kind_of_report(mail) is ReportKind.COMPLAINT
    assert report is not None
    assert [(one.address, one.hard) for one in report.recipients] == [("jess@example.be", False)]
    assert kind_of_report(inbound("", subject="complaint about message from 192.0.2.1")) is ReportKind.NONE
    assert (
        kind_of_report(inbound("", subject="FW: complaint about message from x", parts=(("message/rfc822", returned),))) is ReportKind.NONE
    )


def test_a_short_line_of_a_reports_words_says_nothing_of_a_persons() -> None:
    """A title such as "Failure notice" above or below the sentence is the machine's too; another one is somebody's."""
    assert says_nothing_else("Failure notice\n\n" + REPORT)
    assert not says_nothing_else("Printer\n\n" + REPORT)


def test_what_is_left_of_a_strange_address_must_still_be_one() -> None:
    """Dots and quotes around an address are stripped; where no local part remains, nobody is named."""
    text = "Your message could not be delivered to ..@example.be\nnor to '.@example.be\nnor to 'gone@example.be'.\n"
    assert [one.address for one in read_plain(text, not_these=frozenset(), home="")] == ["gone@example.be"]


def test_a_local_part_alone_needs_the_domain_of_the_report() -> None:
    """A list of bare names is completed by the domain of the server that wrote it; without one nobody is guessed."""
    text = "Your message could not be delivered to the following recipients:\n   jess\n   sam (mailbox unknown)\n"
    assert [one.address for one in read_plain(text, not_these=frozenset(), home="example.be")] == ["jess@example.be", "sam@example.be"]
    assert read_plain(text, not_these=frozenset(), home="") == ()


def test_of_a_giant_report_only_the_beginning_is_read() -> None:
    """Sixteen kilobytes say who was not reached; what stands below is not searched for more (CASES A3.14)."""
    text = "Your message could not be delivered to first@example.be\n" + "nothing more to say\n" * 2_000 + "nor to last@example.be\n"
    assert [one.address for one in read_plain(text, not_these=frozenset(), home="")] == ["first@example.be"]
