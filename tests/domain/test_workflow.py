"""The workflow: what its decisions are on the shipped table, and which tables are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.workflow import (
    Actor,
    Keep,
    Moved,
    NewTicket,
    Refused,
    Rule,
    Status,
    Unknown,
    Workflow,
    agent_commented,
    customer_replied,
    decide,
    find_status,
    folded,
    moves,
    problems,
)
from gateway.runtime.workflow_file import load_workflow

SHIPPED = load_workflow(Path(__file__).parents[2] / "config" / "workflow.toml")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

# From, by, to, mail, is a comment required: the table of the manual, written a second time so that a slip in the file is seen.
TABLE = [
    ("open reopened", "agent", "selected", "M03", False),
    ("open reopened selected in_progress", "agent", "development", "M03", False),
    ("open reopened selected development waiting_customer waiting_approval to_deliver", "agent", "in_progress", "M03", False),
    ("open reopened selected development in_progress", "agent", "waiting_customer", "M04", True),
    ("waiting_customer", "customer", "in_progress", None, True),
    ("in_progress development", "agent", "waiting_approval", "M05", True),
    ("waiting_approval", "customer", "to_deliver", None, False),
    ("waiting_approval", "customer", "in_progress", None, True),
    ("to_deliver", "agent", "closed", "M07", False),
    ("open reopened selected development in_progress waiting_customer waiting_approval to_deliver", "agent", "resolved", "M06", False),
    ("resolved", "agent", "closed", "M07", False),
    ("resolved", "scheduler", "closed", None, False),
    ("resolved closed", "customer", "reopened", "M08", True),
    ("resolved closed", "agent", "reopened", "M08", False),
    ("waiting_customer", "scheduler", "resolved", None, False),
]
ALLOWED = {(source, by, target): (mail, required) for sources, by, target, mail, required in TABLE for source in sources.split()}


def test_every_triple_is_decided_as_the_manual_says() -> None:
    """All status x target x actor triples: those of the manual's table move with its mail, all others are refused."""
    for source, target, actor in product(SHIPPED.statuses, SHIPPED.statuses, Actor):
        decision = decide(SHIPPED, status=source, target=target, actor=actor, has_comment=True)
        expected = ALLOWED.get((source, str(actor), target))
        if expected is None:
            assert isinstance(decision, Refused), (source, target, actor)
        else:
            assert isinstance(decision, Moved), (source, target, actor)
            assert (decision.source, decision.target, decision.mail) == (source, target, expected[0])


def test_a_comment_is_required_exactly_where_the_manual_says() -> None:
    """Without words: refused with the reason where the comment is required, moved everywhere else."""
    for (source, by, target), (_, required) in ALLOWED.items():
        decision = decide(SHIPPED, status=source, target=target, actor=Actor(by), has_comment=False)
        assert isinstance(decision, Refused) is required, (source, by, target)
        if isinstance(decision, Refused):
            assert decision.reason == "comment-required"


@pytest.mark.parametrize(
    ("status", "target", "reason", "allowed"),
    [
        ("gone", "closed", "unknown-status", ()),
        ("to_deliver", "nowhere", "unknown-target", ("closed", "resolved", "in_progress")),
        ("to_deliver", "to_deliver", "already-there", ("closed", "resolved", "in_progress")),
        ("to_deliver", "waiting_customer", "not-from-here", ("closed", "resolved", "in_progress")),
        ("closed", "resolved", "not-from-here", ("reopened",)),
    ],
)
def test_a_refusal_has_a_reason_and_lists_what_is_possible(status: str, target: str, reason: str, allowed: tuple[str, ...]) -> None:
    """An agent who may not move as he asked is told why, and to where he may."""
    assert decide(SHIPPED, status=status, target=target, actor=Actor.AGENT, has_comment=True) == Refused(reason, allowed)


