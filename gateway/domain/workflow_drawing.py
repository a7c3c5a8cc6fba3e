"""A workflow drawn: as text for a terminal, as a Mermaid diagram for a document, as plain values for programs.

All three read the table that decides, so none can show a move that the gateway would refuse, or leave one out.

Bugs: letters of double width put the columns of the text askew.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.domain.workflow import Actor, Rule, Status, Workflow, moves

WIDTH = 100
"""Columns of the text, where nobody says how wide his terminal is."""
START, END = "<!-- what follows is drawn: gateway workflow --write FILE -->", "<!-- end of the drawing -->"
"""The lines of a document between which the drawing stands."""

_NARROWEST = 20
"""A last column narrower than this would be a list of single words."""
# fmt: off
_MERMAID_WORDS = frozenset({
    "accdescr", "accdescription", "acctitle", "as", "choice", "class", "classdef", "click", "default", "direction", "end", "fork", "hide",
    "href", "join", "left", "note", "right", "scale", "state", "style", "width",
})
# fmt: on
_PLAIN = " '’.,()/-"


@dataclass(frozen=True, slots=True)
class NoPlace:
    """The document has no line `missing`, or has it in the wrong order or twice."""

    missing: str


def text(workflow: Workflow, language: str, width: int = WIDTH) -> str:
    """Statuses with whoever acts and where they lead; then the moves of each actor. Plain text, no line ends in a blank."""
    lines = [*_columns([["STATUS", "LABEL", "WHO ACTS", "LEADS TO"], *_status_rows(workflow, language)], width)]
    for actor in Actor:
        rows = [_move_row(workflow, rule) for rule in workflow.rules if rule.actor is actor]
        if rows:
            lines += ["", f"Moves of the {actor}", *_columns([["ROW", "WORD", "TO", "COMMENT", "MAIL", "TEAM", "FROM"], *rows], width)]
    return "\n".join([*lines, "", f"A new ticket is {workflow.initial}. * A plain reply is enough.", ""])


def mermaid(workflow: Workflow, language: str) -> str:
    """A `stateDiagram-v2`: a state for each status with its label and whoever acts, an edge for each move from each of its statuses."""
    lines = ["stateDiagram-v2"]
    for code, status in workflow.statuses.items():
        lines.append(f'    state "{_shown(status.label(language))} ({_shown(status.who_acts)})" as {_id(code)}')
    lines.append(f"    [*] --> {_id(workflow.initial)}")
    for rule in workflow.rules:
        said = ", ".join([f"{rule.name} {rule.actor}", *filter(None, (rule.mail, rule.team_mail))])
        lines += [f"    {_id(source)} --> {_id(rule.target)} : {said}" for source in _in_order(workflow, rule.sources)]
    return "\n".join([*lines, ""])


def values(workflow: Workflow, language: str) -> dict[str, object]:
    """Everything that the workflow says, as strings, lists and dicts, in the order of its file."""
    return {
        "initial": workflow.initial,
        "statuses": [_status_values(workflow, status, language) for status in workflow.statuses.values()],
        "moves": [
            {
                "name": rule.name,
                "word": rule.word,
                "by": str(rule.actor),
                "from": _in_order(workflow, rule.sources),
                "to": rule.target,
                "comment": rule.comment,
                "mail": rule.mail,
                "team_mail": rule.team_mail,
                "on_reply": _in_order(workflow, rule.on_reply),
            }
            for rule in workflow.rules
        ],
    }


def chapter(workflow: Workflow, language: str) -> str:
    """The drawing as a Markdown document holds it: the diagram, and the text for whoever cannot see it."""
    return f"```mermaid\n{mermaid(workflow, language)}```\n\n```text\n{text(workflow, language)}```\n"


def placed(document: str, drawn: str) -> str | NoPlace:
    """`document` with `drawn` between the lines START and END instead of what stood there."""
    lines = document.splitlines(keepends=True)
    at = {mark: [number for number, line in enumerate(lines) if line.rstrip() == mark] for mark in (START, END)}
    for mark in (START, END):
        if len(at[mark]) != 1:
            return NoPlace(mark)
    start, end = at[START][0], at[END][0]
    if end < start:
        return NoPlace(END)
    return "".join([*lines[: start + 1], "\n", drawn, "\n", *lines[end:]])


def _status_rows(workflow: Workflow, language: str) -> Iterator[list[str]]:
    for code, status in workflow.statuses.items():
        targets = dict.fromkeys(rule.target for rule in workflow.rules if code in rule.sources)
        yield [code, _line(status.label(language)), status.who_acts, ", ".join(targets)]


def _move_row(workflow: Workflow, rule: Rule) -> list[str]:
    sources = (f"{code}*" if code in rule.on_reply else code for code in _in_order(workflow, rule.sources))
    return [rule.name, _line(rule.word), rule.target, rule.comment, rule.mail or "-", rule.team_mail or "-", ", ".join(sources)]


def _status_values(workflow: Workflow, status: Status, language: str) -> dict[str, object]:
    return {
        "code": status.code,
        "label": status.label(language),
        "labels": dict(status.labels),
        "who_acts": status.who_acts,
        "tone": status.tone,
        "synonyms": list(status.synonyms),
        "moves": {str(actor): [rule.name for rule in moves(workflow, status.code, actor)] for actor in Actor},
    }


def _columns(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """`rows` in aligned columns, the last one wrapped at `width`."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    indent = sum(widths) + 2 * len(widths)
    for row in rows:
        first = "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=False)) + "  "
        wrapped = textwrap.wrap(row[-1], max(width - indent, _NARROWEST), break_long_words=False, break_on_hyphens=False) or [""]
        yield (first + wrapped[0]).rstrip()
        yield from (" " * indent + more for more in wrapped[1:])


def _in_order(workflow: Workflow, codes: frozenset[str]) -> list[str]:
    return [code for code in workflow.statuses if code in codes]


def _line(words: str) -> str:
    return " ".join(words.split())


def _id(code: str) -> str:
    """A code as Mermaid takes it: a word of its own grammar gets a capital before it, which no code has."""
    return f"S_{code}" if code in _MERMAID_WORDS else code


def _shown(words: str) -> str:
    """A label as Mermaid takes it: whatever its grammar might read as a sign is a character's number."""
    plain = "".join(char if char.isalnum() or char in _PLAIN else f"#{ord(char)};" for char in _line(words))
    # "direction LR" in the middle of any line turns the diagram.
    return plain.replace(" ", "#32;") if "direction" in plain.casefold() else plain
