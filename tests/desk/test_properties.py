"""What holds whatever two agents, two customers and the clock do to a ticket, in any order (SURFACE 1.2 invariants 1-3, R-152, ruling 3).

Sequences of acts are generated and played on the real desk code and a real database; what leaves is judged mail by mail.
"""

from __future__ import annotations

import itertools
import random
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.desk import participant, timers
from gateway.desk.visit import Visitor
from gateway.domain.audience import TABLE, Mail
from gateway.domain.people import Part
from gateway.domain.ticket import Ticket, Visibility
from gateway.domain.timing import Rhythm
from gateway.domain.workflow import Actor, Refused, moves
from gateway.store import schema, tickets
from gateway.store.tickets import NewComment
from tests.desk.scene import WORKFLOW, Left, Scene, text_of
from tests.store.fresh import sqlite_store

AGENTS, CUSTOMERS = ("anna", "bob"), ("jess", "kim")
CODES = tuple(WORKFLOW.statuses)
LABELS = {status.label("en"): code for code, status in WORKFLOW.statuses.items()}
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WINDOW = timedelta(seconds=90)
PASSES_MUTE = {Mail.ANSWER_NEEDED, Mail.APPROVAL_REQUEST, Mail.RESOLVED}

SPEAKS_OF = {
    # what a mail says of its ticket by being that mail, beside the status that it may name
    Mail.ANSWER_NEEDED: {"waiting_customer"},
    Mail.APPROVAL_REQUEST: {"waiting_approval"},
    Mail.RESOLVED: {"resolved"},
    Mail.CLOSED: {"closed"},
    Mail.REOPENED: {"reopened"},
    Mail.REMINDER: {"waiting_customer", "waiting_approval"},
    Mail.RESOLVE_WARNING: {"waiting_customer"},
    Mail.SURVEY_REMINDER: {"resolved", "closed"},
}
HAVE_THEIR_MAIL = {"waiting_customer", "waiting_approval", "resolved", "closed", "reopened"}
"""Statuses that no comment and no bare status mail may announce: what asks or ends must be seen as such."""
STATUS_SENTENCES = re.compile(r"changed the status to (.+?)\.(?:\s|$)|[Ss]tatus: (?:[^→.)\n]+ → )?(.+?)[.)]")

Act = tuple[Any, ...]

BACK = -1
"""The move to where the ticket was before, if there is one."""

KINDS = {
    # what somebody does next, and how often
    "moves": 7,
    "moves twice": 3,
    "comments": 3,
    "notes": 2,
    "says": 3,
    "decides": 4,
    "mutes": 2,
    "waits a little": 4,
    "waits": 2,
    "sends": 4,
    "rings": 3,
}


def sequence(seed: int) -> tuple[str, list[Act]]:
    """The status in which a ticket begins, and what happens then. A move is the n-th of those that are possible when it is made."""
    chance = random.Random(seed)
    acts: list[Act] = []
    for kind in chance.choices(list(KINDS), weights=list(KINDS.values()), k=chance.randint(4, 14)):
        match kind:
            case "moves":
                acts.append((kind, chance.choice(AGENTS), chance.randrange(60), chance.random() < 0.65))
            case "moves twice":
                agent = chance.choice(AGENTS)
                acts += [
                    ("moves", agent, chance.randrange(60), False),
                    ("moves", agent, chance.choice([BACK, chance.randrange(60)]), False),
                ]
            case "decides":
                acts.append((kind, chance.choice(CUSTOMERS), chance.randrange(60), chance.random() < 0.7))
            case "comments" | "notes":
                acts.append((kind, chance.choice(AGENTS)))
            case "says":
                acts.append((kind, chance.choice(CUSTOMERS)))
            case "mutes":
                acts.append((kind, chance.choice(CUSTOMERS), chance.random() < 0.5))
            case "waits a little":
                acts.append(("waits", chance.choice([1, 20, 30, 59, 61])))
            case "waits":
                acts.append((kind, chance.choice([89, 91, 3_600, 86_400, 4 * 86_400])))
            case "rings":
                acts += [(kind, chance.choice([0, 3.5, 4, 7.5, 15])), ("sends",)][: chance.randint(1, 2)]
            case _:
                acts.append((kind,))
    return chance.choice(CODES), acts


