"""Check inputs: the lines of Checks, and what is wrong in the rows of the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from addin.actions.book import Book, Table, text_of
from addin.actions.pick_lists import pick_lists
from addin.errors import BookError
from addin.schema import entered_tables, schemas, typed_columns
from addin.schema.terms import CHECK, ERROR
from addin.values import customer_key

LINES = "Checks!B1:G300"
"""Room for more checks than there are; only theirs begin with a number and end with a result."""


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
        found += _beneath(table)
        found += _cells(book, table)
        found += _repeated(table)
    found += _spellings([book.table(name) for name in checked])
    found += _before_the_campaign(book) if {"tblCampaigns", "tblFollowUps"} <= there else []
    return found


def _beneath(table: Table) -> Iterator[WrongCell]:
    """Rows that a formula of the book does not see, since they stand beneath their table."""
    column = next(iter(table.columns))
    if table.joined:
        rows = f"{table.joined:,} rows stand" if table.joined > 1 else "a row stands"
        place = table.place(column, table.bottom - table.joined + 1 - table.top)
        yield WrongCell(place, f"{rows} beneath {table.name} and do{'' if table.joined > 1 else 'es'} not count yet; "
                        "Refresh all (roc refresh) takes them in")  # fmt: skip
    for number in table.strays:
        yield WrongCell(table.place(column, number - table.top), f"this row does not count, as it does not stand right "
                        f"beneath the rows of {table.name}; delete the blank rows between")  # fmt: skip


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
        values = tuple(customer_key(table.columns[name][index]) or "" for name in key)
        place = table.place(key[0], index)
        if any(values) and (before := first.setdefault(values, place)) != place:
            yield WrongCell(place, f"the same {' and '.join(key)} stands in {before.rpartition('!')[2]}")


def _spellings(tables: Sequence[Table]) -> Iterator[WrongCell]:
    """Ids that are one here and several to Excel's lookups: 17001 as number and as text, or with blanks around it."""
    found: dict[str, dict[str, Counter[tuple[bool, str]]]] = {}
    for table in tables:
        for name, key, form, _ in _ids(table):
            found.setdefault(name, {}).setdefault(key, Counter())[form] += 1
    for table in tables:
        for name, key, form, place in _ids(table):
            (usual, _), *others = found[name][key].most_common()
            if others and form != usual:
                how = {form: "a number" if form[0] else f"the text '{form[1]}'" for form in (form, usual)}
                yield WrongCell(place, f"{name} {key} is {how[form]} here and {how[usual]} elsewhere, which Excel's "
                                "lookups tell apart; write it one way")  # fmt: skip


def _ids(table: Table) -> Iterator[tuple[str, str, tuple[bool, str], str]]:
    """The ids of a table: the column, what all spellings share, what a lookup sees, and the place."""
    for name, column in typed_columns(table.name).items():
        for index in table.rows if column.is_id and name in table.columns else ():
            value = table.columns[name][index]
            if isinstance(value, (str, float)) and (key := customer_key(value)):
                yield name, key, (isinstance(value, float), text_of(value).casefold()), table.place(name, index)


def _before_the_campaign(book: Book) -> Iterator[WrongCell]:
    campaigns, log = book.table("tblCampaigns"), book.table("tblFollowUps")
    starts = dict(zip(campaigns.columns["Campaign"], campaigns.columns["Start"], strict=True))
    for index in log.rows:
        day, start = log.columns["Date"][index], starts.get(log.columns["Campaign"][index])
        if isinstance(day, float) and isinstance(start, float) and day < start:
            yield WrongCell(log.place("Date", index), "the follow-up is older than the start of its campaign")
