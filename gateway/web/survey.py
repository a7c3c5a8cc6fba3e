"""The question how it went: one page, five steps, a word if one wants.

A click in the mail only chooses a step on the page; the button there sends it. Scanners of mail follow every link, some run scripts, so
there is no script that could send it either (SURFACE 3.5, CASES A4.1).
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gateway.desk import survey
from gateway.desk.survey import Over, SurveyView
from gateway.desk.visit import NoEntry
from gateway.domain.survey import COMMENT_LIMIT, LOW, STEPS
from gateway.web.forms import Form, Found, Turned, form
from gateway.web.site import Frame, bound_to_link, go, message, no_entry, show, site_of

NUMBERS = frozenset(map(str, STEPS))


def show_survey(request: Request) -> Response:
    """GET /avis/{token} and /avis/{token}/{n}."""
    found = _find(request)
    if isinstance(found, Turned):
        return found.answer("")
    chosen = request.path_params.get("n", "")
    view = found.who
    if view.rating is not None and chosen == "" and "modifier" not in request.query_params:
        return _page(request, view, "thanks.html")
    picked = int(chosen) if chosen in NUMBERS else view.rating
    return _page(request, view, "survey.html", picked=picked, kept=view.comment)


def _find(request: Request) -> Found[SurveyView] | Turned:
    token = request.path_params["token"]
    found = survey.show(site_of(request).office, token)
    if isinstance(found, NoEntry):
        return Turned(lambda kept: no_entry(request, kept))
    if isinstance(found, Over):
        over = found
        return Turned(lambda kept: _over(request, over, kept))
    return Found(found, bound_to_link(token))


def _over(request: Request, over: Over, kept: str) -> Response:
    return message(request, "survey_over", 410, Frame(over.desk, over.person), on=over.on, kept=kept)


def _answer(request: Request, view: SurveyView, read: Form) -> Response:
    """POST /avis/{token}."""
    chosen = read.get("note")
    if chosen not in NUMBERS:
        problems = [("note-1", "problem.rating")]
        return _page(request, view, "survey.html", 422, picked=None, kept=read.text, problems=problems)
    token = request.path_params["token"]
    result = survey.answer(site_of(request).office, token, int(chosen), read.text)
    if isinstance(result, Over):
        return _over(request, result, read.text)
    return no_entry(request, read.text) if isinstance(result, NoEntry) else go(f"/avis/{token}?fait=avis")


def _page(request: Request, view: SurveyView, template: str, status: int = 200, **values: Any) -> Response:
    token = request.path_params["token"]
    here = request.url.path if status == 200 else None
    mark = site_of(request).marks.make(bound_to_link(token))
    shown = {"view": view, "token": token, "mark": mark, "low": LOW, "longest": COMMENT_LIMIT, **values}
    return show(request, template, Frame(view.desk, view.person, here), status, **shown)


answer = form(_find, _answer)
