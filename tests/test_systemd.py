"""The unit files: as locked up as the gateway's work allows, and with the commands that there are."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main

from gateway.cli.main import app
from gateway.runtime.roles import Role
from gateway.runtime.settings import split_listen
from tests.peers.missing import missing

FOLDER = Path(__file__).resolve().parents[1] / "systemd"
WHOLE, PART, TARGET = FOLDER / "gateway.service", FOLDER / "gateway@.service", FOLDER / "gateway.target"
SERVICES = [WHOLE, PART]
EXPOSURE = 1.5
"""What `systemd-analyze security` may say at most, of 10 (systemd 252)."""

each_service = pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)


def values(key: str, unit: Path = WHOLE) -> list[str]:
    """What the unit says for `key`, a line each."""
    return re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


def commands(unit: Path) -> list[list[str]]:
    """The words behind `gateway` of what the unit runs, in their order."""
    return [shlex.split(line)[1:] for key in ("ExecStartPre", "ExecStart") for line in values(key, unit)]


@pytest.mark.peers
@each_service
def test_the_unit_is_locked_up(unit: Path) -> None:
    """The exposure stays under the limit, so that a hole in the gateway opens little else (CASES A3.7)."""
    program = shutil.which("systemd-analyze") or missing("systemd-analyze")
    command = [program, "security", "--offline=true", f"--threshold={int(EXPOSURE * 10)}", "--no-pager", str(unit)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    said = re.search(r"Overall exposure level for gateway\S*\.service: ([\d.]+)", done.stdout)
    assert said is not None, done.stdout + done.stderr
    assert float(said[1]) <= EXPOSURE
    assert done.returncode == 0


@pytest.mark.peers
def test_systemd_knows_every_line_of_the_units(tmp_path: Path) -> None:
    """A misspelt key would be left out with no more than a line in the journal."""
    program = shutil.which("systemd-analyze") or missing("systemd-analyze")
    copies = [tmp_path / unit.name for unit in (*SERVICES, TARGET)]
    for copy in copies:
        text = (FOLDER / copy.name).read_text(encoding="utf-8")
        copy.write_text(re.sub(r"^(Exec\w+)=.*$", r"\1=/bin/true", text, flags=re.MULTILINE), encoding="utf-8")
    done = subprocess.run([program, "verify", "--man=no", *map(str, copies)], check=False, capture_output=True, text=True)
    assert [line for line in done.stderr.splitlines() if "gateway" in line] == []


@each_service
def test_the_unit_leaves_a_wrong_config_to_the_operator(unit: Path) -> None:
    """Exit 78 is not tried again and again; other ends are."""
    assert values("RestartPreventExitStatus", unit) == ["78"]
    assert values("Restart", unit) == ["on-failure"]


@each_service
def test_the_unit_waits_for_ready_and_watches(unit: Path) -> None:
    """The daemon says when it is ready and that it is alive, over the socket that only its main process may use."""
    assert values("Type", unit) == ["notify"]
    assert values("NotifyAccess", unit) == ["main"]
    assert values("WatchdogSec", unit) == ["90s"]


def test_what_the_units_run_are_our_commands() -> None:
    """`check` before `run`, without words that the command line does not know; the name of an instance is its role."""
    assert commands(WHOLE) == [["check"], ["run"]]
    assert commands(PART) == [["check"], ["run", "--role", "%i"]]
    run = typer.main.get_command(app).commands["run"]  # type: ignore[attr-defined]
    assert any("--role" in parameter.opts for parameter in run.params)


def test_a_part_is_locked_up_as_the_whole() -> None:
    """What the two units say apart is named here; whatever else is added to one of them belongs into the other too."""
    differ = re.compile(r"^(Description=|PartOf=|ExecStart=|Environment=GATEWAY__HEALTH__LISTEN=|RuntimeDirectory=|WantedBy=)")

    def lines(unit: Path) -> list[str]:
        said = unit.read_text(encoding="utf-8").splitlines()
        return [line for line in said if line and not line.startswith("#") and not differ.match(line)]

    assert lines(PART) == lines(WHOLE)


def test_the_parts_of_one_machine_start_and_stop_with_the_target() -> None:
    """An enabled role is pulled in by the target, and goes with it; the target comes up with the machine."""
    assert values("WantedBy", PART) == values("PartOf", PART) == [TARGET.name]
    assert values("WantedBy", TARGET) == ["multi-user.target"]


@pytest.mark.parametrize("role", Role)
def test_each_part_has_a_health_listener_of_its_own(role: Role) -> None:
    """A socket in the folder that systemd makes for this role alone: two roles on one address would keep the second from starting."""
    (variable,) = [line for line in values("Environment", PART) if line.startswith("GATEWAY__HEALTH__LISTEN=")]
    (folder,) = values("RuntimeDirectory", PART)
    assert "%i" in folder
    listen = variable.partition("=")[2].replace("%i", role)
    assert split_listen(listen) == Path("/run") / folder.replace("%i", role) / "health"
