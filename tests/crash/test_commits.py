"""A death at every single commit, before it and after it: what the next life finds is neither less nor more than what was promised."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gateway.store.engine import Store
from tests.crash.dying_worker import KINDS, POINTS
from tests.peers.gateway import ROOT

TICKETS, COMMENTS = 2, 3
"""Of KINDS: a plain mail and one with a file are tickets, the reply is a comment, the mail that comes again is nothing."""
DELIVERIES = {"request_received": 2, "agent_new_request": 2, "agent_client_replied": 1}


def lives(store: Store, folder: Path, when: str) -> list[dict[str, Any]]:
    """Run the dying worker on a database; what it printed."""
    url = store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.crash.dying_worker", url, str(folder), when]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("when", ["before", "after"])
def test_every_commit_may_be_the_last(store: Store, tmp_path: Path, when: str) -> None:
    """T1, T2, T3 and T4 are all died at; the next life loses nothing and doubles nothing, but for the mail whose T4 was not written."""
    said = lives(store, tmp_path, when)
    deaths, accounts = said[0::2], said[1::2]
    points = Counter(line["died"] for line in deaths)
    # one worker at a time has a SQLite file, and need not renew its claim for the others to see
    assert {"start", *POINTS.values()} - ({"T3 renew"} if store.is_sqlite else set()) == set(points)
    twice = 0
    for death, found in zip(deaths, accounts, strict=True):
        assert ["ticket", "ticket", "duplicate", "comment"] == [row[1] for row in found["intake"]], death
        assert len(KINDS) == len(found["intake"])
        assert (TICKETS, COMMENTS, 0) == (found["tickets"], found["comments"], found["strays"]), death
        assert DELIVERIES == dict(Counter(mail for mail, _, _ in found["deliveries"])), death
        assert {"sent"} == {state for _, state, _ in found["deliveries"]}, death
        copies = [count for _, _, count in found["deliveries"]]
        between = when == "before" and death["died"] == "T4 settle"
        assert sorted([1] * (len(copies) - between) + [2] * between) == sorted(copies), death
        twice += between
    print(f"\n{store.url.get_backend_name()}, {when}: {len(deaths)} deaths {dict(points)}, {twice} mails sent twice")


def test_a_mail_that_kills_its_reader_is_parked_and_no_other(store: Store, tmp_path: Path) -> None:
    """Once in company and three times alone it ends the process; then it is set aside, and all others have their effect."""
    said = lives(store, tmp_path, "poison")
    deaths, [found] = [line for line in said if "died" in line], [line for line in said if "died" not in line]
    assert 4 == len(deaths)
    assert ["ticket", "ticket", "parked", "duplicate", "comment"] == [row[1] for row in found["intake"]]
    assert ["done", "done", "parked", "done", "done"] == [row[0] for row in found["intake"]]
    assert "poison" == found["intake"][2][3]
    assert TICKETS + 1 == found["tickets"]
    assert {1} == {count for _, _, count in found["deliveries"]}
