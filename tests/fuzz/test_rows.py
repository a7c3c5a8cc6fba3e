"""The threats that concern reading, row by row: what must hold, and where it is proved. A row that loses its test is missed here.

CASES A1 (who somebody is), A2.4-A2.8 (who is answered) and A3 (hostile content). Not here: A1.13, that the domain of the signed addresses
has no other use, is the operator's to see to.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
_ROW = re.compile(r"\bA([1-4])\.(\d{1,2})(?:-A\1\.(\d{1,2}))?\b")

ROWS: dict[str, tuple[str, str]] = {
    # the row, what must hold, the file with a test that says so
    "A1.1": ("an agent by mail is one by address, signature and proof together", "desk/test_agent_identity.py"),
    "A1.2": ("a key in the subject is a hint", "desk/test_hijack.py"),
    "A1.3": ("a thread gives no right", "desk/test_hijack.py"),
    "A1.4": ("a token covers purpose, ticket, person and time", "mail/signed/test_address.py"),
    "A1.5": ("a leaked address lets nobody else in", "desk/test_hijack.py"),
    "A1.6": ("who is in copy is shown and not subscribed", "desk/test_hijack.py"),
    "A1.7": ("Reply-To is no identity", "mail/read/test_sender.py"),
    "A1.8": ("a From that can be read in two ways is nobody's", "mail/read/test_sender.py"),
    "A1.9": ("nothing invisible or turned round is left in a header", "mail/read/test_parse.py"),
    "A1.10": ("a forged Authentication-Results proves nothing", "mail/read/test_authres.py"),
    "A1.11": ("a signature proves nothing that the border did not say", "mail/read/test_authres.py"),
    "A1.12": ("who writes to a customer's address is not read by him", "fuzz/test_tricks.py"),
    "A1.14": ("no field of a mail is an order", "fuzz/test_tricks.py"),
    "A1.15": ("a forged report does nothing", "desk/test_reports.py"),
    "A1.16": ("an automatic answer decides nothing", "desk/test_decisions.py"),
    "A1.17": ("a decision by mail is a participant's own", "desk/test_decisions.py"),
    "A1.18": ("a mail may do what a form may, and no more", "desk/test_decisions.py"),
    "A2.4": ("two machines stop", "desk/test_brakes.py"),
    "A2.5": ("our own address is a loop", "desk/test_brakes.py"),
    "A2.6": ("nobody is told of a mail that made no sense", "fuzz/test_five_thousand.py"),
    "A2.7": ("a null sender is not answered", "desk/test_brakes.py"),
    "A2.8": ("imported mail tells nobody", "desk/test_brakes.py"),
    "A3.1": ("nothing that runs is left of a page", "mail/read/test_html.py"),
    "A3.2": ("nothing that overlays is left of a page", "mail/read/test_html.py"),
    "A3.3": ("nothing is loaded from elsewhere", "mail/read/test_html.py"),
    "A3.4": ("a file is served as what it is, or as bytes", "web/test_files.py"),
    "A3.5": ("its first bytes decide, not its label", "web/test_files.py"),
    "A3.6": ("a file name is only shown", "fuzz/test_tricks.py"),
    "A3.7": ("files are no programs of ours", "test_systemd.py"),
    "A3.8": ("every bomb is read within its limits", "fuzz/test_five_thousand.py"),
    "A3.9": ("header fields are read in linear time", "mail/read/test_parse.py"),
    "A3.10": ("a charset is one of a text", "fuzz/test_tricks.py"),
    "A3.11": ("an archive is never opened", "fuzz/test_tricks.py"),
    "A3.12": ("an enclosed mail's words are not the sender's", "mail/read/test_parse.py"),
    "A3.13": ("a field named like a value of ours changes nothing", "fuzz/test_tricks.py"),
    "A3.14": ("twice the mail takes about twice the time", "mail/words/test_trim.py"),
    "A3.15": ("a page is sanitised in bounded time", "mail/read/test_html.py"),
    "A3.16": ("a picture is never decoded", "fuzz/test_tricks.py"),
    "A3.17": ("nobody's words are a template", "mail/write/test_render.py"),
    "A3.18": ("nothing that a terminal obeys comes out", "fuzz/test_tricks.py"),
    "A3.19": ("a cell is no formula", "cli/test_survey.py"),
    "A3.20": ("every text is one that a database takes", "fuzz/test_reader.py"),
}


def rows_in(text: str) -> set[str]:
    """The rows that a docstring names; `A3.1-A3.3` names three."""
    found = set()
    for part, first, last in _ROW.findall(text):
        found |= {f"A{part}.{number}" for number in range(int(first), int(last or first) + 1)}
    return found


@cache
def proofs() -> dict[str, set[str]]:
    """For each row the files that have a test whose docstring names it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in TESTS.rglob("test_*.py"):
        if path == Path(__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for row in rows_in(ast.get_docstring(node) or ""):
                    found[row].add(path.relative_to(TESTS).as_posix())
    return found


@pytest.mark.parametrize("row", ROWS)
def test_a_row_has_its_test(row: str) -> None:
    """The file that the table names has a test that names the row."""
    holds, file = ROWS[row]
    assert file in proofs().get(row, set()), f"{row}: no test of {file} says that {holds}; these name it: {sorted(proofs().get(row, ()))}"


def test_every_row_is_in_the_table() -> None:
    """A1 but for the one that is the operator's, A2.4-A2.8 and A3 are all there."""
    wanted = {f"A1.{n}" for n in range(1, 19)} - {"A1.13"} | {f"A2.{n}" for n in range(4, 9)} | {f"A3.{n}" for n in range(1, 21)}
    assert wanted == set(ROWS)


def test_a_range_names_each_of_its_rows() -> None:
    """What stands between two rows is named too, and a number that is longer is another row."""
    assert {"A3.1", "A3.2", "A3.3", "A1.11"} == rows_in("safe (CASES A3.1-A3.3, F5; A1.11)")
    assert "A1.1" not in rows_in("A1.11, A1.123, B1.1")
