"""Our frozen values as plain data and back, each by its declared type: how what was read of a mail leaves the process that read it.

Not pickle: who unpickles runs what the bytes say, and the process that wrote them had hostile bytes in its hands. Here only the types
that a class declares can come back, of exactly its fields, so the worst that an answer can be is wrong (CASES B39, B40).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

_T = TypeVar("_T")


class NotOurValueError(Exception):
    """What came back is not a value of the wanted type, or holds a text that nothing of ours may hold."""


def to_plain(value: object) -> tuple[bytes, list[bytes]]:
    """`value` as JSON, and the byte strings that stand in it, to which the JSON refers by number."""
    pieces: list[bytes] = []
    numbers: dict[bytes, int] = {}
    return json.dumps(_plain(value, pieces, numbers), separators=(",", ":")).encode("ascii"), pieces


def _plain(value: object, pieces: list[bytes], numbers: dict[bytes, int]) -> Any:
    if isinstance(value, bytes):
        if value not in numbers:
            numbers[value] = len(pieces)
            pieces.append(value)
        return numbers[value]
    if isinstance(value, tuple | list):
        return [_plain(one, pieces, numbers) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one, pieces, numbers) for key, one in value.items()}
    if is_dataclass(value):
        return [_plain(getattr(value, one.name), pieces, numbers) for one in fields(value)]
    return value.isoformat() if isinstance(value, datetime) else value


def from_plain(kind: type[_T], written: bytes, pieces: Sequence[bytes]) -> _T:
    """The value of type `kind` that `written` states. Raises NotOurValueError where it states none."""
    try:
        return _rebuilt(kind, json.loads(written, parse_constant=_refused), pieces)  # type: ignore[no-any-return]
    except (ValueError, TypeError, IndexError, RecursionError) as error:
        raise NotOurValueError(f"{kind.__name__}: {type(error).__name__}") from error


def _refused(word: str) -> None:
    raise ValueError(word)


@cache
def _types(kind: type[Any]) -> tuple[Any, ...]:
    hints = get_type_hints(kind)
    return tuple(hints[one.name] for one in fields(kind))


def _rebuilt(kind: Any, plain: Any, pieces: Sequence[bytes]) -> Any:
    if kind is bytes:
        return pieces[_exactly(int, plain, at_least=0)]
    if kind in {str, int, bool, float, NoneType}:
        return _exactly(kind, plain)
    if kind is datetime:
        return _exactly(datetime, datetime.fromisoformat(plain))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(plain)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(*(_rebuilt(one, value, pieces) for one, value in zip(_types(kind), _exactly(list, plain), strict=True)))
    return _compound(kind, plain, pieces)


def _compound(kind: Any, plain: Any, pieces: Sequence[bytes]) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple and inner[1:] == (...,):
        return tuple(_rebuilt(inner[0], one, pieces) for one in _exactly(list, plain))
    if origin is dict:
        return {_rebuilt(inner[0], key, pieces): _rebuilt(inner[1], one, pieces) for key, one in _exactly(dict, plain).items()}
    if len(inner) == 2 and inner[1] is NoneType:
        return None if plain is None else _rebuilt(inner[0], plain, pieces)
    raise TypeError(kind)


def _exactly(kind: type[Any], value: Any, *, at_least: int | None = None) -> Any:
    """`value`, which is a `kind` and no other; a text that every database takes, a moment that has a zone."""
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind or (at_least is not None and value < at_least):
        raise TypeError(kind)
    if kind is str:
        value.encode("utf-8")  # raises for half a character
        if "\0" in value:
            raise ValueError(kind)
    if kind is datetime and value.tzinfo is None:
        raise ValueError(kind)
    return value
