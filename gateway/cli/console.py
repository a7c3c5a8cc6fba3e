"""How the command line speaks: data on stdout, messages on stderr; aligned columns for a person, one JSON value for a program.

Half of what is shown here was written by strangers, so nothing reaches the terminal before its control characters are gone (CASES A3.18).
What an operator can put right ends in a sentence and an exit code (`EXPECTED`), never in a traceback.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from gateway.desk.office import Office
    from gateway.runtime.settings import Settings

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_NOT_FOUND = 4
EXIT_TEMPORARY = 5
EXIT_CONFIG = 78

EXPECTED = (
    # where the exception is made, its name, the exit code: what an operator can put right
    ("gateway.runtime.config_error", "ConfigError", EXIT_CONFIG),
    ("gateway.store.engine", "StoreError", EXIT_FAILED),
    ("gateway.store.blobs", "BlobMissingError", EXIT_FAILED),
    ("gateway.runtime.process_lock", "LockHeldError", EXIT_FAILED),
    ("gateway.mail.write.texts", "CatalogueError", EXIT_FAILED),
    ("sqlalchemy.exc", "OperationalError", EXIT_TEMPORARY),
    ("sqlalchemy.exc", "InterfaceError", EXIT_TEMPORARY),
)

Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The config file; without it the usual places are tried.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many at most.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

_UNSHOWN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_CONTROL = re.compile(f"[{_UNSHOWN}]")
_STYLES = {
    # a cell or word of a table that is one of these words gets this colour
    "sent": "green",
    "deferred": "yellow",
    "uncertain": "yellow",
    "held": "yellow",
    "bounced": "red",
    "parked": "red",
    "disabled": "red",
}
_UNITS = ((86_400, "d"), (3600, "h"), (60, "m"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. One that may shrink is wrapped where the terminal is too narrow; the others are shown whole."""

    title: str
    shrinks: bool = False


def line_of(text: object) -> str:
    """`text` fit for one line of a terminal: no control characters, line breaks and tabs as blanks."""
    return _CONTROL.sub("", re.sub(r"[\r\n\t]+", " ", str(text)))


