"""An IMAP server that lies, for what no honest server does on demand: it says what a script tells it, and notes what it is told.

A script maps a command to the bytes of its answer, with `%t` for the tag: "LOGIN", "UID FETCH", "IDLE", "DONE"; "BODY" is a UID FETCH that
asks for texts, "UID FETCH 7" one for that UID alone, "*" the greeting. An answer of None cuts the connection. What is not in the script is
answered by DEFAULTS, or else with a plain OK.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from tests.peers.certificates import Certificate

Script = Mapping[str, bytes | None]

DEFAULTS: dict[str, bytes | None] = {
    "*": b"* OK ready\r\n",
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE MOVE UIDPLUS\r\n%t OK done\r\n",
    "AUTHENTICATE": b"+ \r\n",
    "SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 2] x\r\n* OK [PERMANENTFLAGS (\\*)] x\r\n%t OK [READ-WRITE] x\r\n",
    "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 2] x\r\n%t OK [READ-ONLY] x\r\n",
    "IDLE": b"+ idling\r\n",
    "DONE": b"%t OK idle ended\r\n",
    "LOGOUT": b"* BYE bye\r\n%t OK done\r\n",
}


class FakeImap:
    """Listens from __enter__ to __exit__; `script` may be changed while it runs; `lines` is what clients sent."""

    def __init__(self, script: Script | None = None, *, certificate: Certificate | None = None) -> None:
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._context.load_cert_chain(certificate.cert, certificate.key)
        self.script: dict[str, bytes | None] = {**DEFAULTS, **(script or {})}
        self.lines: list[bytes] = []
        self.connections = 0
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name="fake-imap", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def _accept(self) -> None:
        workers = []
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                break
            self.connections += 1
            self._sockets.append(connection)
            workers.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
            workers[-1].start()
        for worker in workers:
            worker.join(5)

    def _serve(self, connection: socket.socket) -> None:
        if self._context is not None:
            try:
                connection = self._context.wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()
                return
        with connection, connection.makefile("rb") as stream, contextlib.suppress(OSError):
            if not self._say(connection, "*", b""):
                return
            tag = b""
            for line in stream:
                self.lines.append(line.rstrip())
                words = line.split()
                if len(words) == 1:  # DONE, or the password of AUTHENTICATE
                    command = "DONE" if words[0].upper() == b"DONE" else "PASSWORD"
                else:
                    tag = words[0]
                    command = words[1].upper().decode()
                    if command == "UID":
                        command += " " + words[2].upper().decode()
                    if b"BODY.PEEK" in line:
                        alone = f"{command} {words[3].decode()}"
                        command = alone if alone in self.script else "BODY" if "BODY" in self.script else command
                if not self._say(connection, command, tag):
                    return

    def _say(self, connection: socket.socket, command: str, tag: bytes) -> bool:
        answer = self.script.get(command, b"%t OK done\r\n")
        if answer is None:
            return False
        connection.sendall(answer.replace(b"%t", tag))
        return True
