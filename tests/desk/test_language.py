"""In which language a stranger is answered."""

from __future__ import annotations

import pytest

from tests.desk.scene import Scene

FRENCH = "Bonjour, je ne peux plus imprimer depuis hier. Merci.\n"


@pytest.mark.parametrize(
    ("headers", "text", "language"),
    [
        ({"Content-Language": "nl-BE"}, FRENCH, "nl"),
        ({"Accept-Language": "de-AT, en"}, FRENCH, "de"),
        ({}, FRENCH, "fr"),
        ({"Content-Language": "pt"}, FRENCH, "fr"),
        ({}, "Printer 3\n", "en"),
        ({"Content-Language": "pt"}, "Printer 3\n", "en"),
    ],
)
def test_a_stranger_is_answered_in_his_language(scene: Scene, headers: dict[str, str], text: str, language: str) -> None:
    """What his program states goes first, then what his words surely are, then the language of the desk."""
    scene.mail("asker@commune.example", text, subject="2/3", headers=headers)
    assert language == scene.person("asker@commune.example").language
    assert language == scene.ticket().language


def test_a_language_that_the_desk_does_not_have_is_not_guessed(scene: Scene) -> None:
    """A desk of two languages answers in one of these."""
    scene.with_rules(language="nl", languages=("nl", "en"))
    scene.mail("asker@commune.example", FRENCH, subject="2/3")
    assert "nl" == scene.person("asker@commune.example").language
