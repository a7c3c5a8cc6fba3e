"""workflow.toml: read as written, refused with all problems and their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.domain.workflow import LANGUAGES, Actor
from gateway.runtime.config_error import ConfigError
from gateway.runtime.data import data_path
from gateway.runtime.secret import Secret
from gateway.runtime.settings import Settings, load
from gateway.runtime.workflow_file import load_workflow, workflow_path

SHIPPED = data_path("config", "workflow.toml")
TEXT = SHIPPED.read_text(encoding="utf-8")


def told(folder: Path, text: str) -> list[str]:
    """The problems of a workflow file, without its folder."""
    path = folder / "workflow.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_workflow(path)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_the_shipped_file_is_read() -> None:
    """Ten statuses in the order of the file, labels in four languages, and rules with all their fields."""
    workflow = load_workflow(SHIPPED)
    assert workflow.initial == "open"
    assert list(workflow.statuses) == [
        "open", "selected", "development", "in_progress", "waiting_customer",
        "waiting_approval", "to_deliver", "resolved", "closed", "reopened",
    ]  # fmt: skip
    assert all(set(LANGUAGES) <= set(status.labels) for status in workflow.statuses.values())
    assert [code for code, status in workflow.statuses.items() if status.who_acts == "customer"] == ["waiting_customer", "waiting_approval"]
    rule = next(rule for rule in workflow.rules if rule.name == "T14")
    assert (rule.sources, rule.actor, rule.target) == (frozenset({"resolved", "closed"}), Actor.CUSTOMER, "reopened")
    assert (rule.comment, rule.mail, rule.team_mail, rule.on_reply) == ("required", "M08", "A03", rule.sources)


def test_every_move_of_the_file_has_its_reason() -> None:
    """Above each [[move]] stands a comment: data without a reason is not kept."""
    lines = TEXT.splitlines()
    heads = [number for number, line in enumerate(lines) if line == "[[move]]"]
    assert len(heads) == len(load_workflow(SHIPPED).rules)
    assert all(lines[number - 1].startswith("# ") for number in heads)


def test_all_mistakes_of_form_are_told_with_their_lines(tmp_path: Path) -> None:
    """Unknown keys, wrong values and missing keys, in the order of the file."""
    text = TEXT.replace('who_acts = "team"', 'who_act = "team"', 1).replace('word = "select"', 'words = "select"')
    text = text.replace('by = "scheduler"', 'by = "clock"', 1).replace('mail = "M04"', 'mail = "hello"')
    lines = text.splitlines()

    def place(line: str) -> str:
        return f"workflow.toml:{lines.index(line) + 1}: "

    problems = told(tmp_path, text)
    assert problems[0] == place("[status.open]") + "status.open.who_acts: is missing"
    assert problems[1] == place('who_act = "team"') + 'status.open.who_act: unknown key; did you mean "who_acts"?'
    assert problems[2] == place('words = "select"') + 'move.0.words: unknown key; did you mean "word"?'
    assert problems[3].startswith(place('mail = "hello"') + "move.3.mail: ")
    assert problems[4].startswith(place('by = "clock"') + "move.")
    assert len(problems) == 5


def test_all_mistakes_of_meaning_are_told_with_their_lines(tmp_path: Path) -> None:
    """What the domain finds is placed at the status or the move that it is about."""
    text = TEXT.replace('tone = "blue"', 'tone = "pink"', 1).replace('to = "selected"', 'to = "nowhere"')
    status, move = (text.splitlines().index(line) + 1 for line in ("[status.open]", "[[move]]"))
    assert told(tmp_path, text) == [
        f'workflow.toml:{status}: status.open.tone = "pink" must be one of blue, purple, orange, green, grey, red',
        f'workflow.toml:{move}: move T02 leads to "nowhere", which is not a status',
    ]


@pytest.mark.parametrize(
    ("text", "expected"), [("", "initial: is missing"), ("[[", "is not valid TOML"), ("status = 1", "status: input should be")]
)
def test_what_is_no_workflow_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    """Empty, broken and wrongly typed files are config errors."""
    assert any(expected in said for said in told(tmp_path, text))


def test_a_missing_file_is_a_config_error(tmp_path: Path) -> None:
    """The error is the operator's to mend, as any other of the config."""
    with pytest.raises(ConfigError, match="can't be read"):
        load_workflow(tmp_path / "gone.toml")


def test_a_copy_beside_the_config_counts(tmp_path: Path) -> None:
    """workflow.toml in the config's folder wins over the shipped one; without a config file the shipped one counts."""
    config = tmp_path / "gateway.toml"
    config.write_text('[desk.SUP]\naddress = "support@example.org"\n[smtp]\nhost = "localhost"\n')
    settings = load(config, {"GATEWAY__SECRET__KEY": "k" * 40})
    assert workflow_path(settings) == SHIPPED
    (tmp_path / "workflow.toml").write_text(TEXT)
    assert workflow_path(settings) == tmp_path / "workflow.toml"
    built = Settings.model_validate(
        {"secret": {"key": Secret("k" * 40)}, "desk": {"SUP": {"address": "support@example.org"}}, "smtp": {"host": "localhost"}}
    )
    assert workflow_path(built) == SHIPPED
