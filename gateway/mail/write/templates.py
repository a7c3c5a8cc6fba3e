"""Finds, checks and compiles mail templates, all of them when the program starts.

A template may be the operator's own (an override), so it is compiled in Jinja's sandbox, strict about names, with HTML escaped; what people
wrote comes in as variables and is never template source (CASES F12, A3.17). Checked at start: the syntax, every name against what a
mail may show, every text id against every language. A customer's template has no name for what only agents may read (CASES A2.9).

Style rules are written into the tags (mail clients ignore style sheets) once, on the template: its Jinja tags are set aside meanwhile.

Bugs: a Jinja block may not stand inside an HTML tag outside of an attribute's value; rows that a loop writes need a `<tbody>` around
the loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import css_inline
from jinja2 import BaseLoader, BytecodeCache, Environment, StrictUndefined, TemplateNotFound, TemplateSyntaxError, meta, nodes
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

STYLE_SHEET = "style.css"
"""The file at the top of the templates whose rules are written into the tags."""

TEXT_FUNCTIONS = ("_", "_n", "_code")
"""`_(id, name=value)`, `_n(id, count, ...)` with plural forms, `_code(family, code)`: `status_note.selected`, or "" without such a text."""

_JINJA_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|&(?:#0*123|#[xX]0*7[bB]|lcub|lbrace);?", re.DOTALL)
"""Also a brace that is written as an entity: it is text, and would else come out as the beginning of a tag."""
_SHOWN = ("{{", "&")
_SET_ASIDE = re.compile("<!--\ue000([0-9]+)\ue001-->|\ue000([0-9]+)\ue001")


class TemplateError(ValueError):
    """A template that cannot be used: `path` and `line` say where. The operator's to mend."""

    def __init__(self, path: Path | str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = str(path)
        self.line = line
        self.reason = reason


class _SharedCode(BytecodeCache):
    """Compiled templates by their source, so that four languages compile a shared template once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._known.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class TemplateFolders(BaseLoader):
    """Where a template of one language is looked for: `<event>/<lang>/<part>` before `<event>/<part>`, the operator's before ours."""

    def __init__(self, roots: tuple[Path, ...], language: str, inlined: dict[Path, str]) -> None:
        self._roots = roots
        self._language = language
        self._inlined = inlined
        style = self._path(STYLE_SHEET)
        self._rules = style.read_text("utf-8") if style else ""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """As Jinja asks for it: the source with its style written in, and the file it came from."""
        del environment
        path = self._path(template)
        if path is None:
            raise TemplateNotFound(template)
        source = self._inlined.get(path)
        if source is None:
            source = path.read_text("utf-8")
            if path.suffix == ".html":
                source = write_style(source, self._rules, path)
            self._inlined[path] = source
        return source, str(path), lambda: True

    def raw(self, name: str) -> tuple[str, Path]:
        """The source as it was written, and its file. Raises TemplateError when there is none, or it is not UTF-8."""
        path = self._path(name)
        if path is None:
            raise TemplateError(self._roots[-1] / name, 1, "no such template")
        try:
            return path.read_text("utf-8"), path
        except UnicodeError as error:
            raise TemplateError(path, 1, f"not UTF-8: {error}") from error

    def _path(self, name: str) -> Path | None:
        folder, _, part = name.rpartition("/")
        for root in self._roots:
            for path in (root / folder / self._language / part, root / name):
                if path.is_file():
                    return path
        return None


def make_environment(
    folders: TemplateFolders, functions: Mapping[str, Callable[..., str]], code: BytecodeCache, *, html: bool
) -> Environment:
    """A sandbox in which an unknown name is an error and, for HTML, every value is escaped."""
    environment = ImmutableSandboxedEnvironment(
        loader=folders,
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=code,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals = {**functions}
    return environment


def new_shared_code() -> BytecodeCache:
    """An empty memory of compiled templates, for the environments of one renderer and one kind."""
    return _SharedCode()


def check(environment: Environment, folders: TemplateFolders, name: str, known: frozenset[str]) -> Iterator[tuple[Path, int, str]]:
    """Check one template against the names that it may use; yield (file, line, text id) for every text that it asks for.

    Raises TemplateError naming the file and the line as the operator wrote them.
    """
    source, path = folders.raw(name)
    try:
        tree = environment.parse(source, name, str(path))
        made_here = {one.target for one in tree.find_all(nodes.Import)} | {
            one.name for one in tree.find_all(nodes.Name) if one.ctx == "store"
        }
        unknown = meta.find_undeclared_variables(tree) - known - environment.globals.keys() - made_here
    except TemplateSyntaxError as error:
        raise TemplateError(path, error.lineno, error.message or "syntax error") from error
    for used in tree.find_all(nodes.Name):
        if used.name in unknown:
            raise TemplateError(path, used.lineno, f"no such value here: {used.name!r}")
    for call in tree.find_all(nodes.Call):
        first = call.args[0] if call.args else None
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "_n") and isinstance(first, nodes.Const):
            yield path, call.lineno, str(first.value)


def write_style(source: str, rules: str, path: Path | str) -> str:
    """`source` (HTML with Jinja tags) with the style rules written into its tags.

    Raises TemplateError when a Jinja tag got lost, or was moved or doubled as HTML repairs misplaced things: it would say something else.
    """
    tags = list[str]()

    def set_aside(found: re.Match[str]) -> str:
        tags.append(found[0])
        mark = f"\ue000{len(tags) - 1}\ue001"
        return mark if found[0].startswith(_SHOWN) else f"<!--{mark}-->"  # a comment may stand between the rows of a table

    def put_back(found: re.Match[str]) -> str:
        return tags[int(found[1] or found[2])]

    bare = _JINJA_TAG.sub(set_aside, source)
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True, extra_css=rules)
    styled = inliner.inline(bare) if "<html" in bare else inliner.inline_fragment(bare, rules)
    whole = ((int(found[1] or found[2]), bool(found[1])) for found in _SET_ASIDE.finditer(styled))
    kept = [number for number, is_comment in whole if is_comment != tags[number].startswith(_SHOWN)]
    if kept != list(range(len(tags))):
        place = next(i for i in range(len(kept) + 1) if kept[i : i + 1] != [i])
        lost = place if place not in kept and place < len(tags) else kept[place]
        before = source[: list(_JINJA_TAG.finditer(source))[lost].start()]
        raise TemplateError(path, before.count("\n") + 1, f"{tags[lost]} may not stand here")
    return _SET_ASIDE.sub(put_back, styled)
