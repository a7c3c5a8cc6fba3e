"""What machines answer in many languages, and what people write that looks like it, read from the bytes on."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gateway.mail.inbound import Verdict
from gateway.mail.read.parse import read_mail
from tests.mail.kind.test_classify import judged

AWAY, REPLY, MADE, LIST, CHALLENGE, CALENDAR, HUMAN, SPAM, BOUNCE = (
    Verdict.OUT_OF_OFFICE,
    Verdict.AUTO_REPLY,
    Verdict.AUTO_GENERATED,
    Verdict.LIST,
    Verdict.CHALLENGE,
    Verdict.CALENDAR,
    Verdict.HUMAN,
    Verdict.SPAM,
    Verdict.BOUNCE,
)
EXCHANGE = ("Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "X-MS-Exchange-Inbox-Rules-Loop: jess@example.be")
ANSWER = "In-Reply-To: <note.17@example.org>"


@dataclass(frozen=True, slots=True)
class Came:
    """A mail as it came."""

    name: str
    verdict: Verdict
    subject: str
    text: str
    headers: tuple[str, ...] = ()
    author: str = "Jess Martin <jess@example.be>"
    path: str = "<jess@example.be>"
    kind: str = "text/plain; charset=utf-8"

    def raw(self) -> bytes:
        """The mail as it came."""
        top = [f"Return-Path: {self.path}"] if self.path else []
        top += [f"From: {self.author}", "To: Desk <support@example.org>", f"Subject: {self.subject}", *self.headers]
        top += ["Date: Mon, 2 Feb 2026 10:00:00 +0100", "Message-ID: <7@example.be>", "MIME-Version: 1.0", f"Content-Type: {self.kind}"]
        return "\n".join([*top, "Content-Transfer-Encoding: 8bit", "", self.text]).encode()


ABSENT: tuple[Came, ...] = (
    Came("exchange-en", AWAY, "Automatic reply: [SUP-5] Printer", "I am out of the office until Monday.\n", EXCHANGE),
    Came("exchange-fr", AWAY, "Réponse automatique : [SUP-5] Printer", "Je suis en congé jusqu’au 9 février.\n", EXCHANGE, path="<>"),
    Came("exchange-nl", AWAY, "Automatisch antwoord: [SUP-5] Printer", "Ik ben afwezig tot maandag.\n", EXCHANGE),
    Came("exchange-de", AWAY, "Automatische Antwort: [SUP-5] Printer", "Ich bin bis Montag nicht im Büro.\n", EXCHANGE),
    Came("exchange-es", AWAY, "Respuesta automática: [SUP-5] Printer", "Estoy fuera de la oficina hasta el lunes.\n", EXCHANGE),
    Came("exchange-it", AWAY, "Risposta automatica: [SUP-5] Printer", "Sono assente fino a lunedì.\n", EXCHANGE),
    Came("exchange-pl", AWAY, "Odpowiedź automatyczna: [SUP-5] Printer", "Jestem poza biurem do poniedziałku.\n", EXCHANGE),
    Came("exchange-sv", AWAY, "Automatiskt svar: [SUP-5] Printer", "Jag är inte på kontoret före måndag.\n", EXCHANGE),
    Came("exchange-da", AWAY, "Automatisk svar: [SUP-5] Printer", "Jeg er ikke på kontoret før mandag.\n", EXCHANGE),
    Came("exchange-fi", AWAY, "Automaattinen vastaus: [SUP-5] Printer", "Olen poissa maanantaihin asti.\n", EXCHANGE),
    Came("exchange-pt", AWAY, "Resposta Automática: [SUP-5] Printer", "Estou de férias até segunda-feira.\n", EXCHANGE),
    Came("exchange-cs", AWAY, "Automatická odpověď: [SUP-5] Printer", "Do pondělí jsem mimo kancelář.\n", EXCHANGE),
    Came("exchange-hu", AWAY, "Automatikus válasz: [SUP-5] Printer", "Hétfőig nem vagyok az irodában.\n", EXCHANGE),
    Came("exchange-ro", AWAY, "Răspuns automat: [SUP-5] Printer", "Sunt plecat până luni.\n", EXCHANGE),
    Came("exchange-el", AWAY, "Αυτόματη απάντηση: [SUP-5] Printer", "Θα λείπω μέχρι τη Δευτέρα.\n", EXCHANGE),
    Came("exchange-tr", AWAY, "Otomatik yanıt: [SUP-5] Printer", "Pazartesiye kadar izindeyim.\n", EXCHANGE),
    Came("exchange-ru", AWAY, "Автоматический ответ: [SUP-5] Printer", "Меня не будет до понедельника.\n", EXCHANGE),
    Came("exchange-sk", AWAY, "Automatická odpoveď: [SUP-5] Printer", "Do pondelka som mimo kancelárie.\n", EXCHANGE),
    Came("exchange-no", AWAY, "Automatisk svar: [SUP-5] Printer", "Jeg er tilbake mandag.\n", EXCHANGE),
    Came("exchange-hr", AWAY, "Automatski odgovor: [SUP-5] Printer", "Nisam u uredu do ponedjeljka.\n", EXCHANGE),
    Came("exchange-ja", AWAY, "自動応答: [SUP-5] Printer", "月曜日まで不在です。\n", EXCHANGE),
    Came("exchange-ca", AWAY, "Resposta automàtica: [SUP-5] Printer", "Sóc fora de l’oficina fins dilluns.\n", EXCHANGE),
    Came(
        "exchange-old", AWAY, "Out of Office AutoReply: [SUP-5] Printer", "Back on Monday.\n", ("X-Auto-Response-Suppress: OOF, AutoReply",)
    ),
    Came("exchange-old-fr", AWAY, "Absence du bureau : [SUP-5] Printer", "De retour lundi.\n", ("X-Auto-Response-Suppress: All",)),
    Came("exchange-old-nl", AWAY, "Niet aanwezig: [SUP-5] Printer", "Maandag weer terug.\n", ("X-Auto-Response-Suppress: All",)),
    Came("exchange-old-de", AWAY, "Abwesenheitsnotiz: [SUP-5] Printer", "Montag wieder da.\n", ("X-Auto-Response-Suppress: All",)),
    Came("exchange-old-sv", AWAY, "Frånvaro: [SUP-5] Printer", "Åter måndag.\n", ("X-Auto-Response-Suppress: All",), path="<>"),
    Came(
        "gmail",
        AWAY,
        "I am on holiday Re: [SUP-5] Printer",
        "I am on holiday until Monday.\n",
        ("Precedence: bulk", "X-Autoreply: yes", "Auto-Submitted: auto-replied"),
    ),
    Came("apple", AWAY, "Re: [SUP-5] Printer", "I am away until Monday.\n", ("Auto-Submitted: auto-replied", "X-Apple-Action: VACATION")),
    Came("sieve-auto", AWAY, "Auto: [SUP-5] Printer", "En congé jusqu’à lundi.\n", ("Auto-Submitted: auto-replied (vacation)",), path="<>"),
    Came("sieve-no-comment", AWAY, "Auto: [SUP-5] Printer", "En congé jusqu’à lundi.\n", ("Auto-Submitted: auto-replied",), path="<>"),
    Came(
        "zimbra",
        AWAY,
        "Re: [SUP-5] Printer",
        "Absent cette semaine.\n",
        ("Auto-Submitted: auto-replied (zimbra; vacation)", "Precedence: bulk"),
    ),
    Came(
        "domino", AWAY, "AUTO: Jess Martin is out of the office (returning 09/02/2026)", "Back soon.\n", ("Auto-Submitted: auto-generated",)
    ),
    Came(
        "domino-fr",
        AWAY,
        "AUTO: Jess Martin est absent(e) du bureau (retour 09/02/2026)",
        "De retour.\n",
        ("Auto-Submitted: auto-generated",),
    ),
    Came(
        "domino-bare",
        AWAY,
        "Jess Martin is out of the office.",
        "I will be out of the office starting 02/02/2026 and will return on 09/02.\n",
    ),
    Came("domino-fr-bare", AWAY, "Jess Martin est absent(e) du bureau.", "Je serai absent(e) du bureau à partir du 02/02/2026.\n"),
    Came(
        "domino-de-bare",
        AWAY,
        "Jess Martin ist außer Haus.",
        "Ich werde ab 02.02.2026 nicht im Büro sein. Ich kehre zurück am 09.02.2026.\n",
    ),
    Came("domino-nl-bare", AWAY, "Jess Martin is afwezig.", "Ik ben afwezig vanaf 02/02/2026 en kom terug op 09/02/2026.\n"),
    Came("groupwise", AWAY, "Re: [SUP-5] Printer (Out of office)", "I am away.\n", ("X-Autoreply: vacation",)),
    Came("vacation-program", AWAY, "away from my mail", "I will not be reading my mail for a while.\n", ("Precedence: bulk",)),
    Came("vacation-x", AWAY, "Re: [SUP-5] Printer", "I will be back on Monday.\n", ("X-Vacation: yes",)),
    Came("roundcube-fr", AWAY, "Absence", "Bonjour, je suis absent du 2 au 9 février.\n", ("Auto-Submitted: auto-replied (vacation)",)),
    Came("squirrel-bare-fr", AWAY, "Absence du bureau", "Je suis absent du bureau jusqu’au 9 février. Contactez ma collègue.\n"),
    Came("bare-nl", AWAY, "Afwezigheid: [SUP-5] Printer", "Ik ben met verlof tot 9 februari.\n"),
    Came("bare-de", AWAY, "Abwesenheitsnotiz", "Vielen Dank für Ihre Nachricht. Ich bin bis zum 9. Februar im Urlaub.\n"),
    Came("bare-fr-conges", AWAY, "Congés annuels Re: [SUP-5] Printer", "Je suis en congés jusqu’au 9 février.\n"),
    Came("bare-es", AWAY, "Fuera de la oficina", "Estoy de vacaciones hasta el lunes.\n"),
    Came("bare-it", AWAY, "Fuori ufficio", "Sono fuori ufficio fino a lunedì.\n"),
    Came("bare-pt", AWAY, "Fora do escritório", "Estou fora do escritório até segunda-feira.\n"),
    Came("bare-pl", AWAY, "Poza biurem", "Jestem nieobecny do poniedziałku.\n"),
    Came("bare-sv", AWAY, "Frånvaro", "Jag är på semester till måndag.\n"),
    Came("bare-da", AWAY, "Fravær", "Jeg er på ferie til mandag.\n"),
    Came(
        "bare-auto-en",
        AWAY,
        "Auto Reply: Printer",
        "Thank you for your email. I am currently out of the office with limited access to email.\n",
    ),
    Came("maternity", AWAY, "Automatic reply: Printer", "I am on maternity leave until September.\n"),
    Came(
        "left-firm-fr",
        AWAY,
        "Réponse automatique : Printer",
        "Je ne fais plus partie de la société. Écrivez à info@example.be.\n",
        EXCHANGE,
    ),
)

ANSWERS: tuple[Came, ...] = (
    Came(
        "cpanel",
        REPLY,
        "Re: Printer",
        "We got your mail.\n",
        ("X-Autorespond: Printer", "Precedence: auto_reply", "X-Loop: info@example.be"),
    ),
    Came("procmail", REPLY, "Re: Printer", "We got your mail.\n", ("Precedence: junk", "X-Auto-Reply: yes", "X-Loop: info@example.be")),
    Came("qmail-autoresponder", REPLY, "Re: Printer", "Received.\n", ("Delivered-To: Autoresponder", "Precedence: bulk"), path="<>"),
    Came(
        "zendesk",
        MADE,
        "[Request received] Printer",
        "##- Please type your reply above this line -##\nYour request (123) has been received and is being reviewed "
        "by our support staff.\n",
        ("Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "X-Mailer: Zendesk Mailer"),
    ),
    Came("freshdesk", MADE, "Ticket Received - [#12] Printer", "We have received your ticket.\n", ("Auto-Submitted: auto-generated",)),
    Came(
        "otrs",
        MADE,
        "[Ticket#2026020210000017] RE: Printer",
        "Thank you for your message.\n",
        ("Auto-Submitted: auto-generated", "Precedence: bulk"),
    ),
    Came(
        "otrs-reply",
        REPLY,
        "[Ticket#2026020210000017] RE: Printer",
        "Thanks.\n",
        ("Auto-Submitted: auto-replied", "X-Powered-By: OTRS"),
        path="<>",
    ),
    Came(
        "jira", MADE, "HELP-12 Printer", "We have received your request.\n", ("X-JIRA-FingerPrint: 6e7b", "Auto-Submitted: auto-generated")
    ),
    Came(
        "rt", MADE, "[example.be #12] AutoReply: Printer", "A ticket was opened.\n", ("Auto-Submitted: auto-generated", "RT-Ticket: x #12")
    ),
    Came(
        "rt-precedence",
        MADE,
        "[example.be #12] AutoReply: Printer",
        "A ticket was opened.\n",
        ("Precedence: bulk", "RT-Ticket: example.be #12"),
    ),
    Came(
        "servicenow", MADE, "Incident INC0010012 opened", "Opened on your behalf.\n", ("Auto-Submitted: auto-generated", "Precedence: bulk")
    ),
    Came(
        "salesforce",
        REPLY,
        "Case 00001026 was created",
        "We got it.\n",
        ("X-SFDC-LK: 00D", "Auto-Submitted: auto-replied", "Precedence: bulk"),
    ),
    Came(
        "hubspot",
        MADE,
        "We received your ticket",
        "Thanks for reaching out.\n",
        ("Auto-Submitted: auto-generated",),
        author="noreply@hub.example.net",
    ),
    Came(
        "contact-form", MADE, "Confirmation : votre demande", "Nous avons bien reçu votre demande.\n", author="ne-pas-repondre@example.be"
    ),
    Came(
        "contact-form-nl", MADE, "Bevestiging", "Wij hebben uw aanvraag goed ontvangen.\n", author="Gemeente <niet-beantwoorden@example.be>"
    ),
    Came("noreply-de", MADE, "Eingangsbestätigung", "Ihre Anfrage ist eingegangen.\n", author="nicht-antworten@example.be"),
    Came("noreply-suffix", MADE, "Your order", "It was sent.\n", author="Shop <orders-noreply@example.be>"),
    Came("noreply-dot", MADE, "Your order", "It was sent.\n", author="Shop <shop.no-reply@example.be>"),
    Came("noreply-plain", MADE, "Order shipped", "On its way.\n", author="no_reply+abc@example.be", path="<bounce-12@mail.example.be>"),
    Came("newsletter", LIST, "News of February", "Read more.\n", ("List-Unsubscribe: <https://example.be/u>",), author="news@example.be"),
    Came(
        "newsletter-bulk",
        LIST,
        "News of February",
        "Read.\n",
        ("List-Id: <news.example.be>", "Precedence: bulk"),
        author="no-reply@example.be",
    ),
    Came("mailman", LIST, "[all] Printer", "Hello all.\n", ("List-Id: <all.example.be>", "Precedence: list", "X-Mailman-Version: 2.1")),
    Came(
        "mailman-request",
        LIST,
        "confirm 1a2b",
        "To confirm, reply.\n",
        ("Precedence: bulk", "List-Id: <a.example.be>"),
        author="a-request@example.be",
    ),
    Came(
        "calendar-accept",
        CALENDAR,
        "Accepted: Printer visit",
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n",
        kind="text/calendar; method=REPLY",
    ),
    Came(
        "calendar-decline-fr",
        CALENDAR,
        "Refusé : visite",
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n",
        kind="text/calendar; method=REPLY",
    ),
    Came(
        "calendar-request",
        CALENDAR,
        "Printer visit",
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n",
        kind="text/calendar; method=REQUEST",
    ),
    Came("monitoring", MADE, "PROBLEM: disk full", "Disk / is 99 % full.\n", author="root@srv.example.be"),
    Came(
        "cron",
        MADE,
        "Cron <root@srv> backup",
        "done\n",
        ("Auto-Submitted: auto-generated", "X-Cron-Env: <SHELL=/bin/sh>"),
        author="root@srv.example.be",
    ),
    Came("scanner", MADE, "Scan from printer", "Attached.\n", author="scanner@example.be", path="<>"),
    # Absence notes bear this subject, and nothing tells which of them is one: both are filed.
    Came(
        "unattended-text",
        AWAY,
        "Automatic reply: Printer",
        "Thank you. This is an automated response, we answer within two days.\n",
        ("X-Autoreply: 1",),
    ),
    Came("spam-flag", SPAM, "Cheap watches", "Buy.\n", ("X-Spam-Flag: YES",)),
    Came(
        "office-desk-fr", REPLY, "Accusé de réception : Printer", "Nous avons bien reçu votre message.\n", ("Auto-Submitted: auto-replied",)
    ),
    Came("office-desk-nl", REPLY, "Ontvangstbevestiging: Printer", "Wij hebben uw bericht ontvangen.\n", ("X-Auto-Response: yes",)),
)

HELD: tuple[Came, ...] = (
    Came(
        "spamarrest", CHALLENGE, "Re: Printer", "Please click to prove it.\n", (ANSWER, "X-Spamarrest-noauth: 1"), author="jess@example.be"
    ),
    Came("boxbe", CHALLENGE, "Re: Printer (Action Required)", "Your message has been waitlisted.\n", (ANSWER,), author="jess@example.be"),
    Came(
        "mailinblack",
        CHALLENGE,
        "Re: Printer",
        "Cliquez sur le lien ci-dessous pour vous authentifier.\n",
        (ANSWER,),
        author="jess@example.be",
    ),
    Came(
        "tmda",
        CHALLENGE,
        "Please confirm your message",
        "This is a challenge.\n",
        (ANSWER, "X-Delivery-Agent: TMDA/1.1.12 (Macallan)", "Auto-Submitted: auto-replied"),
        author="jess-confirm-12.abc@example.be",
    ),
    Came(
        "earthlink",
        CHALLENGE,
        "Re: Printer",
        "I apologize for this automatic reply to your email. To control spam, I now allow incoming messages only "
        "from senders I have approved beforehand. If you would like to be added to my list of approved senders, "
        "please fill out the short request form.\n",
        (ANSWER,),
        author="jess@example.be",
    ),
    Came(
        "captcha-nl",
        CHALLENGE,
        "Re: Printer",
        "Klik op de onderstaande link om te bevestigen dat u een mens bent, zodat uw bericht wordt afgeleverd.\n",
        (ANSWER,),
    ),
    Came(
        "captcha-fr",
        CHALLENGE,
        "Re: Printer",
        "Pour que votre message me parvienne, merci de prouver que vous êtes un humain en cliquant ici.\n",
        (ANSWER,),
    ),
    Came(
        "vadesecure-fr",
        CHALLENGE,
        "Re: Printer - Authentification requise",
        "Votre message est en attente. Pour le libérer, veuillez confirmer que vous n'êtes pas un robot.\n",
        (ANSWER,),
    ),
    Came(
        "reply-to-confirm",
        CHALLENGE,
        "Re: Printer",
        "My mailbox is protected. Confirm your message by replying to this one; you need to do this only once.\n",
        (ANSWER,),
    ),
)

PEOPLE: tuple[Came, ...] = (
    Came("away-next-week", HUMAN, "Printer", "I am out of office next week, can you come on Thursday instead?\n"),
    Came("away-subject", HUMAN, "Out of office next week", "Hello, I am out of the office next week. Could you come on Thursday?\n"),
    Came("away-asks-how", HUMAN, "Out of office not working", "Hello, how do I set my automatic reply? It does not start.\n"),
    Came("away-reply-broken-fr", HUMAN, "Réponse automatique", "Bonjour, comment activer la réponse automatique dans Outlook ?\n"),
    Came("thanks-for-away", HUMAN, "Re: Automatic reply: Printer", "Thanks, I will ask your colleague then.\n"),
    Came("thanks-for-away-fr", HUMAN, "RE: Réponse automatique : Printer", "Merci, bonne journée.\n"),
    Came("parcel", HUMAN, "Undeliverable parcel", "The courier says that my parcel is undeliverable. Who pays?\n"),
    Came("order", HUMAN, "Delivery failed for my order 12", "The delivery failed twice. Please call me.\n"),
    Came("order-fr", HUMAN, "Colis non remis", "Bonjour, mon colis n’a pas été remis alors que j’étais là.\n"),
    Came("letter-nl", HUMAN, "Onbestelbaar", "Dag, mijn brief kwam terug als onbestelbaar. Wat nu?\n"),
    Came(
        "asks-about-bounce",
        HUMAN,
        "Fwd: Undelivered Mail Returned to Sender",
        "Why do I get this?\n\n> <gone@example.be>: 550 5.1.1 User unknown\n",
    ),
    Came("asks-inline", HUMAN, "Mail delivery failed", "Hello,\nI got this, what is it?\n\ngone@example.be\n550 5.1.1 User unknown\n"),
    Came(
        "forwards-without-words",
        HUMAN,
        "TR: Non remis : Printer",
        "\n\nDe : Microsoft Outlook\nObjet : Non remis\n\ngone@example.be\n550 5.1.1\n",
    ),
    Came(
        "from-mailroom",
        HUMAN,
        "Mail delivery at our building",
        "The mail delivery is at 9. Can the printer be there?\n",
        author="Mail Delivery <mailroom@example.be>",
    ),
    Came("mailbox-full", HUMAN, "Mailbox full", "My mailbox is full, I cannot send anything. Please help.\n"),
    Came("vacation-question", HUMAN, "Vacation days", "How many vacation days do I have left?\n"),
    Came("conge-question", HUMAN, "Congé de maternité", "Bonjour, je suis en congé de maternité et je voudrais un formulaire.\n"),
    Came("absent-meeting", HUMAN, "Absence à la réunion", "Je serai absente à la réunion de lundi, pouvez-vous m’envoyer le rapport ?\n"),
    Came("absence-of-son", HUMAN, "Absence: my son", "My son is ill and will be absent from school today.\n"),
    Came("afwezig-kind", HUMAN, "Afwezigheid leerling", "Mijn zoon is ziek en blijft vandaag thuis.\n"),
    Came("abwesend-frage", HUMAN, "Abwesend beim Termin", "Guten Tag, ich war gestern nicht da. Können wir einen neuen Termin machen?\n"),
    Came("autoforwarded", HUMAN, "Printer", "It is broken.\n", ("Auto-Submitted: auto-forwarded",)),
    Came("says-no", HUMAN, "Printer", "It is broken.\n", ("Auto-Submitted: no", "X-Auto-Response-Suppress: OOF")),
    Came("captcha-complaint", HUMAN, "Captcha", "Your form wants me to prove that I am a human, and it fails.\n"),
    Came(
        "captcha-answer", HUMAN, "Re: Printer", "The page asks me to confirm that I am not a robot and then nothing happens.\n", (ANSWER,)
    ),
    Came("abuse-named", HUMAN, "Printer", "Good morning, it is broken.\n", author="Nora Reply <nora.reply@example.be>"),
    Came("noreen", HUMAN, "Printer", "Good morning.\n", author="Noreen Plymouth <noreenp@example.be>"),
    Came("bouncy-name", HUMAN, "Printer", "Good morning.\n", author="Ann <ann.bouncer@example.be>"),
    Came("newsletter-question", HUMAN, "Unsubscribe", "Please remove me from the list.\n"),
    Came("not-delivered-nl", HUMAN, "Krant niet bezorgd", "Mijn krant is niet bezorgd vandaag.\n"),
    Came("returns", HUMAN, "Returned to sender", "My letter was returned to sender. Is the address right?\n"),
    Came("auto-subject", HUMAN, "Auto: vignette", "Bonjour, je voudrais une vignette pour ma voiture.\n"),
    Came("auto-car-away", HUMAN, "Auto: parking during holidays", "I am on holiday from 3 March. May my car stay in front of the house?\n"),
    Came(
        "ooo-handover",
        HUMAN,
        "Out of office: who takes over my tickets",
        "I will be out of the office from Monday. Ann takes over, please move my tickets to her.\n",
    ),
    Came("status-report", HUMAN, "Status of my delivery notification", "I did not receive the delivery notification for the chairs.\n"),
)

MORE: tuple[Came, ...] = (
    Came("outlook-web-fr", AWAY, "Réponse automatique", "Bonjour, je suis en vacances jusqu’au 9 février.\n", EXCHANGE),
    Came("outlook-nl-be", AWAY, "Automatisch antwoord", "Dag, ik ben met verlof tot en met 9 februari.\n", EXCHANGE, path="<>"),
    Came("exchange-bg", AWAY, "Автоматичен отговор: Printer", "Отсъствам до понеделник.\n", EXCHANGE),
    Came("exchange-et", AWAY, "Automaatvastus: Printer", "Olen kontorist eemal.\n", EXCHANGE),
    Came("exchange-lt", AWAY, "Automatinis atsakymas: Printer", "Nesu biure.\n", EXCHANGE),
    Came("exchange-lv", AWAY, "Automātiska atbilde: Printer", "Neesmu birojā.\n", EXCHANGE),
    Came("exchange-sr", AWAY, "Аутоматски одговор: Printer", "Nisam u kancelariji.\n", EXCHANGE),
    Came("exchange-zh", AWAY, "自动答复: Printer", "我不在办公室。\n", EXCHANGE),
    Came("exchange-ko", AWAY, "자동 회신: Printer", "휴가 중입니다.\n", EXCHANGE),
    Came("exchange-he", AWAY, "תשובה אוטומטית: Printer", "אני לא במשרד.\n", EXCHANGE),
    Came("exchange-ar", AWAY, "رد تلقائي: Printer", "أنا خارج المكتب.\n", EXCHANGE),
    Came("exchange-th", AWAY, "ตอบกลับอัตโนมัติ: Printer", "ไม่อยู่\n", EXCHANGE),
    Came(
        "gmail-fr",
        AWAY,
        "Congés Re: [SUP-5] Printer",
        "Je suis absente jusqu’au 9.\n",
        ("Precedence: bulk", "X-Autoreply: yes", "Auto-Submitted: auto-replied"),
    ),
    Came("horde", AWAY, "Out of Office: Printer", "I’m out of the office.\n", ("Auto-Submitted: auto-replied", "Precedence: bulk")),
    Came(
        "gmx-de",
        AWAY,
        "Abwesenheitsnachricht",
        "Vielen Dank für Ihre E-Mail. Ich bin derzeit nicht erreichbar.\n",
        ("Auto-Submitted: auto-replied",),
        path="<>",
    ),
    Came("proximus-nl", AWAY, "Out of office reply", "Ik ben op vakantie tot 9 februari.\n", ("Auto-Submitted: auto-replied",), path="<>"),
    Came("hmailserver-away", AWAY, "Out of office Re: Printer", "I'm away.\n", ("Auto-Submitted: auto-replied",)),
    Came(
        "notes-en",
        AWAY,
        "AUTO: Jess Martin/Example is out of the office (returning 02/09/2026)",
        "I am out of the office until 02/09/2026.\n\n\n\nNote: This is an automated response to your message  "
        '"Printer" sent on 2/2/2026.\n',
    ),
    Came("notes-nl", AWAY, "AUTO: Jess Martin is niet aanwezig (terug op 09-02-2026)", "Ik ben niet aanwezig tot 09-02-2026.\n"),
    Came("notes-it", AWAY, "AUTO: Jess Martin è fuori ufficio (ritorno il 09/02/2026)", "Sarò fuori ufficio fino al 09/02/2026.\n"),
    Came("away-null-path-only", AWAY, "Je suis en congé", "De retour lundi.\n", path="<>"),
    Came(
        "bare-nl-be", AWAY, "Out of office", "Beste,\n\nIk ben momenteel afwezig. Voor dringende zaken kunt u terecht bij mijn collega.\n"
    ),
    Came(
        "wordpress-form",
        MADE,
        "Nouveau message",
        "Un message.\n",
        ("X-Mailer: PHPMailer", "Auto-Submitted: auto-generated"),
        author="wordpress@example.be",
    ),
    Came(
        "glpi",
        MADE,
        "[GLPI #0000012] Nouveau ticket",
        "Ticket ouvert.\n",
        ("Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: OOF, DR, NDR, RN, NRN"),
    ),
    Came("helpscout", REPLY, "Re: Printer", "We got your message.\n", ("Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All")),
    Came("intercom", REPLY, "Re: Printer", "We will be back soon.\n", ("X-Autoreply: true", "X-Intercom-Bin: x")),
    Came("zoho-desk", REPLY, "Re: Printer", "Got it.\n", ("X-Autoreply: yes", "Auto-Submitted: auto-replied")),
    Came(
        "topdesk-nl",
        MADE,
        "Melding M2602 001 aangemaakt",
        "Uw melding is geregistreerd.\n",
        ("Auto-Submitted: auto-generated",),
        author="servicedesk@example.be",
    ),
    Came(
        "form-words-fr",
        MADE,
        "Votre demande",
        "Madame, Monsieur,\n\nVotre demande a bien été reçue.\n\nCeci est un message automatique, merci de ne pas y répondre.\n",
    ),
    Came(
        "form-words-en",
        MADE,
        "Your request",
        "We have received your request.\n\nThis is an automatically generated message. Please do not reply to this email.\n",
    ),
    Came(
        "form-words-nl",
        MADE,
        "Uw aanvraag",
        "Wij hebben uw aanvraag ontvangen.\n\nDit is een automatisch gegenereerd bericht, gelieve hier niet op te antwoorden.\n",
    ),
    Came(
        "form-words-de",
        MADE,
        "Ihre Anfrage",
        "Ihre Anfrage ist eingegangen.\n\nDiese E-Mail wurde automatisch erstellt. Bitte antworten Sie nicht auf diese E-Mail.\n",
    ),
    Came(
        "moderation",
        LIST,
        "Your message to all awaits moderator approval",
        "The reason it is being held: post by non-member.\n",
        ("List-Id: <all.example.be>", "X-List-Administrivia: yes", "Precedence: bulk"),
        author="all-bounces@example.be",
    ),
    Came(
        "google-groups",
        LIST,
        "[team] Printer",
        "Hello team.\n",
        ("Mailing-list: list team@example.be; contact team+owners@example.be", "Precedence: list"),
    ),
    Came("linkedin", MADE, "You have a message", "Read it.\n", author="messages-noreply@example.com"),
    Came("amazon", MADE, "Your order", "Shipped.\n", author="auto-confirm-noreply@example.com"),
    Came("github", MADE, "[repo] issue", "x\n", ("X-GitHub-Reason: mention", "Precedence: list"), author="notifications@example.com"),
    Came("voicemail", MADE, "Voicemail from 02", "Attached.\n", ("Auto-Submitted: auto-generated",), author="pbx@example.be"),
    Came("dmarc-report", MADE, "Report domain: example.org Submitter: example.net", "x\n", author="noreply-dmarc-support@example.net"),
    Came(
        "teams-cancel", CALENDAR, "Canceled: visit", "BEGIN:VCALENDAR\nMETHOD:CANCEL\nEND:VCALENDAR\n", kind="text/calendar; method=CANCEL"
    ),
    Came("sendio", CHALLENGE, "Re: Printer", "Please verify.\n", (ANSWER,), author="verify@mail.sendio.com"),
    Came(
        "approve-senders",
        CHALLENGE,
        "Re: Printer",
        "Your message was not delivered because you are not on my approved senders list.\n",
        (ANSWER,),
    ),
    Came("choicemail", CHALLENGE, "Re: Printer", "Please register.\n", ("X-ChoiceMail-Registration-Request: 1",)),
    Came("person-with-list-footer", HUMAN, "Printer", "It is broken.\n\n-- \nSent to all staff. Unsubscribe at the desk.\n"),
    Came("person-no-path", HUMAN, "Printer", "It is broken.\n", path=""),
    Came(
        "person-thread",
        HUMAN,
        "Re: [SUP-5] Printer",
        "Thanks, it works.\n\n> This is an automatically generated message. Please do not reply to this email.\n",
        (ANSWER,),
    ),
    Came(
        "person-pastes",
        HUMAN,
        "Your mail",
        'Hello, I got a mail from you: "This is an automatically generated message. Please do not reply to this email." What do I do?\n',
    ),
    Came("person-signature", HUMAN, "Printer", "It is broken.\n\nAnn\nPlease do not reply to this email if you are not the addressee.\n"),
    Came("person-low", HUMAN, "Printer", "It is broken.\n", ("Precedence: normal", "X-Priority: 3", "X-Autoreply: no")),
    Came(
        "person-forwarded-by-rule",
        HUMAN,
        "Printer",
        "It is broken.\n",
        ("X-MS-Exchange-Inbox-Rules-Loop: jess@example.be", "Auto-Submitted: auto-forwarded"),
    ),
    Came("person-dr-suppress", HUMAN, "Printer", "It is broken.\n", ("X-Auto-Response-Suppress: DR, RN, NRN",)),
    Came("moved-mail", HUMAN, "New address", "My old mailbox is full and no longer in use. Please write to this address.\n"),
    Came("rejected-form", HUMAN, "Message rejected", "Your form says message rejected when I send it.\n"),
    Came("failure-notice-from-school", HUMAN, "Failure notice", "My son got a failure notice from school. Where can I appeal?\n"),
    Came(
        "quotes-bounce-as-reply",
        HUMAN,
        "Re: Undelivered Mail Returned to Sender",
        "It came back again. Can you check?\n\n> <gone@example.be>: 550 5.1.1 User unknown\n",
    ),
    Came("de-frage-zustellung", HUMAN, "Zustellung fehlgeschlagen", "Guten Tag, mein Paket wurde nicht zugestellt. Was nun?\n"),
    Came("nl-vraag", HUMAN, "Niet bezorgd", "De brief van de gemeente is niet bezorgd bij mij thuis.\n"),
    Came("ooo-tool", HUMAN, "Automatic reply settings", "Please switch on the automatic reply of info@ from Monday on.\n"),
    Came("afwezig-donderdag", HUMAN, "Afwezig donderdag", "Dag, ik ben afwezig donderdag, graag een andere datum.\n"),
    Came("absent-report", HUMAN, "Absent lundi", "Bonjour, je suis absent lundi, merci de reporter le rendez-vous.\n"),
    Came("urlaub-termin", HUMAN, "Abwesenheit", "Guten Tag, ich bin im Urlaub am 5. März, können wir den Termin verschieben\n"),
    Came("reply-family-name", HUMAN, "Printer", "Broken.\n", author="Ann Noreply-Jones <ann.jones@example.be>"),
    Came("local-bounce-castle", HUMAN, "Castle", "May we rent it?\n", author="info@bouncy-castle.example.be"),
    Came("my-colleague-away", HUMAN, "Ann is out of the office", "Ann asks whether the printer will be ready on Monday.\n"),
    Came("son-absent-fr", HUMAN, "Mon fils est absent du bureau de vote", "Bonjour, mon fils n’a pas pu voter.\n"),
    Came("away-until-question", HUMAN, "Out of office", "Hi, I am out of the office until Monday, is the parcel kept that long?\n"),
    Came("works-nl", HUMAN, "Is afwezig", "Dag, mijn collega is afwezig, wie kan helpen met de printer?\n"),
    Came("form-human-auto", HUMAN, "Question", "Bonjour, ceci n’est pas un message automatique : je voudrais un rendez-vous.\n"),
    Came("reports-auto-mail", HUMAN, "Strange mail", "We get a mail that says: this is an automatically generated message. Is it yours?\n"),
    Came(
        "forward-auto",
        HUMAN,
        "Fwd: Order 12",
        "Wrong address on this order.\n\n---------- Forwarded message ----------\nFrom: shop\n\nThis is an automated "
        "message, please do not reply.\n",
    ),
    Came("forward-auto-nl", HUMAN, "FW: Uw aanvraag", "Graag nakijken.\n\nVan: info\n\nDit is een automatisch gegenereerd bericht.\n"),
    Came(
        "reply-on-top", HUMAN, "RE: Votre demande", "Merci, voici le document.\n\nDe : info\nCeci est un message automatique.\n", (ANSWER,)
    ),
    Came("challenge-talk", HUMAN, "Re: captcha", "I cannot prove it, the page shows nothing.\n", (ANSWER,)),
    Came("holiday-hours", HUMAN, "Holiday opening hours", "Are you open on Monday?\n"),
    Came("congés-demande", HUMAN, "Congés annuels", "Bonjour, comment demander mes congés ?\n"),
    Came("vakantie", HUMAN, "Vakantie", "Ik ben met vakantie van 3 tot 9 maart, wie houdt mijn post bij?\n"),
    Came("urlaub", HUMAN, "Urlaub", "Ich bin im Urlaub, bitte schicken Sie den Brief an meine Schwester.\n"),
    Came("away-instr", HUMAN, "Away from home", "I am away from home until May. Keep my letters at the desk.\n"),
    Came("ticket-note", HUMAN, "Automatic door broken", "The automatic door does not open.\n"),
    Came("auto-nl", HUMAN, "Auto: schade", "Mijn auto is beschadigd door een paal.\n"),
    Came("auto-de", HUMAN, "Auto: abgeschleppt", "Mein Auto wurde abgeschleppt. Ich bin im Urlaub und sehe es erst jetzt.\n"),
    Came("reply-automatique", HUMAN, "Re: Réponse automatique : Printer", "Je suis de retour, vous pouvez passer.\n", (ANSWER,)),
    Came("reply-auto-2", HUMAN, "RE: Automatic reply: Printer", "Thanks. I am on leave from Friday, so please come before.\n", (ANSWER,)),
    Came("mail-daemon-person", HUMAN, "Hello", "Good morning.\n", author="Damon Mailer <damon.mailer@example.be>"),
    Came("ticket-ooo-auto", AWAY, "Afwezigheidsbericht: Printer", "Bedankt voor uw bericht. Ik ben momenteel niet op kantoor.\n"),
    Came("ooo-en2", AWAY, "Out of Office", "Thank you for your email. I'm on leave and will reply on my return.\n"),
    Came("ooo-fr2", AWAY, "Absent du bureau", "Merci pour votre message. Je suis absente et serai de retour le 9.\n"),
    Came("ooo-fr3", AWAY, "Message d'absence", "Je suis actuellement en congés.\n"),
    Came("ooo-de2", AWAY, "Automatische Antwort", "Ich bin zurzeit nicht im Büro. Bitte wenden Sie sich an die Zentrale.\n"),
    Came("ooo-nl2", AWAY, "Automatisch antwoord", "Beste, ik ben er niet tot maandag.\n"),
    Came("ooo-es2", AWAY, "Respuesta automática", "Estaré fuera de la oficina hasta el lunes.\n"),
)

SAMPLES = (*ABSENT, *ANSWERS, *HELD, *PEOPLE, *MORE)


@pytest.mark.parametrize("one", SAMPLES, ids=[one.name for one in SAMPLES])
def test_a_mail_is_what_its_reader_sees_in_it(one: Came) -> None:
    """A machine's mail is known for what it is, and a person's words never go unread because they look like a machine's."""
    assert judged(read_mail(one.raw())).verdict is one.verdict


def test_each_sample_has_a_name_of_its_own() -> None:
    """A row that was copied and not changed is seen."""
    assert len({one.name for one in SAMPLES}) == len(SAMPLES)
    assert len({one.raw() for one in SAMPLES}) == len(SAMPLES)


def test_no_machine_is_answered_and_every_person_is_heard() -> None:
    """Nothing but people and their invitations may get an automatic answer."""
    for one in SAMPLES:
        assert judged(read_mail(one.raw())).may_answer <= (one.verdict in {HUMAN, CALENDAR})