def test_the_timer_may_do_nothing_but_resolve_and_close() -> None:
    """Nothing is accepted by silence: the scheduler's only targets are resolved and closed."""
    targets = {rule.target for status in SHIPPED.statuses for rule in moves(SHIPPED, status, Actor.SCHEDULER)}
    assert targets == {"resolved", "closed"}


def reply(status: str, *, days: float = 1, thanks: bool = False, human: bool = True) -> Keep | Moved | NewTicket:
    """What a customer's reply does `days` after the ticket was settled."""
    return customer_replied(
        SHIPPED,
        status=status,
        now=NOW,
        settled_at=NOW - timedelta(days=days),
        reopen_days=30,
        only_thanks=thanks,
        verdict_is_human=human,
    )


def test_a_reply_answers_the_question() -> None:
    """T06: any reply in waiting_customer takes the ticket into progress and tells the assignee, thanks or not."""
    for thanks in (False, True):
        decision = reply("waiting_customer", thanks=thanks)
        assert isinstance(decision, Moved)
        assert (decision.rule.name, decision.target, decision.mail, decision.rule.team_mail) == ("T06", "in_progress", None, "A02")


def test_a_reply_is_no_verdict_on_an_approval() -> None:
    """T10: a plain reply in waiting_approval accepts and refuses nothing."""
    assert reply("waiting_approval") == Keep("waiting_approval", "T10")


@pytest.mark.parametrize("status", ["open", "selected", "development", "in_progress", "to_deliver", "reopened"])
def test_a_reply_elsewhere_is_a_comment(status: str) -> None:
    """T22: in every other active status a reply leaves the status alone, however old the ticket is."""
    assert reply(status, days=400) == Keep(status, "T22")


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_a_reply_reopens_within_the_days(status: str) -> None:
    """T16: up to and including the last instant of the days; T17: one second later it is a new ticket."""
    assert isinstance(reply(status, days=30), Moved)
    decision = reply(status)
    assert isinstance(decision, Moved)
    assert (decision.target, decision.mail) == ("reopened", "M08")
    assert reply(status, days=30 + 1 / 86_400) == NewTicket("T17")


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_thanks_never_reopen_and_never_open(status: str) -> None:
    """Only thanks: the ticket stays as it is, after 30 days too."""
    assert reply(status, thanks=True) == Keep(status, "only-thanks")
    assert reply(status, thanks=True, days=99) == Keep(status, "only-thanks")


def test_an_unknown_settling_time_reopens() -> None:
    """A ticket without a settling time isn't old: the customer's words go to the ticket that he answered."""
    decision = customer_replied(
        SHIPPED, status="closed", now=NOW, settled_at=None, reopen_days=30, only_thanks=False, verdict_is_human=True
    )
    assert isinstance(decision, Moved)


@pytest.mark.parametrize("status", sorted(SHIPPED.statuses))
def test_a_machine_never_moves_a_ticket(status: str) -> None:
    """Ruling 1: an out-of-office or a bounce changes no status and opens no ticket, at any age."""
    assert reply(status, human=False, days=99) == Keep(status, "not-human")


@pytest.mark.parametrize("status", ["open", "reopened", "selected"])
def test_a_first_public_reply_takes_the_ticket_into_progress(status: str) -> None:
    """T04: a public comment on a new, reopened or scheduled ticket says that somebody works on it."""
    decision = agent_commented(SHIPPED, status=status, public=True)
    assert isinstance(decision, Moved)
    assert (decision.rule.name, decision.target) == ("T04", "in_progress")


