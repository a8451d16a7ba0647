"""What all customers together are worth."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from addin.catalogue import Date, Dates, Example, Labels, NotedTable, Number, Numbers, Table, metric
from addin.errors import CellError, OutOfRange
from addin.metrics.fits import AMOUNTS, DATES, IDS, LAST_ORDER, MODEL_HELP, Model
from addin.metrics.prediction import MONTHS_HELP, forecast
from addin.models.intervals import Limits


@metric("CUSTOMER_EQUITY", family="Prediction", returns="table: measure, expected, low, high",
        example=Example(f"=CUSTOMER_EQUITY({IDS},{DATES},{AMOUNTS},12,0.1)", [
            ["Measure", "Expected", "Low", "High"],
            ["Customers still there", 2.4480823734117445, "", ""],
            ["Orders in 12 months", 5.28787065176181, 0.35423396180601496, 19.828730080237715],
            ["CLV", 208.56943566658842, 1.9309955415338227, 1071.6361771788943],
        ]))  # fmt: skip
def customer_equity(
    ids: Annotated[Labels, "Customer of each order; the same name or number each time"],
    dates: Annotated[Dates, "Date of each order, beside the customer"],
    amounts: Annotated[Numbers, "Amount of each order, beside the customer", "money"],
    months: Annotated[Number, MONTHS_HELP, "months"] = math.nan,
    discount_rate: Annotated[Number, "Discount rate a year; 0 adds the months up as they are", "fraction"] = 0.0,
    as_of: Annotated[Date, LAST_ORDER] = math.nan,
    model: Annotated[Model, MODEL_HELP] = "BG/NBD",
    confidence: Annotated[Number, "How sure low and high are to hold what comes; 0 for none", "fraction"] = 0.95,
) -> Table:
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
    if not 0 <= confidence < 1:
        raise OutOfRange(f"confidence must be 0 or more and less than 1, {confidence:g} was found; 95% is 0.95")
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
