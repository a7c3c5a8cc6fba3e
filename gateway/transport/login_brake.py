"""How often a refused login may be tried again (CASES B14): providers lock an account that asks too often with a wrong password.

Shared by the threads that use one account, so that five senders do not make five times the tries.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LOGINS_BEFORE_PAUSE = 3
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 1800.0
"""Seconds: after three refused logins nobody asks again for a minute, doubling up to half an hour (CASES B14)."""


class LoginBrake:
    """Keeps refused logins rare, so that a provider does not lock the account; one for all senders of an account."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._refused = 0
        self._until = 0.0

    def pause(self) -> float:
        """Seconds until a login may be tried again; 0 when it may now."""
        with self._lock:
            return max(0.0, self._until - self._clock())

    def refused(self) -> None:
        """Note a refused login."""
        with self._lock:
            self._refused += 1
            over = self._refused - LOGINS_BEFORE_PAUSE
            if over >= 0:
                self._until = self._clock() + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(over, 10))

    def accepted(self) -> None:
        """Note a good login."""
        with self._lock:
            self._refused, self._until = 0, 0.0
