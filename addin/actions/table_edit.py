"""Rows that a change writes into a table: where they go, where the table then ends, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from addin.actions.book import Rows, Table, Value
from addin.errors import BookError
from addin.values import LAST_ROW, LONGEST_TEXT, too_long


@dataclass(frozen=True, slots=True)
class TableEdit:
    """What a table then holds; rows are the sheet's, from 1. Rows beneath the last one are cleared."""

    start: int
    """The first new row; beneath the last row where there are none."""
    last: int
    """The row in which the table then ends."""
    values: Mapping[str, tuple[int, Sequence[Value]]]
    """Column to the row from which its values are written, and the values."""
    formulas: Mapping[str, int]
    """Calculated column to the row from which its formula fills it, down to the last row."""


def table_edit(title: str, table: Table, rows: Rows | None, filled: Mapping[str, Sequence[Value] | None]) -> TableEdit:
    """What a change to one table of the book `title` comes to; a BookError where it cannot be made."""
    if table.has_totals:
        raise BookError(
            f"{title}, sheet {table.sheet}: {table.name} has a total row; switch it off, then its rows can be written"
        )
    start, last = table.bottom + 1, table.bottom
    values: dict[str, tuple[int, Sequence[Value]]] = {}
    if rows is not None and (wrong := rows.columns.keys() - set(table.typed)):
        raise BookError(f"{title}: {table.name} has no column {min(wrong)} to type into")
    if rows is not None and (rows.count or not rows.append):
        count = max(rows.count, 1)
        start = table.top + (max(table.rows, default=-1) + 1 if rows.append else 0)
        last = start + count - 1
        values = {name: (start, rows.columns.get(name) or [None] * count) for name in table.typed}
    for name, (_, cells) in values.items():
        longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
        if longest > LONGEST_TEXT:
            raise BookError(f"{title}: a text of {table.name}[{name}] has {too_long(longest)}; shorten it")
    if last > LAST_ROW:
        raise BookError(f"{title}: {table.name} would end in row {last:,}, and a sheet ends in row {LAST_ROW:,}")
    values |= {name: (table.top, cells) for name, cells in filled.items() if cells is not None}
    fresh = min(start, table.bottom - table.joined + 1)
    formulas = {
        name: table.top if name in filled else fresh
        for name in table.columns
        if name in table.calculated and name not in values and (name in filled or fresh <= last)
    }
    return TableEdit(start, last, values, formulas)
