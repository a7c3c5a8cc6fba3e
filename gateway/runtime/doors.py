"""Connects the doors with the desk: what comes in becomes rows of the ledger (T1), and only then is it acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from gateway.desk import receive
from gateway.desk.office import Office
from gateway.runtime.data import data_path
from gateway.runtime.health import Health, MailboxHealth
from gateway.runtime.mailbox_loop import MailboxLoop, MailboxPlan
from gateway.runtime.metrics import Metrics
from gateway.runtime.settings import MailboxSettings, split_listen
from gateway.runtime.wiring import Installation, imap_account
from gateway.store import intake, leases
from gateway.store.intake import Arrival, Cursor
from gateway.transport.imap import After, FetchedMail
from gateway.transport.lmtp import Accept, LmtpDoor, Refuse
from gateway.web.app import build
from gateway.web.server import WebDoor

log = structlog.get_logger()


class DeskLedger:
    """The port of a mailbox loop: cursors and mails of one mailbox, in the database."""

    def __init__(self, office: Office, desk: str, ring: Callable[[], None]) -> None:
        self._office, self._desk, self._ring = office, desk, ring

    def cursor(self, mailbox: str, folder: str) -> Cursor | None:
        """How far the folder was read."""
        with self._office.store.read() as connection:
            return intake.cursor(connection, mailbox, folder)

    def start(self, mailbox: str, folder: str, uidvalidity: int, last_uid: int) -> None:
        """Begin behind `last_uid`: what lies before is not ours to read."""
        at = Cursor(uidvalidity, last_uid, self._office.now())
        with self._office.store.write() as connection:
            intake.set_cursor(connection, mailbox, folder, at)

    def record(
        self,
        mailbox: str,
        folder: str,
        uidvalidity: int,
        mails: Sequence[FetchedMail],
        *,
        last_uid: int | None,
        silent_before: datetime | None,
    ) -> None:
        """T1 for a batch, with the cursor at `last_uid` unless that is None."""
        arrivals = [
            Arrival(
                desk=self._desk,
                door="imap",
                raw=mail.raw or b"",
                received_at=mail.received_at,
                mailbox=mailbox,
                folder=folder,
                uidvalidity=uidvalidity,
                uid=mail.uid,
                size=mail.size,
                whole=mail.whole,
                silent=silent_before is not None and mail.received_at < silent_before,
            )
            for mail in mails
        ]
        at = None if last_uid is None else (mailbox, folder, Cursor(uidvalidity, last_uid, self._office.now()))
        new = receive.record(self._office, arrivals, cursor=at)
        if mails:
            log.info("mail.recorded", mailbox=mailbox, folder=folder, mails=len(mails), new=new, last_uid=last_uid)
            self._ring()

    def recorded(self, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
        """Those of `uids` that are in the ledger."""
        with self._office.store.read() as connection:
            return intake.recorded(connection, mailbox, folder, uidvalidity, uids)


class Mailboxes:
    """A thread for each folder of each mailbox. On PostgreSQL a lease says which worker reads it."""

    def __init__(
        self,
        installation: Installation,
        owner: str,
        stop: threading.Event,
        metrics: Metrics,
        health: Health,
        *,
        ring: Callable[[], None],
        import_since: date | None = None,
    ) -> None:
        self._installation, self._owner, self._stop, self._import_since = installation, owner, stop, import_since
        self._metrics, self._health, self._ring = metrics, health, ring
        self.threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start them all."""
        for name, mailbox in self._installation.settings.mailbox.items():
            for folder in mailbox.folders:
                thread = threading.Thread(target=self._keep, args=(name, mailbox, folder), name=f"imap-{name}-{folder}")
                self.threads.append(thread)
                # Known before it is read: until then /readyz must not say that all is well.
                self._health.mailboxes[f"{name}/{folder}"] = MailboxHealth(mailbox.poll_seconds)
                thread.start()

    def _keep(self, name: str, mailbox: MailboxSettings, folder: str) -> None:
        """Read the folder whenever the lease is ours."""
        lease = f"mailbox {name}/{folder}"
        while not self._stop.is_set():
            try:
                if self._holds(lease):
                    self._read(name, mailbox, folder, lease)
                else:  # another worker reads it, and answers for it
                    self._health.mailboxes.pop(f"{name}/{folder}", None)
            except Exception:
                log.exception("mailbox.error", mailbox=name, folder=folder)
            self._stop.wait(self._lease.total_seconds() / 4)
        if not self._installation.office.store.is_sqlite:
            with self._installation.office.store.write() as connection:
                leases.drop(connection, lease, owner=self._owner)

    @property
    def _lease(self) -> timedelta:
        return self._installation.office.policy.lease

    def _holds(self, lease: str) -> bool:
        store = self._installation.office.store
        if store.is_sqlite:
            return True
        now = store.now()
        with store.write() as connection:
            return leases.take(connection, lease, owner=self._owner, now=now, until=now + self._lease)

    def _read(self, name: str, mailbox: MailboxSettings, folder: str, lease: str) -> None:
        """Run the loop until the stop, or until another worker has the lease. Two readers would do no harm, only work twice."""
        ended = threading.Event()
        health = self._health.mailboxes.setdefault(f"{name}/{folder}", MailboxHealth(mailbox.poll_seconds))

        def heard(error: str | None) -> None:
            health.error = error
            if error is None:
                health.last_success = time.monotonic()
                self._metrics.mailbox_success.labels(f"{name}/{folder}").set(time.time())

        plan = MailboxPlan(
            mailbox=name,
            folder=folder,
            account=imap_account(mailbox),
            after=After(mailbox.after),
            flag=mailbox.flag,
            move_to=mailbox.move_to,
            idle=mailbox.idle,
            poll_seconds=mailbox.poll_seconds,
            size_limit=self._installation.office.policy.size_limit,
            import_since=self._import_since,
        )
        loop = MailboxLoop(plan, DeskLedger(self._installation.office, mailbox.desk, self._ring), stop=ended, health=heard)
        thread = threading.Thread(target=loop.run, name=f"imap-{name}-{folder}-reader")
        thread.start()
        pause = 0.2 if self._installation.office.store.is_sqlite else self._lease.total_seconds() / 3
        while thread.is_alive() and not self._stop.wait(pause) and self._holds(lease):
            pass
        ended.set()
        thread.join()
        self._health.mailboxes.pop(f"{name}/{folder}", None) if not self._stop.is_set() else None


