"""An agent's command block: what is a command, what is text, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.workflow import REQUIRED_STATUSES
from gateway.mail.words.command import MAX_LINES, SHORT_FORMS, VERBS, Command, CommandBlock, read_commands
from tests.growth import assert_within


def pairs(text: str) -> list[tuple[str, str]]:
    """The verbs and values of a block without errors."""
    block = read_commands(text)
    assert block.errors == ()
    return [(command.verb, command.value) for command in block.commands]


@pytest.mark.parametrize(
    ("line", "verb", "value"),
    [
        ("#note", "note", ""),
        ("#status resolved", "status", "resolved"),
        ("#statut Résolu", "status", "Résolu"),
        ("#Statut : en attente du client", "status", "en attente du client"),
        ("#status=closed", "status", "closed"),
        ("#assign jess@example.org", "assign", "jess@example.org"),
        ("#assigné Jess Martin", "assign", "Jess Martin"),
        ("#assigne jess@example.org<mailto:jess@example.org>", "assign", "jess@example.org"),
        ("#assign <mailto:jess@example.org>", "assign", "jess@example.org"),
        ("#assign Jess <jess@example.org>", "assign", "jess@example.org"),
        ("#take", "take", ""),
        ("#PRENDRE", "take", ""),
        ("#undo", "undo", ""),
        ("#annuler", "undo", ""),
        ("#help", "help", ""),
        ("#aide", "help", ""),
        ("#force", "force", ""),
        ("  #take  ", "take", ""),
        ("#take.", "take", ""),
        ("\ufeff#take", "take", ""),
        ("\u00a0#status\u00a0closed\u00a0", "status", "closed"),
        ("＃take", "take", ""),
        ("#attente", "status", "waiting_customer"),
        ("#résolu", "status", "resolved"),
        ("#RESOLU", "status", "resolved"),
        ("#re\u0301solu", "status", "resolved"),
        ("#fermé", "status", "closed"),
        ("#encours", "status", "in_progress"),
        ("#en-cours", "status", "in_progress"),
        ("#dev", "status", "development"),
        ("#approbation", "status", "waiting_approval"),
        ("#àdélivrer", "status", "to_deliver"),
        ("#waiting", "status", "waiting_customer"),
        ("#closed", "status", "closed"),
        ("#reopen", "status", "reopened"),
    ],
)
def test_a_line_is_read(line: str, verb: str, value: str) -> None:
    """Every verb and short form, whatever its case, accents, blanks and what a mail client adds to it."""
    assert read_commands(line) == CommandBlock((Command(verb, value, 1, read_commands(line).commands[0].line),), (), "")
    assert pairs(line) == [(verb, value)]


def test_a_block_and_its_text() -> None:
    """Blank lines before and within are allowed; the block ends at the first other line, and what follows is kept as it is."""
    block = read_commands("\n\n#prendre\n\n#statut résolu\n\nBonjour,\n\n#fermé is text down here\n")
    assert [(c.verb, c.value, c.line_number, c.line) for c in block.commands] == [
        ("take", "", 3, "#prendre"),
        ("status", "résolu", 5, "#statut résolu"),
    ]
    assert block.errors == ()
    assert block.rest == "Bonjour,\n\n#fermé is text down here"
    assert block.has("take")
    assert not block.has("note")
    assert block.value("status") == "résolu"
    assert block.value("assign") is None


@pytest.mark.parametrize(
    "text", ["", "\n", "Bonjour\n#take", "#12 is the one", "# Title", "#", "##", "#!", "  text\r\n", "> #take", "-#take", "SUP-12 #take"]
)
def test_text_stays_text(text: str) -> None:
    """Without a command line at the top nothing is taken, and the text is the same to the last blank."""
    assert read_commands(text) == CommandBlock((), (), text)


@pytest.mark.parametrize(
    ("line", "reason", "nearest"),
    [
        ("#statuss resolved", "unknown-verb", "#status"),
        ("#prendr", "unknown-verb", "#prendre"),
        ("#resoluu", "unknown-verb", "#resolu"),
        ("#xyzzy", "unknown-verb", None),
        ("#status", "value-missing", None),
        ("#statut :", "value-missing", None),
        ("#assign", "value-missing", None),
        ("#take now", "value-not-expected", None),
        ("#resolu demain", "value-not-expected", None),
        ("#attente doublon", "value-not-expected", None),
        ("#merge", "value-missing", None),
        ("#status #closed", "value-not-expected", None),
        ("#note #closed", "value-not-expected", None),
    ],
)
def test_a_wrong_line_is_named(line: str, reason: str, nearest: str | None) -> None:
    """A line that can't be read has its number, its words, a reason, and the nearest verb first where there is one."""
    block = read_commands(f"#take\n\n{line}\nText")
    (error,) = block.errors
    assert (error.line_number, error.line, error.reason) == (3, line, reason)
    assert (error.nearest[0] if error.nearest else None) == nearest
    assert block.rest == "Text"


