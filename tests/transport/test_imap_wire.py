"""IDLE over a wire that cuts lines wherever it likes."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gateway.transport.imap_wire import BoundedClient
from tests.peers.certificates import Authority


@contextmanager
def server(pieces: list[bytes], context: ssl.SSLContext | None) -> Iterator[int]:
    """Greets, takes IDLE, and then says `pieces`, a third of a second apart; then it hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        with connection:
            connection.sendall(b"* OK ready\r\n")
            for line in connection.makefile("rb"):
                tag, _, command = line.strip().partition(b" ")
                if command == b"CAPABILITY":
                    connection.sendall(b"* CAPABILITY IMAP4rev1 IDLE\r\n" + tag + b" OK done\r\n")
                elif command == b"IDLE":
                    connection.sendall(b"+ idling\r\n")
                    break
            for piece in pieces:
                time.sleep(0.3)
                connection.sendall(piece)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    thread.join(5)
    listener.close()


@pytest.fixture(params=["plain", "tls"])
def contexts(request: pytest.FixtureRequest, authority: Authority) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
    """Client and server side of the wire."""
    if request.param == "plain":
        return None, None
    here = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate = authority.issue("wire")
    here.load_cert_chain(certificate.cert, certificate.key)
    return ssl.create_default_context(cafile=str(authority.ca_file)), here


@contextmanager
def idling(port: int, context: ssl.SSLContext | None) -> Iterator[BoundedClient]:
    """A client in IDLE."""
    client = BoundedClient("localhost", port, context, connect_timeout=5, read_timeout=5)
    try:
        client.start_idle()
        yield client
    finally:
        client.shutdown()


def test_a_line_in_two_pieces_is_one_line(contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None]) -> None:
    """Half a line is waited for; what was read of it is not lost, and the next lines are whole."""
    mine, theirs = contexts
    with server([b"* 1", b"4 EXI", b"STS\r\n* 15 EXISTS\r\n", b"* 1"], theirs) as port, idling(port, mine) as client:
        answers = client.idle_check(timeout=3)
        assert (14, b"EXISTS") == answers[0]
        if len(answers) == 1:  # the second line may come in a segment of its own
            answers += client.idle_check(timeout=3)
        assert (15, b"EXISTS") == answers[1]


def test_silence_is_waited_out(contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None]) -> None:
    """Nothing said: an empty answer, after the time and not before."""
    mine, theirs = contexts
    with server([b"", b"", b"* OK still here\r\n"], theirs) as port, idling(port, mine) as client:
        start = time.monotonic()
        assert [] == client.idle_check(timeout=0.2)
        assert time.monotonic() - start >= 0.2


def test_the_end_of_the_connection_is_told(contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None]) -> None:
    """A server that hangs up is an error at once, never an endless silence."""
    mine, theirs = contexts
    with server([], theirs) as port, idling(port, mine) as client:
        start = time.monotonic()
        with pytest.raises((client.AbortError, OSError)):
            client.idle_check(timeout=4)
        assert time.monotonic() - start < 3
