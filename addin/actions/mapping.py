"""Which table a file goes to, and which of its headings is which column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from addin.actions.book import Book, Table
from addin.actions.cell_kinds import reads_as
from addin.errors import BookError
from addin.exports import Export, found_in
from addin.schema import Column, ColumnKind, aliases, entered_tables, schemas, typed_columns
from addin.tabular import Cell, DataFile, without_unit
from addin.values import serial

NOTE = "load "
"""What the notes that remember headings begin with."""
CONSTANT = "="
"""A heading that begins so is no heading, but what the column shall hold in every row."""
SOMEBODY = ("*mail*", "*customer*", "*client*", "*buyer*", "*user*", "*name*")
SHOWN_HEADINGS = 20
ANYWHERE = {"Customer", "Date"}
"""Columns that say nothing of what a row is."""
CUSTOMERS, ORDERS = "tblCustomers", "tblTransactions"
_MONEY = re.compile(r"[.,]|[^0-9\s.,+-]")
"""What amounts have and numbers of houses, telephones and pieces have not."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a file fits a table."""

    table: str
    found: Mapping[str, str]
    """Column to the heading that it would be read from."""
    missing: list[str]
    """Columns without which nothing can be loaded."""

    @property
    def telling(self) -> int:
        """How many columns it has that say what a row is."""
        return len(self.found.keys() - ANYWHERE)


class NotMapped(BookError):
    """A file of which a heading must be named; the table that it is for, and what its headings say, are known."""

    def __init__(self, sentence: str, table: str, found: Mapping[str, str]) -> None:
        super().__init__(sentence)
        self.table, self.found = table, dict(found)


def table_named(book: Book, name: str) -> Table:
    """A table by its name, or by the name or the title of its sheet."""
    folded = name.casefold()
    titled = [table for table in schemas().values() if folded in (table.sheet.casefold(), table.title.casefold())]
    there = {table.casefold(): table for table in book.tables()}
    return book.table(titled[0].name if titled and folded not in there else there.get(folded, name))


def best_table(book: Book, file: DataFile, given: Mapping[str, str]) -> str:
    """The table that the headings fit best; a BookError that says what the nearest one lacks."""
    names = [name for name in book.tables() if typed_columns(name)]
    if unknown := [column for column in given if not any(column in typed_columns(name) for name in names)]:
        raise BookError(f"no table of {book.title} has a column {unknown[0]}; {_needs(names)}")
    fits = [_fit(file, name, given) for name in names if given.keys() <= typed_columns(name).keys()]
    fits = [fit for fit in fits if entered_tables()[fit.table].needed]
    if not fits:
        raise BookError(f"{file.path}: no table has all the columns {', '.join(given)}; name it. {_needs(names)}")
    best = max(fits, key=lambda fit: (fit.telling - len(fit.missing), fit.telling, len(fit.found)))
    if not best.missing and best.found:
        _refuse_orders(file, best, _fit(file, ORDERS, given))
        return best.table
    if not best.found:
        raise BookError(f"{file.path}: its headings ({_shown(file)}) fit no table of {book.title}; name the table, and "
                        f"which heading is which column, such as --map \"Date=HEADING\". {_needs(names)}")  # fmt: skip
    found = ", ".join(f"{column} from {heading}" for column, heading in best.found.items())
    title = entered_tables()[best.table].title
    raise NotMapped(f"{file.path}: its headings fit no table of {book.title}. The nearest is {best.table} ({title}): "
                    f"it has {found}, and {_missing(file, best)} {_needs(names)}", best.table, best.found)  # fmt: skip


def _refuse_orders(file: DataFile, best: Fit, orders: Fit) -> None:
    """Refuse what seems a list of customers by its headings, and has the dates and amounts of orders."""
    if best.table != CUSTOMERS or not (heading := best.found.get("Customer")):
        return
    read = best.found.values()
    left = {name: file.column(name) for name in file.headings if name not in ("", *read, *file.doubled)}
    days = [name for name, cells in left.items() if _of_days(cells, file)]
    amounts = [name for name, cells in left.items() if _of_amounts(cells, file)]
    customers = [cell for cell in file.column(heading) if cell is not None]
    again = len({*customers}) < len(customers)
    if days and (again or (amounts and not best.telling)):
        there = f"{days[0]}, {amounts[0]}" if amounts else f"{days[0]}, and customers that stand there again"
        raise BookError(
            f"{file.path}: its heading {heading} fits {CUSTOMERS}, but what else it has ({there}) looks like orders. "
            f"Name the table: d_Customers, or d_Transactions; of that {_missing(file, orders)}"
        )


def _of_days(cells: Sequence[Cell], file: DataFile) -> bool:
    there = [cell for cell in cells if cell is not None]
    return bool(there) and reads_as(there, ColumnKind.DATE, file.habits) and all(
        isinstance(cell, str) or (isinstance(cell, float) and _is_recent(cell)) for cell in there
    )  # fmt: skip


def _of_amounts(cells: Sequence[Cell], file: DataFile) -> bool:
    """Whether a column holds amounts of money: numbers of which some have a fraction, or name a currency."""
    there = [cell for cell in cells if cell is not None]
    fractions = any(
        not cell.is_integer() if isinstance(cell, float) else isinstance(cell, str) and _MONEY.search(cell) is not None
        for cell in there
    )
    return fractions and reads_as(there, ColumnKind.NUMBER, file.habits)


def _is_recent(day: float) -> bool:
    """Whether a number is a day of this half of the century, as orders are."""
    return serial(date(2000, 1, 1)) <= day < serial(date(2050, 1, 1))


