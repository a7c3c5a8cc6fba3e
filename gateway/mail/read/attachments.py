"""The files of a mail: their names for display, their bytes, and those that hide in the text as uuencode.

A name that a stranger chose is never a path: it is cut to its last piece and cleaned, and the bytes are kept under their hash
(CASES A3.6, A3.11). Archives stay the files that they are. A signature that stands in the text
itself is a file too: what is read is what was signed (RFC 9580 §7).
"""

from __future__ import annotations

import hashlib
import mimetypes
import re

from gateway.mail.inbound import Attachment
from gateway.mail.read.decode import clean_header, decode_header, find_uuencoded, header_text
from gateway.mail.read.tree import Part, Reading

NAME_LIMIT = 150
"""Characters of a file name that are kept; its ending stays."""

_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/pjpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "image/tiff": "tiff",
    "image/bmp": "bmp",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/x-icon": "ico",
    "text/plain": "txt",
    "text/html": "html",
    "text/csv": "csv",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "text/xml": "xml",
    "text/enriched": "txt",
    "text/richtext": "txt",
    "text/markdown": "md",
    "text/x-amp-html": "html",
    "text/directory": "vcf",
    "text/rtf": "rtf",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/json": "json",
    "application/xml": "xml",
    "application/rtf": "rtf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.ms-outlook": "msg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/x-zip-compressed": "zip",
    "application/x-zip": "zip",
    "application/x-pdf": "pdf",
    "application/gzip": "gz",
    "application/x-gzip": "gz",
    "application/x-7z-compressed": "7z",
    "application/octet-stream": "bin",
    "application/pgp-signature": "asc",
    "application/pgp-encrypted": "asc",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "application/pkcs7-mime": "p7m",
    "application/x-pkcs7-mime": "p7m",
    "application/ms-tnef": "dat",
    "application/vnd.ms-tnef": "dat",
    "message/rfc822": "eml",
    "message/global": "eml",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/amr": "amr",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
}
# What a part without a name is called, by its type; other types are called after the first half of the type.
_NAMES = {
    "text/calendar": "invite.ics",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "encrypted.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/ms-tnef": "winmail.dat",
    "application/vnd.ms-tnef": "winmail.dat",
    "message/delivery-status": "delivery-status.txt",
    "message/global-delivery-status": "delivery-status.txt",
    "message/feedback-report": "feedback-report.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "text/rfc822-headers": "headers.txt",
    "text/plain": "text.txt",
    "text/html": "page.html",
}
_PATH = re.compile(r"[/\\]")
_ROOTED = re.compile(r"[./\\~]|[A-Za-z]:")
_MESSAGES = frozenset({"message/rfc822", "message/global"})
_FILE_LIKE = re.compile(r"[^/\\]{1,100}\.[A-Za-z][A-Za-z0-9]{1,4}")
_CONTENT_ID = re.compile(r"<?([^<>\s]{1,250})>?")


def safe_name(text: str) -> str:
    """A file name for display: the last piece of a path, one clean line, at most 150 characters with its ending kept; "" for none."""
    name = _PATH.split(clean_header(text))[-1].strip(" .\"'") if _PATH.search(text) else clean_header(text).strip(" \"'")
    if len(name) > NAME_LIMIT:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: NAME_LIMIT - 1 - len(ending)]}.{ending}" if dot and len(ending) <= 12 else name[:NAME_LIMIT]
    return "" if set(name) <= {"."} else name


def content_id(part: Part) -> str | None:
    """The Content-ID of `part` without brackets, or None (RFC 2045 §7)."""
    found = _CONTENT_ID.match(header_text(part.first("content-id") or b""))
    return found[1] if found else None


def make_attachment(reading: Reading, part: Part, *, inline: bool) -> Attachment:
    """`part` as a file."""
    content = reading.content(part)
    ident = content_id(part)
    written = part.filename
    if part.content_type in _MESSAGES and not _ROOTED.match(written):
        written = _PATH.sub("_", written)  # a subject, and no path
    name = safe_name(written) or _made_up_name(reading, part, content)
    return Attachment(name, part.content_type, content, hashlib.sha256(content).hexdigest(), inline and ident is not None, ident)


