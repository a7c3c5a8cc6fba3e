"""Forwards as each mail program writes them in each language, as text and as HTML; and answers that carry the same header blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

import pytest

from gateway.domain.people import Address
from gateway.mail.inbound import Attachment
from gateway.mail.read.html import to_text
from gateway.mail.words.forward import find_forward
from tests.mail.words.test_forward import EMPTY

ANN = Address("ann@example.org", "Ann Citizen")
AUTHOR = "Ann Citizen <ann@example.org>"
DESK = "Desk <desk@commune.example>"
NOTES = {"en": "Please take this one.", "fr": "Merci de suivre cela.", "nl": "Kun je dit opvolgen?", "de": "Kannst du das übernehmen?"}


@dataclass(frozen=True)
class Labels:
    """The words of one language: the separators of the programs that have one, the header labels of two families, dates."""

    gmail_from: str
    gmail_date: str
    outlook: tuple[str, str, str, str]
    original: str
    outlook_subject: str
    long_date: str
    apple: str
    apple_labels: tuple[str, str, str, str]
    apple_date: str
    thunderbird: str
    thunderbird_labels: tuple[str, str, str, str]
    yahoo: str
    yahoo_date: str


LANGUAGES = {
    "en": Labels(
        gmail_from="From:",
        gmail_date="Tue, Nov 24, 2026 at 9:00 AM",
        outlook=("From:", "Sent:", "To:", "Subject:"),
        original="Original Message",
        outlook_subject="FW: ",
        long_date="Tuesday, November 24, 2026 9:00 AM",
        apple="Begin forwarded message:",
        apple_labels=("From:", "Subject:", "Date:", "To:"),
        apple_date="24 November 2026 at 09:00:00 CET",
        thunderbird="Forwarded Message",
        thunderbird_labels=("Subject:", "Date:", "From:", "To:"),
        yahoo="Forwarded Message",
        yahoo_date="Tuesday, November 24, 2026 at 09:00:00 AM GMT+1",
    ),
    "fr": Labels(
        gmail_from="De :",
        gmail_date="mar. 24 nov. 2026 à 09:00",
        outlook=("De :", "Envoyé :", "À :", "Objet :"),
        original="Message d'origine",
        outlook_subject="TR : ",
        long_date="mardi 24 novembre 2026 09:00",
        apple="Début du message transféré :",
        apple_labels=("De:", "Objet:", "Date:", "À:"),
        apple_date="24 novembre 2026 à 09:00:00 UTC+1",
        thunderbird="Message transféré",
        thunderbird_labels=("Sujet :", "Date :", "De :", "Pour :"),
        yahoo="Mail transféré",
        yahoo_date="mardi 24 novembre 2026 à 09:00:00 UTC+1",
    ),
    "nl": Labels(
        gmail_from="Van:",
        gmail_date="di 24 nov 2026 om 09:00",
        outlook=("Van:", "Verzonden:", "Aan:", "Onderwerp:"),
        original="Oorspronkelijk bericht",
        outlook_subject="FW: ",
        long_date="dinsdag 24 november 2026 09:00",
        apple="Begin doorgestuurd bericht:",
        apple_labels=("Van:", "Onderwerp:", "Datum:", "Aan:"),
        apple_date="24 november 2026 om 09:00:00 CET",
        thunderbird="Doorgestuurd bericht",
        thunderbird_labels=("Onderwerp:", "Datum:", "Van:", "Aan:"),
        yahoo="Doorgestuurd bericht",
        yahoo_date="dinsdag 24 november 2026 om 09:00:00 CET",
    ),
    "de": Labels(
        gmail_from="Von:",
        gmail_date="Di., 24. Nov. 2026 um 09:00 Uhr",
        outlook=("Von:", "Gesendet:", "An:", "Betreff:"),
        original="Ursprüngliche Nachricht",
        outlook_subject="WG: ",
        long_date="Dienstag, 24. November 2026 09:00",
        apple="Anfang der weitergeleiteten Nachricht:",
        apple_labels=("Von:", "Betreff:", "Datum:", "An:"),
        apple_date="24. November 2026 um 09:00:00 MEZ",
        thunderbird="Weitergeleitete Nachricht",
        thunderbird_labels=("Betreff:", "Datum:", "Von:", "An:"),
        yahoo="Weitergeleitete Nachricht",
        yahoo_date="Dienstag, 24. November 2026 um 09:00:00 MEZ",
    ),
}
BODY = ("The printer is broken.", "Room 4, since Monday.")
Written = tuple[str, str, str]
"""The subject, the text and the HTML that a program makes of a forward."""


def _rows(labels: tuple[str, ...], values: tuple[str, ...]) -> list[tuple[str, str]]:
    return list(zip(labels, values, strict=True))


def _mailto(value: str) -> str:
    name, _, address = value.rstrip(">").rpartition("<")
    return f'{escape(name)}&lt;<a href="mailto:{address}">{address}</a>&gt;'


def _gmail(note: str, words: Labels) -> Written:
    rows = _rows((words.gmail_from, "Date:", "Subject:", "To:"), (AUTHOR, words.gmail_date, "printer", DESK))
    rule = "---------- Forwarded message ---------"
    text = "\n".join([note, "", rule, *(f"{a} {b}" for a, b in rows), "", "", *BODY])
    html = (
        f'<div dir="ltr">{note}<br><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{rule}<br>'
        f'{rows[0][0]} <strong class="gmail_sendername" dir="auto">Ann Citizen</strong> <span dir="auto">'
        f'&lt;<a href="mailto:ann@example.org">ann@example.org</a>&gt;</span><br>'
        + "".join(f"{a} {_mailto(b) if '@' in b else b}<br>" for a, b in rows[1:])
        + f'</div><br><br><div dir="ltr">{"<br>".join(BODY)}</div></div></div>'
    )
    return "Fwd: printer", text, html


def _outlook(note: str, words: Labels) -> Written:
    rows = _rows(words.outlook, (AUTHOR, words.long_date, DESK, "printer"))
    text = "\n".join([note, "", *(f"{a} {b}" for a, b in rows), "", *BODY])
    html = (
        f'<div class="WordSection1"><p class="MsoNormal">{note}<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
        + "<br>".join(f"<b><span>{a}</span></b><span> {escape(b)}</span>" for a, b in rows)
        + '<o:p></o:p></p></div></div><p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        + "".join(f'<p class="MsoNormal">{one}<o:p></o:p></p>' for one in BODY)
        + "</div>"
    )
    return f"{words.outlook_subject}printer", text, html


def _outlook_plain(note: str, words: Labels) -> Written:
    """Outlook's form for mails that came as plain text."""
    subject, text, html = _outlook(note, words)
    rule = f"-----{words.original}-----"
    return subject, text.replace(f"{note}\n", f"{note}\n\n{rule}"), html.replace("<b><span>", f"{rule}<br><b><span>", 1)


