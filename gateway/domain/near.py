"""Whether two mails say the same, for a person who presses "send" twice, or again because nothing seemed to happen.

Nothing is left out for it: the second mail is a comment or a ticket like any other, with a mark that it repeats one. So the question may
be asked strictly: the same words in the same order, whatever stands between them, and no file that was not there before.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Final

WITHIN: Final = timedelta(minutes=10)
"""What is said again later was probably meant."""

_WORD: Final = re.compile(r"\w+")


def says_the_same(text: str, files: Collection[str], before: str, files_before: Collection[str]) -> bool:
    """Whether `text` with `files` (their hashes) only says again what `before` said with `files_before`."""
    words = _WORD.findall(text.casefold())
    return bool(words or files) and words == _WORD.findall(before.casefold()) and frozenset(files) <= frozenset(files_before)
