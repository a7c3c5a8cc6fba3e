"""When two mails say the same."""

from __future__ import annotations

import pytest

from gateway.domain.near import says_the_same


@pytest.mark.parametrize(
    ("text", "files", "before", "files_before"),
    [
        ("The printer is down.", [], "the  printer\nis down !", []),
        ("See the file", ["f1"], "See the file.", ["f1", "f2"]),
        ("", ["f1"], "📎", ["f1"]),
    ],
)
def test_the_same_words_and_no_new_file(text: str, files: list[str], before: str, files_before: list[str]) -> None:
    """Case, blanks and punctuation do not count; what was left out the second time adds nothing."""
    assert says_the_same(text, files, before, files_before)


@pytest.mark.parametrize(
    ("text", "files", "before", "files_before"),
    [
        ("The printer is down again", [], "The printer is down", []),
        ("Down is the printer", [], "The printer is down", []),
        ("See the file", ["f2"], "See the file", ["f1"]),
        ("See the file", ["f1"], "See the file", []),
        ("", [], "", []),
        ("📎", [], "👍", []),
    ],
)
def test_anything_else_is_another_mail(text: str, files: list[str], before: str, files_before: list[str]) -> None:
    """One word more, another order, another file, or nothing at all to compare."""
    assert not says_the_same(text, files, before, files_before)
