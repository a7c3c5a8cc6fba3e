"""`gateway db`: what an operator sees, and the exit code that a script sees."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.db import app
from gateway.runtime.process_lock import process_lock
from gateway.store.upgrade import revisions


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config whose database is not there yet."""
    file = tmp_path / "gateway.toml"
    key = tmp_path / "secret-key"
    key.write_text("k" * 64)
    key.chmod(0o600)
    file.write_text(
        f'data_dir = "{tmp_path}/var"\n'
        '[secret]\nkey_file = "secret-key"\n[desk.SUP]\naddress = "support@example.org"\n[smtp]\nhost = "localhost"\ntls = "none"\n',
    )
    return file


def run(command: str, config: Path) -> tuple[int, str, str]:
    """The exit code, what went to stdout and to stderr."""
    done = CliRunner().invoke(app, [command, "--config", str(config)])
    return done.exit_code, done.stdout, done.stderr


def test_check_before_the_first_start_makes_nothing(config: Path, tmp_path: Path) -> None:
    """Looking at a database that is not there says so and does not make an empty one."""
    code, _, said = run("check", config)
    assert code == 1
    assert "gateway.db is not there yet" in said
    assert not (tmp_path / "var" / "gateway.db").exists()


def test_upgrade_then_check(config: Path) -> None:
    """After an upgrade the database is current, and a second one is harmless."""
    for _ in range(2):
        assert run("upgrade", config) == (0, f"the database is at revision {revisions()[-1]}\n", "")
    code, said, _ = run("check", config)
    assert code == 0
    assert f"revision {revisions()[-1]}, current" in said


def test_a_newer_database_is_refused_by_both(config: Path, tmp_path: Path) -> None:
    """Exit 1, and the words say which release to install again (CASES B52)."""
    run("upgrade", config)
    with sqlite3.connect(tmp_path / "var" / "gateway.db") as raw:
        raw.execute("UPDATE schema_version SET version_num = '9999'")
    raw.close()
    for command in ("check", "upgrade"):
        code, _, said = run(command, config)
        assert code == 1
        assert "revision 9999" in said
        assert "Install the newer gateway again" in said


def test_a_running_gateway_is_not_upgraded_under(config: Path, tmp_path: Path) -> None:
    """The tables do not change while a daemon works on them."""
    with process_lock(tmp_path / "var" / "gateway.db"):
        code, _, said = run("upgrade", config)
    assert code == 1
    assert "another gateway is running on" in said
    assert not (tmp_path / "var" / "gateway.db").exists()


def test_a_vanished_database_is_told_by_check(config: Path, tmp_path: Path) -> None:
    """The marker says that there was one (CASES B35)."""
    run("upgrade", config)
    (tmp_path / "var" / "gateway.db").unlink()
    code, _, said = run("check", config)
    assert code == 1
    assert "is missing, but" in said
