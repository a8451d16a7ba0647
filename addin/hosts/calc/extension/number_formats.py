"""How the columns of a table that a function gives show: dates as dates, shares as percentages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

DATE, SHARE = "YYYY-MM-DD", "0.0%"


def show_columns(document: Any, area: Any, declared: Mapping[str, str]) -> None:
    """Format the columns of a table: those declared to hold dates, and shares among those of which nothing is declared.

    Where all of these are shares together, as in a table of cohorts, a column of ones among them is one of shares.
    """
    headings, *rows = area.getDataArray()
    numbers = {
        index: [cell for cell in cells if isinstance(cell, float)]
        for index, (heading, *cells) in enumerate(zip(headings, *rows, strict=True)) if heading not in declared
    }  # fmt: skip
    together = _are_shares([number for column in numbers.values() for number in column])
    for index, heading in enumerate(headings if rows else ()):
        share = index in numbers and bool(numbers[index]) and (together or _are_shares(numbers[index]))
        if share or declared.get(heading) == "date":
            column = area.getCellRangeByPosition(index, 1, index, len(rows))
            column.NumberFormat = _key(document, SHARE if share else DATE)


def _are_shares(numbers: Collection[float]) -> bool:
    """Whether numbers lie from 0 to 1, and some between."""
    return all(0 <= number <= 1 for number in numbers) and any(0 < number < 1 for number in numbers)


def _key(document: Any, code: str) -> int:
    import uno

    english = uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
    formats = document.NumberFormats
    key = int(formats.queryKey(code, english, False))
    return key if key >= 0 else int(formats.addNew(code, english))
