"""The rows of tblForecast and tblTracking: what the models say of the order rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from addin.errors import CellError, NoConvergence
from addin.metrics.equity import customer_equity
from addin.metrics.prediction import clv_predict, tracking
from addin.schema import sample, schemas
from addin.schema.declaration import SampleRow
from addin.schema.preset_samples import RETAIL, sample_rows
from addin.values import moment

ORDERS = "tblTransactions"
MONTHS_AHEAD, WEEKS_AHEAD = 12, 52
DECIMALS = 6
"""As many as help a reader, and few enough to be the same on every machine."""

RankedRow = tuple[float | str | None, ...]
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


def rows_of_sample(preset: str = RETAIL) -> dict[str, Sequence[SampleRow]]:
    """What the models say of the sample orders, by table."""
    orders = cast(Sequence[sample.OrderRow], sample_rows(schemas()[ORDERS], preset))
    ids, dates, amounts = [row[2] for row in orders], [row[1] for row in orders], [row[5] * row[6] for row in orders]
    try:
        return {"tblForecast": ranked(ids, dates, amounts, sample.DISCOUNT), "tblTracking": tracked(ids, dates)}
    except NoConvergence:  # of payments by the month
        return {}
