"""`gateway ingest`: a door for mails that come as files or by a pipe (.forward, Postfix `pipe`, an export of another system).

Exit 0 means that the mail is in the database, on the disk: only then may the caller forget it. Whatever may be better in an hour is 75
(EX_TEMPFAIL of sysexits.h), so that a mail server keeps the mail and comes again; a config that is wrong is that, too: a slip of the
operator must not send customers' mails back. The running gateway takes the mails up within a second.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli import console
from gateway.cli.console import Config

if TYPE_CHECKING:
    from gateway.desk.office import Office
    from gateway.store.intake import Arrival

# sysexits.h
EX_DATAERR = 65
EX_NOINPUT = 66
EX_NOUSER = 67
EX_TEMPFAIL = 75

BATCH = 50
"""Mails that share one transaction, and so one fsync."""


def ingest(
    files: Annotated[list[str] | None, typer.Argument(metavar="FILE...", help="Mails (.eml); - or nothing is standard input.")] = None,
    desk: Annotated[
        str | None, typer.Option("--desk", help="The desk that gets them: SUP. Not needed with one desk, or with --to.")
    ] = None,
    to: Annotated[list[str] | None, typer.Option("--to", metavar="ADDRESS", help="The envelope's recipient; may be repeated.")] = None,
    sender: Annotated[str | None, typer.Option("--from", metavar="ADDRESS", help="The envelope's sender.")] = None,
    config: Config = None,
) -> None:
    """Take mails in. Exit 0: they are safe; 65: empty or too large; 66: no such file; 67: no such address; 75: try again later."""
    try:
        with console.office(config) as office:
            envelope = _envelope(office, desk, to or [], sender)
            new = _take_in(office, files or ["-"], envelope)
    except typer.Exit:
        raise
    except _temporary() as error:
        console.fail(f"nothing is lost, try again later: {console.sentence(error)}", EX_TEMPFAIL)
    if sys.stderr.isatty():
        console.say(f"{new} {'mail' if new == 1 else 'mails'} taken in")


def _temporary() -> tuple[type[BaseException], ...]:
    """What says nothing against the mail: the database, the disk, the config, and any bug of ours."""
    return (*console.expected(), Exception)


def _envelope(office: Office, desk: str | None, to: Sequence[str], sender: str | None) -> list[tuple[str, str | None, str | None]]:
    """For each desk that gets the mails: its prefix, the envelope's sender and recipients. Ends with 67 when a recipient is unknown."""
    found: dict[str, list[str]] = {}
    for address in to:
        rules = office.desk_of(_plain(address))
        if rules is None:
            console.fail(f"no desk takes mail for {address}", EX_NOUSER)
        found.setdefault(rules.prefix, []).append(_plain(address))
    sender = _plain(sender) if sender is not None else None
    if desk is not None and desk.upper() not in office.desks:
        console.fail(f'there is no desk "{desk}": the config has {", ".join(office.desks)}', EX_NOUSER)
    if desk is not None:
        return [(desk.upper(), sender, " ".join(_plain(address) for address in to) or None)]
    if not found and len(office.desks) > 1:
        console.fail(f"say which desk with --desk ({', '.join(office.desks)}) or --to", console.EXIT_USAGE)
    found = found or {next(iter(office.desks)): []}
    return [(prefix, sender, " ".join(addresses) or None) for prefix, addresses in found.items()]


def _plain(address: str) -> str:
    return console.line_of(address).strip().strip("<>").lower()


def _take_in(office: Office, names: Sequence[str], envelope: Sequence[tuple[str, str | None, str | None]]) -> int:
    """T1 for all, a batch at a time. What is committed stays so when a later file cannot be read; a second run does no harm."""
    from gateway.desk import receive

    batch: list[Arrival] = []
    done = 0
    with console.progress("ingest", total=len(names)) as advance:
        for raw in _mails(names, office.policy.size_limit):
            batch += [_arrival(office, raw, *one) for one in envelope]
            if len(batch) >= BATCH:
                receive.record(office, batch)
                done, batch = done + len(batch), []
            advance(1)
        if batch:
            receive.record(office, batch)
    return (done + len(batch)) // len(envelope)


def _mails(names: Sequence[str], size_limit: int) -> Iterator[bytes]:
    """The bytes of each mail in order; ends with 65 or 66 at the first that cannot be taken."""
    for name in names:
        try:
            raw = _read(name, size_limit + 1)
        except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
            console.fail(f"{name} cannot be read: {error.strerror}", EX_NOINPUT)
        if not raw.strip():
            console.fail(f"{'standard input' if name == '-' else name} is empty", EX_DATAERR)
        if len(raw) > size_limit:
            console.fail(f"{name} is larger than mail.size_limit ({console.size_of(size_limit)})", EX_DATAERR)
        yield raw


def _read(name: str, most: int) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(most)
    with Path(name).open("rb") as file:
        return file.read(most)


def _arrival(office: Office, raw: bytes, desk: str, sender: str | None, recipients: str | None) -> Arrival:
    from gateway.store.intake import Arrival

    return Arrival(desk=desk, door="ingest", raw=raw, received_at=office.now(), envelope_from=sender, envelope_to=recipients)
