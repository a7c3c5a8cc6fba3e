"""Signed addresses and Message-IDs: what lets a reply or a bounce find its way home without trusting what it says.

A signed address is `local+TOKEN@domain`. The token is lower-case base32 (mail systems fold case) of thirteen bytes that say what the
address is for, and twelve bytes of HMAC-SHA256 over them, with a key for each purpose: a token for bounces opens no reply address
(CASES A1.4, D). Whoever holds one still has to be the person it was made for; that is decided in `gateway.mail.match` and `gateway.desk`.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

VERSION = 1
DAY_ZERO = date(2024, 1, 1)
_PAYLOAD = struct.Struct(">BBIIHB")
_MAC_BYTES = 12
TOKEN_LENGTH = 40
"""Characters of a token: (13 + 12) bytes in base32, no padding left over."""
_TOKEN = re.compile(r"[a-z2-7]{40}")
_OWN_ID = re.compile(r"<([A-Za-z0-9.-]{1,120})\.([a-z2-7]{16})@([A-Za-z0-9.-]{1,255})>")


class Purpose(IntEnum):
    """What an address is good for. Never interchangeable."""

    REPLY = 1
    """A participant's answer becomes his comment."""
    AGENT = 2
    """An agent's answer becomes the public comment that the customer gets."""
    NOTE = 3
    """An agent's answer becomes an internal note, whatever it says."""
    GUARD = 4
    """An answer to a mail that asked not to be answered (ruling 9)."""
    BOUNCE = 5
    """Delivery reports for one delivery (`subject` is its id)."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A token whose signature holds. `subject` is a ticket's id, or a delivery's for BOUNCE."""

    purpose: Purpose
    subject: int
    person: int
    epoch: int
    issued: date


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Something that looks like one of our tokens and was not made by us, or not with a key that we still have."""

    token: str


class Signer:
    """Makes and reads tokens. `keys` maps a key id (0 to 15) to a secret of at least 32 bytes; the highest id signs, all are read."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        """Raises ValueError for a short or missing key."""
        if not keys or any(len(secret) < 32 for secret in keys.values()) or not all(0 <= kid < 16 for kid in keys):
            raise ValueError("secret.key: 32 bytes at least; make one with `gateway init` or `openssl rand -hex 32`")
        self._keys = dict(keys)
        self._current = max(keys)

    def token(self, purpose: Purpose, *, subject: int, person: int, today: date, epoch: int = 0) -> str:
        """A token for an address: 40 characters of base32."""
        day = (today - DAY_ZERO).days
        payload = _PAYLOAD.pack(VERSION << 4 | self._current, purpose, subject, person, day, epoch & 0xFF)
        return base64.b32encode(payload + self.mac(self._current, f"address-{purpose.name}", payload)).decode().lower()

    def read(self, token: str) -> Signed | Unsigned:
        """What `token` says, if we said it."""
        try:
            raw = base64.b32decode(token.upper())
            head, purpose, subject, person, day, epoch = _PAYLOAD.unpack(raw[: _PAYLOAD.size])
            kind = Purpose(purpose)
        except (binascii.Error, struct.error, ValueError):
            return Unsigned(token)
        kid = head & 0x0F
        if head >> 4 != VERSION or kid not in self._keys:
            return Unsigned(token)
        if not hmac.compare_digest(self.mac(kid, f"address-{kind.name}", raw[: _PAYLOAD.size]), raw[_PAYLOAD.size :]):
            return Unsigned(token)
        return Signed(kind, subject, person, epoch, DAY_ZERO + timedelta(days=day))

    def message_id(self, left: str, instance: str) -> str:
        """`<left.MAC@instance>`: a Message-ID that we know again as our own. `left`: letters, digits, dots and dashes."""
        return f"<{left}.{self._id_mac(self._current, left, instance)}@{instance}>"

    def is_own_id(self, message_id: str) -> bool:
        """Whether we made this Message-ID. It gives no right to anything: such ids travel in every quoted mail (CASES A1.3)."""
        found = _OWN_ID.fullmatch(message_id.strip())
        if not found:
            return False
        left, mac, instance = found.groups()
        return any(hmac.compare_digest(self._id_mac(kid, left, instance), mac) for kid in self._keys)

    def loop_mark(self, instance: str) -> str:
        """The value of X-Gateway-Loop on every mail that we send."""
        return f"{instance} {self._id_mac(self._current, 'loop', instance)}"

    def is_own_loop(self, value: str) -> bool:
        """Whether an X-Gateway-Loop value is ours."""
        instance, _, mac = value.strip().partition(" ")
        return any(hmac.compare_digest(self._id_mac(kid, "loop", instance).encode(), mac.encode()) for kid in self._keys)

    def _id_mac(self, kid: int, left: str, instance: str) -> str:
        return base64.b32encode(self.mac(kid, "message-id", f"{left}@{instance.lower()}".encode())[:10]).decode().lower()

    @property
    def current(self) -> int:
        """The id of the key that signs."""
        return self._current

    def knows(self, kid: int) -> bool:
        """Whether there is a key with this id."""
        return kid in self._keys

    def mac(self, kid: int, purpose: str, data: bytes, size: int = _MAC_BYTES) -> bytes:
        """`size` bytes of HMAC-SHA256 over `data`, with a key that serves this purpose alone. Compare it with `hmac.compare_digest`."""
        # One expand step of HKDF (RFC 5869 §2.3): a key for each purpose from the one secret.
        key = hmac.digest(self._keys[kid], f"gateway {purpose}\x01".encode(), "sha256")
        return hmac.digest(key, data, "sha256")[:size]


def tokens_in(addresses: Iterable[str], domains: frozenset[str], delimiters: frozenset[str]) -> tuple[str, ...]:
    """The tokens that stand in those of `addresses` that are in `domains`, in order, each once.

    Looks behind each desk's delimiter, in any case (mail systems fold it), and never further than the local part.
    """
    found: dict[str, None] = {}
    for address in addresses:
        local, _, domain = address.lower().rpartition("@")
        if domain in domains and len(local) > TOKEN_LENGTH and local[-TOKEN_LENGTH - 1] in delimiters:
            token = local[-TOKEN_LENGTH:]
            if _TOKEN.fullmatch(token):
                found[token] = None
    return tuple(found)


def with_token(address: str, token: str, delimiter: str) -> str:
    """`support@example.org` and a token -> `support+token@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local}{delimiter}{token}@{domain}"


def without_token(address: str, delimiter: str) -> str:
    """The address that a signed one stands for; any other address unchanged, in lower case."""
    local, _, domain = address.lower().rpartition("@")
    head, _, token = local.rpartition(delimiter)
    return f"{head}@{domain}" if head and _TOKEN.fullmatch(token) else f"{local}@{domain}"
