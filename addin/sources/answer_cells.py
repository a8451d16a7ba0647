"""Cells of an answer and of a filter, as Python's own values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any


def typed_rows(kinds: Iterable[type], rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows of an answer, each column of the kind that its question declares, whichever engine they came from."""
    makers: Mapping[type, Callable[[Any], Any]] = {int: _whole, date: _day, str: str}
    columns = zip(kinds, zip(*rows, strict=True), strict=True) if rows else ()
    return list(zip(*(_of_kind(kind, makers[kind], cells) for kind, cells in columns), strict=True))


def _of_kind(kind: type, make: Callable[[Any], Any], cells: Sequence[Any]) -> Iterable[Any]:
    return cells if set(map(type, cells)) == {kind} else map(make, cells)


def _whole(cell: Any) -> int:
    number = int(cell or 0)
    if number != (cell or 0):
        raise ValueError(f"{cell!r} is no whole number")
    return number


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if cell is None or isinstance(cell, date) else first_day(int(cell))


def first_day(month: int) -> date:
    """The first day of a month that is counted from year 0."""
    return date(month // 12, month % 12 + 1, 1)


def with_lost(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Every month from the first to the last, with the customers who ordered the month before but not in it."""
    by_month = {month.year * 12 + month.month - 1: counts for month, *counts in rows}
    complete, active_before = [], 0
    for month in range(min(by_month), max(by_month) + 1):
        new, kept, back, _, active = by_month.get(month, [0] * 5)
        complete.append((first_day(month), new, kept, back, active_before - kept, active))
        active_before = active
    return complete


def filter_value(value: Any, of_dates: bool, of_numbers: bool) -> Any:
    """A filter's value as its column holds it: text that is a date or a number becomes one; else ValueError."""
    if not isinstance(value, str):
        return value
    value = value.strip()
    if of_dates:
        return date.fromisoformat(value)
    return float(value) if of_numbers else value
