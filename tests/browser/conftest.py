"""One Chromium and one web server for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from playwright.sync_api import Browser

from tests.peers.browser import Chromium, chromium
from tests.store.fresh import sqlite_store
from tests.web.stage import House, Stage, house

_STARTED: list[Chromium] = []


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """A test in which Chromium fell silent and was killed says nothing: it is done once more, with a new one."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    before = _killed()
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if _killed() > before:
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _killed() -> int:
    return sum(one.killed for one in _STARTED)


@pytest.fixture(scope="session")
def peer() -> Iterator[Chromium]:
    """Chromium."""
    with chromium() as running:
        _STARTED.append(running)
        yield running


@pytest.fixture
def browser(peer: Chromium) -> Iterator[Browser]:
    """The running one."""
    with peer.watched() as running:
        yield running


@pytest.fixture(scope="session")
def web_house() -> Iterator[House]:
    """The web server."""
    with house() as made:
        yield made


@pytest.fixture
def stage(web_house: House, tmp_path: Path) -> Iterator[Stage]:
    """A French desk with its page."""
    with sqlite_store(tmp_path) as store:
        made = Stage(web_house, store, tmp_path)
        made.scene.with_rules(language="fr")
        made.open()
        yield made
        made.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where pictures go: the folder that GATEWAY_PICTURES names; without one none are taken.."""
    named = os.environ.get("GATEWAY_PICTURES")
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named) if named else None
