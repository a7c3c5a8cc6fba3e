"""What systemd is told: ready, alive, stopping. The protocol of sd_notify(3) is one datagram, so no library is needed.

The watchdog's beat must come from work that was done (a poll, a database round trip), never from a timer of its own (CASES B54).
"""

from __future__ import annotations

import os
import socket


def sd_notify(*lines: str) -> bool:
    """Send `lines` ("READY=1", "STATUS=polling 3 mailboxes", "WATCHDOG=1") in one datagram; False where systemd did not start us.

    A socket that does not take it is not an error of the work at hand: False, too.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    name = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(0)
            sender.sendto("\n".join(line.replace("\n", " ") for line in lines).encode(), name)
    except OSError:
        return False
    return True
