"""How the demo looks: panels and colours on a terminal, plain lines in a pipe. It decides nothing.

Words of mails are shown as they are, but without what a terminal might obey (CASES A3.18).
"""

from __future__ import annotations

import itertools
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from gateway.runtime.demo.people import files_of, text_of

BODY_LINES, QUOTED_LINES = 22, 2
"""Lines of a mail's text, and of a quote in it, that are shown at most."""
HEADERS = ("From", "To", "Reply-To", "Subject", "In-Reply-To", "Auto-Submitted")
"""The fields that are shown, where a mail has them."""

_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_TOKEN = re.compile(r"\+([a-z2-7]{5})[a-z2-7]{31}([a-z2-7]{4})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is shown: fields, lines of text, attachments."""

    fields: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    files: tuple[str, ...]


def letter(mail: EmailMessage) -> Letter:
    """What is shown of a mail. A signed address is cut in its middle: forty letters would hide the rest."""
    fields = [(name, _line(str(mail[name]))) for name in HEADERS if mail[name]]
    text = _UNSHOWN.sub("", text_of(mail).replace("\t", "    ")).strip("\n")
    lines = list(_without_long_quotes(line.rstrip() for line in text.split("\n")))
    if len(lines) > BODY_LINES + 1:
        lines = [*lines[:BODY_LINES], f"… {len(lines) - BODY_LINES} more lines"]
    files = [f"{_line(file.name)} ({file.kind}, {len(file.content)} bytes)" for file in files_of(mail) if file.name]
    return Letter(tuple(fields), tuple(lines), tuple(files))


def _without_long_quotes(lines: Iterable[str]) -> Iterator[str]:
    """Quotes with their first lines only."""
    for quoted, group in itertools.groupby(lines, lambda line: line.startswith(">")):
        found = list(group)
        if quoted and len(found) > QUOTED_LINES + 1:
            yield from [*found[:QUOTED_LINES], f"> … {len(found) - QUOTED_LINES} more quoted lines"]
        else:
            yield from found


def _line(text: str) -> str:
    return _TOKEN.sub(r"+\1…\2@", _UNSHOWN.sub("", text.replace("\n", " ").replace("\r", "")))


class Show(Protocol):
    """Where the demo is shown."""

    def title(self, text: str, *below: str) -> None:
        """The head of it all."""

    def step(self, number: int, text: str) -> None:
        """A step begins."""

    def mail(self, who: str, head: str, shown: Letter) -> None:
        """A mail; `who` wrote it (customer, agent, gateway or other), `head` says what it is."""

    def say(self, text: str) -> None:
        """A remark."""

    def passed(self, text: str) -> None:
        """Something that was to be proved, and is."""

    def missing(self, text: str) -> None:
        """Something that was to be proved, and is not."""

    def table(self, title: str, rows: Sequence[tuple[str, ...]]) -> None:
        """Rows of cells under a title."""

    def raw(self, lines: Sequence[str]) -> None:
        """Lines as they are."""


def make_show() -> Show:
    """A terminal gets panels, and colours unless NO_COLOR is set; a pipe or a dumb terminal gets plain lines."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # an ASCII terminal shows ? for é, and goes on
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return PlainShow()
    from gateway.runtime.demo.terminal import TerminalShow

    return TerminalShow()


class PlainShow:
    """Plain lines, each out at once."""

    def title(self, text: str, *below: str) -> None:
        """The head."""
        self.raw([text, "=" * len(text), *map(_line, below)])

    def step(self, number: int, text: str) -> None:
        """A step."""
        self.raw(["", f"[{number}] {text}"])

    def mail(self, who: str, head: str, shown: Letter) -> None:  # noqa: ARG002 - who is a colour elsewhere
        """A mail, its lines behind a bar."""
        bar = [f"{name}: {value}" for name, value in shown.fields]
        bar += ["", *shown.lines]
        bar += [f"[attached: {file}]" for file in shown.files]
        self.raw(["", f"    -- {head}", *(f"    | {line}".rstrip() for line in bar)])

    def say(self, text: str) -> None:
        """A remark."""
        self.raw([f"    {text}"])

    def passed(self, text: str) -> None:
        """Proved."""
        self.raw(["", f"    ✓ {text}"])

    def missing(self, text: str) -> None:
        """Not proved."""
        self.raw(["", f"    ✗ {text}"])

    def table(self, title: str, rows: Sequence[tuple[str, ...]]) -> None:
        """Aligned columns."""
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        self.raw(["", title, *(f"    {line}" for line in lines)])

    def raw(self, lines: Sequence[str]) -> None:
        """Lines as they are."""
        print("\n".join(lines), flush=True)
