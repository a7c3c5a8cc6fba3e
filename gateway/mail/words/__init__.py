"""What a mail says itself: without what it quotes, what it passes on, and an agent's commands."""
