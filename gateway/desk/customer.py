"""What a customer's mail becomes: a ticket that is acknowledged, a comment that may move its ticket, or a held reply.

T01, T06, T08-T10, T16, T17, T22 of docs/requirements.md. What the comment does is written in gateway.desk.participant, as for the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.desk import held, tell
from gateway.desk.comment import comment_of, repeated
from gateway.desk.letter import Letter, sender_works, store_files, summary_of
from gateway.desk.match import own_purposes
from gateway.desk.office import DeskRules, Story
from gateway.desk.participant import DECISIONS, says
from gateway.domain import workflow
from gateway.domain.audience import Mail
from gateway.domain.decision import read_decision, words_beyond
from gateway.domain.events import CommentAdded, Event, ParticipantAdded, TicketOpened
from gateway.domain.people import Address, Part, Person, Role
from gateway.domain.thanks import only_thanks
from gateway.domain.ticket import Ticket
from gateway.domain.workflow import Actor, Keep, Moved, NewTicket
from gateway.mail.inbound import SenderProof, Verdict
from gateway.mail.match import Joins, Opens
from gateway.mail.signed.address import Purpose
from gateway.mail.words.language import language_of
from gateway.mail.words.subject import is_new_subject
from gateway.store import events, intake, people, tickets, timers

ANSWERED = frozenset({Verdict.HUMAN, Verdict.CALENDAR})
"""The verdicts that may be answered automatically and may move a ticket (ruling 1)."""


@dataclass(frozen=True, slots=True)
class Became:
    """What a mail became, with the steps that led there."""

    outcome: str
    ticket_id: int | None = None
    comment_id: int | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    """The mail waits for an operator (`gateway parked`)."""

    reason: str


def known_sender(story: Story, letter: Letter) -> Person | Refuse | None:
    """The person who wrote; None where From is not surely one mailbox; Refuse where the desk takes no mail from strangers (R-010)."""
    sender = letter.mail.sender
    if sender is None:
        return None if story.desk.sender_policy == "open" else Refuse("sender-unclear")
    person = people.by_address(story.connection, sender.address)
    if person is not None:
        return Refuse("sender-disabled") if person.disabled else person
    organisation = people.organisation_of_domain(story.connection, sender.domain)
    policy = story.desk.sender_policy
    if policy == "known-senders" or (policy == "known-domains" and organisation is None):
        return Refuse("sender-unknown")
    return _new_person(story, letter, sender, organisation[0] if organisation else None)


def _new_person(story: Story, letter: Letter, sender: Address, organisation_id: int | None) -> Person:
    person_id = people.add(
        story.connection,
        name=_name_of(sender),
        role=Role.CUSTOMER,
        address=sender.address,
        language=_language(story.desk, letter),
        organisation_id=organisation_id,
        verified=letter.vouched,
        now=story.now,
    )
    return people.by_ids(story.connection, [person_id])[person_id]


def _name_of(address: Address) -> str:
    """His name as he gives it, or one that his address suggests: jess.martin@example.org is Jess Martin.

    An address in the place of a name is none: the others on a ticket would read it.
    """
    if address.name and "@" not in address.name:
        return address.name
    return " ".join(part.capitalize() for part in address.local_part.replace("_", ".").split(".") if part) or address.address


def _language(desk: DeskRules, letter: Letter) -> str:
    """What his mail program states, else what his words surely are, else the desk's own; of those that the desk has."""
    stated = letter.mail.header("Content-Language") or letter.mail.header("Accept-Language") or ""
    wanted = stated.split(",")[0].split(";")[0].strip().lower()[:2]
    guessed = None if wanted in desk.languages else language_of(f"{letter.mail.subject}\n{letter.words}")
    return next((one for one in (wanted, guessed) if one in desk.languages), desk.language)


