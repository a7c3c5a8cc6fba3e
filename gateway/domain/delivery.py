"""How one try of a delivery ended: four outcomes, and no fifth.

`phase` says how far the conversation got: connect, hello, mail, rcpt, data (before the final dot), dot (after it). It decides what may be
done next: before the final dot nothing was taken over, after it the other side may have the mail (RFC 1047, CASES B6, B7).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken the mail over; `answer` is its reply to the final dot."""

    answer: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now. `cause` is a row of the retry tables (gateway.domain.timing); `code` None where there was no reply."""

    phase: str
    code: int | None
    text: str
    cause: str


@dataclass(frozen=True, slots=True)
class Bounced:
    """Never. `cause`: refused (the server said 5xx), size, address or smtputf8 (we need not ask)."""

    phase: str
    code: int | None
    text: str
    cause: str = "refused"


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The connection dropped between the final dot and the reply: the mail may have been taken over."""

    text: str


Outcome = Sent | Deferred | Bounced | Uncertain
