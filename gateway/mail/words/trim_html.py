"""What the HTML of a mail says of its parts: where mail programs mark the quotation and the signature.

Only marks are read here, by name; the words are found again in the text, which is what is cut. Each function looks at the page a fixed
number of times, whatever is in it (CASES F6, A3.14).

Bugs: a signature that a program marks only by its look is not seen.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

QUOTATION_MARKS: Final = (
    *("gmail_quote", "gmail_attr", "divrplyfwdmsg", "appendonsend", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "zmail_extra"),
    *("olk_src_body_section", "mail-editor-reference-message-container", "outlookmessageheader", 'id="stopspelling"', 'id="zwchr"'),
    *('type="cite"', "type=cite", "gmx_quote", "tutanota_quote", 'name="quote"', 'data-marker="__headers__"', "front-blockquote"),
    *('name="messagereplysection"', 'id="reply-intro"', "moz-forward-container", "missive_quote"),
    *("border-top:solid #e1e1e1", "border-top:solid #b5c4df", "border-top: solid #e1e1e1", "border-top:1.0pt solid #e1e1e1"),
    *("border-top:1pt solid rgb(225, 225, 225)", "border-top: 1pt solid rgb(225, 225, 225)"),
)
"""Class names, ids and attributes, lower-case, by which mail programs mark a quotation in HTML."""

SIGNATURE_MARKS: Final = (
    *(
        'class="gmail_signature"',
        "class=gmail_signature",
        'class="moz-signature"',
        'id="signature"',
        "id=signature",
        'id="composer_signature"',
    ),
    *('id="ms-outlook-mobile-signature"', 'id="applemailsignature"', 'class="protonmail_signature_block', 'data-marker="__sig_pre__"'),
    *(
        'class="front-signature"',
        'class="tutanota_signature"',
        'id="mail-editor-signature"',
        'name="messagesignaturesection"',
        'class="signature_editor"',
    ),
)
"""The same for a signature. Without the `x_` that web mail programs put before the names in what they quote."""

_AFTER_MARK: Final = 3000
_FIRST_LETTERS: Final = 40
_LONGEST_ELEMENT: Final = 20_000
_TAG: Final = re.compile(r"<[^<>]{0,1000}>")
_ELEMENT: Final = re.compile(r"<([a-z]{1,20})\b[^<>]{0,1000}$")
_ADDRESS_BEHIND: Final = re.compile(r"[<\[(](?:https?://|mailto:|tel:|www\.)?[^\s<>()\[\]]{1,400}[>\])]")


def quotation_letters(html: str) -> str:
    """The first letters and digits of the first quotation that is marked; "" where there is none.

    Where something is written below the last quotation, it may be the answer: that is none.
    """
    low = html.lower()
    places = [place for place in (low.find(mark) for mark in QUOTATION_MARKS) if place >= 0]
    last = low.rfind("</blockquote>")
    if not places or (last >= 0 and _words(html[last : last + _AFTER_MARK])):
        return ""
    start = html.find(">", min(places)) + 1
    return letters_in(_words(html[start : start + _AFTER_MARK]))[:_FIRST_LETTERS]


def signature_letters(html: str) -> str:
    """The letters and digits of the first signature that is marked above any quotation; "" where there is none."""
    low = html.lower()
    places = [place for place in (low.find(mark) for mark in SIGNATURE_MARKS) if place >= 0]
    quoted = [place for place in (low.find(mark) for mark in QUOTATION_MARKS) if place >= 0]
    if not places or (quoted and min(quoted) < min(places)):
        return ""
    mark = min(places)
    tag = _ELEMENT.search(low, max(0, mark - 1000), mark)
    if tag is None:
        return ""
    start = low.find(">", mark) + 1
    depth = 1
    for found in re.compile(rf"<(/?){tag[1]}\b").finditer(low, start, start + _LONGEST_ELEMENT):
        depth += -1 if found[1] else 1
        if not depth:
            return letters_of(_words(html[start : found.start()]))
    return ""


def letters_of(text: str) -> str:
    """What is left of a text when it is compared whatever its dress: letters and digits, without addresses in brackets."""
    return letters_in(_ADDRESS_BEHIND.sub("", text))


def letters_in(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(one for one in text if one.isalnum()).casefold()


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())
