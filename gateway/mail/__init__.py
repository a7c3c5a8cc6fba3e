"""Floor 2: mail as values. Bytes become an `InboundMail`, a `Draft` becomes bytes; no socket, no clock, no database."""
