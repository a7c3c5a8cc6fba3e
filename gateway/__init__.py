"""An email-driven help desk: each mail becomes a ticket, each reply a comment, and nothing is lost."""

__version__ = "0.1.0"
