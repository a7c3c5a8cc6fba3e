"""`gateway ticket`: what is listed and shown, and that acts are those of an agent's mail: all or nothing, participants told."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import pytest
import sqlalchemy as sa

from gateway.cli import facts
from gateway.cli import ticket as commands
from gateway.desk import survey
from gateway.desk.office import Story
from gateway.domain import events as happened
from gateway.domain.delivery import Bounced, Sent
from gateway.domain.events import Event, Muted, ParticipantRemoved, Reminded
from gateway.domain.ticket import RESOLUTIONS
from gateway.mail.signed.address import Purpose
from gateway.store import events, schema, surveys, tickets
from tests.cli.installation import Installation

EVE = "Eve <eve@other.example>"


@pytest.fixture
def desk(gateway: Installation) -> Installation:
    """Anna and Bob, and a request from Jess."""
    gateway.hire("anna", "bob")
    gateway.receive(gateway.raw())
    gateway.send()
    return gateway


def count(desk: Installation, table: sa.Table) -> int:
    """How many rows a table has."""
    with desk.office() as office, office.store.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_list_shows_what_is_open(desk: Installation) -> None:
    """A settled ticket is left out, unless --all or its status asks for it."""
    desk.receive(desk.raw(subject="Old story"))
    desk.good("ticket", "move", "SUP-2", "resolved", "--as", "anna", "--comment", "Done.")
    assert [ticket["key"] for ticket in desk.good("ticket", "list", "--json").data] == ["SUP-1"]
    assert [ticket["key"] for ticket in desk.good("ticket", "list", "--all", "--json").data] == ["SUP-2", "SUP-1"]
    assert [ticket["key"] for ticket in desk.good("ticket", "list", "--status", "Résolu", "--json").data] == ["SUP-2"]
    lines = desk.good("ticket", "list").out.splitlines()
    assert lines[0].split() == ["KEY", "STATUS", "TOUCHED", "ASSIGNEE", "REQUESTER", "SUMMARY"]
    assert lines[1].startswith("SUP-1  open")
    assert lines[1].endswith("jess@commune.example  The printer is on fire")


def test_a_list_is_filtered(desk: Installation) -> None:
    """By desk, assignee and requester; the limit is told."""
    desk.receive(desk.raw(EVE, subject="Other"))
    desk.good("ticket", "assign", "SUP-2", "bob", "--as", "anna")

    def keys(*words: str) -> list[str]:
        return [ticket["key"] for ticket in desk.good("ticket", "list", "--json", *words).data]

    assert keys("--assignee", "bob") == ["SUP-2"]
    assert keys("--requester", "Jess@commune.example") == ["SUP-1"]
    assert keys("--desk", "sup") == ["SUP-2", "SUP-1"]
    assert keys("--limit", "1") == ["SUP-2"]
    assert "the first 1; --limit shows more" in desk.good("ticket", "list", "--limit", "1").err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--status", "opn"), 2, "did you mean open"),
        (("--desk", "XX"), 2, "the config has SUP"),
        (("--assignee", "ana@desk.example"), 4, "did you mean anna@desk.example"),
        (("--requester", "jes@commune.example"), 4, "did you mean jess@commune.example"),
    ],
)
def test_a_wrong_filter_says_what_was_meant(desk: Installation, words: tuple[str, ...], code: int, said: str) -> None:
    """The nearest names, and no list."""
    answer = desk("ticket", "list", *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_an_empty_list_is_an_empty_list(gateway: Installation) -> None:
    """For a program `[]`, for a person a message; both exit 0."""
    assert gateway.good("ticket", "list", "--json").data == []
    answer = gateway.good("ticket", "list")
    assert (answer.out, answer.err) == ("", "no open tickets; --all shows the others\n")


def test_a_page_tells_all(desk: Installation) -> None:
    """Words, notes, moves, mails with the answers of the other side; the marks of what customers do not see."""
    desk.good("ticket", "comment", "sup-1", "Take the stairs.", "--as", "anna")
    desk.good("ticket", "note", "SUP-1", "He always says that.", "--as", "anna")
    desk.wire.answer = lambda to: Bounced("rcpt", 550, "5.1.1 no such user") if to == "jess@commune.example" else Sent("250 2.0.0 ok")
    desk.send()
    shown = desk.good("ticket", "show", "SUP-1").out
    for expected in (
        "SUP-1  The printer is on fire",
        " status     in_progress (the team must act since 0 s)",
        " requester  Jess Martin <jess@commune.example>",
        "  Jess Martin  comment 1, i-1, sender unknown\n     Smoke.\n",
        "  anna@desk.example  status open → in_progress (T04)",
        "  Anna Agent  comment 2, cli\n     Take the stairs.\n     → o-4 comment to jess@commune.example: bounced 2",
        ": 550 5.1.1 no such user\n",
        "  Anna Agent  comment 3, cli  NOTE\n     He always says that.\n     → o-5 agent_note to bob@desk.example: sent 2",
        "no agent_note mail to anna@desk.example: own-action",
        "o-4 to jess@commune.example did not arrive: 550 5.1.1 no such user",
    ):
        assert expected in shown, shown


def test_a_page_is_data_too(desk: Installation) -> None:
    """One object with the conversation, the events and the deliveries."""
    page = desk.good("ticket", "show", "SUP-1", "--json").data
    assert (page["key"], page["status"], page["requester"], page["assignee"]) == ("SUP-1", "open", "jess@commune.example", None)
    [comment] = page["comments"]
    assert (comment["text"], comment["address"], comment["mail"], comment["kind"]) == ("Smoke.", "jess@commune.example", "i-1", "comment")
    assert [event["kind"] for event in page["events"]] == ["TicketOpened", "CommentAdded"]
    assert [mail["id"] for mail in page["deliveries"]] == ["o-1", "o-2", "o-3"]
    assert page["participants"] == [{"name": "Jess Martin", "address": "jess@commune.example", "part": "requester", "muted": False}]


def test_held_and_filed_mails_are_marked(desk: Installation) -> None:
    """What was typed and not published, and what a machine sent, are on the page with their marks; so are files and links."""
    first = desk.raw().replace(b"Subject: The", b"In-Reply-To: <mail-1@commune.example>\nAuto-Submitted: auto-replied\nSubject: Re: The")
    desk.receive(first.replace(b"Smoke.", b"I am away."))
    agent = desk.raw("Anna <anna@desk.example>", "I typed this.\n", "Re: [SUP-1] The printer is on fire")
    desk.receive(agent)
    shown = desk.good("ticket", "show", "SUP-1").out
    assert "FILED\n     I am away." in shown
    assert "HELD (" in shown
    assert "     I typed this." in shown


def test_nothing_that_a_terminal_obeys_comes_out(desk: Installation) -> None:
    """A subject, a name and a text from outside cannot speak to the terminal (CASES A3.18)."""
    with desk.office() as office, office.store.write() as connection:
        connection.execute(sa.update(schema.tickets).values(summary="a\x1b]0;x\x07\nSUP-9  forged\u202e"))
        connection.execute(sa.update(schema.comments).values(text="b\x1b[2J\x9b\n forged", author_name="J\x1b[31m"))
        connection.execute(sa.update(schema.deliveries).values(answer="250 \x1b[5m"))
    for words in (("show", "SUP-1"), ("list",), ("show", "SUP-1", "--json"), ("list", "--json")):
        out = desk.good("ticket", *words).out
        assert not set(out) & set("\x1b\x07\x9b\u202e"), words
        assert "\nSUP-9" not in out


@pytest.mark.parametrize(("key", "code"), [("SUP-99", 4), ("XX-1", 4), ("nonsense", 2)])
def test_a_wrong_key(desk: Installation, key: str, code: int) -> None:
    """Exit 4 for a ticket that is not there, 2 for what is no key."""
    for words in (("show", key), ("comment", key, "x", "--as", "anna"), ("move", key, "resolved", "--as", "anna")):
        answer = desk("ticket", *words)
        assert answer.code == code
        assert key in answer.err


def test_a_comment_is_an_agents_answer(desk: Installation) -> None:
    """It takes the ticket into progress and its participants are told, in one mail."""
    answer = desk.good("ticket", "comment", "SUP-1", "-", "--as", "anna@desk.example", stdin="Take\r\nthe stairs.\n")
    assert answer.out == "SUP-1: comment 2, status open → in_progress, 1 person is told by mail (as anna@desk.example)\n"
    page = desk.good("ticket", "show", "SUP-1", "--json").data
    assert page["comments"][1]["text"] == "Take\nthe stairs."
    assert page["comments"][1] | {"source": "cli", "visibility": "public", "author": "Anna Agent"} == page["comments"][1]
    assert [mail["mail"] for mail in page["deliveries"] if mail["recipient"] == "jess@commune.example"] == ["request_received", "comment"]


def test_a_note_is_for_agents(desk: Installation) -> None:
    """No status changes, and no customer is told."""
    assert desk.good("ticket", "note", "SUP-1", "He always says that.", "--as", "bob").out == "SUP-1: note 2 (as bob@desk.example)\n"
    page = desk.good("ticket", "show", "SUP-1", "--json").data
    assert page["status"] == "open"
    assert page["comments"][1]["visibility"] == "internal"
    assert {mail["recipient"] for mail in page["deliveries"] if mail["mail"] == "agent_note"} == {"anna@desk.example"}


@pytest.mark.parametrize("text", ["", "  \n", "\x1b\x00"])
def test_no_text_is_a_usage_error(desk: Installation, text: str) -> None:
    """Nothing is written."""
    before = count(desk, schema.comments)
    assert desk("ticket", "comment", "SUP-1", "--as", "anna", stdin=text).code == 2
    assert count(desk, schema.comments) == before


def test_a_move_with_its_words_is_one_mail(desk: Installation) -> None:
    """By any name of the status; the customer gets one mail for both."""
    answer = desk.good("ticket", "move", "SUP-1", "attente", "--comment", "Which floor?", "--as", "anna")
    assert answer.out == "SUP-1: comment 2, status open → waiting_customer, 1 person is told by mail (as anna@desk.example)\n"
    page = desk.good("ticket", "show", "SUP-1", "--json").data
    assert [mail["mail"] for mail in page["deliveries"] if mail["recipient"] == "jess@commune.example"][1:] == ["answer_needed"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("closed", "SUP-1 is open (Open) and cannot be moved to closed (Closed) from there"),
        ("waiting", "a move to waiting_customer (Waiting for you) needs words: --comment TEXT"),
        ("open", "SUP-1 is open (Open) already"),
    ],
)
def test_a_refusal_lists_the_moves(desk: Installation, status: str, said: str) -> None:
    """Exit 1, the reason, and where it may go, with labels in the agent's language; nothing has changed."""
    before = count(desk, schema.events)
    answer = desk("ticket", "move", "SUP-1", status, "--as", "anna")
    assert answer.code == 1
    assert answer.err.startswith(said)
    assert "possible moves:\n" in answer.err
    assert "  waiting_customer (Waiting for you), with --comment\n" in answer.err
    assert count(desk, schema.events) == before