@dataclass
class World:
    """A desk on which one sequence after the other is played, each on a ticket and with customers of its own."""

    scene: Scene
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def play(self, first_status: str, acts: Sequence[Act]) -> str:
        """Play a sequence to its end, until no mail waits. What did not hold, "" when all did."""
        game = Game(self.scene, next(self.numbers), first_status)
        try:
            for act in (*acts, *[("waits", 200), ("sends",)] * 3):
                game.act(act)
            game.holds_to_the_end()
        except AssertionError as broken:
            return str(broken).partition("\n")[0] or "an assertion without words"
        finally:
            game.ends()
        return ""

    def shrunk(self, first_status: str, acts: list[Act]) -> str:
        """A sequence that did not hold, without the acts that it does not need."""
        for place in reversed(range(len(acts))):
            fewer = acts[:place] + acts[place + 1 :]
            if self.play(first_status, fewer):
                acts = fewer
        return f"{self.play(first_status, acts)}: from {first_status}, {acts}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery as the database has it."""

    person: int
    mail: Mail
    context: Mapping[str, Any]


class Game:
    """One sequence: it does what the acts say and holds every mail against what it knows of the ticket then."""

    def __init__(self, scene: Scene, number: int, status: str) -> None:
        self.scene, self.number, self.was = scene, number, status
        scene.clock.now = MONDAY
        self.words = itertools.count(1)
        self.author: dict[str, str] = {}
        """Of each public word, who said it."""
        self.read: dict[tuple[str, str], int] = {}
        """How often a word stood as news in a mail to somebody."""
        self.ever_muted: set[str] = set()
        self.muted: set[str] = set()
        self.told = dict.fromkeys(CUSTOMERS, status)
        """The status that a customer heard of last, or brought about."""
        self.doers: dict[str, set[str]] = {name: set() for name in CUSTOMERS}
        """Who has done something since."""
        self.open: dict[int, tuple[str, datetime]] = {}
        """Whose news the newest mail to a person tells, and since when it waits."""
        self.ticket_id, self.people = self._opens(status)
        self.names = {person.id: name for name, person in self.people.items()}

    def _opens(self, status: str) -> tuple[int, dict[str, Any]]:
        scene, now = self.scene, self.scene.clock()
        with scene.office.store.write() as connection:
            ticket = tickets.open_ticket(
                connection,
                desk="SUP",
                summary="The printer",
                status="open",
                requester_id=None,
                organisation=None,
                language="en",
                now=now,
            )
        found = {
            name: scene.join(f"{name}{self.number}@c.example", str(ticket.key), part=part)
            for name, part in zip(CUSTOMERS, Part, strict=True)
        }
        with scene.office.store.write() as connection:
            values = {"status": status, "status_since": now, "requester_id": found["jess"].id}
            tickets.update(connection, ticket.id, now=now, **values)
            tickets.add_comment(
                connection, NewComment(ticket.id, found["jess"].id, "Jess", Visibility.PUBLIC, "It burns.", "mail"), now=now
            )
        return ticket.id, found | {name: scene.person(f"{name}@desk.example") for name in AGENTS}

    @property
    def ticket(self) -> Ticket:
        """As it stands."""
        with self.scene.office.store.read() as connection:
            found = tickets.get(connection, self.ticket_id)
        assert found is not None
        return found

    def outbox(self) -> dict[int, Outgoing]:
        """All mails about the ticket."""
        table = schema.deliveries
        with self.scene.office.store.read() as connection:
            rows = connection.execute(sa.select(table).where(table.c.ticket_id == self.ticket_id)).all()
        return {row.id: Outgoing(row.person_id, Mail(row.mail), row.context) for row in rows}

    def act(self, act: Act) -> None:
        """Do one act of the sequence."""
        kind, *rest = act
        match kind:
            case "waits":
                self.scene.clock.pass_by(seconds=rest[0])
            case "sends":
                self._sends()
            case "rings":
                self.scene.clock.pass_by(days=rest[0])
                before = self.ticket.status
                timers.work(self.scene.office)
                if self.ticket.status != before:
                    self._did("clock", moved=True)
            case "mutes":
                self._mutes(*rest)
            case _:
                self._tells(kind, *rest)

    def _mutes(self, who: str, muted: bool) -> None:
        participant.mute(self.scene.office, self._visitor(who), muted=muted)
        (self.muted.add if muted else self.muted.discard)(who)
        self.ever_muted |= self.muted

    def _visitor(self, who: str) -> Visitor:
        return Visitor(self.people[who], self.ticket, self.scene.office.desks["SUP"], who in self.muted, who == "jess")

    def _tells(self, kind: str, who: str, *rest: Any) -> None:
        """An act that others hear of: what it adds to the outbox is judged."""
        before, ticket = self.outbox(), self.ticket
        word = f"{'secret' if kind == 'notes' else 'word'}{next(self.words)}x"
        possible = moves(WORKFLOW, ticket.status, Actor.AGENT if who in AGENTS else Actor.CUSTOMER)
        back = next((rule for rule in possible if rest and rest[0] == BACK and rule.target == self.was), None)
        rule = back or (possible[rest[0] % len(possible)] if rest and possible else None)
        speaks = not rest or rest[1]
        if who in CUSTOMERS:
            wish = participant.Wish(text=word if speaks else "", word=rule.word if rule else None, seen_status=ticket.status)
            done = isinstance(participant.on_page(self.scene.office, self._visitor(who), wish, f"{self.number}-{word}"), participant.Done)
        else:
            to = rule.target if rule else None
            acted = self.scene.act(who, word if speaks else "", key=str(ticket.key), to=to, note=kind == "notes")
            done = not isinstance(acted, Refused)
        if done and speaks and kind != "notes":
            self.author[word] = who
        if done and kind != "notes":
            self._did(who, moved=self.ticket.status != ticket.status)
        self.was = ticket.status
        self._judge_outbox(who, before, self.outbox())

    def _did(self, who: str, *, moved: bool) -> None:
        """Somebody did something; whoever moves a ticket knows where it is."""
        for doers in self.doers.values():
            doers.add(who)
        if moved and who in CUSTOMERS:
            self._heard(who, self.ticket.status)

    def _heard(self, name: str, status: str) -> None:
        self.told[name], self.doers[name] = status, set()

    def _judge_outbox(self, who: str, before: dict[int, Outgoing], after: dict[int, Outgoing]) -> None:
        """(4) Nothing new for the actor, (7) one mail at most for each other one, (1) none beside one of his that waits in the window."""
        me = self.people[who].id
        assert [one for one in before.values() if one.person == me] == [one for one in after.values() if one.person == me], (
            f"{who} hears of himself"
        )
        fresh = [after[i] for i in after.keys() - before.keys()]
        reached = [one.person for one in fresh] + [after[i].person for i in before if before[i] != after[i]]
        assert len(reached) == len(set(reached)), f"two mails to one person for one act of {who}"
        now = self.scene.clock()
        for one in fresh:
            if TABLE[one.mail].mergeable:
                teller, since = self.open.get(one.person, ("", now))
                assert teller != who or now - since >= WINDOW, f"a second mail to {self.names[one.person]} within the window of {who}"
                self.open[one.person] = (who, now)

    def _sends(self) -> None:
        start, status = len(self.scene.left), self.ticket.status
        self.scene.send()
        assert status == self.ticket.status
        for left in self.scene.left[start:]:
            if str(self.ticket.key) == left.context.ticket_key:
                self._judge_mail(left, status)

    def _judge_mail(self, left: Left, status: str) -> None:
        """(2) and (6) the status is the ticket's now, (3) what a muted customer gets, (5) no internal word outside."""
        name = next(n for n, person in self.people.items() if person.address == left.recipient)
        text = text_of(left.message)
        named = [LABELS.get(found[0] or found[1], found) for found in STATUS_SENTENCES.findall(text)]
        assert set(named) <= {status}, f"{left.mail} names {named} while the ticket is {status}"
        hidden = left.mail in {Mail.COMMENT, Mail.STATUS_CHANGED} and status in HAVE_THEIR_MAIL & set(named)
        assert not hidden, f"{status} is told by {left.mail}"
        assert status in SPEAKS_OF.get(left.mail, {status}), f"{left.mail} while the ticket is {status}"
        for word in re.findall(r"(?:word|secret)\d+x", left.context.comment_text + left.context.note_text):
            # A reminder says the question once more.
            self.read[word, name] = self.read.get((word, name), 0) + (left.mail is not Mail.REMINDER)
            assert self.author.get(word) != name, f"{name} gets his own {word}"
        if name not in CUSTOMERS:
            return
        assert "secret" not in left.message.as_string() + "".join(_parts(left)), f"{name} reads a note in {left.mail}"
        assert name not in self.muted or left.mail in PASSES_MUTE, f"{name} is muted and gets {left.mail}"
        if TABLE[left.mail].mergeable:
            empty = not left.context.comment_text and name not in self.ever_muted
            nothing_new = self.told[name] == status and self.doers[name] == {left.context.actor_name.partition(" ")[0].lower()}
            assert not (empty and nothing_new), f"{left.mail} tells {name} that it is where it was"
            if named or left.mail in SPEAKS_OF:
                self._heard(name, status)

    def holds_to_the_end(self) -> None:
        """Every public word has reached each other customer once, a muted one once at most."""
        for word, author in self.author.items():
            for name in CUSTOMERS:
                read = self.read.get((word, name), 0)
                wanted = {0} if name == author else {0, 1} if name in self.ever_muted else {1}
                assert read in wanted, f"{name} got {word} of {author} {read} times"

    def ends(self) -> None:
        """Take the ticket out of the clock's and the sender's reach: the next sequence has its own."""
        with self.scene.office.store.write() as connection:
            tickets.update(connection, self.ticket_id, now=self.scene.clock(), status="open")
            connection.execute(schema.surveys.update().values(withdrawn_at=self.scene.clock()))
            connection.execute(schema.deliveries.update().where(schema.deliveries.c.state == "queued").values(state="cancelled"))


def _parts(left: Left) -> Iterator[str]:
    """Every decoded part of a mail."""
    for part in left.message.walk():
        content = part.get_payload(decode=True)
        yield content.decode(errors="replace") if isinstance(content, bytes) else ""


@contextmanager
def world() -> Iterator[World]:
    """A desk in memory."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder, sqlite_store(Path(folder)) as store:
        scene = Scene(store, Path(folder), rhythm=Rhythm(resolve_after=10, warn_before=7))
        scene.with_page()
        yield World(scene)


def _hold(seeds: range) -> None:
    """Play so many sequences; the first that does not hold is made short and shown."""
    with world() as one:
        for seed in seeds:
            status, acts = sequence(seed)
            if one.play(status, acts):
                pytest.fail(f"sequence {seed}: {one.shrunk(status, acts)}")


def test_what_holds_in_any_order() -> None:
    """One mail for each step and person, true when it leaves, nothing for the actor, the muted or the curious, no word lost or twice."""
    _hold(range(120))


@pytest.mark.long
def test_what_holds_in_any_order_for_long() -> None:
    """The same for 2,000 sequences."""
    _hold(range(2_000))
