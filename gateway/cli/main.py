"""The command `gateway`: one place that lists the subcommands.

Each command imports what it needs when it runs, so that `gateway --help` answers at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    name="gateway",
    help="An email-driven help desk: each mail becomes a ticket, and nothing is lost.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _root() -> None:
    """Keep `explain` a subcommand while it is the only one."""


@app.command()
def explain(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Mails to read (.eml); - is standard input.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each mail.")] = False,
) -> None:
    """Show what the gateway makes of a mail: who it is from, what kind it is and why, what it says and carries."""
    from gateway.cli.explain import explain_files

    raise typer.Exit(explain_files(files, as_lines=json))


def main() -> None:
    """Run the command line."""
    app()
