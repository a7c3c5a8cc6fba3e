"""Bytes to InboundMail, whatever the bytes are.

Every mail becomes a value: what is wrong with it is listed in `defects`, what is too big is cut and says so, and nothing is raised, for a
mail that stops the reader would stop all mails behind it (CASES F3, F4, A3.8, B39). The tree, the body, the sender and the charsets each
have their own module; this one puts them together.

Bugs: an obsolete time zone name other than those of RFC 5322 reads as UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from gateway.domain.people import Address
from gateway.mail.inbound import Header, InboundMail, SenderProof
from gateway.mail.read.authres import sender_proof
from gateway.mail.read.body import Body, read_body
from gateway.mail.read.decode import clean_header, codec_of, decode_header, header_text, hides_something
from gateway.mail.read.sender import Sender, normal_address, read_addresses, read_mailboxes, read_sender
from gateway.mail.read.tree import Limits, Part, Reading, read_tree

__all__ = ["Limits", "read_mail"]

_OVERSIZED_READ = 1024 * 1024
"""Bytes that are read of a mail above the limit: enough for its headers and first words."""
_HINT_WITHIN = 65_536
_IDS_LIMIT = 200
_ID = re.compile(r"<([^<>]{1,996})>")
_BARE_ID = re.compile(r"[^\s<>@]{1,300}@[^\s<>@]{1,300}")
_CHARSET = re.compile(rb"charset[ \t]{0,5}=[ \t]{0,5}[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_SEEN_IN = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_MBOX_LINE = re.compile(rb">?From [^\r\n:]{0,300}(?::[^\r\n]{0,200})?\r?\n")
_FIELD_START = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")


def read_mail(raw: bytes, *, authserv_ids: frozenset[str] = frozenset(), limits: Limits = Limits()) -> InboundMail:  # noqa: B008  frozen
    """The mail in `raw`. Never raises; `beyond_limits` says that something was left unread.

    `authserv_ids` are the names of our own mail servers, whose Authentication-Results are believed (RFC 8601); with none, nobody is proved.
    """
    try:
        return _read(raw, authserv_ids, limits)
    except Exception as error:  # noqa: BLE001  the outer wall of reading: a fault of ours may not stop the mails behind this one
        return _unreadable(raw, type(error).__name__)


def _read(raw: bytes, authserv_ids: frozenset[str], limits: Limits) -> InboundMail:
    oversized = len(raw) > limits.mail_bytes
    reading = Reading(_from_first_field(raw[:_OVERSIZED_READ] if oversized else raw), limits)
    if oversized:
        reading.over("mail-over-limit")
    reading.fallback = _charset_hint(reading.raw)
    root = read_tree(reading)
    body = read_body(reading, root)
    if oversized:  # the files of a cut mail are cut
        body = Body(body.text, body.html, (), body.report_parts)
    return _assemble(reading, root, body, len(raw), authserv_ids)


def _from_first_field(raw: bytes) -> bytes:
    """`raw` from its first header field on, with sane line ends: what stands before is a byte order mark, mbox's From line or blank."""
    if b"\n" not in raw[:65_536] and b"\r" in raw[:65_536]:
        raw = raw.replace(b"\r", b"\n")
    if b"\r\r\n" in raw[:65_536]:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    blank = raw[:2000].lstrip(b" \t\r\n")
    if blank != raw[:2000] and _FIELD_START.match(blank):
        raw = raw[len(raw[:2000]) - len(blank) :]
    found = _MBOX_LINE.match(raw)
    return raw[found.end() :] if found else raw


def _charset_hint(raw: bytes) -> str:
    """The charset that unlabelled 8-bit text of this mail may be in: the first telling one that the mail names anywhere near its top."""
    head = raw[:_HINT_WITHIN]
    if head.isascii():
        return ""
    named = (found[1].decode("ascii") for found in _CHARSET.finditer(head))
    return next((name for name in named if codec_of(name) not in {None, "ascii", "utf-8", "cp1252"}), "")


