"""`make bench`: how fast mail becomes tickets and answers, beside what the machine can do, in one run.

    python benchmarks/run.py [--mails 1000] [--quick]

Five parts. LIMITS: the machine alone. READING: a mail understood, before any database. IN PROCESS: bytes -> ticket committed with its
acknowledgement in the outbox, with 1,000 and with 20,000 tickets in the database. PAGE: a ticket out of 20,000. END TO END: a real
Dovecot -> the gateway as its own process -> an SMTP sink, every acknowledgement accepted; then one mail at a time for latency, over LMTP
(ours alone) and over IMAP IDLE (with Dovecot's fixed half second). Needs Dovecot (Debian: dovecot-imapd dovecot-lmtpd).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import limits, pages, prefill, reading
from benchmarks.mails import SUPPORT, BenchMail, generate
from gateway.desk import receive
from gateway.runtime.secret import Secret
from gateway.runtime.settings import Settings
from gateway.runtime.wiring import open_office
from gateway.store.intake import Arrival
from tests.peers import certificates
from tests.peers.dovecot import Box, Dovecot, dovecot, free_port
from tests.peers.smtp_sink import SmtpSink

KEY = "k" * 64


@dataclass(frozen=True)
class Figure:
    """One line of the result."""

    name: str
    value: float
    unit: str


def show(title: str, figures: list[Figure]) -> None:
    """Print a block of figures."""
    print(f"\n{title}")
    for figure in figures:
        print(f"  {figure.name:<58}{figure.value:>10,.1f} {figure.unit}", flush=True)


def machine(folder: Path, box: Box, server: Dovecot, sink: SmtpSink, mails: list[BenchMail]) -> list[Figure]:
    """The limits."""
    return [
        Figure("4 kB append + fdatasync", limits.fsyncs(folder), "/s"),
        Figure("SQLite WAL FULL, one row a commit", limits.commits(folder), "/s"),
        Figure("standard library parse (compat32), every part decoded", limits.parses([m.raw for m in mails]), "mails/s"),
        Figure("IMAP fetch from Dovecot, batches of 50", limits.fetches(server.imap, box.user, box.password), "mails/s"),
        Figure("SMTP into the sink, one kept connection", limits.sends(sink.port), "mails/s"),
    ]


def understanding(mails: list[BenchMail]) -> list[Figure]:
    """Bytes -> everything that a mail says by itself, with safe HTML."""
    found = reading.measure([m.raw for m in mails])
    return [
        Figure("CPU a mail, median", found.median, "ms"),
        Figure("  p99", found.at(0.99), "ms"),
    ]


def in_process(folder: Path, rounds: int, count: int) -> list[Figure]:
    """Bytes in, ticket and acknowledgement committed: at 1,000 and at 20,000 tickets, in turns so that a busy neighbour hurts both."""
    found: dict[int, list[tuple[float, float]]] = {1_000: [], 20_000: []}
    offices = {}
    for size in found:
        offices[size] = open_office(_settings(folder / f"size{size}", {}))
        prefill.tickets(offices[size].store, size)
    for number in range(rounds):
        for size, office in offices.items():
            mails = list(generate(count, seed=100 + number, first=1_000_000 * (number + 1)))
            now = datetime.now(UTC)
            arrivals = [Arrival("SUP", "bench", m.raw, now, "b", str(number), size, i) for i, m in enumerate(mails, start=1)]
            start, cpu = time.perf_counter(), time.process_time()
            for first in range(0, count, 50):
                receive.record(office, arrivals[first : first + 50])
                while receive.work(office, owner="bench", limit=50).done:
                    pass
            seconds, used = time.perf_counter() - start, time.process_time() - cpu
            found[size].append((count / seconds, 1000 * used / count))
    figures = []
    for size, runs in found.items():
        figures.append(
            Figure(f"batches of 50, {size:,} tickets before (median of {rounds})", statistics.median(r for r, _ in runs), "mails/s")
        )
        figures.append(Figure(f"  CPU a mail, {size:,} tickets before", statistics.median(c for _, c in runs), "ms"))
    figures.append(Figure("rate at 20,000 tickets as a share of that at 1,000", 100 * figures[2].value / figures[0].value, "%"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures.append(Figure("peak memory of this process (mails included)", peak, "MiB"))
    return figures


def _settings(folder: Path, more: dict[str, object]) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, object] = {
        "data_dir": folder,
        "secret": {"key": Secret(KEY)},
        "desk": {"SUP": {"address": SUPPORT, "name": "Support"}},
        "smtp": {"host": "127.0.0.1", "port": 25, "tls": "none"},
    }
    return Settings(**(values | more))  # type: ignore[arg-type]


@contextmanager
def gateway(folder: Path, box: Box, server: Dovecot, sink: SmtpSink, lmtp: int) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`gateway run` as a process of its own, ready."""
    health = free_port()
    (folder / "key").write_text(KEY)
    (folder / "password").write_text(box.password)
    for name in ("key", "password"):
        (folder / name).chmod(0o600)
    (folder / "gateway.toml").write_text(f"""
data_dir = "{folder}/var"
[secret]
key_file = "key"
[desk.SUP]
address = "{SUPPORT}"
[mailbox.main]
desk = "SUP"
host = "127.0.0.1"
port = {server.imap}
tls = "none"
user = "{box.user}"
password_file = "password"
[lmtp]
enabled = true
listen = "127.0.0.1:{lmtp}"
[smtp]
host = "127.0.0.1"
port = {sink.port}
tls = "none"
[health]
listen = "127.0.0.1:{health}"
[logs]
level = "warning"
""")
    command = [sys.executable, "-c", "from gateway.cli.main import main; main()", "run", "--config", str(folder / "gateway.toml")]
    process = subprocess.Popen(command)
    try:
        wait_for(lambda: _ready(health), 30)
        yield process, health
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(json.load(answer)["ready"])
    except OSError:
        return False


