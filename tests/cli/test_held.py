"""`gateway held`: answers to mails that ask for none are found, read, published and dropped, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from gateway.store import schema
from tests.cli.installation import JESS, Installation


def answer_guarded(desk: Installation, text: str, files: bytes | None = None) -> None:
    """Jess answers to the address that asks for no answer."""
    raw = desk.raw(JESS, text, "Re: [SUP-1] The printer is on fire").replace(b"To: support@", b"To: noreply@")
    if files is not None:
        head, _, body = raw.partition(b"\n\n")
        kind = b'Content-Type: multipart/mixed; boundary="b"'
        text_type = next(line for line in head.splitlines() if line.startswith(b"Content-Type:"))
        part = b'Content-Type: text/plain; name="log.txt"\nContent-Disposition: attachment; filename="log.txt"\n\n' + files
        raw = head.replace(text_type, kind) + b"\n\n--b\n" + text_type + b"\n\n" + body + b"\n--b\n" + part + b"\n--b--\n"
    desk.receive(raw)


@pytest.fixture
def desk(gateway: Installation) -> Installation:
    """SUP-1 of Jess was resolved, and he answered the mail that said so: comment 2."""
    gateway.hire("anna", "bob")
    gateway.receive(gateway.raw())
    gateway.good("ticket", "move", "SUP-1", "resolved", "--as", "anna")
    gateway.send()
    answer_guarded(gateway, "It still \x1b[5m burns.\n")
    return gateway


def kinds(desk: Installation, actor: str | None = None) -> list[str]:
    """What happened on SUP-1, or what this person did there."""
    events = desk.good("ticket", "show", "SUP-1", "--json").data["events"]
    return [event["kind"] for event in events if actor is None or event["actor"] == actor]


def let_pass(desk: Installation, days: int) -> None:
    """What was written is so much older now."""
    with desk.office() as office, office.store.write() as connection:
        connection.execute(sa.update(schema.comments).values(created_at=office.now() - timedelta(days=days)))


def test_a_list_says_whose_and_until_when(desk: Installation) -> None:
    """The oldest first, one line each, tamed for a terminal; one object each for a program."""
    answer_guarded(desk, "word " * 40)
    title, first, second = desk.good("held", "list").out.splitlines()
    assert title.split() == ["ID", "AGE", "AUTHOR", "MAY", "UNTIL", "TICKET", "AUTHOR", "WORDS"]
    assert first.startswith("h-2  0 s  20")
    assert first.endswith("SUP-1   jess@commune.example  It still [5m burns.")
    assert second.endswith(" word word word…")
    rows = desk.good("held", "list", "--json").data
    assert [(row["id"], row["ticket"], row["address"], row["state"]) for row in rows] == [
        ("h-2", "SUP-1", "jess@commune.example", "waiting"),
        ("h-3", "SUP-1", "jess@commune.example", "waiting"),
    ]
    assert rows[0]["until"][:10] > rows[0]["held_at"][:10]
    assert [row["id"] for row in desk.good("held", "list", "--json", "--limit", "1").data] == ["h-2"]
    assert "the first 1" in desk.good("held", "list", "--limit", "1").err


def test_no_held_reply_is_said(gateway: Installation) -> None:
    """On stderr; for a program an empty list. An agent's draft is none of these."""
    gateway.hire("anna")
    gateway.receive(gateway.raw())
    gateway.receive(gateway.raw("Anna <anna@desk.example>", "Typed.\n", "Re: [SUP-1] The printer is on fire"))
    assert "HELD (token-missing)" in gateway.good("ticket", "show", "SUP-1").out
    assert gateway.good("held", "list").err == "no reply is held\n"
    assert gateway.good("held", "list", "--json").data == []
    assert gateway("held", "show", "h-2").code == 4


def test_one_is_shown_with_all_its_words_and_files(desk: Installation) -> None:
    """What it answers, how long its author may publish it, and what an operator types to do it."""
    answer_guarded(desk, "See the log.\n", files=b"lp0 on fire\n")
    out = desk.good("held", "show", "h-3").out
    assert out.startswith("h-3  The printer is on fire\n state      waiting: its author can publish it until 20")
    for expected in (
        "you with `gateway held publish h-3`\n",
        " ticket     SUP-1 (resolved)\n",
        " author     Jess Martin <jess@commune.example>\n",
        " as i-3\n",
        " files      log.txt (",
        "\n\nSee the log.\n",
    ):
        assert expected in out, out
    assert "\x1b" not in desk.good("held", "show", "2").out
    data = desk.good("held", "show", "h-3", "--json").data
    assert (data["text"], [file["name"] for file in data["files"]], data["mail"]) == ("See the log.", ["log.txt"], "i-3")


def test_publishing_makes_it_a_comment_of_its_author(desk: Installation) -> None:
    """Public, with its files, the ticket as it was; a second time is refused with what became of it (ruling 8)."""
    answer_guarded(desk, "See the log.\n", files=b"lp0 on fire\n")
    answer = desk.good("held", "publish", "h-3")
    assert answer.out == "SUP-1: h-3 is comment 4 now, status stays resolved\n"
    assert answer.err == "`gateway ticket move SUP-1 reopened` takes it up again\n"
    page = desk.good("ticket", "show", "SUP-1", "--json").data
    comment = page["comments"][3]
    assert (comment["author"], comment["visibility"], comment["text"]) == ("Jess Martin", "public", "See the log.")
    assert [file["name"] for file in comment["files"]] == ["log.txt"]
    assert [row["id"] for row in desk.good("held", "list", "--json").data] == ["h-2"]
    for words in (("publish", "h-3"), ("publish", "h-3", "--reopen"), ("drop", "h-3", "--yes")):
        again = desk("held", *words)
        assert again.code == 1
        assert again.err.startswith("h-3 does not wait any more: published as comment 4 on 20")
    assert len(desk.good("ticket", "show", "SUP-1", "--json").data["comments"]) == 4
    assert " state      published as comment 4 on 20" in desk.good("held", "show", "h-3").out


