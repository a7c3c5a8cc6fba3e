"""The rules that `classify` asks, one small predicate each, and the facts that they ask about.

A rule answers one question about one mail and knows no other rule's answer, so that each can be read and tested alone; what they mean
together, and in which order, is the table in `classify`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gateway.mail.inbound import InboundMail, SenderProof
from gateway.mail.kind.bounce import FORWARDED_SUBJECT, ReportKind
from gateway.mail.kind.bounce_tables import MACHINE_LOCAL_PARTS
from gateway.mail.kind.classify_tables import (
    AUTOMATIC_BODY,
    AUTOMATIC_HEADERS,
    AUTOMATIC_VALUES,
    AWAY_BODY,
    AWAY_SENTENCES,
    AWAY_SUBJECT,
    CHALLENGE_HEADERS,
    CHALLENGE_HOSTS,
    CHALLENGE_WORDS,
    FIRST_PERSON,
    LIST_HEADERS,
    MACHINE_HEADERS,
    MADE_BODY,
    UNATTENDED,
    UNATTENDED_BEGINNINGS,
    VACATION_HEADERS,
    WISHES,
)
from gateway.mail.phrases import holds, plain

_ANSWERS = re.compile(r"^(?:(?:re|aw|sv|antw)\s?:\s?){1,3}")


@dataclass(frozen=True, slots=True)
class Facts:
    """A mail with what the rules ask of it again and again, worked out once."""

    mail: InboundMail
    own_addresses: frozenset[str]
    is_own_message_id: Callable[[str], bool]
    is_own_loop: Callable[[str], bool]
    size_limit: int
    report: ReportKind
    auto_submitted: str
    """The keyword of Auto-Submitted (RFC 3834 §5), lower-case; "" when absent."""
    precedence: str
    suppressed: frozenset[str]
    """The words of X-Auto-Response-Suppress, lower-case."""
    names: frozenset[str]
    """The lower-case names of all header fields."""
    local_part: str
    away: bool
    """Whether the subject begins as automatic absence notes do."""
    words: str
    """The mail's own words. What somebody quotes may be anybody's."""


# --- what decides -------------------------------------------------------------------------------------------------------------------------


def own_loop_mark(f: Facts) -> bool:
    """X-Gateway-Loop with our own code in it."""
    return any(f.is_own_loop(value.strip()) for value in f.mail.all("x-gateway-loop"))


def own_sender(f: Facts) -> bool:
    """From, as a person would read it, is one of our addresses."""
    who = f.mail.sender or f.mail.claimed_sender
    return who is not None and is_own(who.address, f.own_addresses)


def own_message_id(f: Facts) -> bool:
    """The mail's own Message-ID is one that we made."""
    return f.mail.message_id is not None and f.is_own_message_id(f.mail.message_id)


def too_large(f: Facts) -> bool:
    """Larger than the desk takes."""
    return f.mail.size > f.size_limit


def beyond_limits(f: Facts) -> bool:
    """Reading stopped at a limit (CASES A3.8)."""
    return f.mail.beyond_limits


def no_headers(f: Facts) -> bool:
    """No header field at all: it is no mail, or its beginning is lost."""
    return not f.names


def nothing_to_read(f: Facts) -> bool:
    """Nobody is named in it, and it holds no word and no file."""
    mail = f.mail
    named = mail.sender or mail.claimed_sender or mail.subject.strip() or f.names & {"from", "message-id"}
    return not (named or mail.text.strip() or mail.html or mail.attachments)


def garbled(f: Facts) -> bool:
    """The body is mostly characters that could not be decoded, and nothing is attached."""
    seen = f.mail.text[:4_096]
    strange = sum(1 for c in seen if c == "\ufffd")
    return strange > 20 and 3 * strange > len(seen) and not f.mail.attachments


def challenge(f: Facts) -> bool:
    """A system that wants the sender to prove that he is a person."""
    if f.names & CHALLENGE_HEADERS or any(name.startswith("x-tmda-conf") for name in f.names) or _asks_to_confirm(f):
        return True
    who = f.mail.sender or f.mail.claimed_sender
    places = {
        who.domain if who else "",
        (f.mail.return_path or "").rpartition("@")[2].lower(),
        (f.mail.message_id or "").rpartition("@")[2].rstrip(">").lower(),
    }
    if any(place == host or place.endswith("." + host) for place in places if place for host in CHALLENGE_HOSTS):
        return True
    return _is_answer(f) and holds(plain(f.words[:3_000]), CHALLENGE_WORDS)


def report_failed(f: Facts) -> bool:
    """A delivery report in which somebody was not reached."""
    return f.report is ReportKind.FAILED and not _away_note(f)


def report_delayed(f: Facts) -> bool:
    """A delivery report that only says "not yet"."""
    return f.report is ReportKind.DELAYED and not _away_note(f)


def report_delivered(f: Facts) -> bool:
    """A delivery report that says that all went well."""
    return f.report is ReportKind.DELIVERED


