"""The command `gateway`: one place that lists the subcommands.

Each command imports what it needs when it runs, so that `gateway --help` answers at once. The wall around all of them is here: what an
operator can put right becomes a sentence and an exit code.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from gateway.cli import check, console, db, demo, held, ingest, init, org, outbox, parked, person, run, survey, ticket, workflow
from gateway.cli.console import Config

SET_UP, WORK, MAILS, DESK = "Set up", "Work", "Mails", "Desk"


class _Told(TyperGroup):
    """The group around all commands."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed."""
        with console.told():
            return super().invoke(ctx)


app = typer.Typer(
    name="gateway",
    cls=_Told,
    help="An email-driven help desk: each mail becomes a ticket, and nothing is lost.",
    epilog="Exit codes: 0 done, 1 not done or a check failed, 2 typed wrong, 4 not found, 5 try again later, 78 the config is wrong. "
    "Data goes to stdout, messages to stderr.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        from gateway import __version__

        console.put(f"gateway {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The config file for all commands, instead of the usual places.")
    ] = None,
    _version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Show the version and exit.")] = False,
) -> None:
    if config is not None:
        os.environ["GATEWAY_CONFIG"] = str(config)  # where every command looks, unless it is told another one


def explain(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="Files (.eml; - is standard input), or a ticket SUP-12, a Message-ID, i-12, o-12."),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each name.")] = False,
    config: Config = None,
) -> None:
    """Show what the gateway makes of a mail file; or the life of a mail: its door, verdict, match, effect, and every answer to it."""
    from gateway.cli import life

    life.explain(names, as_json=as_json, config=config)


app.command(rich_help_panel=SET_UP)(init.init)
app.command(rich_help_panel=SET_UP)(check.check)
app.command(rich_help_panel=SET_UP)(workflow.workflow)
app.add_typer(db.app, name="db", rich_help_panel=SET_UP)
app.command(rich_help_panel=WORK)(run.run)
app.command(rich_help_panel=WORK)(demo.demo)
app.command(rich_help_panel=MAILS)(explain)
app.command(rich_help_panel=MAILS)(ingest.ingest)
app.add_typer(outbox.app, name="outbox", rich_help_panel=MAILS)
app.add_typer(parked.app, name="parked", rich_help_panel=MAILS)
app.add_typer(held.app, name="held", rich_help_panel=MAILS)
app.add_typer(ticket.app, name="ticket", rich_help_panel=DESK)
app.add_typer(person.app, name="person", rich_help_panel=DESK)
app.add_typer(org.app, name="org", rich_help_panel=DESK)
app.add_typer(survey.app, name="survey", rich_help_panel=DESK)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows "?" instead of ending the command
    app()
