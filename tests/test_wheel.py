"""What is installed from the wheel works without the checkout: in another folder and environment, with nothing of ours but the wheel.

The wheel is built and installed without a network; its dependencies are the ones of the environment that the tests run in.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ASK = """
import json
import gateway
from gateway.runtime.data import data_path
from gateway.store.engine import Store
from gateway.store.upgrade import open_checked
print(json.dumps({
    "package": gateway.__file__,
    "templates": str(data_path("templates", "mail")),
    "workflow": str(data_path("config", "workflow.toml")),
    "revision": open_checked(Store("sqlite:///installed.db")).revision,
}))
"""


@dataclass(frozen=True)
class Installed:
    """A virtual environment with the wheel in it, and a folder to work in."""

    wheel: Path
    folder: Path
    site: Path
    work: Path

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the environment's programs in the folder, without what this process's environment says of Python or gateway."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "GATEWAY", "VIRTUAL_ENV"))}
        command = [str(self.folder / "bin" / program), *arguments]
        return subprocess.run(command, check=False, capture_output=True, text=True, cwd=self.work, env=clean, timeout=60)


def successful(*command: str | Path) -> None:
    """Run `command` from the checkout; what it said is in the failure."""
    done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, built here and installed beside nothing else."""
    base = tmp_path_factory.mktemp("wheel")
    successful(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", base / "dist")
    (wheel,) = (base / "dist").glob("gateway-*.whl")
    folder, work = base / "venv", base / "elsewhere"
    work.mkdir()
    successful(sys.executable, "-m", "venv", "--without-pip", folder)
    # Installed before it sees the packages here, among which this checkout is: pip would find it installed.
    options = ["--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check"]
    successful(sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", *options, wheel)
    (site,) = (folder / "lib").glob("python*/site-packages")
    # A folder named in a .pth file is searched, last; the .pth files in it, such as this checkout's, are not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Installed(wheel, folder, site, work)


def test_the_wheel_brings_all_that_it_needs(installed: Installed) -> None:
    """Code, templates, config, revisions and licence are in it; tests, caches and what is the checkout's own are not."""
    names = zipfile.ZipFile(installed.wheel).namelist()
    for needed in (
        "gateway/data/config/workflow.toml",
        "gateway/data/config/gateway.toml",
        "gateway/data/templates/mail/base.html",
        "gateway/store/migrations/env.py",
        "gateway/store/migrations/script.py.mako",
        "gateway/store/migrations/versions/0001_first.py",
    ):
        assert needed in names
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"gateway"}
    assert [name for name in names if "__pycache__" in name or name.endswith((".db", ".keep"))] == []


def test_it_finds_itself_and_its_data_in_the_wheel(installed: Installed) -> None:
    """The package, the templates, the workflow and the revisions come from the new environment, and none from the checkout."""
    done = installed.run("python", "-c", ASK)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    package = installed.site / "gateway"
    assert Path(said["package"]) == package / "__init__.py"
    assert Path(said["templates"]) == package / "data" / "templates" / "mail"
    assert Path(said["workflow"]) == package / "data" / "config" / "workflow.toml"
    assert said["revision"]
    assert (installed.work / "installed.db").exists()


def test_the_command_is_there(installed: Installed) -> None:
    """`gateway --help` names the commands."""
    done = installed.run("gateway", "--help")
    assert done.returncode == 0, done.stderr
    for command in ("run", "check", "db"):
        assert command in done.stdout


def test_a_minimal_config_is_checked(installed: Installed) -> None:
    """The shortest config that is right passes `gateway check`, in a folder without anything else."""
    (installed.work / "secret-key").write_text("k" * 64, encoding="utf-8")
    (installed.work / "secret-key").chmod(0o600)
    (installed.work / "gateway.toml").write_text(
        '[secret]\nkey_file = "secret-key"\n[desk.SUP]\naddress = "support@example.org"\n[smtp]\nhost = "localhost"\ntls = "none"\n',
        encoding="utf-8",
    )
    done = installed.run("gateway", "check", "--config", "gateway.toml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_config_is_refused_with_78(installed: Installed) -> None:
    """The exit code that systemd does not restart on, and the key's path."""
    (installed.work / "wrong.toml").write_text('[desk.SUP]\nadress = "support@example.org"\n', encoding="utf-8")
    done = installed.run("gateway", "check", "--config", "wrong.toml")
    assert done.returncode == 78
    assert "desk.SUP.adress" in done.stdout + done.stderr
