"""Says what kind of mail it is, and whether anything automatic may answer it, by one ordered table of small rules.

The order (CASES C.2): our own mail first, then reports, then what a mail says of itself in headers, then what its sender's name
says; words in a subject come last and never decide alone. The first rule that hits decides; the names of all that hit are kept, so that
`gateway explain` can show them. RFC 3834 (Auto-Submitted) is read as written: the token before `;`, without comments, in any case.

Bugs: a vacation mail without any header for it is found only when both its subject and its first lines say so; another machine's mail
only when its text says that a machine made it. A person who writes with one of our own addresses in From is taken for a loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gateway.mail.inbound import Classified, InboundMail, Verdict
from gateway.mail.kind import classify_rules as rule
from gateway.mail.kind.bounce import kind_of_report
from gateway.mail.kind.classify_rules import Facts
from gateway.mail.kind.classify_tables import PRECEDENCES

Rule = tuple[str, Callable[[Facts], bool], Verdict]

RULES: tuple[Rule, ...] = (
    ("own-loop-mark", rule.own_loop_mark, Verdict.LOOP),
    ("own-sender", rule.own_sender, Verdict.LOOP),
    ("own-message-id", rule.own_message_id, Verdict.LOOP),
    ("too-large", rule.too_large, Verdict.OVERSIZED),
    ("beyond-limits", rule.beyond_limits, Verdict.UNREADABLE),
    ("no-headers", rule.no_headers, Verdict.UNREADABLE),
    ("challenge", rule.challenge, Verdict.CHALLENGE),
    ("report-delayed", rule.report_delayed, Verdict.DELAY),
    ("report-failed", rule.report_failed, Verdict.BOUNCE),
    ("report-delivered", rule.report_delivered, Verdict.AUTO_GENERATED),
    ("complaint", rule.complaint, Verdict.FEEDBACK_REPORT),
    ("read-receipt", rule.read_receipt, Verdict.READ_RECEIPT),
    ("spam-flag", rule.spam_flag, Verdict.SPAM),
    ("vacation-header", rule.vacation_header, Verdict.OUT_OF_OFFICE),
    ("away-and-automatic", rule.marked_away, Verdict.OUT_OF_OFFICE),
    ("auto-replied", rule.auto_replied, Verdict.AUTO_REPLY),
    ("auto-submitted", rule.auto_generated, Verdict.AUTO_GENERATED),
    ("automatic-header", rule.automatic_header, Verdict.AUTO_REPLY),
    ("machine-header", rule.machine_header, Verdict.AUTO_GENERATED),
    ("precedence-reply", rule.precedence_reply, Verdict.AUTO_REPLY),
    ("precedence-bulk", rule.bulk, Verdict.AUTO_GENERATED),
    ("list-header", rule.list_header, Verdict.LIST),
    ("list-sender", rule.list_sender, Verdict.LIST),
    ("unattended-sender", rule.unattended_sender, Verdict.AUTO_GENERATED),
    ("null-return-path", rule.null_return_path, Verdict.AUTO_GENERATED),
    ("response-suppressed", rule.suppressing, Verdict.AUTO_GENERATED),
    ("away-by-words", rule.away_by_words, Verdict.OUT_OF_OFFICE),
    ("made-by-words", rule.made_by_words, Verdict.AUTO_GENERATED),
    ("calendar", rule.invitation, Verdict.CALENDAR),
    ("nothing-to-read", rule.nothing_to_read, Verdict.UNREADABLE),
    ("garbled", rule.garbled, Verdict.UNREADABLE),
    ("human", rule.anything, Verdict.HUMAN),
)
"""Asked in this order; the first that hits decides."""

NEVER_ANSWER: tuple[tuple[str, Callable[[Facts], bool]], ...] = (
    ("null-return-path", rule.null_return_path),  # 1
    ("auto-submitted", rule.says_automatic),  # 2
    ("report", rule.is_report),  # 3
    ("list-or-bulk", rule.from_list),  # 4
    ("response-suppressed", rule.suppresses_any),  # 5
    ("unattended-sender", rule.from_machine),  # 6
    ("own-mail", rule.own_mail),  # 7
    ("not-addressed-to-us", rule.not_addressed),  # 8
    ("sender-proof-failed", rule.sender_failed),  # 9
    ("spam-flag", rule.spam_flag),  # 11
    ("unclear-sender", rule.unclear_sender),  # 14
)
"""What forbids an automatic answer, as far as a mail shows it by itself (CASES C.3); rate, import and same thread are the desk's to ask."""

