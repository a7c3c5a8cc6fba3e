"""`gateway run`: all threads of one worker, started in order, watched, and stopped so that the mail in hand is finished.

One daemon on SQLite (a lock says who holds the file); any number of workers on PostgreSQL, each with the roles that it is given. systemd's
watchdog is fed only after a real round trip through the database, and only while every thread of these roles comes round (CASES B54).
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
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from gateway import __version__
from gateway.runtime import scheduler
from gateway.runtime.bell import Bell
from gateway.runtime.doors import LmtpMailDoor, Mailboxes, page_door
from gateway.runtime.health import Health, HealthListener
from gateway.runtime.loops import Loop, ReceiveLoop, ScheduleLoop, SendLoop
from gateway.runtime.metrics import Metrics
from gateway.runtime.notify import sd_notify
from gateway.runtime.process_lock import process_lock
from gateway.runtime.roles import EVERY_ROLE, Role, in_order, refuse_apart
from gateway.runtime.sandbox import Sandbox
from gateway.runtime.settings import Settings, split_listen
from gateway.runtime.wiring import Installation, install, smtp_account
from gateway.runtime.worker_name import is_dead, worker_name
from gateway.store import leases
from gateway.transport.login_brake import LoginBrake
from gateway.transport.smtp import SmtpSender
from gateway.web.server import WebDoor

STOP_SECONDS = 20.0
"""How long a stop waits for the mail in hand."""
HUNG_SECONDS = 600.0
"""A thread that has not come round for so long hangs: longer than any time-out of a peer."""
RECEIVE_BATCH = 50

log = structlog.get_logger()


class Door(Protocol):
    """Something that listens for peers."""

    def start(self) -> None:
        """Listen, in threads of its own. Raises OSError when the address is taken."""

    def stop(self) -> None:
        """Finish what is in hand and close; no harm to one that never started."""


@dataclass
class Worker:
    """One process at work, in its roles. `start` returns at once, `stop` waits for the mail in hand."""

    installation: Installation
    owner: str = field(default_factory=worker_name)
    stopping: threading.Event = field(default_factory=threading.Event)
    metrics: Metrics = field(default_factory=Metrics)
    import_since: date | None = None
    """The first start of a mailbox brings its mails since this day in, silently; without it, none."""

    roles: frozenset[Role] = EVERY_ROLE

    def __post_init__(self) -> None:
        self.arrived, self.queued, self.rung = Bell(), Bell(), Bell()
        self.health = Health(self.installation.office, threads=self.idle_threads, sends=Role.SEND in self.roles)
        self.loops: list[Loop] = [*self._receivers(), *self._senders(), *self._timers()]
        self.mailboxes = Mailboxes(
            self.installation,
            self.owner,
            self.stopping,
            self.metrics,
            self.health,
            ring=self.arrived.ring,
            import_since=self.import_since,
        )
        self.doors: list[Door] = list(self._doors())
        self.listener: HealthListener | None = None
        self._scheduler: Any = None
        self._rung = time.monotonic()

    def _receivers(self) -> Iterator[Loop]:
        if Role.INTAKE in self.roles:
            office, ring = self.installation.office, self.queued.ring
            yield ReceiveLoop(
                office,
                self.owner,
                self.stopping,
                self.metrics,
                bell=self.arrived,
                ring=ring,
                batch=RECEIVE_BATCH,
                sandbox=Sandbox(),
            )

    def _senders(self) -> Iterator[Loop]:
        if Role.SEND not in self.roles:
            return
        smtp = self.installation.settings.smtp
        brake, in_hand = LoginBrake(), set[int]()
        for number in range(1, smtp.senders + 1):
            post = SmtpSender(smtp_account(smtp), brake=brake)
            yield SendLoop(
                f"send-{number}",
                self.installation.office,
                self.installation.renderer,
                self.owner,
                self.stopping,
                self.metrics,
                bell=self.queued,
                post=post,
                hang_up=post.close,
                in_hand=in_hand,
            )

    def _timers(self) -> Iterator[Loop]:
        if Role.SCHEDULE in self.roles:
            yield ScheduleLoop(self.installation.office, self.stopping, self.metrics, bell=self.rung, ring=self.queued.ring)

    def _doors(self) -> Iterator[Door]:
        """Whatever listens, by role: the one place where a door is hung."""
        settings = self.installation.settings
        if Role.INTAKE in self.roles and settings.lmtp.enabled:
            yield LmtpMailDoor(self.installation, ring=self.arrived.ring)
        if Role.WEB in self.roles and settings.web.base_url:
            yield page_door(self.installation)

    def start(self) -> None:
        """Start all threads; raises what keeps one from starting (an address in use)."""
        office = self.installation.office
        with office.store.write() as connection:
            # On SQLite nobody else can be alive; on PostgreSQL only those are surely dead who died on this machine.
            dead = leases.owners(connection)
            leases.release(connection, dead if office.store.is_sqlite else [owner for owner in dead if is_dead(owner)])
        self.metrics.watch(office, intake=Role.INTAKE in self.roles, outbox=Role.SEND in self.roles)
        self.listener = HealthListener(split_listen(self.installation.settings.health.listen), self.health, self.metrics)
        self.listener.start()
        for loop in self.loops:
            loop.start()
        if Role.SCHEDULE in self.roles:
            self._rung = time.monotonic()
            self._scheduler = scheduler.start(office, self._rings)
        for door in self.doors:
            door.start()
        if Role.INTAKE in self.roles:
            self.mailboxes.start()

    def _rings(self) -> None:
        """The scheduler's ring, which is its sign of life too."""
        self._rung = time.monotonic()
        self._ring()

    def _ring(self) -> None:
        self.arrived.ring()
        self.queued.ring()
        self.rung.ring()

    def stop(self) -> bool:
        """Stop: no new mail is taken, the mail in hand is finished. False when a thread did not end in time."""
        self.stopping.set()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        for door in self.doors:
            door.stop()
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
        if self._scheduler is not None and now - self._rung > HUNG_SECONDS:
            found.append("scheduler")
        found += ["web" for door in self.doors if isinstance(door, WebDoor) and not door.is_alive()]
        return found + [thread.name for thread in self.mailboxes.threads if not thread.is_alive()]


def run(
    settings: Settings,
    *,
    import_since: date | None = None,
    roles: frozenset[Role] = EVERY_ROLE,
    once_ready: Callable[[Worker], None] = lambda _: None,
) -> int:
    """Run in these roles until SIGTERM or SIGINT. Exit status: 0 after a clean stop, 1 when a thread had to be left behind.

    Raises ConfigError, StoreError or LockHeldError before anything has started.
    """
    refuse_apart(roles, settings.database.url)
    with _alone(settings):
        worker = Worker(install(settings), import_since=import_since, roles=roles)
        with _signals(worker.stopping):
            try:
                worker.start()
            except BaseException:
                worker.stop()  # what had started must not keep the process alive
                raise
            _say_ready(worker)
            once_ready(worker)
            _watch(worker)
            sd_notify("STOPPING=1")
            log.info("gateway.stopping")
            clean = worker.stop()
        worker.installation.office.store.close()
    log.info("gateway.stopped", clean=clean)
    return 0 if clean else 1


def _say_ready(worker: Worker) -> None:
    mailboxes = len(worker.installation.settings.mailbox) if Role.INTAKE in worker.roles else 0
    does = in_order(worker.roles)
    log.info("gateway.ready", version=__version__, worker=worker.owner, roles=does, mailboxes=mailboxes)
    sd_notify("READY=1", f"STATUS=ready: {does}; {mailboxes} mailboxes")


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
