"""Turns a draft into the bytes that go over the wire: headers that nobody can break out of, a text part and an HTML part.

Every word in a header may come from a stranger: a subject, a display name, a Message-ID, a file name. So there is one way in
(`header_text`), each kind of header has one writer, and the finished header block is read again by the standard parser: its list
of names must be exactly the one that was meant, or nothing leaves (CASES F1, A2.1). The mail is assembled by hand because that is an order
of magnitude quicker than `EmailMessage`, and because `EmailMessage` breaks long Message-IDs (docs/decisions/0004-composing.md).

The result depends on the draft alone: the same draft gives the same bytes, so a resend is the same mail.

Bugs: no SMTPUTF8: a recipient whose local part is not ASCII cannot be written to. Domains go through IDNA 2003 (standard library).
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from base64 import encodebytes
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote

from gateway.domain.people import Address

MAX_HEADER_TEXT = 998
"""Characters of one header value (RFC 5322 §2.1.1 has the same figure for a line)."""
MAX_NAME = 120
"""Characters of a display name."""
MAX_REFERENCES = 20
MAX_REFERENCES_BYTES = 900
_SOFT_LINE = 78
_HARD_LINE = 998
_LONGEST_ID = 900
_LONGEST_WORD = 900

_BLANKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffc\ufffe\uffff\U000e0000-\U000e0fff]+"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+>")
_DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOTTED = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_QUOTED_LOCAL = re.compile(r'"[\x20\x21\x23-\x5b\x5d-\x7e]*"')
_DOMAIN = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*|\[[0-9A-Fa-f.:IPv]{2,60}\]")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_NOT_TOKEN = re.compile(r"[^A-Za-z0-9_.-]+")
_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e]+")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,90}")
_BODY_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_Q = tuple("_" if byte == 0x20 else chr(byte) if byte in _Q_SAFE else f"={byte:02X}" for byte in range(256))
_HEADER_READER = BytesHeaderParser()


class HeaderInjectionError(RuntimeError):
    """The finished header block is not the one that was meant. Our fault: the mail is parked, nothing leaves."""


class UnsendableAddressError(ValueError):
    """An address that cannot stand in a header or an envelope without SMTPUTF8, or at all."""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes with a mail. Its name and type may be a stranger's; both are made harmless here."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One mail to one recipient, before it is bytes. Texts are str of any content; `date` is aware.

    `in_reply_to` and `references` may hold what strangers sent: what is not a Message-ID is left out. `message_id` is ours and must
    be one. `list_unsubscribe` is one https address (RFC 8058 §3.1), `loop` the value of our loop mark (CASES C.1).
    """

    sender: Address
    to: Address
    subject: str
    text: str
    html: str | None = None
    message_id: str
    date: datetime
    reply_to: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: str | None = None
    language: str = "en"
    loop: str | None = None
    list_unsubscribe: str | None = None
    list_id: str | None = None
    suppress_responses: bool = False
    precedence: str | None = None
    attachments: tuple[OutgoingFile, ...] = ()


def header_text(value: str, limit: int = MAX_HEADER_TEXT) -> str:
    """`value` as it may stand in a header: one line, NFC, no control, bidirectional or zero-width character, at most `limit` long.

    A plain `str` comes back, never a header object of the standard library that remembers its source (CASES F1).
    """
    if value.isascii() and value.isprintable() and "  " not in value:
        return value[:limit].strip()
    cleaned = _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", value))
    cleaned = unicodedata.normalize("NFC", cleaned)
    return _BLANKS.sub(" ", cleaned).strip(" ")[:limit].strip(" ")


def is_message_id(value: str) -> bool:
    """Whether `value` is a Message-ID with its brackets that can be repeated as it is (RFC 5322 §3.6.4, less strict on the left)."""
    return len(value) <= _LONGEST_ID and "=?" not in value and _MESSAGE_ID.fullmatch(value) is not None


