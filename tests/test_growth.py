"""The measure itself: it lets a linear piece pass and holds a quadratic one."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear, assert_within


def _spin(count: int) -> None:
    for _ in range(count):
        pass


def test_linear_work_passes_and_quadratic_work_is_held() -> None:
    """Twice the work for twice the input is fine, four times the work is not."""
    assert_linear(lambda: _spin(300_000), lambda: _spin(600_000))
    with pytest.raises(AssertionError, match="twice"):
        assert_linear(lambda: _spin(300_000), lambda: _spin(1_200_000))


def test_work_over_its_bound_is_held() -> None:
    """What never keeps within its time is named with the time that it took."""
    assert_within(lambda: _spin(10), 1)
    with pytest.raises(AssertionError, match="more than"):
        assert_within(lambda: _spin(300_000), 0.0001)
