"""What a line says by its shape, and what only looks like it."""

from __future__ import annotations

import pytest

from gateway.mail.words.trim_lines import LOOK, Line, read_lines
from gateway.mail.words.trim_marks import is_original_message, is_sent_from


def _line(text: str) -> Line:
    return read_lines(text)[0]


@pytest.mark.parametrize(
    ("text", "separates"),
    [
        ("-----Original Message-----", True),
        ("_____ Message d'origine _____", True),
        ("Message du 24/11/26 10:12", True),
        ("Original Message", False),
        ("Message du 24/11/26 10:12 : rien", False),
        ("", False),
        ("-" * LOOK + "Original Message-----", False),
    ],
)
def test_a_separator_is_framed_or_dated_and_short(text: str, separates: bool) -> None:
    """The words alone are anybody's, and of a line without end not enough is looked at to be sure."""
    assert is_original_message(_line(text)) is separates


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("Sent from my iPhone", True),
        ("Jess via mobile", True),
        ("Jess Martin from phone", False),
        ("Please send me the code via mobile", False),
        ("> Sent from my iPhone", False),
        ("ok", False),
    ],
)
def test_a_line_that_a_telephone_adds_is_short_and_says_nothing_else(text: str, added: bool) -> None:
    """A sentence that ends in the same words is somebody's."""
    assert is_sent_from(_line(text)) is added