def wire_address(address: str) -> str:
    """`address` for a header or an envelope: ASCII, the domain in A-labels.

    Raises UnsendableAddressError: no `@`, a character that may not stand there, a local part that needs SMTPUTF8, or too long
    (RFC 5321 §4.5.3.1).
    """
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise UnsendableAddressError(f"not an address: {header_text(address, 80)!r}")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise UnsendableAddressError(f"not a domain: {header_text(domain, 80)!r}") from error
    if not _DOT_ATOM.fullmatch(local) and not _QUOTED_LOCAL.fullmatch(local):
        if not _DOTTED.fullmatch(local):
            raise UnsendableAddressError(f"not a local part: {header_text(local, 80)!r}")
        local = f'"{local}"'  # dots that some telephone companies gave out: they work, but only in quotes
    if len(local) > 66 or len(domain) > 253 or not _DOMAIN.fullmatch(domain):
        raise UnsendableAddressError(f"not an address: {header_text(address, 80)!r}")
    return f"{local}@{domain}"


def compose(draft: Draft) -> bytes:
    """The mail as bytes with CRLF line ends, ready for DATA (dot-stuffing is the transport's).

    Raises UnsendableAddressError for an address, ValueError for a naive date or a Message-ID of ours that is none, and
    HeaderInjectionError when the header block read back is not the one that was meant.
    """
    fields = _fields(draft)
    kind_fields, body = _body(draft)
    fields.extend(kind_fields)
    head = "\r\n".join([line for _, line in fields]).encode("utf-8", "replace")
    mail = b"%b\r\n\r\n%b" % (head, body)
    _check(mail, [name for name, _ in fields])
    return mail


def _check(mail: bytes, expected: list[str]) -> None:
    """Read the header block again, as a stranger's parser would, and compare."""
    head = mail[: mail.index(b"\r\n\r\n") + 2]
    breaks = head.count(b"\r\n")
    if not head.isascii() or head.count(b"\n") != breaks or head.count(b"\r") != breaks or b"\0" in head:
        raise HeaderInjectionError("a header holds a raw byte or a bare line break")
    if max(map(len, head.split(b"\r\n"))) > _HARD_LINE:
        raise HeaderInjectionError("a header line is longer than 998 characters")
    names = _HEADER_READER.parsebytes(head).keys()
    if names != expected:
        raise HeaderInjectionError(f"expected the headers {expected}, read back {names}")


def _fields(draft: Draft) -> list[tuple[str, str]]:
    """The header fields but those of MIME, in the order in which people like to read them (CASES C.1)."""
    if draft.date.utcoffset() is None:
        raise ValueError("the date of a draft has no time zone")
    if not is_message_id(draft.message_id):
        raise ValueError(f"not a Message-ID: {header_text(draft.message_id, 80)!r}")
    made = [
        _mailbox("From", draft.sender),
        _mailbox("To", draft.to),
        *([_mailbox("Reply-To", Address(draft.reply_to))] if draft.reply_to else []),
        _folded("Subject", _unstructured(header_text(draft.subject))),
        _folded("Date", [format_datetime(draft.date.astimezone(UTC))]),
        _folded("Message-ID", [header_text(draft.message_id)]),
        *_thread(draft),
    ]
    short = (
        ("Auto-Submitted", _token(draft.auto_submitted)),
        ("X-Auto-Response-Suppress", "All" if draft.suppress_responses else ""),
        ("Precedence", _token(draft.precedence)),
        ("Content-Language", _token(draft.language)),
        ("List-Id", _bracketed(_token(draft.list_id))),
        ("List-Unsubscribe", _bracketed(_url(draft.list_unsubscribe))),
        ("List-Unsubscribe-Post", _one_click(draft.list_unsubscribe)),
        ("X-Gateway-Loop", _printable(draft.loop)),
    )
    made.extend(_folded(name, [value]) for name, value in short if value)
    made.append(("MIME-Version", "MIME-Version: 1.0"))
    return made


def _thread(draft: Draft) -> list[tuple[str, str]]:
    """In-Reply-To and References, each id whole on its line: an encoded or a split id breaks threading everywhere."""
    parent = draft.in_reply_to if draft.in_reply_to and is_message_id(draft.in_reply_to) else None
    chain = references((*draft.references, parent) if parent else draft.references)
    made = [_folded("In-Reply-To", [header_text(parent)])] if parent else []
    if chain:
        made.append(_folded("References", [header_text(one) for one in chain]))
    return made


