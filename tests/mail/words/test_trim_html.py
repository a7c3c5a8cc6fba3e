"""Answers as each mail program writes them in HTML, where no text part came with it: the words above its quotation, and those alone."""

from __future__ import annotations

import pytest

from gateway.mail.read.html import to_text
from gateway.mail.words.trim import trim
from gateway.mail.words.trim_html import signature_letters

WORDS = "C'est réglé."
OLD = "<p>Bonjour,</p><p>Veuillez redémarrer l'imprimante.</p>"
DESK = 'Support &lt;<a href="mailto:s@example.org">s@example.org</a>&gt;'
INTRO = f"Le mar. 24 nov. 2026 à 10:12, {DESK} a écrit&nbsp;:"
ENGLISH = f"On 24 Nov 2026, at 10:12, {DESK} wrote:"


def _rows(form: str, *rows: str) -> str:
    """Header rows "Label: value" in the form in which a program sets them."""
    return "".join(form.format(*(part.strip() for part in row.split(":", 1))) for row in rows)


HEAD_FR = (f"De: {DESK}", "Envoyé: mardi 24 novembre 2026 10:12", "À: Jess", "Objet: imprimante")
HEAD_NL = (f"Van: {DESK}", "Verzonden: dinsdag 24 november 2026 10:12", "Aan: Jess", "Onderwerp: printer")
HEAD_DE = ("Von: Support", "Gesendet: Dienstag, 24. November 2026 10:12", "An: Jess", "Betreff: Drucker")
UNKNOWN = (f"Zvf: {DESK}", "Qrt: 24 brn 2026 10:12", "Wlm: Jess", "Pkd: printer")

PAGES = {
    "gmail": f'<div dir="ltr">{WORDS}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{INTRO}<br>'
    f'</div><blockquote class="gmail_quote" style="margin:0px">{OLD}</blockquote></div>',
    "gmail with a signature": f'<div dir="ltr">{WORDS}<div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" '
    f'class="gmail_signature"><div>Jess</div></div></div><br><div class="gmail_quote"><div class="gmail_attr">{ENGLISH}<br></div>'
    f'<blockquote class="gmail_quote">{OLD}</blockquote></div>',
    "outlook": f'<div class="WordSection1"><p class="MsoNormal">{WORDS}<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><div>'
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">'
    f"{_rows('<b>{}&nbsp;:</b> {}<br>', *HEAD_FR)}<o:p></o:p></p></div></div>{OLD}</div>",
    "outlook without an address": f'<div class="WordSection1"><p class="MsoNormal">{WORDS}</p><div><div style="border-top:solid">'
    f'<p class="MsoNormal">{_rows("<b>{}:</b> {}<br>", *HEAD_DE)}</p></div></div>{OLD}</div>',
    "outlook on the web": f'<div>{WORDS}</div><div id="appendonsend"></div><hr style="width:98%"><div id="divRplyFwdMsg" dir="ltr"><font>'
    f"{_rows('<b>{}:</b> {}<br>', *HEAD_NL)}</font><div>&nbsp;</div></div>{OLD}",
    "outlook on the web, language unknown": f'<div>{WORDS}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr"><font>'
    f"{_rows('<b>{}:</b> {}<br>', *UNKNOWN)}</font></div>{OLD}",
    "outlook on a telephone": f'<div dir="ltr">{WORDS}</div><div id="ms-outlook-mobile-signature"><div><br></div>Télécharger '
    f'<a href="https://example.org/o">Outlook pour iOS</a></div><hr><div id="divRplyFwdMsg">{_rows("<b>{} :</b> {}<br>", *HEAD_FR)}</div>'
    f"{OLD}",
    "apple mail": f'<body>{WORDS}<br><div><br><blockquote type="cite"><div>{ENGLISH}</div><br class="Apple-interchange-newline">'
    f"<div>{OLD}</div></blockquote></div></body>",
    "iphone": f'<body dir="auto">{WORDS}<br><br><div dir="ltr">Envoyé de mon iPhone</div><div dir="ltr"><br><blockquote type="cite">{INTRO}'
    f'<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{OLD}</div></blockquote></body>',
    "thunderbird": f'<p>{WORDS}</p><div class="moz-cite-prefix">Op 24-11-2026 om 10:12 schreef Support:<br></div>'
    f'<blockquote type="cite" cite="mid:x">{OLD}</blockquote><pre class="moz-signature" cols="72">-- \nJess\nExample</pre>',
    "yahoo": f'<div class="ydp1"><div>{WORDS}</div></div><div id="ydp2" class="yahoo_quoted"><div><div>{INTRO}</div><div><br></div>'
    f"<div>{OLD}</div></div></div>",
    "zimbra": f'<div><div>{WORDS}</div><div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote>'
    f"{_rows('<b>{}: </b>{}<br>', *HEAD_FR)}</blockquote></div>"
    f'<div data-marker="__QUOTED_TEXT__"><blockquote>{OLD}</blockquote></div></div>',
    "notes": f"<font size=2>{WORDS}</font><br><br><br>{_rows('<font size=1>{}: &nbsp; &nbsp;</font><font size=1>{}</font><br>', *HEAD_FR)}"
    f"<hr noshade>{OLD}",
    "proton": f'<div>{WORDS}</div><div class="protonmail_signature_block"><div>Envoyé avec la messagerie sécurisée '
    f'<a href="https://example.org/">Proton Mail</a>.</div></div><div class="protonmail_quote">{INTRO}<br><br>'
    f'<blockquote class="protonmail_quote" type="cite">{OLD}</blockquote><br></div>',
    "gmx": f'<div><div>{WORDS}</div><div>&nbsp;<div name="quote"><div>'
    f"{_rows('<b>{}:</b>&nbsp;{}<br>', 'Gesendet: Dienstag, 24. November 2026 um 10:12 Uhr', f'Von: {DESK}', 'An: j', 'Betreff: x')}</div>"
    f'<div name="quoted-content">{OLD}</div></div></div></div>',
    "samsung": f'<div>{WORDS}</div><div id="composer_signature"><div>Envoyé depuis mon appareil Galaxy</div></div><div><br></div><div>'
    f"<div>-------- Message d'origine --------</div>"
    f"{_rows('<div>{} : {} </div>', f'De: {DESK}', 'Date: 24/11/2026  10:12  (GMT+01:00)', 'À: Jess', 'Objet: x')}</div>{OLD}",
    "hotmail": f'<div dir="ltr">{WORDS}<br><br><div><hr id="stopSpelling">Date: Tue, 24 Nov 2026 10:12:00 +0100<br>From: s@example.org<br>'
    f"To: j@example.org<br>Subject: x<br><br>{OLD}</div></div>",
    "roundcube": f'<p>{WORDS}</p><p id="reply-intro">Le 24.11.2026 10:12, Support a écrit :</p><blockquote type="cite">{OLD}</blockquote>',
    "zoho": f'<div><div>{WORDS}</div><div class="zmail_extra"><div>---- On Tue, 24 Nov 2026 10:12:00 +0100 '
    f"<b>{DESK}</b> wrote ---<br></div><blockquote>{OLD}</blockquote></div></div>",
    "mail.ru": f"<div>{WORDS}</div><blockquote>Вторник, 24 ноября 2026, 10:12 +03:00 от {DESK}:<br><div>{OLD}</div></blockquote>",
    "spark": f'<div name="messageBodySection">{WORDS}</div><div name="messageReplySection">{INTRO}<br><blockquote type="cite">{OLD}'
    "</blockquote></div>",
}