def complaint(f: Facts) -> bool:
    """An abuse report (RFC 5965)."""
    return f.report is ReportKind.COMPLAINT


def read_receipt(f: Facts) -> bool:
    """A message disposition notification (RFC 8098)."""
    report_type = f.mail.content_parameters.get("report-type", "").lower()
    declared = f.mail.content_type == "multipart/report" and report_type == "disposition-notification"
    return declared or any(part.content_type == "message/disposition-notification" for part in f.mail.report_parts)


def spam_flag(f: Facts) -> bool:
    """A filter on the way called it spam."""
    flags = (*f.mail.all("x-spam-flag"), *f.mail.all("x-spam-status"), *f.mail.all("x-spam"))
    return any(re.match(r"\s*(?:yes|true|spam)\b", flag, re.IGNORECASE) for flag in flags)


def vacation_header(f: Facts) -> bool:
    """A header that only absence notes carry, or an automatic answer whose comment says vacation."""
    if any(name in f.names and (not words or holds((f.mail.header(name) or "").lower(), words)) for name, words in VACATION_HEADERS):
        return True
    return "vacation" in (f.mail.header("auto-submitted") or "").lower()


def marked_away(f: Facts) -> bool:
    """The mail says that it is automatic, and its subject that somebody is away; of an answer the first lines may say it."""
    answers = (auto_replied, automatic_header, precedence_reply)
    others = (auto_generated, machine_header, null_return_path, suppressing, bulk)
    if f.away:
        return any(mark(f) for mark in (*answers, *others))
    return any(mark(f) for mark in answers) and holds(plain(f.words[:600]), AWAY_BODY)


def away_by_words(f: Facts) -> bool:
    """No header says it, but the subject and the first lines both do, in the words of absence notes; a question or a wish is a person's.

    So is an answer to a note. `Auto:` alone is the beginning of a note, or is about a car.
    """
    subject = plain(f.mail.subject[:300])
    if not _away_note(f) or _ANSWERS.match(subject) or (subject.startswith("auto:") and not _away_sentence(subject)):
        return False
    words = plain(f.words[:600])
    return "?" not in words[:300] and not holds(words, WISHES) and (holds(words, AWAY_BODY) or holds(words, AUTOMATIC_BODY))


def made_by_words(f: Facts) -> bool:
    """Only the text says that a machine made it. Who answers, forwards, asks or speaks of himself is a person, who may have copied it."""
    if _is_answer(f) or FORWARDED_SUBJECT.match(f.mail.subject):
        return False
    words = f" {plain(f.words[:3_000])} "
    return "?" not in words[:300] and holds(words, MADE_BODY) and not holds(words, FIRST_PERSON)


def auto_replied(f: Facts) -> bool:
    """Auto-Submitted: auto-replied."""
    return f.auto_submitted.startswith("auto-repl")


def auto_generated(f: Facts) -> bool:
    """Auto-Submitted is there and is neither no, nor auto-replied, nor auto-forwarded (a person's mail that a machine passed on)."""
    return f.auto_submitted not in ("", "no", "auto-forwarded") and not auto_replied(f)


def automatic_header(f: Facts) -> bool:
    """X-Autoreply and its kin, unless they say no; or the name of such a program in a field that others write too."""
    if _says_yes(f, AUTOMATIC_HEADERS):
        return True
    return any(
        word in value.lower() and "@" not in value for name, word in AUTOMATIC_VALUES if name in f.names for value in f.mail.all(name)
    )


def machine_header(f: Facts) -> bool:
    """A field that programs write into mails of their own accord."""
    return _says_yes(f, MACHINE_HEADERS)


def suppressing(f: Facts) -> bool:
    """X-Auto-Response-Suppress with All or AutoReply (MS-OXCMAIL): written by machines that fear an answer."""
    return bool(f.suppressed & {"all", "autoreply"})


def precedence_reply(f: Facts) -> bool:
    """Precedence: auto_reply."""
    return f.precedence.replace("-", "_") == "auto_reply"


def bulk(f: Facts) -> bool:
    """Precedence bulk, junk or list, without any list's own header."""
    return f.precedence in ("bulk", "junk", "list") and not list_header(f)


def list_header(f: Facts) -> bool:
    """A header of a mailing list (RFC 2369, RFC 2919)."""
    return bool(f.names & LIST_HEADERS)


def list_sender(f: Facts) -> bool:
    """The local part of From is one that list software uses."""
    return bool(re.fullmatch(r"owner-.+|.+-(?:request|owner|bounces)|listserv|majordomo|mailman", f.local_part))


def unattended_sender(f: Facts) -> bool:
    """The local part of From is one that nobody reads."""
    pieces = re.split(r"[._-]", f.local_part.partition("+")[0])
    endings = ["".join(pieces[first:]) for first in range(min(len(pieces), 8))]
    return any(one.startswith(UNATTENDED_BEGINNINGS) for one in endings) or endings[0].startswith("bounce") or endings[0] in UNATTENDED


