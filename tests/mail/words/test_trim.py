"""Replies as mail programs write them in many languages, traps that must stay whole, and texts made to cost time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from gateway.mail.words.trim import trim, trim_signature, without_signature
from tests.growth import assert_linear

MARKERS = ("##- Répondez au-dessus de cette ligne -##", "##- Please reply above this line -##")


@dataclass(frozen=True)
class Sample:
    """A text, and the reply that a reader of the ticket wants of it."""

    name: str
    text: str
    reply: str


QUOTED = "\n> Bonjour,\n>\n> Veuillez redémarrer l'imprimante.\n>\n> Le support\n"
PLAIN = "\nBonjour,\n\nVeuillez redémarrer l'imprimante.\n\n-- \nLe support\n"

# One attribution a line; "|" is a line break. Written after what each program produces for a support desk's mail.
ATTRIBUTIONS = tuple(
    line
    for line in """\
On Tue, Nov 24, 2026 at 10:12 AM Support <support@example.org> wrote:
On Tue, Nov 24, 2026 at 10:12 AM The Support Team of the Town of Example|<support+a-very-long-address@example.org> wrote:
On Tue, Nov 24, 2026 at 10:12 AM Support <|support@example.org> wrote:
On 24 Nov 2026, at 10:12, Support <support@example.org>|wrote:
On 24/11/2026 10:12, Support wrote:
On Tuesday, November 24th, 2026 at 10:12, Support <support@example.org> wrote:
On Tuesday, November 24, 2026 at 10:12:00 AM GMT+1, Support <support@example.org> wrote:
On Tuesday, November 24, 2026, Support <support@example.org> wrote:
---- On Tue, 24 Nov 2026 10:12:00 +0100 Support <support@example.org> wrote ----
At 11/24/2026 10:12 AM, you wrote:
Support <support@example.org> wrote:
Quoting Support <support@example.org>:
Le mar. 24 nov. 2026 à 10:12, Support <support@example.org> a écrit :
Le mar. 24 nov. 2026 à 10:12, Support|<support@example.org> a écrit :
Le mar. 24 nov. 2026 à 10:12, Support <support@example.org>|a écrit :
Le 24 nov. 2026 à 10:12, Support <support@example.org> a écrit :
Le 24/11/2026 à 10:12, Support a écrit :
Le mardi 24 novembre 2026 à 10:12:00 UTC+1, Support|<support@example.org>|a écrit :
- Le 2026-11-24 10:12, Support a écrit :
Op di 24 nov 2026 om 10:12 schreef Support <support@example.org>:
Op di 24 nov 2026 om 10:12 schreef Support <|support@example.org>:
Op 24 nov 2026, om 10:12 heeft Support <support@example.org> het volgende geschreven:
Op 24-11-2026 om 10:12 schreef Support:
Op dinsdag 24 november 2026 10:12:00 CET schreef Support <support@example.org>:
Support schreef op 2026-11-24 10:12:
Am Di., 24. Nov. 2026 um 10:12 Uhr schrieb Support <support@example.org>:
Am 24.11.2026 um 10:12 schrieb Support <support@example.org>:
Am 24.11.26 um 10:12 schrieb Support:
Support <support@example.org> schrieb am Di., 24. Nov. 2026|um 10:12 Uhr:
Am Dienstag, 24. November 2026 um 10:12:00 MEZ hat Support <support@example.org> Folgendes geschrieben:
Zitat von Support <support@example.org>:
El mar, 24 nov 2026 a las 10:12, Support (<support@example.org>) escribió:
Il giorno mar 24 nov 2026 alle ore 10:12 Support <support@example.org>|ha scritto:
Em ter., 24 de nov. de 2026 às 10:12, Support <support@example.org> escreveu:
wt., 24 lis 2026 o 10:12 Support <support@example.org> napisał(a):
W dniu 24.11.2026 o 10:12, Support pisze:
Den tis 24 nov. 2026 kl 10:12 skrev Support <support@example.org>:
tir. 24. nov. 2026 kl. 10:12 skrev Support <|support@example.org>:
ti 24. marrask. 2026 klo 10.12 Support (support@example.org) kirjoitti:
út 24. 11. 2026 v 10:12 odesílatel Support <support@example.org> napsal:
вт, 24 нояб. 2026 г. в 10:12, Support <support@example.org>:
24.11.2026 10:12, Support пишет:
2026年11月24日(火) 10:12 Support <support@example.org>:
Support <support@example.org> 于2026年11月24日周二 10:12写道：
2026년 11월 24일 (화) 오전 10:12, Support <support@example.org>님이 작성:
---- Op di, 24 nov 2026 10:12:00 +0100 schreef Support <support@example.org> ----
Wiadomość napisana przez Support <support@example.org> w dniu 24 lis 2026, o godz. 10:12:
Dana 24. 11. 2026. 10:12, Support <support@example.org> je napisao/la:
uto 24. stu 2026. u 10:12 Support <support@example.org> napisao je:
Support <support@example.org> kirjutas kuupäeval T, 24. november 2026 kell 10:12:
Á þri., 24. nóv. 2026 kl. 10:12 skrifaði Support <support@example.org>:
เมื่อ อ. 24 พ.ย. 2026 เวลา 10:12 Support <support@example.org> เขียนว่า:
‐‐‐‐‐ Original Message ‐‐‐‐‐|On Tuesday, November 24th, 2026 at 10:12 AM, Support <support@example.org> wrote:
""".splitlines()
    if line
)

HEADER_BLOCKS = (
    "From: Support <support@example.org>|Sent: Tuesday, November 24, 2026 10:12 AM|To: Jess Martin|Subject: [SUP-12] Printer",
    "From: Support|Sent: 24 November 2026 10:12|To: Jess Martin|Cc: Board|Importance: High|Subject: [SUP-12] Printer",
    "De : Support <support@example.org>|Envoyé : mardi 24 novembre 2026 10:12|À : Jess Martin|Objet : [SUP-12] Imprimante",
    "*De :* Support <support@example.org>|*Envoyé :* mardi 24 novembre 2026 10:12|*À :* Jess|*Objet :* [SUP-12] Imprimante",
    "Message du 24/11/26 10:12|De : Support <support@example.org>|A : jess@example.org|Copie à : |Objet : [SUP-12] Imprimante",
    "Van: Support <support@example.org>|Verzonden: dinsdag 24 november 2026 10:12|Aan: Jess|CC: Balie|Onderwerp: [SUP-12] Printer",
    "*Van:* Support|*Verzonden:* dinsdag 24 november 2026 10:12|*Aan:* Jess|*Onderwerp:* [SUP-12] Printer",
    "Von: Support <support@example.org>|Gesendet: Dienstag, 24. November 2026 10:12|An: Jess|Betreff: [SUP-12] Drucker",
    "Gesendet: Dienstag, 24. November 2026 um 10:12 Uhr|Von: Support <support@example.org>|An: jess@example.org|Betreff: Drucker",
    "From: Support <support@example.org>||Date: Tue, 24 Nov 2026 10:12:06|To:<jess@example.org>|||Subject: a subject that|takes two lines",
    "De: Support <support@example.org>|Enviado el: martes, 24 de noviembre de 2026 10:12|Para: Jess|Asunto: [SUP-12] Impresora",
    "Da: Support <support@example.org>|Inviato: martedì 24 novembre 2026 10:12|A: Jess|Oggetto: [SUP-12] Stampante",
    "Od: Support <support@example.org>|Wysłano: wtorek, 24 listopada 2026 10:12|Do: Jess|Temat: [SUP-12] Drukarka",
    "Från: Support <support@example.org>|Skickat: den 24 november 2026 10:12|Till: Jess|Ämne: [SUP-12] Skrivare",
    "发件人: Support <support@example.org>|发送时间: 2026年11月24日 10:12|收件人: Jess|主题: [SUP-12]",
    '----- Mail original -----|De: "Support" <s@example.org>|À: "Jess" <jess@example.org>|Envoyé: Mardi 24 Novembre 2026 10:12:00|Objet: x',
    "---------- Původní e-mail ----------|Od: Support <s@example.org>|Komu: jess@example.org|Datum: 24. 11. 2026 10:12:00|Předmět: x",
    "-------- Ursprungsnachricht --------|Von: Support <s@example.org>|An: jess@example.org|Datum: 24.11.2026 10:12|Betreff: Drucker",
    "-----Original Message-----",
    "-------- Message d'origine --------",
    "-----Oorspronkelijk bericht-----",
    "-----Ursprüngliche Nachricht-----",
    "---------- Forwarded message ---------|From: Support <support@example.org>|Subject: printer",
    "________________________________|From: Support|Subject: printer",
)

PROGRAM_LINES = (
    "Sent from my iPhone",
    "Sent from my Fairphone 5",
    "(sent from my phone)",
    "Sent from my mobile, please excuse any typos.",
    "Sent from Yahoo Mail on Android",
    "Sent from [Mail](https://example.org/?id=5) for Windows 10",
    "Sent with Proton Mail secure email.",
    "Get Outlook for iOS<https://example.org/o0>",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon téléphone Samsung",
    "Envoyé à partir de Outlook pour iOS<https://example.org/o0>",
    "Télécharger Outlook pour Android<https://example.org/o0>",
    "Verzonden vanaf mijn iPhone",
    "Verstuurd vanaf mijn iPad",
    "Verzonden met Proton Mail",
    "Outlook voor iOS downloaden<https://example.org/o0>",
    "Von meinem iPhone gesendet",
    "Gesendet von Outlook für iOS",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Wysłane z iPhone'a",
    "Skickat från min iPhone",
    "Отправлено с iPhone",
    "iPhoneから送信",
    "從我的 iPhone 傳送",
    "나의 iPhone에서 보냄",
)

SAMPLES = (
    Sample(
        "closing-words-go",
        f"Bonjour,\n\nC'est bon.\n\nCordialement,\nJess\n\nLe 24/11/2026 à 10:12, Support a écrit :{QUOTED}",
        "Bonjour,\n\nC'est bon.",
    ),
    Sample(
        "thanks-stay",
        f"Bonjour,\n\nC'est bon.\n\nMerci,\nJess\n\nLe 24/11/2026 à 10:12, Support a écrit :{QUOTED}",
        "Bonjour,\n\nC'est bon.\n\nMerci,\nJess",
    ),
    Sample(
        "attribution-marked-too",
        "Tout est bon.\n\n> Le 24 nov. 2026 à 10:12, Support <support@example.org> a écrit :\n>\n> Réessayez ?\n",
        "Tout est bon.",
    ),
    Sample("nameless-attribution", "Works.\n\nSupport wrote:\n> Please restart.\n", "Works."),
    Sample("quote-without-attribution", "Works.\n\n> Please restart.\n> Support\n", "Works."),
    Sample("signature-dashes", "Fixed, thanks.\n\n-- \nJess Martin\nExample Town\n+32 2 000 00 00\n", "Fixed, thanks."),
    Sample("signature-bare-dashes", "Opgelost.\n--\nJess Martin\nStad Voorbeeld\n", "Opgelost."),
    Sample("signature-above-quote", f"Opgelost.\n\n-- \nJess\n\nOp 24-11-2026 om 10:12 schreef Support:{QUOTED}", "Opgelost."),
    Sample("signature-below-quote", f"Opgelost.\n\nOp 24-11-2026 om 10:12 schreef Support:{QUOTED}\n-- \nJess\n", "Opgelost."),
    Sample(
        "program-line-above-quote",
        f"Toujours en panne.\n\nEnvoyé de mon iPhone\n\n> Le 24 nov. 2026 à 10:12, Support a écrit :\n>{QUOTED}",
        "Toujours en panne.",
    ),
    Sample(
        "program-line-under-rule",
        "Noch kaputt.\n\nGesendet von Outlook für iOS\n____________\nVon: Support <s@example.org>\nGesendet: 24.11.2026\nBetreff: x\n\nT",
        "Noch kaputt.",
    ),
    Sample(
        "own-marker",
        "Voici ma réponse.\n\nLe 24/11/2026 à 10:12, Support a écrit :\n\n> ##- Répondez au-dessus de cette ligne -##\n>\n> Bonjour\n",
        "Voici ma réponse.",
    ),
    Sample("own-marker-plain", "My answer.\n\n##- Please reply above this line -##\n\nHello,\nsomething else\n", "My answer."),
    Sample("own-marker-wrapped", "My answer.\n\n##- Please reply\nabove this line -##\nHello,\nsomething else\n", "My answer."),
    Sample("other-desk-marker", "My answer.\n\n=== Please reply above this line ===\nHello\n", "My answer."),
    Sample(
        "wrapped-quote",
        "Ja.\n\nSupport schreef:\n> this line of the quotation was so long that a program broke it\nin two\n> and went on\n",
        "Ja.",
    ),
    Sample(
        "nested-quotes",
        "Agreed.\n\nOn 24/11/2026 10:12, Support wrote:\n> Yes.\n> On 23/11/2026 10:12, Jess wrote:\n>> No?\n>>> First.\n",
        "Agreed.",
    ),
    Sample(
        "not-greedy",
        "On this day\n\nI called you\n\ntwice.\n\nOn 24 Nov 2026, at 10:12, Support wrote:\n\n> Hello\n",
        "On this day\n\nI called you\n\ntwice.",
    ),
    Sample(
        "list-footer",
        "Does it work?\n\n_______________________________________________\nusers mailing list\nusers@example.org\nhttps://example.org/users\n",
        "Does it work?",
    ),
    Sample(
        "legal-text-under-stars",
        "Merci.\n\n**********************\nCe message est confidentiel et réservé à son destinataire.\n**********************\n",
        "Merci.",
    ),
    Sample(
        "virus-scanner", "Danke.\n\n---\nThis mail has been checked for viruses by Avast antivirus software.\nwww.example.org\n", "Danke."
    ),
    Sample(
        "legal-paragraph",
        "Thanks.\n\nThis mail is confidential and may be legally privileged. If you are not the intended recipient, tell us.\n",
        "Thanks.",
    ),
    Sample("arrowed-name", "Thanks, closed.\n\n>>> Support <support@example.org> 24/11/26 10:12 >>>\nPlease restart.\n", "Thanks, closed."),
    Sample("crlf", "Works.\r\n\r\nOn 24/11/2026 10:12, Support wrote:\r\n> Please restart.\r\n", "Works."),
    Sample(
        "invisible-spaces",
        "Réglé.\n\nLe 24\u202fnov. 2026 à 10:12, Support\u00a0<s@example.org> a écrit\u202f:\n\u200b\nBonjour\n",
        "Réglé.",
    ),
    Sample("initials", "Sure.\n\n> Which one?\n\nJM> The old one?\nJM> The new one?\n", "Sure."),
    Sample("mark-that-closes-an-address", 'Ja.\n\nAm 24.11.2026 10:12 schrieb "Support" <support@example.org\n>:\n\n> Geht es?\n', "Ja."),
)

WHOLE = {
    "label-lines": "The invoice reads:\nFrom: ACME\nTo: us\nand the total is wrong.",
    "my-colleague-wrote": "On Monday my colleague wrote:\nthe server is down. Please help.",
    "mon-collegue-a-ecrit": "Voici ce que le maire a écrit :\nla page est vide.",
    "trip": "My trip:\nFrom: Namur\nTo: Gent\nDate: 12/11\nSubject: meeting",
    "closing-in-mid-text": "Bonjour,\n\nCordialement, le service ne peut plus travailler.\nÉtapes :\n1. ouvrir",
    "dashed-list": "I write because of:\n-- the first point\n-- the second point\n\nThanks",
    "table": "Service      Date\n---------------------\nMail         27/11\nWeb          28/11\n\nThanks",
    "sent-from-my-desk": "Here it is.\n\nSent from my desk, is much easier than my phone.",
    "sent-by-post": "The forms:\nsent by post on Monday morning.",
    "code": "The code:\n\n// Sent from my custom mailer\nsend();",
    "only-a-quote": "> Please restart.",
    "only-a-signature": "-- \nJess Martin",
    "only-a-quotation": "On 24/11/2026 10:12, Support wrote:\n\nHello,\n\nPlease restart.\n",
    "answer-below-the-quote": "> Which printer?\n\nThe one in room 4.",
    "name-alone": "It works.\n\n-Jess",
    "empty": "",
    "spaces": "   \n \n",
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("quotation", [QUOTED, PLAIN], ids=["marked", "unmarked"])
def test_an_attribution_and_what_follows_it_go(attribution: str, quotation: str) -> None:
    """Whatever the language and wherever it is wrapped, the reply ends above the attribution and the quotation is kept apart."""
    lines = attribution.replace("|", "\n")
    trimmed = trim(f"Merci, c'est réglé.\n\nJess\n\n{lines}\n{quotation}")
    assert trimmed.reply == "Merci, c'est réglé.\n\nJess"
    assert trimmed.quoted.startswith(lines.split("\n", maxsplit=1)[0])
    assert "redémarrer" in trimmed.quoted


@pytest.mark.parametrize("block", HEADER_BLOCKS)
@pytest.mark.parametrize(
    "rule", ["", "________________________________\n", " ------------------------------\n\n"], ids=["bare", "line", "dashes"]
)
def test_a_header_block_and_what_follows_it_go(block: str, rule: str) -> None:
    """Outlook's header block, its separators and the rule above it belong to the quotation."""
    trimmed = trim(f"Het werkt weer.\n\nJess\n\n{rule}{block.replace('|', chr(10))}\n{PLAIN}")
    assert trimmed.reply == "Het werkt weer.\n\nJess"
    assert "redémarrer" in trimmed.quoted


