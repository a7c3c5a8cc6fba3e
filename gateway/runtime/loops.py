"""The threads that work: one that gives mails their effect, a few that send. Each survives whatever one round throws at it.

They keep nothing: what is to be done is asked from the database, so a thread may die at any instruction. Between rounds they sleep by a
bell; a ring that is lost costs a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime

import structlog

from gateway.desk import deliver, receive, timers
from gateway.desk.office import Office
from gateway.mail.write.render import Renderer
from gateway.runtime.bell import Bell
from gateway.runtime.metrics import Metrics
from gateway.runtime.sandbox import Sandbox
from gateway.store.outbox import Delivery

IDLE_SECONDS = 1.0
"""Longest sleep of a loop that nobody rang for: another worker's mails are seen by then."""
WORST_PAUSE = 30.0
SCHEDULE_SECONDS = 120.0
"""Longest sleep of the timers when no bell rings: a lost bell costs so much."""

log = structlog.get_logger()


class Loop:
    """A thread that calls `round` again and again until `stop` is set. `beat` is when it last came round (time.monotonic)."""

    def __init__(self, name: str, stop: threading.Event, metrics: Metrics) -> None:
        self.name = name
        self.stop = stop
        self.metrics = metrics
        self.beat = time.monotonic()
        self.thread = threading.Thread(target=self._run, name=name)

    def round(self) -> None:
        """One round of work, with its own sleep when there was none."""
        raise NotImplementedError

    def close(self) -> None:
        """Give back what the thread holds, at its end and after an error."""

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def _run(self) -> None:
        pause = 0.5
        while not self.stop.is_set():
            self.beat = time.monotonic()
            try:
                self.round()
                pause = 0.5
            except Exception as error:
                self.metrics.loop_errors.labels(self.name).inc()
                log.error("loop.error", loop=self.name, error=str(error)[:500], exc_info=pause > 1)
                self.close()
                self.stop.wait(pause)
                pause = min(pause * 2, WORST_PAUSE)
        self.close()


class ReceiveLoop(Loop):
    """T2, batch by batch: latency rules when idle, batches rule under backlog."""

    def __init__(
        self,
        office: Office,
        owner: str,
        stop: threading.Event,
        metrics: Metrics,
        *,
        bell: Bell,
        ring: Callable[[], None],
        batch: int,
        sandbox: Sandbox,
    ) -> None:
        super().__init__("receive", stop, metrics)
        self.office, self.owner, self.bell, self.ring, self.batch = replace(office, reader=sandbox.read), owner, bell, ring, batch
        self.sandbox = sandbox

    def round(self) -> None:
        """One batch."""
        start = time.perf_counter()
        worked = receive.work(self.office, owner=self.owner, limit=self.batch)
        if worked.done or worked.failed:
            seconds = time.perf_counter() - start
            self.metrics.inbound.inc(worked.done)
            self.metrics.inbound_failed.inc(worked.failed)
            self.metrics.inbound_seconds.observe(seconds)
            for effect in worked.effects:
                say = log.warning if effect.outcome == "parked" else log.info
                say(
                    "mail.in",
                    intake=f"i-{effect.intake_id}",
                    ticket=effect.ticket,
                    outcome=effect.outcome,
                    verdict=effect.verdict,
                    why=",".join(effect.why),
                    sender=effect.sender,
                    size=effect.size,
                )
            if worked.failed:
                log.warning("mail.failed", mails=worked.failed, hint="gateway parked list, if it goes on")
            self.ring()
        if not worked.done:
            self.bell.wait(IDLE_SECONDS)

    def close(self) -> None:
        """End the process that reads suspicious mail."""
        self.sandbox.stop()


class ScheduleLoop(Loop):
    """What is due by the calendar, whenever the scheduler's bell rings."""

    def __init__(self, office: Office, stop: threading.Event, metrics: Metrics, *, bell: Bell, ring: Callable[[], None]) -> None:
        super().__init__("schedule", stop, metrics)
        self.office, self.bell, self.ring = office, bell, ring

    def round(self) -> None:
        """One round of the timers."""
        ticked = timers.work(self.office)
        if ticked:
            log.info("timers.done", **{name: count for name, count in asdict(ticked).items() if count})
            self.ring()
        self.bell.wait(SCHEDULE_SECONDS)


class SendLoop(Loop):
    """T3, SMTP, T4: one kept connection, a few deliveries a claim. `in_hand` is shared by all senders of the process."""

    def __init__(
        self,
        name: str,
        office: Office,
        renderer: Renderer,
        owner: str,
        stop: threading.Event,
        metrics: Metrics,
        *,
        bell: Bell,
        post: deliver.Post,
        hang_up: Callable[[], None],
        in_hand: set[int],
        batch: int = 10,
    ) -> None:
        super().__init__(name, stop, metrics)
        self.office, self.renderer, self.owner, self.bell = office, renderer, owner, bell
        self.post, self.hang_up, self.batch = post, hang_up, batch
        self.in_hand = in_hand

    def round(self) -> None:
        """One claim and its deliveries."""
        claimed_at = self.office.store.now()
        deliveries = deliver.claim(self.office, owner=self.owner, limit=self.batch, in_hand=frozenset(self.in_hand))
        mine = {delivery.id for delivery in deliveries}
        self.in_hand |= mine
        try:
            for number, delivery in enumerate(deliveries):
                if self.stop.is_set():
                    deliver.give_back(self.office, deliveries[number:], owner=self.owner)
                    return
                self._one(delivery, claimed_at)
        finally:
            self.in_hand -= mine
        if len(deliveries) < self.batch:
            self.bell.wait(self._sleep())

    def _one(self, delivery: Delivery, claimed_at: datetime) -> None:
        self.beat = time.monotonic()
        start = time.perf_counter()
        settled = deliver.deliver(
            self.office,
            self.renderer,
            self.post,
            delivery,
            owner=self.owner,
            claimed_at=claimed_at,
            pause=self.stop.wait,
        )
        self.metrics.deliveries.labels(settled.state).inc()
        self.metrics.smtp_seconds.observe(time.perf_counter() - start)
        self._say(settled)

    def _say(self, settled: deliver.Settled) -> None:
        delivery = settled.delivery
        say = log.info if settled.state in {"sent", "cancelled"} else log.warning
        say(
            f"delivery.{settled.state}",
            delivery=f"o-{delivery.id}",
            ticket=delivery.message_id[1:].partition(".")[0],
            mail=delivery.mail,
            to=delivery.recipient,
            tries=delivery.tries,
            answer=settled.answer.strip().splitlines()[-1][:200] if settled.answer.strip() else "",
        )

    def _sleep(self) -> float:
        due = deliver.next_due(self.office)
        if due is None:
            return IDLE_SECONDS
        return min(max((due - self.office.store.now()).total_seconds(), 0.01), IDLE_SECONDS)

    def close(self) -> None:
        """Hang up."""
        self.hang_up()
