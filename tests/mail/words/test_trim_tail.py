"""The end of a reply: visiting cards, legal texts, what the HTML marks, how sure a cut is; and what help desks write above their mails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.read.html import to_text
from gateway.mail.read.parse import read_mail
from gateway.mail.understand import is_reply
from gateway.mail.words.trim import LEAST_CONFIDENCE, names_a_reply, trim, trim_signature
from tests.growth import assert_linear

OUTLOOK = "From: Support <support@example.org>\nSent: Tuesday, November 24, 2026 10:12 AM\nTo: Jess Martin\nSubject: Printer\n"
CARD = "Service Population\nCommune d'Exemple\nRue de l'Exemple 1\nTél. : 02 000 00 00\nwww.commune.example"


# --- visiting cards ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closing", ["Cordialement,", "Kind regards", "Met vriendelijke groeten,", "MfG"])
@pytest.mark.parametrize("below", ["Jess", "Jess Martin\nService Population", f"Jess Martin\n{CARD}"])
def test_closing_words_and_what_stands_below_are_a_signature(closing: str, below: str) -> None:
    """Who writes is said by the mail's sender; what was cut stands with the comment."""
    trimmed = trim(f"C'est réglé.\n\n{closing}\n\n{below}\n")
    assert trimmed.reply == "C'est réglé."
    assert trimmed.signature == f"{closing}\n\n{below}"


@pytest.mark.parametrize("closing", ["Merci,", "Thank you", "Bedankt,", "Vielen Dank"])
def test_below_thanks_the_name_stays_and_the_card_goes(closing: str) -> None:
    """Thanks are words to the reader; how to reach the writer is known."""
    trimmed = trim(f"C'est réglé.\n\n{closing}\n\nJess Martin\n{CARD}\n")
    assert trimmed.reply == f"C'est réglé.\n\n{closing}\n\nJess Martin"
    assert trimmed.signature == CARD


def test_a_card_below_a_rule_goes_whole() -> None:
    """A rule and below it nothing but short lines, some of them numbers and links, is a signature without its delimiter."""
    trimmed = trim(f"C'est réglé.\n\n----------\nJess Martin\n{CARD}\n")
    assert trimmed.reply == "C'est réglé."
    assert trimmed.signature.endswith(CARD)


CARDS_THAT_STAY = {
    "numbers typed by hand": "Toujours en panne.\n\nMerci,\nJess\n02 000 00 00\n0470 00 00 00",
    "no closing words": f"Voici à qui s'adresser.\n\nAnn Citizen\n{CARD}",
    "a rule that announces": f"Appelez cette personne :\n-----\nAnn Citizen\n{CARD}",
    "a postscript": "C'est réglé.\n\nCordialement,\nJess\nTél. : 02 000 00 00\nwww.commune.example\n\nPS : pouvez-vous rappeler demain ?",
    "a postscript without an end": "C'est réglé.\n\nCordialement,\nJess\nTél. : 02 000 00 00\nwww.commune.example\n\nPS Rappel demain",
    "words below": "C'est réglé.\n\nCordialement,\nJess\nTél. : 02 000 00 00\nwww.commune.example\n\nvoir la pièce jointe",
    "a sentence": "C'est réglé.\n\nMerci\nJess\nTél. : 02 000 00 00\nwww.commune.example\nAppelez après seize heures.",
    "numbers that are no telephones": "Les compteurs :\n\nMerci\nJess\nÉtage 1 : 1234567\nÉtage 2 : 7654321\nÉtage 3 : 5555555",
    "dates": "Nous proposons :\n\nMerci\nJess\n01/12/2026\n02/12/2026\n03/12/2026",
    "no card": "C'est réglé.\n\nMerci,\nJess Martin\nService Population",
}


@pytest.mark.parametrize("name", CARDS_THAT_STAY)
def test_what_is_no_card_stays(name: str) -> None:
    """A number that somebody gives, a person whom he names, a word below his name: all are words of the reply."""
    assert trim(CARDS_THAT_STAY[name]).reply == CARDS_THAT_STAY[name]


# --- legal texts --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Ce message est confidentiel et à l'usage exclusif de son destinataire. Reçu par erreur, merci d'en avertir l'expéditeur.",
        "Deze e-mail is vertrouwelijk en bestemd voor de geadresseerde. Kreeg u hem per vergissing, gelieve de afzender te verwittigen.",
        "Diese E-Mail ist vertraulich. Sind Sie nicht der Adressat, informieren Sie den Absender und vernichten Sie diese Nachricht.",
        "This mail is intended solely for the addressee. If you received it in error, notify the sender. Its use is strictly prohibited.",
    ],
)
def test_a_last_paragraph_that_speaks_of_nothing_else_is_a_legal_text(text: str) -> None:
    """Where nothing sets it apart, its words do: three of them at least, in a paragraph as long as lawyers write."""
    assert trim(f"C'est réglé.\n\nJess\n\n{text}\n").reply == "C'est réglé.\n\nJess"


