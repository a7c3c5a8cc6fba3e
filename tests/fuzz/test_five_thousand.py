"""Five thousand mails that nobody would send come in at the real door: each has one effect, none is lost, and none costs too much.

Drawn and damaged ones (tests.fuzz.mutate), and every bomb in several sizes, by IMAP and by LMTP; suspicious ones are read in the process
that the daemon reads them in. CPU is that of both processes; memory is the peak of the child and what this process grew by meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from gateway.desk import receive
from gateway.mail.read.suspicion import why_suspicious
from gateway.runtime.sandbox import Allowance, Sandbox
from gateway.store import schema
from gateway.store.engine import Store
from gateway.store.intake import Arrival
from tests.desk.scene import SUPPORT, Scene
from tests.fuzz.mutate import mail
from tests.mail.bombs import SIZES, TRICKS
from tests.store.fresh import sqlite_store

CPU_SECONDS = 2.0
MEMORY_KIB = 300 * 1024
SHARES = (1, 2, 8, 64, 512)
"""Of a bomb's largest size."""
ONE_OF = {
    # what the ledger calls it: which of the four it is
    **dict.fromkeys(("ticket", "stub"), "ticket"),
    **dict.fromkeys(("comment", "held", "note", "reply", "command-error"), "comment"),
    **dict.fromkeys(("filed", "not-filed", "loop", "duplicate", "undone", "help", "merged"), "filed"),
    **dict.fromkeys(("report-without-effect", "report-again", "DeliveryBounced", "DeliveryDelayed", "ComplaintReceived"), "filed"),
    "parked": "parked",
}
"""Each mail is exactly one of these."""
WITH_COMMENT = {"ticket", "stub", "comment", "held", "note", "reply", "command-error", "filed"}
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one mail cost."""

    name: str
    cpu: float
    own_kib: int
    child_kib: int
    suspicious: bool


class Meter:
    """A sandbox, and what its child has used. A child that ends over a mail counts no more, but then the mail has failed, and the test."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(replace(Allowance(), wall_seconds=60.0))

    def child_cpu(self) -> float:
        """Seconds of CPU that the child has used since it was started."""
        if self.sandbox.pid is None:
            return 0.0
        fields = Path(f"/proc/{self.sandbox.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK


def _kib(pid: int | str, what: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))


