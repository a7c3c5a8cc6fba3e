"""The statuses of a ticket and the moves between them: data that an operator may change, and the decisions that read it.

The same table answers everybody: the page that shows buttons, the agent who types `#status`, the customer whose reply means "I have
answered", the timer. A move that the table doesn't name does not exist, and a refusal always says which ones do.

Bugs: a status that is renamed in the file while tickets stand in it leaves them without moves; `gateway check` names the file only.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LANGUAGES = ("fr", "nl", "de", "en")
"""The languages in which every status must have a label."""

WHO_ACTS = ("team", "customer", "nobody")
COMMENT_POLICIES = ("required", "optional", "none", "automatic")
TONES = ("blue", "purple", "orange", "green", "grey", "red")

REQUIRED_STATUSES = ("open", "in_progress", "waiting_customer", "waiting_approval", "resolved", "closed", "reopened")
"""The codes that use cases and mails name. A workflow may add statuses and leave out any other one."""

_NEAREST = 3
_NEAREST_CUT = 40
"""What nobody types as a status isn't compared: difflib is quadratic in the length."""


class Actor(StrEnum):
    """Who makes a move."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SCHEDULER = "scheduler"


@dataclass(frozen=True, slots=True)
class Status:
    """A status: its stable code, a label for each language, and who must act while a ticket stands in it."""

    code: str
    labels: Mapping[str, str]
    who_acts: str
    tone: str
    synonyms: tuple[str, ...] = ()
    """Other words that an agent may type for it, in any language."""

    def label(self, language: str) -> str:
        """The label in `language`, or the English one, or the code."""
        return self.labels.get(language) or self.labels.get("en") or self.code

    @property
    def settled(self) -> bool:
        """Whether a ticket in this status is done with: nobody must act, and a reply would reopen it."""
        return self.who_acts == "nobody"


@dataclass(frozen=True, slots=True)
class Rule:
    """A move: who may take a ticket from which statuses to `target`, what he must say, and who hears of it."""

    name: str
    """The row of the table in docs/requirements.md, "T05"."""
    sources: frozenset[str]
    actor: Actor
    target: str
    comment: str = "optional"
    """required | optional | none (not asked for; one that comes along is published) | automatic (the gateway writes it)."""
    mail: str | None = None
    """The code of the mail to the participants, without the actor ("M04"); None when the move is silent."""
    team_mail: str | None = None
    """The code of the mail to the assignee or the team ("A03")."""
    on_reply: frozenset[str] = frozenset()
    """Those of `sources` from which a plain reply of the actor, without a command or a button, makes this move."""
    word: str = ""
    """What the move is called in commands and logs: "ask", "resolve"."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """All statuses by code, all rules in the order of the file, and the status of a new ticket."""

    statuses: Mapping[str, Status]
    rules: tuple[Rule, ...]
    initial: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The move is allowed. `mail` is the code of the participants' mail, None when there is none."""

    rule: Rule
    source: str
    target: str
    mail: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The move is not allowed. `reason`: unknown-status, unknown-target, already-there, not-from-here or comment-required.

    `allowed` are the targets that this actor may choose from here, in the order of the file.
    """

    reason: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keep:
    """The status stays as it is. `reason` is the row of the table, or `not-human` or `only-thanks`."""

    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewTicket:
    """The reply came too late for its ticket: it opens a new one, linked to the old one."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No status has this name. `nearest` are the likeliest names as they may be typed, at most three, best first."""

    text: str
    nearest: tuple[str, ...]


def moves(workflow: Workflow, status: str, actor: Actor) -> tuple[Rule, ...]:
    """The rules by which `actor` may move a ticket out of `status`, in the order of the file."""
    return tuple(rule for rule in workflow.rules if rule.actor is actor and status in rule.sources)


