"""The words of the pages: complete in each language, written as each language is, and what people wrote made safe."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, nodes

from gateway.domain.ticket import Priority
from gateway.runtime.data import data_path
from gateway.web.app import TIME_ZONE
from gateway.web.look import Look
from gateway.web.texts import PageTexts, ago, clean, linked, masked, pick, size
from gateway.web.visit import SAID
from tests.growth import assert_within

LANGUAGES = ("fr", "en", "nl", "de")
TEMPLATES = data_path("templates", "web")
LOCALE = data_path("templates", "locale")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

BUILT = {
    *(f"done.{word}" for word in SAID - {"changed"}),
    *(f"priority.{each}" for each in Priority),
    *(f"survey.{step}" for step in range(1, 6)),
    *(f"problem.words{end}" for end in ("", "_answer", "_refuse", "_reopen-by-customer", "_other")),
    *("problem.files_again", "problem.rating", "settled.closed", "settled.resolved", "date_at", "changed.as"),
    *(
        f"error.{name}.{part}"
        for name in ("often", "away", "broken", "method", "slow", "large", "foreign", "old_form")
        for part in ("title", "text")
    ),
    *(f"error.survey_over.{part}" for part in ("title", "text")),
    *(f"state.who_{who}" for who in ("team", "customer", "nobody")),
    *(f"move.other.{part}" for part in ("short", "title", "effect", "ask", "button")),
    "resolution.other",
}
"""Ids that are put together when a page is made."""


def catalogue(language: str) -> dict[str, list[str]]:
    """Every text of a language by its id."""
    with (LOCALE / language / "LC_MESSAGES" / "page.po").open("rb") as file:
        read = read_po(file)
    return {
        (entry.id if isinstance(entry.id, str) else entry.id[0]): ([entry.string] if isinstance(entry.string, str) else list(entry.string))
        for entry in read
        if entry.id
    }


def asked_for() -> set[str]:
    """The ids that templates and modules name."""
    found = set(BUILT)
    for path in TEMPLATES.glob("*.html"):
        for call in Environment(autoescape=True).parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in {"_", "_n"} and call.args:
                found |= {str(const.value) for const in constants(call.args[0])}
    source = "".join(path.read_text("utf-8") for path in Path(data_path("templates")).parent.joinpath("gateway", "web").glob("*.py"))
    return found | set(re.findall(r'self\.word\("([a-z._]+)"', source)) | set(re.findall(r'"(changed\.[a-z]+)"', source))


def constants(node: nodes.Node) -> list[nodes.Const]:
    """The whole ids that an expression may be; pieces that are put together are in BUILT."""
    if isinstance(node, nodes.Const):
        return [node]
    if isinstance(node, nodes.CondExpr):
        return [*constants(node.expr1), *(constants(node.expr2) if node.expr2 else [])]
    return []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there(language: str) -> None:
    """No id that a page asks for is missing or empty in any language, and none is left over."""
    words = catalogue(language)
    families = ("state.", "move.", "resolution.", "problem.words_")
    assert set() == asked_for() - words.keys()
    assert [] == [key for key in words.keys() - asked_for() if not key.startswith(families)]
    assert [] == [key for key, texts in words.items() if not all(texts)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    """What programs read is what stands in the .po file."""
    words = PageTexts(LOCALE, TIME_ZONE)
    assert [] == [key for key in catalogue(language) if not words.has(language, key)]
    for key, (first, *_) in catalogue(language).items():
        assert first == (words._catalogues[language].gettext(key) if not _ else words._catalogues[language].ngettext(key, key, 1)), key


def test_all_languages_name_the_same_values() -> None:
    """A placeholder of one language stands in all: nobody loses an address or a date. « One » may be said without its figure."""
    everything = {language: catalogue(language) for language in LANGUAGES}
    for key in everything["fr"]:
        named = {language: set(re.findall(r"{(\w+)}", words[key][-1])) for language, words in everything.items()}
        assert 1 == len({frozenset(names) for names in named.values()}), (key, named)


def test_french_signs_stand_close() -> None:
    """Before ? ! ; stands U+202F, before : and inside « » U+00A0, and the apostrophe is ’ (SURFACE 3.2 rule 14)."""
    for key, texts in catalogue("fr").items():
        for text in texts:
            assert not re.search(r"(?<![\u202f])[?!;]|(?<![\u00a0]):|«(?!\u00a0)|(?<!\u00a0)»|'", text), (key, text)


@pytest.mark.parametrize(("language", "wrong"), [("nl", r"\b(je|jij|jouw|jullie)\b"), ("de", r"\b(du|dein|deine|dir|dich)\b")])
def test_nobody_is_addressed_as_a_friend(language: str, wrong: str) -> None:
    """Dutch says u, German says Sie."""
    assert [] == [text for texts in catalogue(language).values() for text in texts if re.search(wrong, text, re.IGNORECASE)]


def test_every_template_compiles() -> None:
    """All templates are read, each name in them is known."""
    look = Look(TEMPLATES, PageTexts(LOCALE, TIME_ZONE))
    names = [path.name for path in TEMPLATES.glob("*.html")]
    assert {"ticket.html", "survey.html", "move.html"} <= set(names)
    for name in names:
        look._environment.get_template(name)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("see https://example.org/a?b=1&c=2.", 'see <a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">https://example.org/a?b=1&amp;c=2</a>.'),
        ("(https://example.org/a_(b))", '(<a href="https://example.org/a_(b)" rel="noopener noreferrer nofollow">https://example.org/a_(b)</a>)'),
        ("javascript:alert(1) ftp://x.example", "javascript:alert(1) ftp://x.example"),
        ('https://x.example/"onmouseover="alert(1)', '<a href="https://x.example/" rel="noopener noreferrer nofollow">https://x.example/</a>&#34;onmouseover=&#34;alert(1)'),
        ("<a href=x>", "&lt;a href=x&gt;"),
        ("gpj.exe\u202efdp", "gpj.exefdp"),
        ("a\r\nb\rc\0", "a\nb\nc"),
    ],
)  # fmt: skip
def test_what_people_wrote_becomes_safe(text: str, html: str) -> None:
    """Escaped, web addresses linked without the sentence's signs, characters that turn the direction gone (CASES A3.1)."""
    assert html == linked(text)


