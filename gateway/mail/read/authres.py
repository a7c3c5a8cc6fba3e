"""What our own mail server said of the sender's domain: a small reader of Authentication-Results (RFC 8601).

Anybody can write such a field into his mail, with our server's name in it. So a field is believed only where it stands above what the
sender could write: above the Received field that our border server added, or above all of them (CASES A1.10, A1.11, F13; RFC 8601 §5).

Bugs: servers that put their field below their own Received (Google does) are not believed, since the sender can write there too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.mail.inbound import Header, SenderProof

_VALUE_LIMIT = 8192
_RECEIVED_BY = re.compile(r"(?:^|[\s;)])by\s{1,20}([A-Za-z0-9._-]{1,255})", re.IGNORECASE)
_RESULT = re.compile(r"\s*dmarc\s*(?:/\s*[0-9]{1,5}\s*)?=\s*([a-z]{1,20})(?![a-z0-9_-])", re.IGNORECASE)
_HEADER_FROM = re.compile(r"(?:^|\s)header\.from\s{0,5}=\s{0,5}(\"[^\"]{0,255}\"|[^\s;\"]{1,255})", re.IGNORECASE)


def sender_proof(headers: Sequence[Header], from_domain: str, authserv_ids: frozenset[str]) -> SenderProof:
    """PASS when a trusted field says dmarc=pass for exactly `from_domain`, FAIL when one says dmarc=fail, else NONE.

    `headers` are top first, `authserv_ids` the names of our own servers; with none configured nobody is ever authenticated.
    One failing statement beats any passing one. `dkim=pass` and `spf=pass` alone prove nothing of the From domain.
    """
    ids = frozenset(name.lower() for name in authserv_ids)
    wanted = from_domain.lower().rstrip(".")
    if not ids or not wanted:
        return SenderProof.NONE
    proof = SenderProof.NONE
    for header in headers[: _border(headers, ids)]:
        if header.name.lower() != "authentication-results":
            continue
        for result, domain in _dmarc_results(header.value, ids):
            if result == "fail":
                return SenderProof.FAIL
            if result == "pass" and domain == wanted:
                proof = SenderProof.PASS
    return proof


def _border(headers: Sequence[Header], ids: frozenset[str]) -> int:
    """How many fields from the top are our servers' own: those above our border's Received, else above the first one, else none."""
    received = [index for index, header in enumerate(headers) if header.name.lower() == "received"]
    for index in received:
        found = _RECEIVED_BY.search(_without_comments(headers[index].value[:_VALUE_LIMIT]))
        if found and found[1].lower().rstrip(".") in ids:
            return index
    return received[0] if received else 0


def _dmarc_results(value: str, ids: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each DMARC result of a field with its header.from ("" without), if the field is one of our servers'."""
    if len(value) > _VALUE_LIMIT or "=?" in value:
        return  # an honest server writes neither
    name, *results = _split(_without_comments(value))
    words = name.split()
    if not words or words[0].lower() not in ids or (len(words) > 1 and not words[1].isdigit()) or len(words) > 2:
        return
    for result in results:
        found = _RESULT.match(result)
        if found:
            domains = [domain.strip('"').lower().rstrip(".") for domain in _HEADER_FROM.findall(result, found.end())]
            yield found[1].lower(), domains[0] if len(domains) == 1 else ""


def _without_comments(text: str) -> str:
    """`text` with each comment, also nested, as one blank; quoted strings are left whole (RFC 5322 §3.2.2)."""
    out: list[str] = []
    depth, quoted, skip = 0, False, False
    for char in text:
        if skip:
            skip = False
        elif char == "\\":
            skip = True
        elif quoted:
            quoted = char != '"'
        elif char == '"' and not depth:
            quoted = True
        elif char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            if not depth:
                out.append(" ")
            continue
        if not depth:
            out.append(char)
    return "".join(out)


def _split(text: str) -> list[str]:
    """`text` at the semicolons that stand outside quotes."""
    pieces = [""]
    quoted = False
    for char in text:
        if char == '"':
            quoted = not quoted
        if char == ";" and not quoted:
            pieces.append("")
        else:
            pieces[-1] += char
    return pieces
