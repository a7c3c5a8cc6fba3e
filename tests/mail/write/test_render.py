"""What the mails say: every mail in every language, with friendly and hostile words in it."""

from __future__ import annotations

import gettext
import io
import re
import string
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from gateway.mail.write import render as subject_under_test
from gateway.mail.write.compose import header_text
from gateway.mail.write.layout import COLUMNS, defang, shorten, tidy
from gateway.mail.write.render import (
    AGENT_MAILS,
    AGENT_ONLY,
    BARE_MAILS,
    CUSTOMER_MAILS,
    MAILS,
    WORDLESS_MAIL,
    CommandProblem,
    MailContext,
    Renderer,
    TemplateError,
    reply_markers,
)
from gateway.mail.write.templates import write_style
from gateway.mail.write.texts import LANGUAGES, CatalogueError, MailTexts, pick_language
from tests.mail.render_values import (
    CASES,
    EMPTY,
    FULL,
    MUTE,
    NO_PAGE,
    PAGE,
    STEPS,
    TAGS,
    TEMPLATES,
    URL,
    Outline,
    all_mails,
    tidy_back,
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """Ours, as it is delivered."""
    return Renderer(TEMPLATES / "mail", TEMPLATES / "locale")


def test_every_mail_in_every_language_is_whole(renderer: Renderer) -> None:
    """Each of them has a subject with the key, a preheader, both parts, and no leftover of a template or a catalogue."""
    for mail, language, case, made in all_mails(renderer):
        where = f"{mail} {language} {case}"
        assert ("SUP-19258" if mail == WORDLESS_MAIL else "[SUP-19258]") in made.subject, where
        assert made.preheader, where
        assert made.subject == header_text(made.subject), where
        assert made.preheader == header_text(made.preheader), where
        assert "SUP-19258" in made.text, where
        assert "None" not in made.text + made.html, where
        if case != "placeholders":
            for leftover in ("{", "**", "`", "%("):
                assert leftover not in made.text + made.subject + made.preheader, where
            assert "**" not in Outline(made.html).shown, where


def test_every_html_part_is_accessible_and_small(renderer: Renderer) -> None:
    """Language, article, one heading with words, tables for layout only, no picture, no script, no foreign host, under 20 kB."""
    for mail, language, case, made in all_mails(renderer):
        where = f"{mail} {language} {case}"
        page = Outline(made.html)
        names = [tag for tag, _ in page.tags]
        by_tag = dict(page.tags)
        assert by_tag["html"]["lang"] == language, where
        assert [a["lang"] for _, a in page.tags if a.get("role") == "article"] == [language], where
        assert names.count("h1") == 1, where
        assert not {"script", "img", "link", "b", "iframe", "form", "input"} & set(names), where
        assert all(a.get("role") == "presentation" for tag, a in page.tags if tag == "table"), where
        assert len(made.html.encode("utf-8", "replace")) < 20_000, where
        linked = {a["href"] for tag, a in page.tags if tag == "a"}
        assert all(one in {URL, MUTE, *STEPS} or str(one).startswith(PAGE) for one in linked), where
        assert not re.search(r"url\(|@import|src=", made.html), where
        assert '<meta name="color-scheme" content="light dark">' in made.html, where
        for tag, attributes in page.tags:
            if tag in {"p", "td", "h1", "h2", "a", "li"} and attributes.get("class") != "outer" and len(attributes) > 2:
                assert attributes.get("style"), f"{where}: <{tag}> without style"


def test_every_text_part_keeps_to_its_columns(renderer: Renderer) -> None:
    """At most 72 columns where words allow it, a signature line, no trailing blanks, no two blank lines, links alone on their line."""
    for mail, language, case, made in all_mails(renderer):
        where = f"{mail} {language} {case}"
        lines = made.text.split("\n")
        assert lines[0], where
        assert lines.count("-- ") == 1, where
        for line in lines:
            assert (
                len(line) <= COLUMNS
                or line.startswith("<https://")
                or line.endswith(tuple(f"<{one}>" for one in STEPS))
                or " " not in line.strip("| -")
            ), f"{where}: {line}"
            assert line == "-- " or line == line.rstrip(), where
        assert "\n\n\n" not in made.text, where
        assert not re.search(r"</?(p|strong|br|bdi|code|td|table)\b", made.text.replace(TAGS, "")), where
        assert CASES[case].ticket_url is None or f"<{URL}>" in lines, where


def test_nothing_speaks_of_a_page_that_is_not_there(renderer: Renderer) -> None:
    """Without an address there is no button, no link, and no sentence that sends the reader to a page (in any language)."""
    for mail, language, case, made in all_mails(renderer):
        if CASES[case].ticket_url is None:
            where = f"{mail} {language} {case}"
            assert "<a " not in made.html, where
            assert "https://" not in made.text, where
            texts = MailTexts(TEMPLATES / "locale")
            for key in ("guard_page", "answer.how_page", "answer.how_both", "approval.how_page", "view"):
                assert texts.plain(language, key, key="SUP-19258") not in made.text, where
            assert texts.plain(language, "reopen.by_page", 30, count=30) not in tidy_back(made.text), where


def test_links_are_written_only_when_given(renderer: Renderer) -> None:
    """With addresses there is one button with the key in its words, and the mute link in both parts."""
    made = renderer.render("comment", "en", FULL)
    assert [a["href"] for tag, a in Outline(made.html).tags if a.get("class") == "btn"] == [URL]
    assert "View request SUP-19258" in made.html
    assert f"<{URL}>\n" in made.text
    assert f"<{MUTE}>\n" in made.text
    hostile = renderer.render("comment", "en", replace(FULL, ticket_url='https://x.example/"onclick="x'))
    assert 'href="https://x.example/&#34;onclick=&#34;x"' in hostile.html


WITHOUT_WORDS = {"agent_help", "approval_again", "survey_reminder", WORDLESS_MAIL}
"""Their text part shows nothing that somebody wrote."""


def test_people_s_words_are_shown_to_the_letter_and_never_run(renderer: Renderer) -> None:
    """CASES A2.10, A3.17: tags are shown as they were typed, template source is text, in every mail and language."""
    for language in LANGUAGES:
        for mail in MAILS:
            tags = renderer.render(mail, language, CASES["tags"])
            assert "<script" not in tags.html
            assert "onclick='x'>" not in tags.html
            assert "<script" in tags.text or mail in WITHOUT_WORDS
            marks = renderer.render(mail, language, CASES["placeholders"])
            assert "49" not in Outline(marks.html).shown.replace("19258", "")
            if mail != WORDLESS_MAIL:
                assert "{{7*7}}" in marks.subject
                assert "{{7*7}}" in Outline(marks.html).shown


SINGLE_LINES: tuple[str, ...] = (
    "summary",
    "actor_name",
    "recipient_first_name",
    "reason_name",
    "note_text",
    "client_name",
    "client_address",
    "organisation",
)
SINGLE_LINES += ("priority", "returned_text", "sender_address", "failed_address", "smtp_answer", "resolution", "held_reason")


def test_the_bare_acknowledgement_shows_no_word_of_its_sender(renderer: Renderer) -> None:
    """CASES A2.2, ruling 10: fifty words in every field that a stranger fills, and not one of them comes back to an unproved address."""
    words = [f"xq{n:02d}{letters}zv" for n, letters in enumerate(("ab", "cd", "ef", "gh", "ij") * 10)]
    one = iter(words)
    single: dict[str, Any] = {name: next(one) for name in SINGLE_LINES}
    context = replace(
        FULL,
        verified=False,
        **single,
        comment_text="\n".join(words),
        last_exchange="\n".join(words),
        attachment_names=tuple(words),
        command_errors=(CommandProblem(1, words[0], words[1], words[2], tuple(words)),),
    )
    for mail in BARE_MAILS:
        for language in LANGUAGES:
            made = renderer.render(mail, language, context)
            whole = made.subject + made.preheader + made.text + made.html
            assert [word for word in words if word in whole] == []
    assert renderer.render("request_received", "en", context).subject == "[SUP-19258] We received your request"


def test_the_bare_acknowledgement_to_the_letter(renderer: Renderer) -> None:
    """The whole text of M01 to an unproved address, as it stands in a mail client."""
    made = renderer.render("request_received", "en", replace(FULL, verified=False, **NO_PAGE))
    assert made.text == (
        "--- Reply above this line · SUP-19258 ---\n\n"
        "Hello,\n\n"
        "We received your message. The number of your request is SUP-19258.\n\n"
        "Someone on the team will read it. We will mail you at every step.\n\n"
        "To add information or a screenshot, just reply to this message.\n\n"
        "A screenshot and a link to the screen concerned help us answer faster.\n\n"
        "-- \n"
        "Support Example · SUP-19258\n"
        "You get this message because a message reached Support Example from your\n"
        "address. If it was not you, please ignore this mail.\n"
    )


def test_the_acknowledgement_is_bare_unless_said_otherwise(renderer: Renderer) -> None:
    """Who forgets to say `verified` tells a stranger nothing."""
    assert renderer.render("request_received", "en", replace(EMPTY, summary="zebra")).subject == "[SUP-19258] We received your request"


def test_a_note_never_reaches_a_customer(renderer: Renderer) -> None:
    """CASES A2.9: what only agents may read stands in no customer's mail, whatever the context holds."""
    secret = "xqzsecretzqx"
    context = replace(FULL, note_text=secret, returned_text=secret, smtp_answer=secret, organisation=secret, held_reason=secret)
    context = replace(context, rating_comment=secret, exchanges=((secret, secret),))
    for mail in CUSTOMER_MAILS:
        for language in LANGUAGES:
            made = renderer.render(mail, language, context)
            assert secret not in made.subject + made.preheader + made.text + made.html
    assert secret in renderer.render("agent_note", "en", context).text


def test_every_field_is_for_somebody(renderer: Renderer) -> None:
    """Each name that is kept for agents is a field of the context or made from some, and the note is one of them."""
    known = {one.name for one in fields(MailContext)} | {"client"}
    assert known >= AGENT_ONLY
    assert "note_text" in AGENT_ONLY
    assert set(CUSTOMER_MAILS) | set(AGENT_MAILS) == set(MAILS)


def test_subjects(renderer: Renderer) -> None:
    """Ruling 10: `[SUP-n] summary`, with `Re: ` where the mail answers one, the same in all of a thread; a long summary is cut."""
    assert {renderer.render(mail, "nl", FULL).subject for mail in MAILS if mail != WORDLESS_MAIL} == {
        "Re: [SUP-19258] The printer prints stars"
    }
    assert renderer.render("comment", "fr", replace(FULL, is_reply=False)).subject == "[SUP-19258] The printer prints stars"
    assert renderer.render("comment", "fr", CASES["no summary"]).subject == "Re: [SUP-19258] Demande sans objet"
    long = renderer.render("comment", "fr", CASES["long summary"]).subject
    assert long.endswith(" word…")
    assert len(long) <= len("Re: [SUP-19258] ") + 200


def test_the_merge_window_shows_status_and_words(renderer: Renderer) -> None:
    """Ruling 3: a comment or a question that comes with a change of status says both; without a change only the one."""
    for mail in ("comment", "answer_needed"):
        both = renderer.render(mail, "fr", FULL)
        assert "Jess Martin a changé le statut à Résolu." in both.text
        assert "Jess Martin a changé le statut à <strong>Résolu</strong>." in both.html
        assert "| I changed the cable." in both.text
        for same in (replace(FULL, old_status="resolved"), replace(FULL, old_status="")):
            assert "a changé le statut" not in renderer.render(mail, "fr", same).text


def test_each_status_has_its_sentence(renderer: Renderer) -> None:
    """R-122 and its like: some statuses explain themselves; one without a sentence leaves no gap."""
    for status, words in (("selected", "prochaines"), ("development", "équipe de développement"), ("to_deliver", "mis en production")):
        assert words in renderer.render("status_changed", "fr", replace(FULL, status=status)).text
    made = renderer.render("status_changed", "fr", replace(EMPTY, status="of_tomorrow"))
    assert "Support Example a changé le statut à of_tomorrow.\n\n-- \n" in made.text


def test_the_reply_marker_is_the_first_line_where_a_reply_is_read(renderer: Renderer) -> None:
    """Both parts of an answerable mail begin with the visible marker in the reader's language; other mails have none."""
    for mail in MAILS:
        for language, words in zip(LANGUAGES, reply_markers(), strict=True):
            made = renderer.render(mail, language, FULL)
            assert made.text.startswith(f"--- {words} · SUP-19258 ---\n\n")
            page = Outline(made.html)
            assert page.shown.index(f"--- {words} · SUP-19258 ---") < page.shown.index("Support Example")
            quiet = renderer.render(mail, language, CASES["guarded"])
            assert not [one for one in reply_markers() if one in quiet.text + quiet.html]


def test_a_guarded_mail_says_so_above_the_footer(renderer: Renderer) -> None:
    """A guarded mail asks not to be answered and, where there is a page, says where to answer."""
    made = renderer.render("status_changed", "en", CASES["guarded"])
    assert "Please do not reply to this message" in made.text
    assert "open request SUP-19258." in tidy_back(made.text)
    alone = renderer.render("status_changed", "en", CASES["guarded without a page"])
    assert "Please do not reply to this message" in alone.text
    assert "Please do not reply" not in renderer.render("status_changed", "en", FULL).text


def test_the_footer_says_why(renderer: Renderer) -> None:
    """The last lines say why one got the mail; an unknown reason says nothing instead of something wrong."""
    for reason, words in (
        ("why_requester", "because you created this request."),
        ("why_participant", "because Robin Peeters added you to this request."),
        ("why_organisation", "is shared with Robin Peeters"),
        ("why_agent", "because you are on the Support Example team."),
        ("why_assignee", "is assigned to you."),
    ):
        assert words in tidy_back(renderer.render("comment", "en", replace(FULL, reason=reason)).text)
    assert "because you take part" in renderer.render("comment", "en", replace(FULL, reason="why_participant", reason_name="")).text
    assert "You get this" not in renderer.render("comment", "en", replace(FULL, reason="why_not")).text


def test_the_history_is_short(renderer: Renderer) -> None:
    """At most twenty lines of what was said before."""
    made = renderer.render("comment", "en", replace(FULL, last_exchange="\n".join(f"line{n}" for n in range(40))))
    assert "| line19" in made.text
    assert "line20" not in made.text + made.html


def test_a_giant_text_is_cut_before_mail_clients_do(renderer: Renderer) -> None:
    """Somebody's text of any size gives a mail of bounded size that says that it was cut."""
    made = renderer.render("comment", "en", replace(FULL, comment_text="word " * 100_000))
    assert "(Shortened: the rest is kept with the request.)" in made.text
    assert len(made.html) < 100_000


def test_a_hostile_text_costs_linear_time_and_room(renderer: Renderer) -> None:
    """One line of a long indent and many words is wrapped without repeating the indent on each line."""
    made = renderer.render("comment", "en", replace(FULL, comment_text=" " * 20_000 + "a b " * 10_000))
    assert len(made.text) < 150_000


def test_agents_see_who_will_read_their_answer(renderer: Renderer) -> None:
    """The frame names the client, his address and the number of copies, and how to write a note instead."""
    made = tidy_back(renderer.render("agent_new_request", "en", FULL).text)
    assert "Replying to this message writes to Alex Dubois <alex@example.be>. 2 other people get the reply too." in made
    assert "First line #note: internal note. Help: #help." in made
    html = renderer.render("agent_new_request", "en", FULL).html
    assert "<strong>Alex Dubois &lt;alex@example.be&gt;</strong>" in html
    assert "<code>#note</code>" in html
    note = renderer.render("agent_note", "en", FULL)
    assert "Replying to this message adds an internal note; the customer will not" in note.text
    assert "writes to" not in note.text


def test_a_command_error_says_line_reason_and_way_out(renderer: Renderer) -> None:
    """A06: nothing was sent, each line with its reason and what may have been meant, the text to send again."""
    made = tidy_back(renderer.render("agent_command_error", "en", FULL).text)
    assert made.index("Nothing was sent to the customer") < made.index("Line 2")
    assert "Line 2: “#status resolvd” — unknown status: “resolvd”. Did you mean: resolved?" in made
    assert "Line 3: “#status open” — the request cannot go to the status “open” now. Possible now: resolved, closed." in made
    assert "Line 4: “#frobnicate” — this command cannot be carried out." in made
    assert "Or answer #force" in made
    assert "| #status resolvd | It is repaired." in made
    assert "#force" not in renderer.render("agent_command_error", "en", replace(FULL, can_force=False)).text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("token-missing", "does not carry your personal signature"),
        ("wrong-sender", "The address that you wrote to was made for a colleague."),
        ("dmarc-fail", "(DMARC)"),
        ("conflict", "Jess Martin has replied to this request in the meantime."),
        ("of-tomorrow", "It waits for somebody to decide."),
    ],
)
def test_a_held_reply_says_why_and_keeps_the_text(renderer: Renderer, reason: str, words: str) -> None:
    """A12: not published, the reason, and the text, in every case of ruling 5."""
    made = tidy_back(renderer.render("agent_held", "en", replace(FULL, held_reason=reason)).text)
    assert "Your reply was not published." in made
    assert words in made
    assert "| It is repaired." in made


