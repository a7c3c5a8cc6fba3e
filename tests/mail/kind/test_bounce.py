"""Delivery reports: who was not reached, for ever or for now, and which mail of ours came back."""

from __future__ import annotations

import json

import pytest

from gateway.mail.inbound import InboundMail
from gateway.mail.kind.bounce import ReportKind, is_hard, kind_of_report, read_report
from gateway.mail.kind.delivery_status import address_in, status_fields
from tests.growth import assert_within
from tests.mail.inbound_values import delivery_report, from_daemon, inbound


def recipients(mail: InboundMail) -> list[tuple[str, bool]]:
    """The addresses of a report, each with whether it is hard."""
    report = read_report(mail)
    assert report is not None
    return [(one.address, one.hard) for one in report.recipients]


# --- RFC 3464 -----------------------------------------------------------------------------------------------------------------------------

POSTFIX = """\
Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 2 Feb 2026 10:00:00 +0100

Final-Recipient: rfc822; nobody@example.be
Original-Recipient: rfc822;Jess.Old@example.be
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <nobody@example.be>:
    Recipient address rejected: User unknown

Final-Recipient: rfc822; slow@example.be
Action: delayed
Status: 4.4.1
"""


def test_each_recipient_of_a_report_is_read_with_both_its_addresses() -> None:
    """Final and original address are given, folded values are joined, and one recipient's delay does not soften the other's failure."""
    assert recipients(delivery_report(POSTFIX)) == [("nobody@example.be", True), ("jess.old@example.be", True), ("slow@example.be", False)]


def test_status_and_diagnostic_are_kept_as_the_report_says_them() -> None:
    """What an operator reads is what the other server wrote."""
    report = read_report(delivery_report(POSTFIX))
    assert report is not None
    assert report.recipients[0].status == "5.1.1"
    assert "User unknown" in report.recipients[0].diagnostic


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", ReportKind.FAILED),
        ("Failed (bad destination)", "5.0.0", ReportKind.FAILED),
        ("failed", "4.4.7", ReportKind.FAILED),
        ("delayed", "4.4.1", ReportKind.DELAYED),
        ("Delayed", "4.0.0", ReportKind.DELAYED),
        ("delivered", "2.1.5", ReportKind.DELIVERED),
        ("relayed", "2.0.0", ReportKind.DELIVERED),
        ("expanded", "2.0.0", ReportKind.DELIVERED),
        ("expired", "4.4.7", ReportKind.FAILED),
    ],
)
def test_the_action_says_what_kind_of_report_it_is(action: str, status: str, kind: ReportKind) -> None:
    """Only delayed is a delay, good news is no bounce, and a failure with a 4.x.x status is a failure."""
    mail = delivery_report(f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.be\nAction: {action}\nStatus: {status}\n")
    assert kind_of_report(mail) is kind


def test_good_news_names_nobody() -> None:
    """A notice of success is no bounce report."""
    assert read_report(delivery_report("Final-Recipient: rfc822; a@example.be\nAction: delivered\nStatus: 2.0.0\n")) is None


def test_a_report_with_both_news_names_only_who_was_not_reached() -> None:
    """A recipient that was reached is not among the bounced ones."""
    fields = (
        "Final-Recipient: rfc822; ok@example.be\nAction: relayed\n\nFinal-Recipient: rfc822; no@example.be\nAction: failed\nStatus: 5.1.1\n"
    )
    assert recipients(delivery_report(fields)) == [("no@example.be", True)]


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("rfc822; jess@example.be", "jess@example.be"),
        ("RFC822;<Jess@Example.BE>", "jess@example.be"),
        ("<jess@example.be>", "jess@example.be"),
        ("jess@example.be", "jess@example.be"),
        ("utf-8; j\u00e9r\u00f4me@example.be", "j\u00e9r\u00f4me@example.be"),
        ("rfc822; @relay.example.net:jess@example.be", "jess@example.be"),
        ('rfc822; "jess martin"@example.be', ""),
        ('rfc822; "jess..martin"@example.be', '"jess..martin"@example.be'),
        ("rfc822;r+2Babc+3D1@example.org", "r+abc=1@example.org"),
        ("x400; /RFC-822=jess(a)example.be/ADMD= /C=BE/", "jess@example.be"),
        ("x-unix; |/usr/bin/procmail", ""),
        ("", ""),
    ],
)
def test_an_address_is_found_in_any_way_of_writing_the_field(value: str, address: str) -> None:
    """Types, brackets, source routes and undecoded xtext are read through; what is no address gives nothing."""
    found = address_in(value)
    assert found == address or (address == "" and "@" not in found)


