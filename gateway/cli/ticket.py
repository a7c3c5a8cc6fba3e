"""`gateway ticket`: look at tickets, and act on them as an agent does by mail; participants hear of it in the same way.

The acts are those of gateway.desk.act, each in one transaction: what is refused has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gateway.cli import console
from gateway.cli.acting import As, acting_agent, agent_named, desk_named, person_named, status_named, ticket_named
from gateway.cli.console import AsJson, Column, Config, Limit, Yes

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gateway.desk.act import Done, Intent
    from gateway.desk.merge import CannotJoin
    from gateway.desk.office import Office, Story
    from gateway.domain.people import Person
    from gateway.domain.ticket import Ticket, Visibility
    from gateway.domain.workflow import Refused
    from gateway.store.tickets import NewComment

app = typer.Typer(no_args_is_help=True, help="Tickets: list, show, answer, note, move, assign, merge, revoke-links.")

Key = Annotated[str, typer.Argument(metavar="KEY", help="The ticket, SUP-12; any case.")]
Resolution = Annotated[
    Literal["done", "wont_fix", "duplicate", "not_reproducible"] | None,
    typer.Option("--resolution", help="How the request ended, with a status that settles it; done if unsaid."),
]
Text = Annotated[str | None, typer.Argument(metavar="TEXT", help="What to say; - or nothing reads standard input.")]

_COLUMNS = (
    Column("KEY"),
    Column("STATUS"),
    Column("TOUCHED"),
    Column("ASSIGNEE", shrinks=True),
    Column("REQUESTER", shrinks=True),
    Column("SUMMARY", shrinks=True),
)


@app.command("list")
def list_(
    status: Annotated[list[str] | None, typer.Option("--status", help="Only in this status; may be repeated.")] = None,
    desk: Annotated[str | None, typer.Option("--desk", help="Only of this desk: SUP.")] = None,
    assignee: Annotated[str | None, typer.Option("--assignee", metavar="AGENT", help="Only those of this agent.")] = None,
    requester: Annotated[str | None, typer.Option("--requester", metavar="ADDRESS", help="Only those that this person opened.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Resolved and closed ones too.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """List tickets, last touched first; those that are done with only with --all or --status."""
    from gateway.cli.ticket_page import as_json as as_data
    from gateway.store import people, tickets

    with console.office(config) as office, office.store.read() as connection:
        rules = office.workflow
        wanted = [code for code, one in rules.statuses.items() if not one.settled]
        found = tickets.listing(
            connection,
            statuses=[status_named(rules, name) for name in status] if status else None if everything else wanted,
            desk=desk_named(office, desk) if desk else None,
            assignee_id=agent_named(connection, assignee).id if assignee else None,
            requester_id=person_named(connection, requester).id if requester else None,
            limit=limit,
        )
        known = people.by_ids(connection, {one for t in found for one in (t.assignee_id, t.requester_id) if one is not None})
    if as_json:
        console.put_json([as_data(ticket, known) for ticket in found])
        return
    now = office.now()
    if found:
        console.put_table(
            _COLUMNS,
            [
                (
                    t.key,
                    t.status,
                    console.span(t.updated_at, now),
                    _address(known, t.assignee_id),
                    _address(known, t.requester_id),
                    t.summary,
                )
                for t in found
            ],
        )
    else:
        console.say("no such tickets" if everything or status else "no open tickets; --all shows the others")
    console.more_than_shown(len(found), limit)


def _address(known: dict[int, Person], person_id: int | None) -> str:
    person = known.get(person_id or 0)
    return person.address if person else "—"


@app.command()
def show(
    key: Key,
    whole: Annotated[bool, typer.Option("--whole", help="With the quotations and signatures that were left out.")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Show a ticket: who is on it, all that was said (notes, held and filed mails too), what happened, and what became of each mail."""
    from gateway.cli.ticket_page import gather, put_page

    with console.office(config) as office, office.store.read() as connection:
        page = gather(office, connection, ticket_named(connection, key))
    if as_json:
        console.put_json(page)
    else:
        put_page(page, office.now(), whole=whole)


@app.command()
def comment(key: Key, text: Text = None, acting: As = None, config: Config = None) -> None:
    """Answer: every participant can read it and is told by mail."""
    said = console.words(text)
    _act(config, key, acting, lambda _office, _connection: _says(said, public=True))


@app.command()
def note(key: Key, text: Text = None, acting: As = None, config: Config = None) -> None:
    """Write a note that only agents can read."""
    said = console.words(text)
    _act(config, key, acting, lambda _office, _connection: _says(said, public=False))


