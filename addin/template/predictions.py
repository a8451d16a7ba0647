"""The rows of tblForecast and tblTracking: what the models say of the order rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from addin.errors import CellError
from addin.metrics.equity import customer_equity
from addin.metrics.prediction import clv_predict, tracking
from addin.metrics.recurring import mrr, retained_by_month
from addin.schema import sample, schemas
from addin.schema.declaration import SampleRow
from addin.schema.preset_samples import RETAIL, sample_rows
from addin.schema.tables.recurring import RECURRING
from addin.values import moment

ORDERS = "tblTransactions"
MONTHS_AHEAD, WEEKS_AHEAD = 12, 52
A_YEAR = MONTHS_SHOWN = 12
"""How far NRR and GRR look back, and for how many months they are shown."""
DECIMALS = 6
"""As many as help a reader, and few enough to be the same on every machine."""

RankedRow = tuple[float | str | None, ...]
RecurringRow = tuple[date, list[float | None]]
WeekRow = tuple[date, float | None, float]


def ranked(ids: Sequence[str], dates: Sequence[date], amounts: Sequence[float], discount: float) -> list[RankedRow]:
    """Rows of tblForecast: each customer with what the next twelve months should bring, the most valuable first."""
    _, *rows = clv_predict(ids, dates, amounts, MONTHS_AHEAD, discount)
    rows.sort(key=lambda row: (-(_rounded(row[-1]) or _rounded(row[5]) or 0.0), str(row[0])))
    return [(float(rank), customer, *map(_rounded, values)) for rank, (customer, *values) in enumerate(rows, start=1)]


def _rounded(value: float | CellError) -> float | None:
    """A number as the sheet holds it; blank where there is none, as where the amounts allow no mean."""
    return None if isinstance(value, CellError) else round(float(value), DECIMALS)


def tracked(ids: Sequence[str], dates: Sequence[date]) -> list[WeekRow]:
    """Rows of tblTracking: repeat orders so far and as expected, week by week, a year ahead."""
    _, *rows = tracking(ids, dates, WEEKS_AHEAD)
    return [(moment(week).date(), actual, round(expected, DECIMALS)) for week, actual, expected in rows]


def to_come(
    ids: Sequence[str], dates: Sequence[date], amounts: Sequence[float], months: float, discount: float,
    confidence: float, as_of: date,
) -> list[float]:  # fmt: skip
    """What the customers of these orders should bring in so many months: orders, and revenue discounted, with low and
    high.
    """
    *_, orders, clv = customer_equity(ids, dates, amounts, months, discount, as_of, confidence=confidence)
    return [float(value) for value in (orders[1], *clv[1:]) if not isinstance(value, CellError)]


def recurring(
    ids: Sequence[str], dates: Sequence[date], amounts: Sequence[float], until: date | None, today: date
) -> list[RecurringRow]:
    """Rows of tblRecurring: what moved the revenue of each month, and what is left of that of a year before.

    A month that is not over today would show everybody who is still to pay as churned; one that was typed counts whole.
    """
    last = _month_of(min(until or max(dates), max(dates)))
    if not until and last == _month_of(today):
        last = _month_of(last - timedelta(days=1))
    payments = (ids, dates, amounts)
    _, *rows = mrr(*payments, _month_end(last))
    rates = retained_by_month(*payments, A_YEAR, _month_end(last))
    rates[:-MONTHS_SHOWN] = [(None, None)] * len(rates[:-MONTHS_SHOWN])
    return [
        (moment(start).date(), [None if value is None else round(float(value), DECIMALS) for value in (*moved, *rate)])
        for (start, *moved), rate in zip(rows, rates, strict=True)
    ]


def _month_of(day: date) -> date:
    return day.replace(day=1)


def _month_end(month: date) -> date:
    return _month_of(month + timedelta(days=31)) - timedelta(days=1)


def rows_of_sample(preset: str = RETAIL) -> dict[str, Sequence[SampleRow]]:
    """What the models say of the sample orders, by table."""
    orders = cast(Sequence[sample.OrderRow], sample_rows(schemas()[ORDERS], preset))
    ids, dates, amounts = [row[2] for row in orders], [row[1] for row in orders], [row[5] * row[6] for row in orders]
    if preset == RECURRING.preset:  # paid like clockwork, which the models of orders do not describe
        months = recurring(ids, dates, amounts, None, max(dates) + timedelta(days=31))
        return {RECURRING.name: [(month, *values) for month, values in months]}
    return {"tblForecast": ranked(ids, dates, amounts, sample.DISCOUNT), "tblTracking": tracked(ids, dates)}
