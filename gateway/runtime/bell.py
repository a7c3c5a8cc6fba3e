"""A bell that one thread rings and another sleeps by. What is to be done is always asked from the database: a lost ring costs a second."""

from __future__ import annotations

import threading


class Bell:
    """`ring` wakes the sleeper of `wait`, or spares him the next sleep."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """Wake whoever waits."""
        self._rung.set()

    def wait(self, seconds: float) -> None:
        """Sleep until the bell rings, at most this long."""
        if self._rung.wait(seconds):
            self._rung.clear()