def test_an_undeliverable_mail_is_dated_in_the_reader_s_words_and_zone() -> None:
    """A11: date and time as each language writes them, in the configured time zone, and what the server answered."""
    renderer = Renderer(TEMPLATES / "mail", TEMPLATES / "locale", zone=ZoneInfo("Europe/Brussels"))
    for language, moment in (
        ("fr", "30 juillet 2021 à 16:13"),
        ("en", "30 July 2021 at 16:13"),
        ("nl", "30 juli 2021 om 16:13 uur"),
        ("de", "30. Juli 2021, 16:13 Uhr"),
    ):
        made = renderer.render("agent_undeliverable", language, FULL)
        assert moment in tidy_back(made.text)
        assert "| 550 5.1.1 user unknown" in made.text
    assert "A mail of this request did not reach" in renderer.render("agent_undeliverable", "en", replace(FULL, failed_at=None)).text


def test_the_help_names_commands_that_exist(renderer: Renderer) -> None:
    """Every `#word` that a mail of ours shows is one that agents may type."""
    from gateway.mail.words.command import read_commands

    for language in LANGUAGES:
        text = renderer.render("agent_help", language, FULL).text + renderer.render("agent_new_request", language, FULL).text
        shown = set(re.findall(r"#[^\W\d_]+", text))
        assert len(shown) >= 8
        for word in shown:
            errors = read_commands(f"{word} value\n").errors + read_commands(f"{word}\n").errors
            assert not [one for one in errors if one.reason == "unknown-verb"], f"{language} {word}"


