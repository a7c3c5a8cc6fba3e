"""Reads a form under limits, and lets one act only when it was shown to whom it comes from.

The order is: from our own page? a good link or cookie? then the body is read, then its mark is asked. So nobody without a link can make
us read files. What somebody typed is never thrown away by an error: it comes back on the page that says what is wrong.

A form acts once. Its name for that is made of its page and of all that it says: sent twice it is the same, with other words it is another.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from gateway.desk.files import OfferedFile
from gateway.mail.read.attachments import safe_name
from gateway.web.security import MARK_FIELD, sent_from_here
from gateway.web.site import Limits, message, site_of, slow_down
from gateway.web.texts import clean

_FIELDS = 30
_CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)

_FAR_TOO_LARGE = 4
"""Times the limit after which a body is not even read to throw it away."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a form said. `too_big` names files over the limit with their sizes; `cut` is true when the whole was too large to be read."""

    fields: dict[str, str]
    files: tuple[OfferedFile, ...] = ()
    too_big: tuple[tuple[str, int], ...] = ()
    cut: bool = False
    nonce: str = ""
    """What tells the page that showed this form from every other; set once its mark was found good."""

    def get(self, name: str) -> str:
        """A field, or ""."""
        return self.fields.get(name, "")

    @property
    def text(self) -> str:
        """What he wrote."""
        return clean(self.get("texte")).strip()

    def post_key(self, about: str) -> str:
        """The name under which this form acts once (`about`: what it does)."""
        digest = hashlib.sha256(f"{self.nonce}\0{about}\0{self.text}\0".encode())
        for file in self.files:
            digest.update(hashlib.sha256(file.content).digest() + file.filename.encode())
        return digest.hexdigest()[:40]


class _TooLargeError(Exception):
    """The body is larger than it may be."""


async def read_form(request: Request, limits: Limits) -> Form:
    """The form in a request's body. Raises TimeoutError; what is not a form, or a broken one, is an empty one."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return Form({})
    stream = _limited(request.stream(), limits.body)
    parser: FormParser | MultiPartParser
    if kind == "multipart/form-data":
        parser = MultiPartParser(_in_utf8(request.headers), stream, max_files=limits.files, max_fields=_FIELDS, max_part_size=limits.text)
        items = parser.items
    else:
        parser = FormParser(request.headers, stream, max_fields=_FIELDS, max_part_size=limits.text)
        items = parser._items  # noqa: SLF001 - what was read before the limit is his text
    cut = False
    async with asyncio.timeout(limits.seconds):
        try:
            await parser.parse()
        except (_TooLargeError, MultiPartException) as error:
            cut = isinstance(error, _TooLargeError) or "exceeded" in error.message or "Too many" in error.message
    return await run_in_threadpool(_made, items, limits, cut=cut)


def _in_utf8(headers: Headers) -> Headers:
    """The headers without the charset that a client names: pages are UTF-8, and some codecs make text that no database takes."""
    return Headers({"content-type": _CHARSET.sub("", headers["content-type"])})


def _made(items: list[tuple[str, str | UploadFile]], limits: Limits, *, cut: bool) -> Form:
    """The read pieces as a form; files are in memory now and closed."""
    fields: dict[str, str] = {}
    files: list[OfferedFile] = []
    too_big: list[tuple[str, int]] = []
    said = 0
    for name, value in items:
        if isinstance(value, str):
            said += len(value)
            cut = cut or said > limits.text
            fields.setdefault(name, value.replace("\0", "") if said <= limits.text else "")
            continue
        shown = safe_name(value.filename or "") or "file"
        if not value.file.closed and (value.size or 0) > limits.file:
            too_big.append((shown, value.size or 0))
        elif not value.file.closed and value.size:
            files.append(OfferedFile(shown, value.file.read()))
        value.file.close()
    return Form(fields, () if cut else tuple(files), tuple(too_big), cut)


async def _limited(stream: AsyncGenerator[bytes, None], limit: int) -> AsyncGenerator[bytes, None]:
    """A body up to its limit. What is over is read and thrown away before _TooLargeError says so."""
    count = 0
    async for chunk in stream:
        if count < limit:
            yield chunk[: limit - count]
        count += len(chunk)
        if count > limit * _FAR_TOO_LARGE:
            break
    if count > limit:
        raise _TooLargeError


Who = TypeVar("Who")


@dataclass(frozen=True, slots=True)
class Found(Generic[Who]):
    """Somebody with a good link or cookie, and what the marks of his forms are bound to."""

    who: Who
    bound: str


@dataclass(frozen=True, slots=True)
class Turned:
    """Nobody who may send this form. `answer` makes the page for him, with what he wrote."""

    answer: Callable[[str], Response]


Endpoint = Callable[[Request], Awaitable[Response]]


def form(find: Callable[[Request], Found[Who] | Turned], act: Callable[[Request, Who, Form], Response]) -> Endpoint:
    """An endpoint for POST: `find` says who asks, `act` does what his form says. Both run in a thread, for the database blocks."""

    async def endpoint(request: Request) -> Response:
        refused = before_form(request)
        if refused is not None:
            return refused
        found = await run_in_threadpool(find, request)
        try:
            limits = site_of(request).limits
            read = await read_form(request, limits.without_files() if isinstance(found, Turned) else limits)
        except TimeoutError:
            return message(request, "slow", 408)
        if isinstance(found, Turned):
            return await run_in_threadpool(found.answer, read.text)
        checked = with_mark(request, read, found.bound)
        return checked if isinstance(checked, Response) else await run_in_threadpool(act, request, found.who, checked)

    return endpoint


def before_form(request: Request) -> Response | None:
    """Why a form is not even read, or None: too many of them, or another site's page sent it."""
    site = site_of(request)
    wait = site.brakes.take("form", request.scope["gateway.place"])
    if wait:
        return slow_down(request, wait)
    return None if sent_from_here(request.headers, site.origin) else message(request, "foreign", 403)


def with_mark(request: Request, read: Form, bound: str) -> Form | Response:
    """The form with its nonce; or the page for one that is too large, or that was not shown to him (his text stands on it)."""
    if read.cut:
        return message(request, "large", 413, kept=read.text)
    nonce = site_of(request).marks.nonce(read.get(MARK_FIELD), bound)
    return message(request, "old_form", 403, kept=read.text) if nonce is None else replace(read, nonce=nonce)
