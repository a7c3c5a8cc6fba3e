"""`gateway outbox`: the mails that wait to go out; look at them, send them now, stop them, let them go, end them.

An operator's word is one more line in the life of a delivery (`gateway explain o-12` shows it). A delivery that a worker has in its hands
is left to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli import console
from gateway.cli.console import AsJson, Column, Config, Limit, Yes

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

app = typer.Typer(no_args_is_help=True, help="Mails that go out: list, show, retry, hold, release, drop.")

Id = Annotated[str, typer.Argument(metavar="ID", help="The delivery: o-12 or 12.")]

STATES = ("queued", "sending", "deferred", "uncertain", "held", "parked", "sent", "bounced", "cancelled")
UNFINISHED = STATES[:6]
RETRIED_TOGETHER = ("deferred", "parked")
"""What `retry --all` takes unless --state says more: neither what may have arrived, nor what was refused for good or stopped by hand."""

_BATCH = 500
_EVERY = 1_000_000

_COLUMNS = (
    Column("ID"),
    Column("STATE"),
    Column("AGE"),
    Column("TRIES"),
    Column("NEXT"),
    Column("TICKET"),
    Column("TO", shrinks=True),
    Column("MAIL"),
    Column("LAST ANSWER", shrinks=True),
)


@app.command("list")
def list_(
    state: Annotated[list[str] | None, typer.Option("--state", help=f"Only in this state: {', '.join(STATES)}. May be repeated.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """List the mails that have not come to an end, the next due first."""
    from gateway.store import outbox

    wanted = _states(state) or UNFINISHED
    with console.office(config) as office, office.store.read() as connection:
        rows = outbox.listing(connection, states=wanted, limit=limit)
        keys = _ticket_keys(connection, rows)
        now = office.now()
    if as_json:
        console.put_json([_as_data(row, keys) for row in rows])
        return
    if rows:
        console.put_table(
            _COLUMNS,
            [
                (
                    f"o-{row.id}",
                    row.state,
                    console.span(row.created_at, now),
                    row.tries,
                    ("now" if row.due <= now else console.span(now, row.due)) if row.state in {"queued", "deferred"} else "—",
                    keys.get(row.ticket_id, "—"),
                    row.recipient,
                    row.mail,
                    row.hold_reason or console.last_line(row.answer) or "—",
                )
                for row in rows
            ],
        )
    else:
        console.say("no such mails" if state else "nothing waits in the outbox")
    console.more_than_shown(len(rows), limit)


@app.command()
def show(
    delivery: Id,
    eml: Annotated[bool, typer.Option("--eml", help="Print the mail as it would be sent now.")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Show a mail: to whom, why, and what the other side answered to each try."""
    from gateway.store import outbox

    number = console.number_of(delivery, "o")
    if eml:
        _put_mail(config, number)
        return
    with console.office(config) as office, office.store.read() as connection:
        row = _found(connection, number)
        keys = _ticket_keys(connection, [row])
        tries = outbox.attempts(connection, number)
    if as_json:
        said = [{"at": one.at, "outcome": one.outcome, "phase": one.phase, "code": one.code, "text": one.text} for one in tries]
        console.put_json({**_as_data(row, keys), "attempts": said})
        return
    console.put(f"o-{row.id}  {row.mail} to {console.line_of(row.recipient)}", "bold")
    console.put_fields(
        [
            ("state", f"{row.state}: {row.hold_reason}" if row.hold_reason else row.state),
            ("ticket", keys.get(row.ticket_id, "")),
            ("cause", f"i-{row.intake_id}" if row.intake_id is not None else ""),
            ("language", row.language),
            ("written", console.when(row.created_at)),
            ("due", console.when(row.due) if row.state in {"queued", "deferred"} else ""),
            ("ended", console.when(row.settled_at) if row.settled_at else ""),
            ("tries", str(row.tries)),
            ("message-id", row.message_id),
            ("answers", row.in_reply_to or ""),
            ("why", f"{row.cause}" if row.cause else ""),
        ],
    )
    for one in tries:
        phase = f" at {one.phase}" if one.phase else ""
        console.put(f" {console.when(one.at)}  {one.outcome}{phase}: {console.line_of(console.last_line(one.text))}")


@app.command()
def retry(
    delivery: Annotated[str | None, typer.Argument(metavar="ID", help="The delivery: o-12 or 12.")] = None,
    everything: Annotated[bool, typer.Option("--all", help=f"All that are {' or '.join(RETRIED_TOGETHER)}.")] = False,
    state: Annotated[list[str] | None, typer.Option("--state", help="With --all: those in this state instead. May be repeated.")] = None,
    config: Config = None,
) -> None:
    """Send now, with its tries counted anew. One that is uncertain, bounced or cancelled may reach its reader twice."""
    from gateway.store.outbox import RETRYABLE

    if (delivery is None) != everything:
        console.fail("say either an ID or --all", console.EXIT_USAGE)
    values: dict[str, Any] = {"state": "queued", "tries": 0, "settled_at": None, "hold_reason": None, "cause": None}
    if delivery is not None:
        _operate(config, delivery, RETRYABLE, values, "is due now", due_now=True)
        return
    wanted = _states(state) or RETRIED_TOGETHER
    wrong = [one for one in wanted if one not in RETRYABLE or one == "queued"]
    if wrong:
        console.fail(f"what is {wrong[0]} cannot be retried together", console.EXIT_USAGE)
    done = _retry_all(config, wanted, values)
    console.put(f"{done} {'mail is' if done == 1 else 'mails are'} due now")