def test_a_legal_text_between_two_rules_goes_from_the_middle() -> None:
    """A gateway's legal text goes also where another program added a list of links below it, which stays."""
    rule = "*" * 60
    legal = "This message is confidential.\nIt may be monitored."
    trimmed = trim(f"See [1]this page.\n\n{rule}\n{legal}\n{rule}\n\nReferences\n1. https://example.org/a\n")
    assert trimmed.reply.split() == ["See", "[1]this", "page.", "References", "1.", "https://example.org/a"]
    assert legal in trimmed.signature


@pytest.mark.parametrize(
    "text",
    [
        f"The table:\n\n{'-' * 40}\nconfidential   12\nopen           30\n{'-' * 40}\n\nIs it right?",
        f"{'=' * 40}\nTitle\n{'=' * 40}\nText below it.",
        "Please check the list.\n-----\nconfidential files on the second floor",
    ],
)
def test_a_table_is_no_legal_text(text: str) -> None:
    """One word of the law between two rules makes no legal text."""
    assert trim(text).reply == text


def test_a_rule_that_a_gateway_drew_needs_one_word_of_the_law() -> None:
    """Nobody types sixty dashes: what stands below them and speaks of confidence is a footer."""
    assert trim(f"Hello,\n\nit works.\n\n{'-' * 80}\n\nThis text is confidential.\n").reply == "Hello,\n\nit works."


@pytest.mark.parametrize(
    "below",
    [
        f"{'_' * 32}\n\nThe second part of my words.",
        "-- \nJess\n\nP.S. It is the one in room 4.",
        f"{'*' * 40}\nThis text is confidential.\nPS: it is the one in room 4.",
        "Our virus scanner calls the mail to the addressee confidential.",
        "It says confidential, privileged and sent in error. What shall I do?",
    ],
)
def test_words_at_the_end_are_no_footer(below: str) -> None:
    """A second part below a rule, a postscript below a signature, a question about a legal text: all are words of the writer."""
    text = f"Hello,\n\nit works.\n\n{below}"
    assert trim(text).reply == text


def test_a_rule_with_nothing_below_it_goes() -> None:
    """A line of dashes at the very end holds no word."""
    assert trim("It works.\n\nJess\n\n---------\n").reply == "It works.\n\nJess"


# --- how sure -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "note",
    [
        "See my answers below.",
        "Please find my comments below, in red.",
        "Voir ci-dessous.",
        "Mes réponses, en rouge :",
        "Zie hieronder!",
        "Antwoord staat in het rood.",
        "Siehe unten",
        "Meine Antworten in rot.",
    ],
)
def test_who_answers_inside_an_unmarked_quotation_is_read_whole(note: str) -> None:
    """Nothing shows which of the lines are his: nothing is hidden, and the confidence says why."""
    text = f"Hello,\n\n{note}\n\nJess\n\n{OUTLOOK}\nWhich printer? The one in room 4.\n"
    trimmed = trim(text)
    assert trimmed.reply == text
    assert (trimmed.quoted, trimmed.signature) == ("", "")
    assert trimmed.confidence < LEAST_CONFIDENCE


def test_words_like_them_elsewhere_hide_as_ever() -> None:
    """What the quotation says of answers below is not said by the writer; a marked quotation shows which lines are his."""
    assert trim(f"It works.\n\n{OUTLOOK}\nSee below.\n").reply == "It works."
    assert trim("See below.\n\nOn 24/11/2026 10:12, Support wrote:\n> Please restart.\n").reply == "See below."


def test_the_least_sure_cut_counts() -> None:
    """What is marked line by line is surer than a separator in words, and that surer than a card; where nothing is cut all is sure."""
    marked = trim("It works.\n\n> Please restart.\n").confidence
    separated = trim(f"It works.\n\n{OUTLOOK}\nPlease restart.\n").confidence
    card = trim(f"It works.\n\nRegards,\nJess\n{CARD}\n\n> Please restart.\n").confidence
    assert 1.0 > marked > separated > card >= LEAST_CONFIDENCE
    assert trim("It works.").confidence == 1.0


def test_our_own_marker_is_as_sure_as_nothing_else() -> None:
    """We wrote it."""
    assert trim("It works.\n\n## answer above ##\nHello\n", own_markers=("## answer above ##",)).confidence == 1.0


# --- what the HTML marks ---------------------------------------------------------------------------------------------------------------