def wait_for(what: Callable[[], bool], seconds: float) -> None:
    """Until it holds."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise TimeoutError("the gateway did not get there in time")
        time.sleep(0.02)


def _cpu_and_memory(pid: int) -> tuple[float, float]:
    """CPU seconds used so far, and peak resident memory in MiB."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    peak = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return cpu, int(peak.split()[1]) / 1024


def end_to_end(folder: Path, box: Box, server: Dovecot, sink: SmtpSink, mails: list[BenchMail]) -> list[Figure]:
    """Dovecot -> gateway -> sink: the backlog, then one mail at a time."""
    lmtp = free_port()
    with gateway(folder, box, server, sink, lmtp):
        pass  # the first start: nothing old is imported
    server.deliver(box, *(m.raw for m in mails))
    wanted = sum(m.opens for m in mails)
    before = len(sink.mails)
    with gateway(folder, box, server, sink, lmtp) as (process, _):
        start = time.perf_counter()
        cpu = _cpu_and_memory(process.pid)[0]
        wait_for(lambda: len(sink.mails) - before >= wanted, 600)
        seconds = time.perf_counter() - start
        used, peak = _cpu_and_memory(process.pid)
        figures = [
            Figure("IMAP -> ticket committed -> acknowledgement accepted", len(mails) / seconds, "mails/s"),
            Figure("  deliveries into the sink meanwhile", wanted / seconds, "/s"),
            Figure("  CPU of the gateway a mail", 1000 * (used - cpu) / len(mails), "ms"),
            Figure("  peak memory of the gateway", peak, "MiB"),
        ]
        singles = list(generate(120, seed=77, first=5_000_000))
        figures += _latency("LMTP -> acknowledgement accepted", singles[:60], sink, lambda m: _push(lmtp, m))
        figures += _latency("IMAP delivery -> acknowledgement accepted", singles[60:], sink, lambda m: server.deliver(box, m.raw))
    return figures


def page(folder: Path) -> list[Figure]:
    """The ticket's page."""
    alone, together, weight = pages.measure(folder)
    return [
        Figure(f"one connection, p50 of {len(alone.each)}, another ticket each time", alone.at(0.5), "ms"),
        Figure("  p95", alone.at(0.95), "ms"),
        Figure("  p99", alone.at(0.99), "ms"),
        Figure(f"{pages.CONNECTIONS} connections at once, p95", together.at(0.95), "ms"),
        Figure("a page with seven entries, gzip", weight.page, "B"),
        Figure("its style, gzip", weight.style, "B"),
    ]


def _push(port: int, mail: BenchMail) -> None:
    with smtplib.LMTP("127.0.0.1", port) as lmtp:
        lmtp.sendmail(mail.sender, [SUPPORT], mail.raw)


def _latency(name: str, mails: list[BenchMail], sink: SmtpSink, push: Callable[[BenchMail], None]) -> list[Figure]:
    times = []
    for mail in mails:
        if mail.opens:
            before = len(sink.mails)
            start = time.perf_counter()
            push(mail)
            end = start + 10
            while len(sink.mails) == before and time.perf_counter() < end:
                time.sleep(0.0005)
            times.append(1000 * (time.perf_counter() - start))
    times.sort()
    return [
        Figure(f"{name}, p50 of {len(times)}", times[len(times) // 2], "ms"),
        Figure("  p99", times[min(int(len(times) * 0.99), len(times) - 1)], "ms"),
    ]


def main() -> None:
    """Run all parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: does it run at all?")
    options = parser.parse_args()
    count = options.mails // 10 if options.quick else options.mails
    base = Path(tempfile.mkdtemp(dir="/tmp", prefix="gateway-bench-"))
    base.chmod(0o755)
    (base / "authority").mkdir()
    mails = list(generate(count))
    print(f"{count} mails, {sum(len(m.raw) for m in mails) / count / 1024:.1f} kB each, {os.cpu_count()} cores")
    with dovecot(base / "dovecot", certificates.authority(base / "authority")) as server, SmtpSink() as sink:
        probe, box = server.new_box(), server.new_box()
        server.deliver(probe, *(m.raw for m in mails[:200]))
        show("LIMITS of this machine", machine(base, probe, server, sink, mails))
        show("READING: bytes -> headers, texts, files, safe HTML, reply, verdict", understanding(mails[:500]))
        show("IN PROCESS: bytes -> ticket and acknowledgement committed", in_process(base, 1 if options.quick else 3, count // 2))
        show(f"PAGE: {pages.TICKETS:,} tickets, the gateway as its own process", page(base / "page"))
        (base / "run").mkdir()
        show("END TO END", end_to_end(base / "run", box, server, sink, mails))


if __name__ == "__main__":
    main()
