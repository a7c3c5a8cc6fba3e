"""A mail's name, a language and what is to be said -> subject, text part and HTML part.

`MailContext` is all that a mail may show; what is not given is not mentioned, and no sentence speaks of a page when there is no address
for it. The trios stand in `templates/mail/<event>/`: `subject.txt` (its first line is the subject, the second the preheader), `body.txt`,
`body.html`.

Whose eyes a mail is for is decided here and not in a template: what only agents may read has no name in a customer's template, and the
acknowledgement to an address that was never proved shows not one word of its sender (CASES A2.2, A2.9; ruling 10).

Bugs: right-to-left words in the text part are left to the reader's mail client.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Final

import jinja2

from gateway.mail.write.compose import header_text
from gateway.mail.write.layout import barred, body_text, defang, excerpt, html_lines, shorten, tidy
from gateway.mail.write.templates import TemplateError, TemplateFolders, check, make_environment, new_shared_code
from gateway.mail.write.texts import LANGUAGES, MailTexts, pick_language, reply_marker, reply_markers

__all__ = [
    "CUSTOMER_MAILS",
    "MAILS",
    "CommandProblem",
    "MailContext",
    "MailTexts",
    "Rendered",
    "Renderer",
    "TemplateError",
    "reply_markers",
]

CUSTOMER_MAILS: Final = (
    "request_received",  # M01
    "comment",  # M02
    "status_changed",  # M03
    "answer_needed",  # M04
    "approval_request",  # M05
    "resolved",  # M06
    "closed",  # M07
    "reopened",  # M08
    "new_request_from_old",  # M25
    "approval_again",  # M05-bis
    "reminder",  # M09
    "resolve_warning",  # M10
    "guard_returned",  # M11
    "decision_receipt",  # M12
    "survey_reminder",  # M14
    "view_link",
)
AGENT_MAILS: Final = (
    "agent_new_request",  # A01
    "agent_client_replied",  # A02
    "agent_assigned",  # A04
    "agent_command_error",  # A06
    "agent_note",  # A07
    "agent_undeliverable",  # A11
    "agent_held",  # A12
    "agent_help",
    "agent_client_decided",  # A03
    "agent_low_rating",  # A09
)
MAILS: Final = CUSTOMER_MAILS + AGENT_MAILS
SURVEY_STEPS: Final = 5
PARTS: Final = ("subject.txt", "body.txt", "body.html")

BARE_MAILS: Final = frozenset({"request_received", "new_request_from_old"})
"""The answers to a mail that opened a ticket: without one word of its sender unless he is `verified`."""

WORDLESS_MAIL: Final = "view_link"
"""Asked for by anybody who types an address into a form: never a word of the ticket, whoever the reader is."""

MAX_SUMMARY = 200
MAX_SUBJECT = 250
MAX_HISTORY_LINES = 20
MAX_EXCHANGES = 3
MAX_EXCHANGE = 4_000
"""Characters of one earlier exchange: three of them beside the news stay below what mail clients clip."""


@dataclass(frozen=True, slots=True)
class CommandProblem:
    """One line of an agent's mail that could not be done, and why.

    `reason`: unknown-verb, value-missing, value-not-expected, twice, too-many, unknown-status, unknown-agent, already-there, not-from-here,
    comment-required; another one is shown as "cannot be done". `value` is what was asked for, `nearest` what may have been meant.
    """

    line_number: int
    line: str
    reason: str
    value: str = ""
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailContext:
    """All that a mail may show. Texts are as people wrote them; cleaning, escaping and shortening happen here.

    `status_labels` and `old_status_labels` give the label of a status for each language. An `old_status` that differs from `status`
    makes `comment`, `answer_needed` and `agent_client_replied` say that the status changed as well (merge window). `reason` is
    why_requester, why_participant, why_organisation, why_agent or why_assignee. `verified` is about the reader's address (ruling 10).

    Each address of a page is made for this one reader. The page asks for a confirmation, so a machine may follow every link.
    """

    desk_name: str
    ticket_key: str
    summary: str = ""
    status: str = ""
    status_labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    old_status: str = ""
    old_status_labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    actor_name: str = ""
    recipient_first_name: str = ""
    comment_text: str = ""
    attachment_names: tuple[str, ...] = ()
    last_exchange: str = ""
    ticket_url: str | None = None
    mute_url: str | None = None
    reason: str = "why_requester"
    reason_name: str = ""
    answerable: bool = False
    guarded: bool = False
    verified: bool = False
    is_reply: bool = False
    asks_for_screenshot: bool = False
    reopen_days: int = 30
    old_key: str = ""
    resolution: str = ""
    """done, wont_fix, duplicate, not_reproducible; any other text is shown as it is."""
    survey_urls: tuple[str, ...] = ()
    """Where 1, 2, 3, 4 and 5 are given; any other number than five of them shows no survey."""
    accept_url: str | None = None
    refuse_url: str | None = None
    """Shown together with `accept_url` or not at all."""
    reopen_url: str | None = None
    answer_url: str | None = None
    publish_url: str | None = None
    undo_url: str | None = None
    closes_on: datetime | None = None
    """When the request is closed unless its people write."""
    reopen_until: datetime | None = None
    resolves_on: datetime | None = None
    waiting_since: datetime | None = None
    days_waiting: int = 0
    asks_decision: bool = False
    """The reminder and the warning are about an approval: accept or refuse, instead of an answer."""
    decision: str = ""
    """accepted, refused, reopened or undone; another one is shown as "noted"."""
    question_withdrawn: bool = False
    held_text: str = ""
    """A reply to a guarded mail, for its author."""
    held_files: int = 0
    publish_until: datetime | None = None
    undo_until: datetime | None = None
    # What only agents may read: no customer's template knows these names.
    note_text: str = ""
    client_name: str = ""
    client_address: str = ""
    organisation: str = ""
    priority: str = ""
    copies: int = 0
    """Participants besides the client who get the answer too."""
    command_errors: tuple[CommandProblem, ...] = ()
    can_force: bool = False
    returned_text: str = ""
    held_reason: str = ""
    """token-missing, wrong-sender, dmarc-fail or conflict."""
    sender_address: str = ""
    """Where the held mail came from."""
    failed_address: str = ""
    failed_at: datetime | None = None
    smtp_answer: str = ""
    address_suspended: bool = False
    exchanges: tuple[tuple[str, str], ...] = ()
    """(author, text) of the last public exchanges, oldest first; the last three are shown."""
    rating: int = 0
    rating_comment: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    """What stands beside a customer's words, as a code and what it is about: refuted, unclear, resembles, repeats, reply_to, also_to."""
    left_out: str = ""
    """What was taken for quotation or signature with little certainty."""