def test_an_unknown_status_names_the_nearest(desk: Installation) -> None:
    """Exit 2; with nothing near, all of them."""
    assert "did you mean resolved" in desk("ticket", "move", "SUP-1", "resolvd", "--as", "anna").err
    answer = desk("ticket", "move", "SUP-1", "qqqqqq", "--as", "anna")
    assert answer.code == 2
    assert "waiting_approval" in answer.err


def test_a_refused_move_keeps_its_comment_back(desk: Installation) -> None:
    """All of it or nothing."""
    assert desk("ticket", "move", "SUP-1", "closed", "--comment", "Bye.", "--as", "anna").code == 1
    assert count(desk, schema.comments) == 1


def test_a_ticket_is_given_and_set_free(desk: Installation) -> None:
    """The colleague is told; nobody twice."""
    assert desk.good("ticket", "assign", "SUP-1", "Bob Agent", "--as", "anna").out.startswith("SUP-1: assigned to bob@desk.example")
    assert "assigned already to" in desk.good("ticket", "assign", "SUP-1", "bob", "--as", "anna").out
    assert desk.good("ticket", "list", "--json").data[0]["assignee"] == "bob@desk.example"
    assert "agent_assigned" in {mail["mail"] for mail in desk.good("ticket", "show", "SUP-1", "--json").data["deliveries"]}
    desk.good("ticket", "assign", "SUP-1", "--nobody", "--as", "anna")
    assert desk.good("ticket", "list", "--json").data[0]["assignee"] is None
    for words in ((), ("bob", "--nobody")):
        assert desk("ticket", "assign", "SUP-1", *words, "--as", "anna").code == 2


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("ana@desk.example", 4, "did you mean anna@desk.example"),
        ("jess@commune.example", 4, "gateway person change --agent"),
        ("", 2, "say who acts with --as or $GATEWAY_AGENT: anna@desk.example, bob@desk.example"),
    ],
)
def test_who_acts_must_be_an_agent(desk: Installation, name: str, code: int, said: str) -> None:
    """Nearest agents, a way to make one, or all of them."""
    answer = desk("ticket", "note", "SUP-1", "x", *(("--as", name) if name else ()))
    assert answer.code == code
    assert said in answer.err


