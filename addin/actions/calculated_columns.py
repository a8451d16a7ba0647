"""Calculated columns of long tables as values, where their formulas would take a spreadsheet minutes.

Each column here means what its formula in the template means, and VLOOKUP and SUMIFS tell no upper from lower case.
Row numbers, which cost nothing, and a column that an input switches (tblSurvey[Shown]) stay formulas.
"""

from __future__ import annotations

from addin.actions.book import Book, Change, Rows, Value

MANY_ROWS = 2_000
"""When one of these tables has more rows, the calculated columns of all three hold values; Refresh renews them."""
LONG = ("tblTransactions", "tblCustomers", "tblSurvey")
NEEDED = {*LONG, "tblCampaigns", "tblSegments"}
NOTE = "columns"
"""The note that says so."""


def fill_long_tables(book: Book, change: Change) -> None:
    """Add to a change what the calculated columns then come to, or their formulas where no table is long any more."""
    if not NEEDED.issubset(book.tables()) or (change.rows and not change.rows.keys() & NEEDED):
        return
    tables = {name: _after(book, name, change.rows.get(name)) for name in NEEDED}
    long = any(len(next(iter(tables[name].values()))) > MANY_ROWS for name in LONG)
    noted = NOTE in book.notes()
    if not long and not noted:
        return
    from addin.actions.column_values import calculated  # with pandas, which short tables need not wait for

    if long:
        book.status("Calculating the columns of long tables")
        channels = [value for row in book.cells("lst_Channels") for value in row]
        for name, columns in calculated(tables, channels).items():
            shown = book.table(name).columns
            if not noted or name in change.rows or any(values != shown[c] for c, values in columns.items()):
                change.filled[name] = dict(columns)
        if not noted:
            change.notes[NOTE] = "values"
    else:
        change.notes[NOTE] = ""
        change.filled.update({name: dict.fromkeys(columns) for name, columns in calculated(tables, []).items()})


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
