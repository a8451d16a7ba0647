"""What a workbook held when the page read it: a Sheet of cells, and the tables, names and notes around it.

A cell's content is what Excel's JavaScript takes for it: a formula with its =, a text behind an apostrophe, a number,
TRUE or FALSE, an error's code, or "" for a blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from addin.actions.book import Value
from addin.errors import CellError
from addin.xlsx.addresses import Area

Content: TypeAlias = str | float | bool
_ERROR = re.compile(r"#(?:N/A|[A-Z0-9/_]+[!?])")


class Sheet:
    """The cells of a sheet, by row and column from 1."""

    def __init__(self, values: list[list[Any]], formulas: Sequence[tuple[int, int, str]]) -> None:
        self._rows: list[list[Value]] = [list(map(_incoming, row)) for row in values]
        self.formulas = {(row, column): text for row, column, text in formulas}

    @property
    def bottom(self) -> int:
        """The last row that is used."""
        return len(self._rows)

    def values(self, area: Area) -> list[list[Value]]:
        """What an area shows, row by row."""
        return [[self._value(row, column) for column in _columns(area)] for row in _rows(area)]

    def contents(self, area: Area) -> list[list[Content]]:
        """What stands in an area, as Excel takes it."""
        return [
            [self.formulas.get((row, column)) or sent(self._value(row, column)) for column in _columns(area)]
            for row in _rows(area)
        ]

    def used(self, area: Area) -> Area:
        """The part of an area that lies within the used one, with at least its first cell."""
        top, left, bottom, right = area
        return top, left, max(top, min(bottom, self.bottom)), max(left, min(right, len(max(self._rows, key=len))))

    def put(self, row: int, column: int, contents: Sequence[Sequence[Content]]) -> None:
        """Let other contents stand in an area that begins there; a formula shows nothing until it is calculated."""
        self._rows += [[] for _ in range(row + len(contents) - 1 - self.bottom)]
        for at, line in enumerate(contents, start=row):
            cells = self._rows[at - 1]
            cells += [None] * (column + len(line) - 1 - len(cells))
            for number, content in enumerate(line, start=column):
                self.formulas.pop((at, number), None)
                cells[number - 1] = None
                if isinstance(content, str) and content.startswith("="):
                    self.formulas[at, number] = content
                else:
                    cells[number - 1] = _shown(content)

    def _value(self, row: int, column: int) -> Value:
        cells = self._rows[row - 1] if row <= len(self._rows) else ()
        return cells[column - 1] if column <= len(cells) else None


@dataclass(slots=True)
class TableArea:
    """Where a table stands, its headings and total row included."""

    name: str
    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    totals: bool


class Snapshot:
    """A workbook as it was read."""

    def __init__(self, read: Mapping[str, Any]) -> None:
        self.title: str = read["title"]
        self.sheets = {name: Sheet(**cells) for name, cells in read["sheets"].items()}
        self.tables = {table["name"].lower(): TableArea(**table) for table in read["tables"]}
        self.names: dict[str, str] = read["names"]
        self.notes: dict[str, str] = read["notes"]
        self.spills: dict[str, str] = read["spills"]
        """Place of a formula to the area that it fills."""


def sent(value: Value) -> Content:
    """A value as Excel's JavaScript takes it; text stays text, whatever it looks like."""
    if isinstance(value, CellError):
        return value.code
    if value is None or value == "":
        return ""
    return f"'{value}" if isinstance(value, str) else value


def _shown(content: Content) -> Value:
    return content[1:] if isinstance(content, str) and content.startswith("'") else _incoming(content)


def _incoming(raw: Any) -> Value:
    if isinstance(raw, str):
        return CellError(raw) if _ERROR.fullmatch(raw) else raw or None
    return raw if raw is None or isinstance(raw, bool) else float(raw)


def _rows(area: Area) -> range:
    return range(area[0], area[2] + 1)


def _columns(area: Area) -> range:
    return range(area[1], area[3] + 1)