def _needs(names: list[str]) -> str:
    needs = {name: table.needed for name, table in entered_tables().items() if name in names and table.needed}
    listed = (f"{', '.join(columns)} for {name}" for name, columns in needs.items())
    return f"Needed are: {'; '.join(listed)}"


def _missing(file: DataFile, fit: Fit) -> str:
    """What a table lacks in a file, and the lines that would give it."""
    left = [name for name in file.headings if name and name not in (*fit.found.values(), *file.doubled)]
    columns, guesses = typed_columns(fit.table), {}
    for column in fit.missing:
        guess = _guess(file, left, columns[column])
        left = [name for name in left if name != guess]
        guesses[column] = guess
    lines = " ".join(f'--map "{column}={guess or "HEADING"}"' for column, guess in guesses.items())
    return f"it lacks {', '.join(fit.missing)}: say which heading that is, such as {lines}."


def _guess(file: DataFile, left: list[str], column: Column) -> str:
    """A heading whose cells are what a column holds; of texts one that seems to name somebody."""
    if column.kind is ColumnKind.TEXT:
        return found_in(left, SOMEBODY)
    fitting = [name for name in left if reads_as(file.column(name), column.kind, file.habits)]
    amounts = [name for name in fitting if column.name == "Price" and _of_amounts(file.column(name), file)]
    return next(iter(amounts + fitting), "")


def missing_columns(file: DataFile, table: str, mapping: Mapping[str, str], missing: list[str]) -> NotMapped:
    """A file without the columns that a table needs."""
    return NotMapped(f"{file.path} has no column for {', '.join(missing)} of {table}; it has {_shown(file)}, and "
                     f"{_missing(file, Fit(table, mapping, missing))}", table, mapping)  # fmt: skip


def _shown(file: DataFile) -> str:
    names = [name for name in file.headings if name]
    return ", ".join(names[:SHOWN_HEADINGS]) + (" …" if len(names) > SHOWN_HEADINGS else "")


def _fit(file: DataFile, table: str, given: Mapping[str, str]) -> Fit:
    columns = {name: column for name, column in typed_columns(table).items() if name != "Note"}
    usual = {name: given.get(name) or _found(file.headings, (name, *aliases(name)), columns[name]) for name in columns}
    found = {name: heading for name, heading in usual.items() if heading}
    return Fit(table, found, [name for name in entered_tables()[table].needed if name not in found])


def mapping_of(
    book: Book, table: Table, file: DataFile, export: Export | None, given: Mapping[str, str]
) -> dict[str, str]:
    """Column to heading: as given, else as the book remembers, else as the export or the headings say."""
    for column, heading in given.items():
        if column not in table.typed:
            raise BookError(f"{table.name} has no column {column} to load into; it has {', '.join(table.typed)}")
        if not heading.startswith(CONSTANT) and heading not in file.headings:
            raise BookError(f"{file.path} has no column {heading}; it has {_shown(file)}")
    notes, columns = book.notes(), typed_columns(table.name)
    found: dict[str, str] = {}
    taken = set(given.values())
    for column in table.typed:
        if column in given:
            found[column] = given[column]
            continue
        usual = (column, *aliases(column)) if not export or (export.other and column != "Price") else ()
        own = (*export.columns.get(column, ()), *(export.amounts if column == "Price" else ())) if export else ()
        words = (*usual, *own)
        remembered = notes.get(f"{NOTE}{table.name}.{column}", "").split("\n")
        there = [name for name in file.headings if name not in taken]
        heading = next((name for name in remembered if name in there and (not export or found_in([name], words))), "")
        heading = heading or _readable(file, there, words, columns.get(column)) or _constant(words)
        if heading:
            found[column] = heading
            taken.add(heading)
    if export and export.is_report and (named := found.get("Campaign") or found.get("Name")):
        found = {"Campaign": named, "Name": named, **found}
    return found


def _constant(words: tuple[str, ...]) -> str:
    return next((word for word in words if word.startswith(CONSTANT)), "")


def amount_in(headings: Sequence[str], words: Sequence[str]) -> str:
    """The heading of an amount that the first of these words fits, else one that it fits without its unit."""
    found = found_in(headings, words)
    bare = [without_unit(name) for name in headings]
    return found or next((name for name, text in zip(headings, bare, strict=True) if text == found_in(bare, words)), "")


def _found(headings: Sequence[str], words: Sequence[str], column: Column | None) -> str:
    return (amount_in if column and column.name == "Price" else found_in)(headings, words)


def _readable(file: DataFile, there: list[str], words: tuple[str, ...], column: Column | None) -> str:
    """The first heading that fits, of several that fit the same word the first that holds what the column shall."""
    first = _found(there, words, column)
    if not first or column is None:
        return first
    alike = [name for name in there if any(found_in([first], (w,)) and found_in([name], (w,)) for w in words)]
    fitting = (
        name for name in alike if reads_as(file.column(name), column.kind, file.habits, labelled=column.labelled)
    )
    return first if len(alike) == 1 else next(fitting, first)


def remembered(book: Book, table: str, column: str, heading: str) -> str:
    """The note by which a book remembers a heading, before those that it remembered already."""
    before = book.notes().get(f"{NOTE}{table}.{column}", "").split("\n")
    headings = [heading, *(other for other in before if other and other != heading)]
    while len("\n".join(headings)) > 255 and len(headings) > 1:
        headings.pop()
    return "\n".join(headings)
