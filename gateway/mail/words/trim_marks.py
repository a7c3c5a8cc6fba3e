"""What one line says by its shape: a separator, a rule, a help desk's mark, a program's own line, or a way to reach its writer.

Each question looks at one line, and at no more than its first characters (CASES F6, A3.14). They are asked by the scanner of `trim` from
the top down and from the end up, and by `forward`.

Bugs: a telephone number without a label that begins with neither 0, + nor a bracket is not seen as one.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.mail.words.trim_lines import DATE, TIME, Line, plain
from gateway.mail.words.trim_signed import (
    ADDED,
    ADDED_TITLES,
    CLOSINGS,
    DEVICES,
    FORMAL_OPENINGS,
    FORMAL_WORDS,
    MOBILE_TAILS,
    PHONE_LABELS,
    PRINTING,
    PRINTING_WORDS,
    SENT_FRAMES,
    SENT_FROM,
    SENT_WITH,
    THANKS,
)
from gateway.mail.words.trim_tables import FORWARDED_MESSAGE, ORIGINAL_MESSAGE, PREVIOUS_REPLIES, REPLY_ABOVE, RUN_TOGETHER, HeaderKind


def _phrases(phrases: tuple[str, ...]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(set(phrases), key=len, reverse=True))


_RULED: Final = "-_=*—–─ \t"
_ALL_RULES: Final = re.compile(r"[-_=*—–─ ]{3,}$")
_ORIGINAL: Final = re.compile(rf"(?:{_phrases(ORIGINAL_MESSAGE)})(?: ?:)?$")
_MESSAGE_OF: Final = re.compile(r"message du (\d{1,2}/\d{1,2}/\d{2,4} (?:à )?\d{1,2}:\d\d)$")
_FORWARDED: Final = re.compile(rf"(?:{_phrases(FORWARDED_MESSAGE)})[^:]{{0,80}}(?::\d\d){{0,2}}[^:]{{0,20}}:?$")
_LINK: Final = re.compile(r"(?:https?://|mailto:|www\.)[^\s<>)\]]{0,400}")
_FRAMES: Final = frozenset("#-=_*~+–—[]")
_LONGEST_MARK: Final = 160
_LONGEST_BARE_MARK: Final = 60
_LONGEST_TITLE: Final = 100
_LONGEST_RUN: Final = 2000  # many may stand behind To
_LONGEST_CONTACT: Final = 100
_LONGEST_ADDED: Final = 200
_ORNAMENTS: Final = "*_~-–—•·|<>[]()\U0001f331\U0001f332\U0001f333\U0001f340\U0001f343\ufe0f "  # trees and leaves
_LONGEST_SIGNED: Final = 70
_NUMBER: Final = re.compile(r"(?P<label>[^\d(+]{0,24})(?P<number>[+(]?\d[\d ()./–-]{6,24})(?: ?(?:ext|poste|x)\.? ?\d{1,6})?$")
_REACHED_AT: Final = re.compile(r"(?:[^:@]{1,24}: ?)?(?:https?://\S{1,200}|www\.\S{1,200}|[^\s@:<]{1,64}@[^\s@>]{1,200})$")
_BETWEEN_CONTACTS: Final = re.compile(r" [-–—|•·/] |\| ?|;")
_FROM_A_PLACE: Final = re.compile(r" (?:aus|uit|from|depuis) [^\W\d_]{2,20}(?: [^\W\d_]{2,20})?$")
_ENDS_SENTENCE: Final = re.compile(r"[?!;:,]$|[^\W\d_]{4,}\.$|>>$")
_POSTSCRIPT: Final = re.compile(r"(?:p\.? ?s|n\.? ?b)[.:]? ", re.IGNORECASE)
_LABEL: Final = re.compile(r"[^\W\d_]{1,12} ?[.:]")
_BRACKETS: Final = str.maketrans(dict.fromkeys('[]()<>*_~"«»“”|', " "))


def is_rule(line: Line) -> bool:
    """A line of dashes, underscores or stars only, of any length from three on."""
    return not line.quoted and _ALL_RULES.match(line.shown) is not None and (not line.long or not line.raw.strip(_RULED))


def is_original_message(line: Line) -> bool:
    """`-----Original Message-----`, or Orange's "Message du 24/11/26 10:12"."""
    if line.long or not line.body:
        return False
    if line.body[0] not in _RULED:
        return _MESSAGE_OF.match(line.body.casefold()) is not None
    return _ORIGINAL.match(line.body.strip(_RULED).casefold()) is not None


