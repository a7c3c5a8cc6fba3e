"""How long one acknowledgement takes to become bytes: three ways of composing, side by side in one run.

Run: `python -m benchmarks.composing`. The figures of docs/decisions/0004-composing.md come from here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from gateway.domain.people import Address
from gateway.mail.write.compose import Draft, compose

TEXT = "Bonjour,\n\nNous avons bien reçu votre demande. Elle porte le numéro SUP-19258 et son statut est « Ouvert ».\n" * 12
HTML = "<p>Nous avons bien reçu votre demande. Elle porte le numéro <strong>SUP-19258</strong>.</p>\n" * 60
CHAIN = tuple(f"<{number}.{'a' * 40}@mail.example.org>" for number in range(6))
DRAFT = Draft(
    sender=Address("support@example.org", "Équipe support"),
    to=Address("jess.martin@example.be", "Jess Martin"),
    subject="Re: [SUP-19258] L'imprimante du deuxième étage n'imprime plus que des étoiles",
    text=TEXT,
    html=HTML,
    message_id="<v1.ack.19258.1.1.abcdef@example.org>",
    date=datetime(2021, 7, 30, 14, 13, tzinfo=UTC),
    in_reply_to=CHAIN[-1],
    references=CHAIN,
    auto_submitted="auto-replied",
    suppress_responses=True,
    language="fr",
)
HEADERS = {
    "Date": "Fri, 30 Jul 2021 14:13:00 +0000",
    "Message-ID": DRAFT.message_id,
    "In-Reply-To": CHAIN[-1],
    "References": " ".join(CHAIN),
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "Content-Language": "fr",
}


def by_email_message() -> bytes:
    """EmailMessage, with the line length that keeps ids whole."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = "Équipe support <support@example.org>"
    mail["To"] = "Jess Martin <jess.martin@example.be>"
    mail["Subject"] = DRAFT.subject
    for name, value in HEADERS.items():
        mail[name] = value
    mail.set_content(TEXT)
    mail.add_alternative(HTML, subtype="html")
    return mail.as_bytes(policy=policy.SMTP.clone(max_line_length=998))


def by_compat32() -> bytes:
    """MIMEMultipart under the compat32 policy."""
    mail = MIMEMultipart("alternative")
    mail["From"] = f"{Header('Équipe support', 'utf-8').encode()} <support@example.org>"
    mail["To"] = "Jess Martin <jess.martin@example.be>"
    mail["Subject"] = Header(DRAFT.subject, "utf-8").encode()
    for name, value in HEADERS.items():
        mail[name] = value
    mail.attach(MIMEText(TEXT, "plain", "utf-8"))
    mail.attach(MIMEText(HTML, "html", "utf-8"))
    return mail.as_bytes(policy=policy.compat32.clone(linesep="\r\n", max_line_length=998))


def by_hand() -> bytes:
    """What the gateway does, its own re-reading of the headers included."""
    return compose(DRAFT)


def best(way: Callable[[], bytes], rounds: int = 7, mails: int = 100) -> float:
    """Milliseconds a mail: the best of some rounds, because the machine is shared."""
    times = list[float]()
    for _ in range(rounds):
        begin = time.perf_counter()
        for _ in range(mails):
            way()
        times.append(time.perf_counter() - begin)
    return min(times) / mails * 1000


def main() -> None:
    """Print one line for each way."""
    for way in (by_email_message, by_compat32, by_hand):
        print(f"{way.__name__:18} {best(way):7.3f} ms a mail, {len(way()):6} bytes")


if __name__ == "__main__":
    main()
