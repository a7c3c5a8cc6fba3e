"""Which ticket a mail belongs to, and who may put words there: the evidence that is read, and every way in which it is judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.ticket import TicketKey
from gateway.mail.inbound import InboundMail, SenderProof
from gateway.mail.match import Acts, Candidate, Evidence, Held, Hint, Joins, Match, Opens, Sender, decide, gather
from gateway.mail.signed.address import Purpose, Signed, Signer, with_token
from tests.mail.inbound_values import DESK, inbound

SIGNER = Signer({0: b"m" * 32})
TODAY = date(2026, 11, 24)
OURS = "Reply above this line"
JESS, ANNA, OTHER = 7, 9, 8
HINTS = (Hint.OWN_MESSAGE_ID, Hint.KNOWN_MESSAGE_ID, Hint.MARKER, Hint.KEY_IN_SUBJECT)
NOTHING = Evidence(signed=(), bad_tokens=0, own_ids=(), other_ids=(), marked=(), keys=())


def _gathered(mail: InboundMail, envelope_to: str | None = None) -> Evidence:
    home = frozenset({"example.org"})
    return gather(mail, envelope_to, signer=SIGNER, domains=home, delimiters=frozenset("+"), markers=(OURS,))


def _address(person: int = JESS, ticket: int = 1, purpose: Purpose = Purpose.REPLY) -> str:
    return with_token(DESK, SIGNER.token(purpose, subject=ticket, person=person, today=TODAY), "+")


# --- what a mail shows --------------------------------------------------------------------------------------------------------------------


def test_a_signed_address_is_found_wherever_the_mail_was_delivered_to() -> None:
    """In a field or in the envelope alone, once although it stands in both; a damaged one is counted."""
    good, damaged = _address(), _address()[:10] + "22222" + _address()[15:]
    evidence = _gathered(inbound(to=(good, damaged)), f"{DESK} {good}")
    assert evidence.signed == (Signed(Purpose.REPLY, 1, JESS, 0, TODAY),)
    assert evidence.bad_tokens == 1
    assert _gathered(inbound(), good).signed == evidence.signed


def test_a_token_at_another_domain_is_not_read() -> None:
    """What somebody else's server got is no address of ours."""
    assert _gathered(inbound(to=(_address().replace("example.org", "evil.example"),))) == NOTHING


def test_the_nearest_parent_comes_first() -> None:
    """In-Reply-To, then References from the end, each once; ours apart from those of others; no more than thirty are looked up."""
    own = SIGNER.message_id("SUP-1.comment.x", "example.org")
    mail = replace(inbound(in_reply_to=("<c@x>",)), references=("<a@x>", own, "<b@x>", "<c@x>"))
    evidence = _gathered(mail)
    assert (evidence.own_ids, evidence.other_ids) == ((own,), ("<c@x>", "<b@x>", "<a@x>"))
    long = replace(inbound(), references=tuple(f"<{n}@x>" for n in range(100)))
    assert _gathered(long).other_ids == tuple(f"<{n}@x>" for n in range(99, 69, -1))


@pytest.mark.parametrize(
    ("subject", "keys"),
    [
        ("Re: [SUP-12] printer", (TicketKey("SUP", 12),)),
        ("[sup-12] AW: [HR-3] [SUP-12]", (TicketKey("SUP", 12), TicketKey("HR", 3))),
        ("SUP-12 printer", ()),
        ("[SUP-0] [12] [SUP]", ()),
        ("[SUP-1] [SUP-1] " + " ".join(f"[SUP-{n}]" for n in range(2, 40)), tuple(TicketKey("SUP", n) for n in range(1, 11))),
    ],
)
def test_a_key_counts_in_brackets_only(subject: str, keys: tuple[TicketKey, ...]) -> None:
    """As our mails write it, in any case, each once and no more than ten: a bare word may be an order number."""
    assert _gathered(inbound(subject=subject)).keys == keys


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"Thanks!\n\n> --- {OURS} · SUP-12 ---\n> Hello", (TicketKey("SUP", 12),)),
        (f"Thanks!\n\n> --- {OURS} ·\n> SUP-12 ---\n", (TicketKey("SUP", 12),)),
        (f"--- {OURS} · SUP-12 ---\n> --- {OURS} · SUP-9 ---\n", (TicketKey("SUP", 12), TicketKey("SUP", 9))),
        (f"--- {OURS} · SUP-0 ---", ()),
        (f"{OURS}: what does it mean? See SUP-12 --- please", ()),
        ("--- Write above this · SUP-12 ---", ()),
    ],
    ids=["quoted", "folded", "two, the nearest first", "no key", "a sentence", "another desk's"],
)
def test_the_key_in_our_own_marker_is_read(text: str, marked: tuple[TicketKey, ...]) -> None:
    """Relays and programs that lose the header fields still quote it."""
    assert _gathered(inbound(text)).marked == marked


