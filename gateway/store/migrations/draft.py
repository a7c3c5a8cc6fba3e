"""Draft a revision: what the tables of schema.py need beyond the revisions that are there.

For developers, from a checkout:  .venv/bin/python -m gateway.store.migrations.draft "what it changes"

The same words as the newest revision's write that one anew, as long as it is not in RELEASED; other words write the next number. Read what
it wrote: a renamed column looks to it like one dropped and one added.
"""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from gateway.store.engine import Store
from gateway.store.upgrade import config, upgrade

VERSIONS = Path(__file__).resolve().parent / "versions"

RELEASED: frozenset[str] = frozenset({"0001"})
"""Revisions that some operator may have run: they are never written anew."""


def draft(words: str) -> Path:
    """Write a revision called `words`; returns its file. ValueError when the newest of that name has been released."""
    name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    files = sorted(VERSIONS.glob("[0-9]*.py"))
    number = len(files) + 1
    old = files[-1] if files and files[-1].stem == f"{number - 1:04}_{name}" else None
    if old is not None:
        number -= 1
        if f"{number:04}" in RELEASED:
            raise ValueError(f"{old.name} is released; give the new revision a name of its own")
        kept = old.read_text(encoding="utf-8")
        old.unlink()
    try:
        return _write(number, words, name)
    except BaseException:
        if old is not None:
            old.write_text(kept, encoding="utf-8")
        raise


def _write(number: int, words: str, name: str) -> Path:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/draft.db")
        if number > 1:
            upgrade(store)
        with store.write() as connection, config(connection) as alembic, contextlib.redirect_stdout(io.StringIO()):
            alembic.set_main_option("file_template", f"%%(rev)s_{name}")
            alembic.attributes["batch"] = number > 1
            command.revision(alembic, words, autogenerate=True, rev_id=f"{number:04}")
        store.close()
    file = VERSIONS / f"{number:04}_{name}.py"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.lstrip().startswith("# ###")), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(file)], check=True)  # noqa: S603 - our own words
    return file


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit(__doc__)
    sys.stdout.write(f"{draft(sys.argv[1])}\n")
