"""Mailboxes of address fields: read tolerantly for display, and strictly for the one question "who is this from".

Two readers of one From line may see two different people (CASES F2, A1.8), and whoever finds such a line can pretend to be somebody. So a
sender is believed only when the line is of a shape that leaves nothing to interpret, or when a second, foreign reader sees the same
single mailbox in it; everything else is shown as claimed and is nobody's.

Bugs: domains are turned to A-labels by IDNA 2003, as the standard library does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.domain.people import Address
from gateway.mail.read.decode import clean_header, decode_header

_WORD = r"=\?[^\s?]{1,60}\?[bBqQ]\?[^?\s]{0,2000}\?="
_TOKEN = re.compile(rf'{_WORD}|"(?:[^"\\]|\\.)*(?:"|\\?\Z)|<[^<>]*(?:>|\Z|(?=<))|[^\s"(),:;<>\\\[\]]+|\[[^\[\]]*(?:\]|\Z)|\s+|.', re.DOTALL)
_SPECIAL = re.compile(r'[<>(),:;@"\\]')
_QUOTED_PAIR = re.compile(r"\\(.)")
_LOCAL = re.compile(r'(?:[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]{1,128}|"(?:[^"\\\x00-\x1f\x7f]|\\[ -~]){1,128}")')
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,126}}|\[(?:ipv6:)?[0-9a-f:.]{{2,60}}\]")
_PLAIN_TEXT = r'[^@<>(),:;"\\\[\]\x00-\x1f\x7f]'
# The shapes that every reader takes for the same one mailbox: `a@b`, `<a@b>`, `Words <a@b>`, `"words" <a@b>`; nothing quoted twice, no
# comment, no second `@`, no group, no route. Proved by the second reader over generated lines in tests/mail/read/test_sender.py.
_PLAIN_MAILBOX = re.compile(
    rf'(?:(?P<name>"[^"\\\x00-\x1f\x7f]{{0,400}}"|{_PLAIN_TEXT}{{0,400}})[ ]{{0,10}}<)?'
    r"(?P<address>[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,16}"
    r"@[a-z0-9][a-z0-9_-]{0,62}(?:\.[a-z0-9][a-z0-9_-]{0,62}){0,20})"
    r"(?(name)>)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox of an address field: name and address as written, and whether its form left nothing to interpret."""

    name: str
    address: str
    clean: bool


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail is from. `address` only when it is beyond doubt; `claimed` is what a person would read there."""

    address: Address | None
    claimed: Address | None
    defects: tuple[str, ...]
    """Why nobody is beyond doubt, by the first of these that holds:

    - `no-from-field`: there is no From.
    - `two-from-fields`: there are several.
    - `from-hides-characters`: control, invisible or combining characters were taken out of it.
    - `from-without-mailbox`, `from-many-mailboxes`: it names nobody, or several.
    - `from-malformed`: its address is none, or stands in a form that may be read in two ways.
    - `from-readers-differ`: a second, foreign reader does not see the same single mailbox.
    """


def normal_address(text: str) -> str | None:
    """`text` as lower-case `local@domain`, the domain in A-labels; None when it is no address (RFC 5321 §4.1.2, at most 320 characters)."""
    text = text.strip()
    local, at, domain = text.rpartition("@")
    if not at or len(text) > 320 or not _LOCAL.fullmatch(local):
        return None
    domain = _a_labels(domain.lower().rstrip("."))
    if not 0 < len(domain) <= 255 or not _DOMAIN.fullmatch(domain):
        return None
    lowered = clean_header(local.lower())
    if not lowered or (lowered.isascii() and not local.isascii()):
        return None  # the Kelvin sign in lower case is the letter k of somebody else
    return f"{lowered}@{domain}"


def _a_labels(domain: str) -> str:
    """`domain` in A-labels; "" when it has none, or when a label would be mapped to an ASCII name, which is somebody else's."""
    if domain.isascii() or len(domain) > 255:
        return domain
    labels: list[str] = []
    for label in domain.split("."):
        try:
            encoded = label if label.isascii() else label.encode("idna").decode("ascii")
        except (UnicodeError, ValueError):
            return ""
        if encoded != label and (not encoded.startswith("xn--") or "." in encoded):
            return ""
        labels.append(encoded)
    return ".".join(labels)


