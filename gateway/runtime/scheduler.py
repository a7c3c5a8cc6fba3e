"""Rings bells by the clock. What is due is asked from the database, under its unique keys: a late or double bell does nothing wrong (F10).

APScheduler holds its jobs in memory; every process has a scheduler, and none is the leader.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from gateway.desk import housekeep
from gateway.desk.office import Office

RING_SECONDS = 30

log = structlog.get_logger()


def start(office: Office, ring: Callable[[], None]) -> BackgroundScheduler:
    """Start the bells; `shutdown(wait=False)` stops them."""
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    scheduler.add_job(ring, "interval", seconds=RING_SECONDS, id="ring")
    scheduler.add_job(_housekeep, "interval", hours=6, args=[office], id="retention")
    scheduler.start()
    return scheduler


def _housekeep(office: Office) -> None:
    dropped = 0
    while batch := housekeep.drop_old_mails(office):
        dropped += batch
    if dropped:
        log.info("retention.dropped", mails=dropped)
    housekeep.forget_posts(office)
