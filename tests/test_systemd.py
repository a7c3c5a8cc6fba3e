"""The unit file: as locked up as the gateway's work allows, and with the commands that there are."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.peers.missing import missing

UNIT = Path(__file__).resolve().parents[1] / "systemd" / "gateway.service"
EXPOSURE = 1.5
"""What `systemd-analyze security` may say at most, of 10 (systemd 252)."""


def values(key: str) -> list[str]:
    """What the unit says for `key`, a line each."""
    return re.findall(rf"^{key}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.peers
def test_the_unit_is_locked_up() -> None:
    """The exposure stays under the limit, so that a hole in the gateway opens little else (CASES A3.7)."""
    program = shutil.which("systemd-analyze") or missing("systemd-analyze")
    command = [program, "security", "--offline=true", f"--threshold={int(EXPOSURE * 10)}", "--no-pager", str(UNIT)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    said = re.search(r"Overall exposure level for gateway\.service: ([\d.]+)", done.stdout)
    assert said is not None, done.stdout + done.stderr
    assert float(said[1]) <= EXPOSURE
    assert done.returncode == 0


@pytest.mark.peers
def test_systemd_knows_every_line_of_the_unit(tmp_path: Path) -> None:
    """A misspelt key would be left out with no more than a line in the journal."""
    program = shutil.which("systemd-analyze") or missing("systemd-analyze")
    copy = tmp_path / "gateway.service"
    copy.write_text(re.sub(r"^(Exec\w+)=.*$", r"\1=/bin/true", UNIT.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")
    done = subprocess.run([program, "verify", "--man=no", str(copy)], check=False, capture_output=True, text=True)
    assert [line for line in done.stderr.splitlines() if "gateway.service" in line] == []


def test_the_unit_leaves_a_wrong_config_to_the_operator() -> None:
    """Exit 78 is not tried again and again; other ends are."""
    assert values("RestartPreventExitStatus") == ["78"]
    assert values("Restart") == ["on-failure"]


def test_the_unit_waits_for_ready_and_watches() -> None:
    """The daemon says when it is ready and that it is alive, over the socket that only its main process may use."""
    assert values("Type") == ["notify"]
    assert values("NotifyAccess") == ["main"]
    assert values("WatchdogSec") == ["90s"]


def test_what_the_unit_runs_are_our_commands() -> None:
    """`check` before `run`, both without words that the command line does not know."""
    commands = [shlex.split(line)[1:] for key in ("ExecStartPre", "ExecStart") for line in values(key)]
    assert commands == [["check"], ["run"]]