def test_a_beginning_must_mean_one(desk: Installation) -> None:
    """Two who begin alike are both named."""
    desk.hire("anneke")
    answer = desk("ticket", "note", "SUP-1", "x", "--as", "ann")
    assert answer.code == 4
    assert "may be anna@desk.example, anneke@desk.example" in answer.err


def test_the_only_agent_acts(gateway: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --as: $GATEWAY_AGENT, or the one that there is; a disabled one does not count; without any, how to make one."""
    gateway.receive(gateway.raw())
    assert "gateway person add ADDRESS --agent" in gateway("ticket", "note", "SUP-1", "x").err
    gateway.hire("anna")
    assert "(as anna@desk.example)" in gateway.good("ticket", "note", "SUP-1", "x").out
    gateway.hire("bob")
    monkeypatch.setenv("GATEWAY_AGENT", "bob@desk.example")
    assert "(as bob@desk.example)" in gateway.good("ticket", "note", "SUP-1", "x").out
    gateway.good("person", "change", "bob@desk.example", "--disable")
    assert "bob@desk.example is a disabled agent" in gateway("ticket", "note", "SUP-1", "x").err


def test_a_desk_that_was_taken_out_of_the_config(desk: Installation) -> None:
    """Its tickets are shown; acting on them says what is missing."""
    desk.config.write_text(desk.config.read_text().replace("[desk.SUP]", "[desk.OPS]"))
    assert "SUP-1" in desk.good("ticket", "show", "SUP-1").out
    answer = desk("ticket", "comment", "SUP-1", "x", "--as", "anna")
    assert answer.code == 1
    assert "[desk.SUP]" in answer.err


def test_many_participants_are_counted(desk: Installation) -> None:
    """The line says how many hear of it."""
    with desk.office() as office, office.store.write() as connection:
        connection.execute(
            sa.insert(schema.participants), {"ticket_id": 1, "person_id": 1, "part": "participant", "muted": True, "added_at": office.now()}
        )
    assert "Anna Agent <anna@desk.example> (muted)" in desk.good("ticket", "show", "SUP-1").out
    assert "1 person is told" in desk.good("ticket", "comment", "SUP-1", "x", "--as", "anna").out


def test_a_request_ends_in_a_way(desk: Installation) -> None:
    """--resolution is kept and shown with the move that settles (T12); without it `done`; a reopened ticket has none."""
    answer = desk.good("ticket", "move", "SUP-1", "resolved", "--resolution", "wont_fix", "--as", "anna")
    assert answer.out.startswith("SUP-1: status open → resolved as wont_fix, ")
    shown = desk.good("ticket", "show", "SUP-1").out
    assert " resolution wont_fix\n" in shown
    assert "status open → resolved (T12), as wont_fix\n" in shown
    desk.good("ticket", "move", "SUP-1", "reopened", "--as", "anna")
    assert desk.good("ticket", "show", "SUP-1", "--json").data["resolution"] is None
    desk.good("ticket", "move", "SUP-1", "resolved", "--as", "anna")
    assert desk.good("ticket", "list", "--all", "--json").data[0]["resolution"] == "done"


@pytest.mark.parametrize(
    ("status", "resolution", "code", "said"),
    [
        ("in_progress", "done", 2, "a status that settles the request (resolved, closed), not with in_progress"),
        ("resolved", "fixed", 2, ""),
    ],
)
def test_a_resolution_needs_an_end(desk: Installation, status: str, resolution: str, code: int, said: str) -> None:
    """With another status, or a word that is none, nothing is changed."""
    answer = desk("ticket", "move", "SUP-1", status, "--resolution", resolution, "--as", "anna")
    assert answer.code == code
    assert said in answer.err
    assert desk.good("ticket", "show", "SUP-1", "--json").data["status"] == "open"


def test_an_end_is_not_ended_in_another_way(desk: Installation) -> None:
    """A resolved ticket keeps its resolution when it is closed, so another one is refused and not silently dropped."""
    desk.good("ticket", "move", "SUP-1", "resolved", "--resolution", "wont_fix", "--as", "anna")
    answer = desk("ticket", "move", "SUP-1", "closed", "--resolution", "done", "--as", "anna")
    assert answer.code == 1
    assert answer.err == "SUP-1 has ended already, as wont_fix: reopen it to end it in another way\n"
    assert "as wont_fix" in desk.good("ticket", "move", "SUP-1", "closed", "--resolution", "wont_fix", "--as", "anna").out


def test_every_resolution_can_be_typed() -> None:
    """The words of the option are those of the domain."""
    literal = get_args(get_args(commands.Resolution)[0])[0]
    assert get_args(literal) == RESOLUTIONS


def test_a_ticket_goes_on_in_another(desk: Installation) -> None:
    """It is closed as a duplicate, the other says so with its key, and both pages show where it went (T25)."""
    desk.receive(desk.raw(subject="Still burning"))
    answer = desk.good("ticket", "merge", "sup-2", "SUP-1", "--as", "anna")
    assert answer.out == "SUP-2 goes on in SUP-1: closed as a duplicate (as anna@desk.example)\n"
    old = desk.good("ticket", "show", "SUP-2")
    for expected in (" status     closed ", " resolution duplicate\n", " goes on in SUP-1\n", "anna@desk.example  went on in SUP-1\n"):
        assert expected in old.out, old.out
    new = desk.good("ticket", "show", "SUP-1")
    assert " took over  SUP-2\n" in new.out
    assert "     Request SUP-2 has been merged into this one.\n" in new.out
    pages = [desk.good("ticket", "show", key, "--json").data for key in ("SUP-2", "SUP-1")]
    assert [(page["merged_into"], page["merged_from"]) for page in pages] == [("SUP-1", []), (None, ["SUP-2"])]
    again = desk("ticket", "merge", "SUP-1", "SUP-2", "--as", "anna")
    assert again.code == 1
    assert again.err == "SUP-2 was merged before: it goes on in SUP-1\n"


def test_people_come_along_only_when_it_is_said(desk: Installation) -> None:
    """They could read the other ticket: they are named, nothing is merged; --with-people says that it is meant (T25)."""
    desk.receive(desk.raw(EVE, subject="Fire"))
    answer = desk("ticket", "merge", "SUP-2", "SUP-1", "--as", "anna")
    assert answer.code == 1
    assert answer.err.startswith("eve@other.example is not on SUP-1 and could read all of it then: add --with-people")
    assert desk.good("ticket", "show", "SUP-2", "--json").data["status"] == "open"
    done = desk.good("ticket", "merge", "SUP-2", "SUP-1", "--with-people", "--as", "anna")
    assert ", eve@other.example came along (as anna@desk.example)\n" in done.out
    assert "went on in SUP-1, and eve@other.example came along" in desk.good("ticket", "show", "SUP-2").out
    page = desk.good("ticket", "show", "SUP-1", "--json").data
    assert [one["address"] for one in page["participants"]] == ["jess@commune.example", "eve@other.example"]


def test_what_cannot_be_merged(desk: Installation) -> None:
    """A ticket with itself, one of another desk, one that is not there: a sentence and no change."""
    desk.receive(desk.raw(subject="Of another desk"))
    with desk.office() as office, office.store.write() as connection:
        connection.execute(sa.update(schema.tickets).where(schema.tickets.c.id == 2).values(desk="OPS"))
    before = count(desk, schema.events)
    for into, code, said in (
        ("SUP-1", 1, "SUP-1 cannot go on in itself"),
        ("OPS-2", 1, "SUP-1 and OPS-2 are of different desks"),
        ("SUP-9", 4, "there is no ticket SUP-9"),
        ("nine", 2, "is not the key of a ticket"),
    ):
        answer = desk("ticket", "merge", "SUP-1", into, "--as", "anna")
        assert answer.code == code
        assert said in answer.err
    assert count(desk, schema.events) == before


@pytest.mark.parametrize("words", [("SUP-2", "SUP-1"), ("SUP-1", "SUP-2")])
def test_two_tickets_are_locked_in_one_order(desk: Installation, words: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The older first, however they are named: two who merge crosswise never wait for each other."""
    desk.receive(desk.raw(subject="Still burning"))
    locked: list[int] = []
    lock = tickets.lock
    monkeypatch.setattr(tickets, "lock", lambda connection, number: locked.append(number) or lock(connection, number))
    desk.good("ticket", "merge", *words, "--as", "anna")
    assert locked[:2] == [1, 2]


def test_a_merge_by_mail_is_explained(desk: Installation) -> None:
    """`gateway explain` says which ticket went on in which."""
    desk.receive(desk.raw(subject="Still burning"))
    with desk.office() as office:
        address = office.signed_address(office.desks["SUP"], Purpose.AGENT, subject=2, person=1)
    mail = desk.raw("Anna <anna@desk.example>", "#merge SUP-1\n", "Re: Still burning").replace(b"support@desk.example", address.encode())
    desk.receive(mail)
    out = desk.good("explain", "i-3").out
    assert " became     merged: SUP-2 goes on in SUP-1\n" in out
    assert "  went on in SUP-1\n" in out


def test_a_tickets_links_are_ended(desk: Installation) -> None:
    """What it means is said before it is asked; without --yes nothing has ended; with it those of this ticket alone have."""
    desk.receive(desk.raw(subject="Another"))

    def epochs() -> list[int]:
        with desk.office() as office, office.store.read() as connection:
            return [ticket.key_epoch for ticket in (tickets.get(connection, 1), tickets.get(connection, 2)) if ticket is not None]

    answer = desk("ticket", "revoke-links", "SUP-1")
    assert answer.code == 2
    assert answer.err.startswith("No link in a mail sent until now will open SUP-1")
    assert answer.err.endswith("add --yes\n")
    assert epochs() == [0, 0]
    assert "have ended" in desk.good("ticket", "revoke-links", "sup-1", "--yes").out
    assert epochs() == [1, 0]
    assert desk("ticket", "revoke-links", "SUP-99", "--yes").code == 4


def test_after_that_an_agents_answer_to_an_old_mail_is_a_draft(desk: Installation) -> None:
    """As the command says: the signed address of before gives no right any more."""
    with desk.office() as office:
        address = office.signed_address(office.desks["SUP"], Purpose.AGENT, subject=1, person=1)
    desk.good("ticket", "revoke-links", "SUP-1", "--yes")
    mail = desk.raw("Anna <anna@desk.example>", "Take the stairs.\n", "Re: The printer is on fire")
    desk.receive(mail.replace(b"support@desk.example", address.encode()))
    assert [one["kind"] for one in desk.good("ticket", "show", "SUP-1", "--json").data["comments"]] == ["comment", "held"]


def test_a_page_shows_the_survey(desk: Installation) -> None:
    """Asked, then answered with the rating, and the words of the last answer under it; one that was taken back says so."""
    desk.with_page()
    desk.good("ticket", "move", "SUP-1", "resolved", "--as", "anna")
    assert ", no answer yet\n" in desk.good("ticket", "show", "SUP-1").out
    with desk.office() as office, office.store.write() as connection:
        ticket, asked = tickets.get(connection, 1), surveys.get(connection, 1)
        assert ticket is not None
        assert asked is not None
        story = Story(office, connection, office.desks["SUP"], office.now(), "page")
        for rating, words in ((5, "Fine"), (2, "Too slow,\nand wet")):
            survey.store(story, ticket, asked, rating, words)
    shown = desk.good("ticket", "show", "SUP-1").out
    assert ": 2 of 5\n" in shown
    assert "jess@commune.example  rated 2 of 5\n     Too slow,\n     and wet\n" in shown
    assert "Fine" not in shown
    [one] = desk.good("ticket", "show", "SUP-1", "--json").data["surveys"]
    assert (one["person"], one["rating"], one["comment"]) == ("jess@commune.example", 2, "Too slow,\nand wet")
    with desk.office() as office, office.store.write() as connection:
        connection.execute(sa.update(schema.surveys).values(answered_at=None, rating=None, withdrawn_at=office.now()))
    assert ", taken back 20" in desk.good("ticket", "show", "SUP-1").out


def test_a_page_shows_who_was_muted_removed_and_reminded(desk: Installation) -> None:
    """Each in words, with the people by their addresses; a muted requester is marked."""
    with desk.office() as office, office.store.write() as connection:
        ids = {row.address: row.person_id for row in connection.execute(sa.select(schema.addresses))}
        jess, bob = ids["jess@commune.example"], ids["bob@desk.example"]
        tickets.set_muted(connection, 1, jess, muted=True)
        told: list[Event] = [Muted(jess, muted=True), Muted(jess, muted=False), ParticipantRemoved(bob), Reminded("reminder", 1)]
        events.add(connection, told, ticket_id=1, actor_id=None, now=office.now())
    shown = desk.good("ticket", "show", "SUP-1").out
    for expected in (
        " requester  Jess Martin <jess@commune.example> (muted)\n",
        "  notifications to jess@commune.example were turned off\n",
        "  notifications to jess@commune.example were turned on again\n",
        "  bob@desk.example was taken off the ticket",
        "  reminder mail after 1 day\n",
        " (reminder)\n",
    ):
        assert expected in shown, shown
    [reminder] = desk.good("ticket", "show", "SUP-1", "--json").data["reminders"]
    assert (reminder["mail"], reminder["days"]) == ("reminder", 1)
    assert datetime.fromisoformat(reminder["at"]).tzinfo is not None


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_every_fact_has_its_words(kind: type) -> None:
    """No fact that this release writes is shown as raw data, and none speaks of a number that has a name."""
    values = {"added": (7,), "muted": True, "into": 9, "person_id": 7, "old": 7, "new": 7, "days": 3, "rating": 2, "reason": "why"}
    given = {name: values.get(name, "x") for name in kind.__slots__}  # type: ignore[attr-defined]
    name, data = happened.as_row(kind(**given))
    said = facts.sentence(name, data, facts.Names({7: "jess@commune.example"}, {9: "SUP-9"}))
    assert not said.startswith(name)
    assert "person 7" not in said
    assert "ticket 9" not in said
