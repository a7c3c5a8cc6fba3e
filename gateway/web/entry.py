"""Who asks: the holder of a ticket's cookie, or of a mail's link. Everybody else is turned away, and all in the same way."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request

from gateway.desk import visit
from gateway.desk.visit import Late, NoEntry, Visitor
from gateway.domain.ticket import TicketKey
from gateway.web.forms import Found, Turned
from gateway.web.site import PURPOSES, bound_to_link, bound_to_visitor, no_entry, site_of, too_late


def by_cookie(request: Request) -> Found[Visitor] | Turned:
    """Whose browser it is, for the ticket in the address."""
    site = site_of(request)
    parsed = TicketKey.parse(request.path_params["key"])
    cookie = site.cookies.ticket(request, str(parsed)) if parsed else None
    found = visit.by_session(site.office, cookie, str(parsed)) if cookie else NoEntry()
    if isinstance(found, NoEntry):
        return Turned(lambda kept: no_entry(request, kept))
    return Found(found, bound_to_visitor(found))


def by_token(letter: str) -> Callable[[Request], Found[Visitor] | Turned]:
    """Whose link it is, for the token in the address; the letter says for which purpose."""

    def find(request: Request) -> Found[Visitor] | Turned:
        token = request.path_params["token"]
        found = visit.by_link(site_of(request).office, token, PURPOSES[letter])
        if isinstance(found, Late):
            late = found
            return Turned(lambda kept: too_late(request, late, token, letter, kept))
        if isinstance(found, NoEntry):
            return Turned(lambda kept: no_entry(request, kept))
        return Found(found, bound_to_link(token))

    return find
