"""The links of one mail: each made for its one reader and one purpose, good from the moment the mail leaves.

Without `[web] base_url` there is no page, and a mail speaks of none.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from gateway.desk.office import Office
from gateway.domain.audience import TABLE, TO_AGENTS, Hearer, Mail
from gateway.domain.people import Person
from gateway.domain.survey import STEPS
from gateway.domain.ticket import Ticket
from gateway.domain.workflow import Actor, moves
from gateway.mail.signed.link import LinkPurpose
from gateway.store import surveys

WITH_SURVEY = frozenset({Mail.RESOLVED, Mail.CLOSED, Mail.SURVEY_REMINDER})
WITH_DECISION = frozenset({Mail.APPROVAL_REQUEST, Mail.APPROVAL_AGAIN, Mail.REMINDER, Mail.RESOLVE_WARNING})
WITH_REOPENING = frozenset({Mail.RESOLVED, Mail.CLOSED})
WITH_ANSWER = frozenset({Mail.ANSWER_NEEDED, Mail.REMINDER, Mail.RESOLVE_WARNING})


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses that one mail shows; None for what it has no use for."""

    ticket: str | None = None
    mute: str | None = None
    accept: str | None = None
    refuse: str | None = None
    reopen: str | None = None
    answer: str | None = None
    publish: str | None = None
    undo: str | None = None
    survey: tuple[str, ...] = ()

    @property
    def unsubscribe(self) -> str | None:
        """The same as `mute`, for the header (RFC 8058 §3.1: https only)."""
        return self.mute if self.mute and self.mute.startswith("https://") else None


def links_of(office: Office, connection: Connection, mail: Mail, ticket: Ticket, person: Person) -> Links:
    """The links of a mail to `person` about `ticket`."""
    if not office.base_url or mail in TO_AGENTS:
        return Links()
    possible = {rule.word for rule in moves(office.workflow, ticket.status, Actor.CUSTOMER)} if ticket.merged_into is None else set()

    def link(purpose: LinkPurpose, path: str, *, wanted: bool) -> str | None:
        return f"{office.base_url}/{path.format(office.link(purpose, ticket, person))}" if wanted else None

    decides = mail in WITH_DECISION and possible.issuperset({"accept", "refuse"})
    page = f"t/{ticket.key}?k={{}}"
    return Links(
        ticket=link(LinkPurpose.VIEW, page, wanted=True),
        mute=link(LinkPurpose.MUTE, "m/{}", wanted=_mutable(mail)),
        accept=link(LinkPurpose.DECIDE, "d/{}/accept", wanted=decides),
        refuse=link(LinkPurpose.DECIDE, "d/{}/refuse", wanted=decides),
        reopen=link(LinkPurpose.DECIDE, "d/{}/reopen", wanted=mail in WITH_REOPENING and "reopen-by-customer" in possible),
        answer=link(LinkPurpose.VIEW, page, wanted=mail in WITH_ANSWER and "answer" in possible),
        publish=link(LinkPurpose.HELD, "g/{}", wanted=mail is Mail.GUARD_RETURNED),
        undo=link(LinkPurpose.UNDO, "u/{}", wanted=mail is Mail.DECISION_RECEIPT),
        survey=_survey(office, connection, mail, ticket, person),
    )


def _mutable(mail: Mail) -> bool:
    """Whether muting a ticket would keep this mail away: only such a mail offers it (SURFACE 3.2 rule 5)."""
    row = TABLE[mail]
    return not row.passes_mute and not row.hearers.isdisjoint({Hearer.REQUESTER, Hearer.PARTICIPANT})


def _survey(office: Office, connection: Connection, mail: Mail, ticket: Ticket, person: Person) -> tuple[str, ...]:
    """Five addresses while this person's survey waits for its first answer."""
    if mail not in WITH_SURVEY:
        return ()
    asked = surveys.open_of(connection, ticket.id, person.id, now=office.now())
    if asked is None or asked.answered_at is not None:
        return ()
    token = office.link(LinkPurpose.SURVEY, ticket, person, subject=asked.id)
    return tuple(f"{office.base_url}/avis/{token}/{step}" for step in STEPS)
