"""All there is to know of one ticket: gathered once as plain data, which is the JSON, and laid out from it for a person.

What was said, what happened and what became of each mail stand in one time line, a mail under the words that it carries.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.cli import console, facts, held
from gateway.desk.office import Office
from gateway.domain.people import Participant, Person
from gateway.domain.ticket import Ticket
from gateway.store import events, intake, outbox, people, surveys, tickets, visible

_SHOWN_WITH_ITS_COMMENT = frozenset({"CommentAdded", "MailFiled", "MailHeld"})
_MARKS = {
    # (kind, visibility) -> how a comment is marked
    ("comment", "public"): "",
    ("comment", "internal"): "NOTE",
    ("filed", "internal"): "FILED",
    ("held", "internal"): "HELD",
}
_LABELS = {"team": "the team must act", "customer": "the customer must act", "nobody": "done with"}


def as_json(ticket: Ticket, known: Mapping[int, Person]) -> dict[str, Any]:
    """A ticket as plain data; `known` are the people whom it names."""
    requester, assignee = (known.get(one or 0) for one in (ticket.requester_id, ticket.assignee_id))
    return {
        "key": str(ticket.key),
        "summary": ticket.summary,
        "status": ticket.status,
        "assignee": assignee.address if assignee else None,
        "requester": requester.address if requester else None,
        "organisation": ticket.organisation,
        "priority": ticket.priority,
        "language": ticket.language,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "status_since": ticket.status_since,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at,
        "resolution": ticket.resolution,
    }


def gather(office: Office, connection: Connection, ticket: Ticket) -> dict[str, Any]:
    """A ticket with everything about it, as plain data."""
    happened = events.of_ticket(connection, ticket.id)
    said = tickets.comment_rows(connection, ticket.id)
    on_ticket = tickets.participants(connection, ticket.id)
    trusted = intake.trust_of(connection, [row.intake_id for row in said if row.intake_id is not None])
    named = (
        facts.persons_in((row.kind, row.data) for row in happened) | {row.actor_id for row in happened} | {row.author_id for row in said}
    )
    known = people.by_ids(connection, (one for one in (*named, ticket.requester_id, ticket.assignee_id) if one is not None))
    status = office.workflow.statuses.get(ticket.status)
    return {
        **as_json(ticket, known),
        "who_acts": status.who_acts if status else None,
        "participants": [_participant(one) for one in on_ticket],
        "links": [{"kind": kind, "key": str(key)} for kind, key in tickets.links(connection, ticket.id)],
        **_merged(connection, ticket),
        "surveys": _surveys(connection, happened, known),
        "reminders": [{"at": row.at, "mail": row.data["mail"], "days": row.data["days"]} for row in happened if row.kind == "Reminded"],
        "comments": _comments(connection, said, known, happened, trusted),
        "events": _events(connection, happened, known),
        "deliveries": [_delivery(row) for row in outbox.of_ticket(connection, ticket.id)],
    }


def _participant(one: Participant) -> dict[str, Any]:
    return {"name": one.person.name, "address": one.person.address, "part": one.part, "muted": one.muted}


def _merged(connection: Connection, ticket: Ticket) -> dict[str, Any]:
    """Where it goes on, and what goes on in it; a merge that was taken back leaves its link, and is neither."""
    into = tickets.get(connection, ticket.merged_into) if ticket.merged_into is not None else None
    others = (tickets.by_key(connection, key) for kind, key in tickets.links(connection, ticket.id) if kind == "merged")
    ended = [str(one.key) for one in others if one is not None and one.merged_into == ticket.id]
    return {"merged_into": str(into.key) if into else None, "merged_from": ended}


def _surveys(connection: Connection, rows: list[sa.Row[Any]], known: Mapping[int, Person]) -> list[dict[str, Any]]:
    found = (surveys.get(connection, row.data["survey_id"]) for row in rows if row.kind == "SurveyAsked")
    return [
        {
            "id": one.id,
            "person": known[one.person_id].address if one.person_id in known else None,
            "asked_at": one.asked_at,
            "expires_at": one.expires_at,
            "reminded_at": one.reminded_at,
            "withdrawn_at": one.withdrawn_at,
            "answered_at": one.answered_at,
            "rating": one.rating,
            "comment": one.comment,
        }
        for one in found
        if one is not None
    ]


def _comments(
    connection: Connection,
    rows: list[sa.Row[Any]],
    known: Mapping[int, Person],
    happened: list[sa.Row[Any]],
    trusted: Mapping[int, str],
) -> list[dict[str, Any]]:
    files: dict[int, list[visible.FileRow]] = {}
    for file in visible.files(connection, [row.id for row in rows]):  # those of dropped and withdrawn words too
        files.setdefault(file.comment_id, []).append(file)
    return [
        {
            "id": row.id,
            "at": row.created_at,
            "author": row.author_name,
            "address": known[row.author_id].address if row.author_id in known else None,
            "visibility": row.visibility,
            "kind": row.kind,
            "source": row.source,
            "mail": f"i-{row.intake_id}" if row.intake_id is not None else None,
            "trust": trusted.get(row.intake_id or 0),
            "message_id": row.message_id,
            "held_why": row.held_why,
            "held": held.state_of(row, happened),
            "withdrawn_at": row.withdrawn_at,
            "text": row.text,
            "quoted": row.quoted,
            "signature": row.signature,
            "beside": row.shown or {},
            "files": [{"name": f.filename, "type": f.content_type, "size": f.size, "sha256": f.sha256} for f in files.get(row.id, ())],
        }
        for row in rows
    ]


def _events(connection: Connection, rows: list[sa.Row[Any]], known: Mapping[int, Person]) -> list[dict[str, Any]]:
    names = facts.names_in(connection, ((row.kind, row.data) for row in rows))
    return [
        {
            "at": row.at,
            "kind": row.kind,
            "actor": known[row.actor_id].address if row.actor_id in known else None,
            "comment": row.comment_id,
            "mail": f"i-{row.intake_id}" if row.intake_id is not None else None,
            "data": row.data,
            "text": facts.sentence(row.kind, row.data, names),
        }
        for row in rows
    ]


def _delivery(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "id": f"o-{row.id}",
        "mail": row.mail,
        "recipient": row.recipient,
        "state": row.state,
        "created_at": row.created_at,
        "due": row.due,
        "tries": row.tries,
        "settled_at": row.settled_at,
        "answer": row.answer,
        "hold_reason": row.hold_reason,
        "message_id": row.message_id,
        "comments": list(row.context.get("comments", ())),
    }


def put_page(page: Mapping[str, Any], now: datetime, *, whole: bool) -> None:
    """Print what `gather` found, for a person. `whole`: with the quotations and signatures that were left out of the words."""
    console.put(f"{page['key']}  {console.line_of(page['summary'])}", "bold")
    since = f" since {console.span(page['status_since'], now)}" if page["status_since"] else ""
    acts = _LABELS.get(page["who_acts"] or "", "a status that workflow.toml does not have")
    by_address = {one["address"]: _participant_line(one) for one in page["participants"]}
    console.put_fields(
        [
            ("status", f"{page['status']} ({acts}{since})"),
            ("resolution", page["resolution"] or ""),
            ("goes on in", page["merged_into"] or ""),
            ("took over", ", ".join(page["merged_from"])),
            ("assignee", page["assignee"] or "nobody"),
            ("requester", by_address.get(page["requester"] or "", page["requester"] or "unknown: nobody is answered")),
            ("others", ", ".join(_participant_line(one) for one in page["participants"] if one["part"] != "requester")),
            ("org", page["organisation"] or ""),
            ("priority", f"{page['priority'].value}, language {page['language']}"),
            ("opened", console.when(page["created_at"])),
            ("links", ", ".join(f"{link['kind']} {link['key']}" for link in page["links"] if link["kind"] != "merged")),
            ("reminded", ", ".join(f"{console.when(one['at'])} ({one['mail']})" for one in page["reminders"])),
            ("survey", "; ".join(_survey(one) for one in page["surveys"])),
        ],
    )
    for _, lines in sorted(_line_of_time(page, now, whole=whole), key=lambda entry: entry[0]):
        for text, style in lines:
            console.put(text, style)


def _survey(one: Mapping[str, Any]) -> str:
    """Asked when, and what came of it."""
    if one["answered_at"] is not None:
        came = f"answered {console.when(one['answered_at'])}: {one['rating']} of 5"
    else:
        came = f"taken back {console.when(one['withdrawn_at'])}" if one["withdrawn_at"] else "no answer yet"
    return f"asked {console.when(one['asked_at'])}, {came}"


def _participant_line(one: Mapping[str, Any]) -> str:
    return f"{one['name']} <{one['address']}>{' (muted)' if one['muted'] else ''}"


def _line_of_time(page: Mapping[str, Any], now: datetime, *, whole: bool) -> Iterator[tuple[tuple[datetime, int], list[tuple[str, str]]]]:
    """Entries with what they are sorted by: of one instant first the facts, then words, mails, and the mails that were not written."""
    ids = {one["id"] for one in page["comments"]}
    carried: dict[int, list[dict[str, Any]]] = {}
    for mail in page["deliveries"]:
        home = next((one for one in reversed(mail["comments"]) if one in ids), None)
        if home is None:
            yield (mail["created_at"], 2), [(f" {console.when(mail['created_at'])}  {_mail(mail, now)}", _tint(mail))]
        else:
            carried.setdefault(home, []).append(mail)
    opinions = _opinions(page)
    for number, event in enumerate(page["events"]):
        if event["kind"] not in _SHOWN_WITH_ITS_COMMENT:
            who = f"{event['actor']}  " if event["actor"] else ""
            rank = 3 if event["kind"] == "NotificationSkipped" else 0
            head = (f" {console.when(event['at'])}  {who}{console.line_of(event['text'])}", "")
            yield (event["at"], rank), [head, *_indented(opinions.get(number, ""))]
    for comment in page["comments"]:
        mails = [(f"     {_mail(mail, now)}", _tint(mail)) for mail in carried.get(comment["id"], ())]
        yield (comment["at"], 1), [*_comment(comment, now, whole=whole), *mails]


def _opinions(page: Mapping[str, Any]) -> dict[int, str]:
    """The words that stand with a rating, by the number of the event of its last answer."""
    answers = {event["data"]["survey_id"]: number for number, event in enumerate(page["events"]) if event["kind"] == "SurveyAnswered"}
    return {answers[one["id"]]: one["comment"] for one in page["surveys"] if one["id"] in answers}


def _beside(comment: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """What stands beside the words, and whether it is a warning."""
    shown = comment["beside"]
    warnings = {
        "refuted": "careful: the mail domain {} says that this mail is not its own (DMARC)",
        "unclear": "who wrote this cannot be told for sure: {}",
        "resembles": "careful: the sender bears the name of {}, from another address",
    }
    for code, words in warnings.items():
        if code in shown:
            yield console.line_of(words.format(shown[code])), True
    if "repeats" in shown:
        yield f"says the same as comment {shown['repeats']}", False
    for code, words in (("reply_to", "asks for answers at"), ("also_to", "also addressed to")):
        if shown.get(code):
            yield console.line_of(f"{words} {', '.join(shown[code])}"), False


def _left_out(comment: Mapping[str, Any], *, whole: bool) -> list[tuple[str, str]]:
    """What was taken for quotation and signature: the words, or how much there is and how sure that is."""
    parts = [(name, comment[name]) for name in ("quoted", "signature") if comment[name]]
    if whole:
        return [line for name, text in parts for line in ((f"     {name}:", "dim"), *_indented(text))]
    counted = ", ".join(f"{name} {len(text.splitlines())} lines" for name, text in parts)
    sure = comment["beside"].get("confidence", 1.0)
    return [(f"     left out: {counted}" + (f" (certainty {sure})" if sure < 1 else ""), "dim")] if parts else []


def _comment(comment: Mapping[str, Any], now: datetime, *, whole: bool) -> list[tuple[str, str]]:
    mark = _MARKS.get((comment["kind"], comment["visibility"]), comment["kind"].upper())
    if comment["held_why"]:
        mark = f"{mark} ({comment['held_why']})"
    if comment["held"]:
        mark = f"{mark}, {held.fate(comment['held'])}" if comment["held"]["state"] != "waiting" else mark
    elif comment["withdrawn_at"]:
        mark = f"{mark} WITHDRAWN".strip()
    source = comment["mail"] or comment["source"]
    trust = f", sender {comment['trust']}" if comment["trust"] else ""
    head = f" {console.when(comment['at'])}  {console.line_of(comment['author'])}  comment {comment['id']}, {source}{trust}"
    lines = [(f"{head}  {mark}".rstrip(), "yellow" if mark else "bold")]
    lines += _indented(comment["text"])
    files = [f"{console.line_of(file['name'])} ({console.size_of(file['size'])})" for file in comment["files"]]
    lines += [(f"     files: {', '.join(files)}", "dim")] if files else []
    lines += [(f"     {line}", "yellow" if warns else "dim") for line, warns in _beside(comment)]
    lines += _left_out(comment, whole=whole)
    if comment["held"] and comment["held"]["state"] == "waiting":
        lines.append((f"     {held.who_may_publish(comment['held'], now)}", "dim"))
    return lines


def _indented(text: str) -> list[tuple[str, str]]:
    return [(textwrap.indent(console.block_of(text), "     "), "")] if text else []


def _mail(mail: Mapping[str, Any], now: datetime) -> str:
    stands = facts.outcome(
        mail["state"],
        due=mail["due"],
        tries=mail["tries"],
        answer=mail["answer"],
        settled_at=mail["settled_at"],
        reason=mail["hold_reason"],
        now=now,
    )
    return console.line_of(f"→ {mail['id']} {mail['mail']} to {mail['recipient']}: {stands}")


def _tint(mail: Mapping[str, Any]) -> str:
    return "red" if mail["state"] in {"bounced", "parked"} else "dim"
