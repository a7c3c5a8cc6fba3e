"""`gateway run`: the daemon, until SIGTERM or SIGINT."""

from __future__ import annotations

import errno
from datetime import datetime
from typing import Annotated

import typer

from gateway.cli import console
from gateway.cli.console import Config


def run(
    config: Config = None,
    import_since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="At the first start of a mailbox, bring in its mails since this day; nobody is told of them."
        ),
    ] = None,
) -> None:
    """Read the mailboxes, answer, send: until it is told to stop. Logs go to stderr."""
    from gateway.runtime import daemon, logs
    from gateway.runtime.settings import load

    settings = load(config)
    logs.configure(form=settings.logs.format, level=settings.logs.level, full_addresses=settings.logs.addresses == "full")
    try:
        code = daemon.run(settings, import_since=import_since.date() if import_since else None)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES}:
            raise
        listens = f"health.listen = {settings.health.listen}" + (f", lmtp.listen = {settings.lmtp.listen}" if settings.lmtp.enabled else "")
        console.fail(f"{console.sentence(error)}: does another program, or another gateway, use it? ({listens})")
    raise typer.Exit(code)