def _owa(note: str, words: Labels) -> Written:
    rows = _rows(words.outlook, (AUTHOR, words.long_date, DESK, "printer"))
    text = "\n".join([note, "", "_" * 32, *(f"{a} {b}" for a, b in rows), "", *BODY])
    html = (
        f'<div class="elementToProof" style="font-family: Aptos">{note}</div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">'
        + "<br>".join(f"<b>{a}</b> {escape(b)}" for a, b in rows)
        + "</font><div>&nbsp;</div></div>"
        + "".join(f"<div>{one}</div>" for one in BODY)
    )
    return "Fw: printer", text, html


def _apple(note: str, words: Labels) -> Written:
    rows = _rows(words.apple_labels, (AUTHOR, "printer", words.apple_date, DESK))
    text = "\n".join([note, "", words.apple, "", *(f"> {a} {b}" for a, b in rows), ">", *(f"> {one}" for one in BODY)])
    html = (
        f'<body style="overflow-wrap: break-word;">{note}<br><div><br><blockquote type="cite"><div>{words.apple}</div>'
        '<br class="Apple-interchange-newline">'
        + "".join(
            f'<div style="margin: 0px;"><span><b>{a} </b></span><span>{_mailto(b) if "@" in b else b}<br></span></div>' for a, b in rows
        )
        + "<br><div>"
        + "".join(f"<div>{one}</div>" for one in BODY)
        + "</div></blockquote></div></body>"
    )
    return "Fwd: printer", text, html


def _thunderbird(note: str, words: Labels) -> Written:
    rows = _rows(words.thunderbird_labels, ("printer", "Tue, 24 Nov 2026 09:00:00 +0100", AUTHOR, DESK))
    rule = f"-------- {words.thunderbird} --------"
    text = "\n".join([note, "", "", rule, *(f"{a} \t{b}" for a, b in rows), "", "", "", *BODY])
    html = (
        f'<p>{note}</p><div class="moz-forward-container"><br><br>{rule}<table class="moz-email-headers-table" cellspacing="0"><tbody>'
        + "".join(
            f'<tr><th valign="BASELINE" nowrap="nowrap" align="RIGHT">{a} </th><td>{_mailto(b) if "@" in b else b}</td></tr>'
            for a, b in rows
        )
        + f"</tbody></table><br><br><p>{'<br>'.join(BODY)}</p></div>"
    )
    return "Fwd: printer", text, html


