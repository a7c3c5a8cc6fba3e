"""What an ordinary-looking mail may cost: found by repeating words, for what is not suspicious is read in the daemon's own process."""

from __future__ import annotations

import pytest

from gateway.mail.read.suspicion import why_suspicious
from gateway.mail.understand import read_through
from gateway.mail.words.trim_lines import MOST_LINES, SEARCHED_CHARACTERS, read_lines, searched
from tests.fuzz.laws import AUTHSERV, MARKERS, read_lawfully
from tests.growth import assert_within

HEAD = "From: counter@commune.example\nTo: support@desk.example\nSubject: Re: printer\nIn-Reply-To: <1@desk.example>\n\n"
QUOTATION = "\nOn Mon, 2 Mar 2026 at 09:00, Support <support@desk.example> wrote:\n\n"
PIECES = (
    *("1@:\n", "192e@commune.example>:\n", "Cordialement,\nA\n", "a\n"),
    *(
        pytest.param(piece, marks=pytest.mark.long)
        for piece in (
            *("1@a>:\n", "1/1/1 " * 14 + "@:\n", "1:1 " * 25 + "@:\n", "1a@b.example, " * 7 + ":\n", "To: support@dele\nTo:@dele\n"),
            *(
                "From:a\n\n",
                "> a\n1@a>:\n\n",
                "- one\n\n- two\n\n",
                "__________\n",
                "Sent from my phone\n",
            ),
        )
    ),
)
"""Lines that look like the beginning of a quotation, a header block or a signature, over and over."""


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_is_read_in_bounded_time(piece: str) -> None:
    """A quarter of a megabyte that nobody suspects is read within 1.5 s of CPU on a busy machine (CASES F6, A3.14)."""
    raw = (HEAD + "It works.\n" + piece * (240_000 // len(piece))).encode()
    assert why_suspicious(raw) is None
    assert_within(lambda: read_through(raw, AUTHSERV, MARKERS), 1.5)


@pytest.mark.parametrize("piece", ["1@:\n", "a\n", "> quoted\n", "x" * 90 + "\n"])
def test_a_text_that_is_not_searched_to_its_end_is_whole(piece: str) -> None:
    """Every law holds for a text of many lines: no word is lost, and the reply is not empty."""
    read_lawfully((HEAD + "It works.\n" + piece * (60_000 // len(piece)) + "\n-- \nCounter One\n").encode())


@pytest.mark.parametrize("below", ["> the printer is broken\n", "The printer is broken.\n"])
def test_a_quotation_of_any_length_is_cut(below: str) -> None:
    """What stands above the quotation is the reply, however long the history below it is, marked or not."""
    text = "It works again.\n" + QUOTATION + below * 15_000
    assert len(text) > SEARCHED_CHARACTERS
    assert "It works again." == read_lawfully((HEAD + text).encode()).trimmed.reply


def test_a_quotation_that_begins_far_down_is_shown() -> None:
    """An unmarked one below a long text is not looked for: what is shown too much is skipped. A marked one is cut all the same."""
    long = "A line of a log that was pasted.\n" * 3000
    shown = read_lawfully((HEAD + long + QUOTATION + "The printer is broken.\n").encode()).trimmed
    assert ("", True) == (shown.quoted, "The printer is broken." in shown.reply)
    cut = read_lawfully((HEAD + long + QUOTATION + "> The printer is broken.\n").encode()).trimmed
    assert "> The printer is broken." in cut.quoted
    assert "pasted" not in cut.quoted


def test_signatures_without_end_are_peeled_to_an_end() -> None:
    """Nobody has hundreds of them: what is left of a text that has is shown, and the first words are among it."""
    trimmed = read_lawfully((HEAD + "It works.\n" + "-- \nz\n" * 1000).encode()).trimmed
    assert trimmed.reply.startswith("It works.\n-- \nz")
    assert trimmed.signature.startswith("-- \nz")


def test_what_stands_below_the_last_line_that_is_read_stays() -> None:
    """Marks of quoting above it do not make it a quotation: the writer's own words may stand there."""
    text = ">\n" * (MOST_LINES + 10) + "my own words\n"
    assert "my own words" in read_lawfully((HEAD + text).encode()).trimmed.reply


@pytest.mark.parametrize("text", ["a\n" * (MOST_LINES + 5), "a\n" * MOST_LINES, "a\n" * (MOST_LINES - 1), "", "a"])
def test_the_lines_are_the_text(text: str) -> None:
    """Put together again they are the text, to the letter, and the last one may hold several."""
    lines = read_lines(text)
    assert text == "\n".join(line.raw for line in lines)
    assert len(lines) <= MOST_LINES + 1
    assert 0 < searched(lines) <= len(lines)
