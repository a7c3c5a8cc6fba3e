"""How much CPU it takes to understand one mail: bytes -> headers, texts, files, safe HTML, the reply's words and the verdict.

    python -m benchmarks.reading            # the benchmark's mix
    python -m benchmarks.reading FOLDER     # every *.eml below a folder of your own

Each mail is read a few times and its best time counts: what is asked for is the cost of the reading, not of the machine's other work.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mails import generate
from gateway.mail.understand import Context, as_json, understand
from gateway.mail.write.texts import reply_markers

ROUNDS = 5
CONTEXT = Context(
    authserv_ids=frozenset(),
    own_addresses=frozenset(),
    own_markers=reply_markers(),
    size_limit=25 * 1024 * 1024,
    is_own_message_id=lambda _ident: False,
    is_own_loop=lambda _value: False,
)


@dataclass(frozen=True)
class Reading:
    """CPU of each mail, in milliseconds, in order."""

    each: tuple[float, ...]

    @property
    def median(self) -> float:
        """Half of the mails take less."""
        return statistics.median(self.each)

    def at(self, share: float) -> float:
        """So many of the mails take at most this."""
        return self.each[min(int(len(self.each) * share), len(self.each) - 1)]


def measure(mails: Sequence[bytes], rounds: int = ROUNDS) -> Reading:
    """Understand each of `mails` and write it as `gateway explain --json` does, safe HTML included."""
    best = [float("inf")] * len(mails)
    for _ in range(rounds):
        for number, raw in enumerate(mails):
            start = time.process_time()
            as_json("", understand(raw, CONTEXT))
            best[number] = min(best[number], time.process_time() - start)
    return Reading(tuple(sorted(1000 * seconds for seconds in best)))


def main(folders: list[str]) -> None:
    """Print the figures."""
    files = sorted(file for folder in folders for file in Path(folder).rglob("*.eml"))
    mails = [file.read_bytes() for file in files] if folders else [mail.raw for mail in generate(500)]
    found = measure(mails)
    print(f"{len(mails)} mails, {sum(map(len, mails)) / len(mails) / 1024:.1f} kB each, CPU a mail in ms (best of {ROUNDS}):")
    print(f"  median {found.median:.2f}   p95 {found.at(0.95):.2f}   p99 {found.at(0.99):.2f}   worst {found.each[-1]:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
