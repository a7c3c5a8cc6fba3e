"""What every page needs, put together once; and the answers that more than one page gives.

The language of a page is what its reader chose by the links at its foot, else that of the person whose link it is, else what his
browser wishes, else the desk's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.desk.files import FILE_LIMIT, MOST_FILES
from gateway.desk.office import DeskRules, Office
from gateway.desk.visit import Late, Visitor, session
from gateway.domain.people import Person
from gateway.domain.ticket import TicketKey
from gateway.mail.signed.link import LinkPurpose
from gateway.mail.write.texts import LANGUAGES
from gateway.web.brake import Brakes
from gateway.web.look import Look
from gateway.web.security import Cookies, Marks
from gateway.web.texts import pick

PURPOSES = {
    "v": LinkPurpose.VIEW,
    "m": LinkPurpose.MUTE,
    "d": LinkPurpose.DECIDE,
    "g": LinkPurpose.HELD,
    "u": LinkPurpose.UNDO,
}
"""Links that a new one may be asked with, by the letter that their form carries."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a form may be (ruling 15)."""

    file: int = FILE_LIMIT
    files: int = MOST_FILES
    """Files in one form."""
    text: int = 1_048_576
    """All that a form says beside its files."""
    body: int = 64_000_000
    """A whole request. What is larger is read to its end and thrown away, so that the browser shows our answer and not a broken line."""
    seconds: float = 120.0
    """How long a browser may take to send a form."""

    def without_files(self) -> Limits:
        """For forms without files, and for whoever comes without a good link or cookie: his words alone are read, to give them back."""
        return replace(self, files=0, body=min(self.body, 2 * self.text))


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of one installation."""

    office: Office
    look: Look
    marks: Marks
    cookies: Cookies
    origin: str
    brakes: Brakes
    limits: Limits = field(default_factory=Limits)

    @property
    def desk(self) -> DeskRules:
        """The desk of a page that belongs to none: the first."""
        return next(iter(self.office.desks.values()))

    def desk_of_key(self, key: str) -> DeskRules:
        """The desk whose prefix a key in a URL has, or the first: what it answers must not tell whether there is such a ticket."""
        parsed = TicketKey.parse(key)
        return self.office.desks.get(parsed.prefix, self.desk) if parsed else self.desk


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page: whose desk, for whom, and the address under which it can be asked for again."""

    desk: DeskRules
    person: Person | None = None
    here: str | None = None
    """Where the language links lead; None on a page that holds text which a new request would lose."""


def site_of(request: Request) -> Site:
    """The site that a request belongs to."""
    site: Site = request.app.state.site
    return site


def language_of(request: Request, frame: Frame) -> str:
    """The language of a page."""
    site = site_of(request)
    wishes = (
        site.cookies.language(request),
        frame.person.language if frame.person else "",
        request.headers.get("accept-language", ""),
        frame.desk.language,
    )
    return pick(frame.desk.languages, *wishes)


def show(request: Request, template: str, frame: Frame, status: int = 200, **values: object) -> HTMLResponse:
    """A page. Templates find `desk`, `languages`, `here` and `mark` beside what they are given."""
    site = site_of(request)
    whole: dict[str, object] = {
        "desk": frame.desk,
        "languages": [each for each in frame.desk.languages if each in LANGUAGES],
        "here": frame.here,
        "mark": "",
        "problems": (),
        "kept": "",
        "notice": "",
        **values,
    }
    html = site.look.html(template, language_of(request, frame), site.office.now(), whole)
    return HTMLResponse(html, status)


def bound_to_visitor(visitor: Visitor | Late) -> str:
    """Whom the forms of a ticket's page are bound to."""
    return f"ticket {visitor.ticket.id} person {visitor.person.id}"


def bound_to_link(token: str) -> str:
    """The same for a page that a link opens without a cookie."""
    return f"link {token}"


def ticket_path(visitor: Visitor | Late, said: str = "") -> str:
    """Where a ticket's page is; `said` is what it shall report."""
    return f"/t/{visitor.ticket.key}" + (f"?fait={said}" if said else "")


def go(path: str) -> RedirectResponse:
    """Go there by GET."""
    return RedirectResponse(path, 303)


def let_in(request: Request, visitor: Visitor, said: str = "") -> Response:
    """Give the browser the ticket's cookie and show it the ticket at its clean address (CASES A4.7)."""
    site = site_of(request)
    response = go(ticket_path(visitor, said))
    site.cookies.set_ticket(request, response, str(visitor.ticket.key), session(site.office, visitor))
    return response


def no_entry(request: Request, kept: str = "") -> Response:
    """The one answer to what is forged, revoked, somebody else's or not there (ruling 12). `kept`: what he wrote, to copy it."""
    site = site_of(request)
    key = str(request.path_params.get("key", ""))[:24]
    parsed = TicketKey.parse(key)
    frame = Frame(site.desk_of_key(key), here=quote(request.url.path) if request.method == "GET" else None)
    return show(request, "nobody.html", frame, 404, key=str(parsed) if parsed else "", kept=kept)


def too_late(request: Request, late: Late, token: str, letter: str, kept: str = "") -> Response:
    """A genuine link whose time is over: one button mails a new one to the address that we know (410)."""
    site = site_of(request)
    mark = site.marks.make(bound_to_link(token))
    values = {"token": token, "letter": letter, "mark": mark, "late": late, "kept": kept}
    return show(request, "late.html", Frame(late.desk, late.person), 410, **values)


def message(
    request: Request,
    name: str,
    status: int,
    frame: Frame | None = None,
    *,
    kept: str = "",
    minutes: int | None = None,
    on: datetime | None = None,
) -> HTMLResponse:
    """A page that only says something: the texts `error.NAME.title` and `error.NAME.text`. `kept`: what he wrote, to copy it."""
    frame = frame or Frame(site_of(request).desk)
    words, language = site_of(request).look.words, language_of(request, frame)
    link = Markup('<a href="mailto:{0}">{0}</a>').format(frame.desk.address)
    given = {"address": link, "count": minutes, "day": words.day(language, on) if on else ""}
    title, text = words.html(language, f"error.{name}.title"), words.html(language, f"error.{name}.text", minutes, **given)
    return show(request, "message.html", frame, status, title=title, text=text, kept=kept)


def slow_down(request: Request, seconds: float) -> Response:
    """Too many requests: in how many minutes to try again."""
    response = message(request, "often", 429, minutes=max(1, math.ceil(seconds / 60)))
    response.headers["retry-after"] = str(max(1, math.ceil(seconds)))
    return response