def comments(story: Story, letter: Letter, person: Person, match: Joins) -> Became:
    """A participant's reply: his comment, and the move that it means; or words that wait, where he answered what asks for no answer."""
    ticket = tickets.lock(story.connection, match.ticket_id)
    assert ticket is not None
    human = letter.understood.classified.verdict in ANSWERED
    if held.answers_guarded(letter, story, guard_address=match.purpose is Purpose.GUARD):
        comment_id = held.hold(story, letter, ticket, person, hands_back=human)
        sender_works(letter, story)
        return Became("held", ticket.id, comment_id, (match.hint.value, held.WHY))
    his_address = Purpose.REPLY in own_purposes(story, letter, person)
    effect = _meaning(story, letter, ticket, decides=his_address)
    if isinstance(effect, NewTicket):
        opened = opens(story, letter, person, Opens((), effect.reason), follows=ticket)
        return replace(opened, why=(match.hint.value, effect.reason, *opened.why))
    if _about_something_else(story, letter, ticket, effect):
        opened = opens(story, letter, person, Opens((ticket.id,), "new-subject"))
        return replace(opened, why=(match.hint.value, *opened.why))
    store_files(letter, story)
    comment = comment_of(letter, story, author_id=person.id, author_name=person.name, ticket_id=ticket.id)
    since = ticket.status_since
    done = says(story, ticket, person, [comment], effect, wakes_others=human, by_mail=True)
    _prove(story, letter, person, by_token=his_address)
    _add_copied(story, letter, ticket, person)
    _echo(story, letter, done.ticket, person, effect, since)
    moved = (effect.rule.name,) if isinstance(effect, Moved) else (effect.reason,)
    return Became("comment", ticket.id, done.comment_id, (match.hint.value, *moved, *repeated(comment)))


def _meaning(story: Story, letter: Letter, ticket: Ticket, *, decides: bool) -> Keep | Moved | NewTicket:
    """What the reply does to the status: a decision that it states on his own address (ruling 6), else what any reply does."""
    rules, counts = story.office.workflow, _counts(letter)
    word = read_decision(letter.words) if counts and decides else None
    rule = next((r for r in workflow.moves(rules, ticket.status, Actor.CUSTOMER) if word is not None and r.word == word), None)
    if rule is not None:
        reasons = bool(words_beyond(letter.words) or letter.mail.attachments)
        decided = workflow.decide(rules, status=ticket.status, target=rule.target, actor=Actor.CUSTOMER, has_comment=reasons)
        if isinstance(decided, Moved):
            return decided
    return workflow.customer_replied(
        rules,
        status=ticket.status,
        now=story.now,
        settled_at=ticket.closed_at or ticket.resolved_at,
        reopen_days=story.office.policy.reopen_days,
        only_thanks=only_thanks(letter.words, bool(letter.mail.attachments)),
        verdict_is_human=counts,
    )


def _about_something_else(story: Story, letter: Letter, ticket: Ticket, effect: Keep | Moved) -> bool:
    """Whether a person took an old mail, or an address that his program had learnt, to write about another thing (FIELD 2.2).

    A decision is about this ticket whatever it is called, and so is a mail that says nothing but thanks.
    """
    decides = isinstance(effect, Moved) and effect.rule.word in {"accept", "refuse"}
    if decides or not _counts(letter) or only_thanks(letter.words, bool(letter.mail.attachments)):
        return False
    return is_new_subject(letter.mail.subject, [ticket.summary, *intake.subjects_of(story.connection, ticket.id)])


def _echo(story: Story, letter: Letter, ticket: Ticket, person: Person, effect: Keep | Moved, since: datetime | None) -> None:
    """A decision by mail is confirmed with a way back (M12); where none could be read, the page is offered, once (M05-bis, T10)."""
    assert letter.mail.sender is not None
    cause = tell.Cause(letter.mail.sender.address, letter.mail.message_id, letter.mail.date, letter.understood.classified.never_answer)
    if isinstance(effect, Moved) and effect.rule.word in {"accept", "refuse"}:
        tell.answer(story, ticket, person, Mail.DECISION_RECEIPT, cause, {"decision": DECISIONS[effect.rule.word]})
        return
    unclear = isinstance(effect, Keep) and effect.reason == "T10" and since is not None
    if unclear and timers.take(story.connection, ticket.id, "asked-again", since=since or story.now, step=person.id, now=story.now):
        tell.answer(story, ticket, person, Mail.APPROVAL_AGAIN, cause, {})


def _counts(letter: Letter) -> bool:
    """Whether the reply may move the ticket: a person's words, not refuted by his domain."""
    return letter.understood.classified.verdict in ANSWERED and letter.mail.sender_proof is not SenderProof.FAIL


