"""`gateway parked`: mails that came in and wait for a person; look at them, try them again, end them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli import console
from gateway.cli.console import AsJson, Column, Config, Limit, Yes

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

    from gateway.desk.office import Office

app = typer.Typer(no_args_is_help=True, help="Mails that came in and wait for you: list, show, retry, drop.")

Id = Annotated[str, typer.Argument(metavar="ID", help="The mail: i-12 or 12.")]

_COLUMNS = (
    Column("ID"),
    Column("SINCE"),
    Column("DESK"),
    Column("FROM", shrinks=True),
    Column("SUBJECT", shrinks=True),
    Column("WHY"),
    Column("TICKET"),
)


@app.command("list")
def list_(limit: Limit = 50, as_json: AsJson = False, config: Config = None) -> None:
    """List the parked mails, the newest first."""
    from gateway.store import intake

    with console.office(config) as office, office.store.read() as connection:
        rows = [_as_data(connection, row) for row in intake.listing(connection, state="parked", limit=limit)]
        now = office.now()
    if as_json:
        console.put_json(rows)
        return
    if rows:
        console.put_table(
            _COLUMNS,
            [
                (
                    row["id"],
                    console.span(row["parked_at"] or row["received_at"], now),
                    row["desk"],
                    row["sender"] or "—",
                    row["subject"] or "—",
                    row["reason"],
                    row["ticket"] or "—",
                )
                for row in rows
            ],
        )
    else:
        console.say("no mail is parked")
    console.more_than_shown(len(rows), limit)


@app.command()
def show(
    mail: Id,
    raw: Annotated[bool, typer.Option("--raw", help="Print the mail as it came.")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Show a mail: where it came from, why it waits, and what it says."""
    number = console.number_of(mail, "i")
    with console.office(config) as office, office.store.read() as connection:
        row = _found(connection, number)
        if raw:
            console.put_bytes(_bytes(office, connection, row))
            return
        shown = {**_as_data(connection, row), "error": row.error, "rules": row.rules or [], "text": _text(office, connection, row)}
    if as_json:
        console.put_json(shown)
        return
    console.put(f"i-{number}  {console.line_of(shown['subject'] or 'no subject was read')}", "bold")
    console.put_fields(
        [
            ("state", f"{shown['state']}: {shown['reason']}" if shown["reason"] else shown["state"]),
            ("from", shown["sender"] or ""),
            ("desk", shown["desk"]),
            ("came", f"{console.when(shown['received_at'])} by {shown['door']}, {console.size_of(shown['size'])}"),
            ("verdict", f"{shown['verdict']} ({', '.join(shown['rules'])})" if shown["verdict"] else ""),
            ("tries", str(shown["attempts"])),
            ("ticket", shown["ticket"] or ""),
            ("message-id", shown["message_id"] or ""),
            ("error", console.last_line(shown["error"])),
        ],
    )
    if shown["text"]:
        console.put("\n" + shown["text"])


@app.command()
def retry(mail: Id, config: Config = None) -> None:
    """Work on a mail again, as if it had just come: after an upgrade, or when its sender is known now."""
    from gateway.desk import park

    number = console.number_of(mail, "i")
    with console.office(config) as office:
        with office.store.read() as connection:
            row = _parked(connection, number)
            _bytes(office, connection, row)
        if not park.retry(office, number):
            console.fail(f"i-{number} is not parked any more")
    console.put(f"i-{number} is worked on again by the running gateway; `gateway explain i-{number}` shows what becomes of it")


@app.command()
def drop(mail: Id, yes: Yes = False, config: Config = None) -> None:
    """End a mail without any effect. It stays readable until retention takes it."""
    from gateway.desk import park

    number = console.number_of(mail, "i")
    console.sure(f"Drop i-{number}? It will become nothing.", yes=yes)
    with console.office(config) as office:
        with office.store.read() as connection:
            _parked(connection, number)
        if not park.drop(office, number):
            console.fail(f"i-{number} is not parked any more")
    console.put(f"i-{number} is dropped")


def _found(connection: Connection, number: int) -> sa.Row[Any]:
    from gateway.store import intake

    row = intake.get(connection, number)
    if row is None:
        console.fail(f"there is no mail i-{number}", console.EXIT_NOT_FOUND)
    return row


def _parked(connection: Connection, number: int) -> sa.Row[Any]:
    row = _found(connection, number)
    if row.state != "parked":
        console.fail(f"i-{number} is not parked: it is {row.state}{f', {row.outcome}' if row.outcome else ''}")
    return row


def _bytes(office: Office, connection: Connection, row: sa.Row[Any]) -> bytes:
    if row.sha256 is None:
        console.fail(f"the raw mail of i-{row.id} is gone: retention took it (retention.raw_days)")
    return office.blobs.read(connection, row.sha256)


def _text(office: Office, connection: Connection, row: sa.Row[Any]) -> str:
    """What the mail says, if it can be read: it may be parked because it cannot."""
    from gateway.mail.read.parse import read_mail

    return read_mail(office.blobs.read(connection, row.sha256)).text if row.sha256 is not None and row.park_reason != "poison" else ""


def _as_data(connection: Connection, row: sa.Row[Any]) -> dict[str, Any]:
    from gateway.store import tickets

    ticket = tickets.get(connection, row.ticket_id) if row.ticket_id is not None else None
    return {
        "id": f"i-{row.id}",
        "state": row.state,
        "reason": row.park_reason,
        "desk": row.desk,
        "door": row.door,
        "received_at": row.received_at,
        "parked_at": row.done_at,
        "sender": row.sender or row.envelope_from,
        "subject": row.subject,
        "verdict": row.verdict,
        "attempts": row.attempts,
        "size": row.size,
        "message_id": row.message_id,
        "ticket": str(ticket.key) if ticket else None,
    }
