"""Floor 1: what a help desk is. Pure values and decisions; the standard library only, no clock, no random, no I/O."""
