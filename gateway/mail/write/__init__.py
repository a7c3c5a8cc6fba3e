"""Values to bytes: templates and texts to a mail that every program shows."""
