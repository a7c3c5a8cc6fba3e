"""The customer's browser in the demo: opens links, keeps cookies, fills forms in and sends them. It runs no script, and needs none.

It knows HTML and HTTP and nothing of the gateway.
"""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from email.message import EmailMessage
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError

from gateway.runtime.demo.people import text_of

TIMEOUT = 10.0
_LINK = re.compile(r"<(https?://[^\s<>]+)>")


@dataclass
class Form:
    """A form: where it goes, and what it sends beside what its user writes."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """What an address showed. `words` is its text without tags, blanks made single."""

    url: str
    status: int
    words: str
    forms: tuple[Form, ...]
    title: str


def links_in(mail: EmailMessage) -> list[str]:
    """The addresses that stand in the text part of a mail, in order."""
    return _LINK.findall(text_of(mail))


def link_in(mail: EmailMessage, part: str) -> str:
    """The first of them with `part` in its path; "" when there is none."""
    return next((link for link in links_in(mail) if part in urllib.parse.urlsplit(link).path), "")


class Browser:
    """One browser with its cookies, like a private window."""

    def __init__(self) -> None:
        self._jar = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._jar)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    @property
    def cookies(self) -> int:
        """How many cookies it keeps."""
        return len(list(self._jar))

    def open(self, url: str) -> Page:
        """GET, redirects followed."""
        return self._ask(urllib.request.Request(url))

    def send(self, page: Page, button: tuple[str, str] | None = None, *, to: str = "", **typed: str) -> Page:
        """Send the first form of a page that has all of the `typed` fields; POST, redirects followed. ValueError when there is none.

        `button`: its form has this button (name, value), which is pressed. `to`: its action ends so.
        """
        fits = [one for one in page.forms if typed.keys() <= one.fields.keys() and one.action.endswith(to)]
        wanted = [one for one in fits if button is None or button in one.buttons]
        if not wanted:
            raise ValueError(f"{page.url} has no form with {', '.join(typed) or button}")
        form = wanted[0]
        values = form.fields | typed | (dict([button]) if button else {})
        target = urllib.parse.urljoin(page.url, form.action)
        origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(page.url))
        request = urllib.request.Request(target, urllib.parse.urlencode(values).encode(), {"Origin": origin})
        return self._ask(request)

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return _read(answer.url, answer.status, answer.read())
        except HTTPError as error:
            with error:
                return _read(error.url or request.full_url, error.code, error.read())


def _read(url: str, status: int, raw: bytes) -> Page:
    reader = _Reader()
    reader.feed(raw.decode("utf-8", "replace"))
    return Page(url, status, " ".join("".join(reader.words).split()), tuple(reader.forms), "".join(reader.title).strip())


class _Reader(HTMLParser):
    """Collects words and forms."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.title: list[str] = []
        self.forms: list[Form] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        given = {name: value or "" for name, value in attrs}
        self._inside = tag if tag in {"title", "style", "script"} else self._inside
        self.words.append(" ")
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif self.forms and tag in {"input", "textarea"} and given.get("type") not in {"file", "submit"}:
            name, kind = given.get("name", ""), given.get("type")
            if name and (kind not in {"radio", "checkbox"} or "checked" in given or name not in self.forms[-1].fields):
                chosen = kind not in {"radio", "checkbox"} or "checked" in given
                self.forms[-1].fields[name] = given.get("value", "") if chosen else ""
        elif self.forms and tag == "button" and given.get("name"):
            self.forms[-1].buttons.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """A tag ends."""
        self.words.append(" ")
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Text."""
        if self._inside == "title":
            self.title.append(data)
        elif not self._inside:
            self.words.append(data)
