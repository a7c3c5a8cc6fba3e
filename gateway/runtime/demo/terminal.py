"""The demo on a terminal: a panel for each mail in its writer's colour, people on the left and the gateway's answers further in.

The width is the terminal's, up to a hundred columns; NO_COLOR takes the colours away.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from gateway.runtime.demo.show import Letter

WIDEST = 100
INDENT = 4

COLOURS = {
    # who wrote -> the colour of the frame
    "customer": "cyan",
    "agent": "magenta",
    "gateway": "green",
    "other": "yellow",
}
FIELDS = {
    # a header field -> how it looks; other fields are for machines, and dim
    "From": "",
    "To": "",
    "Subject": "bold",
}


class TerminalShow:
    """Panels and colours."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._console.width = min(self._console.width, WIDEST)

    def title(self, text: str, *below: str) -> None:
        """The head, in a double frame."""
        self._console.print(Panel(Text("\n".join(below)), title=Text(f" {text} ", style="bold"), box=box.DOUBLE, padding=(1, 2)))

    def step(self, number: int, text: str) -> None:
        """A step, on a line across."""
        self._console.print()
        self._console.print(Rule(Text.assemble((f" {number} ", "bold reverse"), (f" {text}", "bold")), align="left", style="dim"))

    def mail(self, who: str, head: str, shown: Letter) -> None:
        """A mail in its frame."""
        text = Text()
        for name, value in shown.fields:
            text.append(f"{name}: ", style="dim")
            text.append(f"{value}\n", style=FIELDS.get(name, "dim"))
        for line in shown.lines:
            text.append(f"\n{line}", style="dim" if line.startswith((">", "… ")) else "")
        for file in shown.files:
            text.append(f"\n[attached: {file}]", style="italic")
        title = Text(f" {head} ", style="bold")
        panel = Panel(text, title=title, title_align="left", box=box.ROUNDED, border_style=COLOURS[who], padding=(0, 1))
        self._indented(panel, INDENT if who == "gateway" else 0)

    def say(self, text: str) -> None:
        """A remark."""
        self._indented(Text(text, style="dim"), 2)

    def passed(self, text: str) -> None:
        """Proved."""
        self._mark("✓", text, "bold green")

    def missing(self, text: str) -> None:
        """Not proved."""
        self._mark("✗", text, "bold red")

    def table(self, title: str, rows: Sequence[tuple[str, ...]]) -> None:
        """Columns under a title."""
        table = Table(title=Text(title, style="bold"), title_justify="left", show_header=False, box=box.SIMPLE, padding=(0, 1))
        for row in rows:
            table.add_row(*(Text(cell, style="" if place else "bold", overflow="fold") for place, cell in enumerate(row)))
        self._console.print()
        self._console.print(table)

    def raw(self, lines: Sequence[str]) -> None:
        """Lines as they are; a long one is wrapped by the terminal, so that it can be copied whole."""
        for line in lines:
            self._console.print(Text(line), soft_wrap=True)

    def _mark(self, mark: str, text: str, style: str) -> None:
        line = Table.grid(padding=(0, 1))
        line.add_row(Text(mark, style=style), Text(text))
        self._indented(line, 2)

    def _indented(self, what: RenderableType, columns: int) -> None:
        self._console.print(Padding(what, (0, 0, 0, columns)))
