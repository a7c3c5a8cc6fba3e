"""Turns what happened into deliveries, on the story's own connection: if the change stands, its mails stand, and not otherwise.

Who is told is decided by `gateway.domain.audience`, what may be answered automatically by `gateway.domain.guard`; here it is looked up and
written down, each silence with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from gateway.desk.office import Story
from gateway.domain import audience, guard
from gateway.domain.audience import Mail, Notification, Notify
from gateway.domain.events import NotificationSkipped
from gateway.domain.people import Person
from gateway.domain.ticket import Ticket
from gateway.store import events, outbox, tickets


@dataclass(frozen=True, slots=True)
class Cause:
    """The mail that an automatic answer would answer: what the brakes ask about it."""

    address: str
    message_id: str | None
    sent_at: datetime | None
    never_answer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What one action has to say on a ticket; all of it may travel in one mail."""

    actor_id: int | None = None
    actor_name: str = ""
    by_agent: bool = False
    """An agent wants it told: no brake for machines holds him back."""
    comments: tuple[int, ...] = ()
    old_status: str | None = None
    new_status: str | None = None
    extra: Mapping[str, Any] | None = None

    def context(self) -> dict[str, Any]:
        """As it is stored with the delivery."""
        found: dict[str, Any] = {"actor_id": self.actor_id, "actor_name": self.actor_name, "comments": list(self.comments)}
        if self.new_status is not None:
            found |= {"old_status": self.old_status, "new_status": self.new_status}
        return found | dict(self.extra or {})


def answer(story: Story, ticket: Ticket, person: Person, mail: Mail, cause: Cause, extra: Mapping[str, Any]) -> None:
    """An automatic answer to somebody's own mail (M01, M05-bis, M11, M12, M25), if no brake holds (CASES A2.2-A2.8)."""
    decision = _brakes(story, mail, cause)
    if isinstance(decision, guard.Silence):
        skipped = NotificationSkipped(mail.value, person.id, decision.reason)
        events.add(story.connection, [skipped], ticket_id=ticket.id, actor_id=None, now=story.now, intake_id=story.intake_id)
        return
    # The answer goes to the address that wrote, which need not be the one where notifications go.
    delivery = _delivery(story, ticket, person, mail, News(extra=extra))
    outbox.enqueue(
        story.connection,
        [replace(delivery, recipient=cause.address, in_reply_to=cause.message_id, is_answer=True)],
        now=story.now,
    )


def participants(story: Story, ticket: Ticket, mail: Mail, news: News, *, already_have_it: frozenset[int] = frozenset()) -> int:
    """Tell the ticket's participants. How many are written to."""
    heard = audience.participants_hear(
        mail,
        tickets.participants(story.connection, ticket.id),
        actor_id=news.actor_id,
        already_have_it=already_have_it,
    )
    return _write(story, ticket, heard, news)


def team(story: Story, ticket: Ticket, mail: Mail, news: News) -> int:
    """Tell the agents that this concerns. How many are written to."""
    agents = story.office.team(story.connection, story.desk)
    heard = audience.agents_hear(mail, agents, assignee_id=ticket.assignee_id, actor_id=news.actor_id)
    return _write(story, ticket, heard, news)


def one(story: Story, ticket: Ticket, person: Person, mail: Mail, news: News, *, in_reply_to: str | None = None) -> None:
    """A mail to one person: a receipt, an error, an assignment."""
    if story.silent:
        return
    delivery = _delivery(story, ticket, person, mail, news)
    _enqueue(story, [replace(delivery, in_reply_to=in_reply_to)])


def _write(story: Story, ticket: Ticket, heard: Iterable[Notification], news: News) -> int:
    if story.silent:
        return 0
    fresh: list[outbox.NewDelivery] = []
    skipped: list[NotificationSkipped] = []
    told = 0
    many = outbox.talked_to(story.connection, ticket.id, since=story.now - guard.TALK_WINDOW, least=guard.TALK_COUNT)
    for notification in heard:
        person, mail = notification.person, notification.mail
        if not isinstance(notification, Notify):
            skipped.append(NotificationSkipped(mail.value, person.id, notification.reason))
        elif story.office.is_ours(person.address):
            skipped.append(NotificationSkipped(mail.value, person.id, "own-address"))
        elif person.address in many and (mail in audience.TO_AGENTS or not news.by_agent):
            skipped.append(NotificationSkipped(mail.value, person.id, "too-many-on-ticket"))
        else:
            told += 1
            if not _merged(story, ticket, person, mail, news):
                fresh.append(_delivery(story, ticket, person, mail, news))
    _enqueue(story, fresh)
    events.add(story.connection, skipped, ticket_id=ticket.id, actor_id=news.actor_id, now=story.now, intake_id=story.intake_id)
    return told


