"""Reports as some eighty mail systems write them, read from the bytes on: what a postmaster sees in each is what we must see."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gateway.mail.inbound import InboundMail, Verdict
from gateway.mail.kind.bounce import read_report
from gateway.mail.read.parse import read_mail
from tests.mail.kind.test_classify import judged

OURS = "<note.17@example.org>"
"""The Message-ID of the mail that comes back."""

HEAD = f"""\
Received: from desk.example.org by mx.example.net; Mon, 2 Feb 2026 10:00:00 +0100
From: Desk <support@example.org>
To: {{to}}
Subject: [SUP-5] Printer
Message-ID: {OURS}
Date: Mon, 2 Feb 2026 10:00:00 +0100
"""
MAIL = HEAD + "\nDear Madam, the printer works again.\n"
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.net>"
POSTMASTER = "postmaster@example.be"


@dataclass(frozen=True, slots=True)
class Came:
    """A report as it came; `who` are "address hard|soft status", and `{mail}` in its texts is the mail that it returns."""

    name: str
    text: str
    who: tuple[str, ...] = ()
    verdict: Verdict = Verdict.BOUNCE
    author: str = DAEMON
    subject: str = "Undelivered Mail Returned to Sender"
    fields: str = ""
    returned: str = ""
    """The type of the part with the mail that came back; none where it is ""."""
    headers: tuple[str, ...] = ()
    path: str = "<>"
    kind: str = "report; report-type=delivery-status"
    found: bool = True
    """Whether the Message-ID of our mail is in it."""
    html: bool = False
    charset: str = "utf-8"
    fields_type: str = "message/delivery-status"
    part: str = ""
    """A part of another type, with its type on its first line."""

    def raw(self) -> bytes:
        """The mail as it came."""
        to = self.who[0].split()[0] if self.who else "jess@example.be"

        def filled(text: str) -> str:
            return text.replace("{mail}", MAIL).replace("{head}", HEAD).replace("{to}", to).replace("{id}", OURS)

        top = [f"Return-Path: {self.path}", f"From: {self.author}", "To: r+abc@reply.example.org", f"Subject: {self.subject}"]
        top += [
            "Date: Mon, 2 Feb 2026 10:01:00 +0100",
            "Message-ID: <report@mx.example.net>",
            *map(filled, self.headers),
            "MIME-Version: 1.0",
        ]
        words = f"Content-Type: text/{'html' if self.html else 'plain'}; charset={self.charset}\nContent-Transfer-Encoding: 8bit\n\n"
        parts = [words + filled(self.text)]
        if self.fields:
            parts.append(f"Content-Type: {self.fields_type}\n\n{filled(self.fields)}")
        if self.part:
            parts.append(f"Content-Type: {filled(self.part)}")
        if self.returned:
            parts.append(f"Content-Type: {self.returned}\n\n{(HEAD if 'headers' in self.returned else MAIL).replace('{to}', to)}")
        if len(parts) == 1:
            return ("\n".join(top) + "\n" + parts[0]).encode(self.charset)
        whole = "".join(f"--edge\n{part}\n" for part in parts)
        return ("\n".join([*top, f'Content-Type: multipart/{self.kind}; boundary="edge"', "", whole + "--edge--\n"])).encode(self.charset)


def mail_of(one: Came) -> InboundMail:
    """The sample, read."""
    return read_mail(one.raw())


FIELDS = "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; {to}\nAction: failed\nStatus: "
RFC822 = "message/rfc822"
HEADERS = "text/rfc822-headers"

UNIX: tuple[Came, ...] = (
    Came(
        "exim-unknown",
        """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  gone@example.be
    host mx.example.be [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<gone@example.be>:
    550 5.1.1 <gone@example.be>: Recipient address rejected: User unknown in virtual mailbox table

------ This is a copy of the message, including all the headers. ------

Return-path: <support@example.org>
{mail}""",
        ("gone@example.be hard 5.1.1",),
        subject="Mail delivery failed: returning message to sender",
        headers=("X-Failed-Recipients: gone@example.be", "Auto-Submitted: auto-replied"),
    ),
    Came(
        "exim-dsn-retry-timeout",
        """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  slow@example.be
    host mx.example.be [192.0.2.7]
    SMTP error from remote mail server after initial connection:
    421 Service not available, closing transmission channel: retry timeout exceeded
""",
        ("slow@example.be soft 5.0.0",),
        subject="Mail delivery failed: returning message to sender",
        headers=("X-Failed-Recipients: slow@example.be",),
        fields=FIELDS + "5.0.0\nRemote-MTA: dns; mx.example.be\nDiagnostic-Code: smtp; 421 Service not available: retry timeout exceeded\n",
        returned=RFC822,
    ),
    Came(
        "exim-delay",
        """\
This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.net.

The message identifier is:     1qAbCd-0001Ef-2G
The subject of the message is: [SUP-5] Printer

The address to which the message has not yet been delivered is:

  slow@example.be
    Delay reason: Connection timed out

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated at intervals if the message
remains undelivered. Eventually the mail delivery software will give up,
and when that happens, the message will be returned to you.
""",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        subject="Warning: message 1qAbCd-0001Ef-2G delayed 24 hours",
        found=False,
    ),
    Came(
        "exim-alias-child",
        """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  old.box@example.net
    (generated from sales@example.be)
    mailbox is full: retry timeout exceeded

------ This is a copy of the message, including all the headers. ------

{mail}""",
        ("old.box@example.net soft -", "sales@example.be soft -"),
        subject="Mail delivery failed: returning message to sender",
    ),
    Came(
        "exim-two-one-relay-denied",
        """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@example.invalid
    Unrouteable address
  bob@example.be
    SMTP error from remote mail server after RCPT TO:<bob@example.be>:
    host mx.example.be [192.0.2.7]: 550 5.7.1 Relaying denied
""",
        ("ann@example.invalid hard -", "bob@example.be soft 5.7.1"),
        subject="Mail delivery failed: returning message to sender",
        found=False,
    ),
    Came(
        "sendmail-8",
        """\
The original message was received at Mon, 2 Feb 2026 10:00:00 +0100
from desk.example.org [198.51.100.4]

   ----- The following addresses had permanent fatal errors -----
<gone@example.be>
    (reason: 550 5.1.1 <gone@example.be>... User unknown)

   ----- Transcript of session follows -----
... while talking to mx.example.be.:
>>> DATA
<<< 550 5.1.1 <gone@example.be>... User unknown
550 5.1.1 <gone@example.be>... User unknown
<<< 503 5.0.0 Need RCPT (recipient)
""",
        ("gone@example.be hard 5.1.1",),
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        subject="Returned mail: see transcript for details",
        fields=FIELDS + "5.1.1\nRemote-MTA: DNS; mx.example.be\nDiagnostic-Code: SMTP; 550 5.1.1 <gone@example.be>... User unknown\n",
        returned=RFC822,
    ),
    Came(
        "sendmail-8-warning",
        """\
    **********************************************
    **      THIS IS A WARNING MESSAGE ONLY      **
    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **
    **********************************************

The original message was received at Mon, 2 Feb 2026 10:00:00 +0100
from desk.example.org [198.51.100.4]

   ----- Transcript of session follows -----
<slow@example.be>... Deferred: Connection refused by mx.example.be.
Warning: message still undelivered after 4 hours
Will keep trying until message is 5 days old
""",
        ("slow@example.be soft 4.4.1",),
        Verdict.DELAY,
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        subject="Warning: could not send message for past 4 hours",
        fields=FIELDS.replace("failed", "delayed") + "4.4.1\nWill-Retry-Until: Sat, 7 Feb 2026 10:00:00 +0100\n",
        returned=HEADERS,
    ),
    Came(
        "sendmail-5",
        """\
   ----- Transcript of session follows -----
While talking to mx.example.be:
>>> RCPT To:<gone@example.be>
<<< 550 <gone@example.be>... User unknown
550 <gone@example.be>... User unknown

   ----- Unsent message follows -----
{mail}""",
        ("gone@example.be hard -",),
        author="MAILER-DAEMON@mx.example.net (Mail Delivery Subsystem)",
        subject="Returned mail: User unknown",
    ),
    Came(
        "sendmail-host-unknown",
        """\
   ----- The following addresses had permanent fatal errors -----
<jess@nowhere.example.invalid>
    (reason: 550 Host unknown)

   ----- Transcript of session follows -----
550 5.1.2 <jess@nowhere.example.invalid>... Host unknown (Name server: nowhere.example.invalid: host not found)
""",
        ("jess@nowhere.example.invalid hard 5.1.2",),
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        subject="Returned mail: see transcript for details",
        fields=FIELDS + "5.1.2\nRemote-MTA: DNS; nowhere.example.invalid\n",
        returned=HEADERS,
    ),
    Came(
        "postfix-bare",
        """\
This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

If you do so, please include this problem report. You can
delete your own text from the attached returned message.

                   The mail system

<full@example.be>: host mx.example.be[192.0.2.7] said: 452 4.2.2 The email
    account that you tried to reach is over quota (in reply to RCPT TO
    command)
""",
        ("full@example.be soft 4.2.2",),
        found=False,
    ),
    Came(
        "postfix-delayed",
        """\
This is the mail system at host mx.example.net.

####################################################################
# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #
####################################################################

Your message could not be delivered for more than 4 hour(s).
It will be retried until it is 5 day(s) old.

<slow@example.be>: connect to mx.example.be[192.0.2.7]:25: Connection timed out
""",
        ("slow@example.be soft 4.4.1",),
        Verdict.DELAY,
        subject="Delayed Mail (still being retried)",
        fields=FIELDS.replace("failed", "delayed") + "4.4.1\nDiagnostic-Code: X-Postfix; connect to mx.example.be: Connection timed out\n",
        returned=HEADERS,
    ),
    Came(
        "postfix-delayed-no-dsn",
        """\
This is the mail system at host mx.example.net.

Your message could not be delivered for more than 4 hour(s).
It will be retried until it is 5 day(s) old.

                   The mail system

<slow@example.be>: delivery temporarily suspended: connect to mx.example.be[192.0.2.7]:25: No route to host
""",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        subject="Delayed Mail (still being retried)",
        found=False,
    ),
    Came(
        "postfix-forward",
        'This is the mail system at host mx.example.net.\n\n<old@example.net> (expanded from <info@example.be>): unknown user: "old"\n',
        ("old@example.net hard 5.1.1", "info@example.be hard 5.1.1"),
        fields="Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; old@example.net\nOriginal-Recipient: "
        "rfc822;info@example.be\n"
        'Action: failed\nStatus: 5.1.1\nDiagnostic-Code: X-Postfix; unknown user: "old"\n',
        returned=RFC822,
    ),
    Came(
        "postfix-french",
        """\
Ceci est le système de messagerie de l'hôte mx.example.net.

Nous avons le regret de vous informer que votre message n'a pas pu être
remis à un ou plusieurs destinataires. Il est joint ci-dessous.

                   Le système de messagerie

<gone@example.be>: l'hôte mx.example.be[192.0.2.7] a dit : 550 5.1.1
    <gone@example.be>: Adresse inconnue (en réponse à la commande RCPT TO)
""",
        ("gone@example.be hard 5.1.1",),
        subject="Message non remis, retourné à l'expéditeur",
        found=False,
    ),
    Came(
        "postfix-german-8bit",
        """\
Dies ist das E-Mail-System auf dem Rechner mx.example.net.

Leider konnte Ihre Nachricht an einen oder mehrere Empfänger nicht
zugestellt werden. Sie ist unten angehängt.

<gone@example.be>: Rechner mx.example.be[192.0.2.7] meldet: 550 Unbekannter
    Empfänger
""",
        ("gone@example.be hard -",),
        subject="Nicht zustellbar: E-Mail geht zurück an Absender",
        charset="iso-8859-1",
        found=False,
    ),
    Came(
        "postfix-local-success",
        "Your message was successfully delivered to the destination(s)\nlisted below.\n\n<jess@example.be>: delivered to mailbox\n",
        verdict=Verdict.AUTO_GENERATED,
        subject="Successful Mail Delivery Report",
        fields=FIELDS.replace("failed", "delivered") + "2.0.0\nDiagnostic-Code: x-dovecot; delivered\n",
        returned=HEADERS,
    ),
    Came(
        "relayed-success",
        "Your message was relayed to servers that will not confirm its delivery.\n\n<jess@example.be>: relayed\n",
        verdict=Verdict.AUTO_GENERATED,
        subject="Mail Delivery Status Report",
        fields=FIELDS.replace("failed", "relayed") + "2.0.0\n",
    ),
    Came(
        "qmail",
        """\
Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<gone@example.be>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 unknown or illegal alias: gone@example.be
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <support@example.org>
{mail}""",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON@mx.example.net",
        subject="failure notice",
    ),
    Came(
        "qmail-vpopmail-two",
        """\
Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@example.be>:
Sorry, no mailbox here by that name. (#5.1.1)

<bob@example.be>:
user is over quota

--- Below this line is a copy of the message.

{mail}""",
        ("ann@example.be hard 5.1.1", "bob@example.be soft -"),
        author="MAILER-DAEMON@mx.example.net",
        subject="failure notice",
    ),
    Came(
        "qmail-queue-too-long",
        """\
Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.

<slow@example.be>:
Connected to 192.0.2.7 but connection died. (#4.4.2)
I'm not going to try again; this message has been in the queue too long.

--- Enclosed are the original headers of the message.
""",
        ("slow@example.be soft 4.4.2",),
        author="MAILER-DAEMON@mx.example.net",
        subject="failure notice",
        found=False,
    ),
    Came(
        "indimail",
        """\
Hi. This is the IndiMail delivery program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<gone@example.be>:
Recipient's mailbox does not exist. (#5.1.1)

--- Below this line is a copy of the message.

{mail}""",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON@mx.example.net",
        subject="failure notice",
    ),
    Came(
        "courier",
        """\
This is a delivery status notification from mx.example.net,
running the Courier mail server, version 1.0.

The original message was received on Mon, 2 Feb 2026 10:00:00 +0100
from desk.example.org (desk.example.org [198.51.100.4])

---------------------------------------------------------------------------

                           UNDELIVERABLE MAIL

Your message to the following recipients cannot be delivered:

<gone@example.be>:
     mx.example.be [192.0.2.7]:
>>> RCPT TO:<gone@example.be>
<<< 550 User unknown.

---------------------------------------------------------------------------
""",
        ("gone@example.be hard 5.0.0",),
        author="mx.example.net mail system <MAILER-DAEMON@mx.example.net>",
        subject="NOTICE: mail delivery status.",
        fields=FIELDS + "5.0.0\nDiagnostic-Code: smtp; 550 User unknown.\n",
        returned=HEADERS,
    ),
    Came(
        "opensmtpd",
        """\
    Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this email.

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

gone@example.be: 550 5.1.1 <gone@example.be>: Recipient address rejected: no such user

    Below is a copy of the original message:

{mail}""",
        ("gone@example.be hard 5.1.1",),
        author="Mailer Daemon <MAILER-DAEMON@mx.example.net>",
        subject="Delivery status notification: error",
    ),
    Came(
        "opensmtpd-warning",
        """\
    Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this email.

    A message is delayed for more than 4h for the following
    list of recipients:

slow@example.be: Network error on destination MXs

    Please note that this is only a temporary failure report.
    The message is kept in the queue for up to 4d.
    You DO NOT NEED to re-send the message to these recipients.

    Below is a copy of the original message:

{mail}""",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Mailer Daemon <MAILER-DAEMON@mx.example.net>",
        subject="Delivery status notification: warning",
    ),
    Came(
        "dragonfly",
        """\
This is the DragonFly Mail Agent v0.13 at mx.example.net.

There was an error delivering your mail to <gone@example.be>.

mx.example.be [192.0.2.7] did not like our RCPT TO:
550 5.1.1 <gone@example.be>: Recipient address rejected: User unknown

Message headers follow.

{mail}""",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON <>",
        subject="Mail delivery failed",
    ),
    Came(
        "james",
        """\
Hi. This is the James mail server at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.  Below
I include the list of recipients and the reason why I was unable to deliver
your message.

gone@example.be

Error message:
550 5.1.1 <gone@example.be> user unknown
""",
        ("gone@example.be hard 5.1.1",),
        author=POSTMASTER,
        subject="Re: [SUP-5] Printer",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "zimbra",
        """\
This is the mail system at host zimbra.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<full@example.be>: host zimbra.example.be[192.0.2.7] said: 552 5.2.2 Over
    quota (in reply to end of DATA command)
""",
        ("full@example.be soft 5.2.2",),
        fields=FIELDS + "5.2.2\nRemote-MTA: dns; zimbra.example.be\nDiagnostic-Code: smtp; 552 5.2.2 Over quota\n",
        returned=RFC822,
    ),
)

COMMERCIAL: tuple[Came, ...] = (
    Came(
        "exchange-5.5",
        """\
Your message

  To:      Jess Old
  Subject: [SUP-5] Printer
  Sent:    Mon, 2 Feb 2026 10:00:00 +0100

did not reach the following recipient(s):

gone@example.be on Mon, 2 Feb 2026 10:01:00 +0100
    The recipient name is not recognized
        The MTS-ID of the original message is: c=BE;a= ;p=EXAMPLE;l=MX0126
    MSEXCH:IMS:EXAMPLE:BRUSSELS:MX01 0 (000C05A6) Unknown Recipient
""",
        ("gone@example.be hard -",),
        author="System Administrator <postmaster@example.be>",
        subject="Undeliverable: [SUP-5] Printer",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "exchange-2000",
        """\
This is an automatically generated Delivery Status Notification.

Delivery to the following recipients failed.

       gone@example.be

""",
        ("gone@example.be hard 5.1.1",),
        author=POSTMASTER,
        subject="Delivery Status Notification (Failure)",
        fields=FIELDS + "5.1.1\n",
        returned=RFC822,
    ),
    Came(
        "exchange-2000-delay",
        """\
This is an automatically generated Delivery Status Notification.

THIS IS A WARNING MESSAGE ONLY.

YOU DO NOT NEED TO RESEND YOUR MESSAGE.

Delivery to the following recipients has been delayed.

       slow@example.be
""",
        ("slow@example.be soft 4.4.7",),
        Verdict.DELAY,
        author=POSTMASTER,
        subject="Delivery Status Notification (Delay)",
        fields=FIELDS.replace("failed", "delayed") + "4.4.7\nWill-Retry-Until: Wed, 4 Feb 2026 10:00:00 +0100\n",
        returned=RFC822,
    ),
    Came(
        "exchange-2003-text-only",
        """\
Your message did not reach some or all of the intended recipients.

      Subject:\t[SUP-5] Printer
      Sent:\t2/2/2026 10:00 AM

The following recipient(s) could not be reached:

      gone@example.be on 2/2/2026 10:01 AM
            The e-mail account does not exist at the organization this message was sent to.  Check the e-mail address, or contact the \
recipient directly to find out the correct address.
            <mx.example.be #5.1.1>
""",
        ("gone@example.be hard 5.1.1",),
        author="System Administrator <postmaster@example.be>",
        subject="Undeliverable: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-2010-french",
        """\
Échec de la remise pour ces destinataires ou groupes :

gone@example.be<mailto:gone@example.be>
L'adresse de messagerie que vous avez entrée est introuvable. Vérifiez l'adresse de messagerie du destinataire et réessayez d'envoyer \
le message. Si le problème persiste, contactez votre support technique.

Informations de diagnostic pour les administrateurs :

Serveur de génération : mx.example.be

gone@example.be
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##
""",
        ("gone@example.be hard 5.1.1",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Non remis : [SUP-5] Printer",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "exchange-2010-dutch",
        """\
De bezorging aan de volgende geadresseerden of distributielijsten is mislukt:

full@example.be
Het postvak van de geadresseerde is vol en kan momenteel geen berichten accepteren. Probeer dit bericht later opnieuw te verzenden.

Diagnostische gegevens voor beheerders:

Bronserver: mx.example.be

full@example.be
#554 5.2.2 mailbox full ##
""",
        ("full@example.be soft 5.2.2",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Niet te bezorgen: [SUP-5] Printer",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "exchange-2010-german",
        """\
Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Verteilerlisten:

gone@example.be
Die von Ihnen eingegebene E-Mail-Adresse konnte nicht gefunden werden. Überprüfen Sie die E-Mail-Adresse des Empfängers, und versuchen \
Sie, die Nachricht erneut zu senden.

Diagnoseinformationen für Administratoren:

Generierender Server: mx.example.be

gone@example.be
mx.example.be #550 5.1.1 User unknown ##
""",
        ("gone@example.be hard 5.1.1",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Unzustellbar: [SUP-5] Printer",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "exchange-2010-spanish",
        """\
No se pudo entregar el mensaje a los siguientes destinatarios o grupos:

gone@example.be
La dirección de correo electrónico que escribió no se encontró.

Información de diagnóstico para los administradores:

Servidor de generación: mx.example.be

gone@example.be
#550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup ##
""",
        ("gone@example.be hard 5.1.10",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="No se puede entregar: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-2010-italian",
        """\
Impossibile recapitare il messaggio ai seguenti destinatari o gruppi:

grosso@example.be
Il messaggio è troppo grande. Ridurre le dimensioni del messaggio e riprovare.

Informazioni di diagnostica per gli amministratori:

grosso@example.be
#550 5.3.4 ROUTING.SizeLimit; message size exceeds fixed maximum size for route ##
""",
        ("grosso@example.be soft 5.3.4",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Recapito non riuscito: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-365-html",
        """\
<html><body><p>Your message to <b>gone@example.be</b> couldn't be delivered.</p>
<p><b>gone</b> wasn't found at <b>example.be</b>.</p>
<table><tr><td>support</td><td>Office 365</td><td>gone</td></tr><tr><td>Action Required</td><td></td><td>Recipient</td></tr></table>
<p>Unknown To address</p><p>How to Fix It</p><p>The address may be misspelled or may not exist.</p>
<p>Original Message Details</p><p>Sender Address: support@example.org</p><p>Recipient Address: gone@example.be</p>
<p>Error Details</p>
<p>Reported error: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient gone@example.be not found by SMTP address lookup</p></body></html>
""",
        ("gone@example.be hard 5.1.10",),
        author="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.be>",
        subject="Undeliverable: [SUP-5] Printer",
        html=True,
        found=False,
    ),
    Came(
        "exchange-365-restricted-group",
        """\
Your message to team@example.be couldn't be delivered.

The group team only accepts messages from people in its organization or on its allowed senders list, and your email address \
isn't on the list.
""",
        ("team@example.be soft 5.7.133",),
        author="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.be>",
        subject="Undeliverable: [SUP-5] Printer",
        fields=FIELDS + "5.7.133\nDiagnostic-Code: smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required\n",
        returned=RFC822,
    ),
    Came(
        "exchange-365-no-domain",
        "Your message to jess@nowhere.example.invalid couldn't be delivered.\n\nnowhere.example.invalid couldn't be found.\n",
        ("jess@nowhere.example.invalid hard 5.4.310",),
        author=POSTMASTER,
        subject="Undeliverable: [SUP-5] Printer",
        fields=FIELDS + "5.4.310\nDiagnostic-Code: smtp;550 5.4.310 DNS domain nowhere.example.invalid does not exist\n",
        returned=RFC822,
    ),
    Came(
        "exchange-365-french-delay",
        """\
Remise retardée pour les destinataires ou groupes suivants :

slow@example.be

[SUP-5] Printer

Ce message n'a pas encore été remis. La remise va continuer à être tentée.
Le serveur essaiera encore de remettre ce message pendant 1 jour.
""",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Remise différée : [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-delivered",
        "Your message has been delivered to the following recipients:\n\nJess (jess@example.be)\n\nSubject: [SUP-5] Printer\n",
        verdict=Verdict.AUTO_GENERATED,
        author=POSTMASTER,
        subject="Delivered: [SUP-5] Printer",
        fields=FIELDS.replace("failed", "delivered") + "2.0.0\n",
    ),
    Came(
        "domino",
        """\
Your message

  Subject: [SUP-5] Printer

was not delivered to:

  gone@example.be

because:

  User gone (gone@example.be) not listed in Domino Directory

""",
        ("gone@example.be hard 5.1.1",),
        author="Postmaster <postmaster@example.be>",
        subject="DELIVERY FAILURE: User gone (gone@example.be) not listed in Domino Directory",
        fields=FIELDS + "5.1.1\nDiagnostic-Code: X-Notes; User gone (gone@example.be) not listed in Domino Directory\n",
        returned=RFC822,
    ),
    Came(
        "domino-french",
        "Votre message\n\n  Objet : [SUP-5] Printer\n\nn'a pas été distribué à :\n\n  gone@example.be\n\nmotif :\n\n"
        "  L'utilisateur gone ne figure pas dans l'annuaire Domino.\n",
        ("gone@example.be hard -",),
        author="Postmaster <postmaster@example.be>",
        subject="ECHEC DE DISTRIBUTION : gone",
        found=False,
    ),
    Came(
        "groupwise",
        """\
The message that you sent was undeliverable to the following:
    gone (user not found)

Possibly truncated original message follows:
{mail}""",
        ("gone@example.be hard -",),
        author="Mailer-Daemon@example.be",
        subject="Message status - undeliverable",
    ),
    Came(
        "groupwise-full",
        "The attached file had the following undeliverable recipient(s):\n        full@example.be\n\nTranscript of session follows:\n"
        "Command: RCPT TO:<full@example.be>\nResponse: 552 mailbox is full\n",
        ("full@example.be soft -",),
        author="postmaster@example.be",
        subject="Message status - undeliverable",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "sun-messaging-server",
        """\
This report relates to a message you sent with the following header fields:

  Message-id: {id}
  Date: Mon, 02 Feb 2026 10:00:00 +0100
  From: Desk <support@example.org>
  To: gone@example.be
  Subject: [SUP-5] Printer

Your message cannot be delivered to the following recipients:

  Recipient address: gone@example.be
  Reason: Illegal host/domain name found

""",
        ("gone@example.be hard 5.4.4",),
        author=POSTMASTER,
        subject="Delivery Notification: Delivery has failed",
        fields=FIELDS + "5.4.4 (Illegal host/domain name found)\n",
        returned=HEADERS,
    ),
    Came(
        "pmdf-text",
        """\
Your message cannot be delivered to the following recipients:

  Recipient address: ann@example.be
  Reason: unknown or illegal alias

  Recipient address: bob@example.be
  Original address: info@example.be
  Reason: Over quota

""",
        ("ann@example.be hard -", "bob@example.be soft -", "info@example.be soft -"),
        author="PMDF e-Mail Interconnect <postmaster@example.be>",
        subject="Delivery Notification: Delivery has failed",
        returned=HEADERS,
        kind="mixed",
    ),
    Came(
        "sun-relayed",
        "This report relates to a message you sent.\n\nYour message has been successfully relayed to the following recipients:\n\n"
        "  Recipient address: jess@example.be\n",
        verdict=Verdict.AUTO_GENERATED,
        author=POSTMASTER,
        subject="Delivery Notification: Message successfully relayed",
        fields=FIELDS.replace("failed", "relayed") + "2.0.0\n",
    ),
    Came(
        "iplanet",
        "This Message was undeliverable due to the following reason:\n\nYour message was not delivered because the destination computer\n"
        "was not reachable within the allowed queue period.\n\nHost example.be is not responding.\n\n"
        "The following recipients did not receive this message:\n\n<slow@example.be>\n\nPlease reply to <postmaster@mx.example.net>\n"
        "if you feel this message to be in error.\n",
        ("slow@example.be soft -",),
        author=DAEMON,
        subject="Mail System Error - Returned Mail",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "communigate",
        "Failed to deliver to '<gone@example.be>'\nSMTP module(domain example.be) reports:\n host mx.example.be says:\n"
        " 550 5.1.1 <gone@example.be> unknown user account\n",
        ("gone@example.be hard 5.1.1",),
        author="<MAILER-DAEMON@mx.example.net>",
        subject="Undeliverable mail: [SUP-5] Printer",
        fields="Reporting-MTA: dns; mx.example.net\n\nOriginal-Recipient: rfc822;<gone@example.be>\nFinal-Recipient: system;gone\n"
        "Action: failed\nStatus: 5.1.1\n",
        returned=HEADERS,
    ),
    Came(
        "mdaemon",
        """\
The following message had attachment(s) or content which could not be
delivered.

The attached message had PERMANENT fatal delivery errors!

After one or more unsuccessful delivery attempts the attached message has
been removed from the mail queue on this server.  The number and frequency
of delivery attempts are determined by local configuration parameters.

YOUR MESSAGE WAS NOT DELIVERED TO ONE OR MORE RECIPIENTS!

Failed address: gone@example.be

--- Session Transcript ---
 Mon 2026-02-02 10:00:00: *  Resolving MX records for example.be
 Mon 2026-02-02 10:00:01: --> RCPT To:<gone@example.be>
 Mon 2026-02-02 10:00:01: <-- 550 5.1.1 Recipient unknown <gone@example.be>
--- End Transcript ---
""",
        ("gone@example.be hard 5.1.1",),
        author="MDaemon at example.net <MDaemon@mx.example.net>",
        subject="WARNING: Permanent Delivery Failure",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "icewarp",
        """\
The message you sent to example.be/gone was undeliverable

Your message was rejected by the recipient server:

<gone@example.be>
550 5.1.1 User unknown; rejecting

""",
        ("gone@example.be hard 5.1.1",),
        author="Mail Delivery System <mailer-daemon@mx.example.net>",
        subject="Delivery Failure",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "mailenable",
        """\
MailEnable: Message delivery has failed.

Message is being returned to the sender.

Recipient: [SMTP:gone@example.be]
Reason: Remote SMTP Server Returned: 550 No such user here

Message headers follow:

{head}""",
        ("gone@example.be hard -",),
        author='"MailEnable Postmaster" <postmaster@mx.example.net>',
        subject="Message Delivery Failure",
    ),
    Came(
        "hmailserver",
        """\
Your message did not reach some or all of the intended recipients.

   Sent: Mon, 2 Feb 2026 10:00:00 +0100
   Subject: [SUP-5] Printer

The following recipient(s) could not be reached:

gone@example.be
   Error Type: SMTP
   Remote server (192.0.2.7) issued an error.
   hMailServer sent: RCPT TO:<gone@example.be>
   Remote server replied: 550 Unknown user

hMailServer
""",
        ("gone@example.be hard -",),
        author="mailer-daemon@mx.example.net",
        subject="Message undeliverable: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "smartermail",
        """\
Could not deliver message to the following recipient(s):

Failed Recipient: gone@example.be
Reason: Remote host said: 550 5.1.1 No such user

   -- The header and top 20 lines of the message follows --

{mail}""",
        ("gone@example.be hard 5.1.1",),
        author="System Administrator <noreply@mx.example.net>",
        subject="Delivery Failure",
    ),
    Came(
        "kerio",
        "Your message for <full@example.be> could not be delivered because of the following error:\n\n552 5.2.2 Mailbox quota exceeded\n",
        ("full@example.be soft 5.2.2",),
        author="Kerio Connect <postmaster@example.be>",
        subject="Undelivered mail: [SUP-5] Printer",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "mimecast-bounce-held",
        """\
The message you sent to gone@example.be was rejected.

The email address you entered couldn't be found. Please check the recipient's email address and try to resend the message.

Administrator information:
Remote server returned '550 Invalid Recipient - https://community.example.net/docs/DOC-1369#550'
""",
        ("gone@example.be hard 5.0.0",),
        author="<postmaster@mx.example.net>",
        subject="[Postmaster] Email Delivery Failure",
        fields=FIELDS + "5.0.0\nDiagnostic-Code: smtp; 550 Invalid Recipient - https://community.example.net/docs/DOC-1369#550\n",
        returned=HEADERS,
    ),
    Came(
        "barracuda",
        "Your message to:\ngone@example.be\n\nwas blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN "
        "DELIVERED:\n\nSubject: [SUP-5] Printer\n\nAn error was detected while processing a file of headers\n",
        ("gone@example.be soft -",),
        author="postmaster@mx.example.net",
        subject="**Message you sent blocked by our bulk email filter**",
        found=False,
    ),
    Came(
        "proofpoint",
        "The original message was received at Mon, 2 Feb 2026 10:00:00 +0100\nfrom localhost\n\n"
        "   ----- The following addresses had permanent fatal errors -----\n<gone@example.be>\n    (reason: 550 "
        "5.7.1 Message blocked: content)\n",
        ("gone@example.be soft 5.7.1",),
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        subject="Returned mail: see transcript for details",
        found=False,
    ),
    Came(
        "messagelabs",
        """\
This is the mail delivery agent at mx.example.net.
I was unable to deliver your message to the following addresses.

gone@example.be

Reason: 550 5.1.1 <gone@example.be>: Recipient address rejected: User unknown in relay recipient table

The message subject was: [SUP-5] Printer
The message date was: Mon, 2 Feb 2026 10:00:00 +0100
The message identifier was: 00/01-12345-ABCDEF
The message reference was: server-1.tower-2.mx.example.net!1770000000

Please do not reply to this email as it is sent from an unattended mailbox.
""",
        ("gone@example.be hard 5.1.1",),
        author="<>",
        subject="Mail Delivery Failure",
        found=False,
    ),
    Came(
        "interscan",
        "Sent <<< RCPT TO:<gone@example.be>\nReceived >>> 550 5.1.1 unknown user\nCould not deliver mail to this user.\ngone@example.be\n"
        "***************     End of message     ***************\n",
        ("gone@example.be hard 5.1.1",),
        author='"InterScan MSS" <admin@mx.example.net>',
        subject="Mail could not be delivered",
        found=False,
    ),
    Came(
        "mcafee",
        "--- The following addresses had delivery errors ---\n\n<gone@example.be>   (User unknown)\n\n"
        "Your message could not be delivered; it is attached.\n",
        ("gone@example.be hard -",),
        author="McAfee WebShield SMTP <postmaster@mx.example.net>",
        subject="Undeliverable mail",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "mailmarshal",
        "Your message:\n    From:    support@example.org\n    Subject: [SUP-5] Printer\n\n"
        "Could not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected: \n    gone@example.be\n\n"
        "Additional Information\n======================\nOriginal Sender:    <support@example.org>\nSender-MTA:         <198.51.100.4>\n"
        "Remote-MTA:         <192.0.2.7>\nReporting-MTA:      <mx.example.net>\nMessageName:        <B549.000.mml>\n",
        ("gone@example.be hard 5.1.1",),
        author="<postmaster@mx.example.net>",
        subject="Undeliverable Mail: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "ironport",
        "The following message to <gone@example.be> was undeliverable.\nThe reason for the problem:\n"
        "5.1.0 - Unknown address error 550-'5.1.1 The account does not exist'\n",
        ("gone@example.be hard 5.1.0",),
        author='"Mail Delivery System" <MAILER-DAEMON@mx.example.net>',
        subject="Delivery Status Notification (Failure)",
        fields=FIELDS + "5.1.0\nDiagnostic-Code: smtp; 5.1.0 - Unknown address error 550-'5.1.1 The account does not exist'\n",
        returned=HEADERS,
    ),
    Came(
        "fortimail-policy",
        "This is the mail system at mx.example.net.\n\n<jess@example.be>: host mx.example.be said: 554 5.7.1 This message has been blocked "
        "because it contains FortiSpamshield blocking URL(s)\n",
        ("jess@example.be soft 5.7.1",),
        author=POSTMASTER,
        subject="Undelivered Mail Returned to Sender",
        found=False,
    ),
    Came(
        "sophos",
        "<gone@example.be>\n    SMTP error from remote server for RCPT TO command, host: mx.example.be (192.0.2.7)\n"
        "    reason: 550 5.1.1 User unknown\n\nYour message could not be delivered.\n",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON@mx.example.net",
        subject="Mail delivery failed",
        found=False,
    ),
)

HOSTED: tuple[Came, ...] = (
    Came(
        "gmail",
        """\

** Address not found **

Your message wasn't delivered to gone@example.be because the address couldn't be found, or is unable to receive mail.

Learn more here: https://support.example.net/mail/?p=NoSuchUser

The response was:

The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos or \
unnecessary spaces.
""",
        ("gone@example.be hard 5.1.1",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        headers=("X-Failed-Recipients: gone@example.be", "In-Reply-To: {id}", "References: {id}"),
        fields=FIELDS + "5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\n",
        returned=RFC822,
    ),
    Came(
        "gmail-incomplete",
        """\

** Delivery incomplete **

There was a temporary problem delivering your message to slow@example.be. Gmail will retry for 46 more hours. You'll be notified if the \
delivery fails permanently.

The response was:

DNS Error: DNS type 'mx' lookup of example.be responded with code SERVFAIL
""",
        ("slow@example.be soft 4.0.0",),
        Verdict.DELAY,
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Delay)",
        fields=FIELDS.replace("failed", "delayed") + "4.0.0\nWill-Retry-Until: Wed, 4 Feb 2026 10:00:00 +0100\n",
        returned=RFC822,
    ),
    Came(
        "gmail-incomplete-text",
        "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to slow@example.be. "
        "Gmail will retry for 46 more "
        "hours. You'll be notified if the delivery fails permanently.\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Delay)",
        found=False,
    ),
    Came(
        "gmail-french",
        """\
** Adresse introuvable **

Votre message n'a pas été remis à gone@example.be, car l'adresse est introuvable ou ne peut pas recevoir de messages.

Réponse :

550 5.1.1 The email account that you tried to reach does not exist.
""",
        ("gone@example.be hard 5.1.1",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        found=False,
    ),
    Came(
        "gmail-dutch",
        "** Adres niet gevonden **\n\nJe bericht is niet bezorgd bij gone@example.be omdat het adres niet is gevonden of geen e-mail kan "
        "ontvangen.\n",
        ("gone@example.be hard -",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        found=False,
    ),
    Came(
        "gmail-german",
        "** Die Adresse wurde nicht gefunden **\n\nIhre Nachricht wurde nicht an gone@example.be zugestellt, weil "
        "die Adresse nicht gefunden "
        "wurde oder keine E-Mails empfangen kann.\n",
        ("gone@example.be hard -",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        found=False,
    ),
    Came(
        "gmail-inbox-full",
        "** Recipient inbox full **\n\nYour message couldn't be delivered to full@example.be. Their inbox is full, "
        "or it's getting too much "
        "mail right now.\n",
        ("full@example.be soft 5.2.2",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        fields=FIELDS + "5.2.2\nDiagnostic-Code: smtp; 552-5.2.2 The recipient's inbox is out of storage space\n",
        returned=RFC822,
    ),
    Came(
        "gmail-blocked",
        "** Message blocked **\n\nYour message to jess@example.be has been blocked. See technical details below for more information.\n",
        ("jess@example.be soft 5.7.1",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        fields=FIELDS + "5.7.1\nDiagnostic-Code: smtp; 554 5.7.1 Service unavailable; Client host [198.51.100.4] blocked\n",
        returned=RFC822,
    ),
    Came(
        "ses",
        "An error occurred while trying to deliver the mail to the following recipients:\ngone@example.be\n",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON@ses.example.net",
        subject="Delivery Status Notification (Failure)",
        fields=FIELDS + "5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n",
        returned=RFC822,
    ),
    Came(
        "ses-suppressed",
        "An error occurred while trying to deliver the mail to the following recipients:\ngone@example.be\n",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON@ses.example.net",
        subject="Delivery Status Notification (Failure)",
        fields=FIELDS
        + "5.1.1\nDiagnostic-Code: Amazon SES has suppressed sending to this address because it has a recent history of bouncing "
        "as an invalid address.\n",
        returned=HEADERS,
    ),
    Came(
        "sendgrid-forwarded",
        "This is an automatically generated message from SendGrid.\n\nI'm sorry to have to tell you that your message was not able to be "
        "delivered to one of its intended recipients.\n\nIf you require assistance with this, please contact SendGrid support.\n\n"
        "<gone@example.be>:\n550 5.1.1 The email account does not exist\n",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON@mx.example.net",
        subject="Undelivered Mail Returned to Sender",
        fields="Reporting-MTA: dns; mx.example.net\n\nOriginal-Recipient: rfc822; gone@example.be\nFinal-Recipient: rfc822; "
        "gone@example.be\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: 550 5.1.1 The email account does not exist\n",
        returned=RFC822,
    ),
    Came(
        "mailgun",
        "Your message to gone@example.be could not be delivered.\n\n5.1.1 The email account that you tried to reach does not exist.\n",
        ("gone@example.be hard 5.0.0",),
        author="postmaster@mg.example.net",
        subject="Failed delivery: [SUP-5] Printer",
        fields=FIELDS + "5.0.0\nDiagnostic-Code: smtp; 605 Not delivering to previously bounced address\n",
        returned=HEADERS,
    ),
    Came(
        "sparkpost-out-of-band",
        "This is a delivery status notification, automatically generated by MTA mx.example.net.\nRegarding recipient(s) : full@example.be\n"
        "Delivery status : Failed. Message could not be delivered to the domain <example.be>.Failed to accept the recipients.\n"
        "MTA Response :552 5.2.2 Mailbox over quota\n\nThe original message headers are included as attachment.\n",
        ("full@example.be soft 5.2.2",),
        author="Mail Delivery System <postmaster@mx.example.net>",
        subject="Delivery report",
        fields=FIELDS + "5.2.2\nDiagnostic-Code: smtp;552 5.2.2 Mailbox over quota\n",
        returned=HEADERS,
    ),
    Came(
        "yahoo",
        """\
Sorry, we were unable to deliver your message to the following address.

<gone@example.be>:
554: delivery error: dd This user doesn't have a example.be account (gone@example.be) [0] - mta1.mx.example.be

--- Below this line is a copy of the message.

{mail}""",
        ("gone@example.be hard -",),
        author="MAILER-DAEMON@example.com",
        subject="Failure Notice",
    ),
    Came(
        "aol",
        "Your mail to the following recipients could not be delivered because they are not accepting mail from support@example.org:\n"
        "\tjess@example.be\n",
        ("jess@example.be hard -",),  # he has shut us out: no later mail of ours will arrive
        author="MAILER-DAEMON@example.com",
        subject="Mail Delivery Problem",
        found=False,
    ),
    Came(
        "gmx",
        """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of
its recipients. This is a permanent error. The following address
failed:

gone@example.be:
SMTP error from remote server for RCPT TO command, host: mx.example.be (192.0.2.7) reason: 550 Requested action not taken: mailbox \
unavailable

--- The header of the original message is following. ---

{head}""",
        ("gone@example.be hard -",),
        author='"Mail Delivery System" <mailer-daemon@example.net>',
        subject="Mail delivery failed: returning message to sender",
    ),
    Came(
        "t-online",
        "|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n"
        "|------------------------- Failed addresses follow: ---------------------|\n <gone@example.be> ... unknown user\n"
        "|------------------------- Message header follows: ----------------------|\n{head}",
        ("gone@example.be hard -",),
        author="postmaster@example.net",
        subject="mail failed, returning to sender",
    ),
    Came(
        "mail.ru",
        """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  gone@example.be
    SMTP error from remote mail server after RCPT TO:<gone@example.be>:
    550 Message was not accepted -- invalid mailbox.  Local mailbox gone@example.be is unavailable: user not found
""",
        ("gone@example.be hard -",),
        author="mailer-daemon@corp.example.net",
        subject="Mail delivery failed: returning message to sender",
        found=False,
    ),
    Came(
        "yandex",
        """\
This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

Please, do not reply to this message.

<gone@example.be>: host mx.example.be[192.0.2.7] said: 550 5.7.1 No such user! (in reply to RCPT TO command)

*******
Это письмо отправлено почтовым сервером.

К сожалению, мы вынуждены сообщить Вам о том, что Ваше письмо не может
быть отправлено одному или нескольким адресатам.
""",
        ("gone@example.be hard 5.7.1",),
        author="mailer-daemon@mx.example.net",
        subject="Недоставленное сообщение",
        found=False,
    ),
    Came(
        "zoho",
        "This message was created automatically by mail delivery software.\n A message that you sent could not be "
        "delivered to one or more of "
        "its recipients. This is a permanent error. \n\ngone@example.be\nInvalid recipient. ERROR_CODE :550, "
        "ERROR_CODE :5.1.1 Unknown recipient\n",
        ("gone@example.be hard 5.1.1",),
        author="mailer-daemon@mail.example.net",
        subject="Undelivered Mail Returned to Sender",
        found=False,
    ),
    Came(
        "fastmail",
        "This is the mail delivery system at mx.example.net.\n\nI'm sorry to inform you that your message could not be delivered to one or "
        "more recipients.\n\n<big@example.be>: message size 31457280 exceeds size limit 26214400 of server mx.example.be[192.0.2.7]\n",
        ("big@example.be soft 5.3.4",),
        fields=FIELDS + "5.3.4\nDiagnostic-Code: x-postfix; message size 31457280 exceeds size limit 26214400 of server mx.example.be\n",
        returned=HEADERS,
    ),
    Came(
        "loop",
        "The original message was received.\n\n   ----- The following addresses had permanent fatal errors -----\n<ring@example.be>\n"
        "    (reason: 554 5.4.6 Too many hops)\n",
        ("ring@example.be soft 5.4.6",),
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        subject="Returned mail: see transcript for details",
        fields=FIELDS + "5.4.6\nDiagnostic-Code: SMTP; 554 5.4.6 Too many hops\n",
        returned=RFC822,
    ),
    Came(
        "orange-fr",
        "Bonjour,\n\nVotre message n'a pas pu être remis au destinataire suivant :\n\n<gone@example.be>\n\nhost mx.example.be said: "
        "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]\n",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON@example.net",
        subject="Undelivered Mail Returned to Sender",
        found=False,
    ),
    Came(
        "laposte-quota",
        "<full@example.be>: host mx.example.be[192.0.2.7] said: 552 5.1.1 <full@example.be> Boite du destinataire "
        "pleine. Recipient overquota "
        "(in reply to RCPT TO command)\n\nYour message could not be delivered.\n",
        ("full@example.be soft 5.1.1",),
        found=False,
    ),
    Came(
        "free-fr-too-many",
        "Your message could not be delivered.\n\n<jess@example.be>: host mx.example.be[192.0.2.7] refused to talk to "
        "me: 421 Too many spams "
        "from your IP (198.51.100.4), please visit http://postmaster.example.be/\n",
        ("jess@example.be soft -",),
        found=False,
    ),
    Came(
        "telenet-be",
        "<gone@example.be>: host mx.example.be[192.0.2.7] said: 550 5.1.1 sorry, no such mailbox here (in reply to RCPT TO command)\n\n"
        "Your message could not be delivered.\n",
        ("gone@example.be hard 5.1.1",),
        fields=FIELDS + "5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 sorry, no such mailbox here\n",
        returned=RFC822,
    ),
    Came(
        "kpn-nl",
        "Uw bericht kon niet worden afgeleverd bij:\n\n  gone@example.be\n\nReden: 550 5.1.1 Onbekende gebruiker\n",
        ("gone@example.be hard 5.1.1",),
        author="Mail Delivery System <mailer-daemon@example.net>",
        subject="Uw e-mail is niet bezorgd",
        found=False,
    ),
    Came(
        "several-some-ok",
        "Some recipients got your message, others did not.\n\ngone@example.be: unknown user\n",
        ("gone@example.be hard 5.1.1",),
        fields=FIELDS + "5.1.1\n\nFinal-Recipient: rfc822; fine@example.be\nAction: delivered\nStatus: 2.0.0\n",
        returned=RFC822,
    ),
    Came(
        "status-part-broken",
        "Your message could not be delivered to gone@example.be: 550 5.1.1 user unknown\n",
        ("gone@example.be hard 5.1.1",),
        fields="Reporting-MTA dns mx.example.net\n???\n\nthe recipient was gone\n",
        returned=RFC822,
    ),
    Came(
        "status-part-as-text",
        "Delivery failed.\n",
        ("gone@example.be hard 5.1.1",),
        fields=FIELDS + "5.1.1\n",
        fields_type="text/plain; name=details.txt",
        returned=RFC822,
    ),
    Came(
        "status-in-utf8",
        "Your message could not be delivered.\n",
        ("gone@example.be hard 5.1.1",),
        fields=FIELDS + "5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <gone@example.be> boîte inconnue\n",
        fields_type="message/global-delivery-status",
        returned="message/global-headers",
    ),
    Came(
        "mimedefang-virus",
        "Your message was rejected by the recipient's server.\n\n<jess@example.be>: 554 5.7.1 virus found in message\n",
        ("jess@example.be soft 5.7.1",),
        subject="Mail delivery failed",
        found=False,
    ),
    Came(
        "greylisted-expired",
        "<slow@example.be>: host mx.example.be[192.0.2.7] said: 451 4.7.1 Greylisting in action, please come back later\n",
        ("slow@example.be soft 4.7.1",),
        fields=FIELDS + "4.7.1\nDiagnostic-Code: smtp; 451 4.7.1 Greylisting in action, please come back later\n",
        returned=RFC822,
    ),
)

OTHERS: tuple[Came, ...] = (
    Came(
        "exchange-sv",
        "Det gick inte att leverera till följande mottagare eller distributionslistor:\n\ngone@example.be\n"
        "E-postadressen hittades inte.\n\ngone@example.be\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n",
        ("gone@example.be hard 5.1.1",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Olevererbart: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-da",
        "Levering til disse modtagere eller grupper mislykkedes:\n\nfull@example.be\nModtagerens postkasse er fuld.\n\n"
        "full@example.be\n#554 5.2.2 mailbox full ##\n",
        ("full@example.be soft 5.2.2",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Kan ikke leveres: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-fi",
        "Toimitus näille vastaanottajille tai ryhmille epäonnistui:\n\ngone@example.be\nSähköpostiosoitetta ei löytynyt.\n\n"
        "gone@example.be\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n",
        ("gone@example.be hard 5.1.1",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Ei voi toimittaa: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-pl",
        "Dostarczenie wiadomości do następujących adresatów lub grup nie powiodło się:\n\ngone@example.be\n"
        "Nie znaleziono podanego adresu e-mail.\n\ngone@example.be\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n",
        ("gone@example.be hard 5.1.1",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Nie można dostarczyć: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-cs",
        "Doručení se nezdařilo pro následující příjemce nebo skupiny:\n\ngone@example.be\nZadaná e-mailová adresa nebyla nalezena.\n\n"
        "gone@example.be\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n",
        ("gone@example.be hard 5.1.1",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Nedoručitelné: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-pt",
        "Falha na entrega para estes destinatários ou grupos:\n\ngone@example.be\nO endereço de email não foi encontrado.\n",
        ("gone@example.be hard -",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Não é possível entregar: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-hu",
        "A kézbesítés nem sikerült a következő címzetteknek vagy csoportoknak:\n\ngone@example.be\nA megadott e-mail cím nem található.\n",
        ("gone@example.be hard -",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Kézbesíthetetlen: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-tr",
        "Bu alıcılara veya gruplara teslim başarısız oldu:\n\ngone@example.be\nGirdiğiniz e-posta adresi bulunamadı.\n",
        ("gone@example.be hard -",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Teslim edilemedi: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-nl-delay",
        "Bezorging aan de volgende geadresseerden of groepen is vertraagd:\n\nslow@example.be\n\nDit bericht is nog niet bezorgd. Er wordt "
        "nog geprobeerd het te bezorgen.\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Vertraagde bezorging: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-de-delay",
        "Die Zustellung an die folgenden Empfänger oder Gruppen verzögert sich:\n\nslow@example.be\n\n"
        "Diese Nachricht wurde noch nicht zugestellt. Es wird weiterhin versucht, sie zuzustellen.\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Verzögerte Zustellung: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-es-delay",
        "Se ha retrasado la entrega a estos destinatarios o grupos:\n\nslow@example.be\n\nEste mensaje todavía no se ha entregado. "
        "Se seguirá intentando la entrega.\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Entrega retrasada: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-it-delay",
        "Il recapito ai seguenti destinatari o gruppi è stato ritardato:\n\nslow@example.be\n\nIl messaggio non è stato ancora recapitato. "
        "Verranno effettuati altri tentativi.\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Recapito ritardato: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-en-delay",
        "Delivery is delayed to these recipients or groups:\n\nslow@example.be\n\nSubject: [SUP-5] Printer\n\nThis message hasn't been "
        "delivered yet. Delivery will continue to be attempted.\n\nThe server will keep trying to deliver this "
        "message for the next 1 days.\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Delivery delayed:[SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-relayed-fr",
        "La remise à ces destinataires ou groupes est effectuée, mais aucune notification de remise n'a été envoyée par le serveur de "
        "destination :\n\njess@example.be\n",
        verdict=Verdict.AUTO_GENERATED,
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Relayé : [SUP-5] Printer",
        fields=FIELDS.replace("failed", "relayed") + "2.0.0\n",
    ),
    Came(
        "gmail-spanish",
        "** No se ha encontrado la dirección **\n\nTu mensaje no se ha entregado a gone@example.be porque no se ha "
        "encontrado la dirección o "
        "esta no puede recibir correo.\n",
        ("gone@example.be hard -",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        found=False,
    ),
    Came(
        "gmail-italian",
        "** Indirizzo non trovato **\n\nIl tuo messaggio non è stato recapitato a gone@example.be perché l'indirizzo non è stato trovato o "
        "non può ricevere posta.\n",
        ("gone@example.be hard -",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        found=False,
    ),
    Came(
        "gmail-dutch-full",
        "** Inbox van ontvanger is vol **\n\nJe bericht kan niet worden bezorgd bij full@example.be. De inbox van de ontvanger is vol of "
        "krijgt op dit moment te veel e-mails.\n",
        ("full@example.be soft -",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        found=False,
    ),
    Came(
        "gmail-french-delay",
        "** Distribution incomplète **\n\nUn problème temporaire est survenu lors de la remise de votre message à slow@example.be. Gmail "
        "effectuera de nouvelles tentatives pendant 46 heures. Vous serez averti en cas d'échec définitif.\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Delay)",
        found=False,
    ),
    Came(
        "gmail-german-delay",
        "** Zustellung unvollständig **\n\nBeim Senden Ihrer Nachricht an slow@example.be ist ein vorübergehendes Problem aufgetreten. "
        "Gmail wird es noch 46 Stunden lang versuchen.\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Delay)",
        found=False,
    ),
    Came(
        "imail-full",
        "User mailbox exceeds allowed size: full@example.be\n\n\nOriginal message follows.\n\n{mail}",
        ("full@example.be soft -",),
        author="Mail Administrator <Postmaster@mx.example.net>",
        subject="Undeliverable Mail",
    ),
    Came(
        "imail-unknown",
        "Unknown user: gone@example.be\n\nRCPT TO generated following response:\n550 unknown user <gone@example.be>\n\n"
        "Original message follows.\n\n{mail}",
        ("gone@example.be hard -",),
        author="Mail Administrator <Postmaster@mx.example.net>",
        subject="Undeliverable Mail",
    ),
    Came(
        "imail-attempts",
        "Delivery failed 20 attempts: slow@example.be\n\n\nOriginal message follows.\n\n{mail}",
        ("slow@example.be soft -",),
        author="Mail Administrator <Postmaster@mx.example.net>",
        subject="Undeliverable Mail",
    ),
    Came(
        "mercury",
        "The attached message has failed delivery and has been referred to you as postmaster.\n\nError: undeliverable to\n"
        "<gone@example.be>: 550 5.1.1 user unknown\n",
        ("gone@example.be hard 5.1.1",),
        author="Mail System <maiser@mx.example.net>",
        subject="Delivery failure notification",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "xmail",
        "[<00>] XMail bounce: Rcpt=[gone@example.be];Error=[550 Mailbox unavailable <gone@example.be>]\n\n\n"
        "[<01>] Error sending message [1234.mx] from [example.org].\n\nID:        <S1>\nMail From: <support@example.org>\n"
        "Rcpt To:   <gone@example.be>\nServer:    <mx.example.be>\n\n\n[<02>] The reason of the delivery failure was:\n\n"
        "550 Mailbox unavailable <gone@example.be>\n\n\n[<05>] Here is listed the initial part of the message:\n\n{mail}",
        ("gone@example.be hard -",),
        author="postmaster@mx.example.net",
        subject="Error sending message [1234.mx] from [example.org]",
    ),
    Came(
        "surgemail",
        "Your message cannot be delivered to the following recipients:\n\n<gone@example.be> 550 5.1.1 No such user here\n\n"
        "The headers of your message:\n{head}",
        ("gone@example.be hard 5.1.1",),
        author='"Mail Delivery Service" <postmaster@mx.example.net>',
        subject="Delivery Status: Failed (Printer)",
        found=True,
    ),
    Came(
        "haraka",
        "Your message could not be delivered.\n\nIntended Recipients: <gone@example.be>\nFailure Reason: Some recipients failed: "
        "<gone@example.be>: 550 5.1.1 User unknown\n",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON@mx.example.net",
        subject="Undelivered Mail Returned to Sender",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "powermta",
        "Hello, this is the mail server on mx.example.net.\n\nI am sending you this message to inform you on the delivery status of a\n"
        "message you previously sent.  Immediately below you will find a list of\nthe affected recipients;  also "
        "attached is a Delivery Status\n"
        "Notification (DSN) report in standard format, as well as the headers of\nthe original message.\n\n"
        "  <gone@example.be>  delivery failed; will not continue trying\n",
        ("gone@example.be hard 5.1.1",),
        author="postmaster@mx.example.net",
        subject="Delivery report",
        fields=FIELDS + "5.1.1 (bad destination mailbox address)\nDiagnostic-Code: smtp;550 5.1.1 <gone@example.be> unknown\n"
        "X-PowerMTA-BounceCategory: bad-mailbox\n",
        returned=HEADERS,
    ),
    Came(
        "powermta-delay-text",
        "Hello, this is the mail server on mx.example.net.\n\nI am sending you this message to inform you on the delivery status of a\n"
        "message you previously sent.  Immediately below you will find a list of\nthe affected recipients.\n\n"
        "  <slow@example.be>  delivery temporarily failed; will continue trying\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="postmaster@mx.example.net",
        subject="Delivery report",
        found=False,
    ),
    Came(
        "stalwart",
        "Your message could not be delivered to the following recipients:\n\n<gone@example.be> (host 'mx.example.be' rejected command "
        "'RCPT TO:<gone@example.be>' with code 550 (5.1.1) 'User does not exist')\n",
        ("gone@example.be hard 5.1.1",),
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        subject="Failed to deliver message",
        fields=FIELDS + "5.1.1\nDiagnostic-Code: smtp;550 User does not exist\n",
        returned=HEADERS,
    ),
    Came(
        "stalwart-delay",
        "There was a temporary problem delivering your message to the following recipients:\n\n<slow@example.be> (connection to "
        "'mx.example.be' failed: connection timed out)\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        subject="Warning: Delay in message delivery",
        found=False,
    ),
    Came(
        "axigen",
        "The message could not be delivered to the following recipients:\n    gone@example.be\n\nReason: permanent failure for one or more "
        "recipients (gone@example.be:550 5.1.1 mailbox unavailable)\n",
        ("gone@example.be hard 5.1.1",),
        author="MAILER-DAEMON@mx.example.net",
        subject="Mail delivery failed",
        found=False,
    ),
    Came(
        "moved",
        "Your message could not be delivered.\n\n<gone@example.be>: 551 5.1.6 User has moved; please try <new@example.net>\n",
        ("gone@example.be hard 5.1.6",),
        fields=FIELDS + "5.1.6\nDiagnostic-Code: smtp; 551 5.1.6 User has moved; please try <new@example.net>\n",
        returned=RFC822,
    ),
    Came(
        "moved-text",
        "Your message could not be delivered.\n\n<gone@example.be>: 551 5.1.6 User has moved; please try <new@example.net>\n",
        ("gone@example.be hard 5.1.6",),
        found=False,
    ),
    Came(
        "names-the-keeper-too",
        "Your message to gone@example.be could not be delivered: the user is unknown.\n\nIf you think that this is "
        "an error, please contact "
        "helpdesk@example.be or write to postmaster@example.be.\n",
        ("gone@example.be hard -",),
        author=POSTMASTER,
        subject="Undeliverable",
        found=False,
    ),
    Came(
        "html-only",
        "<p>Your message could not be delivered to the following recipient:</p><ul><li><a href='mailto:gone@example.be'>gone@example.be</a>"
        "</li></ul><p>Reason: the mailbox does not exist.</p><p>Questions? <a href='mailto:help@example.net'>help@example.net</a></p>",
        ("gone@example.be hard -",),
        subject="Delivery failure",
        html=True,
        found=False,
    ),
    Came(
        "domino-german",
        "Ihre Nachricht\n\n  Betreff: [SUP-5] Printer\n\nwurde nicht zugestellt an:\n\n  gone@example.be\n\nGrund:\n\n"
        "  Benutzer gone (gone@example.be) nicht im Domino-Verzeichnis aufgeführt\n",
        ("gone@example.be hard -",),
        author="Postmaster <postmaster@example.be>",
        subject="FEHLER BEI DER ZUSTELLUNG: Benutzer gone (gone@example.be) nicht im Domino-Verzeichnis aufgeführt",
        found=False,
    ),
    Came(
        "domino-restricted",
        "Your message\n\n  Subject: [SUP-5] Printer\n\nwas not delivered to:\n\n  big@example.be\n\nbecause:\n\n"
        "  Message exceeds the maximum size allowed for this route\n",
        ("big@example.be soft 5.3.4",),
        author="Postmaster <postmaster@example.be>",
        subject="DELIVERY FAILURE: Message exceeds the maximum size",
        fields=FIELDS + "5.3.4\nDiagnostic-Code: X-Notes; Message exceeds the maximum size allowed for this route\n",
        returned=RFC822,
    ),
    Came(
        "cloudflare-routing",
        "Your message could not be delivered to gone@example.be.\n\nThe response from the upstream server was:\n550 5.1.1 Address does not "
        "exist.\n",
        ("gone@example.be hard 5.1.1",),
        author="Email Routing <postmaster@mx.example.net>",
        subject="Undeliverable: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "proton",
        "This is the mail delivery system at mail.example.net.\n\nYour email could not be delivered to one or more recipients.\n\n"
        "<gone@example.be>: host mail.example.net[192.0.2.7] said: 550 5.1.1 <gone@example.be>: Recipient address "
        "rejected: Address does not "
        "exist (in reply to RCPT TO command)\n",
        ("gone@example.be hard 5.1.1",),
        found=False,
    ),
    Came(
        "workmail",
        "Your message couldn't be delivered to these recipients:\n\ngone@example.be\n\nTechnical report:\n\n"
        "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 RESOLVER.ADR.RecipNotFound; not found\n",
        ("gone@example.be hard 5.1.1",),
        author="postmaster@example.be",
        subject="Undeliverable: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "proximus-spam-be",
        "<jess@example.be>: host mx.example.be[192.0.2.7] said: 550 5.7.1 [S] Message blocked due to spam content in the message.\n\n"
        "Your message could not be delivered.\n",
        ("jess@example.be soft 5.7.1",),
        found=False,
    ),
    Came(
        "ziggo-nl",
        "<full@example.be>: host mx.example.be[192.0.2.7] said: 552 5.2.2 Deze mailbox is vol / mailbox is full (in reply to RCPT TO)\n\n"
        "Your message could not be delivered.\n",
        ("full@example.be soft 5.2.2",),
        found=False,
    ),
    Came(
        "sfr-fr",
        "<gone@example.be>: host mx.example.be[192.0.2.7] said: 550 5.1.1 <gone@example.be> user unknown: LPN105_510\n\n"
        "Votre message n'a pas pu être remis.\n",
        ("gone@example.be hard 5.1.1",),
        found=False,
    ),
    Came(
        "web.de-disabled",
        "A message that you sent could not be delivered to one or more of its recipients. The following address "
        "failed:\n\n<gone@example.be>:\n"
        "    reason: 550-Requested action not taken: mailbox unavailable\n    550 For explanation visit https://postmaster.example.be/\n",
        ("gone@example.be hard -",),
        author='"Mail Delivery System" <mailer-daemon@example.net>',
        subject="Mail delivery failed: returning message to sender",
        found=False,
    ),
    Came(
        "account-suspended",
        "Your message could not be delivered.\n\n<gone@example.be>: 550 5.2.1 The user you are trying to contact is "
        "receiving mail at a rate "
        "that prevents additional messages\n",
        ("gone@example.be soft 5.2.1",),
        found=False,
    ),
    Came(
        "inactive-account",
        "Your message could not be delivered.\n\n<gone@example.be>: 552 5.2.1 This account is inactive and no longer accepts mail\n",
        ("gone@example.be hard 5.2.1",),
        found=False,
    ),
    Came(
        "expired-no-code",
        "Your message could not be delivered to slow@example.be for 5 days. The message expired and is returned.\n",
        ("slow@example.be soft -",),
        subject="Undeliverable mail",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "tls-required",
        "Your message could not be delivered.\n\n<jess@example.be>: TLS is required, but was not offered by host "
        "mx.example.be[192.0.2.7]\n",
        ("jess@example.be soft 5.7.4",),
        fields=FIELDS + "5.7.4\nDiagnostic-Code: X-Postfix; TLS is required, but was not offered by host mx.example.be\n",
        returned=HEADERS,
    ),
    Came(
        "tls-required-text",
        "Your message could not be delivered.\n\n<jess@example.be>: TLS is required, but was not offered by host "
        "mx.example.be[192.0.2.7]\n",
        ("jess@example.be soft -",),
        found=False,
    ),
    Came(
        "smtputf8",
        "Your message could not be delivered.\n\n<jess@example.be>: SMTPUTF8 is required, but was not offered by host mx.example.be\n",
        ("jess@example.be soft 5.6.7",),
        fields=FIELDS + "5.6.7\nDiagnostic-Code: X-Postfix; SMTPUTF8 is required, but was not offered by host mx.example.be\n",
        returned=HEADERS,
    ),
    Came(
        "dmarc-refused",
        "Your message could not be delivered.\n\n<jess@example.be>: 550 5.7.26 Unauthenticated email from "
        "example.org is not accepted due to "
        "domain's DMARC policy.\n",
        ("jess@example.be soft 5.7.26",),
        found=False,
    ),
    Came(
        "nullmx",
        "Your message could not be delivered.\n\n<jess@nomail.example.be>: Domain nomail.example.be does not accept mail (nullMX)\n",
        ("jess@nomail.example.be hard 5.1.0",),
        fields=FIELDS + "5.1.0\nDiagnostic-Code: X-Postfix; Domain nomail.example.be does not accept mail (nullMX)\n",
        returned=HEADERS,
    ),
    Came(
        "three-kinds",
        "Your message could not be delivered to one or more recipients.\n\n<ann@example.be>: 550 5.1.1 user unknown\n\n"
        "<bob@example.be>: 552 5.2.2 mailbox full\n\n<cat@example.invalid>: Host or domain name not found\n",
        ("ann@example.be hard 5.1.1", "bob@example.be soft 5.2.2", "cat@example.invalid hard -"),
        found=False,
    ),
    Came(
        "delayed-and-failed",
        "Your message could not be delivered to one or more recipients.\n",
        ("gone@example.be hard 5.1.1", "slow@example.be soft 4.4.1"),
        fields=FIELDS + "5.1.1\n\nFinal-Recipient: rfc822; slow@example.be\nAction: delayed\nStatus: 4.4.1\n",
        returned=RFC822,
    ),
    Came(
        "fields-below-the-text",
        "The mail system could not deliver your message.\n\nFinal-Recipient: rfc822; gone@example.be\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 user unknown\n\n----- Original message -----\n\n{mail}",
        ("gone@example.be hard 5.1.1",),
    ),
    Came(
        "status-of-another-charset",
        "Votre message n'a pas pu être remis.\n",
        ("gone@example.be hard 5.1.1",),
        fields=FIELDS + "5.1.1\nDiagnostic-Code: smtp; 550 boîte inconnue\n",
        charset="iso-8859-1",
        returned=RFC822,
    ),
    Came(
        "japanese",
        "このメールは配信できませんでした。\n\n<gone@example.be>: 550 5.1.1 宛先が見つかりません\n",
        ("gone@example.be hard 5.1.1",),
        subject="配信できませんでした",
        found=False,
    ),
    Came(
        "chinese",
        "您的邮件无法送达以下收件人：\n\ngone@example.be\n\n原因：550 5.1.1 用户不存在\n",
        ("gone@example.be hard 5.1.1",),
        author="Mail System <postmaster@example.be>",
        subject="系统退信",
        found=False,
    ),
    Came(
        "delivered-in-words",
        "Your message has been delivered to the following recipient:\n\njess@example.be\n",
        verdict=Verdict.AUTO_GENERATED,
        author=POSTMASTER,
        subject="Delivered: [SUP-5] Printer",
    ),
    Came(
        "delivered-in-words-daemon",
        "Your message was successfully delivered to jess@example.be.\n",
        verdict=Verdict.AUTO_GENERATED,
        subject="Delivery Status Notification (Success)",
    ),
    Came(
        "held-for-approval",
        "Your message was received and is held until an administrator has seen it.\n",
        verdict=Verdict.AUTO_GENERATED,
        author=POSTMASTER,
        subject="Message held",
    ),
    Came(
        "path-not-null",
        "Your message to gone@example.be could not be delivered.\n\n550 5.1.1 user unknown\n",
        ("gone@example.be hard 5.1.1",),
        path="<postmaster@example.be>",
        author="Postmaster <postmaster@example.be>",
        subject="Undeliverable: [SUP-5] Printer",
        found=False,
    ),
    Came(
        "exchange-rewritten-report",
        "Delivery has failed to these recipients or groups:\n\ngone@example.be\nThe email address you entered couldn't be found.\n",
        ("gone@example.be hard -",),
        author="Microsoft Outlook <Jess.Martin@example.be>",
        subject="Undeliverable: [SUP-5] Printer",
        returned=RFC822,
    ),
    Came(
        "complaint-hidden-in-subject",
        "This is a complaint of a user of ours.\n",
        ("jess@example.be soft -",),
        Verdict.FEEDBACK_REPORT,
        author="staff@hotmail.example.com",
        subject="complaint about message from 198.51.100.4",
        kind="mixed",
        part=f"message/rfc822\n\nX-HmXmrOriginalRecipient: jess@example.be\nMessage-ID: {OURS}\nSubject: x\n\nHello\n",
    ),
)

RARE: tuple[Came, ...] = (
    Came(
        "x365-fr",
        "Votre message à gone@example.be n'a pas pu être remis.\n\ngone n'a pas été trouvé sur example.be.\n\n"
        "support  Office 365  gone\nAction requise\nAdresse du destinataire inconnue\n\nComment corriger\nL'adresse "
        "est peut-être mal orthographiée.\n\nDétails du message d'origine\nDate de création : 02/02/2026\nAdresse de "
        "l'expéditeur : support@example.org\nAdresse du destinataire : gone@example.be\nObjet : x\n\nDétails de "
        "l'erreur\nErreur signalée : 550 5.1.10 RESOLVER.ADR.RecipientNotFound\n",
        ("gone@example.be hard 5.1.10",),
        author="Microsoft Outlook <MicrosoftExchange329e@example.be>",
        subject="Non remis : x",
        found=False,
    ),
    Came(
        "x365-de",
        "Ihre Nachricht an gone@example.be konnte nicht zugestellt werden.\n\ngone wurde unter example.be nicht "
        "gefunden.\n\nDetails zur ursprünglichen Nachricht\nAbsenderadresse: support@example.org\nEmpfängeradresse: "
        "gone@example.be\n\nFehlerdetails\nGemeldeter Fehler: 550 5.1.10 RESOLVER.ADR.RecipientNotFound\n",
        ("gone@example.be hard 5.1.10",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Unzustellbar: x",
        found=False,
    ),
    Came(
        "x365-nl",
        "Uw bericht aan full@example.be kan niet worden bezorgd.\n\nHet postvak van full is vol.\n\nDetails van "
        "oorspronkelijk bericht\nAdres van afzender: support@example.org\nAdres van ontvanger: full@example.be\n\n"
        "Gemelde fout: 554 5.2.2 mailbox full\n",
        ("full@example.be soft 5.2.2",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Onbestelbaar: x",
        found=False,
    ),
    Came(
        "x365-es",
        "No se pudo entregar el mensaje a gone@example.be.\n\nNo se encontró gone en example.be.\n",
        ("gone@example.be hard -",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="No se puede entregar: x",
        found=False,
    ),
    Came(
        "x365-it",
        "Non è stato possibile recapitare il messaggio a gone@example.be.\n",
        ("gone@example.be hard -",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Non recapitabile: x",
        found=False,
    ),
    Came(
        "x365-pt",
        "Não foi possível entregar a sua mensagem para gone@example.be.\n",
        ("gone@example.be hard -",),
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Não entregue: x",
        found=False,
    ),
    Came(
        "no-daemon-null-path",
        "Your message to gone@example.be could not be delivered: no such user.\n",
        ("gone@example.be hard -",),
        author="Mail Service <info@example.be>",
        subject="Mail delivery failed",
        found=False,
    ),
    Came(
        "noreply-failure",
        "Hello,\n\nyour message to gone@example.be could not be delivered, because the address does not exist.\n",
        ("gone@example.be hard -",),
        author="Mail <noreply@example.be>",
        subject="Message could not be delivered",
        path="<noreply@example.be>",
        found=False,
    ),
    Came(
        "to-line",
        "Message could not be delivered.\n\nTo: gone@example.be\nError: 550 5.1.1 user unknown\n",
        ("gone@example.be hard 5.1.1",),
        found=False,
    ),
    Came(
        "quoted-display",
        'Your mail could not be delivered to "Old, Jess" <gone@example.be>.\n\nReason: mailbox unavailable\n',
        ("gone@example.be hard -",),
        found=False,
    ),
    Came(
        "brackets",
        "Delivery to [gone@example.be] failed: 550 User unknown\n",
        ("gone@example.be hard -",),
        subject="Delivery failure",
        found=False,
    ),
    Came(
        "plus-address",
        "<jess+news@example.be>: 550 5.1.1 user unknown\n\nYour message could not be delivered.\n",
        ("jess+news@example.be hard 5.1.1",),
        found=False,
    ),
    Came(
        "verp-in-text",
        "The message from <r+abc@reply.example.org> to <gone@example.be> could not be delivered.\n550 5.1.1 unknown\n",
        ("gone@example.be hard 5.1.1",),
        found=False,
    ),
    Came(
        "list-group",
        "Your message could not be delivered to members of the group team@example.be:\n\n  ann@example.be: 550 5.1.1 "
        "unknown user\n  bob@example.be: 552 5.2.2 mailbox full\n",
        ("ann@example.be hard 5.1.1", "bob@example.be soft 5.2.2"),
        found=False,
    ),
    Came(
        "mime-encoded-subject",
        "<gone@example.be>: unknown user\n",
        ("gone@example.be hard -",),
        subject="=?utf-8?q?Non_remis_=3A_Printer?=",
        author="postmaster@example.be",
        found=False,
    ),
    Came(
        "x400",
        "This report relates to your message.\n\nYour message was not delivered to\n  g=jess; s=old; o=example; "
        "c=be\nfor the following reason: Unknown address\n",
        (),
        author="X400 Gateway <postmaster@x400.example.be>",
        subject="Non-delivery report",
        found=False,
    ),
    Came(
        "x400-returned",
        "Your message was not delivered for the following reason: Unknown address\n",
        ("gone@example.be hard -",),
        author="X400 Gateway <postmaster@x400.example.be>",
        subject="Non-delivery report",
        returned=RFC822,
        kind="mixed",
    ),
    Came("dsn-no-text", "", ("gone@example.be hard 5.1.1",), fields=FIELDS + "5.1.1\n", returned=RFC822),
    Came(
        "dsn-only-original",
        "Could not deliver.\n",
        ("gone@example.be hard 5.1.1",),
        fields="Reporting-MTA: dns; x\n\nOriginal-Recipient: rfc822;gone@example.be\nAction: failed\nStatus: 5.1.1\n",
        returned=RFC822,
    ),
    Came(
        "dsn-status-only",
        "Could not deliver to gone@example.be\n",
        ("gone@example.be hard 5.1.1",),
        fields="Reporting-MTA: dns; x\n\nAction: failed\nStatus: 5.1.1\n",
        returned=RFC822,
    ),
    Came(
        "dsn-action-failure-word",
        "x\n",
        ("gone@example.be hard 5.1.1",),
        fields=FIELDS.replace("failed", "failure") + "5.1.1\n",
        returned=RFC822,
    ),
    Came(
        "dsn-html-text",
        "<p>Your message could not be delivered</p>",
        ("gone@example.be hard 5.1.1",),
        fields=FIELDS + "5.1.1\n",
        returned=RFC822,
        html=True,
    ),
    Came(
        "dsn-with-human-from",
        "x\n",
        ("gone@example.be hard 5.1.1",),
        fields=FIELDS + "5.1.1\n",
        returned=RFC822,
        author="IT <it@example.be>",
        path="<it@example.be>",
    ),
    Came(
        "x-failed-only",
        "Some words in an unknown tongue.\n",
        ("gone@example.be hard -",),
        headers=("X-Failed-Recipients: gone@example.be",),
        subject="???",
        found=False,
    ),
    Came(
        "user-not-known-here",
        "Sorry, user gone@example.be not known here\n",
        ("gone@example.be hard -",),
        subject="Returned mail",
        found=False,
    ),
    Came(
        "french-isp",
        "Bonjour,\nVotre courrier électronique n'a pu être acheminé vers les destinataires suivants :\n\n"
        "gone@example.be\n\nCause : utilisateur inconnu\n",
        ("gone@example.be hard -",),
        author="Postmaster <postmaster@example.be>",
        subject="Erreur d'acheminement du courrier",
        found=False,
    ),
    Came(
        "french-isp2",
        "Le message suivant n'a pas pu être délivré à : gone@example.be\nLa boîte aux lettres du destinataire est pleine.\n",
        ("gone@example.be soft -",),
        author="Postmaster <postmaster@example.be>",
        subject="Avis de non-remise",
        found=False,
    ),
    Came(
        "nl-isp",
        "Uw e-mail aan gone@example.be is niet aangekomen.\nReden: dit e-mailadres bestaat niet.\n",
        ("gone@example.be hard -",),
        author="Mail Delivery System <mailer-daemon@example.be>",
        subject="E-mail niet aangekomen",
        found=False,
    ),
    Came(
        "de-isp",
        "Ihre E-Mail an gone@example.be konnte nicht ausgeliefert werden.\nGrund: Empfänger unbekannt.\n",
        ("gone@example.be hard -",),
        author="Postmaster <postmaster@example.be>",
        subject="Ihre E-Mail konnte nicht zugestellt werden",
        found=False,
    ),
    Came(
        "mailgate-de",
        "Die folgende Nachricht konnte nicht versandt werden:\n\nAn: gone@example.be\nFehler: 550 5.1.1 unknown\n",
        ("gone@example.be hard 5.1.1",),
        author="Mail-Gateway <mailer-daemon@example.be>",
        subject="Fehler beim Versand",
        found=False,
    ),
    Came(
        "postini",
        "Your message was not delivered: 550 No such user gone@example.be - psmtp\n",
        ("gone@example.be hard -",),
        author="MAILER-DAEMON@x.example.net",
        subject="Delivery failed",
        found=False,
    ),
    Came(
        "aliyun-cn",
        "很抱歉，您的邮件无法投递到 gone@example.be 。\n原因：550 User not found\n",
        ("gone@example.be hard -",),
        author="PostMaster@example.cn",
        subject="系统退信/Systems bounce",
        found=False,
    ),
    Came(
        "qq-cn",
        "抱歉，您的邮件被退回来了…… 收件人 gone@example.be 550 Mail box not found\n",
        ("gone@example.be hard -",),
        author="PostMaster@example.cn",
        subject="来自example.cn的退信",
        found=False,
    ),
    Came(
        "docomo-jp",
        "宛先不明のため配信できませんでした\n<gone@example.be>\n",
        ("gone@example.be hard -",),
        author="Mail Administrator <mailer-daemon@example.jp>",
        subject="Mail System Error - Returned Mail",
        found=False,
    ),
    Came(
        "korean",
        "메일을 보내지 못했습니다.\ngone@example.be : 550 5.1.1 user unknown\n",
        ("gone@example.be hard 5.1.1",),
        author="postmaster@example.kr",
        subject="[반송메일] Printer",
        found=False,
    ),
    Came(
        "sms-gw",
        "Message to gone@example.be failed: recipient unknown\n",
        ("gone@example.be hard -",),
        author="System <mailer@example.be>",
        subject="Failed",
        found=False,
    ),
    # no bounces
    Came(
        "pm-warning-quota",
        "Your mailbox is almost full (95 %). Please delete old mail.\n",
        (),
        Verdict.AUTO_GENERATED,
        author=POSTMASTER,
        subject="Mailbox quota warning",
    ),
    Came(
        "pm-newsletter",
        "We will move the mail server on Monday.\n",
        (),
        Verdict.AUTO_GENERATED,
        author="Postmaster <postmaster@example.be>",
        subject="Maintenance",
        path="<postmaster@example.be>",
    ),
    Came(
        "person-att-dsn",
        "Why did I get this?\n",
        (),
        Verdict.HUMAN,
        author="Jess <jess@example.be>",
        subject="Fwd: Undelivered",
        path="<jess@example.be>",
        kind="mixed",
        fields=FIELDS + "5.1.1\n",
        returned=RFC822,
    ),
    Came(
        "person-att-dsn2",
        "Any idea?\n",
        (),
        Verdict.HUMAN,
        author="Jess <jess@example.be>",
        subject="Mail problem",
        path="<jess@example.be>",
        kind="mixed",
        part="message/rfc822\n\nFrom: MAILER-DAEMON@x\nSubject: Undelivered Mail Returned to Sender\nContent-Type: "
        "multipart/report; report-type=delivery-status; boundary=i\n\n--i\n\nfailed\n--i\nContent-Type: "
        "message/delivery-status\n\nFinal-Recipient: rfc822; a@example.be\nAction: failed\nStatus: 5.1.1\n\n--i--\n",
    ),
    Came(
        "person-no-text-fwd-att",
        "",
        (),
        Verdict.HUMAN,
        author="Jess <jess@example.be>",
        subject="Undelivered Mail Returned to Sender",
        path="<jess@example.be>",
        kind="mixed",
        part="message/rfc822\n\nFrom: MAILER-DAEMON@x\nSubject: Undelivered\n\nfailed\n",
    ),
    Came(
        "groupwise-two",
        "The message that you sent was undeliverable to the following:\n\tann@example.be (user not found)\n\t"
        "bob@example.be (mailbox full)\n",
        ("ann@example.be hard -", "bob@example.be soft -"),
        author="GroupWise <postmaster@example.be>",
        subject="Message status - undeliverable",
        found=False,
    ),
    Came(
        "vpop3",
        "Your message could not be delivered to the following recipients:\n\n   gone@example.be : Unknown user\n\n"
        "The start of the message is below\n\n{mail}",
        ("gone@example.be hard -",),
        author="VPOP3 <postmaster@mx.example.net>",
        subject="Mail Delivery Error",
    ),
    Came(
        "argosoft",
        "The message to gone@example.be could not be delivered. The server answered:\n550 No such user\n",
        ("gone@example.be hard -",),
        author="ArGoSoft Mail Server <postmaster@mx.example.net>",
        subject="Undeliverable Message",
        returned=RFC822,
        kind="mixed",
    ),
    Came(
        "lotus-smtp-de",
        "Ihr Dokument: Printer\nkonnte nicht zugestellt werden an: gone@example.be\nweil: Benutzer unbekannt\n",
        ("gone@example.be hard -",),
        author="Postmaster <postmaster@example.be>",
        subject="Bericht: Nicht zugestellt",
        found=False,
    ),
    Came(
        "notes-nl",
        "Uw bericht\n\n  Onderwerp: Printer\n\nis niet afgeleverd bij:\n\n  gone@example.be\n\nomdat:\n\n  Gebruiker "
        "niet vermeld in Domino-adresboek\n",
        ("gone@example.be hard -",),
        author="Postmaster <postmaster@example.be>",
        subject="AFLEVERINGSFOUT: Gebruiker niet vermeld",
        found=False,
    ),
    Came(
        "notes-es",
        "Su mensaje\n\nno se entregó a:\n\n  gone@example.be\n\nporque:\n\n  El usuario no figura en el directorio\n",
        ("gone@example.be hard -",),
        author="Postmaster <postmaster@example.be>",
        subject="FALLO EN LA ENTREGA: gone",
        found=False,
    ),
    Came(
        "notes-it",
        "Il messaggio\n\nnon è stato consegnato a:\n\n  gone@example.be\n\nperché:\n\n  utente sconosciuto\n",
        ("gone@example.be hard -",),
        author="Postmaster <postmaster@example.be>",
        subject="ERRORE DI CONSEGNA",
        found=False,
    ),
    Came(
        "exim-spanish",
        "Este mensaje ha sido creado automáticamente por el sistema de correo.\n\nUn mensaje que usted envió no pudo "
        "ser entregado a uno o más destinatarios. Este es un error permanente.\n\n  gone@example.be\n    no such "
        "user\n",
        ("gone@example.be hard -",),
        subject="Mensaje devuelto",
        found=False,
    ),
    Came(
        "exim-frozen",
        "Message 1qAbCd-0001Ef-2G has been frozen (delivery error message).\nThe sender is <>.\n\nThe following "
        "address(es) have yet to be delivered:\n\n  gone@example.be: Unrouteable address\n",
        ("gone@example.be hard -",),
        subject="Message 1qAbCd-0001Ef-2G has been frozen",
        found=False,
    ),
    Came(
        "procmail-pipe",
        "A message that you sent could not be delivered.\n\n  pipe to |/usr/bin/vacation jess\n    generated by "
        "jess@example.be\n    local delivery failed\n",
        ("jess@example.be soft -",),
        subject="Mail delivery failed: returning message to sender",
        found=False,
    ),
    Came(
        "exim-fail-quota",
        "A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent "
        "error. The following address(es) failed:\n\n  full@example.be\n    host mx.example.be [192.0.2.7]\n    SMTP "
        "error from remote mail server after end of data:\n    552-5.2.2 The email account that you tried to reach "
        "is over quota.\n    552 5.2.2 Please direct the recipient to clear space\n",
        ("full@example.be soft 5.2.2",),
        subject="Mail delivery failed: returning message to sender",
        found=False,
    ),
    Came(
        "postfix-dutch",
        "Dit is het mailsysteem op host mx.example.net.\n\nHet spijt me u te moeten meedelen dat uw bericht niet kon "
        'worden afgeleverd\nbij een of meer geadresseerden.\n\n<gone@example.be>: onbekende gebruiker: "gone"\n',
        ("gone@example.be hard -",),
        subject="Niet-bestelbare e-mail teruggestuurd naar afzender",
        found=False,
    ),
    Came(
        "ms-smtp-several",
        "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients "
        "failed.\n\n       ann@example.be\n       bob@example.be\n",
        ("ann@example.be hard -", "bob@example.be hard -"),
        author=POSTMASTER,
        subject="Delivery Status Notification (Failure)",
        found=False,
    ),
    Came(
        "plesk",
        "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message to "
        "the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<gone@example.be>:\nThis address no longer accepts mail.\n\n--- Below this line is a copy of the "
        "message.\n\n{mail}",
        ("gone@example.be hard -",),
        author="MAILER-DAEMON@mx.example.net",
        subject="failure notice",
    ),
    Came(
        "qmail-fr",
        "Bonjour. Ici le programme qmail-send sur mx.example.net.\nJe n'ai pas pu remettre votre message aux "
        "adresses suivantes.\nC'est une erreur permanente, j'abandonne. Désolé.\n\n<gone@example.be>:\nBoîte "
        "inconnue\n\n--- Ci-dessous une copie du message.\n\n{mail}",
        ("gone@example.be hard -",),
        author="MAILER-DAEMON@mx.example.net",
        subject="avis d'échec",
    ),
    Came(
        "qmail-nodns",
        "Hi. This is the qmail-send program.\nI'm afraid I wasn't able to deliver your message to the following "
        "addresses.\n\n<jess@nowhere.example.invalid>:\nSorry, I couldn't find any host named "
        "nowhere.example.invalid. (#5.1.2)\n",
        ("jess@nowhere.example.invalid hard 5.1.2",),
        author="MAILER-DAEMON@mx.example.net",
        subject="failure notice",
        found=False,
    ),
    Came(
        "qmail-cname",
        "Hi. This is the qmail-send program.\n\n<jess@example.be>:\nCNAME lookup failed temporarily. (#4.4.3)\nI'm "
        "not going to try again; this message has been in the queue too long.\n",
        ("jess@example.be soft 4.4.3",),
        author="MAILER-DAEMON@mx.example.net",
        subject="failure notice",
        found=False,
    ),
    Came(
        "zimbra-fr",
        "Votre message n'a pas pu être envoyé. Un ou plusieurs destinataires ont été rejetés : gone@example.be\n550 "
        "5.1.1 utilisateur inconnu\n",
        ("gone@example.be hard 5.1.1",),
        subject="Échec d'envoi",
        found=False,
    ),
    Came(
        "quarantine",
        "A mail to you from jess@example.be was put into quarantine.\n",
        (),
        Verdict.AUTO_GENERATED,
        author="Quarantine <quarantine@example.be>",
        subject="Quarantine report",
    ),
    Came(
        "antivirus-notice",
        "A virus was found in a mail that you sent to jess@example.be. The mail was not delivered.\n",
        ("jess@example.be soft -",),
        author="antivirus@mx.example.net",
        subject="VIRUS IN YOUR MAIL",
        found=False,
    ),
    Came(
        "amavis",
        "Your message to:\n-> jess@example.be\n\nwas considered unsolicited bulk e-mail (UBE).\n\nDelivery of the email was stopped!\n",
        ("jess@example.be soft 5.7.0",),
        author="Content-filter at mx.example.net <postmaster@mx.example.net>",
        subject="Considered UNSOLICITED BULK EMAIL, apparently from you",
        fields=FIELDS + "5.7.0\nDiagnostic-Code: smtp; 554 5.7.0 Reject, id=1 - spam\n",
        returned=HEADERS,
    ),
    Came(
        "amavis-text",
        "BANNED FILENAME (.exe)\n\nOur content checker found banned content in your message to:\n-> "
        "jess@example.be\n\nDelivery of the email was stopped!\n",
        ("jess@example.be soft -",),
        author="Content-filter at mx.example.net <postmaster@mx.example.net>",
        subject="BANNED contents from you",
        found=False,
        returned="",
    ),
    Came(
        "mailscanner",
        "One or more of the attachments in your mail to jess@example.be was removed.\n",
        (),
        Verdict.AUTO_GENERATED,
        author="MailScanner <postmaster@mx.example.net>",
        subject="{Filename?} Printer",
    ),
    Came(
        "domino-delay",
        "Your message\n\n  Subject: Printer\n\nhas not yet been delivered to:\n\n  slow@example.be\n\nThe server will keep trying.\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Postmaster <postmaster@example.be>",
        subject="DELAYED: Printer",
        found=False,
    ),
    Came(
        "ironport-delay",
        "The following message to <slow@example.be> is delayed.\nThe reason for the problem:\n4.4.2 - Bad connection 'timeout'\n",
        ("slow@example.be soft 4.4.2",),
        Verdict.DELAY,
        author="Mail Delivery System <MAILER-DAEMON@mx.example.net>",
        subject="Delivery Status Notification (Delay)",
        found=False,
    ),
    Came(
        "mdaemon-delay",
        "The attached message is still undelivered. The server will retry for 60 more hours.\n\nFailed address: slow@example.be\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="MDaemon <MDaemon@mx.example.net>",
        subject="Warning: delivery delayed",
        found=False,
    ),
    Came(
        "sendmail-fr-delay",
        "**********************************************\n** CECI EST SEULEMENT UN AVERTISSEMENT **\n"
        "**********************************************\n<slow@example.be>... Différé : connexion refusée\nMessage "
        "pas encore remis après 4 heures\nNouvelles tentatives pendant 5 jours\n",
        ("slow@example.be soft -",),
        Verdict.DELAY,
        author="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        subject="Avertissement : message non remis depuis 4 heures",
        found=False,
    ),
    Came(
        "success-fr",
        "Votre message a été remis aux destinataires suivants :\n\njess@example.be\n",
        (),
        Verdict.AUTO_GENERATED,
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Remis : Printer",
    ),
    Came("success-daemon-fr", "Votre message a bien été remis à jess@example.be.\n", (), Verdict.AUTO_GENERATED, subject="Remise réussie"),
    Came(
        "read-text",
        "Uw bericht is gelezen op maandag.\n",
        (),
        Verdict.READ_RECEIPT,
        author="Jess <jess@example.be>",
        subject="Gelezen: Printer",
        kind="report; report-type=disposition-notification",
        fields="Final-Recipient: rfc822;jess@example.be\nDisposition: manual-action/MDN-sent-manually; displayed\n",
        fields_type="message/disposition-notification",
        path="<jess@example.be>",
    ),
    Came(
        "arf-yahoo",
        "This is an abuse report.\n",
        ("jess@example.be soft -",),
        Verdict.FEEDBACK_REPORT,
        author="feedback@arf.example.com",
        subject="FW: Printer",
        kind="report; report-type=feedback-report",
        fields="Feedback-Type: abuse\nVersion: 0.1\nUser-Agent: Feedback/2.0\nOriginal-Rcpt-To: jess@example.be\n",
        fields_type="message/feedback-report",
        returned=RFC822,
        path="<feedback@arf.example.com>",
    ),
    Came(
        "arf-fraud",
        "x\n",
        ("jess@example.be soft -",),
        Verdict.FEEDBACK_REPORT,
        author="abuse@example.net",
        subject="Report",
        kind="report; report-type=feedback-report",
        fields="Feedback-Type: fraud\nVersion: 1\n",
        fields_type="message/feedback-report",
        part=f"message/rfc822\n\nTo: jess@example.be\nMessage-ID: {OURS}\nSubject: x\n\nHello\n",
        path="<abuse@example.net>",
    ),
    Came(
        "person-from-sysadmin",
        "The disk of your server is full, could you call me?\n",
        (),
        Verdict.HUMAN,
        author="Ann Sysadmin <ann@example.be>",
        subject="Server",
        path="<ann@example.be>",
    ),
    Came(
        "person-fails",
        "Hi, my mail to gone@example.be failed: 550 5.1.1 user unknown. Is there another address?\n",
        (),
        Verdict.HUMAN,
        author="Ann <ann@example.be>",
        subject="Delivery failure",
        path="<ann@example.be>",
    ),
    Came(
        "person-null",
        "Votre colis n'a pas pu être remis à votre domicile. Appelez le 02.\n",
        (),
        Verdict.AUTO_GENERATED,
        author="Transport <colis@example.be>",
        subject="Colis",
    ),
    Came(
        "ms-quota-nl",
        "Uw postvak is bijna vol.\n",
        (),
        Verdict.AUTO_GENERATED,
        author="Microsoft Outlook <postmaster@example.be>",
        subject="Uw postvak is bijna vol",
    ),
)

NOT_BOUNCES: tuple[Came, ...] = (
    Came(
        "arf",
        "This is an email abuse report for an email message received from IP 198.51.100.4 on Mon, 2 Feb 2026.\n",
        ("jess@example.be soft -",),
        Verdict.FEEDBACK_REPORT,
        author="feedbackloop@feedback.example.net",
        subject="Email Feedback Report for IP 198.51.100.4",
        kind="report; report-type=feedback-report",
        fields="Feedback-Type: abuse\nUser-Agent: Fbl/1.0\nVersion: 1\nOriginal-Mail-From: <support@example.org>\n"
        "Original-Rcpt-To: <jess@example.be>\n",
        fields_type="message/feedback-report",
        returned=RFC822,
        path="<feedbackloop@feedback.example.net>",
    ),
    Came(
        "arf-redacted",
        "This is an email abuse report.\n",
        (),
        Verdict.FEEDBACK_REPORT,
        author="fbl-no-reply@postmaster.example.net",
        subject="Abuse Report",
        kind="report; report-type=feedback-report",
        fields="Feedback-Type: abuse\nVersion: 1\nUser-Agent: Abuse/1\n",
        fields_type="message/feedback-report",
        part=f"message/rfc822\n\nFrom: support@example.org\nTo: [redacted]\nMessage-ID: {OURS}\nSubject: x\n\nHello\n",
    ),
    Came(
        "mdn-outlook",
        "Your message\n\n   To: Jess\n   Subject: [SUP-5] Printer\n\n was read on Monday 2 February 2026 10:05.\n",
        verdict=Verdict.READ_RECEIPT,
        author="Jess <jess@example.be>",
        subject="Read: [SUP-5] Printer",
        kind="report; report-type=disposition-notification",
        fields="Reporting-UA: example.be; Outlook\nFinal-Recipient: rfc822;jess@example.be\nOriginal-Message-ID: {id}\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n",
        fields_type="message/disposition-notification",
    ),
    Came(
        "mdn-thunderbird-french",
        "Ceci est un accusé de réception pour le courrier que vous avez envoyé à jess@example.be.\n",
        verdict=Verdict.READ_RECEIPT,
        author="Jess <jess@example.be>",
        subject="Accusé de réception (affiché) - [SUP-5] Printer",
        kind="report; report-type=disposition-notification",
        fields="Reporting-UA: Thunderbird\nFinal-Recipient: rfc822;jess@example.be\nOriginal-Message-ID: {id}\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n",
        fields_type="message/disposition-notification",
        returned=HEADERS,
        path="<jess@example.be>",
    ),
    Came(
        "mdn-deleted-unread",
        "Your message was deleted without being read.\n",
        verdict=Verdict.READ_RECEIPT,
        author="Jess <jess@example.be>",
        subject="Not read: [SUP-5] Printer",
        kind="report; report-type=disposition-notification",
        fields="Final-Recipient: rfc822;jess@example.be\nOriginal-Message-ID: {id}\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n",
        fields_type="message/disposition-notification",
    ),
    Came(
        "mdn-domino",
        "Return Receipt\n\nYour document: [SUP-5] Printer\nwas received by: Jess/Example\nat: 02/02/2026 10:05:00\n",
        verdict=Verdict.READ_RECEIPT,
        author="jess@example.be",
        subject="[SUP-5] Printer (Return receipt)",
        kind="report; report-type=disposition-notification",
        fields="Final-Recipient: rfc822;jess@example.be\nDisposition: manual-action/MDN-sent-manually; displayed\n",
        fields_type="message/disposition-notification",
        path="<jess@example.be>",
    ),
)

SAMPLES = (*UNIX, *COMMERCIAL, *HOSTED, *OTHERS, *RARE, *NOT_BOUNCES)


@pytest.mark.parametrize("one", SAMPLES, ids=[one.name for one in SAMPLES])
def test_a_report_is_what_a_postmaster_sees_in_it(one: Came) -> None:
    """Its verdict; every recipient, for ever or for now, with the status that it gives; and which mail of ours came back."""
    mail = mail_of(one)
    assert judged(mail).verdict is one.verdict
    report = read_report(mail)
    if one.verdict in {Verdict.AUTO_GENERATED, Verdict.READ_RECEIPT, Verdict.HUMAN}:
        assert report is None
        return
    assert report is not None
    got = {f"{who.address} {'hard' if who.hard else 'soft'} {who.status or '-'}" for who in report.recipients}
    assert got == set(one.who)
    assert report.original_message_id == (OURS if one.found else None)


def test_each_sample_has_a_name_of_its_own() -> None:
    """A row that was copied and not changed is seen."""
    assert len({one.name for one in SAMPLES}) == len(SAMPLES)
    assert len({one.raw() for one in SAMPLES}) == len(SAMPLES)