def test_an_unknown_language_and_an_unknown_mail(renderer: Renderer) -> None:
    """A regional tag finds its language, an unknown one gets the default; a name that is no mail is refused."""
    assert renderer.render("comment", "fr-BE", FULL) == renderer.render("comment", "fr", FULL)
    assert renderer.render("comment", "pt", FULL) == renderer.render("comment", LANGUAGES[0], FULL)
    assert (
        Renderer(TEMPLATES / "mail", TEMPLATES / "locale", default_language="de").render("comment", "pt", FULL).preheader.startswith("Jess")
    )
    assert pick_language("EN_us") == "en"
    with pytest.raises(KeyError):
        renderer.render("no_such_mail", "fr", FULL)


def test_french_typography(renderer: Renderer) -> None:
    """In French, no blank before `? ! ; :` and inside « » may break a line: U+202F or U+00A0 stands there (SURFACE 3.2 rule 14)."""
    for mail, language, case, made in all_mails(renderer):
        if language == "fr" and case in ("full", "empty", "guarded", "no page", "unproved"):
            whole = made.subject + "\n" + made.preheader + "\n" + made.text + "\n" + Outline(made.html).shown
            assert not re.search(
                r"[ \n][?!;:»]|«[ \n]|[^\W\d_][?!;»](?=[ \n])|«\w", whole.replace(FULL.comment_text, "").replace("again?", "")
            ), mail


