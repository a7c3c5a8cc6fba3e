"""How people's words are laid out in a mail: lines and paragraphs in HTML, a bar and 72 columns in the text part, names without links.

Everything here is a plain function on text, linear in its length; nothing here knows a template or a language.
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

from gateway.mail.write.compose import header_text

COLUMNS: Final = 72
MAX_EXCERPT: Final = 80
MAX_SHOWN: Final = 60_000
"""Characters of somebody's text in one mail; mail clients clip what is longer than about 100 kB of HTML."""
_LONGEST_MARK: Final = 20
"""Of an indent that is repeated on each line: without a limit, one line of blanks and words would grow by its square."""

_LINK = re.compile(r"(?:[a-z]{2,10}:)?//|www\.", re.IGNORECASE)
_DOT_IN_WORD = re.compile(r"(?<=\w\w)\.(?=\w\w)")
_STEP = re.compile(r"[1-5] [^|<>]{1,40}  <https?://[^\s<>]+>")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202d\u202e]")


def defang(name: str) -> str:
    """A person's name without anything that a mail client would turn into a link (CASES A2.10): "Jess www.example.org" loses its dots."""
    cleaned = header_text(name, 120)
    if cleaned.isalpha():
        return cleaned
    return header_text(_DOT_IN_WORD.sub(" ", _LINK.sub(" ", cleaned)))


def body_text(text: str, cut: str, limit: int = MAX_SHOWN) -> str:
    """Somebody's text with one kind of line end and without control characters, shortened where a mail would be clipped."""
    if len(text) > limit:
        text = f"{text[:limit].rstrip()}…\n\n{cut}"
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")


def excerpt(text: str) -> str:
    """The beginning of a text for a preheader, cut between words."""
    return shorten(text[:400], MAX_EXCERPT)


def shorten(text: str, limit: int) -> str:
    """`text` as one clean line of at most `limit` characters, with an ellipsis behind a whole word where it was cut."""
    line = header_text(text)
    if len(line) <= limit:
        return line
    return f"{line[: limit - 1].rpartition(' ')[0] or line[: limit - 1]}…"


def html_lines(text: str) -> Markup:
    """Somebody's text for HTML: escaped, its line ends and its indents kept."""
    made = str(escape(text)).replace("\n ", "\n&nbsp;").replace("  ", "&nbsp; ").replace("\n", "<br>\n")
    return Markup(made)  # noqa: S704  # escaped above


def barred(text: str) -> str:
    """Somebody's text for the text part, a bar before each line, so that it cannot be taken for words of ours."""
    return "\n".join([f"| {line}".rstrip() for line in text.split("\n")])


def tidy(text: str) -> str:
    """The text part: long lines wrapped, never two blank lines running, no blanks at the end of a line but in the signature's `-- `."""
    made = list[str]()
    for raw in text.strip().split("\n"):
        line = raw.rstrip()
        if not line and (not made or not made[-1]):
            continue
        made.extend(["-- "] if line == "--" else [line] if len(line) <= COLUMNS else _wrapped(line))
    return "\n".join(made) + "\n"


def _kept_together(words: list[str]) -> list[str]:
    """Signs that stand after a space in French stay with their word: no line begins with a lone « » » or « ? »."""
    made: list[str] = []
    for word in words:
        if made and ((word[:1] in set("»?!:;") and len(word) <= 3) or made[-1].endswith("«")):
            made[-1] = f"{made[-1]} {word}"
        else:
            made.append(word)
    return made


def _wrapped(line: str) -> list[str]:
    """A long line broken at spaces; a bar or an indent is repeated. A word longer than the line, a link and a survey's step stay whole."""
    if (line.startswith("<http") and " " not in line) or _STEP.fullmatch(line):
        return [line]
    rest = line.lstrip("| ")
    mark = line[: len(line) - len(rest)][:_LONGEST_MARK]
    words, made = _kept_together(rest.split(" ")), list[str]()
    current = mark + words[0]
    if words[0] == "-":
        mark += "  "
    for word in words[1:]:
        if len(current) + 1 + len(word) > COLUMNS:
            made.append(current.rstrip())
            current = mark + word
        else:
            current = f"{current} {word}"
    return [*made, current]
