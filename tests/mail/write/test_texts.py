"""The words of the catalogues: what is missing or badly written is said by its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from gateway.mail.write.texts import LANGUAGES, CatalogueError, MailTexts


def _texts(folder: Path, **texts: str) -> MailTexts:
    """Catalogues that hold these texts in every language."""
    made = Catalog()
    for key, text in texts.items():
        made.add(key, text)
    for language in LANGUAGES:
        path = folder / language / "LC_MESSAGES" / "mail.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, made)
    return MailTexts(folder)


def test_a_text_that_is_missing_is_named(tmp_path: Path) -> None:
    """Its id is never shown to a customer instead of words."""
    texts = _texts(tmp_path, greeting="Hello {name}")
    assert (texts.has("fr", "greeting"), texts.has("fr", "nothing")) == (True, False)
    with pytest.raises(KeyError, match="no text 'nothing' in 'fr'"):
        texts.plain("fr", "nothing")


@pytest.mark.parametrize("placeholder", ["{name.__class__}", "{name[0]}", "{0}", "{}", "{name!r}", "{name:>9999999}"])
def test_a_placeholder_is_a_bare_name(placeholder: str, tmp_path: Path) -> None:
    """A translation cannot reach into a value, nor blow a mail up: whoever wrote it is told which text it is."""
    texts = _texts(tmp_path, greeting=f"Hello {placeholder}")
    with pytest.raises(CatalogueError, match="text 'greeting'"):
        texts.plain("en", "greeting", name="Jess")


def test_what_a_text_marks_is_marked_in_html_and_bare_in_plain_text(tmp_path: Path) -> None:
    """Strong words and words to type; a value that holds the same signs, a tag or a placeholder stays what it is."""
    texts = _texts(tmp_path, hint="**Type** `#note` & {name}")
    value = "**<b>{x}`"
    assert texts.plain("en", "hint", name=value) == f"Type #note & {value}"
    assert texts.html("en", "hint", name=value) == "<strong>Type</strong> <code>#note</code> &amp; **&lt;b&gt;{x}`"
