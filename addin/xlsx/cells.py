"""A cell as the file holds it: one with a formula, and what one shall show."""

from __future__ import annotations

from dataclasses import dataclass

from addin.errors import CellError
from addin.values import LAST_COLUMN, LAST_ROW, Scalar
from addin.xlsx.addresses import Area, Place, address
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
        if self.area and (self.area[2] == LAST_ROW or self.area[3] == LAST_COLUMN):
            return "an array over whole rows or columns is not calculated here"
        if self.area and (self.area[2] - self.area[0] + 1) * (self.area[3] - self.area[1] + 1) > LAST_ROW:
            return "an array over more than a million cells is not calculated here"
        return ""

    @property
    def at(self) -> str:
        """The cell's address within its sheet."""
        return address(self.row, self.column)


@dataclass(slots=True)
class NewValue:
    """What a cell shall show (None: nothing), and the area of its array formula where that changes.

    Where it does not keep its formula, it holds the given one, or a constant.
    """

    value: Scalar | None
    area: Area | None = None
    keeps_formula: bool = True
    formula: str = ""


def encoded(value: Scalar | None, prefix: str = "", *, constant: bool = False) -> tuple[bytes, bytes]:
    """The type attribute and the value element of a cell; a constant's text stands in the cell itself."""
    match value:
        case None:
            return b"", b""
        case bool():
            kind, text = "b", str(int(value))
        case CellError():
            kind, text = "e", value.code
        case str():
            kind, text = "str", escaped_cell_text(value)
        case _:
            kind, text = "", number_text(value)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    if constant and kind == "str":
        return b' t="inlineStr"', f"<{prefix}is><{prefix}t{space}>{text}</{prefix}t></{prefix}is>".encode()
    return (f' t="{kind}"' if kind else "").encode(), f"<{prefix}v{space}>{text}</{prefix}v>".encode()


def number_text(value: float) -> str:
    """A number as the shortest text that reads back as the same number."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
