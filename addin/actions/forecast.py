"""What the models say of the order rows as they stand: the rows of the tables of forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from operator import itemgetter

from addin.actions.book import Book, Change, Rows, Value, number_of, text_of, value_of
from addin.errors import MetricError
from addin.schema import schemas
from addin.template import predictions
from addin.values import came_to, moment, serial

CUSTOMERS, WEEKS, LIFETIME, ORDERS = "tblForecast", "tblTracking", "tblLifetime", "tblTransactions"
RECURRING = "tblRecurring"


def forecast(book: Book) -> Change:
    """New rows for the tables of forecasts, none where no model fits the orders; no change in a book without them."""
    change = Change()
    if not {CUSTOMERS, WEEKS, ORDERS} <= set(book.tables()):
        return change
    try:
        ranked, tracked = _rows(book)
    except MetricError:
        ranked, tracked = [], []
    weeks = [(serial(week), actual, expected) for week, actual, expected in tracked]
    tables: list[tuple[str, Sequence[Sequence[Value]]]] = [(CUSTOMERS, ranked), (WEEKS, weeks)]
    if LIFETIME in book.tables():
        tables.append((LIFETIME, _lifetime(book)))
    if RECURRING in book.tables():
        tables.append((RECURRING, _recurring(book)))
    for name, rows in tables:
        columns = schemas()[name].typed
        values = map(list, zip(*rows, strict=True)) if rows else ([] for _ in columns)
        change.rows[name] = Rows(dict(zip(columns, values, strict=True)))
    return change


@dataclass(slots=True)
class _Orders:
    """Complete order rows, column by column."""

    ids: list[str] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)
    campaigns: list[Value] = field(default_factory=list)
    """The campaign for which each counts, as last calculated."""

    def of(self, rows: Sequence[bool]) -> tuple[list[str], list[date], list[float]]:
        """Customer, date and amount of some of them."""
        return list(compress(self.ids, rows)), list(compress(self.dates, rows)), list(compress(self.amounts, rows))


def _orders(book: Book) -> _Orders:
    columns, found = book.table(ORDERS).columns, _Orders()
    counted = columns.get("Counted", columns["Campaign"])
    given = (columns[name] for name in ("Customer", "Date", "Units", "Price"))
    for customer, day, units, price, campaign in zip(*given, counted, strict=True):
        if customer and isinstance(day, float) and isinstance(units, float) and isinstance(price, float):
            found.ids.append(text_of(customer))
            found.dates.append(moment(day).date())
            found.amounts.append(came_to(units, price))
            found.campaigns.append(campaign)
    return found


def _rows(book: Book) -> tuple[list[predictions.RankedRow], list[predictions.WeekRow]]:
    orders = _orders(book)
    ranked = predictions.ranked(orders.ids, orders.dates, orders.amounts, number_of(book, "in_Discount") or 0.0)
    ids, dates, _ = orders.of([amount >= 0 for amount in orders.amounts])  # a refund is no order
    return ranked, predictions.tracked(ids, dates)


def _recurring(book: Book) -> list[list[Value]]:
    """What moved the recurring revenue of each month that is over."""
    orders, until = _orders(book), number_of(book, "in_Until")
    if not orders.dates:
        return []
    try:
        rows = predictions.recurring(
            orders.ids, orders.dates, orders.amounts, moment(until).date() if until else None, date.today()
        )
    except MetricError:
        return []
    return [[serial(month), *values] for month, values in rows]


def _lifetime(book: Book) -> list[list[Value]]:
    """One row: what those should bring up to the horizon whose last order counts for the campaign shown."""
    shown, months = text_of(value_of(book, "in_Campaign")), number_of(book, "out_MonthsAhead") or 0.0
    orders = _orders(book)
    by_day = sorted(zip(orders.dates, orders.ids, map(text_of, orders.campaigns), strict=True), key=itemgetter(0))
    last = {customer: campaign for _, customer, campaign in by_day}
    mine = [last[customer] == shown for customer in orders.ids]
    if not months or not any(mine):
        return []
    discount, confidence = number_of(book, "in_Discount") or 0.0, number_of(book, "in_Confidence") or 0.95
    try:
        found = predictions.to_come(*orders.of(mine), months, discount, confidence, max(orders.dates))
    except MetricError:
        return []
    return [[shown, months, *found]]
