"""Which ticket a mail belongs to, and whether its sender may put words there.

Evidence is gathered from the mail alone (`gather`), looked up by the caller, and judged here (`decide`). The order is a table: a signed
address, then our own Message-ID, then an id that we have stored, then the key in a quoted reply marker of ours, then one in the subject.
Only the first gives a right, and only to the person it was made for; all others are hints that count when the sender is a participant
already (CASES A1.1-A1.6, ruling 16).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.ticket import TicketKey
from gateway.mail.inbound import InboundMail, SenderProof
from gateway.mail.signed.address import Purpose, Signed, Signer, tokens_in

_KEY_IN_SUBJECT = re.compile(r"\[([A-Za-z][A-Za-z0-9]{0,9}-[1-9][0-9]{0,9})\]")
_KEY_IN_MARKER = re.compile(r"^[\s>·]{0,20}([A-Za-z][A-Za-z0-9]{0,9}-[1-9][0-9]{0,9})\s{0,5}---")
_REFERENCES_READ = 30
_KEYS_READ = 10
_MARKER_REST = 60


class Hint(StrEnum):
    """How a ticket was found, strongest first."""

    SIGNED_ADDRESS = "signed-address"
    """An address of ours that was signed for a person and a ticket, wherever the mail was delivered or addressed to."""
    OWN_MESSAGE_ID = "own-message-id"
    """In-Reply-To or References names a Message-ID that we made."""
    KNOWN_MESSAGE_ID = "known-message-id"
    """They name that of a mail which came in before."""
    MARKER = "reply-marker"
    """A reply marker of ours that the mail quotes has the ticket's key behind it."""
    KEY_IN_SUBJECT = "key-in-subject"
    """`[SUP-12]` stands in the subject."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a mail says of where it belongs, before anything is looked up."""

    signed: tuple[Signed, ...]
    bad_tokens: int
    own_ids: tuple[str, ...]
    other_ids: tuple[str, ...]
    marked: tuple[TicketKey, ...]
    """The keys in reply markers of ours that the mail quotes, for relays and clients that lose the header fields."""
    keys: tuple[TicketKey, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket that some evidence names. `participant_ids` are the people on it; `epoch` is what its tokens must carry."""

    ticket_id: int
    hint: Hint
    participant_ids: frozenset[int]
    epoch: int
    signed: Signed | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as far as we know: `person_id` None for somebody never seen, or whose From cannot be trusted to be one mailbox."""

    person_id: int | None
    is_agent: bool
    proof: SenderProof


@dataclass(frozen=True, slots=True)
class Joins:
    """The mail is a participant's comment on this ticket."""

    ticket_id: int
    hint: Hint
    purpose: Purpose = Purpose.REPLY


@dataclass(frozen=True, slots=True)
class Acts:
    """The mail is an agent's act on this ticket (`purpose` AGENT or NOTE): all that ruling 5 asks for is there."""

    ticket_id: int
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Held:
    """An agent's words that may not go out: kept as an internal draft on this ticket, with the reason."""

    ticket_id: int
    reason: str
    """Why they may not:

    - `token-missing`: it came to the plain address, or to a signed one of a ticket that has rested for a year.
    - `token-invalid`: the signed address is damaged, or from another installation.
    - `wrong-sender`: it was made for somebody else, or it was revoked.
    - `conflict`: the address is for one ticket, and the thread or the subject names another.
    - `dmarc-fail`: our mail server says that his domain disowns the mail.
    - `dmarc-missing`: it does not say "pass", and `mail.agent_mail` is strict.
    - `agent-mail-off`: `mail.agent_mail` is off.
    """


@dataclass(frozen=True, slots=True)
class Opens:
    """The mail opens a ticket. `mentions` are tickets that it named without a right to them: linked for agents, shown to nobody else."""

    mentions: tuple[int, ...]
    reason: str
    """Why none of them is the mail's ticket:

    - `no-thread`: it names none that we know.
    - `bad-token`: it names none, but came to an address that looks signed and is not ours.
    - `not-a-participant`: the sender takes no part in what it names.
    - `removed-from-ticket`: he did once, and has a signed address from then.
    - `sender-failed-dmarc`: our mail server says that his domain disowns the mail, so the thread proves nothing.
    - `new-subject`: he took an old mail of the ticket to write about another thing.
    """


Match = Joins | Acts | Held | Opens


def gather(
    mail: InboundMail,
    envelope_to: str | None,
    *,
    signer: Signer,
    domains: frozenset[str],
    delimiters: frozenset[str],
    markers: Iterable[str],
) -> Evidence:
    """Read the evidence of a mail.

    `envelope_to`: where LMTP delivered it, blanks between; `domains`: those of our desks; `markers`: the words of our reply markers.
    """
    seen = (*(envelope_to or "").split(), *mail.recipients_seen)
    tokens = [signer.read(token) for token in tokens_in(seen, domains, delimiters)]
    # The nearest parent first: In-Reply-To, then References from the end.
    ids = list(dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]))[:_REFERENCES_READ]
    own = tuple(i for i in ids if signer.is_own_id(i))
    return Evidence(
        signed=tuple(t for t in tokens if isinstance(t, Signed)),
        bad_tokens=sum(not isinstance(t, Signed) for t in tokens),
        own_ids=own,
        other_ids=tuple(i for i in ids if i not in own),
        marked=_keys(match[1] for line in _marked_lines(mail.text, markers) for match in _KEY_IN_MARKER.finditer(line)),
        keys=_keys(match[1] for match in _KEY_IN_SUBJECT.finditer(mail.subject)),
    )


