"""`gateway explain FILE...`: what the gateway makes of mails, without a database and without changing anything."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gateway.mail.understand import Context, as_json, understand

_SIZE_LIMIT = 25 * 1024 * 1024


def explain_files(files: Iterable[str], *, as_lines: bool) -> int:
    """Print one answer for each of `files` as it is ready, as JSON lines or in a readable layout. Returns 1 if any could not be read."""
    context = _context()
    code = 0
    for name in files:
        try:
            raw = _read(name)
        except OSError as error:
            print(f"gateway explain: {name}: {error.strerror or error}", file=sys.stderr)
            code = 1
            continue
        answer = as_json(name, understand(raw, context))
        _write(json.dumps(answer, ensure_ascii=False) if as_lines else "\n".join(_layout(answer)) + "\n")
    return code


def _context() -> Context:
    """What a desk without configuration knows: no address, no server and no Message-ID is its own; our reply marker always is."""
    from gateway.mail.write.texts import reply_markers

    return Context(
        authserv_ids=frozenset(),
        own_addresses=frozenset(),
        own_markers=reply_markers(),
        size_limit=_SIZE_LIMIT,
        is_own_message_id=lambda _ident: False,
        is_own_loop=lambda _value: False,
    )


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _write(text: str) -> None:
    """One answer, in UTF-8 whatever the terminal says, out at once."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _layout(answer: dict[str, Any]) -> Iterator[str]:
    """An answer for a person."""
    yield f"── {answer['file']}"
    sender = answer["from"]
    head = {
        "from": f"{sender['name']} <{sender['address']}>".strip() if sender else "nobody",
        "to": ", ".join(one["address"] for one in (*answer["to"], *answer["cc"])),
        "subject": answer["subject"],
        "date": answer["date"],
        "message-id": answer["message_id"],
        "verdict": f"{answer['verdict']} ({', '.join(answer['rules'])})",
        "may answer": "yes" if answer["may_answer"] else "no",
        "defects": ", ".join(answer["defects"]),
    }
    yield from (_row(title, value) for title, value in head.items() if value)
    for one in answer["attachments"]:
        yield _row("inline" if one["inline"] else "file", f"{one['filename']} ({one['content_type']}, {one['size']} bytes)")
    for one in (answer["bounce"] or {}).get("recipients", ()):
        yield _row("bounced", f"{one['address']} {one['status']} {'hard' if one['hard'] else 'soft'}")
    if answer["forward"]:
        original = answer["forward"]
        yield _row("forwarded", f"{(original['from'] or {}).get('address', 'unknown')}: {original['subject']}")
        for one in original["attachments"]:
            yield _row("  with", f"{one['filename']} ({one['content_type']}, {one['size']} bytes)")
    if answer["sender_proof"] != "none":
        yield _row("domain", f"{answer['sender_proof']} (DMARC, by our own mail server)")
    if answer["quoted"] or answer["signature"]:
        yield _row("certainty", f"{answer['confidence']} that what was cut from the reply is none of it")
    for title in ("reply", "quoted", "signature"):
        if answer[title]:
            yield f"   {title}:"
            yield from (f"     {line}" for line in answer[title].split("\n"))


def _row(title: str, value: str) -> str:
    return f"   {title:<11}{value}".rstrip()
