"""Which ticket a mail in hand belongs to: the evidence is looked up here and judged by `gateway.mail.match`."""

from __future__ import annotations

from datetime import timedelta

from gateway.desk.letter import Letter
from gateway.desk.merge import goes_on_in
from gateway.desk.office import Story
from gateway.domain.people import Person, Role
from gateway.domain.ticket import Ticket, TicketKey
from gateway.mail import match
from gateway.mail.match import Candidate, Hint
from gateway.mail.signed.address import Purpose, Signed
from gateway.mail.trust import Shown, Trust, trust_of
from gateway.store import tickets

REPLY_ADDRESS_LIFE = timedelta(days=365)
"""A signed address is worth something for a year after the last event of its ticket (ruling 15)."""


def find(story: Story, letter: Letter, person: Person | None) -> match.Match:
    """Look the evidence up and judge it."""
    candidates = _candidates(story, letter)
    is_agent = person is not None and person.role is Role.AGENT
    sender = match.Sender(person.id if person else None, is_agent, letter.mail.sender_proof)
    return match.decide(letter.evidence, candidates, sender, agent_mail=story.office.policy.agent_mail)


def own_purposes(story: Story, letter: Letter, person: Person | None) -> frozenset[Purpose]:
    """What the signed addresses are for that the mail came to, of those made for `person`.

    Another's, a revoked one, and one of a ticket that has rested for a year are hints only.
    """
    if person is None:
        return frozenset()
    his = [token for token in letter.evidence.signed if token.purpose is not Purpose.BOUNCE and token.person == person.id]
    named = [(token, tickets.get(story.connection, token.subject)) for token in his]
    good = ((token, ticket) for token, ticket in named if ticket is not None and token.epoch == ticket.key_epoch & 0xFF)
    return frozenset(token.purpose for token, ticket in good if _lives(story, goes_on_in(story.connection, ticket)))


def _lives(story: Story, ticket: Ticket) -> bool:
    """Whether the signed addresses of a ticket are worth something still."""
    return story.now - ticket.updated_at <= REPLY_ADDRESS_LIFE


def trust(story: Story, letter: Letter, person: Person | None) -> Trust:
    """How far the mail is believed to be from `person`, whom we knew before it came; None where we did not."""
    is_agent = person is not None and person.role is Role.AGENT
    purposes = own_purposes(story, letter, person)
    return trust_of(Shown(person is not None, is_agent, letter.mail.sender_proof, purposes, story.office.policy.agent_mail))


def _candidates(story: Story, letter: Letter) -> list[Candidate]:
    evidence, connection = letter.evidence, story.connection
    found: list[tuple[int, Hint, Signed | None]] = [
        (token.subject, Hint.SIGNED_ADDRESS, token) for token in evidence.signed if token.purpose is not Purpose.BOUNCE
    ]
    known = tickets.by_message_ids(connection, [*evidence.own_ids, *evidence.other_ids])
    found += [(known[i], Hint.OWN_MESSAGE_ID, None) for i in evidence.own_ids if i in known]
    found += [(known[i], Hint.KNOWN_MESSAGE_ID, None) for i in evidence.other_ids if i in known]
    for hint, keys in ((Hint.MARKER, evidence.marked), (Hint.KEY_IN_SUBJECT, evidence.keys)):
        named = (tickets.by_key(connection, TicketKey(key.prefix, key.number)) for key in keys)
        found += [(ticket.id, hint, None) for ticket in named if ticket is not None]
    candidates: list[Candidate] = []
    seen: set[tuple[int, Hint]] = set()
    for ticket_id, hint, token in found:
        ticket = tickets.get(connection, ticket_id)
        if ticket is None or (token is None and (ticket_id, hint) in seen):
            continue
        seen.add((ticket_id, hint))
        goes_on = goes_on_in(connection, ticket)
        lives = _lives(story, goes_on)  # else the address is a hint like any other
        people_on_it = tickets.participant_ids(connection, goes_on.id)
        candidates.append(Candidate(goes_on.id, hint, people_on_it, ticket.key_epoch & 0xFF, token if lives else None))
    return candidates