def test_other_comments_of_agents_change_nothing() -> None:
    """T23, T24: a public one elsewhere, development included, and an internal one anywhere."""
    for status in SHIPPED.statuses.keys() - {"open", "reopened", "selected"}:
        assert agent_commented(SHIPPED, status=status, public=True) == Keep(status, "T23")
    for status in SHIPPED.statuses:
        assert agent_commented(SHIPPED, status=status, public=False) == Keep(status, "T24")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("attente", "waiting_customer"),
        ("waiting", "waiting_customer"),
        ("Wacht op u", "waiting_customer"),
        ("résolu", "resolved"),
        ("RESOLU", "resolved"),
        ("re\u0301solu.", "resolved"),
        ("resolved", "resolved"),
        ("gelost", "resolved"),
        ("encours", "in_progress"),
        ("en cours", "in_progress"),
        ("in\u00a0progress", "in_progress"),
        ("dev", "development"),
        ("approbation", "waiting_approval"),
        ("En attente d’approbation du client", "waiting_approval"),
        ("adelivrer", "to_deliver"),
        ("À délivrer", "to_deliver"),
        ("ferme", "closed"),
        ("ReOuvert", "reopened"),
        ("waiting_customer", "waiting_customer"),
    ],
)
def test_a_status_is_found_by_what_people_type(text: str, code: str) -> None:
    """Code, label or synonym, in any language; case, accents (composed or not), blanks and signs don't count."""
    assert find_status(SHIPPED, text) == code


def test_every_name_finds_its_own_status() -> None:
    """Each code, label and synonym of the shipped file finds the status that it stands under."""
    for code, status in SHIPPED.statuses.items():
        for name in (code, *status.labels.values(), *status.synonyms):
            assert find_status(SHIPPED, name) == code


def test_a_misspelt_status_gets_the_nearest() -> None:
    """A slip is answered with names that would have worked, one for each status, three at most."""
    found = find_status(SHIPPED, "resolvd")
    assert isinstance(found, Unknown)
    assert find_status(SHIPPED, found.nearest[0]) == "resolved"
    assert len({find_status(SHIPPED, name) for name in found.nearest}) == len(found.nearest) <= 3


@pytest.mark.parametrize("text", ["", "  ", "!?", "xyzzy", "a" * 100_000])
def test_nonsense_has_no_nearest(text: str) -> None:
    """What resembles nothing, is empty, or is endless is unknown, without a guess."""
    assert find_status(SHIPPED, text) == Unknown(text, ())


@given(st.text(max_size=60))
def test_find_status_takes_any_text(text: str) -> None:
    """No text makes it raise, and what it finds is a status."""
    found = find_status(SHIPPED, text)
    assert isinstance(found, Unknown) or found in SHIPPED.statuses


def test_the_shipped_workflow_has_no_problems() -> None:
    """The table that is installed passes its own examination."""
    assert problems(SHIPPED) == ()


@given(st.lists(st.tuples(st.sampled_from(sorted(SHIPPED.statuses)), st.sampled_from(list(Actor))), max_size=30))
def test_somebody_can_always_go_on(steps: list[tuple[str, Actor]]) -> None:
    """Whatever is tried from the start, the ticket is in a status where who must act has a move, or that can be reopened."""
    status = SHIPPED.initial
    for target, actor in steps:
        decision = decide(SHIPPED, status=status, target=target, actor=actor, has_comment=True)
        if isinstance(decision, Moved):
            status = decision.target
        who = SHIPPED.statuses[status].who_acts
        assert moves(SHIPPED, status, Actor.CUSTOMER if who == "customer" else Actor.AGENT)


def changed(*, statuses: dict[str, Status | None] | None = None, rules: tuple[Rule, ...] = (), without: str = "") -> Workflow:
    """The shipped workflow with statuses replaced or (None) removed, rules added, and the rule called `without` left out."""
    table = {code: status for code, status in (dict(SHIPPED.statuses) | (statuses or {})).items() if status is not None}
    kept = tuple(rule for rule in SHIPPED.rules if rule.name != without)
    return Workflow(table, kept + rules, SHIPPED.initial)


def rule(**fields: object) -> Rule:
    """A harmless rule, with `fields` replaced."""
    plain = Rule("X1", frozenset({"closed"}), Actor.AGENT, "in_progress")
    return replace(plain, **fields)  # type: ignore[arg-type]


