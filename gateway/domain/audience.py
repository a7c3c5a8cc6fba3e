"""Who is told of an event, by which mail: event and participants in, notifications and named silences out.

`TABLE` has a row for each mail: who hears it, in which role, and what kind of mail it is. Over it stand two rules. Nobody is told of his
own act. And a muted participant gets only what asks him for something and what ends his request (invariant 3 of SURFACE 1.2). One action
means at most one mail for each person: the strongest of the mails that apply (`STRENGTH`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.people import Part, Participant, Person


class Mail(StrEnum):
    """The mails that this desk writes: code M.. to customers, A.. to agents; the value is the template's folder."""

    REQUEST_RECEIVED = "request_received"  # M01
    COMMENT = "comment"  # M02
    STATUS_CHANGED = "status_changed"  # M03
    ANSWER_NEEDED = "answer_needed"  # M04
    APPROVAL_REQUEST = "approval_request"  # M05
    APPROVAL_AGAIN = "approval_again"  # M05-bis
    RESOLVED = "resolved"  # M06
    CLOSED = "closed"  # M07
    REOPENED = "reopened"  # M08
    REMINDER = "reminder"  # M09
    RESOLVE_WARNING = "resolve_warning"  # M10
    GUARD_RETURNED = "guard_returned"  # M11
    DECISION_RECEIPT = "decision_receipt"  # M12
    SURVEY_REMINDER = "survey_reminder"  # M14
    NEW_REQUEST_FROM_OLD = "new_request_from_old"  # M25
    VIEW_LINK = "view_link"
    AGENT_NEW_REQUEST = "agent_new_request"  # A01
    AGENT_CLIENT_REPLIED = "agent_client_replied"  # A02
    AGENT_CLIENT_DECIDED = "agent_client_decided"  # A03
    AGENT_ASSIGNED = "agent_assigned"  # A04
    AGENT_COMMAND_ERROR = "agent_command_error"  # A06
    AGENT_NOTE = "agent_note"  # A07
    AGENT_LOW_RATING = "agent_low_rating"  # A09
    AGENT_UNDELIVERABLE = "agent_undeliverable"  # A11
    AGENT_HELD = "agent_held"  # A12
    AGENT_HELP = "agent_help"


class Hearer(StrEnum):
    """In which role somebody hears of a ticket."""

    REQUESTER = "requester"
    PARTICIPANT = "participant"
    ASSIGNEE = "assignee"
    TEAM = "team"
    """An agent of the desk, while nobody is assigned."""
    COLLEAGUE = "colleague"
    """An agent of the desk, while another one is assigned."""
    AUTHOR = "author"
    """Whoever caused it: the mail answers him."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a mail is. `code` is its row in SURFACE 3.4."""

    code: str
    hearers: frozenset[Hearer]
    passes_mute: bool = False
    mergeable: bool = False
    """Waits in the merge window and may become one mail with what follows (ruling 3)."""
    personal: bool = False
    """Carries an agent's own words to a customer: no Auto-Submitted (ruling 9)."""
    asks: bool = False
    """Wants an answer by mail: never guarded in mode `events`."""
    agent_side: bool = False
    """Tells customers of what an agent did: what mode `strict` guards, as the manual does (R-153)."""


def _row(code: str, *hearers: Hearer, **kinds: bool) -> Row:
    return Row(code, frozenset(hearers), **kinds)


_R, _P, _A, _T, _C, _AUTHOR = Hearer.REQUESTER, Hearer.PARTICIPANT, Hearer.ASSIGNEE, Hearer.TEAM, Hearer.COLLEAGUE, Hearer.AUTHOR

TABLE: dict[Mail, Row] = {
    Mail.REQUEST_RECEIVED: _row("M01", _AUTHOR, asks=True),
    Mail.COMMENT: _row("M02", _R, _P, mergeable=True, personal=True, asks=True, agent_side=True),
    Mail.STATUS_CHANGED: _row("M03", _R, _P, mergeable=True, agent_side=True),
    Mail.ANSWER_NEEDED: _row("M04", _R, _P, passes_mute=True, mergeable=True, personal=True, asks=True, agent_side=True),
    Mail.APPROVAL_REQUEST: _row("M05", _R, _P, passes_mute=True, mergeable=True, personal=True, asks=True, agent_side=True),
    Mail.APPROVAL_AGAIN: _row("M05-bis", _AUTHOR, asks=True),
    Mail.RESOLVED: _row("M06", _R, _P, passes_mute=True, mergeable=True, agent_side=True),
    Mail.CLOSED: _row("M07", _R, _P, mergeable=True, agent_side=True),
    Mail.REOPENED: _row("M08", _R, _P, mergeable=True, asks=True, agent_side=True),
    Mail.REMINDER: _row("M09", _R, _P, asks=True),
    Mail.RESOLVE_WARNING: _row("M10", _R, _P, asks=True),
    Mail.GUARD_RETURNED: _row("M11", _AUTHOR),
    Mail.DECISION_RECEIPT: _row("M12", _AUTHOR, asks=True),
    Mail.SURVEY_REMINDER: _row("M14", _R),
    Mail.NEW_REQUEST_FROM_OLD: _row("M25", _AUTHOR, asks=True),
    Mail.VIEW_LINK: _row("M18", _AUTHOR),
    Mail.AGENT_NEW_REQUEST: _row("A01", _A, _T, _C, asks=True),
    Mail.AGENT_CLIENT_REPLIED: _row("A02", _A, _T, asks=True),
    Mail.AGENT_CLIENT_DECIDED: _row("A03", _A, _T, asks=True),
    Mail.AGENT_ASSIGNED: _row("A04", _A, asks=True),
    Mail.AGENT_COMMAND_ERROR: _row("A06", _AUTHOR, asks=True),
    Mail.AGENT_NOTE: _row("A07", _A, _T, _C, asks=True),
    Mail.AGENT_LOW_RATING: _row("A09", _A, _T, asks=True),
    Mail.AGENT_UNDELIVERABLE: _row("A11", _A, _T, asks=True),
    Mail.AGENT_HELD: _row("A12", _AUTHOR, asks=True),
    Mail.AGENT_HELP: _row("A06", _AUTHOR, asks=True),
}
"""Every mail over every role; a role that is not named hears nothing."""

