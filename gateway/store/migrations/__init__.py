"""How a database gets from one release's tables to the next one's: Alembic revisions, carried inside the package.

`versions/` holds one file a step, in the order of their numbers; there is one line of them and no way back: the way back is the backup that
`gateway.store.upgrade` makes. Draft a revision from the tables of `schema.py` with

    .venv/bin/python -m gateway.store.migrations.draft "what it changes"

which writes the next number, or writes the newest one anew when it has the same words and has not been released.
"""
