"""docs/guide/reading/: what the pages say of the rules is what the rules say, and no rule is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from docs.guide import generate
from gateway.mail.inbound import Verdict
from gateway.mail.kind import classify, classify_rules, classify_tables

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(generate.PAGES.glob("*.md"))
RENEW = "python docs/guide/generate.py"
LINES = 120
TABLES = (
    *("mail.kind.classify_tables", "mail.kind.bounce_tables"),
    *("mail.words.trim_tables", "mail.words.trim_signed", "mail.words.trim_html", "mail.words.language"),
)
OTHER_PAPERS = re.compile(r"\b(?:CASES|SURFACE|DESIGN|FIELD) [A-Z]?\d|\brulings? \d|\binvariant \d")

name = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)


def text_of(page: str | Path) -> str:
    """A page, by its path or its name."""
    return (generate.PAGES / page).read_text(encoding="utf-8")


def links(page: str) -> set[str]:
    """The pages of the folder that a page links to."""
    return set(re.findall(r"\]\(([a-z-]+\.md)[)#]", text_of(page)))


def codes(path: Path) -> Iterator[str]:
    """The reasons that a module writes down: those that it gives to what a match may be, and to a sender in doubt."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == "_refusal":
            inside: list[ast.AST] = [one for one in ast.walk(node) if isinstance(one, ast.Return)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Opens", "_opens", "Held", "Sender"}:
            inside = [node]
        else:
            continue
        found = (one.value for each in inside for one in ast.walk(each) if isinstance(one, ast.Constant))
        yield from (one for one in found if isinstance(one, str) and one)


@name
def test_a_page_says_what_the_code_says(page: Path) -> None:
    """Whoever changes a table, an order or a docstring fills the pages anew."""
    assert generate.filled(text_of(page)) == text_of(page), f"{page.name} is out of date: {RENEW}"


@name
def test_a_page_is_short(page: Path) -> None:
    """Nobody reads a page of more than 120 lines; only tables and marks are wider than the others."""
    lines = text_of(page).splitlines()
    assert len(lines) <= LINES
    assert [line for line in lines if len(line) > generate.WIDTH and not line.startswith(("|", "<!-- made: "))] == []


@name
def test_every_mark_has_its_end(page: Path) -> None:
    """A mark without an end of its own would swallow what a person wrote below it."""
    made = [found[0] for found in generate.MARK.finditer(text_of(page))]
    assert len(made) == text_of(page).count("<!-- made: ") == text_of(page).count("<!-- made end -->")
    assert [one for one in made if one.count("<!-- made: ") > 1] == []


@name
def test_a_page_points_to_nothing_that_its_reader_has_not_got(page: Path) -> None:
    """Docstrings cite papers of those who build; on a page such asides are left out, and what else stands in them stays."""
    assert OTHER_PAPERS.findall(text_of(page)) == []


def test_the_pages_are_found() -> None:
    """README and the operators' guide lead to the first page, and the first page, by and by, to all."""
    assert "docs/guide/reading/index.md" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "reading/index.md" in (ROOT / "docs" / "guide" / "operator.md").read_text(encoding="utf-8")
    reached, new = set[str](), {"index.md"}
    while new:
        reached |= new
        new = {one for page in new for one in links(page)} - reached
    assert reached == {page.name for page in PAGES}


def test_every_table_of_words_is_on_a_page() -> None:
    """Words, names and headers that are looked for can be looked up; a pattern cannot, for it is no list."""
    shown = {table for page in PAGES for table in re.findall(r"^`([A-Z][A-Z_]+)`", text_of(page), re.MULTILINE)}
    modules = [import_module(f"gateway.{module}") for module in TABLES]
    tables = {
        table
        for module in modules
        for table, value in vars(module).items()
        if re.fullmatch("[A-Z][A-Z_]+", table) and isinstance(value, tuple | frozenset | dict)
    }
    assert len(tables) > 40
    assert sorted(tables - shown) == []


def test_every_reason_is_on_a_page() -> None:
    """What `gateway explain` names as the reason of a match, a refusal or a doubt of the sender can be looked up."""
    said = {code for page in PAGES for code in re.findall(r"`([a-z-]+)`", text_of(page))}
    mail, desk = ROOT / "gateway" / "mail", ROOT / "gateway" / "desk"
    paths = [mail / "match.py", mail / "read" / "sender.py", *desk.glob("*.py")]
    wanted = {code for path in paths for code in codes(path)}
    assert {"no-thread", "wrong-sender", "conflict", "not-human", "from-malformed"} <= wanted
    assert sorted(wanted - said) == []


def test_a_new_rule_changes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of a table of rules appears at its place, with its number, its question, the words that it asks for, and what follows."""
    monkeypatch.setattr(classify, "RULES", (("on-tuesday", classify_rules.list_header, Verdict.SPAM), *classify.RULES))
    row = "| 1 | `on-tuesday` | A header of a mailing list (RFC 2369, RFC 2919). `LIST_HEADERS` | spam |"
    assert f"\n{row}\n| 2 | `own-loop-mark` | " in generate.filled(text_of("class.md"))


def test_a_new_word_changes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is added to a table stands on its page, and nothing else of the page is different."""
    before = generate.filled(text_of("words-machines.md"))
    monkeypatch.setattr(classify_tables, "PRECEDENCES", (*classify_tables.PRECEDENCES, "x-urgence"))
    after = generate.filled(text_of("words-machines.md"))
    changed = set(after.splitlines()) - set(before.splitlines())
    assert changed == {"precedence | x-precedence | preference | x-urgence"}


def test_a_mark_that_names_nothing_is_an_error() -> None:
    """A table that was renamed is not left off its page in silence."""
    with pytest.raises((LookupError, AttributeError)):
        generate.filled("<!-- made: words gateway.mail.kind.classify_tables NO_TABLE -->\n<!-- made end -->")


def test_checking_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` names the page that is out of date and exits with 1; without it the page is mended, and what a person wrote stays."""
    page = tmp_path / "class.md"
    page.write_text(
        "# By hand\n\n<!-- made: says gateway.mail.words.language _AGAINST_ONE -->\nold\n<!-- made end -->\n\nBelow\n", encoding="utf-8"
    )
    monkeypatch.setattr(generate, "PAGES", tmp_path)
    assert generate.main(["--check"]) == 1
    assert "\nold\n" in page.read_text(encoding="utf-8")
    assert capsys.readouterr().out == "class.md: out of date\n"
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# By hand\n\n<!-- made: ")
    assert "\n- `_AGAINST_ONE`, 3: So many hits for a language outweigh one for another.\n" in text
    assert text.endswith("<!-- made end -->\n\nBelow\n")


@pytest.mark.parametrize(
    ("docstring", "shown"),
    [
        ("It holds (CASES A1.2, RFC 5322 §3; ruling 5).", "It holds (RFC 5322 §3)."),
        ("It holds (CASES F6, A3.14).", "It holds."),
        ("An absent one (it says nothing; ruling 2 of the design)", "An absent one (it says nothing)"),
        ("`f(x)` of <name> (both)", "`f(x)` of \\<name> (both)"),
    ],
)
def test_an_aside_keeps_what_its_reader_can_use(docstring: str, shown: str) -> None:
    """Of what stands in brackets only the pieces go that cite papers of those who build; without any the brackets go too."""
    assert generate._readable(docstring) == shown