@pytest.mark.parametrize("line", PROGRAM_LINES)
def test_a_line_that_a_program_added_goes(line: str) -> None:
    """What a device writes below a mail is a signature, in a reply and in a first mail."""
    text = f"Il ne marche pas.\n\n{line}\n"
    for trimmed in (trim(text), trim_signature(text)):
        assert trimmed.reply == "Il ne marche pas."
        assert trimmed.signature == line


@pytest.mark.parametrize("sample", SAMPLES, ids=[s.name for s in SAMPLES])
def test_the_reply_is_what_its_reader_wants(sample: Sample) -> None:
    """The writer's own words stay, and nothing else."""
    assert trim(sample.text, own_markers=MARKERS).reply.replace("\r\n", "\n").strip() == sample.reply


@pytest.mark.parametrize("name", WHOLE)
def test_what_only_looks_like_a_quotation_stays(name: str) -> None:
    """Nothing is cut from a text that has no quotation, nor from one that would be left empty."""
    trimmed = trim(WHOLE[name])
    assert trimmed.reply.strip() == WHOLE[name].strip()
    assert trimmed.quoted == trimmed.signature == ""


def test_answers_in_between_keep_the_quotations() -> None:
    """Who answers line by line is read line by line; only the attribution above and the signature below go."""
    answered = "> Which printer?\n\nThe one in room 4.\n\n> Which error?\n\nPaper jam."
    trimmed = trim(f"On 24/11/2026 10:12, Support wrote:\n{answered}\n\n> Regards\n-- \nJess\n")
    assert trimmed.reply == answered
    assert trimmed.quoted == "On 24/11/2026 10:12, Support wrote:\n> Regards"
    assert trimmed.signature == "-- \nJess"


