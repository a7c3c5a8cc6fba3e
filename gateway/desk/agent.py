"""What an agent's mail does: his reply becomes the public comment that the customer gets; his commands are followed all or not at all.

Nothing of a mail with a line that cannot be followed is applied or sent: it stays with the ticket as a held comment, and A06 hands the
text back with the line and the reason (SURFACE 5.7 rule 5). `#force` publishes the last held text, without its command lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from gateway.desk import tell
from gateway.desk.act import Assign, Intent, agent_acts
from gateway.desk.comment import comment_of
from gateway.desk.customer import Became
from gateway.desk.letter import Letter, store_files
from gateway.desk.merge import CannotJoin, merge
from gateway.desk.office import Story
from gateway.desk.undo import Undone, undo
from gateway.domain import workflow
from gateway.domain.audience import Mail
from gateway.domain.events import HeldPublished, MailHeld
from gateway.domain.people import Person, agent_called
from gateway.domain.ticket import RESOLUTIONS, Ticket, TicketKey, Visibility
from gateway.domain.workflow import Refused, Unknown
from gateway.mail.match import Acts, Held
from gateway.mail.signed.address import Purpose
from gateway.mail.words.command import CommandBlock, read_commands
from gateway.store import events, people, tickets


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be followed: which, why, and what was perhaps meant."""

    reason: str
    line_number: int = 0
    line: str = ""
    value: str = ""
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CannotFollow:
    """Nothing of the mail is done, for all of these reasons."""

    faults: tuple[Fault, ...]


def _because(reason: str, block: CommandBlock, verb: str, nearest: tuple[str, ...] = ()) -> CannotFollow:
    """One fault, in the line of `verb`."""
    line = next(((c.line_number, c.line, c.value) for c in block.commands if c.verb == verb), (0, "", ""))
    return CannotFollow((Fault(reason, *line, nearest),))


def acts(story: Story, letter: Letter, agent: Person, match: Acts) -> Became:
    """An agent's mail with every lock open (ruling 5)."""
    ticket = tickets.lock(story.connection, match.ticket_id)
    assert ticket is not None
    block = read_commands(letter.words)
    # An answer to a note, and whatever says #note, can only ever become a note: also when it is held and sent later.
    meant = Visibility.INTERNAL if match.purpose is Purpose.NOTE or block.has("note") else Visibility.PUBLIC
    done = _follow(story, letter, ticket, agent, block, meant)
    return _cannot(story, letter, ticket, agent, done, block, meant) if isinstance(done, CannotFollow) else done


def _follow(story: Story, letter: Letter, ticket: Ticket, agent: Person, block: CommandBlock, meant: Visibility) -> Became | CannotFollow:
    """Do what the mail says, or nothing of it."""
    if block.errors:
        return CannotFollow(tuple(Fault(e.reason, e.line_number, e.line, "", e.nearest) for e in block.errors))
    alone = next((verb for verb in ALONE if block.has(verb)), None)
    if alone is None:
        return _says(story, letter, ticket, agent, block, meant)
    done = ALONE[alone](story, letter, ticket, agent, block, meant)
    if isinstance(done, Became) and block.rest.strip():
        _keep(story, letter, ticket, agent, f"beside-{alone}", text=block.rest.strip())
    return done


def _says(story: Story, letter: Letter, ticket: Ticket, agent: Person, block: CommandBlock, meant: Visibility) -> Became | CannotFollow:
    """The usual mail: words, and commands that go with them."""
    intent = _intent(story, letter, ticket, agent, block, meant)
    if isinstance(intent, CannotFollow):
        return intent
    store_files(letter, story)
    done = agent_acts(story, ticket, agent, intent)
    if isinstance(done, Refused):
        return _refused(story, done, block, agent)
    if not block.commands and intent.comment is None:
        return _because("empty", block, "")
    what = "commands" if intent.comment is None else "note" if meant is Visibility.INTERNAL else "reply"
    return Became(what, ticket.id, done.comment_id, ("agent", *(f"#{c.verb}" for c in block.commands)))


