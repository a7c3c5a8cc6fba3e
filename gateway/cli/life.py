"""`gateway explain NAME`: the life of a mail; by which door it came, what it was taken for and why, what it became, what followed.

NAME is a ticket's key, a Message-ID of theirs or ours, or a number of the ledger or the outbox. What each step was decided by is told
with the names of the rules, so that every "no" can be looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from gateway.cli import console, facts

if TYPE_CHECKING:
    from gateway.desk.explain import Explained, Life, Sending
    from gateway.desk.office import Office

_STATES = {
    "new": "waits for the running gateway",
    "parked": "waits for you: `gateway parked show i-{id}`",
}


def is_name(text: str) -> bool:
    """Whether `text` can be the name of a mail or a ticket: a key, a Message-ID, i-12, o-12."""
    from gateway.domain.ticket import TicketKey

    numbered = text[:2].lower() in {"i-", "o-"} and text[2:].isdigit()
    return numbered or "@" in text or TicketKey.parse(text) is not None


def explain(names: list[str], *, as_json: bool, config: Path | None) -> None:
    """Files are read anew, whatever the database says; what is no file is looked up. Exit code 4 when something is neither."""
    from gateway.cli.explain import explain_files

    code = 0
    for name in names:
        if name == "-" or _is_there(name):
            code = max(code, explain_files([name], as_lines=as_json))
        elif is_name(name):
            code = max(code, _explain_name(name, as_json=as_json, config=config))
        else:
            console.say(f"gateway explain: {name} is neither a file nor a name: a ticket (SUP-12), a Message-ID, i-12 or o-12")
            code = console.EXIT_NOT_FOUND
    if code:
        raise typer.Exit(code)


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except OSError:  # a Message-ID may be longer than any file's name
        return False


def _explain_name(name: str, *, as_json: bool, config: Path | None) -> int:
    from gateway.desk.explain import explain as look_up

    with console.office(config) as office:
        found = look_up(office, name[:2].lower() + name[2:] if name[:2].lower() in {"i-", "o-"} else name)
        if not (found.lives or found.sendings):
            console.say(f"gateway explain: there is no file {name}, and the database knows nothing by this name")
            return console.EXIT_NOT_FOUND
        if as_json:
            console.put_json_line({"name": name, **asdict(found)})
            return 0
        for line, style in tell(found, _names(office, found), office.now()):
            console.put(line, style)
    return 0


def _names(office: Office, found: Explained) -> facts.Names:
    """The people and tickets that the facts name."""
    with office.store.read() as connection:
        return facts.names_in(connection, ((kind, data) for life in found.lives for _, kind, data in life.facts))


def tell(found: Explained, names: facts.Names, now: datetime) -> Iterator[tuple[str, str]]:
    """The story in lines, each with its style."""
    for number, life in enumerate(found.lives):
        if number:
            yield "", ""
        yield from _life(life, names, now)
    if found.sendings and found.lives:
        yield "", ""
        yield "mails that were not set in motion by a mail", "bold"
    for sending in found.sendings:
        yield from _sending(sending, now)


def _life(life: Life, names: facts.Names, now: datetime) -> Iterator[tuple[str, str]]:
    place = "" if life.place == "to ?" else f", {life.place}"
    yield f"i-{life.intake_id}  {console.line_of(life.subject or 'subject not read')}", "bold"
    yield from _fields(
        [
            ("from", life.sender or ""),
            ("message-id", life.message_id or ""),
            ("received", f"{console.when(life.received_at)} by {life.door}{place}, {console.size_of(life.size)}"),
            ("sender", life.trust or ""),
            ("verdict", f"{life.verdict}, by rule {', '.join(life.rules)}" if life.verdict else ""),
            ("match", " → ".join(life.why)),
            ("became", _became(life)),
        ],
    )
    for at, kind, data in life.facts:
        yield f" {console.when(at)}  {console.line_of(facts.sentence(kind, data, names))}", ""
    for sending in life.sendings:
        yield from _sending(sending, now)


def _became(life: Life) -> str:
    if life.state != "done":
        tries = f" ({life.attempts} {'try' if life.attempts == 1 else 'tries'})" if life.attempts else ""
        reason = f"parked: {life.park_reason}; " if life.park_reason else ""
        stub = f"; {life.ticket} stands for it" if life.ticket else ""
        return f"{reason}{_STATES.get(life.state, life.state).format(id=life.intake_id)}{tries}{stub}"
    if life.outcome == "merged" and life.why:
        return f"merged: {life.why[-1]} goes on in {life.ticket}"
    if life.outcome == "held" and "guarded" in life.why:
        return f"held: an answer to a mail that asks for none, on ticket {life.ticket}; `gateway held show h-{life.comment_id}`"
    where = [f"ticket {life.ticket}" if life.ticket else "", f"comment {life.comment_id}" if life.comment_id else ""]
    return ", ".join(part for part in (life.outcome or "", *where) if part)


def _sending(sending: Sending, now: datetime) -> Iterator[tuple[str, str]]:
    wait = f", due in {console.span(now, sending.due)}" if sending.state in {"queued", "deferred"} and sending.due > now else ""
    style = "red" if sending.state in {"bounced", "parked"} else ""
    yield console.line_of(f" → o-{sending.id} {sending.mail} to {sending.recipient}: {sending.state}{wait}"), style
    for one in sending.tries:
        phase = f" at {one.phase}" if one.phase else ""
        yield f"     {console.when(one.at)}  {one.outcome}{phase}: {console.line_of(console.last_line(one.text))}", "dim"
    if not sending.tries and sending.answer:
        yield f"     {console.line_of(console.last_line(sending.answer))}", "dim"


def _fields(fields: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield from ((f" {name:<10} {console.line_of(value)}", "") for name, value in fields if value)
