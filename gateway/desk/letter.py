"""A mail that came in, on its way into a story: what was understood of it, with its files ready to be stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.desk.office import Office, Story
from gateway.domain.near import WITHIN, says_the_same
from gateway.domain.ticket import StoredAttachment, Visibility
from gateway.mail.inbound import InboundMail, SenderProof
from gateway.mail.match import Evidence, gather
from gateway.mail.understand import Understood
from gateway.store import intake, people, tickets
from gateway.store.blobs import Prepared
from gateway.store.intake import Claimed
from gateway.store.tickets import NewComment

SUMMARY_LIMIT = 300
_PREFIXES = ("re:", "fwd:", "fw:", "tr:", "aw:", "wg:", "sv:", "antw:", "réf:", "ref:", "r:", "doorst:", "vs:", "rv:", "res:")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail in work."""

    row: Claimed
    understood: Understood
    evidence: Evidence
    message_key: str
    blobs: tuple[Prepared, ...]

    @property
    def mail(self) -> InboundMail:
        """The mail itself."""
        return self.understood.mail

    @property
    def files(self) -> tuple[StoredAttachment, ...]:
        """Its attachments as rows; their blobs are `blobs`."""
        return tuple(StoredAttachment(a.filename, a.content_type, a.size, a.sha256, a.inline, a.content_id) for a in self.mail.attachments)

    @property
    def words(self) -> str:
        """What this mail says itself; a mail of files alone says so (R-109)."""
        if self.understood.trimmed.reply.strip():
            return self.understood.trimmed.reply.strip()
        return self.mail.text.strip()

    @property
    def vouched(self) -> bool:
        """Whether our own mail server proved the sender's domain."""
        return self.mail.sender_proof is SenderProof.PASS


def read(office: Office, row: Claimed, understood: Understood, message_key: str) -> Letter:
    """Everything about a mail that needs no database; large attachments are on disk afterwards."""
    delimiters = frozenset(desk.delimiter for desk in office.desks.values())
    evidence = gather(understood.mail, row.envelope_to, signer=office.signer, domains=office.domains, delimiters=delimiters)
    blobs = tuple(office.blobs.prepare(a.content) for a in understood.mail.attachments)
    return Letter(row, understood, evidence, message_key, blobs)


def summary_of(mail: InboundMail) -> str:
    """The subject without reply marks and keys; without a subject, the first eight words (R-045)."""
    text = mail.subject.strip()
    while True:
        lower = text.lower()
        prefix = next((p for p in _PREFIXES if lower.startswith(p)), None)
        if prefix:
            text = text[len(prefix) :].strip()
        elif text.startswith("[") and "]" in text and text[1 : text.index("]")].rpartition("-")[2].isdigit():
            text = text[text.index("]") + 1 :].strip()
        else:
            break
    return (text or " ".join(mail.text.split()[:8]) or "—")[:SUMMARY_LIMIT]


def comment_of(letter: Letter, story: Story, *, author_id: int | None, author_name: str, **changes: Any) -> NewComment:
    """The mail as a comment (public unless `changes` says otherwise)."""
    mail, trimmed = letter.mail, letter.understood.trimmed
    values: dict[str, Any] = {
        "ticket_id": 0,
        "author_id": author_id,
        "author_name": author_name,
        "visibility": Visibility.PUBLIC,
        "text": letter.words or "📎",
        "source": story.source,
        "quoted": trimmed.quoted,
        "signature": trimmed.signature,
        "html": mail.html,
        "proof": mail.sender_proof.value,
        "shown": _shown(story, letter),
        "message_id": mail.message_id,
        "intake_id": story.intake_id,
        "attachments": letter.files,
    }
    return NewComment(**(values | changes))


def _shown(story: Story, letter: Letter) -> dict[str, Any] | None:
    """What a reader sees beside the text.

    The people of To and Cc, and a Reply-To elsewhere: shown to readers, never subscribed (ruling 16, CASES A1.6, A1.7). And the comment
    that it repeats.
    """
    mail = letter.mail
    others = [a.address for a in (*mail.to, *mail.cc) if not story.office.is_ours(a.address)]
    elsewhere = [a.address for a in mail.reply_to if mail.sender is None or a.address != mail.sender.address]
    found = {"also_to": others, "reply_to": elsewhere}
    repeats = _repeats(story, letter)
    if repeats is not None:
        return {**found, "repeats": repeats}
    return found if others or elsewhere else None


def repeated(comment: NewComment) -> tuple[str, ...]:
    """What `gateway explain` says of a comment that repeats one."""
    return (f"repeats comment {comment.shown['repeats']}",) if comment.shown and "repeats" in comment.shown else ()


def _repeats(story: Story, letter: Letter) -> int | None:
    """The comment of the same sender on this desk that said the same a few minutes ago (CASES B29)."""
    sender, row = letter.mail.sender, letter.row
    if sender is None or story.silent:
        return None
    lately = intake.commented_lately(story.connection, sender.address, desk=row.desk, since=row.received_at - WITHIN, before=row.id)
    files = [one.sha256 for one in letter.files]
    for comment in tickets.comments(story.connection, lately):
        if says_the_same(letter.words, files, comment.text, [one.sha256 for one in comment.attachments]):
            return comment.id
    return None


def store_files(letter: Letter, story: Story) -> None:
    """The rows of the mail's attachments' blobs, before the comment that names them."""
    story.office.blobs.insert(story.connection, list(letter.blobs), story.now)


def sender_works(letter: Letter, story: Story) -> None:
    """A person's own mail proves that his address works."""
    if letter.mail.sender is not None:
        people.mark_deliverable(story.connection, letter.mail.sender.address)