BY_CODE: dict[str, Mail] = {TABLE[mail].code: mail for mail in TABLE if TABLE[mail].mergeable}
"""The codes that config/workflow.toml may name for participants, with their mails."""

STRENGTH = (
    Mail.RESOLVED,
    Mail.APPROVAL_REQUEST,
    Mail.ANSWER_NEEDED,
    Mail.CLOSED,
    Mail.REOPENED,
    Mail.COMMENT,
    Mail.STATUS_CHANGED,
)
"""The mails that merge (M02-M08, ruling 3), strongest first: the mail of several events is that of the strongest."""

TO_AGENTS = frozenset(mail for mail in Mail if mail.name.startswith("AGENT_"))


def is_automatic(mail: Mail, *, with_words: bool) -> bool:
    """Whether no person wrote it: `with_words` when it carries somebody's comment, which makes a status mail to customers his mail."""
    return mail in TO_AGENTS or not (TABLE[mail].personal or (with_words and TABLE[mail].mergeable))


@dataclass(frozen=True, slots=True)
class Notify:
    """This person gets this mail."""

    person: Person
    mail: Mail


@dataclass(frozen=True, slots=True)
class Skip:
    """This person would have got this mail; the reason why not."""

    person: Person
    mail: Mail
    reason: str


Notification = Notify | Skip


def strongest(mails: Iterable[Mail]) -> Mail:
    """The mail that speaks for all of `mails` (each of STRENGTH)."""
    return min(mails, key=STRENGTH.index)


def still_true(mail: Mail, *, told: str | None, status: str, with_words: bool) -> Mail | None:
    """What a waiting mail has become when it leaves: itself, M02 with the words that remain, or None when it was overtaken.

    `told` is the status that it was written to tell (None: no move), `status` is where the ticket stands now.
    """
    if told is None or told == status:
        return mail
    return Mail.COMMENT if with_words else None


def participants_hear(
    mail: Mail,
    participants: Iterable[Participant],
    *,
    actor_id: int | None,
    already_have_it: frozenset[int] = frozenset(),
) -> tuple[Notification, ...]:
    """Who of a ticket's participants gets `mail`. `already_have_it`: those to whom the actor wrote himself (SURFACE 5.7 rule 2)."""
    found: list[Notification] = []
    for participant in participants:
        person = participant.person
        if person.id == actor_id:
            found.append(Skip(person, mail, "own-action"))
        elif hearer_of(participant) not in TABLE[mail].hearers:
            found.append(Skip(person, mail, "not-for-participants"))
        elif person.disabled:
            found.append(Skip(person, mail, "disabled"))
        elif participant.muted and not TABLE[mail].passes_mute:
            found.append(Skip(person, mail, "muted"))
        elif person.id in already_have_it:
            found.append(Skip(person, mail, "got-it-from-the-agent"))
        else:
            found.append(Notify(person, mail))
    return tuple(found)


def hearer_of(participant: Participant) -> Hearer:
    """The role of somebody on a ticket."""
    return Hearer.REQUESTER if participant.part is Part.REQUESTER else Hearer.PARTICIPANT


def agents_hear(mail: Mail, team: Sequence[Person], *, assignee_id: int | None, actor_id: int | None) -> tuple[Notification, ...]:
    """Which agents get `mail`: by the table, where an assignee who is disabled counts as none."""
    assigned = any(agent.id == assignee_id and not agent.disabled for agent in team)
    found: list[Notification] = []
    for agent in team:
        role = Hearer.TEAM if not assigned else Hearer.ASSIGNEE if agent.id == assignee_id else Hearer.COLLEAGUE
        if agent.disabled or role not in TABLE[mail].hearers:
            continue
        found.append(Skip(agent, mail, "own-action") if agent.id == actor_id else Notify(agent, mail))
    return tuple(found)
