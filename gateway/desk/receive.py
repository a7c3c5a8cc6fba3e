"""From bytes at a door to their effect: T1 makes them durable, T2 makes them a ticket, a comment or a named nothing.

T1 is one transaction for a batch; when it has returned, the door may say 250 or flag the mail. T2 counts the attempt first, understands
the batch outside any transaction, and then writes each mail's whole effect under its own savepoint: one bad mail costs only itself.
What a verdict does is the table EFFECTS (ruling 1).
"""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from gateway.desk import agent, customer, match, report
from gateway.desk.comment import comment_of
from gateway.desk.customer import Became, Refuse
from gateway.desk.letter import Letter, read, store_files
from gateway.desk.office import Office, Story
from gateway.desk.park import as_stub, park_exhausted
from gateway.domain.events import MailFiled
from gateway.domain.ticket import Visibility
from gateway.mail.identity import message_key
from gateway.mail.inbound import Verdict
from gateway.mail.match import Acts, Held, Joins, Opens
from gateway.mail.understand import Context, NoReaderError, ReaderFailedError, understand
from gateway.store import events, intake, people, tickets
from gateway.store.engine import DATABASE_FAULTS
from gateway.store.intake import Arrival, Claimed, Cursor, Received

RETRY_PAUSE = timedelta(seconds=2)
"""Between two tries of a mail that failed without killing its process."""

_MESSAGE_ID = re.compile(rb"(?im)^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\x00-\x20\x7f-\xff]{1,990}>)")
"""Printable ASCII only: PostgreSQL refuses NUL in a text, and one such mail would keep the rest of its batch out."""
_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Effect:
    """One mail that is done or parked, for the log."""

    intake_id: int
    verdict: str
    outcome: str
    ticket: str | None
    sender: str | None
    size: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worked:
    """What one round of T2 did: `done` mails have their effect (or their named nothing), `failed` will be tried again."""

    done: int
    failed: int
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """A mail of the batch that could be read."""

    row: Claimed
    letter: Letter


