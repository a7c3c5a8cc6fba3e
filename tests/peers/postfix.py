"""A real Postfix on loopback: it submits with TLS, delivers by LMTP into the test's Dovecot, and nothing can leave the machine.

Addresses of example.org and example.be go to Dovecot, those of door.example.org to the port `door` (a test listens there); every other
recipient is refused with 550 at RCPT. A mailbox that Dovecot does not know makes a real delivery report to the envelope sender.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.peers.certificates import Authority
from tests.peers.dovecot import Dovecot, free_port, greets
from tests.peers.missing import missing

DOMAINS = ("example.org", "example.be", "door.example.org")
MAIN = """\
compatibility_level = 3.6
queue_directory = {base}/spool
data_directory = {base}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {base}/mail.log
maillog_file_prefixes = {base}
multi_instance_enable = no
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
recipient_delimiter = +
virtual_mailbox_domains = {domains}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = inline:{{ {{ door.example.org = lmtp:inet:127.0.0.1:{door} }} }}
default_transport = error:5.7.1 no outside mail from this test host
relay_transport = error:5.7.1 no outside mail from this test host
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
smtpd_tls_chain_files = {base}/tls.pem
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dovecot}/auth-client
smtpd_sasl_security_options = noanonymous
smtpd_tls_auth_only = yes
smtputf8_enable = yes
message_size_limit = 52428800
bounce_queue_lifetime = 1h
maximal_queue_lifetime = 1h
minimal_backoff_time = 2s
maximal_backoff_time = 5s
queue_run_delay = 2s
lmtp_destination_concurrency_limit = 10
"""
MASTER = """\
127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """A running Postfix: `smtp` speaks STARTTLS, `smtps` TLS at once, `door` is where mail for door.example.org is delivered by LMTP."""

    base: Path
    authority: Authority
    smtp: int
    smtps: int
    door: int

    @property
    def ca_file(self) -> Path:
        """What a client must trust to reach this server by TLS at `localhost`."""
        return self.authority.ca_file

    def queue(self) -> str:
        """The mails that wait, as JSON lines; empty when there are none."""
        return subprocess.run(["postqueue", "-c", str(self.base / "etc"), "-j"], check=False, capture_output=True, text=True).stdout

    def log(self) -> str:
        """What the server has written into its log."""
        return (self.base / "mail.log").read_text(encoding="utf-8", errors="replace")

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `postfix` (start, stop, flush) for this instance."""
        return subprocess.run(["postfix", "-c", str(self.base / "etc"), *arguments], check=False, capture_output=True, text=True)


def _write_config(server: Postfix, dovecot: Dovecot) -> None:
    base = server.base
    for name in ("etc", "spool", "data"):
        (base / name).mkdir(parents=True)
    if Path("/etc/postfix/postfix-files").exists():
        shutil.copy("/etc/postfix/postfix-files", base / "etc")
    (base / "etc/dynamicmaps.cf").touch()
    shutil.chown(base / "data", "postfix", "postfix")
    made = server.authority.issue("postfix")
    chain = base / "tls.pem"
    chain.write_text(made.key.read_text(encoding="ascii") + made.cert.read_text(encoding="ascii"), encoding="ascii")
    chain.chmod(0o600)
    main = MAIN.format(base=base, lmtp=dovecot.lmtp, door=server.door, domains=", ".join(DOMAINS), dovecot=dovecot.base)
    (base / "etc/main.cf").write_text(main, encoding="ascii")
    (base / "etc/master.cf").write_text(MASTER.format(smtp=server.smtp, smtps=server.smtps), encoding="ascii")


@contextlib.contextmanager
def postfix(base: Path, authority: Authority, dovecot: Dovecot) -> Iterator[Postfix]:
    """Run a Postfix in `base`, a folder that other accounts may traverse, in front of this Dovecot."""
    if shutil.which("postfix", path="/usr/sbin:/usr/bin") is None or os.geteuid() != 0:
        missing("Postfix (run as root)")
    server = Postfix(base, authority, free_port(), free_port(), free_port())
    _write_config(server, dovecot)
    started = server.command("start")
    if started.returncode:
        raise RuntimeError(started.stdout + started.stderr)
    deadline = time.monotonic() + 10
    while not greets(server.smtp, b"220"):
        if time.monotonic() > deadline:
            raise RuntimeError(server.log())
        time.sleep(0.02)
    try:
        yield server
    finally:
        server.command("stop")