def references(ids: tuple[str, ...]) -> tuple[str, ...]:
    """The ids that may stand in References: valid ones, once each, the first and the newest, at most 20 and 900 bytes.

    An id that comes twice stands where it came last: the newest is the one that is answered.
    """
    valid = [one for one in reversed(dict.fromkeys(reversed(ids))) if is_message_id(one)]
    if not valid:
        return ()
    first, rest = valid[0], valid[1:]
    room, kept = MAX_REFERENCES_BYTES - len(first), list[str]()
    for one in reversed(rest[-(MAX_REFERENCES - 1) :]):
        room -= len(one) + 1
        if room < 0:
            break
        kept.append(one)
    if rest and not kept:  # no room for both: the newest is the one that threads
        return (rest[-1],)
    return (first, *reversed(kept))


def _mailbox(name: str, address: Address) -> tuple[str, str]:
    """A field with one mailbox; a display name that is not plain words is quoted, or encoded (RFC 5322 §3.4, RFC 2047 §5)."""
    spec = wire_address(address.address)
    shown = header_text(address.name, MAX_NAME)
    if not shown:
        return _folded(name, [spec])
    if not shown.isascii() or "=?" in shown:
        return _folded(name, [*_encoded_words(shown), f"<{spec}>"])
    if not _PLAIN_PHRASE.fullmatch(shown):
        shown = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _folded(name, [shown, f"<{spec}>"])


def _unstructured(value: str) -> list[str]:
    """The words of a free text: plain as long as they are ASCII, so that `[SUP-1]` can be found in the raw mail, then encoded."""
    if "=?" in value or len(value) > _LONGEST_WORD:
        return _encoded_words(value)
    if value.isascii():
        return value.split(" ")
    first_odd = next(i for i, char in enumerate(value) if not char.isascii())
    cut = value.rfind(" ", 0, first_odd)
    return [*(value[:cut].split(" ") if cut > 0 else ()), *_encoded_words(value[cut + 1 :] if cut > 0 else value)]


def _encoded_words(text: str) -> list[str]:
    """`text` as encoded words, cut between characters (RFC 2047 §2, §5); the shorter of Q and B.

    A word has at most 64 characters, so that with `Subject: ` before it a line keeps to 76.
    """
    data = text.encode("utf-8", "replace")
    costs = [len(_Q[byte]) for byte in data]
    if sum(costs) > len(data) * 4 // 3:
        pieces = _cut(data, [1] * len(data), 36)
        return [f"=?utf-8?b?{binascii.b2a_base64(piece, newline=False).decode('ascii')}?=" for piece in pieces]
    return ["=?utf-8?q?" + "".join([_Q[byte] for byte in piece]) + "?=" for piece in _cut(data, costs, 52)]


def _cut(data: bytes, costs: list[int], room: int) -> list[bytes]:
    """`data` (UTF-8) in pieces whose bytes cost at most `room` together, never inside a character."""
    pieces, start, end, used = list[bytes](), 0, 0, 0
    while end < len(data):
        after = end + 1
        while after < len(data) and data[after] & 0xC0 == 0x80:
            after += 1
        cost = sum(costs[end:after])
        if used + cost > room:
            pieces.append(data[start:end])
            start, used = end, 0
        used += cost
        end = after
    pieces.append(data[start:])
    return pieces


def _folded(name: str, words: list[str]) -> tuple[str, str]:
    """A field whose lines are broken between words only, at 78 characters where the words allow it (RFC 5322 §2.2.3)."""
    lines, line = list[str](), f"{name}: {words[0]}"
    for word in words[1:]:
        if len(line) + 1 + len(word) > _SOFT_LINE:
            lines.append(line)
            line = f" {word}"
        else:
            line = f"{line} {word}"
    lines.append(line)
    return name, "\r\n".join(lines)


def _token(value: str | None) -> str:
    """A value of a header that knows only words: letters, digits, `.`, `_`, `-`."""
    return _NOT_TOKEN.sub("", header_text(value, 200)) if value else ""


def _printable(value: str | None) -> str:
    """A value of our own in printable ASCII; anything else is left out."""
    return _NOT_PRINTABLE.sub("", header_text(value, 400)).strip() if value else ""


def _url(value: str | None) -> str:
    """An address of a page with everything percent-encoded that could end it; none when it is too long to be one of ours."""
    made = quote(header_text(value), safe="!#$%&'()*+,/:;=?@[]~") if value else ""
    return made if len(made) <= _LONGEST_WORD else ""


def _one_click(value: str | None) -> str:
    """RFC 8058 §3.1 wants an https address."""
    return "List-Unsubscribe=One-Click" if _url(value).startswith("https://") else ""


