"""Whom to believe about the sender's domain: only our own server, only where the sender cannot write."""

from __future__ import annotations

import pytest

from gateway.mail.inbound import SenderProof
from gateway.mail.read.authres import sender_proof
from gateway.mail.read.parse import read_mail

OURS = frozenset({"mx.example.be"})
RECEIVED = b"Received: from out.example.org ([192.0.2.1])\n\tby mx.example.be (Postfix) with ESMTPS id 1; Tue, 24 Nov 2026 10:12:00 +0100\n"
FROM = b"From: Agent <agent@example.org>\n"
PASS = b"Authentication-Results: mx.example.be; dmarc=pass (p=reject dis=none) header.from=example.org\n"
FAIL = b"Authentication-Results: mx.example.be; dkim=none; dmarc=fail header.from=example.org\n"


def proof(raw: bytes, ids: frozenset[str] = OURS) -> SenderProof:
    """What reading this header block says."""
    return read_mail(raw + b"\nhello", authserv_ids=ids).sender_proof


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (PASS + RECEIVED + FROM, SenderProof.PASS),
        (FAIL + RECEIVED + FROM, SenderProof.FAIL),
        (RECEIVED + FROM, SenderProof.NONE),
        (PASS + FAIL + RECEIVED + FROM, SenderProof.FAIL),
        (
            b"Authentication-Results: mx.example.be 1;\n spf=pass smtp.mailfrom=example.org;\n DMARC=Pass header.from=Example.ORG\n"
            + RECEIVED
            + FROM,
            SenderProof.PASS,
        ),
        (
            b'Authentication-Results: (ours) MX.example.be; dmarc=pass (say "hi; dmarc=fail") header.from="example.org"\n'
            + RECEIVED
            + FROM,
            SenderProof.PASS,
        ),
        (b"Received: by store.example.be with LMTP id 2; x\n" + PASS + RECEIVED + FROM, SenderProof.PASS),
        (PASS + b"Received: from a by internal.example with ESMTP id 3; x\n" + FROM, SenderProof.PASS),
        (b"Authentication-Results: mx.example.be; dmarc=temperror header.from=example.org\n" + RECEIVED + FROM, SenderProof.NONE),
        (b"Authentication-Results: mx.example.be; none\n" + RECEIVED + FROM, SenderProof.NONE),
    ],
)
def test_our_own_servers_word_counts(raw: bytes, expected: SenderProof) -> None:
    """dmarc=pass for the From domain is PASS, dmarc=fail is FAIL, everything else NONE (RFC 8601 §2)."""
    assert proof(raw) is expected


FORGED = {
    "below our Received": RECEIVED + PASS + FROM,
    "below, with a Received of our name below it": RECEIVED + PASS + RECEIVED + FROM,
    "no Received at all": PASS + FROM,
    "another server's name": b"Authentication-Results: mx.evil.example; dmarc=pass header.from=example.org\n" + RECEIVED + FROM,
    "our name as a suffix": b"Authentication-Results: evil.mx.example.be; dmarc=pass header.from=example.org\n" + RECEIVED + FROM,
    "our name as a prefix": b"Authentication-Results: mx.example.be.evil.example; dmarc=pass header.from=example.org\n" + RECEIVED + FROM,
    "our name in a comment": b"Authentication-Results: evil.example (mx.example.be; dmarc=pass header.from=example.org)\n"
    + RECEIVED
    + FROM,
    "another domain": b"Authentication-Results: mx.example.be; dmarc=pass header.from=evil.example\n" + RECEIVED + FROM,
    "the domain as a prefix": b"Authentication-Results: mx.example.be; dmarc=pass header.from=example.org.evil.example\n" + RECEIVED + FROM,
    "a subdomain": b"Authentication-Results: mx.example.be; dmarc=pass header.from=mail.example.org\n" + RECEIVED + FROM,
    "no domain": b"Authentication-Results: mx.example.be; dmarc=pass\n" + RECEIVED + FROM,
    "two domains": b"Authentication-Results: mx.example.be; dmarc=pass header.from=example.org header.from=evil.example\n"
    + RECEIVED
    + FROM,
    "only dkim": b"Authentication-Results: mx.example.be; dkim=pass header.d=example.org; spf=pass\n" + RECEIVED + FROM,
    "pass inside a comment": b"Authentication-Results: mx.example.be; dmarc=none (dmarc=pass header.from=example.org)\n" + RECEIVED + FROM,
    "pass inside quotes": b'Authentication-Results: mx.example.be; spf=none reason="; dmarc=pass header.from=example.org"\n'
    + RECEIVED
    + FROM,
    "an encoded word": b"Authentication-Results: =?utf-8?q?mx.example.be;_dmarc=3Dpass_header.from=3Dexample.org?=\n" + RECEIVED + FROM,
    "a word that begins with pass": b"Authentication-Results: mx.example.be; dmarc=passed header.from=example.org\n" + RECEIVED + FROM,
    "another field": b"X-Authentication-Results: mx.example.be; dmarc=pass header.from=example.org\n" + RECEIVED + FROM,
    "two From fields": PASS + RECEIVED + FROM + FROM,
    "a From that reads in two ways": PASS + RECEIVED + b"From: agent@example.org <evil@evil.example>\n",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_statement_proves_nothing(name: str) -> None:
    """None of the ways to write our server's word oneself is believed (CASES A1.10, A1.11, F13)."""
    assert proof(FORGED[name]) is SenderProof.NONE


def test_without_configured_servers_nobody_is_proved() -> None:
    """No authserv-id configured: no statement counts, not even a failing one (fail closed)."""
    assert proof(PASS + RECEIVED + FROM, frozenset()) is SenderProof.NONE
    assert proof(FAIL + RECEIVED + FROM, frozenset()) is SenderProof.NONE
    assert sender_proof(read_mail(PASS + RECEIVED + FROM).headers, "", OURS) is SenderProof.NONE


def test_a_failure_for_another_reason_still_fails() -> None:
    """A failing statement of our server counts whatever domain it names: it is about this mail."""
    raw = b"Authentication-Results: mx.example.be; dmarc=fail header.from=other.example\n" + RECEIVED + FROM
    assert proof(raw) is SenderProof.FAIL


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("(a (b) c)", SenderProof.PASS),
        (r"(a \) b)", SenderProof.PASS),
        (r"(a \( b)", SenderProof.PASS),
        (r"(a \) ; dmarc=fail \( b)", SenderProof.PASS),
        ("(a (b) ; dmarc=fail (c))", SenderProof.PASS),
        (") ", SenderProof.PASS),
        ("(never closed", SenderProof.NONE),
        (r"(closed by an escape only \)", SenderProof.NONE),
    ],
)
def test_a_comment_is_read_past_however_it_is_nested_or_escaped(comment: str, expected: SenderProof) -> None:
    """What stands in it is no statement, and nothing in it ends it early; one that never ends takes the rest with it (RFC 5322 §3.2.2)."""
    field = f"Authentication-Results: mx.example.be; spf=none {comment}; dmarc=pass header.from=example.org\n"
    assert proof(field.encode() + RECEIVED + FROM) is expected
