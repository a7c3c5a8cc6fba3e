"""From a delivery to its draft: what the mail says now, in the reader's language, with the addresses that bring an answer home.

It is built when the mail leaves: it states the ticket as it is then, words that were taken back are gone, and a broken template parks
one delivery instead of refusing a customer's mail. The Message-ID and the Date are those of the delivery, so a resend is the same mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.desk.office import DeskRules, Office
from gateway.domain.audience import GUARDED, STRENGTH, TO_AGENTS, Mail, is_automatic
from gateway.domain.people import Address, Part, Participant, Person
from gateway.domain.ticket import Comment, StoredAttachment, Ticket, Visibility
from gateway.domain.workflow import Status
from gateway.mail.address import Purpose
from gateway.mail.compose import Draft, OutgoingFile
from gateway.mail.render import CommandProblem, MailContext, Renderer
from gateway.store import outbox, people, tickets
from gateway.store.outbox import Delivery

NEVER_SENT_ON = (
    ".exe",
    ".com",
    ".scr",
    ".bat",
    ".cmd",
    ".js",
    ".jse",
    ".vbs",
    ".vbe",
    ".ps1",
    ".msi",
    ".hta",
    ".lnk",
    ".jar",
    ".cpl",
    ".pif",
    ".iso",
)
"""File types that are named and never passed on (CASES A2.13)."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail ready to be composed and sent."""

    mail_from: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class NothingToSay:
    """The delivery has no content left: its words were taken back before it left."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Scene:
    """What one draft is made from."""

    office: Office
    connection: Connection
    delivery: Delivery
    mail: Mail
    desk: DeskRules
    ticket: Ticket
    person: Person
    participants: tuple[Participant, ...]
    comments: tuple[Comment, ...]

    @property
    def to_agent(self) -> bool:
        return self.mail in TO_AGENTS

    @property
    def guarded(self) -> bool:
        """A mail that carries a person's words may be answered, whatever else it says."""
        return self.mail in GUARDED and not self.comments

    @property
    def automatic(self) -> bool:
        return is_automatic(self.mail, with_words=bool(self.comments))

    @property
    def bare(self) -> bool:
        """The answer to an address that was never proved: not one word of its sender (CASES A2.2, ruling 10)."""
        return self.mail in {Mail.REQUEST_RECEIVED, Mail.NEW_REQUEST_FROM_OLD} and not self.delivery.context.get("verified")

    @property
    def requester(self) -> Person | None:
        return next((p.person for p in self.participants if p.part is Part.REQUESTER), None)


def build(office: Office, renderer: Renderer, connection: Connection, delivery: Delivery) -> Envelope | NothingToSay:
    """The draft of a delivery. Raises what the templates raise; the caller parks the delivery then."""
    scene = _scene(office, connection, delivery)
    if isinstance(scene, NothingToSay):
        return scene
    context = delivery.context
    moved = context.get("new_status") is not None and context.get("old_status") != scene.ticket.status
    if scene.mail in STRENGTH and not scene.comments and not moved:
        return NothingToSay("taken back before it left")
    references = _thread(scene)
    files, names = _files(scene)
    rendered = renderer.render(scene.mail.value, delivery.language, _context(scene, names, is_reply=bool(references), moved=moved))
    bounce = office.signed_address(scene.desk, Purpose.BOUNCE, subject=delivery.id, person=delivery.person_id or 0)
    draft = Draft(
        sender=_sender(scene),
        to=Address(delivery.recipient, "" if scene.bare else scene.person.name),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=delivery.message_id,
        date=delivery.created_at,
        reply_to=_reply_to(scene),
        in_reply_to=references[-1] if references else None,
        references=references,
        auto_submitted=("auto-replied" if delivery.in_reply_to else "auto-generated") if scene.automatic else None,
        language=delivery.language,
        loop=office.signer.loop_mark(office.instance),
        suppress_responses=scene.automatic,
        attachments=files,
    )
    return Envelope(bounce, draft)


def _scene(office: Office, connection: Connection, delivery: Delivery) -> _Scene | NothingToSay:
    mail = Mail(delivery.mail)
    ticket = tickets.get(connection, delivery.ticket_id) if delivery.ticket_id is not None else None
    person = people.by_ids(connection, [delivery.person_id or 0]).get(delivery.person_id or 0)
    if ticket is None or person is None:
        return NothingToSay("its ticket or person is gone")
    said = tickets.comments(connection, delivery.context.get("comments", ()))
    if mail not in TO_AGENTS:
        # A note must never reach a customer, whatever else goes wrong (CASES A2.9).
        said = [comment for comment in said if comment.visibility is Visibility.PUBLIC]
    on_ticket = tickets.participants(connection, ticket.id)
    return _Scene(office, connection, delivery, mail, office.desks[delivery.desk], ticket, person, on_ticket, tuple(said))


def _sender(scene: _Scene) -> Address:
    context = scene.delivery.context
    # Nobody gets a mail from himself: an error or a receipt comes from the desk.
    actor = "" if context.get("actor_id") == scene.person.id else str(context.get("actor_name") or "")
    shown = f"{actor} ({scene.desk.name})" if actor and actor != "gateway" else scene.desk.name
    return Address(scene.desk.noreply if scene.guarded else scene.desk.address, shown)


def _reply_to(scene: _Scene) -> str:
    """The signed address that an answer goes to (ruling 9)."""
    if scene.mail is Mail.AGENT_NOTE:
        purpose = Purpose.NOTE
    elif scene.to_agent:
        purpose = Purpose.AGENT
    else:
        purpose = Purpose.GUARD if scene.guarded else Purpose.REPLY
    return scene.office.signed_address(scene.desk, purpose, subject=scene.ticket.id, person=scene.person.id, epoch=scene.ticket.key_epoch)


