"""Who holds a lease, in words that tell later whether he is still alive.

A lease of a worker that was killed runs out by itself; a new worker on the same machine need not wait for that when it can see that the
process is gone. It is sure only where machine, boot and process namespace are the same and the process of that number and start time is
not there: two containers that share a host name never take each other for dead.
"""

from __future__ import annotations

import os
import socket
import uuid
from pathlib import Path

_PROC = Path("/proc")
PARTS = 6
"""Of a name: host, boot, namespace, pid, start, random."""


def worker_name() -> str:
    """`host/boot/namespace/pid/start/random` of this process."""
    return f"{_place()}/{os.getpid()}/{_started(os.getpid())}/{uuid.uuid4().hex[:6]}"


def is_dead(owner: str) -> bool:
    """Whether the process that called itself `owner` is surely gone. False whenever that cannot be seen from here."""
    parts = owner.split("/")
    if len(parts) != PARTS or "/".join(parts[:3]) != _place() or not parts[3].isdigit() or "?" in parts:
        return False
    return _started(int(parts[3])) != parts[4]


def _place() -> str:
    """This machine since its last boot, and this process namespace."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
        namespace = (_PROC / "self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        return f"{socket.gethostname()}/?/{uuid.uuid4().hex[:6]}"  # nothing can be known: equal to no other
    return f"{socket.gethostname()}/{boot}/{namespace}"


def _started(pid: int) -> str:
    """When a process began, in ticks since the boot; "gone" when there is none, "?" when that cannot be read."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except FileNotFoundError:
        return "gone"
    except OSError:
        return "?"
    return "gone" if fields[0] in {"Z", "X"} else fields[19]
