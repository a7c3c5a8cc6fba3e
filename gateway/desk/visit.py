"""Who comes in by a link or its cookie, and what he sees of the one ticket that it is about.

A link opens a ticket only while its person takes part in it, its epochs are those of today and its time is not over; everything else is the
same closed door (CASES D, A4.4-A4.9). Nothing here writes, but the mail with a new link, which a form asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from gateway.desk import tell
from gateway.desk.office import DeskRules, Office, Story
from gateway.domain.audience import Mail
from gateway.domain.guard import HELD_LIFE
from gateway.domain.people import Part, Person, Role
from gateway.domain.ticket import Ticket, TicketKey
from gateway.domain.workflow import Actor, Rule, Status, moves
from gateway.mail.read.html import sanitise
from gateway.mail.signed.link import LIFE, Expired, Forged, Link, LinkPurpose, read_link, same_epoch
from gateway.store import outbox, people, surveys, tickets, visible

SESSION_LIFE = LIFE[LinkPurpose.SESSION]

SHOWN = 200
"""Comments, and status changes, of a ticket that the page shows, the newest ones."""

LINKS_PER_HOUR = 3
"""Mails with a new link to one person in an hour (CASES A2.3)."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who may see this ticket now."""

    person: Person
    ticket: Ticket
    desk: DeskRules
    muted: bool
    is_requester: bool


@dataclass(frozen=True, slots=True)
class Late:
    """A link that we made for somebody who may still see the ticket, and whose time is over."""

    person: Person
    ticket: Ticket
    desk: DeskRules


@dataclass(frozen=True, slots=True)
class NoEntry:
    """Forged, revoked, of another purpose, or for a ticket that he may not see: all the same from outside."""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a comment."""

    id: int
    filename: str
    content_type: str
    size: int
    inline: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A public comment. `mine`: the visitor wrote it; `team`: an agent did."""

    id: int
    author: str
    mine: bool
    team: bool
    text: str
    at: datetime
    files: tuple[FileView, ...]
    has_html: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A status change. `actor` is "" for the clock; `resolution` a word of RESOLUTIONS or ""."""

    at: datetime
    status: str
    actor: str
    resolution: str


@dataclass(frozen=True, slots=True)
class HeldReply:
    """What the visitor wrote in answer to a guarded mail; he may publish it until then."""

    id: int
    text: str
    at: datetime
    until: datetime
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """A survey of the visitor's that takes an answer."""

    token: str
    rating: int | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TicketPage:
    """What the page of a ticket shows to this visitor. `entries` are newest first; `people` are (name, whether he opened it)."""

    visitor: Visitor
    status: Status
    answer_required: bool
    moves: tuple[Rule, ...]
    question: Said | None
    entries: tuple[Said | Changed, ...]
    people: tuple[tuple[str, bool], ...]
    held: tuple[HeldReply, ...]
    survey: OpenSurvey | None
    goes_on_in: str | None
    undeliverable: bool


def by_link(office: Office, token: str, purpose: LinkPurpose) -> Visitor | Late | NoEntry:
    """Who holds this link; `purpose` is what the address that he called serves."""
    link = read_link(office.signer, token, purpose, now=office.now())
    if isinstance(link, Forged):
        return NoEntry()
    with office.store.read() as connection:
        found = _visitor(office, connection, link.link if isinstance(link, Expired) else link)
    if isinstance(link, Expired) and isinstance(found, Visitor):
        return Late(found.person, found.ticket, found.desk)
    return found


def by_session(office: Office, cookie: str, key: str) -> Visitor | NoEntry:
    """Who holds this cookie of the ticket called `key`."""
    parsed = TicketKey.parse(key)
    link = read_link(office.signer, cookie, LinkPurpose.SESSION, now=office.now())
    if parsed is None or not isinstance(link, Link):
        return NoEntry()
    with office.store.read() as connection:
        found = _visitor(office, connection, link)
    return found if isinstance(found, Visitor) and found.ticket.key == parsed else NoEntry()


def session(office: Office, visitor: Visitor) -> str:
    """The cookie of a browser that came in by a link: for this ticket, stateless, for SESSION_LIFE."""
    return office.link(LinkPurpose.SESSION, visitor.ticket, visitor.person)


def _visitor(office: Office, connection: Connection, link: Link) -> Visitor | NoEntry:
    person = people.by_ids(connection, [link.person]).get(link.person)
    ticket = visible.ticket(connection, link.person, ticket_id=link.subject)
    if person is None or ticket is None or ticket.desk not in office.desks:
        return NoEntry()
    if not same_epoch(link.ticket_epoch, ticket.key_epoch) or not same_epoch(link.person_epoch, person.key_epoch):
        return NoEntry()
    part = next((p for p in tickets.participants(connection, ticket.id) if p.person.id == person.id), None)
    if part is None:
        return NoEntry()
    return Visitor(person, ticket, office.desks[ticket.desk], part.muted, part.part is Part.REQUESTER)


