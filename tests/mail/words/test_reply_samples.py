"""Answers as many mail programs write them: what a careful reader would keep of each, and what nobody may cut.

The samples stand in `samples`: a line, or a text below its name, each. In a text a line of three waves begins and ends what goes; in a line
`|` is a line break, and `␠` is a blank at the end of a line.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.mail.read.html import to_text
from gateway.mail.words.forward import find_forward
from gateway.mail.words.trim import trim, trim_signature
from tests.growth import assert_linear
from tests.mail.words.test_forward import EMPTY

SAMPLES = Path(__file__).with_name("samples")
QUOTATION = "Goedendag Jess,\n\nStart de printer opnieuw.\n\nDe helpdesk"
MARKED = "\n".join(f"> {line}" for line in QUOTATION.split("\n"))
REPLY = "Het werkt weer.\n\nJess"


def lines_of(name: str) -> list[str]:
    """The samples of a file that has one on each line."""
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def texts_of(name: str) -> dict[str, tuple[str, str]]:
    """The samples of a file of longer ones, by their names: the text, and what is to be kept of it."""
    out: dict[str, tuple[str, str]] = {}
    for sample in f"\n{(SAMPLES / f'{name}.txt').read_text(encoding='utf-8')}".replace("␠", " ").split("\n=== ")[1:]:
        title, _, body = sample.partition("\n")
        parts = f"{body}\n".split("~~~\n")
        out[title] = ("".join(parts), "".join(parts[::2]))
    return out


def squeezed(text: str) -> str:
    """The words of a text, line by line, without its empty lines."""
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


REPLIES, WHOLE, PAGES, FORWARDS = texts_of("replies"), texts_of("whole"), texts_of("html"), texts_of("forwards")


@pytest.mark.parametrize("attribution", lines_of("attributions"))
@pytest.mark.parametrize("quotation", [QUOTATION, MARKED], ids=["bare", "marked"])
def test_what_a_program_writes_above_a_quotation_goes_with_it(attribution: str, quotation: str) -> None:
    """Each program's own words above the mail that it answers end the reply, in each of its languages."""
    assert trim(f"{REPLY}\n\n{attribution.replace('|', chr(10))}\n\n{quotation}\n").reply.strip() == REPLY


@pytest.mark.parametrize("block", lines_of("header_blocks"))
def test_the_headers_above_a_quotation_go_with_it(block: str) -> None:
    """A block of headers that a program copies ends the reply, whatever the language of its labels."""
    assert trim(f"{REPLY}\n\n{block.replace('|', chr(10))}\n\n{QUOTATION}\n").reply.strip() == REPLY


@pytest.mark.parametrize("line", lines_of("program_lines"))
def test_what_a_device_or_a_gateway_adds_is_nobodys_words(line: str) -> None:
    """It goes from the end of an answer as from the end of a first mail."""
    for trimmed in (trim(f"{REPLY}\n\n{line}\n"), trim_signature(f"{REPLY}\n\n{line}\n")):
        assert (trimmed.reply.strip(), trimmed.signature) == (REPLY, line)


@pytest.mark.parametrize("marker", lines_of("desk_markers"))
def test_the_marker_of_another_desk_ends_the_reply(marker: str) -> None:
    """The reply stands above it, in whatever language it is asked for."""
    assert trim(f"{REPLY}\n\n{marker.replace('|', chr(10))}\n\n{QUOTATION}\n").reply.strip() == REPLY


@pytest.mark.parametrize("name", REPLIES)
def test_an_answer_is_trimmed_to_its_writers_words(name: str) -> None:
    """The writer's own words stay, with the quotations that he answers in between, and nothing else."""
    text, kept = REPLIES[name]
    assert squeezed(trim(text).reply) == squeezed(kept)


@pytest.mark.parametrize("name", WHOLE)
def test_what_only_looks_like_somebody_elses_words_stays(name: str) -> None:
    """A text that quotes nobody is read whole, whatever its lines look like."""
    text, kept = WHOLE[name]
    assert text == kept
    assert squeezed(trim(text).reply) == squeezed(text)


@pytest.mark.parametrize("name", PAGES)
def test_an_answer_in_html_alone_is_trimmed_as_its_program_marks_it(name: str) -> None:
    """Of a mail without a text part the marks of its program show where the quotation and the signature begin."""
    page = PAGES[name][0]
    assert trim(to_text(page), html=page).reply.strip() == "Works now."


@pytest.mark.parametrize("name", FORWARDS)
def test_a_forward_tells_its_author_its_subject_and_the_note_above_it(name: str) -> None:
    """In a sample the subject comes first, then what is to be found. An answer and a form are no forwards."""
    subject, wanted, text = FORWARDS[name][0].split("\n", 2)
    found = find_forward(replace(EMPTY, subject=subject, text=text))
    if found is None:
        assert wanted == "none"
        return
    author = found.sender.address if found.sender else ""
    assert f"{author} | {found.subject} | {found.note.strip()}".rstrip() == wanted


@pytest.mark.parametrize(
    "piece",
    [
        "> Message du 24/11/26 10:12\n> De : x\n",
        "—-—-—-—\nReply above this\n",
        "Virus-free. www.example.org\n\n",
        "P " * 90 + "\n\n",
        "Veuillez agréer\nsalutations\nx\n",
        "a@b.example | +32 2 000 00 00 | " * 3 + "\n",
        "x\n>1\n",
        "---- wrote ----\n",
        "12:00 2026 schrieben Sie:\n",
    ],
)
def test_twice_the_lines_take_twice_the_time(piece: str) -> None:
    """What looks like the beginning or the end of something, over and over, costs time in step with its length."""
    page = f"<p>{piece}</p>" * 400
    once, twice = piece * 2000, piece * 4000
    assert_linear(lambda: trim(once, html=page), lambda: trim(twice, html=page + page))
