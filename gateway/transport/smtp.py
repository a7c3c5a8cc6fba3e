"""Sending one mail to one recipient over a kept SMTP connection, and saying exactly how far it got.

smtplib drives the connection; the envelope is driven here, because smtplib reports a connection lost before and after the final dot in
the same words (CASES F7), and only the second means that the mail may have been delivered. Whatever happens, `send` returns one of
Sent, Deferred, Bounced, Uncertain and the caller settles the delivery with it; it raises for a programming error only.

Bugs: no PIPELINING, no DSN parameters, no XOAUTH2. A sender belongs to one thread; the brake may be shared between threads.
"""

from __future__ import annotations

import base64
import contextlib
import select
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gateway.domain.delivery import Bounced, Deferred, Outcome, Sent, Uncertain
from gateway.transport.login_brake import LoginBrake
from gateway.transport.smtp_wire import (
    AddressError,
    check_ehlo_name,
    crlf,
    envelope_address,
    printable,
    seven_bit,
    stuffed,
    temporary_cause,
)
from gateway.transport.tls import Tls, client_context, is_loopback, is_tls_fault, tune

IDLE_CHECK = 5.0
"""A kept connection that was idle for longer is asked NOOP before it is trusted with a mail."""
IDLE_LIMIT = 60.0
"""A kept connection that was idle for longer is closed: relays hang up after minutes and do not always say so."""
MAILS_PER_CONNECTION = 100
"""Some relays refuse more on one connection; the cost of a new one is shared by a hundred mails."""


Phase = Literal["connect", "hello", "tls", "auth", "mail", "rcpt", "data", "dot"]
"""How far a transaction got, in the words of gateway/domain/delivery.py."""


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """The relay. Times in seconds; `ehlo_name` empty means the address literal of our end of the connection.

    `final_timeout` is for the reply to the final dot, where RFC 5321 §4.5.3.2.6 asks for patience (10 minutes there): a lease on a delivery
    must outlive it.
    """

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    ehlo_name: str = ""
    connect_timeout: float = 10
    read_timeout: float = 60
    final_timeout: float = 300


class _EndError(Exception):
    """Carries the outcome of `send` up through its steps."""

    def __init__(self, outcome: Outcome, *, reusable: bool = False) -> None:
        super().__init__()
        self.outcome = outcome
        self.reusable = reusable