def catalogue(language: str) -> dict[object, str]:
    """The texts of a compiled catalogue by id; (id, 0) and (id, 1) for plurals."""
    with (TEMPLATES / "locale" / language / "LC_MESSAGES" / "mail.mo").open("rb") as file:
        made = gettext.GNUTranslations(file)
    return {key: text for key, text in made._catalog.items() if key}  # type: ignore[attr-defined]


def test_catalogues_are_compiled() -> None:
    """Each .mo says what its .po says; after a change of a .po: `pybabel compile -D mail -d templates/locale`."""
    for language in LANGUAGES:
        path = TEMPLATES / "locale" / language / "LC_MESSAGES" / "mail.po"
        with path.open("rb") as file:
            source = read_po(file, locale=language, domain="mail")
        assert not [message.id for message in source if message.fuzzy and message.id]
        buffer = io.BytesIO()
        write_mo(buffer, source)
        buffer.seek(0)
        fresh = gettext.GNUTranslations(buffer)
        assert {key: text for key, text in fresh._catalog.items() if key} == catalogue(language)  # type: ignore[attr-defined]


def test_catalogues_are_complete_and_agree() -> None:
    """All languages have the same ids, no empty text, and the same placeholders in each."""
    first = catalogue(LANGUAGES[0])
    for language in LANGUAGES[1:]:
        other = catalogue(language)
        assert other.keys() == first.keys()
        for key, text in other.items():
            assert text.strip(), key
            names = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (first[key], text)]
            assert names[0] == names[1], f"{language} {key}"
            assert text.count("**") == first[key].count("**"), f"{language} {key}"