AGENT_ONLY: Final = frozenset(
    {
        "note_text",
        "client_name",
        "client_address",
        "organisation",
        "priority",
        "copies",
        "command_errors",
        "can_force",
        "returned_text",
        "held_reason",
        "sender_address",
        "failed_address",
        "failed_at",
        "smtp_answer",
        "address_suspended",
        "exchanges",
        "rating",
        "rating_comment",
        "beside",
        "left_out",
        "client",
    }
)

_TEMPLATE_FAULTS: Final = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
"""What an expression of a template may raise besides Jinja's own errors."""
_NAMES: Final = ("actor_name", "recipient_first_name", "reason_name", "client_name", "organisation")
_LINES: Final = ("desk_name", "ticket_key", "old_key", "resolution", "client_address", "sender_address", "failed_address", "smtp_answer")
_TEXTS: Final = ("comment_text", "note_text", "returned_text", "held_text", "rating_comment", "left_out")
_FIELDS: Final = tuple(one.name for one in fields(MailContext))
_MADE: Final = frozenset(
    {"language", "subject", "preheader", "re", "bare", "moved", "own", "status_label", "old_status_label"}
    | {"reply_marker", "excerpt", "history", "actor", "client", "why"}
)
_KNOWN_TO_AGENTS: Final = (frozenset(_FIELDS) | _MADE) - {"status_labels", "old_status_labels", "last_exchange"}
_KNOWN_TO_CUSTOMERS: Final = _KNOWN_TO_AGENTS - AGENT_ONLY


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's parts: `subject` and `preheader` are single lines, `text` has at most 72 columns where words allow it."""

    subject: str
    preheader: str
    text: str
    html: str


