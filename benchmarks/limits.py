"""What this machine can do at all, measured in the same run: the figures of the product mean nothing beside those of another day."""

from __future__ import annotations

import email
import os
import smtplib
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from imapclient import IMAPClient


def rate(count: int, work: Callable[[], object]) -> float:
    """How often a second `work` did `count` things."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def fsyncs(folder: Path, count: int = 300) -> float:
    """4 kB appended and fdatasync'd."""
    with (folder / "fsync").open("wb") as file:

        def work() -> None:
            for _ in range(count):
                file.write(b"x" * 4096)
                file.flush()
                os.fdatasync(file.fileno())

        return rate(count, work)


def commits(folder: Path, count: int = 300) -> float:
    """One-row transactions of SQLite in WAL mode with synchronous=FULL."""
    connection = sqlite3.connect(folder / "commits.db", isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE t(x)"):
        connection.execute(statement)

    def work() -> None:
        for number in range(count):
            connection.execute("INSERT INTO t VALUES (?)", (number,))

    found = rate(count, work)
    connection.close()
    return found


def parses(mails: Sequence[bytes]) -> float:
    """The standard library's reader (compat32), every part decoded."""

    def work() -> None:
        for raw in mails:
            for part in email.message_from_bytes(raw).walk():
                part.get_payload(decode=True)

    return rate(len(mails), work)


def fetches(port: int, user: str, password: str) -> float:
    """IMAP fetch in batches of 50, no TLS."""
    client = IMAPClient("127.0.0.1", port, ssl=False)
    client.login(user, password)
    client._imap.debug = 0
    client.select_folder("INBOX", readonly=True)
    uids = client.search()

    def work() -> None:
        for first in range(0, len(uids), 50):
            client.fetch(uids[first : first + 50], ["BODY.PEEK[]"])

    found = rate(len(uids), work)
    client.logout()
    return found


def sends(port: int, count: int = 300) -> float:
    """Mails of 4 kB over one kept SMTP connection into the sink that the product is measured with."""
    data = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\n" + b"x" * 70 * 50

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            for _ in range(count):
                smtp.sendmail("a@b.example", ["c@d.example"], data)

    return rate(count, work)