def _enqueue(story: Story, deliveries: list[outbox.NewDelivery]) -> None:
    ours = [d for d in deliveries if story.office.is_ours(d.recipient)]
    outbox.enqueue(story.connection, [d for d in deliveries if d not in ours], now=story.now)
    skipped = [NotificationSkipped(d.mail, d.person_id, "own-address") for d in ours]
    events.add(story.connection, skipped, ticket_id=None, actor_id=None, now=story.now, intake_id=story.intake_id)


def _delivery(story: Story, ticket: Ticket, person: Person, mail: Mail, news: News) -> outbox.NewDelivery:
    merges = audience.TABLE[mail].mergeable
    return outbox.NewDelivery(
        desk=story.desk.prefix,
        ticket_id=ticket.id,
        person_id=person.id,
        recipient=person.address,
        mail=mail.value,
        language=person.language,
        due=story.now + (_window(story) if merges else timedelta()),
        message_id=story.office.message_id(mail.value, str(ticket.key)),
        context=news.context(),
        merge_key=f"{ticket.id}:{person.id}" if merges else None,
        intake_id=story.intake_id,
    )


def _window(story: Story) -> timedelta:
    """The merge window; an agent's undo delay runs inside it (ruling 3)."""
    return max(story.office.policy.merge_window, story.office.policy.undo)


def _merged(story: Story, ticket: Ticket, person: Person, mail: Mail, news: News) -> bool:
    """Let a mail that still waits carry this news too, when the same person caused both: then it is one action in two steps (R-152)."""
    if not audience.TABLE[mail].mergeable:
        return False
    waiting = outbox.mergeable(story.connection, f"{ticket.id}:{person.id}")
    if waiting is None or waiting.context.get("actor_id") != news.actor_id:
        return False
    context = dict(waiting.context)
    # What the first move said is no longer so after the second; its words remain.
    before = Mail(waiting.mail) if news.new_status is None else Mail.COMMENT if context.get("comments") else None
    context["comments"] = [*context.get("comments", ()), *news.comments]
    if news.new_status is not None:
        context.setdefault("old_status", news.old_status)
        context["new_status"] = news.new_status
    context["merged"] = [*context.get("merged", ()), story.intake_id]
    outbox.merge(
        story.connection,
        waiting.id,
        mail=audience.strongest((before, mail) if before is not None else (mail,)).value,
        # Long enough for the newer part to be taken back, never further off than the window.
        due=max(waiting.due, story.now + story.office.policy.undo),
        context=context,
        in_reply_to=waiting.in_reply_to,
    )
    return True


def _brakes(story: Story, mail: Mail, cause: Cause) -> guard.Answer | guard.Silence:
    connection, now = story.connection, story.now
    known = outbox.answered(
        connection,
        cause.address,
        mail.value,
        window=now - guard.FLOOD_WINDOW,
        day=now - timedelta(days=1),
        most=guard.FLOOD_COUNT,
    )
    # The mail in hand has no sender in the ledger yet: it counts too.
    floods = known.mails_in_window + 1 > guard.FLOOD_COUNT
    if floods:
        outbox.brake(connection, cause.address, until=now + guard.FLOOD_SILENCE, why="flood")
    flooded = floods or (known.braked_until is not None and known.braked_until > now)
    never = cause.never_answer or (("own-address",) if story.office.is_ours(cause.address) else ())
    return guard.may_answer(
        now=now,
        sent_at=cause.sent_at,
        silent=story.silent,
        undeliverable=known.undeliverable,
        never_answer=never,
        is_acknowledgement=mail is Mail.REQUEST_RECEIVED,
        history=guard.History(known.answers_today, known.last_of_kind, flooded=flooded),
        limits=story.office.policy.limits,
    )
