"""`gateway ingest`: exit 0 only when the mail is safe, 75 whenever the caller should keep it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.desk import receive
from gateway.store import engine, schema
from gateway.store.engine import Store
from tests.cli.installation import Installation


def rows(desk: Installation) -> list[sa.Row[Any]]:
    """What the ledger holds."""
    with desk.office() as office, office.store.read() as connection:
        return list(connection.execute(sa.select(schema.intake).order_by(schema.intake.c.id)))


def test_a_mail_by_a_pipe(gateway: Installation) -> None:
    """In the ledger with its envelope when the command has ended; silent on success; the daemon makes a ticket of it."""
    words = ("--to", "<Support@desk.example>", "--from", "jess@commune.example")
    answer = gateway.good("ingest", *words, stdin=gateway.raw())
    assert (answer.out, answer.err) == ("", "")
    [row] = rows(gateway)
    assert (row.desk, row.door, row.state, row.message_id) == ("SUP", "ingest", "new", "<mail-1@commune.example>")
    assert (row.envelope_to, row.envelope_from) == ("support@desk.example", "jess@commune.example")
    gateway.work()
    assert [ticket["key"] for ticket in gateway.good("ticket", "list", "--json").data] == ["SUP-1"]
    assert "received" in gateway.good("explain", "i-1").out


def test_several_files(gateway: Installation, tmp_path: Path) -> None:
    """More than one batch; a second run has no second effect."""
    files = []
    for number in range(60):
        file = tmp_path / f"{number}.eml"
        file.write_bytes(gateway.raw(f"P{number} <p{number}@commune.example>", subject=f"Number {number}"))
        files.append(str(file))
    for _ in range(2):
        gateway.good("ingest", *files)
        gateway.work()
    assert len(rows(gateway)) == 120
    assert len(gateway.good("ticket", "list", "--json", "--limit", "200").data) == 60


@pytest.mark.parametrize("raw", [b"", b"\n", b" \r\n\r\n"])
def test_an_empty_mail_is_65(gateway: Installation, raw: bytes) -> None:
    """A pipe that broke before the first byte must not become a ticket."""
    answer = gateway("ingest", stdin=raw)
    assert answer.code == 65
    assert "standard input is empty" in answer.err
    assert rows(gateway) == []


def test_a_mail_over_the_limit_is_65(gateway: Installation) -> None:
    """As at the LMTP door: the sender's server tells him."""
    gateway.config.write_text(gateway.config.read_text().replace("[mail]", "[mail]\nsize_limit = 65536"))
    answer = gateway("ingest", stdin=gateway.raw() + b"x" * 70_000)
    assert answer.code == 65
    assert "mail.size_limit" in answer.err


def test_a_file_that_is_not_there_is_66(gateway: Installation, tmp_path: Path) -> None:
    """Before anything is recorded of its batch."""
    good = tmp_path / "good.eml"
    good.write_bytes(gateway.raw())
    for bad in (tmp_path / "gone.eml", tmp_path):
        answer = gateway("ingest", str(good), str(bad))
        assert answer.code == 66
        assert str(bad) in answer.err
    assert rows(gateway) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--to", "nobody@desk.example"), 67),
        (("--to", "support@desk.example", "--to", "x@elsewhere.example"), 67),
        (("--desk", "XX"), 67),
    ],
)
def test_an_address_of_no_desk_is_67(gateway: Installation, words: tuple[str, ...], code: int) -> None:
    """EX_NOUSER: the mail server says so to the sender."""
    assert gateway("ingest", *words, stdin=gateway.raw()).code == code
    assert rows(gateway) == []


def test_two_desks(gateway: Installation) -> None:
    """Which one is told by --desk or --to; a mail to both is for both; without either it is a usage error."""
    gateway.config.write_text(
        gateway.config.read_text() + '[desk.OPS]\naddress = "ops@desk.example"\nnoreply = "noreply-ops@desk.example"\n'
    )
    assert gateway("ingest", stdin=gateway.raw()).code == 2
    gateway.good("ingest", "--desk", "ops", stdin=gateway.raw())
    gateway.good("ingest", "--to", "ops@desk.example", "--to", "support@desk.example", stdin=gateway.raw())
    assert [(row.desk, row.envelope_to) for row in rows(gateway)] == [
        ("OPS", None),
        ("OPS", "ops@desk.example"),
        ("SUP", "support@desk.example"),
    ]


def test_a_locked_database_is_75(gateway: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer does not end: nothing was recorded, and the caller is told to come again."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    other = Store(f"sqlite:///{gateway.folder}/gateway.db")
    with other.write():
        answer = gateway("ingest", stdin=gateway.raw())
    other.close()
    assert answer.code == 75
    assert "database is locked" in answer.err
    assert rows(gateway) == []


@pytest.mark.parametrize("trouble", ["config", "vanished", "damaged", "postgres", "newer"])
def test_what_may_be_mended_is_75(gateway: Installation, trouble: str) -> None:
    """A slip in the config, a database that is away, damaged or newer: the mail server keeps the mail meanwhile."""
    file = gateway.folder / "gateway.db"
    text = gateway.config.read_text()
    if trouble == "config":
        gateway.config.write_text(text + "colour = 1\n")
    elif trouble == "vanished":
        gateway.good("db", "upgrade")
        file.unlink()
    elif trouble == "damaged":
        file.write_bytes(b"x" * 8192)
    elif trouble == "postgres":
        gateway.config.write_text('[database]\nurl = "postgresql://nobody@127.0.0.1:1/none"\n' + text.replace("data_dir", "#data_dir"))
    else:
        with sqlite3.connect(file) as raw:
            raw.execute("UPDATE schema_version SET version_num = '9999'")
        raw.close()
    answer = gateway("ingest", stdin=gateway.raw())
    assert answer.code == 75, answer
    assert answer.err.startswith("nothing is lost, try again later: ")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), MemoryError("none left"), ImportError("half installed")])
def test_trouble_in_the_middle_is_75(gateway: Installation, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """A full disk, no memory, a release that is just being installed."""

    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(receive, "record", fails)
    answer = gateway("ingest", stdin=gateway.raw())
    assert answer.code == 75
    assert str(error.args[-1]) in answer.err


def test_what_was_recorded_stays_when_a_later_file_fails(gateway: Installation, tmp_path: Path) -> None:
    """A whole batch before it is safe; the exit code is not 0, and a second run does no harm."""
    files = []
    for number in range(50):
        file = tmp_path / f"{number}.eml"
        file.write_bytes(gateway.raw())
        files.append(str(file))
    assert gateway("ingest", *files, str(tmp_path / "gone")).code == 66
    assert len(rows(gateway)) == 50
