"""Dates as people write them: 2025-03-04, 4.3.25, 03/04/2025, 4 Mar 2025, March 4, 2025, 2025年3月4日, Mar-25."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from addin.month_names import month_named

DAY_FIRST, MONTH_FIRST = "day first", "month first"
TURNED, STANDING = "turned round", "as they stand"
"""How days are read of which a spreadsheet took those up to the 12th for months."""
PIVOT = 69
"""Two digits from here on are years of the 1900s, as in POSIX, Python and DuckDB."""

TIME = r"(?:[T, ]+(?:(?:um|om|à|at|kl\.?) )?[0-9]{1,2}:[0-9]{2}.*|[ ]+[0-9]{1,2}\.[0-9]{2}(?:\.[0-9]{2})?)$"
"""The time behind a day, which is left out; a pattern for Python and for DuckDB."""

_TIME = re.compile(TIME)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-./])\s?([0-9]{1,2})\2\s?([0-9]{1,2})\.?")
_NAMED_UNITS = re.compile(r"([0-9]{4})\s?[年년]\s?([0-9]{1,2})\s?[月월](?:\s?([0-9]{1,2})\s?[日일])?")
"""A day in Chinese, Japanese and Korean, whose year, month and day are named so."""
_YEAR_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-./])\s?([0-9]{1,2})\2\s?([0-9]{4}|[0-9]{2})")
_TWO_DIGITS = re.compile(r"([0-9]{1,2})[-. /]([^\W\d_]+)[-. /]([0-9]{2})")
"""A day such as 4-Mar-26, whose year may be either number."""
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/]([0-9]{4})")
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
_BETWEEN = re.compile(r"[\s.,'/-]*")
_FILLERS = {"de", "del", "of", "the", "г", "th", "st", "nd", "rd", "le", "er"}


def without_time(text: str) -> str:
    """The day of a moment."""
    return _TIME.sub("", text)


def day(text: str, month_first: bool) -> date | None:
    """The day that a text without a time writes, the first where it names but a month; None where it is none."""
    try:
        if found := _YEAR_LAST.fullmatch(text):
            first, mark, second, year = found.groups()
            swapped = month_first and mark != "."
            return date(_year(year), int(first if swapped else second), int(second if swapped else first))
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if found := _NAMED_UNITS.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
        if found := _YEAR_MONTH.fullmatch(text):
            return date(int(found[1]), int(found[2]), 1)
        if found := _COMPACT.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _MONTH_YEAR.fullmatch(text):
            return date(int(found[2]), int(found[1]), 1)
        return _with_month_name(text)
    except ValueError:
        return None


def _year(digits: str) -> int:
    return int(digits) + (0 if len(digits) == 4 else 2000 if int(digits) < PIVOT else 1900)


def _with_month_name(text: str) -> date | None:
    parts = [part for part in _PARTS.findall(text) if part.casefold() not in _FILLERS]
    months = [number for part in parts if not part.isdigit() and (number := month_named(part))]
    numbers = [part for part in parts if part.isdigit()]
    if len(months) != 1 or len(parts) != len(numbers) + 1 or _BETWEEN.fullmatch(_PARTS.sub("", text)) is None:
        return None
    years = [part for part in numbers if len(part) == 4]
    if len(numbers) == 2 and years:
        return date(int(years[0]), months[0], int(numbers[numbers[0] == years[0]]))
    if len(numbers) == 2 and numbers == parts[::2] and len(numbers[1]) == 2:  # 5-Jan-25
        return date(_year(numbers[1]), months[0], int(numbers[0]))
    if len(numbers) == 1 and (years or re.fullmatch(r"[^\W\d_]+\.?[-'/][0-9]{2}", text)):
        return date(_year(numbers[0]), months[0], 1)
    return None


def year_seems_first(days: Iterable[str]) -> bool:
    """Whether days such as 25/03/04 and 25-Mar-04 all write the year first: read so, they are of fewer years."""
    numeric = [match.groups() for text in days if (match := _YEAR_LAST.fullmatch(text))]
    named = [match.groups() for text in days if (match := _TWO_DIGITS.fullmatch(text))]
    firsts, lasts = ({groups[at] for groups in numeric + named} for at in (0, -1))
    both = all(10 <= int(first) <= 31 for first in firsts) and all(
        len(last) == 2 and 1 <= int(last) <= 31 for last in lasts
    )
    return both and len(firsts) < len(lasts) and all(int(second) <= 12 for _, _, second, _ in numeric)


def turned(day: date) -> date:
    """A day with its number and that of its month the other way round; as it is where that is none."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def seem_turned(texts: Mapping[str, int], dates: Iterable[date]) -> bool:
    """Whether all days up to the 12th are dates and all later ones texts, as where a spreadsheet took day for month."""
    order, there = Order(texts), list(dates)
    return (order.month_first is not None and not order.disputed and not order.example
            and any(day.day != day.month for day in there) and all(day.day <= 12 for day in there))  # fmt: skip


class Order:
    """What days tell about the order of day and month: `month_first`, and one such as 3/4/2026 that tells nothing.

    A number above 12 tells, and more of one kind than of the other where there are both. With points between them the
    day is always first.
    """

    def __init__(self, days: Mapping[str, int]) -> None:
        self._first = {False: 0, True: 0}
        self.example = ""
        for text, count in days.items():
            found = _YEAR_LAST.fullmatch(text)
            if found is None or found[2] == ".":
                continue
            first, second = int(found[1]), int(found[3])
            if max(first, second) > 12 >= min(first, second):
                self._first[second > 12] += count
            elif first != second and day(text, True) and day(text, False):
                self.example = self.example or text

    @property
    def month_first(self) -> bool | None:
        """Whether the month comes first; None where nothing tells."""
        return self._first[True] > self._first[False] if any(self._first.values()) else None

    @property
    def disputed(self) -> bool:
        """Whether some days read one way and some the other."""
        return all(self._first.values())


def decide(
    days: Mapping[str, int], elsewhere: bool | None, folder: Mapping[str, int] | None = None
) -> tuple[bool, str]:
    """Whether the month of 3/4/2026 comes first in a column, and an example where it is not clear.

    What the column shows goes first, then what the file shows `elsewhere`, then what the column shows in the other
    files of its folder; else the day is first.
    """
    order = Order(days)
    if order.month_first is not None:
        return order.month_first, order.example if order.disputed else ""
    if elsewhere is None and order.example and folder:
        elsewhere = Order(folder).month_first
    return bool(elsewhere), order.example if elsewhere is None else ""
