"""What must be true of every mail that was read, whatever its bytes: asked by the tests and by the fuzzer's target alike.

A broken law is said in words, with what broke it: outside pytest, which writes asserts anew, an `assert` would only say that it failed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

from gateway.domain.people import Address
from gateway.mail.inbound import InboundMail, Trimmed
from gateway.mail.plain_values import NotOurValueError, from_plain, to_plain
from gateway.mail.understand import Context, ReadThrough, Understood, as_json, read_through, understand
from gateway.mail.words.trim_lines import plain
from gateway.mail.write.texts import reply_markers

AUTHSERV = frozenset({"mx.desk.example"})
MARKERS = reply_markers()
CONTEXT = Context(
    authserv_ids=AUTHSERV,
    own_addresses=frozenset({"support@desk.example", "noreply@desk.example"}),
    own_markers=MARKERS,
    size_limit=26_214_400,
    is_own_message_id=lambda ident: ident.startswith("<sup-"),
    is_own_loop=lambda value: "desk.example" in value,
)
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_UNSAFE_LINE = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")


class BrokenLawError(Exception):
    """Something that must be true of every mail is not."""


def _must(true: object, law: str, found: object = "") -> None:
    if not true:
        raise BrokenLawError(f"{law}: {str(found)[:300]!r}")


def read_lawfully(raw: bytes) -> ReadThrough:
    """`raw` as read, after every law was asked. Raises BrokenLawError, or what a step of reading raised."""
    read = read_through(raw, AUTHSERV, MARKERS)
    mail = read.mail
    failed = [defect for defect in mail.defects if defect.startswith("reader-failed")]
    _must(not failed, "our reader fails on no mail", failed)
    _texts(read)
    _headers(mail)
    _trimmed(mail.text, read.trimmed)
    _must(_returned(read) == read, "a mail comes back from another process as it was")
    _must(read_through(raw, AUTHSERV, MARKERS) == read, "reading twice gives the same")
    _answer(understand(raw, replace(CONTEXT, reader=lambda *_: read)))
    return read


def _returned(read: ReadThrough) -> ReadThrough | None:
    written, pieces = to_plain(read)
    try:
        return from_plain(ReadThrough, written, pieces)
    except NotOurValueError:
        return None


def _strings(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Each text in `value` with the name of its field."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, tuple):
        for one in value:
            yield from _strings(one, where)
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _strings(pair, where)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _strings(getattr(value, one.name), f"{where}.{one.name}")


def _texts(read: ReadThrough) -> None:
    for where, text in _strings(read, ""):
        _must(_UNSAFE.search(text) is None, "a text is safe to store and to show", (where, text))


def _headers(mail: InboundMail) -> None:
    lines = [header.decoded for header in mail.headers]
    people = [one for one in (mail.sender, mail.claimed_sender, *mail.to, *mail.cc, *mail.reply_to) if one is not None]
    lines += [mail.subject, *(text for one in people for text in (one.name, one.address))]
    for line in lines:
        _must(_UNSAFE_LINE.search(line) is None, "what stands in a header is one line", line)
    for one in people:
        _must(_is_one_address(one), "an address is one", one.address)
    for ident in (mail.message_id or "<x>", *mail.in_reply_to, *mail.references):
        _must(ident.startswith("<") and ident.endswith(">") and " " not in ident, "an id is one", ident)
    for file in mail.attachments:
        name = file.filename
        _must(_UNSAFE_LINE.search(name) is None and 0 < len(name) <= 150, "a file name is one line", name)
        _must(name not in {".", ".."} and not name.startswith("/"), "a file name is no path", name)
        _must("/" not in name or file.content_type.startswith("message/"), "a file name is no path", name)


def _is_one_address(one: Address) -> bool:
    return not any(character in one.address for character in "<>\r\n\0") and len(one.address) <= 320


def _trimmed(text: str, trimmed: Trimmed) -> None:
    """Nothing is lost: reply, quotation and signature hold each word of the text as often as it stands there.

    A word is what can be seen: a line of nothing but a soft hyphen is an empty one.
    """
    wanted = Counter(plain(text).split())
    words = Counter(word for part in (trimmed.reply, trimmed.quoted, trimmed.signature) for word in plain(part).split())
    _must(words == wanted, "no word of the text is lost", (wanted - words, words - wanted))
    _must(plain(trimmed.reply) or not wanted, "a reply is not empty", text)
    _must(0 <= trimmed.confidence <= 1, "a confidence is one", trimmed.confidence)


def _answer(understood: Understood) -> None:
    _must(understood.classified.rules, "a verdict has its rule", understood.classified)
    answer = as_json("mail.eml", understood)
    written = json.dumps(answer, ensure_ascii=False, allow_nan=False).encode("utf-8")
    _must(json.loads(written) == answer, "the answer is plain JSON")
    page = (answer["html"] or "").lower()
    _must(not any(tag in page for tag in ("<script", "<style", "<iframe", "<svg", "<object")), "a page is safe", page)
