"""A gateway that stops itself (SIGSTOP) in the midst of T2: after the effect of its third mail, before the commit.

`python -m tests.crash.stopping_gateway CONFIG`. A frozen virtual machine, or one whose network is gone, looks like this to the others.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from gateway.desk import receive
from gateway.desk.letter import Letter
from gateway.desk.office import Story
from gateway.runtime import daemon, logs, settings

AT = 3


def stop_within() -> None:
    """From here on, the third effect is followed by a stop."""
    real, done = receive._effect, 0

    def effect(story: Story, letter: Letter, owner: str) -> receive.Effect:
        nonlocal done
        became = real(story, letter, owner)
        done += 1
        if done == AT:
            os.kill(os.getpid(), signal.SIGSTOP)
        return became

    receive._effect = effect


if __name__ == "__main__":
    stop_within()
    logs.configure(form="kv", level="info", full_addresses=True)
    sys.exit(daemon.run(settings.load(Path(sys.argv[1]))))
