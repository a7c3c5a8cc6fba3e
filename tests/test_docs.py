"""The documents: what they tell people to type exists, what they point to is there, and what code cites from them stands in them."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from gateway.cli.main import app
from gateway.domain.workflow import folded
from gateway.mail.words.command import SHORT_FORMS, VERBS

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
REQUIREMENTS = ROOT / "docs" / "requirements.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDES = [README, *sorted((ROOT / "docs" / "guide").rglob("*.md"))]

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:^(?: {4}|\t)[^\n]*\n)+", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]{1,300})`")
_LINK = re.compile(r"\[[^\]\n]{0,300}\]\(([^)\s]{1,300})\)")
_COMMAND = re.compile(r"(?:^|[\s/])gateway(?= [a-z])")
_ID = re.compile(r"\b(?:R-[0-9]{3}|[TMA][0-9]{2})\b(?![.0-9])")
_ROW = re.compile(r"^\| ([TMA][0-9]{2}(?:-[a-z]+)?|R-[0-9]{3}) \|", re.MULTILINE)
_KEY = re.compile(r"`([a-z_]+(?:\.[A-Za-z_]+){1,2})`")
_LOGGED = {"mailbox.unavailable"}
"""Names of log lines that look like keys."""


@dataclass(frozen=True)
class Typed:
    """A command that a document tells people to type."""

    document: str
    words: tuple[str, ...]


def blocks(text: str) -> list[str]:
    """The code blocks of a document, fenced and indented."""
    fenced = [found[1] for found in _FENCE.finditer(text)]
    return fenced + [found[0] for found in _INDENTED.finditer(_FENCE.sub("", text))]


def lines_of_code(text: str) -> Iterator[str]:
    """Each line of code, with continued lines joined, and each piece of inline code."""
    for block in blocks(text):
        yield from re.sub(r"\\\n\s*", " ", block).splitlines()
    for block in _INLINE.finditer(_INDENTED.sub("\n", _FENCE.sub("", text))):
        yield block[1]


def commands(document: Path) -> list[Typed]:
    """The `gateway ...` commands of a document; what follows a pipe, a comment sign or a semicolon isn't ours."""
    found = []
    for line in lines_of_code(document.read_text(encoding="utf-8")):
        at = _COMMAND.search(line.strip())
        if at is None:
            continue
        rest = re.split(r"\s#\s|\s[|>]|;|&&", line.strip()[at.end() :])[0].replace("…", " ").replace("...", " ")
        found.append(Typed(document.name, tuple(shlex.split(rest))))
    return found