def page_door(installation: Installation) -> WebDoor:
    """The page of `[web]`. Raises ValueError for a trusted proxy that is no address, CatalogueError where texts are missing."""
    settings = installation.settings
    signer = installation.office.signer
    app = build(
        installation.office,
        secret=signer.mac(signer.current, "page-forms", b"", 32),
        templates=data_path("templates"),
        trusted_proxies=tuple(settings.web.trusted_proxies),
        zone=ZoneInfo(settings.timers.time_zone),
    )
    return WebDoor(app, split_listen(settings.web.listen))


class LmtpMailDoor:
    """The LMTP door: 250 after the commit, 451 when it could not be, 550 for what is no address of a desk."""

    def __init__(self, installation: Installation, *, ring: Callable[[], None]) -> None:
        self._office, self._ring = installation.office, ring
        settings = installation.settings
        self.door = LmtpDoor(
            settings.lmtp.listen,
            self._accept,
            self._record,
            settings.mail.size_limit,
            hostname=settings.instance,
        )

    def start(self) -> None:
        """Listen. Raises OSError when the address is taken."""
        self.door.start()

    def stop(self) -> None:
        """Finish what is being recorded and close."""
        self.door.stop()

    def _accept(self, recipient: str) -> Accept | Refuse:
        return Accept() if self._office.desk_of(recipient) else Refuse(550, "5.1.1 no such address at this help desk")

    def _record(self, mail_from: str, recipients: tuple[str, ...], raw: bytes) -> None:
        """T1. A mail to several addresses of one desk is one row that names them all."""
        now = datetime.now(UTC)
        by_desk: dict[str, list[str]] = {}
        for recipient in recipients:
            desk = self._office.desk_of(recipient)
            if desk is not None:
                by_desk.setdefault(desk.prefix, []).append(recipient.lower())
        arrivals = [
            Arrival(desk=desk, door="lmtp", raw=raw, received_at=now, envelope_from=mail_from, envelope_to=" ".join(names))
            for desk, names in by_desk.items()
        ]
        receive.record(self._office, arrivals)
        log.info("mail.recorded", door="lmtp", mails=len(arrivals), size=len(raw))
        self._ring()