# --- where it goes ------------------------------------------------------------------------------------------------------------------------


def _hinted(hint: Hint, ticket: int = 1, people: Iterable[int] = (JESS,)) -> Candidate:
    return Candidate(ticket, hint, frozenset(people), epoch=0)


def _signed(
    person: int = JESS, ticket: int = 1, purpose: Purpose = Purpose.REPLY, people: Iterable[int] = (JESS,), epoch: int = 0
) -> Candidate:
    return Candidate(ticket, Hint.SIGNED_ADDRESS, frozenset(people), epoch, Signed(purpose, ticket, person, 0, TODAY))


def _judged(
    *candidates: Candidate,
    person: int | None = JESS,
    agent: bool = False,
    proof: SenderProof = SenderProof.NONE,
    bad_tokens: int = 0,
    agent_mail: str = "normal",
) -> Match:
    return decide(replace(NOTHING, bad_tokens=bad_tokens), candidates, Sender(person, agent, proof), agent_mail=agent_mail)


@pytest.mark.parametrize(("bad_tokens", "reason"), [(0, "no-thread"), (2, "bad-token")])
@pytest.mark.parametrize("agent", [False, True])
def test_a_mail_that_names_no_ticket_opens_one(bad_tokens: int, reason: str, agent: bool) -> None:
    """A customer's request, and an agent's own; a damaged address is a reason that operators want to see."""
    assert _judged(bad_tokens=bad_tokens, agent=agent) == Opens((), reason)


@pytest.mark.parametrize("proof", SenderProof)
@pytest.mark.parametrize("purpose", [Purpose.REPLY, Purpose.GUARD])
def test_his_own_address_lets_a_participant_in(purpose: Purpose, proof: SenderProof) -> None:
    """It was signed for this person and ticket, so it counts even where forwarding broke his domain's signature."""
    assert _judged(_signed(purpose=purpose), proof=proof) == Joins(1, Hint.SIGNED_ADDRESS, purpose)


def test_his_own_address_counts_more_than_the_thread() -> None:
    """Who answers an old mail on the address of another ticket writes to that one (CASES A1.1)."""
    assert _judged(_hinted(Hint.OWN_MESSAGE_ID, ticket=2), _signed(ticket=1)) == Joins(1, Hint.SIGNED_ADDRESS)


def test_who_was_taken_off_a_ticket_gets_no_word_onto_it() -> None:
    """His old address opens a new ticket, on which agents see what he named, each once."""
    off = _signed(people=(OTHER,))
    assert _judged(off, _hinted(Hint.KEY_IN_SUBJECT, people=(OTHER,)), _hinted(Hint.KNOWN_MESSAGE_ID, 2, (OTHER,))) == Opens(
        (1, 2), "removed-from-ticket"
    )


@pytest.mark.parametrize("purpose", Purpose)
def test_an_address_that_was_made_for_somebody_else_lets_nobody_in(purpose: Purpose) -> None:
    """A forwarded or leaked address is worth nothing in other hands (CASES A1.5)."""
    assert _judged(_signed(OTHER, purpose=purpose, people=(OTHER,))) == Opens((1,), "not-a-participant")


@pytest.mark.parametrize("purpose", [Purpose.AGENT, Purpose.NOTE, Purpose.BOUNCE])
def test_an_address_for_another_purpose_gives_a_customer_no_right(purpose: Purpose) -> None:
    """Purposes are never interchangeable (CASES A1.4)."""
    assert _judged(_signed(purpose=purpose, people=())) == Opens((1,), "not-a-participant")


def test_a_revoked_address_is_a_hint_like_any_other() -> None:
    """After the links of a ticket were revoked, the address lets in only who is a participant and is not refuted."""
    assert _judged(_signed(epoch=1)) == Joins(1, Hint.SIGNED_ADDRESS)
    assert _judged(_signed(epoch=1), proof=SenderProof.FAIL) == Opens((1,), "sender-failed-dmarc")
    assert _judged(_signed(epoch=1, people=(OTHER,))) == Opens((1,), "not-a-participant")


