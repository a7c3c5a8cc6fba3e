"""Hard or soft: would a later mail to the address arrive? Answers of real kinds of servers, each with what an operator needs to know."""

from __future__ import annotations

import pytest

from gateway.mail.kind.bounce import is_hard
from gateway.mail.kind.bounce_tables import CODE_HARD, STATUS_HARD, TOGETHER


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        ("5.2.1", "550-5.2.1 The email account that you tried to reach is disabled."),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. [xx.eop.example.net]"),
        ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable"),
        ("5.0.0", "554 delivery error: dd This user doesn't have an account here"),
        ("5.1.1", "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient."),
        ("5.7.1", "550 5.7.1 <a@example.be>: user unknown"),
        ("5.7.13", "525 5.7.13 user account disabled"),
        ("5.7.17", "550 5.7.17 mailbox owner has changed"),
        ("5.4.4", "Host or domain name not found. Name service error for name=example.invalid type=A: Host not found"),
        ("5.4.310", "550 5.4.310 DNS domain does not exist"),
        ("", "556 no mail here"),
        ("", "521 this host does not accept mail"),
        ("", "Votre message n'a pas été remis : cette adresse n'existe pas"),
        ("", "Der Empfänger existiert nicht"),
        ("", "Het adres bestaat niet"),
        ("5.5.2", "504 5.5.2 <jess>: Recipient address rejected: need fully-qualified address"),
        ("5.0.0", '550 Unknown local-part "x" in <x@example.be>'),
        ("", "554 30 Sorry, your message to x cannot be delivered. This mailbox is disabled (554.30)."),
        ("5.0.350", "550 5.0.350 Remote server returned an error -> 550 no such recipient"),
        ("", "unable to look up host example.invalid: Name or service not known"),
        ("5.1.1", "unknown or illegal alias: x@example.be"),
    ],
)
def test_an_address_that_is_not_there_is_hard(status: str, diagnostic: str) -> None:
    """Nobody will ever get a mail there: the address is not written to again."""
    assert is_hard("failed", status, diagnostic)


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        ("5.2.2", "552-5.2.2 The recipient's inbox is out of storage space."),
        ("5.1.1", "552 5.1.1 Boite du destinataire pleine. Recipient overquota."),
        ("", "Das Postfach des Empfängers ist voll"),
        ("", "De mailbox van de ontvanger is vol"),
        ("", "Boîte aux lettres saturée"),
        ("", "La casella è piena"),
        ("", "Schránka je plná"),
        ("", "Skrzynka jest pełna"),
        ("", "Postkassen er fuld"),
        ("", "Brevlådan är full"),
        ("", "почтовый ящик переполнен"),
    ],
)
def test_a_full_mailbox_is_soft(status: str, diagnostic: str) -> None:
    """It may be emptied tomorrow, whatever class of code the server chose (RFC 3463 X.2.2)."""
    assert not is_hard("failed", status, diagnostic)


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        ("", "SMTP error from remote mail server after MAIL FROM:<desk@example.org> SIZE=1024: 550 Unroutable sender address"),
        ("5.1.0", "host mx.example.be said: 553 5.1.0 example.org does not exist (in reply to MAIL FROM command)"),
        ("5.1.7", "550 5.1.7 No such domain"),
        ("5.1.8", "554 5.1.8 <desk@example.org>: Sender address rejected: Domain not found"),
        ("", "550 Sender verify failed: no such user here"),
        ("5.2.0", "550 5.2.0 From: Domain is invalid. Please provide a valid From:"),
        ("5.0.0", "550 Too many invalid recipients"),
    ],
)
def test_what_is_said_of_the_sender_is_not_the_recipients_fault(status: str, diagnostic: str) -> None:
    """An unknown name or domain that is ours says nothing of theirs."""
    assert not is_hard("failed", status, diagnostic)


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        ("4.4.3", "Host or domain name not found. Name service error for name=example.be type=MX: Host not found, try again"),
        ("", "Name service error for domain example.be: Host not found, try again"),
        ("5.4.4", "Name service error for name=example.be type=MX: Malformed or unexpected name server reply"),
        ("5.4.6", "554 5.4.6 Too many hops"),
        ("5.0.0", "Maximum hop count exceeded. Message probably in a routing loop."),
        ("5.4.14", ""),
        ("5.4.316", "550 5.4.316 Message expired, connection refused"),
        ("5.3.0", "554 5.3.0 unknown mailer error 255"),
        ("", "Envelope expired"),
        ("5.2.121", ""),
        ("", "504 Command parameter not implemented"),
        ("5.5.4", "501 5.5.4 Invalid arguments"),
        ("", "530 Must issue a STARTTLS command first"),
        ("5.7.606", "550 5.7.606 Access denied, banned sending IP"),
        ("5.7.1", "554 5.7.1 <a@example.be>: Recipient address rejected: Access denied"),
        ("", "554 A problem occurred. (Ask your postmaster for help)"),
        ("5.0.0", "554 Message rejected because of unacceptable content"),
        ("5.0.0", "550 Rejected by content scanner"),
        ("5.0.0", "550 attachments of this type are not accepted"),
        ("5.0.0", "550 We do not accept mail from dynamic IPs"),
        ("", "lost connection with mx.example.be[192.0.2.7] while sending RCPT TO"),
        ("", "Message could not be delivered for 5 days"),
        ("", "TLS is required, but was not offered by host mx.example.be[192.0.2.7]"),
    ],
)
def test_a_reason_of_the_day_the_way_or_the_mail_is_soft(status: str, diagnostic: str) -> None:
    """Loops, names that could not be asked, limits, policy and quarrels about commands may all be over for the next mail."""
    assert not is_hard("failed", status, diagnostic)


@pytest.mark.parametrize(("status", "hard"), [("5.2.2", False), ("5.2.20", True), ("5.1.7", False), ("5.1.70", True), ("5.7.99", False)])
def test_a_status_is_compared_whole(status: str, hard: bool) -> None:
    """A code that only begins like another is another; the class 5.7 is one as a whole."""
    assert is_hard("failed", status, "") is hard


def test_the_tables_decide_every_failure() -> None:
    """Each failing status and reply code finds a row, and no row stands behind one that would take its place."""
    starts = [start for start, _ in STATUS_HARD]
    assert starts[-1] == "5."
    assert len(set(starts)) == len(starts)
    for number, start in enumerate(starts):
        assert not any(start.startswith(before) for before in starts[:number] if before.endswith("."))
    assert {start for start, _ in CODE_HARD[-2:]} == {"5", "4"}
    assert all(code.count(".") == 2 and phrase == phrase.lower() for code, phrase, _ in TOGETHER)