def test_no_text_is_left_over() -> None:
    """Every text of the catalogues is asked for by a template or a table, so that nobody translates what nobody reads."""
    sources = "".join(path.read_text("utf-8") for path in (TEMPLATES / "mail").rglob("*") if path.suffix in {".html", ".txt"})
    sources += Path(subject_under_test.__file__).read_text("utf-8") + '"date_at"'
    families = ("status_note.", "resolution.", "priority.", "command.", "held.", "why_", "beside.", *(f"survey.{n}" for n in range(1, 6)))
    families += tuple(f"{who}.{what}" for who in ("receipt", "decided") for what in ("accepted", "refused", "reopened", "undone"))
    for key in catalogue("en"):
        name = key[0] if isinstance(key, tuple) else str(key)
        assert f'"{name}"' in sources or name.startswith(families), name


def colours(sheet: str) -> dict[str, dict[str, str]]:
    """The colour and background of each class of a style sheet."""
    found: dict[str, dict[str, str]] = {}
    for names, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        for name in names.split(","):
            for what, colour in re.findall(r"(?<![\w-])(color|background):\s*(#[0-9a-f]{6})", body):
                found.setdefault(name.strip().removeprefix(".cell ").lstrip("."), {})[what] = colour
    return found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, WCAG 2.2 §1.4.3."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_in_light_and_dark() -> None:
    """Every text stands out from its ground by at least 4.5 to 1, by day and by night."""
    light = colours(re.sub(r"/\*.*?\*/", "", (TEMPLATES / "mail" / "style.css").read_text("utf-8"), flags=re.DOTALL))
    night = re.search(r"prefers-color-scheme:dark\)\{(.*)\}", (TEMPLATES / "mail" / "base.html").read_text("utf-8"))
    assert night
    dark = colours(night[1])
    grounds = {
        "btn-other": "other-cell",
        "step-link": "step-link",
        "frame-cell": "frame",
        "alert-cell": "alert",
        "btn": "action-cell",
        "foot": "bg",
        "foot-link": "bg",
    }
    for name in ("cell", "marker", "eyebrow", "h1", "h2", "mut", "files", "author", "link", "bar", "bar-old", *grounds):
        for sheet in (light, dark):
            ground = grounds.get(name, "card")
            assert contrast(sheet[name]["color"], sheet[ground]["background"]) >= 4.5, name


