"""The command line on a help desk of its own."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
import typer.main
import typer.testing

from tests.cli.installation import Installation

_made_once = functools.cache(typer.main.get_command)


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A help desk without people and mails."""
    monkeypatch.setenv("GATEWAY_CONFIG", "")  # put back as it was: `gateway --config` sets it
    monkeypatch.delenv("GATEWAY_AGENT", raising=False)
    # The tree of commands is made anew for each run of a command otherwise: more than half of the time of these tests.
    monkeypatch.setattr(typer.testing, "_get_command", _made_once, raising=False)
    return Installation(tmp_path)
