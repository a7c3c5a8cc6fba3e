"""`gateway check`: one line a section, everything wrong in one run, exit 0 or 78."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gateway.cli.check import check
from gateway.runtime import data

GOOD = """\
[desk.SUP]
address = "support@example.org"
aliases = ["noreply@example.org"]
[mailbox.main]
desk = "SUP"
host = "imap.example.org"
user = "support"
[smtp]
host = "smtp.example.org"
[mail]
authserv_ids = ["mx.example.org"]
"""


@pytest.fixture
def app() -> typer.Typer:
    """A command line with this command only."""
    made = typer.Typer()
    made.command()(check)
    return made


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A good config, its secrets in the environment, and shipped data of its own."""
    monkeypatch.setenv("GATEWAY__SECRET__KEY", "canary" * 8)
    monkeypatch.setenv("GATEWAY__MAILBOX__MAIN__PASSWORD", "canary")
    package = tmp_path / "site" / "gateway"
    shutil.copytree(data.data_path("templates"), package / "data" / "templates")
    (package / "data" / "config").mkdir()
    shipped = data.data_path("config", "workflow.toml").read_text(encoding="utf-8")
    (package / "data" / "config" / "workflow.toml").write_text(shipped, encoding="utf-8")
    monkeypatch.setattr(data, "_PACKAGE", package)
    path = tmp_path / "gateway.toml"
    path.write_text(GOOD)
    return path


def test_a_good_config_is_shown(app: typer.Typer, config: Path) -> None:
    """A line for each section, for the workflow and for the templates; exit 0; no secret in it."""
    result = CliRunner().invoke(app, ["--config", str(config), "--strict"])
    assert result.exit_code == 0, result.output
    for expected in (
        str(config),
        "[desk.SUP]         ok     support@example.org → SUP, all agents told of new tickets, languages fr nl de en",
        "[mailbox.main]     ok     imap.example.org:993 TLS, IDLE on, INBOX → SUP",
        "[smtp]             ok     smtp.example.org:587 STARTTLS required",
        "10 statuses, 17 moves",
        "templates/mail     ok     26 templates × 4 languages",
        "0 warnings, 0 errors",
    ):
        assert expected in result.output
    assert "canary" not in result.output


def test_everything_wrong_is_told_in_one_run(app: typer.Typer, config: Path) -> None:
    """Mistakes in the config don't hide those of the templates; exit 78."""
    config.write_text(GOOD.replace("user", "usr") + 'agent_mail = "maybe"\n')
    (config.parent / "site/gateway/data/templates/mail/comment/subject.txt").unlink()
    result = CliRunner().invoke(app, ["--config", str(config)])
    assert result.exit_code == 78
    for expected in (
        "mailbox.main.usr: unknown key",
        "mail.agent_mail",
        "comment has no subject.txt",
        "workflow           ok",
        "0 warnings, 4 errors",
    ):
        assert expected in result.output, result.output


def test_a_wrong_workflow_of_ones_own_is_an_error(app: typer.Typer, config: Path) -> None:
    """The workflow beside the config is the one that is looked at."""
    (config.parent / "workflow.toml").write_text('initial = "open"')
    result = CliRunner().invoke(app, ["--config", str(config)])
    assert result.exit_code == 78
    assert "workflow           error" in result.output


def test_an_installation_without_data_is_an_error(app: typer.Typer, config: Path) -> None:
    """No templates, no workflow: said, not raised."""
    folder = config.parent / "site/gateway/data"
    folder.rename(config.parent / "elsewhere")
    config.write_text("broken")
    result = CliRunner().invoke(app, ["--config", str(config)])
    assert result.exit_code == 78
    assert result.output.count("the installation is incomplete") == 2
    (folder / "templates" / "mail").mkdir(parents=True)
    assert "holds no templates" in CliRunner().invoke(app, ["--config", str(config)]).output


def test_warnings_count_only_when_strict(app: typer.Typer, config: Path) -> None:
    """A warning leaves 0; with --strict it is 1."""
    config.write_text(GOOD.replace('aliases = ["noreply@example.org"]\n', ""))
    result = CliRunner().invoke(app, ["--config", str(config)])
    assert result.exit_code == 0
    assert "[desk.SUP]         warn   replies to noreply@example.org would be lost" in result.output
    assert "1 warning, 0 errors" in result.output
    assert CliRunner().invoke(app, ["--config", str(config), "--strict"]).exit_code == 1


def test_json_is_the_same_as_data(app: typer.Typer, config: Path) -> None:
    """--json gives one object with the counts and all lines, good or bad."""
    good = json.loads(CliRunner().invoke(app, ["--config", str(config), "--json"]).output)
    assert (good["config"], good["errors"], good["warnings"]) == (str(config), 0, 0)
    assert {"part": "templates/mail", "state": "ok", "text": "26 templates × 4 languages"} in good["lines"]
    config.write_text("[smtp]\nhost = 1\n")
    result = CliRunner().invoke(app, ["--config", str(config), "--json"])
    assert result.exit_code == 78
    bad = json.loads(result.output)
    assert bad["errors"] == sum(line["state"] == "error" for line in bad["lines"]) >= 2
