"""What holds in the workflow whatever people, machines and timers do, in any order; and the manual's rows, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.domain.workflow import (
    COMMENT_POLICIES,
    TONES,
    WHO_ACTS,
    Actor,
    Keep,
    Moved,
    NewTicket,
    Refused,
    Rule,
    Status,
    Workflow,
    agent_commented,
    customer_replied,
    decide,
    moves,
    problems,
)
from gateway.runtime.workflow_file import load_workflow

ROOT = Path(__file__).parents[2]
SHIPPED = load_workflow(ROOT / "config" / "workflow.toml")
CODES = sorted(SHIPPED.statuses)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REOPEN_DAYS = 30

ACTIVE = "open reopened selected development in_progress waiting_customer waiting_approval to_deliver"
ROWS = {
    # row: from, actor, to, comment, mail to the participants, mail to the team, where a plain reply is enough
    "T02": ("open reopened", "agent", "selected", "none", "M03", None, ""),
    "T03": ("open reopened selected in_progress", "agent", "development", "automatic", "M03", None, ""),
    "T04": ("open reopened selected development", "agent", "in_progress", "none", "M03", None, "open reopened selected"),
    "T05": ("open reopened selected development in_progress", "agent", "waiting_customer", "required", "M04", None, ""),
    "T06": ("waiting_customer", "customer", "in_progress", "required", None, "A02", "waiting_customer"),
    "T07": ("in_progress development", "agent", "waiting_approval", "required", "M05", None, ""),
    "T08": ("waiting_approval", "customer", "to_deliver", "optional", None, "A03", ""),
    "T09": ("waiting_approval", "customer", "in_progress", "required", None, "A03", ""),
    "T11": ("to_deliver", "agent", "closed", "optional", "M07", None, ""),
    "T12": (ACTIVE, "agent", "resolved", "optional", "M06", None, ""),
    "T13": ("resolved", "agent", "closed", "none", "M07", None, ""),
    "T13-timer": ("resolved", "scheduler", "closed", "none", None, None, ""),
    "T14": ("resolved closed", "customer", "reopened", "required", "M08", "A03", "resolved closed"),
    "T15": ("resolved closed", "agent", "reopened", "optional", "M08", None, ""),
    "T20": ("waiting_customer", "scheduler", "resolved", "automatic", None, None, ""),
    "T26": ("waiting_customer waiting_approval", "agent", "in_progress", "optional", "M03", None, ""),
    "T27": ("to_deliver", "agent", "in_progress", "optional", "M03", None, ""),
}
NO_MOVES = ("T01", "T10", "T16", "T17", "T18", "T19", "T21", "T22", "T23", "T24", "T25")
"""Rows that are no move of their own: a beginning, decisions about replies, notes, reminders, merging."""


def customers_word(status: str, *, age: timedelta | None = timedelta(days=1), days: int = REOPEN_DAYS) -> Keep | Moved | NewTicket:
    """What a customer's reply with something to say does, `age` after the ticket was settled."""
    return customer_replied(
        SHIPPED,
        status=status,
        now=NOW,
        settled_at=None if age is None else NOW - age,
        reopen_days=days,
        only_thanks=False,
        verdict_is_human=True,
    )


# The rows ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_the_manual_is_a_move(name: str) -> None:
    """From, actor, to, comment and mails of the row, each exactly."""
    sources, actor, target, comment, mail, team_mail, on_reply = ROWS[name]
    (rule,) = (rule for rule in SHIPPED.rules if rule.name == name)
    assert (rule.sources, str(rule.actor), rule.target) == (frozenset(sources.split()), actor, target)
    assert (rule.comment, rule.mail, rule.team_mail) == (comment, mail, team_mail)
    assert rule.on_reply == frozenset(on_reply.split())


def test_there_is_no_other_move() -> None:
    """T10, T18, T19 and T21 to T25 are none (rulings 7 and 20)."""
    assert {rule.name for rule in SHIPPED.rules} == set(ROWS)
    assert not set(ROWS) & set(NO_MOVES)


