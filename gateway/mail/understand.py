"""One mail, understood: read, classified, trimmed, with what was forwarded or bounced in it; and the same as plain data.

This is the whole of what the gateway makes of bytes before it looks at a single ticket, so it is a pure function: the same bytes and the
same context give the same result on every machine, in the daemon as in `gateway explain`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway.domain.people import Address
from gateway.mail.inbound import Attachment, BounceReport, Classified, Forwarded, InboundMail, Trimmed
from gateway.mail.kind.bounce import read_report
from gateway.mail.kind.classify import classify
from gateway.mail.read.html import sanitise
from gateway.mail.read.parse import read_mail
from gateway.mail.read.tnef import unpack
from gateway.mail.words.forward import find_forward
from gateway.mail.words.subject import says_forward, says_reply
from gateway.mail.words.trim import names_a_reply, trim, trim_signature


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """What a mail says by itself, for which no key of ours is needed. `forwarded` and `bounce` are None when it holds none."""

    mail: InboundMail
    trimmed: Trimmed
    forwarded: Forwarded | None
    bounce: BounceReport | None


class ReaderFailedError(Exception):
    """The mail was too much for its reader; the words say how."""


class NoReaderError(Exception):
    """There was nobody to read the mail, which is not the mail's fault."""


Reader = Callable[[bytes, frozenset[str], tuple[str, ...]], ReadThrough]
"""Reads a mail, given the names of our mail servers and our reply markers. May raise ReaderFailedError or NoReaderError."""


def read_through(raw: bytes, authserv_ids: frozenset[str], own_markers: tuple[str, ...]) -> ReadThrough:
    """Read `raw` here, in this process. Reading itself never raises; a failure of the later steps is a fault of ours and does."""
    mail = unpack(read_mail(raw, authserv_ids=authserv_ids))
    return ReadThrough(mail, _trimmed(mail, own_markers), find_forward(mail), read_report(mail))


@dataclass(frozen=True, slots=True)
class Context:
    """What understanding a mail needs to know of the desk.

    `own_markers` are our "reply above this line" texts; `size_limit` is in bytes; `reader` may be one that reads in a process of its own.
    """

    authserv_ids: frozenset[str]
    own_addresses: frozenset[str]
    own_markers: tuple[str, ...]
    size_limit: int
    is_own_message_id: Callable[[str], bool]
    is_own_loop: Callable[[str], bool]
    reader: Reader = read_through


@dataclass(frozen=True, slots=True)
class Understood:
    """A mail with all that follows from itself alone. `forwarded` and `bounce` are None when it holds none."""

    mail: InboundMail
    classified: Classified
    trimmed: Trimmed
    forwarded: Forwarded | None
    bounce: BounceReport | None


def understand(raw: bytes, context: Context) -> Understood:
    """What `raw` is and says. Raises what its reader raises. It is classified here, for that needs to know which ids are ours."""
    read = context.reader(raw, context.authserv_ids, context.own_markers)
    classified = classify(
        read.mail,
        own_addresses=context.own_addresses,
        is_own_message_id=context.is_own_message_id,
        is_own_loop=context.is_own_loop,
        size_limit=context.size_limit,
        words=read.trimmed.reply,
    )
    return Understood(read.mail, classified, read.trimmed, read.forwarded, read.bounce)


def is_reply(mail: InboundMail, own_markers: tuple[str, ...] = ()) -> bool:
    """Whether the mail says that it answers another one, or holds a reply marker: only then may a quotation be cut from it.

    What is passed on is to be read, so a subject that says so counts more than the thread, which mail programs keep there; only our own
    marker counts more. Another help desk's marker counts below some words.
    """
    if says_reply(mail.subject) or any(marker in mail.text for marker in own_markers):
        return True
    if says_forward(mail.subject):
        return False
    return bool(mail.in_reply_to or mail.references) or names_a_reply(mail.text)


def _trimmed(mail: InboundMail, own_markers: tuple[str, ...]) -> Trimmed:
    return (
        trim(mail.text, html=mail.html, own_markers=own_markers)
        if is_reply(mail, own_markers)
        else trim_signature(mail.text, html=mail.html)
    )


def as_json(file: str, understood: Understood) -> dict[str, Any]:
    """The answer of `gateway explain --json` for one mail: only strings that UTF-8 can hold, numbers, booleans, lists and nulls.

    `from` is the claimed sender where none is beyond doubt; then `defects` says why.
    """
    mail, trimmed = understood.mail, understood.trimmed
    return {
        "file": file.encode("utf-8", "replace").decode("utf-8"),
        "message_id": mail.message_id,
        "subject": mail.subject,
        "from": _address(mail.sender or mail.claimed_sender),
        "to": [_address(one) for one in mail.to],
        "cc": [_address(one) for one in mail.cc],
        "date": mail.date.isoformat() if mail.date else None,
        "verdict": understood.classified.verdict.value,
        "rules": list(understood.classified.rules),
        "may_answer": understood.classified.may_answer,
        "text": mail.text,
        "reply": trimmed.reply,
        "quoted": trimmed.quoted,
        "signature": trimmed.signature,
        "confidence": round(trimmed.confidence, 2),
        "html": sanitise(mail.html, _cid_urls(mail)) if mail.html is not None else None,
        "attachments": [_attachment(one) for one in mail.attachments],
        "bounce": _bounce(understood.bounce),
        "forward": _forward(understood.forwarded),
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "sender_proof": mail.sender_proof.value,
        "defects": list(mail.defects),
    }


def _cid_urls(mail: InboundMail) -> dict[str, str]:
    """Each inline image by its Content-ID, as an address that names it by its hash."""
    return {one.content_id: f"attachments/{one.sha256}" for one in mail.attachments if one.content_id}


def _address(one: Address | None) -> dict[str, str] | None:
    return {"name": one.name, "address": one.address} if one else None


def _attachment(one: Attachment) -> dict[str, Any]:
    return {
        "filename": one.filename,
        "content_type": one.content_type,
        "size": one.size,
        "sha256": one.sha256,
        "inline": one.inline,
        "content_id": one.content_id,
    }


def _bounce(report: BounceReport | None) -> dict[str, Any] | None:
    if report is None:
        return None
    recipients = [{"address": one.address, "hard": one.hard, "status": one.status} for one in report.recipients]
    return {"recipients": recipients, "original_message_id": report.original_message_id}


def _forward(forwarded: Forwarded | None) -> dict[str, Any] | None:
    if forwarded is None:
        return None
    return {
        "from": _address(forwarded.sender),
        "date": forwarded.date,
        "subject": forwarded.subject,
        "text": forwarded.text,
        "note": forwarded.note,
        "attachments": [_attachment(one) for one in forwarded.attachments],
    }
