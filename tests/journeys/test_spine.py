"""The spine over real Postfix and Dovecot: what a customer and two agents live through, each with nothing but a mail client."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.store import schema
from tests.journeys.people import Correspondent, File, files_of, gmail, html_of, text_of
from tests.journeys.town import Town, sections, settle
from tests.peers.dovecot import Dovecot
from tests.peers.gateway import STOP_SECONDS, Gateway, wait_for
from tests.peers.postfix import Postfix

pytestmark = pytest.mark.peers


@pytest.fixture
def town(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Town]:
    """A help desk that reads an IMAP mailbox."""
    gateway = Gateway(tmp_path, sections(dovecot, postfix) | {"database": {"url": f"sqlite:///{tmp_path}/gateway.db"}})
    try:
        yield settle(gateway, dovecot, postfix)
    finally:
        gateway.end()


def test_the_spine(town: Town) -> None:
    """New mail -> M01 and A01 -> answer -> M02 -> reply -> A02 -> `#note` inside -> wrong command -> A06 -> `#status attente` -> back."""
    jess, anna, bob = town.jess, town.anna, town.bob
    asked = jess.write(town.desk, "The printer is on fire", "Smoke comes out of it.\n")
    received = jess.next()
    assert asked["Message-ID"] == received["In-Reply-To"]
    assert "auto-replied" == received["Auto-Submitted"]
    assert "[SUP-1]" in received["Subject"]
    notice = anna.next()
    assert "Smoke comes out of it." in text_of(notice)
    assert "Smoke comes out of it." in text_of(bob.next())

    anna.reply(notice, "Please pull the plug.\nThen call me.")
    answer = jess.next()
    assert "| Please pull the plug.\n| Then call me.\n" in text_of(answer), text_of(answer)
    assert "Second floor" not in text_of(answer)
    assert "Second floor" not in html_of(answer)
    assert text_of(answer).count("Smoke comes out of it.") <= 1
    assert answer["Auto-Submitted"] is None
    assert town.desk in str(answer["From"])
    town.status_becomes("in_progress")

    jess.reply(answer, "I did. It still burns!")
    heard = anna.next()
    assert "I did. It still burns!" in text_of(heard)
    assert "I did. It still burns!" in text_of(bob.next())
    assert town.comments()[-1].text.startswith("I did. It still burns!")
    assert "Please pull the plug." not in town.comments()[-1].text

    bob.reply(heard_by(bob), "#note\nShe always says that.")
    note = anna.next()
    assert "She always says that." in text_of(note)
    anna.reply(note, "True, every week.")
    assert "True, every week." in text_of(bob.next())

    anna.reply(heard, "#status resoluu\n\nIt is fixed.")
    error = anna.next()
    assert "#status resoluu" in text_of(error)
    assert "It is fixed." in text_of(error)
    assert "in_progress" == town.ticket().status

    anna.reply(heard, "#status attente\n\nWhich model is it?")
    question = jess.next()
    assert "Which model is it?" in text_of(question)
    assert "#status" not in text_of(question)
    town.status_becomes("waiting_customer")

    jess.reply(question, "The grey one.", client=gmail)
    assert "The grey one." in text_of(anna.next())
    town.status_becomes("in_progress")
    assert ["comment", "comment", "comment", "comment", "comment", "held", "comment", "comment"] == [c.kind for c in town.comments()]
    assert 3 == len(jess.inbox()), "M01, M02, M04 and nothing else: not the note, not the held text"
    assert not town.gateway.rows(sa.select(schema.intake).where(schema.intake.c.state != "done"))
    assert 0 == town.gateway.stop()


def heard_by(person: Correspondent) -> Any:
    """The last mail that he has looked at."""
    return person.inbox()[person.seen - 1]


def test_accents_and_files_arrive_byte_for_byte(town: Town) -> None:
    """A French mail with two files reaches the agent with every accent and every byte, and its answer reaches the customer the same way."""
    noise = random.Random(7).randbytes(200_000)
    text = "Bonjour,\n\nL'été dernier, à Liège, l'œuvre « Noël » coûtait 12 €.\nÇa ne s'imprime plus.\n"
    files = (File("relevé d'août.pdf", "application/pdf", noise), File("liste.csv", "text/csv", "prénom;âge\r\nZoé;7\r\n".encode()))
    town.jess.write(town.desk, "Problème à l'hôtel de ville", text, *files)
    notice = town.anna.next()
    for line in text.strip().splitlines():
        assert line in text_of(notice)
    assert "Problème à l'hôtel de ville" in notice["Subject"]
    assert {file.name: file.content for file in files} == files_of(notice)
    town.jess.next()

    town.anna.reply(notice, "Voilà : réparé, n'hésitez pas à réécrire.", File("reçu.bin", "application/octet-stream", noise[:70_000]))
    answer = town.jess.next()
    assert "Voilà : réparé, n'hésitez pas à réécrire." in text_of(answer)
    assert {"reçu.bin": noise[:70_000]} == files_of(answer)


def test_a_mail_that_cannot_be_delivered_comes_home(town: Town, dovecot: Dovecot, postfix: Postfix) -> None:
    """Postfix's real report goes to the delivery's own address: the delivery is bounced, and the agents are told (A11)."""
    nobody = Correspondent("Robin Smet", dovecot.new_box("example.be"), dovecot, postfix)
    lost = f"nobody-{town.gateway.port}@example.be"
    mail = nobody._mail(town.desk, "No way back", {})
    mail.replace_header("From", f"Robin Smet <{lost}>")
    mail.set_content("Please answer.\n")
    nobody.submit(mail)
    town.anna.next()
    told = town.anna.next()
    assert lost in text_of(told)
    [row] = town.gateway.rows(sa.select(schema.deliveries).where(schema.deliveries.c.recipient == lost))
    assert ("bounced", "reported") == (row.state, row.cause)
    [address] = town.gateway.rows(sa.select(schema.addresses).where(schema.addresses.c.address == lost))
    assert address.undeliverable_at is not None
    assert 1 == len(town.gateway.rows(sa.select(schema.tickets)))


def test_mail_pushed_by_lmtp(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> None:
    """Postfix delivers to the gateway's LMTP door, and sends for it over TLS from the first byte: the story without IMAP."""
    config = sections(dovecot, postfix, by="implicit")
    config |= {
        "desk.SUP": {"address": "support@door.example.org", "name": "Support"},
        "lmtp": {"enabled": True, "listen": f"127.0.0.1:{postfix.door}"},
        "database": {"url": f"sqlite:///{tmp_path}/gateway.db"},
    }
    gateway = Gateway(tmp_path, {name: keys for name, keys in config.items() if not name.startswith("mailbox")})
    try:
        town = settle(gateway, dovecot, postfix)
        town.jess.write(town.desk, "By the front door", "Is anybody in?\n")
        assert "[SUP-1]" in town.jess.next()["Subject"]
        town.anna.reply(town.anna.next(), "Yes, come in.")
        answer = town.jess.next()
        assert "Yes, come in." in text_of(answer)
        town.jess.reply(answer, "Thank you, here I am with a question.")
        assert "here I am with a question." in text_of(town.anna.next())
        assert {"lmtp"} == {row.door for row in gateway.rows(sa.select(schema.intake))}
        assert 1 == len(gateway.rows(sa.select(schema.tickets)))
        assert 0 == gateway.stop()
    finally:
        gateway.end()