@pytest.mark.parametrize("program", PAGES)
def test_the_words_above_the_quotation_are_the_reply(program: str) -> None:
    """Whatever dress a program gives its quotation, the words above it are read, and what was asked is kept apart."""
    text = to_text(PAGES[program])
    trimmed = trim(text, html=PAGES[program])
    assert trimmed.reply == WORDS
    assert "redémarrer" in trimmed.quoted


@pytest.mark.parametrize("program", [name for name in PAGES if "</blockquote>" in PAGES[name] and "moz-signature" not in PAGES[name]])
def test_words_below_the_quotation_are_the_reply_too(program: str) -> None:
    """Who answers at the bottom is read: nothing that stands above his answer is hidden but the attribution."""
    html = PAGES[program] + "<p>Et aussi : merci à l'équipe.</p>"
    reply = trim(to_text(html), html=html).reply
    assert reply.startswith(WORDS)
    assert "merci à l'équipe." in reply


@pytest.mark.parametrize(
    ("html", "letters"),
    [
        ('<p>x</p><div class="gmail_signature">Jess <b>Martin</b></div>', "jessmartin"),
        ('<p>x</p><div class="gmail_signature">Jess <div>02 000 00 00</div></div><p>y</p>', "jess020000000"),
        ('<p>x</p><div class="gmail_signature">Jess <b>Martin', ""),
        ('<p>what is class="gmail_signature" good for?</p>', ""),
        ('<div class="gmail_signature">Jess</div><div class="gmail_quote">x</div>', "jess"),
        ('<div class="gmail_quote">x<div class="gmail_signature">Jess</div></div>', ""),
    ],
    ids=["whole", "with one inside", "never closed", "only spoken of", "above a quotation", "inside the quotation"],
)
def test_a_marked_signature_is_an_element_above_the_quotation(html: str, letters: str) -> None:
    """Where its end is not known, or the mark stands in somebody's words, nothing is taken for one."""
    assert signature_letters(html) == letters