@given(st.text(alphabet="ahtps:/.<>\"'&()[]!?é \n", max_size=200))
def test_nothing_but_links_comes_out(text: str) -> None:
    """Whatever is written, the only tags are our links, and their text is what stood there."""
    made = linked(text)
    bare = re.sub(r'<a href="https?://[^"<>]+" rel="noopener noreferrer nofollow">([^<>"]*)</a>', r"\1", made, flags=re.IGNORECASE)
    assert not re.search(r"[<>\"]", bare)
    assert clean(text) == re.sub(
        r"&(lt|gt|amp|#34|#39);", lambda found: {"lt": "<", "gt": ">", "amp": "&", "#34": '"', "#39": "'"}[found[1]], bare
    )


@pytest.mark.parametrize(
    ("zone", "cities"),
    [
        (ZoneInfo("Europe/Brussels"), ["Bruxelles", "Brussel", "Brüssel", "Brussels"]),
        (ZoneInfo("Europe/Lisbon"), ["Lisbonne", "Lissabon", "Lissabon", "Lisbon"]),
        (UTC, ["UTC"] * 4),
    ],
)
def test_the_foot_names_the_city_of_the_clock(zone: tzinfo, cities: list[str]) -> None:
    """Whatever `timers.time_zone` is, in each language."""
    texts = PageTexts(LOCALE, zone)
    assert cities == [texts.city(language) for language in ("fr", "nl", "de", "en")]


@pytest.mark.parametrize("piece", ["https://", "https://a.example/)", "((((", "https://a.example/" + "(" * 50, ")" * 100, "http"])
def test_linking_takes_linear_time(piece: str) -> None:
    """A megabyte of crafted text is linked within a moment (CASES A3.14)."""
    text = piece * (1_000_000 // len(piece))
    assert_within(lambda: linked(text), 3)


def test_sizes_and_times_are_said_as_people_say_them() -> None:
    """« 84 ko », "1.4 MB", « il y a 2 heures »; a clock that is ahead is now."""
    assert ["12\u202fo", "84\u202fko", "1,4\u202fMo", "48\u202fMo"] == [size("fr", count) for count in (12, 86_000, 1_468_006, 50_331_648)]
    assert "20\u202fMB" == size("en", 20 * 1024 * 1024)
    assert "il y a 2 heures" == ago("fr", NOW - timedelta(hours=2), NOW)
    assert ago("en", NOW + timedelta(hours=2), NOW) == ago("en", NOW, NOW)


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("nl", "fr"), "nl"),
        (("", "de-AT,de;q=0.9,en;q=0.8"), "de"),
        (("", "xx;q=1, en;q=0.2, nl;q=0.7"), "nl"),
        (("", "de;q=0, *"), "fr"),
        (("es", "pt;q=x", ""), "fr"),
        (("x" * 9000,), "fr"),
    ],
)
def test_the_first_wish_that_can_be_met_is_met(wishes: tuple[str, ...], language: str) -> None:
    """Choices come in order; what nobody offers is skipped."""
    assert language == pick(LANGUAGES, *wishes)


def test_a_masked_address_tells_its_owner_only() -> None:
    """One letter and the domain."""
    assert "j•••@example.org" == masked("jess@example.org")