def own(tmp_path: Path, name: str, source: str) -> Path:
    """An operator's folder with one template."""
    path = tmp_path / "own" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
    return tmp_path / "own"


def test_an_operator_s_template_comes_first(tmp_path: Path) -> None:
    """`<event>/<part>` of the operator replaces ours in every language, `<event>/<lang>/<part>` in one."""
    own(tmp_path, "comment/subject.txt", "ours {{ ticket_key }}\nseen\n")
    folder = own(tmp_path, "comment/nl/subject.txt", "onze {{ ticket_key }}\ngezien\n")
    renderer = Renderer(TEMPLATES / "mail", TEMPLATES / "locale", folder)
    assert renderer.render("comment", "fr", FULL).subject == "ours SUP-19258"
    assert renderer.render("comment", "nl", FULL).subject == "onze SUP-19258"
    assert renderer.render("resolved", "nl", FULL).subject == "Re: [SUP-19258] The printer prints stars"


@pytest.mark.parametrize(
    ("name", "source", "line", "words"),
    [
        ("comment/body.txt", "one\n{% if x %}\n", 2, "end of template"),
        ("comment/body.html", "<p>\n\n{{ }}</p>", 3, "Expected an expression"),
        ("comment/body.txt", "one\n\n\n{{ sumary }}", 4, "'sumary'"),
        ("comment/body.txt", "{{ note_text }}", 1, "'note_text'"),
        ("base.txt", "\n{{ client_address }}", 2, "'client_address'"),
        ("comment/body.txt", "a\n{{ _('no.such.text') }}", 2, "no text 'no.such.text'"),
        ("comment/body.txt", "a\nb\n{% include 'other.txt' %}{% unknown %}", 3, "unknown"),
        ("comment/de/body.html", "<table>{{ summary }}<tr>\n<td {% if moved %}x{% endif %}></td></tr></table>", 2, "may not stand here"),
    ],
)
def test_a_broken_template_is_named_at_start(tmp_path: Path, name: str, source: str, line: int, words: str) -> None:
    """Whatever is wrong with a template is found when the program starts, with its file and line."""
    folder = own(tmp_path, name, source)
    with pytest.raises(TemplateError) as caught:
        Renderer(TEMPLATES / "mail", TEMPLATES / "locale", folder)
    assert words in caught.value.reason
    assert (caught.value.path, caught.value.line) == (str(folder / name), line)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ summary.format.__globals__ }}",
        "{{ _.__globals__ }}",
        "{{ attachment_names.nothing }}",
        "{{ 1 // 0 }}",
        "{{ _('view') }}",
        "{{ moment(none) }}",
    ],
)
def test_a_template_cannot_reach_out(tmp_path: Path, source: str) -> None:
    """A template that asks for what it may not have, or fails, is a TemplateError with its place, and nothing else happens."""
    folder = own(tmp_path, "comment/body.txt", f"fine\n{source}")
    renderer = Renderer(TEMPLATES / "mail", TEMPLATES / "locale", folder)
    with pytest.raises(TemplateError) as caught:
        renderer.render("comment", "en", FULL)
    assert (caught.value.path, caught.value.line) == (str(folder / "comment/body.txt"), 2)


