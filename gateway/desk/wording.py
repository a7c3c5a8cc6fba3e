"""What one mail may show: its scene, and the values that its template finds (gateway.mail.write.render.MailContext).

It is asked when the mail leaves, so it states the ticket as it is then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.desk.comment import beside, left_out
from gateway.desk.links import Links
from gateway.desk.office import DeskRules, Office
from gateway.domain.audience import TO_AGENTS, Mail, is_automatic
from gateway.domain.guard import HELD_LIFE, guarded
from gateway.domain.people import Part, Participant, Person
from gateway.domain.ticket import Comment, Ticket
from gateway.domain.timing import due_on
from gateway.domain.workflow import Status
from gateway.mail.signed.link import LIFE, LinkPurpose
from gateway.mail.write.render import CommandProblem, MailContext
from gateway.store import outbox, tickets
from gateway.store.outbox import Delivery


@dataclass(frozen=True, slots=True)
class Scene:
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
    links: Links

    @property
    def to_agent(self) -> bool:
        """Whether an agent reads it."""
        return self.mail in TO_AGENTS

    @property
    def guarded(self) -> bool:
        """Whether it comes from the noreply address and asks not to be answered (SURFACE 1.4)."""
        return guarded(self.mail, self.office.policy.guard, with_words=bool(self.comments))

    @property
    def automatic(self) -> bool:
        """Whether no person wrote it."""
        return is_automatic(self.mail, with_words=bool(self.comments))

    @property
    def bare(self) -> bool:
        """The answer to an address that was never proved: not one word of its sender (CASES A2.2, ruling 10)."""
        return self.mail in {Mail.REQUEST_RECEIVED, Mail.NEW_REQUEST_FROM_OLD} and not self.delivery.context.get("verified")

    @property
    def requester(self) -> Person | None:
        """Who opened the ticket."""
        return next((p.person for p in self.participants if p.part is Part.REQUESTER), None)


def _status(scene: Scene, code: str | None) -> Status | None:
    return scene.office.workflow.statuses.get(code or "")


def context_of(scene: Scene, names: tuple[str, ...], *, is_reply: bool, moved: bool) -> MailContext:
    """All that the mail may show. `names` are its attachments, `moved` says that it tells of a move that still stands."""
    ticket, context = scene.ticket, scene.delivery.context
    old = context.get("old_status") if moved else None
    status, before = _status(scene, ticket.status), _status(scene, old)
    said = _said(scene)
    note = scene.mail is Mail.AGENT_NOTE
    reason, reason_name = _reason(scene)
    plain = MailContext(
        desk_name=scene.desk.name,
        ticket_key=str(ticket.key),
        summary=ticket.summary,
        resolution=ticket.resolution or "",
        status=ticket.status,
        status_labels=status.labels if status else {},
        old_status=old or "",
        old_status_labels=before.labels if before else {},
        question_withdrawn=moved and ticket.status == "in_progress" and before is not None and before.who_acts == "customer",
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
        decision=str(context.get("decision") or ""),
    )
    return _for_agents(scene, plain) if scene.to_agent else _for_customers(scene, plain)


def _for_customers(scene: Scene, plain: MailContext) -> MailContext:
    """With the links of the page, and what the clock has to say."""
    links, context, held = scene.links, scene.delivery.context, _returned(scene)
    return replace(
        plain,
        ticket_url=links.ticket,
        mute_url=links.mute,
        accept_url=links.accept,
        refuse_url=links.refuse,
        reopen_url=links.reopen,
        answer_url=links.answer,
        publish_url=links.publish,
        undo_url=links.undo,
        survey_urls=links.survey,
        closes_on=_closes_on(scene),
        resolves_on=_moment(context.get("resolves_on")),
        waiting_since=scene.ticket.status_since,
        days_waiting=int(context.get("days_waiting") or 0),
        asks_decision=scene.ticket.status == "waiting_approval",
        held_text=held.text if held else "",
        held_files=len(held.attachments) if held else 0,
        publish_until=scene.delivery.created_at + HELD_LIFE,
        undo_until=scene.delivery.created_at + LIFE[LinkPurpose.UNDO],
    )


def _for_agents(scene: Scene, plain: MailContext) -> MailContext:
    """With what only agents may read."""
    context, ticket, requester, held = scene.delivery.context, scene.ticket, scene.requester, _returned(scene)
    on_ticket = frozenset(address for one in scene.participants for address in one.person.addresses)
    return replace(
        plain,
        client_name=requester.name if requester else "",
        client_address=requester.address if requester else "",
        organisation=ticket.organisation or "",
        priority=ticket.priority.value,
        copies=max(len(scene.participants) - 1, 0),
        command_errors=_errors(context),
        can_force=bool(context.get("can_force")),
        returned_text=held.text if held else "",
        exchanges=_exchanges(scene),
        rating=int(context.get("rating") or 0),
        rating_comment=str(context.get("rating_comment") or ""),
        beside=tuple(one for comment in scene.comments for one in beside(comment, on_ticket)),
        left_out="\n\n".join(text for comment in scene.comments if (text := left_out(comment))),
        held_reason=str(context.get("held_reason") or ""),
        sender_address=scene.delivery.recipient if context.get("held_reason") else "",
        failed_address=str(context.get("failed_address") or ""),
        failed_at=_failed_at(scene),
        smtp_answer=str(context.get("smtp_answer") or ""),
        address_suspended=bool(context.get("address_suspended")),
    )


def _said(scene: Scene) -> str:
    """The words that the mail carries, with the desk's signature under those of an agent."""
    said = "\n\n".join(comment.text for comment in scene.comments)
    signed = said and scene.desk.signature and not scene.to_agent
    return f"{said}\n\n{scene.desk.signature.strip()}" if signed else said