def _keys(written: Iterable[str]) -> tuple[TicketKey, ...]:
    found = (TicketKey.parse(one) for one in written)
    return tuple(dict.fromkeys(key for key in found if key is not None))[:_KEYS_READ]


def _marked_lines(text: str, markers: Iterable[str]) -> Iterator[str]:
    """The rest of each line behind one of our markers, the nearest quotation first; a client may have folded the line."""
    for marker in markers:
        for piece in text.split(marker)[1 : 1 + _KEYS_READ]:
            yield piece[:_MARKER_REST]


def decide(evidence: Evidence, candidates: Iterable[Candidate], sender: Sender, *, agent_mail: str) -> Match:
    """Where the mail goes. `candidates` in the order of evidence; `agent_mail` is strict, normal or off (ruling 5)."""
    found = sorted(candidates, key=lambda c: tuple(Hint).index(c.hint))
    signed = [c for c in found if c.signed is not None and c.signed.epoch == c.epoch]
    if sender.is_agent:
        by_agent = _agent(evidence, found, signed, sender, agent_mail)
        if by_agent is not None:
            return by_agent
    for candidate in signed:
        token = candidate.signed
        if token is not None and token.purpose in {Purpose.REPLY, Purpose.GUARD} and token.person == sender.person_id:
            return (
                Joins(candidate.ticket_id, candidate.hint, token.purpose)
                if sender.person_id in candidate.participant_ids
                else _opens(found, "removed-from-ticket")
            )
    if sender.person_id is not None and sender.proof is not SenderProof.FAIL:
        for candidate in found:
            if sender.person_id in candidate.participant_ids:
                return Joins(candidate.ticket_id, candidate.hint)
    if not found:
        return Opens((), "bad-token" if evidence.bad_tokens else "no-thread")
    return _opens(found, "sender-failed-dmarc" if sender.proof is SenderProof.FAIL else "not-a-participant")


def _opens(found: list[Candidate], reason: str) -> Opens:
    return Opens(tuple(dict.fromkeys(c.ticket_id for c in found)), reason)


def _agent(evidence: Evidence, found: list[Candidate], signed: list[Candidate], sender: Sender, agent_mail: str) -> Match | None:
    """An agent's mail: an act, or held with its reason; None where he writes as a customer (his own ticket, or a new one)."""
    if not found:
        return None
    for candidate in signed:
        token = candidate.signed
        if token is not None and token.purpose in {Purpose.AGENT, Purpose.NOTE} and token.person == sender.person_id:
            reason = _refusal(candidate, found, sender, agent_mail)
            return Held(candidate.ticket_id, reason) if reason else Acts(candidate.ticket_id, token.purpose)
    if any(sender.person_id in c.participant_ids for c in found):
        return None
    wrong = any(c.signed is not None for c in found)
    return Held(found[0].ticket_id, "wrong-sender" if wrong else "token-invalid" if evidence.bad_tokens else "token-missing")


def _refusal(candidate: Candidate, found: list[Candidate], sender: Sender, agent_mail: str) -> str | None:
    """Why an agent's mail with a good token may still not go out (ruling 5)."""
    if agent_mail == "off":
        return "agent-mail-off"
    if any(c.ticket_id != candidate.ticket_id for c in found if c.hint is not Hint.MARKER):
        return "conflict"  # the address is for one ticket, the thread is of another (CASES A1.1); what is quoted below may be anything
    if sender.proof is SenderProof.FAIL:
        return "dmarc-fail"
    if agent_mail == "strict" and sender.proof is not SenderProof.PASS:
        return "dmarc-missing"
    return None
