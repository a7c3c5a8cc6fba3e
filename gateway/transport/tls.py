"""How we secure a connection that we open: TLS verified, or none at all and then only to this machine.

There is no fourth way: a server that should speak STARTTLS and does not is an error for the operator, never a reason to go on in clear
text (CASES A2.11). Both the IMAP and the SMTP transport take their context, their socket options and their certificate check from here.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

KEEPALIVE = ((socket.TCP_KEEPIDLE, 60), (socket.TCP_KEEPINTVL, 15), (socket.TCP_KEEPCNT, 4))
"""Seconds of silence before the first probe, between probes, and the number of lost ones after which the kernel ends the connection."""


class Tls(StrEnum):
    """How a connection is secured."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


def client_context(ca_file: Path | None) -> ssl.SSLContext:
    """A context that verifies the peer's certificate and name, against `ca_file` alone where given, else against the system's authorities.

    Raises OSError (ssl.SSLError is one) when the file cannot be read or holds no certificate.
    """
    context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def is_loopback(host: str) -> bool:
    """Whether clear text to `host` stays on this machine: only a loopback address or `localhost` does."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def tune(connection: socket.socket) -> None:
    """Notice a dead peer within two minutes, and send small commands at once (two writes in a row would wait 40 ms for an ACK)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for option, value in KEEPALIVE:
        connection.setsockopt(socket.IPPROTO_TCP, option, value)


def certificate_ends(connection: socket.socket) -> datetime | None:
    """When the peer's certificate runs out (CASES B46); None on a clear-text connection."""
    if not isinstance(connection, ssl.SSLSocket):
        return None
    certificate = connection.getpeercert() or {}
    ends = certificate.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None


def is_tls_fault(error: OSError) -> bool:
    """Whether a failed handshake is for the operator (certificate, protocol) and not just a peer that hung up."""
    return isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
