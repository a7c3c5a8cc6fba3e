"""The databases of tests/store, for tests that die on them."""

from __future__ import annotations

from tests.store.conftest import store

__all__ = ["store"]
