"""The pages of the status page: which address is served by which function, and what stands around all of them.

Every GET is inert and every change is a POST that ends in a redirect (SURFACE 4.2, CASES A4.3). The functions that answer run in threads,
because the database blocks; only reading a form waits in the loop.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.desk.office import Office
from gateway.desk.visit import SESSION_LIFE
from gateway.store.engine import DATABASE_FAULTS
from gateway.web import files, held, participant, survey, visit
from gateway.web.brake import UNIX, Brakes, networks
from gateway.web.gate import Gate
from gateway.web.look import Look
from gateway.web.security import Cookies, Marks, SecurityHeaders, dress, origin_of
from gateway.web.site import Limits, Site, message, no_entry, site_of
from gateway.web.texts import PageTexts

TIME_ZONE = ZoneInfo("Europe/Brussels")
"""The times that people read; the foot of every page says so (R-035)."""

_PACKED_ALREADY = ("application/octet-stream", "application/pdf", "image/*", "video/*", "audio/*")


def build(
    office: Office,
    *,
    secret: bytes,
    templates: Path,
    trusted_proxies: tuple[str, ...] = (),
    limits: Limits | None = None,
    brakes: Brakes | None = None,
    zone: tzinfo = TIME_ZONE,
) -> Starlette:
    """The application. `templates` is the folder that holds `web/` and `locale/`; `trusted_proxies` are addresses, networks or `unix`.

    Raises ValueError for a base URL, a secret or a proxy that cannot be used, and CatalogueError where texts are missing.
    """
    if len(secret) < 32:
        raise ValueError("the secret of the page: 32 bytes at least")
    origin = origin_of(office.base_url)
    site = Site(
        office=office,
        look=Look(templates / "web", PageTexts(templates / "locale", zone)),
        marks=Marks(secret, secrets.token_bytes),
        cookies=Cookies(secure=origin.startswith("https:"), life=int(SESSION_LIFE.total_seconds())),
        origin=origin,
        brakes=brakes or Brakes(),
        limits=limits or Limits(),
    )
    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(GZipMiddleware, minimum_size=500, compresslevel=6, exclude_content_types=_PACKED_ALREADY),
            Middleware(Gate, trusted=networks(trusted_proxies), trust_unix=UNIX in trusted_proxies),
        ],
        exception_handlers=_handlers(),
    )
    app.state.site = site
    return app


def _routes() -> list[Route]:
    get, post = ["GET"], ["POST"]
    return [
        Route("/", visit.start, methods=get),
        Route("/lien", visit.ask, methods=post),
        Route("/t/{key}", visit.ticket, methods=get),
        Route("/t/{key}/comment", visit.back_to_ticket, methods=get),
        Route("/t/{key}/comment", participant.comment, methods=post),
        Route("/t/{key}/move/{word}", participant.show_move, methods=get),
        Route("/t/{key}/move/{word}", participant.move, methods=post),
        Route("/t/{key}/notifications", visit.back_to_ticket, methods=get),
        Route("/t/{key}/notifications", participant.notifications, methods=post),
        Route("/t/{key}/held", visit.back_to_ticket, methods=get),
        Route("/t/{key}/held", held.publish_here, methods=post),
        Route("/t/{key}/f/{id}/{name}", files.download, methods=get),
        Route("/t/{key}/c/{id}", files.original, methods=get),
        Route("/m/{token}", participant.show_mute, methods=get),
        Route("/m/{token}", participant.mute_by_link, methods=post),
        Route("/d/{token}/{word}", participant.show_decision, methods=get),
        Route("/d/{token}/{word}", participant.decide, methods=post),
        Route("/u/{token}", participant.show_undo, methods=get),
        Route("/u/{token}", participant.undo, methods=post),
        Route("/g/{token}", held.show_held, methods=get),
        Route("/g/{token}", held.publish, methods=post),
        Route("/avis/{token}", survey.show_survey, methods=get),
        Route("/avis/{token}", survey.answer, methods=post),
        Route("/avis/{token}/{n}", survey.show_survey, methods=get),
        Route("/avis/{token}/{n}", survey.answer, methods=post),
        Route("/s/{name}", asset, methods=get),
    ]


def asset(request: Request) -> Response:
    """GET /s/{name}: the style sheet and the script, named after their content."""
    found = site_of(request).look.asset(request.url.path)
    if found is None:
        return no_entry(request)
    return Response(found.content, media_type=found.content_type, headers={"cache-control": "public, max-age=31536000, immutable"})


Handler = Callable[[Request, Exception], Response]


def _handlers() -> dict[Any, Handler]:
    """What becomes of what a page did not answer."""

    def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 400
        if status == 404:
            return no_entry(request)
        response = message(request, "method" if status == 405 else "broken", status)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    def away(request: Request, _error: Exception) -> Response:
        response = message(request, "away", 503)
        response.headers["retry-after"] = "120"
        return response

    def broken(request: Request, _error: Exception) -> Response:
        # This one stands outside of everything; the server behind it logs the error.
        response = message(request, "broken", 500)
        dress(response.headers)
        return response

    def gone(_request: Request, _error: Exception) -> Response:
        return Response(status_code=400)  # nobody is there to read it

    return {HTTPException: refused, ClientDisconnect: gone, Exception: broken} | dict.fromkeys(DATABASE_FAULTS, away)
