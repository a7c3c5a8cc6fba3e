"""An agent's command lines at the top of a reply: `#status resolved`, `#note`, `#assign jess@example.org`, `#merge SUP-9`.

The block is read before anything is done: one line that can't be read means that nothing is done and that the agent gets his text back
with the line, the reason and the nearest verb (A06). A customer's `#` lines are text; the caller, who knows who wrote, decides that by
not calling this. Which status a value names is the workflow's business (`gateway.domain.workflow.find_status`).

Bugs: a first line that is a hashtag ("#urgent please look") is taken for a command and refused.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Final

from gateway.domain.workflow import folded

VERBS: Final = {
    # typed, without case and accents -> (verb, what stands behind it: "never" anything, "always" a value, or "text" of the note)
    "note": ("note", "text"),
    "status": ("status", "always"),
    "statut": ("status", "always"),
    "assign": ("assign", "always"),
    "assigne": ("assign", "always"),
    "assigner": ("assign", "always"),
    "take": ("take", "never"),
    "prendre": ("take", "never"),
    "merge": ("merge", "always"),
    "fusion": ("merge", "always"),
    "fusionner": ("merge", "always"),
    "resolution": ("resolution", "always"),
    "undo": ("undo", "never"),
    "annuler": ("undo", "never"),
    "help": ("help", "never"),
    "aide": ("help", "never"),
    "force": ("force", "never"),
}

SHORT_FORMS: Final = {
    # typed, without case, accents and signs -> the code of the status
    "attente": "waiting_customer",
    "waiting": "waiting_customer",
    "approbation": "waiting_approval",
    "approval": "waiting_approval",
    "encours": "in_progress",
    "inprogress": "in_progress",
    "progress": "in_progress",
    "dev": "development",
    "developpement": "development",
    "development": "development",
    "selectionne": "selected",
    "selected": "selected",
    "adelivrer": "to_deliver",
    "todeliver": "to_deliver",
    "resolu": "resolved",
    "resolved": "resolved",
    "ferme": "closed",
    "closed": "closed",
    "rouvrir": "reopened",
    "reopen": "reopened",
}

RESOLUTION_WORDS: Final = {
    # typed, without case, accents and signs -> how a request ended
    "done": "done",
    "fait": "done",
    "gedaan": "done",
    "erledigt": "done",
    "wontfix": "wont_fix",
    "neserapasfait": "wont_fix",
    "refuse": "wont_fix",
    "wordtnietgedaan": "wont_fix",
    "wirdnichtgemacht": "wont_fix",
    "duplicate": "duplicate",
    "doublon": "duplicate",
    "dubbel": "duplicate",
    "duplikat": "duplicate",
    "notreproducible": "not_reproducible",
    "nonreproductible": "not_reproducible",
    "nietreproduceerbaar": "not_reproducible",
    "nichtreproduzierbar": "not_reproducible",
}
"""What may stand behind `#resolved`, `#closed` and `#resolution` (T12)."""

MAX_LINES: Final = 30
"""Command lines in one block; nobody needs more, and a mail of nothing else must cost little."""

SETTLING: Final = frozenset({"resolved", "closed"})
"""Statuses whose short form may say how the request ended: `#resolved duplicate`."""

_NEAREST = 3
_VERB_CUT = 40
_LINE_CUT = 200
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u3000\t"), " ")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\r"), None)
_SPLIT = re.compile(r"[ :=]")


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `verb` is the English one; `value` is a status as typed (a code for short forms), an address or name, or ""."""

    verb: str
    value: str
    line_number: int
    """Counted from 1 in the text that was read."""
    line: str
    resolution: str = ""
    """A word of RESOLUTIONS that stood behind `#resolved` or `#closed`."""


@dataclass(frozen=True, slots=True)
class CommandError:
    """A line that can't be read. `reason`: unknown-verb, value-missing, value-not-expected, twice or too-many.

    `nearest` are verbs with their `#`, best first, at most three.
    """

    line_number: int
    line: str
    reason: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandBlock:
    """What stood at the top: the commands, the lines that are wrong, and the text below them (all of the text when there is no block)."""

    commands: tuple[Command, ...]
    errors: tuple[CommandError, ...]
    rest: str

    def has(self, verb: str) -> bool:
        """Whether a command `verb` was given."""
        return any(command.verb == verb for command in self.commands)

    @property
    def resolution(self) -> str | None:
        """How the request ended, if a line says so: a word of RESOLUTIONS, or what was typed when it is none."""
        beside = next((command.resolution for command in self.commands if command.resolution), None)
        typed = self.value("resolution")
        return beside if typed is None else RESOLUTION_WORDS.get(folded(typed), typed)

    def value(self, verb: str) -> str | None:
        """The value of the command `verb`, or None when it was not given."""
        return next((command.value for command in self.commands if command.verb == verb), None)


