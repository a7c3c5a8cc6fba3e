"""workflow.toml read into a `Workflow`, or refused with everything that is wrong with it.

An operator may put a copy beside his gateway.toml; without one the shipped file counts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.domain.workflow import Actor, Rule, Status, Workflow, problems
from gateway.runtime.config_error import ConfigError, Problem
from gateway.runtime.config_source import Sources, explain, read_toml
from gateway.runtime.data import data_path
from gateway.runtime.settings import Settings

MAX_STATUSES: Final = 64
MAX_MOVES: Final = 500

_ABOUT_STATUS: Final = re.compile(r"status\.(\w{1,64})")
_ABOUT_MOVE: Final = re.compile(r"moves? (\S{1,64})|two moves are called (\S{1,64})")

_Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_Mail = Annotated[str, Field(pattern=r"^[MA][0-9]{2}$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _StatusTable(_Table):
    labels: dict[str, str]
    who_acts: str
    tone: str = "grey"
    synonyms: tuple[str, ...] = ()


class _MoveTable(_Table):
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$")]
    word: str = ""
    sources: tuple[str, ...] = Field(alias="from")
    by: Literal["customer", "agent", "scheduler"]
    to: str
    comment: str = "optional"
    mail: _Mail | None = None
    team_mail: _Mail | None = None
    on_reply: tuple[str, ...] = ()


class _File(_Table):
    initial: str
    status: Annotated[dict[_Code, _StatusTable], Field(max_length=MAX_STATUSES)]
    move: Annotated[tuple[_MoveTable, ...], Field(max_length=MAX_MOVES)]


def workflow_path(settings: Settings) -> Path:
    """The workflow that counts: `workflow.toml` beside the config file, else the shipped one."""
    own = settings.path.parent / "workflow.toml" if settings.path else None
    return own if own is not None and own.is_file() else data_path("config", "workflow.toml")


def load_workflow(path: Path) -> Workflow:
    """The workflow in the file at `path`. Raises ConfigError with all that is wrong with its form; when nothing is, with its meaning."""
    values, lines = read_toml(path)
    sources = Sources(path, values, lines)
    try:
        read = _File.model_validate(values)
    except ValidationError as error:
        raise ConfigError(sorted(explain(error, sources, _File), key=sources.sort_key)) from None
    workflow = Workflow(
        statuses={code: Status(code, dict(each.labels), each.who_acts, each.tone, each.synonyms) for code, each in read.status.items()},
        rules=tuple(_rule(each) for each in read.move),
        initial=read.initial,
    )
    if found := problems(workflow):
        raise ConfigError(_placed(sentence, workflow, sources) for sentence in found)
    return workflow


def _rule(move: _MoveTable) -> Rule:
    return Rule(
        name=move.name,
        sources=frozenset(move.sources),
        actor=Actor(move.by),
        target=move.to,
        comment=move.comment,
        mail=move.mail,
        team_mail=move.team_mail,
        on_reply=frozenset(move.on_reply),
        word=move.word,
    )


def _placed(sentence: str, workflow: Workflow, sources: Sources) -> Problem:
    """A sentence of the domain with the line of the status or move that it is about."""
    loc: tuple[str, ...] = ()
    if found := _ABOUT_MOVE.match(sentence):
        name = found[1] or found[2]
        loc = ("move", next((str(at) for at, rule in enumerate(workflow.rules) if rule.name == name), ""))
    elif found := _ABOUT_STATUS.search(sentence):
        loc = ("status", found[1])
    return Problem(sources.problem(loc, "").where, "", sentence)
