"""Facts and deliveries in a sentence each, for `gateway ticket show` and `gateway explain`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gateway.cli import console

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_SAID = {
    "TicketOpened": "opened as {status}, by {source}",
    "CommentAdded": "{visibility} comment, by {source}",
    "MailFiled": "kept with the ticket, changed nothing ({verdict})",
    "MailHeld": "held, not published: {reason}",
    "HeldPublished": "held comment {comment_id} was published",
    "HeldDropped": "held comment {comment_id} was dropped: it will not be published",
    "LinksRevoked": "all links and signed addresses sent until then were ended",
    "StatusChanged": "status {old} → {new} ({rule}){ended}",
    "Assigned": "assigned to {person}",
    "ParticipantAdded": "{person} was put on the ticket ({why})",
    "ParticipantRemoved": "{person} was taken off the ticket: his links and addresses for it open nothing",
    "Muted": "notifications to {person} were turned {turned}",
    "Merged": "went on in {ticket}{along}",
    "SurveyAsked": "the requester is asked for his opinion",
    "SurveyNotAsked": "nobody is asked for his opinion: {reason}",
    "SurveyAnswered": "rated {rating} of 5",
    "Reminded": "{mail} mail after {days_passed}",
    "ActionUndone": "took mail i-{intake_id} back; {cancelled} mails were stopped",
    "NotificationSkipped": "no {mail} mail to {person}: {reason}",
    "DeliveryBounced": "o-{delivery_id} to {address} did not arrive: {answer}",
    "DeliveryDelayed": "o-{delivery_id} to {address} is late: {answer}",
    "ComplaintReceived": "the provider of {address} sent a complaint about o-{delivery_id}",
}
"""What a fact of gateway.domain.events says; `person` is the name of its person_id, or of who was assigned."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in facts stand for: the addresses of people, the keys of tickets."""

    people: Mapping[int, str]
    tickets: Mapping[int, str]


def names_in(connection: Connection, facts: Iterable[tuple[str, Mapping[str, Any]]]) -> Names:
    """The names of all that facts (kind, data) name."""
    from gateway.store import people, tickets

    told = list(facts)
    known = people.by_ids(connection, persons_in(told))
    found = (tickets.get(connection, one) for one in {data.get("into") for kind, data in told if kind == "Merged"} if one is not None)
    return Names({person.id: person.address for person in known.values()}, {one.id: str(one.key) for one in found if one is not None})


def sentence(kind: str, data: Mapping[str, Any], names: Names) -> str:
    """A fact in words. One of another release is shown as it is stored."""
    if kind not in _SAID:
        return f"{kind} " + " ".join(f"{name}={value}" for name, value in data.items())
    try:
        return _SAID[kind].format_map({**data, **_worded(data, names)})
    except KeyError:
        return f"{kind} {dict(data)}"


def _worded(data: Mapping[str, Any], names: Names) -> dict[str, str]:
    """What the sentences say beside the plain values of a fact."""
    who = data.get("person_id") if "person_id" in data else data.get("new")
    into, along, days = data.get("into"), data.get("added") or (), data.get("days")
    return {
        "person": "nobody" if who is None else _person(who, names),
        "ticket": names.tickets.get(into or 0, f"ticket {into}"),
        "along": f", and {', '.join(_person(one, names) for one in along)} came along" if along else "",
        "ended": f", as {data['resolution']}" if data.get("resolution") else "",
        "turned": "off" if data.get("muted") else "on again",
        "days_passed": f"{days} {'day' if days == 1 else 'days'}",
    }


def _person(who: int, names: Names) -> str:
    return names.people.get(who, f"person {who}")


def persons_in(facts: Iterable[tuple[str, Mapping[str, Any]]]) -> set[int]:
    """The ids of the people whom facts (kind, data) name."""
    found: set[object] = set()
    for kind, data in facts:
        found |= {data.get("person_id"), data.get("new") if kind == "Assigned" else None}
        found |= set(data.get("added") or ()) if kind == "Merged" else set()
    return {one for one in found if isinstance(one, int)}


def outcome(
    state: str, *, due: datetime, tries: int, answer: str | None, settled_at: datetime | None, reason: str | None, now: datetime
) -> str:
    """Where a delivery stands: "sent 16:13:07  250 2.0.0 ok"."""
    said = console.last_line(answer)
    ended = f" {console.when(settled_at)}" if settled_at else ""
    wait = f"due in {console.span(now, due)}" if due > now else "due now"
    match state:
        case "queued":
            return f"queued, {wait}"
        case "deferred":
            return f"deferred, {wait}, {tries} {'try' if tries == 1 else 'tries'}: {said}"
        case "sending":
            return "sending"
        case "held" | "cancelled":
            return f"{state}: {reason or said or 'by an operator'}"
        case _:
            return f"{state}{ended}: {said}".removesuffix(": ")
