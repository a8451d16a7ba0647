"""Groups of customers: by when they came, and by how recently, how often and for how much they order."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, Literal

import numpy as np

from addin.catalogue import Date, Example, Number, Numbers, Table, metric
from addin.errors import NotEnoughData, OutOfRange
from addin.metrics.guards import one_of
from addin.metrics.order_arguments import CustomerIds, OrderAmounts, OrderDates
from addin.metrics.order_rows import given, order_rows
from addin.models import orders
from addin.models.orders import IntArray
from addin.values import numpy_days, numpy_serials

Period = Literal["week", "month", "quarter", "year"]
Show = Literal["retention", "customers", "amount"]

MONTHS = {"month": 1, "quarter": 3, "year": 12}
FIRST_MONDAY = 2
"""Serial of 1 January 1900."""
MOST_PERIODS = 1000
RFM_COUNTS = ("Days since", "Orders", "R", "F", "M", "RFM")


@metric("COHORT", family="Cohorts", returns="table: cohort, customers, then one column for each age",
        columns={"Cohort": date, "Customers": int},
        example=Example('=COHORT({"Ann";"Bob";"Ann";"Cid"},{"2026-01-05";"2026-01-20";"2026-02-11";"2026-02-14"})', [
            ["Cohort", "Customers", "Month 0", "Month 1"], [46023.0, 2.0, 1.0, 0.5], [46054.0, 1.0, 1.0, ""],
        ]))  # fmt: skip
def cohort(
    ids: CustomerIds,
    dates: OrderDates,
    period: Annotated[Period, "Length of a period: week (from Monday), month, quarter or year"] = "month",
    show: Annotated[
        Show, "retention (share who ordered), customers (how many) or amount (what they brought)"
    ] = "retention",
    amounts: Annotated[
        Numbers, "Amount of each order; needed to show amount, and where some rows are refunds", "money"
    ] = (),
) -> Table:
    """Cohort table: customers grouped by the period of their first order, and how they ordered in each period since.

    A row for each period that brought new customers, named by its first day, with how many there were, then a
    column for each age: 0 is the period of their first order. Periods still to come are blank, never 0; the table
    ends with the period of the last order, which may be incomplete. Orders may come in any sequence; a row
    that lacks its customer or date (or amount, where amounts are given) is left out. A negative amount is a refund:
    no order, but taken off what the cohort brought in the refund's period. Ids that differ only in upper and lower
    case are one customer.

    Formula: retention = customers of the cohort with an order at that age / customers of the cohort
    Errors: #N/A no complete row, or no amounts to show; #VALUE! a date or amount is text, an unknown choice, or
        ranges of different size; #NUM! a date is out of range, or more than 1,000 periods.
    Source: the cohort table in common use; Ryder, The Cohort as a Concept in the Study of Social Change, American
        Sociological Review 30(6), 1965, for the idea.
    """
    one_of(Period, period=period)
    one_of(Show, show=show)
    if show == "amount" and given(amounts) is None:
        raise NotEnoughData("amounts is missing: a range of numbers is needed to show amount")
    rows = order_rows(ids, dates, given(amounts))
    first_day = int(rows.day.min())
    of_day, starts = periods(first_day, int(rows.day.max()), period)
    number = of_day[rows.day - first_day]
    sizes, table = orders.cohorts(rows.customer, number, rows.amount if show == "amount" else None)
    if show == "amount" and rows.refunds:
        joined = np.full(len(rows.ids), len(starts))
        np.minimum.at(joined, rows.customer, number)
        cohort_of = joined[rows.refunds.customer]
        given_back = of_day[np.clip(rows.refunds.day - first_day, 0, of_day.size - 1)]
        np.add.at(table, (cohort_of, np.maximum(given_back, cohort_of)), rows.refunds.amount)
    if show == "retention":
        table = table / np.maximum(sizes, 1)[:, None]
    heading = ["Cohort", "Customers", *(f"{period.capitalize()} {age}" for age in range(len(starts)))]
    body = [
        [start, size, *cells[i:], *[None] * i]
        for i, (start, size, cells) in enumerate(zip(starts, sizes.tolist(), table.tolist(), strict=True))
        if size
    ]
    return [heading, *body]


def periods(low: int, high: int, period: Period) -> tuple[IntArray, list[int]]:
    """The period of each day from low to high, counted from 0, and the first day of each period as a serial."""
    if period == "week":
        of_day = (np.arange(low, high + 1) - FIRST_MONDAY) // 7
        starts = np.arange(of_day[0], of_day[-1] + 1) * 7 + FIRST_MONDAY
    else:
        months = MONTHS[period]
        of_day = numpy_days(np.arange(low, high + 1)).astype("M8[M]").astype(np.int64) // months
        first_months = np.arange(of_day[0], of_day[-1] + 1) * months
        starts = numpy_serials(first_months.astype("M8[M]").astype("M8[D]")).astype(np.int64)
    if starts.size > MOST_PERIODS:
        raise OutOfRange(
            f"the orders span {starts.size:,} periods, more than {MOST_PERIODS:,}; look for a wrong date or choose "
            "a longer period"
        )
    return of_day - of_day[0], starts.tolist()


@metric("RFM", family="Cohorts", returns="table: one row for each customer",
        columns={"Customer": object, "Last order": date, **dict.fromkeys(RFM_COUNTS, int)},
        example=Example('=RFM({"Ann";"Bob";"Ann";"Cid"},{46027;46042;46064;46067},{30;20;45;90},46067,3)', gives=[
            ["Customer", "Last order", "Days since", "Orders", "Amount", "R", "F", "M", "RFM"],
            ["Ann", 46064.0, 3.0, 2.0, 75.0, 2.0, 3.0, 2.0, 232.0],
            ["Bob", 46042.0, 25.0, 1.0, 20.0, 1.0, 1.0, 1.0, 111.0],
            ["Cid", 46067.0, 0.0, 1.0, 90.0, 3.0, 1.0, 3.0, 313.0],
        ]))  # fmt: skip
def rfm(
    ids: CustomerIds,
    dates: OrderDates,
    amounts: OrderAmounts,
    as_of: Annotated[Date, "The day to look from; the last order's date when left out"] = math.nan,
    bins: Annotated[Number, "How many scores there are, 2 to 9; 5 scores in fifths", "scores"] = 5.0,
) -> Table:
    """Recency, frequency and monetary value of each customer, each with a score from 1 to 5 (best).

    The score is the customer's rank in equal steps: 1 for the worst fifth, 5 for the best. Equal customers get
    equal scores, by the tie rule that only those who did worse count: so all who ordered once have the same F,
    and where most did, some scores stay empty. The best value always has the top score, also where customers are
    fewer than scores or many share it. Each row is one order, also several on a day; a row that lacks anything, or
    that is after as_of, is left out. A negative amount is a refund: no order, but taken off the customer's amount.
    Customers come in the sequence of their first row, their ids as numbers where all are numbers, else as text;
    ids that differ only in upper and lower case are one.

    Formula: score = 1 + whole part of bins * (customers who did worse / customers), bins for the best value;
        RFM = 100 R + 10 F + M
    Errors: #N/A no complete row up to as_of; #VALUE! a date or amount is text, or ranges of different size; #NUM! a
        date is out of range, or bins is not a whole number from 2 to 9.
    Source: Hughes, Strategic Database Marketing, 1994; the tie rule is made exact here.
    """
    if bins not in range(2, 10):
        raise OutOfRange(f"bins must be a whole number from 2 to 9, {bins:g} was found")
    rows = order_rows(ids, dates, amounts, as_of)
    last = np.zeros(len(rows.ids), dtype=np.int64)
    np.maximum.at(last, rows.customer, rows.day)
    count, spent = orders.count(rows.customer), rows.spent()
    r, f, m = (orders.scores(values.astype(np.float64), int(bins)) for values in (last, count, spent))
    heading = ["Customer", "Last order", "Days since", "Orders", "Amount", "R", "F", "M", "RFM"]
    return rows.table(heading, last, rows.as_of - last, count, spent, r, f, m, 100 * r + 10 * f + m)
