"""What a process of the gateway does: all of it, or a part where several processes share one database.

Parts meet in the database only; nobody rings for the others, who look once a second. So apart they need a database that serves several
workers (ruling 13).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from gateway.runtime.config_error import ConfigError, Problem


class Role(StrEnum):
    """A part of the work that may run in a process of its own."""

    INTAKE = "intake"
    """Reads the mailboxes, listens for LMTP, and gives mails their effect."""
    SEND = "send"
    """Empties the outbox."""
    SCHEDULE = "schedule"
    """Does what is due by the clock."""
    WEB = "web"
    """Serves the page."""


EVERY_ROLE: Final = frozenset(Role)


def refuse_apart(roles: frozenset[Role], url: str) -> None:
    """Raise ConfigError unless these roles may run in one process on the database at `url`."""
    if roles < EVERY_ROLE and url.startswith("sqlite"):
        hint = "leave --role out, or use PostgreSQL"
        raise ConfigError([Problem("", "database.url", "is SQLite, where one process does all the work", hint)])


def in_order(roles: frozenset[Role]) -> str:
    """Their names for people, in the order in which a mail meets them: "intake, send"."""
    return ", ".join(role for role in Role if role in roles)
