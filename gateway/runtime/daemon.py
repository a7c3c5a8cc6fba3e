"""`gateway run`: all threads of one worker, started in order, watched, and stopped so that the mail in hand is finished.

One daemon on SQLite (a lock says who holds the file); any number of workers on PostgreSQL. systemd's watchdog is fed only after a real
round trip through the database, and only while every thread comes round (CASES B54).
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from gateway import __version__
from gateway.runtime import scheduler
from gateway.runtime.bell import Bell
from gateway.runtime.doors import LmtpMailDoor, Mailboxes
from gateway.runtime.health import Health, HealthListener
from gateway.runtime.loops import Loop, ReceiveLoop, SendLoop
from gateway.runtime.metrics import Metrics
from gateway.runtime.notify import sd_notify
from gateway.runtime.process_lock import process_lock
from gateway.runtime.settings import Settings, split_listen
from gateway.runtime.wiring import Installation, install, smtp_account
from gateway.runtime.worker_name import is_dead, worker_name
from gateway.store import leases
from gateway.transport.login_brake import LoginBrake
from gateway.transport.smtp import SmtpSender

STOP_SECONDS = 20.0
"""How long a stop waits for the mail in hand."""
HUNG_SECONDS = 600.0
"""A thread that has not come round for so long hangs: longer than any time-out of a peer."""
RECEIVE_BATCH = 50

log = structlog.get_logger()


@dataclass
class Worker:
    """One process at work. `start` returns at once, `stop` waits for the mail in hand."""

    installation: Installation
    owner: str = field(default_factory=worker_name)
    stopping: threading.Event = field(default_factory=threading.Event)
    metrics: Metrics = field(default_factory=Metrics)
    import_since: date | None = None
    """The first start of a mailbox brings its mails since this day in, silently; without it, none."""

    def __post_init__(self) -> None:
        office, settings = self.installation.office, self.installation.settings
        self.arrived, self.queued = Bell(), Bell()
        brake = LoginBrake()
        in_hand: set[int] = set()
        posts = [SmtpSender(smtp_account(settings.smtp), brake=brake) for _ in range(settings.smtp.senders)]
        self.loops: list[Loop] = [
            ReceiveLoop(office, self.owner, self.stopping, self.metrics, bell=self.arrived, ring=self.queued.ring, batch=RECEIVE_BATCH),
            *(
                SendLoop(
                    f"send-{number}",
                    office,
                    self.installation.renderer,
                    self.owner,
                    self.stopping,
                    self.metrics,
                    bell=self.queued,
                    post=post,
                    hang_up=post.close,
                    in_hand=in_hand,
                )
                for number, post in enumerate(posts, start=1)
            ),
        ]
        self.health = Health(office, threads=self.idle_threads)
        self.mailboxes = Mailboxes(
            self.installation,
            self.owner,
            self.stopping,
            self.metrics,
            self.health,
            ring=self.arrived.ring,
            import_since=self.import_since,
        )
        self.lmtp = LmtpMailDoor(self.installation, ring=self.arrived.ring) if settings.lmtp.enabled else None
        self.listener: HealthListener | None = None
        self._scheduler: Any = None

    def start(self) -> None:
        """Start all threads; raises what keeps one from starting (an address in use)."""
        office = self.installation.office
        with office.store.write() as connection:
            # On SQLite nobody else can be alive; on PostgreSQL only those are surely dead who died on this machine.
            dead = leases.owners(connection)
            leases.release(connection, dead if office.store.is_sqlite else [owner for owner in dead if is_dead(owner)])
        self.metrics.watch(office)
        self.listener = HealthListener(split_listen(self.installation.settings.health.listen), self.health, self.metrics)
        self.listener.start()
        for loop in self.loops:
            loop.start()
        self._scheduler = scheduler.start(office, self._ring)
        if self.lmtp is not None:
            self.lmtp.start()
        self.mailboxes.start()

    def _ring(self) -> None:
        self.arrived.ring()
        self.queued.ring()

    def stop(self) -> bool:
        """Stop: no new mail is taken, the mail in hand is finished. False when a thread did not end in time."""
        self.stopping.set()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        if self.lmtp is not None:
            self.lmtp.stop()
        self._ring()
        deadline = time.monotonic() + STOP_SECONDS
        threads = [*(loop.thread for loop in self.loops if loop.thread.ident), *self.mailboxes.threads]
        for thread in threads:
            thread.join(max(deadline - time.monotonic(), 0.01))
        if self.listener is not None:
            self.listener.stop()
            self.listener = None
        return not any(thread.is_alive() for thread in threads)

    def idle_threads(self) -> list[str]:
        """Threads that should work and do not."""
        now = time.monotonic()
        found = [loop.name for loop in self.loops if not loop.thread.is_alive() or now - loop.beat > HUNG_SECONDS]
        return found + [thread.name for thread in self.mailboxes.threads if not thread.is_alive()]


def run(settings: Settings, *, import_since: date | None = None, once_ready: Callable[[Worker], None] = lambda _: None) -> int:
    """Run until SIGTERM or SIGINT. Exit status: 0 after a clean stop, 1 when a thread had to be left behind.

    Raises ConfigError, StoreError or LockHeldError before anything has started.
    """
    with _alone(settings):
        worker = Worker(install(settings), import_since=import_since)
        with _signals(worker.stopping):
            try:
                worker.start()
            except BaseException:
                worker.stop()  # what had started must not keep the process alive
                raise
            log.info("gateway.ready", version=__version__, worker=worker.owner, mailboxes=len(settings.mailbox))
            sd_notify("READY=1", f"STATUS=ready, {len(settings.mailbox)} mailboxes")
            once_ready(worker)
            _watch(worker)
            sd_notify("STOPPING=1")
            log.info("gateway.stopping")
            clean = worker.stop()
        worker.installation.office.store.close()
    log.info("gateway.stopped", clean=clean)
    return 0 if clean else 1


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """On SQLite, the lock that keeps a second daemon off the file (ruling 13)."""
    url = settings.database.url
    if not url.startswith("sqlite:///"):
        yield
        return
    with process_lock(Path(url.removeprefix("sqlite:///"))):
        yield


@contextlib.contextmanager
def _signals(stopping: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT mean: finish and stop."""

    def stop(*_: object) -> None:
        stopping.set()

    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, stop) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(worker: Worker) -> None:
    """Wait for the stop, feeding systemd's watchdog while the work really goes on."""
    microseconds = int(os.environ.get("WATCHDOG_USEC", "0"))
    pause = microseconds / 3_000_000 if microseconds else 10.0
    while not worker.stopping.wait(pause):
        idle = worker.idle_threads()
        try:
            worker.health.round_trip()
        except DBAPIError as error:
            log.error("watchdog.database", error=str(error)[:300])
            continue
        if idle:
            log.error("watchdog.threads", idle=",".join(idle))
            continue
        sd_notify("WATCHDOG=1")