def page(office: Office, visitor: Visitor) -> TicketPage:
    """Everything that the page shows, in one reading transaction."""
    person, now = visitor.person, office.now()
    with office.store.read() as connection:
        ticket = visible.ticket(connection, person.id, ticket_id=visitor.ticket.id) or visitor.ticket
        said = _said(connection, person, ticket)
        on_it = tickets.participants(connection, ticket.id)
        asked = surveys.open_of(connection, ticket.id, person.id, now=now)
        goes_on = visible.ticket(connection, person.id, ticket_id=ticket.merged_into) if ticket.merged_into is not None else None
        held = _held(connection, person, ticket, now)
        changes = _changes(connection, person, ticket)
        undeliverable = people.undeliverable(connection, person.address)
    status = office.workflow.statuses.get(ticket.status) or Status(ticket.status, {}, "team", "grey")
    required = status.who_acts == "customer"
    link = office.signer, LinkPurpose.SURVEY
    return TicketPage(
        visitor=visitor,
        status=status,
        answer_required=required,
        moves=moves(office.workflow, ticket.status, Actor.CUSTOMER) if ticket.merged_into is None else (),
        question=next((one for one in said if one.team), None) if required else None,
        entries=tuple(sorted((*said, *changes), key=lambda one: one.at, reverse=True)),
        people=tuple((p.person.name, p.part is Part.REQUESTER) for p in on_it),
        held=held,
        survey=OpenSurvey(office.link(link[1], ticket, person, subject=asked.id), asked.rating, asked.expires_at) if asked else None,
        goes_on_in=str(goes_on.key) if goes_on else None,
        undeliverable=undeliverable,
    )


def _said(connection: Connection, person: Person, ticket: Ticket) -> list[Said]:
    rows = visible.comments(connection, person.id, ticket.id, limit=SHOWN)
    files = _files(connection, [row.id for row in rows])
    return [
        Said(
            id=row.id,
            author=row.author_name,
            mine=row.author_id == person.id,
            team=bool(row.by_agent) and row.author_id != ticket.requester_id,
            text=row.text,
            at=row.created_at,
            files=files.get(row.id, ()),
            has_html=bool(row.html),
        )
        for row in rows
    ]


def _files(connection: Connection, comment_ids: list[int]) -> dict[int, tuple[FileView, ...]]:
    found: dict[int, tuple[FileView, ...]] = {}
    for row in visible.files(connection, comment_ids) if comment_ids else ():
        view = FileView(row.id, row.filename, row.content_type, row.size, row.inline)
        found[row.comment_id] = (*found.get(row.comment_id, ()), view)
    return found


def _changes(connection: Connection, person: Person, ticket: Ticket) -> list[Changed]:
    rows = visible.changes(connection, person.id, ticket.id, limit=SHOWN)
    return [
        Changed(
            at=row.at,
            status=str(row.data["new"]),
            actor=row.actor_name or "",
            resolution=str(row.data.get("resolution") or ""),
        )
        for row in rows
    ]


def _held(connection: Connection, person: Person, ticket: Ticket, now: datetime) -> tuple[HeldReply, ...]:
    rows = visible.held(connection, person.id, ticket.id, since=now - HELD_LIFE)
    files = _files(connection, [row.id for row in rows])
    return tuple(HeldReply(row.id, row.text, row.created_at, row.created_at + HELD_LIFE, files.get(row.id, ())) for row in rows)


def file(office: Office, visitor: Visitor, attachment_id: int) -> tuple[FileView, bytes] | None:
    """A file of the ticket with its bytes, if the visitor may have it."""
    with office.store.read() as connection:
        row = visible.file(connection, visitor.person.id, visitor.ticket.id, attachment_id)
        if row is None:
            return None
        view = FileView(row.id, row.filename, row.content_type, row.size, row.inline)
        return view, office.blobs.read(connection, row.sha256)


def original_html(office: Office, visitor: Visitor, comment_id: int, image_url: Callable[[int], str]) -> str | None:
    """A comment as its author's mail program wrote it, made safe (ruling 19); its inline images are at `image_url(file's id)`."""
    with office.store.read() as connection:
        row = visible.comment(connection, visitor.person.id, visitor.ticket.id, comment_id)
        if row is None or not row.html:
            return None
        files = visible.files(connection, [comment_id])
    return sanitise(row.html, {one.content_id: image_url(one.id) for one in files if one.content_id})


def send_link(office: Office, who: Visitor | Late) -> None:
    """Mail a new link to somebody who had one."""
    _mail_link(office, who.ticket, who.person)


def ask_link(office: Office, key: str, address: str) -> None:
    """Mail a new link to this address, if it belongs to somebody who takes part in that ticket. From outside nothing tells whether."""
    parsed = TicketKey.parse(key)
    if parsed is None:
        return
    with office.store.read() as connection:
        person = people.by_address(connection, address.strip().lower())
        ticket = visible.ticket(connection, person.id, key=parsed) if person else None
    if person is not None and ticket is not None:
        _mail_link(office, ticket, person)


def _mail_link(office: Office, ticket: Ticket, person: Person) -> None:
    """To the address on record, whatever was typed; a few in an hour at most."""
    desk = office.desks.get(ticket.desk)
    if desk is None or (person.role is Role.AGENT and ticket.requester_id != person.id):
        return
    with office.store.write() as connection:
        now = office.now()
        sent = outbox.count_to(connection, person.address, Mail.VIEW_LINK.value, since=now - timedelta(hours=1))
        if sent < LINKS_PER_HOUR:
            tell.one(Story(office, connection, desk, now, "page"), ticket, person, Mail.VIEW_LINK, tell.News())