def decide(workflow: Workflow, *, status: str, target: str, actor: Actor, has_comment: bool) -> Moved | Refused:
    """Whether `actor` may take a ticket from `status` to `target`; see `Refused` for the reasons against it."""
    possible = moves(workflow, status, actor)
    allowed = tuple(dict.fromkeys(rule.target for rule in possible))
    if status not in workflow.statuses:
        return Refused("unknown-status", ())
    if target not in workflow.statuses:
        return Refused("unknown-target", allowed)
    if target == status:
        return Refused("already-there", allowed)
    rule = next((rule for rule in possible if rule.target == target), None)
    if rule is None:
        return Refused("not-from-here", allowed)
    if rule.comment == "required" and not has_comment:
        return Refused("comment-required", allowed)
    return moved(rule, status)


def customer_replied(
    workflow: Workflow,
    *,
    status: str,
    now: datetime,
    settled_at: datetime | None,
    reopen_days: int,
    only_thanks: bool,
    verdict_is_human: bool,
) -> Keep | Moved | NewTicket:
    """What a customer's plain reply does to the status (T06, T10, T16, T17, T22; rulings 1, 7 and 20 of the design).

    `settled_at` is when the ticket was resolved or closed (aware, as `now`); None counts as today. A reply at exactly `reopen_days`
    still reopens. A guarded mail never comes here: its reply waits behind M11.
    """
    if not verdict_is_human:
        return Keep(status, "not-human")
    here = workflow.statuses.get(status)
    if here is not None and here.settled:
        if only_thanks:
            return Keep(status, "only-thanks")
        if settled_at is not None and now - settled_at > timedelta(days=reopen_days):
            return NewTicket("T17")
    rule = _reply_rule(workflow, status, Actor.CUSTOMER)
    if rule is not None:
        return moved(rule, status)
    return Keep(status, "T10" if status == "waiting_approval" else "T22")


def agent_commented(workflow: Workflow, *, status: str, public: bool) -> Keep | Moved:
    """What an agent's comment without a command does to the status (T04, T23, T24).

    A public one takes a new or reopened ticket into progress; a ticket that is with the developers stays there, for the reply is mostly
    news about it. An internal one changes nothing.
    """
    if not public:
        return Keep(status, "T24")
    rule = _reply_rule(workflow, status, Actor.AGENT)
    return Keep(status, "T23") if rule is None else moved(rule, status)


def find_status(workflow: Workflow, text: str) -> str | Unknown:
    """The code of the status that `text` names: a code, a label in any language or a synonym; see `folded` for what doesn't count."""
    wanted = folded(text)
    names = dict(_names(workflow))
    by_fold = {folded(name): code for name, code in reversed(list(names.items()))}
    if wanted in by_fold:
        return by_fold[wanted]
    if not wanted or len(wanted) > _NEAREST_CUT:
        return Unknown(text, ())
    typed: dict[str, str] = {}
    for name in names:
        typed.setdefault(folded(name), name)
    close = difflib.get_close_matches(wanted, typed, n=4 * _NEAREST, cutoff=0.6)
    best: dict[str, str] = {}
    for fold in close:
        best.setdefault(by_fold[fold], typed[fold])
    return Unknown(text, tuple(best.values())[:_NEAREST])


def folded(text: str) -> str:
    """`text` reduced to what must be equal: letters and digits, without case, accents, blanks and signs ("À délivrer" -> "adelivrer")."""
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalnum())


def problems(workflow: Workflow) -> tuple[str, ...]:
    """Everything that is wrong with a workflow, a sentence each; empty when it may be used."""
    found = [*_status_problems(workflow), *_name_problems(workflow), *_rule_problems(workflow), *_double_problems(workflow)]
    # Reachability means nothing while statuses are missing: it would only repeat what was said.
    return tuple(found) or tuple(_path_problems(workflow))


def moved(rule: Rule, status: str) -> Moved:
    """The move that `rule` makes from `status`, which is one of its sources."""
    return Moved(rule, status, rule.target, rule.mail)


def _reply_rule(workflow: Workflow, status: str, actor: Actor) -> Rule | None:
    return next((rule for rule in moves(workflow, status, actor) if status in rule.on_reply), None)


