"""Bytes to text: transfer encodings, charsets, encoded words, and the clean-up that every text of a mail goes through.

Each function here takes anything and gives text that is safe to store and to show: no NUL, no lone surrogate, no control character
(CASES F1, A3.10, A3.20). A wrong label is repaired by a fixed ladder, never by a statistical guess: guessers were wrong on short texts.

Bugs: a text in a rare single-byte charset with no label at all is read as Windows-1252.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from encodings.aliases import aliases
from functools import lru_cache

HEADER_LIMIT = 65_536
"""Characters of one header value that are kept (CASES A3.8)."""

# Names that mails use for something else than what Python calls by that name, or does not know at all. Subsets are read by their superset.
_ALIASES = {
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb_2312-80": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-big5": "big5",
    "big5": "big5hkscs",
    "big-5": "big5hkscs",
    "windows-31j": "cp932",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-utf-8": "utf-8",
    "utf-8mb4": "utf-8",
    "utf8mb4": "utf-8",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ce": "mac_latin2",
    "x-mac-turkish": "mac_turkish",
    "x-mac-greek": "mac_greek",
    "x-mac-icelandic": "mac_iceland",
    "x-euc-kr": "cp949",
    "x-gb2312": "gb18030",
    "cn-gb": "gb18030",
    "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "windows-874": "cp874",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "iso-8859-1": "cp1252",  # as browsers do (WHATWG): 0x80-0x9f are typographic signs in practice
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso8859-9": "cp1254",
}
# Not charsets of a text, whatever they are called: no mail may choose them (CASES A3.10).
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_ASCII = frozenset(
    {"ascii", "us-ascii", "ansi_x3.4-1968", "7bit", "8bit", "binary", "unknown", "unknown-8bit", "x-unknown", "default", "none"}
)
# Only these names reach codecs.lookup(): it tries to import a module for each unknown name, and remembers every one of them for good.
_KNOWN = frozenset(
    {
        *(*aliases, *aliases.values(), "iso2022_jp_ext", "utf_8_sig", "utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"),
        # Python has these without any alias
        *("koi8_u", "koi8_t", "cp720", "cp737", "cp856", "cp874", "cp875", "cp1006", "mac_croatian", "mac_romanian"),
    }
)
_NOT_NAME = re.compile(r"[^a-z0-9]+")
# Ways of writing the names of numbered charsets that no registry knows: cp-850, win-1252, windows1252, 8859_1, ibm-437.
_NUMBERED = (
    (re.compile(r"(?:x-)?(?:cp|win|windows|ms|ibm|dos)[-_ ]?(\d{3,4})"), "cp{}"),
    (re.compile(r"(?:x-)?(?:iso)?[-_ ]?8859[-_ ]?(\d{1,2})"), "iso-8859-{}"),
)
_BEHIND_NAME = re.compile(r"[,;\s].*|(?<=utf-8)[a-z].*", re.DOTALL)
"""What is left in a label when the `;` or the quote behind it was lost."""
_MULTIBYTE = frozenset({"utf-8", "gb18030", "cp949", "cp932", "euc_jp", "big5hkscs", "iso2022_jp_ext", "johab"})

_BODY_CONTROLS = dict.fromkeys((*range(9), *range(14, 32), *range(0x7F, 0xA0), 0xFEFF)) | {
    0x0B: "\n",
    0x0C: "\n",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
}
_CONTROL_RUN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Characters that show nothing or turn the line around. Joiners are dealt with apart: emoji and Persian need them.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)
_LOOSE_JOINER = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")
_EMOJI = 0xF0
"""The first byte of one in UTF-8, and the rarest of letters in Windows-1252."""
_C1 = re.compile("[\x80-\x9f]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_HIGH = re.compile("[^\x00-\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what was wrong with its bytes ("" when nothing was)."""

    text: str
    defect: str = ""


