"""What a participant does to his ticket, by mail or on the page: comment, answer, accept, refuse, reopen, mute.

A mail and a form end in the same function (`says`), so that neither can do what the other may not (CASES A1.18). A form is judged by the
status that its reader saw: if the ticket has moved since, nothing is written and he is told where it stands now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.desk import survey, tell
from gateway.desk.act import set_status
from gateway.desk.files import OfferedFile, stored
from gateway.desk.office import Office, Story
from gateway.desk.visit import Visitor
from gateway.domain import workflow
from gateway.domain.audience import Mail
from gateway.domain.events import CommentAdded, Event, Muted, StatusChanged
from gateway.domain.people import Person
from gateway.domain.ticket import Ticket, Visibility
from gateway.domain.workflow import Actor, Keep, Moved, Refused
from gateway.mail.signed.link import LIFE, LinkPurpose
from gateway.store import events, tickets
from gateway.store.tickets import NewComment

DECISIONS = {"accept": "accepted", "refuse": "refused", "reopen-by-customer": "reopened"}
"""The words of the moves that are a customer's decision, and what he did."""

TEAM_MAILS = {"A02": Mail.AGENT_CLIENT_REPLIED, "A03": Mail.AGENT_CLIENT_DECIDED}
"""The codes that `team_mail` of config/workflow.toml may name."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for. `word` is the word of a move; `seen_status` the status that its reader saw ("" when he saw none)."""

    text: str = ""
    files: tuple[OfferedFile, ...] = ()
    word: str | None = None
    seen_status: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""

    ticket: Ticket
    comment_id: int | None
    moved: bool


@dataclass(frozen=True, slots=True)
class Double:
    """This form had its effect already; nothing was done again."""


@dataclass(frozen=True, slots=True)
class Stale:
    """The ticket has changed meanwhile: it is in `status`, from where the move does not lead. Nothing was written."""

    status: str


@dataclass(frozen=True, slots=True)
class NeedsWords:
    """The move needs a comment (T09, T14)."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Neither words nor files nor a move."""


def on_page(office: Office, visitor: Visitor, wish: Wish, post_key: str) -> Done | Double | Stale | NeedsWords | Nothing:
    """A form of the page, whole or not at all. `post_key` is the random key that the form was shown with."""
    if not wish.text.strip() and not wish.files and wish.word is None:
        return Nothing()
    with office.store.read() as connection:  # a form that will be refused must not fill the disk with its files
        refused = _refusal(Story(office, connection, visitor.desk, office.now(), "page"), visitor, wish, post_key)
    if refused is not None:
        return refused
    ready = stored(office, wish.files)
    with office.store.write() as connection:
        tickets.lock(connection, visitor.ticket.id)
        story = Story(office, connection, visitor.desk, office.now(), "page")
        refused = _refusal(story, visitor, wish, post_key)
        if refused is not None:
            return refused
        ticket = tickets.get(connection, visitor.ticket.id)
        assert ticket is not None
        effect = _effect(story, ticket, wish)
        assert isinstance(effect, Moved | Keep)
        if not tickets.take_post(connection, post_key, ticket_id=ticket.id, person_id=visitor.person.id, now=story.now):
            return Double()
        office.blobs.insert(connection, ready.blobs, story.now)
        comment = None
        if wish.text.strip() or wish.files:
            comment = NewComment(
                ticket_id=ticket.id,
                author_id=visitor.person.id,
                author_name=visitor.person.name,
                visibility=Visibility.PUBLIC,
                text=wish.text.strip() or "📎",
                source="page",
                attachments=ready.files,
            )
        return says(story, ticket, visitor.person, [comment] if comment else [], effect)


def _refusal(story: Story, visitor: Visitor, wish: Wish, post_key: str) -> Double | Stale | NeedsWords | None:
    """Why the form has no effect; None where it has one."""
    connection, ticket = story.connection, tickets.get(story.connection, visitor.ticket.id)
    if tickets.knows_post(connection, post_key):
        return Double()
    if ticket is None or ticket.merged_into is not None or visitor.person.id not in tickets.participant_ids(connection, ticket.id):
        return Stale(ticket.status if ticket else "")
    effect = _effect(story, ticket, wish)
    return effect if isinstance(effect, Stale | NeedsWords) else None


