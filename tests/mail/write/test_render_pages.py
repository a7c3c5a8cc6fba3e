"""The mails that bring a customer back: the survey's row, the decision, the way back, and what a request's page is said to be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.decision import ACCEPT, REFUSE, read_decision
from gateway.mail.write.layout import tidy
from gateway.mail.write.render import AGENT_MAILS, CUSTOMER_MAILS, MAX_EXCHANGE, WORDLESS_MAIL, MailContext, Renderer
from gateway.mail.write.texts import LANGUAGES, MailTexts
from tests.mail.render_values import CASES, EMPTY, FULL, LATER, NO_PAGE, PAGE, STEPS, TEMPLATES, URL, Outline, all_mails, tidy_back

SURVEY_MAILS = ("resolved", "closed", "survey_reminder")
GUARDED = CASES["guarded"]
CATALOGUES = MailTexts(TEMPLATES / "locale")


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """Ours, in the time zone of the people who read them."""
    return Renderer(TEMPLATES / "mail", TEMPLATES / "locale", zone=ZoneInfo("Europe/Brussels"))


def links(page: str, *classes: str) -> list[str | None]:
    """The addresses of a page's links of some classes, in order."""
    return [attributes["href"] for tag, attributes in Outline(page).tags if tag == "a" and attributes.get("class") in classes]


