"""`gateway survey`: figures with the numbers that they come from, and rows that no spreadsheet executes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gateway.cli import survey
from gateway.mail.write.texts import MailTexts
from gateway.runtime.data import data_path
from gateway.store import schema
from tests.cli.installation import Installation

ANNA, BOB = "anna@desk.example", "bob@desk.example"


@pytest.fixture
def desk(gateway: Installation) -> Installation:
    """Anna and Bob, and SUP-1 of Jess from TOWN; nobody was asked yet."""
    gateway.hire("anna", "bob")
    gateway.good("org", "add", "TOWN", "--domain", "commune.example")
    gateway.receive(gateway.raw())
    return gateway


def ask(desk: Installation, *ratings: int | None, agent: str | None = ANNA, days_ago: float = 1, comment: str = "", **more: object) -> None:
    """Jess was asked about SUP-1 so often, and answered with these ratings."""
    with desk.office() as office, office.store.write() as connection:
        ids: dict[str, int] = {row.address: row.person_id for row in connection.execute(sa.select(schema.addresses))}
        last = connection.execute(sa.select(sa.func.max(schema.surveys.c.round))).scalar() or 0
        asked = office.now() - timedelta(days=days_ago)
        for number, rating in enumerate(ratings, last + 1):
            values = {
                "ticket_id": 1,
                "person_id": ids["jess@commune.example"],
                "assignee_id": ids[agent] if agent else None,
                "round": number,
                "asked_at": asked,
                "expires_at": asked + timedelta(days=28),
                "rating": rating,
                "comment": comment,
                "answered_at": None if rating is None else asked,
            }
            connection.execute(sa.insert(schema.surveys).values(**values | more))


def rows(out: str) -> list[list[str]]:
    """The cells of a CSV."""
    return list(csv.reader(io.StringIO(out)))


def test_the_figures_stand_with_their_numbers(desk: Installation) -> None:
    """Asked, answered and the rate of answers, satisfied (4 and 5), the mean, and how often each step was chosen (R-156)."""
    ask(desk, 5, 4, 4, 2, 1, None, None, None)
    answer = desk.good("survey", "report")
    for expected in (
        " asked      8\n",
        " answered   5 (62 %)\n",
        " satisfied  60 % (3 of 5 chose 4 or 5)\n",
        " mean       3.2 of 5\n",
    ):
        assert expected in answer.out, answer.out
    table = [line.split() for line in answer.out.splitlines()[-5:]]
    assert [(line[0], line[-3]) for line in table] == [("1", "1"), ("2", "1"), ("3", "0"), ("4", "2"), ("5", "1")]
    assert table[1] == ["2", "poor", "1", "20", "%"]
    assert answer.err == ""
    data = desk.good("survey", "report", "--json").data
    figures = {"asked": 8, "answered": 5, "response_rate": 0.625, "satisfied": 3, "satisfaction": 0.6, "mean": 3.2, "few_answers": False}
    assert data | figures == data
    assert data["ratings"] == {"1": 1, "2": 1, "3": 0, "4": 2, "5": 1}


def test_few_answers_are_said_to_mean_little(desk: Installation) -> None:
    """Below five; nobody asked and nobody answering are said in their own words, and nothing is divided by zero."""
    empty = desk.good("survey", "report")
    assert empty.err == "nobody was asked\n"
    assert " asked      0\n answered   0\n" in empty.out
    ask(desk, None)
    silent = desk.good("survey", "report", "--by", "agent")
    assert silent.err == "nobody has answered yet\n"
    assert " answered   0 (0 %)\n" in silent.out
    assert silent.out.splitlines()[-1].split() == [ANNA, "1", "0", "0", "%", "—", "—", *"00000", "few", "answers"]
    ask(desk, 5)
    assert desk.good("survey", "report").err == "with only 1 answer the figures mean little\n"
    ask(desk, 5, 5, 5)
    assert desk.good("survey", "report").err == "with only 4 answers the figures mean little\n"
    assert desk.good("survey", "report", "--json").data["few_answers"] is True
    ask(desk, 5)
    assert desk.good("survey", "report").err == ""


def test_what_was_taken_back_does_not_count(desk: Installation) -> None:
    """A question that a reopening withdrew was not asked."""
    ask(desk, None, withdrawn_at=datetime.now(UTC))
    assert desk.good("survey", "report", "--json").data["asked"] == 0


def test_the_time_is_chosen(desk: Installation) -> None:
    """Thirty days without a word, other days, or since a day; not both."""
    ask(desk, 5, days_ago=40)
    ask(desk, 4, days_ago=10)

    def asked(*words: str) -> int:
        return int(desk.good("survey", "report", "--json", *words).data["asked"])

    assert (asked(), asked("--days", "50"), asked("--days", "5")) == (1, 2, 0)
    day = datetime.now(UTC).astimezone() - timedelta(days=41)
    assert (asked("--since", f"{day:%Y-%m-%d}"), asked("--since", f"{day + timedelta(days=3):%Y-%m-%d}")) == (2, 1)
    for words in (("--days", "5", "--since", "2026-01-01"), ("--days", "0"), ("--since", "yesterday")):
        assert desk("survey", "report", *words).code == 2


def test_it_is_divided(desk: Installation) -> None:
    """By agent, organisation or month, each group with its own numbers and a mark where they are few."""
    ask(desk, 5, 5, 5, 5, 5)
    ask(desk, 1, agent=BOB)
    ask(desk, None, agent=None)
    lines = desk.good("survey", "report", "--by", "agent").out.splitlines()[-4:]
    assert lines[0].split() == ["AGENT", "ASKED", "ANSWERED", "RATE", "SATISFIED", "MEAN", *"12345", "NOTE"]
    assert lines[1].split() == [ANNA, "5", "5", "100", "%", "100", "%", "5.0", *"00005"]
    assert lines[2].split() == [BOB, "1", "1", "100", "%", "0", "%", "1.0", *"10000", "few", "answers"]
    assert lines[3].split()[0] == "nobody"
    groups = desk.good("survey", "report", "--by", "organisation", "--json").data["groups"]
    assert [(one["organisation"], one["asked"], one["answered"], one["few_answers"]) for one in groups] == [("TOWN", 7, 6, False)]
    months = desk.good("survey", "report", "--by", "month", "--json").data["groups"]
    assert {len(one["month"]) for one in months} == {7}


def test_a_desk_is_chosen(desk: Installation) -> None:
    """Only its tickets count; one that is not there names those that are."""
    ask(desk, 5)
    desk.config.write_text(
        desk.config.read_text() + '[desk.OPS]\nname = "Ops"\naddress = "ops@desk.example"\nnoreply = "no@desk.example"\n'
    )
    assert desk.good("survey", "report", "--desk", "sup", "--json").data["asked"] == 1
    assert desk.good("survey", "report", "--desk", "OPS", "--json").data["asked"] == 0
    answer = desk("survey", "report", "--desk", "XX")
    assert answer.code == 2
    assert "the config has" in answer.err


def test_rows_for_a_spreadsheet(desk: Installation) -> None:
    """One for each survey, every cell quoted, words with their lines; the title alone when nobody was asked; sorted by --by."""
    title = ["key", "agent", "organisation", "asked", "answered", "rating", "comment"]
    assert rows(desk.good("survey", "report", "--csv").out) == [title]
    ask(desk, 2, agent=BOB, comment='Too "slow",\nand wet')
    ask(desk, None)
    out = desk.good("survey", "report", "--csv").out
    assert out.startswith('"key","agent","organisation",')
    head, first, second = rows(out)
    assert head == title
    assert first[:3] == ["SUP-1", BOB, "TOWN"]
    assert first[3] == first[4]
    assert first[5:] == ["2", 'Too "slow",\nand wet']
    assert second[:3] == ["SUP-1", ANNA, "TOWN"]
    assert second[4:] == ["", "", ""]
    assert [row[1] for row in rows(desk.good("survey", "report", "--csv", "--by", "agent").out)[1:]] == [ANNA, BOB]
    assert desk("survey", "report", "--csv", "--json").code == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\tx", "'\tx"),
        ("\r=1", "'\n=1"),
        ("\rx", "'\nx"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        (" =1", "' =1"),
        ("\x00=1", "'=1"),
        ("\x1b[2Jx", "[2Jx"),
        ("Good - thanks = fine", "Good - thanks = fine"),
        ("", ""),
        (5, "5"),
    ],
)
def test_a_cell_is_no_formula(text: object, shown: str) -> None:
    """Whatever a spreadsheet may take for one gets an apostrophe, also where a control character stood before it (CASES A3.19)."""
    assert survey.cell(text) == shown


def test_a_customers_words_cannot_act(desk: Installation) -> None:
    """The guard is on the way of every comment into the CSV."""
    ask(desk, 1, comment='=HYPERLINK("http://x.example")')
    assert rows(desk.good("survey", "report", "--csv").out)[1][-1] == '\'=HYPERLINK("http://x.example")'


def test_the_steps_have_the_words_of_the_mails() -> None:
    """What an operator reads is what the customer chose."""
    texts = MailTexts(data_path("templates", "locale"))
    assert list(survey.WORDS) == [texts.plain("en", f"survey.{step}").lower() for step in range(1, 6)]
