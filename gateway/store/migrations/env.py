"""What Alembic runs for each command: the caller's connection, and the tables of schema.py.

The connection comes from `config.attributes["connection"]` and is in the caller's transaction: a step is committed whole or not at all.
"""

from __future__ import annotations

from alembic import context

from gateway.store.migrations.spelling import OPTIONS
from gateway.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot change a column: a table is copied. The first revision only creates.
    render_as_batch=context.config.attributes.get("batch", True),
    **OPTIONS,
)
with context.begin_transaction():
    context.run_migrations()
