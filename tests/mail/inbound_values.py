"""Builds InboundMail values for tests from the few things that a test is about; everything else is that of a plain human mail."""

from __future__ import annotations

from gateway.domain.people import Address
from gateway.mail.inbound import Attachment, Header, InboundMail, ReportPart, SenderProof

DESK = "support@example.org"
JESS = "jess.martin@example.be"


def inbound(
    text: str = "The printer on the second floor is out of paper.\n",
    *,
    headers: tuple[tuple[str, str], ...] = (),
    sender: str | None = JESS,
    name: str = "Jess Martin",
    to: tuple[str, ...] = (DESK,),
    subject: str = "Printer",
    return_path: str | None = JESS,
    content_type: str = "text/plain",
    parameters: dict[str, str] | None = None,
    parts: tuple[tuple[str, str], ...] = (),
    attachments: tuple[Attachment, ...] = (),
    message_id: str | None = "<1@example.be>",
    in_reply_to: tuple[str, ...] = (),
    size: int = 2_000,
    proof: SenderProof = SenderProof.NONE,
    beyond_limits: bool = False,
    bare: bool = False,
) -> InboundMail:
    """A mail that came in; `parts` are (type, text) of its report parts, and `bare` leaves the usual header fields away."""
    who = None if sender is None else Address(sender, name)
    usual = (
        ()
        if bare
        else (("From", f"{name} <{sender}>" if sender else name), ("Subject", subject), ("Date", "Mon, 2 Feb 2026 10:00:00 +0100"))
    )
    fields = tuple(Header(field, value, value) for field, value in (*usual, *headers))
    return InboundMail(
        headers=fields,
        sender=who,
        claimed_sender=who,
        to=tuple(Address(one) for one in to),
        cc=(),
        reply_to=(),
        subject=subject,
        date=None,
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=(),
        return_path=return_path,
        recipients_seen=to,
        text=text,
        html=None,
        attachments=attachments,
        report_parts=tuple(ReportPart(kind, body) for kind, body in parts),
        content_type=content_type,
        content_parameters=parameters or {},
        part_types=(content_type, *(kind for kind, _ in parts), *(one.content_type for one in attachments)),
        size=size,
        sender_proof=proof,
        defects=(),
        beyond_limits=beyond_limits,
    )


def from_daemon(text: str, *, subject: str = "Undelivered Mail Returned to Sender", **more: object) -> InboundMail:
    """A report in sentences, as a mail system writes it."""
    values: dict[str, object] = {
        "sender": "mailer-daemon@mx.example.net",
        "name": "Mail Delivery System",
        "return_path": "",
        "subject": subject,
    }
    return inbound(text, **(values | more))  # type: ignore[arg-type]


def delivery_report(fields: str, *, text: str = "", returned: str = "", **more: object) -> InboundMail:
    """An RFC 3464 report with these delivery-status fields."""
    parts: tuple[tuple[str, str], ...] = (("message/delivery-status", fields),)
    if returned:
        parts = (*parts, ("message/rfc822", returned))
    values: dict[str, object] = {"content_type": "multipart/report", "parameters": {"report-type": "delivery-status"}, "parts": parts}
    return from_daemon(text, **(values | more))