def _errors(context: dict[str, object]) -> tuple[CommandProblem, ...]:
    errors = context.get("errors")
    if not isinstance(errors, list):
        return ()
    return tuple(CommandProblem(e["line_number"], e["line"], e["reason"], e["value"], tuple(e["nearest"])) for e in errors)


def _reason(scene: Scene) -> tuple[str, str]:
    """Why this person gets this mail: shown in its last lines."""
    if scene.to_agent:
        return ("why_assignee" if scene.ticket.assignee_id == scene.person.id else "why_agent"), ""
    return ("why_requester" if scene.ticket.requester_id == scene.person.id else "why_participant"), ""


def _last_exchange(scene: Scene) -> str:
    """What was said before, for a reader on a phone; nothing where the reader is not a participant for sure (bare M01)."""
    if scene.mail in {Mail.REQUEST_RECEIVED, Mail.NEW_REQUEST_FROM_OLD, Mail.AGENT_NEW_REQUEST} or not scene.comments:
        return ""
    before = tickets.last_public(scene.connection, scene.ticket.id, before=scene.comments[0].id)
    return before.text if before else ""


def _returned(scene: Scene) -> Comment | None:
    """The reader's own words, handed back to him; nobody else's."""
    comment_id = scene.delivery.context.get("returned_comment")
    found = tickets.comments(scene.connection, [comment_id]) if comment_id else []
    return found[0] if found and found[0].author_id == scene.person.id else None


def _exchanges(scene: Scene) -> tuple[tuple[str, str], ...]:
    """The last public words, for an agent who is given the ticket (A04)."""
    if scene.mail is not Mail.AGENT_ASSIGNED:
        return ()
    return tuple((said.author_name, said.text) for said in tickets.last_public_ones(scene.connection, scene.ticket.id, most=3))


def _closes_on(scene: Scene) -> datetime | None:
    """The day on which a resolved ticket closes by itself (T13), as it is announced."""
    rhythm, since = scene.office.policy.rhythm, scene.ticket.status_since
    announced = scene.mail is Mail.RESOLVED and scene.ticket.status == "resolved" and rhythm.close_after > 0
    return due_on(since, rhythm.close_after, rhythm) if announced and since is not None else None


def _moment(stored: object) -> datetime | None:
    return datetime.fromisoformat(stored) if isinstance(stored, str) else None


def _failed_at(scene: Scene) -> datetime | None:
    failed = scene.delivery.context.get("failed_delivery")
    row = outbox.get(scene.connection, failed) if failed else None
    moment: datetime | None = row.created_at if row else None
    return moment