def read_mailboxes(text: str, limit: int = 1000) -> list[Mailbox]:
    """The mailboxes in the value of an address field, at most `limit`; groups are dissolved (RFC 5322 §3.4). Linear in its length."""
    plain = _PLAIN_MAILBOX.fullmatch(text.strip())
    if plain:
        return [Mailbox((plain["name"] or "").strip(' "'), plain["address"], clean=True)]
    reader = _Reader(limit)
    for found in _TOKEN.finditer(text):
        if not reader.take(found[0]):
            break
    reader.flush()
    return reader.out


class _Reader:
    """The tokens of one mailbox so far, and the mailboxes before it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.out: list[Mailbox] = []
        self.grouped = False
        self._clear()

    def _clear(self) -> None:
        self.words: list[str] = []
        self.angles: list[str] = []
        self.comments: list[str] = []
        self.depth = 0
        self.clean = not self.grouped

    def take(self, piece: str) -> bool:
        """Add one token; False when the limit is reached."""
        if self.depth or piece == "(":
            self._comment(piece)
        elif piece in {",", ";"}:
            self.flush()
            self.grouped = self.grouped and piece != ";"
            self.clean = not self.grouped
        elif piece == ":":
            if self.angles or any("@" in word for word in self.words):
                self.words.append(piece)
                self.clean = False
            else:
                self.grouped = True
                self._clear()
        elif piece[0] == "<":
            self.angles.append(piece[1:].removesuffix(">"))
            self.clean = self.clean and piece.endswith(">") and len(self.angles) == 1
        else:
            self.words.append(" " if piece.isspace() else piece)
            # an encoded word with a comma or an address inside is one word to some and two mailboxes to others
            self.clean = self.clean and piece not in {")", ">", "\\", "]"} and not (piece.startswith("=?") and _SPECIAL.search(piece))
        return len(self.out) < self.limit

    def _comment(self, piece: str) -> None:
        for char in piece:
            self.depth += (char == "(") - (char == ")")
        self.depth = max(self.depth, 0)
        if piece not in {"(", ")"}:
            self.comments.append(piece)
        elif piece == ")" and self.depth == 0:
            self.comments.append(" ")

    def flush(self) -> None:
        """Close the mailbox that the tokens make up, if they make up one."""
        words = "".join(self.words).strip()
        if self.depth:
            self.clean = False
        if self.angles:
            address = next((a for a in reversed(self.angles) if "@" in a), self.angles[-1])
            route, colon, behind = address.rpartition(":")
            if colon and route.startswith("@"):
                address, self.clean = behind, False
            unquoted = "".join(word for word in self.words if not word.startswith('"'))
            # whoever takes the name for the address finds the same one
            self.clean = self.clean and ("@" not in unquoted or unquoted.strip(" '").lower() == address.strip().lower())
            self.out.append(Mailbox(_unquote(self.words) or _comment_name(self.comments), address.strip(), self.clean))
        elif words:
            self._bare(words.strip("> "))
        self._clear()

    def _bare(self, words: str) -> None:
        """An address without brackets, perhaps with a name beside it that should not be there."""
        pieces = [piece for piece in words.split() if "@" in piece]
        alone = len(pieces) == 1 and pieces[0] == words
        address = pieces[-1] if pieces else words
        name = _comment_name(self.comments) if alone or not pieces else words.removesuffix(address).strip()
        self.out.append(Mailbox(name, address, self.clean and alone))


def _unquote(words: Sequence[str]) -> str:
    return "".join(_QUOTED_PAIR.sub(r"\1", word[1:].removesuffix('"')) if word.startswith('"') else word for word in words).strip()


def _comment_name(comments: Sequence[str]) -> str:
    return "".join(comments).strip()


def read_addresses(values: Iterable[str], limit: int = 1000, fallback: str = "") -> tuple[Address, ...]:
    """The usable addresses of the fields `values`, each once, in order; names decoded. At most `limit`."""
    out: dict[str, Address] = {}
    for value in values:
        for box in read_mailboxes(value, limit - len(out)):
            address = normal_address(box.address)
            if address and address not in out and len(out) < limit:
                out[address] = Address(address, _name(box, fallback))
    return tuple(out.values())


def _name(box: Mailbox, fallback: str = "") -> str:
    name = decode_header(box.name, fallback).strip("\"' ") if box.name else ""
    return name[:200]


def read_sender(from_fields: Sequence[str], fallback: str = "", reply_to: Sequence[str] = (), *, hidden: bool = False) -> Sender:
    """Who the mail is from, by its From fields as they stand (cleaned, encoded words untouched): CASES F2, A1.8, RFC 5322 §3.6.2.

    `hidden` says that characters were taken out of the field before it came here, so that its address may not be the one that was sent.
    `reply_to` is only shown, as the claimed sender, where From has no address at all; it is never anybody's identity (CASES A1.7).
    """
    boxes = [box for value in from_fields[:10] for box in read_mailboxes(value, 50)]
    claimed = next((Address(a, _name(box, fallback)) for box in boxes if (a := normal_address(box.address))), None)
    if claimed is None:
        claimed = _claimed_in_words(from_fields, fallback) or next(iter(read_addresses(reply_to, 1, fallback)), None)
    if not from_fields:
        return Sender(None, claimed, ("no-from-field",))
    if len(from_fields) > 1:
        return Sender(None, claimed, ("two-from-fields",))
    if hidden:
        return Sender(None, claimed, ("from-hides-characters",))
    if len(boxes) != 1:
        return Sender(None, claimed, ("from-without-mailbox" if not boxes else "from-many-mailboxes",))
    address = normal_address(boxes[0].address)
    encoded = "=?" in boxes[0].address  # forbidden there (RFC 2047 §5), and decoded by some readers
    if address is None or encoded or not boxes[0].clean or claimed is None or claimed.address != address:
        return Sender(None, claimed, ("from-malformed",))
    if not _PLAIN_MAILBOX.fullmatch(from_fields[0].strip()) and _second_reader(from_fields[0]) != address:
        return Sender(None, claimed, ("from-readers-differ",))
    return Sender(claimed, claimed, ())


def _claimed_in_words(from_fields: Sequence[str], fallback: str) -> Address | None:
    """The address that stands inside an encoded word, where no reader of the raw line finds one. For display only."""
    for value in from_fields[:10]:
        decoded = decode_header(value, fallback)
        if decoded != value:
            for box in read_mailboxes(decoded, 5):
                if address := normal_address(box.address):
                    return Address(address, clean_header(box.name)[:200])
    return None


def _second_reader(value: str) -> str | None:
    """The one mailbox that mail-parser sees in a From line; None when it sees none, several or fails.

    It gets a message of this one line. That takes 0.12 ms and its import 75 ms, so lines of a plain shape do without. Its exceptions
    are of many types (CASES F3), and each of them means "no".
    """
    import mailparser

    if len(value) > 2000:
        return None
    try:
        seen = mailparser.parse_from_bytes(b"From: " + value.encode("utf-8", "replace") + b"\r\n\r\n").from_  # type: ignore[no-untyped-call]
    except Exception:  # noqa: BLE001  a foreign reader's wall: any failure is a disagreement
        return None
    return normal_address(seen[0][1]) if len(seen) == 1 and len(seen[0]) == 2 else None
