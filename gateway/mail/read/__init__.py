"""Bytes to values, under limits: parts, texts, files, HTML, and who a mail is from."""