def test_a_stop_finishes_the_mail_in_hand_and_a_restart_goes_on(town: Town, dovecot: Dovecot) -> None:
    """SIGTERM in the middle of thirty mails: a clean exit within 20 s; after the restart each mail is one ticket and one notice."""
    mails = [
        f"From: box{900 + n}@example.be\r\nTo: {town.desk}\r\nSubject: Request {n}\r\nMessage-ID: <{n}@example.be>\r\n\r\nHelp\r\n".encode()
        for n in range(30)
    ]
    box = dovecot.box(town.desk)
    dovecot.deliver(box, *mails[:20])
    wait_for(lambda: bool(town.gateway.rows(sa.select(schema.intake.c.id).where(schema.intake.c.state == "done"))), "the first mail")
    before = time.monotonic()
    assert 0 == town.gateway.stop()
    took = time.monotonic() - before
    assert took < STOP_SECONDS
    claimed = sa.select(schema.intake.c.id).where(schema.intake.c.lease_owner.is_not(None))
    sending = sa.select(schema.deliveries.c.id).where(schema.deliveries.c.state == "sending")
    assert not town.gateway.rows(claimed), "a stop gives back what it has claimed"
    assert not town.gateway.rows(sending)

    dovecot.deliver(box, *mails[20:])
    town.gateway.start()
    open_mails = sa.select(schema.deliveries.c.id).where(schema.deliveries.c.state.in_(("queued", "sending", "deferred")))
    wait_for(
        lambda: 30 == len(town.gateway.rows(sa.select(schema.tickets.c.id))) and not town.gateway.rows(open_mails),
        "all mails",
        30,
    )
    wait_for(lambda: 30 <= len(town.anna.inbox()), "30 notices")
    notices = [str(mail["Subject"]) for mail in town.anna.inbox() if "Request" in str(mail["Subject"])]
    assert 30 == len(set(notices)) == len(notices)
    town.gateway.signal(signal.SIGINT)
    assert town.gateway.process is not None
    assert 0 == town.gateway.process.wait(STOP_SECONDS)
