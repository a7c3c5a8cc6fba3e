"""The habits that no linter holds: how long a function and a file may be, what is annotated and documented, where everything is caught."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "gateway"
DRAFTED = PACKAGE / "store" / "migrations" / "versions"
"""Written by a program, and never changed after a release."""

FUNCTION_LINES = 60
FILE_LINES = 600
"""Hard limits; aim at 30 and 400."""

SAY_NOTHING = {"util", "utils", "helper", "helpers", "manager", "common", "misc", "base", "core", "shared"}
"""Names under which anything could stand."""

WALLS = {
    "gateway/desk/receive.py",
    "gateway/desk/deliver.py",
    "gateway/mail/read/parse.py",
    "gateway/mail/read/sender.py",
    "gateway/runtime/daemon.py",
    "gateway/runtime/doors.py",
    "gateway/runtime/health.py",
    "gateway/runtime/loops.py",
    "gateway/runtime/mailbox_loop.py",
    "gateway/runtime/sandbox_child.py",
    "gateway/transport/lmtp.py",
}
"""The loops and doors that must outlive any bug: only they may catch everything. Whoever adds one says in it what becomes of the work."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    """Our modules, without what is drafted."""
    return sorted(path for path in PACKAGE.rglob("*.py") if DRAFTED not in path.parents)


def name(path: Path) -> str:
    """`path` as the messages show it."""
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[Function]:
    """All functions, with methods and inner ones."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def public(tree: ast.Module) -> Iterator[Function | ast.ClassDef]:
    """The functions, classes and methods that other modules may use."""
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (each for each in node.body if isinstance(each, Function) and not each.name.startswith("_"))


def unannotated(function: Function) -> Iterator[str]:
    """The parameters of `function` without a type, and `return`."""
    signature = function.args
    given = [*signature.posonlyargs, *signature.args, *signature.kwonlyargs, signature.vararg, signature.kwarg]
    for number, argument in enumerate(given):
        bound = number == 0 and argument is not None and argument.arg in {"self", "cls"}
        if argument is not None and argument.annotation is None and not bound:
            yield argument.arg
    if function.returns is None and function.name != "__init__":
        yield "return"


def catches_everything(node: ast.AST) -> bool:
    """Whether `node` swallows any exception; a handler that ends by raising it again only tidies up."""
    if isinstance(node, ast.ExceptHandler):
        kinds = [node.type] if not isinstance(node.type, ast.Tuple) else node.type.elts
        wide = any(kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}) for kind in kinds)
        last = node.body[-1]
        return wide and not (isinstance(last, ast.Raise) and last.exc is None)
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
        return any(isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"} for kind in node.args)
    return False


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_keeps_to_the_sizes(path: Path) -> None:
    """No function over 60 lines, no file over 600."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE_LINES
    lengths = {f.name: (f.end_lineno or 0) - f.lineno + 1 for f in functions(ast.parse(text))}
    assert {key: lines for key, lines in lengths.items() if lines > FUNCTION_LINES} == {}


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_is_annotated_and_documented(path: Path) -> None:
    """Each parameter and each result has a type; the module and whatever is public in it says what it is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [f"{f.name}: {what}" for f in functions(tree) for what in unannotated(f)] == []
    assert ast.get_docstring(tree)
    assert [node.name for node in public(tree) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", modules(), ids=name)
def test_only_the_walls_catch_everything(path: Path) -> None:
    """A bug that is swallowed anywhere else would look like success."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lines = [node.lineno for node in ast.walk(tree) if catches_everything(node) and isinstance(node, ast.ExceptHandler | ast.Call)]
    assert not lines or name(path) in WALLS, f"lines {lines} catch everything, and {name(path)} is not in WALLS"


def test_module_names_say_what_is_inside() -> None:
    """No module is called by a word under which anything could stand."""
    named = {part for path in modules() for part in (path.stem, path.parent.name)}
    assert named & SAY_NOTHING == set()


def tracked() -> Iterator[Path]:
    """The text files that are in the repository, or would be if they were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=False, capture_output=True, cwd=ROOT)
    if listed.returncode:
        pytest.skip("not in a git repository")
    for entry in sorted({entry for entry in listed.stdout.decode().split("\0") if entry}):
        if (ROOT / entry).is_file():
            yield ROOT / entry


def test_no_file_names_a_place_of_one_machine() -> None:
    """Whatever stands in the repository works on another machine, in another folder."""
    place = b"/" + b"work/"
    contents = {path: path.read_bytes() for path in tracked()}
    assert contents
    assert [name(path) for path, content in contents.items() if b"\0" not in content and place in content] == []