class Renderer:
    """All templates in all languages, compiled and checked.

    `template_root` holds `base.html` and a folder for each mail, `locale_root` the catalogues, `overrides` an operator's own
    templates in the same shape. Dates are shown in `zone`, people of an unknown language get `default_language`.
    Raises TemplateError (file and line) or CatalogueError at construction. Safe to use from several threads.
    """

    def __init__(
        self,
        template_root: Path,
        locale_root: Path,
        overrides: Path | None = None,
        *,
        zone: tzinfo = UTC,
        default_language: str = LANGUAGES[0],
    ) -> None:
        self.texts = MailTexts(locale_root, zone)
        self._default_language = pick_language(default_language)
        self._templates: dict[tuple[str, str, str], jinja2.Template] = {}
        roots = (overrides, template_root) if overrides else (template_root,)
        codes = {True: new_shared_code(), False: new_shared_code()}
        inlined: dict[Path, str] = {}
        for language in LANGUAGES:
            folders = TemplateFolders(roots, language, inlined)
            for html in (False, True):
                environment = make_environment(folders, _functions(self.texts, language, html=html), codes[html], html=html)
                self._compile(environment, folders, language, html=html)

    def render(self, name: str, language: str, context: MailContext) -> Rendered:
        """The mail `name` (one of MAILS) in `language`, or in the default one when it is not ours.

        Raises KeyError for a name that is no mail, TemplateError when a template asks for what it may not have.
        """
        chosen = pick_language(language, self._default_language)
        values = self._values(name, chosen, context)
        head = self._run(name, chosen, "subject.txt", values).strip().partition("\n")
        values["subject"] = subject = header_text(head[0], MAX_SUBJECT)
        values["preheader"] = preheader = header_text(head[2], MAX_SUBJECT)
        text = tidy(self._run(name, chosen, "body.txt", values))
        return Rendered(subject, preheader, text, self._run(name, chosen, "body.html", values))

    def _compile(self, environment: jinja2.Environment, folders: TemplateFolders, language: str, *, html: bool) -> None:
        """Check and compile every template of one kind in one language."""
        suffix = ".html" if html else ".txt"
        shared = [f"{base}{suffix}" for base in ("base", "agent")]
        names = [f"{mail}/{part}" for mail in MAILS for part in PARTS if part.endswith(suffix)]
        for name in (*shared, "macros" + suffix, *names):
            known = _KNOWN_TO_AGENTS if name.startswith(("agent", "macros")) else _KNOWN_TO_CUSTOMERS
            for path, line, text in check(environment, folders, name, known):
                if not self.texts.has(language, text):
                    raise TemplateError(path, line, f"no text {text!r} in {language!r}")
            try:
                template = environment.get_template(name)
            except jinja2.TemplateError as error:
                raise TemplateError(folders.raw(name)[1], getattr(error, "lineno", 1), str(error)) from error
            mail, _, part = name.rpartition("/")
            self._templates[mail, language, part] = template

    def _run(self, name: str, language: str, part: str, values: Mapping[str, object]) -> str:
        template = self._templates[name, language, part]
        try:
            return template.render(values)
        except (jinja2.TemplateError, *_TEMPLATE_FAULTS) as error:
            raise TemplateError(*_place(error, template), f"{type(error).__name__}: {error}") from error

    def _values(self, name: str, language: str, context: MailContext) -> dict[str, object]:
        """What the templates of one mail see: the context cleaned, and the few things made from it."""
        bare = name == WORDLESS_MAIL or (name in BARE_MAILS and not context.verified)
        values: dict[str, object] = {one: getattr(context, one) for one in _FIELDS}
        for key in _LINES:
            values[key] = header_text(getattr(context, key))
        for key in _NAMES:
            values[key] = defang(getattr(context, key))
        for key in _TEXTS:
            values[key] = body_text(getattr(context, key), self.texts.plain(language, "cut"))
        values["summary"] = shorten(context.summary, MAX_SUMMARY) or self.texts.plain(language, "no_summary")
        values["attachment_names"] = tuple(header_text(one, 150) for one in context.attachment_names)
        values["beside"] = tuple((code, header_text(about, MAX_SUMMARY)) for code, about in context.beside)
        values["survey_urls"] = context.survey_urls if len(context.survey_urls) == SURVEY_STEPS else ()
        values["exchanges"] = tuple(self._exchange(language, *one) for one in context.exchanges[-MAX_EXCHANGES:])
        values["history"] = tuple(body_text(context.last_exchange, "").split("\n")[:MAX_HISTORY_LINES]) if context.last_exchange else ()
        if bare:
            values |= _BARE
        values |= {
            "language": language,
            "re": "Re: " if context.is_reply else "",
            "bare": bare,
            "own": context.reason == "why_requester",
            "moved": bool(context.old_status) and context.old_status != context.status,
            "status_label": _label(context.status_labels, language, context.status),
            "old_status_label": _label(context.old_status_labels, language, context.old_status),
            "reply_marker": reply_marker(language, str(values["ticket_key"])) if context.answerable else "",
            "excerpt": excerpt(str(values["note_text"] if name == "agent_note" else values["comment_text"])),
            "actor": values["actor_name"] or values["desk_name"],
            "client": values["client_name"] or values["client_address"],
        }
        reason = "why_link" if name == WORDLESS_MAIL else "why_unproved" if bare else context.reason
        values["why"] = self._why(language, reason, str(values["reason_name"]), str(values["desk_name"]))
        if name in CUSTOMER_MAILS:
            for key in AGENT_ONLY:
                del values[key]
        return values

    def _exchange(self, language: str, author: str, text: str) -> tuple[str, str]:
        """One earlier exchange, cleaned and of bounded length."""
        return defang(author), body_text(text, self.texts.plain(language, "cut"), MAX_EXCHANGE)

    def _why(self, language: str, reason: str, name: str, desk: str) -> str:
        """The sentence that says why somebody gets this mail; "" for a reason that has no text."""
        named = f"{reason}_named"
        if name and self.texts.has(language, named):
            return self.texts.plain(language, named, name=name, desk=desk)
        return self.texts.plain(language, reason, desk=desk) if self.texts.has(language, reason) else ""


