"""`gateway org`: organisations and their mail domains. Who writes from a domain for the first time is put into its organisation."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli import console
from gateway.cli.console import AsJson, Column, Config

app = typer.Typer(no_args_is_help=True, help="Organisations: add, list.")

_COLUMNS = (Column("CODE"), Column("NAME", shrinks=True), Column("DOMAINS", shrinks=True))


@app.command()
def add(
    code: Annotated[str, typer.Argument(metavar="CODE", help="A short name that stays: TOWN.")],
    name: Annotated[str | None, typer.Option("--name", help="In full; without it the code stands for it.")] = None,
    domain: Annotated[list[str] | None, typer.Option("--domain", help="A mail domain of its own; may be repeated.")] = None,
    config: Config = None,
) -> None:
    """Add an organisation, or more domains to one that there is."""
    from gateway.store import people

    wanted = console.line_of(code).strip()
    if not wanted or " " in wanted or len(wanted) > 40:
        console.fail("a code is one word of at most 40 characters", console.EXIT_USAGE)
    domains = [_domain(one) for one in domain or ()]
    with console.office(config) as office, office.store.write() as connection:
        known = people.organisation_by_code(connection, wanted) is not None
        if known and name:
            console.fail(f"{wanted} is there already; only domains can be added to it")
        if known and not domains:
            console.fail(f"{wanted} is there already")
        try:
            people.add_organisation(connection, code=wanted, name=console.line_of(name or code).strip(), domains=domains)
        except people.AddressTakenError as taken:
            console.fail(str(taken))
    console.put(f"{'changed' if known else 'added'}: {wanted}{'  ' if domains else ''}{', '.join(domains)}")


@app.command("list")
def list_(as_json: AsJson = False, config: Config = None) -> None:
    """List the organisations by code."""
    from gateway.store import people

    with console.office(config) as office, office.store.read() as connection:
        found = people.organisations(connection)
    if as_json:
        console.put_json([{"code": code, "name": name, "domains": list(domains)} for code, name, domains in found])
    elif found:
        console.put_table(_COLUMNS, [(code, name, ", ".join(domains) or "—") for code, name, domains in found])
    else:
        console.say("there is no organisation yet: `gateway org add CODE` makes one")


def _domain(text: str) -> str:
    """A domain as it is stored; ends with 2 when it is none."""
    try:
        plain = text.strip().lower().removeprefix("@").encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    if "." not in plain or any(not (char.isalnum() or char in ".-") for char in plain) or ".." in f".{plain}.":
        console.fail(f'"{text}" is not a mail domain, such as example.org', console.EXIT_USAGE)
    return plain
