"""People with a mail client: they submit to Postfix, read their Dovecot boxes, and reply as Thunderbird, Outlook and Gmail do.

Nothing here knows the gateway: what a person can do is what a mail client lets him do.
"""

from __future__ import annotations

import imaplib
import smtplib
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid, parseaddr
from html import escape
from typing import Any

from tests.peers.dovecot import Box, Dovecot
from tests.peers.postfix import Postfix


@dataclass(frozen=True)
class File:
    """An attachment."""

    name: str
    kind: str
    content: bytes


def thunderbird(words: str, quoted: EmailMessage, signature: str) -> tuple[str, str]:
    """Reply above the quote, an attribution line, every line of the quote marked; the signature below a dash line."""
    when, text = quoted["Date"], text_of(quoted)
    plain = (
        f"{words}\n\nOn {when}, {name_of(quoted)} wrote:\n" + "".join(f"> {line}\n" for line in text.splitlines()) + f"\n-- \n{signature}\n"
    )
    html = (
        f"<html><head></head><body><p>{_lines(words)}</p>\n"
        f'<div class="moz-cite-prefix">On {when}, {escape(name_of(quoted))} wrote:<br></div>\n'
        f'<blockquote type="cite" cite="mid:{quoted["Message-ID"][1:-1]}">{html_of(quoted)}</blockquote>\n'
        f'<div class="moz-signature">-- <br>{_lines(signature)}</div></body></html>'
    )
    return plain, html


def outlook(words: str, quoted: EmailMessage, signature: str) -> tuple[str, str]:
    """Reply on top with the signature under it, then a rule and the four header lines, and the old mail unmarked."""
    head = (("From", quoted["From"]), ("Sent", quoted["Date"]), ("To", quoted["To"]), ("Subject", quoted["Subject"]))
    plain = f"{words}\n\n{signature}\n\n________________________________\n" + "".join(f"{name}: {value}\n" for name, value in head)
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><div class="WordSection1">'
        f'<p class="MsoNormal">{_lines(words)}</p><p class="MsoNormal">{_lines(signature)}</p></div>'
        '<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">'
        + "<br>".join(f"<b>{name}:</b> {escape(str(value))}" for name, value in head)
        + f"</div><div>{html_of(quoted)}</div></body></html>"
    )
    return plain + "\n" + text_of(quoted), html


def gmail(words: str, quoted: EmailMessage, signature: str) -> tuple[str, str]:
    """Reply on top, an attribution line with the address, a marked quote; the signature between."""
    from_ = f"{name_of(quoted)} <{parseaddr(str(quoted['From']))[1]}>"
    intro = f"On {quoted['Date']}, {from_} wrote:"
    plain = f"{words}\n\n--\n{signature}\n\n{intro}\n\n" + "".join(f"> {line}\n" for line in text_of(quoted).splitlines())
    html = (
        f'<div dir="ltr">{_lines(words)}<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br>'
        f'<div dir="ltr" class="gmail_signature">{_lines(signature)}</div></div><br>'
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(intro)}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{html_of(quoted)}</blockquote></div>'
    )
    return plain, html


Client = Callable[[str, EmailMessage, str], tuple[str, str]]