def test_an_answer_below_our_quoted_marker_is_kept() -> None:
    """A marker inside a quotation that is answered line by line cuts nothing."""
    text = "> ##- Please reply above this line -##\n> Which printer?\nThe one in room 4.\n> Which error?\nPaper jam.\n"
    assert "Paper jam." in trim(text, own_markers=MARKERS).reply


def test_an_empty_answer_above_the_marker_cuts_nothing() -> None:
    """Who writes below the marker is heard."""
    assert "It works." in trim("##- Please reply above this line -##\nHello\n\nIt works.\n", own_markers=MARKERS).reply


def test_the_html_shows_a_quotation_that_the_text_does_not() -> None:
    """A language without a row is trimmed where the HTML marks the quotation."""
    text = "Ya funciona, gracias.\n\nSupport ha dit el dimarts passat això:\nCal reiniciar la impressora.\n"
    html = (
        '<p>Ya funciona, gracias.</p><div class="gmail_quote"><div>Support ha dit el dimarts passat això:</div><p>Cal reiniciar</p></div>'
    )
    assert trim(text).reply == text.strip("\n")
    assert trim(text, html=html).reply == "Ya funciona, gracias."


def test_an_answer_below_the_quotation_of_the_html_is_kept() -> None:
    """The HTML's mark cuts nothing where something is written below its last quotation."""
    text = "Hello,\n\nSupport said the following thing:\nPlease restart.\n\nI did.\n"
    html = '<p>Hello,</p><blockquote type="cite">Support said the following thing:<br>Please restart.</blockquote><p>I did.</p>'
    assert trim(text, html=html).reply == text.strip("\n")