def null_return_path(f: Facts) -> bool:
    """Return-Path: <> (an absent one says nothing; ruling 2 of the design)."""
    return f.mail.return_path == ""


def invitation(f: Facts) -> bool:
    """A calendar part that asks, answers or cancels (RFC 5546, RFC 6047)."""
    mail = f.mail
    if "text/calendar" not in mail.part_types and mail.content_type != "text/calendar":
        return False
    method = mail.content_parameters.get("method", "").lower()
    files = [a.content[:65_536] for a in mail.attachments if a.content_type == "text/calendar"]
    if mail.content_type == "text/calendar":
        files.append(mail.text[:65_536].encode())
    methods = {hit.group(1).decode().lower() for data in files if (hit := re.search(rb"(?im)^METHOD:([A-Z]{1,20})", data))}
    if method:
        methods.add(method)
    # A part that is no attachment is the invitation itself; one whose text is not at hand is believed to be.
    return bool(methods & {"request", "reply", "cancel", "counter"}) or (not files and not method)


def anything(_: Facts) -> bool:
    """No rule above hit: a person wrote it."""
    return True


# --- what forbids an automatic answer (CASES C.3) -----------------------------------------------------------------------------------------


def says_automatic(f: Facts) -> bool:
    """Auto-Submitted is there and is not no; auto-forwarded counts too."""
    return f.auto_submitted not in ("", "no") or automatic_header(f) or machine_header(f)


def is_report(f: Facts) -> bool:
    """A delivery report, a complaint or a read receipt."""
    return f.report is not ReportKind.NONE or read_receipt(f)


def from_list(f: Facts) -> bool:
    """List headers or a Precedence that machines use."""
    return list_header(f) or bulk(f) or precedence_reply(f)


def from_machine(f: Facts) -> bool:
    """A local part of From that must not be answered."""
    return list_sender(f) or unattended_sender(f)


def own_mail(f: Facts) -> bool:
    """It is our own, come back."""
    return own_loop_mark(f) or own_sender(f) or own_message_id(f)


def not_addressed(f: Facts) -> bool:
    """None of our addresses stands in To or Cc (RFC 3834 §2); unknown while we know none of them."""
    return bool(f.own_addresses) and not any(is_own(a.address, f.own_addresses) for a in (*f.mail.to, *f.mail.cc))


def sender_failed(f: Facts) -> bool:
    """A server that we trust says that the sender's domain disowns it."""
    return f.mail.sender_proof is SenderProof.FAIL


def unclear_sender(f: Facts) -> bool:
    """From is not exactly one clean mailbox (CASES F2)."""
    return f.mail.sender is None


def suppresses_any(f: Facts) -> bool:
    """X-Auto-Response-Suppress asks for silence; OOF alone asks it only of absence notes, which we never send."""
    return suppressing(f)


def is_own(address: str, own_addresses: frozenset[str]) -> bool:
    """Whether `address` is one of ours, with or without a `+extension`, or in a domain that is ours (`@reply.example.org`)."""
    local, _, domain = address.lower().rpartition("@")
    names = {address.lower(), f"{local.partition('+')[0]}@{domain}"}
    # The mail server of our own domain writes reports, and they are no loop.
    if local not in MACHINE_LOCAL_PARTS and local != "postmaster":
        names.add(f"@{domain}")
    return not own_addresses.isdisjoint(names)


def begins_away(subject: str) -> bool:
    """Whether a subject begins (or, for whole sentences, goes) as the subjects of absence notes do."""
    words = plain(subject[:300])
    words = _ANSWERS.sub("", words)
    return words.startswith(AWAY_SUBJECT) or _away_sentence(words)


def _away_sentence(words: str) -> bool:
    """Whether a folded subject says of somebody that he is away."""
    return any(f" {one}" in words for one in AWAY_SENTENCES)


def _asks_to_confirm(f: Facts) -> bool:
    """Whether the program TMDA answers under an address to confirm at; it marks the mails that people write with it, too."""
    return "-confirm-" in f.local_part and (f.mail.header("x-delivery-agent") or "").lower().startswith("tmda")


def _away_note(f: Facts) -> bool:
    """An absence note by its subject, and no report by its structure."""
    return f.away and f.mail.content_type != "multipart/report" and "x-failed-recipients" not in f.names


def _says_yes(f: Facts, fields: tuple[str, ...]) -> bool:
    """Whether one of `fields` is there and does not say no."""
    return any(name in f.names and (f.mail.header(name) or "").strip().lower() not in ("no", "false", "0") for name in fields)


def _is_answer(f: Facts) -> bool:
    """Whether the mail answers one that was sent to it."""
    return bool(f.mail.in_reply_to or f.mail.references) or bool(re.match(r"\s*(?:re|aw|sv)\s*:", f.mail.subject, re.IGNORECASE))
