"""What all customers together are worth."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from addin.catalogue import Example, NotedTable, Number, Table, metric
from addin.errors import CellError
from addin.metrics.fits import AMOUNTS, DATES, IDS, ChosenModel
from addin.metrics.guards import confidence_or_none
from addin.metrics.order_arguments import CustomerIds, DiscountRate, LastDay, MonthsAhead, OrderAmounts, OrderDates
from addin.metrics.prediction import forecast
from addin.models.intervals import Limits


@metric("CUSTOMER_EQUITY", family="Prediction", returns="table: measure, expected, low, high",
        example=Example(f"=CUSTOMER_EQUITY({IDS},{DATES},{AMOUNTS},12,0.1)", [
            ["Measure", "Expected", "Low", "High"],
            ["Customers still there", 2.4480823734117445, "", ""],
            ["Orders in 12 months", 5.28787065176181, 0.35480382939072863, 19.829025889963507],
            ["CLV", 208.56943566658842, 1.9348710000856801, 1071.6620762128807],
        ]))  # fmt: skip
def customer_equity(
    ids: CustomerIds, dates: OrderDates, amounts: OrderAmounts,
    months: MonthsAhead = math.nan, discount_rate: DiscountRate = 0.0,
    as_of: LastDay = math.nan, model: ChosenModel = "BG/NBD",
    confidence: Annotated[Number, "How sure low and high are to hold what comes; 0 for none", "fraction"] = 0.95,
) -> Table:  # fmt: skip
    """Customer equity: what all the customers so far will bring in the months to come, with low and high.

    The sums of CLV_PREDICT over all customers: how many are still there, their orders, and their lifetime value. It
    is revenue: multiply it by your margin. Customers to come are not in it. Low and high take both into account:
    chance, and how well these orders tell the parameters, which in a small shop is the larger part. With months left
    blank all the time to come counts, discounted, and low and high are blank. Where the amounts allow no mean,
    the last row is #NUM! or #N/A.

    Formula: sum of CLV_PREDICT; low and high: the quantiles of the gamma distribution whose mean and variance are
        those of the total, averaged over the parameters that the orders allow, under either of two
        priors
    Errors: #N/A no complete row up to as_of, no time has passed, or nobody has ordered twice; #VALUE! a date or amount
        is text, ranges of different size, or an unknown model; #NUM! a date is out of range, months is not between
        0 and 600, or blank with a discount_rate of 0, discount_rate or confidence is not between 0 and 1, or there is
        no best fit (customers are too few, or all order at the same pace).
    Source: Blattberg and Deighton, Manage Marketing by the Customer Equity Test, Harvard Business Review 74(4),
        1996; models as in CLV_PREDICT.
    """
    confidence_or_none(confidence)
    ahead = forecast(ids, dates, amounts, months, discount_rate, as_of, model)
    worth, spend = ahead.worth(), ahead.spend
    orders: tuple[float | None, ...] = (None, None)
    money = orders
    if confidence and not math.isnan(months):
        interval, end = ahead.interval(), np.array([ahead.weeks])
        orders = both(interval.total_limits(end, confidence))
        money = both(interval.of(worth).total_limits(end, confidence)) if worth else orders
    clv = (
        [spend, spend, spend]
        if isinstance(spend, CellError)
        else [float(ahead.orders @ (ahead.discount * spend)), *money]
    )
    table: Table = [
        ["Measure", "Expected", "Low", "High"],
        ["Customers still there", float(ahead.alive.sum()), None, None],
        [ahead.heading, float(ahead.orders.sum()), *orders],
        ["CLV", *clv],
    ]
    return NotedTable(table, ahead.note)


def both(limits: Limits) -> tuple[float, float]:
    """Low and high of one total."""
    low, high = limits
    return float(low[0]), float(high[0])