@dataclass(frozen=True, slots=True)
class Broken:
    """A mail of the batch that broke its reader."""

    row: Claimed
    error: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A mail of the batch that nobody could read now, by no fault of its own: set back without counting the attempt."""

    row: Claimed


class LostLeaseError(Exception):
    """Another worker has the row: this effect must not be written."""


class TooEarlyError(Exception):
    """The mail answers one that came before it and has had no effect yet: another worker has that one, or it is tried again."""


def record(office: Office, arrivals: Sequence[Arrival], *, cursor: tuple[str, str, Cursor] | None = None) -> int:
    """T1: make mails durable, and move the cursor (mailbox, folder, where to) with them. How many are new. Raises when it could not."""
    received = [Received(a, office.blobs.prepare(a.raw), _message_id(a.raw)) for a in arrivals]
    with office.store.write() as connection:
        office.blobs.insert(connection, [r.blob for r in received], office.now())
        new = intake.insert(connection, received)
        if cursor is not None:
            intake.set_cursor(connection, *cursor)
    return new


def _message_id(raw: bytes) -> str | None:
    found = _MESSAGE_ID.search(raw[:_HEAD].partition(b"\r\n\r\n")[0])
    return found[1].decode("ascii") if found else None


def work(office: Office, *, owner: str, limit: int) -> Worked:
    """T2 for the next batch of the ledger. Raises when the database itself fails; then nothing was counted against any mail."""
    with office.store.write() as connection:
        rows = intake.claim(connection, owner=owner, now=office.store.now(), lease=office.policy.lease, limit=limit)
    if not rows:
        return Worked(0, 0)
    if rows[0].exhausted:
        park_exhausted(office, rows[0], owner=owner, error=_last_error(office, rows[0].id))
        return Worked(1, 0)
    try:
        return _work(office, rows, owner)
    except DATABASE_FAULTS:
        # The database's fault, not the mails': take the attempt back if it can be reached at all, else the lease runs out.
        with office.store.write() as connection:
            intake.give_back(connection, [r.id for r in rows], owner=owner, uncount=True)
        raise


def _work(office: Office, rows: list[Claimed], owner: str) -> Worked:
    read_ones = list(_read_in_time(office, rows))
    broken = [r for r in read_ones if isinstance(r, Broken)]
    early = [r.row for r in read_ones if isinstance(r, Unread)]
    effects: list[Effect] = []
    with office.store.write() as connection:
        for one in read_ones:
            if not isinstance(one, Understood):
                continue
            savepoint = connection.begin_nested()
            try:
                story = Story(office, connection, office.desks[one.row.desk], office.now(), "mail", one.row.id, one.row.silent)
                effect = _effect(story, one.letter, owner)
            except DATABASE_FAULTS:
                raise
            except LostLeaseError:
                savepoint.rollback()
            except TooEarlyError:
                savepoint.rollback()
                early.append(one.row)
            except Exception:  # noqa: BLE001 - the wall around one mail of a batch
                savepoint.rollback()
                broken.append(Broken(one.row, traceback.format_exc()))
            else:
                savepoint.commit()
                effects.append(effect)
    _set_back(office, broken, early, owner)
    return Worked(len(effects), len(broken), tuple(effects))


def _read_in_time(office: Office, rows: Sequence[Claimed]) -> Iterator[Understood | Broken | Unread]:
    """Read the batch. When half of its lease is over, for some mail took long, the rest is left for the next one."""
    until = time.monotonic() + office.policy.lease.total_seconds() / 2
    for number, row in enumerate(rows):
        in_time = number == 0 or time.monotonic() < until
        yield _understand(office, row) if in_time else Unread(row)


def _set_back(office: Office, broken: list[Broken], early: list[Claimed], owner: str) -> None:
    if not broken and not early:
        return
    pause = office.store.now() + RETRY_PAUSE
    with office.store.write() as connection:
        intake.give_back(connection, [row.id for row in early], owner=owner, uncount=True, not_before=pause)
        for failed in broken:
            intake.note_error(connection, failed.row.id, failed.error)
            intake.give_back(connection, [failed.row.id], owner=owner, uncount=False, not_before=pause)


def _last_error(office: Office, intake_id: int) -> str:
    with office.store.read() as connection:
        row = intake.get(connection, intake_id)
    return (row.error if row else None) or "the process died each time it worked on this mail"


def _understand(office: Office, row: Claimed) -> Understood | Broken | Unread:
    try:
        with office.store.read() as connection:
            raw = office.blobs.read(connection, row.sha256)
        came = bool(raw)
        if row.envelope_from is not None:
            # What a mail server does at final delivery (RFC 5321 §4.4): without it a null sender pushed to us would not be seen.
            raw = f"Return-Path: <{row.envelope_from}>\r\n".encode("utf-8", "replace") + raw
        understood = understand(raw, context(office, size=row.size if not row.whole else None))
        # A mail that its server never handed over has no bytes to be known by.
        key = message_key(understood.mail, raw) if came else f"intake:{row.id}"
        return Understood(row, read(office, row, understood, key))
    except DATABASE_FAULTS:
        raise
    except ReaderFailedError as error:
        return Broken(row, str(error))
    except NoReaderError:
        return Unread(row)
    except Exception:  # noqa: BLE001 - the wall around one mail of a batch
        return Broken(row, traceback.format_exc())


def context(office: Office, *, size: int | None = None) -> Context:
    """What reading a mail needs to know of us. `size`: how large a mail really is of which only the beginning was fetched."""
    limit = office.policy.size_limit if size is None else 0
    return Context(
        authserv_ids=office.policy.authserv_ids,
        own_addresses=office.own_addresses,
        own_markers=office.markers,
        size_limit=limit,
        is_own_message_id=office.signer.is_own_id,
        is_own_loop=office.signer.is_own_loop,
        reader=office.reader,
    )


def _effect(story: Story, letter: Letter, owner: str) -> Effect:
    """The whole effect of one mail, and the ledger's word on it. Raises LostLeaseError when another worker has it."""
    row = letter.row
    if intake.awaits(story.connection, letter.evidence.other_ids, desk=row.desk, before=row.id):
        raise TooEarlyError
    first = intake.claim_effect(story.connection, desk=row.desk, message_key=letter.message_key, intake_id=row.id)
    classified = letter.understood.classified
    if first is not None:
        trust: str | None = None
        became: Became | Refuse = Became("duplicate", None, None, (f"same mail as intake {first}",))
    else:
        trust = _trust(story, letter)
        became = EFFECTS[classified.verdict](story, letter)
    values: dict[str, Any] = {
        "verdict": classified.verdict.value,
        "rules": list(classified.rules),
        "sender": letter.mail.sender.address if letter.mail.sender else None,
        "subject": letter.mail.subject[:300],
        "message_id": letter.mail.message_id,
        "trust": trust,
        "done_at": story.now,
    }
    if isinstance(became, Refuse):
        values |= {"state": "parked", "park_reason": became.reason, "outcome": "parked"}
        intake.release_effect(story.connection, row.id)
    else:
        values |= {
            "state": "done",
            "outcome": became.outcome,
            "why": list(became.why),
            "ticket_id": became.ticket_id,
            "comment_id": became.comment_id,
        }
    if not intake.settle(story.connection, row.id, owner=owner, values=values):
        raise LostLeaseError
    ticket_id = None if isinstance(became, Refuse) else became.ticket_id
    ticket = tickets.get(story.connection, ticket_id) if ticket_id is not None else None
    why = (became.reason,) if isinstance(became, Refuse) else became.why
    key = str(ticket.key) if ticket else None
    return Effect(row.id, classified.verdict.value, str(values["outcome"]), key, values["sender"], row.size, why)


