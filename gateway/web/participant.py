"""What a participant does on the page: comments, files, a move with its words, notifications on and off.

The page shows a ticket as it was; whatever happened since is found by the use case, which then writes nothing. What he wrote always comes
back to him, except files, which a browser does not let a page put back: he is told so.
"""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gateway.desk import participant, visit
from gateway.desk.participant import Done, Double, NeedsWords, Nothing, Stale, Wish
from gateway.desk.visit import TicketPage, Visitor
from gateway.domain.workflow import Rule
from gateway.web.entry import by_cookie, by_token
from gateway.web.forms import Form, Found, Turned, before_form, form, read_form, with_mark
from gateway.web.site import (
    Frame,
    bound_to_link,
    bound_to_visitor,
    go,
    let_in,
    message,
    show,
    site_of,
    ticket_path,
)
from gateway.web.visit import SAID, ticket_page

_ASKED_WHY = frozenset({"answer", "refuse", "reopen-by-customer"})
"""Moves that need words and have a sentence of their own for that."""


def _comment(request: Request, visitor: Visitor, read: Form) -> Response:
    """POST /t/{key}/comment."""
    return _act(request, visitor, read, None)


def _move(request: Request, visitor: Visitor, read: Form) -> Response:
    """POST /t/{key}/move/{word}, and /d/{token}/{word}.

    The panel of the ticket's page sends `demander`: a finger that slipped must not put work into production, so its buttons are asked
    about once more, with the words that were typed.
    """
    rule = rule_called(visit.page(site_of(request).office, visitor), request.path_params["word"])
    if rule is None:
        return _stale(request, visitor, read)
    said_enough = rule.comment != "required" or read.text.strip()
    if read.get("demander") and said_enough and read.get("vu")[:60] == visitor.ticket.status:
        return confirm_move(request, visitor, rule, kept=read.text)
    return _act(request, visitor, read, rule)


def _act(request: Request, visitor: Visitor, read: Form, rule: Rule | None) -> Response:
    office = site_of(request).office
    word = rule.word if rule else None
    wish = Wish(read.text, read.files, word, read.get("vu")[:60])
    result = participant.on_page(office, visitor, wish, read.post_key(f"{visitor.ticket.id} {word}"))
    if isinstance(result, Stale):
        return _stale(request, visitor, read)
    if isinstance(result, NeedsWords | Nothing):
        problems = [("texte", "problem.words" if rule is None else f"problem.words_{rule.word if rule.word in _ASKED_WHY else 'other'}")]
        if read.files or read.too_big:
            problems.append(("fichiers", "problem.files_again"))
        if rule is not None:
            return confirm_move(request, visitor, rule, 422, problems=problems, kept=read.text, too_big=read.too_big)
        return ticket_page(request, visitor, 422, problems=problems, kept=read.text, too_big=read.too_big)
    if read.too_big:
        # A redirect could not name the file. Whoever reloads this answer sends the same form, which acts once.
        now_is = replace(visitor, ticket=result.ticket) if isinstance(result, Done) else visitor
        response = ticket_page(request, now_is, said=_said(result, word), too_big=read.too_big)
        return _with_cookie(request, visitor, response)
    return let_in(request, visitor, _said(result, word))


def _said(result: Done | Double, word: str | None) -> str:
    """What the page reports."""
    if isinstance(result, Double):
        return "double"
    if word is None:
        return "comment"
    return word if word in SAID else "moved"


def _stale(request: Request, visitor: Visitor, read: Form) -> Response:
    """The ticket moved while he wrote: the page as it is now, with his text in it."""
    problems = [("texte", "problem.files_again")] if read.files else []
    response = ticket_page(request, visitor, 409, notice="stale", kept=read.text, problems=problems, too_big=read.too_big)
    return _with_cookie(request, visitor, response)


def _with_cookie(request: Request, visitor: Visitor, response: Response) -> Response:
    site = site_of(request)
    site.cookies.set_ticket(request, response, str(visitor.ticket.key), visit.session(site.office, visitor))
    return response


def rule_called(page: TicketPage, word: str) -> Rule | None:
    """The customer's move of that name from where the ticket stands; `reopen` is what mails and addresses call reopen-by-customer."""
    return next((rule for rule in page.moves if rule.word in {word, f"{word}-by-customer"}), None)


def show_move(request: Request) -> Response:
    """GET /t/{key}/move/{word}: asks before anything happens."""
    return _shown(request, by_cookie(request))


def show_decision(request: Request) -> Response:
    """GET /d/{token}/{word}: the same from a mail's button."""
    return _shown(request, by_token("d")(request))


