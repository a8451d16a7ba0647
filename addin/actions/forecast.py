"""The rows of the Forecast sheet: what the models say of the order rows as they stand."""

from __future__ import annotations

from datetime import date

from addin.actions.book import Book, Change, Rows, number_of, text_of
from addin.errors import MetricError
from addin.schema import schemas
from addin.template import predictions
from addin.values import moment, serial

CUSTOMERS, WEEKS, ORDERS = "tblForecast", "tblTracking", "tblTransactions"


def forecast(book: Book) -> Change:
    """New rows for both tables; none where no model fits the orders, and no change in a book without the tables."""
    change = Change()
    if not {CUSTOMERS, WEEKS, ORDERS} <= set(book.tables()):
        return change
    try:
        ranked, tracked = _rows(book)
    except MetricError:
        ranked, tracked = [], []
    weeks = [(serial(week), actual, expected) for week, actual, expected in tracked]
    for name, rows in ((CUSTOMERS, ranked), (WEEKS, weeks)):
        columns = schemas()[name].typed
        values = map(list, zip(*rows, strict=True)) if rows else ([] for _ in columns)
        change.rows[name] = Rows(dict(zip(columns, values, strict=True)))
    return change


def _rows(book: Book) -> tuple[list[predictions.RankedRow], list[predictions.WeekRow]]:
    orders = book.table(ORDERS).columns
    ids: list[str] = []
    dates: list[date] = []
    amounts: list[float] = []
    for customer, day, units, price in zip(*(orders[c] for c in ("Customer", "Date", "Units", "Price")), strict=True):
        if customer and isinstance(day, float) and isinstance(units, float) and isinstance(price, float):
            ids.append(text_of(customer))
            dates.append(moment(day).date())
            amounts.append(units * price)
    ranked = predictions.ranked(ids, dates, amounts, number_of(book, "in_Discount") or 0.0)
    return ranked, predictions.tracked(ids, dates)
