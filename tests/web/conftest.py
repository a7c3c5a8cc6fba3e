"""A page that works: one server for the session, one desk for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.fresh import sqlite_store
from tests.web.stage import House, Stage, house


@pytest.fixture(scope="session")
def web_house() -> Iterator[House]:
    """The web server."""
    with house() as made:
        yield made


@pytest.fixture
def stage(web_house: House, tmp_path: Path) -> Iterator[Stage]:
    """A desk with its page and a visitor."""
    with sqlite_store(tmp_path) as store:
        made = Stage(web_house, store, tmp_path)
        yield made
        made.close()
