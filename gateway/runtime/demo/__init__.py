"""The demo: a mail host of its own, people who write mails, and the gateway between them, all on this machine."""