def faults(typed: Typed) -> list[str]:
    """What is wrong with a command: a subcommand or an option that there isn't."""
    here: Any = typer.main.get_command(app)
    words = list(typed.words)
    while words and hasattr(here, "commands"):
        if words[0].startswith("-"):
            break
        name = words.pop(0)
        if name not in here.commands:
            return [f"{typed.document}: gateway {' '.join(typed.words)}: there is no {name!r}"]
        here = here.commands[name]
    known = {option for parameter in here.params for option in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    return [f"{typed.document}: gateway {' '.join(typed.words)}: no option {option}" for option in options if option not in known]


def test_every_command_of_the_documents_exists() -> None:
    """Each `gateway ...` line of README, guides, decisions and requirements names a command and options that there are."""
    typed = [each for document in DOCUMENTS for each in commands(document)]
    assert [fault for each in typed for fault in faults(each)] == []
    assert {each.document for each in typed} >= {"README.md", "operator.md"}


def test_every_command_is_in_a_guide() -> None:
    """No command is left for people to find by chance."""

    def paths(command: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        for name, below in getattr(command, "commands", {}).items():
            if getattr(below, "hidden", False):
                continue
            yield from paths(below, (*before, name)) if hasattr(below, "commands") else iter([(*before, name)])

    shown = {each.words for document in GUIDES for each in commands(document)}
    there = list(paths(typer.main.get_command(app)))
    assert there
    assert [path for path in there if not any(words[: len(path)] == path for words in shown)] == []


def test_the_agents_commands_are_those_of_the_code() -> None:
    """Each `#word` that README and the agents' guide tell people to type is read, and no command is left out of the guide."""
    known = {typed: verb for typed, (verb, _) in VERBS.items()} | {typed: f"status {code}" for typed, code in SHORT_FORMS.items()}

    def typed(document: Path) -> set[str]:
        found = {word for line in lines_of_code(document.read_text(encoding="utf-8")) for word in re.findall(r"^#(\w+)", line.strip())}
        return {folded(word) for word in found}

    guide = typed(ROOT / "docs" / "guide" / "agent.md")
    assert (guide | typed(README)) - set(known) == {"urgent"}
    assert {known[word] for word in guide - {"urgent"}} == set(known.values())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    """A link to a file of the checkout resolves, down to the heading; other sites are not asked."""
    text = _FENCE.sub("", document.read_text(encoding="utf-8"))
    targets = [target for target in _LINK.findall(text) if not re.match(r"[a-z]+:", target)]
    assert [target for target in targets if not _leads_somewhere(document, target)] == []


def _leads_somewhere(document: Path, target: str) -> bool:
    name, _, heading = target.partition("#")
    path = document.parent / name if name else document
    if not path.exists():
        return False
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE) if heading else []
    return not heading or heading in {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_every_row_that_code_cites_stands_in_the_requirements() -> None:
    """An id such as R-152, T05, M01 or A06 in a docstring or comment of the package can be looked up, and no row stands twice."""
    rows = _ROW.findall(REQUIREMENTS.read_text(encoding="utf-8"))
    assert len(rows) == len(set(rows)) > 150
    cited = {name for path in (ROOT / "gateway").rglob("*.py") for text in _docstrings(path) for name in _ID.findall(text)}
    assert cited
    assert sorted(cited - set(rows)) == []


def _docstrings(path: Path) -> Iterator[str]:
    """The docstrings of a module and of all in it, attributes too, and its comments."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value
    yield from re.findall(r"#.*", source)


def test_the_requirements_know_every_mail() -> None:
    """The templates that a mail's row names are the folders that there are: no more, no fewer."""
    text = REQUIREMENTS.read_text(encoding="utf-8").partition("## Mails to customers")[2]
    named = set(re.findall(r"\| `([a-z_]+)` \|", text))
    folders = {path.parent.name for path in (ROOT / "templates" / "mail").glob("*/body.txt")}
    assert named == folders


def test_the_readme_names_two_commands_for_set_up() -> None:
    """`make demo` and `make test`, and nothing else that would have to be installed or set up first."""
    text = README.read_text(encoding="utf-8")
    made = {word for line in lines_of_code(text) for word in re.findall(r"\bmake ([a-z]+)", line)}
    assert made == {"demo", "test"}
    others = ("pip install", "venv ", "apt-get", "apt install", "docker", "npm", "poetry", "uv ", "pipx")
    assert [line for block in blocks(text) for line in block.splitlines() if any(word in line for word in others)] == []


def test_every_key_that_a_document_names_is_a_setting() -> None:
    """`section.key` in README and guides is a key of the config file."""
    keys = {f"{section}.{key}" for section, key in _keys()}
    sections = {key.partition(".")[0] for key in keys}
    named = {key for document in GUIDES for key in _KEY.findall(document.read_text(encoding="utf-8"))}
    wrong = {key for key in named - _LOGGED if key.partition(".")[0] in sections and _plain(key) not in keys}
    assert sorted(wrong) == []


def _plain(key: str) -> str:
    """`desk.SUP.team` without the table's name."""
    first, *_, last = key.split(".")
    return f"{first}.{last}"


def _keys() -> Iterator[tuple[str, str]]:
    """Section and key of every setting, as config/gateway.toml lists them (another test holds that list to the code)."""
    section = ""
    for line in (ROOT / "config" / "gateway.toml").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"\[([a-z]+)", line):
            section = found[1]
        elif section and (found := re.match(r"#?([a-z_]+) = ", line)):
            yield section, found[1]


def test_no_document_names_a_real_customer() -> None:
    """Documents use role names and example domains only."""
    wrong = re.compile(r"\b[\w.+-]+@(?!example\.(?:org|be|com)\b|[\w.-]+\.example\b)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
    found = {hit for document in DOCUMENTS for hit in wrong.findall(document.read_text(encoding="utf-8"))}
    assert sorted(hit for hit in found if not hit.endswith((".example.org", ".example.be"))) == []
