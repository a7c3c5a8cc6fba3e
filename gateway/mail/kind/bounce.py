"""Reads delivery reports: which recipients were not reached, for ever or for now, and which mail of ours came back.

A report has no authentication (CASES A1.15): what is read here is a claim, and has an effect only where the report came in at an address
that we signed. Fields of RFC 3464 come first; then the header X-Failed-Recipients; then the notices of one large sender in JSON; then the
sentences of systems that write none of these. Complaints (RFC 5965) are read here too, because they name recipients in the same way.

Bugs: where a report names the address that it was expanded to and the one that we wrote to, both are given as recipients.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from gateway.mail.inbound import BouncedRecipient, BounceReport, InboundMail
from gateway.mail.kind.bounce_tables import (
    ARRIVED,
    CODE_HARD,
    DELAYS,
    FAILURES,
    FULL,
    GIVEN_UP,
    GONE,
    KEEPER_LOCAL_PIECES,
    KEEPER_NAMES,
    MACHINE_LOCAL_PARTS,
    MACHINE_LOCAL_PIECES,
    MACHINE_NAMES,
    NOT_NOW,
    SENDER,
    STATUS_HARD,
    SUBJECTS,
    TOGETHER,
    UNASKED,
)
from gateway.mail.kind.delivery_status import (
    ADDRESS,
    DIAGNOSTIC_LIMIT,
    RETURNED_TYPES,
    TEXT_LIMIT,
    Fields,
    address_in,
    lines_as_fields,
    status_fields,
    wrapped_fields,
)
from gateway.mail.kind.plain_bounce import head_of, read_plain, says_nothing_else, tail_of
from gateway.mail.phrases import holds, plain


class ReportKind(StrEnum):
    """What a report reports."""

    NONE = "none"
    """It is not a report."""
    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    """Delivered, relayed or expanded: good news, and no bounce."""
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class _Reading:
    """A report as read, before it is judged."""

    kind: ReportKind
    fields: tuple[Fields, ...] = ()


_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_OF_SENDER = ("5.1.7", "5.1.8")
_GOOD_NEWS = ("delivered", "relayed", "expanded", "deliverable")
_ENHANCED_FAILURE = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_WENT_WELL = re.compile(r"(?:>>> |<<< )?(?:2\d\d[ -]|EHLO|HELO|MAIL FROM|RCPT TO|DATA\b|QUIT\b|-{4,}|={4,})", re.IGNORECASE)
_REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-#)\]]|$)")
_MESSAGE_ID = re.compile(r"^[> \t]{0,4}message-id:[ \t]*(?:\n[ \t]+)?(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_MARKED = re.compile(r"^x-hmxmroriginalrecipient:[ \t]{0,20}([^\n]{1,400})", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(r"^[> \t]{0,4}to:([^\n]{1,998})", re.IGNORECASE | re.MULTILINE)
FORWARDED_SUBJECT = re.compile(r"^\s*(?:fwd?|tr|wg|rv|doorst|i)\s*:", re.IGNORECASE)
"""How the subjects of forwarded mails begin."""
_REASON_LIMIT = 4_000
_MOST_RECIPIENTS = 500


# --- what kind of report ------------------------------------------------------------------------------------------------------------------


def kind_of_report(mail: InboundMail) -> ReportKind:
    """What `mail` reports; NONE for a mail that is no report of a mail system."""
    return _read(mail).kind


def read_report(mail: InboundMail) -> BounceReport | None:
    """The recipients that a delivery report or a complaint names (RFC 3464, RFC 5965, or plain text); None for any other mail.

    A notice of success names nobody who was not reached and gives None too. A bounce that hides its recipient gives an empty tuple.
    """
    reading = _read(mail)
    if reading.kind in (ReportKind.NONE, ReportKind.DELIVERED):
        return None
    recipients: dict[str, BouncedRecipient] = {}
    for one in reading.fields:
        if one.action in _GOOD_NEWS:
            continue
        for address in one.addresses:
            hard = reading.kind is ReportKind.FAILED and is_hard(one.action, one.status, one.diagnostic)
            recipients.setdefault(address, BouncedRecipient(address, hard, one.status, one.diagnostic[:DIAGNOSTIC_LIMIT]))
    return BounceReport(tuple(recipients.values())[:_MOST_RECIPIENTS], original_message_id(mail))


def is_hard(action: str, status: str, diagnostic: str) -> bool:
    """Whether an address will never work, by the words first and the codes after them (RFC 3463).

    A full mailbox, a size, a policy or a spam filter are not the address's fault, whatever their code says; nor is what was said of the
    sender. The question is whether a later mail to the address would arrive.
    """
    best = _best_status(status, diagnostic)
    if action == "delayed" or best.startswith("2."):
        return False
    words = plain(diagnostic)
    for code, phrase, hard in TOGETHER:
        if best == code and phrase in words:
            return hard
    if best.startswith("4.") or best in _OF_SENDER:
        return False
    for phrases, hard in ((FULL, False), (SENDER, False), (UNASKED, False), (GONE, True), (NOT_NOW, False)):
        if holds(words, phrases):
            return hard
    if best and not best.endswith(".0.0"):
        return next((hard for start, hard in STATUS_HARD if best == start or (start.endswith(".") and best.startswith(start))), True)
    reply = _REPLY_CODE.search(diagnostic)
    return reply is None or next(hard for start, hard in CODE_HARD if reply.group(1).startswith(start))


def _best_status(status: str, diagnostic: str) -> str:
    """The status that says most: the field's own, unless it is X.0.0 and the server's words hold a finer one."""
    if status and not status.endswith(".0.0"):
        return status
    finer = _ENHANCED_FAILURE.search(diagnostic)
    return finer.group(1) if finer else status


def from_daemon(mail: InboundMail) -> bool:
    """Whether Return-Path or From is a name that only mail systems bear."""
    local, written = _author(mail)
    if (mail.return_path or "").partition("@")[0].lower() in MACHINE_LOCAL_PARTS:
        return True
    return local in MACHINE_LOCAL_PARTS or holds(local, MACHINE_LOCAL_PIECES) or written == "<>" or holds(written, MACHINE_NAMES)


def from_keeper(mail: InboundMail) -> bool:
    """Whether a mail system may have written this: a null Return-Path, or a name that its keeper bears too (postmaster)."""
    return mail.return_path == "" or _named_keeper(mail)


def _named_keeper(mail: InboundMail) -> bool:
    """Whether From is the name of those who keep mail systems."""
    local, written = _author(mail)
    return holds(local, KEEPER_LOCAL_PIECES) or holds(written, KEEPER_NAMES)


def _from_nobody(mail: InboundMail) -> bool:
    """Whether From says that nobody reads answers."""
    return _author(mail)[0].replace("-", "").replace("_", "").replace(".", "").startswith(("noreply", "donotreply"))


def _author(mail: InboundMail) -> tuple[str, str]:
    """The local part of From, and the whole field folded, as far as they can be read."""
    written = plain((mail.header("from") or "")[:998])
    who = mail.sender or mail.claimed_sender
    return (who.local_part if who else written.partition("@")[0].strip(' <"')).lower(), written


def _read(mail: InboundMail) -> _Reading:
    """The first reader that recognises the mail decides."""
    for reader in (_complaint, _delivery_status, _failed_recipients, _json_notice, _sentences):
        reading = reader(mail)
        if reading.kind is not ReportKind.NONE:
            return reading
    return _Reading(ReportKind.NONE)


# --- complaints (RFC 5965) ----------------------------------------------------------------------------------------------------------------


def _complaint(mail: InboundMail) -> _Reading:
    """A feedback report; its recipients from the report, else from the mail that it returns."""
    report_type = mail.content_parameters.get("report-type", "").lower()
    parts = [part.text for part in mail.report_parts if part.content_type == "message/feedback-report"]
    marked = _marked_recipients(mail)
    if not parts and report_type != "feedback-report" and not marked:
        return _Reading(ReportKind.NONE)
    pairs = [pair for text in parts for pair in lines_as_fields(text[:TEXT_LIMIT])]
    named = [address_in(value) for name, value in pairs if name in ("original-rcpt-to", "removal-recipient")]
    kind = next((value for name, value in pairs if name == "feedback-type"), "")
    addresses = [address for address in named if address] or marked or list(_returned_to(mail))
    return _Reading(ReportKind.COMPLAINT, tuple(Fields((address,), "", "", kind) for address in dict.fromkeys(addresses)))


def _marked_recipients(mail: InboundMail) -> list[str]:
    """Whom a complaint of Microsoft's programme for senders is about: it marks the mail that it returns, and has no report part."""
    if not mail.subject.lower().startswith("complaint about message from "):
        return []
    hits = (hit for part in mail.report_parts if part.content_type in RETURNED_TYPES for hit in _MARKED.finditer(part.text[:TEXT_LIMIT]))
    return [address for hit in hits if (address := address_in(hit.group(1)))]


