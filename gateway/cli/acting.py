"""Who acts and who is meant: tickets, agents, people and statuses by the names that are typed, with the nearest ones when one errs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from gateway.cli import console

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gateway.desk.office import Office
    from gateway.domain.people import Person
    from gateway.domain.ticket import Ticket
    from gateway.domain.workflow import Workflow

As = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="AGENT", envvar="GATEWAY_AGENT", help="The agent who acts: an address or a name. With one agent only, he it is."
    ),
]

_LONGEST = 80
"""What is longer is compared with nothing: difflib is quadratic."""


def ticket_named(connection: Connection, name: str, *, lock: bool = False) -> Ticket:
    """The ticket called `name`, in any case; ends with exit code 2 or 4 when it is no key or there is none."""
    from gateway.domain.ticket import TicketKey
    from gateway.store import tickets

    key = TicketKey.parse(name)
    if key is None:
        console.fail(f'"{name}" is not the key of a ticket, such as SUP-12', console.EXIT_USAGE)
    found = tickets.by_key(connection, key)
    if found is not None and lock:
        found = tickets.lock(connection, found.id)
    if found is None:
        _unknown(f"there is no ticket {key}")
    return found


def agent_named(connection: Connection, name: str) -> Person:
    """The active agent with this address, name or beginning of an address; ends with 4 and the nearest ones when there is none."""
    from gateway.domain.people import Person, agent_called
    from gateway.store import people

    agents = people.agents(connection)
    found = agent_called(agents, name)
    if isinstance(found, Person):
        return found
    if found.several:
        _unknown(f'"{name}" may be {_listed(found.perhaps)}')
    person = people.by_address(connection, name.strip().lower())
    if person is not None:
        what = "a disabled agent" if person.disabled else "a customer; `gateway person change --agent` makes an agent of him"
        _unknown(f"{person.address} is {what}")
    some = [agent.address for agent in agents if not agent.disabled][:3]
    return _unknown(f'no agent is called "{name}"{_perhaps(found.perhaps or some)}')


def acting_agent(connection: Connection, name: str | None) -> Person:
    """The agent of --as or $GATEWAY_AGENT, or the only one there is; ends with 2 when that does not tell."""
    from gateway.store import people

    if name:
        return agent_named(connection, name)
    agents = [agent for agent in people.agents(connection) if not agent.disabled]
    if len(agents) == 1:
        return agents[0]
    if not agents:
        return console.fail("there is no agent yet: `gateway person add ADDRESS --agent` makes one", console.EXIT_USAGE)
    return console.fail(f"say who acts with --as or $GATEWAY_AGENT: {_listed(agent.address for agent in agents)}", console.EXIT_USAGE)


def person_named(connection: Connection, address: str) -> Person:
    """The person with this address; ends with 4 and the nearest ones when there is none."""
    from gateway.store import people

    wanted = address.strip().lower()
    found = people.by_address(connection, wanted)
    if found is not None:
        return found
    known = {spelling for person in people.everybody(connection, 1000) for spelling in person.addresses}
    close = difflib.get_close_matches(wanted[:_LONGEST], sorted(known), n=3, cutoff=0.7)
    return _unknown(f"nobody has the address {address}{_perhaps(close)}")


def organisation_named(connection: Connection, code: str) -> int:
    """The id of an organisation; ends with 4 and the nearest codes when there is none."""
    from gateway.store import people

    found = people.organisation_by_code(connection, code)
    if found is not None:
        return found
    codes = [known for known, _, _ in people.organisations(connection)]
    close = difflib.get_close_matches(code[:_LONGEST], codes, n=3, cutoff=0.5)
    return _unknown(f'no organisation has the code "{code}"{_perhaps(close)}; `gateway org add` makes one')


def desk_named(office: Office, prefix: str) -> str:
    """The prefix of a configured desk; ends with 2 and their names when there is none."""
    wanted = prefix.upper()
    if wanted not in office.desks:
        console.fail(f'there is no desk "{prefix}": the config has {_listed(office.desks)}', console.EXIT_USAGE)
    return wanted


def status_named(rules: Workflow, text: str) -> str:
    """The code of the status that `text` names; ends with 2 and the nearest names when there is none."""
    from gateway.domain.workflow import Unknown, find_status

    found = find_status(rules, text)
    if isinstance(found, Unknown):
        console.fail(f'no status is called "{text}"{_perhaps(found.nearest or tuple(rules.statuses))}', console.EXIT_USAGE)
    return found


def _unknown(message: str) -> NoReturn:
    console.fail(message, console.EXIT_NOT_FOUND)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _perhaps(names: Iterable[str] | Sequence[str]) -> str:
    listed = _listed(names)
    return f"; did you mean {listed}?" if listed else ""
