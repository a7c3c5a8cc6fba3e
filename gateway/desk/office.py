"""What every use case needs, put together once: the database, the keys, the rules of the desks. And a story: one change in progress.

The clock and the source of random marks come in here, so that a test can stop the one and foretell the other.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.engine import Connection

from gateway.domain.guard import Limits, Mode
from gateway.domain.people import Person
from gateway.domain.ticket import Ticket
from gateway.domain.timing import Rhythm
from gateway.domain.workflow import Workflow
from gateway.mail.signed.address import Purpose, Signer, with_token, without_token
from gateway.mail.signed.link import LinkPurpose, make_link
from gateway.mail.understand import Reader, read_through
from gateway.store import people
from gateway.store.blobs import Blobs
from gateway.store.engine import Store


@dataclass(frozen=True, slots=True)
class DeskRules:
    """One desk as configured: its addresses, languages and who may write to it (config/gateway.toml, [desk.*])."""

    prefix: str
    name: str
    address: str
    aliases: tuple[str, ...]
    noreply: str
    delimiter: str
    language: str
    languages: tuple[str, ...]
    sender_policy: str
    team: tuple[str, ...]
    signature: str = ""
    """Stands under what agents write, in place of their own (SURFACE 5.7 rule 1)."""

    @property
    def addresses(self) -> frozenset[str]:
        """Every plain address of the desk."""
        return frozenset({self.address, self.noreply, *self.aliases})


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures and switches that decide (config/gateway.toml, [mail])."""

    size_limit: int = 26_214_400
    attachments_limit: int = 20_971_520
    """Bytes of attachments that go along with one mail; the others are named in it."""
    merge_window: timedelta = timedelta(seconds=90)
    undo: timedelta = timedelta(seconds=60)
    authserv_ids: frozenset[str] = frozenset()
    agent_mail: str = "normal"
    limits: Limits = field(default_factory=lambda: Limits(per_day=5, window=timedelta(minutes=10)))
    reopen_days: int = 30
    lease: timedelta = timedelta(seconds=60)
    final_answer: timedelta = timedelta(seconds=300)
    """How long a server may take to answer the final dot (gateway.transport.smtp)."""
    raw_days: int = 90
    guard: Mode = Mode.EVENTS
    survey: bool = True
    rhythm: Rhythm = field(default_factory=Rhythm)


def _mark() -> str:
    return base64.b32encode(os.urandom(10)).decode().lower()


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Office:
    """All desks of one installation, ready to work."""

    store: Store
    blobs: Blobs
    signer: Signer
    workflow: Workflow
    desks: Mapping[str, DeskRules]
    policy: Policy
    instance: str
    base_url: str = ""
    markers: tuple[str, ...] = ()
    reader: Reader = read_through
    """Reads the mails that come in; the daemon's has a process of its own for suspicious ones (gateway.runtime.sandbox)."""
    now: Callable[[], datetime] = _utc_now
    mark: Callable[[], str] = _mark

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every plain address of every desk: what comes from them is a loop, what goes to them is refused (CASES A2.5)."""
        return frozenset().union(*(desk.addresses for desk in self.desks.values()))

    @property
    def domains(self) -> frozenset[str]:
        """The mail domains of the desks: where signed addresses may stand."""
        return frozenset(address.rpartition("@")[2] for address in self.own_addresses)

    def desk_of(self, recipient: str) -> DeskRules | None:
        """The desk that takes mail for `recipient` (plain or signed), or None."""
        for desk in self.desks.values():
            if without_token(recipient, desk.delimiter) in desk.addresses:
                return desk
        return None

    def plain(self, address: str) -> str:
        """The address of ours that a signed one stands for; any other one unchanged."""
        desk = self.desk_of(address)
        return without_token(address, desk.delimiter) if desk is not None else address

    def is_ours(self, address: str) -> bool:
        """Whether mail to `address` would come back to us."""
        return self.desk_of(address) is not None

    def message_id(self, kind: str, about: str) -> str:
        """A fresh Message-ID of ours: what kind of mail, about which ticket, one random mark."""
        return self.signer.message_id(f"{about}.{kind.replace('_', '-')}.{self.mark()[:12]}", self.instance)

    def signed_address(self, desk: DeskRules, purpose: Purpose, *, subject: int, person: int, epoch: int = 0) -> str:
        """An address of this desk that only means something for this purpose, subject and person."""
        base = desk.noreply if purpose is Purpose.GUARD else desk.address
        token = self.signer.token(purpose, subject=subject, person=person, epoch=epoch, today=self.now().date())
        return with_token(base, token, desk.delimiter)

    def link(self, purpose: LinkPurpose, ticket: Ticket, person: Person, *, subject: int | None = None) -> str:
        """A signed token for a link to the page, good from now on. `subject`: the ticket, unless it is about something of it."""
        return make_link(
            self.signer,
            purpose,
            subject=ticket.id if subject is None else subject,
            person=person.id,
            now=self.now(),
            ticket_epoch=ticket.key_epoch,
            person_epoch=person.key_epoch,
        )

    def team(self, connection: Connection, desk: DeskRules) -> list[Person]:
        """The agents who hear of this desk: those named in its `team`, or all when it names none."""
        everybody = [agent for agent in people.agents(connection) if not agent.disabled]
        if not desk.team:
            return everybody
        named = frozenset(address.lower() for address in desk.team)
        return [agent for agent in everybody if agent.addresses & named]


@dataclass(frozen=True, slots=True)
class Story:
    """One change in progress: everything that it writes goes over this connection and stands or falls with it."""

    office: Office
    connection: Connection
    desk: DeskRules
    now: datetime
    source: str
    """mail, cli, page or clock."""
    intake_id: int | None = None
    silent: bool = False
    """True for imported mail: it becomes tickets and comments, and nobody is told (CASES A2.8)."""
