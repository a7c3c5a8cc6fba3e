"""The words of the pages: which language, how long ago, how large, and what people wrote as safe HTML.

The catalogue is `page`, beside that of the mails and of the same kind (gateway.mail.write.texts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from babel.dates import format_timedelta, get_timezone_location
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from gateway.mail.write.texts import LANGUAGES, MailTexts

DOMAIN: Final = "page"

_LOCALES = {"fr": "fr_BE", "en": "en_GB", "nl": "nl_BE", "de": "de_DE"}
_UNITS = {"fr": ("o", "ko", "Mo"), "en": ("B", "kB", "MB"), "nl": ("B", "kB", "MB"), "de": ("B", "kB", "MB")}
_NARROW = "\u202f"

_URL = re.compile(r"https?://[^\s<>\"'`\x00-\x1f\u00a0\u202f«»]{2,2000}", re.IGNORECASE)
_TRAILING = ".,;:!?*_~…”’"
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows them."""


class PageTexts(MailTexts):
    """The catalogues of the pages, with what only a page shows."""

    def __init__(self, locale_root: Path, zone: tzinfo) -> None:
        super().__init__(locale_root, zone, DOMAIN)
        self._place = str(getattr(zone, "key", "UTC"))

    def city(self, language: str) -> str:
        """Where the clock hangs that the times are read from: "Bruxelles" for Europe/Brussels."""
        return get_timezone_location(self._place, locale=_LOCALES[language], return_city=True)


def ago(language: str, when: datetime, now: datetime) -> str:
    """« il y a 2 heures »; a clock that runs ahead of ours is now."""
    return format_timedelta(-max(now - when, timedelta()), granularity="second", add_direction=True, locale=_LOCALES[language])


def size(language: str, count: int) -> str:
    """« 84 ko », "1.4 MB": bytes as people read them."""
    small, middle, large = _UNITS[language]
    if count < 1024:
        return f"{count}{_NARROW}{small}"
    if count < 1_048_000:
        return f"{round(count / 1024)}{_NARROW}{middle}"
    millions = count / 1_048_576
    return f"{format_decimal(millions, '0' if millions >= 10 else '0.#', locale=_LOCALES[language])}{_NARROW}{large}"


def pick(offered: Iterable[str], *wishes: str) -> str:
    """The first of `wishes` (languages, or whole Accept-Language headers) that is offered, or the first that is offered."""
    possible = [each for each in offered if each in LANGUAGES] or list(LANGUAGES)
    for wish in wishes:
        for tag in _ranked(wish):
            if tag in possible:
                return tag
    return possible[0]


def _ranked(header: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first (RFC 9110 §12.5.4)."""
    ranked: list[tuple[float, str]] = []
    for part in header[:400].split(","):
        tag, _, weight = part.partition(";")
        found = re.search(r"q\s*=\s*([01](?:\.\d{0,3})?)", weight)
        quality = float(found[1]) if found else 1.0
        if quality > 0:
            ranked.append((-quality, tag.strip().replace("_", "-").partition("-")[0].lower()))
    return [tag for _, tag in sorted(ranked, key=lambda each: each[0])]


def masked(address: str) -> str:
    """`jess@example.org` -> `j•••@example.org`: enough for its owner, too little for anybody else (CASES D)."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}•••{at}{domain}"


def clean(text: str) -> str:
    """What somebody wrote, with one kind of line end and without characters that do what they do not show."""
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")


def linked(text: str) -> Markup:
    """What somebody wrote as HTML: escaped, its web addresses made links, and nothing else (CASES A3.1). Linear in its length."""
    made, text = list[str](), clean(text)
    end = 0
    for found in _URL.finditer(text):
        url = _without_tail(found[0])
        made.append(str(escape(text[end : found.start()])))
        shown = escape(url)
        made.append(f'<a href="{shown}" rel="noopener noreferrer nofollow">{shown}</a>')
        end = found.start() + len(url)
    made.append(str(escape(text[end:])))
    return Markup("".join(made))  # noqa: S704  # every piece was escaped


def _without_tail(url: str) -> str:
    """A web address without the signs of the sentence that it ends; a bracket stays if it was opened in the address."""
    while True:
        url = url.rstrip(_TRAILING)
        if url[-1:] in {")", "]", "}"} and url.count(url[-1]) > url.count({")": "(", "]": "[", "}": "{"}[url[-1]]):
            url = url[:-1]
            continue
        return url
