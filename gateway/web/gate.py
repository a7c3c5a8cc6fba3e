"""What every request passes before it reaches a page: the brakes, and the choice of a language.

`?l=nl` on any address is remembered in a cookie and leaves the address again; it touches no database (ruling 12).
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.mail.write.texts import LANGUAGES
from gateway.web.brake import UNIX, Network, place_of
from gateway.web.site import go, site_of, slow_down


class Gate:
    """ASGI: sets `gateway.place` in the scope for those behind it."""

    def __init__(self, app: ASGIApp, trusted: tuple[Network, ...], *, trust_unix: bool) -> None:
        self._app = app
        self._trusted = trusted
        self._trust_unix = trust_unix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, redirect or pass on; count what led nowhere."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        place = scope["gateway.place"] = self._place(request)
        brakes = site_of(request).brakes
        wait = brakes.take("request", place) or brakes.wait("failure", place)
        answer = slow_down(request, wait) if wait else _language(request)
        if answer is not None:
            await answer(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in {403, 404}:
                brakes.take("failure", place)
            await send(message)

        await self._app(scope, receive, counted)

    def _place(self, request: Request) -> str:
        peer = request.client.host if request.client and request.client.host else None
        forwarded = request.headers.getlist("x-forwarded-for")
        return place_of(peer, forwarded, self._trusted, trust_unix=self._trust_unix) if peer or self._trust_unix else UNIX


def _language(request: Request) -> Response | None:
    """The same address without `l`, and a cookie; None where nobody chose a language of ours."""
    if request.method not in {"GET", "HEAD"} or "l" not in request.query_params:
        return None
    chosen = request.query_params["l"]
    if chosen not in LANGUAGES:
        return None
    rest = urlencode([(name, value) for name, value in parse_qsl(request.url.query, keep_blank_values=True) if name != "l"])
    # One slash, whatever was asked for: "//host" would be another site (CASES A4.16).
    response = go("/" + quote(request.url.path.lstrip("/\\"), safe="/") + (f"?{rest}" if rest else ""))
    site_of(request).cookies.set_language(response, chosen)
    return response