_ANSWERABLE = frozenset({Verdict.HUMAN, Verdict.CALENDAR})


def classify(
    mail: InboundMail,
    *,
    own_addresses: frozenset[str],
    is_own_message_id: Callable[[str], bool],
    is_own_loop: Callable[[str], bool],
    size_limit: int,
    words: str | None = None,
) -> Classified:
    """The verdict on `mail`, every rule that hit (the deciding one first), and whether it may be answered automatically.

    `own_addresses` are lower-case; one that begins with `@` stands for its whole domain, and a `+extension` is read through. `size_limit`
    is in bytes. The two functions get a Message-ID with its brackets, and the value of an X-Gateway-Loop field. `words` are its own,
    without those that it quotes; None where nobody has told them apart.
    """
    facts = _facts(mail, own_addresses, is_own_message_id, is_own_loop, size_limit, words)
    hits = [(name, verdict) for name, hits_on, verdict in RULES if hits_on(facts)]
    verdict = hits[0][1]
    names = tuple(name for name, _ in hits if name != "human") or ("human",)
    forbids = [name for name, forbids_on in NEVER_ANSWER if forbids_on(facts)]
    if verdict not in _ANSWERABLE:
        forbids.append(f"verdict-{verdict.value}")
    if forbids and facts.away:
        forbids.append("vacation-subject")  # 15: only beside another reason
    return Classified(verdict=verdict, rules=names, may_answer=not forbids, never_answer=tuple(forbids))


def keyword(value: str) -> str:
    """The first token of a header value that may have parameters and comments: `auto-replied (vacation); x=y` is `auto-replied`."""
    out: list[str] = []
    depth = 0
    for c in value[:998]:
        if c == "(":
            depth += 1
        elif c == ")":
            depth = max(0, depth - 1)
        elif c == ";" and not depth:
            break
        elif not depth:
            out.append(c)
    words = "".join(out).strip().strip("\"'").lower().split()
    return words[0] if words else ""


def _facts(
    mail: InboundMail,
    own_addresses: frozenset[str],
    is_own_message_id: Callable[[str], bool],
    is_own_loop: Callable[[str], bool],
    size_limit: int,
    words: str | None,
) -> Facts:
    """What the rules ask of `mail`."""
    who = mail.sender or mail.claimed_sender
    asked = ",".join(mail.all("x-auto-response-suppress"))[:998].lower()
    # Of several fields the first that says anything counts: a machine's "auto-replied" must not be undone by a second "no".
    said = [word for value in mail.all("auto-submitted") if (word := keyword(value))]
    return Facts(
        mail=mail,
        own_addresses=own_addresses,
        is_own_message_id=is_own_message_id,
        is_own_loop=is_own_loop,
        size_limit=size_limit,
        report=kind_of_report(mail),
        auto_submitted=next((word for word in said if word != "no"), said[0] if said else ""),
        precedence=next((word for name in PRECEDENCES if (word := keyword(mail.header(name) or ""))), ""),
        suppressed=frozenset(word for word in re.split(r"[\s,;]+", asked) if word),
        names=frozenset(h.name.lower() for h in mail.headers),
        local_part=who.local_part.lower() if who else "",
        away=rule.begins_away(mail.subject),
        words=mail.text if words is None else words,
    )
