"""What a workbook held when the page read it: a Sheet of cells, and the tables, names and notes around it.

A cell's content is what Excel's JavaScript takes for it: a formula with its =, a text behind an apostrophe, a number,
TRUE or FALSE, an error's code, or "" for a blank.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any, Self, TypeAlias

from addin.actions.book import Value
from addin.errors import CellError
from addin.our_calls import calls_us
from addin.xlsx.addresses import Area

Content: TypeAlias = str | float | bool
_ERROR = re.compile(r"#(?:N/A|[A-Z0-9/_]+[!?])")


class Sheet:
    """The cells of a sheet, column by column; rows and columns are numbered from 1."""

    def __init__(self, columns: Iterable[Iterable[Value]], formulas: Iterable[tuple[int, int, str]]) -> None:
        self._columns: list[list[Value]] = [list(map(_incoming, cells)) for cells in columns]
        self._formulas: dict[int, dict[int, str]] = {}
        for row, column, text in formulas:
            self._formulas.setdefault(int(column), {})[int(row)] = text
        asked = cache(calls_us)  # the rows of a table have the same formula
        self.calls = [(row, column, text) for column, texts in self._formulas.items()
                      for row, text in texts.items() if asked(text)]  # fmt: skip
        """The cells that call our functions, as they were read."""

    @classmethod
    def read(cls, text: str) -> Self:
        """A sheet from the page's JSON."""
        return cls(**json.loads(text, parse_int=float))

    def copy(self) -> Sheet:
        """One that can be written to while this stays as it was read."""
        made = copy(self)
        made._columns, made._formulas = [*self._columns], {**self._formulas}
        return made

    @property
    def bottom(self) -> int:
        """The last row that is used."""
        return max(map(len, self._columns), default=0)

    def column(self, number: int, first: int, last: int) -> list[Value]:
        """What a column shows between two rows."""
        cells = self._columns[number - 1][first - 1 : last] if number <= len(self._columns) else []
        return cells + [None] * (last - first + 1 - len(cells))

    def formulas(self, number: int) -> Mapping[int, str]:
        """Row to formula of a column."""
        return self._formulas.get(number, {})

    def values(self, area: Area) -> list[list[Value]]:
        """What an area shows, row by row."""
        top, left, bottom, right = area
        return list(map(list, zip(*(self.column(n, top, bottom) for n in range(left, right + 1)), strict=True)))

    def contents(self, area: Area) -> list[list[Content]]:
        """What stands in an area, as Excel takes it, column by column."""
        top, left, bottom, right = area
        found = []
        for number in range(left, right + 1):
            cells = [*map(sent, self.column(number, top, bottom))]
            for row, text in self.formulas(number).items():
                if top <= row <= bottom:
                    cells[row - top] = text
            found.append(cells)
        return found

    def used(self, area: Area) -> Area:
        """The part of an area that lies within the used one, with at least its first cell."""
        top, left, bottom, right = area
        return top, left, max(top, min(bottom, self.bottom)), max(left, min(right, len(self._columns)))

    def put(self, row: int, column: int, values: Sequence[Value], formula: str = "") -> None:
        """Let other values stand in a column from a row on, or a formula that shows nothing until it is calculated."""
        self._columns += [[] for _ in range(column - len(self._columns))]
        rows = range(row, row + len(values))
        above = self.column(column, 1, row - 1)
        shown = [None if formula or value == "" else value for value in values]
        self._columns[column - 1] = [*above, *shown, *self._columns[column - 1][rows.stop - 1 :]]
        kept = {at: text for at, text in self.formulas(column).items() if at not in rows}
        self._formulas[column] = kept | dict.fromkeys(rows, formula) if formula else kept


@dataclass(slots=True)
class SheetTable:
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
        self.sheets: dict[str, Sheet] = {name: sheet.copy() for name, sheet in read["sheets"].items()}
        self.tables = {table["name"].lower(): SheetTable(**table) for table in read["tables"]}
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


def _incoming(raw: Value) -> Value:
    if isinstance(raw, str):
        return CellError(raw) if raw[:1] == "#" and _ERROR.fullmatch(raw) else raw or None
    return raw
