"""How the work grows with its input: measured so that a busy machine doesn't fail a sound piece, and no quadratic one passes.

Once and twice are measured in turns, so that both see the same machine, and the least of each counts. What is linear shows it in one of the
rounds; what is quadratic takes four times as long in each.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

_ROUNDS = 12
_LEAST_ROUNDS = 2
LIMIT = 2.6
"""What twice the input may cost, in times of once (CASES A3.14)."""


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU time of one call, in seconds, without the collector's."""
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def assert_linear(once: Callable[[], object], twice: Callable[[], object], *, too_quick: float = 0.01, ceiling: float = 2.0) -> None:
    """Hold `twice`, the same work on twice the input, to less than 2.6 times the cost of `once`, and to `ceiling` seconds.

    What takes less than `too_quick` seconds of CPU is too quick to be measured and passes.
    """
    short = long = float("inf")
    for number in range(1, _ROUNDS + 1):
        short, long = min(short, cpu_seconds(once)), min(long, cpu_seconds(twice))
        if number >= _LEAST_ROUNDS and (long < too_quick or long < LIMIT * short) and long < ceiling:
            return
    raise AssertionError(f"{short:.3f} s once, {long:.3f} s twice")


def assert_within(work: Callable[[], object], seconds: float) -> None:
    """Hold `work` to `seconds` of CPU in the best of a few runs."""
    best = float("inf")
    for _ in range(_ROUNDS):
        best = min(best, cpu_seconds(work))
        if best < seconds:
            return
    raise AssertionError(f"{best:.3f} s, more than {seconds:.3f} s")
