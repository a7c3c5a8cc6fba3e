"""A scene on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.engine import Store
from tests.desk.scene import Scene
from tests.store.fresh import sqlite_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.peers)])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A desk that works."""
    if request.param == "sqlite":
        with sqlite_store(tmp_path) as store:
            yield Scene(store, tmp_path)
    else:
        store = Store(request.getfixturevalue("postgres_tables_url"))
        yield Scene(store, tmp_path)
        store.close()