def _effect(story: Story, ticket: Ticket, wish: Wish) -> Moved | Keep | Stale | NeedsWords:
    """What the form does to the status: the move that it names, or what a plain comment means (T06, T22)."""
    rules, has_words = story.office.workflow, bool(wish.text.strip() or wish.files)
    if wish.word is None:
        # On the page a comment on a settled ticket stays a comment: the button beside it reopens (ruling 7).
        rule = next((r for r in workflow.moves(rules, ticket.status, Actor.CUSTOMER) if ticket.status in r.on_reply), None)
        here = rules.statuses.get(ticket.status)
        return Keep(ticket.status) if rule is None or here is None or here.settled else workflow.moved(rule, ticket.status)
    rule = next((r for r in workflow.moves(rules, ticket.status, Actor.CUSTOMER) if r.word == wish.word), None)
    if rule is None or (wish.seen_status and wish.seen_status != ticket.status):
        return Stale(ticket.status)
    judged = workflow.decide(rules, status=ticket.status, target=rule.target, actor=Actor.CUSTOMER, has_comment=has_words)
    if isinstance(judged, Refused):
        return NeedsWords() if judged.reason == "comment-required" else Stale(ticket.status)
    return judged


def says(
    story: Story,
    ticket: Ticket,
    person: Person,
    comments: Sequence[NewComment],
    effect: Moved | Keep,
    *,
    wakes_others: bool = True,
    by_mail: bool = False,
) -> Done:
    """Write what a participant says and does, and tell of it: the one place where a customer changes a ticket.

    `wakes_others` is False for what a machine wrote: the team hears of it, the other participants don't (ruling 1). The files' blobs
    are in. `by_mail` marks a decision that stands in a mail's words.
    """
    ids = tuple(tickets.add_comment(story.connection, comment, now=story.now) for comment in comments)
    facts: list[Event] = [CommentAdded(comment.visibility.value, story.source) for comment in comments]
    news = tell.News(person.id, person.name, comments=ids)
    decision = ""
    if isinstance(effect, Moved):
        facts.append(StatusChanged(effect.source, effect.target, effect.rule.name))
        ticket = set_status(story, ticket, effect.target)
        survey.reconsider(story, ticket)
        decision = DECISIONS.get(effect.rule.word, "")
        news = replace(news, old_status=effect.source, new_status=effect.target, extra={"decision": decision, "by_mail": by_mail})
    else:
        tickets.update(story.connection, ticket.id, now=story.now)
    comment_id = ids[-1] if ids else None
    events.add(
        story.connection, facts, ticket_id=ticket.id, actor_id=person.id, now=story.now, comment_id=comment_id, intake_id=story.intake_id
    )
    code = effect.rule.team_mail if isinstance(effect, Moved) else None
    tell.team(story, ticket, TEAM_MAILS.get(code or "", Mail.AGENT_CLIENT_REPLIED), news)
    if wakes_others and (ids or decision == "reopened"):
        tell.participants(story, ticket, Mail.REOPENED if decision == "reopened" else Mail.COMMENT, news)
    return Done(ticket, comment_id, isinstance(effect, Moved))


def mute(office: Office, visitor: Visitor, *, muted: bool) -> None:
    """Turn his notifications of this ticket off or on (R-105); doing it again changes nothing."""
    with office.store.write() as connection:
        if tickets.set_muted(connection, visitor.ticket.id, visitor.person.id, muted=muted):
            fact = Muted(visitor.person.id, muted)
            events.add(connection, [fact], ticket_id=visitor.ticket.id, actor_id=visitor.person.id, now=office.now())


def take_back(office: Office, visitor: Visitor) -> Done | Stale:
    """Undo the decision that this person made last, while the ticket still stands where it led (M12)."""
    with office.store.write() as connection:
        ticket = tickets.lock(connection, visitor.ticket.id)
        assert ticket is not None
        story = Story(office, connection, visitor.desk, office.now(), "page")
        last = events.last_move(connection, ticket.id)
        on_it = visitor.person.id in tickets.participant_ids(connection, ticket.id)
        if last is None or not on_it or not _may_be_undone(story, ticket, visitor, last):
            return Stale(ticket.status)
        fact = StatusChanged(str(last.data["new"]), str(last.data["old"]), "undo")
        ticket = set_status(story, ticket, fact.new)
        events.add(connection, [fact], ticket_id=ticket.id, actor_id=visitor.person.id, now=story.now)
        extra = {"decision": "undone"}
        news = tell.News(visitor.person.id, visitor.person.name, old_status=fact.old, new_status=fact.new, extra=extra)
        tell.team(story, ticket, Mail.AGENT_CLIENT_DECIDED, news)
        return Done(ticket, None, moved=True)


def _may_be_undone(story: Story, ticket: Ticket, visitor: Visitor, last: Any) -> bool:
    decided = {rule.name for rule in story.office.workflow.rules if rule.actor is Actor.CUSTOMER and rule.word in {"accept", "refuse"}}
    return (
        last.actor_id == visitor.person.id
        and last.data["rule"] in decided
        and last.data["new"] == ticket.status
        and story.now - last.at <= LIFE[LinkPurpose.UNDO]
    )