@app.command()
def move(
    key: Key,
    status: Annotated[str, typer.Argument(metavar="STATUS", help="Where to: a code or a label in any language.")],
    comment: Annotated[str | None, typer.Option("--comment", metavar="TEXT", help="Say this with it; - reads standard input.")] = None,
    resolution: Resolution = None,
    acting: As = None,
    config: Config = None,
) -> None:
    """Move a ticket to another status; a move that the workflow does not have is refused with those that it has."""
    said = console.words(comment) if comment is not None else None

    def intent(office: Office, _connection: Connection) -> Intent:
        from gateway.desk.act import Intent

        statuses, target = office.workflow.statuses, status_named(office.workflow, status)
        if resolution is not None and not statuses[target].settled:
            ends = ", ".join(code for code, one in statuses.items() if one.settled)
            console.fail(f"--resolution goes with a status that settles the request ({ends}), not with {target}", console.EXIT_USAGE)
        return Intent(_comment(said, public=True) if said else None, target, resolution=resolution)

    _act(config, key, acting, intent)


@app.command()
def assign(
    key: Key,
    agent: Annotated[str | None, typer.Argument(metavar="AGENT", help="An address, its beginning, or a name.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Set the ticket free.")] = False,
    acting: As = None,
    config: Config = None,
) -> None:
    """Give a ticket to an agent, who is told by mail; or to nobody."""
    if (agent is None) != nobody:
        console.fail("say either the agent or --nobody", console.EXIT_USAGE)

    def intent(_office: Office, connection: Connection) -> Intent:
        from gateway.desk.act import Assign, Intent

        return Intent(assign=Assign(agent_named(connection, agent) if agent else None))

    _act(config, key, acting, intent)


@app.command()
def merge(
    key: Key,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The ticket in which it goes on.")],
    with_people: Annotated[bool, typer.Option("--with-people", help="Put its people on the other ticket: they can read it then.")] = False,
    acting: As = None,
    config: Config = None,
) -> None:
    """Let a ticket go on in another one, whose people are told. It is closed as a duplicate, and answers to it reach the other."""
    from gateway.desk.merge import CannotJoin
    from gateway.desk.merge import merge as join

    with console.office(config) as office, office.store.write() as connection:
        first, second = _lock_both(connection, key, into)
        agent = acting_agent(connection, acting)
        done = join(story_on(office, connection, first), first, second, agent, with_people=with_people)
        if isinstance(done, CannotJoin):
            console.fail(_not_joined(connection, first, second, done))
    along = f", {', '.join(person.address for person in done.added)} came along" if done.added else ""
    console.put(f"{first.key} goes on in {second.key}: closed as a duplicate{along} (as {agent.address})")


def _lock_both(connection: Connection, key: str, into: str) -> tuple[Ticket, Ticket]:
    """Both tickets locked, the older one first, so that two who merge crosswise do not wait for each other."""
    from gateway.store import tickets

    first, second = ticket_named(connection, key), ticket_named(connection, into)
    locked = {number: tickets.lock(connection, number) for number in sorted({first.id, second.id})}
    return locked[first.id] or first, locked[second.id] or second


def _not_joined(connection: Connection, ticket: Ticket, into: Ticket, refused: CannotJoin) -> str:
    """Why two tickets stay two, and what can be done about it."""
    from gateway.store import tickets

    match refused.reason:
        case "same-ticket":
            return f"{ticket.key} cannot go on in itself"
        case "other-desk":
            return f"{ticket.key} and {into.key} are of different desks: only tickets of one desk can be merged"
        case "merged-already":
            ended = ticket if ticket.merged_into is not None else into
            following = tickets.get(connection, ended.merged_into) if ended.merged_into is not None else None
            return f"{ended.key} was merged before: it goes on in {following.key if following else 'another ticket'}"
        case "other-people":
            who = ", ".join(person.address for person in refused.people)
            one = len(refused.people) == 1
            return f"{who} {'is' if one else 'are'} not on {into.key} and could read all of it then: add --with-people if that is meant"
        case other:
            return other


