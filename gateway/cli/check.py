"""`gateway check`: reads the config, the workflow and the templates as the daemon would, and says what is wrong. Opens no connection.

One line for each section; warnings are things that will surprise somebody, and only --strict makes them count.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from gateway.runtime.settings import Settings

EXIT_FAILED = 1
EXIT_CONFIG = 78

_WIDTH = 18


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report. `state` is ok, warn or error."""

    part: str
    state: str
    text: str


def check(
    config: Annotated[Path | None, typer.Option(help="The config file. [default: the first that is found]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when there are warnings.")] = False,
) -> None:
    """Check the config file, the workflow and the templates; exit 0 when they can be used, 78 when not."""
    path, lines = examine(config)
    errors = sum(line.state == "error" for line in lines)
    warned = sum(line.state == "warn" for line in lines)
    if as_json:
        report: dict[str, Any] = {"config": path, "errors": errors, "warnings": warned, "lines": [asdict(line) for line in lines]}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        typer.echo(path or "no config file")
        for line in lines:
            typer.echo(f"  {line.part:<{_WIDTH}} {line.state:<5}  {line.text}")
        typer.echo(f"{_count(warned, 'warning')}, {_count(errors, 'error')}")
    if errors:
        raise typer.Exit(EXIT_CONFIG)
    if warned and strict:
        raise typer.Exit(EXIT_FAILED)


def examine(config: Path | None) -> tuple[str, list[Line]]:
    """The path of the config that was found ("" for none), and the report on it. Problems are lines, never raised."""
    from gateway.runtime.config_source import find_config
    from gateway.runtime.data import data_path
    from gateway.runtime.settings import ConfigError, load
    from gateway.runtime.workflow_file import workflow_path

    lines: list[Line] = []
    settings: Settings | None = None
    path = ""
    try:
        path = str(find_config(config, os.environ))
        settings = load(config)
        path = str(settings.path)
        lines += _sections(settings)
    except ConfigError as error:
        lines += [Line("config", "error", str(problem)) for problem in error.problems]
    try:
        # The workflow and the templates are looked at even when the config is wrong: one run tells all.
        lines += _workflow(workflow_path(settings) if settings else data_path("config", "workflow.toml"))
    except FileNotFoundError as error:
        lines.append(Line("workflow", "error", str(error)))
    lines += _templates(settings)
    if settings is not None:
        lines += _warnings(settings)
    return path, lines


def _sections(settings: Settings) -> Iterator[Line]:
    for prefix, desk in settings.desk.items():
        team = f"{len(desk.team)} agents told of new tickets" if desk.team else "all agents told of new tickets"
        yield Line(f"[desk.{prefix}]", "ok", f"{desk.address} → {prefix}, {team}, languages {' '.join(desk.languages)}")
    for name, box in settings.mailbox.items():
        idle = "IDLE on" if box.idle else f"looks every {box.poll_seconds:g} s"
        folders = ", ".join(box.folders)
        yield Line(f"[mailbox.{name}]", "ok", f"{box.host}:{box.port} {_tls(box.tls)}, {idle}, {folders} → {box.desk}")
    if settings.lmtp.enabled:
        yield Line("[lmtp]", "ok", f"listens on {settings.lmtp.listen}")
    yield Line("[smtp]", "ok", f"{settings.smtp.host}:{settings.smtp.port} {_tls(settings.smtp.tls)}")
    yield Line(
        "[web]", "ok", f"base_url {settings.web.base_url}" if settings.web.base_url else "no base_url: mails carry no links to pages"
    )
    yield Line("[database]", "ok", settings.database.url.partition("://")[0])


def _tls(tls: str) -> str:
    return {"implicit": "TLS", "starttls": "STARTTLS required", "none": "in the clear, this machine only"}[tls]


def _workflow(path: Path) -> Iterator[Line]:
    from gateway.runtime.config_error import ConfigError
    from gateway.runtime.workflow_file import load_workflow

    try:
        workflow = load_workflow(path)
    except ConfigError as error:
        yield from (Line("workflow", "error", str(problem)) for problem in error.problems)
    else:
        yield Line("workflow", "ok", f"{path}: {len(workflow.statuses)} statuses, {len(workflow.rules)} moves")


def _templates(settings: Settings | None) -> Iterator[Line]:
    from gateway.mail.write.texts import LANGUAGES
    from gateway.runtime.data import data_path
    from gateway.runtime.wiring import renderer_of

    try:
        folder = data_path("templates", "mail")
    except FileNotFoundError as error:
        yield Line("templates/mail", "error", str(error))
        return
    events = sorted(each.parent.name for each in folder.glob("*/body.txt"))
    if not events:
        yield Line("templates/mail", "error", f"{folder} holds no templates: the installation is incomplete")
        return
    partial = [name for name in events if not (folder / name / "subject.txt").is_file()]
    for name in partial:
        yield Line("templates/mail", "error", f"{folder / name} has no subject.txt")
    if partial or settings is None:
        return
    try:
        # Compiled as the daemon does, with the operator's own over the shipped ones.
        renderer_of(settings)
    except (ValueError, OSError) as error:
        yield Line("templates/mail", "error", str(error))
    else:
        yield Line("templates/mail", "ok", f"{len(events)} templates × {len(LANGUAGES)} languages")


def _warnings(settings: Settings) -> Iterator[Line]:
    from gateway.runtime.config_warnings import warnings

    for said in warnings(settings):
        part, _, text = said.partition(": ")
        yield Line(f"[{part}]", "warn", text) if part.startswith("desk.") else Line("config", "warn", said)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