@pytest.mark.parametrize(
    "text",
    [
        "Action: failed\nFinal-Recipient: rfc822; a@example.be\nStatus: 5.1.1\nFinal-Recipient: rfc822; b@example.be\nAction: failed\n",
        "Final-Recipient: rfc822; a@example.be\n\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: b@example.be\n\nAction: failed\n",
        "Final-Recipient: rfc822; a@example.be\r\nAction: failed\r\n\r\nFinal-Recipient: rfc822; b@example.be\r\nAction: failed\r\n",
        "\n\nFINAL-RECIPIENT:rfc822;a@example.be\nACTION :failed\n\n\n\nfinal-recipient: b@example.be\naction: failed",
    ],
)
def test_groups_are_told_apart_however_they_are_written(text: str) -> None:
    """Missing or surplus blank lines, other line ends, other case and another order of fields change nothing."""
    fields = status_fields(text)
    assert [one.addresses for one in fields] == [("a@example.be",), ("b@example.be",)]
    assert {one.action for one in fields} == {"failed"}


def test_a_report_without_a_usable_recipient_takes_it_from_its_sentences() -> None:
    """A pipe is no address; the sentences, or else the returned mail's To, name the person."""
    fields = "Final-Recipient: x-unix; |/usr/bin/filter\nAction: failed\nStatus: 5.3.0\n"
    assert recipients(delivery_report(fields, text="The following address failed:\n\n  <jess@example.be>: command died\n")) == [
        ("jess@example.be", True)
    ]
    assert recipients(delivery_report(fields, returned="To: Jess <jess@example.be>\nSubject: x\n\nHello\n")) == [("jess@example.be", True)]


def test_fields_in_plain_text_of_a_mail_system_are_read() -> None:
    """Some gateways turn the report part into text."""
    mail = from_daemon(
        "An error occurred.\n\nAction: failed\nFinal-Recipient: rfc822; a@example.be\nStatus: 5.1.1\n", content_type="multipart/mixed"
    )
    assert recipients(mail) == [("a@example.be", True)]


def test_a_report_wrapped_whole_by_a_gateway_is_read() -> None:
    """A scanner's own mail around the report hides nothing."""
    inner = "Content-Type: multipart/report; report-type=delivery-status\n\nFinal-Recipient: rfc822; a@example.be\nAction: failed\n"
    mail = inbound(
        "This mail is confidential.\n",
        sender="postmaster@example.net",
        subject="Delivery Status Notification",
        parts=(("message/rfc822", inner),),
    )
    assert recipients(mail) == [("a@example.be", True)]


def test_a_person_who_forwards_a_report_is_no_report() -> None:
    """The report inside a person's mail is what he writes about (CASES A1.15)."""
    mail = inbound(
        "What does this mean?\n",
        subject="Fwd: Undelivered Mail",
        content_type="multipart/mixed",
        parts=(("message/delivery-status", POSTFIX),),
    )
    assert kind_of_report(mail) is ReportKind.NONE
    assert read_report(mail) is None


def test_a_message_with_an_action_line_is_no_report() -> None:
    """Words that look like fields do not make a report of an absence note with a null Return-Path."""
    mail = inbound("I am away.\nAction: write to the desk at desk@example.be\nStatus: away\n", return_path="", subject="Out of office")
    assert read_report(mail) is None


