"""What a subject says beside its words: that the mail answers, that it passes something on, or that it is about something else.

Mail programs put marks of their own before the words, in their own languages, and so do we; what is left is what the person called it.

Bugs: a subject in a script without blanks is one word, so that changing a part of it counts as a new subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from gateway.mail.phrases import plain
from gateway.mail.words.trim_tables import FORWARD_SUBJECTS

_REPLY_WORDS: Final = (
    r"(?:re|ré|réf|aw|sv|vs|antw|antwort|antwoord|odp|ynt|rif|r|res|vá|bls|atb|отв|ответ|απ|σχετ|回复|答复|回覆|返信|답장|회신|tr\s?:\s?re)"
    r"\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s{0,3}[:：]"
)
_REPLY: Final = re.compile(rf"(?:\[[^\]]{{0,80}}\]\s{{0,5}}){{0,3}}{_REPLY_WORDS}", re.IGNORECASE)
_MARK: Final = re.compile(rf"\s*(?:{_REPLY_WORDS}|\[[a-z][a-z0-9]{{0,9}}-[1-9][0-9]{{0,9}}\])\s*", re.IGNORECASE)
_TAG: Final = re.compile(r"\s*\[[^\[\]]{1,40}\]\s*")
_NUMBERED: Final = re.compile(r"[#№]\s?\d|\b[A-Za-z]{1,10}[-_]?\d{3,}\b|\b\d{5,}\b")
"""A number of somebody's own, by which another ticket system knows the mail again."""
_WORD: Final = re.compile(r"\w+")
_LOOK: Final = 400
_TELLING: Final = 4
"""Letters of a word that says what it is about."""


def says_reply(subject: str) -> bool:
    """Whether a subject begins as that of an answer does ("Re:", "AW:", "RE :", "Antw:"), behind tags in brackets or not."""
    return _REPLY.match(subject) is not None


def says_forward(subject: str) -> bool:
    """Whether a subject begins as that of a forwarded mail does ("FW:", "TR :", "WG:"), behind a tag in brackets or not."""
    beginning = subject[:_LOOK]
    tag = _TAG.match(beginning)
    word, colon, _ = (beginning[tag.end() :] if tag else beginning).replace("\uff1a", ":").partition(":")
    return bool(colon) and word.strip().casefold() in FORWARD_SUBJECTS


def bare_subject(subject: str) -> str:
    """A subject without the marks of answering and passing on, and without our keys, as many as stand in its beginning."""
    rest, beyond = subject.strip()[:_LOOK], subject.strip()[_LOOK:]
    while rest:
        mark = _MARK.match(rest)
        if mark is not None:
            rest = rest[mark.end() :]
        elif _TAG.match(rest) is None and says_forward(rest):
            rest = rest.replace("\uff1a", ":").partition(":")[2].strip()
        else:
            break
    return f"{rest}{beyond}".strip()


def is_new_subject(subject: str, known: Iterable[str]) -> bool:
    """Whether the writer of a mail in an old thread called it something else than anything in `known`: then it is about something else.

    It is asked to be sure: a mark of answering, a key of ours, a number of another system, or one telling word in common keeps the thread.
    """
    words = _telling(subject)
    if not words or says_reply(subject) or says_forward(subject) or _MARK.match(subject) or _NUMBERED.search(subject[:_LOOK]):
        return False
    known_words = [_telling(bare_subject(one)) for one in known]
    return any(known_words) and all(words.isdisjoint(one) for one in known_words)


def _telling(subject: str) -> frozenset[str]:
    """The words that say what it is about: the longer ones, or all where there are no longer ones."""
    words = _WORD.findall(plain(subject[:_LOOK]))
    return frozenset(word for word in words if len(word) >= _TELLING) or frozenset(words)
