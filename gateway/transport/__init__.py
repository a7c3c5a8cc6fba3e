"""Floor 5: thin shells around protocols. No SQL and no policy."""
