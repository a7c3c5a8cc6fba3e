"""Mails of every kind that a desk gets in a day: the same seed makes the same bytes, and each mail says what it must become."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage

DESK = "support@example.org"
LARGE = 24_000
"""Octets of an attachment that does not fit into a database row (the tests set blobs.inline_limit below it)."""


@dataclass(frozen=True)
class MixedMail:
    """A mail and what it must become: the ledger's `outcome`, and whether that is a ticket or a comment."""

    kind: str
    raw: bytes
    outcome: str
    words: str = ""

    @property
    def opens(self) -> bool:
        """Whether it is a ticket of its own."""
        return self.outcome == "ticket"

    @property
    def comments(self) -> int:
        """How many comments it writes."""
        return int(self.outcome in {"ticket", "comment", "filed"})


class Mixer:
    """Makes mails, one after the other; replies go to what the same customer wrote before."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0
        self.threads: list[tuple[str, str]] = []
        """Sender and Message-ID of each plain request."""
        self.unanswered: list[str] = []
        """Message-IDs of mails that nobody replies to."""
        self.last = MixedMail("", b"", "")

    def next(self, kind: str) -> MixedMail:
        """The next mail, of this kind."""
        self.number += 1
        made = KINDS[kind](self)
        if kind in REPEATABLE:
            self.last = made
        return made

    def mail(self, sender: str, subject: str, text: str, **headers: str) -> EmailMessage:
        """A mail of this number."""
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = sender
        mail["To"] = DESK
        mail["Subject"] = subject
        mail["Message-ID"] = f"<mixed-{self.number}@example.be>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        return mail

    def sender(self) -> str:
        """An address that nobody had before."""
        return f"customer{self.number}@example.be"

    def words(self) -> str:
        """A sentence that stands in no other mail."""
        return f"This is mail number {self.number} and it needs an answer."


def _plain(mixer: Mixer) -> MixedMail:
    sender, words = mixer.sender(), mixer.words()
    mail = mixer.mail(
        f"Customer {mixer.number} <{sender}>", f"Request {mixer.number}", f"Bonjour,\n\n{words}\n\nMerci d'avance, à bientôt\n"
    )
    mixer.threads.append((sender, str(mail["Message-ID"])))
    return MixedMail("plain", mail.as_bytes(), "ticket", words)


def _html(mixer: Mixer) -> MixedMail:
    words = mixer.words()
    mail = mixer.mail(mixer.sender(), f"Demande {mixer.number} – été", f"{words}\n")
    mail.add_alternative(f"<html><body><p><b>{words}</b></p><script>alert(1)</script></body></html>", subtype="html")
    mixer.unanswered.append(str(mail["Message-ID"]))
    return MixedMail("html", mail.as_bytes(), "ticket", words)


def _file(mixer: Mixer) -> MixedMail:
    words = mixer.words()
    mail = mixer.mail(mixer.sender(), f"With a file {mixer.number}", f"{words}\n")
    mail.add_attachment(mixer.random.randbytes(LARGE), "application", "pdf", filename=f"scan {mixer.number}.pdf")
    return MixedMail("file", mail.as_bytes(), "ticket", words)


def _reply(mixer: Mixer) -> MixedMail:
    sender, parent = mixer.random.choice(mixer.threads)
    words = mixer.words()
    mail = mixer.mail(sender, "Re: my request", f"{words}\n\n> Bonjour,\n", In_Reply_To=parent, References=parent)
    return MixedMail("reply", mail.as_bytes(), "comment", words)


def _auto_reply(mixer: Mixer) -> MixedMail:
    sender, parent = mixer.random.choice(mixer.threads)
    mail = mixer.mail(sender, "Out of office", "I am away until Monday.\n", Auto_Submitted="auto-replied", In_Reply_To=parent)
    return MixedMail("auto-reply", mail.as_bytes(), "filed", "I am away until Monday.")


def _stranger_away(mixer: Mixer) -> MixedMail:
    mail = mixer.mail(mixer.sender(), "Out of office", "I am away.\n", Auto_Submitted="auto-replied")
    return MixedMail("stranger-away", mail.as_bytes(), "not-filed")


def _bounce(mixer: Mixer) -> MixedMail:
    number = mixer.number
    head = (
        f"From: MAILER-DAEMON@mx.example.be\nTo: {DESK}\nSubject: Undelivered Mail Returned to Sender\n"
        f"Message-ID: <bounce-{number}@mx.example.be>\n"
        'Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
    )
    body = (
        "--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.be\n\n"
        f"Final-Recipient: rfc822; x{number}@example.be\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n--b--\n"
    )
    return MixedMail("bounce", (head + body).replace("\n", "\r\n").encode(), "report-without-effect")


def _again(mixer: Mixer) -> MixedMail:
    return MixedMail("again", mixer.last.raw, "duplicate")


def _same_id(mixer: Mixer) -> MixedMail:
    """A known Message-ID with other words is another mail: kept (DESIGN, Transactions)."""
    words = mixer.words()
    mail = mixer.mail(mixer.sender(), "A Message-ID used twice", f"{words}\n")
    if mixer.unanswered:
        mail.replace_header("Message-ID", mixer.unanswered.pop())
    return MixedMail("same-id", mail.as_bytes(), "ticket", words)


def _no_id(mixer: Mixer) -> MixedMail:
    words = mixer.words()
    mail = mixer.mail(mixer.sender(), "No Message-ID", f"{words}\n")
    del mail["Message-ID"]
    return MixedMail("no-id", mail.as_bytes(), "ticket", words)


def _malformed(mixer: Mixer) -> MixedMail:
    """A wrong charset, a boundary that never comes, a header that breaks off, an 8-bit subject: mail all the same."""
    number, words = mixer.number, mixer.words()
    broken = (
        b'Content-Type: text/plain; charset="x-no-such"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nA=ZZ %s=\r\n',
        b'Content-Type: multipart/mixed; boundary="never"\r\n\r\n%s\r\n--other\r\n',
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nX-Broken\r\n\r\n%s\r\n\xff\xfe\r\n",
        b"Content-Type: text/plain; charset=us-ascii\r\n\r\n\xe9t\xe9 %s\r\n",
    )[number % 4]
    head = f"From: {mixer.sender()}\r\nTo: {DESK}\r\nMessage-ID: <malformed-{number}@example.be>\r\nMIME-Version: 1.0\r\n".encode()
    subject = b"Subject: \xe9\xe8 =?utf-8?Q?=C3?= " + str(number).encode() + b"\r\n"
    return MixedMail("malformed", head + subject + broken.replace(b"%s", words.encode()), "ticket")


def _no_sender(mixer: Mixer) -> MixedMail:
    mail = mixer.mail("nobody at all", f"No address {mixer.number}", f"{mixer.words()}\n")
    return MixedMail("no-sender", mail.as_bytes().replace(b"From: nobody at all\r\n", b"From: nobody at all <>\r\n"), "ticket")


KINDS: dict[str, Callable[[Mixer], MixedMail]] = {
    "plain": _plain,
    "html": _html,
    "file": _file,
    "reply": _reply,
    "auto-reply": _auto_reply,
    "stranger-away": _stranger_away,
    "bounce": _bounce,
    "again": _again,
    "same-id": _same_id,
    "no-id": _no_id,
    "malformed": _malformed,
    "no-sender": _no_sender,
}
REPEATABLE = frozenset({"plain", "html", "file", "reply", "no-id", "malformed"})
DAY = (
    "plain",
    "html",
    "file",
    "reply",
    "again",
    "auto-reply",
    "malformed",
    "plain",
    "bounce",
    "no-id",
    "reply",
    "same-id",
    "again",
    "no-sender",
    "html",
    "stranger-away",
)
"""What comes in, over and over, shuffled within each round but for the first mail."""


def mixed(count: int, seed: int = 1) -> list[MixedMail]:
    """`count` mails in the order of their arrival."""
    mixer = Mixer(seed)
    found = [mixer.next("plain")]
    while len(found) < count:
        kinds = list(DAY)
        mixer.random.shuffle(kinds)
        found += [mixer.next(kind) for kind in kinds[: count - len(found)]]
    return found
