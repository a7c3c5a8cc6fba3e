"""Reads the fields of a delivery status (RFC 3464), as mail systems really write them.

The RFC gives each recipient a group of fields with a blank line before it. In the wild groups run together, fields come in any order or
not at all, and an address may be bare, in brackets, behind a source route, or inside an X.400 name. What can be read is read; nothing here
refuses a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.mail.inbound import InboundMail

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@\\]{1,64}@[^\s<>()\[\],;:\"'@\\/]{1,255}")
ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
DIAGNOSTIC_LIMIT = 500
TEXT_LIMIT = 65_536
RETURNED_TYPES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "message/rfc822-headers")
"""The types of parts that hold a mail that came back, or its head."""
_MOST_RECIPIENTS = 500
_QUOTED_ADDRESS = re.compile(r"\"[^\"@\s]{1,64}\"@[A-Za-z0-9.-]{1,255}")
_FIELD = re.compile(r"^(?:[*]{0,2})([A-Za-z][A-Za-z-]{3,40})[ \t]?:[ \t]*(.*)$")


@dataclass(frozen=True, slots=True)
class Fields:
    """What a delivery status says of one recipient (RFC 3464 §2.3): `addresses` are the final and the original one, where they differ."""

    addresses: tuple[str, ...]
    action: str
    status: str
    diagnostic: str


def status_fields(text: str) -> tuple[Fields, ...]:
    """The recipients that delivery-status fields name (RFC 3464 §2.3), however their groups are kept apart.

    Fields may be missing or out of order; groups may lack the blank line between them; comments, angle brackets and unknown address types
    are read through.
    """
    groups: list[dict[str, str]] = [{}]
    for name, value in lines_as_fields(text[:TEXT_LIMIT]):
        if not name or name in groups[-1]:
            groups.append({})
        if name in _KEPT and (name not in groups[-1]):
            groups[-1][name] = value
    out: list[dict[str, str]] = []
    for group in groups:
        if not group:
            continue
        if "final-recipient" not in group and "original-recipient" not in group and out and not (group.keys() & out[-1].keys()):
            out[-1].update(group)
        else:
            out.append(group)
    return tuple(
        _as_fields(group) for group in out[:_MOST_RECIPIENTS] if group.keys() & {"final-recipient", "original-recipient", "action"}
    )


def wrapped_fields(mail: InboundMail) -> Iterator[Fields]:
    """The fields that a gateway left elsewhere: in a report that it put whole into its own mail, or in a file that it made of the part."""
    for part in mail.report_parts:
        if part.content_type in RETURNED_TYPES and "multipart/report" in part.text[:8_192].lower():
            yield from status_fields(part.text)
    for file in mail.attachments:
        if file.content_type in {"text/plain", "application/octet-stream"}:
            yield from status_fields(file.content[:TEXT_LIMIT].decode("utf-8", "replace"))


_KEPT = frozenset(
    {"final-recipient", "original-recipient", "x-actual-recipient", "action", "status", "diagnostic-code", "x-original-recipient"}
)


_TYPE = re.compile(r"\s*(?:smtp|x-[a-z-]{1,30}|x400|unix)\s*;\s*", re.IGNORECASE)
"""The kind of a diagnostic code (RFC 3464 §2.3.6): people read what follows."""


def _without_type(diagnostic: str) -> str:
    found = _TYPE.match(diagnostic)
    return diagnostic[found.end() :] if found else diagnostic


def _as_fields(group: dict[str, str]) -> Fields:
    """One group of fields as a value; a status or an action with a comment behind it loses the comment."""
    written = (address_in(group.get(name, "")) for name in ("final-recipient", "original-recipient", "x-original-recipient"))
    addresses = tuple(dict.fromkeys(address for address in written if address))
    if not addresses and (actual := address_in(group.get("x-actual-recipient", ""))):
        addresses = (actual,)
    diagnostic = _without_type(group.get("diagnostic-code", ""))[:DIAGNOSTIC_LIMIT]
    status = ENHANCED.search(group.get("status", ""))
    action = re.split(r"[\s;(]", group.get("action", "").strip().lower(), maxsplit=1)[0]
    return Fields(addresses, action, status.group(1) if status else "", diagnostic)


def lines_as_fields(text: str) -> Iterator[tuple[str, str]]:
    """Lines as (lower-case name, unfolded value); an empty name for a blank line, and nothing for what is no field."""
    name, values = "", [""]
    for line in [*text.replace("\r", "").split("\n"), ""]:
        if name and line[:1] in (" ", "\t") and line.strip():
            values.append(line.strip())
            continue
        if name:
            yield name, " ".join(values).strip()
            name = ""
        if not line.strip():
            yield "", ""
        elif field := _FIELD.match(line[:2_000].strip()):
            name, values = field.group(1).lower(), [field.group(2)]


def address_in(value: str) -> str:
    """The address of a recipient field (`rfc822;x@y`, `<x@y>`, a source route, x400 with a hint), lower-case, or ""."""
    kind, parted, rest = value.partition(";")
    body = (rest if parted and len(kind) < 20 else value).strip()
    if quoted := _QUOTED_ADDRESS.search(body):
        return quoted.group().lower()
    if "(a)" in body and "@" not in body:
        body = body.replace("(a)", "@").replace("=", " ")
    found = ADDRESS.search(body)
    if found is None:
        return ""
    # RFC 3461 xtext that the reporting server left undecoded: only the two characters that addresses of software really hold.
    return found.group().strip(".'`").replace("+2B", "+").replace("+3D", "=").lower()
