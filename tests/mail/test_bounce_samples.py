"""Reports as some eighty mail systems write them, read from the bytes on: what a postmaster sees in each is what we must see."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gateway.mail.bounce import read_report
from gateway.mail.inbound import InboundMail, Verdict
from gateway.mail.parse import read_mail
from tests.mail.test_classify import judged

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
        top += ["Date: Mon, 2 Feb 2026 10:01:00 +0100", "Message-ID: <report@mx.example.net>", *map(filled, self.headers), "MIME-Version: 1.0"]
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
        "This is the mail system at host mx.example.net.\n\n<old@example.net> (expanded from <info@example.be>): unknown user: \"old\"\n",
        ("old@example.net hard 5.1.1", "info@example.be hard 5.1.1"),
        fields="Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; old@example.net\nOriginal-Recipient: rfc822;info@example.be\n"
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
        "   ----- The following addresses had permanent fatal errors -----\n<gone@example.be>\n    (reason: 550 5.7.1 Message blocked: content)\n",
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
        "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to slow@example.be. Gmail will retry for 46 more "
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
        "** Die Adresse wurde nicht gefunden **\n\nIhre Nachricht wurde nicht an gone@example.be zugestellt, weil die Adresse nicht gefunden "
        "wurde oder keine E-Mails empfangen kann.\n",
        ("gone@example.be hard -",),
        author="Mail Delivery Subsystem <mailer-daemon@example.com>",
        subject="Delivery Status Notification (Failure)",
        found=False,
    ),
    Came(
        "gmail-inbox-full",
        "** Recipient inbox full **\n\nYour message couldn't be delivered to full@example.be. Their inbox is full, or it's getting too much "
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
        fields=FIELDS + "5.1.1\nDiagnostic-Code: Amazon SES has suppressed sending to this address because it has a recent history of bouncing "
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
        fields="Reporting-MTA: dns; mx.example.net\n\nOriginal-Recipient: rfc822; gone@example.be\nFinal-Recipient: rfc822; gone@example.be\n"
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
        ("jess@example.be soft -",),
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
        "This message was created automatically by mail delivery software.\n A message that you sent could not be delivered to one or more of "
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
        "<full@example.be>: host mx.example.be[192.0.2.7] said: 552 5.1.1 <full@example.be> Boite du destinataire pleine. Recipient overquota "
        "(in reply to RCPT TO command)\n\nYour message could not be delivered.\n",
        ("full@example.be soft 5.1.1",),
        found=False,
    ),
    Came(
        "free-fr-too-many",
        "Your message could not be delivered.\n\n<jess@example.be>: host mx.example.be[192.0.2.7] refused to talk to me: 421 Too many spams "
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

SAMPLES = (*UNIX, *COMMERCIAL, *HOSTED, *NOT_BOUNCES)


@pytest.mark.parametrize("one", SAMPLES, ids=[one.name for one in SAMPLES])
def test_a_report_is_what_a_postmaster_sees_in_it(one: Came) -> None:
    """Its verdict; every recipient, for ever or for now, with the status that it gives; and which mail of ours came back."""
    mail = mail_of(one)
    assert judged(mail).verdict is one.verdict
    report = read_report(mail)
    if one.verdict in {Verdict.AUTO_GENERATED, Verdict.READ_RECEIPT}:
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