def _names(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Every word that names a status, with its code: codes first, so that nothing can hide one."""
    for code in workflow.statuses:
        yield code, code
    for code, status in workflow.statuses.items():
        for name in (*status.labels.values(), *status.synonyms):
            if name not in workflow.statuses:
                yield name, code


def _status_problems(workflow: Workflow) -> Iterator[str]:
    for code in REQUIRED_STATUSES:
        if code not in workflow.statuses:
            yield f"status.{code} is missing: mails and use cases name it"
    if workflow.initial not in workflow.statuses:
        yield f'initial = "{workflow.initial}" is not a status'
    for code, status in workflow.statuses.items():
        for language in LANGUAGES:
            if not status.labels.get(language, "").strip():
                yield f"status.{code} has no label in {language}"
        if status.who_acts not in WHO_ACTS:
            yield f'status.{code}.who_acts = "{status.who_acts}" must be one of {", ".join(WHO_ACTS)}'
        if status.tone not in TONES:
            yield f'status.{code}.tone = "{status.tone}" must be one of {", ".join(TONES)}'


def _name_problems(workflow: Workflow) -> Iterator[str]:
    owners: dict[str, str] = {}
    for code, status in workflow.statuses.items():
        for name in (code, *status.labels.values(), *status.synonyms):
            owner = owners.setdefault(folded(name), code)
            if owner != code:
                yield f'"{name}" names both status.{owner} and status.{code}'


def _rule_problems(workflow: Workflow) -> Iterator[str]:
    for rule in workflow.rules:
        for code in sorted(rule.sources - workflow.statuses.keys()):
            yield f'move {rule.name} starts from "{code}", which is not a status'
        if rule.target not in workflow.statuses:
            yield f'move {rule.name} leads to "{rule.target}", which is not a status'
        if not rule.sources:
            yield f"move {rule.name} starts nowhere"
        if rule.target in rule.sources:
            yield f'move {rule.name} leads from "{rule.target}" to itself'
        for code in sorted(rule.on_reply - rule.sources):
            yield f'move {rule.name} has "{code}" in on_reply but not in from'
        if rule.comment not in COMMENT_POLICIES:
            yield f'move {rule.name} has comment = "{rule.comment}"; it must be one of {", ".join(COMMENT_POLICIES)}'


def _double_problems(workflow: Workflow) -> Iterator[str]:
    names: set[str] = set()
    ways: dict[tuple[str, Actor, str], str] = {}
    replies: dict[tuple[str, Actor], str] = {}
    for rule in workflow.rules:
        if rule.name in names:
            yield f"two moves are called {rule.name}"
        names.add(rule.name)
        for code in sorted(rule.sources):
            first = ways.setdefault((code, rule.actor, rule.target), rule.name)
            if first != rule.name:
                yield f'moves {first} and {rule.name} both take the {rule.actor} from "{code}" to "{rule.target}"'
        for code in sorted(rule.on_reply):
            first = replies.setdefault((code, rule.actor), rule.name)
            if first != rule.name:
                yield f'moves {first} and {rule.name} both answer a reply of the {rule.actor} in "{code}"'


def _path_problems(workflow: Workflow) -> Iterator[str]:
    seen, ahead = {workflow.initial}, [workflow.initial]
    while ahead:
        here = ahead.pop()
        for rule in workflow.rules:
            if here in rule.sources and rule.target not in seen:
                seen.add(rule.target)
                ahead.append(rule.target)
    for code, status in workflow.statuses.items():
        if code not in seen:
            yield f'no move leads from "{workflow.initial}" to status.{code}'
        if not any(code in rule.sources for rule in workflow.rules):
            yield f"status.{code} is a dead end: no move leaves it"
        elif status.who_acts == "customer" and not moves(workflow, code, Actor.CUSTOMER):
            yield f"status.{code} waits for the customer, who has no move there"
        elif status.who_acts == "team" and not moves(workflow, code, Actor.AGENT):
            yield f"status.{code} waits for the team, who has no move there"
