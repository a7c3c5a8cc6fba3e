"""Mails that wait for a person: set aside with a reason, never lost, and retried at a word (`gateway parked`)."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.desk import tell
from gateway.desk.customer import Became
from gateway.desk.office import Office, Story
from gateway.domain.audience import Mail
from gateway.domain.events import CommentAdded, Event, TicketOpened
from gateway.domain.ticket import StoredAttachment, Ticket, Visibility
from gateway.store import events, intake, tickets
from gateway.store.intake import Claimed
from gateway.store.tickets import NewComment

SENTENCES = {
    # why a stub ticket stands for a mail: what the agent reads in it, by language of the desk
    "unreadable": {
        "fr": "Ce mail n'a pas pu être lu. Le message d'origine est joint.",
        "nl": "Deze mail kon niet gelezen worden. Het oorspronkelijke bericht is bijgevoegd.",
        "de": "Diese Mail konnte nicht gelesen werden. Die ursprüngliche Nachricht ist angehängt.",
        "en": "This mail could not be read. The original message is attached.",
    },
    "oversized": {
        "fr": "Ce mail dépasse la taille permise. Ce qui en a été reçu est joint ; l'original est resté dans la boîte.",
        "nl": "Deze mail is te groot. Wat ervan is ontvangen, is bijgevoegd; het origineel staat nog in de mailbox.",
        "de": "Diese Mail ist zu groß. Was davon ankam, ist angehängt; das Original liegt noch im Postfach.",
        "en": "This mail is larger than allowed. What was received of it is attached; the original is still in the mailbox.",
    },
}


@dataclass(frozen=True, slots=True)
class Stub:
    """A ticket that stands for a mail that could not become one of its own."""

    ticket: Ticket
    comment_id: int


def stub(story: Story, row: Claimed, *, why: str, summary: str) -> Stub:
    """Open a stub ticket with the raw mail attached, and show it to the agents."""
    sentence = SENTENCES[why].get(story.desk.language, SENTENCES[why]["en"])
    ticket = tickets.open_ticket(
        story.connection,
        desk=story.desk.prefix,
        summary=summary,
        status=story.office.workflow.initial,
        requester_id=None,
        organisation=None,
        language=story.desk.language,
        now=story.now,
    )
    comment = NewComment(
        ticket_id=ticket.id,
        author_id=None,
        author_name="gateway",
        visibility=Visibility.INTERNAL,
        text=sentence,
        source=story.source,
        kind="filed",
        intake_id=story.intake_id,
        attachments=(StoredAttachment("mail.eml", "message/rfc822", row.size, row.sha256),),
    )
    comment_id = tickets.add_comment(story.connection, comment, now=story.now)
    facts: list[Event] = [TicketOpened(ticket.status, story.source), CommentAdded(Visibility.INTERNAL.value, story.source)]
    events.add(story.connection, facts, ticket_id=ticket.id, actor_id=None, now=story.now, comment_id=comment_id, intake_id=story.intake_id)
    tell.team(story, ticket, Mail.AGENT_NEW_REQUEST, tell.News(None, "gateway", comments=(comment_id,)))
    return Stub(ticket, comment_id)


def park_exhausted(office: Office, row: Claimed, *, owner: str, error: str) -> None:
    """Park a mail that was tried alone often enough, with a stub ticket that agents see (DESIGN, Transactions)."""
    now = office.now()
    with office.store.write() as connection:
        story = Story(office, connection, office.desks[row.desk], now, "mail", row.id, row.silent)
        stands = stub(story, row, why="unreadable", summary=f"unreadable mail {row.id}")
        values = {
            "state": "parked",
            "park_reason": "poison",
            "error": intake.storable(error),
            "ticket_id": stands.ticket.id,
            "comment_id": stands.comment_id,
            "outcome": "parked",
            "done_at": now,
        }
        if not intake.settle(connection, row.id, owner=owner, values=values):
            connection.rollback()


def retry(office: Office, intake_id: int) -> bool:
    """Put a parked mail back to work, at an operator's word. False when it is not parked."""
    with office.store.write() as connection:
        intake.release_effect(connection, intake_id)
        return intake.reopen(connection, intake_id)


def drop(office: Office, intake_id: int) -> bool:
    """End a parked mail without effect. Its raw bytes stay until retention."""
    with office.store.write() as connection:
        return intake.drop(connection, intake_id, now=office.now())


def as_stub(story: Story, row: Claimed, *, why: str, summary: str) -> Became:
    """What an oversized or unreadable mail becomes (ruling 1)."""
    stands = stub(story, row, why=why, summary=summary)
    return Became("stub", stands.ticket.id, stands.comment_id, (why,))
