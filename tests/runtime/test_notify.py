"""What systemd gets to read, over real datagram sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.runtime.notify import sd_notify


@pytest.fixture(params=["file", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket that systemd listens on, either in the file system or in the kernel's own namespace."""
    name = str(tmp_path / "notify") if request.param == "file" else f"@gateway-{tmp_path.name}"
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(name.replace("@", "\0", 1) if request.param == "abstract" else name)
        receiver.settimeout(5)
        yield receiver


def test_the_lines_arrive_in_one_datagram(systemd: socket.socket) -> None:
    """Readiness and the words beside it are seen together."""
    assert sd_notify("READY=1", "STATUS=polling 3 mailboxes: é")
    assert systemd.recv(1000) == "READY=1\nSTATUS=polling 3 mailboxes: é".encode()


def test_a_status_cannot_smuggle_a_second_line(systemd: socket.socket) -> None:
    """An error text with a line break in it stays one status."""
    assert sd_notify("STATUS=said:\nSTOPPING=1")
    assert systemd.recv(1000) == b"STATUS=said: STOPPING=1"


def test_a_full_socket_does_not_block_the_work(systemd: socket.socket) -> None:
    """When systemd does not read, the answer is False, at once."""
    assert not all(sd_notify("WATCHDOG=1") for _ in range(10_000))


@pytest.mark.parametrize("address", [None, "", "vsock:2:1234", "/nowhere/notify"])
def test_without_systemd_nothing_is_sent(address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket, one of a kind we do not speak, or one that is gone: False and no error."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    if address is not None:
        monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert not sd_notify("READY=1")
