"""d_Forecast and d_Tracking: what the models say of the order rows, written by Refresh and never typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from addin.errors import CellError
from addin.metrics.prediction import clv_predict, tracking
from addin.template import sample, theme
from addin.template.data_sheet import Column, write_table
from addin.template.sheet import Book, Page
from addin.values import DAY_ZERO

MONTHS_AHEAD, WEEKS_AHEAD = 12, 52
DECIMALS = 6
"""As many as help a reader, and few enough to be the same on every machine."""

CUSTOMERS = [
    Column("Rank", 9, theme.MONTH),
    Column("Customer", 12, theme.TEXT),
    Column("RepeatOrders", 14, theme.MONTH),
    Column("Recency", 11, theme.DECIMAL),
    Column("Age", 11, theme.DECIMAL),
    Column("PAlive", 11, theme.PERCENT),
    Column("Orders", 11, theme.CENTS),
    Column("Spend", 11, theme.CENTS),
    Column("Value", 11, theme.CENTS),
]
WEEKS = [
    Column("Week", 13, theme.DATE),
    Column("Actual", 11, theme.MONTH),
    Column("Expected", 12, theme.DECIMAL),
]

RankedRow = tuple[float | str | None, ...]
WeekRow = tuple[date, float | None, float]


def ranked(ids: Sequence[str], dates: Sequence[date], amounts: Sequence[float], discount: float) -> list[RankedRow]:
    """Rows of d_Forecast: each customer with what the next twelve months should bring, the most valuable first."""
    _, *rows = clv_predict(ids, dates, amounts, MONTHS_AHEAD, discount)
    rows.sort(key=lambda row: (-(_rounded(row[-1]) or _rounded(row[5]) or 0.0), str(row[0])))
    return [(float(rank), customer, *map(_rounded, values)) for rank, (customer, *values) in enumerate(rows, start=1)]


def _rounded(value: float | CellError) -> float | None:
    """A number as the sheet holds it; blank where there is none, as where the amounts allow no mean."""
    return None if isinstance(value, CellError) else round(float(value), DECIMALS)


def tracked(ids: Sequence[str], dates: Sequence[date]) -> list[WeekRow]:
    """Rows of d_Tracking: repeat orders so far and as expected, week by week, a year ahead."""
    _, *rows = tracking(ids, dates, WEEKS_AHEAD)
    return [
        ((DAY_ZERO + timedelta(days=week)).date(), actual, round(expected, DECIMALS)) for week, actual, expected in rows
    ]


def _orders() -> tuple[list[str], list[date], list[float]]:
    orders = sample.orders()
    return [row[2] for row in orders], [row[1] for row in orders], [row[5] * row[6] for row in orders]


def _write_customers(book: Book) -> None:
    write_table(
        book, CUSTOMER_PAGE.name, "Forecast", "Each customer's next twelve months. Written by Refresh all: do not type",
        "tblForecast", CUSTOMERS, ranked(*_orders(), sample.DISCOUNT),
    )  # fmt: skip


def _write_weeks(book: Book) -> None:
    ids, dates, _ = _orders()
    write_table(
        book, WEEK_PAGE.name, "Tracking", "Repeat orders so far, by week. Written by Refresh all: do not type",
        "tblTracking", WEEKS, tracked(ids, dates),
    )  # fmt: skip


CUSTOMER_PAGE = Page("d_Forecast", "Data: what each customer should bring, as Refresh wrote it", _write_customers)
WEEK_PAGE = Page("d_Tracking", "Data: repeat orders by week, as Refresh wrote them", _write_weeks)
