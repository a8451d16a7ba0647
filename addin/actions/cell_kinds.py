"""Cells of a file, and what users type, read as what a column of the template holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from addin.schema import ColumnKind
from addin.scores import number_in
from addin.tabular import Column, Habits, NotRead, read_anything, read_dates, read_numbers, read_texts
from addin.tabular.cells import Cell

NO_HABITS = Habits()
LOOKED_AT = 200
"""How many cells decide what a column holds."""
MOST = 0.8
"""With this share of its cells a column is of a kind."""


def as_kind(
    cells: Sequence[Cell],
    kind: ColumnKind,
    habits: Habits = NO_HABITS,
    folder: Mapping[str, int] | None = None,
    way: str = "",
    *,
    labelled: bool = False,
) -> Column:
    """A column read as its kind; see `addin.tabular.columns.read_numbers` for what helps where it is unclear.

    Numbers that are `labelled` may have words beside them, as answers have.
    """
    if labelled:
        cells = [
            number if isinstance(cell, str) and (number := number_in(cell)) is not None else cell for cell in cells
        ]
    match kind:
        case ColumnKind.TEXT:
            return read_texts(cells)
        case ColumnKind.DATE:
            return read_dates(cells, habits, folder, way)
        case ColumnKind.NUMBER:
            return read_numbers(cells, habits, folder, way)
    return read_anything(cells, habits)


def reads_as(cells: Sequence[Cell], kind: ColumnKind, habits: Habits, *, labelled: bool = False) -> bool:
    """Whether most of a column's first cells are of a kind."""
    there = [cell for cell in cells if cell is not None][:LOOKED_AT]
    values = as_kind(there, kind, habits, labelled=labelled).values
    return sum(not isinstance(value, NotRead) for value in values) > MOST * len(there)
