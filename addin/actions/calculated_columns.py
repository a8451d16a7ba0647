"""Calculated columns of long tables as values, where their formulas would take a spreadsheet minutes.

Each column here means what its formula in the template means, and VLOOKUP and SUMIFS tell no upper from lower case.
Row numbers, which cost nothing, and a column that an input switches (tblSurvey[Shown]) stay formulas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from addin.actions.book import Book, Change, Rows, Value, number_of
from addin.actions.template_age import earlier
from addin.errors import BookError

MANY_ROWS = 2_000
"""When one of these tables has more rows, the calculated columns of all three hold values; Refresh renews them."""
LONG = ("tblTransactions", "tblCustomers", "tblSurvey")
NEEDED = {*LONG, "tblCampaigns", "tblFollowUps", "tblSegments"}
NOTE = "columns"
"""The note that says so."""


def fill_long_tables(book: Book, change: Change) -> None:
    """Add to a change what the calculated columns then come to, or their formulas where no table is long any more."""
    if not NEEDED.issubset(book.tables()) or (change.rows and not change.rows.keys() & NEEDED):
        return
    noted = NOTE in book.notes()
    if not noted and not any(_may_be_long(book, name, change.rows.get(name)) for name in LONG):
        return
    tables = {name: _after(book, name, change.rows.get(name)) for name in NEEDED}
    long = any(len(next(iter(tables[name].values()))) > MANY_ROWS for name in LONG)
    if not long and not noted:
        return
    if long and (other := earlier(book.title, {name: book.table(name).columns for name in NEEDED})):
        raise BookError(f"the columns of tables of more than {MANY_ROWS:,} rows cannot be filled: {other}")
    found = calculated_in(book, tables)
    there = {name: book.table(name).columns for name in found}
    found = {name: {c: values for c, values in columns.items() if c in there[name]} for name, columns in found.items()}
    if long:
        book.status("Calculating the columns of long tables")
        for name, columns in found.items():
            shown = there[name]
            if not noted or name in change.rows or any(values != shown[c] for c, values in columns.items()):
                change.filled[name] = dict(columns)
        if not noted:
            change.notes[NOTE] = "values"
    else:
        change.notes[NOTE] = ""
        change.filled.update({name: dict.fromkeys(columns) for name, columns in found.items()})


def calculated_in(book: Book, tables: Mapping[str, Mapping[str, Sequence[Value]]]) -> dict[str, dict[str, list[Value]]]:
    """What the calculated columns of the long tables come to, by the lists and inputs of a book."""
    from addin.actions.column_values import calculated  # with pandas, which short tables need not wait for
    from addin.actions.order_kinds import OrderRules

    channels, types = ([value for row in book.cells(name) for value in row] for name in ("lst_Channels", "lst_Types"))
    named = ("in_M1", "in_M3", "in_WhoseNo", "in_ActiveMonths")
    at_once, until, rule, active = (number_of(book, name) or 0.0 for name in named)
    return calculated(tables, channels, OrderRules(types, at_once, until, rule == 1, active))


def _may_be_long(book: Book, name: str, rows: Rows | None) -> bool:
    """Whether a table has room for so many rows once its new ones are there, whatever is typed in them."""
    return book.table(name).height + (rows.count if rows else 0) > MANY_ROWS


def _after(book: Book, name: str, rows: Rows | None) -> dict[str, list[Value]]:
    """The typed columns of a table once its new rows are there, with at least one row."""
    table = book.table(name)
    there = max(table.rows, default=-1) + 1
    if rows is None:
        return {column: list(table.columns[column]) for column in table.typed}
    blank: list[Value] = [None] * rows.count
    return {
        column: (list(table.columns[column][:there]) if rows.append else []) + list(rows.columns.get(column, blank))
        or [None]
        for column in table.typed
    }
