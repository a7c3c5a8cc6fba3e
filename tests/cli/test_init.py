"""`gateway init`: a config that can be used, secrets that only their owner can read, and nothing overwritten."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gateway.cli.init import init
from gateway.runtime.settings import load

GIVEN = ["--no-ask", "--address", "support@example.org", "--imap", "imap.example.org"]


@pytest.fixture
def app() -> typer.Typer:
    """A command line with this command only."""
    made = typer.Typer()
    made.command()(init)
    return made


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def mode(path: Path) -> int:
    """The permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_five_questions_make_a_config(app: typer.Typer, tmp_path: Path) -> None:
    """Asked and answered: a short file that loads, with secrets in files of mode 0600, and a password that is echoed nowhere."""
    answers = "support@example.org\nimap.example.org\n\nsmtp.example.org\nnl\n\ncanary\n"
    result = CliRunner().invoke(app, [], input=answers)
    assert result.exit_code == 0, result.output
    assert "canary" not in result.output
    text = (tmp_path / "gateway.toml").read_text()
    assert len(text.splitlines()) <= 16
    assert "canary" not in text
    settings = load(tmp_path / "gateway.toml", {})
    desk, box = settings.desk["SUP"], settings.mailbox["main"]
    assert (desk.address, desk.language) == ("support@example.org", "nl")
    assert (box.host, box.user, settings.smtp.host) == ("imap.example.org", "support@example.org", "smtp.example.org")
    assert box.password.reveal() == "canary"
    assert len(settings.secret.key.reveal()) == 64
    assert mode(tmp_path / "secrets") == 0o700
    assert {mode(path) for path in (tmp_path / "secrets").iterdir()} == {0o600}


def test_it_works_without_asking(app: typer.Typer, tmp_path: Path) -> None:
    """Options only, the password from standard input, other places for file and secrets."""
    options = [
        *GIVEN,
        "--config",
        "etc/desk.toml",
        "--secrets-dir",
        "private",
        "--desk",
        "OPS",
        "--password-from",
        "-",
        "--smtp",
        "localhost",
    ]
    result = CliRunner().invoke(app, options, input="canary\n")
    assert result.exit_code == 0, result.output
    settings = load(tmp_path / "etc" / "desk.toml", {})
    assert settings.mailbox["main"].desk == "OPS"
    assert settings.smtp.host == "localhost"
    assert settings.mailbox["main"].password.reveal() == "canary"
    assert (tmp_path / "etc" / "private" / "secret-key").is_file()


def test_the_password_may_come_from_a_file(app: typer.Typer, tmp_path: Path) -> None:
    """A file is read; one that isn't there is a usage error, and nothing is written."""
    assert CliRunner().invoke(app, [*GIVEN, "--password-from", "gone"]).exit_code == 2
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "password").write_text("canary\n")
    assert CliRunner().invoke(app, [*GIVEN, "--password-from", "password"]).exit_code == 0
    assert load(tmp_path / "gateway.toml", {}).mailbox["main"].password.reveal() == "canary"


def test_a_password_may_come_later(app: typer.Typer, tmp_path: Path) -> None:
    """Without one the config is written, and the files that are still to be written are named."""
    result = CliRunner().invoke(app, GIVEN)
    assert result.exit_code == 0, result.output
    assert "write the password into secrets/mailbox-main-password" in result.output
    assert not (tmp_path / "secrets" / "mailbox-main-password").exists()


def test_nothing_is_overwritten(app: typer.Typer, tmp_path: Path) -> None:
    """An existing config stops it before anything is written; an existing key and password are kept."""
    (tmp_path / "gateway.toml").write_text("mine")
    result = CliRunner().invoke(app, GIVEN)
    assert result.exit_code == 1
    assert "exists already" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["gateway.toml"]
    assert (tmp_path / "gateway.toml").read_text() == "mine"
    (tmp_path / "gateway.toml").unlink()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret-key").write_text("k" * 40)
    assert CliRunner().invoke(app, [*GIVEN, "--password-from", "-"], input="new\n").exit_code == 0
    assert (tmp_path / "secrets" / "secret-key").read_text() == "k" * 40


def test_a_link_laid_in_advance_is_not_followed(app: typer.Typer, tmp_path: Path) -> None:
    """A dangling link in place of a secret is refused: the secret would land where the link's owner wants it."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret-key").symlink_to(tmp_path / "elsewhere")
    assert CliRunner().invoke(app, GIVEN).exit_code == 1
    assert not (tmp_path / "elsewhere").exists()
    assert not (tmp_path / "gateway.toml").exists()


def test_a_missing_answer_is_a_usage_error(app: typer.Typer, tmp_path: Path) -> None:
    """--no-ask without what has no default: exit 2, the option is named, nothing is written."""
    result = CliRunner().invoke(app, ["--no-ask", "--imap", "imap.example.org"])
    assert result.exit_code == 2
    assert "--address" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", [["--address", "no address"], ["--language", "xx"], ["--desk", "sup"]])
def test_wrong_answers_are_told(app: typer.Typer, option: list[str]) -> None:
    """What the daemon would refuse is refused at once, with 78, even while the password is still missing."""
    result = CliRunner().invoke(app, [*GIVEN, *option])
    assert result.exit_code == 78
    assert "gateway.toml" in result.output


def test_odd_answers_are_quoted(app: typer.Typer, tmp_path: Path) -> None:
    """Quotes and backslashes in an answer can't break out of its string."""
    result = CliRunner().invoke(app, [*GIVEN, "--user", 'dom\\us"er\t'])
    assert result.exit_code == 0, result.output
    (tmp_path / "secrets" / "smtp-password").write_text("x")
    (tmp_path / "secrets" / "mailbox-main-password").write_text("x")
    assert load(tmp_path / "gateway.toml", {}).mailbox["main"].user == 'dom\\us"er\t'
