"""One Chromium and one web server for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.peers.browser import chromium
from tests.store.fresh import sqlite_store
from tests.web.stage import House, Stage, house


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium."""
    with chromium() as running:
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
