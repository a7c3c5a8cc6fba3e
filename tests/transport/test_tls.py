"""Who counts as this machine."""

from __future__ import annotations

import pytest

from gateway.transport.tls import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_this_machine(host: str) -> None:
    """Loopback addresses and localhost are this machine."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["example.org", "192.0.2.1", "0.0.0.0", "localhost.example.org", "127.0.0.1.example.org", "", "2130706433"]
)
def test_another_machine(host: str) -> None:
    """Everything else may be another machine, whatever it looks like."""
    assert not is_loopback(host)