def test_all_wrong_lines_are_told() -> None:
    """Two errors are two errors; the commands that could be read are listed too."""
    block = read_commands("#foo\n#take\n#status\nText")
    assert [error.line_number for error in block.errors] == [1, 3]
    assert [command.verb for command in block.commands] == ["take"]


@pytest.mark.parametrize("text", ["#status a\n#status b", "#resolu\n#statut fermé", "#take\n#assign jess@example.org"])
def test_a_contradiction_is_refused(text: str) -> None:
    """Two different values for one matter: neither is guessed to be the meant one."""
    (error,) = read_commands(text).errors
    assert (error.line_number, error.reason) == (2, "twice")


def test_saying_it_twice_is_harmless() -> None:
    """The same line again means the same thing."""
    assert read_commands("#resolu\n#resolved\n#take\n#take").errors == ()


def test_words_behind_note_belong_to_the_note() -> None:
    """`#note called him` keeps its words, above the text that follows."""
    block = read_commands("#note called him\n#take\n\nHe is away.")
    assert [command.verb for command in block.commands] == ["note", "take"]
    assert block.rest == "called him\nHe is away."


def test_a_block_has_an_end() -> None:
    """More lines than anybody needs are refused, and a mail of nothing but commands is read in no time."""
    text = "#x\n" * 1_000_000
    assert_within(lambda: read_commands(text), 2)
    block = read_commands(text)
    assert block.errors[-1].reason == "too-many"
    assert len(block.errors) == MAX_LINES + 1


def test_a_long_line_is_cut_in_the_error() -> None:
    """What goes back to the agent is short, however long his line was."""
    (error,) = read_commands("#" + "x" * 1_000_000).errors
    assert len(error.line) <= 200


def test_the_tables_agree() -> None:
    """No word is both a verb and a short form, and each status that code names has a short form."""
    assert not VERBS.keys() & SHORT_FORMS.keys()
    assert set(REQUIRED_STATUSES) - {"open"} <= set(SHORT_FORMS.values())


@given(st.text(alphabet=st.sampled_from("#ab \n\r\u00a0note:statu=<>@é12")))
def test_any_text_is_read(text: str) -> None:
    """No text makes it raise; without commands and errors the text is untouched."""
    block = read_commands(text)
    assert block.commands or block.errors or block.rest == text


@pytest.mark.parametrize(
    ("text", "status", "how"),
    [
        ("#resolu", "resolved", None),
        ("#resolu doublon", "resolved", "duplicate"),
        ("#résolu : ne sera pas fait", "resolved", "wont_fix"),
        ("#closed not reproducible", "closed", "not_reproducible"),
        ("#status gelöst\n#resolution Duplikat", "gelöst", "duplicate"),
        ("#resolved\n#resolution tomorrow", "resolved", "tomorrow"),
    ],
)
def test_how_a_request_ended(text: str, status: str, how: str | None) -> None:
    """T12: behind the short form, or on a line of its own; what is no resolution comes back as it was typed, to be refused."""
    block = read_commands(text)
    assert not block.errors
    assert block.value("status") == status
    assert block.resolution == how
