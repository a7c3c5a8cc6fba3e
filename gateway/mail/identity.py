"""The key that says whether two deliveries are the same mail.

A Message-ID alone is not enough: senders repeat it, and an attacker may take a known one to make a mail vanish (CASES B26-B28, T2 of the
transactions). So the key holds what the sender wrote, and nothing that servers add or change on the way.

Bugs: a server that re-encodes the body on the way (8bit to quoted-printable) makes another mail of it.
"""

from __future__ import annotations

import hashlib
import re

from gateway.mail.inbound import InboundMail

_STABLE = ("from", "to", "cc", "subject", "date")
_HEADER_END = re.compile(rb"\r?\n\r?\n")


def message_key(mail: InboundMail, raw: bytes) -> str:
    """The identity of a mail: its Message-ID and a hash of From, To, Cc, Subject, Date and body; `sha256:` and the hash without one.

    Folding, line ends, and empty lines at the end do not count, nor do Received, Delivered-To, X- and the like. At most 1,100 characters.
    """
    digest = hashlib.sha256()
    for name in _STABLE:
        for header in mail.headers:
            if header.name.lower() == name:
                digest.update(f"{name}:{' '.join(header.decoded.split())}\n".encode("utf-8", "replace"))
    found = _HEADER_END.search(raw)
    body = raw[found.end() :] if found else raw  # what has no body is told apart by all that it has
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n")
    digest.update(b"\n")
    digest.update(body.rstrip(b"\n"))
    key = f"sha256:{digest.hexdigest()}"
    return f"{mail.message_id} {key}" if mail.message_id else key