def _made_up_name(reading: Reading, part: Part, content: bytes) -> str:
    """A name for a part that has none: what it says of itself, else the subject of an enclosed mail, else its type."""
    kind = part.content_type
    ending = _EXTENSIONS.get(kind) or (mimetypes.guess_extension(kind) or "").lstrip(".")
    location = header_text(part.first("content-location") or b"", reading.fallback)
    if location and (name := safe_name(location.partition("?")[0])) and "." in name:
        return name
    description = decode_header(header_text(part.first("content-description") or b"", reading.fallback))
    if kind in _MESSAGES:
        description = _subject_of(content, reading.fallback) or description or "message"
    if description and (name := safe_name(_PATH.sub("_", description))):
        return name if not ending or name.lower().endswith(f".{ending}") else safe_name(f"{name[: NAME_LIMIT - 10]}.{ending}")
    if kind in _NAMES:
        return _NAMES[kind]
    ident = (content_id(part) or "").partition("@")[0]
    if (not ending or _FILE_LIKE.fullmatch(ident)) and (name := safe_name(ident)):
        return name
    stem = kind.partition("/")[0]
    stem = stem if stem in {"image", "audio", "video", "message"} else "file"
    return f"{stem}.{ending}" if ending else stem


_SUBJECT = re.compile(rb"^subject[ \t]{0,5}:[ \t]*([^\r\n]{0,900}(?:\r?\n[ \t][^\r\n]{0,900}){0,5})", re.IGNORECASE | re.MULTILINE)


def _subject_of(message: bytes, fallback: str) -> str:
    """The subject of an enclosed mail."""
    head = message[:65_536]
    for end in (head.find(b"\n\n"), head.find(b"\r\n\r\n")):
        head = head[:end] if 0 <= end < len(head) else head
    found = _SUBJECT.search(head)
    return decode_header(header_text(found[1].replace(b"\r", b"").replace(b"\n", b""), fallback), fallback) if found else ""


def take_uuencoded(raw: bytes, reading: Reading) -> tuple[bytes, list[Attachment]]:
    """The bytes of a text without the uuencoded files that stand in it, and those files (at most fifty)."""
    if b"begin " not in raw:
        return raw, []
    files: list[Attachment] = []
    kept: list[bytes] = []
    position = 0
    for one in find_uuencoded(raw):
        if len(files) == 50:
            reading.over("uuencoded-files-over-limit")
            break
        kept.append(raw[position : one.start])
        position = one.end
        name = safe_name(decode_header(header_text(one.name, reading.fallback))) or "file"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        files.append(Attachment(name, kind, one.content, hashlib.sha256(one.content).hexdigest()))
    kept.append(raw[position:])
    return (b"".join(kept), files) if files else (raw, [])


_SIGNED = b"-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END = b"-----END PGP SIGNATURE-----"
_ARMOUR_HEADER = re.compile(rb"(?:Hash|Charset|Comment|Version|NotDashEscaped)[ \t]{0,3}:[^\n]{0,200}\n|[ \t]{0,10}\r?\n", re.IGNORECASE)
_MOST_SIGNED = 20


def take_signed(raw: bytes) -> tuple[bytes, list[Attachment]]:
    """The bytes of a text with what was signed in it by PGP standing plain, and the signatures as files (at most twenty)."""
    files: list[Attachment] = []
    kept: list[bytes] = []
    position = 0
    while len(files) < _MOST_SIGNED and (span := _signed_span(raw, position)):
        start, words, signature, end = span
        block = raw[signature:end]
        kept += (raw[position:start], _without_dashes(raw[words:signature]))
        kind = "application/pgp-signature"
        files.append(Attachment(_NAMES[kind], kind, block, hashlib.sha256(block).hexdigest()))
        position = end
    kept.append(raw[position:])
    return (b"".join(kept), files) if files else (raw, [])


def _signed_span(raw: bytes, position: int) -> tuple[int, int, int, int] | None:
    """Where the next signed text begins, its words, its signature, and what follows; None when there is none that is whole."""
    start = _line(raw, _SIGNED, position)
    signature = _line(raw, _SIGNATURE, start) if start >= 0 else -1
    end = _line(raw, _SIGNATURE_END, signature) if signature >= 0 else -1
    if end < 0:
        return None
    words = raw.find(b"\n", start) + 1
    while found := _ARMOUR_HEADER.match(raw, words, signature):
        words = found.end()
        if not found[0].strip():
            break
    behind = raw.find(b"\n", end)
    return start, words, signature, len(raw) if behind < 0 else behind + 1


def _line(raw: bytes, wanted: bytes, position: int) -> int:
    """Where the first line from `position` on that begins with `wanted` begins; -1 for none."""
    found = raw.find(wanted, position)
    while found > 0 and raw[found - 1] != 10:
        found = raw.find(wanted, found + 1)
    return found


def _without_dashes(text: bytes) -> bytes:
    """Signed text without the dash and blank that were put before its lines that begin with a dash."""
    return b"\n".join(line[2:] if line.startswith(b"- ") else line for line in text.split(b"\n"))
