"""Where settings come from: the TOML file, `GATEWAY__SECTION__KEY` variables, secret files and systemd credentials.

They are merged into one table before anything is validated, with a note of where each value came from, so that every problem of every
source can be told at once and by its place. What a key means is `gateway.runtime.settings`' business.

Bugs: a line number is found by looking for `[table]` and `key =` lines; inside a multi-line string it may be off.
"""

from __future__ import annotations

import copy
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from gateway.runtime.config_error import ConfigError, Problem
from gateway.runtime.secret import Secret, credential

Loc = tuple[str, ...]

ENVIRONMENT_PREFIX: Final = "GATEWAY__"
MAX_CONFIG_BYTES: Final = 1_048_576

SECRET_KEYS: Final = (("secret", "key"), ("smtp", "password"), ("mailbox", "*", "password"))
"""The keys whose value must not stand in the file; `*` is any table's name."""

_PLACES: Final = (Path("gateway.toml"), Path("config/gateway.toml"), Path("/etc/gateway/gateway.toml"))
_TABLE_LINE: Final = re.compile(r"\s{0,40}\[{1,2}([^\[\]#]{1,200})\]")
_KEY_LINE: Final = re.compile(r"\s{0,40}([A-Za-z0-9_.\"'-]{1,200})\s{0,40}=")
_AT_LINE: Final = re.compile(r" ?\(at line (\d+), column \d+\)")


@dataclass(slots=True)
class Sources:
    """The merged table, and where each part of it came from."""

    path: Path
    values: dict[str, Any]
    lines: Mapping[Loc, int]
    variables: dict[Loc, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, loc: Loc, message: str, hint: str = "") -> Problem:
        """A problem with the key at `loc`, with its place: a variable's name, or the file with the nearest line above it."""
        where = self.variables.get(loc) or _at(self.path, self._line(loc))
        return Problem(where, ".".join(loc), message, hint)

    def sort_key(self, problem: Problem) -> int:
        """By line of the file; what has no line comes first."""
        return self._line(tuple(problem.key.split("."))) if problem.where not in self.variables.values() else 0

    def _line(self, loc: Loc) -> int:
        return next((self.lines[loc[:end]] for end in range(len(loc), 0, -1) if loc[:end] in self.lines), 0)


def find_config(path: Path | None, environ: Mapping[str, str]) -> Path:
    """The config file: `path`, else $GATEWAY_CONFIG, else ./gateway.toml, ./config/gateway.toml, /etc/gateway/gateway.toml.

    A file that was named but isn't there is an error; the search doesn't go on to another one.
    """
    named = path or (Path(environ["GATEWAY_CONFIG"]) if environ.get("GATEWAY_CONFIG") else None)
    if named is not None:
        return named
    found = next((place for place in _PLACES if place.is_file()), None)
    if found is None:
        looked = ", ".join(map(str, _PLACES))
        raise ConfigError([Problem("", "", f"no config file: looked for {looked}", "`gateway init` writes one, --config names one")])
    return found


