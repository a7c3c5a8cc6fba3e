"""Forwarded mails as mail programs write them, attached ones, and answers that only carry a forward in their quotation."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from gateway.domain.people import Address
from gateway.mail.inbound import Attachment, Forwarded, InboundMail, ReportPart, SenderProof
from gateway.mail.words.forward import find_forward
from gateway.mail.words.subject import says_forward
from tests.growth import assert_linear

ANN = Address("ann@example.org", "Ann Citizen")
EMPTY = InboundMail(
    headers=(),
    sender=Address("jess@example.be", "Jess Martin"),
    claimed_sender=None,
    to=(),
    cc=(),
    reply_to=(),
    subject="",
    date=None,
    message_id=None,
    in_reply_to=(),
    references=(),
    return_path=None,
    recipients_seen=(),
    text="",
    html=None,
    attachments=(),
    report_parts=(),
    content_type="text/plain",
    content_parameters={},
    part_types=("text/plain",),
    size=0,
    sender_proof=SenderProof.NONE,
    defects=(),
)


def _mail(text: str, subject: str = "Fwd: printer") -> InboundMail:
    return replace(EMPTY, text=text, subject=subject)


SEPARATED = (
    "---------- Forwarded message ---------|From: Ann Citizen <ann@example.org>|Date: Tue, 24 Nov 2026 09:00|Subject: printer|To: d@e.be",
    "-------- Forwarded Message --------|Subject: \tprinter|Date: \t24/11/2026 09:00|From: \tAnn Citizen <ann@example.org>|To: \td@e.be",
    "Begin forwarded message:||> From: Ann Citizen <ann@example.org>|> Subject: printer|> Date: 24 November 2026 at 09:00|> To: d@e.be|>",
    "-------- Message transféré --------|Sujet : printer|Date : 24 nov. 2026 09:00|De : Ann Citizen <ann@example.org>|Pour : d@e.be",
    "Début du message réexpédié :||De: Ann Citizen <ann@example.org>|Objet: printer|Date: 24 novembre 2026 à 09:00|À: d@e.be",
    "---------- Doorgestuurd bericht ---------|Van: Ann Citizen <ann@example.org>|Datum: di 24 nov 2026|Onderwerp: printer|Aan: d@e.be",
    "Begin doorgestuurd bericht:||Van: Ann Citizen <ann@example.org>|Onderwerp: printer|Datum: 24 november 2026 om 09:00|Aan: d@e.be",
    "-------- Weitergeleitete Nachricht --------|Betreff: printer|Datum: 24.11.2026 09:00|Von: Ann Citizen <ann@example.org>|An: d@e.be",
    "Anfang der weitergeleiteten Nachricht:||Von: Ann Citizen <ann@example.org>|Betreff: printer|Datum: 24. November 2026|An: d@e.be",
    "---------- Mensaje reenviado ---------|De: Ann Citizen <ann@example.org>|Fecha: 24 nov 2026|Asunto: printer|Para: d@e.be",
    "-------- Messaggio inoltrato --------|Oggetto: printer|Data: 24 nov 2026|Mittente: Ann Citizen <ann@example.org>|A: d@e.be",
    "---------- Vidarebefordrat meddelande ----------|Från: Ann Citizen <ann@example.org>|Datum: 24/11/2026|Ämne: printer|Till: d@e.be",
)

OUTLOOK = (
    ("FW: printer", "From: Ann Citizen <ann@example.org>|Sent: Tuesday, November 24, 2026 9:00 AM|To: Desk|Subject: printer"),
    ("TR : printer", "De : Ann Citizen <ann@example.org>|Envoyé : mardi 24 novembre 2026 09:00|À : Desk|Objet : printer"),
    ("Doorst: printer", "Van: Ann Citizen <ann@example.org>|Verzonden: dinsdag 24 november 2026 09:00|Aan: Desk|Onderwerp: printer"),
    ("WG: printer", "Von: Ann Citizen <ann@example.org>|Gesendet: Dienstag, 24. November 2026 09:00|An: Desk|Betreff: printer"),
    (
        "[EXT] RV: printer",
        "*De:* Ann Citizen <ann@example.org>|*Enviado el:* martes, 24 de noviembre de 2026 9:00|*Para:* Desk|*Asunto:* printer",
    ),
    ("Fwd: printer", "-----Original Message-----|From: Ann Citizen <ann@example.org>|Date: 24 Nov 2026 09:00|To: Desk|Subject: printer"),
)


@pytest.mark.parametrize("head", SEPARATED)
@pytest.mark.parametrize("subject", ["Fwd: printer", "a question"])
def test_a_forward_below_a_separator_is_found(head: str, subject: str) -> None:
    """The separator says enough, whatever the subject; author, date, subject and both texts come out."""
    marks = "> " if "|> " in head else ""
    text = f"Please take this one.\n\n{head.replace('|', chr(10))}\n\n{marks}The printer is broken.\n{marks}\n{marks}Ann"
    found = find_forward(_mail(text, subject))
    assert found is not None
    assert (found.sender, found.subject, found.note) == (ANN, "printer", "Please take this one.")
    assert found.text.split() == ["The", "printer", "is", "broken.", "Ann"]
    assert "2026" in found.date


@pytest.mark.parametrize(("subject", "head"), OUTLOOK)
@pytest.mark.parametrize("rule", ["", "________________________________\n"])
def test_a_header_block_is_a_forward_where_the_subject_says_so(subject: str, head: str, rule: str) -> None:
    """Outlook writes the same block above a forward and above an answer: the subject decides."""
    text = f"Voir ci-dessous.\n\n-- \nJess\n\n{rule}{head.replace('|', chr(10))}\n\nThe printer is broken."
    found = find_forward(_mail(text, subject))
    assert found is not None
    assert (found.sender, found.text, found.note) == (ANN, "The printer is broken.", "Voir ci-dessous.")
    assert find_forward(_mail(text, "Re: printer")) is None


def test_a_forward_without_a_note() -> None:
    """A mail that is a forward and nothing else has an empty note, also where only a signature stands above."""
    head = SEPARATED[0].replace("|", "\n")
    for above in ("", "\n\n", "-- \nJess Martin\n\n", "Envoyé de mon iPhone\n\n"):
        found = find_forward(_mail(f"{above}{head}\n\nBroken."))
        assert found == Forwarded(ANN, "Tue, 24 Nov 2026 09:00", "printer", "Broken.", "")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ann@example.org", Address("ann@example.org")),
        ("<Ann@Example.ORG>", Address("ann@example.org")),
        ('"Citizen, Ann" <ann@example.org>', Address("ann@example.org", "Citizen, Ann")),
        ("Ann Citizen [mailto:ann@example.org]", ANN),
        ("Ann Citizen<mailto:ann@example.org>", ANN),
        ("ann@example.org <ann@example.org>", Address("ann@example.org")),
        ("Ann Citizen (ann@example.org)", ANN),
        ("Ann \u202eCitizen <ann@example.org>", ANN),
        ("ann@exämple.org", Address("ann@xn--exmple-cua.org")),
        ("Ann Citizen", None),
        ("Ann <ann@..org>", None),
    ],
)
def test_the_author_is_read_as_programs_write_him(value: str, expected: Address | None) -> None:
    """One address, lower-case, with its name; None where the program left the address out."""
    text = f"---------- Forwarded message ---------\nFrom: {value}\nDate: 24 Nov 2026 09:00\nSubject: printer\n\nBroken."
    found = find_forward(_mail(text))
    assert found is not None
    assert found.sender == expected


def test_a_wrapped_subject_is_read_whole() -> None:
    """A subject over two lines is one subject, and its second line no text of the mail."""
    text = "---------- Forwarded message ---------\nFrom: ann@example.org\nSubject: the printer\n on the second floor\nTo: d\n\nBroken."
    found = find_forward(_mail(text))
    assert found is not None
    assert (found.subject, found.text) == ("the printer on the second floor", "Broken.")


@pytest.mark.parametrize(
    "text",
    [
        f"It works.\n\nOn 24/11/2026 10:12, Support <s@example.be> wrote:\n\n{SEPARATED[0].replace('|', chr(10))}\n\nBroken.",
        f"It works.\n\n> {SEPARATED[0].replace('|', chr(10) + '> ')}\n>\n> Broken.",
        "It works.\n\n-----Original Message-----\nFrom: s@example.be\nSent: 24/11/2026 10:12\nSubject: printer\n\nText",
        "The invoice reads:\nFrom: ACME\nTo: us\nTotal: 12",
        "I forwarded message 12 to you.",
        "",
    ],
)
def test_an_answer_is_no_forward(text: str) -> None:
    """What stands in a quotation was forwarded by somebody else; a word alone forwards nothing."""
    assert find_forward(_mail(text, "Re: printer")) is None


def test_a_bare_header_block_opens_a_forward_only_outside_a_thread() -> None:
    """A mail that is header block and text only is a forward, unless it answers something."""
    mail = _mail(f"{OUTLOOK[0][1].replace('|', chr(10))}\n\nBroken.", "printer")
    found = find_forward(mail)
    assert found is not None
    assert found.sender == ANN
    assert find_forward(replace(mail, in_reply_to=("<a@example.be>",))) is None


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("FW: a", True),
        ("Fwd:a", True),
        ("TR : a", True),
        ("[SUP-1] WG: a", True),
        ("転送：a", True),
        ("Re: FW: a", False),
        ("Trip: a", False),
        ("", False),
    ],
)
def test_the_first_word_of_a_subject_says_forward(subject: str, says: bool) -> None:
    """Only the first word before a colon counts, behind one tag in brackets."""
    assert says_forward(subject) is says


ATTACHED = """\
Received: from a by b
From: =?utf-8?Q?Andr=C3=A9?= Citizen <andre@example.org>
To: desk@example.be
Subject: =?iso-8859-1?Q?imprimante_cass=E9e?=
Date: Tue, 24 Nov 2026 09:00:00 +0100
Content-Type: {type}
{body}"""
MIXED = (
    'multipart/mixed; boundary="outer"',
    (
        "\nx\n--outer\nContent-Type: multipart/alternative; boundary=inner\n\n--inner\nContent-Type: text/plain; charset=iso-8859-1\n"
        "Content-Transfer-Encoding: quoted-printable\n\nElle est cass=E9e.\n--inner\nContent-Type: text/html\n\nx\n--inner--\n--outer--\n"
    ),
)
BODIES = (
    ("text/plain; charset=utf-8", "\nElle est cassée.\n"),
    ("text/plain; charset=utf-8", f"Content-Transfer-Encoding: base64\n\n{base64.b64encode('Elle est cassée.'.encode()).decode()}\n"),
    ("text/plain; charset=x-unknown", "\nElle est cassée.\n"),
    MIXED,
)


def _attached(content: bytes) -> Attachment:
    return Attachment("original.eml", "message/rfc822", content, "0" * 64)


@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_an_attached_mail_is_a_forward_where_the_subject_says_so(kind: str, body: str) -> None:
    """Headers are decoded, and the plain text is found however it is packed, in an attachment as in a report part."""
    raw = ATTACHED.format(type=kind, body=body)
    expected = Forwarded(
        Address("andre@example.org", "André Citizen"),
        "Tue, 24 Nov 2026 09:00:00 +0100",
        "imprimante cassée",
        "Elle est cassée.",
        "Please take it.",
    )
    mail = _mail("Please take it.\n\n-- \nJess\n")
    assert find_forward(replace(mail, attachments=(_attached(raw.encode()),))) == expected
    assert find_forward(replace(mail, report_parts=(ReportPart("message/rfc822", raw),))) == expected


def test_an_attached_mail_alone_is_no_forward() -> None:
    """An example that a customer attaches does not make somebody else the requester."""
    mail = replace(
        _mail("Here is the mail that I got.", "strange mail"), attachments=(_attached(ATTACHED.format(type="", body="").encode()),)
    )
    assert find_forward(mail) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"From\n\nx",
        b"From: =?utf-8?B?a?= <x>\nSubject: =?x-none?Q?=FF?=\n\nx",
        b"From: a@example.org\nContent-Type: multipart/mixed; boundary*0*=%ff\n\n--",
        b"From: a@example.org\nContent-Transfer-Encoding: base64\n\n\xff====",
        b'From: a@example.org\nContent-Type: multipart/x; boundary="b"\n\n' + b'--b\nContent-Type: multipart/x; boundary="b"\n\n' * 500,
    ],
)
def test_a_broken_attached_mail_raises_nothing(raw: bytes) -> None:
    """Whatever is attached, the mail that carries it is read (CASES A3)."""
    found = find_forward(replace(_mail("x"), attachments=(_attached(raw),)))
    assert found is None or found.note == "x"


@pytest.mark.parametrize("unit", ["From: a@b.c\n", "---------- Forwarded message ---------\n", "Subject: a\nx\nx\nx\n", "Date: 1\nTo: a\n"])
def test_twice_the_text_takes_twice_the_time(unit: str) -> None:
    """CASES F6, A3.14: the search for a forward is linear too."""
    once, twice = _mail(unit * 2000), _mail(unit * 4000)
    assert_linear(lambda: find_forward(once), lambda: find_forward(twice))


@pytest.mark.parametrize(
    ("subject", "found"), [("Fwd: printer", "printer"), ("TR : Re: printer", "Re: printer"), ("see below", "see below")]
)
def test_a_forward_that_shows_no_subject_is_called_as_the_mail(subject: str, found: str) -> None:
    """Without the forwarder's own mark: the request is not called "Fwd:"."""
    head = "---------- Forwarded message ---------\nFrom: Ann Citizen <ann@example.org>\nDate: Tue, 24 Nov 2026 09:00"
    forwarded = find_forward(_mail(f"Please.\n\n{head}\n\nThe printer is broken.", subject))
    assert forwarded is not None
    assert (forwarded.sender, forwarded.subject, forwarded.text) == (ANN, found, "The printer is broken.")


def test_an_author_whose_domain_has_no_form_for_the_wire_is_nobody() -> None:
    """The forward is one, and an agent says who asked."""
    head = f"From: Ann <ann@{'é' * 64}.example>\nDate: Tue, 24 Nov 2026 09:00\nSubject: printer"
    forwarded = find_forward(_mail(f"---------- Forwarded message ---------\n{head}\n\nIt is broken."))
    assert forwarded is not None
    assert (forwarded.sender, forwarded.text) == (None, "It is broken.")
