"""The customer is told, comes back, decides and rates: the whole of it over real mail servers and the running gateway's page."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.runtime.demo.browser import Browser, Page, link_in, links_in
from gateway.store import schema
from tests.journeys.people import text_of
from tests.journeys.town import Town, sections, settle
from tests.peers.dovecot import Dovecot
from tests.peers.gateway import Gateway, wait_for
from tests.peers.postfix import Postfix

pytestmark = pytest.mark.peers


@pytest.fixture
def town(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Town]:
    """A help desk with a page."""
    gateway = Gateway(tmp_path, sections(dovecot, postfix) | {"database": {"url": f"sqlite:///{tmp_path}/gateway.db"}})
    try:
        yield settle(gateway, dovecot, postfix)
    finally:
        gateway.end()


def opened(mail: EmailMessage, part: str) -> tuple[Browser, Page]:
    """A fresh browser at the mail's link with `part` in it."""
    browser = Browser()
    page = browser.open(link_in(mail, part))
    assert page.status == 200, (part, page.status, links_in(mail))
    return browser, page


def ratings(town: Town) -> list[tuple[int, str]]:
    """All answers to surveys, oldest first."""
    answers = schema.survey_answers
    return [(row.rating, row.comment) for row in town.gateway.rows(sa.select(answers).order_by(answers.c.id))]


def test_asked_for_approval_until_rated_and_reopened(town: Town) -> None:
    """The whole way, and at every step each side has the mails that it should have, and no other.

    M05, refused on the page, in progress; approval again, accepted, to deliver; resolved, rated 4, changed to 5; closed, a guarded reply,
    M11, published and reopened.
    """
    jess, anna = town.jess, town.anna
    jess.write(town.desk, "The printer is on fire", "Smoke comes out of it.\n")
    jess.next()
    notice = anna.next()
    anna.reply(notice, "I am on my way.")
    assert "I am on my way." in text_of(jess.next())

    anna.reply(notice, "#status approbation\n\nA new one stands there. Does it print?")
    asked = jess.next()
    assert "A new one stands there. Does it print?" in text_of(asked)
    town.status_becomes("waiting_approval")
    for link in links_in(asked):
        Browser().open(link)
    assert "waiting_approval" == town.ticket().status, "opened links decide nothing"
    browser, page = opened(asked, "/refuse")
    again = browser.send(page, texte="")
    assert again.status in {200, 422}, again.status
    assert "waiting_approval" == town.ticket().status, "a refusal needs its reason (T09)"
    after = browser.send(again, texte="Only in yellow.")
    assert "Only in yellow." in after.words
    assert "in_progress" == town.ticket().status
    refused = anna.next()
    assert "Only in yellow." in text_of(refused)

    anna.reply(refused, "#status approbation\n\nInk is in. And now?")
    asked = jess.next()
    browser, page = opened(asked, "/accept")
    assert browser.send(page, texte="Perfect.").status == 200
    assert "to_deliver" == town.ticket().status
    accepted = anna.next()
    assert "Perfect." in text_of(accepted)

    anna.reply(accepted, "#resolu")
    resolved = jess.next()
    town.status_becomes("resolved")
    steps = [link for link in links_in(resolved) if "/avis/" in link]
    assert ["1", "2", "3", "4", "5"] == [link.rpartition("/")[2] for link in steps]
    browser = Browser()
    for link in steps:
        browser.open(link)
    assert [] == ratings(town)
    browser.send(browser.open(steps[3]), texte="Well done")
    browser.send(browser.open(steps[4]), texte="Well done indeed")
    assert [(4, "Well done"), (5, "Well done indeed")] == ratings(town)
    [survey] = town.gateway.rows(sa.select(schema.surveys))
    assert (5, "Well done indeed") == (survey.rating, survey.comment)

    anna.reply(accepted, "#ferme")
    closed = jess.next()
    town.status_becomes("closed")
    jess.reply(closed, "It burns again!")
    back = jess.next()
    assert "It burns again!" in text_of(back)
    assert back["Auto-Submitted"] == "auto-replied"
    assert "closed" == town.ticket().status, "a reply to a guarded mail moves nothing"
    browser, page = opened(back, "/g/")
    assert "It burns again!" in page.words
    after = browser.send(page, button=("do", "publish_and_reopen"))
    assert "It burns again!" in after.words
    town.status_becomes("reopened")
    assert "It burns again!" in text_of(anna.next())

    wait_for(
        lambda: not town.gateway.rows(sa.select(schema.deliveries.c.id).where(schema.deliveries.c.state == "queued")), "an empty outbox"
    )
    assert 7 == len(jess.inbox()), "M01, M02, M05, M05, M06, M07, M11"
    assert 0 == town.gateway.stop()


def test_a_scanner_and_a_stranger_get_nowhere(town: Town) -> None:
    """Links opened a hundred times change no row that counts; the address without its key, or with another one, shows the same nothing."""
    town.jess.write(town.desk, "Secret plans", "The code is 4711.\n")
    received = town.jess.next()
    notice = town.anna.next()
    town.anna.reply(notice, "#status attente\n\nWhich code?")
    asked = town.jess.next()
    before = town.comments(), town.ticket()
    for link in [*links_in(received), *links_in(asked)]:
        for _ in range(10):
            Browser().open(link)
    assert before == (town.comments(), town.ticket())
    _, page = opened(asked, "/t/SUP-1")
    assert "4711" in page.words
    stranger = Browser()
    base = page.url.partition("/t/")[0]
    closed = [stranger.open(f"{base}/t/{key}") for key in ("SUP-1", "SUP-2", "NO-1", "sup-1")]
    forged = stranger.open(link_in(asked, "/t/SUP-1")[:-2] + "AA")
    assert {404} == {one.status for one in [*closed, forged]}
    assert all("4711" not in one.words and "Secret" not in one.words for one in [*closed, forged])


def test_a_muted_customer_hears_what_asks_and_what_ends(town: Town) -> None:
    """He turns notifications off on the page; then a comment is not mailed, a question and the resolution are (invariant 3)."""
    town.jess.write(town.desk, "Too many mails", "Please write less.\n")
    town.jess.next()
    notice = town.anna.next()
    town.anna.reply(notice, "We will.")
    browser, page = opened(town.jess.next(), "/t/SUP-1")
    browser.send(page, button=("do", "mute"))
    [one] = town.gateway.rows(sa.select(schema.participants))
    assert one.muted
    town.anna.reply(notice, "Really.")
    wait_for(lambda: 3 == len(town.comments()), "the comment")
    town.anna.reply(notice, "#attente\n\nIs it better now?")
    asked = town.jess.next()
    assert "Is it better now?" in text_of(asked)
    town.anna.reply(notice, "#resolu")
    ended = town.jess.next()
    assert "/avis/" in text_of(ended)
    assert 4 == len(town.jess.inbox()), "M01, M02, M04, M06"