# --- hard and soft ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "diagnostic", "hard"),
    [
        ("5.1.1", "550 5.1.1 User unknown", True),
        ("5.1.1", "", True),
        ("5.1.2", "Host not found", True),
        ("5.0.0", "550 no such user here", True),
        ("5.7.1", "550 5.7.1 <a@b>... User unknown", True),
        ("5.4.4", "", True),
        ("", "550 Requested action not taken", True),
        ("", "", True),
        ("5.2.2", "", False),
        ("5.1.1", "550 5.1.1 mailbox full", False),
        ("5.0.0", "552 Quota exceeded", False),
        ("5.0.0", "550 5.2.2 over limit", False),
        ("5.3.4", "", False),
        ("", "552 message refused", False),
        ("5.7.1", "550 5.7.1 rejected by policy", False),
        ("5.0.0", "554 Blocked - see https://www.example.net/rbl", False),
        ("5.7.26", "DMARC", False),
        ("4.4.7", "", False),
        ("4.1.1", "User unknown", False),
        ("", "450 Greylisted, try again later", False),
        ("", "421 no", False),
        ("2.0.0", "", False),
    ],
)
def test_hard_is_only_what_will_never_work(status: str, diagnostic: str, hard: bool) -> None:
    """A full mailbox, a size, a policy or a delay are soft whatever class their code has; an unknown user is hard whatever its code."""
    assert is_hard("failed", status, diagnostic) is hard


def test_a_delayed_recipient_is_never_hard() -> None:
    """Action delayed wins over every word and code."""
    assert not is_hard("delayed", "5.1.1", "User unknown")


# --- reports in sentences -----------------------------------------------------------------------------------------------------------------

EXIM = """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  jess@example.be
    host mx.example.be [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<jess@example.be>:
    550 5.1.1 <jess@example.be>: no such user
  lee@example.be
    mailbox is full: retry timeout exceeded

------ This is a copy of the message, including all the headers. ------

Return-path: <b.tok@example.org>
From: Desk <support@example.org>
To: innocent@example.net
Message-ID: <note.7@example.org>

Hello
"""

PLAIN: tuple[tuple[str, str, list[tuple[str, bool]]], ...] = (
    ("exim", EXIM, [("jess@example.be", True), ("lee@example.be", False)]),
    (
        "qmail",
        """\
Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<jess@example.be>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <x@example.org>
To: <other@example.org>
""",
        [("jess@example.be", True)],
    ),
    (
        "postfix",
        """\
I'm sorry to have to inform you that the message returned
below could not be delivered to one or more destinations.

For further assistance, please contact <help@example.net>

<jess@example.be>: Name service error for name=example.be: Host not found
""",
        [("jess@example.be", True)],
    ),
    (
        "sendmail",
        """\
   ----- The following addresses had permanent fatal errors -----
<jess@example.be>
    (reason: 552 5.2.2 Over quota)
    (expanded from: <all@example.be>)

   ----- Transcript of session follows -----
>>> DATA
<<< 552 5.2.2 Over quota

   ----- Message header follows -----
Received: from x
""",
        [("jess@example.be", False), ("all@example.be", False)],
    ),
    (
        "sendmail before version 8",
        """\
   ----- Transcript of session follows -----
550 <jess@example.be>... User unknown

   ----- Unsent message follows -----
Received: by x
To: y@example.org
""",
        [("jess@example.be", True)],
    ),
    (
        "exchange",
        """\
Your message

  To:      everybody@example.org
  Subject: Printer

did not reach the following recipient(s):

jess@example.be on Mon, 2 Feb 2026 10:00:00 +0100
    The recipient name is not recognized
""",
        [("jess@example.be", True)],
    ),
    (
        "x.400 names",
        """\
Your message did not reach the following recipient(s):

c=BE;a= ;p=EX;o=Site;dda:SMTP=jess@example.be; on Mon, 2 Feb 2026
    The recipient name is not recognized
""",
        [("jess@example.be", True)],
    ),
    (
        "domino",
        """\
Your message

  Subject: Printer

was not delivered to:

  jess@example.be

because:

  User jess not listed in Domino Directory
""",
        [("jess@example.be", True)],
    ),
    (
        "gmail",
        """\
Delivery to the following recipient failed permanently:

     jess@example.be

Technical details of permanent failure:
The error that the other server returned was:
550 5.1.1 User unknown

----- Original message -----

To: z@example.org
""",
        [("jess@example.be", True)],
    ),
    (
        "yahoo",
        """\
Sorry, we were unable to deliver your message to the following address.

<jess@example.be>:
Remote host said: 554 5.7.9 Message not accepted for policy reasons

--- Below this line is a copy of the message.

<bogus@example.org>:
""",
        [("jess@example.be", False)],
    ),
    (
        "aol",
        """\
Your mail to the following recipients could not be delivered because they are not accepting mail from x@example.org:
\tjess
""",
        [("jess@mx.example.net", True)],
    ),
    (
        "imail",
        """\
Unknown user: jess@example.be


Original message follows.

To: somebody@example.org
""",
        [("jess@example.be", True)],
    ),
    (
        "opensmtpd",
        """\
    Hi!

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

jess@example.be: 550 5.1.1 no
""",
        [("jess@example.be", True)],
    ),
    (
        "french",
        """\
Votre message n'a pas pu être délivré à
jess@example.be
Utilisateur inconnu
""",
        [("jess@example.be", True)],
    ),
    (
        "german",
        """\
Ihre Nachricht konnte nicht zugestellt werden an:

  jess@example.be

Das Postfach ist voll.
""",
        [("jess@example.be", False)],
    ),
    (
        "dutch",
        """\
Uw bericht kon niet worden bezorgd aan jess@example.be: onbekende gebruiker
""",
        [("jess@example.be", True)],
    ),
    (
        "spanish",
        """\
Su mensaje no pudo ser entregado.

<jess@example.be>:
Usuario desconocido
""",
        [("jess@example.be", True)],
    ),
    (
        "italian",
        """\
Non è stato possibile consegnare il messaggio a jess@example.be: utente sconosciuto
""",
        [("jess@example.be", True)],
    ),
    (
        "japanese",
        """\
\u4ee5\u4e0b\u306e\u30e1\u30fc\u30eb\u30a2\u30c9\u30ec\u30b9\u3078\u306e\u9001\u4fe1\u306b\u5931\u6557\u3057\u307e\u3057\u305f\u3002
jess@example.be

550 5.1.1 user unknown
""",
        [("jess@example.be", True)],
    ),
)


