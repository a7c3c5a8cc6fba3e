"""The words of our mails in each language: gettext catalogues, dates, and the line above which a reply is written.

A text has an id (`comment.news`), never a source sentence, so that French, Dutch, German and English are equals and a change of
wording is not a change of code. In a catalogue `**word**` is strong and `` `#note` `` is something to type; the text part shows
them bare. Values are put in after that, and in HTML they are escaped: a name can neither bring a tag nor a placeholder.
"""

from __future__ import annotations

import gettext
import re
import string
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from babel.dates import format_date
from markupsafe import Markup, escape

LANGUAGES = ("fr", "en", "nl", "de")
"""Every language of the catalogues, the first is the one for people whose language is unknown."""

DOMAIN = "mail"

_MARKERS = {
    "fr": "Répondez au-dessus de cette ligne",
    "en": "Reply above this line",
    "nl": "Antwoord boven deze regel",
    "de": "Bitte antworten Sie oberhalb dieser Zeile",
}
"""A protocol more than a text: what reads replies looks for these words, so they stand here and in no catalogue."""

_DATE_LOCALES = {"fr": "fr_BE", "en": "en_GB", "nl": "nl_BE", "de": "de_DE"}
_FIRST_OF_MONTH = re.compile(r"^1 ")
_STRONG = re.compile(r"\*\*([^*]{1,400})\*\*")
_TYPED = re.compile(r"`([^`]{1,80})`")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


class CatalogueError(ValueError):
    """A catalogue is missing, or a text in it cannot be used. The operator's to mend."""


def reply_markers() -> tuple[str, ...]:
    """The constant words of the reply marker in every language, for whoever cuts a reply off there."""
    return tuple(_MARKERS.values())


def reply_marker(language: str, ticket_key: str) -> str:
    """The first line of a mail that may be answered: `--- Reply above this line · SUP-19258 ---`."""
    return f"--- {_MARKERS[language]} · {ticket_key} ---"


def pick_language(wanted: str, fallback: str = LANGUAGES[0]) -> str:
    """The language of ours that serves somebody whose language tag is `wanted` ("fr-BE", "EN")."""
    base = wanted.replace("_", "-").partition("-")[0].lower()
    return base if base in LANGUAGES else fallback


@dataclass(frozen=True, slots=True)
class _Text:
    """One text, made ready once: for the text part and, already escaped, for HTML."""

    plain: str
    html: str


class MailTexts:
    """All catalogues of one `domain` under `locale_root` (`<lang>/LC_MESSAGES/mail.mo`), read once.

    Raises CatalogueError when one is missing. Dates are shown in `zone`. A text that is missing is a KeyError; the renderer asks for
    every text of every template when it is made, so that this happens at start and not before a customer.
    """

    def __init__(self, locale_root: Path, zone: tzinfo = UTC, domain: str = DOMAIN) -> None:
        self._zone = zone
        self._made: dict[str, _Text] = {}
        self._catalogues: dict[str, gettext.GNUTranslations] = {}
        for language in LANGUAGES:
            path = locale_root / language / "LC_MESSAGES" / f"{domain}.mo"
            try:
                with path.open("rb") as file:
                    self._catalogues[language] = gettext.GNUTranslations(file)
            except (OSError, UnicodeError, ValueError) as error:
                raise CatalogueError(f"{path}: {error}") from error

    def has(self, language: str, key: str) -> bool:
        """Whether `language` has the text `key`."""
        return self._catalogues[language].gettext(key) != key

    def plain(self, language: str, key: str, count: int | None = None, /, **values: object) -> str:
        """The text `key` for the text part, its placeholders filled; the plural form for `count` when one is given."""
        return self._find(language, key, count).plain.format_map(values)

    def html(self, language: str, key: str, count: int | None = None, /, **values: object) -> Markup:
        """The same for HTML: every value escaped, right-to-left words kept apart from the sentence around them."""
        made = self._find(language, key, count).html
        return Markup(made.format_map({name: _html_value(value) for name, value in values.items()}))  # noqa: S704  # escaped above

    def moment(self, language: str, when: datetime) -> str:
        """A date and time as people write it: « 30 juillet 2021 à 16:13 »."""
        return self.plain(language, "date_at", date=self.day(language, when), time=self.clock(when))

    def day(self, language: str, when: datetime) -> str:
        """A date as people write it: « 30 juillet 2021 », « 1er août 2021 »."""
        made = format_date(when.astimezone(self._zone).date(), "long", locale=_DATE_LOCALES[language])
        return _FIRST_OF_MONTH.sub("1er ", made) if language == "fr" else made

    def clock(self, when: datetime) -> str:
        """A time of day, the same in every language: « 16:13 »."""
        return f"{when.astimezone(self._zone):%H:%M}"

    def _find(self, language: str, key: str, count: int | None) -> _Text:
        catalogue = self._catalogues[language]
        raw = catalogue.gettext(key) if count is None else catalogue.ngettext(key, key, count)
        made = self._made.get(raw)
        if made is None:
            if raw == key:
                raise KeyError(f"no text {key!r} in {language!r}")
            made = self._made[raw] = _make(key, raw)
        return made


def _make(key: str, raw: str) -> _Text:
    """Both forms of a catalogue text; raises CatalogueError for a placeholder that is more than a name."""
    for _, name, spec, conversion in string.Formatter().parse(raw):
        if name is not None and (not name.isidentifier() or spec or conversion):
            raise CatalogueError(f"text {key!r}: a placeholder is a bare name, not {{{name}}}")
    plain = _TYPED.sub(r"\1", _STRONG.sub(r"\1", raw))
    html = _TYPED.sub(r"<code>\1</code>", _STRONG.sub(r"<strong>\1</strong>", str(escape(raw))))
    return _Text(plain, html)


def _html_value(value: object) -> str:
    made = str(escape(value))
    return f"<bdi>{made}</bdi>" if _RIGHT_TO_LEFT.search(made) else made
