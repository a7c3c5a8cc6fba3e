"""`gateway person`: customers and agents. Customers need not be added, their first mail does it; agents must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli import console
from gateway.cli.acting import organisation_named, person_named
from gateway.cli.console import AsJson, Column, Config, Limit, Yes

if TYPE_CHECKING:
    from gateway.desk.office import Office
    from gateway.domain.people import Person

app = typer.Typer(no_args_is_help=True, help="People: add, list, show, change, revoke-links.")

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")]
Name = Annotated[str | None, typer.Option("--name", help="As mails and pages show it.")]
Org = Annotated[str | None, typer.Option("--org", metavar="CODE", help="The organisation; `gateway org add` makes one.")]
Lang = Annotated[str | None, typer.Option("--lang", "--language", help="fr, nl, de or en.")]

_LANGUAGES = ("fr", "nl", "de", "en")
_COLUMNS = (Column("ADDRESS"), Column("NAME", shrinks=True), Column("ROLE"), Column("ORG"), Column("LANG"), Column("NOTE"))


@app.command()
def add(
    address: Address,
    name: Name = None,
    org: Org = None,
    lang: Lang = None,
    agent: Annotated[bool, typer.Option("--agent", help="He answers customers.")] = False,
    config: Config = None,
) -> None:
    """Add a customer, or with --agent an agent. No mail is sent."""
    from gateway.domain.people import Role
    from gateway.store import people

    language = _language(lang)
    with console.office(config) as office, office.store.write() as connection:
        wanted = _usable(office, address)
        try:
            people.add(
                connection,
                name=console.line_of(name).strip() if name else wanted,
                role=Role.AGENT if agent else Role.CUSTOMER,
                address=wanted,
                language=language or next(iter(office.desks.values())).language,
                organisation_id=organisation_named(connection, org) if org else None,
                verified=True,  # an operator's word
                now=office.now(),
            )
        except people.AddressTakenError:
            console.fail(f"{wanted} is known already: `gateway person change {wanted}` changes name, language, organisation and role")
        person = person_named(connection, wanted)
    console.put(f"added: {_shown(person)}")


@app.command("list")
def list_(
    agents: Annotated[bool, typer.Option("--agents", help="Only agents.")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """List people, the newest first."""
    from gateway.store import people

    with console.office(config) as office, office.store.read() as connection:
        found = people.agents(connection)[:limit] if agents else people.everybody(connection, limit)
    if as_json:
        console.put_json([_as_data(person) for person in found])
        return
    if found:
        rows = [(p.address, p.name, p.role, p.organisation or "—", p.language, "disabled" if p.disabled else "") for p in found]
        console.put_table(_COLUMNS, rows)
    else:
        console.say("there is no agent yet: `gateway person add ADDRESS --agent` makes one" if agents else "nobody is known yet")
    console.more_than_shown(len(found), limit)


@app.command()
def show(address: Address, as_json: AsJson = False, config: Config = None) -> None:
    """Show a person, and the tickets that he opened or that are his to answer."""
    from gateway.store import tickets

    with console.office(config) as office, office.store.read() as connection:
        person = person_named(connection, address)
        opened = tickets.listing(connection, requester_id=person.id, limit=50)
        given = tickets.listing(connection, assignee_id=person.id, limit=50)
    if as_json:
        keys = {"opened": [str(ticket.key) for ticket in opened], "assigned": [str(ticket.key) for ticket in given]}
        console.put_json({**_as_data(person), **keys})
        return
    console.put(f"{person.name} <{person.address}>", "bold")
    console.put_fields(
        [
            ("role", f"{person.role}{', disabled' if person.disabled else ''}"),
            ("org", person.organisation or ""),
            ("language", person.language),
            ("writes as", ", ".join(sorted(person.addresses))),
            ("verified", "yes" if person.verified else "no: the address was never proved to be his"),
            ("opened", ", ".join(f"{ticket.key} ({ticket.status})" for ticket in opened)),
            ("assigned", ", ".join(f"{ticket.key} ({ticket.status})" for ticket in given)),
        ],
    )


@app.command()
def change(
    address: Address,
    name: Name = None,
    org: Org = None,
    lang: Lang = None,
    agent: Annotated[bool | None, typer.Option("--agent/--customer", help="Make him an agent, or a customer.")] = None,
    disabled: Annotated[bool | None, typer.Option("--disable/--enable", help="Shut him out, or let him in again.")] = None,
    also: Annotated[str | None, typer.Option("--also", metavar="ADDRESS", help="He writes from this address too.")] = None,
    config: Config = None,
) -> None:
    """Change a person: what is not named stays."""
    from gateway.domain.people import Role
    from gateway.store import people

    values: dict[str, Any] = {}
    if name:
        values["name"] = console.line_of(name).strip()
    if lang:
        values["language"] = _language(lang)
    if agent is not None:
        values["role"] = (Role.AGENT if agent else Role.CUSTOMER).value
    if disabled is not None:
        values["disabled"] = disabled
    if not (values or org or also):
        console.fail("say what to change: --name, --org, --lang, --agent, --customer, --disable, --enable or --also", console.EXIT_USAGE)
    with console.office(config) as office, office.store.write() as connection:
        person = person_named(connection, address)
        if org:
            values["organisation_id"] = organisation_named(connection, org)
        if also:
            try:
                people.add_address(connection, person.id, _usable(office, also))
            except people.AddressTakenError as taken:
                console.fail(str(taken))
        if values:
            people.update(connection, person.id, **values)
        person = person_named(connection, address)
    console.put(f"changed: {_shown(person)}")


@app.command()
def revoke_links(address: Address, yes: Yes = False, config: Config = None) -> None:
    """End every link that a person was ever sent, of all his tickets, after his mailbox was broken into, say."""
    from gateway.store import people

    with console.office(config) as office:
        with office.store.read() as connection:
            person = person_named(connection, address)
        console.say(
            f"No link in a mail sent to {person.address} until now will open anything, and browsers that show a ticket of his must come\n"
            "in by a new link. He can still answer by mail; mails that go out later carry new links."
        )
        console.sure(f"End all links of {person.address}?", yes=yes)
        with office.store.write() as connection:
            people.revoke_links(connection, person.id)
    console.put(f"{person.address}: the links of all mails sent to him until now have ended")


def _usable(office: Office, address: str) -> str:
    """`address` as it is stored; ends with 2 when it is none, or is one of our own."""
    from pydantic import TypeAdapter, ValidationError

    from gateway.runtime.settings import MailAddress

    local, at, domain = address.strip().lower().rpartition("@")
    try:
        plain: str = TypeAdapter(MailAddress).validate_python(f"{local}{at}{domain.encode('idna').decode('ascii')}")
    except (ValidationError, UnicodeError):
        console.fail(f'"{address}" is not a mail address, such as jess@example.org', console.EXIT_USAGE)
    if office.is_ours(plain):
        console.fail(f"{plain} is an address of a desk: its mails would come back as requests", console.EXIT_USAGE)
    return plain


def _language(text: str | None) -> str | None:
    if text is not None and text.lower() not in _LANGUAGES:
        console.fail(f'"{text}" is none of our languages: {", ".join(_LANGUAGES)}', console.EXIT_USAGE)
    return text.lower() if text else None


def _shown(person: Person) -> str:
    parts = [f"{person.name} <{person.address}>", f"org {person.organisation}" if person.organisation else "", person.language]
    parts += ["agent" if person.role.value == "agent" else "", "disabled" if person.disabled else ""]
    return console.line_of("  ".join(part for part in parts if part))


def _as_data(person: Person) -> dict[str, Any]:
    return {
        "address": person.address,
        "addresses": sorted(person.addresses),
        "name": person.name,
        "role": person.role,
        "organisation": person.organisation,
        "language": person.language,
        "disabled": person.disabled,
        "verified": person.verified,
    }
