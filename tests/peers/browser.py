"""A real Chromium without a window, one for a whole session; it talks to loopback only.

About once in a thousand tests on a busy machine it answers no more, and nothing of Playwright's ends such a wait. So it is watched: after a
minute of silence it is killed, which ends the test, and the next one gets a new Chromium.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.peers.missing import missing

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60.0
"""Seconds for one test; the longest takes five."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


class Chromium:
    """A Chromium that is started when it is asked for and not there. `killed` counts how often it had to be."""

    def __init__(self, playwright: Playwright, binary: str) -> None:
        self.killed = 0
        self._playwright, self._binary = playwright, binary
        self._mark = f"--tests-mark={secrets.token_hex(8)}"
        self._browser: Browser | None = None

    @contextlib.contextmanager
    def watched(self, seconds: float = PATIENCE) -> Iterator[Browser]:
        """The running browser, for at most so long."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._playwright.chromium.launch(executable_path=self._binary, headless=True, args=[*FLAGS, self._mark])
        guard = threading.Timer(seconds, self._kill)
        guard.daemon = True
        guard.start()
        try:
            yield self._browser
        finally:
            guard.cancel()

    def _kill(self) -> None:
        self.killed += 1
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self._mark.encode() in (process / "cmdline").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)

    def close(self) -> None:
        """End it."""
        if self._browser is not None:
            self._browser.close()


@contextlib.contextmanager
def chromium() -> Iterator[Chromium]:
    """A Chromium; the test is skipped, or failed in CI, where there is none."""
    binary = next((found for name in NAMES if (found := shutil.which(name))), None)
    if binary is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        running = Chromium(playwright, binary)
        try:
            yield running
        finally:
            running.close()
