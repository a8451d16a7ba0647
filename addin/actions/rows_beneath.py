"""Rows that stand right beneath a table, pasted or written by another program: they are read as rows of it.

A spreadsheet lets a table grow over what is typed beneath it; LibreOffice and libraries such as openpyxl do not. An
action reads the rows of the table and those beneath, and the next write lets the table grow over them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from addin.actions.book import Book, Change, Rows, Table, Value, text_of
from addin.actions.calculated_columns import fill_long_tables
from addin.schema import Column, ColumnKind, typed_columns

TOTALS = frozenset([
    "total", "totals", "grand total", "subtotal", "sum", "gesamt", "gesamtsumme", "summe", "total general", "suma",
    "somme", "totale", "totaal", "összesen", "yhteensä", "razem", "summa", "итого", "всего",
])  # fmt: skip
"""What a line of totals begins with in the languages of the headings."""


def with_rows_beneath(table: Table, beneath: Mapping[int, Sequence[Value]]) -> Table:
    """A table with the rows that join it; `beneath` has the sheet's rows under it in which its columns hold something.

    They join without a blank row between, as far as the last one that looks like a row of the table: a line of
    totals and a note stay where they are. Of the rows further down, those that look like rows are its strays.
    """
    if not beneath:
        return table
    row = _RowOf(table)
    joined: list[Sequence[Value]] = []
    while not table.has_totals and row.holds(beneath.get(table.bottom + 1 + len(joined), ())):
        joined.append(beneath[table.bottom + 1 + len(joined)])
    while joined and not row.is_like(joined[-1]):
        joined.pop()
    columns = {
        name: [*values, *(cells[index] for cells in joined)]
        for index, (name, values) in enumerate(table.columns.items())
    }
    last = table.bottom + len(joined)
    strays = tuple(number for number in sorted(beneath) if number > last and row.is_like(beneath[number]))
    height = table.height + len(joined)
    return replace(table, height=height, columns=columns, joined=len(joined), strays=strays)


class _RowOf:
    """Tells what looks like a row of a table."""

    def __init__(self, table: Table) -> None:
        self.typed = [index for index, name in enumerate(table.columns) if name not in table.calculated]
        declared = typed_columns(table.name)
        wanted = {n: c for n, c in declared.items() if c.expected_in_files} if declared else _usual(table)
        self.wanted = {index: wanted[name] for index, name in enumerate(table.columns) if name in wanted}

    def holds(self, cells: Sequence[Value]) -> bool:
        """Whether something is typed in a row."""
        return bool(cells) and any(_filled(cells[index]) for index in self.typed)

    def is_like(self, cells: Sequence[Value]) -> bool:
        """Whether more than half of what each row needs is there, and the row is none of totals."""
        first = next((cells[index] for index in self.typed if _filled(cells[index])), None)
        if first is None or text_of(first).strip(" :.").casefold() in TOTALS:
            return False
        right = sum(_filled(cells[i]) and not column.fault(cells[i], {}) for i, column in self.wanted.items())
        return right * 2 > len(self.wanted) or not self.wanted


def _filled(value: Value) -> bool:
    return value is not None and value != ""


def _usual(table: Table) -> dict[str, Column]:
    """What the rows of a table of the user's have in common: columns that are filled in all, with numbers or texts."""
    found = {}
    for name in table.typed:
        values = [table.columns[name][index] for index in table.rows]
        if values and all(map(_filled, values)):
            kind = ColumnKind.NUMBER if all(isinstance(value, float) for value in values) else ColumnKind.ANY
            found[name] = Column(name, 0, kind, required=True)
    return found


def complete(book: Book, change: Change) -> dict[str, int]:
    """Let a change have tables grow over the rows that join them, and fill long ones; gives those rows, by table."""
    found = {name: count for name in book.tables() if (count := book.table(name).joined)}
    for name in found.keys() - change.rows.keys():
        change.rows[name] = Rows({}, append=True)
    fill_long_tables(book, change)
    return found


def take_in(book: Book) -> dict[str, int]:
    """Let every table grow over the rows that join it, as one step where there are any."""
    change = Change()
    if found := complete(book, change):
        with book.action("Rows beneath tables"):
            book.write(change)
            book.calculate()
    return found