_BARE: Final[Mapping[str, object]] = MappingProxyType(
    {"summary": "", "comment_text": "", "actor_name": "", "recipient_first_name": "", "reason_name": ""}
    | {"attachment_names": (), "history": ()}
)
"""What replaces everything that a stranger may have written (CASES A2.2)."""


def _label(labels: Mapping[str, str], language: str, code: str) -> str:
    return header_text(labels.get(language) or labels.get("en") or code, 80)


def _functions(texts: MailTexts, language: str, *, html: bool) -> dict[str, Callable[..., str]]:
    """The functions that templates may call, for one language and one kind of part."""
    say: Callable[..., str] = texts.html if html else texts.plain

    def text(key: str, /, **values: object) -> str:
        return say(language, key, **values)

    def counted(key: str, count: int, /, **values: object) -> str:
        return say(language, key, count, count=count, **values)

    def code(family: str, name: str, /, **values: object) -> str:
        key = f"{family}.{name}"
        return say(language, key, **values) if name and texts.has(language, key) else ""

    def moment(when: datetime) -> str:
        return texts.moment(language, when)

    def day(when: datetime) -> str:
        return texts.day(language, when)

    made: dict[str, Callable[..., str]] = {"_": text, "_n": counted, "_code": code, "moment": moment, "day": day, "clock": texts.clock}
    return made | {"lines": html_lines if html else barred}


def _place(error: BaseException, template: jinja2.Template) -> tuple[str, int]:
    """The file and line of a template in which `error` was raised: the innermost one of its traceback."""
    path, line = template.filename or str(template.name), 1
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith((".html", ".txt")):
            path, line = name, trace.tb_lineno
        trace = trace.tb_next
    return path, line
