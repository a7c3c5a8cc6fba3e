"""From a delivery to its draft: what the mail says now, in the reader's language, with the addresses that bring an answer home.

It is built when the mail leaves: it states the ticket as it is then, words that were taken back are gone, and a broken template parks
one delivery instead of refusing a customer's mail. The Message-ID and the Date are those of the delivery, so a resend is the same mail.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from gateway.desk.links import links_of
from gateway.desk.office import Office
from gateway.desk.wording import Scene, context_of
from gateway.domain.audience import TABLE, TO_AGENTS, Hearer, Mail, still_true
from gateway.domain.people import Address, Participant
from gateway.domain.ticket import StoredAttachment, Ticket, Visibility
from gateway.mail.signed.address import Purpose
from gateway.mail.write.compose import Draft, OutgoingFile
from gateway.mail.write.render import Renderer
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


NULL_SENDER = frozenset({Mail.GUARD_RETURNED})
"""Mails whose failure nobody needs to hear of: MAIL FROM is `<>` (ruling 9)."""

BY_CLOCK = frozenset({Mail.REMINDER, Mail.RESOLVE_WARNING})
"""Mails that are about how a ticket stood when they were written, and about nothing else."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail ready to be composed and sent."""

    mail_from: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class NothingToSay:
    """The delivery has no content left: its words were taken back before it left."""

    reason: str


def build(office: Office, renderer: Renderer, connection: Connection, delivery: Delivery) -> Envelope | NothingToSay:
    """The draft of a delivery. Raises what the templates raise; the caller parks the delivery then."""
    scene = _scene(office, connection, delivery)
    if isinstance(scene, NothingToSay):
        return scene
    context = delivery.context
    moved = context.get("new_status") == scene.ticket.status != context.get("old_status")
    if TABLE[scene.mail].mergeable and not scene.comments and not moved:
        return NothingToSay("taken back before it left")
    if scene.mail is Mail.SURVEY_REMINDER and not scene.links.survey:
        return NothingToSay("answered or taken back before it left")
    references = _thread(scene)
    files, names = _files(scene)
    rendered = renderer.render(scene.mail.value, delivery.language, context_of(scene, names, is_reply=bool(references), moved=moved))
    bounce = office.signed_address(scene.desk, Purpose.BOUNCE, subject=delivery.id, person=delivery.person_id or 0)
    if scene.mail in NULL_SENDER:
        bounce = ""
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
        list_unsubscribe=scene.links.unsubscribe,
        attachments=files,
    )
    return Envelope(bounce, draft)


def _scene(office: Office, connection: Connection, delivery: Delivery) -> Scene | NothingToSay:
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
    now_is = _now(mail, delivery, ticket, on_ticket, with_words=bool(said))
    if isinstance(now_is, NothingToSay):
        return now_is
    links = links_of(office, connection, now_is, ticket, person)
    return Scene(office, connection, delivery, now_is, office.desks[delivery.desk], ticket, person, on_ticket, tuple(said), links)


def _now(mail: Mail, delivery: Delivery, ticket: Ticket, on_ticket: tuple[Participant, ...], *, with_words: bool) -> Mail | NothingToSay:
    """What the mail is when it leaves: overtaken by a later move it is its words alone, and what its reader may not hear is not sent."""
    if TABLE[mail].mergeable:
        left = still_true(mail, told=delivery.context.get("new_status"), status=ticket.status, with_words=with_words)
        if left is None:
            return NothingToSay("overtaken by a later move")
        mail = left
    if mail in BY_CLOCK and ticket.status_since is not None and ticket.status_since >= delivery.created_at:
        return NothingToSay("overtaken by a later move")
    if TABLE[mail].hearers.isdisjoint({Hearer.REQUESTER, Hearer.PARTICIPANT}):
        return mail
    reader = next((p for p in on_ticket if p.person.id == delivery.person_id), None)
    if reader is None:
        return NothingToSay("not on the ticket any more")
    if reader.muted and not TABLE[mail].passes_mute:
        return NothingToSay("muted meanwhile")
    return mail


def _sender(scene: Scene) -> Address:
    context = scene.delivery.context
    # Nobody gets a mail from himself: an error or a receipt comes from the desk.
    actor = "" if context.get("actor_id") == scene.person.id else str(context.get("actor_name") or "")
    shown = f"{actor} ({scene.desk.name})" if actor and actor != "gateway" else scene.desk.name
    return Address(scene.desk.noreply if scene.guarded else scene.desk.address, shown)


def _reply_to(scene: Scene) -> str:
    """The signed address that an answer goes to (ruling 9)."""
    if scene.mail is Mail.AGENT_NOTE:
        purpose = Purpose.NOTE
    elif scene.to_agent:
        purpose = Purpose.AGENT
    else:
        purpose = Purpose.GUARD if scene.guarded else Purpose.REPLY
    return scene.office.signed_address(scene.desk, purpose, subject=scene.ticket.id, person=scene.person.id, epoch=scene.ticket.key_epoch)


def _thread(scene: Scene) -> tuple[str, ...]:
    """References, oldest first, the mail that this one answers last: only mails that the reader has."""
    earlier = outbox.thread(scene.connection, scene.ticket.id, scene.delivery.recipient, before=scene.delivery.id)
    theirs = tickets.mails_of(scene.connection, scene.ticket.id, scene.person.id)
    known = [*theirs[:1], *earlier[:1], *theirs[-1:], *earlier[-2:]]
    if scene.delivery.in_reply_to:
        known.append(scene.delivery.in_reply_to)
    last_first = dict.fromkeys(reversed(known))
    return tuple(reversed(last_first))


def _files(scene: Scene) -> tuple[tuple[OutgoingFile, ...], tuple[str, ...]]:
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
