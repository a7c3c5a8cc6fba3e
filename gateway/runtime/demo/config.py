"""The demo's gateway.toml: one desk whose mailbox is on the demo's mail host, with short waits, in a folder of its own.

It is a file, not settings in memory, so that any other command can be tried beside the demo with `--config`.
"""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

from gateway.runtime.demo.mailhost import LOOPBACK, Box, MailHost
from gateway.runtime.settings import Settings, load

UNDO_SECONDS = 2
"""The merge window and the undo delay: long enough for `#undo` on a slow machine, short enough to be waited for."""


def write_config(folder: Path, host: MailHost, desk: Box, *, language: str) -> Path:
    """Write gateway.toml and its secrets into `folder`; the path of gateway.toml."""
    _write_secret(folder / "secret-key", secrets.token_hex(32))
    _write_secret(folder / "mailbox-password", desk.password)
    config = folder / "gateway.toml"
    config.write_text(_text(folder, host, desk, language, _free_port()), encoding="utf-8")
    return config


def _free_port() -> int:
    """A port that nobody has: mails name it before the page listens on it."""
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        return int(asked.getsockname()[1])


def read_config(config: Path) -> Settings:
    """The settings as the gateway reads them. Variables of the environment are for another gateway and do not count."""
    return load(config, {})


def _text(folder: Path, host: MailHost, desk: Box, language: str, web_port: int) -> str:
    return f"""\
# The config of the demo; it goes with its folder when the demo ends. Every key: config/gateway.toml of the gateway.
data_dir = "{folder}/var"

[secret]
key_file = "secret-key"

[desk.SUP]
address = "{desk.address}"
noreply = "{desk.aliases[0]}"
aliases = ["{desk.aliases[0]}"]
name = "Support"
language = "{language}"

[mailbox.main]
desk = "SUP"
host = "{LOOPBACK}"
port = {host.imap_port}
tls = "none"
user = "{desk.address}"
password_file = "mailbox-password"
poll_seconds = 20
timeout_seconds = 20

[smtp]
host = "{LOOPBACK}"
port = {host.smtp_port}
tls = "none"
user = "{desk.address}"
password_file = "mailbox-password"
timeout_seconds = 20

# Short waits, and no brake on acknowledgements, for somebody who plays with it writes more often than a customer.
[mail]
merge_window_seconds = {UNDO_SECONDS}
undo_seconds = {UNDO_SECONDS}
authserv_ids = ["{host.name}"]
auto_per_day = 1000
acknowledgement_minutes = 0

# The listener asks for the address of a free port.
[health]
listen = "{LOOPBACK}:0"

[web]
base_url = "http://{LOOPBACK}:{web_port}"
listen = "{LOOPBACK}:{web_port}"

[logs]
addresses = "full"
"""


def _write_secret(path: Path, text: str) -> None:
    path.touch(0o600)
    path.write_text(text + "\n", encoding="utf-8")