def date_of_original(line: Line) -> str:
    """The date in Orange's separator, which has it instead of a header; "" in any other line."""
    found = _MESSAGE_OF.match(line.body.casefold())
    return found[1] if found else ""


def is_forwarded_message(line: Line) -> bool:
    """`---------- Forwarded message ---------` or `Begin forwarded message:`."""
    if line.long or not line.body or not (line.body[0] in _RULED or line.body.endswith(":")):
        return False
    inner = line.body.strip(_RULED).casefold()
    found = _FORWARDED.match(inner)
    return found is not None and (inner.endswith(":") or line.body[:2] in {"--", "__", "==", "**"})


def is_reply_above(line: Line) -> bool:
    """`##- Please type your reply above this line -##`, of whatever help desk: framed in marks, so no item of a list."""
    if line.long or line.body[:1] not in _FRAMES or len(line.body) > _LONGEST_MARK:
        return False
    if line.body[-1:] not in _FRAMES and line.body[:5].strip("".join(_FRAMES)):
        return False
    folded = line.body.casefold()
    return any(answer in folded and above in folded for answer, above in REPLY_ABOVE)


def is_bare_reply_above(line: Line) -> bool:
    """`Reply above this line.`, which some help desks write below a rule: short, and nothing else on the line."""
    folded = line.body.casefold()
    return len(folded) <= _LONGEST_BARE_MARK and any(answer in folded and above in folded for answer, above in REPLY_ABOVE)


def is_previous_replies(line: Line) -> bool:
    """`*Previous Replies*`, which forum programs write below a rule and above what was said before."""
    inner = line.body.strip("*_# ")
    return not line.long and inner != line.body and inner.casefold() in PREVIOUS_REPLIES


def is_titled_rule(line: Line) -> bool:
    """Words between dashes, `----- Mail original -----`: means something only beside a header block or a quotation."""
    inner = line.body.strip(_RULED)
    framed = line.body[:3].strip(_RULED) == line.body[-3:].strip(_RULED) == ""
    return not line.long and framed and 0 < len(inner) <= _LONGEST_TITLE


def run_together(line: Line) -> dict[HeaderKind, str] | None:
    """The headers that Yahoo writes behind its separator without line breaks; None for any other line.

    `----- Forwarded Message ----- From: …To: …Sent: …Subject: …`
    """
    if not line.body.startswith("---"):
        return None
    title, dashes, rest = plain(line.raw[:_LONGEST_RUN]).lstrip("- ").partition(" ---")
    if not dashes or _FORWARDED.match(title.casefold().strip()) is None:
        return None
    rest = rest.lstrip("- ")
    for labels in RUN_TOGETHER:
        fields = _split_at(rest, labels)
        if fields:
            return fields
    return None


def _split_at(rest: str, labels: tuple[tuple[str, HeaderKind], ...]) -> dict[HeaderKind, str] | None:
    """The values behind these labels, which must all be there in this order."""
    places: list[tuple[HeaderKind, int, int]] = []
    position = 0
    for label, kind in labels:
        found = re.compile(rf"{label} ?:").search(rest, position)
        if found is None or (not places and found.start()):
            return None
        places.append((kind, found.start(), found.end()))
        position = found.end()
    ends = [start for _, start, _ in places[1:]] + [len(rest)]
    return {kind: rest[start:end].strip() for (kind, _, start), end in zip(places, ends, strict=True)}


def is_arrowed_name(line: Line) -> bool:
    """`>>> Jess Martin <jess@example.org> 24/11/26 10:12 >>>`: it introduces lines that have no marks (GroupWise)."""
    ends = line.shown.endswith(">>>") and len(line.shown) > 12
    return ends and not line.long and line.shown.startswith(">>> ") and TIME.search(line.body) is not None


