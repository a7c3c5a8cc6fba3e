"""`gateway run`: the daemon, until SIGTERM or SIGINT; whole, or in some of its roles."""

from __future__ import annotations

import errno
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli import console
from gateway.cli.console import Config
from gateway.runtime.roles import EVERY_ROLE, Role

if TYPE_CHECKING:
    from gateway.runtime.settings import Settings


def run(
    config: Config = None,
    role: Annotated[
        list[Role] | None,
        typer.Option("--role", help="Do this part of the work only; may be repeated. Without it: all of it. Parts need PostgreSQL."),
    ] = None,
    import_since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="At the first start of a mailbox, bring in its mails since this day; nobody is told of them."
        ),
    ] = None,
) -> None:
    """Read the mailboxes, answer, send: until it is told to stop. Logs go to stderr."""
    roles = frozenset(role) if role else EVERY_ROLE
    if import_since is not None and Role.INTAKE not in roles:
        console.fail(f"--import-since is for --role {Role.INTAKE}: no other part reads mailboxes", console.EXIT_USAGE)
    from gateway.runtime import daemon, logs
    from gateway.runtime.settings import load

    settings = load(config)
    logs.configure(form=settings.logs.format, level=settings.logs.level, full_addresses=settings.logs.addresses == "full")
    try:
        code = daemon.run(settings, import_since=import_since.date() if import_since else None, roles=roles)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES}:
            raise
        console.fail(f"{console.sentence(error)}: does another program, or another gateway, use it? ({_listens(settings, roles)})")
    raise typer.Exit(code)


def _listens(settings: Settings, roles: frozenset[Role]) -> str:
    """The keys of the addresses that these roles listen on."""
    named = [f"health.listen = {settings.health.listen}"]
    if settings.lmtp.enabled and Role.INTAKE in roles:
        named.append(f"lmtp.listen = {settings.lmtp.listen}")
    if settings.web.base_url and Role.WEB in roles:
        named.append(f"web.listen = {settings.web.listen}")
    return ", ".join(named)
