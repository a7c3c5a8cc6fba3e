"""Facts as they are stored: each has a name of its own and can be written as JSON."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields
from typing import Any, get_args, get_type_hints

import pytest

from gateway.domain.events import ActionUndone, Event, LinksRevoked, Merged, StatusChanged, as_row

KINDS: tuple[type[Any], ...] = get_args(Event)
SAMPLES: dict[Any, Any] = {str: "a", int: 7, bool: True, str | None: None, int | None: None, tuple[int, ...]: (3, 4)}


def _sample(kind: type[Any]) -> Any:
    """A fact of this kind, with a value of its type in each field."""
    return kind(*(SAMPLES[hint] for hint in get_type_hints(kind).values()))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_fact_is_its_name_and_all_that_it_says(kind: type[Any]) -> None:
    """Every field is in the row under its name, and the row can be written as JSON and read again."""
    event = _sample(kind)
    name, data = as_row(event)
    assert name == kind.__name__
    assert list(data) == [one.name for one in fields(kind)]
    written = json.loads(json.dumps(data))
    assert written == {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}


def test_a_row_to_the_letter() -> None:
    """What is stored today is read in ten years: the names do not change by accident."""
    assert as_row(StatusChanged("open", "resolved", "T12", "done")) == (
        "StatusChanged",
        {"old": "open", "new": "resolved", "rule": "T12", "resolution": "done"},
    )
    assert as_row(StatusChanged("open", "selected", "T02"))[1]["resolution"] is None
    assert as_row(Merged(12, (3, 4))) == ("Merged", {"into": 12, "added": (3, 4)})
    assert as_row(LinksRevoked()) == ("LinksRevoked", {})


def test_no_two_facts_have_one_name() -> None:
    """The name is all that tells them apart in the table."""
    assert len({kind.__name__ for kind in KINDS}) == len(KINDS)


def test_a_fact_is_never_changed() -> None:
    """It was true when it was written."""
    with pytest.raises(FrozenInstanceError):
        ActionUndone(1, 2).cancelled = 3  # type: ignore[misc]