@pytest.mark.parametrize("hint", HINTS)
def test_a_thread_or_a_key_lets_in_only_participants(hint: Hint) -> None:
    """An id or a key can be guessed: alone it gives nobody a right, and not even a participant one whom his domain disowns (A1.2, A1.3)."""
    assert _judged(_hinted(hint)) == Joins(1, hint)
    assert _judged(_hinted(hint), person=OTHER) == Opens((1,), "not-a-participant")
    assert _judged(_hinted(hint), person=None) == Opens((1,), "not-a-participant")
    assert _judged(_hinted(hint), proof=SenderProof.FAIL) == Opens((1,), "sender-failed-dmarc")


def test_the_strongest_hint_to_a_ticket_of_his_own_wins() -> None:
    """In whatever order they were found; a stronger one to a stranger's ticket is passed over."""
    for found in (HINTS, HINTS[::-1]):
        assert _judged(*(_hinted(hint, ticket) for ticket, hint in enumerate(found))) == Joins(found.index(HINTS[0]), HINTS[0])
    assert _judged(_hinted(Hint.OWN_MESSAGE_ID, 2, (OTHER,)), _hinted(Hint.KEY_IN_SUBJECT)) == Joins(1, Hint.KEY_IN_SUBJECT)


# --- agents (ruling 5) --------------------------------------------------------------------------------------------------------------------


def _acted(*candidates: Candidate, agent_mail: str = "strict", proof: SenderProof = SenderProof.PASS, bad_tokens: int = 0) -> Match:
    return _judged(*candidates, person=ANNA, agent=True, agent_mail=agent_mail, proof=proof, bad_tokens=bad_tokens)


@pytest.mark.parametrize("purpose", [Purpose.AGENT, Purpose.NOTE])
@pytest.mark.parametrize(
    ("agent_mail", "proof", "refused"),
    [
        ("strict", SenderProof.PASS, None),
        ("strict", SenderProof.NONE, "dmarc-missing"),
        ("strict", SenderProof.FAIL, "dmarc-fail"),
        ("normal", SenderProof.PASS, None),
        ("normal", SenderProof.NONE, None),
        ("normal", SenderProof.FAIL, "dmarc-fail"),
        ("off", SenderProof.PASS, "agent-mail-off"),
    ],
)
def test_an_agent_acts_on_his_own_address_and_by_the_operators_rule(
    purpose: Purpose, agent_mail: str, proof: SenderProof, refused: str | None
) -> None:
    """`strict` wants the server's word too, `normal` no word against it, `off` takes nothing by mail; what may not go out is held."""
    found = _acted(_signed(ANNA, purpose=purpose), agent_mail=agent_mail, proof=proof)
    assert found == (Held(1, refused) if refused else Acts(1, purpose))


def test_an_agents_address_for_one_ticket_in_the_thread_of_another_is_held() -> None:
    """His words might go to the wrong customer: a person has to look (CASES A1.1)."""
    mine = _signed(ANNA, purpose=Purpose.AGENT)
    assert _acted(mine, _hinted(Hint.OWN_MESSAGE_ID, ticket=2)) == Held(1, "conflict")
    assert _acted(mine, _hinted(Hint.OWN_MESSAGE_ID)) == Acts(1, Purpose.AGENT)


@pytest.mark.parametrize(
    ("candidate", "bad_tokens", "reason"),
    [
        (_signed(OTHER, purpose=Purpose.AGENT), 0, "wrong-sender"),
        (_signed(ANNA, purpose=Purpose.AGENT, epoch=1), 0, "wrong-sender"),
        (_signed(ANNA, purpose=Purpose.BOUNCE), 0, "wrong-sender"),
        (_hinted(Hint.OWN_MESSAGE_ID), 1, "token-invalid"),
        (_hinted(Hint.OWN_MESSAGE_ID), 0, "token-missing"),
    ],
    ids=["another agent's", "revoked", "for bounces", "damaged", "none"],
)
def test_without_a_good_address_of_his_own_an_agents_words_are_held(candidate: Candidate, bad_tokens: int, reason: str) -> None:
    """From can be forged: the thread alone sends nothing to a customer, whatever the server says."""
    assert _acted(candidate, bad_tokens=bad_tokens) == Held(1, reason)


def test_an_agent_on_his_own_request_is_a_customer() -> None:
    """He opened it or takes part in it, so the answer is his comment and no act."""
    assert _acted(_hinted(Hint.OWN_MESSAGE_ID, people=(ANNA,))) == Joins(1, Hint.OWN_MESSAGE_ID)
    assert _acted(_signed(ANNA, people=(ANNA,))) == Joins(1, Hint.SIGNED_ADDRESS, Purpose.REPLY)
