"""Files of a ticket, and the original HTML of a comment: whatever a stranger sent, as safely as a browser can be given it.

What a file says it is counts for nothing: its first bytes decide, against a short list, and everything else is a stream of bytes to save
(CASES A3.4, A3.5). HTML of a mail is sanitised and then still shown in a frame without scripts and without an origin (ruling 19).
"""

from __future__ import annotations

import base64
import re
from typing import Final
from urllib.parse import quote

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response

from gateway.desk import visit
from gateway.desk.files import kind_of
from gateway.desk.office import Office
from gateway.desk.visit import FileView, Visitor
from gateway.mail.read.attachments import safe_name
from gateway.web.entry import by_cookie
from gateway.web.forms import Turned
from gateway.web.security import PAGE_POLICY
from gateway.web.site import Frame, no_entry, show, site_of, ticket_path

PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_FILE_POLICY = "sandbox; default-src 'none'"
_FRAME_POLICY = PAGE_POLICY.replace("img-src 'self'", "img-src 'self' data:")
_MOST_PICTURES = 12_000_000
"""Bytes of pictures that one comment's frame holds; a frame without an origin gets no cookie, so they stand in the page itself."""

_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_ODD = re.compile(r'[^\x20-\x7e]|["\\%;]')
_FRAME = (
    '<!doctype html><html lang="%s"><head><meta charset="utf-8"><link rel="stylesheet" href="%s"></head><body class="mail">%s</body></html>'
)


def type_of(content: bytes) -> str:
    """The type under which a file is given out."""
    kind = kind_of(content)
    return f"{kind}; charset=utf-8" if kind == "text/plain" else kind


def is_picture(file: FileView) -> bool:
    """Whether a file may be a picture that a page can try to show; when it is given out its bytes must agree."""
    return file.content_type.partition(";")[0].strip().lower() in PICTURES


def disposition(filename: str, *, inline: bool) -> str:
    """Content-Disposition with a name that no client can misread (RFC 6266 §4, Appendix D)."""
    name = safe_name(filename) or "file"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{_ODD.sub('_', name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def number_of(text: str) -> int:
    """An id in an address; 0, which nothing has, for what is none."""
    return int(text) if _NUMBER.fullmatch(text) else 0


def download(request: Request) -> Response:
    """GET /t/{key}/f/{id}/{name}; the name is for people only."""
    entered = by_cookie(request)
    if isinstance(entered, Turned):
        return entered.answer("")
    found = visit.file(site_of(request).office, entered.who, number_of(request.path_params["id"]))
    if found is None:
        return no_entry(request)
    file, content = found
    kind = type_of(content)
    headers = {
        "content-disposition": disposition(file.filename, inline=kind in PICTURES),
        "content-security-policy": _FILE_POLICY,
        "cross-origin-resource-policy": "same-origin",
    }
    return Response(content, media_type=kind, headers=headers)


def original(request: Request) -> Response:
    """GET /t/{key}/c/{id}: a comment as its author's mail program wrote it, in a frame that can do nothing."""
    entered = by_cookie(request)
    if isinstance(entered, Turned):
        return entered.answer("")
    site, visitor = site_of(request), entered.who
    pictures = _Pictures(site.office, visitor)
    html = visit.original_html(site.office, visitor, number_of(request.path_params["id"]), pictures.url)
    if html is None:
        return no_entry(request)
    framed = _FRAME % (escape(visitor.ticket.language), site.look.assets["site.css"].path, html)
    frame = Frame(visitor.desk, visitor.person, request.url.path)
    response = show(request, "original.html", frame, ticket=visitor.ticket, framed=framed, back=ticket_path(visitor))
    response.headers["content-security-policy"] = _FRAME_POLICY
    return response


class _Pictures:
    """The pictures of one comment as data, up to a limit."""

    def __init__(self, office: Office, visitor: Visitor) -> None:
        self._office = office
        self._visitor = visitor
        self._left = _MOST_PICTURES

    def url(self, attachment_id: int) -> str:
        """The picture itself, or "" for what is none, or too much."""
        found = visit.file(self._office, self._visitor, attachment_id)
        kind = type_of(found[1]) if found else ""
        if found is None or kind not in PICTURES or len(found[1]) > self._left:
            return ""
        self._left -= len(found[1])
        return f"data:{kind};base64,{base64.b64encode(found[1]).decode()}"