@pytest.mark.parametrize(("text", "expected"), [pytest.param(text, expected, id=name) for name, text, expected in PLAIN])
def test_a_report_in_sentences_names_who_was_not_reached(text: str, expected: list[tuple[str, bool]]) -> None:
    """The failing addresses are found in any common system's words; those of helpers, senders and the returned mail are not."""
    mail = from_daemon(text)
    assert kind_of_report(mail) is ReportKind.FAILED
    assert recipients(mail) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Your message has not yet been delivered to all its recipients.\n\n  jess@example.be\n\nDelivery attempts will continue.\n",
        "THIS IS A WARNING MESSAGE ONLY.\n\nDelivery to the following recipient has been delayed:\n\n     jess@example.be\n",
    ],
)
def test_a_plain_text_warning_is_a_delay_and_soft(text: str) -> None:
    """A mail that is still being tried is not lost."""
    mail = from_daemon(text, subject="Warning: message delayed 24 hours")
    assert kind_of_report(mail) is ReportKind.DELAYED
    assert recipients(mail) == [("jess@example.be", False)]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Unzustellbar: Printer", "Diese Adresse wurde nicht gefunden:\n\njess@example.be\n"),
        ("Non remis : Printer", "\u00c9chec de la remise pour ces destinataires :\n\njess@example.be\n"),
        ("Onbestelbaar: Printer", "Bezorging is mislukt voor deze geadresseerden:\n\njess@example.be\n"),
        ("No se puede entregar: Printer", "Error al entregar a estos destinatarios:\n\njess@example.be\n"),
        ("Non recapitabile: Printer", "Recapito non riuscito per i seguenti destinatari:\n\njess@example.be\n"),
    ],
)
def test_a_postmaster_with_a_null_return_path_is_a_mail_system(subject: str, text: str) -> None:
    """Two marks of a machine and the subject are enough, in any language; without the null path the text must say it too."""
    mail = inbound(text, sender="postmaster@example.net", name="", return_path="", subject=subject)
    assert recipients(mail) == [("jess@example.be", True)]
    assert kind_of_report(inbound("See jess@example.be\n", sender="postmaster@example.net", subject=subject)) is ReportKind.NONE


def test_a_local_part_alone_is_completed_with_the_reporting_domain() -> None:
    """Some systems name their own users without the domain."""
    text = "The message that you sent was undeliverable to the following:\n\tjess (user not found)\n\nregards\n"
    assert recipients(from_daemon(text, sender="mailer-daemon@example.be")) == [("jess@example.be", True)]