def opens(story: Story, letter: Letter, person: Person | None, match: Opens, *, follows: Ticket | None = None) -> Became:
    """A new ticket (T01), linked to what the mail named without a right to it, or to the old ticket that it follows (T17)."""
    # What counts for the bare M01 is what was known before this mail (ruling 10).
    known = person is not None and (letter.vouched or tickets.takes_part(story.connection, person.id))
    ticket = _open(story, letter, person)
    claimed = letter.mail.claimed_sender
    name = person.name if person else (claimed.name or claimed.address) if claimed else "?"
    store_files(letter, story)
    comment = comment_of(letter, story, author_id=person.id if person else None, author_name=name, ticket_id=ticket.id)
    comment_id = tickets.add_comment(story.connection, comment, now=story.now)
    facts: list[Event] = [TicketOpened(ticket.status, story.source), CommentAdded(comment.visibility.value, story.source)]
    events.add(
        story.connection,
        facts,
        ticket_id=ticket.id,
        actor_id=comment.author_id,
        now=story.now,
        comment_id=comment_id,
        intake_id=story.intake_id,
    )
    for other in match.mentions:
        tickets.link(story.connection, ticket.id, other, "mentions", now=story.now)
    if follows is not None:
        tickets.link(story.connection, ticket.id, follows.id, "follows", now=story.now)
    if person is not None:
        _prove(story, letter, person, by_token=False)
        _add_copied(story, letter, ticket, person)
        _acknowledge(story, letter, ticket, person, follows, verified=known)
    tell.team(story, ticket, Mail.AGENT_NEW_REQUEST, tell.News(comment.author_id, name, comments=(comment_id,)))
    return Became("ticket", ticket.id, comment_id, (match.reason, *(("follow-up",) if follows else ()), *repeated(comment)))


def _open(story: Story, letter: Letter, person: Person | None) -> Ticket:
    sender = letter.mail.sender
    ticket = tickets.open_ticket(
        story.connection,
        desk=story.desk.prefix,
        summary=summary_of(letter.mail),
        status=story.office.workflow.initial,
        requester_id=person.id if person else None,
        organisation=people.organisation_of_domain(story.connection, sender.domain) if sender else None,
        language=person.language if person else story.desk.language,
        now=story.now,
    )
    if person is not None:
        tickets.add_participant(story.connection, ticket.id, person.id, Part.REQUESTER, now=story.now)
    return ticket


def _acknowledge(story: Story, letter: Letter, ticket: Ticket, person: Person, follows: Ticket | None, *, verified: bool) -> None:
    mail, classified = letter.mail, letter.understood.classified
    assert mail.sender is not None
    never = classified.never_answer
    if not never and classified.verdict not in ANSWERED:
        never = (classified.verdict.value,)
    cause = tell.Cause(mail.sender.address, mail.message_id, mail.date, never)
    kind = Mail.NEW_REQUEST_FROM_OLD if follows else Mail.REQUEST_RECEIVED
    has_picture = any(a.content_type.startswith("image/") for a in mail.attachments)
    extra = {
        "verified": verified,
        "asks_for_screenshot": not has_picture and "://" not in mail.text,
        "old_key": str(follows.key) if follows else None,
    }
    tell.answer(story, ticket, person, kind, cause, extra)


def _prove(story: Story, letter: Letter, person: Person, *, by_token: bool) -> None:
    """Note what this mail proved of its sender: his address works, and it is his when his server vouches or he held our signed address."""
    sender_works(letter, story)
    if not person.verified and (letter.vouched or by_token) and letter.mail.sender_proof is not SenderProof.FAIL:
        people.update(story.connection, person.id, verified=True)


def _add_copied(story: Story, letter: Letter, ticket: Ticket, person: Person) -> None:
    """An authenticated sender adds people of his own organisation by Cc; all others are shown only (ruling 16, CASES A1.6)."""
    if not letter.vouched or letter.mail.sender is None:
        return
    own = people.organisation_of_domain(story.connection, letter.mail.sender.domain)
    if own is None:
        return
    for address in (*letter.mail.to, *letter.mail.cc):
        theirs = people.organisation_of_domain(story.connection, address.domain)
        if theirs != own or story.office.is_ours(address.address) or address.address in person.addresses:
            continue
        colleague = people.by_address(story.connection, address.address)
        colleague_id = colleague.id if colleague else _new_colleague(story, address, own[0])
        if tickets.add_participant(story.connection, ticket.id, colleague_id, Part.PARTICIPANT, now=story.now):
            added = ParticipantAdded(colleague_id, "copied by a colleague")
            events.add(story.connection, [added], ticket_id=ticket.id, actor_id=person.id, now=story.now, intake_id=story.intake_id)


def _new_colleague(story: Story, address: Address, organisation_id: int) -> int:
    return people.add(
        story.connection,
        name=_name_of(address),
        role=Role.CUSTOMER,
        address=address.address,
        language=story.desk.language,
        organisation_id=organisation_id,
        verified=False,
        now=story.now,
    )