def _forget_peak(pid: int | str) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def mix(count: int, shares: Sequence[int], first: int, *, tricks: bool = True) -> Iterator[tuple[str, bytes]]:
    """`count` mails: every bomb in these shares of its largest size, every trick, and drawn and damaged ones from the number `first` on."""
    made: list[tuple[str, Callable[[], bytes]]] = [
        (f"{name} / {share}", partial(make, most // share)) for name, (make, most) in SIZES.items() for share in shares
    ]
    made += TRICKS.items() if tricks else ()
    made += [(f"mail({number})", partial(mail, number)) for number in range(first, first + count - len(made))]
    Random(first).shuffle(made)
    return ((name, make()) for name, make in made)


def _arrival(scene: Scene, raw: bytes, number: int) -> Arrival:
    """By turns as a mailbox and as a mail server hand it over."""
    if number % 3:
        return Arrival("SUP", "imap", raw, scene.clock(), "fuzz", "INBOX", 1, number)
    sender = ("", "counter@commune.example", "é@commune.example")[number // 3 % 3]
    return Arrival("SUP", "lmtp", raw, scene.clock(), envelope_from=sender, envelope_to=SUPPORT)


def _measured(scene: Scene, meter: Meter, name: str, arrival: Arrival) -> Cost:
    """Let one mail come in and have its effect."""
    child_before, pid = meter.child_cpu(), meter.sandbox.pid
    for one in ("self", *((pid,) if pid else ())):
        _forget_peak(one)
    before, start = _kib("self", "VmRSS"), time.process_time()
    assert 1 == receive.record(scene.office, [arrival])
    worked = receive.work(scene.office, owner="test", limit=50)
    own = time.process_time() - start
    assert (1, 0) == (worked.done, worked.failed), name
    child = meter.child_cpu() - (child_before if meter.sandbox.pid == pid else 0)
    peak = _kib(meter.sandbox.pid, "VmHWM") if meter.sandbox.pid else 0
    return Cost(name, own + child, _kib("self", "VmHWM") - before, peak, why_suspicious(arrival.raw) is not None)


def _kept(scene: Scene, hashes: Sequence[str]) -> Counter[str]:
    """How many mails became what, after each was found again: its bytes, its state, its comment."""
    with scene.office.store.read() as connection:
        rows = connection.execute(sa.select(schema.intake).order_by(schema.intake.c.id).offset(1)).all()
        comments = connection.execute(sa.select(schema.comments.c.intake_id, schema.comments.c.id)).all()
        written = {(row.intake_id, row.id) for row in comments}
        for row, digest in zip(rows, hashes, strict=True):
            assert digest == row.sha256 == hashlib.sha256(scene.office.blobs.read(connection, row.sha256)).hexdigest()
            assert {"parked": "parked"}.get(row.outcome, "done") == row.state, f"i-{row.id} is {row.state}, {row.outcome}"
            assert (row.outcome in WITH_COMMENT) == (row.comment_id is not None), f"i-{row.id} is {row.outcome}"
            assert row.comment_id is None or (row.id, row.comment_id) in written, f"i-{row.id} is {row.outcome}"
    return Counter(row.outcome for row in rows)


def _answered(scene: Scene) -> None:
    """Hold what the desk would send to the rules: agents hear of everything, others of nothing that made no sense (CASES A2.6, A2.3)."""
    sent, told = schema.deliveries.c, schema.intake.c
    columns = (sent.recipient, sent.is_answer, sent.created_at, told.sender, told.outcome)
    with scene.office.store.read() as connection:
        rows = connection.execute(sa.select(*columns).join(schema.intake, told.id == sent.intake_id)).all()
    others = [row for row in rows if not row.recipient.endswith("@desk.example")]
    assert [] == [row for row in others if row.sender is None or row.outcome not in {"ticket", "comment", "reply", "note", "held"}]
    assert max(Counter((row.recipient, row.created_at.date()) for row in others if row.is_answer).values(), default=0) <= 5
    assert len(others) < len(rows)


def _summary(costs: Sequence[Cost], outcomes: Counter[str]) -> str:
    cpu, own, child = (max(costs, key=key) for key in (lambda c: c.cpu, lambda c: c.own_kib, lambda c: c.child_kib))
    groups: Counter[str] = Counter()
    for outcome, count in outcomes.items():
        groups[ONE_OF[outcome]] += count
    return (
        f"{len(costs)} mails: {dict(groups)} of {dict(outcomes)}; {sum(c.suspicious for c in costs)} read in the sandbox; "
        f"most CPU {cpu.cpu:.2f} s ({cpu.name}), median {sorted(c.cpu for c in costs)[len(costs) // 2] * 1000:.1f} ms; "
        f"most memory of the child {child.child_kib // 1024} MiB ({child.name}), own growth {own.own_kib // 1024} MiB ({own.name})"
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk with one ticket. `real` has its signed addresses and ids for those that the drawn mails make up."""

    scene: Scene
    real: dict[bytes, bytes]

    def addressed(self, raw: bytes) -> bytes:
        """`raw` with signed addresses and ids that hold, where it has made-up ones."""
        for made_up, real in self.real.items():
            raw = raw.replace(made_up, real)
        return raw


def _opened(store: Store, folder: Path) -> Desk:
    """Anna was told of a ticket of the counter's; both have addresses to answer to, and a server may send reports."""
    scene = Scene(store, folder)
    scene.mail("Counter One <counter@commune.example>", "It is on fire.\n")
    scene.send()
    [acknowledged], [told] = scene.to("counter@commune.example"), scene.to("anna@desk.example")
    [bounces] = [sender for sender, recipient, _ in scene.wire.mails if recipient == "counter@commune.example"]
    real = {
        b"support+r.aaaa.bbbb@desk.example": acknowledged["Reply-To"],
        b"support+r.aaaaaaaa.bbbbbbbb@desk.example": told["Reply-To"],
        b"sup-12.m1@desk.example": acknowledged["Message-ID"],
        b"sup-1.m1@desk.example": acknowledged["Message-ID"],
        b"bounce+o.aaaa@desk.example": bounces,
    }
    return Desk(scene, {made_up: parseaddr(str(value))[1].encode() for made_up, value in real.items()})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on SQLite, with one ticket."""
    with sqlite_store(tmp_path) as store:
        yield _opened(store, tmp_path)


@pytest.fixture
def postgres_desk(tmp_path: Path, postgres_tables_url: str) -> Iterator[Desk]:
    """The same on PostgreSQL, which takes fewer texts than SQLite does."""
    store = Store(postgres_tables_url)
    yield _opened(store, tmp_path)
    store.close()


def _take_all(desk: Desk, mails: Iterator[tuple[str, bytes]]) -> str:
    """Let all come in, one at a time, and hold each and all of them to the bars. What was found, in a line."""
    scene, meter, costs, hashes = desk.scene, Meter(), [], []
    scene.office = replace(scene.office, reader=meter.sandbox.read)
    try:
        for number, (name, made) in enumerate(mails, 1):
            raw = desk.addressed(made)
            costs.append(_measured(scene, meter, name, _arrival(scene, raw, number)))
            hashes.append(hashlib.sha256(raw).hexdigest())
            scene.clock.pass_by(seconds=20)
    finally:
        meter.sandbox.stop()
    outcomes = _kept(scene, hashes)
    told = _summary(costs, outcomes)
    assert len(costs) == outcomes.total(), told
    assert set(outcomes) <= set(ONE_OF), told
    assert [] == [one for one in costs if one.cpu > CPU_SECONDS or max(one.own_kib, one.child_kib) > MEMORY_KIB], told
    return told


def test_sixty_mails_that_nobody_would_send(desk: Desk) -> None:
    """The same for a few: every bomb, small, and three dozen drawn mails (CASES A3.8). And nobody is told of what made no sense (A2.6)."""
    told = _take_all(desk, mix(60, (512,), 20_000, tricks=False))
    assert told.startswith("60 mails: ")
    _answered(desk.scene)


@pytest.mark.parametrize("database", ["desk", pytest.param("postgres_desk", marks=pytest.mark.peers)])
def test_a_batch_that_nobody_would_send(database: str, request: pytest.FixtureRequest) -> None:
    """Sixty in one transaction have their effects beside each other; none holds another up, or is refused by a database (CASES A3.20)."""
    desk: Desk = request.getfixturevalue(database)
    scene, mails = desk.scene, [desk.addressed(mail(number)) for number in range(30_000, 30_060)]
    assert 60 == receive.record(scene.office, [_arrival(scene, raw, number) for number, raw in enumerate(mails, 1)])
    assert receive.work(scene.office, owner="test", limit=100).done > 50
    for _ in range(20):
        scene.clock.pass_by(seconds=3)
        assert 0 == receive.work(scene.office, owner="test", limit=100).failed
    outcomes = _kept(scene, [hashlib.sha256(raw).hexdigest() for raw in mails])
    assert set(outcomes) <= set(ONE_OF)
    _answered(scene)


@pytest.mark.long
def test_five_thousand_mails_that_nobody_would_send(desk: Desk, record_property: Callable[[str, object], None]) -> None:
    """Each is a ticket, a comment, filed or parked; its bytes are kept; it costs 2 s of CPU and 300 MiB at the most (CASES A3.8, E4)."""
    told = _take_all(desk, mix(5000, SHARES, 10_000))
    record_property("summary", told)
    print(told)
    _answered(desk.scene)