def _thread(scene: _Scene) -> tuple[str, ...]:
    """References, oldest first, the mail that this one answers last: only mails that the reader has."""
    earlier = outbox.thread(scene.connection, scene.ticket.id, scene.delivery.recipient, before=scene.delivery.id)
    theirs = tickets.mails_of(scene.connection, scene.ticket.id, scene.person.id)
    known = [*theirs[:1], *earlier[:1], *theirs[-1:], *earlier[-2:]]
    if scene.delivery.in_reply_to:
        known.append(scene.delivery.in_reply_to)
    last_first = dict.fromkeys(reversed(known))
    return tuple(reversed(last_first))


def _files(scene: _Scene) -> tuple[tuple[OutgoingFile, ...], tuple[str, ...]]:
    """The attachments that go along, and the names of all."""
    found: list[OutgoingFile] = []
    room = scene.office.policy.attachments_limit
    stored = [file for comment in scene.comments for file in comment.attachments]
    for file in stored:
        if file.size <= room and not _unsafe(file):
            content = scene.office.blobs.read(scene.connection, file.sha256)
            found.append(OutgoingFile(file.filename, file.content_type, content))
            room -= file.size
    return tuple(found), tuple(file.filename for file in stored)


def _unsafe(file: StoredAttachment) -> bool:
    return file.filename.lower().rstrip(". ").endswith(NEVER_SENT_ON)


def _status(scene: _Scene, code: str | None) -> Status | None:
    return scene.office.workflow.statuses.get(code or "")


def _context(scene: _Scene, names: tuple[str, ...], *, is_reply: bool, moved: bool) -> MailContext:
    delivery, ticket = scene.delivery, scene.ticket
    context = delivery.context
    said = "\n\n".join(comment.text for comment in scene.comments)
    if said and scene.desk.signature and not scene.to_agent:
        said = f"{said}\n\n{scene.desk.signature.strip()}"
    note = scene.mail is Mail.AGENT_NOTE
    old = context.get("old_status") if moved else None
    status, before = _status(scene, ticket.status), _status(scene, old)
    requester = scene.requester
    reason, reason_name = _reason(scene)
    return MailContext(
        desk_name=scene.desk.name,
        ticket_key=str(ticket.key),
        summary=ticket.summary,
        status=ticket.status,
        status_labels=status.labels if status else {},
        old_status=old or "",
        old_status_labels=before.labels if before else {},
        actor_name=str(context.get("actor_name") or ""),
        recipient_first_name=scene.person.name.split(" ")[0] if "@" not in scene.person.name else "",
        comment_text="" if note else said,
        note_text=said if note else "",
        attachment_names=names,
        last_exchange=_last_exchange(scene),
        reason=reason,
        reason_name=reason_name,
        answerable=not scene.guarded,
        guarded=scene.guarded,
        verified=bool(context.get("verified")),
        is_reply=is_reply,
        asks_for_screenshot=bool(context.get("asks_for_screenshot")),
        reopen_days=scene.office.policy.reopen_days,
        old_key=str(context.get("old_key") or ""),
        client_name=requester.name if requester else "",
        client_address=requester.address if requester else "",
        organisation=ticket.organisation or "",
        priority=ticket.priority.value,
        copies=max(len(scene.participants) - 1, 0),
        command_errors=_errors(context),
        can_force=bool(context.get("can_force")),
        returned_text=_returned(scene),
        held_reason=str(context.get("held_reason") or ""),
        sender_address=delivery.recipient if context.get("held_reason") else "",
        failed_address=str(context.get("failed_address") or ""),
        failed_at=_failed_at(scene),
        smtp_answer=str(context.get("smtp_answer") or ""),
        address_suspended=bool(context.get("address_suspended")),
    )


def _errors(context: dict[str, object]) -> tuple[CommandProblem, ...]:
    errors = context.get("errors")
    if not isinstance(errors, list):
        return ()
    return tuple(CommandProblem(e["line_number"], e["line"], e["reason"], e["value"], tuple(e["nearest"])) for e in errors)


def _reason(scene: _Scene) -> tuple[str, str]:
    """Why this person gets this mail: shown in its last lines."""
    if scene.to_agent:
        return ("why_assignee" if scene.ticket.assignee_id == scene.person.id else "why_agent"), ""
    return ("why_requester" if scene.ticket.requester_id == scene.person.id else "why_participant"), ""


def _last_exchange(scene: _Scene) -> str:
    """What was said before, for a reader on a phone; nothing where the reader is not a participant for sure (bare M01)."""
    if scene.mail in {Mail.REQUEST_RECEIVED, Mail.NEW_REQUEST_FROM_OLD, Mail.AGENT_NEW_REQUEST} or not scene.comments:
        return ""
    before = tickets.last_public(scene.connection, scene.ticket.id, before=scene.comments[0].id)
    return before.text if before else ""


def _returned(scene: _Scene) -> str:
    """The agent's own words, handed back to him."""
    comment_id = scene.delivery.context.get("returned_comment")
    found = tickets.comments(scene.connection, [comment_id]) if comment_id else []
    return found[0].text if found and found[0].author_id == scene.person.id else ""


def _failed_at(scene: _Scene) -> datetime | None:
    failed = scene.delivery.context.get("failed_delivery")
    row = outbox.get(scene.connection, failed) if failed else None
    moment: datetime | None = row.created_at if row else None
    return moment
