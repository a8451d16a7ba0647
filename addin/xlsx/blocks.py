"""Blocks of values that a formula comes to, and the areas that they fill."""

from __future__ import annotations

from addin.errors import CellError
from addin.values import Scalar
from addin.xlsx.addresses import Area
from addin.xlsx.cells import FormulaCell


def area_from(cell: FormulaCell, rows: list[list[Scalar]]) -> Area:
    """The area that a block fills from a cell on."""
    return cell.row, cell.column, cell.row + len(rows) - 1, cell.column + len(rows[0]) - 1


def fitted(rows: list[list[Scalar]], area: Area) -> list[list[Scalar]]:
    """A result laid over an area: one row or column is repeated, missing cells are #N/A."""
    height, width = area[2] - area[0] + 1, area[3] - area[1] + 1
    missing = CellError("#N/A", "the array formula covers more cells than its result has")

    def at(row: int, column: int) -> Scalar:
        row = 0 if len(rows) == 1 else row
        column = 0 if len(rows[0]) == 1 else column
        return rows[row][column] if row < len(rows) and column < len(rows[0]) else missing

    return [[at(row, column) for column in range(width)] for row in range(height)]
