"""A value that must not be seen: a password, the signing key. It can be shown only by asking for it by name.

Whatever prints, logs, pickles into JSON or dumps the settings shows dots (CASES A4.22).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

MASK: Final = "••••"


class Secret:
    """Masked text; `reveal` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Give it to the one call that needs it; never to a log, an error or a dataclass with a repr."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Refused: a pickle would hold the text in the clear."""
        raise TypeError("a Secret can't be pickled")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept a `Secret`, or a string to wrap; dump as the mask."""
        return core_schema.no_info_plain_validator_function(
            _as_secret,
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )


def _as_secret(value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    if isinstance(value, str):
        return Secret(value)
    # The value is not repeated: it may be the password, badly quoted.
    raise ValueError("must be a string")


def credential(name: str, environ: Mapping[str, str]) -> Path | None:
    """The file of the systemd credential `name` (LoadCredential=, `man systemd.exec`), or None when there is none."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder, name) if folder else None
    return path if path is not None and path.is_file() else None
