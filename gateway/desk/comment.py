"""A mail as a comment: its own words, and what a reader should see beside them.

What stands beside them is decided once, when the mail comes in, and kept with the comment: who else it was sent to, where it wants its
answers, that it says something again, and what speaks against its sender. Agents read it under the words; nobody else does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from gateway.desk.letter import Letter
from gateway.desk.office import Story
from gateway.domain.near import WITHIN, says_the_same
from gateway.domain.people import resembled
from gateway.domain.ticket import Comment, Visibility
from gateway.mail.inbound import SenderProof
from gateway.store import intake, people, tickets
from gateway.store.tickets import NewComment

DOUBT: Final = 0.8
"""Below this confidence agents are shown what was left out of the words, too."""
_NAMED: Final = 5
"""Addresses that are named before "and so many more"."""


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
        "shown": _shown(story, letter) or None,
        "message_id": mail.message_id,
        "intake_id": story.intake_id,
        "attachments": letter.files,
    }
    return NewComment(**(values | changes))


def repeated(comment: NewComment) -> tuple[str, ...]:
    """What `gateway explain` says of a comment that repeats one."""
    return (f"repeats comment {comment.shown['repeats']}",) if comment.shown and "repeats" in comment.shown else ()


def beside(comment: Comment, on_ticket: Collection[str]) -> Iterator[tuple[str, str]]:
    """What agents read under the words of a comment that came by mail: a code and what it is about, the warnings first.

    `on_ticket` are the addresses of those who take part: that the mail went to them as well is no news.
    """
    shown = comment.shown
    for warning in ("refuted", "unclear", "resembles"):
        if warning in shown:
            yield warning, str(shown[warning])
    if "repeats" in shown:
        yield "repeats", str(shown["repeats"])
    if shown.get("reply_to"):
        yield "reply_to", _some(shown["reply_to"])
    others = [address for address in shown.get("also_to", ()) if address not in on_ticket]
    if others:
        yield "also_to", _some(others)


def left_out(comment: Comment) -> str:
    """What was taken for quotation or signature with little certainty, for agents to read; "" where it was surely one."""
    doubtful = comment.shown.get("confidence", 1.0) < DOUBT
    return "\n\n".join(part for part in (comment.quoted.strip(), comment.signature.strip()) if part) if doubtful else ""


def _some(addresses: list[str]) -> str:
    more = len(addresses) - _NAMED
    return ", ".join(addresses[:_NAMED]) + (f" +{more}" if more > 0 else "")


def _shown(story: Story, letter: Letter) -> dict[str, Any]:
    """What a reader sees beside the text.

    The people of To and Cc, and a Reply-To elsewhere, are shown, never subscribed (ruling 16, CASES A1.6, A1.7); a sender who bears an
    agent's name is named (CASES A1.9).
    """
    mail = letter.mail
    found: dict[str, Any] = {
        "also_to": [a.address for a in (*mail.to, *mail.cc) if not story.office.is_ours(a.address)],
        "reply_to": [a.address for a in mail.reply_to if mail.sender is None or a.address != mail.sender.address],
        "repeats": _repeats(story, letter),
        "resembles": _resembles(story, letter),
        "refuted": mail.sender.domain if mail.sender is not None and mail.sender_proof is SenderProof.FAIL else None,
        "unclear": ", ".join(mail.defects) or "-" if mail.sender is None else None,
        "confidence": round(letter.understood.trimmed.confidence, 2) if letter.understood.trimmed.confidence < 1 else None,
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


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


def _resembles(story: Story, letter: Letter) -> str | None:
    """The address of the agent whose name the sender bears from an address that is not that agent's."""
    claimed = letter.mail.claimed_sender
    agent = resembled(people.agents(story.connection), claimed) if claimed is not None else None
    return agent.address if agent is not None else None
