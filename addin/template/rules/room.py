"""The rule of room: a text is not cut off by the cell beside it, nor by the height of its row."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.cell import Cell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from addin.template.measure import COUNTED_SIZE, INDENT, PADDING, UNIT, lines_needed, text_width
from addin.template.rules.book_reader import Finding, Opened, cells_of
from addin.values import LAST_COLUMN

LINE = 1.25
"""The height of a line, to the size of its font."""
STANDARD_WIDTH, STANDARD_HEIGHT = 9.0, 15.0
"""Of a column and a row that say none."""


def no_text_is_cut_off(opened: Opened) -> Iterator[Finding]:
    """A text fits its cell and the blank ones beside it, or wraps into lines for which its row is high enough."""
    for sheet in opened.book.worksheets:
        room = _Room(sheet, opened.values[sheet.title])
        for cell in cells_of(sheet):
            text = room.shown.get((cell.row, cell.column))
            if isinstance(text, str) and (fault := room.fault(cell, text)):
                yield Finding(f"{sheet.title}!{cell.coordinate}", f'"{" ".join(text.split())}" {fault}')


class _Room:
    """What the texts of a sheet have room for."""

    def __init__(self, sheet: Worksheet, values: Worksheet) -> None:
        self.shown = {(cell.row, cell.column): cell.value for cell in cells_of(values) if cell.value is not None}
        self._filled = self.shown.keys() | {(c.row, c.column) for c in cells_of(sheet) if c.value is not None}
        self._heights = sheet.row_dimensions
        self._widths = {
            column: round(dimension.width * UNIT)
            for dimension in sheet.column_dimensions.values()
            for column in range(dimension.min or 0, (dimension.max or 0) + 1)
        }
        self._page_end = (range_boundaries(sheet.print_area.rpartition("!")[2])[2] or 0) if sheet.print_area else 0

    def fault(self, cell: Cell, text: str) -> str:
        """Why a text is cut off, or nothing."""
        size, bold = cell.font.size or COUNTED_SIZE, bool(cell.font.bold)
        wide, room = text_width(text, size, bold=bold), self._of(cell)
        if not cell.alignment.wrap_text:
            over = wide - self._beside(cell, room, wide)
            return f"is {over:.0f} pixels too long" if over > 0 else ""
        for word in text.split():
            if word.isalpha() and text_width(word, size, bold=bold) > room:
                return f"breaks within {word}"
        lines, height = lines_needed(text, room, size, bold=bold), self._heights[cell.row].height or STANDARD_HEIGHT
        return f"takes {lines} lines in a row {height:g} high" if lines * size * LINE > height else ""

    def _of(self, cell: Cell) -> float:
        return self._width(cell.column) - PADDING - INDENT * float(cell.alignment.indent)

    def _beside(self, cell: Cell, room: float, need: float) -> float:
        """The room with that of the blank cells that a text runs into, on the page that is printed."""
        step = -1 if cell.alignment.horizontal == "right" else 1
        end = self._page_end if cell.column <= self._page_end else LAST_COLUMN
        column = cell.column + step
        while room < need and 1 <= column <= end and (cell.row, column) not in self._filled:
            room += self._width(column)
            column += step
        return room

    def _width(self, column: int) -> float:
        return self._widths.get(column, STANDARD_WIDTH * UNIT)