def test_a_missing_catalogue_is_the_operator_s_to_mend(tmp_path: Path) -> None:
    """A catalogue that is not there, or is none, is named."""
    with pytest.raises(CatalogueError, match=r"mail\.mo"):
        MailTexts(tmp_path)
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "mail.mo").write_bytes(b"no catalogue at all")
    with pytest.raises(CatalogueError, match=r"fr.LC_MESSAGES.mail\.mo"):
        MailTexts(tmp_path)


@pytest.mark.parametrize("source", [b"{{ x", b"\xff\xfe"])
def test_a_template_of_no_text_is_named(tmp_path: Path, source: bytes) -> None:
    """A file that is not UTF-8, or not a template, is a TemplateError too."""
    path = own(tmp_path, "comment/body.html", "") / "comment/body.html"
    path.write_bytes(source)
    with pytest.raises(TemplateError, match=re.escape(str(path))):
        Renderer(TEMPLATES / "mail", TEMPLATES / "locale", tmp_path / "own")


def test_style_is_written_around_jinja_tags() -> None:
    """Rules end up in the tags, and every Jinja tag stays where and as it was: between rows, in attributes, in text."""
    source = '{% if a %}<table class="x"><tbody>{% for b in c %}<tr><td class="x" title="{{ b > 1 }}{% if d %}&amp;{% endif %}">'
    source += '{{ "<&>" }}</td></tr>{% endfor %}</tbody></table>{% endif %}'
    made = write_style(source, ".x { color: red }", "x.html")
    assert re.findall(r"\{[{%].*?[%}]\}", made) == re.findall(r"\{[{%].*?[%}]\}", source)
    assert made.count('style="color: red;"') == 2
    assert made.index("{% for") < made.index("<tr>") < made.index("{% endfor")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Jess Martin", "Jess Martin"),
        ("J.R. Éloi-Dubois", "J.R. Éloi-Dubois"),
        ("Win at https://evil.example.org/x", "Win at evil example org/x"),
        ("www.evil.example", "evil example"),
        ("//evil.example", "evil example"),
        ("a\r\nb\u202ec", "a bc"),
        ("", ""),
    ],
)
def test_names_bring_no_links(name: str, shown: str) -> None:
    """CASES A2.10: no mail client makes a link out of somebody's name."""
    assert defang(name) == shown


def test_lines_are_wrapped_at_blanks_only() -> None:
    """Long lines break at plain blanks, bars and list marks are kept, a link or a long word stays whole, no-break blanks hold."""
    made = tidy(
        "| " + "word " * 30 + "\n- " + "item " * 30 + "\n<https://example.org/" + "x" * 90 + ">\n" + "a\u00a0" * 60 + "\n\n\n\nend  "
    )
    lines = made.split("\n")
    assert [line[:2] for line in lines] == ["| ", "| ", "| ", "- ", "  ", "  ", "<h", "a\u00a0", "", "en", ""]
    assert max(map(len, lines[:6])) <= 72
    assert made.endswith("\n\nend\n")
    assert shorten("one two three", 9) == "one two…"
