"""Facts and deliveries in a sentence each, for `gateway ticket show` and `gateway explain`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from gateway.cli import console

_SAID = {
    "TicketOpened": "opened as {status}, by {source}",
    "CommentAdded": "{visibility} comment, by {source}",
    "MailFiled": "kept with the ticket, changed nothing ({verdict})",
    "MailHeld": "held, not published: {reason}",
    "HeldPublished": "held comment {comment_id} was published",
    "StatusChanged": "status {old} → {new} ({rule})",
    "Assigned": "assigned to {person}",
    "ParticipantAdded": "{person} was put on the ticket ({why})",
    "ActionUndone": "took mail i-{intake_id} back; {cancelled} mails were stopped",
    "NotificationSkipped": "no {mail} mail to {person}: {reason}",
    "DeliveryBounced": "o-{delivery_id} to {address} did not arrive: {answer}",
    "DeliveryDelayed": "o-{delivery_id} to {address} is late: {answer}",
    "ComplaintReceived": "the provider of {address} sent a complaint about o-{delivery_id}",
}
"""What a fact of gateway.domain.events says; `person` is the name of its person_id, or of who was assigned."""


def sentence(kind: str, data: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """A fact in words. One of another release is shown as it is stored."""
    who = data.get("person_id") if "person_id" in data else data.get("new")
    person = "nobody" if who is None else names.get(who, f"person {who}")
    if kind not in _SAID:
        return f"{kind} " + " ".join(f"{name}={value}" for name, value in data.items())
    try:
        return _SAID[kind].format_map({**data, "person": person})
    except KeyError:
        return f"{kind} {dict(data)}"


def persons_in(facts: Iterable[tuple[str, Mapping[str, Any]]]) -> set[int]:
    """The ids of the people whom facts (kind, data) name."""
    found: set[object] = set()
    for kind, data in facts:
        found |= {data.get("person_id"), data.get("new") if kind == "Assigned" else None}
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