# --- RFC 3464 -----------------------------------------------------------------------------------------------------------------------------


def _delivery_status(mail: InboundMail) -> _Reading:
    """A report with RFC 3464 fields: in their own part or, from a mail system, in its text, a file or a report that is wrapped whole."""
    report_type = mail.content_parameters.get("report-type", "").lower()
    texts = [part.text for part in mail.report_parts if part.content_type in _STATUS_TYPES]
    declared = mail.content_type == "multipart/report" and report_type in ("delivery-status", "")
    if not (declared and (texts or report_type)) and not from_daemon(mail) and not from_keeper(mail):
        return _Reading(ReportKind.NONE)
    fields = [one for text in texts for one in status_fields(text)]
    if not fields:
        loose = (*status_fields(mail.text if declared else head_of(mail.text)), *wrapped_fields(mail))
        # In free text a line such as "Action: call us" is nobody's status.
        fields = [one for one in loose if one.addresses and (one.action or one.status)]
    if not fields and not declared:
        return _Reading(ReportKind.NONE)
    kind = _kind_by_action(fields, mail)
    return _Reading(kind, tuple(_completed(fields, mail)))


def _completed(fields: list[Fields], mail: InboundMail) -> list[Fields]:
    """The fields, with what they leave open (whom, or why) taken from the sentences of the report."""
    if fields and all(one.addresses and (one.diagnostic or not one.status.endswith(".0.0")) for one in fields):
        return fields
    said = list(_failed_recipients(mail).fields) or _from_sentences(mail)
    if not any(one.addresses for one in fields):
        first = fields[0] if fields else Fields((), "", "", "")
        return [Fields(one.addresses, first.action, first.status or one.status, first.diagnostic or one.diagnostic) for one in said]
    why = {address: one.diagnostic for one in said for address in one.addresses}
    return [replace(one, diagnostic=one.diagnostic or next((why[a] for a in one.addresses if a in why), "")) for one in fields]


