"""The page of a real help desk, on loopback: a scene of the desk floor behind a real HTTP server.

The server starts once in a session; each test puts its own application behind it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.domain.people import Person
from gateway.domain.ticket import Ticket
from gateway.mail.signed.link import LinkPurpose
from gateway.runtime.data import data_path
from gateway.store import people, surveys
from gateway.store.engine import Store
from gateway.web.app import build
from gateway.web.brake import Brakes
from gateway.web.server import WebDoor
from tests.desk.scene import Scene

SECRET = b"s" * 32
JESS, JESS_IS = "jess@commune.example", "Jess Martin <jess@commune.example>"
SAM = "sam@other.example"
BROWSER = {"sec-fetch-site": "same-origin", "origin": "null"}
"""What a browser says of a form that it sends from our own page, which forbids a referrer."""


class Curtain:
    """ASGI: whatever application a test has put behind it."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the application of the running test."""
        assert self.app is not None
        self.running += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.running -= 1


class House:
    """A web server for a whole session."""

    def __init__(self) -> None:
        self.curtain = Curtain()
        self.door = WebDoor(self.curtain, ("127.0.0.1", 0))

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.door.port}"


@contextmanager
def house() -> Iterator[House]:
    """The server, running."""
    made = House()
    made.door.start()
    yield made
    made.door.stop()


class Stage:
    """A scene with its page, and one visitor's browser (`http`), which follows no redirect by itself."""

    def __init__(self, at: House, store: Store, folder: Path, **options: Any) -> None:
        self.house = at
        self.scene = Scene(store, folder)
        self.scene.office = replace(self.scene.office, base_url=at.url)
        self.http = httpx.Client(base_url=at.url, trust_env=False)
        self.options = options
        self.open()

    def open(self, **options: Any) -> None:
        """Build the page (again, with other options or other rules)."""
        self.options |= options
        given: dict[str, Any] = {"secret": SECRET, "templates": data_path("templates"), "brakes": Brakes({}), **self.options}
        if not options.get("brakes") and "brakes" not in self.options:
            given["brakes"] = endless()
        self.house.curtain.app = self.app = build(self.scene.office, **given)

    def person(self, address: str = JESS) -> Person:
        """Who is known by an address."""
        with self.scene.office.store.read() as connection:
            found = people.by_address(connection, address)
        assert found is not None
        return found

    def ticket(self, key: str = "SUP-1") -> Ticket:
        """A ticket as it stands."""
        return self.scene.ticket(key)

    def token(self, purpose: LinkPurpose, address: str = JESS, key: str = "SUP-1") -> str:
        """A link's token as a mail would carry it now."""
        ticket, person = self.ticket(key), self.person(address)
        if purpose is not LinkPurpose.SURVEY:
            return self.scene.office.link(purpose, ticket, person)
        with self.scene.office.store.read() as connection:
            asked = surveys.open_of(connection, ticket.id, person.id, now=self.scene.clock())
        assert asked is not None, "no survey was asked"
        return self.scene.office.link(purpose, ticket, person, subject=asked.id)

    def enter(self, address: str = JESS, key: str = "SUP-1") -> httpx.Response:
        """Come in by a view link; the ticket's page."""
        landed = self.http.get(f"/t/{key}?k={self.token(LinkPurpose.VIEW, address, key)}")
        assert landed.status_code == 303, landed.text
        return self.http.get(landed.headers["location"])

    def submit(self, page: httpx.Response, action: str, files: Any = None, **fields: str) -> httpx.Response:
        """Send the form of `page` that goes to `action`, with its hidden fields, as a browser does."""
        data = hidden(page.text, action) | fields
        if files is not None:
            return self.http.post(action, data=data, files=files, headers=BROWSER)
        return self.http.post(action, data=data, headers=BROWSER)

    def idle(self) -> None:
        """Wait for what a request does after its answer."""
        end = time.monotonic() + 5
        while self.house.curtain.running and time.monotonic() < end:
            time.sleep(0.005)
        assert not self.house.curtain.running

    def agent(self, text: str, *, name: str = "anna") -> None:
        """An agent answers his last mail about the ticket, and everything goes out."""
        self.scene.mail(f"{name}@desk.example", text, answers=self.scene.last(f"{name}@desk.example"))
        self.scene.later()

    def opened(self, text: str = "Smoke comes out of it.\n", sender: str = JESS_IS, **mail: Any) -> Stage:
        """A customer opens a ticket by mail."""
        self.scene.mail(sender, text, **mail)
        self.scene.later()
        return self

    def close(self) -> None:
        """The visitor leaves."""
        self.http.close()


def endless() -> Brakes:
    """Brakes that never bite."""
    from gateway.web.brake import ALLOWANCES, Allowance

    return Brakes(dict.fromkeys(ALLOWANCES, Allowance(1_000_000, 1)))


def hidden(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to `action` (also by a button's formaction)."""
    for form in re.findall(r"<form\b.*?</form>", html, re.DOTALL):
        if f'action="{action}"' in form or "action=" not in form:
            pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
            return {name: unescape(value) for name, value in pairs}
    raise AssertionError(f"no form goes to {action}")


def text_in(html: str) -> str:
    """What a reader sees of a page, in one line."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
