"""`gateway workflow`: draws the statuses and moves that count here, for people, documents and programs.

The workflow is the one beside the config file, else the shipped one. Neither secrets nor a database are asked for, so that whoever writes a
workflow can see it before anything is set up.
"""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gateway.cli import console
from gateway.cli.console import Config

if TYPE_CHECKING:
    from gateway.domain.workflow import Workflow


class Form(StrEnum):
    """How the drawing is put."""

    TEXT = "text"
    MERMAID = "mermaid"
    JSON = "json"


def workflow(
    config: Config = None,
    form: Annotated[Form, typer.Option("--format", help="Text for a terminal, a Mermaid diagram, or JSON for programs.")] = Form.TEXT,
    lang: Annotated[Literal["fr", "nl", "de", "en"], typer.Option("--lang", help="The language of the labels.")] = "en",
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE", help="Put diagram and text into this Markdown file, between its two marks."),
    ] = None,
) -> None:
    """Draw the statuses and moves of a ticket: who acts, who may move it where, what he must say and who hears of it."""
    from gateway.domain import workflow_drawing

    drawn = _found(config)
    if write is not None:
        _put_into(write, workflow_drawing.chapter(drawn, lang))
    elif form is Form.JSON:
        console.put_json(workflow_drawing.values(drawn, lang))
    elif form is Form.MERMAID:
        console.put(workflow_drawing.mermaid(drawn, lang).rstrip("\n"))
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else workflow_drawing.WIDTH
        console.put(workflow_drawing.text(drawn, lang, width).rstrip("\n"))


def _found(config: Path | None) -> Workflow:
    """The workflow that counts for the config at `config`, or at the usual places. Raises ConfigError."""
    from gateway.runtime.config_error import ConfigError
    from gateway.runtime.config_source import find_config, read_toml
    from gateway.runtime.data import data_path
    from gateway.runtime.workflow_file import load_workflow

    shipped = data_path("config", "workflow.toml")
    try:
        found = find_config(config, os.environ)
    except ConfigError:  # nobody named one, and there is none
        return load_workflow(shipped)
    read_toml(found)  # one that was named but cannot be read is told, as everywhere
    own = found.parent / "workflow.toml"
    return load_workflow(own if own.is_file() else shipped)


def _put_into(document: Path, drawn: str) -> None:
    from gateway.domain.workflow_drawing import NoPlace, placed

    made = placed(document.read_text(encoding="utf-8"), drawn)
    if isinstance(made, NoPlace):
        console.fail(f"{document}: the line {made.missing} must stand in it, once: the drawing goes between the two marks")
    document.write_text(made, encoding="utf-8")
    console.say(f"{document}: drawn")
