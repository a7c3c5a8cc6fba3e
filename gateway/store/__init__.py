"""Floor 3: SQL and no meaning. SQLAlchemy Core on SQLite and PostgreSQL, the same functions for both."""
