"""The gateway as an operator runs it: a process of its own with a config file, told apart from us by signals only.

READY comes over the socket that systemd would give it. What happened inside is read from the database, beside the running process, as the
command line does.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import sqlalchemy as sa

from gateway.desk.office import Office
from gateway.domain.people import Role
from gateway.runtime.settings import load
from gateway.runtime.wiring import open_office
from gateway.store import people
from tests.peers.dovecot import free_port

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ("-c", "from gateway.cli.main import main; main()", "run", "--config")
"""The command line, without asking where it is installed."""
KEY = "not secret: the key of the tests, long enough"
START_SECONDS, STOP_SECONDS = 30.0, 20.0


def toml(sections: Mapping[str, Mapping[str, Any]]) -> str:
    """Sections with strings, numbers, booleans and lists of strings, as TOML."""
    lines: list[str] = []
    for name, keys in sections.items():
        lines += [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in keys.items()), ""]
    return "\n".join(lines)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


@dataclass
class Gateway:
    """One installation in a folder, and the process that runs it. `name` tells workers on one database apart."""

    folder: Path
    sections: dict[str, dict[str, Any]]
    name: str = "gateway"
    command: Sequence[str] = COMMAND
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.sections = {
            "database": {"url": f"sqlite:///{self.folder}/gateway.db"},
            "blobs": {"dir": f"{self.folder}/blobs"},
            "secret": {"key": KEY},
            "health": {"listen": f"127.0.0.1:{self.port}"},
            "logs": {"addresses": "full"},
        } | self.sections
        hidden = {name: self._hide(name, keys) for name, keys in self.sections.items()}
        self.config.write_text(toml(hidden), encoding="utf-8")

    def _hide(self, section: str, keys: Mapping[str, Any]) -> dict[str, Any]:
        """A section without its secret, which goes into a file of its own: the config file may not hold one."""
        shown = dict(keys)
        for secret in ("key", "password"):
            if secret in shown:
                file = self.folder / f"{self.name}-{section}-{secret}"
                file.touch(0o600)
                file.write_text(shown.pop(secret), encoding="utf-8")
                shown[f"{secret}_file"] = file.name
        return shown

    @property
    def config(self) -> Path:
        """Its config file."""
        return self.folder / f"{self.name}.toml"

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self.process is not None
        return self.process.pid

    @contextlib.contextmanager
    def office(self) -> Iterator[Office]:
        """The same database, opened by us."""
        office = open_office(load(self.config, {}), quickly=True)
        try:
            yield office
        finally:
            office.store.close()

    def hire(self, *addresses: str, language: str = "en") -> None:
        """Make agents of these addresses, before the first start."""
        with self.office() as office, office.store.write() as connection:
            for address in addresses:
                people.add(
                    connection,
                    name=f"Agent {address.partition('@')[0].title()}",
                    role=Role.AGENT,
                    address=address,
                    language=language,
                    organisation_id=None,
                    verified=True,
                    now=office.now(),
                )

    def launch(self) -> None:
        """Start the process, without waiting."""
        environment = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error", "PYTHONUNBUFFERED": "1"}
        name = f"gateway-test-{os.getpid()}-{self.port}"
        self.ready_socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ready_socket.bind("\0" + name)
        environment["NOTIFY_SOCKET"] = "@" + name
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command, str(self.config)], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def await_ready(self) -> None:
        """Wait until it has told systemd that it is ready."""
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        with self.ready_socket as listener:
            listener.settimeout(0.2)
            while True:
                with contextlib.suppress(TimeoutError):
                    if b"READY=1" in listener.recv(4096):
                        return
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"the gateway did not start: {self.log()[-3000:]}")

    def start(self) -> None:
        """Start and wait for READY."""
        self.launch()
        self.await_ready()

    def await_mailboxes(self) -> None:
        """Wait until /readyz says that all mailboxes were read: from then on no mail is an old one."""
        wait_for(lambda: self.status("/readyz") == 200, f"{self.name}: /readyz", START_SECONDS)

    def status(self, path: str) -> int:
        """The answer of its health listener; 0 while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except HTTPError as error:
            with error:
                return error.code
        except (URLError, OSError):
            return 0

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def kill(self) -> float:
        """End it by SIGKILL; the time (time.time) at which it was dead."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)
        return time.time()

    def stop(self) -> int:
        """SIGTERM; its exit status. Fails when it takes longer than it may."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def end(self) -> None:
        """Leave nothing running, whatever happened."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        if hasattr(self, "ready_socket"):
            self.ready_socket.close()

    @property
    def log_file(self) -> Path:
        """Where its output goes."""
        return self.folder / f"{self.name}.log"

    def log(self) -> str:
        """What it has said in all its lives."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        """What the database says now."""
        with self.office() as office, office.store.read() as connection:
            return list(connection.execute(query).all())


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 15.0, *, found: Callable[[], object] = lambda: "") -> None:
    """Wait until `condition` holds; fails with `what`, and what is `found` instead, when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s for {what} {found()}")
        time.sleep(0.05)
