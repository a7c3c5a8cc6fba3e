"""`gateway survey report`: what customers think of what was done for them, in figures and as rows for a spreadsheet.

No rate stands without the numbers that it comes from. What customers wrote may begin like a formula; in the CSV it cannot act as one
(CASES A3.19).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli import console
from gateway.cli.acting import desk_named
from gateway.cli.console import AsJson, Column, Config

if TYPE_CHECKING:
    import sqlalchemy as sa

    from gateway.desk.office import Office
    from gateway.domain.survey import Totals

app = typer.Typer(no_args_is_help=True, help="The satisfaction survey: report.")

WORDS = ("very poor", "poor", "neither good nor poor", "good", "very good")
"""The five steps, the worst first, as the English mails have them."""

FEW = 5
"""With fewer answers one person's mood makes the figure."""

DAYS = 30
CSV_COLUMNS = ("key", "agent", "organisation", "asked", "answered", "rating", "comment")

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_STEP_COLUMNS = (Column("STEP"), Column("MEANS"), Column("ANSWERS"), Column("SHARE"))
_NOBODY, _NOWHERE = "nobody", "none"


class By(StrEnum):
    """What the report is divided by."""

    AGENT = "agent"
    ORGANISATION = "organisation"
    MONTH = "month"


@app.command()
def report(
    days: Annotated[int | None, typer.Option("--days", min=1, max=36_500, help=f"In the last so many days; {DAYS} if unsaid.")] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Since that day instead.")
    ] = None,
    desk: Annotated[str | None, typer.Option("--desk", help="Only of this desk: SUP.")] = None,
    by: Annotated[By | None, typer.Option("--by", help="Also for each of these; the rows of --csv are sorted by it.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="One row for each survey, for a spreadsheet.")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Show how many were asked, how many answered, and what they said. What was taken back unanswered does not count."""
    from gateway.store import people, surveys

    if days is not None and since is not None:
        console.fail("say either --days or --since", console.EXIT_USAGE)
    if as_csv and as_json:
        console.fail("say either --csv or --json", console.EXIT_USAGE)
    with console.office(config) as office, office.store.read() as connection:
        start = since.astimezone() if since is not None else office.now() - timedelta(days=days or DAYS)
        wanted = desk_named(office, desk) if desk else None
        rows = surveys.report(connection, since=start, desk=wanted)
        known = people.by_ids(connection, {row.assignee_id for row in rows if row.assignee_id is not None})
    agents = {person.id: person.address for person in known.values()}
    if as_csv:
        _put_csv(_sorted(rows, by, agents), agents)
    elif as_json:
        console.put_json(_as_data(office, start, wanted, rows, by, agents))
    else:
        _put(start, wanted, rows, by, agents)


def _put(start: datetime, desk: str | None, rows: Sequence[sa.Row[Any]], by: By | None, agents: dict[int, str]) -> None:
    from gateway.domain.survey import STEPS, totals

    told = totals(row.rating for row in rows)
    console.put(f"surveys asked since {console.when(start)}{f', desk {desk}' if desk else ''}", "bold")
    satisfied = f"{_share(told.satisfied, told.answered)} ({told.satisfied} of {told.answered} chose 4 or 5)"
    console.put_fields(
        [
            ("asked", str(told.asked)),
            ("answered", f"{told.answered} ({_share(told.answered, told.asked)})" if told.asked else "0"),
            ("satisfied", satisfied if told.answered else ""),
            ("mean", f"{_mean(told)} of 5" if told.answered else ""),
        ],
    )
    if told.answered:
        console.put()
        steps = zip(STEPS, WORDS, told.ratings, strict=True)
        console.put_table(_STEP_COLUMNS, [(step, word, n, _share(n, told.answered)) for step, word, n in steps])
    if by is not None and rows:
        console.put()
        _put_groups(rows, by, agents)
    if told.answered < FEW:
        console.say(f"with {_answers(told.answered)} the figures mean little" if told.answered else _silence(told))


def _put_groups(rows: Sequence[sa.Row[Any]], by: By, agents: dict[int, str]) -> None:
    titles = (by.upper(), "ASKED", "ANSWERED", "RATE", "SATISFIED", "MEAN", "1", "2", "3", "4", "5", "NOTE")
    columns = [Column(title, shrinks=title == by.upper()) for title in titles]
    table = []
    for name, told in _groups(rows, by, agents):
        rates = (_share(told.answered, told.asked), _share(told.satisfied, told.answered), _mean(told))
        table.append((name, told.asked, told.answered, *rates, *told.ratings, "few answers" if told.answered < FEW else ""))
    console.put_table(columns, table)


def _put_csv(rows: Sequence[sa.Row[Any]], agents: dict[int, str]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for row in rows:
        answered = console.when(row.answered_at) if row.answered_at else ""
        cells = (f"{row.desk}-{row.number}", agents.get(row.assignee_id, ""), row.organisation or "", console.when(row.asked_at), answered)
        writer.writerow([cell(one) for one in (*cells, row.rating or "", row.comment)])
    console.put_bytes(text.getvalue().encode("utf-8", "replace"))


def cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula, without control characters."""
    text = str(value)
    risky = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULA)
    shown = console.block_of(text)
    return f"'{shown}" if risky or shown.lstrip().startswith(_FORMULA) else shown


def _group_of(row: sa.Row[Any], by: By, agents: dict[int, str]) -> str:
    if by is By.MONTH:
        return f"{row.asked_at.astimezone():%Y-%m}"
    return agents.get(row.assignee_id, _NOBODY) if by is By.AGENT else row.organisation or _NOWHERE


def _sorted(rows: Sequence[sa.Row[Any]], by: By | None, agents: dict[int, str]) -> list[sa.Row[Any]]:
    return sorted(rows, key=lambda row: _group_of(row, by, agents)) if by is not None else list(rows)


def _groups(rows: Sequence[sa.Row[Any]], by: By, agents: dict[int, str]) -> Iterator[tuple[str, Totals]]:
    from gateway.domain.survey import totals

    found: dict[str, list[int | None]] = {}
    for row in rows:
        found.setdefault(_group_of(row, by, agents), []).append(row.rating)
    yield from ((name, totals(ratings)) for name, ratings in sorted(found.items()))


def _as_data(
    office: Office, start: datetime, desk: str | None, rows: Sequence[sa.Row[Any]], by: By | None, agents: dict[int, str]
) -> dict[str, Any]:
    from gateway.domain.survey import totals

    total = {"since": start, "until": office.now(), "desk": desk, **_figures(totals(row.rating for row in rows))}
    if by is None:
        return total
    return {**total, "by": by, "groups": [{by.value: name, **_figures(told)} for name, told in _groups(rows, by, agents)]}


def _figures(told: Totals) -> dict[str, Any]:
    from gateway.domain.survey import STEPS

    return {
        "asked": told.asked,
        "answered": told.answered,
        "response_rate": told.response_rate,
        "satisfied": told.satisfied,
        "satisfaction": told.satisfaction,
        "mean": told.mean,
        "ratings": {str(step): n for step, n in zip(STEPS, told.ratings, strict=True)},
        "few_answers": told.answered < FEW,
    }


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "—"


def _mean(told: Totals) -> str:
    return "—" if told.mean is None else f"{told.mean:.1f}"


def _answers(number: int) -> str:
    return f"only {number} {'answer' if number == 1 else 'answers'}"


def _silence(told: Totals) -> str:
    return "nobody has answered yet" if told.asked else "nobody was asked"
