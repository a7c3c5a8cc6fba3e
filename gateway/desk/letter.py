"""A mail that came in, on its way into a story: what was understood of it, with its files ready to be stored."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.desk.office import Office, Story
from gateway.domain.ticket import StoredAttachment
from gateway.mail.inbound import InboundMail, SenderProof
from gateway.mail.match import Evidence, gather
from gateway.mail.understand import Understood
from gateway.mail.words.subject import bare_subject
from gateway.store import people
from gateway.store.blobs import Prepared
from gateway.store.intake import Claimed

SUMMARY_LIMIT = 300


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
    evidence = gather(
        understood.mail, row.envelope_to, signer=office.signer, domains=office.domains, delimiters=delimiters, markers=office.markers
    )
    blobs = tuple(office.blobs.prepare(a.content) for a in understood.mail.attachments)
    return Letter(row, understood, evidence, message_key, blobs)


def summary_of(mail: InboundMail) -> str:
    """The subject without reply marks and keys; without a subject, the first eight words (R-045)."""
    return (bare_subject(mail.subject) or " ".join(mail.text.split()[:8]) or "—")[:SUMMARY_LIMIT]


def store_files(letter: Letter, story: Story) -> None:
    """The rows of the mail's attachments' blobs, before the comment that names them."""
    story.office.blobs.insert(story.connection, list(letter.blobs), story.now)


def sender_works(letter: Letter, story: Story) -> None:
    """A person's own mail proves that his address works."""
    if letter.mail.sender is not None:
        people.mark_deliverable(story.connection, letter.mail.sender.address)
