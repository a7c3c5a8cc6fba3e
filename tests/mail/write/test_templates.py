"""Templates of an operator's own: what HTML would make of them is found when the program starts, and names nobody may use stay unused."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.mail.write.render import Renderer, TemplateError
from gateway.mail.write.templates import write_style
from tests.mail.render_values import FULL, TEMPLATES


def _own(folder: Path, **sources: str) -> Path:
    """An operator's folder with the HTML of these mails."""
    for mail, source in sources.items():
        path = folder / mail / "body.html"
        path.parent.mkdir(parents=True)
        path.write_text(source, "utf-8")
    return folder


def test_a_folder_without_templates_is_named(tmp_path: Path) -> None:
    """A wrong path in the settings stops the start with the first file that is missing."""
    with pytest.raises(TemplateError) as caught:
        Renderer(tmp_path, TEMPLATES / "locale")
    assert (caught.value.path, caught.value.reason) == (str(tmp_path / "base.txt"), "no such template")


def test_an_expression_that_html_breaks_is_found_at_start(tmp_path: Path) -> None:
    """Its own end stands inside it, so that the rest is taken for an attribute's text: no customer gets such a mail first."""
    folder = _own(tmp_path, comment="<p>fine</p>\n<p title='{{ \"}}\" }}'>x</p>")
    with pytest.raises(TemplateError, match="expected token") as caught:
        Renderer(TEMPLATES / "mail", TEMPLATES / "locale", folder)
    assert (caught.value.path, caught.value.line) == (str(folder / "comment/body.html"), 2)


def test_an_entity_stays_text_and_a_missing_file_is_named(tmp_path: Path) -> None:
    """A customer's mail has no way around the check to what only agents may read (CASES A2.9), and no mail is written half."""
    folder = _own(tmp_path, comment="<p>&#123;{ note_text }} {{ summary }}</p>", resolved="<p>fine</p>\n{% include 'nothing.html' %}")
    renderer = Renderer(TEMPLATES / "mail", TEMPLATES / "locale", folder)
    made = renderer.render("comment", "en", FULL).html
    assert f"&#123;{{ note_text }}}} {FULL.summary}" in made
    assert FULL.note_text not in made
    with pytest.raises(TemplateError, match=r"nothing\.html") as caught:
        renderer.render("resolved", "en", FULL)
    assert (caught.value.path, caught.value.line) == (str(folder / "resolved/body.html"), 2)


@pytest.mark.parametrize("brace", ["&#123;", "&#0123;", "&#x7B;", "&#X7b", "&lbrace;", "&lcub;"])
def test_a_brace_that_is_written_as_an_entity_becomes_no_tag(brace: str) -> None:
    """However it is written: in text, in an attribute, before a tag of ours."""
    source = f'<p title="{brace}% if">{brace}{{ note_text }}}} {brace}{{{{ summary }}}}</p>'
    assert write_style(source, "", "x.html") == source


@pytest.mark.parametrize(
    ("source", "line", "tag"),
    [
        ("<table>\n{% for one in names %}\n{{ one }}{% endfor %}<tr><td>x</td></tr></table>", 3, "{{ one }}"),
        ("<p>fine</p>\n<title>{% if summary %}x{% endif %}</title>", 2, "{% if summary %}"),
        ('<p><a href="{{ url }}">x<div>\n</p></a>y</div>', 1, "{{ url }}"),
        ("<p {% if summary %}hidden{% endif %}>x</p>", 1, "{% if summary %}"),
    ],
    ids=["moved out of its table", "shown as text", "doubled", "lost"],
)
def test_what_html_would_misplace_is_named_with_its_line(source: str, line: int, tag: str) -> None:
    """HTML moves, doubles, quotes or drops what stands where it must not."""
    with pytest.raises(TemplateError) as caught:
        write_style(source, "", "x.html")
    assert (caught.value.line, caught.value.reason) == (line, f"{tag} may not stand here")


def test_nothing_is_written_into_a_page_without_tags() -> None:
    """A template of words alone comes out as it went in."""
    assert write_style("Hello {{ summary }}", ".x { color: red }", "x.html") == "Hello {{ summary }}"
