"""What was read in another process comes back as it was read, and nothing else can come back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from gateway.domain.people import Address
from gateway.mail.inbound import Attachment, SenderProof, Trimmed
from gateway.mail.plain_values import NotOurValueError, from_plain, to_plain


@dataclass(frozen=True, slots=True)
class Sample:
    """Every kind of type that a mail is made of."""

    text: str
    number: int
    truth: bool
    date: datetime | None
    people: tuple[Address, ...]
    files: tuple[Attachment, ...]
    names: dict[str, str]
    proof: SenderProof
    trimmed: Trimmed | None


FILE = Attachment("a.png", "image/png", b"\x00\xff" * 10, "0" * 64, True, None)
FULL = Sample(
    "é \N{PRINTER}\n",
    -3,
    True,
    datetime(2026, 3, 2, 9, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    (Address("a@example.org", "A"), Address("b@example.org")),
    (FILE, FILE),
    {"charset": "utf-8"},
    SenderProof.PASS,
    Trimmed("a", "b", "c", 0.5),
)
EMPTY = Sample("", 0, False, None, (), (), {}, SenderProof.NONE, None)


@pytest.mark.parametrize("value", [FULL, EMPTY])
def test_a_value_comes_back_as_it_was(value: Sample) -> None:
    """Equal in every field; bytes that are there twice travel once."""
    written, pieces = to_plain(value)
    assert value == from_plain(Sample, written, pieces)
    assert len(pieces) <= 1


@pytest.mark.parametrize(
    ("field", "forged"),
    [
        (0, "half \ud83d"),
        (0, "nul \0"),
        (0, 7),
        (0, None),
        (1, True),
        (1, "7"),
        (1, 1.5),
        (2, 1),
        (3, "2026-03-02T09:00:00"),
        (3, "yesterday"),
        (3, 7),
        (4, [["a@example.org"]]),
        (4, [["a@example.org", "A", "more"]]),
        (4, {"0": []}),
        (5, [["a", "b", 1, "0", False, None]]),
        (5, [["a", "b", -1, "0", False, None]]),
        (5, [["a", "b", "AA==", "0", False, None]]),
        (6, [["charset", "utf-8"]]),
        (6, {"charset": 8}),
        (7, "perhaps"),
        (8, ["a", "b", "c", "0.5"]),
    ],
)
def test_what_is_not_of_the_type_is_refused(field: int, forged: Any) -> None:
    """Whatever a process that was taken over may write: only the declared types come back, with texts that every database takes."""
    written, pieces = to_plain(FULL)
    plain = json.loads(written)
    assert FULL == from_plain(Sample, json.dumps(plain).encode(), pieces)
    plain[field] = forged
    with pytest.raises(NotOurValueError):
        from_plain(Sample, json.dumps(plain).encode(), pieces)


@pytest.mark.parametrize("written", [b"", b"{}", b"[]", b"null", b"[" * 100_000, b"\xff", b"NaN", b"cos\nsystem\n(S'true'\ntR."])
def test_what_is_no_value_is_refused(written: bytes) -> None:
    """Not JSON, too little of it, too deep, or a pickle."""
    with pytest.raises(NotOurValueError):
        from_plain(Sample, written, [])


def test_a_number_that_is_none_is_refused() -> None:
    """JSON as Python reads it knows NaN and Infinity; ours does not."""
    written, pieces = to_plain(Trimmed("a", "", "", 0.5))
    assert 1.0 == from_plain(Trimmed, written.replace(b"0.5", b"1"), pieces).confidence
    with pytest.raises(NotOurValueError):
        from_plain(Trimmed, written.replace(b"0.5", b"NaN"), pieces)
    assert datetime(2026, 1, 1, tzinfo=UTC) == from_plain(datetime, b'"2026-01-01T00:00:00+00:00"', [])


@dataclass(frozen=True, slots=True)
class Undeclared:
    """A field of a kind that nobody said how to bring back."""

    names: frozenset[str]


def test_a_type_that_nobody_thought_of_is_refused() -> None:
    """A new field of a mail does not come back as whatever JSON made of it: the first test of it fails."""
    with pytest.raises(NotOurValueError, match="Undeclared"):
        from_plain(Undeclared, b'[["a"]]', [])
