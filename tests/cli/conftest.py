"""The command line on a help desk of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.installation import Installation


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A help desk without people and mails."""
    monkeypatch.setenv("GATEWAY_CONFIG", "")  # put back as it was: `gateway --config` sets it
    monkeypatch.delenv("GATEWAY_AGENT", raising=False)
    return Installation(tmp_path)