OPEN = SHIPPED.statuses["open"]
EXTRA = Status("parked", {"fr": "Au parc", "nl": "Geparkeerd", "de": "Geparkt", "en": "Parked"}, "team", "grey")

BROKEN = {
    "status.closed is missing": changed(statuses={"closed": None}),
    'initial = "nowhere" is not a status': replace(SHIPPED, initial="nowhere"),
    "status.open has no label in de": changed(statuses={"open": replace(OPEN, labels={"fr": "O", "nl": "O", "en": "O"})}),
    'status.open.who_acts = "me" must be one of': changed(statuses={"open": replace(OPEN, who_acts="me")}),
    'status.open.tone = "pink" must be one of': changed(statuses={"open": replace(OPEN, tone="pink")}),
    "names both status.open and status.resolved": changed(statuses={"open": replace(OPEN, synonyms=("résolu",))}),
    'move X1 starts from "gone"': changed(rules=(rule(sources=frozenset({"gone"})),)),
    'move X1 leads to "gone"': changed(rules=(rule(target="gone"),)),
    "move X1 starts nowhere": changed(rules=(rule(sources=frozenset()),)),
    'move X1 leads from "closed" to itself': changed(rules=(rule(target="closed"),)),
    'move X1 has "open" in on_reply but not in from': changed(rules=(rule(on_reply=frozenset({"open"})),)),
    'move X1 has comment = "maybe"': changed(rules=(rule(comment="maybe"),)),
    "two moves are called T02": changed(rules=(rule(name="T02"),)),
    'moves T15 and X1 both take the agent from "closed" to "reopened"': changed(rules=(rule(target="reopened"),)),
    'moves T14 and X1 both answer a reply of the customer in "closed"': changed(
        rules=(rule(actor=Actor.CUSTOMER, on_reply=frozenset({"closed"})),)
    ),
    'no move leads from "open" to status.parked': changed(statuses={"parked": EXTRA}),
    "status.parked is a dead end": changed(statuses={"parked": EXTRA}, rules=(rule(target="parked"),)),
    "status.to_deliver waits for the team, who has no move there": Workflow(
        SHIPPED.statuses,
        (
            *(replace(each, sources=each.sources - {"to_deliver"}) for each in SHIPPED.rules if each.name not in ("T11", "T27")),
            rule(sources=frozenset({"to_deliver"}), actor=Actor.SCHEDULER, target="closed"),
        ),
        "open",
    ),
    "status.waiting_customer waits for the customer, who has no move there": changed(without="T06"),
}


@pytest.mark.parametrize("expected", sorted(BROKEN))
def test_a_broken_workflow_is_named(expected: str) -> None:
    """Each way to break a workflow is found and said."""
    assert any(expected in said for said in problems(BROKEN[expected])), problems(BROKEN[expected])


def test_all_problems_are_told_at_once() -> None:
    """Two independent mistakes give two sentences."""
    both = changed(statuses={"open": replace(OPEN, tone="pink")}, rules=(rule(target="gone"),))
    assert len(problems(both)) == 2


def test_labels_fall_back() -> None:
    """An unknown language gets the English label, and a status without labels its code."""
    assert OPEN.label("fr") == "Ouvert"
    assert OPEN.label("pt") == "Open"
    assert Status("odd", {}, "team", "grey").label("fr") == "odd"


def test_folded_reduces_to_letters_and_digits() -> None:
    """What must not count is gone: case, accents, blanks, signs, ligatures."""
    assert folded("À\u00a0délivrer !") == "adelivrer"
    assert folded("Größe-ﬁ 2") == "grossefi2"


def test_a_label_cannot_hide_a_code() -> None:
    """An operator who calls one status by the code of another one still gets that other one by its code."""
    table = changed(statuses={"open": replace(OPEN, synonyms=("resolved", "fresh"))})
    assert [find_status(table, typed) for typed in ("resolved", "fresh")] == ["resolved", "open"]
