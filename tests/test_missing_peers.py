"""A missing peer must not go unnoticed where it is required."""

from __future__ import annotations

import pytest

from tests.peers.missing import missing


def test_skipped_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variable a missing peer skips the test, and says what is missing."""
    monkeypatch.delenv("CI_PEERS_REQUIRED", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Dovecot"):
        missing("Dovecot")


def test_failed_where_required(monkeypatch: pytest.MonkeyPatch) -> None:
    """With CI_PEERS_REQUIRED=1 it fails the test."""
    monkeypatch.setenv("CI_PEERS_REQUIRED", "1")
    with pytest.raises(pytest.fail.Exception, match="Dovecot"):
        missing("Dovecot")