def clean_header(text: str, limit: int = HEADER_LIMIT) -> str:
    """`text` as one line that may stand in a header or on a page, at most `limit` characters (CASES F1, A1.9).

    Control characters become a space, bidirectional and invisible ones go, the rest is composed (NFC).
    """
    text = text[:limit]
    if text.isascii():
        return (text if text.isprintable() else _CONTROL_RUN.sub(" ", text)).strip()
    text = _CONTROL_RUN.sub(" ", _SURROGATE.sub("\ufffd", text))
    text = _LOOSE_JOINER.sub("", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", text).strip()


def hides_something(raw: bytes, fallback: str = "") -> bool:
    """Whether `clean_header` changes the characters of a raw header value: then what is read is not what was sent.

    Composing is such a change, too: of the Kelvin sign it makes the letter K, of `<` and a stroke another sign.
    """
    text = decode_text(raw, "", fallback).text
    return not unicodedata.is_normalized("NFC", text) or bool(
        _INVISIBLE.search(text) or _LOOSE_JOINER.search(text) or _CONTROL_RUN.search(text.replace("\t", " "))
    )


def clean_body(text: str) -> str:
    r"""`text` with `\n` for every line end, and without control characters but newline and tab."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", text.translate(_BODY_CONTROLS)) if not text.isascii() or _CONTROL_RUN.search(text) else text


@lru_cache(maxsize=1024)
def codec_of(label: str) -> str | None:
    """The Python codec for the charset `label` of a mail; "ascii" for labels that say nothing; None for one that is unknown or refused."""
    name = label.strip().strip("\"'").lower()[:64]
    name = name.partition("*")[0]  # RFC 2231 §5: a language may follow
    name = _BEHIND_NAME.sub("", name)
    if not name or name in _ASCII:
        return "ascii"
    name = _ALIASES.get(name, name)
    if _NOT_NAME.sub("_", name) not in _KNOWN:
        written = (form.format(hit[1]) for pattern, form in _NUMBERED if (hit := pattern.fullmatch(name)))
        name = next((_ALIASES.get(one, one) for one in written), name)
    if name == "utf-7":
        return name
    if _NOT_NAME.sub("_", name) not in _KNOWN:
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    # _is_text_encoding is what bytes.decode() itself asks; without it charset=zlib_codec would inflate
    if found.name in _REFUSED or not getattr(found, "_is_text_encoding", True):
        return None
    return _ALIASES.get(found.name, found.name)


def decode_text(raw: bytes, label: str = "", fallback: str = "") -> Decoded:
    """`raw` as text: the charset `label`, else UTF-8, else the charset `fallback`, else Windows-1252, else Latin-1. Not cleaned yet.

    UTF-8 under another label is UTF-8: text of another charset has its shape by no accident.
    """
    codec = codec_of(label)
    defect = "" if codec else f"charset-unknown:{clean_header(label, 40)}"
    if codec not in {None, "ascii", "utf-8"}:
        if _is_utf8(raw, codec or ""):
            return Decoded(raw.decode("utf-8"), f"charset-wrong:{codec}")
        text = _try_codec(raw, codec or "")
        if text is not None:
            return Decoded(text, defect)
        defect = defect or f"charset-wrong:{codec}"
    text = _try_codec(raw, "utf-8")
    if text is not None:
        return Decoded(text, defect)
    name = codec_of(fallback) if fallback else None
    if name not in {None, "ascii", "utf-8", "cp1252"} and (text := _try_codec(raw, name or "")) is not None:
        return Decoded(text, defect or "charset-guessed")
    return Decoded(_mixed(raw) or _try_codec(raw, "cp1252") or raw.decode("latin-1"), defect or "charset-guessed")


_UTF16 = frozenset({"utf-16", "utf-16-le", "utf-16-be"})
_JAPANESE = re.compile(rb"\x1b\$[@B]")


def decode_part(raw: bytes, label: str = "", fallback: str = "") -> Decoded:
    """The text of a part: as `decode_text`, but a byte order mark of UTF-16 is believed. In a header it would hide what others read.

    Without a mark the zero bytes show which end comes first; escapes to Japanese need no label.
    """
    codec = codec_of(label)
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} and (text := _try_codec(raw, "utf-16")) is not None:
        return Decoded(text, "" if codec in _UTF16 else "charset-guessed")
    if codec in _UTF16 and b"\0" not in raw and (text := _try_codec(raw, "utf-8")) is not None:
        return Decoded(text, f"charset-wrong:{codec}")  # not even its line ends are in UTF-16
    if codec == "utf-16" and raw[::2].count(0) > raw[1::2].count(0):
        return decode_text(raw, "utf-16-be", fallback)
    if codec in {"ascii", "utf-8"} and raw.isascii() and _JAPANESE.search(raw):
        return decode_text(raw, "iso-2022-jp", fallback)
    return decode_text(raw, label, fallback)


def _is_utf8(raw: bytes, codec: str) -> bool:
    """Whether bytes that are labelled `codec` are UTF-8 beyond doubt. Two bytes of a multibyte charset may look so; more do not."""
    if raw.isascii() or codec.startswith(("utf", "iso2022", "hz")):
        return False
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if codec not in _MULTIBYTE:
        return not _C1.search(text)
    high = [char for char in text[:HEADER_LIMIT] if char > "\x7f"]
    return len(high) > 2 and all(char >= "\u0800" for char in high)


def _mixed(raw: bytes) -> str | None:
    """UTF-8 and Windows-1252 in one text (a program put two together), read each as what it is; None when it is not mostly UTF-8."""
    text = raw.decode("utf-8", "surrogateescape")
    strays = _ESCAPED.findall(text)
    return _ESCAPED.sub(_stray, text) if len(strays) <= len(_HIGH.findall(text)) - len(strays) else None


def _stray(found: re.Match[str]) -> str:
    return bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace")


def _try_codec(raw: bytes, codec: str) -> str | None:
    """`raw` in `codec`, or None. In a multibyte charset a few broken characters, or a cut one at the end, leave the rest readable.

    In UTF-8 the broken ones are read as the Windows-1252 that they mostly are.
    """
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        pass
    if codec == "iso2022_jp_ext":
        # Japanese programs label Shift_JIS so, which has no escapes; a text that is neither is broken ISO-2022-JP
        try:
            return raw.decode("iso2022_jp_3" if b"\x1b" in raw else "cp932")
        except UnicodeError:
            pass
    if codec not in _MULTIBYTE:
        return None
    text = raw.decode(codec, "replace")
    broken = text.count("\ufffd")
    good = len(text) - broken - sum(len(piece) for piece in re.findall(r"[\x00-\x7f]+", text))
    if broken == 1 and text.endswith("\ufffd") and (good or raw[-1] == _EMOJI) and len(raw) < HEADER_LIMIT:
        return text  # a header that was cut inside its last character
    if good <= 4 * broken:
        return None
    return _mixed(raw) if codec == "utf-8" else text


# --- transfer encodings (RFC 2045 §6) -------------------------------------------------------------------------------------------------

_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_PADDED_BREAK = re.compile(rb"=[ \t]{1,20}\r?\n")  # blanks that were put behind a soft line break on the way
_MORE_BASE64 = re.compile(rb"={1,2}(?:\r?\n[A-Za-z0-9+/]{4,}+={0,2})++\s*")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]{40}")
_BETWEEN_WORDS = re.compile(rb"[A-Za-z0-9,.!?;:'\x80-\xff][ \t][A-Za-z\x80-\xff]")
_UU_BEGIN = re.compile(rb"^begin[ \t]+[0-7]{3,4}[ \t]+([^\r\n]{1,300})\r?$", re.MULTILINE)
_IDENTITY = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "none"})
_UU = frozenset({"x-uuencode", "x-uue", "uuencode", "uue"})


def transfer_decode(raw: bytes, encoding: str) -> tuple[bytes, str]:
    """The bytes that `raw` carries, and a defect ("" when none). An unknown encoding leaves them as they are."""
    if encoding in _IDENTITY:
        return raw, ""
    if encoding in {"quoted-printable", "quotedprintable", "quoted_printable"}:
        return binascii.a2b_qp(_PADDED_BREAK.sub(b"=\n", raw)), ""
    if encoding in {"base64", "base-64", "b64"}:
        return _from_base64(raw)
    if encoding in _UU:
        found = next(find_uuencoded(raw), None)
        content = found.content if found else _uu_lines(raw, 0)[0]
        return (content, "") if content else (raw, "uuencode-broken")
    return raw, "transfer-encoding-unknown"


def _from_base64(raw: bytes) -> tuple[bytes, str]:
    """What `raw` holds before its padding: what follows the padding is a footer that a list server put there.

    Text that a program only called base64 stays as it is.
    """
    if len(_BETWEEN_WORDS.findall(raw, 0, 2000)) > 2 and not _BASE64_LINE.search(raw, 0, 2000):
        return raw, "base64-absent"
    first_pad = raw.find(b"=")
    if first_pad >= 0 and _MORE_BASE64.fullmatch(raw, first_pad):  # padded piece by piece
        pieces = [_unpadded(piece) for piece in raw.translate(None, _NOT_BASE64).split(b"=") if piece]
        return b"".join(content for content, _ in pieces), next((defect for _, defect in pieces if defect), "")
    body = raw.translate(None, _NOT_BASE64)
    return _unpadded(body.partition(b"=")[0])


def _unpadded(body: bytes) -> tuple[bytes, str]:
    """The bytes that a piece of base64 without its padding carries."""
    defect = ""
    if len(body) % 4 == 1:
        body, defect = body[:-1], "base64-broken"
    return base64.b64decode(body + b"=" * (-len(body) % 4)), defect


@dataclass(frozen=True, slots=True)
class UuFile:
    """A uuencoded file in a text: its name, its bytes, and from where to where it stands."""

    name: bytes
    content: bytes
    start: int
    end: int


def find_uuencoded(raw: bytes) -> Iterator[UuFile]:
    """The uuencoded files in `raw`, in order (POSIX uuencode). One without a single good line is not a file but prose."""
    position = 0
    while found := _UU_BEGIN.search(raw, position):
        content, end, lines = _uu_lines(raw, found.end() + 1)
        position = max(end, found.end())
        if lines:
            yield UuFile(found[1].strip(), content, found.start(), end)


def _uu_lines(raw: bytes, position: int) -> tuple[bytes, int, int]:
    """The bytes of the lines from `position` up to `end` or to the first that is none of uuencode's, where that is, and how many."""
    pieces: list[bytes] = []
    size = len(raw)
    while position < size:
        stop = raw.find(b"\n", position)
        stop = size if stop < 0 else stop
        line = raw[position : min(stop, position + 128)].rstrip(b"\r")
        if line.strip() == b"end":
            return b"".join(pieces), min(stop + 1, size), len(pieces)
        if line.strip() not in {b"", b"`"}:
            piece = _uu_line(line)
            if piece is None:
                break
            pieces.append(piece)
        position = stop + 1
    return b"".join(pieces), min(position, size), len(pieces)


def _uu_line(line: bytes) -> bytes | None:
    """One line decoded; None when it cannot be one. Lines that lost their trailing blanks, or gained junk, are taken."""
    wanted = (line[0] - 32) & 63
    encoded = (wanted * 4 + 2) // 3
    if not 32 <= line[0] <= 96 or encoded > len(line) - 1 + 3 or len(line) - 1 > encoded + 4:
        return None
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        try:
            return binascii.a2b_uu(line[: ((wanted + 2) // 3) * 4 + 1])
        except binascii.Error:
            return None


# --- encoded words (RFC 2047) ---------------------------------------------------------------------------------------------------------

_WORD_HEAD = re.compile(r"=\?[ \t]{0,3}([A-Za-z0-9_.:*()+-]{1,60})[ \t]{0,3}\?[ \t]{0,3}([bBqQ])[ \t]{0,3}\?")
_HEX_PAIR = re.compile(r"[0-9A-Fa-f]{2}")


def decode_words(text: str, fallback: str = "") -> str:
    """`text` with its encoded words decoded, also broken ones: split inside a character, without an end, with blanks inside.

    Not cleaned yet: what comes out may hold control characters. Linear in the length of `text`.
    """
    out: list[str] = []
    pending: tuple[str, list[bytes]] | None = None  # bytes of adjacent words of one charset: a character may be split between them
    position = 0
    while found := _WORD_HEAD.search(text, position):
        between = text[position : found.start()]
        joins = pending is not None and not between.strip(" \t\r\n")
        if pending is not None and not (joins and pending[0] == found[1].lower()):
            out.append(_word_text(pending, fallback))
            pending = None
        if not joins:
            out.append(between)
        stop, position = _word_end(text, found.end(), quoted=found[2] in "qQ")
        raw = _word_bytes(text[found.end() : stop], found[1], quoted=found[2] in "qQ")
        if pending is None:
            pending = (found[1].lower(), [])
        pending[1].append(raw)
    if pending is not None:
        out.append(_word_text(pending, fallback))
    out.append(text[position:])
    return "".join(out)


def _word_end(text: str, start: int, *, quoted: bool) -> tuple[int, int]:
    """Where the payload of a word stops, and where reading goes on. Without `?=` it goes up to the next word, or to the end."""
    following = _WORD_HEAD.search(text, start)
    limit = following.start() if following else len(text)
    end = text.find("?=", start, limit)
    if end < 0:
        return limit, limit
    # "?=20" inside a quoted word is a question mark and a blank that somebody forgot to encode
    while quoted and _HEX_PAIR.match(text, end + 2):
        further = text.find("?=", end + 2, limit)
        if further < 0:
            break
        end = further
    return end, end + 2


def _word_bytes(payload: str, label: str, *, quoted: bool) -> bytes:
    """The bytes of an encoded word. Characters that should have been encoded, and were not, go back to the word's own charset."""
    try:
        raw = payload.encode("ascii" if payload.isascii() else codec_of(label) or "utf-8")
    except (UnicodeError, LookupError):
        raw = payload.encode("utf-8", "replace")
    return binascii.a2b_qp(raw.replace(b"_", b" ")) if quoted else _from_base64(raw)[0]


def _word_text(word: tuple[str, list[bytes]], fallback: str) -> str:
    return decode_text(b"".join(word[1]), word[0], fallback).text


def header_text(raw: bytes, fallback: str = "") -> str:
    """A raw header value as text, encoded words untouched: ASCII, or UTF-8, or `fallback`, or Windows-1252. One clean line."""
    if raw.isascii():
        return clean_header(raw.decode("ascii") if b"\x1b$" not in raw else decode_text(raw, "iso-2022-jp").text)
    return clean_header(decode_text(raw, "", fallback).text)


def decode_header(text: str, fallback: str = "") -> str:
    """A clean header value with its encoded words decoded, cleaned again (an encoded word may hide a line break: CASES F1)."""
    return clean_header(decode_words(text, fallback)) if "=?" in text else text
