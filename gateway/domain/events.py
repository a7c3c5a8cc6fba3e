"""Facts, in the past tense. They are written once, in the transaction that made them true, and never changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """T01."""

    status: str
    source: str


@dataclass(frozen=True, slots=True)
class CommentAdded:
    """Somebody said something; `visibility` public or internal."""

    visibility: str
    source: str


@dataclass(frozen=True, slots=True)
class MailFiled:
    """An automatic mail was kept with the ticket; it changed nothing (ruling 1)."""

    verdict: str


@dataclass(frozen=True, slots=True)
class MailHeld:
    """Words that were not published, with the reason; they stay on the ticket for agents."""

    reason: str


@dataclass(frozen=True, slots=True)
class HeldPublished:
    """A held comment was published after all (`#force`, or an agent's decision)."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A move; `rule` is the row of config/workflow.toml that allowed it."""

    old: str
    new: str
    rule: str
    resolution: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The assignee changed; None for nobody."""

    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class ParticipantAdded:
    """Somebody was put on the ticket."""

    person_id: int
    why: str


@dataclass(frozen=True, slots=True)
class ParticipantRemoved:
    """Somebody was taken off the ticket; his links and addresses open nothing any more."""

    person_id: int


@dataclass(frozen=True, slots=True)
class Muted:
    """A participant turned his notifications of the ticket off, or on again."""

    person_id: int
    muted: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """T25: the ticket went on in another one; `added` are the people who came along."""

    into: int
    added: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LinksRevoked:
    """An operator ended all links and signed addresses that went out about the ticket."""


@dataclass(frozen=True, slots=True)
class HeldDropped:
    """A held reply will not be published; its words stay for agents."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class SurveyAsked:
    """The requester is asked for his opinion of a resolution."""

    survey_id: int


@dataclass(frozen=True, slots=True)
class SurveyNotAsked:
    """He is not, and why not."""

    reason: str


@dataclass(frozen=True, slots=True)
class SurveyAnswered:
    """A rating from 1 to 5; a later one of the same survey replaces it."""

    survey_id: int
    rating: int


@dataclass(frozen=True, slots=True)
class Reminded:
    """The clock wrote to the customer: M09 or M10, so many days after the question."""

    mail: str
    days: int


@dataclass(frozen=True, slots=True)
class ActionUndone:
    """An agent took his last mail back within the delay."""

    intake_id: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class NotificationSkipped:
    """A mail that was not written, with the reason: every "no" has a name."""

    mail: str
    person_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryBounced:
    """A mail of ours came back for good, or was refused."""

    delivery_id: int
    address: str
    answer: str


@dataclass(frozen=True, slots=True)
class DeliveryDelayed:
    """A mail of ours is late; the other side still tries."""

    delivery_id: int
    address: str
    answer: str


@dataclass(frozen=True, slots=True)
class ComplaintReceived:
    """The recipient's provider sent a feedback report (RFC 5965)."""

    delivery_id: int
    address: str


Event = (
    TicketOpened
    | CommentAdded
    | MailFiled
    | MailHeld
    | HeldPublished
    | StatusChanged
    | Assigned
    | ParticipantAdded
    | ParticipantRemoved
    | Muted
    | Merged
    | LinksRevoked
    | HeldDropped
    | SurveyAsked
    | SurveyNotAsked
    | SurveyAnswered
    | Reminded
    | ActionUndone
    | NotificationSkipped
    | DeliveryBounced
    | DeliveryDelayed
    | ComplaintReceived
)


def as_row(event: Event) -> tuple[str, dict[str, object]]:
    """The name of the fact and what it says, as they are stored."""
    return type(event).__name__, asdict(event)