def _shown(request: Request, found: Found[Visitor] | Turned) -> Response:
    if isinstance(found, Turned):
        return found.answer("")
    rule = rule_called(visit.page(site_of(request).office, found.who), request.path_params["word"])
    if rule is None:
        return let_in(request, found.who, "changed")
    return confirm_move(request, found.who, rule)


def confirm_move(request: Request, visitor: Visitor, rule: Rule, status: int = 200, **more: Any) -> Response:
    """The page that asks: what will happen, his words, one button, a way back."""
    site = site_of(request)
    token = request.path_params.get("token")
    bound = bound_to_link(token) if token else bound_to_visitor(visitor)
    here = request.url.path if status == 200 else None
    values: dict[str, Any] = {
        "rule": rule,
        "target": site.office.workflow.statuses[rule.target],
        "ticket": visitor.ticket,
        "mark": site.marks.make(bound),
        "action": f"/d/{token}/{rule.word}" if token else f"/t/{visitor.ticket.key}/move/{rule.word}",
        "back": None if token else ticket_path(visitor),
        "file_limit": site.limits.file,
        "kept": "",
        "too_big": (),
        **more,
    }
    return show(request, "move.html", Frame(visitor.desk, visitor.person, here), status, **values)


def _notifications(request: Request, visitor: Visitor, read: Form) -> Response:
    """POST /t/{key}/notifications."""
    wish = read.get("do")
    if wish not in {"mute", "unmute"}:
        return go(ticket_path(visitor))
    participant.mute(site_of(request).office, visitor, muted=wish == "mute")
    return go(ticket_path(visitor, wish))


def show_mute(request: Request) -> Response:
    """GET /m/{token}: whether he hears of this ticket, and the button that changes it."""
    found = by_token("m")(request)
    if isinstance(found, Turned):
        return found.answer("")
    token, visitor = request.path_params["token"], found.who
    said = request.query_params.get("fait", "")
    values: dict[str, Any] = {
        "ticket": visitor.ticket,
        "muted": visitor.muted,
        "mark": site_of(request).marks.make(found.bound),
        "said": said if said in {"mute", "unmute"} else "",
    }
    return show(request, "mute.html", Frame(visitor.desk, visitor.person, f"/m/{token}"), **values)


async def mute_by_link(request: Request) -> Response:
    """POST /m/{token}: the page's form; or a mail program's one-click (RFC 8058 §3.2), which has no cookie, no mark and no reader.

    It gives no cookie: this link never runs out, and must not become one that shows a ticket.
    """
    try:
        read = await read_form(request, site_of(request).limits.without_files())
    except TimeoutError:
        return message(request, "slow", 408)
    found = await run_in_threadpool(by_token("m"), request)
    if isinstance(found, Turned):
        return await run_in_threadpool(found.answer, "")
    one_click = read.get("List-Unsubscribe") == "One-Click"
    if not one_click and not read.get("do"):
        return await run_in_threadpool(show_mute, request)
    if not one_click:
        refused = before_form(request)
        checked = refused or with_mark(request, read, found.bound)
        if isinstance(checked, Response):
            return checked
    return await run_in_threadpool(_muted, request, found.who, read, one_click)


def _muted(request: Request, visitor: Visitor, read: Form, one_click: bool) -> Response:  # noqa: FBT001 - which of two askers
    muted = one_click or read.get("do") == "mute"
    participant.mute(site_of(request).office, visitor, muted=muted)
    if one_click:
        return HTMLResponse(html.escape(str(visitor.ticket.key)))
    return go(f"/m/{request.path_params['token']}?fait={'mute' if muted else 'unmute'}")


def show_undo(request: Request) -> Response:
    """GET /u/{token}: asks whether a decision that he made by mail shall be taken back."""
    found = by_token("u")(request)
    if isinstance(found, Turned):
        return found.answer("")
    visitor = found.who
    mark = site_of(request).marks.make(found.bound)
    return show(request, "undo.html", Frame(visitor.desk, visitor.person, request.url.path), ticket=visitor.ticket, mark=mark)


def _undo(request: Request, visitor: Visitor, read: Form) -> Response:
    """POST /u/{token}."""
    del read
    result = participant.take_back(site_of(request).office, visitor)
    return let_in(request, visitor, "undone" if isinstance(result, Done) else "changed")


comment = form(by_cookie, _comment)
move = form(by_cookie, _move)
notifications = form(by_cookie, _notifications)
decide = form(by_token("d"), _move)
undo = form(by_token("u"), _undo)
