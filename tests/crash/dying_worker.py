"""A worker that dies on purpose: at its n-th commit, before or after it, for every n; or whenever it reads a poisonous mail.

Run as a script, `python -m tests.crash.dying_worker URL FOLDER before|after|poison`, on a database at this release's tables: every life
is a fork of a process without threads. A life dies, the next one goes on; what it left is printed as one JSON line for the test to
judge. Doors, desk and store are the real ones; the wire is a file, and a mail is on it when its line is.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.desk import deliver, receive
from gateway.desk.office import DeskRules, Office, Policy
from gateway.domain.delivery import Outcome, Sent
from gateway.domain.people import Role
from gateway.mail.signed.address import Signer
from gateway.mail.write.render import Renderer
from gateway.mail.write.texts import reply_markers
from gateway.runtime import logs
from gateway.runtime.data import data_path
from gateway.runtime.doors import DeskLedger
from gateway.runtime.worker_name import is_dead, worker_name
from gateway.runtime.workflow_file import load_workflow
from gateway.store import leases, people, schema
from gateway.store.blobs import Blobs
from gateway.store.engine import Store
from gateway.transport.imap import FetchedMail
from tests.crash.mixed_mails import DESK, MixedMail, Mixer
from tests.store.fresh import sqlite_store

POINTS = {
    ("record", "receive.py"): "T1 record",
    ("_work", "receive.py"): "T2 receive",
    ("work", "receive.py"): "T2 attempt",
    ("claim", "deliver.py"): "T3 claim",
    ("_before_dot", "deliver.py"): "T3 renew",
    ("_settle", "deliver.py"): "T4 settle",
}
"""Which function's commit is which transaction of the design."""
KINDS = ("plain", "file", "again", "reply")
DIED = 9
POISON = b"X-Test-Poison: yes\r\n"
AGENT = "anna@example.org"

When = str


def mails(when: When) -> list[MixedMail]:
    """What comes in: in the poisonous case, one mail more, in the midst of the others."""
    mixer = Mixer(1)
    found = [mixer.next(kind) for kind in KINDS]
    if when == "poison":
        bad = mixer.next("html")
        found.insert(2, MixedMail("poison", POISON + bad.raw, "parked"))
    return found


@dataclass
class Wire:
    """A relay whose memory is a file."""

    file: Path

    def send(self, mail_from: str, recipient: str, data: bytes, *, before_dot: Callable[[], bool] = lambda: True) -> Outcome:
        """Take the mail."""
        assert before_dot()
        with self.file.open("ab", buffering=0) as file:
            file.write(str(message_from_bytes(data)["Message-ID"]).encode() + b"\n")
        return Sent("250 2.0.0 kept")


def build(url: str, folder: Path) -> Office:
    """One desk on this database."""
    desk = DeskRules("SUP", "Support", DESK, (), "noreply@example.org", "+", "en", ("en",), "open", ())
    return Office(
        store=Store(url),
        blobs=Blobs(folder / "blobs", 16_384),
        signer=Signer({0: b"k" * 32}),
        workflow=load_workflow(data_path("config", "workflow.toml")),
        desks={"SUP": desk},
        policy=Policy(merge_window=timedelta(0), undo=timedelta(0)),
        instance="example.org",
        markers=reply_markers(),
    )


def empty(office: Office, wire: Path) -> None:
    """An installation on its first day, with one agent."""
    with office.store.write() as connection:
        for table in reversed(schema.metadata.sorted_tables):
            connection.execute(sa.delete(table))
        people.add(
            connection, name="Anna", role=Role.AGENT, address=AGENT, language="en", organisation_id=None, verified=True, now=office.now()
        )
    DeskLedger(office, "SUP", lambda: None).start("main", "INBOX", 1, 0)
    wire.unlink(missing_ok=True)


