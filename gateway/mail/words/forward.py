"""Who wrote a mail that somebody forwarded, what it says, and what the forwarder put above it.

An agent makes a request out of a customer's mail by forwarding it; the author of the original is then its requester. Three shapes are
known: below a separator ("---------- Forwarded message ---------"), below a bare header block under a subject that says so (Outlook's
"FW:"), and as an attached message/rfc822. What is found here is a claim of the forwarder and never a right of the author.

Bugs: of several attached mails the first is the original.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.domain.people import Address
from gateway.mail.inbound import Forwarded, InboundMail
from gateway.mail.read.parse import read_mail
from gateway.mail.words.subject import says_forward
from gateway.mail.words.trim import without_signature
from gateway.mail.words.trim_lines import HeaderBlock, Line, Strength, attribution_at, header_block_at, read_lines, searched
from gateway.mail.words.trim_marks import date_of_original, is_forwarded_message, is_original_message, is_rule, is_titled_rule, run_together

_LOOK: Final = 400
_BLOCK_WITHIN: Final = 5
_MESSAGES: Final = frozenset({"message/rfc822", "message/global"})
_ADDRESS: Final = re.compile(r"(?P<local>[^\s<>()\[\]\",;:@]{1,64})@(?P<domain>[^\s<>()\[\]\"',;:@/]{1,253})")
_UNFIT_FOR_NAMES: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def find_forward(mail: InboundMail) -> Forwarded | None:
    """The mail that this one forwards, or None where it forwards none. Takes time in step with the mail's length."""
    says_so = says_forward(mail.subject)
    return _inline(mail, says_so=says_so) or _attached(mail, says_so=says_so)


# --- in the text ------------------------------------------------------------------------------------------------------------------


def _inline(mail: InboundMail, *, says_so: bool) -> Forwarded | None:
    lines = read_lines(mail.text)
    for i, line in enumerate(lines[: searched(lines)]):
        if not line.body or (line.quoted and not (says_so and (is_forwarded_message(line) or is_original_message(line)))):
            continue
        if is_forwarded_message(line) or (says_so and is_original_message(line)):
            block = next((b for k in range(i + 1, min(i + 1 + _BLOCK_WITHIN, len(lines))) if (b := header_block_at(lines, k))), None)
            if block:
                return _below(mail, lines, i, block)
            continue
        joined = run_together(line)
        if joined:
            return _below(mail, lines, i, HeaderBlock(i, i + 1, joined, evident=True))
        if is_original_message(line) or _answers(lines, i):
            return None
        found = header_block_at(lines, i)
        if found and found.evident:
            whole = not mail.in_reply_to and not any(above.body for above in lines[:i])
            return _below(mail, lines, i, found) if says_so or whole else None
    return None


def _answers(lines: list[Line], i: int) -> bool:
    """Whether an attribution stands here: the mail is an answer, and what its quotation forwards was forwarded by somebody else."""
    attribution = attribution_at(lines, i)
    return attribution is not None and attribution.strength is Strength.STRONG


def _below(mail: InboundMail, lines: list[Line], above: int, block: HeaderBlock) -> Forwarded:
    """The forwarded mail of this header block; the forwarder's note ends above line `above`."""
    date = block.fields.get("date") or date_of_original(lines[above])
    while above and (is_rule(lines[above - 1]) or is_titled_rule(lines[above - 1]) or lines[above - 1].blank):
        above -= 1
    original = [_unquoted(line.raw) if lines[block.start].quoted else line.raw for line in lines[block.stop :]]
    return Forwarded(
        sender=_address(block.fields.get("from", "")),
        date=date,
        subject=block.fields.get("subject") or _bare_subject(mail.subject),
        text="\n".join(original).strip(),
        note=without_signature("\n".join(line.raw for line in lines[:above])),
    )


def _unquoted(raw: str) -> str:
    """A line without its first mark of quoting."""
    return raw[1:].removeprefix(" ") if raw.startswith(">") else raw


def _bare_subject(subject: str) -> str:
    return subject.partition(":")[2].strip() if says_forward(subject) else subject


def _address(value: str) -> Address | None:
    """The first address in a From line as mail programs write it: `Name <a@b>`, `Name [mailto:a@b]`, `a@b<mailto:a@b>`, `Name (a@b)`."""
    value = value[:_LOOK]
    found = _ADDRESS.search(value)
    if not found:
        return None
    try:
        domain = found["domain"].strip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if not domain or ".." in found["domain"] or not found["local"].isprintable():
        return None
    before = value[: found.start()].removesuffix("mailto:").rstrip("<([ ")
    name = _UNFIT_FOR_NAMES.sub("", before).strip(" \t\"'*_")
    return Address(f"{found['local']}@{domain}".lower(), name)


# --- as an attachment -------------------------------------------------------------------------------------------------------------


def _attached(mail: InboundMail, *, says_so: bool) -> Forwarded | None:
    raw = next((a.content for a in mail.attachments if a.content_type in _MESSAGES), None)
    if raw is None:
        part = next((p.text for p in mail.report_parts if p.content_type in _MESSAGES), None)
        raw = part.encode("utf-8", "replace") if part is not None else None
    if raw is None or not (says_so or any(is_forwarded_message(line) for line in read_lines(mail.text))):
        return None
    original = read_mail(raw)
    author = original.header("from")
    if author is None:
        return None
    return Forwarded(
        sender=original.sender or _address(author),
        date=original.header("date") or "",
        subject=original.subject,
        text=original.text.strip(),
        note=without_signature(mail.text),
        attachments=original.attachments,
    )