@dataclass
class Correspondent:
    """A person with a mailbox and a way of replying."""

    name: str
    box: Box
    dovecot: Dovecot
    postfix: Postfix
    client: Client = thunderbird
    signature: str = ""
    seen: int = field(default=0)

    def __post_init__(self) -> None:
        self.signature = self.signature or f"{self.name}\nSecond floor, +32 2 555 01 23"

    @property
    def address(self) -> str:
        """His address."""
        return self.box.user

    def write(self, to: str, subject: str, text: str, *files: File, html: str | None = None, **headers: str) -> EmailMessage:
        """Write a new mail and submit it."""
        mail = self._mail(to, subject, headers)
        mail.set_content(text, cte="quoted-printable" if not text.isascii() else "7bit")
        if html is not None:
            mail.add_alternative(html, subtype="html")
        for file in files:
            main, _, sub = file.kind.partition("/")
            mail.add_attachment(file.content, main, sub, filename=file.name)
        self.submit(mail)
        return mail

    def reply(self, to: EmailMessage, words: str, *files: File, client: Client | None = None) -> EmailMessage:
        """Answer a mail in his client's manner, to its Reply-To if it has one."""
        subject = str(to["Subject"])
        mail = self._mail(
            str(to["Reply-To"] or to["From"]),
            subject if subject.lower().startswith("re:") else f"Re: {subject}",
            {"In-Reply-To": str(to["Message-ID"]), "References": f"{to['References'] or ''} {to['Message-ID']}".strip()},
        )
        plain, html = (client or self.client)(words, to, self.signature)
        mail.set_content(plain)
        mail.add_alternative(html, subtype="html")
        for file in files:
            main, _, sub = file.kind.partition("/")
            mail.add_attachment(file.content, main, sub, filename=file.name)
        self.submit(mail)
        return mail

    def _mail(self, to: str, subject: str, headers: dict[str, str]) -> EmailMessage:
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = str(Address(self.name, addr_spec=self.address))
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = format_datetime(localtime())
        mail["Message-ID"] = make_msgid(domain=self.address.partition("@")[2])
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        return mail

    def submit(self, mail: EmailMessage) -> None:
        """Hand a mail to Postfix, over STARTTLS with his password."""
        with smtplib.SMTP("localhost", self.postfix.smtp, timeout=15, local_hostname="laptop.example.org") as smtp:
            smtp.starttls(context=ssl.create_default_context(cafile=str(self.postfix.ca_file)))
            smtp.login(self.box.user, self.box.password)
            smtp.send_message(mail, from_addr=self.address, to_addrs=[parseaddr(str(mail["To"]))[1]])

    def inbox(self) -> list[EmailMessage]:
        """All his mails, in order of arrival."""
        context = ssl.create_default_context(cafile=str(self.dovecot.ca_file))
        imap = imaplib.IMAP4_SSL("localhost", self.dovecot.imaps, ssl_context=context, timeout=15)
        try:
            imap.login(self.box.user, self.box.password)
            imap.select("INBOX", readonly=True)
            _, answer = imap.uid("FETCH", "1:*", "(UID BODY.PEEK[])")
        finally:
            imap.logout()
        return [read(part[1]) for part in answer if isinstance(part, tuple)]

    def next(self, seconds: float = 15.0) -> EmailMessage:
        """The mail after the last one that he has looked at, waiting for it; mails are looked at in order of arrival."""
        deadline = time.monotonic() + seconds
        while len(mails := self.inbox()) <= self.seen:
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name} has waited {seconds:.0f} s for mail {self.seen + 1}")
            time.sleep(0.1)
        self.seen += 1
        return mails[self.seen - 1]

    def unread(self) -> Sequence[EmailMessage]:
        """The mails that he has not looked at."""
        return self.inbox()[self.seen :]


def read(raw: bytes) -> EmailMessage:
    """Bytes of a mail, as a client shows them."""
    mail: Any = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def text_of(mail: EmailMessage) -> str:
    """The text part."""
    return _content(mail, "plain")


def html_of(mail: EmailMessage) -> str:
    """The HTML part, without the frame of the page."""
    html = _content(mail, "html")
    start, end = html.find("<body"), html.rfind("</body>")
    return html[html.find(">", start) + 1 : end] if 0 <= start < end else html


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    """The attachments by name."""
    found = ((str(part.get_filename()), part.get_payload(decode=True)) for part in mail.iter_attachments() if part.get_filename())
    return {name: content for name, content in found if isinstance(content, bytes)}


def name_of(mail: EmailMessage) -> str:
    """The name that stands in From."""
    return parseaddr(str(mail["From"]))[0] or str(mail["From"])


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