def read_commands(text: str) -> CommandBlock:
    """Read the block of `#verb value` lines at the very top of `text`; blank lines may stand before and between them.

    The block ends at the first line that isn't a command. Words behind `#note` belong to the note, so they head the rest. A line is a
    command when a letter follows its `#`: "#12" and "# title" are text. Linear in the length of the text.
    """
    commands: list[Command] = []
    errors: list[CommandError] = []
    note = ""
    lines, number, end = text.split("\n"), 0, 0
    for number, raw in enumerate(lines, start=1):
        line = raw.translate(_BLANKS).translate(_INVISIBLE).strip()
        if not line:
            continue
        if not _is_command(line):
            break
        end = number
        if len(commands) + len(errors) >= MAX_LINES:
            errors.append(CommandError(number, line[:_LINE_CUT], "too-many"))
            break
        read = _read_line(line, number)
        if isinstance(read, Command) and _contradicts(read, commands):
            read = CommandError(number, read.line, "twice")
        if isinstance(read, CommandError):
            errors.append(read)
        elif read.verb == "note":
            note = f"{note}\n{read.value}" if note else read.value
            commands.append(Command("note", "", number, read.line))
        else:
            commands.append(read)
    if not end:
        return CommandBlock((), (), text)
    below = "\n".join(lines[end:]).strip("\n")
    return CommandBlock(tuple(commands), tuple(errors), "\n".join(part for part in (note, below) if part))


def _is_command(line: str) -> bool:
    return len(line) > 1 and line[0] in "#\uff03" and line[1].isalpha()


def _read_line(line: str, number: int) -> Command | CommandError:
    typed, value = _cut(line)
    shown, verb = line[:_LINE_CUT], folded(typed[:_VERB_CUT])
    if verb in SHORT_FORMS:
        how = RESOLUTION_WORDS.get(folded(value)) if SHORT_FORMS[verb] in SETTLING else None
        if value and how is None:
            return CommandError(number, shown, "value-not-expected")
        return Command("status", SHORT_FORMS[verb], number, shown, how or "")
    if verb not in VERBS:
        return CommandError(number, shown, "unknown-verb", _nearest(verb))
    canonical, takes = VERBS[verb]
    if takes == "always" and not value:
        return CommandError(number, shown, "value-missing")
    if value and (takes == "never" or _is_command(value)):
        # Two commands on one line are not guessed at: the second might be meant as the value.
        return CommandError(number, shown, "value-not-expected")
    return Command(canonical, _bare_address(value) if canonical == "assign" else value, number, shown)


def _cut(line: str) -> tuple[str, str]:
    """The verb without its `#`, and its value: "#Statut : résolu" -> ("Statut", "résolu")."""
    found = _SPLIT.search(line, 1)
    if found is None:
        return line[1:], ""
    return line[1 : found.start()], line[found.start() :].lstrip(" :=").strip()


def _bare_address(value: str) -> str:
    """The address without what mail clients add to it: "j@example.org<mailto:j@example.org>", "<j@example.org>"."""
    head, bracket, tail = value.partition("<")
    inside = tail.partition(">")[0].strip()
    if bracket and "@" in inside and "@" not in head:
        return inside.removeprefix("mailto:")
    return head.strip() if bracket else value


def _contradicts(command: Command, earlier: list[Command]) -> bool:
    """Whether an earlier line already said something else on the same matter; the same thing twice is harmless."""
    matter = {"take": "assign"}.get(command.verb, command.verb)
    return matter in {"assign", "status"} and any(
        {"take": "assign"}.get(other.verb, other.verb) == matter and (other.verb, other.value) != (command.verb, command.value)
        for other in earlier
    )


def _nearest(verb: str) -> tuple[str, ...]:
    close = difflib.get_close_matches(verb, (*VERBS, *SHORT_FORMS), n=_NEAREST, cutoff=0.6)
    return tuple(f"#{name}" for name in close)