def _yahoo(note: str, words: Labels) -> Written:
    sender, sent, to, subject = words.outlook
    rows = _rows((sender, to, sent, subject), (AUTHOR, DESK, words.yahoo_date, "printer"))
    rule = f"----- {words.yahoo} -----"
    run_together = f"   {rule} {''.join(f'{a} {b}' for a, b in rows)}"
    text = "\n".join([f" {note}", "", run_together, " ", *(f" {one}" for one in BODY)])
    html = (
        f'<div class="ydp1a"><div>{note}</div></div><div id="ydp2b" class="yahoo_quoted"><div><div>{rule}</div>'
        + "".join(f"<div><b>{a}</b> {escape(b)}</div>" for a, b in rows)
        + f"<div><br></div>{''.join(f'<div>{one}</div>' for one in BODY)}</div></div>"
    )
    return "Fw: printer", text, html


PROGRAMS = {
    "gmail": _gmail,
    "outlook": _outlook,
    "outlook-plain": _outlook_plain,
    "owa": _owa,
    "apple": _apple,
    "thunderbird": _thunderbird,
    "yahoo": _yahoo,
}


@pytest.mark.parametrize("dress", ["text", "html"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_each_program_forwards_in_its_own_way(program: str, language: str, dress: str) -> None:
    """Author, date, subject, both texts: the same whatever wrote the forward, also where the program dropped its text part."""
    subject, text, html = PROGRAMS[program](NOTES[language], LANGUAGES[language])
    found = find_forward(replace(EMPTY, subject=subject, text=text if dress == "text" else to_text(html)))
    assert found is not None
    assert (found.sender, found.subject, found.note) == (ANN, "printer", NOTES[language])
    assert "2026" in found.date
    assert "24" in found.date
    assert [line.strip() for line in found.text.split("\n") if line.strip()] == list(BODY)


OTHERS = {
    "proton": (
        "Fw:",
        f"------- Forwarded Message -------|From: {AUTHOR}|Date: On Tuesday, November 24th, 2026|Subject: printer|To: {DESK}",
    ),
    "zimbra-fr": (
        "Fwd:",
        f'----- Mail transféré -----|De: "Ann Citizen" <ann@example.org>|À: {DESK}|Envoyé: Mardi 24 Novembre 2026 09:00:00|Objet: printer',
    ),
    "zimbra-en": ("Fwd:", f"----- Forwarded Message -----|From: {AUTHOR}|To: {DESK}|Sent: Tuesday, November 24, 2026|Subject: printer"),
    "roundcube-en": ("Fwd:", f"-------- Original Message --------|Subject: printer|Date: 2026-11-24 09:00|From: {AUTHOR}|To: {DESK}"),
    "roundcube-fr": (
        "Fwd:",
        f"-------- Message original --------|OBJET:|\t\tprinter|DATE:|\t\t2026-11-24 09:00|DE:|\t\t{AUTHOR}|À:|\t\t{DESK}",
    ),
    "notes-en": (
        "Fw:",
        f"----- Forwarded by Jess/Example on 24/11/2026 10:12 -----||From:\t{AUTHOR}|To:\t{DESK}|Date:\t2026-11-24|Subject:\tprinter",
    ),
    "notes-fr": (
        "Tr :",
        f"----- Transféré par Jess/Example le 24/11/2026 10:12 -----||De :\t{AUTHOR}|A :\t{DESK}|Date :\t2026-11-24|Objet :\tprinter",
    ),
    "notes-nl": (
        "Fw:",
        f"----- Doorgestuurd door Jess/Ex op 24-11-2026 10:12 -----||Van:\t{AUTHOR}|Aan:\t{DESK}|Datum:\t2026-11-24|Onderwerp:\tprinter",
    ),
    "notes-de": (
        "WG:",
        f"----- Weitergeleitet von Jess/Example am 24.11.2026 10:12 -----||Von:\t{AUTHOR}|An:\t{DESK}|Datum:\t2026-11-24|Betreff:\tprinter",
    ),
    "samsung-fr": (
        "Fwd:",
        f"-------- Message d'origine --------|De : {AUTHOR}|Date : 24/11/2026  09:00  (GMT+01:00)|À : {DESK}|Objet : printer",
    ),
    "gmx": ("Fwd:", f"Gesendet: Dienstag, 24. November 2026 um 09:00 Uhr|Von: {AUTHOR}|An: {DESK}|Betreff: printer"),
    "orange": ("TR:", f"> Message du 24/11/2026 09:00|> De : {AUTHOR}|> A : {DESK}|> Copie à :|> Objet : printer"),
    "iphone": ("TR :", f"Début du message transféré :||> De: {AUTHOR}|> Date: 24 novembre 2026 à 09:00:00|> À: {DESK}|> Objet: printer"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_programs_forward_in_their_way(name: str) -> None:
    """Web mail, Notes and telephones: labels above their values, a separator with a name and a time, marked lines."""
    prefix, head = OTHERS[name]
    marks = "> " if "|> " in head else ""
    text = "\n".join([NOTES["en"], "", *head.split("|"), marks, f"{marks}{BODY[0]}"])
    found = find_forward(replace(EMPTY, subject=f"{prefix} printer", text=text))
    assert found is not None
    assert (found.sender, found.subject, found.note, found.text) == (ANN, "printer", NOTES["en"], BODY[0])
    assert "2026" in found.date


ANSWERS = {"en": "Re: printer", "fr": "RE : printer", "nl": "Antw: printer", "de": "AW: printer"}


@pytest.mark.parametrize("dress", ["text", "html"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", ["outlook", "outlook-plain", "owa"])
def test_an_answer_with_the_same_header_block_is_no_forward(program: str, language: str, dress: str) -> None:
    """Outlook writes one block for both: it is a forward where the subject says so, and else nobody's request but the writer's."""
    _, text, html = PROGRAMS[program](NOTES[language], LANGUAGES[language])
    mail = replace(EMPTY, subject=ANSWERS[language], text=text if dress == "text" else to_text(html), in_reply_to=("<1@example.be>",))
    assert find_forward(mail) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_an_answer_to_a_forward_is_no_forward(program: str, language: str) -> None:
    """What a quotation holds was forwarded by somebody else, however it was written there."""
    _, text, _ = PROGRAMS[program](NOTES[language], LANGUAGES[language])
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    mail = replace(
        EMPTY, subject="Re: Fwd: printer", text=f"It works.\n\nOn 24/11/2026 10:12, Desk <desk@commune.example> wrote:\n{quoted}"
    )
    assert find_forward(mail) is None


@pytest.mark.parametrize(
    "line",
    [
        "----- Forwarded Message ----- and then nothing",
        "----- Forwarded Message ----- From: Ann Citizen <ann@example.org>",
        "----- Forwarded Message ----- Subject: printerSent: todayTo: DeskFrom: Ann",
        "Forwarded Message From: ATo: BSent: CSubject: D",
        "----- Meeting ----- From: 9To: 10Sent: todaySubject: printers",
    ],
)
def test_what_is_not_run_together_in_full_is_no_forward(line: str) -> None:
    """All four labels behind the separator, in the order in which the program writes them, or it is a line like any other."""
    assert find_forward(replace(EMPTY, text=f"Please look.\n\n{line}\n\nText.")) is None


def test_a_run_together_line_may_name_many_recipients() -> None:
    """Yahoo puts all of To on that line too: it is read far beyond the length that other lines are."""
    everyone = ", ".join(f"Councillor {i} <c{i}@commune.example>" for i in range(20))
    line = f"----- Forwarded Message ----- From: {AUTHOR}To: {everyone}Sent: 24 November 2026Subject: printer"
    found = find_forward(replace(EMPTY, text=f"{NOTES['en']}\n\n{line}\n\n{BODY[0]}"))
    assert found is not None
    assert (found.sender, found.subject, found.text, found.note) == (ANN, "printer", BODY[0], NOTES["en"])


def test_an_enclosed_original_brings_its_files_and_its_words_from_html() -> None:
    """An original that came as a message is read like any mail: its HTML alone is words, its files are its own."""
    raw = (
        b"From: Ann Citizen <ann@example.org>\nDate: Tue, 24 Nov 2026 09:00:00 +0100\nSubject: printer\n"
        b'Content-Type: multipart/mixed; boundary="a"\n\n--a\nContent-Type: text/html\n\n<p>The printer is <b>broken</b>.</p>\n'
        b'--a\nContent-Type: text/csv; name="log.csv"\nContent-Disposition: attachment\n\n1;2\n--a--\n'
    )
    mail = replace(EMPTY, subject="Fwd: printer", text=NOTES["en"], attachments=(Attachment("x.eml", "message/rfc822", raw, "0" * 64),))
    found = find_forward(mail)
    assert found is not None
    assert (found.sender, found.subject, found.note, found.text) == (ANN, "printer", NOTES["en"], "The printer is broken.")
    assert [one.filename for one in found.attachments] == ["log.csv"]
