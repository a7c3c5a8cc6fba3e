"""What protects a page: the headers of every answer, the cookies, the mark in each form, and where a form was sent from.

The mark of a form is bound to whom the page was shown to and is masked anew for each answer, so that compression tells nothing about it
(CASES A4.15; BREACH). It survives a renewed cookie: opening the mail's link again must not cost anybody the text in another tab.

Bugs: a browser that sends neither Sec-Fetch-Site nor a real Origin (old ones under our no-referrer policy send `null`) is judged by the
mark alone.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS: Mapping[str, str] = {
    "content-security-policy": PAGE_POLICY,
    "referrer-policy": "no-referrer",  # links carry tokens
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",  # for browsers that do not know frame-ancestors
    "cross-origin-opener-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}
"""On every answer that does not say otherwise (SURFACE 4.6)."""

_MASK = 16
MARK_FIELD: Final = "jeton"


def dress(headers: MutableHeaders) -> None:
    """Add the headers of every answer that are not there yet."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


class SecurityHeaders:
    """ASGI: the outermost layer, so that no answer gets out undressed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, dress the answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                dress(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, dressed)


@dataclass(frozen=True, slots=True)
class Marks:
    """Makes and reads the hidden mark of forms. `bound` names whom a page was shown to."""

    secret: bytes
    random: Callable[[int], bytes] = os.urandom

    def make(self, bound: str) -> str:
        """A mark for one answer."""
        mask = self.random(_MASK)
        return base64.urlsafe_b64encode(mask + _xor(mask, self._mac(bound))).decode().rstrip("=")

    def nonce(self, mark: str, bound: str) -> str | None:
        """What tells this page's form from every other page's, or None when the mark is not ours or was made for somebody else."""
        try:
            raw = base64.b64decode(mark[:64] + "=" * (-len(mark[:64]) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        mask, masked = raw[:_MASK], raw[_MASK:]
        if len(masked) != _MASK or not hmac.compare_digest(_xor(mask, masked), self._mac(bound)):
            return None
        return mask.hex()

    def _mac(self, bound: str) -> bytes:
        key = hmac.digest(self.secret, b"gateway form\x01", "sha256")
        return hmac.digest(key, bound.encode(), "sha256")[:_MASK]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def origin_of(base_url: str) -> str:
    """`https://support.example.org` of a base URL, as browsers write an origin. Raises ValueError when it is none, or has a path."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("web.base_url is empty or no address: the page must know where it stands, it never believes a Host header")
    if parts.path.strip("/") or parts.query:
        raise ValueError("web.base_url: the page stands at the top of its host, not under a path")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if parts.port in {None, usual} else f":{parts.port}")


def sent_from_here(headers: Headers, origin: str) -> bool:
    """Whether nothing says that a form was sent from another site's page."""
    site, said = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    return said in {None, "null", origin}


@dataclass(frozen=True, slots=True)
class Cookies:
    """Our cookies: one for each ticket that a browser may see, and one for the language.

    Under https they are `__Host-` cookies, which no other host of the domain can set; without it a browser refuses such a name.
    """

    secure: bool
    life: int
    """Seconds after which a browser forgets a ticket's cookie."""

    _MOST = 20
    """Ticket cookies that a browser keeps: together they must stay far below what a server reads of a request's head."""

    def ticket(self, connection: HTTPConnection, key: str) -> str | None:
        """The value of a ticket's cookie."""
        return connection.cookies.get(self._name(key))

    def set_ticket(self, connection: HTTPConnection, response: Response, key: str, value: str) -> None:
        """Let the browser see a ticket; of too many, the ones that it has had longest go (RFC 6265 §5.4 sends them first)."""
        name = self._name(key)
        others = [other for other in connection.cookies if other.startswith(self._name("")) and other != name]
        for old in others[: max(0, len(others) + 1 - self._MOST)]:
            self._set(response, old, "", 0)
        self._set(response, name, value, self.life)

    def language(self, connection: HTTPConnection) -> str:
        """The language that somebody chose, or ""."""
        return connection.cookies.get(self._prefix + "langue", "")

    def set_language(self, response: Response, language: str) -> None:
        """Remember the language for a year."""
        self._set(response, self._prefix + "langue", language, 31_536_000)

    @property
    def _prefix(self) -> str:
        return "__Host-" if self.secure else ""

    def _name(self, key: str) -> str:
        return f"{self._prefix}t-{key}"

    def _set(self, response: Response, name: str, value: str, max_age: int) -> None:
        response.set_cookie(name, value, max_age=max_age, path="/", secure=self.secure, httponly=True, samesite="lax")