def _trust(story: Story, letter: Letter) -> str:
    """How far the sender is believed to be who he says, by what was known before this mail."""
    sender = letter.mail.sender
    return match.trust(story, letter, people.by_address(story.connection, sender.address) if sender else None).value


def _speaks(story: Story, letter: Letter) -> Became | Refuse:
    """A mail with something to say: a comment, an agent's act, or a new ticket."""
    person = customer.known_sender(story, letter)
    if isinstance(person, Refuse):
        return person
    found = match.find(story, letter, person)
    if isinstance(found, Acts) and letter.understood.classified.verdict not in customer.ANSWERED:
        found = Held(found.ticket_id, "not-human")
    if isinstance(found, Joins) and person is not None:
        return customer.comments(story, letter, person, found)
    if isinstance(found, Acts) and person is not None:
        return agent.acts(story, letter, person, found)
    if isinstance(found, Held) and person is not None:
        return agent.holds(story, letter, person, found)
    assert isinstance(found, Opens)
    return customer.opens(story, letter, person, found)


def _files(story: Story, letter: Letter) -> Became | Refuse:
    """An automatic mail: kept on its ticket if it has one and its sender belongs there; never a ticket, never a move (ruling 1)."""
    sender = letter.mail.sender
    person = people.by_address(story.connection, sender.address) if sender else None
    found = match.find(story, letter, person) if person is not None else Opens((), "unknown-sender")
    if not isinstance(found, Joins | Acts | Held) or person is None:
        return Became("not-filed", None, None, (found.reason,) if isinstance(found, Opens) else ())
    store_files(letter, story)
    verdict = letter.understood.classified.verdict.value
    filed = comment_of(
        letter,
        story,
        author_id=person.id,
        author_name=person.name,
        ticket_id=found.ticket_id,
        visibility=Visibility.INTERNAL,
        kind="filed",
    )
    comment_id = tickets.add_comment(story.connection, filed, now=story.now)
    events.add(
        story.connection,
        [MailFiled(verdict)],
        ticket_id=found.ticket_id,
        actor_id=person.id,
        now=story.now,
        comment_id=comment_id,
        intake_id=story.intake_id,
    )
    return Became("filed", found.ticket_id, comment_id, (verdict,))


def _delays(story: Story, letter: Letter) -> Became | Refuse:
    """A delay notice goes to its delivery; without a signed address it is filed like other automatic mail."""
    home = report.comes_home(story, letter)
    if home.outcome != "report-without-effect":
        return home
    filed = _files(story, letter)
    return replace(filed, why=(*home.why, *filed.why)) if isinstance(filed, Became) else filed


def _stands_for_itself(story: Story, letter: Letter) -> Became | Refuse:
    verdict = letter.understood.classified.verdict.value
    return as_stub(story, letter.row, why=verdict, summary=(letter.mail.subject or f"{verdict} mail {letter.row.id}")[:300])


def _parks(story: Story, letter: Letter) -> Became | Refuse:  # noqa: ARG001 - one of EFFECTS
    return Refuse(letter.understood.classified.verdict.value)


def _ends(story: Story, letter: Letter) -> Became | Refuse:  # noqa: ARG001 - one of EFFECTS
    return Became("loop", None, None, letter.understood.classified.rules[:1])


EFFECTS: dict[Verdict, Callable[[Story, Letter], Became | Refuse]] = {
    Verdict.HUMAN: _speaks,
    Verdict.CALENDAR: _speaks,
    Verdict.AUTO_GENERATED: _speaks,
    Verdict.LIST: _speaks,
    Verdict.AUTO_REPLY: _files,
    Verdict.OUT_OF_OFFICE: _files,
    Verdict.READ_RECEIPT: _files,
    Verdict.DELAY: _delays,
    Verdict.BOUNCE: report.comes_home,
    Verdict.FEEDBACK_REPORT: report.comes_home,
    Verdict.SPAM: _parks,
    Verdict.CHALLENGE: _parks,
    Verdict.LOOP: _ends,
    Verdict.OVERSIZED: _stands_for_itself,
    Verdict.UNREADABLE: _stands_for_itself,
}
"""What each verdict does: ruling 1 of the design, as data."""
