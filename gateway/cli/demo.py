"""`gateway demo`: the whole help desk on this machine, with a mail host of its own and people who use it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

EXIT_FAILED = 1
EXTRA = frozenset({"pymap", "pysasl", "proxyprotocol"})
"""What the extra `demo` brings."""


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the story: exit 0 only if every step happened.")] = False,
    lang: Annotated[Literal["fr", "en"], typer.Option("--lang", help="The language of the desk and of the people.")] = "fr",
    limit: Annotated[float, typer.Option("--limit", min=0.001, max=60, help="Seconds to wait for each thing that should happen.")] = 15,
) -> None:
    """See it work: a customer and an agent who really talk SMTP and IMAP; no network, no set-up, nothing kept."""
    try:
        from gateway.runtime.demo.play import Wish, run
        from gateway.runtime.demo.show import make_show
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        typer.echo(f'The demo brings its own mail host, and {error.name} is not installed: pip install "gateway[demo]"', err=True)
        raise typer.Exit(EXIT_FAILED) from None
    from gateway.runtime.demo.mailhost import MailHostError

    try:
        code = run(Wish(once=once, language=lang, limit=limit, command=_called()), make_show())
    except MailHostError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_FAILED) from None
    except BrokenPipeError:
        # Whoever read us has gone: say nothing more, not even at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(EXIT_FAILED) from None
    raise typer.Exit(code)


def _called() -> str:
    """How this command is called from here: plain where it is on the PATH, else by its path."""
    called = Path(sys.argv[0])
    if called.name != "gateway" or shutil.which("gateway") == str(called.resolve()):
        return "gateway"
    return os.path.relpath(called)
