"""What reaches a terminal or a pipe: aligned, without anything that a terminal would obey."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.cli import console
from gateway.cli.console import Column

EVIL = "a\x1b]0;title\x07b\x9b31mc\u202ed\r\ne\x00\u2028f"


class Terminal(io.StringIO):
    """A stdout that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """What is put on a terminal of 60 columns from now on."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return screen


def test_control_characters_are_taken_out() -> None:
    """ESC, C1, bidi overrides, NUL and line separators; one line stays one line (CASES A3.18)."""
    assert console.line_of(EVIL) == "a]0;titleb31mcd ef"
    assert console.block_of("one\r\ntwo\tthree\x1b[2J") == "one\ntwo\tthree[2J"


def test_json_obeys_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """The value comes back whole, and no control character stands in the text."""
    console.put_json({"subject": EVIL, "name": "Zoë"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"subject": EVIL, "name": "Zoë"}
    assert "Zoë" in out
    assert not set(out) & set("\x1b\x07\x9b\u202e\r\x00\u2028")


def test_times_are_utc_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever zone they were in."""
    zone = datetime(2026, 3, 2, 10, tzinfo=UTC).astimezone(console.datetime.now().astimezone().tzinfo)
    console.put_json_line({"at": zone})
    assert json.loads(capsys.readouterr().out) == {"at": "2026-03-02T10:00:00+00:00"}


def test_a_table_in_a_pipe_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    """Columns of blanks, whole values, wide letters counted as two; no colour and no trailing blanks."""
    console.put_table([Column("ID"), Column("WHAT", shrinks=True), Column("END")], [("1", "火 fire", "x"), ("12", "y" * 90, "[red]z")])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["ID  WHAT" + " " * 88 + "END", "1   火 fire" + " " * 85 + "x", "12  " + "y" * 90 + "  [red]z"]


def test_a_table_on_a_terminal_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long cells are wrapped, ids are whole, what a stranger wrote is no markup."""
    terminal = on_terminal(monkeypatch)
    console.put_table([Column("ID"), Column("WHAT", shrinks=True)], [("o-123456", "[bold]" + "word " * 30), ("o-2", "sent")])
    shown = terminal.getvalue()
    assert "o-123456" in shown
    assert "[bold]" in shown
    assert "\x1b[32msent" in shown
    assert all(len(_bare(line)) <= 60 for line in shown.splitlines())


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR leaves no colour in headings, fields or tables."""
    terminal = on_terminal(monkeypatch)
    console.put("heading", "red")
    assert "\x1b[31m" in terminal.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    terminal.truncate(0)
    console.put("heading", "red")
    console.put_fields([("name", "value")])
    console.put_table([Column("STATE")], [("sent",)])
    assert "\x1b[3" not in terminal.getvalue()
    assert "heading" in terminal.getvalue()


def test_a_raw_mail_on_a_terminal_is_tamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--raw` on a terminal must not let the mail speak to it."""
    terminal = on_terminal(monkeypatch)
    console.put_bytes(b"Subject: \x1b]0;x\x07\r\n\r\nbody")
    assert "\x1b]" not in terminal.getvalue()
    assert "body" in terminal.getvalue()


def _bare(text: str) -> str:
    parts = text.split("\x1b[")
    return parts[0] + "".join(part.partition("m")[2] for part in parts[1:])


@pytest.mark.parametrize(("seconds", "said"), [(0, "0 s"), (59, "59 s"), (60, "1 m"), (7199, "1 h"), (200_000, "2 d"), (-5, "0 s")])
def test_spans_have_one_unit(seconds: int, said: str) -> None:
    """Never negative: clocks differ."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    assert console.span(start, start + timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(("octets", "said"), [(999, "999 B"), (1000, "1 kB"), (26_214_400, "26.2 MB")])
def test_sizes_are_for_people(octets: int, said: str) -> None:
    """Powers of ten."""
    assert console.size_of(octets) == said


@pytest.mark.parametrize(("name", "number"), [("o-12", 12), ("O-12", 12), ("12", 12)])
def test_a_number_may_carry_its_letter(name: str, number: int) -> None:
    """As the lists show it, or bare."""
    assert console.number_of(name, "o") == number


@pytest.mark.parametrize("name", ["i-12", "", "o-", "x", "-1", "١", "9" * 30])
def test_what_is_no_number_is_a_usage_error(name: str) -> None:
    """An id of the ledger is none of the outbox."""
    with pytest.raises(console.typer.Exit) as ended:
        console.number_of(name, "o")
    assert ended.value.exit_code == 2


@pytest.mark.parametrize(
    ("answer", "goes_on"),
    [("y\n", True), ("n\n", False)],
)
def test_a_person_is_asked(monkeypatch: pytest.MonkeyPatch, answer: str, goes_on: bool) -> None:
    """At a terminal the question is asked; no means stop, with exit code 1."""
    keys: Any = Terminal(answer)
    monkeypatch.setattr(sys, "stdin", keys)
    monkeypatch.setattr(console.typer, "confirm", lambda _question, err: keys.readline() == "y\n" and err)
    if goes_on:
        console.sure("Sure?", yes=False)
        return
    with pytest.raises(console.typer.Exit) as ended:
        console.sure("Sure?", yes=False)
    assert ended.value.exit_code == 1


def test_progress_is_shown_to_those_who_look_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar on stderr at a terminal; in a script, nothing."""
    screen = Terminal()
    for stream, total, shown in ((screen, 3, True), (io.StringIO(), 3, False), (Terminal(), 1, False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with console.progress("ingest", total=total) as advance:
            advance(1)
        assert ("ingest" in stream.getvalue()) is shown