def test_publishing_can_reopen(desk: Installation) -> None:
    """With --reopen a resolved ticket is worked on again (T14), and nothing more needs to be said."""
    answer = desk.good("held", "publish", "h-2", "--reopen")
    assert (answer.out, answer.err) == ("SUP-1: h-2 is comment 3 now, status resolved → reopened\n", "")
    assert desk.good("ticket", "show", "SUP-1", "--json").data["status"] == "reopened"


def test_publishing_means_what_the_reply_would_have_meant(desk: Installation) -> None:
    """A ticket that waits for its customer goes on (T06)."""
    desk.good("ticket", "move", "SUP-1", "reopened", "--as", "anna")
    desk.good("ticket", "move", "SUP-1", "waiting", "--comment", "Does it?", "--as", "anna")
    assert desk.good("held", "publish", "h-2").out == "SUP-1: h-2 is comment 4 now, status waiting_customer → in_progress\n"


def test_who_let_it_through_is_written_down(desk: Installation) -> None:
    """With --as the agent stands beside the author; one who is not there is refused and nothing is published."""
    assert desk("held", "publish", "h-2", "--as", "ana@desk.example").code == 4
    assert "HeldPublished" not in kinds(desk)
    assert desk.good("held", "publish", "h-2", "--as", "bob").out.endswith(" (as bob@desk.example)\n")
    assert kinds(desk, "bob@desk.example") == ["HeldPublished"]


def test_its_age_does_not_count_for_an_operator(desk: Installation) -> None:
    """After thirty days its author cannot publish it any more, which is said; an operator can."""
    let_pass(desk, 31)
    assert desk.good("held", "list").out.splitlines()[1].split()[:5] == ["h-2", "31", "d", "no", "more"]
    assert "waiting: its author could publish it until 20" in desk.good("held", "show", "h-2").out
    assert "its author could publish it until" in desk.good("ticket", "show", "SUP-1").out
    desk.good("held", "publish", "h-2")


def test_a_dropped_reply_stays_readable(desk: Installation) -> None:
    """With --yes only; it is published by nobody then, and agents still read it (ruling 8)."""
    assert desk("held", "drop", "h-2").code == 2
    assert "HeldDropped" not in kinds(desk)
    assert desk.good("held", "drop", "h-2", "--yes").out == "h-2 is dropped; `gateway ticket show SUP-1` still shows its words\n"
    assert desk.good("held", "list", "--json").data == []
    shown = desk.good("ticket", "show", "SUP-1").out
    assert "HELD (guarded), dropped on 20" in shown
    assert "     It still [5m burns.\n" in shown
    assert "held comment 2 was dropped" in shown
    assert "`gateway held publish" not in shown
    for words in (("drop", "h-2", "--yes"), ("publish", "h-2")):
        again = desk("held", *words)
        assert again.code == 1
        assert again.err.startswith("h-2 does not wait any more: dropped on 20")
    assert desk.good("held", "show", "h-2", "--json").data["state"] == "dropped"


@pytest.mark.parametrize(("name", "code"), [("h-9", 4), ("h-1", 4), ("1", 4), ("i-2", 2), ("h-x", 2)])
def test_only_held_replies(desk: Installation, name: str, code: int) -> None:
    """Exit 4 for what is not there or an ordinary comment, 2 for no number."""
    for words in (("show", name), ("publish", name), ("drop", name, "--yes")):
        assert desk("held", *words).code == code, words


def test_a_merged_ticket_is_not_reopened_by_a_held_reply(desk: Installation) -> None:
    """Its words can be published where they stand; with --reopen it is refused, and they still wait."""
    desk.receive(desk.raw(subject="The same"))
    desk.good("ticket", "merge", "SUP-1", "SUP-2", "--as", "anna")
    answer = desk("held", "publish", "h-2", "--reopen")
    assert answer.code == 1
    assert "SUP-1 goes on in another ticket" in answer.err
    assert "status stays closed" in desk.good("held", "publish", "h-2").out


def test_a_ticket_shows_how_its_held_replies_stand(desk: Installation) -> None:
    """Until when its author may publish, how an operator does it, and what became of one that was published."""
    assert "you with `gateway held publish h-2`\n" in desk.good("ticket", "show", "SUP-1").out
    [_, held] = desk.good("ticket", "show", "SUP-1", "--json").data["comments"]
    assert (held["held"]["id"], held["held"]["state"]) == ("h-2", "waiting")
    desk.good("held", "publish", "h-2")
    assert "HELD (guarded), published as comment 3 on 20" in desk.good("ticket", "show", "SUP-1").out


def test_its_mail_explains_where_it_is(desk: Installation) -> None:
    """`gateway explain` names the held reply and how to read it."""
    out = desk.good("explain", "i-2").out
    assert " became     held: an answer to a mail that asks for none, on ticket SUP-1; `gateway held show h-2`\n" in out
    assert "held, not published: guarded" in out


def test_a_desk_that_was_taken_out_of_the_config(desk: Installation) -> None:
    """Its held replies are listed; acting on them says what is missing."""
    desk.config.write_text(desk.config.read_text().replace("[desk.SUP]", "[desk.OPS]"))
    assert [row["id"] for row in desk.good("held", "list", "--json").data] == ["h-2"]
    for words in (("publish", "h-2"), ("drop", "h-2", "--yes")):
        answer = desk("held", *words)
        assert answer.code == 1
        assert "[desk.SUP]" in answer.err