def block_of(text: str) -> str:
    """`text` fit for a terminal or the database, with its lines."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def say(message: str) -> None:
    """A message to the operator, on stderr."""
    typer.echo(block_of(message), err=True)


def fail(message: str, code: int = EXIT_FAILED) -> NoReturn:
    """End with a message and an exit code; a transaction in progress is rolled back."""
    say(message)
    raise typer.Exit(code)


def put(text: str = "", style: str = "") -> None:
    """A line (or block) of data, on stdout; `style` is bold, dim or a colour, where there is colour."""
    shown = block_of(text)
    typer.echo(_styled(shown, style) if style and coloured() else shown)


def put_json(value: object) -> None:
    """One JSON value, on stdout. What a terminal might obey is escaped; times are ISO 8601 in UTC."""
    made = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    typer.echo(_escaped(made))


def put_json_line(value: object) -> None:
    """One JSON value in one line."""
    typer.echo(_escaped(json.dumps(value, ensure_ascii=False, default=_plain)))


def put_bytes(raw: bytes) -> None:
    """Bytes as they are, on stdout; on a terminal their control characters are taken out."""
    if sys.stdout.isatty():
        put(raw.decode("utf-8", "replace"))
    else:
        typer.echo(raw, nl=False)


def put_table(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> None:
    """Rows under their titles: plain columns into a pipe, fitted to its width on a terminal."""
    cells = [[line_of(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _put_rich(columns, cells)
        return
    titles = [column.title for column in columns]
    widths = [max(map(_width, column)) for column in zip(titles, *cells, strict=True)]
    for row in [titles, *cells]:
        typer.echo("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip())


def put_fields(fields: Sequence[tuple[str, str]]) -> None:
    """Names and values, one a line; empty values are left out."""
    for name, value in fields:
        if value:
            typer.echo(f" {_styled(f'{name:<10}', 'dim') if coloured() else f'{name:<10}'} {line_of(value)}")


def coloured() -> bool:
    """Whether stdout shows colours: a terminal, and nobody said NO_COLOR."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def when(moment: datetime) -> str:
    """A time in this machine's zone, to the second."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def span(start: datetime, end: datetime) -> str:
    """How long from `start` to `end` in one unit: "41 m"."""
    seconds = max(int((end - start).total_seconds()), 0)
    return next((f"{seconds // size} {unit}" for size, unit in _UNITS if seconds >= size), f"{seconds} s")


def size_of(octets: int) -> str:
    """A size for people: "812 B", "12 kB", "3.4 MB"."""
    if octets < 1000:
        return f"{octets} B"
    return f"{octets / 1000:.0f} kB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


def last_line(text: str | None) -> str:
    """The last line that says something: of a traceback, the error."""
    return next((line.strip() for line in reversed((text or "").splitlines()) if line.strip()), "")


def number_of(name: str, letter: str) -> int:
    """The number in `o-12` or `12`; anything else is a usage error."""
    digits = name.lower().removeprefix(f"{letter}-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        fail(f'"{name}" is not a number such as {letter}-12', EXIT_USAGE)
    return int(digits)


def words(text: str | None) -> str:
    """The text of an argument; `-`, or no argument, reads standard input. An empty one is a usage error."""
    if text is None and sys.stdin.isatty():
        say("Write the text; end with Ctrl-D on a line of its own.")
    given = typer.get_binary_stream("stdin").read().decode("utf-8", "replace") if text in {None, "-"} else text
    cleaned = block_of(str(given)).strip()
    if not cleaned:
        fail("there is no text: give it as an argument, or on standard input", EXIT_USAGE)
    return cleaned


def sure(question: str, *, yes: bool) -> None:
    """Go on only with --yes, or when a person at the terminal says so."""
    if yes:
        return
    if not sys.stdin.isatty():
        fail("this cannot be taken back: add --yes", EXIT_USAGE)
    if not typer.confirm(question, err=True):
        raise typer.Exit(EXIT_FAILED)


def more_than_shown(shown: int, limit: int) -> None:
    """Say that a list was cut."""
    if shown >= limit:
        say(f"the first {limit}; --limit shows more")


@contextlib.contextmanager
def progress(what: str, *, total: int) -> Iterator[Callable[[int], object]]:
    """A bar on stderr for long work, where somebody looks on; yields what is called with the number of steps done."""
    if total < 2 or not sys.stderr.isatty():
        yield lambda _steps: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda steps: bar.advance(task, steps)


@contextlib.contextmanager
def office(config: Path | None) -> Iterator[Office]:
    """The help desk, beside a daemon that may run. Raises ConfigError or StoreError."""
    from gateway.runtime.settings import load
    from gateway.runtime.wiring import open_office

    settings = load(config)
    _refuse_older_tables(settings)
    opened = open_office(settings, quickly=True)
    try:
        yield opened
    finally:
        opened.store.close()


def _refuse_older_tables(settings: Settings) -> None:
    """A glance at a list must not change the tables under a daemon of the release before."""
    from gateway.store.engine import Store, StoreError
    from gateway.store.upgrade import Behind, check, look, sqlite_file

    with contextlib.closing(Store(settings.database.url)) as store:
        file = sqlite_file(store)
        if (file is None or file.exists()) and isinstance(check(store), Behind):
            raise StoreError(look(store)[1])


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn what an operator can put right into his sentence and its exit code."""
    try:
        yield
    except BrokenPipeError:
        raise
    except expected() as error:
        fail(sentence(error), exit_code(error))


def expected() -> tuple[type[BaseException], ...]:
    """The exceptions of `EXPECTED` and OSError. A module that was never loaded cannot have raised its own."""
    loaded = (getattr(sys.modules.get(module), name, None) for module, name, _ in EXPECTED)
    return (OSError, *(kind for kind in loaded if kind is not None))


def exit_code(error: BaseException) -> int:
    """The exit code of an expected error."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return next((code for _, name, code in EXPECTED if name in names), EXIT_FAILED)


def sentence(error: BaseException) -> str:
    """What an expected error says to an operator."""
    cause = getattr(error, "orig", None)  # of a database: its own words, without our SQL
    if cause is not None:
        return f"the database cannot be used now: {str(cause).strip()}. Try again"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _put_rich(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column.title, no_wrap=not column.shrinks, overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))  # a Text, for a stranger may write markup
    Console(highlight=False).print(table)


def _styled(text: str, style: str) -> str:
    if style in {"bold", "dim"}:
        return typer.style(text, bold=style == "bold", dim=style == "dim")
    return typer.style(text, fg=style)


def _width(text: str) -> int:
    """Columns that `text` takes."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _escaped(made: str) -> str:
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", made)


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
