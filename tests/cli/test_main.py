"""The command line as a whole: which commands there are, how fast help is, and how mistakes of an operator end."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from gateway import __version__
from gateway.cli.main import app
from gateway.store import engine
from gateway.store.engine import Store
from tests.cli.installation import Installation

COMMANDS = {
    "": {
        *("init", "check", "workflow", "run", "demo", "explain", "ingest"),
        *("ticket", "outbox", "parked", "held", "person", "org", "survey", "db"),
    },
    "ticket": {"list", "show", "comment", "note", "move", "assign", "merge", "revoke-links"},
    "outbox": {"list", "show", "retry", "hold", "release", "drop"},
    "parked": {"list", "show", "retry", "drop"},
    "held": {"list", "show", "publish", "drop"},
    "survey": {"report"},
    "person": {"add", "list", "show", "change", "revoke-links"},
    "org": {"add", "list"},
    "db": {"upgrade", "check"},
}
MAIN = "from gateway.cli.main import main; main()"
NEED_AN_OFFICE = [
    ("ticket", "list"),
    ("ticket", "comment", "SUP-1", "x"),
    ("outbox", "list"),
    ("parked", "list"),
    ("held", "list"),
    ("person", "list"),
    ("org", "list"),
    ("survey", "report"),
    ("explain", "SUP-1"),
    ("run",),
    ("db", "upgrade"),
    ("db", "check"),
]


@pytest.mark.parametrize("noun", COMMANDS)
def test_every_command_has_help_that_names_what_is_below(noun: str) -> None:
    """Exit 0, and each subcommand stands in it with a sentence."""
    done = CliRunner().invoke(app, [*noun.split(), "--help"])
    assert done.exit_code == 0
    below = {line.split()[1]: line for line in done.stdout.splitlines() if line.startswith("│ ") and line[2].isalpha()}
    assert COMMANDS[noun] <= below.keys()
    assert all(len(line.strip("│ ").split()) > 3 for name, line in below.items() if name in COMMANDS[noun])


def test_help_answers_within_half_a_second() -> None:
    """The best of five, in processor time of the whole process, so that a busy machine does not fail it."""
    taken = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", MAIN, "--help"], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(taken) < 0.5, taken


def test_help_loads_nothing_heavy() -> None:
    """Neither the database nor the settings nor a mail library is imported before a command runs."""
    heavy = "sqlalchemy pydantic imapclient aiosmtpd jinja2 mailparser alembic apscheduler babel structlog"
    script = f"import sys, gateway.cli.main; print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_told() -> None:
    """One line for a bug report."""
    assert CliRunner().invoke(app, ["--version"]).stdout == f"gateway {__version__}\n"


def test_what_is_typed_wrong_is_2(gateway: Installation) -> None:
    """An unknown command, an unknown option, a missing argument."""
    for words in (("tickets",), ("ticket", "list", "--colour"), ("ticket", "show"), ("ticket", "list", "--limit", "0")):
        assert gateway(*words).code == 2, words


@pytest.mark.parametrize("words", NEED_AN_OFFICE, ids=" ".join)
def test_a_wrong_config_is_78_with_all_that_is_wrong(gateway: Installation, words: tuple[str, ...]) -> None:
    """Every command that needs the config says all of it on stderr, with file and line, and never a traceback."""
    gateway.config.write_text(gateway.config.read_text().replace("plain", "x") + "colour = 1\n[web]\nbase_url = 'ftp://x'\n")
    answer = gateway(*words)
    assert answer.code == 78
    assert "smtp.colour: unknown key" in answer.err
    assert "web.base_url" in answer.err
    assert answer.out == ""


def test_no_config_at_all_is_78(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the places that were tried."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATEWAY_CONFIG", "")
    done = CliRunner().invoke(app, ["ticket", "list"])
    if not Path("/etc/gateway/gateway.toml").exists():
        assert done.exit_code == 78
        assert "no config file: looked for gateway.toml" in done.stderr


def test_the_commands_own_config_wins(gateway: Installation, tmp_path: Path) -> None:
    """`gateway --config A ticket list --config B` takes B."""
    assert gateway("ticket", "list", "--config", str(tmp_path / "gone.toml")).code == 78


def test_a_locked_database_is_5(gateway: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that does not end in time is a temporary trouble, said in the database's own words."""
    gateway.hire("anna")
    gateway.receive(gateway.raw())
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    other = Store(f"sqlite:///{gateway.folder}/gateway.db")
    with other.write():
        answer = gateway("ticket", "comment", "SUP-1", "Wait.")
    other.close()
    assert answer.code == 5
    assert answer.err == "the database cannot be used now: database is locked. Try again\n"


def test_a_database_of_a_newer_release_is_1(gateway: Installation) -> None:
    """The words say what to do (CASES B52)."""
    _set_revision(gateway, "9999")
    answer = gateway("ticket", "list")
    assert answer.code == 1
    assert "Install the newer gateway again" in answer.err


def test_a_glance_does_not_upgrade_the_database(gateway: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of an older release may have a daemon of that release on them: `gateway db upgrade` is an operator's decision."""
    monkeypatch.setattr("gateway.store.upgrade.revisions", lambda: ("0001", "0002"))
    _set_revision(gateway, "0001")
    answer = gateway("ticket", "list")
    assert answer.code == 1
    assert "gateway db upgrade" in answer.err


def _set_revision(gateway: Installation, revision: str) -> None:
    store = Store(f"sqlite:///{gateway.folder}/gateway.db")
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE schema_version SET version_num = ?", (revision,))
    store.close()


def test_a_fault_of_ours_is_not_hidden(gateway: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no operator can put right keeps its traceback."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gateway.store.tickets.listing", broken)
    with pytest.raises(ZeroDivisionError):
        gateway("ticket", "list")


def test_a_pipe_that_is_closed_early_is_no_error(gateway: Installation) -> None:
    """`gateway ticket list | head -1` says nothing on stderr."""
    for _ in range(3):
        gateway.receive(gateway.raw())
    environment = {**os.environ, "GATEWAY_CONFIG": str(gateway.config)}
    words = [sys.executable, "-c", MAIN, "ticket", "list", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert said == b""


def test_a_terminal_without_utf8_shows_what_it_can(gateway: Installation) -> None:
    """An odd locale costs letters, not the command."""
    gateway.receive(gateway.raw(subject="L'imprimante fumée 火"))
    environment = {**os.environ, "GATEWAY_CONFIG": str(gateway.config), "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([sys.executable, "-c", MAIN, "ticket", "list"], check=True, capture_output=True, env=environment)
    assert "L'imprimante fumée ?".encode("latin-1") in done.stdout


def test_an_unreachable_postgres_says_so(gateway: Installation) -> None:
    """A sentence, not a traceback, and never 0."""
    text = gateway.config.read_text()
    gateway.config.write_text('[database]\nurl = "postgresql://nobody@127.0.0.1:1/none"\n' + text.replace("data_dir", "#data_dir"))
    answer = gateway("ticket", "list")
    assert answer.code in {1, 5}
    assert answer.err
    assert "Traceback" not in answer.err
    assert OperationalError.__name__ not in answer.err