def test_a_first_mail_loses_its_signature_only() -> None:
    """A mail that answers nothing keeps everything that looks like a quotation."""
    text = "Please see:\n\nOn 24/11/2026 10:12, Bob wrote:\n> The printer is broken.\n\n-- \nJess\n"
    trimmed = trim_signature(text)
    assert trimmed.reply == "Please see:\n\nOn 24/11/2026 10:12, Bob wrote:\n> The printer is broken."
    assert (trimmed.quoted, trimmed.signature) == ("", "-- \nJess")


def test_without_signature_may_be_empty() -> None:
    """A forwarder's note that is only his signature is no note."""
    assert without_signature("\n-- \nJess\n") == ""


def test_nothing_is_lost() -> None:
    """Reply, quotation and signature together hold every word of the text."""
    text = f"Opgelost.\n\nSent from my iPhone\n-- \nJess\n\nOp 24-11-2026 om 10:12 schreef Support:{QUOTED}"
    trimmed = trim(text)
    assert sorted(f"{trimmed.reply} {trimmed.quoted} {trimmed.signature}".split()) == sorted(text.split())


CRAFTED: dict[str, Callable[[int], str]] = {
    "On x n": lambda n: "On " * n + "wrote:\n",
    "On a@b.c": lambda n: "On " + "a@b.c " * n + "\n",
    "Le date x n": lambda n: "Le " + "24 nov. 2026 à 10:12, " * n + "\n",
    "From lines": lambda n: "x\n" + "From: a@b.c\n" * (n // 4),
    "De and Objet lines": lambda n: "x\n" + "De : a\nObjet : b\n" * (n // 8),
    "deep quotes": lambda n: ("> " * 200 + "\n") * (n // 20),
    "underscores": lambda n: "_" * n * 5,
    "dashes": lambda n: "-" * n * 5 + "x",
    "blank lines": lambda n: "x" + "\n" * n * 2,
    "spaces": lambda n: " " * n * 5 + "x",
    "one letter a line": lambda n: "On " + "x\n" * n,
    "stars": lambda n: "*" * n * 5 + "\n",
    "prose": lambda n: ("Bonjour le monde, voici du texte. " * 3 + "\n") * (n // 2),
    "unfinished attributions": lambda n: "x\n" + "On 24/11/2026 10:12, a\n" * (n // 2),
    "quotes and attributions": lambda n: "x\n" + "> q\nOn 24/11 10:12, a wrote:\n" * (n // 8),
    "signatures": lambda n: "x\n" + "-- \nz\n" * (n // 2),
    "legal texts": lambda n: "x\n" + "*****\nvirus confidential\n" * (n // 8),
    "program lines": lambda n: "x\n" + "Sent from my iPhone\n" * (n // 4),
    "open angle brackets": lambda n: "<a\n>b\n" * (n // 4),
}


@pytest.mark.parametrize("name", CRAFTED)
def test_twice_the_text_takes_twice_the_time(name: str) -> None:
    """CASES F6, A3.14: time(2n) / time(n) stays below 2.6, or the whole is too quick to measure."""
    once, twice = CRAFTED[name](10_000), CRAFTED[name](20_000)

    def work(text: str) -> None:
        trim(text, html=f"<div class=gmail_quote>{text}", own_markers=MARKERS)

    assert_linear(lambda: work(once), lambda: work(twice))


@pytest.mark.parametrize("rule", ["----- Original Message -----", "-----Message d'origine-----"])
def test_a_separator_above_marked_lines_goes_with_them(rule: str) -> None:
    """The quotation is marked line by line, so that what stands below it would stay; the separator says nothing alone."""
    trimmed = trim(f"C'est réglé.\n\n{rule}\n> Bonjour,\n> Veuillez redémarrer.\n")
    assert trimmed.reply == "C'est réglé."
    below = trim(f"{rule}\n> Veuillez redémarrer.\n\nC'est fait, merci.\n")
    assert "C'est fait, merci." in below.reply