def _retry_all(config: Path | None, states: Sequence[str], values: dict[str, Any]) -> int:
    """All that are in these states now, a few hundred in one transaction so that a daemon beside us is not kept waiting."""
    from gateway.store import outbox

    done = 0
    with console.office(config) as office:
        with office.store.read() as connection:
            ids = [row.id for row in outbox.listing(connection, states=states, limit=_EVERY)]
        with console.progress("retry", total=len(ids)) as advance:
            for first in range(0, len(ids), _BATCH):
                with office.store.write() as connection:
                    now = office.store.now()
                    for number in ids[first : first + _BATCH]:
                        done += outbox.operate(connection, number, sources=states, now=now, due=now, **values)
                advance(len(ids[first : first + _BATCH]))
    return done


@app.command()
def hold(
    delivery: Id,
    reason: Annotated[str, typer.Option("--reason", help="Why; shown in lists.")] = "by an operator",
    config: Config = None,
) -> None:
    """Stop a mail until it is released."""
    from gateway.store.outbox import HOLDABLE

    values = {"state": "held", "hold_reason": console.line_of(reason)}
    _operate(config, delivery, HOLDABLE, values, f"is held: {reason}")


@app.command()
def release(delivery: Id, config: Config = None) -> None:
    """Let a held mail go, when it is due."""
    _operate(config, delivery, ("held",), {"state": "queued", "hold_reason": None}, "waits for its turn")


@app.command()
def drop(delivery: Id, yes: Yes = False, config: Config = None) -> None:
    """End a mail: it will not be sent."""
    from gateway.store.outbox import DROPPABLE

    console.sure(f"Drop {delivery}? It will not be sent.", yes=yes)
    _operate(config, delivery, DROPPABLE, {"state": "cancelled", "hold_reason": "dropped by an operator"}, "will not be sent", ends=True)


def _operate(
    config: Path | None, name: str, sources: Sequence[str], values: dict[str, Any], said: str, *, due_now: bool = False, ends: bool = False
) -> None:
    """One operator's word on one delivery, if it is in a state for it."""
    from gateway.store import outbox

    number = console.number_of(name, "o")
    with console.office(config) as office, office.store.write() as connection:
        row = _found(connection, number)
        now = office.store.now()
        times = ({"due": now} if due_now else {}) | ({"settled_at": now} if ends else {})
        if not outbox.operate(connection, number, sources=sources, now=now, **values, **times):
            console.fail(f"o-{number} is {row.state}; this is for mails that are {', '.join(sources)}")
    console.put(f"o-{number} {said}")


def _put_mail(config: Path | None, number: int) -> None:
    """The mail with its headers, as the sender would compose it at this moment."""
    from gateway.desk.draft import NothingToSay, build
    from gateway.mail.write.compose import compose
    from gateway.runtime.settings import load
    from gateway.runtime.wiring import renderer_of
    from gateway.store.outbox import Delivery

    with console.office(config) as office, office.store.read() as connection:
        row = _found(connection, number)
        delivery = Delivery(**{field.name: getattr(row, field.name) for field in fields(Delivery)})
        letter = build(office, renderer_of(load(config)), connection, delivery)
    if isinstance(letter, NothingToSay):
        console.fail(f"o-{number} has nothing to say: {letter.reason}")
    console.put_bytes(compose(letter.draft))


def _found(connection: Connection, number: int) -> sa.Row[Any]:
    from gateway.store import outbox

    row = outbox.get(connection, number)
    if row is None:
        console.fail(f"there is no delivery o-{number}", console.EXIT_NOT_FOUND)
    return row


def _states(names: Sequence[str] | None) -> tuple[str, ...]:
    wrong = [name for name in names or () if name not in STATES]
    if wrong:
        console.fail(f'no state is called "{wrong[0]}"; they are {", ".join(STATES)}', console.EXIT_USAGE)
    return tuple(names or ())


def _ticket_keys(connection: Connection, rows: Sequence[sa.Row[Any]]) -> dict[int | None, str]:
    from gateway.store import tickets

    found = (tickets.get(connection, number) for number in {row.ticket_id for row in rows if row.ticket_id is not None})
    return {ticket.id: str(ticket.key) for ticket in found if ticket is not None}


def _as_data(row: sa.Row[Any], keys: dict[int | None, str]) -> dict[str, Any]:
    return {
        "id": f"o-{row.id}",
        "state": row.state,
        "mail": row.mail,
        "recipient": row.recipient,
        "ticket": keys.get(row.ticket_id),
        "cause_mail": f"i-{row.intake_id}" if row.intake_id is not None else None,
        "language": row.language,
        "created_at": row.created_at,
        "due": row.due,
        "tries": row.tries,
        "settled_at": row.settled_at,
        "answer": row.answer,
        "cause": row.cause,
        "hold_reason": row.hold_reason,
        "message_id": row.message_id,
        "in_reply_to": row.in_reply_to,
    }
