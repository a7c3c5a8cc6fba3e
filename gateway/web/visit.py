"""Coming in: by a mail's link, by the cookie that it left, or by asking for a new link; and the page of a ticket.

A link becomes a cookie for its one ticket at once and leaves the address bar, so that it stands in no history that others read and in no
log behind us (CASES A4.7). A key without a cookie opens nothing, and says nothing.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from gateway.desk import visit
from gateway.desk.visit import Changed, Late, NoEntry, Visitor
from gateway.domain.ticket import TicketKey
from gateway.mail.signed.link import LinkPurpose
from gateway.web.entry import by_cookie
from gateway.web.files import is_picture
from gateway.web.forms import Form, Turned, before_form, read_form
from gateway.web.security import MARK_FIELD
from gateway.web.site import (
    PURPOSES,
    Frame,
    bound_to_link,
    bound_to_visitor,
    go,
    let_in,
    message,
    no_entry,
    show,
    site_of,
    slow_down,
    too_late,
)

SAID: Final = frozenset(
    {
        *("comment", "answer", "accept", "refuse", "reopen-by-customer", "moved", "mute", "unmute"),
        *("double", "changed", "published", "published_reopened", "nothing_held", "undone"),
    },
)
"""What a page may be told to report (`?fait=`): each is a text `done.WORD`."""

QUESTION_LENGTH: Final = 900


def ticket(request: Request) -> Response:
    """GET /t/{key}: the link's landing, or the page."""
    site = site_of(request)
    key, token = request.path_params["key"], request.query_params.get("k")
    if token is not None:
        found = visit.by_link(site.office, token, LinkPurpose.VIEW)
        if isinstance(found, Late):
            return too_late(request, found, token, "v")
        if isinstance(found, NoEntry) or found.ticket.key != TicketKey.parse(key):
            return no_entry(request)
        return let_in(request, found)
    entered = by_cookie(request)
    return entered.answer("") if isinstance(entered, Turned) else ticket_page(request, entered.who)


def back_to_ticket(request: Request) -> Response:
    """GET of an address that only takes forms: the ticket's page, where the form stands."""
    parsed = TicketKey.parse(request.path_params["key"])
    return go(f"/t/{parsed}") if parsed else no_entry(request)


def ticket_page(request: Request, visitor: Visitor, status: int = 200, **more: Any) -> Response:
    """The ticket as this person may see it. `more`: kept (his text), problems (field, text id), notice, too_big."""
    site = site_of(request)
    page = visit.page(site.office, visitor)
    path = f"/t/{visitor.ticket.key}"
    oldest_first = request.query_params.get("ordre") == "ancien"
    said = request.query_params.get("fait", "")
    values: dict[str, Any] = {
        "page": page,
        "path": path,
        "ticket": visitor.ticket,
        "visitor": visitor,
        "mark": site.marks.make(bound_to_visitor(visitor)),
        "entries": tuple(reversed(page.entries)) if oldest_first else page.entries,
        "latest": page.entries[0] if page.entries else None,
        "oldest_first": oldest_first,
        "statuses": site.office.workflow.statuses,
        "answers": page.moves if page.answer_required else (),
        "other_moves": () if page.answer_required else page.moves,
        "settled_at": visitor.ticket.closed_at or visitor.ticket.resolved_at or visitor.ticket.updated_at,
        "is_change": lambda entry: isinstance(entry, Changed),
        "is_picture": is_picture,
        "question_length": QUESTION_LENGTH,
        "file_limit": site.limits.file,
        "said": said if said in SAID else "",
        "kept": "",
        "too_big": (),
        **more,
    }
    here = path if status == 200 else None
    return show(request, "ticket.html", Frame(visitor.desk, visitor.person, here), status, **values)


def start(request: Request) -> Response:
    """GET /: where to write to, and how to get to a ticket."""
    site = site_of(request)
    sent = request.query_params.get("fait") == "lien"
    frame = Frame(site.desk, here="/")
    return show(request, "start.html", frame, desks=tuple(site.office.desks.values()), sent=sent, key="")


async def ask(request: Request) -> Response:
    """POST /lien: a new link by mail. The answer is the same for everybody, so it tells nobody who takes part in what (CASES A4.11)."""
    refused = before_form(request)
    if refused is not None:
        return refused
    site = site_of(request)
    wait = site.brakes.take("link", request.scope["gateway.place"])
    if wait:
        return slow_down(request, wait)
    try:
        read = await read_form(request, site.limits.without_files())
    except TimeoutError:
        return message(request, "slow", 408)
    response = go("/?fait=lien")
    response.background = BackgroundTask(_send, request, read)  # after the answer: its time tells nothing either
    return response


def _send(request: Request, read: Form) -> None:
    """By an address and a key, by a link whose time is over, or (a merged ticket's) by the cookie of another ticket."""
    site = site_of(request)
    key = read.get("demande").strip()[:24]
    token, letter, via = read.get("lien")[:200], read.get("sorte"), TicketKey.parse(read.get("depuis")[:24])
    if token and letter in PURPOSES:
        found = visit.by_link(site.office, token, PURPOSES[letter])
        if not isinstance(found, NoEntry) and site.marks.nonce(read.get(MARK_FIELD), bound_to_link(token)):
            visit.send_link(site.office, found)
    elif via:
        cookie = site.cookies.ticket(request, str(via))
        visitor = visit.by_session(site.office, cookie, str(via)) if cookie else NoEntry()
        if isinstance(visitor, Visitor) and site.marks.nonce(read.get(MARK_FIELD), bound_to_visitor(visitor)):
            visit.ask_link(site.office, key, visitor.person.address)
    elif key:
        visit.ask_link(site.office, key, read.get("adresse").strip()[:254])
