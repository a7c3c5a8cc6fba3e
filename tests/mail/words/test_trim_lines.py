"""What single lines say: where an attribution or a header block begins and ends, and how sure that is."""

from __future__ import annotations

import pytest

from gateway.mail.words.trim import trim
from gateway.mail.words.trim_lines import LOOK, MOST_LINES, Attribution, Strength, attribution_at, header_block_at, read_lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On Tue, 24 Nov 2026 at 10:12, Jess wrote:\n> x", Attribution(0, 1, Strength.STRONG)),
        ("On Tue, 24 Nov 2026 at 10:12, Jess\nMartin <jess@example.org>\nwrote:\n> x", Attribution(0, 3, Strength.STRONG)),
        ("Jess wrote:\n> x", Attribution(0, 1, Strength.WEAK)),
        ("On Tue, 24 Nov 2026 at 10:12, " + "Jess " * 45 + "\n" + "Martin " * 50 + "\nwrote:\n> x", None),
        ("On Tue, 24 Nov 2026 at 10:12, Jess\n\n\nwrote:\n> x", None),
        ("On Tue, 24 Nov 2026 at 10:12, Jess\nA\nB\nC\nwrote:\n> x", None),
    ],
    ids=["one line", "three lines", "without a date", "too long together", "two blank lines", "too many pieces"],
)
def test_an_attribution_may_go_over_lines_but_not_without_end(text: str, found: Attribution | None) -> None:
    """Mail programs wrap it, by a few lines and some hundred characters at most: what is longer is somebody's text."""
    assert attribution_at(read_lines(text), 0) == found
    assert len(text) < 2 * LOOK


def test_a_second_from_ends_a_header_block() -> None:
    """A quoted mail that begins with the headers of the one that it quotes itself: each block says who wrote what is below it."""
    lines = read_lines("From: a@example.org\nDate: Tue, 24 Nov 2026 10:12\nSubject: one\nFrom: b@example.org\nSubject: two\n\nx")
    first, second = header_block_at(lines, 0), header_block_at(lines, 3)
    assert first is not None
    assert second is not None
    assert (first.start, first.stop, first.fields["from"], first.fields["subject"]) == (0, 3, "a@example.org", "one")
    assert (second.start, second.stop, second.fields["from"], second.fields["subject"]) == (3, 5, "b@example.org", "two")


def test_what_is_beyond_the_limit_is_one_line_that_marks_nothing() -> None:
    """A giant text costs little, no character of it is lost, and nothing in its unread rest is taken for a quotation or a signature."""
    text = "a\n" * (MOST_LINES + 9) + "> b\n-- \nJess"
    lines = read_lines(text)
    assert "\n".join(line.raw for line in lines) == text
    assert len(lines) <= MOST_LINES + 1
    assert (lines[-1].long, lines[-1].quoted, lines[-1].blank) == (True, False, False)
    assert trim(text).reply == text