def _intent(story: Story, letter: Letter, ticket: Ticket, agent: Person, block: CommandBlock, meant: Visibility) -> Intent | CannotFollow:
    """What the block and the text ask for."""
    target = _target(story, block)
    if isinstance(target, CannotFollow):
        return target
    assign = _assignee(story, agent, block)
    if isinstance(assign, CannotFollow):
        return assign
    comment = None
    if block.rest.strip() or letter.mail.attachments:
        comment = comment_of(
            letter,
            story,
            author_id=agent.id,
            author_name=agent.name,
            visibility=meant,
            text=block.rest.strip() or "📎",
        )
    written_to = {a.address for a in (*letter.mail.to, *letter.mail.cc)}
    on_ticket = tickets.participants(story.connection, ticket.id)
    have_it = frozenset(p.person.id for p in on_ticket if p.person.addresses & written_to)
    how = block.resolution
    if how is not None and how not in RESOLUTIONS:
        return _because("unknown-resolution", block, "resolution", RESOLUTIONS)
    if how is not None and (target is None or not story.office.workflow.statuses[target].settled):
        return _because("resolution-alone", block, "resolution")
    return Intent(comment, target, assign, how, have_it)


def _target(story: Story, block: CommandBlock) -> str | CannotFollow | None:
    value = block.value("status")
    if value is None:
        return None
    found = workflow.find_status(story.office.workflow, value)
    return _because("unknown-status", block, "status", found.nearest) if isinstance(found, Unknown) else found


def _assignee(story: Story, agent: Person, block: CommandBlock) -> Assign | CannotFollow | None:
    if block.has("take"):
        return Assign(agent)
    value = block.value("assign")
    if value is None:
        return None
    found = agent_called(people.agents(story.connection), value)
    return Assign(found) if isinstance(found, Person) else _because("unknown-agent", block, "assign", found.perhaps)


def _refused(story: Story, refused: Refused, block: CommandBlock, agent: Person) -> CannotFollow:
    statuses = story.office.workflow.statuses
    allowed = tuple(statuses[code].label(agent.language) for code in refused.allowed)
    return _because(refused.reason, block, "status", allowed)


def _cannot(
    story: Story,
    letter: Letter,
    ticket: Ticket,
    agent: Person,
    why: CannotFollow,
    block: CommandBlock,
    meant: Visibility,
) -> Became:
    """Nothing is applied; the words stay with the ticket, and A06 hands them back."""
    words = block.rest.strip()
    # A mail of commands alone has nothing that could be sent later.
    held_as = meant if words else None
    comment_id = _keep(story, letter, ticket, agent, why.faults[0].reason, text=words or letter.words, held_as=held_as)
    extra = {
        "errors": [{**asdict(fault), "nearest": list(fault.nearest)} for fault in why.faults],
        "can_force": bool(words),
        "returned_comment": comment_id,
    }
    news = tell.News(agent.id, agent.name, extra=extra)
    tell.one(story, ticket, agent, Mail.AGENT_COMMAND_ERROR, news, in_reply_to=letter.mail.message_id)
    return Became("command-error", ticket.id, comment_id, ("agent", *(fault.reason for fault in why.faults)))


def _keep(
    story: Story,
    letter: Letter,
    ticket: Ticket,
    agent: Person,
    reason: str,
    *,
    text: str,
    held_as: Visibility | None = None,
) -> int:
    """The words of a mail that are not published, as an internal held comment; with `held_as` they may be published later."""
    store_files(letter, story)
    held = comment_of(
        letter,
        story,
        author_id=agent.id,
        author_name=agent.name,
        ticket_id=ticket.id,
        visibility=Visibility.INTERNAL,
        kind="held",
        held_why=reason,
        held_as=held_as,
        text=text or "📎",
    )
    comment_id = tickets.add_comment(story.connection, held, now=story.now)
    tickets.update(story.connection, ticket.id, now=story.now)
    events.add(
        story.connection,
        [MailHeld(reason)],
        ticket_id=ticket.id,
        actor_id=held.author_id,
        now=story.now,
        comment_id=comment_id,
        intake_id=story.intake_id,
    )
    return comment_id


def _help(story: Story, letter: Letter, ticket: Ticket, agent: Person, block: CommandBlock, meant: Visibility) -> Became:  # noqa: ARG001 - one of ALONE
    tell.one(story, ticket, agent, Mail.AGENT_HELP, tell.News(agent.id, agent.name), in_reply_to=letter.mail.message_id)
    return Became("help", ticket.id, None, ("agent", "#help"))


