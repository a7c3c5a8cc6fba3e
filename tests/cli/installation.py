"""A help desk on disk as the command line meets it: a config file, a SQLite database, and mails that came and went."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.desk import deliver, receive
from gateway.desk.office import Office
from gateway.domain.delivery import Outcome, Sent
from gateway.mail.write.render import Renderer
from gateway.runtime.data import data_path
from gateway.runtime.settings import load
from gateway.runtime.wiring import open_office
from gateway.store.intake import Arrival
from tests.store.fresh import sqlite_store

SUPPORT = "support@desk.example"
JESS = "Jess Martin <jess@commune.example>"
RENDERER = Renderer(data_path("templates", "mail"), data_path("templates", "locale"))

CONFIG = """\
data_dir = "{folder}"
[secret]
key_file = "key"
[desk.SUP]
name = "Support"
address = "support@desk.example"
noreply = "noreply@desk.example"
language = "en"
[mail]
merge_window_seconds = 0
undo_seconds = 0
[smtp]
host = "localhost"
tls = "none"
"""


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Its JSON."""
        return json.loads(self.out)


@dataclass
class Wire:
    """The port of the sender."""

    answer: Callable[[str], Outcome] = lambda _: Sent("250 2.0.0 taken")
    sent: list[str] = field(default_factory=list)

    def send(self, mail_from: str, recipient: str, data: bytes, *, before_dot: Callable[[], bool] = lambda: True) -> Outcome:
        """Answer what is to be answered."""
        self.sent.append(recipient)
        return self.answer(recipient)


class Installation:
    """A folder with a config and a database, whose daemon is played: `work` and `send` do what its loops do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wire = Wire()
        self._ids = itertools.count(1)
        self.config = folder / "gateway.toml"
        self.config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
        key = folder / "key"
        key.touch(0o600)
        key.write_text("k" * 64)
        with sqlite_store(folder):
            pass

    def with_page(self, url: str = "https://desk.example") -> None:
        """From now on there is a page, and a survey on it."""
        with self.config.open("a", encoding="utf-8") as config:
            config.write(f'[web]\nbase_url = "{url}"\n')

    def __call__(self, *words: str, stdin: str | bytes = "") -> Answer:
        """Run `gateway WORDS`."""
        done = CliRunner().invoke(app, ["--config", str(self.config), *words], input=stdin)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Answer(done.exit_code, done.stdout, done.stderr)

    def good(self, *words: str, stdin: str | bytes = "") -> Answer:
        """Run a command that must succeed."""
        answer = self(*words, stdin=stdin)
        assert answer.code == 0, (words, answer)
        return answer

    @contextmanager
    def office(self) -> Iterator[Office]:
        """The same database, opened by us."""
        office = open_office(load(self.config, {}), quickly=True)
        try:
            yield office
        finally:
            office.store.close()

    def hire(self, *names: str) -> None:
        """Make agents: anna@desk.example is Anna Agent."""
        for name in names:
            self.good("person", "add", f"{name}@desk.example", "--name", f"{name.title()} Agent", "--agent")

    def raw(self, sender: str = JESS, text: str = "Smoke.\n", subject: str = "The printer is on fire") -> bytes:
        """A mail from a customer."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, SUPPORT, subject
        mail["Date"] = datetime.now(UTC)
        mail["Message-ID"] = f"<mail-{next(self._ids)}@commune.example>"
        mail.set_content(text)
        return mail.as_bytes()

    def receive(self, raw: bytes) -> None:
        """A mail comes in by IMAP and has its effect."""
        with self.office() as office:
            place = {"mailbox": "main", "folder": "INBOX", "uidvalidity": 1, "uid": next(self._ids)}
            receive.record(office, [Arrival(desk="SUP", door="imap", raw=raw, received_at=office.now(), **place)])  # type: ignore[arg-type]
        self.work()

    def work(self) -> None:
        """What the daemon does with what came in."""
        with self.office() as office:
            while receive.work(office, owner="test", limit=50).done:
                pass

    def send(self) -> None:
        """What the daemon does with what is due."""
        with self.office() as office:
            while claimed := deliver.claim(office, owner="test", limit=50):
                for delivery in claimed:
                    deliver.deliver(office, RENDERER, self.wire, delivery, owner="test", claimed_at=office.store.now())
