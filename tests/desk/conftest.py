"""A scene on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.scene import Scene
from tests.store.fresh import postgres_store, sqlite_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.peers)])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A desk that works."""
    if request.param == "sqlite":
        with sqlite_store(tmp_path) as store:
            yield Scene(store, tmp_path)
    else:
        with postgres_store(request.getfixturevalue("postgres_url")) as store:
            yield Scene(store, tmp_path)
