"""What the rest of the code sees of a mail that came in: one frozen value, with its defects listed and never raised.

Every text in here is safe to store and to show: no NUL, no lone surrogate, no control character but newline and tab in bodies, and
none at all in header values (CASES F1, A3.20). The bytes as they came stay in the blob store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.domain.people import Address


class Verdict(StrEnum):
    """What kind of mail it is; what each one does is ruling 1 of the design (docs/decisions/0002)."""

    HUMAN = "human"
    AUTO_REPLY = "auto-reply"
    OUT_OF_OFFICE = "out-of-office"
    AUTO_GENERATED = "auto-generated"
    BOUNCE = "bounce"
    DELAY = "delay"
    FEEDBACK_REPORT = "feedback-report"
    READ_RECEIPT = "read-receipt"
    LIST = "list"
    LOOP = "loop"
    CHALLENGE = "challenge"
    CALENDAR = "calendar"
    SPAM = "spam"
    OVERSIZED = "oversized"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Header:
    """One header field: the name as written, and the raw value, unfolded (no line breaks) and decoded as far as Latin-1 text.

    `value` still holds encoded words; `decoded` has them decoded and cleaned.
    """

    name: str
    value: str
    decoded: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail. `filename` is for display only: no path, no control characters, at most 150 characters."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    sha256: str
    inline: bool = False
    content_id: str | None = None

    @property
    def size(self) -> int:
        """In bytes, decoded."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A part that classify and bounce read: its type, and its decoded text (of a message: at most 64 KiB from its beginning).

    message/delivery-status, message/feedback-report, message/disposition-notification, message/rfc822 or text/rfc822-headers.
    """

    content_type: str
    text: str


class SenderProof(StrEnum):
    """What our own mail server said of the sender's domain (RFC 8601, only fields that we trust; CASES A1.10, F13)."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    NONE = "none"
    """No trusted statement: unknown, not bad."""


@dataclass(frozen=True, slots=True)
class InboundMail:
    """A mail that came in, read once.

    `headers` are in the order of the mail, top first. `sender` is None when From is not exactly one clean mailbox (CASES F2): such a mail
    is never taken for anybody's. `claimed_sender` is what a person would read there, for display only.
    """

    headers: tuple[Header, ...]
    sender: Address | None
    claimed_sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    date: datetime | None
    message_id: str | None
    """With its angle brackets, as written; None when absent or malformed beyond use."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    return_path: str | None
    """The address of Return-Path without brackets; "" for `<>`; None when the field is absent (ruling 2)."""
    recipients_seen: tuple[str, ...]
    """Every address it may have been delivered to (To, Cc, Delivered-To, X-Original-To, Envelope-To, X-Forwarded-To), lower-case."""
    text: str
    """The whole body as text: the text part, or the HTML turned into text. Newlines are \\n."""
    html: str | None
    """The HTML body as it came (decoded), not yet safe; see `gateway.mail.read.html.sanitise`."""
    attachments: tuple[Attachment, ...]
    report_parts: tuple[ReportPart, ...]
    content_type: str
    """The type of the whole mail, lower-case: multipart/report, text/calendar ..."""
    content_parameters: dict[str, str]
    """Parameters of the whole mail's Content-Type, lower-case names (`report-type`, `method`)."""
    part_types: tuple[str, ...]
    """The types of all parts, in order."""
    size: int
    sender_proof: SenderProof
    defects: tuple[str, ...]
    """What is wrong with it, as short stable codes ("two-from-fields", "charset-unknown:x-foo", "parts-over-limit")."""
    beyond_limits: bool = False
    """True when reading stopped at a limit (parts, depth, header bytes): the ticket gets the raw mail (CASES A3.8)."""

    def header(self, name: str) -> str | None:
        """The decoded value of the first field called `name` (any case), or None."""
        wanted = name.lower()
        return next((h.decoded for h in self.headers if h.name.lower() == wanted), None)

    def all(self, name: str) -> tuple[str, ...]:
        """The decoded values of all fields called `name` (any case), top first."""
        wanted = name.lower()
        return tuple(h.decoded for h in self.headers if h.name.lower() == wanted)


@dataclass(frozen=True, slots=True)
class Classified:
    """A verdict with its reasons: `rules` are the names of the rules that hit, the deciding one first."""

    verdict: Verdict
    rules: tuple[str, ...]
    may_answer: bool
    """Whether an automatic answer may go to the sender (CASES C.3). False never hides the mail from agents."""
    never_answer: tuple[str, ...] = ()
    """The rules of C.3 that forbid an automatic answer."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A body cut into what this reply says and what it carries along. `reply` is never empty unless the body is.

    `confidence`, from 0 to 1, says how sure it is that what was cut is not what the writer wanted to say; where it was not sure enough,
    nothing was cut and it says why.
    """

    reply: str
    quoted: str
    signature: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail that somebody forwarded: who wrote the original, and the words that the forwarder put above it.

    `attachments` are those of an original that came as an enclosed message; the files of one that stands in the text are the mail's own.
    """

    sender: Address | None
    date: str
    subject: str
    text: str
    note: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One recipient that a delivery report names: `hard` when it will never work, `status` as the report says it (5.1.1)."""

    address: str
    hard: bool
    status: str
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a delivery report says (RFC 3464, or a plain-text one). `original_message_id` is that of the mail that came back."""

    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str | None = None
