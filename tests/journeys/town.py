"""A help desk with two agents and a customer, on real mail servers, for the journeys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.store import schema
from tests.journeys.people import Correspondent, gmail, outlook, thunderbird
from tests.peers.dovecot import Dovecot, free_port
from tests.peers.gateway import Gateway, wait_for
from tests.peers.postfix import Postfix


@dataclass
class Town:
    """A help desk with two agents, and a customer."""

    gateway: Gateway
    desk: str
    jess: Correspondent
    anna: Correspondent
    bob: Correspondent

    def ticket(self) -> sa.Row[Any]:
        """The only ticket there is."""
        [row] = self.gateway.rows(sa.select(schema.tickets))
        return row

    def comments(self) -> list[sa.Row[Any]]:
        """Its comments."""
        return self.gateway.rows(sa.select(schema.comments).order_by(schema.comments.c.id))

    def status_becomes(self, status: str) -> None:
        """Wait for it."""
        wait_for(lambda: self.ticket().status == status, f"status {status}")


def sections(dovecot: Dovecot, postfix: Postfix, *, by: str = "starttls") -> dict[str, dict[str, Any]]:
    """The config of a desk: its mailbox in this Dovecot, mail out by this Postfix with TLS verified on every wire, and a page."""
    desk, noreply, sender = (dovecot.new_box() for _ in range(3))
    page = free_port()
    imap = {"desk": "SUP", "host": "localhost", "port": dovecot.imaps, "ca_file": str(dovecot.ca_file), "poll_seconds": 5}
    return {
        "desk.SUP": {"address": desk.user, "noreply": noreply.user, "name": "Support", "language": "fr"},
        "mailbox.main": imap | {"user": desk.user, "password": desk.password, "after": "flag"},
        "mailbox.noreply": imap | {"user": noreply.user, "password": noreply.password},
        "smtp": {
            "host": "localhost",
            "port": postfix.smtp if by == "starttls" else postfix.smtps,
            "tls": by,
            "ca_file": str(postfix.ca_file),
            "user": sender.user,
            "password": sender.password,
        },
        "mail": {"merge_window_seconds": 1, "undo_seconds": 1},
        "web": {"base_url": f"http://127.0.0.1:{page}", "listen": f"127.0.0.1:{page}"},
        "database": {"lease_seconds": 5},
    }


def settle(gateway: Gateway, dovecot: Dovecot, postfix: Postfix) -> Town:
    """Agents are hired, the gateway runs, and has read its mailboxes."""
    jess = Correspondent("Jess Martin", dovecot.new_box("example.be"), dovecot, postfix, client=outlook)
    anna = Correspondent("Anna Peeters", dovecot.new_box(), dovecot, postfix, client=thunderbird)
    bob = Correspondent("Bob Maes", dovecot.new_box(), dovecot, postfix, client=gmail)
    gateway.hire(anna.address, bob.address)
    gateway.start()
    gateway.await_mailboxes()
    return Town(gateway, gateway.sections["desk.SUP"]["address"], jess, anna, bob)
