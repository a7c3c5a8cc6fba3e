"""The mix of mails that the benchmark runs on: deterministic, written here, nothing fetched.

60 % new mails (text and HTML, 5-30 kB), 25 % replies with quoted history to an earlier mail of the same sender, 10 % with an attachment
(50-300 kB), 3 % absence notices, 2 % delivery reports. French and English, three charsets, three transfer encodings. Each sender opens
one request, so that no brake holds an acknowledgement back.
"""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

SUPPORT = "support@desk.example"
KINDS = (("new", 60), ("reply", 25), ("attachment", 10), ("absence", 3), ("bounce", 2))
WORDS = {
    "fr": (
        "bonjour je ne parviens plus à imprimer le formulaire depuis hier matin pouvez vous vérifier le compte de ma collègue "
        "la page reste blanche après la mise à jour du guichet électronique merci d'avance pour votre réponse très rapide été déjà"
    ).split(),
    "en": (
        "hello the printer on the second floor shows an error since this morning could you please check the account of my "
        "colleague the page stays blank after the update of the counter thank you for your quick answer and have a good day"
    ).split(),
}


@dataclass(frozen=True, slots=True)
class BenchMail:
    """One mail. `opens` says that it opens a ticket and is acknowledged to `sender`."""

    kind: str
    sender: str
    raw: bytes
    opens: bool


def generate(count: int, seed: int = 1, first: int = 0) -> Iterator[BenchMail]:
    """`count` mails, always the same ones for a seed; `first` numbers the senders."""
    chance = random.Random(seed)
    opened: list[tuple[str, str, str]] = []
    for number in range(first, first + count):
        kind = chance.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
        if kind == "reply" and not opened:
            kind = "new"
        yield _mail(chance, kind, number, opened, seed)


def _mail(chance: random.Random, kind: str, number: int, opened: list[tuple[str, str, str]], seed: int) -> BenchMail:
    language = chance.choice(("fr", "en"))
    sender, subject = f"user{number}.{seed}@commune{number % 211}.example", " ".join(chance.choices(WORDS[language], k=5))
    head = {
        "To": SUPPORT,
        "Date": format_datetime(datetime.now(UTC)),
        "Message-ID": f"<bench.{seed}.{number}@mail.example>",
        "MIME-Version": "1.0",
        "Received": f"from mail.example ([192.0.2.{number % 250}]) by mx.desk.example with ESMTPS; {format_datetime(datetime.now(UTC))}",
    }
    text = _prose(chance, language, chance.randint(1500, 7000))
    if kind == "reply":
        sender, subject, parent = chance.choice(opened[-500:])
        head |= {"In-Reply-To": parent, "References": parent}
        subject = f"Re: {subject}"
        quoted = "\n".join(f"> {line}" for line in _prose(chance, language, 1200).split("\n"))
        intro = "Le lun. 2 mars 2026 à 10:00, Support a écrit :" if language == "fr" else "On Mon, 2 Mar 2026 at 10:00, Support wrote:"
        text = f"{text[:800]}\n\n{intro}\n{quoted}"
    elif kind == "absence":
        head |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
        subject = f"Absence du bureau : {subject}"
    elif kind == "bounce":
        return BenchMail(kind, "", _bounce(number, head), opens=False)
    else:
        opened.append((sender, subject, head["Message-ID"]))
    parts = [_alternative(chance, text)]
    if kind == "attachment":
        parts.append(_file(chance, number))
    lines = [f"From: User {number} <{sender}>", f"Subject: =?utf-8?b?{base64.b64encode(subject.encode()).decode()}?="]
    lines += [f"{name}: {value}" for name, value in head.items()]
    body = parts[0] if len(parts) == 1 else _multipart("mixed", f"m{number}", parts)
    return BenchMail(kind, sender, "\r\n".join(lines).encode() + b"\r\n" + body, opens=kind in {"new", "attachment"})


def _prose(chance: random.Random, language: str, size: int) -> str:
    lines: list[str] = []
    total = 0
    while total < size:
        line = " ".join(chance.choices(WORDS[language], k=chance.randint(8, 13))).capitalize() + chance.choice((".", "?", " !"))
        lines.append(line if chance.random() > 0.15 else line + "\n")
        total += len(line)
    return "\n".join(lines)


def _encoded(chance: random.Random, text: str, kind: str) -> bytes:
    charset = chance.choices(("utf-8", "iso-8859-1", "windows-1252"), (70, 20, 10))[0]
    data = text.encode(charset, "replace").replace(b"\n", b"\r\n")
    encoding = chance.choices(("quoted-printable", "base64", "8bit"), (60, 25, 15))[0]
    if encoding == "quoted-printable":
        data = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    elif encoding == "base64":
        data = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return f'Content-Type: text/{kind}; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'.encode() + data


def _alternative(chance: random.Random, text: str) -> bytes:
    rows = "".join(f'<p class="x" style="margin:0">{line.replace("&", "&amp;").replace("<", "&lt;")}</p>\n' for line in text.split("\n"))
    html = f"<html><head><style>p.x{{margin:0}}</style></head><body>{rows}<img src='http://tracker.example/p.gif'></body></html>"
    return _multipart("alternative", f"a{chance.randrange(10**9)}", [_encoded(chance, text, "plain"), _encoded(chance, html, "html")])


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    line = f"--{boundary}".encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode() + body


def _file(chance: random.Random, number: int) -> bytes:
    content = base64.encodebytes(chance.randbytes(chance.randint(37_000, 220_000))).replace(b"\n", b"\r\n")
    name = f"capture-{number}.png"
    return (
        f'Content-Type: image/png; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    ).encode() + content


def _bounce(number: int, head: dict[str, str]) -> bytes:
    lines = ["Return-Path: <>", "From: MAILER-DAEMON@mail.example", "Subject: Undelivered Mail Returned to Sender"]
    lines += [f"{name}: {value}" for name, value in head.items()]
    recipient = f"Final-Recipient: rfc822; gone{number}@mail.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    status = f"Reporting-MTA: dns; mail.example\r\n\r\n{recipient}"
    parts = [b"Content-Type: text/plain\r\n\r\nUser unknown.\r\n", b"Content-Type: message/delivery-status\r\n\r\n" + status.encode()]
    body = _multipart("report; report-type=delivery-status", f"b{number}", parts)
    return "\r\n".join(lines).encode() + b"\r\n" + body