def _kind_by_action(fields: list[Fields], mail: InboundMail) -> ReportKind:
    """Failed if any recipient failed; delayed or delivered if all were; by its words where no action is named."""
    actions = {one.action for one in fields if one.action}
    if not actions:
        return _kind_by_words(mail)
    if actions <= set(_GOOD_NEWS):
        return ReportKind.DELIVERED
    return ReportKind.DELAYED if actions <= {"delayed", *_GOOD_NEWS} else ReportKind.FAILED


# --- reports without fields ---------------------------------------------------------------------------------------------------------------


def _failed_recipients(mail: InboundMail) -> _Reading:
    """X-Failed-Recipients: Exim, Google and their kin."""
    named = [
        address.group().strip("'`.").lower()
        for value in mail.all("x-failed-recipients")
        for address in ADDRESS.finditer(value[:TEXT_LIMIT])
    ]
    if not mail.all("x-failed-recipients"):
        return _Reading(ReportKind.NONE)
    said = _from_sentences(mail)
    reasons = {address: one for one in said for address in one.addresses}
    whole = head_of(mail.text)
    fields = [reasons.get(address) or _field_of(address, whole) for address in dict.fromkeys(named)]
    return _Reading(_kind_by_words(mail), tuple(fields or said))


def _json_notice(mail: InboundMail) -> _Reading:
    """A notice of Amazon's sending service, one JSON object in a plain-text mail."""
    text = mail.text.lstrip()[:TEXT_LIMIT]
    if not text.startswith("{") or "Type" not in text[:200] or not _from_nobody(mail):
        return _Reading(ReportKind.NONE)
    try:
        notice = json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return _Reading(ReportKind.NONE)
    word = str(notice.get("notificationType") or notice.get("eventType") or "").lower()
    kind, section, listed = _NOTICES.get(word, (ReportKind.NONE, "", ""))
    inner = notice.get(section)
    if kind is ReportKind.NONE or not isinstance(inner, dict):
        return _Reading(ReportKind.NONE)
    told = inner.get(listed)
    rows = [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []
    transient = str(inner.get("bounceType", "")).lower() == "transient"
    fields = [
        Fields(
            (address_in(str(row.get("emailAddress", ""))),),
            str(row.get("action", "")).lower() or word,
            str(row.get("status", "")) or ("4.0.0" if transient else ""),
            str(row.get("diagnosticCode", ""))[:DIAGNOSTIC_LIMIT],
        )
        for row in rows
    ]
    return _Reading(kind, tuple(one for one in fields if one.addresses[0]))


_NOTICES = {
    "bounce": (ReportKind.FAILED, "bounce", "bouncedRecipients"),
    "complaint": (ReportKind.COMPLAINT, "complaint", "complainedRecipients"),
    "delivery": (ReportKind.DELIVERED, "delivery", ""),
    "deliverydelay": (ReportKind.DELAYED, "deliveryDelay", "delayedRecipients"),
}


def _sentences(mail: InboundMail) -> _Reading:
    """A report in sentences: a mail system wrote it, and its subject or its first words say that something was not delivered."""
    # Who wrote it is asked first: folding the words of every mail for this question alone would cost a quarter of reading it.
    if FORWARDED_SUBJECT.match(mail.subject):
        return _Reading(ReportKind.NONE)
    if not (from_daemon(mail) or from_keeper(mail) or _from_nobody(mail)):
        return _Reading(_kind_by_words(mail), tuple(_from_sentences(mail))) if _only_a_report(mail) else _Reading(ReportKind.NONE)
    subject, words = plain(mail.subject[:300]), plain(head_of(mail.text))
    by_subject, by_words = holds(subject, SUBJECTS), holds(words, FAILURES)
    if from_daemon(mail) or (mail.return_path == "" and _named_keeper(mail)):
        told = by_subject or by_words
    else:
        # An alarm with a null Return-Path may speak of a fatal error; only a report speaks of it twice, or returns a mail.
        returned = any(part.content_type in RETURNED_TYPES for part in mail.report_parts)
        told = (from_keeper(mail) or _from_nobody(mail)) and by_words and (by_subject or returned)
    if not told:
        return _Reading(ReportKind.NONE)
    return _Reading(_kind_by_words(mail), tuple(_from_sentences(mail)))


def _only_a_report(mail: InboundMail) -> bool:
    """Whether a mail under an ordinary name is a report all the same: plain text that says nothing else, under a subject that says it too.

    Gateways of firms and list software write such. A person's mail comes with HTML, with a file, or with a word of his own.
    """
    if mail.html is not None or len(mail.text) > TEXT_LIMIT or any(one.content_type not in RETURNED_TYPES for one in mail.attachments):
        return False
    return holds(plain(mail.subject[:300]), SUBJECTS) and says_nothing_else(mail.text)


def _kind_by_words(mail: InboundMail) -> ReportKind:
    """Delivered, delayed or failed, by what the mail system's own sentences say."""
    words = plain(mail.subject[:300]) + " " + plain(head_of(mail.text))
    if holds(words, ARRIVED) and not holds(words, FAILURES):
        return ReportKind.DELIVERED
    return ReportKind.DELAYED if holds(words, DELAYS) and not holds(words, GIVEN_UP) else ReportKind.FAILED


def _from_sentences(mail: InboundMail) -> list[Fields]:
    """The recipients that the text names, else the only one that the returned mail went to."""
    who = mail.sender or mail.claimed_sender
    own = {one.address for one in (*mail.to, *mail.cc)} | ({who.address} if who else set())
    if mail.return_path:
        own.add(mail.return_path.lower())
    failures = read_plain(mail.text, not_these=frozenset(own), home=who.domain if who else "")
    whole = head_of(mail.text)
    if failures:
        # What stands beside an address may say nothing; then the reason is somewhere in the report.
        return [_field_of(one.address, one.reason if _says_why(one.reason) else whole) for one in failures]
    to = list(_returned_to(mail))
    return [_field_of(to[0], whole)] if len(to) == 1 else []


def _says_why(reason: str) -> bool:
    """Whether a text holds a code or a phrase that tells hard from soft."""
    if _ENHANCED_FAILURE.search(reason) or _REPLY_CODE.search(reason):
        return True
    words = plain(reason)
    return any(holds(words, phrases) for phrases in (FULL, SENDER, UNASKED, GONE, NOT_NOW))


def _field_of(address: str, reason: str) -> Fields:
    """A recipient with the status that its reason holds; the lines of a session that went well are no reason."""
    lines = [line.strip() for line in reason[:_REASON_LIMIT].split("\n")]
    told = " ".join(line for line in lines if line and not _WENT_WELL.match(line))
    status = _ENHANCED_FAILURE.search(told)
    return Fields((address,), "", status.group(1) if status else "", told)


# --- the mail that came back --------------------------------------------------------------------------------------------------------------


def _returned_to(mail: InboundMail) -> Iterator[str]:
    """The addresses in To of the mail that came back."""
    for text in _returned_texts(mail):
        if line := _TO.search(text):
            yield from dict.fromkeys(hit.group().strip(".'").lower() for hit in ADDRESS.finditer(line.group(1)))
            return


def _returned_texts(mail: InboundMail) -> Iterator[str]:
    """The head of the mail that came back, from a part or from below the report's sentences."""
    for part in mail.report_parts:
        if part.content_type in RETURNED_TYPES:
            yield part.text[:TEXT_LIMIT]
    yield tail_of(mail.text)


def original_message_id(mail: InboundMail) -> str | None:
    """The Message-ID of the mail that came back, with its brackets; else the one that the report says it answers; else None."""
    for text in _returned_texts(mail):
        if found := _MESSAGE_ID.search(text):
            return found.group(1)
    answered = (*mail.in_reply_to, *reversed(mail.references))
    return answered[0] if answered else None
