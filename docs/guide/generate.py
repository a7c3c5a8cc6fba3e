# ruff: noqa: INP001 - a script beside the pages that it fills
"""Fills docs/guide/reading/ from the rules themselves: `python docs/guide/generate.py` writes, with `--check` it only compares.

A page is written by hand but for what stands between `<!-- made: KIND MODULE NAMES -->` and `<!-- made end -->`. That is put there from the
tables, functions and docstrings that the mark names, in the order in which the rows of a table stand, or in which a function asks.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from types import FunctionType
from typing import Any, Final

from gateway.mail.phrases import plain

PAGES = Path(__file__).resolve().parent / "reading"
WIDTH = 150
MARK = re.compile(r"(<!-- made: (\w+) ([^>]*?) -->\n).*?(<!-- made end -->)", re.DOTALL)
_ASIDE = re.compile(r" ?\(([^()]*)\)")
_OURS = re.compile(r"(?:(?:CASES|SURFACE|DESIGN|FIELD|rulings?|invariant|T2 of) .*|R-\d+|[A-Z]?\.?\d+(?:\.\d+)?(?:-[A-Z]\d.*)?)")
"""Part of an aside that points into papers which a reader of the pages does not have."""
_LANGUAGE = re.compile(r"\s*# ((?:[A-Z][a-z]+(?:, | and )?)+)$")
_NOTE = re.compile(r'^\s*\("([^"]+)", .*\),  # (.*)$', re.MULTILINE)
_MOST_GROUPS = 8


@dataclass(frozen=True, slots=True)
class Source:
    """A module: what it holds, and how it is written."""

    values: Any
    tree: ast.Module
    lines: tuple[str, ...]

    def written(self, name: str) -> Any:
        """The function, class or table of this name. Raises LookupError where there is none."""
        for one in self.tree.body:
            if name in {getattr(one, "name", ""), *_assigned(one)}:
                return one
        raise LookupError(f"{self.values.__name__} has no {name} of its own")

    def said(self, body: Sequence[ast.stmt]) -> dict[str, str]:
        """What is said of each name that `body` assigns: its docstring, else the comment behind or above it."""
        out: dict[str, str] = {}
        for one, below in zip(body, [*body[1:], ast.Pass()], strict=True):
            doc = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else None
            here, above = self.lines[one.lineno - 1].partition("  # ")[2].partition("noqa")[0], self.lines[one.lineno - 2]
            comment = here or (above.removeprefix("# ") if above.startswith("# ") else "")
            out |= dict.fromkeys(_assigned(one), doc if isinstance(doc, str) else comment)
        return out


@cache
def source(module: str) -> Source:
    """The module of this name."""
    values = importlib.import_module(module)
    text = Path(str(values.__file__)).read_text(encoding="utf-8")
    return Source(values, ast.parse(text), tuple(text.splitlines()))


def _assigned(one: ast.stmt) -> list[str]:
    return [target.id for target in getattr(one, "targets", [getattr(one, "target", None)]) if isinstance(target, ast.Name)]


def _names(node: ast.AST) -> list[str]:
    """The names in `node`, each once, in the order of its text."""
    found = sorted((one for one in ast.walk(node) if isinstance(one, ast.Name)), key=lambda one: (one.lineno, one.col_offset))
    return list(dict.fromkeys(one.id for one in found))


def _readable(text: str | None) -> str:
    """A docstring as Markdown takes it: on one line, without asides that lead nowhere, and nothing in it a tag or a mark."""

    def aside(found: re.Match[str]) -> str:
        pieces = [piece for piece in re.split(r"(?<=[,;]) ", found[1]) if not _OURS.fullmatch(piece.rstrip(",;"))]
        return f"{found[0][: found[0].index('(')]}({' '.join(pieces).rstrip(',;')})" if pieces else ""

    pieces = re.split(r"(`[^`]*`)", _ASIDE.sub(aside, " ".join((text or "").split())))
    return "".join(piece if piece.startswith("`") else re.sub(r"(?<!\\)([<*|])", r"\\\1", piece) for piece in pieces)


def _wrapped(text: str, first: str = "", indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _item(title: str, text: str | None, first: str = "- ") -> str:
    """One item of a list; what its docstring lists stands below it."""
    head, *below = re.split(r"\n\s*- ", text or "")
    listed = [_wrapped(_readable(one), " " * len(first) + "- ", " " * len(first) + "  ") for one in below]
    return "\n".join([_wrapped(f"{title}: {_readable(head)}" if head else title, first, " " * len(first)), *listed])


def _amount(value: Any) -> str:
    """A number as a person says it."""
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 60:g} minutes"
    if isinstance(value, int) and value and value % 1024 == 0:
        return f"{value // 1024**2} MiB" if value % 1024**2 == 0 else f"{value // 1024} KiB"
    return f"{value:,}" if isinstance(value, int) else str(value)


def why(module: str) -> Iterator[str]:
    """What a module is for, and its known gaps."""
    text, _, gaps = (ast.get_docstring(source(module).tree) or "").partition("Bugs: ")
    yield from (_wrapped(_readable(one)) for one in text.strip().split("\n\n"))
    if gaps:
        said = _readable(gaps)
        yield _wrapped(f"**Known gaps.** {said[0].upper()}{said[1:]}")


def says(module: str, *names: str) -> Iterator[str]:
    """What functions say of themselves, or numbers that decide."""
    found = source(module)
    said = found.said(found.tree.body)
    values = [(name, getattr(found.values, name)) for name in names]
    pairs = [(f"`{name}`", one.__doc__) if callable(one) else (f"`{name}`, {_amount(one)}", said[name]) for name, one in values]
    yield "\n".join(_item(*pair) for pair in pairs)


def rules(module: str, name: str) -> Iterator[str]:
    """A table of decisions, in the order in which they are asked."""
    table = enumerate(getattr(source(module).values, name), 1)
    rows = [{"": str(at), "rule": row[0] if " " in row[0] else f"`{row[0]}`"} | _rule(*row[1:]) for at, row in table]
    lines = [rows[0], ["---"] * len(rows[0]), *(row.values() for row in rows)]
    yield "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


def _rule(asks: Callable[..., Any], *then: Any) -> dict[str, str]:
    if not asks.__doc__:
        return {"ordinary up to": _amount(then[0])}
    tables = [f"`{one}`" for one in _names(source(asks.__module__).written(asks.__name__)) if one.isupper()]
    return {"it hits": " ".join([_readable(asks.__doc__), *tables])} | ({"so it is": str(then[0])} if then else {})


def steps(module: str, name: str, *but: str) -> Iterator[str]:
    """The functions that a function asks, in its order, `but` these."""
    found = source(module)
    asked = [(one, getattr(found.values, one, None)) for one in _names(found.written(name)) if one not in {name, *but}]
    ours = [(one, it.__doc__) for one, it in asked if isinstance(it, FunctionType)]
    yield "\n".join(_item(f"`{one}`", text, f"{at}. ") for at, (one, text) in enumerate(ours, 1))


def members(module: str, name: str) -> Iterator[str]:
    """The values of an enumeration, or what a class says of its fields, with their numbers."""
    found = source(module)
    said, kind = found.said(found.written(name).body), getattr(found.values, name)
    if is_dataclass(kind):
        limits = {one.name: f"{one.name.replace('_', ' ')}, {_amount(one.default)}" for one in fields(kind) if isinstance(one.default, int)}
        yield "\n".join(_item(limits.get(one, f"`{one}`"), said[one]) for one in said if said[one] or one in limits)
    else:
        yield "\n".join(_item(f"`{one.value}`", said[one.name]) for one in kind)


def codes(package: str, call: str) -> Iterator[str]:
    """The codes that the modules of a package give to calls of this name."""
    texts = [path.read_text(encoding="utf-8") for path in Path(source(package).values.__file__).parent.rglob("*.py")]
    given = {code for text in texts for code in re.findall(rf'\.{call}\("([a-z-]+)"\)', text)}
    yield _wrapped(", ".join(f"`{one}`" for one in sorted(given)) + ".")


def pages(*names: str) -> Iterator[str]:
    """These pages in this order, each with its title and the first sentence of what it is made from."""
    texts = [(PAGES / name).read_text(encoding="utf-8") for name in names]
    titles = [f"[{text.splitlines()[0].removeprefix('# ')}]({name})" for name, text in zip(names, texts, strict=True)]
    made = [next(why(re.findall(r"<!-- made: why (\S+)", text)[0])) for text in texts]
    yield "\n".join(_item(title, text, f"{at}. ") for at, (title, text) in enumerate(zip(titles, made, strict=True), 1))


def words(module: str, *names: str) -> Iterator[str]:
    """Tables of words, each with its docstring; in groups where it is made of groups."""
    found = source(module)
    said = found.said(found.tree.body)
    for name in names:
        lines = []
        for label, some in _groups(found, found.written(name), getattr(found.values, name)):
            whole = " ".join(f"{one} |".replace(" ", "\0") for one in some).removesuffix("\0|")  # no phrase is broken
            lines.append(_wrapped(f"{label}: {whole}" if label else whole, indent="  ").replace("\0", " "))
        yield "\n".join([_wrapped(f"`{name}`: {_readable(said[name])}".removesuffix(": ")), "```text", *lines, "```"])


def asked(module: str, name: str, home: str) -> Iterator[str]:
    """The tables of words, from the module `home`, that a function asks, in its order."""
    yield from words(home, *(one for one in _names(source(module).written(name)) if re.fullmatch("[A-Z][A-Z_]+", one)))


def _groups(found: Source, node: ast.stmt, table: Any) -> Iterable[tuple[str, Iterable[str]]]:
    """The words of a table by language, by what they mean, or all in one group."""
    if isinstance(table, dict) and not isinstance(next(iter(table.values())), str):
        return [(key, sorted(some)) for key, some in table.items()]
    if isinstance(table, dict):
        kinds = dict.fromkeys(table.values())
        few = [(kind, [key for key in table if table[key] == kind]) for kind in kinds]
        return few if len(few) <= _MOST_GROUPS else [("", [f"{key} = {one}" for key, one in table.items()])]
    if isinstance(table, tuple) and isinstance(table[0][-1], bool):
        notes = dict(_NOTE.findall("\n".join(found.lines[node.lineno - 1 : node.end_lineno])))
        rows = [(row[-1], " … ".join(row[:-1]) + (f" ({notes[row[0]]})" if row[0] in notes else "")) for row in table]
        return [("for ever" if hard else "for now", [text for _, text in some]) for hard, some in groupby(rows, key=lambda row: row[0])]
    return _by_language(found, node, table) or [("", [_word(one) for one in (table if isinstance(table, tuple) else sorted(table))])]


def _by_language(found: Source, node: ast.stmt, table: Iterable[Any]) -> list[tuple[str, list[str]]]:
    """The words of a table whose rows stand below comments that name languages; above the first one they are English."""
    span = range(node.lineno, (node.end_lineno or 0) + 1)
    heads = {line: hit[1] for line in span if (hit := _LANGUAGE.match(found.lines[line - 1]))}
    out: dict[str, list[str]] = {}
    literals = ((one.lineno, one.value) for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))
    for number, text in sorted(literals) if heads else ():
        label = next((heads[line] for line in sorted(heads, reverse=True) if line < number), "English")
        pieces = text.split("|") if "|" in text or plain(text) in table else text.split()
        out.setdefault(label, []).extend(piece.strip() if piece.strip() in table else plain(piece) for piece in pieces)
    return list(out.items())


def _word(row: Any) -> str:
    """One row of a table of words."""
    if not isinstance(row, str) and all(isinstance(one, tuple) for one in row):
        return ", ".join(one[0] for one in row)
    return " … ".join((one if isinstance(one, str) else ", ".join(one)).strip() for one in ([row] if isinstance(row, str) else row)).strip()


KINDS: Final = {one.__name__: one for one in (why, says, rules, steps, members, codes, pages, words, asked)}


def filled(text: str) -> str:
    """A page with all between its marks made anew."""
    return MARK.sub(lambda found: f"{found[1]}\n" + "\n\n".join(KINDS[found[2]](*found[3].split())) + f"\n\n{found[4]}", text)


def main(arguments: Sequence[str]) -> int:
    """Write the pages that are out of date, or only name them; then 1 says that there were some."""
    stale = [(path, new) for path in sorted(PAGES.glob("*.md")) if (new := filled(old := path.read_text(encoding="utf-8"))) != old]
    check = "--check" in arguments
    for path, new in stale:
        if not check:
            path.write_text(new, encoding="utf-8")
        sys.stdout.write(f"{path.name}: {'out of date' if check else 'written'}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
