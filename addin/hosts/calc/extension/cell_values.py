"""What cells show, and values written into them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import frames

CONTENTS = 1 | 2 | 4 | 16
"""com.sun.star.sheet.CellFlags: VALUE, DATETIME, STRING and FORMULA"""


def shown(block: Any) -> tuple[tuple[Any, ...], ...]:
    """What cells show, row by row; an error is the NaN that carries it, a blank is ""."""
    rows: tuple[tuple[Any, ...], ...] = block.getDataArray()
    return tuple(
        row
        if None not in row
        else tuple(
            frames.nan_with(block.getCellByPosition(across, down).getError()) if value is None else value
            for across, value in enumerate(row)
        )
        for down, row in enumerate(rows)
    )


def put(area: Any, given: frames.Cells) -> None:
    """Write values in place of what stands there; text stays text, whatever it begins with."""
    if area.getSpreadsheet().isProtected():  # a whole area is refused there, even if no cell in it is locked
        for number, value in enumerate(given.cells):
            _put_one(area.getCellByPosition(number % given.width, number // given.width), value)
    else:
        put_rows(area, given.rows)


def put_rows(area: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write values into an area whose sheet is not protected.

    A single cell is written as if typed: Undo would leave what a whole area takes where nothing stood before.
    """
    if len(rows) == 1 and len(rows[0]) == 1:
        _put_one(area.getCellByPosition(0, 0), rows[0][0])
        return
    if any("" in row for row in rows):  # LibreOffice's Redo writes no blanks
        area.clearContents(CONTENTS)
    area.setDataArray(tuple(rows))
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            if value != value:  # a NaN, which carries an error
                _put_one(area.getCellByPosition(across, down), value)


def _put_one(cell: Any, value: Any) -> None:
    if isinstance(value, str):
        cell.setFormula("") if value == "" else cell.setString(value)
    elif value != value:
        cell.setFormula(f"={frames.error_named(frames.code_in(value))}")
    else:
        cell.setValue(value)