@pytest.mark.parametrize("mail", SURVEY_MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_survey_s_row_has_five_steps_in_order(renderer: Renderer, mail: str, language: str) -> None:
    """1 to 5, each with its own address, from the worst to the best, in both parts; in the text part a line each, however long it is."""
    made = renderer.render(mail, language, replace(GUARDED, reopen_url=None))
    labels = [CATALOGUES.plain(language, f"survey.{n}") for n in range(1, 6)]
    assert links(made.html, "step-link") == list(STEPS)
    at = made.text.index(f"1 {labels[0]}")
    assert made.text[at:].split("\n")[:5] == [f"{n} {labels[n - 1]}  <{STEPS[n - 1]}>" for n in range(1, 6)]
    shown = Outline(made.html).shown
    places = [shown.index(f"{n}{labels[n - 1]}") for n in range(1, 6)]
    assert places == sorted(places)
    assert len(set(labels)) == 5


def test_a_survey_of_other_than_five_steps_is_none(renderer: Renderer) -> None:
    """Without its five addresses no question is asked, in no part, and not in the preheader."""
    for mail in SURVEY_MAILS:
        for urls in ((), STEPS[:4], (*STEPS, URL)):
            made = renderer.render(mail, "en", replace(FULL, survey_urls=urls))
            for part in (made.text, made.html, made.preheader):
                assert "rate our service" not in part
                assert STEPS[0] not in part
    assert renderer.render("resolved", "en", FULL).preheader == "Your request is resolved. How do you rate our service?"


@pytest.mark.parametrize("mail", ["approval_request", "approval_again", "reminder", "resolve_warning"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_has_two_buttons_or_none(renderer: Renderer, mail: str, language: str) -> None:
    """Accept before refuse, each with its own address, in both parts; where one of both is missing neither is shown, but the page."""
    context = CASES["asked for a decision"]
    made = renderer.render(mail, language, context)
    assert links(made.html, "btn", "btn-other") == [f"{PAGE}accept", f"{PAGE}refuse"]
    assert made.text.index(f"\n<{PAGE}accept>\n") < made.text.index(f"\n<{PAGE}refuse>\n")
    assert CATALOGUES.plain(language, "confirm_page") in tidy_back(made.text)
    for half in (replace(context, accept_url=None), replace(context, refuse_url=None)):
        alone = renderer.render(mail, language, half)
        assert links(alone.html, "btn", "btn-other") == [URL]
        assert f"{PAGE}accept" not in alone.text
        assert f"{PAGE}refuse" not in alone.text
        assert CATALOGUES.plain(language, "confirm_page") not in tidy_back(alone.text)


def test_the_words_that_a_mail_asks_for_are_understood(renderer: Renderer) -> None:
    """Who begins his answer as M05 says has decided: both quoted words, in every language, with a comment behind them."""
    for language in LANGUAGES:
        for mail in ("approval_request", "approval_again"):
            for context in (FULL, replace(FULL, **NO_PAGE)):
                words = re.findall("[«“„]\u00a0?(\\w+)\u00a0?[»”“]", tidy_back(renderer.render(mail, language, context).text))
                assert [read_decision(f"{word}\nIt prints.") for word in words] == [ACCEPT, REFUSE], f"{language} {words}"


def test_one_primary_button(renderer: Renderer) -> None:
    """SURFACE 3.2, 2: at most one filled button in every mail; beside it stand only the other half of a decision and a survey's row."""
    for mail, language, case, made in all_mails(renderer):
        assert len(links(made.html, "btn")) <= 1, f"{mail} {language} {case}"
    for mail, address in MAIN_BUTTON.items():
        assert links(renderer.render(mail, "nl", FULL).html, "btn") == [address]


MAIN_BUTTON = {
    "answer_needed": f"{PAGE}answer",
    "reminder": f"{PAGE}answer",
    "resolve_warning": f"{PAGE}answer",
    "guard_returned": f"{PAGE}publish",
    "decision_receipt": URL,
    "resolved": URL,
    "closed": URL,
    "survey_reminder": URL,
    "view_link": URL,
    "agent_client_decided": URL,
    "agent_low_rating": URL,
}


OF_A_PAGE = ("confirm_page", "survey.question", "survey.confirm", "survey.preheader", "survey.reminder_preheader", "approval.how_page")
OF_A_PAGE += ("warning.by_page", "reopen.link", "returned.button", "receipt.undo", "receipt.undo_link", "link.valid")
OF_A_PAGE += ("link.not_you",)
LINES_OF_A_PAGE = ("accept", "refuse", "reopen.short")
"""Other sentences may begin with these words."""


def test_no_sentence_of_a_page_without_its_address(renderer: Renderer) -> None:
    """Where there is no page nothing is said of one: no question without its row, no mistake to undo, no link that is valid."""
    for mail in CUSTOMER_MAILS:
        for language in LANGUAGES:
            for context in (replace(FULL, **NO_PAGE), replace(GUARDED, **NO_PAGE), replace(CASES["asked for a decision"], **NO_PAGE)):
                made = renderer.render(mail, language, context)
                lines, whole = made.text.split("\n"), tidy_back(made.text) + made.preheader
                for key in OF_A_PAGE:
                    assert CATALOGUES.plain(language, key, key="SUP-19258") not in whole, f"{mail} {language} {key}"
                for key in LINES_OF_A_PAGE:
                    assert CATALOGUES.plain(language, key) not in lines, f"{mail} {language} {key}"
                date = renderer.texts.day(language, LATER)
                for key in ("reopen.until", "receipt.undo_until", "returned.until"):
                    assert CATALOGUES.plain(language, key, date=date, time="00:30") not in whole, f"{mail} {language} {key}"


@pytest.mark.parametrize(
    ("language", "date"), [("fr", "1er décembre 2026"), ("en", "1 December 2026"), ("nl", "1 december 2026"), ("de", "1. Dezember 2026")]
)
def test_days_are_those_of_the_reader(renderer: Renderer, language: str, date: str) -> None:
    """A day is written as the language does, in the configured time zone; hours are left out where a day is meant."""
    for mail in ("resolved", "closed", "reminder", "resolve_warning", "guard_returned"):
        made = renderer.render(mail, language, GUARDED)
        assert date in tidy_back(made.text), mail
        assert date in Outline(made.html).shown, mail
        assert "00:30" not in made.text, mail
    assert "00:30" in renderer.render("decision_receipt", language, FULL).text


def test_french_says_first_on_the_first_only(renderer: Renderer) -> None:
    """« 1er » for the first of a month; the eleventh and the twenty-first are plain numbers."""
    days = [renderer.texts.day("fr", datetime(2026, 8, day, 12, tzinfo=UTC)) for day in (1, 11, 21)]
    assert days == ["1er août 2026", "11 août 2026", "21 août 2026"]


@pytest.mark.parametrize("mail", CUSTOMER_MAILS)
def test_the_guard_is_said_once_and_before_the_button(renderer: Renderer, mail: str) -> None:
    """Once in each part; what to do instead stands behind it, then the button; the mail that hands words back says it last."""
    for language in LANGUAGES:
        made = renderer.render(mail, language, GUARDED)
        guard = CATALOGUES.plain(language, "guard")
        button = CATALOGUES.plain(language, "view", key="SUP-19258")
        for whole in (tidy_back(made.text), Outline(made.html).shown):
            assert whole.count(guard) == 1
            assert whole.index(guard) < whole.rindex(button)
        quiet = renderer.render(mail, language, FULL)
        assert guard not in tidy_back(quiet.text) + Outline(quiet.html).shown


def test_resolved_says_when_it_ends_and_how_to_come_back(renderer: Renderer) -> None:
    """M06: the way back by page and the day of closing; by mail where a reply is read; nothing of a day that is not known."""
    made = tidy_back(renderer.render("resolved", "en", GUARDED).text)
    assert "You can reopen the request until 1 December 2026." in made
    assert f"<{PAGE}reopen>" in made
    assert "Unless we hear from you, the request will be closed on 1 December 2026." in made
    by_mail = tidy_back(renderer.render("resolved", "en", FULL).text)
    assert "Reply to this message within 30 days" in by_mail
    assert "You can reopen" not in by_mail
    bare = renderer.render("resolved", "en", EMPTY).text
    assert "closed on" not in bare
    assert "reopen" not in bare
    assert "until" not in renderer.render("closed", "en", replace(GUARDED, reopen_until=None)).text


def test_a_reminder_says_since_when_and_for_what(renderer: Renderer) -> None:
    """M09: an answer or a decision, since when, for how many days, and that it comes twice at most."""
    made = renderer.render("reminder", "en", FULL)
    assert made.preheader == "Your answer has been needed for 3 days"
    assert "Reminder: we have been waiting for your answer since 1 December 2026." in tidy_back(made.text)
    assert "We send this reminder twice at most." in made.text
    asked = renderer.render("reminder", "en", CASES["asked for a decision"])
    assert "waiting for your decision since" in tidy_back(asked.text)
    assert f"{PAGE}answer" not in asked.text + asked.html
    assert renderer.render("reminder", "fr", replace(FULL, days_waiting=1)).preheader == "Réponse requise depuis 1 jour"
    unknown = renderer.render("reminder", "en", EMPTY)
    assert "Reminder: we are waiting for your answer.\n" in unknown.text
    assert unknown.preheader == "Your answer is needed"


def test_a_warning_says_how_to_prevent_it(renderer: Renderer) -> None:
    """M10: the day, and one sentence on what to do: by mail where it is read, else on the page, else none."""
    made = tidy_back(renderer.render("resolve_warning", "en", FULL).text)
    assert "the request will be treated as resolved on 1 December 2026. Just reply to this message" in made
    assert "Just answer on the request page" in tidy_back(renderer.render("resolve_warning", "en", GUARDED).text)
    assert "Just" not in renderer.render("resolve_warning", "en", EMPTY).text


def test_words_behind_a_guard_come_back(renderer: Renderer) -> None:
    """M11: nothing is lost, his own words and how many files; one button to publish them, or that the team sees them."""
    made = renderer.render("guard_returned", "en", GUARDED)
    assert "| No, still stars.\n| See the photo.\n" in made.text
    assert "2 attachments are kept with it." in made.text
    assert "| Hello Alex," not in made.text
    assert f"Publish my reply on SUP-19258\n<{PAGE}publish>\n" in made.text
    assert "The team sees your text." not in made.text
    alone = renderer.render("guard_returned", "en", replace(GUARDED, publish_url=None, held_files=1))
    assert "The team sees your text." in alone.text
    assert "1 attachment is kept with it." in alone.text
    assert "attachment" not in renderer.render("guard_returned", "en", replace(GUARDED, held_files=0)).text


@pytest.mark.parametrize(
    ("decision", "receipt", "told"),
    [
        ("accepted", "Noted: you accepted the solution.", "Alex Dubois accepted the solution."),
        ("refused", "Noted: you refused the solution.", "Alex Dubois refused the solution."),
        ("reopened", "Noted: you reopened the request.", "Alex Dubois reopened the request."),
        ("undone", "Noted: your decision is undone.", "Alex Dubois took the decision back."),
        ("of-tomorrow", "Noted.", "Alex Dubois decided."),
    ],
)
def test_a_decision_is_told_to_both_sides(renderer: Renderer, decision: str, receipt: str, told: str) -> None:
    """M12 and A03: what was decided, in the preheader too, the status that it led to, and the customer's words for the agent."""
    context = replace(FULL, decision=decision)
    mine, theirs = renderer.render("decision_receipt", "en", context), renderer.render("agent_client_decided", "en", context)
    assert mine.preheader == receipt
    assert f"{receipt} New status: Resolved." in tidy_back(mine.text)
    assert f"You can undo it until 00:30.\n\nUndo my decision\n<{PAGE}undo>\n" in mine.text
    assert "undo" not in renderer.render("decision_receipt", "en", replace(context, undo_url=None, decision="accepted")).text
    assert theirs.preheader == told
    assert f"{told} Status: In progress → Resolved." in tidy_back(theirs.text)
    assert "| I changed the cable." in theirs.text


def test_a_withdrawn_question_needs_no_answer(renderer: Renderer) -> None:
    """T26: the sentence stands where a status would explain itself, beside a comment as well, and nowhere when nothing was withdrawn."""
    for mail in ("status_changed", "comment"):
        made = renderer.render(mail, "en", replace(FULL, question_withdrawn=True, status="in_progress", status_labels={}))
        assert "We no longer need your answer." in made.text
        assert "We no longer need your answer." in made.html
        assert "will write if we need" not in made.text
        assert "no longer need" not in renderer.render(mail, "en", FULL).text


def test_a_link_mail_says_nothing_of_its_ticket(renderer: Renderer) -> None:
    """Whoever types an address into a form makes us write to it: only the number, the link, its life, and what to do if it was not him."""
    words: dict[str, Any] = dict.fromkeys(("summary", "comment_text", "actor_name", "recipient_first_name", "last_exchange"), "xqzwordzqx")
    context = replace(
        FULL, **words, reason_name="xqzwordzqx", attachment_names=("xqzwordzqx",), held_text="xqzwordzqx", resolution="xqzwordzqx"
    )
    for language in LANGUAGES:
        made = renderer.render(WORDLESS_MAIL, language, context)
        assert "xqz" not in made.subject + made.preheader + made.text + made.html
        assert made.subject == CATALOGUES.plain(language, "link.subject", key="SUP-19258")
    made = renderer.render(WORDLESS_MAIL, "en", replace(context, answerable=False))
    assert made.text.startswith(
        "You (or someone else) asked with your address for a link to request\nSUP-19258.\n\n"
        f"View request SUP-19258\n<{URL}>\n\n"
        "This link is valid for 30 days.\n\n"
        "If it was not you, ignore this message: without a click nothing happens.\n"
    )


def test_an_assignee_gets_the_last_exchanges(renderer: Renderer) -> None:
    """A04: the last three, oldest first, each with its author; the comment and the older history are not told twice."""
    context = replace(FULL, exchanges=(("Of old", "zeroth"), ("Alex Dubois", "first"), ("www.evil.example", "second\nline"), ("", "third")))
    made = renderer.render("agent_assigned", "en", context)
    assert "Alex Dubois:\n| first\n\nevil example:\n| second\n| line\n\n" in made.text
    assert made.text.index("| second") < made.text.index("| third")
    for part in (made.text, made.html):
        assert "zeroth" not in part
        assert "I changed the cable" not in part
        assert "Still stars" not in part
    without = renderer.render("agent_assigned", "en", replace(context, exchanges=()))
    assert "| I changed the cable." in without.text
    assert "| Still stars." in without.text


def test_exchanges_of_any_size_leave_a_mail_that_is_shown(renderer: Renderer) -> None:
    """Three giant exchanges are shortened, and say so."""
    made = renderer.render("agent_assigned", "en", replace(FULL, exchanges=(("Alex", "word " * 50_000),) * 3))
    assert made.text.count("(Shortened: the rest is kept with the request.)") == 3
    assert len(made.html) < 3 * MAX_EXCHANGE + 20_000


def test_a_low_rating_is_for_agents(renderer: Renderer) -> None:
    """A09: who, the word and the number, and his comment; a number that is none says that there is a rating."""
    made = renderer.render("agent_low_rating", "en", FULL)
    assert made.preheader == "Alex Dubois rates our service: Poor (2/5)."
    assert "| It took a month." in made.text
    assert "| Hello Alex," not in made.text
    assert "Alex Dubois gave a rating." in renderer.render("agent_low_rating", "en", replace(FULL, rating=0)).text
    assert {"agent_low_rating", "agent_client_decided"} <= set(AGENT_MAILS)


def test_what_is_touched_is_big_enough() -> None:
    """SURFACE 3.2, 2: buttons, a decision's halves, a survey's steps and lone links are at least 44 px high."""
    sheet = (TEMPLATES / "mail" / "style.css").read_text("utf-8")
    for name in ("btn", "btn-other", "step-link", "link"):
        rule = re.search(rf"^\.{name} \{{(.*)\}}$", sheet, re.MULTILINE)
        assert rule, name
        line = re.search(r"line-height: (\d+)px", rule[1])
        least = re.search(r"min-height: (\d+)px", rule[1])
        border = 4 if name == "btn-other" else 0  # its cell has it
        padding = re.search(r"padding: (\d+)px", rule[1])
        assert padding, name
        height = int((least or line or ["", "24"])[1]) + 2 * int(padding[1]) + border
        assert height >= 44, f"{name}: {height}"


def test_only_a_survey_s_step_is_left_long() -> None:
    """A line of a step and its link stays whole; the same words in somebody's text, or around a link, are wrapped as any line is."""
    url = "https://support.example.org/s/" + "a" * 60
    step = f"3 Ni bon, ni mauvais  <{url}>"
    assert tidy(step) == f"{step}\n"
    for other in (f"| {step}", f"{step} and more", f"6 of six  <{url}>"):
        assert tidy(other).count("\n") > 1, other


def test_hostile_addresses_stay_in_their_attribute(renderer: Renderer) -> None:
    """An address with quotes and tags is escaped in every link; nothing of it becomes a tag."""
    bad = 'https://x.example/"><script>x</script>'
    urls: dict[str, Any] = {name: bad for name, value in NO_PAGE.items() if value is None}
    context: MailContext = replace(FULL, **urls, survey_urls=(bad,) * 5, asks_decision=True)
    for mail in CUSTOMER_MAILS + AGENT_MAILS:
        made = renderer.render(mail, "fr", context)
        assert "<script" not in made.html, mail
        assert 'x.example/"' not in made.html, mail
