"""Logs: one line for each thing that happened, key=value or JSON, in UTC, with the ids that lead to the rest.

No bodies and no secrets are ever given to a log; addresses are masked unless `logs.addresses = "full"` (SURFACE 5.4). Control characters
cannot reach the terminal: values are escaped by the renderer (CASES A3.18).
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_ADDRESS = re.compile(r"\b([A-Za-z0-9])[A-Za-z0-9._+=-]{0,63}@([A-Za-z0-9.-]{1,253})")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def masked(text: str) -> str:
    """`text` with every mail address reduced to its first letter and its domain."""
    return _ADDRESS.sub(r"\1***@\2", text)


def _mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str) and "@" in value:
            event[key] = masked(value)
    return event


def _tame(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _CONTROL.sub("?", value)
    return event


def configure(*, form: str, level: str, full_addresses: bool) -> None:
    """Set structlog and the standard library's logging up: `form` is kv or json, to stderr (the journal)."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
    )
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _tame,
        *([] if full_addresses else [_mask]),
    ]
    structlog.configure(
        processors=[*processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries speak through logging: only what needs a look, in the same shape.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=processors))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