def _assemble(reading: Reading, root: Part, body: Body, size: int, authserv_ids: frozenset[str]) -> InboundMail:
    headers = tuple(_header(reading, f.name, f.raw) for f in root.fields)
    values: dict[str, list[str]] = {}
    for header in headers:
        values.setdefault(header.name.lower(), []).append(header.value)
    hidden = hides_something(root.first("from") or b"", reading.fallback)
    sender = read_sender(values.get("from", ()), reading.fallback, values.get("reply-to", ()), hidden=hidden)
    for defect in (*sender.defects, *_repeated(values)):
        reading.note(defect)
    date, date_defect = _date(values.get("date", ()))
    reading.note(date_defect)
    to, cc, reply_to = (_addresses(reading, values.get(name, ())) for name in ("to", "cc", "reply-to"))
    return InboundMail(
        headers=headers,
        sender=sender.address,
        claimed_sender=sender.claimed,
        to=to,
        cc=cc,
        reply_to=reply_to,
        subject=_first_decoded(headers, "subject"),
        date=date,
        message_id=next(iter(_ids(values.get("message-id", ())[:1])), None),
        in_reply_to=_ids(values.get("in-reply-to", ())),
        references=_ids(values.get("references", ())),
        return_path=_return_path(values.get("return-path", ())),
        recipients_seen=_recipients_seen(to, cc, values),
        text=body.text,
        html=body.html,
        attachments=body.attachments,
        report_parts=body.report_parts,
        content_type=root.content_type,
        content_parameters=root.parameters,
        part_types=tuple(part.content_type for part in root.walk()),
        size=size,
        sender_proof=_proof(headers, sender, authserv_ids),
        defects=tuple(reading.defects),
        beyond_limits=reading.beyond,
    )


def _header(reading: Reading, name: str, raw: bytes) -> Header:
    value = header_text(raw, reading.fallback)
    return Header(name, value, decode_header(value, reading.fallback))


def _first_decoded(headers: Sequence[Header], name: str) -> str:
    return next((header.decoded for header in headers if header.name.lower() == name), "")


def _repeated(values: dict[str, list[str]]) -> Iterable[str]:
    """Fields that may stand only once and stand twice (RFC 5322 §3.6): one of them is not what others see."""
    return (f"two-{name}-fields" for name in ("subject", "to", "cc", "date", "message-id", "sender") if len(values.get(name, ())) > 1)


def _addresses(reading: Reading, values: Sequence[str]) -> tuple[Address, ...]:
    limit = reading.limits.addresses
    found = read_addresses(values, limit, reading.fallback)
    if len(found) == limit:
        reading.over("addresses-over-limit")
    return found


def _recipients_seen(to: Sequence[Address], cc: Sequence[Address], values: dict[str, list[str]]) -> tuple[str, ...]:
    others = read_addresses([value for name in _SEEN_IN[2:] for value in values.get(name, ())])
    return tuple(dict.fromkeys(one.address for one in (*to, *cc, *others)))


def _proof(headers: Sequence[Header], sender: Sender, authserv_ids: frozenset[str]) -> SenderProof:
    if sender.address is None or not authserv_ids:
        return SenderProof.NONE
    return sender_proof(headers, sender.address.domain, authserv_ids)


def _return_path(values: Sequence[str]) -> str | None:
    if not values:
        return None
    boxes = read_mailboxes(values[0], 1)
    written = boxes[0].address if boxes else ""
    return normal_address(written) or clean_header(written).lower()[:320]


def _ids(values: Sequence[str]) -> tuple[str, ...]:
    """The message ids in `values`, each once, in order, with brackets and without folding blanks. Of many the first and the last."""
    found: dict[str, None] = {}
    for value in values:
        written = ["".join(one.split()) for one in _ID.findall(value)]
        if not written and (bare := _BARE_ID.fullmatch(value.strip("<> \t"))):
            written = [bare[0]]
        found.update((f"<{one}>", None) for one in written if one)
    ids = list(found)
    return tuple(ids if len(ids) <= _IDS_LIMIT else [ids[0], *ids[1 - _IDS_LIMIT :]])


def _date(values: Sequence[str]) -> tuple[datetime | None, str]:
    """The moment that Date names, always with a zone, and a defect. For display only: nothing is ordered by it (CASES B50)."""
    if not values:
        return None, ""
    try:
        date = parsedate_to_datetime(values[0][:120])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None, "date-malformed"
    if not _FIRST_YEAR <= date.year < _LAST_YEAR:
        return None, "date-out-of-range"
    return (date if date.tzinfo else date.replace(tzinfo=UTC)), ""


def _unreadable(raw: bytes, error: str) -> InboundMail:
    """The value for a mail that our own reader failed on: nobody's, with no words, so that it is parked for a person with its raw bytes."""
    return InboundMail(
        headers=(),
        sender=None,
        claimed_sender=None,
        to=(),
        cc=(),
        reply_to=(),
        subject="",
        date=None,
        message_id=None,
        in_reply_to=(),
        references=(),
        return_path=None,
        recipients_seen=(),
        text="",
        html=None,
        attachments=(),
        report_parts=(),
        content_type="text/plain",
        content_parameters={},
        part_types=(),
        size=len(raw),
        sender_proof=SenderProof.NONE,
        defects=(f"reader-failed:{error}",),
        beyond_limits=True,
    )