def test_every_number_from_1_to_27_is_accounted_for() -> None:
    """As a move or by name as none, and each stands in the requirements."""
    named = {name.partition("-")[0] for name in ROWS} | set(NO_MOVES)
    assert named == {f"T{number:02}" for number in range(1, 28)}
    written = re.findall(r"^\| (T[0-9]{2}(?:-timer)?) \|", (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(written) == sorted([*ROWS, *NO_MOVES])


def test_what_is_resolved_from_anywhere_is_resolved_from_all_that_is_active() -> None:
    """T12 and ruling 20: active is whatever is neither resolved nor closed."""
    active = {code for code, status in SHIPPED.statuses.items() if not status.settled}
    assert frozenset(ACTIVE.split()) == active == SHIPPED.statuses.keys() - {"resolved", "closed"}


def test_t01_a_new_ticket_is_open() -> None:
    """And no move leads back to the beginning: what comes again is reopened."""
    assert SHIPPED.initial == "open"
    assert "open" not in {rule.target for rule in SHIPPED.rules}


def test_t10_neither_yes_nor_no_leaves_the_question_standing() -> None:
    """A plain reply in waiting_approval keeps the status under its own name, so that he can be asked again."""
    assert customers_word("waiting_approval") == Keep("waiting_approval", "T10")


def test_t18_reopened_is_treated_as_open() -> None:
    """The same moves for everybody, and the same effect of a reply."""
    for actor in Actor:
        assert moves(SHIPPED, "reopened", actor) == moves(SHIPPED, "open", actor)
    assert all(("open" in rule.on_reply) == ("reopened" in rule.on_reply) for rule in SHIPPED.rules)


def test_t19_and_t21_time_moves_nothing_that_waits_for_approval() -> None:
    """Reminders are no moves; nothing is accepted by silence, and a question ends as resolved only."""
    assert moves(SHIPPED, "waiting_approval", Actor.SCHEDULER) == ()
    assert [rule.name for rule in moves(SHIPPED, "waiting_customer", Actor.SCHEDULER)] == ["T20"]


def test_t25_nobody_can_close_what_is_active_by_a_move() -> None:
    """Only what was accepted or resolved is closed; merging closes by itself and asks no rule."""
    assert {source for rule in SHIPPED.rules if rule.target == "closed" for source in rule.sources} == {"to_deliver", "resolved"}


# Walks ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Try:
    """Somebody tries to move the ticket."""

    actor: Actor
    target: str
    has_comment: bool


@dataclass(frozen=True)
class Reply:
    """A mail of the customer."""

    age: timedelta
    thanks: bool
    human: bool


@dataclass(frozen=True)
class Comment:
    """Words of an agent."""

    public: bool


Step = Try | Reply | Comment
ages = st.timedeltas(timedelta(days=-1), timedelta(days=90))
steps = st.lists(
    st.one_of(
        st.builds(Try, st.sampled_from(Actor), st.sampled_from(CODES), st.booleans()),
        st.builds(Reply, ages, st.booleans(), st.booleans()),
        st.builds(Comment, st.booleans()),
    ),
    max_size=40,
)


def take(status: str, step: Step) -> Moved | Refused | Keep | NewTicket:
    """What the workflow says to `step` on a ticket in `status`."""
    if isinstance(step, Try):
        return decide(SHIPPED, status=status, target=step.target, actor=step.actor, has_comment=step.has_comment)
    if isinstance(step, Comment):
        return agent_commented(SHIPPED, status=status, public=step.public)
    return customer_replied(
        SHIPPED,
        status=status,
        now=NOW,
        settled_at=NOW - step.age,
        reopen_days=REOPEN_DAYS,
        only_thanks=step.thanks,
        verdict_is_human=step.human,
    )


def walk(taken: list[Step]) -> Iterator[tuple[str, Moved | Refused | Keep | NewTicket, str]]:
    """Each step from the start: the status before, what was said, the status after."""
    status = SHIPPED.initial
    for step in taken:
        said = take(status, step)
        after = said.target if isinstance(said, Moved) else status
        yield status, said, after
        status = after


def side(status: str) -> str:
    """Who must act."""
    return SHIPPED.statuses[status].who_acts


@given(steps)
def test_somebody_always_knows_that_it_is_his_turn(taken: list[Step]) -> None:
    """After any steps exactly one side acts or nobody, and whoever acts has a move; when the turn passes to a side, a mail tells it."""
    for before, said, after in walk(taken):
        assert side(after) in WHO_ACTS
        if side(after) != "nobody":
            assert moves(SHIPPED, after, Actor.CUSTOMER if side(after) == "customer" else Actor.AGENT)
        if not isinstance(said, Moved) or side(after) == side(before):
            continue
        if side(after) == "customer":
            assert said.mail in {"M04", "M05"}
        elif said.rule.actor is Actor.CUSTOMER:
            assert said.rule.team_mail in {"A02", "A03"}
        elif said.rule.actor is Actor.AGENT:
            assert said.mail is not None, "the customer would still think that he must act, or that it is over"
        else:
            assert side(after) == "nobody"


@given(steps)
def test_a_walk_only_ever_uses_moves(taken: list[Step]) -> None:
    """Whatever changes the status is a row of the table, taken from one of its own statuses by its own actor."""
    for step, (before, said, after) in zip(taken, walk(taken), strict=True):
        assert after in SHIPPED.statuses
        if isinstance(said, Moved):
            assert (said.source, said.target) == (before, said.rule.target)
            assert said.rule in moves(SHIPPED, before, said.rule.actor)
            assert said.rule.name in ROWS
        if isinstance(step, Reply | Comment) and isinstance(said, Moved):
            assert before in said.rule.on_reply


@given(steps)
def test_only_a_person_on_the_other_side_ends_the_wait_for_the_customer(taken: list[Step]) -> None:
    """While it is the customer's turn, the clock can give up, but never says yes for him, and never makes it the team's turn."""
    for step, (before, said, after) in zip(taken, walk(taken), strict=True):
        if isinstance(step, Try) and step.actor is Actor.SCHEDULER and isinstance(said, Moved):
            assert side(after) == "nobody"
            assert (before, after) in {("waiting_customer", "resolved"), ("resolved", "closed")}
        if after == "to_deliver" and before != after:
            assert isinstance(said, Moved)
            assert said.rule.actor is Actor.CUSTOMER


@given(steps)
def test_a_machine_and_an_internal_note_leave_no_trace_in_the_status(taken: list[Step]) -> None:
    """The same steps without them end in the same status."""
    silent = [step for step in taken if not (isinstance(step, Reply) and not step.human) and step != Comment(public=False)]
    assert ([SHIPPED.initial] + [after for *_, after in walk(taken)])[-1] == ([SHIPPED.initial] + [after for *_, after in walk(silent)])[-1]


def test_who_must_be_asked_is_asked_with_words() -> None:
    """Every move that makes it the customer's turn is an agent's, needs a comment, and is a mail that asks."""
    asking = [rule for rule in SHIPPED.rules if side(rule.target) == "customer"]
    assert {rule.name for rule in asking} == {"T05", "T07"}
    assert all((rule.actor, rule.comment) == (Actor.AGENT, "required") and rule.mail in {"M04", "M05"} for rule in asking)


# The customer's moves ------------------------------------------------------------------------------------------------------------

anything = st.one_of(st.sampled_from([*CODES, "", "nowhere", "OPEN", "Résolu"]), st.text(max_size=20))


@given(anything, anything, st.booleans())
def test_a_customer_moves_from_the_listed_statuses_only(status: str, target: str, has_comment: bool) -> None:
    """Any other wish, a stale button or a forged form, is refused with what he may do now; it is never an error."""
    listed = {(source, row[2]): row[3] == "required" for row in ROWS.values() if row[1] == "customer" for source in row[0].split()}
    said = decide(SHIPPED, status=status, target=target, actor=Actor.CUSTOMER, has_comment=has_comment)
    needs_words = listed.get((status, target))
    if needs_words is None:
        assert isinstance(said, Refused)
        assert said.reason != "comment-required"
        assert said.allowed == tuple(to for source, to in listed if source == status)
    else:
        assert isinstance(said, Moved) is (has_comment or not needs_words)


@given(st.sampled_from(CODES), st.sampled_from(CODES))
def test_a_stale_button_says_what_it_came_too_late_for(shown: str, now: str) -> None:
    """A move that was offered in `shown` and is not there in `now` is refused, and what he may do `now` is what he is offered."""
    for rule in moves(SHIPPED, shown, Actor.CUSTOMER):
        said = decide(SHIPPED, status=now, target=rule.target, actor=Actor.CUSTOMER, has_comment=True)
        if isinstance(said, Refused):
            assert said.reason in {"already-there", "not-from-here"}
            assert set(said.allowed) == {offered.target for offered in moves(SHIPPED, now, Actor.CUSTOMER)}
        else:
            assert now in said.rule.sources


# Reach ---------------------------------------------------------------------------------------------------------------------------


def reached(start: str, *actors: Actor) -> set[str]:
    """All statuses to which these actors can bring a ticket from `start`, by what decide() says."""
    seen, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        for target, actor in product(CODES, actors):
            if target not in seen and isinstance(decide(SHIPPED, status=here, target=target, actor=actor, has_comment=True), Moved):
                seen.add(target)
                ahead.append(target)
    return seen


@pytest.mark.parametrize("status", CODES)
def test_every_status_can_be_reached_and_left(status: str) -> None:
    """From the start, and from it every other one but the start; no move is a trap."""
    assert status in reached(SHIPPED.initial, *Actor)
    assert reached(status, *Actor) >= SHIPPED.statuses.keys() - {"open"}


@pytest.mark.parametrize("status", CODES)
def test_the_team_alone_is_never_stuck(status: str) -> None:
    """A customer who never answers holds nothing up: agents can resolve, close and reopen from everywhere."""
    assert reached(status, Actor.AGENT) >= {"resolved", "closed", "reopened", "in_progress"}


@pytest.mark.parametrize("status", [code for code in CODES if SHIPPED.statuses[code].settled])
def test_a_customer_can_always_come_back(status: str) -> None:
    """What nobody works on he can reopen by himself."""
    assert "reopened" in reached(status, Actor.CUSTOMER)


# decide() and moves() ------------------------------------------------------------------------------------------------------------

codes = st.sampled_from(["a", "b", "c", "d", "e"])
rules = st.builds(
    Rule,
    name=st.uuids().map(str),
    sources=st.frozensets(codes, max_size=4),
    actor=st.sampled_from(Actor),
    target=codes,
    comment=st.sampled_from(COMMENT_POLICIES),
    mail=st.sampled_from([None, "M03"]),
    on_reply=st.frozensets(codes, max_size=2),
)
workflows = st.builds(
    lambda known, table: Workflow({code: Status(code, {}, who, TONES[0]) for code, who in known.items()}, tuple(table), "a"),
    st.dictionaries(codes, st.sampled_from(WHO_ACTS), min_size=1),
    st.lists(rules, max_size=12),
)
"""Any table at all, wrong ones too: the decisions must not lean on the examination."""


@given(st.one_of(workflows, st.just(SHIPPED)), anything | codes, anything | codes, st.sampled_from(Actor), st.booleans())
def test_decide_and_moves_agree(workflow: Workflow, status: str, target: str, actor: Actor, has_comment: bool) -> None:
    """A move is made exactly if it is offered and its words are there; a refusal lists exactly the targets that are offered."""
    offered = moves(workflow, status, actor)
    said = decide(workflow, status=status, target=target, actor=actor, has_comment=has_comment)
    if isinstance(said, Moved):
        assert said.rule in offered
        assert (said.source, said.target, said.mail) == (status, target, said.rule.mail)
        assert has_comment or said.rule.comment != "required"
    elif status in workflow.statuses:
        assert said.allowed == tuple(dict.fromkeys(rule.target for rule in offered))
        first = next((rule for rule in offered if rule.target == target), None)
        if first is not None and target in workflow.statuses and target != status:
            assert (said.reason, first.comment, has_comment) == ("comment-required", "required", False)
    else:
        assert said == Refused("unknown-status", ())


@given(st.sampled_from(CODES), st.sampled_from(Actor))
def test_what_is_offered_can_be_done(status: str, actor: Actor) -> None:
    """Every button that is shown works when the words that it asks for are there."""
    for rule in moves(SHIPPED, status, actor):
        said = decide(SHIPPED, status=status, target=rule.target, actor=actor, has_comment=rule.comment == "required")
        assert said == Moved(rule, status, rule.target, rule.mail)


@given(workflows)
def test_any_table_is_examined_without_an_error(workflow: Workflow) -> None:
    """However wrong it is, its problems are sentences; these five statuses lack all that mails name."""
    said = problems(workflow)
    assert sum("is missing: mails and use cases name it" in sentence for sentence in said) == 7


# Replies -------------------------------------------------------------------------------------------------------------------------


@given(st.sampled_from(CODES), ages, st.booleans(), st.booleans())
def test_a_reply_does_nothing_that_a_button_could_not(status: str, age: timedelta, thanks: bool, human: bool) -> None:
    """What a customer's mail moves, decide() would let him move with words; all else keeps the status, with a reason."""
    said = take(status, Reply(age, thanks, human))
    if isinstance(said, Moved):
        assert said == decide(SHIPPED, status=status, target=said.target, actor=Actor.CUSTOMER, has_comment=True)
        assert human
    elif isinstance(said, Keep):
        assert said.status == status
        assert said.reason in {"not-human", "only-thanks", "T10", "T22"}
    else:
        assert isinstance(said, NewTicket)
        assert SHIPPED.statuses[status].settled


@given(st.sampled_from(CODES), ages, st.booleans(), st.booleans())
def test_a_reply_counts_by_the_status_alone_while_the_ticket_lives(status: str, age: timedelta, thanks: bool, human: bool) -> None:
    """Age and thanks mean something only when nobody must act; a machine's mail means nothing anywhere."""
    said = take(status, Reply(age, thanks, human))
    if not human:
        assert said == Keep(status, "not-human")
    elif not SHIPPED.statuses[status].settled:
        assert said == customers_word(status)
    elif thanks:
        assert said == Keep(status, "only-thanks")


@given(st.sampled_from(CODES), st.booleans())
def test_an_agents_words_do_nothing_that_a_command_could_not(status: str, public: bool) -> None:
    """T23, T24: what a public comment moves, decide() would let him move; it never settles, and an internal one moves nothing."""
    said = agent_commented(SHIPPED, status=status, public=public)
    if isinstance(said, Moved):
        assert public
        assert said == decide(SHIPPED, status=status, target=said.target, actor=Actor.AGENT, has_comment=True)
        assert side(said.target) == side(status) == "team"
    else:
        assert said == Keep(status, "T23" if public else "T24")


# The reopen window ---------------------------------------------------------------------------------------------------------------

settled = st.sampled_from(["resolved", "closed"])
instant = timedelta(microseconds=1)


@given(settled, st.timedeltas(timedelta(days=-2), timedelta(days=800)), st.integers(0, 400))
@example("closed", timedelta(0), 0)
@example("resolved", instant, 0)
@example("closed", timedelta(days=30), 30)
@example("closed", timedelta(days=30) + instant, 30)
def test_the_window_ends_behind_its_last_instant(status: str, age: timedelta, days: int) -> None:
    """Up to and at exactly `days` a reply reopens (T16), an instant later it opens a new ticket (T17); there is nothing between."""
    said = customers_word(status, age=age, days=days)
    if age <= timedelta(days=days):
        assert isinstance(said, Moved)
        assert (said.rule.name, said.target, said.mail, said.rule.team_mail) == ("T14", "reopened", "M08", "A03")
    else:
        assert said == NewTicket("T17")


@given(settled, st.integers(0, 400))
def test_a_settling_that_lies_ahead_or_is_unknown_reopens(status: str, days: int) -> None:
    """Clocks of two machines differ: a ticket that was settled "in an hour" is not old, nor is one that does not say when."""
    for age in (None, -timedelta(hours=1)):
        assert isinstance(customers_word(status, age=age, days=days), Moved)


@given(settled, st.integers(-14, 14), st.sampled_from([-instant, timedelta(0), instant]))
def test_the_window_does_not_care_for_zones(status: str, hours: int, beside: timedelta) -> None:
    """The same instant in another zone gives the same answer, at the edge too."""
    when = NOW - timedelta(days=REOPEN_DAYS) - beside
    said = customer_replied(
        SHIPPED,
        status=status,
        now=NOW,
        settled_at=when.astimezone(timezone(timedelta(hours=hours))),
        reopen_days=REOPEN_DAYS,
        only_thanks=False,
        verdict_is_human=True,
    )
    assert isinstance(said, Moved) is (beside <= timedelta(0))


@given(settled, st.integers(0, 400), st.timedeltas(timedelta(0), timedelta(days=800)))
def test_only_thanks_and_machines_never_open_anything(status: str, days: int, age: timedelta) -> None:
    """Inside and outside the window."""
    for thanks, human in ((True, True), (True, False), (False, False)):
        said = customer_replied(
            SHIPPED, status=status, now=NOW, settled_at=NOW - age, reopen_days=days, only_thanks=thanks, verdict_is_human=human
        )
        assert isinstance(said, Keep)
