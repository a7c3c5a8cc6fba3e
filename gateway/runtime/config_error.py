"""What is wrong with a config file, said so that the operator can put it right without reading code: all of it at once.

A config error is the operator's to mend; it exits with 78 (EX_CONFIG of sysexits.h), which systemd does not restart on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EXIT_CONFIG = 78


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it stands ("gateway.toml:12", an environment variable), the key's path, and a sentence."""

    where: str
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """One line: `gateway.toml:12: desk.SUP.adress: unknown key; did you mean "address"?`."""
        said = f"{self.message}; {self.hint}" if self.hint else self.message
        return ": ".join(part for part in (self.where, self.key, said) if part)


class ConfigError(Exception):
    """The config can't be used. `problems` are all of them, in the order of the file."""

    exit_code = EXIT_CONFIG

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