def test_the_failed_recipients_header_is_believed_first() -> None:
    """X-Failed-Recipients names them when the text is in a language that we do not know, and each gets its own reason."""
    unknown = from_daemon("Hei!\n", headers=(("X-Failed-Recipients", "jess@example.be, lee@example.be"),))
    assert [address for address, _ in recipients(unknown)] == ["jess@example.be", "lee@example.be"]
    known = from_daemon(EXIM, headers=(("X-Failed-Recipients", "lee@example.be,\tjess@example.be"),))
    assert recipients(known) == [("lee@example.be", False), ("jess@example.be", True)]


def test_without_an_address_in_the_text_the_returned_mail_says_who() -> None:
    """One To in the returned mail is the recipient; two are a guess, and nobody is named."""
    one = from_daemon("Your mail could not be delivered.\n", parts=(("message/rfc822", "Subject: x\nTo: Jess <jess@example.be>\n\n"),))
    two = from_daemon("Your mail could not be delivered.\n", parts=(("text/rfc822-headers", "To: jess@example.be, lee@example.be\n"),))
    assert [address for address, _ in recipients(one)] == ["jess@example.be"]
    assert recipients(two) == []


@pytest.mark.parametrize(
    ("word", "section", "rows", "kind"),
    [
        ("Bounce", "bounce", "bouncedRecipients", ReportKind.FAILED),
        ("Complaint", "complaint", "complainedRecipients", ReportKind.COMPLAINT),
        ("Delivery", "delivery", "recipients", ReportKind.DELIVERED),
    ],
)
def test_a_notice_in_json_is_read(word: str, section: str, rows: str, kind: ReportKind) -> None:
    """One large sender reports in JSON; a person who pastes such a notice reports nothing."""
    row = {"emailAddress": "jess@example.be", "status": "5.1.1", "action": "failed", "diagnosticCode": "smtp; 550 user unknown"}
    text = json.dumps({"notificationType": word, section: {rows: [row]}}) + "\n\n--\nTo stop these notices click below\n"
    mail = inbound(text, sender="no-reply@notices.example.com", subject="Notification Message")
    assert kind_of_report(mail) is kind
    assert kind_of_report(inbound(text)) is ReportKind.NONE
    if kind is not ReportKind.DELIVERED:
        assert recipients(mail) == [("jess@example.be", kind is ReportKind.FAILED)]


@pytest.mark.parametrize(
    "text",
    [
        '{"notificationType": 1, "bounce": []}',
        '{"notificationType":"Bounce","bounce":{"bouncedRecipients":3}}',
        '{"eventType":' + "[" * 5_000,
    ],
)
def test_broken_json_is_no_report(text: str) -> None:
    """Neither a wrong shape nor a deep one stops the reader."""
    report = read_report(inbound(text, sender="no-reply@notices.example.com"))
    assert report is None or report.recipients == ()


# --- what is no report --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mail",
    [
        inbound("My mail to lee@example.be could not be delivered. User unknown, it says. Please help.\n", subject="Mail delivery failed"),
        inbound("See below.\n\n" + EXIM, subject="Fwd: Undelivered Mail Returned to Sender"),
        inbound("Backup ended with a fatal error on host db1.\n", return_path="", sender="backup@example.be", subject="Backup report"),
        inbound("I will be out of the office.\n", return_path="", subject="Out of Office: Printer"),
        inbound("There is a problem with your mail server.\n", sender="postmaster@example.be", subject="Question"),
        inbound("Your order was not delivered. It comes tomorrow.\n", sender="no-reply@shop.example.be", subject="Your order"),
    ],
    ids=["person", "forwarded", "alarm", "vacation", "postmaster-person", "shop"],
)
def test_a_mail_that_only_speaks_of_failure_is_no_report(mail: InboundMail) -> None:
    """A person, an alarm or a shop may use the words of a report: a ticket must not be lost for them."""
    assert kind_of_report(mail) is ReportKind.NONE
    assert read_report(mail) is None


