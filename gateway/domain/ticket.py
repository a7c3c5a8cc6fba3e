"""Tickets, comments and attachments: frozen values, and the key that people read aloud."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

_KEY = re.compile(r"([A-Z][A-Z0-9]{0,9})-([1-9][0-9]{0,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class TicketKey:
    """The public name of a ticket, "SUP-19258": a prefix for each desk and a number that counts up."""

    prefix: str
    number: int

    def __str__(self) -> str:
        """As people write it."""
        return f"{self.prefix}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> TicketKey | None:
        """The key that `text` is, in any case (`sup-12`), or None when it is not one."""
        found = _KEY.fullmatch(text.strip())
        return cls(found[1].upper(), int(found[2])) if found else None


RESOLUTIONS = ("done", "wont_fix", "duplicate", "not_reproducible")
"""How a request ended (T12); the words for people stand in the catalogues (`resolution.done`)."""


class Visibility(StrEnum):
    """Who may read a comment: everybody on the ticket, or agents only."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Priority(StrEnum):
    """How urgent a ticket is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """A file of a comment: its name for display, what it is, and where its bytes are (the blob named by `sha256`)."""

    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What one person said on a ticket."""

    id: int
    ticket_id: int
    author_id: int | None
    author_name: str
    visibility: Visibility
    text: str
    created_at: datetime
    attachments: tuple[StoredAttachment, ...] = ()
    quoted: str = ""
    signature: str = ""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """What agents see beside the words (gateway.desk.comment)."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request, as it stands."""

    id: int
    key: TicketKey
    desk: str
    summary: str
    status: str
    requester_id: int | None
    """None where the sender of the first mail could not be told (CASES F2): agents see the ticket, nobody is answered."""
    assignee_id: int | None
    organisation: str | None
    priority: Priority
    language: str
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    status_since: datetime | None = None
    key_epoch: int = 0
    resolution: str | None = None
    """A word of RESOLUTIONS while the ticket is resolved or closed."""
    merged_into: int | None = None
    """The ticket that this one went on in."""
