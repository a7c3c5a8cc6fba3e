"""A real Dovecot on loopback: IMAP, IMAP over TLS and LMTP on free ports, its own folder, nothing of /etc read or changed.

Dovecot is the truth for everything we say about IMAP. Mailboxes are Maildirs; `new_box` gives a test one that nobody has used. They are
all in the password file from the start, because the server looks for a changed file once in a second only.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.certificates import Authority
from tests.peers.missing import missing

BINARY = "/usr/sbin/dovecot"
OWNER, GROUP = "nobody", "nogroup"
DOMAINS = ("example.org", "example.be")
NAMES = ("support", "sales", "agent", "agent2", "customer", "jess", "sam", "robin", "noreply")
POOL = 1000
"""How many mailboxes `new_box` can give in one session, for each domain."""
CONFIG = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
default_internal_user = dovecot
default_internal_group = dovecot
default_login_user = dovenull
first_valid_uid = 1
first_valid_gid = 1
auth_mechanisms = plain login
disable_plaintext_auth = no
auth_username_format = %Lu
recipient_delimiter = +
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={base}/mail/%u
}}
mail_location = maildir:~/Maildir
namespace inbox {{
  inbox = yes
  separator = /
}}
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  unix_listener {base}/auth-client {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
# IDLE looks every second; no waiting after refused passwords; many connections of one user
mailbox_idle_check_interval = 1 secs
auth_failure_delay = 0
mail_max_userip_connections = 200
protocol lmtp {{
  postmaster_address = postmaster@example.org
  auth_username_format = %Ln@%Ld
}}
"""


@dataclass(frozen=True)
class Box:
    """A mailbox: its user name, which is its address, and its password."""

    user: str
    password: str


@dataclass
class Dovecot:
    """A running server and what a test may do with it."""

    base: Path
    authority: Authority
    imap: int
    imaps: int
    lmtp: int
    process: subprocess.Popen[bytes] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def ca_file(self) -> Path:
        """What a client must trust to reach this server by TLS at `localhost`."""
        return self.authority.ca_file

    def new_box(self, domain: str = "example.org") -> Box:
        """A mailbox that no other test has seen; `domain` is one of DOMAINS."""
        return self.box(f"box{next(self.numbers)}@{domain}")

    def box(self, address: str) -> Box:
        """The mailbox of this address; a second's wait where it is neither in the pool nor one of NAMES."""
        made = Box(address.lower(), "secret of " + address.lower())
        users = self.base / "users"
        if password_line(made) not in users.read_text(encoding="utf-8"):
            self.add(made)
        return made

    def add(self, box: Box) -> None:
        """Add a mailbox with a password of its own, and wait until the server has seen it."""
        with (self.base / "users").open("a", encoding="utf-8") as file:
            file.write(password_line(box))
        time.sleep(1.1)

    def deliver(self, box: Box, *mails: bytes, mail_from: str = "jess@example.be") -> None:
        """Deliver mails into a mailbox by LMTP, in order, each in its own transaction."""
        with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=10) as lmtp:
            for mail in mails:
                lmtp.sendmail(mail_from, [box.user], mail)

    def doveadm(self, *arguments: str) -> str:
        """Run doveadm against this server: kick, expunge, mailbox delete, search."""
        command = ["doveadm", "-c", str(self.base / "dovecot.conf"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def log(self) -> str:
        """What the server has written into its log."""
        return (self.base / "dovecot.log").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start the server and wait for its first greeting."""
        with (self.base / "stdout.log").open("wb") as log:
            command = [BINARY, "-F", "-c", str(self.base / "dovecot.conf")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while not greets(self.imap, b"* OK"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.base / "stdout.log").read_text(encoding="utf-8") + self.log())
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server; `start` brings it back on the same ports with the same mail."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def password_line(box: Box) -> str:
    """A line of the server's password file."""
    return f"{box.user}:{{PLAIN}}{box.password}\n"


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def greets(port: int, greeting: bytes) -> bool:
    """Whether something on this port says `greeting` first."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5) as peer:
        return peer.recv(len(greeting)) == greeting
    return False


@contextlib.contextmanager
def dovecot(base: Path, authority: Authority) -> Iterator[Dovecot]:
    """Run a Dovecot in `base`, a folder that other accounts may traverse (pytest's tmp_path is not)."""
    if not Path(BINARY).exists() or os.geteuid() != 0:
        missing("Dovecot (dovecot-imapd, dovecot-lmtpd; run as root)")
    for name in ("run", "state", "mail"):
        (base / name).mkdir(parents=True)
    shutil.chown(base / "mail", OWNER, GROUP)
    names = [*NAMES, *(f"box{number}" for number in range(1, POOL + 1))]
    addresses = [f"{name}@{domain}" for domain in DOMAINS for name in names]
    (base / "users").write_text("".join(password_line(Box(each, "secret of " + each)) for each in addresses), encoding="utf-8")
    server = Dovecot(base, authority, free_port(), free_port(), free_port())
    made = authority.issue("dovecot")
    ports = {"imap": server.imap, "imaps": server.imaps, "lmtp": server.lmtp}
    config = CONFIG.format(base=base, owner=OWNER, group=GROUP, cert=made.cert, key=made.key, **ports)
    (base / "dovecot.conf").write_text(config, encoding="utf-8")
    server.start()
    try:
        yield server
    finally:
        server.stop()
