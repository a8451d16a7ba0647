"""Cell addresses: B2 and row 2, column 2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from addin.values import LAST_COLUMN, LAST_ROW, column_letters, column_number

Area = tuple[int, int, int, int]
"""Top, left, bottom, right; 1-based and inclusive."""
Place = tuple[str, int, int]
"""Sheet, row, column."""


def address(row: int, column: int) -> str:
    """B2 for row 2, column 2."""
    return f"{column_letters(column)}{row}"


def area_text(area: Area) -> str:
    """B2:C5 for an area."""
    return f"{address(area[0], area[1])}:{address(area[2], area[3])}"


def of_sheet(sheet: str, reference: str) -> str:
    """'Q1 plan'!B2 for B2 of a sheet."""
    return "'" + sheet.replace("'", "''") + "'!" + reference


def area_of(text: str) -> Area:
    """The area that B2 or B2:C5 names."""
    first, _, last = text.replace("$", "").partition(":")
    top, left = position(first, 0, 0)
    bottom, right = position(last or first, 0, 0)
    return top, left, bottom, right


def on_sheet(area: Area) -> bool:
    """Whether an area is one, and lies on a sheet."""
    top, left, bottom, right = area
    return 1 <= top <= bottom <= LAST_ROW and 1 <= left <= right <= LAST_COLUMN


_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def position(reference: str | None, row: int, column: int) -> tuple[int, int]:
    """A cell's place; a cell that does not name it follows the one before it."""
    if reference is None or not (match := _CELL.fullmatch(reference)):
        return row, column + 1
    letters, digits = match.groups()
    return int(digits), column_number(letters)


def block(area: Area) -> Iterator[tuple[int, int]]:
    """The cells of an area, row by row."""
    return product(range(area[0], area[2] + 1), range(area[1], area[3] + 1))