SIGNED = (
    '<div>It works.<div><br></div><div><div dir="ltr" class="gmail_signature"><div>Jess Martin</div><div>Example</div></div></div></div>',
    '<div>It works.</div><div id="Signature"><div>Jess Martin</div><p>Example <a href="https://example.org/">site</a></p></div>',
    '<p>It works.</p><div class="moz-signature">Jess Martin<br>Example</div>',
    '<div>It works.</div><div id="ms-outlook-mobile-signature"><div>Jess Martin</div>Example</div>',
)


@pytest.mark.parametrize("html", SIGNED)
@pytest.mark.parametrize("call", [trim, trim_signature])
def test_a_signature_that_the_html_marks_goes(html: str, call: Callable[..., object]) -> None:
    """A program's own mark is enough, without a delimiter and in a first mail too."""
    trimmed = call(to_text(html), html=html)
    assert getattr(trimmed, "reply", "") == "It works."
    assert str(getattr(trimmed, "signature", "")).startswith("Jess Martin")


@pytest.mark.parametrize("below", ["<p>One more thing: which room?</p>", "<div>P.S. call me</div>"])
def test_words_below_a_marked_signature_keep_it(below: str) -> None:
    """Where more than the signature's own words stand at the end, nothing is cut."""
    html = SIGNED[0] + below
    assert trim(to_text(html), html=html).reply == to_text(html)


def test_a_signature_inside_the_quotation_is_not_the_writers() -> None:
    """The mark of the mail that is answered says nothing of this one."""
    html = f"<p>Jess Martin Example</p><blockquote type=cite>{SIGNED[0]}</blockquote>"
    assert trim("Jess Martin Example", html=html).reply == "Jess Martin Example"


def test_an_attribution_in_no_known_language_goes_with_its_marked_quotation() -> None:
    """The HTML says that it belongs to the quotation, the marks say where that is."""
    html = (
        '<p>It works.</p><div class="gmail_quote"><div class="gmail_attr">Qlv 24 brnm Support &lt;<a href="mailto:s@example.org">'
        's@example.org</a>&gt; zrk:</div><blockquote class="gmail_quote"><p>Please restart.</p></blockquote></div>'
    )
    assert trim(to_text(html), html=html).reply == "It works."


# --- nothing is lost --------------------------------------------------------------------------------------------------------------------

_PIECES = (
    *("It works.", "", "", "> Which room?", ">> Please restart.", "-- ", "--", "Jess Martin", "Cordialement,", "Tél. : 02 000 00 00"),
    *(
        "www.commune.example",
        "*" * 40,
        "_" * 40,
        "-" * 70,
        "This is confidential and may hold a virus.",
        "Sent from my iPhone",
        "P.S. Room 4",
    ),
    *("On 24/11/2026 10:12, Support <support@example.org> wrote:", "---", "*Previous Replies*", "##- Reply above this line -##", "JM> yes"),
    *(
        "From: Support <support@example.org>",
        "Date: 24/11/2026 10:12",
        "Subject: printer",
        "See below in red.",
        "-----Original Message-----",
    ),
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=24), st.sampled_from([None, "<div class=gmail_signature>Jess Martin</div>"]))
def test_every_word_is_in_one_of_the_three_parts(pieces: list[str], html: str | None) -> None:
    """Whatever stands in which order, no word is lost and none is doubled, the reply says something, and doubt shows all."""
    text = "\n".join(pieces)
    for trimmed in (trim(text, html=html), trim_signature(text, html=html)):
        assert sorted(f"{trimmed.reply} {trimmed.quoted} {trimmed.signature}".split()) == sorted(text.split())
        assert trimmed.reply.strip() or not text.strip()
        assert trimmed.confidence >= LEAST_CONFIDENCE or trimmed.reply == text


# --- other desks' separators -----------------------------------------------------------------------------------------------------------