@app.command()
def revoke_links(key: Key, yes: Yes = False, config: Config = None) -> None:
    """End every link and signed address in the mails that went out about a ticket, after one was passed on to a stranger, say."""
    from gateway.domain.events import LinksRevoked
    from gateway.store import events, tickets

    with console.office(config) as office:
        with office.store.read() as connection:
            ticket = ticket_named(connection, key)
        console.say(
            f"No link in a mail sent until now will open {ticket.key}, and browsers that show it must come in by a new link.\n"
            "Customers can still answer by mail; what agents answer to a mail sent until now is kept as a draft.\n"
            "Mails that go out later carry new links."
        )
        console.sure(f"End all links and signed addresses of {ticket.key}?", yes=yes)
        with office.store.write() as connection:
            tickets.revoke_links(connection, ticket.id)
            events.add(connection, [LinksRevoked()], ticket_id=ticket.id, actor_id=None, now=office.now())
    console.put(f"{ticket.key}: the links and signed addresses of all mails sent until now have ended")


def story_on(office: Office, connection: Connection, ticket: Ticket) -> Story:
    """A change of a ticket from the command line; ends with 1 when its desk is not in the config any more."""
    from gateway.desk.office import Story

    if ticket.desk not in office.desks:
        console.fail(f"the config has no desk {ticket.desk} any more: add [desk.{ticket.desk}] to act on {ticket.key}")
    return Story(office, connection, office.desks[ticket.desk], office.now(), "cli")


def _says(text: str, *, public: bool) -> Intent:
    from gateway.desk.act import Intent

    return Intent(_comment(text, public=public))


def _comment(text: str, *, public: bool) -> NewComment:
    from gateway.domain.ticket import Visibility
    from gateway.store.tickets import NewComment

    visibility: Visibility = Visibility.PUBLIC if public else Visibility.INTERNAL
    return NewComment(ticket_id=0, author_id=None, author_name="", visibility=visibility, text=text, source="cli")


def _act(config: Path | None, key: str, acting: str | None, intent_of: Callable[[Office, Connection], Intent]) -> None:
    """One act of an agent in one transaction, and a line that says what it did."""
    from gateway.desk.act import agent_acts
    from gateway.domain.workflow import Refused

    with console.office(config) as office:
        with office.store.write() as connection:
            ticket = ticket_named(connection, key, lock=True)
            story = story_on(office, connection, ticket)
            agent = acting_agent(connection, acting)
            intent = intent_of(office, connection)
            if intent.resolution is not None and ticket.resolution not in {None, intent.resolution}:
                console.fail(f"{ticket.key} has ended already, as {ticket.resolution}: reopen it to end it in another way")
            done = agent_acts(story, ticket, agent, intent)
            if isinstance(done, Refused):
                console.fail(_refusal(office, ticket, agent, intent, done))
        _report(office, ticket, agent, intent, done)


def _refusal(office: Office, ticket: Ticket, agent: Person, intent: Intent, refused: Refused) -> str:
    """Why a move is not made, and which ones there are, in the agent's language."""
    from gateway.domain.workflow import Actor, moves

    statuses = office.workflow.statuses

    def label(code: str) -> str:
        return f"{code} ({statuses[code].label(agent.language)})" if code in statuses else code

    reason = {
        "comment-required": f"a move to {label(str(intent.target))} needs words: --comment TEXT",
        "already-there": f"{ticket.key} is {label(ticket.status)} already",
        "not-from-here": f"{ticket.key} is {label(ticket.status)} and cannot be moved to {label(str(intent.target))} from there",
        "unknown-status": f"{ticket.key} is {ticket.status}, a status that workflow.toml no longer has",
    }.get(refused.reason, refused.reason)
    needs = {rule.target: rule.comment == "required" for rule in moves(office.workflow, ticket.status, Actor.AGENT)}
    lines = [f"  {label(code)}{', with --comment' if needs.get(code) else ''}" for code in refused.allowed]
    return "\n".join([reason, "possible moves:", *lines] if lines else [reason])


def _report(office: Office, before: Ticket, agent: Person, intent: Intent, done: Done) -> None:
    after = done.ticket
    parts: list[str] = []
    if intent.comment is not None:
        parts.append(f"{'note' if intent.comment.visibility.value == 'internal' else 'comment'} {done.comment_id}")
    if after.status != before.status:
        parts.append(f"status {before.status} → {after.status}{f' as {after.resolution}' if after.resolution else ''}")
    if intent.assign is not None:
        given = intent.assign.person
        same = " already" if after.assignee_id == before.assignee_id else ""
        parts.append(f"assigned{same} to {given.address if given else 'nobody'}")
    if done.told:
        told = f"{done.told} {'person is' if done.told == 1 else 'people are'} told by mail"
        window = int(max(office.policy.merge_window, office.policy.undo).total_seconds())
        parts.append(f"{told} within {window} s" if window else told)
    console.put(f"{after.key}: {', '.join(parts)} (as {agent.address})")
