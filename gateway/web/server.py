"""Serves the pages over HTTP in a thread of the daemon: on a port, or on a Unix socket behind a proxy.

The socket is bound by whoever calls `start`, so a port that is taken is his error and not a line in a log. There is no access log: an
address of a page is a key to it (CASES A4.7).

Bugs: a client may take its time over the head of a request; a proxy in front should not let it. The number of connections is limited.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

_CONNECTIONS: Final = 256
_HEAD_BYTES: Final = 16_384
_BACKLOG: Final = 128
_PATIENCE: Final = 10.0
"""Seconds for the first and for the last breath."""


class WebDoor:
    """The pages at `listen`: a host with a port (0: any free one), or the path of a Unix socket."""

    def __init__(self, app: ASGIApp, listen: tuple[str, int] | Path) -> None:
        logging.getLogger("uvicorn.access").disabled = True  # however the logs are set up
        self._listen = listen
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=_CONNECTIONS,
                timeout_keep_alive=10,
                timeout_graceful_shutdown=5,
                h11_max_incomplete_event_size=_HEAD_BYTES,
            ),
        )

    @property
    def port(self) -> int:
        """The port that it listens on (0 for a Unix socket, or before `start`)."""
        name = self._socket.getsockname() if self._socket else ()
        return int(name[1]) if isinstance(name, tuple) and name else 0

    def start(self) -> None:
        """Bind, and begin to answer. Raises OSError where the address cannot be had."""
        self._socket = _bound(self._listen)
        run = {"sockets": [self._socket]}
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True, kwargs=run)
        self._thread.start()
        end = time.monotonic() + _PATIENCE
        while not self._server.started and self._thread.is_alive() and time.monotonic() < end:
            time.sleep(0.01)
        if not self._server.started:
            self.stop()
            raise OSError("the web server did not start")

    def is_alive(self) -> bool:
        """Whether it answers."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Answer what was asked, then stop."""
        self._server.should_exit = True
        if self._thread:
            self._thread.join(_PATIENCE)
        if self._socket:
            self._socket.close()
        if isinstance(self._listen, Path):
            self._listen.unlink(missing_ok=True)


def _bound(listen: tuple[str, int] | Path) -> socket.socket:
    if isinstance(listen, Path):
        with contextlib.suppress(FileNotFoundError):
            if listen.is_socket():
                listen.unlink()
        made = socket.socket(socket.AF_UNIX)
        target: str | tuple[str, int] = str(listen)
    else:
        # With its protocol named, asyncio sends at once (TCP_NODELAY); without, each answer waits 40 ms for the client's acknowledgement.
        made = socket.socket(socket.AF_INET6 if ":" in listen[0] else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        target = listen
    try:
        made.bind(target)
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    made.settimeout(0)
    return made