def _bracketed(value: str) -> str:
    return f"<{value}>" if value else ""


def _body(draft: Draft) -> tuple[list[tuple[str, str]], bytes]:
    """The MIME fields of the whole, and the body: text alone, text and HTML, or these and files (RFC 2046 §5.1.4: the best one last)."""
    seed = sha256(draft.message_id.encode("utf-8", "replace")).hexdigest()[:24]
    kind, body = _text_part("plain", draft.text)
    if draft.html is not None:
        html_kind, html_body = _text_part("html", draft.html)
        kind, body = _multipart("alternative", f"=_a{seed}", [(kind, body), (html_kind, html_body)])
    if draft.attachments:
        kind, body = _multipart("mixed", f"=_m{seed}", [(kind, body), *map(_file_part, draft.attachments)])
    return kind, body


def _text_part(subtype: str, text: str) -> tuple[list[tuple[str, str]], bytes]:
    """A part in UTF-8; quoted-printable as long as it stays readable, else base64. Body lines have at most 78 characters."""
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    data = _BODY_CONTROLS.sub("", one_kind).encode("utf-8", "replace")
    if not data.endswith(b"\n"):
        data += b"\n"
    odd = data.count(b"=") + (0 if data.isascii() else len(data) - len(data.decode("utf-8").encode("ascii", "ignore")))
    if odd * 6 > len(data):
        encoding, body = "base64", encodebytes(data)
    else:
        encoding = "quoted-printable"
        body = binascii.b2a_qp(data, istext=True).replace(b"\nFrom ", b"\n=46rom ")
        if body.startswith(b"From "):  # some mailboxes would put a `>` before it, and the signature of the mail would break
            body = b"=46" + body[1:]
    kind = [
        ("Content-Type", f"Content-Type: text/{subtype}; charset=utf-8"),
        ("Content-Transfer-Encoding", f"Content-Transfer-Encoding: {encoding}"),
    ]
    return kind, body.replace(b"\n", b"\r\n")


def _multipart(subtype: str, boundary: str, parts: list[tuple[list[tuple[str, str]], bytes]]) -> tuple[list[tuple[str, str]], bytes]:
    """Parts between boundaries. `=_` stands in no encoded body, so a boundary cannot be met by chance or by malice (RFC 2045 §6.7)."""
    mark = boundary.encode("ascii")
    pieces = list[bytes]()
    for fields, body in parts:
        head = "\r\n".join([line for _, line in fields]).encode("ascii")
        pieces.append(b"--%b\r\n%b\r\n\r\n%b" % (mark, head, body))
    kind = [("Content-Type", f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"')]
    return kind, b"%b--%b--\r\n" % (b"".join(pieces), mark)


def _file_part(file: OutgoingFile) -> tuple[list[tuple[str, str]], bytes]:
    """A file in base64, always offered for saving and never shown. Types that a reader would open up as a mail become plain bytes."""
    kind = file.content_type.lower()
    if not _MEDIA_TYPE.fullmatch(kind) or kind.startswith(("message/", "multipart/")):
        kind = "application/octet-stream"
    fields = [
        ("Content-Type", f"Content-Type: {kind}"),
        ("Content-Transfer-Encoding", "Content-Transfer-Encoding: base64"),
        ("Content-Disposition", "Content-Disposition: attachment;\r\n " + ";\r\n ".join(_filename(file.filename))),
    ]
    return fields, encodebytes(file.content).replace(b"\n", b"\r\n")


def _filename(name: str) -> list[str]:
    """The `filename` parameter: quoted when it is ASCII, else percent-encoded and continued line by line (RFC 2231 §3, §4)."""
    shown = header_text(name, 150).replace("/", "_").replace("\\", "_").replace('"', "'") or "file"
    if shown.isascii() and len(shown) <= 60 and "=?" not in shown:
        return [f'filename="{shown}"']
    text = quote(shown, safe="")
    if len(text) <= 55:
        return [f"filename*=utf-8''{text}"]
    pieces, start = list[str](), 0
    while start < len(text):
        end = min(start + 54, len(text))
        escape = text.rfind("%", max(start, end - 2), end) if end < len(text) else -1
        end = escape if escape > start else end
        mark = "utf-8''" if not pieces else ""
        pieces.append(f"filename*{len(pieces)}*={mark}{text[start:end]}")
        start = end
    return pieces
