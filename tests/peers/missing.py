"""What happens to a test whose peer is not installed: it is skipped with a reason, and failed where CI says that peers are required."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the running test because `what` is not installed; fail it when CI_PEERS_REQUIRED is 1."""
    reason = f"{what} is not installed, or cannot be run by this account"
    if os.environ.get("CI_PEERS_REQUIRED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