def live(office: Office, renderer: Renderer, wire: Path, arriving: Sequence[MixedMail]) -> None:
    """What a worker does: free what the dead one held, read the mailbox, give mails their effect, send; until nothing is left."""
    ledger = DeskLedger(office, "SUP", lambda: None)
    owner = worker_name()
    with office.store.write() as connection:
        leases.release(connection, [name for name in leases.owners(connection) if is_dead(name)])
    cursor = ledger.cursor("main", "INBOX")
    assert cursor is not None
    fetched = [
        FetchedMail(uid=uid, raw=m.raw, size=len(m.raw), received_at=datetime.now(UTC), whole=True)
        for uid, m in enumerate(arriving, 1)
        if uid > cursor.last_uid
    ]
    for first in range(0, len(fetched), 2):
        some = fetched[first : first + 2]
        ledger.record("main", "INBOX", 1, some, last_uid=some[-1].uid, silent_before=None)
    while receive.work(office, owner=owner, limit=3).done:
        pass
    while claimed := deliver.claim(office, owner=owner, limit=3):
        for delivery in claimed:
            deliver.deliver(office, renderer, Wire(wire), delivery, owner=owner, claimed_at=office.store.now())


def die_at(number: int, when: When) -> None:
    """From here on the commit of this number is the last thing that the process does, or does not do."""
    done = 0
    real = Store.write

    @contextlib.contextmanager
    def write(store: Store) -> Iterator[Connection]:
        nonlocal done
        done += 1
        point = _point() if done == number else ""
        with real(store) as connection:
            yield connection
            if point and when == "before":
                _die(point)
        if point:
            _die(point)

    Store.write = write  # type: ignore[method-assign]


def _point() -> str:
    """The transaction that is being opened."""
    frame = sys._getframe()
    while frame is not None:
        name = (frame.f_code.co_name, Path(frame.f_code.co_filename).name)
        if name in POINTS:
            return POINTS[name]
        frame = frame.f_back
    return "start"


def _die(point: str) -> None:
    os.write(1, json.dumps({"died": point}).encode() + b"\n")
    os._exit(DIED)


def poison_kills() -> None:
    """From here on, reading the poisonous mail ends the process at once, as a segmentation fault or the kernel's memory killer does."""
    real = receive.understand

    def understand(raw: bytes, *rest: Any, **named: Any) -> Any:
        if raw.startswith(POISON):
            _die("poison")
        return real(raw, *rest, **named)

    receive.understand = understand


def fork(life: Callable[[], None]) -> bool:
    """Run `life` in a process of its own; whether it died."""
    child = os.fork()
    if child == 0:
        life()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, DIED}, f"a life ended with {code}"
    return code == DIED


def account(office: Office, wire: Path) -> dict[str, Any]:
    """What has become of the mails."""
    with office.store.read() as connection:
        intake = connection.execute(sa.select(schema.intake).order_by(schema.intake.c.uid)).all()
        deliveries = connection.execute(sa.select(schema.deliveries)).all()
        comments = connection.execute(sa.select(schema.comments.c.kind, schema.comments.c.intake_id)).all()
        tickets = connection.execute(sa.select(sa.func.count()).select_from(schema.tickets)).scalar_one()
    on_wire = Counter(wire.read_text(encoding="ascii").split()) if wire.exists() else Counter()
    return {
        "intake": [[row.state, row.outcome, row.attempts, row.park_reason] for row in intake],
        "tickets": tickets,
        "comments": len(comments),
        "deliveries": sorted([row.mail, row.state, on_wire[row.message_id]] for row in deliveries),
        "strays": len(set(on_wire) - {row.message_id for row in deliveries}),
    }


def main(url: str, folder: Path, when: When) -> None:
    """All the lives there are."""
    logs.configure(form="kv", level="error", full_addresses=False)
    renderer = Renderer(data_path("templates", "mail"), data_path("templates", "locale"))
    wire, arriving = folder / f"wire-{when}", mails(when)

    def first(number: int) -> None:
        office = build(url, folder)
        if number == 1 or when != "poison":
            empty(office, wire)
        poison_kills() if when == "poison" else die_at(number, when)
        live(office, renderer, wire, arriving)

    def second() -> None:
        office = build(url, folder)
        if when != "poison":
            live(office, renderer, wire, arriving)
        print(json.dumps(account(office, wire)), flush=True)

    with tempfile.TemporaryDirectory() as other, sqlite_store(Path(other)) as store:
        practice = build(store.url.render_as_string(), Path(other))
        empty(practice, Path(other, "wire"))
        live(practice, renderer, Path(other, "wire"), arriving)  # templates are compiled once, for all lives
        practice.store.close()
    number, died = 0, True
    while died:
        number += 1
        died = fork(lambda number=number: first(number))  # type: ignore[misc]
        if died != (when == "poison"):
            fork(second)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
