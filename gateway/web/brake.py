"""How often one place may ask, and which place a request comes from.

A place is the /24 or /48 that an address stands in: whoever has one address there has them all. A forwarded address counts only as far
as the chain of proxies that the operator named, so that nobody gets a fresh allowance by writing a header (CASES A4.4, A4.12).

There is no limit over all places together: a signed link of 128 bits cannot be guessed by any number of machines, and with such a limit
one of them could shut the page for everybody.

Bugs: the allowances live in this process; several workers give several of them.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

UNIX: Final = "unix"
"""The name of the peer of a Unix socket, which has no address; may stand among the trusted proxies."""

_HOPS = 20
_ROUNDING = 0.001
"""Seconds below which a wait is the rounding of large clock readings, and none."""
_PLACES = 20_000
"""Places that are remembered; of more, those that asked least lately are forgotten."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many `times` in so many `seconds`, all at once or spread."""

    times: int
    seconds: float


ALLOWANCES: Mapping[str, Allowance] = {
    # Any request. A town hall behind one address opens pages all day; a page is three requests.
    "request": Allowance(600, 60),
    # A link or a key that leads nowhere: people mistype one or two, machines try thousands.
    "failure": Allowance(30, 600),
    # A form. Nobody writes sixty comments in ten minutes.
    "form": Allowance(60, 600),
    # A new link by mail: it costs somebody a mail, so it is the rarest.
    "link": Allowance(10, 3600),
}


class Brakes:
    """One allowance of each kind for each place. Safe to use from several threads."""

    def __init__(self, allowances: Mapping[str, Allowance] = ALLOWANCES, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowances = allowances
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at: dict[str, OrderedDict[str, float]] = {kind: OrderedDict() for kind in allowances}

    def take(self, kind: str, place: str) -> float:
        """Use one of the place's allowance. 0, or the seconds until there is one again; then nothing was used."""
        with self._lock:
            wait, full_at = self._look(kind, place)
            if not wait:
                remembered = self._full_at[kind]
                remembered[place] = full_at
                remembered.move_to_end(place)
                if len(remembered) > _PLACES:
                    remembered.popitem(last=False)
            return wait

    def wait(self, kind: str, place: str) -> float:
        """Seconds until the place has something left; 0 when it has."""
        with self._lock:
            return self._look(kind, place)[0]

    def _look(self, kind: str, place: str) -> tuple[float, float]:
        # One number for each place is enough: when its allowance will be whole again (the leaky bucket as a meter).
        allowance, now = self._allowances[kind], self._clock()
        full_at = max(self._full_at[kind].get(place, now), now) + allowance.seconds / allowance.times
        wait = full_at - now - allowance.seconds
        return (wait if wait > _ROUNDING else 0.0), full_at


def networks(trusted: Iterable[str]) -> tuple[Network, ...]:
    """The trusted proxies as networks, without `unix`. Raises ValueError for what is neither an address nor a network."""
    return tuple(ipaddress.ip_network(each, strict=False) for each in trusted if each != UNIX)


def place_of(peer: str | None, forwarded: Iterable[str], trusted: tuple[Network, ...], *, trust_unix: bool) -> str:
    """The place that a request comes from: its peer's, or the one that the nearest trusted proxies say they forwarded it for.

    `peer` is None on a Unix socket; `forwarded` are the values of X-Forwarded-For in their order.
    """
    if peer is None and not trust_unix:
        return UNIX
    here = peer
    hops = ",".join(forwarded)[-4000:].split(",")[-_HOPS:]
    while hops and (here is None or _is_trusted(here, trusted)):
        claimed = hops.pop().strip()
        if _address(claimed) is None:
            break
        here = claimed
    return UNIX if here is None else _prefix(here)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, ipaddress.IPv6Address) else found


def _is_trusted(text: str, trusted: tuple[Network, ...]) -> bool:
    found = _address(text)
    return found is not None and any(found in network for network in trusted)


def _prefix(text: str) -> str:
    found = _address(text)
    if found is None:
        return text[:64]
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))
