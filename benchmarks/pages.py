"""The page: how long a ticket takes to be shown with 20,000 tickets in the database, and how many bytes it is.

The gateway runs as a process of its own with its role `web` among the others; the client asks over one kept connection on loopback, each
time for another ticket, and then from four connections at once. What is timed is the whole answer, gzip included.
"""

from __future__ import annotations

import gzip
import http.client
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from benchmarks import prefill
from gateway.desk.office import Office
from gateway.domain.people import Role
from gateway.mail.signed.link import LinkPurpose
from gateway.runtime.settings import load
from gateway.runtime.wiring import open_office
from gateway.store import people, schema, tickets
from tests.peers.dovecot import free_port

TICKETS = 20_000
ASKED = 600
CONNECTIONS = 4


@dataclass(frozen=True)
class Times:
    """Answers in milliseconds, sorted."""

    each: tuple[float, ...]

    def at(self, share: float) -> float:
        """The time under which this share of the answers stayed."""
        return self.each[min(int(len(self.each) * share), len(self.each) - 1)]


@dataclass(frozen=True)
class Weight:
    """Bytes on the wire, gzip, without headers."""

    page: int
    style: int


def measure(folder: Path) -> tuple[Times, Times, Weight]:
    """One connection; four at once; and the weight of a page with six entries and its style."""
    folder.mkdir()
    port = free_port()
    config = _config(folder, port)
    office = open_office(load(config, {}))
    prefill.tickets(office.store, TICKETS)
    shown = _story(office)
    paths = [_path(office, 1 + (number * 7919) % TICKETS) for number in range(ASKED)]
    paths += [(_path(office, shown))] * (ASKED // 10)
    office.store.close()
    with _running(config, port):
        _ask(port, paths[:30])  # the first answers load templates and open connections
        alone = _ask(port, paths)
        together = _together(port, paths)
        weight = _weigh(port, _path(office, shown))
    return Times(tuple(sorted(alone))), Times(tuple(sorted(together))), weight


def _config(folder: Path, port: int) -> Path:
    (folder / "key").write_text("k" * 64)
    (folder / "key").chmod(0o600)
    config = folder / "gateway.toml"
    config.write_text(f"""
data_dir = "{folder}/var"
[secret]
key_file = "key"
[desk.SUP]
address = "support@desk.example"
[smtp]
host = "127.0.0.1"
port = 25
tls = "none"
[web]
base_url = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
[health]
listen = "127.0.0.1:0"
[logs]
level = "error"
""")
    return config


def _story(office: Office) -> int:
    """A ticket as people know it: three comments of each side and five status changes."""
    now = datetime.now(UTC)
    with office.store.write() as connection:
        agent = people.add(
            connection,
            name="Anna Peeters",
            role=Role.AGENT,
            address="anna@desk.example",
            language="fr",
            organisation_id=None,
            verified=True,
            now=now,
        )
        ticket = tickets.get(connection, TICKETS)
        assert ticket is not None
        for number in range(4):
            author, name = ((agent, "Anna Peeters"), (ticket.requester_id, "Jess Martin"))[number % 2]
            row = {
                "ticket_id": ticket.id,
                "author_id": author,
                "author_name": name,
                "visibility": "public",
                "kind": "comment",
                "source": "mail",
                "text": "Pouvez-vous tester la solution proposée et confirmer que tout est en ordre ?",
                "created_at": now - timedelta(hours=number),
            }
            connection.execute(sa.insert(schema.comments), row)
        for number, status in enumerate(("selected", "in_progress", "waiting_approval")):
            event = {
                "ticket_id": ticket.id,
                "kind": "StatusChanged",
                "actor_id": agent,
                "at": now - timedelta(minutes=number),
                "data": {"old": "open", "new": status, "rule": "T04"},
            }
            connection.execute(sa.insert(schema.events), event)
        connection.execute(sa.update(schema.tickets).where(schema.tickets.c.id == ticket.id).values(status="waiting_approval"))
    return ticket.id


def _path(office: Office, ticket_id: int) -> tuple[str, str]:
    """The address of a ticket's page and the cookie that opens it to its requester."""
    with office.store.read() as connection:
        ticket = tickets.get(connection, ticket_id)
        assert ticket is not None
        assert ticket.requester_id is not None
        person = people.by_ids(connection, [ticket.requester_id])[ticket.requester_id]
    return f"/t/{ticket.key}", office.link(LinkPurpose.VIEW, ticket, person)


@contextmanager
def _running(config: Path, port: int) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", "from gateway.cli.main import main; main()", "run", "--config", str(config)])
    try:
        end = time.monotonic() + 30
        while True:
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/")
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _ask(port: int, paths: Sequence[tuple[str, str]]) -> list[float]:
    """Milliseconds of each page; every one must be a whole page. The link of each is opened first, which is not timed."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    times = []
    for path, link in paths:
        cookie = _cookie(line, path, link)
        start = time.perf_counter()
        line.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip", **_from(path)})
        answer = line.getresponse()
        body = answer.read()
        times.append(1000 * (time.perf_counter() - start))
        assert answer.status == 200, (path, answer.status)
        assert b"</html>" in gzip.decompress(body)
    return times


def _cookie(line: http.client.HTTPConnection, path: str, link: str) -> str:
    line.request("GET", f"{path}?k={link}", headers=_from(path))
    answer = line.getresponse()
    answer.read()
    assert answer.status == 303, (path, answer.status)
    return str(answer.getheader("Set-Cookie")).partition(";")[0]


def _from(path: str) -> dict[str, str]:
    """Each ticket's reader has an address of his own, as the proxy says: one alone may not ask so often."""
    number = int(path.rpartition("-")[2])
    return {"X-Forwarded-For": f"10.{number // 250}.{number % 250}.7"}


def _together(port: int, paths: Sequence[tuple[str, str]]) -> list[float]:
    found: list[float] = []
    parts = [paths[number::CONNECTIONS] for number in range(CONNECTIONS)]
    threads = [threading.Thread(target=lambda part=part: found.extend(_ask(port, part))) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(paths)
    return found


def _weigh(port: int, path: tuple[str, str]) -> Weight:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    cookie = _cookie(line, *path)

    def body(address: str) -> bytes:
        line.request("GET", address, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        return line.getresponse().read()

    page = body(path[0])
    style = gzip.decompress(page).decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
    return Weight(len(page), len(body(style)))
