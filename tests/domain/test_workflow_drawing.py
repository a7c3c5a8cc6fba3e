"""The drawings of a workflow: nothing is missing, nothing is invented, and Mermaid can read its one whatever a label says."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.workflow import Actor, Rule, Status, Workflow
from gateway.domain.workflow_drawing import END, START, WIDTH, NoPlace, chapter, mermaid, placed, text, values
from gateway.runtime.workflow_file import load_workflow

SHIPPED = load_workflow(Path(__file__).parents[2] / "config" / "workflow.toml")
EDGES = Counter((source, rule.target, rule.name, str(rule.actor)) for rule in SHIPPED.rules for source in rule.sources)

# What Mermaid's grammar of state diagrams takes without doubt: a quoted text is encoded signs and harmless ones only, and what stands
# behind a colon has neither a colon nor a semicolon.
SAFE = r"(?:[^\W_]|[ '’.,()/-]|#[0-9]{1,7};)*"
STATE = re.compile(rf'    state "(?P<label>{SAFE})" as (?P<id>[A-Za-z][A-Za-z0-9_]*)')
FIRST = re.compile(r"    \[\*\] --> (?P<id>[A-Za-z][A-Za-z0-9_]*)")
EDGE = re.compile(r"    (?P<source>\w+) --> (?P<target>\w+) : (?P<name>[A-Za-z0-9-]+) (?P<actor>[a-z]+)(?:, [MA][0-9]{2}){0,2}")
KEYWORDS = ("state", "note", "class", "classdef", "default", "scale", "direction", "end", "style", "click", "as", "hide", "fork")


def of(lines: list[str], form: re.Pattern[str]) -> list[re.Match[str]]:
    """The lines that have this form."""
    return [found for line in lines if (found := form.fullmatch(line))]


def test_the_diagram_has_a_state_for_each_status_and_an_edge_for_each_move() -> None:
    """No more and no fewer, and not one line of another form."""
    head, *lines = mermaid(SHIPPED, "fr").splitlines()
    assert head == "stateDiagram-v2"
    states, first, edges = of(lines, STATE), of(lines, FIRST), of(lines, EDGE)
    assert len(states) + len(first) + len(edges) == len(lines)
    assert [found["id"] for found in states] == list(SHIPPED.statuses)
    assert [found["id"] for found in first] == ["open"]
    assert Counter((found["source"], found["target"], found["name"], found["actor"]) for found in edges) == EDGES


def test_the_diagram_says_who_acts_and_which_mail_goes() -> None:
    """A status carries its label in the language and the side whose turn it is; an edge its row, its actor and its mails."""
    lines = mermaid(SHIPPED, "nl").splitlines()
    assert '    state "Wacht op u (customer)" as waiting_customer' in lines
    assert "    waiting_approval --> to_deliver : T08 customer, A03" in lines
    assert "    closed --> reopened : T14 customer, M08, A03" in lines
    assert "    resolved --> closed : T13-timer scheduler" in lines


@given(st.text(max_size=40))
def test_no_label_breaks_the_diagram(label: str) -> None:
    """Quotes, colons, arrows, comments, line breaks: a status with any label is still one line that Mermaid reads."""
    odd = replace(SHIPPED.statuses["open"], labels={"fr": label, "en": "Open"})
    lines = mermaid(replace(SHIPPED, statuses={**SHIPPED.statuses, "open": odd}), "fr").split("\n")[1:-1]
    assert len(of(lines, STATE)) == len(SHIPPED.statuses)
    assert len(of(lines, STATE)) + len(of(lines, FIRST)) + len(of(lines, EDGE)) == len(lines)


def test_a_label_does_not_turn_the_diagram() -> None:
    """Mermaid reads "direction LR" on any line as an order."""
    odd = replace(SHIPPED.statuses["open"], labels={"en": "New Direction LR"})
    drawn = mermaid(replace(SHIPPED, statuses={**SHIPPED.statuses, "open": odd}), "en")
    assert re.search(r"direction\s", drawn, re.IGNORECASE) is None
    assert "New#32;Direction#32;LR" in drawn


@pytest.mark.parametrize("word", KEYWORDS)
def test_a_status_may_be_called_as_a_word_of_mermaid(word: str) -> None:
    """It gets another name in the diagram, that no other status can have: codes have no capitals."""
    rules = (Rule("X1", frozenset({word}), Actor.AGENT, "open"), Rule("X2", frozenset({"open"}), Actor.AGENT, word))
    drawn = mermaid(Workflow({word: Status(word, {}, "team", "grey"), "open": SHIPPED.statuses["open"]}, rules, word), "en")
    assert {found["id"] for found in of(drawn.splitlines(), STATE)} == {f"S_{word}", "open"}
    assert [(found["source"], found["target"]) for found in of(drawn.splitlines(), EDGE)] == [(f"S_{word}", "open"), ("open", f"S_{word}")]


def test_the_text_has_a_row_for_each_status_and_each_move() -> None:
    """A status with label and who acts; a move under its actor with row, word, target, comment and mails."""
    shown = text(SHIPPED, "fr")
    for code, status in SHIPPED.statuses.items():
        assert re.search(rf"^{code} +{re.escape(status.labels['fr'])} +{status.who_acts}\b", shown, re.MULTILINE), code
    for rule in SHIPPED.rules:
        under = shown.partition(f"\nMoves of the {rule.actor}\n")[2].partition("\n\n")[0]
        row = rf"^{rule.name} +{rule.word} +{rule.target} +{rule.comment} +{rule.mail or '-'} +{rule.team_mail or '-'} +\S"
        assert re.search(row, under, re.MULTILINE), rule.name


def test_the_text_marks_where_a_plain_reply_is_enough() -> None:
    """A star stands behind those statuses of a move, and behind no others."""
    shown = " ".join(text(SHIPPED, "en").split())
    assert "open*, selected*, development, reopened*" in shown
    assert "- A02 waiting_customer*" in shown
    assert len(re.findall(r"\w\*", shown)) == sum(len(rule.on_reply) for rule in SHIPPED.rules)


@pytest.mark.parametrize("width", [1, 60, 80, WIDTH, 400])
def test_the_text_fits_its_width_and_loses_nothing(width: int) -> None:
    """Only the last column is wrapped: a narrow terminal gets more lines with the same words."""
    lines = text(SHIPPED, "en", width).splitlines()
    assert Counter(re.findall(r"\w+", "\n".join(lines))) == Counter(re.findall(r"\w+", text(SHIPPED, "en", 1000)))
    assert all(line == line.rstrip() for line in lines)
    if width >= WIDTH:
        assert max(map(len, lines)) <= width


def test_the_values_say_everything_that_the_file_says() -> None:
    """A workflow made of them again is the one that was drawn."""
    said = values(SHIPPED, "fr")
    statuses, drawn = said["statuses"], said["moves"]
    assert isinstance(statuses, list)
    assert isinstance(drawn, list)
    again = Workflow(
        {each["code"]: Status(each["code"], each["labels"], each["who_acts"], each["tone"], tuple(each["synonyms"])) for each in statuses},
        tuple(
            Rule(
                each["name"],
                frozenset(each["from"]),
                Actor(each["by"]),
                each["to"],
                each["comment"],
                each["mail"],
                each["team_mail"],
                frozenset(each["on_reply"]),
                each["word"],
            )
            for each in drawn
        ),
        str(said["initial"]),
    )
    assert again == SHIPPED


def test_the_values_list_who_may_do_what_from_a_status() -> None:
    """By actor, the rows of his moves."""
    statuses = values(SHIPPED, "de")["statuses"]
    assert isinstance(statuses, list)
    waits = next(each for each in statuses if each["code"] == "waiting_customer")
    assert waits["label"] == "Wartet auf Sie"
    assert waits["moves"] == {"customer": ["T06"], "agent": ["T12", "T26"], "scheduler": ["T20"]}


def test_a_drawing_takes_the_place_of_the_old_one() -> None:
    """A second time changes nothing."""
    drawn = chapter(SHIPPED, "en")
    once = placed(f"# Title\n{START}\nold\n{END}\nend\n", drawn)
    assert isinstance(once, str)
    assert once == f"# Title\n{START}\n\n{drawn}\n{END}\nend\n"
    assert placed(once, drawn) == once


@pytest.mark.parametrize(
    ("document", "missing"),
    [("", START), (f"{START}\n", END), (f"{END}\n", START), (f"{END}\n{START}\n", END), (f"{START}\n{START}\n{END}\n", START)],
)
def test_a_document_without_one_clear_place_is_refused(document: str, missing: str) -> None:
    """Nothing is guessed: an operator's text might be lost."""
    assert placed(document, "x") == NoPlace(missing)


def test_an_actor_without_moves_has_no_chapter() -> None:
    """An operator without timers sees no empty heading for the clock."""
    shown = text(replace(SHIPPED, rules=tuple(rule for rule in SHIPPED.rules if rule.actor is not Actor.SCHEDULER)), "en")
    assert "Moves of the agent" in shown
    assert "Moves of the scheduler" not in shown
