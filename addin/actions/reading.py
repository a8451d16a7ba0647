"""Cells of a file, and what users type, read as what a column of the template holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from addin.schema import ColumnKind
from addin.tabular import Column, Habits, read_anything, read_dates, read_numbers, read_texts
from addin.tabular.cells import Cell

NO_HABITS = Habits()


def as_kind(
    cells: Sequence[Cell],
    kind: ColumnKind,
    habits: Habits = NO_HABITS,
    folder: Mapping[str, int] | None = None,
    way: str = "",
) -> Column:
    """A column read as its kind; see `addin.tabular.columns.read_numbers` for what helps where it is unclear."""
    match kind:
        case ColumnKind.TEXT:
            return read_texts(cells)
        case ColumnKind.DATE:
            return read_dates(cells, habits, folder, way)
        case ColumnKind.NUMBER:
            return read_numbers(cells, habits, folder, way)
    return read_anything(cells, habits)
