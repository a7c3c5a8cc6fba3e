"""How a page looks: its templates, its style sheet and its script, read once.

The style sheet and the script are named after their content, so a browser keeps them for ever and never has an old one. Templates get
values and texts; what people wrote is escaped by the environment, and a name that a template does not know is an error.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from gateway.desk.visit import Changed
from gateway.domain.survey import STEPS
from gateway.domain.workflow import Rule, Status
from gateway.mail.write.templates import new_shared_code
from gateway.web import texts
from gateway.web.texts import PageTexts

_TYPES: Mapping[str, str] = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(r"\s*\n\s*")

FILES: Final = ("site.css", "page.js", "icon.svg")

_CODE = new_shared_code()
"""Compiled templates, for every Look of this process."""

_JUST_NOW = timedelta(seconds=45)
NO_BREAK: Final = "\u00a0"
NAMES: Mapping[str, str] = {"fr": "Français", "en": "English", "nl": "Nederlands", "de": "Deutsch"}
"""What each language calls itself."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of ours that a page loads: where it is, what it is."""

    path: str
    content_type: str
    content: bytes


class Look:
    """The templates under `folder`, the texts, and the files that pages load."""

    def __init__(self, folder: Path, words: PageTexts) -> None:
        self.words = words
        self.assets = {name: _asset(folder / name) for name in FILES}
        self._environment: Environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            bytecode_cache=_CODE,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals = {
            "css": self.assets["site.css"].path,
            "js": self.assets["page.js"].path,
            "icon": self.assets["icon.svg"].path,
            "steps": STEPS,
        }
        self._environment.filters |= {"linked": texts.linked, "masked": texts.masked, "quoted": _quoted}

    def asset(self, path: str) -> Asset | None:
        """The file at `path`, or None."""
        return next((asset for asset in self.assets.values() if asset.path == path), None)

    def html(self, template: str, language: str, now: datetime, values: Mapping[str, object]) -> str:
        """A page in one language."""
        voice = _Voice(self.words, language, now)
        return self._environment.get_template(template).render(values, language=language, names=NAMES, **voice.functions())


@dataclass(frozen=True, slots=True)
class _Voice:
    """What a template may say, in one language and at one moment."""

    words: PageTexts
    language: str
    now: datetime

    def functions(self) -> dict[str, object]:
        """By the names that templates call them."""
        return {
            "_": self.word,
            "_n": self.count,
            "label": self.label,
            "state": self.state,
            "changed": self.changed,
            "move_text": self.move_text,
            "day": lambda when: self.words.day(self.language, when),
            "time": self.time,
            "city": lambda: self.words.city(self.language),
            "size": lambda number: texts.size(self.language, number),
        }

    def word(self, key: str, /, **given: object) -> Markup:
        """A text."""
        return self.words.html(self.language, key, **given)

    def count(self, key: str, number: int, /, **given: object) -> Markup:
        """A text in the number that `number` wants."""
        return self.words.html(self.language, key, number, count=number, **given)

    def known(self, key: str, other: str, /, **given: object) -> Markup:
        """The text `key`; `other` for what an operator made up."""
        return self.word(key if self.words.has(self.language, key) else other, **given)

    def label(self, status: Status) -> str:
        """What a status is called."""
        return status.label(self.language).replace("'", "’")

    def state(self, status: Status) -> Markup:
        """Who must act in it."""
        return self.known(f"state.{status.code}", f"state.who_{status.who_acts}")

    def changed(self, entry: Changed, statuses: Mapping[str, Status]) -> Markup:
        """A status change as a sentence."""
        status = statuses.get(entry.status)
        given = {"actor": entry.actor, "status": self.label(status) if status else entry.status}
        said = self.word("changed.actor" if entry.actor else "changed.plain", **given)
        if not entry.resolution:
            return said
        resolution = self.known(f"resolution.{entry.resolution}", "resolution.other")
        return said + " " + self.word("changed.as", resolution=resolution)

    def move_text(self, rule: Rule, part: str, target: Status, key: str = "") -> Markup:
        """A piece of text about a customer's move: short, title, effect, ask or button."""
        return self.known(f"move.{rule.word}.{part}", f"move.other.{part}", status=self.label(target), key=key)

    def time(self, when: datetime) -> Markup:
        """A moment: how long ago, and exactly."""
        fresh = self.now - when < _JUST_NOW
        said = (str(self.word("now")) if fresh else texts.ago(self.language, when, self.now), self.words.moment(self.language, when))
        passed, exact = (each.replace(" ", NO_BREAK) for each in said)
        return Markup('<time datetime="{}">{} · {}</time>').format(when.isoformat(timespec="minutes"), passed, exact)


def _quoted(name: str) -> str:
    """A file name as the last piece of a path."""
    return quote(name.replace("/", "_"), safe="") if name.strip(".") else "file"


def _asset(path: Path) -> Asset:
    text = path.read_text("utf-8")
    if path.suffix == ".css":
        text = _BLANKS.sub("", _COMMENT.sub("", text))
    content = text.encode()
    digest = hashlib.sha256(content).hexdigest()[:10]
    return Asset(f"/s/{path.stem}.{digest}{path.suffix}", _TYPES[path.suffix], content)
