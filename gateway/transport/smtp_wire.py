"""What goes over an SMTP wire and what comes back, as pure functions: addresses, line ends, dots, seven bits, a server's words.

Apart from gateway/transport/smtp.py because each of them is a rule with a case behind it and can be tested without a connection.
"""

from __future__ import annotations

import email
import email.policy

_FORBIDDEN = frozenset("\r\n\0<> \t")
ANSWER_LENGTH = 500
_GREY = ("greylist", "graylist", "grey-list", "gray-list")
_THROTTLE = ("rate limit", "ratelimit", "too many", "throttl", "4.7.28", "4.4.5", "exceeded")


class AddressError(ValueError):
    """An address that cannot stand in an envelope."""


def envelope_address(address: str, *, null: bool = False) -> str:
    """The address for MAIL FROM or RCPT TO: nothing that could end the command (CASES A2.1), the domain as A-labels.

    Raises AddressError; an empty address is fine where `null`.
    """
    if not address and null:
        return ""
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or _FORBIDDEN & set(address) or any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in address):
        raise AddressError(f"not an address for an envelope: {address!r}")
    try:
        domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
        local.encode("utf-8")
    except UnicodeError as error:
        raise AddressError(f"not an address for an envelope: {address!r}") from error
    return f"{local}@{domain}"


def crlf(data: bytes) -> bytes:
    """The mail with CRLF as its only line ends and no NUL, ended by one: a bare CR, LF or NUL is how mails are smuggled (CASES A2.12)."""
    lines = data.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def stuffed(data: bytes) -> bytes:
    """CRLF text with each leading dot doubled (RFC 5321 §4.5.2)."""
    doubled = data.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled


def seven_bit(data: bytes) -> bytes:
    """The same mail with its 8-bit parts in quoted-printable or base64, for a server without 8BITMIME; headers that are ASCII stay."""
    policy = email.policy.compat32.clone(cte_type="7bit", linesep="\r\n", max_line_length=None)
    return crlf(email.message_from_bytes(data, policy=policy).as_string(policy=policy).encode("ascii", "replace"))


def check_ehlo_name(name: str) -> None:
    """Raise ValueError for a name that cannot stand after EHLO (CASES A2.1)."""
    if _FORBIDDEN & set(name) or not name.isascii() or not name.isprintable():
        raise ValueError(f"not a host name for EHLO: {name!r}")


def temporary_cause(code: int, text: str, *, to_recipient: bool) -> str:
    """The row of gateway/domain/timing.py's retry table for a 4xx reply: greylisted (a reply to RCPT only), throttled or temporary."""
    low = text.lower()
    if to_recipient and code in {450, 451} and any(word in low for word in _GREY):
        return "greylisted"
    if code == 421 or any(word in low for word in _THROTTLE):
        return "throttled"
    return "temporary"


def printable(said: bytes | str) -> str:
    """A server's answer as one printable line of bounded length."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:ANSWER_LENGTH]
