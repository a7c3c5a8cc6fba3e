"""The sender's story: claim what is due (T3), compose and send it outside any transaction, write down how it ended (T4).

Each delivery is settled in its own transaction, right after the answer: the one instant in which a death sends a mail twice stays as short
as it can be (DESIGN, Transactions). A worker whose lease ran out while it slept stops before the final dot, and its word counts no more.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from gateway.desk import report
from gateway.desk.draft import NothingToSay, build
from gateway.desk.office import Office, Story
from gateway.domain.audience import Mail, is_automatic
from gateway.domain.delivery import Bounced, Deferred, Outcome, Sent, Uncertain
from gateway.domain.events import DeliveryBounced
from gateway.domain.timing import UNCERTAIN_RETRY, GiveUp, retry
from gateway.mail.write.compose import UnsendableAddressError, compose
from gateway.mail.write.render import Renderer
from gateway.store import events, outbox
from gateway.store.engine import DATABASE_FAULTS
from gateway.store.outbox import RESEND_ONCE, Delivery


class Post(Protocol):
    """Whoever carries a mail away (gateway.transport.smtp)."""

    def send(self, mail_from: str, recipient: str, data: bytes, *, before_dot: Callable[[], bool] = ...) -> Outcome:
        """Send one mail to one recipient."""
        ...


@dataclass(frozen=True, slots=True)
class Cancelled:
    """There was nothing left to say."""

    reason: str


@dataclass(frozen=True, slots=True)
class Parked:
    """Our own fault: the mail could not be written. A person must look; the delivery can be retried."""

    error: str


@dataclass(frozen=True, slots=True)
class Settled:
    """One delivery after its try. `state` is its new state; `lost` says that another worker had it."""

    delivery: Delivery
    state: str
    answer: str
    lost: bool = False


def claim(office: Office, *, owner: str, limit: int, in_hand: frozenset[int] = frozenset()) -> list[Delivery]:
    """T3: take what is due. `in_hand` are deliveries that other threads of this process are sending."""
    now = office.store.now()
    with office.store.write() as connection:
        return outbox.claim(connection, owner=owner, now=now, lease=office.policy.lease, limit=limit, in_hand=in_hand)


def give_back(office: Office, deliveries: list[Delivery], *, owner: str) -> None:
    """Let go of claimed deliveries that will not be tried now."""
    if deliveries:
        with office.store.write() as connection:
            outbox.give_back(connection, [d.id for d in deliveries], owner=owner)


def next_due(office: Office) -> datetime | None:
    """When the next delivery is due; None when none waits."""
    with office.store.read() as connection:
        return outbox.next_due(connection, office.store.now())


def deliver(
    office: Office,
    renderer: Renderer,
    post: Post,
    delivery: Delivery,
    *,
    owner: str,
    claimed_at: datetime,
    pause: Callable[[float], bool] = lambda _: True,
) -> Settled:
    """Compose, send and settle one claimed delivery.

    What the other side said is not forgotten when the database is away: it is written down after `pause(seconds)`, again and again,
    until `pause` says that the process stops. Raises one of DATABASE_FAULTS then, or when the database fails before anything was sent.
    """
    lease = office.policy.lease
    if office.store.now() > claimed_at + lease / 2:
        # It waited behind slow ones of its batch: make sure that it is still ours, and for how long.
        claimed_at = office.store.now()
        if not _renew(office, delivery, owner, lease):
            return Settled(delivery, "sending", "another worker has it", lost=True)
    outcome = _send(office, renderer, post, delivery, owner, until=claimed_at + lease * 0.9)
    wait = 0.5
    while True:
        try:
            return _settle(office, delivery, outcome, owner)
        except DATABASE_FAULTS:
            if pause(wait):
                raise
            wait = min(wait * 2, 30.0)


def _renew(office: Office, delivery: Delivery, owner: str, lease: timedelta) -> bool:
    with office.store.write() as connection:
        return outbox.renew(connection, delivery.id, owner=owner, now=office.store.now(), lease=lease)


def _before_dot(office: Office, delivery: Delivery, owner: str, until: datetime) -> bool:
    """Whether the mail is still ours to send, asked at the last instant at which it can be left (CASES B32).

    Where other workers may take it over, the lease is made long enough for the slowest answer to the final dot.
    """
    if office.store.is_sqlite:
        return office.store.now() < until
    return _renew(office, delivery, owner, office.policy.lease + office.policy.final_answer)


def _send(
    office: Office,
    renderer: Renderer,
    post: Post,
    delivery: Delivery,
    owner: str,
    *,
    until: datetime,
) -> Outcome | Cancelled | Parked:
    if office.is_ours(delivery.recipient):
        return Bounced("mail", None, "this is an address of our own: mail to it would come back as a request (CASES A2.5)", "address")
    try:
        with office.store.read() as connection:
            letter = build(office, renderer, connection, delivery)
        if isinstance(letter, NothingToSay):
            return Cancelled(letter.reason)
        data = compose(letter.draft)
    except DATABASE_FAULTS:
        raise
    except UnsendableAddressError as error:
        return Bounced("mail", None, str(error), "address")
    except Exception:  # noqa: BLE001 - the wall around one delivery: a broken template parks this mail and no other
        return Parked(traceback.format_exc())
    return post.send(letter.mail_from, delivery.recipient, data, before_dot=lambda: _before_dot(office, delivery, owner, until))


def _settle(office: Office, delivery: Delivery, outcome: Outcome | Cancelled | Parked, owner: str) -> Settled:
    """T4. What an outcome means is read here and nowhere else."""
    now = office.store.now()
    with office.store.write() as connection:
        verdict = _judge(delivery, outcome, now)
        kept = outbox.settle(
            connection,
            delivery.id,
            owner=owner,
            state=verdict.state,
            now=now,
            answer=verdict.answer,
            cause=verdict.cause,
            due=verdict.due,
            phase=getattr(outcome, "phase", None),
            code=getattr(outcome, "code", None),
        )
        if kept and verdict.state in {"bounced", "parked"} and not isinstance(outcome, Parked):
            story = Story(office, connection, office.desks[delivery.desk], office.now(), "mail")
            at_the_address = isinstance(outcome, Bounced) and outcome.phase == "rcpt"
            _tell_of_failure(story, delivery, verdict.answer, at_the_address=at_the_address)
    return Settled(delivery, verdict.state, verdict.answer, lost=not kept)


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: str
    answer: str
    cause: str | None = None
    due: datetime | None = None


def _judge(delivery: Delivery, outcome: Outcome | Cancelled | Parked, now: datetime) -> _Verdict:
    match outcome:
        case Sent(answer):
            return _Verdict("sent", answer)
        case Bounced(_, code, text, cause):
            return _Verdict("bounced", f"{code} {text}" if code else text, cause)
        case Deferred(_, code, text, cause):
            said = f"{code} {text}" if code else text
            again = retry(cause, tries=delivery.tries, first_due=delivery.created_at, now=now, jitter=random.random())  # noqa: S311 - spreads retries
            if isinstance(again, GiveUp):
                return _Verdict("parked", f"{again.reason}; last answer: {said}", cause)
            return _Verdict("deferred", said, cause, again.due)
        case Uncertain(text):
            # An agent's words go out once more: a lost answer is worse than a second copy with the same Message-ID.
            automatic = is_automatic(Mail(delivery.mail), with_words=bool(delivery.context.get("comments")))
            if not automatic and delivery.cause != RESEND_ONCE:
                return _Verdict("uncertain", text, RESEND_ONCE, now + UNCERTAIN_RETRY)
            return _Verdict("uncertain", text, "not-resent")
        case Cancelled(reason):
            return _Verdict("cancelled", reason)
        case Parked(error):
            return _Verdict("parked", error[-4000:], "our-fault")


def _tell_of_failure(story: Story, delivery: Delivery, answer: str, *, at_the_address: bool) -> None:
    """The agents of the ticket learn that a mail did not arrive (A11)."""
    fact = DeliveryBounced(delivery.id, delivery.recipient, answer)
    events.add(story.connection, [fact], ticket_id=delivery.ticket_id, actor_id=None, now=story.now)
    failure = report.Failure(delivery.id, delivery.ticket_id, delivery.recipient, Mail(delivery.mail), answer)
    report.failed(story, failure, at_the_address=at_the_address)
