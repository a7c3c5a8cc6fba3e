"""Publishing what somebody wrote in answer to a mail that takes no answers (M11, guard).

His own click publishes it: the mail only proved that somebody knew the thread. Where the ticket is settled he may reopen it with the same
click, because a reply to "it is resolved" mostly says that it is not.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.desk import held, visit
from gateway.desk.participant import Double, Nothing
from gateway.desk.visit import Visitor
from gateway.web.entry import by_cookie, by_token
from gateway.web.forms import Form, Turned, form
from gateway.web.site import Frame, let_in, show, site_of


def show_held(request: Request) -> Response:
    """GET /g/{token}: his text, and the button."""
    found = by_token("g")(request)
    if isinstance(found, Turned):
        return found.answer("")
    visitor = found.who
    page = visit.page(site_of(request).office, visitor)
    if not page.held:
        return let_in(request, visitor, "nothing_held")
    mark = site_of(request).marks.make(found.bound)
    frame = Frame(visitor.desk, visitor.person, request.url.path)
    return show(request, "held.html", frame, ticket=visitor.ticket, page=page, mark=mark, action=request.url.path)


def _publish(request: Request, visitor: Visitor, read: Form) -> Response:
    """POST /g/{token} and /t/{key}/held."""
    reopen = read.get("do") == "publish_and_reopen"
    if not reopen and read.get("do") != "publish":
        return let_in(request, visitor)
    result = held.publish(site_of(request).office, visitor, reopen=reopen, post_key=read.post_key(f"held {visitor.ticket.id}"))
    if isinstance(result, Double):
        return let_in(request, visitor, "double")
    if isinstance(result, Nothing):
        return let_in(request, visitor, "nothing_held")
    return let_in(request, visitor, "published_reopened" if result.reopened else "published")


publish = form(by_token("g"), _publish)
publish_here = form(by_cookie, _publish)
