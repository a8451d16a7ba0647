"""Sample on or off: the made-up rows that the template comes with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from addin.actions.book import Book, Change, Rows, Value
from addin.actions.calculated_columns import fill_long_tables
from addin.actions.forecast import forecast
from addin.actions.schema import is_sample
from addin.errors import BookError
from addin.template import sample
from addin.values import serial

ROWS: dict[str, Callable[[], Sequence[Sequence[str | float | date | None]]]] = {
    "tblCampaigns": sample.campaigns,
    "tblFollowUps": sample.follow_ups,
    "tblTransactions": sample.orders,
    "tblCustomers": sample.customers,
    "tblSegments": sample.segments,
    "tblSurvey": sample.answers,
    "tblPeriods": sample.periods,
    "tblPartners": sample.partners,
    "tblIntros": sample.introductions,
}


def sample_off(book: Book) -> int:
    """Take the sample rows out of every table, leave all others, and say how many went."""
    change = Change()
    gone = 0
    for name in _tables(book):
        table = book.table(name)
        kept = [index for index in table.rows if not is_sample(name, table.columns, index)]
        if len(kept) < len(table.rows):
            gone += len(table.rows) - len(kept)
            change.rows[name] = Rows({c: [table.columns[c][index] for index in kept] for c in table.typed})
    if not gone:
        raise BookError(f"{book.title} holds no sample rows")
    _write(book, "Sample off", change)
    return gone


def sample_on(book: Book) -> int:
    """Put the sample rows into empty tables, and say how many; a BookError where a table holds rows of the user's."""
    change = Change()
    for name in _tables(book):
        table = book.table(name)
        own = sum(not is_sample(name, table.columns, index) for index in table.rows)
        if own:
            raise BookError(f"{name} holds {own:,} rows of your own, and a sample would mix with them; "
                            "use a new copy of the template")  # fmt: skip
        rows = [[_cell(value) for value in row] for row in ROWS[name]()]
        change.rows[name] = Rows(dict(zip(table.typed, map(list, zip(*rows, strict=True)), strict=True)))
    change.cells["in_Campaign"] = sample.CAMPAIGN
    _write(book, "Sample on", change)
    return sum(rows.count for rows in change.rows.values())


def _tables(book: Book) -> list[str]:
    there = set(book.tables())
    if missing := sorted(ROWS.keys() - there):
        raise BookError(f"{book.title} is not the template: it has no table {missing[0]}")
    return list(ROWS)


def _cell(value: str | float | date | None) -> Value:
    return float(serial(value)) if isinstance(value, date) else float(value) if isinstance(value, int) else value


def _write(book: Book, title: str, change: Change) -> None:
    with book.action(title):
        fill_long_tables(book, change)
        book.write(change)
        book.write(forecast(book))
        book.status("Calculating")
        book.calculate()
