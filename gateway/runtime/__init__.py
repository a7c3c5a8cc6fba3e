"""Floor 6: what makes it run: settings, wiring, loops, the daemon, health, logs."""
