"""Who is told of an event, by which mail: event and participants in, notifications and named silences out.

Nobody is told of his own act. A muted participant still gets what asks him for something and what ends his request (invariant 3 of
SURFACE 1.2). One action means at most one mail for each person: the strongest of the mails that apply (`STRENGTH`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.people import Participant, Person


class Mail(StrEnum):
    """The mails that this desk writes: code M.. to customers, A.. to agents; the value is the template's folder."""

    REQUEST_RECEIVED = "request_received"  # M01
    COMMENT = "comment"  # M02
    STATUS_CHANGED = "status_changed"  # M03
    ANSWER_NEEDED = "answer_needed"  # M04
    APPROVAL_REQUEST = "approval_request"  # M05
    RESOLVED = "resolved"  # M06
    CLOSED = "closed"  # M07
    REOPENED = "reopened"  # M08
    NEW_REQUEST_FROM_OLD = "new_request_from_old"  # M25
    AGENT_NEW_REQUEST = "agent_new_request"  # A01
    AGENT_CLIENT_REPLIED = "agent_client_replied"  # A02
    AGENT_ASSIGNED = "agent_assigned"  # A04
    AGENT_COMMAND_ERROR = "agent_command_error"  # A06
    AGENT_NOTE = "agent_note"  # A07
    AGENT_UNDELIVERABLE = "agent_undeliverable"  # A11
    AGENT_HELD = "agent_held"  # A12
    AGENT_HELP = "agent_help"


BY_CODE = {
    "M02": Mail.COMMENT,
    "M03": Mail.STATUS_CHANGED,
    "M04": Mail.ANSWER_NEEDED,
    "M05": Mail.APPROVAL_REQUEST,
    "M06": Mail.RESOLVED,
    "M07": Mail.CLOSED,
    "M08": Mail.REOPENED,
}
"""The codes that config/workflow.toml may name, with their mails."""

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

PASSES_MUTE = frozenset({Mail.ANSWER_NEEDED, Mail.APPROVAL_REQUEST, Mail.RESOLVED})

TO_AGENTS = frozenset(mail for mail in Mail if mail.name.startswith("AGENT_"))

AUTOMATIC = frozenset(Mail) - {Mail.COMMENT, Mail.ANSWER_NEEDED, Mail.APPROVAL_REQUEST}
"""Mails that no person wrote; the others carry an agent's words and no Auto-Submitted (ruling 9)."""


def is_automatic(mail: Mail, *, with_words: bool) -> bool:
    """Whether no person wrote it: `with_words` when it carries somebody's comment, which makes a status mail to customers his mail."""
    return mail in TO_AGENTS or (mail in AUTOMATIC and not (with_words and mail in STRENGTH))


GUARDED = frozenset({Mail.STATUS_CHANGED, Mail.RESOLVED, Mail.CLOSED})
"""Mails that ask not to be answered (SURFACE 1.4, mode `events`): their Reply-To is a signed noreply address."""


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
        elif person.disabled:
            found.append(Skip(person, mail, "disabled"))
        elif participant.muted and mail not in PASSES_MUTE:
            found.append(Skip(person, mail, "muted"))
        elif person.id in already_have_it:
            found.append(Skip(person, mail, "got-it-from-the-agent"))
        else:
            found.append(Notify(person, mail))
    return tuple(found)


def agents_hear(mail: Mail, team: Sequence[Person], *, assignee_id: int | None, actor_id: int | None) -> tuple[Notification, ...]:
    """Which agents get `mail`: the assignee when there is one, else the team; a new request and a note go to the whole team."""
    everybody = mail in {Mail.AGENT_NEW_REQUEST, Mail.AGENT_NOTE} or not any(a.id == assignee_id and not a.disabled for a in team)
    found: list[Notification] = []
    for agent in team:
        if agent.disabled or not (everybody or agent.id == assignee_id):
            continue
        found.append(Skip(agent, mail, "own-action") if agent.id == actor_id else Notify(agent, mail))
    return tuple(found)