def read_toml(path: Path) -> tuple[dict[str, Any], dict[Loc, int]]:
    """The table in the file at `path`, and the line of each table and key. Raises ConfigError when it can't be read as TOML."""
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_CONFIG_BYTES:
            raise ConfigError([Problem(str(path), "", f"is larger than {MAX_CONFIG_BYTES} bytes; this is not a config file")])
        text = raw.decode("utf-8-sig")
        return tomllib.loads(text.replace("\r\n", "\n")), _find_lines(text)
    except OSError as error:
        raise ConfigError([Problem(str(path), "", f"can't be read: {error.strerror or error}")]) from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError([Problem(_at(path, line), "", "is not UTF-8 text")]) from error
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        said = _AT_LINE.sub("", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise ConfigError([Problem(_at(path, line), "", f"is not valid TOML: {said}")]) from error


def gather(path: Path, environ: Mapping[str, str]) -> Sources:
    """Read and merge all sources of the config at `path`; what is wrong with single values is listed in `problems`."""
    values, lines = read_toml(path)
    sources = Sources(path, values, lines)
    for loc in _secret_locs(values):
        if loc[-1] in table(values, *loc[:-1]):
            sources.problems.append(sources.problem(loc, "a secret must not stand in the config file", _secret_hint(loc)))
    for variable in sorted(environ):
        if variable.startswith(ENVIRONMENT_PREFIX):
            _overlay(sources, variable, environ[variable])
    for section in ("secret", "smtp"):
        values.setdefault(section, {})  # so that what is missing is named by its key, not by its section
    for loc in _secret_locs(values):
        _resolve_secret(sources, loc, environ)
    return sources


def all_problems(error: ValidationError, sources: Sources, model: type[BaseModel]) -> list[Problem]:
    """What `explain` says, and what only shows once that is mended: pydantic looks at a section as a whole only when each key is right."""
    found = list(explain(error, sources, model))
    mended = copy.deepcopy(sources.values)
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        _mend(mended, detail["loc"], detail["type"])
    try:
        model.model_validate(mended)
    except ValidationError as later:
        found += [problem for problem in explain(later, sources, model, only="value_error") if problem not in found]
    return found


def explain(error: ValidationError, sources: Sources, model: type[BaseModel], only: str = "") -> Iterator[Problem]:
    """The problems that pydantic found (of the type `only`), in an operator's words. Values are never repeated: one may be a secret."""
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        if only not in ("", detail["type"]):
            continue
        loc = tuple(str(part) for part in detail["loc"] if part != "[key]")
        if "[key]" in detail["loc"]:
            yield sources.problem(loc, f"is not a name that a {loc[0]} may have", _NAME_HINTS.get(loc[0], ""))
        elif detail["type"] == "extra_forbidden":
            kind = "section" if len(loc) == 1 and isinstance(sources.values.get(loc[0]), dict) else "key"
            yield sources.problem(loc, f"unknown {kind}", _did_you_mean(model, loc))
        elif detail["type"] == "missing":
            secret = any(_matches(loc, pattern) for pattern in SECRET_KEYS)
            yield sources.problem(loc, "is missing", _secret_hint(loc) if secret else "")
        else:
            message = detail["msg"].removeprefix("Value error, ")
            yield sources.problem(loc, message[:1].lower() + message[1:])


def across_sections(sources: Sources) -> Iterator[Problem]:
    """What only two sections together show. Read before validation, so that it is told along with what is wrong inside sections."""
    desks = table(sources.values, "desk")
    for name in table(sources.values, "mailbox"):
        desk = table(sources.values, "mailbox", name).get("desk")
        if isinstance(desk, str) and desk not in desks:
            there = ", ".join(f"[desk.{each}]" for each in desks) or "no desk"
            yield sources.problem(("mailbox", name, "desk"), f"there is no [desk.{desk}]", f"there is {there}")
    owners: dict[str, str] = {}
    for name in desks:
        for address in _desk_addresses(table(desks, name)):
            owner = owners.setdefault(address, name)
            if owner != name:
                yield sources.problem(("desk", name, "address"), f"{address} belongs to [desk.{owner}] already")
    url = table(sources.values, "database").get("url")
    if isinstance(url, str) and ("database", "url") not in sources.variables and _has_password(url):
        hint = "use PostgreSQL's ~/.pgpass, or set GATEWAY__DATABASE__URL"
        yield sources.problem(("database", "url"), "a password must not stand in the config file", hint)


def table(values: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """The table at `path` of unvalidated values; an empty one when it isn't there or isn't a table."""
    here: Any = values
    for part in path:
        here = here.get(part) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else {}


_ANY_GOOD: Final[Mapping[str, Any]] = {
    "host": "localhost",
    "user": "user",
    "desk": "DESK",
    "address": "desk@example.org",
    "password": Secret("?" * 64),
    "key": Secret("?" * 64),
}
"""Values for required keys that are missing or wrong, so that the rest of their section can be looked at."""


def _mend(values: dict[str, Any], loc: tuple[int | str, ...], kind: str) -> None:
    """Take the offending key out of `values`, or put a value in that is right."""
    here = values
    for depth, part in enumerate(loc):
        below = here.get(str(part))
        if depth < len(loc) - 1 and isinstance(below, dict):
            here = below
        elif loc[-1] != "[key]":
            here.pop(str(part), None)
            if kind != "extra_forbidden" and part in _ANY_GOOD:
                here[str(part)] = _ANY_GOOD[str(part)]
            return


_NAME_HINTS: Final = {
    "desk": "1 to 10 capital letters and digits, a letter first: it is the prefix of ticket keys, SUP-12",
    "mailbox": "letters, digits, - and _, a letter first, at most 32",
    "status": "small letters, digits and _, a letter first, at most 32",
}


def _desk_addresses(desk: Mapping[str, Any]) -> Iterator[str]:
    aliases = desk.get("aliases")
    # Desks of one domain may share its noreply address: a signed one says which desk is meant.
    shared = str(desk.get("noreply", "")).lower()
    for address in (desk.get("address"), *(aliases if isinstance(aliases, list) else ())):
        if isinstance(address, str) and not address.lower().startswith("noreply@") and address.lower() != shared:
            yield address.lower()


def _has_password(url: str) -> bool:
    user, at, _ = url.partition("://")[2].rpartition("@")
    return bool(at) and ":" in user


def _at(path: Path, line: int) -> str:
    return f"{path}:{line}" if line else str(path)


def _find_lines(text: str) -> dict[Loc, int]:
    lines: dict[Loc, int] = {}
    arrays: dict[Loc, int] = {}
    here: Loc = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _TABLE_LINE.match(line):
            here = _split_key(found[1])
            if line.lstrip().startswith("[["):
                arrays[here] = arrays.get(here, -1) + 1
                here = (*here, str(arrays[here]))
            lines.setdefault(here, number)
        elif found := _KEY_LINE.match(line):
            lines.setdefault(here + _split_key(found[1]), number)
    return lines


def _split_key(text: str) -> Loc:
    return tuple(part.strip().strip("\"'") for part in text.split("."))


def _overlay(sources: Sources, variable: str, raw: str) -> None:
    """Put `GATEWAY__SECTION__KEY` into the table. Names match in any case; a new desk is upper-case, all else lower-case."""
    here: dict[str, Any] = sources.values
    parts = variable.removeprefix(ENVIRONMENT_PREFIX).split("__")
    loc: Loc = ()
    for depth, part in enumerate(parts):
        new = part.upper() if loc == ("desk",) else part.lower()
        name = next((key for key in here if key.lower() == part.lower()), new)
        loc = (*loc, name)
        if depth == len(parts) - 1:
            sources.variables[loc] = variable
            here[name] = _environment_value(sources, loc, raw)
            return
        below = here.setdefault(name, {})
        if not isinstance(below, dict):
            sources.problems.append(Problem(variable, ".".join(loc), "is a key, not a section"))
            return
        here = below


def _environment_value(sources: Sources, loc: Loc, raw: str) -> object:
    """Text, which pydantic turns into numbers and booleans; a list is written as in TOML: `["a", "b"]`."""
    if not raw.startswith("[") or any(_matches(loc, pattern) for pattern in SECRET_KEYS):
        return raw
    try:
        return tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        sources.problems.append(sources.problem(loc, 'is not a list as TOML writes it: ["a", "b"]'))
        return []


def _secret_locs(values: Mapping[str, Any]) -> Iterator[Loc]:
    for section, *rest in SECRET_KEYS:
        if rest[0] == "*":
            yield from ((section, name, rest[-1]) for name in table(values, section) if table(values, section, name))
        else:
            yield (section, *rest)


def _matches(loc: Loc, pattern: Loc) -> bool:
    return len(loc) == len(pattern) and all(want in ("*", part) for part, want in zip(loc, pattern, strict=True))


def _secret_hint(loc: Loc) -> str:
    name = "-".join(loc)
    variable = ENVIRONMENT_PREFIX + "__".join(loc).upper()
    return f'put it into a file of mode 0600 and say {loc[-1]}_file = "{name}", or set {variable}, or load it as systemd credential {name}'


def _resolve_secret(sources: Sources, loc: Loc, environ: Mapping[str, str]) -> None:
    """Put the secret at `loc` in its place, wrapped. Order: variable, `X_file`, systemd credential."""
    here, name = table(sources.values, *loc[:-1]), loc[-1]
    if not here and sources.values.get(loc[0]) != {}:
        return  # not a table: pydantic says so
    if name in here:
        here[name] = Secret(str(here[name]))
        return
    given = here.get(f"{name}_file")
    path = sources.path.parent / given if isinstance(given, str) and given else credential("-".join(loc), environ)
    if path is None:
        return
    here[name] = _read_secret(sources, (*loc[:-1], f"{name}_file") if given else loc, path)


def _read_secret(sources: Sources, loc: Loc, path: Path) -> Secret:
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        sources.problems.append(sources.problem(loc, f"{path} can't be read: {reason}"))
        return Secret("?" * 64)
    if not text:
        sources.problems.append(sources.problem(loc, f"{path} is empty"))
        return Secret("?" * 64)
    return Secret(text)


def _did_you_mean(model: type[BaseModel], loc: Loc) -> str:
    """The nearest key that may stand there, or the section where a key of this name belongs."""
    here = _model_at(model, loc[:-1])
    names = [known.alias or name for name, known in here.model_fields.items()] if here is not None else []
    close = difflib.get_close_matches(loc[-1][:60], names, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    for section in model.model_fields:
        below = _model_at(model, (section,)) or _model_at(model, (section, "*"))
        if below is not None and loc[-1] in below.model_fields:
            return f"it belongs in [{section}]"
    return f"known here: {', '.join(names)}" if names else ""


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    here: Any = model
    for part in loc:
        if isinstance(here, type) and issubclass(here, BaseModel):
            known = here.model_fields.get(part)
            here = known.annotation if known else None
        else:
            # dict[name, model] or tuple[model, ...]
            here = next((arg for arg in get_args(here) if isinstance(arg, type) and issubclass(arg, BaseModel)), None)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None
