"""`store`: a database at this release's tables, on SQLite and on PostgreSQL. A test that takes it runs on both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.engine import Store
from tests.store.fresh import postgres_store, sqlite_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.peers)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database of this test's own."""
    if request.param == "sqlite":
        with sqlite_store(tmp_path) as made:
            yield made
    else:
        with postgres_store(request.getfixturevalue("postgres_url")) as made:
            yield made
