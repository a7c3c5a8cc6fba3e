"""Logs tell no addresses and cannot be used to write on the terminal."""

from __future__ import annotations

import json

import pytest
import structlog

from gateway.runtime import logs


@pytest.fixture(autouse=True)
def _clean() -> None:
    structlog.reset_defaults()


def test_addresses_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    """The first letter and the domain are enough to find a person again (SURFACE 5.4)."""
    logs.configure(form="kv", level="info", full_addresses=False)
    structlog.get_logger().info("mail.in", sender="jess.martin+x@commune.example", text="from a@b.example and c@d.example")

    said = capsys.readouterr().err
    assert "j***@commune.example" in said
    assert "a***@b.example and c***@d.example" in said
    assert "jess.martin" not in said


def test_control_characters_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """An escape sequence or a line break in a value stays a value (A3.18)."""
    logs.configure(form="kv", level="info", full_addresses=True)
    structlog.get_logger().info("mail.in", subject="\x1b]0;owned\x07\nlevel=error event=forged")

    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert 1 == len(said.strip().splitlines())


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """For machines."""
    logs.configure(form="json", level="warning", full_addresses=False)
    structlog.get_logger().info("unheard")
    structlog.get_logger().warning("heard", delivery="o-1")

    assert {"event": "heard", "delivery": "o-1", "level": "warning"} == {
        k: v for k, v in json.loads(capsys.readouterr().err).items() if k != "timestamp"
    }
