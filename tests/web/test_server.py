"""The door: it binds where it is called, says what is wrong there, and stops."""

from __future__ import annotations

import http.client
import socket
import stat
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from gateway.web.server import WebDoor


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Says the path."""
    await PlainTextResponse(Request(scope).url.path)(scope, receive, send)


def test_it_answers_and_stops() -> None:
    """A free port is found and told; after `stop` nobody listens there."""
    door = WebDoor(echo, ("127.0.0.1", 0))
    assert 0 == door.port
    door.start()
    port = door.port
    assert "/x" == httpx.get(f"http://127.0.0.1:{port}/x", trust_env=False).text
    assert door.is_alive()
    door.stop()
    assert not door.is_alive()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)


def test_a_port_that_is_taken_is_an_error_of_the_caller() -> None:
    """`start` raises OSError, and can be tried again later."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        door = WebDoor(echo, ("127.0.0.1", taken))
        with pytest.raises(OSError, match="in use"):
            door.start()
    door.start()
    assert taken == door.port
    door.stop()


def test_a_unix_socket(tmp_path: Path) -> None:
    """A socket that a dead process left is replaced; it is gone after `stop`; another kind of file is not touched."""
    path = tmp_path / "web.sock"
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    door = WebDoor(echo, path)
    door.start()
    assert stat.S_ISSOCK(path.stat().st_mode)
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(path))) as client:
        assert "/y" == client.get("http://gateway/y").text
    door.stop()
    assert not path.exists()
    path.write_text("mine")
    with pytest.raises(OSError, match="in use"):
        WebDoor(echo, path).start()
    assert "mine" == path.read_text()


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """Accepted connections send at once: a small answer on a kept connection takes far less than the 40 ms of a delayed ACK."""
    import time

    door = WebDoor(echo, ("127.0.0.1", 0))
    door.start()
    connection = http.client.HTTPConnection("127.0.0.1", door.port)
    spent = []
    for _ in range(20):
        start = time.perf_counter()
        connection.request("GET", "/z")
        connection.getresponse().read()
        spent.append(time.perf_counter() - start)
    connection.close()
    door.stop()
    assert sorted(spent)[4] < 0.03  # of twenty; a delayed ACK holds up all of them, a busy machine only some


def test_a_head_without_end_is_cut() -> None:
    """More than 16 KiB of a request's head are not read (CASES A4.20)."""
    door = WebDoor(echo, ("127.0.0.1", 0))
    door.start()
    with socket.create_connection(("127.0.0.1", door.port), 5) as client:
        client.settimeout(5)
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000)
        said = client.recv(100)
    door.stop()
    assert said.startswith(b"HTTP/1.1 4")
