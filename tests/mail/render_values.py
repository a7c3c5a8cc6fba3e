"""What the tests of our mails render: everything said, nothing said, and words that mean harm; and how they look at the result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from gateway.mail.write.render import MAILS, CommandProblem, MailContext, Rendered, Renderer
from gateway.mail.write.texts import LANGUAGES

TEMPLATES = Path(__file__).parents[2] / "templates"
URL = "https://support.example.org/t/SUP-19258?k=abc&x=1"
MUTE = "https://support.example.org/m/SUP-19258"
PAGE = "https://support.example.org/d/abc/"
STEPS = tuple(f"https://support.example.org/s/{'a' * 51}/{n}" for n in range(1, 6))
LATER = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
LABELS = {"fr": "Résolu", "en": "Resolved", "nl": "Opgelost", "de": "Gelöst"}
OLD_LABELS = {"fr": "En progression", "en": "In progress", "nl": "In behandeling", "de": "In Bearbeitung"}

FULL = MailContext(
    desk_name="Support Example",
    ticket_key="SUP-19258",
    summary="The printer prints stars",
    status="resolved",
    status_labels=LABELS,
    old_status="in_progress",
    old_status_labels=OLD_LABELS,
    actor_name="Jess Martin",
    recipient_first_name="Alex",
    comment_text="Hello Alex,\n\nI changed the cable. Does it print again?\n\n  1. open\n  2. print",
    attachment_names=("test.pdf", "screen.png"),
    last_exchange="Still stars.\nAnd more stars.",
    ticket_url=URL,
    mute_url=MUTE,
    reason_name="Robin Peeters",
    answerable=True,
    verified=True,
    is_reply=True,
    asks_for_screenshot=True,
    old_key="SUP-12",
    resolution="done",
    note_text="The supplier knows this cable.",
    client_name="Alex Dubois",
    client_address="alex@example.be",
    organisation="Town of Example",
    priority="high",
    copies=2,
    command_errors=(
        CommandProblem(2, "#status resolvd", "unknown-status", "resolvd", ("resolved",)),
        CommandProblem(3, "#status open", "not-from-here", "open", ("resolved", "closed")),
        CommandProblem(4, "#frobnicate", "reason-of-tomorrow"),
    ),
    can_force=True,
    returned_text="#status resolvd\nIt is repaired.",
    held_reason="conflict",
    sender_address="jess@example.net",
    failed_address="alex@example.be",
    failed_at=datetime(2021, 7, 30, 14, 13, tzinfo=UTC),
    smtp_answer="550 5.1.1 user unknown",
    address_suspended=True,
    beside=(
        ("refuted", "example.be"),
        ("unclear", "two-from-fields"),
        ("resembles", "jess@example.org"),
        ("repeats", "12"),
        ("reply_to", "other@example.net"),
        ("also_to", "lee@example.net, sam@example.net +3"),
        ("of-tomorrow", "unknown"),
    ),
    left_out="Kind regards\nAlex",
    survey_urls=STEPS,
    accept_url=f"{PAGE}accept",
    refuse_url=f"{PAGE}refuse",
    reopen_url=f"{PAGE}reopen",
    answer_url=f"{PAGE}answer",
    publish_url=f"{PAGE}publish",
    undo_url=f"{PAGE}undo",
    closes_on=LATER,
    reopen_until=LATER,
    resolves_on=LATER,
    waiting_since=LATER,
    days_waiting=3,
    decision="accepted",
    held_text="No, still stars.\nSee the photo.",
    held_files=2,
    publish_until=LATER,
    undo_until=LATER,
    exchanges=(("Alex Dubois", "It prints stars."), ("Jess Martin", "Please name the model."), ("Alex Dubois", "The blue one.")),
    rating=2,
    rating_comment="It took a month.",
)
NO_PAGE: Final[dict[str, Any]] = dict.fromkeys([one.name for one in fields(MailContext) if one.name.endswith("_url")]) | {"survey_urls": ()}
EMPTY = MailContext(desk_name="Support Example", ticket_key="SUP-19258")
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff " * 3
TAGS = "<script>alert(1)</script><b onclick='x'>\"&amp;"
PLACEHOLDER = "{{7*7}} {% if 1 %} {actor} {0} %(x)s **bold** `code`"


def everywhere(text: str) -> MailContext:
    """FULL with `text` in everything that a person can write."""
    names = ["summary", "actor_name", "recipient_first_name", "comment_text", "last_exchange", "reason_name", "note_text", "client_name"]
    names += ["organisation", "returned_text", "smtp_answer", "resolution", "held_text", "rating_comment"]
    problem = CommandProblem(1, text, "unknown-verb", text, (text,))
    same: dict[str, Any] = dict.fromkeys(names, text)
    return replace(FULL, **same, attachment_names=(text, text), command_errors=(problem,), exchanges=((text, text),) * 3)


CASES = {
    "full": FULL,
    "empty": EMPTY,
    "asked for a decision": replace(FULL, asks_decision=True, question_withdrawn=True),
    "guarded": replace(FULL, guarded=True, answerable=False),
    "guarded without a page": replace(FULL, guarded=True, answerable=False, **NO_PAGE),
    "no page": replace(FULL, **NO_PAGE),
    "no summary": replace(FULL, summary=" \r\n "),
    "long summary": replace(FULL, summary="word " * 60),
    "long names": everywhere(LONG_NAME),
    "right to left": everywhere("الطابعة في الطابق الثاني لا تعمل"),
    "tags": everywhere(TAGS),
    "placeholders": everywhere(PLACEHOLDER),
    "line breaks": everywhere("one\r\nBcc: x@example.org\n\n\x00two\u2028three\ud800"),
    "unproved": replace(FULL, verified=False),
}


class Outline(HTMLParser):
    """The tags of a page, whether they are closed in order, and the text that a reader sees."""

    EMPTY = frozenset({"meta", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count it in."""
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It closes the one that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """What is shown."""
        if self.open[-1:] not in (["style"], ["title"]):
            self.text.append(data)

    @property
    def shown(self) -> str:
        """The text as a reader sees it."""
        return re.sub("[ \n\t]+", " ", "".join(self.text)).strip()


def all_mails(renderer: Renderer, *mails: str) -> Iterator[tuple[str, str, str, Rendered]]:
    """Every mail in every language in every case."""
    for mail in mails or MAILS:
        for language in LANGUAGES:
            for case, context in CASES.items():
                yield mail, language, case, renderer.render(mail, language, context)


def tidy_back(text: str) -> str:
    """A text part with its lines joined again."""
    return text.replace("\n", " ")
