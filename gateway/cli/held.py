"""`gateway held`: answers to mails that ask not to be answered; look at them, publish them, drop them.

Their author has a button for it in the mail that handed his words back, for thirty days. An operator may do it at any time, and what he
publishes means what it would have meant as an ordinary reply.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli import console
from gateway.cli.acting import As, acting_agent
from gateway.cli.console import AsJson, Column, Config, Limit, Yes

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

    from gateway.desk.participant import Done
    from gateway.domain.ticket import Ticket

app = typer.Typer(no_args_is_help=True, help="Answers to mails that ask for none: list, show, publish, drop.")

Id = Annotated[str, typer.Argument(metavar="ID", help="The held reply: h-12 or 12.")]

_COLUMNS = (
    Column("ID"),
    Column("AGE"),
    Column("AUTHOR MAY UNTIL"),
    Column("TICKET"),
    Column("AUTHOR", shrinks=True),
    Column("WORDS", shrinks=True),
)
_FIRST_WORDS = 60


@app.command("list")
def list_(limit: Limit = 50, as_json: AsJson = False, config: Config = None) -> None:
    """List the replies that wait to be published, the oldest first."""
    from gateway.desk import held

    with console.office(config) as office:
        rows = held.waiting(office, limit=limit)
        with office.store.read() as connection:
            shown = [_as_data(connection, row) for row in rows]
        now = office.now()
    if as_json:
        console.put_json(shown)
        return
    if shown:
        console.put_table(
            _COLUMNS,
            [
                (
                    one["id"],
                    console.span(one["held_at"], now),
                    console.when(one["until"]) if one["until"] > now else "no more",
                    one["ticket"],
                    one["address"] or one["author"],
                    _first_words(one["text"]) or "—",
                )
                for one in shown
            ],
        )
    else:
        console.say("no reply is held")
    console.more_than_shown(len(shown), limit)


@app.command()
def show(reply: Id, as_json: AsJson = False, config: Config = None) -> None:
    """Show a held reply: whose it is, what it answers, and all of its words. One that was published or dropped can be read too."""
    number = console.number_of(reply, "h")
    with console.office(config) as office, office.store.read() as connection:
        row = _found(connection, number)
        shown = _as_data(connection, row)
        now = office.now()
    if as_json:
        console.put_json(shown)
        return
    console.put(f"{shown['id']}  {console.line_of(shown['summary'])}", "bold")
    address = f" <{shown['address']}>" if shown["address"] else ""
    console.put_fields(
        [
            ("state", f"waiting: {who_may_publish(shown, now)}" if shown["state"] == "waiting" else fate(shown)),
            ("ticket", f"{shown['ticket']} ({shown['status']})"),
            ("author", f"{shown['author']}{address}"),
            ("came", console.when(shown["held_at"]) + (f" as {shown['mail']}" if shown["mail"] else "")),
            ("files", ", ".join(f"{file['name']} ({console.size_of(file['size'])})" for file in shown["files"])),
        ],
    )
    for title, style in (("text", ""), ("signature", "dim"), ("quoted", "dim")):
        if shown[title]:
            console.put(f"\n{shown[title]}", style)


@app.command()
def publish(
    reply: Id,
    reopen: Annotated[bool, typer.Option("--reopen", help="Take a ticket that is resolved or closed up again.")] = False,
    acting: As = None,
    config: Config = None,
) -> None:
    """Make a held reply a comment of its author, as if he had pressed his button; everybody on the ticket can read it then."""
    from gateway.cli.ticket import story_on
    from gateway.desk import held
    from gateway.desk.participant import Nothing

    number = console.number_of(reply, "h")
    with console.office(config) as office:
        with office.store.write() as connection:
            ticket = _lock(connection, _waiting(connection, number))
            if reopen and ticket.merged_into is not None:
                console.fail(f"{ticket.key} goes on in another ticket and is not reopened: publish it without --reopen")
            agent = acting_agent(connection, acting) if acting else None
            story = story_on(office, connection, ticket)
            done = held.publish_one(story, ticket, number, reopen=reopen, actor_id=agent.id if agent else None)
            if isinstance(done, Nothing):
                console.fail(f"h-{number} does not wait any more")
        console.put(f"{_published(number, ticket, done)}{f' (as {agent.address})' if agent else ''}")
        here = office.workflow.statuses.get(done.ticket.status)
        if here is not None and here.settled and ticket.merged_into is None:
            console.say(f"`gateway ticket move {ticket.key} reopened` takes it up again")


@app.command()
def drop(reply: Id, yes: Yes = False, config: Config = None) -> None:
    """End a held reply: it will not be published. Its words stay on the ticket for agents."""
    from gateway.cli.ticket import story_on
    from gateway.desk import held

    number = console.number_of(reply, "h")
    with console.office(config) as office:
        with office.store.read() as connection:
            _waiting(connection, number)
        console.sure(f"Drop h-{number}? Neither you nor its author can publish it then; agents can still read it.", yes=yes)
        with office.store.write() as connection:
            ticket = _lock(connection, _waiting(connection, number))
            held.drop(story_on(office, connection, ticket), number, actor_id=None)
    console.put(f"h-{number} is dropped; `gateway ticket show {ticket.key}` still shows its words")


def state_of(row: sa.Row[Any], happened: list[sa.Row[Any]]) -> dict[str, Any] | None:
    """How a comment (every column) stands as a held reply, by what happened on its ticket; None when it never was one."""
    from gateway.desk import held

    if row.held_why != held.WHY:
        return None
    out = next((one for one in happened if one.kind == "HeldPublished" and one.data["comment_id"] == row.id), None)
    return {
        "id": f"h-{row.id}",
        "state": "waiting" if row.withdrawn_at is None else "dropped" if out is None else "published",
        "until": held.until(row.created_at),
        "ended_at": row.withdrawn_at,
        "published_as": out.comment_id if out is not None else None,
    }


def fate(reply: Mapping[str, Any]) -> str:
    """What became of a held reply (`state_of`) that does not wait any more."""
    what = f"published as comment {reply['published_as']}" if reply["published_as"] else reply["state"]
    return f"{what} on {console.when(reply['ended_at'])}"


def who_may_publish(reply: Mapping[str, Any], now: datetime) -> str:
    """Who can still publish a held reply (`state_of`) that waits, and how."""
    author = "can publish it until" if reply["until"] > now else "could publish it until"
    return f"its author {author} {console.when(reply['until'])}, you with `gateway held publish {reply['id']}`"


def _published(number: int, ticket: Ticket, done: Done) -> str:
    moved = f"status {ticket.status} → {done.ticket.status}" if done.moved else f"status stays {ticket.status}"
    return f"{ticket.key}: h-{number} is comment {done.comment_id} now, {moved}"


def _found(connection: Connection, number: int) -> sa.Row[Any]:
    """The comment that is, or was, this held reply."""
    import sqlalchemy as sa

    from gateway.desk import held
    from gateway.store import schema

    wanted = sa.and_(schema.comments.c.id == number, schema.comments.c.held_why == held.WHY)
    row = connection.execute(sa.select(schema.comments).where(wanted)).first()
    if row is None:
        console.fail(f"there is no held reply h-{number}", console.EXIT_NOT_FOUND)
    return row


def _waiting(connection: Connection, number: int) -> sa.Row[Any]:
    row = _found(connection, number)
    if row.withdrawn_at is not None:
        console.fail(f"h-{number} does not wait any more: {fate(_as_data(connection, row))}")
    return row


def _lock(connection: Connection, row: sa.Row[Any]) -> Ticket:
    from gateway.store import tickets

    ticket = tickets.lock(connection, row.ticket_id)
    assert ticket is not None
    return ticket


def _first_words(text: str) -> str:
    line = console.line_of(text).strip()
    return line if len(line) <= _FIRST_WORDS else f"{line[:_FIRST_WORDS].rstrip()}…"


def _as_data(connection: Connection, row: sa.Row[Any]) -> dict[str, Any]:
    from gateway.store import events, people, tickets, visible

    ticket = tickets.get(connection, row.ticket_id)
    assert ticket is not None
    author = people.by_ids(connection, [row.author_id]).get(row.author_id)
    files = visible.files(connection, [row.id])  # those of a dropped reply too
    return {
        **(state_of(row, events.of_ticket(connection, row.ticket_id)) or {}),
        "ticket": str(ticket.key),
        "status": ticket.status,
        "summary": ticket.summary,
        "author": row.author_name,
        "address": author.address if author else None,
        "held_at": row.created_at,
        "mail": f"i-{row.intake_id}" if row.intake_id is not None else None,
        "message_id": row.message_id,
        "text": row.text,
        "quoted": row.quoted,
        "signature": row.signature,
        "files": [{"name": file.filename, "type": file.content_type, "size": file.size, "sha256": file.sha256} for file in files],
    }