def _undo(
    story: Story,
    letter: Letter,  # noqa: ARG001 - one of ALONE
    ticket: Ticket,
    agent: Person,
    block: CommandBlock,
    meant: Visibility,  # noqa: ARG001 - one of ALONE
) -> Became | CannotFollow:
    undone = undo(story, ticket, agent)
    if isinstance(undone, Undone):
        return Became("undone", ticket.id, None, ("agent", "#undo"))
    return _because(undone.reason, block, "undo")


def _force(
    story: Story,
    letter: Letter,
    ticket: Ticket,
    agent: Person,
    block: CommandBlock,
    meant: Visibility,
) -> Became | CannotFollow:
    """Publish the agent's last held text without its command lines, as what he meant it to be."""
    held = tickets.last_held(story.connection, ticket.id, agent.id)
    if held is None:
        return _because("nothing-held", block, "force")
    [kept] = tickets.comments(story.connection, [held.id])
    visibility = Visibility.INTERNAL if meant is Visibility.INTERNAL else Visibility(held.held_as)
    comment = comment_of(
        letter,
        story,
        author_id=agent.id,
        author_name=agent.name,
        visibility=visibility,
        text=kept.text,
        attachments=kept.attachments,
    )
    done = agent_acts(story, ticket, agent, Intent(comment))
    assert not isinstance(done, Refused)  # no status was asked for
    tickets.update_comment(story.connection, held.id, kind="comment", held_why=None, withdrawn_at=story.now)
    facts = [HeldPublished(held.id)]
    events.add(story.connection, facts, ticket_id=ticket.id, actor_id=agent.id, now=story.now, intake_id=story.intake_id)
    return Became("note" if visibility is Visibility.INTERNAL else "reply", ticket.id, done.comment_id, ("agent", "#force"))


def _merge(
    story: Story,
    letter: Letter,  # noqa: ARG001 - one of ALONE
    ticket: Ticket,
    agent: Person,
    block: CommandBlock,
    meant: Visibility,  # noqa: ARG001 - one of ALONE
) -> Became | CannotFollow:
    """`#merge SUP-9`: the ticket goes on in SUP-9; `#merge SUP-9 !` takes its people along (T25)."""
    typed = block.value("merge") or ""
    key = TicketKey.parse(typed.rstrip("! "))
    into = tickets.by_key(story.connection, key) if key else None
    into = tickets.lock(story.connection, into.id) if into else None
    if into is None:
        return _because("unknown-ticket", block, "merge")
    done = merge(story, ticket, into, agent, with_people=typed.endswith("!"))
    if isinstance(done, CannotJoin):
        return _because(done.reason, block, "merge", tuple(person.address for person in done.people))
    return Became("merged", into.id, None, ("agent", "#merge", str(ticket.key)))


ALONE: dict[str, Callable[[Story, Letter, Ticket, Person, CommandBlock, Visibility], Became | CannotFollow]] = {
    "help": _help,
    "undo": _undo,
    "force": _force,
    "merge": _merge,
}
"""Commands that are the whole of a mail; words beside one are kept as a held comment."""


def holds(story: Story, letter: Letter, agent: Person, match: Held) -> Became:
    """An agent's mail with a lock that stayed shut: kept as an internal draft, nobody outside hears of it (ruling 5)."""
    ticket = tickets.lock(story.connection, match.ticket_id)
    assert ticket is not None
    comment_id = _keep(story, letter, ticket, agent, match.reason, text=letter.words)
    if letter.vouched and letter.mail.sender is not None and letter.understood.classified.may_answer:
        # Only an address that its own domain vouches for hears of it: anybody can write his name (A12).
        held = {"held_reason": match.reason, "returned_comment": comment_id}
        asked = replace(agent, address=letter.mail.sender.address)
        tell.one(story, ticket, asked, Mail.AGENT_HELD, tell.News(agent.id, agent.name, extra=held), in_reply_to=letter.mail.message_id)
    return Became("held", ticket.id, comment_id, (match.reason,))