SEPARATORS = (
    "##- Please type your reply above this line -##",
    "--- Reply above. Do not remove this line. ---",
    "## Veuillez répondre au-dessus de cette ligne ##",
    "=== Gelieve uw antwoord boven deze lijn te schrijven ===",
    "## Bitte schreiben Sie Ihre Antwort oberhalb dieser Zeile ##",
    "##- Por favor responda por encima de esta línea -##",
    "---\n*Previous Replies*",
    "---\n*Réponses précédentes*",
    "---\n**Vorherige Antworten**",
)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_another_desks_separator_cuts_and_makes_a_reply(separator: str) -> None:
    """Only an answer to such a program has words above its separator, whatever its headers say."""
    text = f"It works.\n\n{separator}\n\nYou asked about the printer.\n"
    assert trim(text).reply == "It works."
    assert names_a_reply(text)
    raw = f"From: jess@example.org\nSubject: printer\n\n{text}".encode()
    assert is_reply(read_mail(raw))
    assert not is_reply(read_mail(raw.replace(b"Subject: ", b"Subject: Fwd: ")))


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\n- please reply to the mail above\n- and call me\n\nJess",
        "Hello,\n\n*Previous replies* did not help.\n\nJess",
        "Hello,\n\n*Previous replies*\n\nare lost.",
        "##- Please type your reply above this line -##\n\nYour request was closed.",
        "---\n*Previous Replies*\n\nPosted by Jess",
    ],
)
def test_an_item_of_a_list_or_a_programs_own_mail_is_no_reply(text: str) -> None:
    """A list item is not framed, and a program's own mail begins with its separator."""
    assert not names_a_reply(text)
    assert trim(text).reply == text


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("R: stampante", True),
        ("Ré : imprimante", True),
        ("[EXT] [SUP-1] RE : imprimante", True),
        ("TR : RE : imprimante", True),
        ("Re^2: printer", True),
        ("回复：打印机", True),
        ("Ответ: принтер", True),
        ("Regarding: the printer", False),
        ("Printer: re-installed", False),
        ("FW: Re: printer", False),
    ],
)
def test_the_first_word_of_a_subject_says_reply(subject: str, says: bool) -> None:
    """As mail programs write it in their language, behind tags in brackets; a word that begins with it says nothing."""
    assert is_reply(replace(read_mail(b"From: jess@example.org\n\nx"), subject=subject)) is says


def test_what_is_passed_on_is_read_whole() -> None:
    """Mail programs keep the thread of what they forward; its words are what the mail is about, unless our own marker stands in it."""
    mail = read_mail(f"From: jess@example.org\nSubject: Fwd: printer\nReferences: <1@example.be>\n\nSee:\n\n{OUTLOOK}\nText".encode())
    assert not is_reply(mail)
    assert is_reply(mail, ("Text",))
    assert is_reply(replace(mail, subject="printer"))


# --- time ------------------------------------------------------------------------------------------------------------------------------

CRAFTED: dict[str, Callable[[int], tuple[str, str]]] = {
    "cards": lambda n: ("x\n\nMerci\nJess\n" + "Tél. 02 000 00 00\nwww.example.org\n" * (n // 8), ""),
    "closings": lambda n: ("x\n" + "Merci\nTél. 02 000 00 00\n" * (n // 8), ""),
    "frames": lambda n: ("x\n" + f"{'*' * 30}\nvirus confidential\n" * (n // 16), ""),
    "separators": lambda n: ("x\n" + "#reply above#\n" * (n // 8), ""),
    "run together": lambda n: ("x\n" + "----- Forwarded Message ----- From: To: Sent:\n" * (n // 16), ""),
    "signatures": lambda n: ("x\n" + "a\n" * n, "<div class=gmail_signature>" * (n // 8) + "a" * n),
    "closed signatures": lambda n: ("x\n" + "\n" * n + "a", "<div class=gmail_signature>" + "<div></div>" * (n // 8) + "a</div>"),
    "blank tail": lambda n: ("x\n" + "-\n" * n, '<div class="gmail_signature">' + "a" * 2000 + "</div>"),
    "open tags": lambda n: ("x\ny", "<" * n + "<div class=gmail_signature>" + "<" * n),
    "quotations": lambda n: ("x\n> y", "<div class=gmail_quote>" * (n // 8)),
}


@pytest.mark.parametrize("name", CRAFTED)
def test_twice_the_text_takes_twice_the_time(name: str) -> None:
    """CASES F6, A3.14: what is asked of the end and of the HTML is asked in linear time too."""
    once, twice = CRAFTED[name](10_000), CRAFTED[name](20_000)

    def work(text: str, html: str) -> None:
        trim(text, html=html)
        names_a_reply(text)

    assert_linear(lambda: work(*once), lambda: work(*twice), too_quick=0.02)


def test_closing_words_with_nothing_below_are_words() -> None:
    """There is no signature to take off, and who closes so is not cut."""
    assert trim("C'est réglé.\n\nCordialement,\n").reply == "C'est réglé.\n\nCordialement,"


def test_a_bare_double_dash_takes_off_one_thing_only() -> None:
    """People part paragraphs with it: a second one above, or one above a long text, is no signature's."""
    assert trim_signature("Two things:\n\n--\nthe printer\n\n--\nJess\n").reply == "Two things:\n\n--\nthe printer"
    long = "Hello\n\n--\n" + "one more line\n" * 40
    assert trim_signature(long).reply == long.strip()
