"""A column of a file, read as what it shall be; where its texts can be read two ways, both are shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from addin.tabular import dates, numbers
from addin.tabular.cells import Cell
from addin.values import FIRST_SERIAL, LAST_SERIAL, MOST_DIGITS, moment, serial

NUMBER, DATE, ID = "a number", "a date", "written in full, for a spreadsheet has shortened it"
FULL_YEAR = "a date with a year of four digits"
_SHORTENED = re.compile(r"[0-9][.,][0-9]+E\+[0-9]{2}")
"""What a spreadsheet shows, and saves as CSV, of a number of more than eleven digits."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A cell that is not what its column shall be."""

    text: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A text that can be read two ways, and each way's name with what the text then is; the first way was taken."""

    text: str
    ways: Mapping[str, str]

    @property
    def note(self) -> str:
        """What was taken for what, in a sentence."""
        (_, taken), (_, other) = self.ways.items()
        return f"{self.text} is read as {taken}, and could be {other}"


@dataclass(slots=True)
class Column:
    """A column that was read."""

    values: list[Cell | NotRead]
    unclear: Unclear | None = None
    currencies: Counter[str] = field(default_factory=Counter)
    """How many amounts name which currency."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a file writes what its column by itself may leave open."""

    separator: str = ""
    decimal: str = ""
    month_first: bool | None = None


def habits(separator: str, rows: Iterable[Sequence[object]]) -> Habits:
    """What all columns of a file show together."""
    texts = Counter(cell.strip() for row in rows for cell in row if isinstance(cell, str))
    marks, order = numbers.Marks(texts), dates.Order(days_of(texts))
    return Habits(
        separator, "" if len(marks.clear) > 1 else marks.decimal, None if order.disputed else order.month_first
    )


def read_texts(cells: Sequence[Cell]) -> Column:
    """Names and ids: whole numbers without a decimal point."""
    return Column([_text(cell) for cell in cells])


def read_numbers(
    cells: Sequence[Cell], habits: Habits, folder: Mapping[str, int] | None = None, way: str = ""
) -> Column:
    """Numbers and amounts; `folder` holds the column's texts in all files, `way` what the user chose of both ways."""
    texts = texts_of(cells)
    decimal, example = numbers.decide(texts, habits.separator, habits.decimal, folder)
    if way:
        decimal, example = next(mark for mark, name in numbers.CHOICES.items() if name == way), ""
    found = {text: numbers.number(text, decimal) for text in texts}
    currencies: Counter[str] = Counter()
    for text, count in texts.items():
        if name := numbers.currency(text):
            currencies[name] += count
    return Column(_read(cells, found, NUMBER), two_numbers(example, decimal), currencies)


def read_dates(cells: Sequence[Cell], habits: Habits, folder: Mapping[str, int] | None = None, way: str = "") -> Column:
    """Dates as serials; see `read_numbers`. A number beyond all serials may be one such as 20250304."""
    cells = [f"{cell:.0f}" if isinstance(cell, float) and cell > LAST_SERIAL + 1 else cell for cell in cells]
    days = days_of(texts_of(cells))
    wanted = FULL_YEAR if dates.year_seems_first(days) else DATE
    month_first, example = dates.decide(days, habits.month_first, days_of(folder or {}))
    if way in (dates.DAY_FIRST, dates.MONTH_FIRST):
        month_first, example = way == dates.MONTH_FIRST, ""
    found = {day: None if wanted == FULL_YEAR else dates.day(day, month_first) for day in days}
    serials = {
        text: None if (day := found[dates.without_time(text)]) is None else serial(day) for text in texts_of(cells)
    }
    unclear = two_dates(example, month_first)
    real = {cell: moment(cell).date() for cell in {*cells} if days and isinstance(cell, float)
            and FIRST_SERIAL <= cell <= LAST_SERIAL}  # fmt: skip
    if dates.seem_turned(days, real.values()):
        first = next(day for day in real.values() if day.day != day.month)
        ways = {dates.TURNED: _in_words(dates.turned(first)), dates.STANDING: _in_words(first)}
        unclear = unclear if way else Unclear(f"{first}, as all dates beside texts,", ways)
        if way != dates.STANDING:
            right = {cell: serial(dates.turned(day)) + cell % 1 for cell, day in real.items()}
            cells = [right.get(cell, cell) if isinstance(cell, float) else cell for cell in cells]
    return Column(_read(cells, serials, wanted), unclear)


def read_anything(cells: Sequence[Cell], habits: Habits) -> Column:
    """Numbers where the texts are some, else the texts."""
    column = read_numbers(cells, habits)
    column.values = [
        cell if isinstance(value, NotRead) else value for cell, value in zip(cells, column.values, strict=True)
    ]
    return column


def texts_of(cells: Iterable[Cell]) -> Counter[str]:
    """The texts of a column, each with how often it stands there."""
    return Counter(cell for cell in cells if isinstance(cell, str))


def days_of(texts: Mapping[str, int]) -> Counter[str]:
    """The days of moments, each with how often it stands there."""
    days: Counter[str] = Counter()
    for text, count in texts.items():
        days[dates.without_time(text)] += count
    return days


def _read(cells: Sequence[Cell], found: Mapping[str, float | None], wanted: str) -> list[Cell | NotRead]:
    by_text: dict[str, Cell | NotRead] = {
        text: NotRead(text, wanted) if value is None else value for text, value in found.items()
    }
    return [
        by_text[cell]
        if isinstance(cell, str)
        else NotRead(str(cell).upper(), wanted)
        if isinstance(cell, bool)
        else cell
        for cell in cells
    ]


def _text(cell: Cell) -> Cell | NotRead:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        if abs(cell) >= MOST_DIGITS:
            return NotRead(f"{cell:.15g}", ID)
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, str) and _SHORTENED.fullmatch(cell):
        return NotRead(cell, ID)
    return cell


def two_numbers(example: str, decimal: str) -> Unclear | None:
    """Both ways to read an example, if there is one."""
    if not example:
        return None
    other = "," if decimal == "." else "."
    ways = {numbers.CHOICES[mark]: f"{numbers.number(example, mark):.15g}" for mark in (decimal, other)}
    return Unclear(example, ways)


def two_dates(example: str, month_first: bool) -> Unclear | None:
    """Both ways to read an example, if there is one."""
    if not example:
        return None
    ways = {}
    for way in (month_first, not month_first):
        day = dates.day(example, way)
        assert isinstance(day, date)
        ways[dates.MONTH_FIRST if way else dates.DAY_FIRST] = _in_words(day)
    return Unclear(example, ways)


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
