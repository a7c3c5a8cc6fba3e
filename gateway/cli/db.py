"""`gateway db`: bring the database to this release's tables, or only look where it stands."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The database: upgrade it, or look where it stands.")

Config = Annotated[Path | None, typer.Option("--config", help="The config file; without it the usual places are tried.")]


@app.command()
def upgrade(config: Config = None) -> None:
    """Bring the tables to this release's. A SQLite file that holds data is copied first; stop the gateway before."""
    from gateway.runtime.process_lock import LockHeldError, process_lock
    from gateway.runtime.settings import load
    from gateway.store.engine import Store, StoreError
    from gateway.store.upgrade import open_checked, sqlite_file

    with contextlib.closing(Store(load(config).database.url)) as store:
        file = sqlite_file(store)
        try:
            with process_lock(file) if file is not None else contextlib.nullcontext():
                reached = open_checked(store)
        except (StoreError, LockHeldError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
    typer.echo(f"the database is at revision {reached.revision}")


@app.command()
def check(config: Config = None) -> None:
    """Say where the database stands; nothing is changed. Exit 0: it can be used as it is; 1: it needs an upgrade, or a hand."""
    from gateway.runtime.settings import load
    from gateway.store.engine import Store, StoreError
    from gateway.store.upgrade import look

    with contextlib.closing(Store(load(config).database.url)) as store:
        try:
            sound, said = look(store)
        except StoreError as error:
            sound, said = False, str(error)
    typer.echo(said, err=not sound)
    if not sound:
        raise typer.Exit(1)
