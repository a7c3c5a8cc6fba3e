"""Signed links to the page: what a mail's button carries, and what the cookie of a browser says that came in by one.

A token says what it is for, about what, for whom and since when, and carries sixteen bytes of HMAC-SHA256 with a key for each purpose
(CASES D, A1.4, A4.4): a link that mutes shows no ticket. It is good for its purpose's time; an epoch of the ticket or of the person that
was raised since ends it at once. Whether its person still may see the ticket is asked from the database each time (gateway.desk.visit).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from gateway.mail.signed.address import Signer

VERSION = 1
_PAYLOAD = struct.Struct(">BBQIIHH")
_MAC_BYTES = 16
TOKEN_LENGTH = 51
"""Characters of a token: 22 + 16 bytes in base64, without padding."""
_ZERO = datetime(2024, 1, 1, tzinfo=UTC)
_SKEW = timedelta(minutes=5)
"""How far the clocks of two workers may differ (CASES B47)."""
_EPOCH_BITS = 0xFFFF


class LinkPurpose(IntEnum):
    """What a link is good for. Never interchangeable."""

    VIEW = 1
    """See one ticket's public side and answer there; `subject` is the ticket."""
    MUTE = 2
    """Turn its notifications off and on."""
    DECIDE = 3
    """Accept, refuse or reopen; a page asks before anything happens."""
    SURVEY = 4
    """Answer one survey; `subject` is the survey."""
    HELD = 5
    """Publish what was written in answer to a guarded mail; `subject` is the ticket."""
    UNDO = 6
    """Take back the decision that was made last by mail; `subject` is the ticket."""
    SESSION = 7
    """The cookie of a browser that came in by one of the others."""


LIFE: dict[LinkPurpose, timedelta] = {
    LinkPurpose.VIEW: timedelta(days=30),
    LinkPurpose.MUTE: timedelta(days=3650),  # harmless, and an unsubscribe link must not die (RFC 8058)
    LinkPurpose.DECIDE: timedelta(days=30),
    LinkPurpose.SURVEY: timedelta(days=28),
    LinkPurpose.HELD: timedelta(days=30),
    LinkPurpose.UNDO: timedelta(minutes=30),
    LinkPurpose.SESSION: timedelta(hours=12),
}
"""How long a link is good for; every mail brings a new one, so that of a ticket in use never runs out (CASES D, A4.6)."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that we made, within its time."""

    purpose: LinkPurpose
    subject: int
    person: int
    ticket_epoch: int
    person_epoch: int
    issued: datetime


@dataclass(frozen=True, slots=True)
class Expired:
    """A link that we made, and whose time is over."""

    link: Link


@dataclass(frozen=True, slots=True)
class Forged:
    """Not ours, or not for this purpose, or from a key that is gone."""


def make_link(
    signer: Signer,
    purpose: LinkPurpose,
    *,
    subject: int,
    person: int,
    now: datetime,
    ticket_epoch: int = 0,
    person_epoch: int = 0,
) -> str:
    """A token: 51 characters that may stand in a URL or a cookie."""
    minute = int((now - _ZERO).total_seconds() // 60)
    head = VERSION << 4 | signer.current
    payload = _PAYLOAD.pack(head, purpose, subject, person, minute, ticket_epoch & _EPOCH_BITS, person_epoch & _EPOCH_BITS)
    return base64.urlsafe_b64encode(payload + _mac(signer, signer.current, purpose, payload)).decode().rstrip("=")


def read_link(signer: Signer, token: str, purpose: LinkPurpose, *, now: datetime) -> Link | Expired | Forged:
    """What a token says, if we made it for this purpose."""
    if len(token) > TOKEN_LENGTH or not token.isascii():
        return Forged()
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        head, kind, subject, person, minute, ticket_epoch, person_epoch = _PAYLOAD.unpack(raw[: _PAYLOAD.size])
    except (binascii.Error, struct.error, ValueError):
        return Forged()
    kid = head & 0x0F
    if head >> 4 != VERSION or kind != purpose or not signer.knows(kid):
        return Forged()
    if not hmac.compare_digest(_mac(signer, kid, purpose, raw[: _PAYLOAD.size]), raw[_PAYLOAD.size :]):
        return Forged()
    link = Link(purpose, subject, person, ticket_epoch, person_epoch, _ZERO + timedelta(minutes=minute))
    if link.issued > now + _SKEW or now >= link.issued + LIFE[purpose]:
        return Expired(link)
    return link


def same_epoch(signed: int, current: int) -> bool:
    """Whether a link still belongs to this epoch of its ticket or person."""
    return signed == current & _EPOCH_BITS


def _mac(signer: Signer, kid: int, purpose: LinkPurpose, payload: bytes) -> bytes:
    return signer.mac(kid, f"link-{purpose.name}", payload, _MAC_BYTES)
