"""A cell as the file holds it: one with a formula, and what one shall show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from addin.errors import CellError
from addin.values import LAST_COLUMN, LAST_ROW, LONGEST_FORMULA, Scalar
from addin.xlsx.addresses import Area, Place, address, block
from addin.xlsx.scanner import escaped_cell_text


@dataclass(slots=True)
class FormulaCell:
    """A cell with a formula, as the file holds it."""

    sheet: str
    row: int
    column: int
    formula: str = ""
    saved: Scalar | None = None
    area: Area | None = None
    """Where an array formula puts its results."""
    dynamic: bool = False
    """An array formula whose area follows the size of its result."""
    data_table: bool = False

    @property
    def place(self) -> Place:
        """Where the cell is in the book."""
        return self.sheet, self.row, self.column

    @property
    def left_alone(self) -> str:
        """Why it is not calculated here, whatever its formula says; empty where it is."""
        if self.data_table:
            return "a what-if data table is not calculated here"
        if len(self.formula) > LONGEST_FORMULA:
            return f"a formula of {len(self.formula):,} characters, more than Excel takes, is not calculated here"
        if self.area and self.area[:2] != (self.row, self.column):
            return "an array that does not begin in its cell is not calculated here"
        if self.area and (self.area[2] == LAST_ROW or self.area[3] == LAST_COLUMN):
            return "an array over whole rows or columns is not calculated here"
        if self.area and (self.area[2] - self.area[0] + 1) * (self.area[3] - self.area[1] + 1) > LAST_ROW:
            return "an array over more than a million cells is not calculated here"
        return ""

    @property
    def at(self) -> str:
        """The cell's address within its sheet."""
        return address(self.row, self.column)

    def shows(self, value: Scalar) -> bool:
        """Whether a value is the one saved, to the last digit."""
        return type(value) is type(self.saved) and code(value) == code(self.saved)

    def shows_about(self, value: Scalar) -> bool:
        """Whether a value is the one saved, or a number that differs in the last digits."""
        if isinstance(value, float) and isinstance(self.saved, float):
            return math.isclose(value, self.saved, rel_tol=1e-9, abs_tol=1e-12)
        return self.shows(value)


@dataclass(slots=True)
class NewValue:
    """What a cell shall show (None: nothing), and the area of its array formula where that changes.

    Where it does not keep its formula, it holds the given one, or a constant.
    """

    value: Scalar | None
    area: Area | None = None
    keeps_formula: bool = True
    formula: str = ""


def constants(area: Area, value: Scalar | list[list[Scalar | None]] | None) -> dict[tuple[int, int], NewValue]:
    """What the cells of an area shall hold in place of anything else: rows of values, or the value of a single cell."""
    rows = value if isinstance(value, list) else [[value]]
    cells = (cell for row in rows for cell in row)
    return {at: NewValue(cell, keeps_formula=False) for at, cell in zip(block(area), cells, strict=True)}


def with_saved(cells: Iterable[FormulaCell], values: Mapping[tuple[int, int], NewValue]) -> list[FormulaCell]:
    """The cells of a sheet with formulas once values were written that change none, but may stand in place of one."""
    changed = ((cell, values.get((cell.row, cell.column))) for cell in cells)
    return [
        replace(cell, saved=new.value) if new else cell for cell, new in changed if new is None or new.keeps_formula
    ]


def code(value: Scalar | None) -> object:
    """What two values that show the same have in common: an error's reason counts for nothing."""
    return value.code if isinstance(value, CellError) else value


def encoded(value: Scalar | None, prefix: str = "", *, constant: bool = False) -> tuple[bytes, bytes]:
    """The type attribute and the value element of a cell; a constant's text stands in the cell itself."""
    match value:
        case float():
            return b"", f"<{prefix}v>{number_text(value)}</{prefix}v>".encode()
        case None:
            return b"", b""
        case bool():
            kind, text = "b", str(int(value))
        case CellError():
            kind, text = "e", value.code
        case str():
            kind, text = "str", escaped_cell_text(value)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    if constant and kind == "str":
        return b' t="inlineStr"', f"<{prefix}is><{prefix}t{space}>{text}</{prefix}t></{prefix}is>".encode()
    return f' t="{kind}"'.encode(), f"<{prefix}v{space}>{text}</{prefix}v>".encode()


def number_text(value: float) -> str:
    """A number as the shortest text that reads back as the same number."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
