"""`gateway parked`: mails that wait for a person."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gateway.store import schema
from tests.cli.installation import Installation


@pytest.fixture
def desk(gateway: Installation) -> Installation:
    """A desk for known senders, and i-1 from a stranger."""
    gateway.config.write_text(gateway.config.read_text().replace('language = "en"', 'language = "en"\nsender_policy = "known-senders"'))
    gateway.hire("anna")
    gateway.receive(gateway.raw(text="Smoke \x1b[5m here.\n", subject="Facture"))
    return gateway


def test_a_list_says_who_and_why(desk: Installation) -> None:
    """One line a mail; one list of objects."""
    title, line = desk.good("parked", "list").out.splitlines()
    assert title.split() == ["ID", "SINCE", "DESK", "FROM", "SUBJECT", "WHY", "TICKET"]
    assert line.split() == ["i-1", "0", "s", "SUP", "jess@commune.example", "Facture", "sender-unknown", "—"]
    [row] = desk.good("parked", "list", "--json").data
    assert (row["id"], row["reason"], row["sender"], row["state"]) == ("i-1", "sender-unknown", "jess@commune.example", "parked")


def test_no_parked_mail_is_said(gateway: Installation) -> None:
    """On stderr."""
    assert gateway.good("parked", "list").err == "no mail is parked\n"


def test_a_mail_is_shown_with_its_words(desk: Installation) -> None:
    """Tamed for a terminal; --raw is the mail as it came, byte by byte."""
    out = desk.good("parked", "show", "i-1").out
    assert out.startswith("i-1  Facture\n state      parked: sender-unknown\n")
    assert "\nSmoke [5m here.\n" in out
    assert "\x1b" not in out
    assert "Smoke" in desk.good("parked", "show", "1", "--json").data["text"]
    raw = desk.good("parked", "show", "i-1", "--raw").out
    assert "Smoke \x1b[5m here.\n" in raw
    assert "Subject: Facture\n" in raw


def test_a_retry_works_on_it_again(desk: Installation) -> None:
    """When the sender is known now, it becomes a ticket."""
    desk.good("person", "add", "jess@commune.example", "--name", "Jess Martin")
    assert "i-1 is worked on again" in desk.good("parked", "retry", "i-1").out
    desk.work()
    assert [ticket["summary"] for ticket in desk.good("ticket", "list", "--json").data] == ["Facture"]
    assert desk.good("parked", "list", "--json").data == []


def test_a_dropped_mail_becomes_nothing(desk: Installation) -> None:
    """With --yes; it can still be read."""
    assert desk("parked", "drop", "i-1").code == 2
    assert desk.good("parked", "drop", "i-1", "--yes").out == "i-1 is dropped\n"
    desk.work()
    assert desk.good("ticket", "list", "--json").data == []
    assert "Smoke" in desk.good("parked", "show", "i-1").out


@pytest.mark.parametrize("words", [("retry",), ("drop", "--yes")])
def test_only_parked_mails(desk: Installation, words: tuple[str, ...]) -> None:
    """Exit 1 for one that is done, 4 for one that is not there, 2 for no number."""
    desk.good("parked", "drop", "i-1", "--yes")
    answer = desk("parked", words[0], "i-1", *words[1:])
    assert answer.code == 1
    assert "i-1 is not parked: it is done, dropped" in answer.err
    assert desk("parked", words[0], "i-9", *words[1:]).code == 4
    assert desk("parked", words[0], "o-1", *words[1:]).code == 2


def test_a_mail_without_its_bytes_cannot_be_retried(desk: Installation) -> None:
    """It would fail for ever: the raw mail is gone, and that is said; it can be shown and dropped."""
    with desk.office() as office, office.store.write() as connection:
        connection.execute(sa.update(schema.intake).values(sha256=None))
    for words in (("retry", "i-1"), ("show", "i-1", "--raw")):
        answer = desk("parked", *words)
        assert answer.code == 1
        assert "retention" in answer.err
    assert "Facture" in desk.good("parked", "show", "i-1").out
    desk.good("parked", "drop", "i-1", "--yes")


def test_a_lost_blob_is_an_operators_matter(desk: Installation) -> None:
    """A row without its bytes: the words say what happened, exit 1."""
    with desk.office() as office, office.store.write() as connection:
        connection.execute(sa.update(schema.blobs).values(content=None))
    answer = desk("parked", "show", "i-1")
    assert answer.code == 1
    assert "is missing" in answer.err
