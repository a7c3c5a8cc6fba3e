"""`gateway workflow`: which workflow is drawn, in which form, and that the guide shows the one that is shipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.main import app
from gateway.domain.workflow_drawing import END, START, chapter, placed
from gateway.runtime.data import data_path
from gateway.runtime.workflow_file import load_workflow

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "workflow.md"
RENEW = "gateway workflow --config config/gateway.toml --write docs/guide/workflow.md"
OWN = ('fr = "Ouvert"', 'fr = "Tout neuf"')


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, and no config in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATEWAY_CONFIG", "")


def draw(*words: str) -> Result:
    """Run `gateway workflow WORDS`."""
    return CliRunner().invoke(app, ["workflow", *words])


def own_workflow(folder: Path) -> None:
    """A config without any secret, and beside it a workflow with a label of its own."""
    (folder / "gateway.toml").write_text("[desk.SUP]\naddress = 'support@example.org'\n", encoding="utf-8")
    shipped = data_path("config", "workflow.toml").read_text(encoding="utf-8")
    assert OWN[0] in shipped
    (folder / "workflow.toml").write_text(shipped.replace(*OWN), encoding="utf-8")


@pytest.mark.parametrize(("form", "begins"), [("text", "STATUS "), ("mermaid", "stateDiagram-v2\n"), ("json", "{\n")])
def test_it_draws_without_any_config(form: str, begins: str) -> None:
    """The shipped workflow, in each form: exit 0 and nothing on stderr."""
    done = draw("--format", form)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(begins)
    for code in load_workflow(data_path("config", "workflow.toml")).statuses:
        assert code in done.stdout


def test_json_is_one_value_with_all_moves() -> None:
    """A program gets each move with who makes it and from where."""
    shown = json.loads(draw("--format", "json").stdout)
    moves = {move["name"]: move for move in shown["moves"]}
    assert moves["T05"]["from"] == ["open", "selected", "development", "in_progress", "reopened"]
    assert (moves["T05"]["by"], moves["T05"]["to"], moves["T05"]["comment"], moves["T05"]["mail"]) == (
        "agent",
        "waiting_customer",
        "required",
        "M04",
    )


@pytest.mark.parametrize(("lang", "label"), [("fr", "Résolu"), ("nl", "Opgelost"), ("de", "Gelöst"), ("en", "Resolved")])
def test_labels_come_in_the_language_that_is_asked_for(lang: str, label: str) -> None:
    """In the text and in the diagram."""
    for form in ("text", "mermaid"):
        assert label in draw("--lang", lang, "--format", form).stdout


def test_the_workflow_beside_the_config_is_drawn(tmp_path: Path) -> None:
    """The operator sees what counts for his desk, and needs no secret for that."""
    own_workflow(tmp_path)
    assert "Tout neuf" in draw("--lang", "fr").stdout
    assert "Tout neuf" in draw("--lang", "fr", "--config", str(tmp_path / "gateway.toml")).stdout


def test_a_workflow_that_is_wrong_is_78(tmp_path: Path) -> None:
    """With what is wrong, as `gateway check` says it."""
    own_workflow(tmp_path)
    file = tmp_path / "workflow.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('initial = "open"', 'initial = "nowhere"'), encoding="utf-8")
    done = draw()
    assert done.exit_code == 78
    assert 'initial = "nowhere" is not a status' in done.stderr


def test_a_config_that_was_named_and_is_not_there_is_78() -> None:
    """The shipped workflow instead would be an answer to another question."""
    done = draw("--config", "gone.toml")
    assert done.exit_code == 78
    assert "gone.toml: can't be read" in done.stderr


def test_write_draws_into_a_document(tmp_path: Path) -> None:
    """Between the marks, as often as it is asked; what stands around them stays."""
    file = tmp_path / "page.md"
    file.write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        assert draw("--write", str(file)).exit_code == 0
        made = file.read_text(encoding="utf-8")
        assert made.startswith(f"before\n{START}\n")
        assert made.endswith(f"{END}\nafter\n")
        assert made.count("```mermaid\nstateDiagram-v2\n") == made.count("```text\nSTATUS") == 1
        assert "old" not in made.split()


def test_write_needs_the_marks(tmp_path: Path) -> None:
    """A document without a place for the drawing is left as it is, and told; so is one that is not there."""
    file = tmp_path / "page.md"
    file.write_text("nothing\n", encoding="utf-8")
    done = draw("--write", str(file))
    assert done.exit_code == 1
    assert START in done.stderr
    assert file.read_text(encoding="utf-8") == "nothing\n"
    assert draw("--write", str(tmp_path / "gone.md")).exit_code == 1


def test_the_guide_shows_the_shipped_workflow() -> None:
    """What people read is what is decided, in every row."""
    written = GUIDE.read_text(encoding="utf-8")
    drawn = chapter(load_workflow(data_path("config", "workflow.toml")), "en")
    assert placed(written, drawn) == written, f"docs/guide/workflow.md is stale: run {RENEW}"
