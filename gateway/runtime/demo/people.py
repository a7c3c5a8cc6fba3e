"""Those who write and read mail in the demo: each has a box on the mail host, submits by SMTP with a login and reads by IMAP.

What they can do is what a mail client lets them do; nothing here knows the gateway, but for the beginning of a Message-ID by which a
waited-for mail is told from others.
"""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP as WIRE
from email.policy import default as readable
from email.utils import format_datetime, localtime, make_msgid, parseaddr
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from gateway.runtime.demo.mailhost import LOOPBACK, Box, MailHost, MailHostError

TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class File:
    """An attachment."""

    name: str
    kind: str
    content: bytes


@dataclass
class Correspondent:
    """A person with a mail client. `attribution` is what it writes above a quote: fields {date} and {name}."""

    name: str
    box: Box
    host: MailHost
    attribution: str
    signature: str = ""
    unread: list[EmailMessage] = field(default_factory=list)
    received: int = 0
    _imap: Any = None
    _last_uid: int = 0

    @property
    def address(self) -> str:
        """Where he is reached."""
        return self.box.address

    def write(self, to: str, subject: str, text: str, *files: File, **headers: str) -> EmailMessage:
        """Write a mail and send it. An underscore in the name of a header is a dash."""
        mail = EmailMessage(policy=WIRE)
        mail["From"] = str(Address(self.name, addr_spec=self.address))
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = format_datetime(localtime())
        mail["Message-ID"] = make_msgid(domain=self.address.partition("@")[2])
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text, cte="7bit" if text.isascii() else "8bit")
        for file in files:
            main, _, sub = file.kind.partition("/")
            mail.add_attachment(file.content, main, sub, filename=file.name)
        self.submit(mail)
        return mail

    def reply(self, to: EmailMessage, words: str, **headers: str) -> EmailMessage:
        """Answer as a mail client does: to Reply-To, the words above, then the signature, then the whole mail as a quote."""
        subject = str(to["Subject"])
        when = to["Date"].datetime.astimezone()
        intro = self.attribution.format(date=f"{when:%d/%m/%Y %H:%M}", name=parseaddr(str(to["From"]))[0])
        quote = "".join(f"> {line}".rstrip() + "\n" for line in text_of(to).splitlines())
        signature = f"\n-- \n{self.signature}\n" if self.signature else ""
        thread = f"{to['References'] or ''} {to['Message-ID']}".split()
        return self.write(
            parseaddr(str(to["Reply-To"] or to["From"]))[1],
            subject if subject.lower().startswith("re:") else f"Re: {subject}",
            f"{words}\n{signature}\n{intro}\n{quote}",
            In_Reply_To=str(to["Message-ID"]),
            References=" ".join(thread),
            **headers,
        )

    def submit(self, mail: EmailMessage) -> None:
        """Hand a mail to the host, with a login. Raises MailHostError."""
        try:
            with smtplib.SMTP(LOOPBACK, self.host.smtp_port, local_hostname="laptop.example.org", timeout=TIMEOUT) as smtp:
                smtp.login(self.address, self.box.password)
                smtp.sendmail(self.address, [parseaddr(str(mail["To"]))[1]], mail.as_bytes())
        except OSError as error:  # smtplib's own errors are OSErrors too
            raise MailHostError(f"{self.address} cannot send: {error}") from error

    def look(self) -> None:
        """Fetch what has come since the last look. Mails are left unread on the server, for whoever plays on. Raises MailHostError."""
        try:
            self._fetch()
        except (OSError, IMAPClientError) as error:
            self.hang_up()
            raise MailHostError(f"the box of {self.address} cannot be read: {error}") from error

    def _fetch(self) -> None:
        if self._imap is None:
            self._imap = IMAPClient(LOOPBACK, self.host.imap_port, ssl=False, timeout=TIMEOUT)
            self._imap.login(self.address, self.box.password)
            self._imap.select_folder("INBOX", readonly=True)
        imap = self._imap
        imap.noop()
        uids = sorted(uid for uid in imap.search(["UID", f"{self._last_uid + 1}:*"]) if uid > self._last_uid)
        if not uids:
            return
        mails = imap.fetch(uids, ["BODY.PEEK[]"])
        self.unread += [read_mail(mails[uid][b"BODY[]"]) for uid in uids]
        self.received += len(uids)
        self._last_uid = uids[-1]

    def take(self, kind: str) -> EmailMessage | None:
        """The first unread mail whose Message-ID begins with `kind`, which is read then."""
        self.look()
        for position, mail in enumerate(self.unread):
            if str(mail["Message-ID"]).startswith(f"<{kind}."):
                return self.unread.pop(position)
        return None

    def take_report(self) -> EmailMessage | None:
        """The first unread delivery report, which is read then."""
        self.look()
        for position, mail in enumerate(self.unread):
            if mail.get_content_type() == "multipart/report":
                return self.unread.pop(position)
        return None

    def hang_up(self) -> None:
        """Close the mail client."""
        if self._imap is not None:
            with contextlib.suppress(OSError, IMAPClientError):
                self._imap.logout()
            self._imap = None


def read_mail(raw: bytes) -> EmailMessage:
    """Bytes of a mail, as a mail client reads them."""
    return message_from_bytes(raw, policy=readable)


def text_of(mail: EmailMessage) -> str:
    """The text part."""
    part = mail.get_body(preferencelist=("plain",))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def says(mail: EmailMessage, words: str) -> bool:
    """Whether the text part says `words`, however it is wrapped, and with a bar before its lines or not."""
    text = " ".join(line.lstrip("| ") for line in text_of(mail).split("\n"))
    return " ".join(words.split()) in " ".join(text.split())


def files_of(mail: EmailMessage) -> Sequence[File]:
    """The attachments."""
    return [_file(part) for part in mail.iter_attachments()]


def _file(part: MIMEPart) -> File:
    content = part.get_payload(decode=True)
    return File(part.get_filename() or "", part.get_content_type(), content if isinstance(content, bytes) else b"")