def is_sent_from(line: Line) -> bool:
    """`Sent from my iPhone`: what a program adds below a mail by itself."""
    if line.quoted or line.long or not 6 <= len(line.shown) <= 300:
        return False
    written = " ".join(_LINK.sub(" ", line.shown).translate(_BRACKETS).split()).strip(" -–—.")
    words = written.casefold()
    count = len(words.split())
    if any(words.startswith(start) and words.endswith(end) for start, end in SENT_FRAMES):
        return count <= 12 and (count <= 4 or _names_device(words))
    if words.endswith(MOBILE_TAILS):
        return count <= 3
    if not words.startswith((*SENT_FROM, *SENT_WITH)):
        return False
    head = re.split(r"[,.;!?] ", words, maxsplit=1)[0]
    if head == words and count <= 5 and words.startswith(SENT_FROM) and not written[0].islower() and not DATE.search(words):
        return True
    return count <= (10 if head == words else 17) and _names_device(head)


def is_added(line: Line) -> bool:
    """`Virus-free. www.example.org`, `Please consider the environment before printing`: what gateways add to everybody's mails."""
    if line.quoted or len(line.shown) > _LONGEST_ADDED or line.shown.endswith("?"):
        return False
    words = line.shown.lstrip(_ORNAMENTS).removeprefix("P ").lstrip(_ORNAMENTS)
    folded = words.casefold()
    if folded.startswith(PRINTING):
        return all(any(one in folded for one in group) for group in PRINTING_WORDS)
    bare = _LINK.sub("", folded).strip(" :<>()[]*_-.")
    return (not words[:1].islower() and folded.startswith(ADDED)) or (bare in ADDED_TITLES and len(bare) < len(words) - 8)


def _names_device(words: str) -> bool:
    return any(word.strip(".,!") in _DEVICES or word.startswith(("iphone", "outlook", "ios", "android")) for word in words.split())


_DEVICES: Final = frozenset(DEVICES)


# --- who wrote it ------------------------------------------------------------------------------------------------------------------


def is_contact(line: Line) -> bool:
    """A line that is a telephone number, an address or a link and nothing else, with or without a label."""
    text = _LINK_BEHIND.sub("", line.shown).strip("*_|•· ")
    if line.long or line.quoted or not 6 <= len(text) <= _LONGEST_CONTACT:
        return False
    return _reaches(text) or all(_reaches(piece.strip()) for piece in _BETWEEN_CONTACTS.split(text))


def _reaches(text: str) -> bool:
    if _REACHED_AT.match(text):
        return True
    found = _NUMBER.match(text)
    if found is None or DATE.search(text):
        return False
    label = found["label"].casefold().strip(" .:/-")
    return label in PHONE_LABELS if label else found["number"][0] in "+(0"


def is_signed(line: Line) -> bool:
    """A line that may stand on a visiting card: short, no sentence, no question, no postscript; names begin with a capital, labels end."""
    if line.quoted or len(line.shown) > _LONGEST_SIGNED or _ENDS_SENTENCE.search(line.shown) or is_postscript(line):
        return False
    return not line.shown[:1].islower() or _LABEL.match(line.shown) is not None


def is_postscript(line: Line) -> bool:
    """`P.S. the other one too`: words, wherever they stand."""
    return not line.quoted and _POSTSCRIPT.match(line.shown) is not None


def is_closing(line: Line) -> bool:
    """`Cordialement,` or `Viele Grüße aus Eupen` alone on a line, or a formal sentence: below it stands who wrote."""
    if line.long or line.quoted:
        return False
    words = line.shown.strip(" ,.!-–—*").casefold()
    if is_formal(line):
        return any(one in words for one in FORMAL_WORDS)
    return words in CLOSINGS or words in THANKS or _FROM_A_PLACE.sub("", words) in CLOSINGS


def is_formal(line: Line) -> bool:
    """How a formal letter's last sentence begins, `Veuillez agréer, Madame`."""
    return not line.quoted and line.shown.casefold().startswith(FORMAL_OPENINGS)


def is_thanks(line: Line) -> bool:
    """`Merci,` alone on a line: closing words that say something."""
    return not line.long and not line.quoted and line.shown.strip(" ,.!-–—*").casefold() in THANKS


_LINK_BEHIND: Final = re.compile(r" ?<(?:https?://|mailto:|tel:)?[^<>\s]{1,200}>$")
