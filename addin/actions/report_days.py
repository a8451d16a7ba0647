"""The days of which a report of what campaigns cost tells: those of its rows, and those above its headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeAlias

from addin.actions.book import text_of
from addin.exports import Export, found_in
from addin.tabular import DataFile, NotRead, Unclear, read_dates
from addin.tabular.cells import Cell
from addin.tabular.columns import DATE, habits
from addin.values import moment

Period: TypeAlias = tuple[float, float]
"""The first and the last day, as serials."""
FIRST_DAY, LAST_DAY = "first day of the report", "last day of the report"
"""Headings of what a report says above its headings."""
NOTHING = ("-", "--", "–", "—")
"""How reports write that there is no value."""
_BETWEEN_DAYS = re.compile(r"\s[-–—]\s|:\s|,\s(?=[^\W\d][^:,]*:)")


def days_told(period: Period) -> str:
    """A period in words."""
    first, last = map(day_told, period)
    return f"on {first}" if first == last else f"from {first} to {last}"


def day_told(serial: float) -> str:
    """A day as messages write it."""
    return moment(int(serial)).date().isoformat()


def make_ready(file: DataFile) -> None:
    """Blank the signs for no value, and put the days that stand above the headings beside the rows."""
    for cells in file.columns:
        cells[:] = [None if cell in NOTHING else cell for cell in cells]
    for line in file.titles:
        texts = [text.strip() for text in _BETWEEN_DAYS.split(line)]
        read = read_dates(texts, file.habits).values
        days = [text for text, day in zip(texts, read, strict=True) if isinstance(day, float)]
        if len(days) == 2 or days == texts:
            file.headings += [FIRST_DAY, LAST_DAY]
            file.columns += [[day] * len(file.numbers) for day in (days[0], days[-1])]
            if file.habits.month_first is None:
                file.habits = replace(file.habits, month_first=habits("", [days]).month_first)
            return


class Days:
    """The days of a report's rows."""

    def __init__(self, file: DataFile, export: Export, rows: Sequence[int], way: str) -> None:
        self._file, self._read = file, dict[str, list[Cell | NotRead]]()
        self.unclear: dict[str, Unclear] = {}
        """Headings to a day under them that can be read two ways."""
        there = [heading for words in (export.days, export.since, export.until) for word in words
                 if (heading := found_in(file.headings, (word,)))]  # fmt: skip
        for heading in there:
            column = read_dates(file.column(heading), file.habits, way=way)
            self._read[heading] = column.values
            if column.unclear:
                self.unclear[heading] = column.unclear
        day, first, last = (found_in(file.headings, words) for words in (export.days, export.since, export.until))
        self._ends = (day, day) if day else (first, last)
        self._firsts, self._lasts = (
            [name for name in there if found_in([name], (*export.days, *words))]
            for words in (export.since, export.until)
        )
        self._rows = [row for row in rows if self.of(row)]

    @property
    def headings(self) -> Collection[str]:
        """Those that days were read from."""
        return self._read.keys()

    def of(self, row: int) -> Period | None:
        """The days of a row."""
        first, last = (self._read[name][row] if name else None for name in self._ends)
        return (first // 1, last // 1) if isinstance(first, float) and isinstance(last, float) else None

    def missing(self, row: int) -> NotRead | None:
        """What a row has in place of its days, where other rows have theirs."""
        if not self._rows or self.of(row):
            return None
        name = next(name for name in self._ends if not isinstance(self._read[name][row], float))
        return NotRead(text_of(self._file.column(name)[row]) or "nothing", f"{DATE} under {name}")

    @property
    def whole(self) -> Period | None:
        """The days of all rows; None where none tells its own."""
        if not self._rows:
            return None
        firsts, lasts = (
            [day // 1 for name in names for row in self._rows if isinstance(day := self._read[name][row], float)]
            for names in (self._firsts, self._lasts)
        )
        return min(firsts), max(lasts)