class SmtpSender:
    """Sends mails one at a time over a connection that it keeps. For one thread."""

    def __init__(self, account: SmtpAccount, *, brake: LoginBrake | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        check_ehlo_name(account.ehlo_name)
        self.account = account
        self.brake = brake or LoginBrake(clock)
        self._clock = clock
        self._smtp: smtplib.SMTP | None = None
        self._last_used = 0.0
        self._mails = 0
        self._in_body = False
        self._phase: Phase = "connect"

    def close(self) -> None:
        """End the connection with a QUIT, without waiting for the answer."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.putcmd("quit")
        smtp.close()

    def send(self, mail_from: str, recipient: str, data: bytes, *, before_dot: Callable[[], bool] = lambda: True) -> Outcome:
        """Send `data` (headers and body, any line ends) to one recipient; `mail_from` empty is the null sender `<>`.

        `before_dot` is asked when everything but the final dot is sent: when it says False (the lease is lost), the connection is cut and
        the server drops the mail. What it raises is raised, after the same cut.
        """
        try:
            sender, receiver = envelope_address(mail_from, null=True), envelope_address(recipient)
        except AddressError as error:
            return Bounced("rcpt", None, str(error), "address")
        try:
            fresh = self._ready()
            try:
                return self._transact(sender, receiver, data, before_dot)
            except _EndError as end:
                # a kept connection may have been closed under us: nothing is sent yet, so a new one may try at once
                stale = self._phase == "mail" and isinstance(end.outcome, Deferred) and end.outcome.code in {None, 421}
                if fresh or not stale:
                    raise
            self._cut()
            self._ready()
            return self._transact(sender, receiver, data, before_dot)
        except _EndError as end:
            self._tidy(reusable=end.reusable)
            return end.outcome
        except BaseException:
            self._cut()
            raise

    def _ready(self) -> bool:
        """Have a connection that answers; True when it is a new one."""
        if self._smtp is not None and self._is_usable(self._smtp):
            return False
        self.close()
        self._mails = 0
        self._connect()
        return True

    def _is_usable(self, smtp: smtplib.SMTP) -> bool:
        idle = self._clock() - self._last_used
        if idle > IDLE_LIMIT or self._mails >= MAILS_PER_CONNECTION or smtp.sock is None or _has_said_something(smtp):
            return False
        if idle < IDLE_CHECK:
            return True
        with contextlib.suppress(OSError, smtplib.SMTPException):
            return bool(smtp.noop()[0] == 250)
        return False

    def _connect(self) -> None:
        account = self.account
        if account.tls is Tls.NONE and not is_loopback(account.host):
            raise _EndError(Deferred("tls", None, f"tls = none is for this machine only, not for {account.host}", "tls"))
        if account.user and (pause := self.brake.pause()):
            raise _EndError(Deferred("auth", None, f"logins were refused; not asking again for {pause:.0f} s", "auth"))
        try:
            context = client_context(account.ca_file)
        except OSError as error:
            raise _EndError(Deferred("tls", None, f"cannot read the certificates in {account.ca_file}: {error}", "tls")) from error
        self._phase = "connect"
        with self._deferring():
            smtp = self._dial(context)
            self._greet(smtp)
            if account.tls is Tls.STARTTLS:
                self._secure(smtp, context)
            if account.user:
                self._login(smtp)

    def _dial(self, context: ssl.SSLContext) -> smtplib.SMTP:
        """A connection with its options set, after the server's greeting."""
        account = self.account
        timeout, name = account.connect_timeout, account.ehlo_name or "localhost"
        secure = account.tls is Tls.IMPLICIT
        smtp = (
            smtplib.SMTP_SSL(timeout=timeout, local_hostname=name, context=context)
            if secure
            else smtplib.SMTP(timeout=timeout, local_hostname=name)
        )
        self._smtp = smtp
        smtp._host = account.host  # type: ignore[attr-defined]  # noqa: SLF001  # the name that TLS verifies
        self._expect(smtp.connect(account.host, account.port), 220)
        assert smtp.sock is not None
        tune(smtp.sock)
        smtp.sock.settimeout(account.read_timeout)
        ours = str(smtp.sock.getsockname()[0])
        smtp.local_hostname = account.ehlo_name or (f"[IPv6:{ours}]" if ":" in ours else f"[{ours}]")
        return smtp

    def _greet(self, smtp: smtplib.SMTP) -> None:
        self._phase = "hello"
        self._expect(smtp.ehlo(), 250)

    def _secure(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """STARTTLS or nothing (CASES A2.11)."""
        self._phase = "tls"
        if not smtp.has_extn("starttls"):
            raise _EndError(Deferred("tls", None, f"{self.account.host} does not offer STARTTLS", "tls"))
        smtp.starttls(context=context)
        self._greet(smtp)

    def _login(self, smtp: smtplib.SMTP) -> None:
        self._phase = "auth"
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            words = f"\0{self.account.user}\0{self.account.password}".encode()
            code, said = smtp.docmd("AUTH", "PLAIN " + base64.b64encode(words).decode("ascii"))
        elif "LOGIN" in offered:
            code, said = smtp.docmd("AUTH", "LOGIN")
            for word in (self.account.user, self.account.password):
                if code == 334:
                    code, said = smtp.docmd(base64.b64encode(word.encode()).decode("ascii"))
        else:
            raise _EndError(Deferred("auth", None, f"{self.account.host} offers neither AUTH PLAIN nor LOGIN", "auth"))
        if code != 235:
            if code >= 500:
                self.brake.refused()
            raise _EndError(_deferred("auth", code, said, "auth" if code >= 500 else "temporary"))
        self.brake.accepted()

    @contextlib.contextmanager
    def _deferring(self) -> Iterator[None]:
        """Turn a failed connection into Deferred with its phase and cause."""
        try:
            yield
        except smtplib.SMTPResponseException as error:
            cause = "tls" if self._phase == "tls" else "connect"
            raise _EndError(_deferred(self._phase, error.smtp_code, error.smtp_error, cause)) from error
        except (OSError, smtplib.SMTPException) as error:
            tls = isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException) and is_tls_fault(error)
            cause = "tls" if tls else "connect"
            where = f"{self.account.host}:{self.account.port}"
            raise _EndError(Deferred(self._phase, None, f"{where}: {error or type(error).__name__}", cause)) from error

    def _expect(self, reply: tuple[int, bytes], code: int) -> None:
        if reply[0] != code:
            raise smtplib.SMTPResponseException(*reply)

    def _transact(self, sender: str, receiver: str, data: bytes, before_dot: Callable[[], bool]) -> Sent:
        """One envelope on a connection that stands."""
        smtp = self._smtp
        assert smtp is not None
        self._phase, self._in_body = "mail", False
        body, options = self._options(smtp, sender, receiver, data)
        with self._telling():
            smtp.command_encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
            self._judge(smtp.docmd("MAIL", " ".join([f"FROM:<{sender}>", *options])))
            self._phase = "rcpt"
            self._judge(smtp.docmd("RCPT", f"TO:<{receiver}>"))
            self._phase = "data"
            self._judge(smtp.docmd("DATA"), 354)
            self._in_body = True
            smtp.send(stuffed(body))
            if not before_dot():
                self._cut()
                raise _EndError(Deferred("data", None, "the lease on the delivery was lost", "lease-lost"))
            if _has_said_something(smtp):  # an early refusal, or the end of the connection: the dot is not sent
                self._judge(smtp.getreply(), -1)
            reply = self._dot(smtp)
            self._judge(reply)
        self._mails += 1
        self._last_used = self._clock()
        return Sent(printable(reply[1]))

    def _dot(self, smtp: smtplib.SMTP) -> tuple[int, bytes]:
        """Send the final dot and wait for its reply; from here on a lost connection means that nobody knows."""
        assert smtp.sock is not None
        smtp.sock.settimeout(self.account.final_timeout)
        try:
            smtp.sock.sendall(b".\r\n")
        except (BrokenPipeError, ConnectionResetError):
            raise  # the peer was gone before: it has no dot
        except OSError:
            self._phase, self._in_body = "dot", False
            raise
        self._phase, self._in_body = "dot", False
        reply = smtp.getreply()
        smtp.sock.settimeout(self.account.read_timeout)
        return reply

    def _options(self, smtp: smtplib.SMTP, sender: str, receiver: str, data: bytes) -> tuple[bytes, list[str]]:
        """The mail as this server can take it, and the parameters of MAIL (CASES B11, B12)."""
        options: list[str] = []
        body = crlf(data)
        if not body.isascii():
            if smtp.has_extn("8bitmime"):
                options.append("BODY=8BITMIME")
            else:
                body = seven_bit(body)
        if smtp.has_extn("size"):
            limit = smtp.esmtp_features["size"].strip()
            if limit.isdigit() and 0 < int(limit) < len(body):
                text = f"the mail has {len(body)} octets, {self.account.host} takes {limit}"
                raise _EndError(Bounced("mail", None, text, "size"), reusable=True)
            options.append(f"SIZE={len(body)}")
        if not (sender + receiver).isascii():
            if not smtp.has_extn("smtputf8"):
                text = f"{self.account.host} cannot take an address with letters outside ASCII before the @"
                raise _EndError(Bounced("rcpt", None, text, "smtputf8"), reusable=True)
            options.append("SMTPUTF8")
        return body, options

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn a connection that drops into Deferred before the dot, and into Uncertain after it."""
        try:
            yield
        except (OSError, smtplib.SMTPException) as error:
            text = f"connection lost in phase {self._phase}: {error or type(error).__name__}"
            if self._phase == "dot":
                raise _EndError(Uncertain(text)) from error
            raise _EndError(Deferred(self._phase, None, text, "dropped")) from error

    def _judge(self, reply: tuple[int, bytes], wanted: int = 250) -> None:
        """Go on after the wanted code (250: any 2xx); else 4xx Deferred, 5xx Bounced, nonsense Deferred or, after the dot, Uncertain."""
        code, said = reply
        if code == wanted or (wanted == 250 and 200 <= code <= 299):
            return
        if code == 530:
            raise _EndError(_deferred(self._phase, code, said, "auth"))
        if 500 <= code <= 599:
            raise _EndError(Bounced(self._phase, code, printable(said)), reusable=not self._in_body)
        if self._phase == "dot" and not 400 <= code <= 499:
            raise _EndError(Uncertain(f"unintelligible reply after the final dot: {code} {printable(said)}"))
        cause = temporary_cause(code, printable(said), to_recipient=self._phase == "rcpt")
        usable = 400 <= code <= 499 and code != 421 and not self._in_body
        raise _EndError(_deferred(self._phase, code, said, cause), reusable=usable)

    def _tidy(self, *, reusable: bool) -> None:
        """After a transaction that ended early: make the connection clean again, or give it up."""
        smtp = self._smtp
        if smtp is None or smtp.sock is None or not reusable:
            self._cut()
            return
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if smtp.rset()[0] == 250:
                self._last_used = self._clock()
                return
        self._cut()

    def _cut(self) -> None:
        """Close the connection without a word: what was not ended by a dot is dropped by the server."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def _has_said_something(smtp: smtplib.SMTP) -> bool:
    """Whether the server speaks, or has hung up, though nothing was asked."""
    if smtp.sock is None:
        return True
    poller = select.poll()
    poller.register(smtp.sock.fileno(), select.POLLIN)
    if not poller.poll(0):
        return False
    if not isinstance(smtp.sock, ssl.SSLSocket) or smtp.file is None:
        return True
    # under TLS a record need not hold anything for us (a session ticket): look without taking
    patience = smtp.sock.gettimeout()
    smtp.sock.settimeout(0)
    try:
        smtp.file.peek(1)
    except ssl.SSLWantReadError:
        return False
    except OSError:
        return True
    finally:
        smtp.sock.settimeout(patience)
    return True


def _deferred(phase: Phase, code: int, said: bytes | str, cause: str) -> Deferred:
    return Deferred(phase, code, printable(said), cause)
