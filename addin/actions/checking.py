"""Check inputs: the lines of Checks, and what is wrong in the rows of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from addin.actions.book import Book, Table, text_of
from addin.actions.pick_lists import pick_lists
from addin.errors import BookError
from addin.schema import entered_tables, schemas, typed_columns
from addin.template.checks import CHECK, ERROR, FIRST_ROW

LINES = f"Checks!B{FIRST_ROW}:G{FIRST_ROW + 200}"
"""Room for more checks than there are."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Checks."""

    number: int
    test: str
    left: str
    right: str
    result: str
    """OK, no data, CHECK or ERROR."""


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A typed cell that cannot be right, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckedInputs:
    """What checking a book found."""

    lines: list[Line]
    """The lines of Checks that are not right."""
    rows: list[WrongCell]


def check_inputs(book: Book) -> CheckedInputs:
    """The lines of Checks that fail, and what is wrong in the rows; a BookError for a book that is not the template."""
    if not is_template(book):
        raise BookError(f"{book.title} is not a copy of the template, whose rows and checks are looked at here; "
                        "roc new makes one")  # fmt: skip
    return CheckedInputs(failed(book), wrong_rows(book))


def is_template(book: Book) -> bool:
    """Whether a book is a copy of the template: it has checks, and tables to check."""
    return "chk_All" in book.names() and not entered_tables().keys().isdisjoint(book.tables())


def check_lines(book: Book) -> list[Line]:
    """The lines of Checks; none in a book that is not the template."""
    if "chk_All" not in book.names():
        return []
    return [
        Line(int(number), text_of(test), text_of(left), text_of(right), text_of(result))
        for number, test, left, right, _, result in book.cells(LINES)
        if isinstance(number, float) and result is not None  # what the first line counts by column has none
    ]


def failed(book: Book) -> list[Line]:
    """The lines of Checks that are not right."""
    return [line for line in check_lines(book) if line.result in (CHECK, ERROR)]


def wrong_rows(book: Book) -> list[WrongCell]:
    """What is wrong in typed cells of the template's tables: kinds, limits, lists, repeated and unknown ids, dates."""
    there = set(book.tables())
    checked = [name for name in entered_tables() if name in there]
    found: list[WrongCell] = []
    for number, name in enumerate(checked):
        book.status(f"Checking {name}", number, len(checked))
        table = book.table(name)
        found += _cells(book, table)
        found += _repeated(table)
    found += _before_the_campaign(book) if {"tblCampaigns", "tblFollowUps"} <= there else []
    return found


def _cells(book: Book, table: Table) -> Iterator[WrongCell]:
    lists = pick_lists(book, table.name)
    for name, column in typed_columns(table.name).items():
        for index in table.rows if name in table.columns else ():
            value = table.columns[name][index]
            reason = column.fault(value, lists)
            if reason:
                yield WrongCell(table.place(name, index), reason)


def _repeated(table: Table) -> Iterator[WrongCell]:
    key = schemas()[table.name].key
    first: dict[tuple[str, ...], str] = {}
    for index in table.rows:
        values = tuple(text_of(table.columns[name][index]).casefold() for name in key)
        place = table.place(key[0], index)
        if any(values) and (before := first.setdefault(values, place)) != place:
            yield WrongCell(place, f"the same {' and '.join(key)} stands in {before.rpartition('!')[2]}")


def _before_the_campaign(book: Book) -> Iterator[WrongCell]:
    campaigns, log = book.table("tblCampaigns"), book.table("tblFollowUps")
    starts = dict(zip(campaigns.columns["Campaign"], campaigns.columns["Start"], strict=True))
    for index in log.rows:
        day, start = log.columns["Date"][index], starts.get(log.columns["Campaign"][index])
        if isinstance(day, float) and isinstance(start, float) and day < start:
            yield WrongCell(log.place("Date", index), "the follow-up is older than the start of its campaign")