# --- the mail that came back, and complaints ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mail",
    [
        delivery_report(POSTFIX, returned="Received: x\nMessage-ID: <note.7@example.org>\nSubject: y\n\nMessage-ID: <other@example.org>\n"),
        delivery_report(POSTFIX, returned="Message-Id:\n <note.7@example.org>\n\n"),
        from_daemon("It was not delivered.\n", parts=(("text/rfc822-headers", "message-id: <note.7@example.org>\n"),)),
        from_daemon(EXIM),
        from_daemon("It was not delivered.\n", in_reply_to=("<note.7@example.org>",)),
    ],
    ids=["part", "folded", "headers-part", "in-text", "in-reply-to"],
)
def test_the_message_id_of_the_mail_that_came_back_is_found(mail: InboundMail) -> None:
    """In a part, below the sentences, or in the report's own In-Reply-To."""
    report = read_report(mail)
    assert report is not None
    assert report.original_message_id == "<note.7@example.org>"


def test_a_complaint_names_its_recipient_and_is_never_hard() -> None:
    """RFC 5965: the address works, its owner does not want the mail."""
    fields = "Feedback-Type: abuse\nUser-Agent: x/1\nOriginal-Rcpt-To: <Jess@example.be>\n"
    mail = inbound(
        "An abuse report.\n",
        content_type="multipart/report",
        parameters={"report-type": "feedback-report"},
        parts=(("message/feedback-report", fields),),
    )
    assert kind_of_report(mail) is ReportKind.COMPLAINT
    assert recipients(mail) == [("jess@example.be", False)]


def test_a_complaint_without_a_recipient_takes_that_of_the_returned_mail() -> None:
    """Most providers leave Original-Rcpt-To away."""
    parts = (
        ("message/feedback-report", "Feedback-Type: abuse\n"),
        ("message/rfc822", "To: jess@example.be\nMessage-ID: <n@example.org>\n\n"),
    )
    mail = inbound("", content_type="multipart/report", parameters={"report-type": "feedback-report"}, parts=parts)
    assert recipients(mail) == [("jess@example.be", False)]


# --- hostile ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a@" * 40_000,
        "<a@b.c>:\n" * 12_000,
        "-" * 80_000,
        "below " * 15_000,
        "x" * 100_000,
        "Original message\n" * 5_000,
        "to: a@b.c " * 8_000,
        "\n" * 80_000,
    ],
    ids=["at-signs", "entries", "dashes", "markers", "one-word", "marker-lines", "mentions", "blank"],
)
def test_hostile_text_is_read_in_little_time(text: str) -> None:
    """Reading is bounded whatever stands in the text (CASES F4)."""
    assert_within(lambda: (read_report(from_daemon(text)), read_report(delivery_report(text, text=text))), 1.5)


def test_a_report_with_ten_thousand_recipients_is_bounded() -> None:
    """A forged list does not become ten thousand rows."""
    fields = "".join(f"Final-Recipient: rfc822; a{n}@example.be\nAction: failed\nStatus: 5.1.1\n\n" for n in range(10_000))
    assert 0 < len(recipients(delivery_report(fields))) <= 500


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("mailer-daemon@example.org", ReportKind.FAILED),
        ("Bounces@example.org", ReportKind.FAILED),
        ("mailer-daemon", ReportKind.FAILED),
        ("jess@example.be", ReportKind.NONE),
    ],
)
def test_a_return_path_that_only_mail_systems_have_makes_a_report(path: str, kind: ReportKind) -> None:
    """Whatever From says: some servers write under the name of whoever did not get the mail. A person's words stay a person's."""
    mail = inbound("Hello,\n\nyour message could not be delivered to nobody@example.be: user unknown.\n", return_path=path)
    assert kind_of_report(mail) is kind


def test_the_address_that_was_really_tried_counts_where_no_other_is_named() -> None:
    """Some systems name only X-Actual-Recipient; beside a final recipient it is the address behind an alias and not what we wrote to."""
    lone = "X-Actual-Recipient: rfc822; real@example.org\nAction: failed\nStatus: 5.1.1\n"
    assert recipients(delivery_report(lone)) == [("real@example.org", True)]
    assert recipients(delivery_report("Final-Recipient: rfc822; alias@example.org\n" + lone)) == [("alias@example.org", True)]
