"""How well a forecast would have done: fitted to a first part of the time, compared with the rest."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from addin.catalogue import Date, Example, NotedTable, Number, Table, metric
from addin.errors import CellError, NotEnoughData
from addin.metrics.equity import both
from addin.metrics.experiment import strictly_within
from addin.metrics.fits import DAYS_A_WEEK, ChosenModel, Model, fitted
from addin.metrics.guards import one_of
from addin.metrics.order_arguments import CustomerIds, LastDay, OrderAmounts, OrderDates
from addin.metrics.order_rows import day_of, order_rows
from addin.metrics.prediction import expected_spend
from addin.models.intervals import Ahead, Worth
from addin.models.orders import IntArray, count, distinct_keys, summary
from addin.values import FloatArray

IDS = "{1;2;2;2;3;3;4;5;5;5;5;5;5;5;5;5;6;7;7;7}"
DATES = "{1037;1044;1115;1137;1030;1034;1051;1044;1049;1114;1122;1137;1197;1224;1285;1292;1044;1051;1286;1301}"
AMOUNTS = "{10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;28;29}"
"""The orders of a shop's first seven customers, written so short that Excel takes the formula over an area."""
FREQUENT = 7
"""Customers with this many repeat orders or more are shown together, as in the paper."""


@metric("HOLDOUT", family="Prediction", returns="table: measure, customers, actual, expected, low, high",
        columns={"Customers": int},
        example=Example(f"=HOLDOUT({IDS},{DATES},{AMOUNTS},1200,1310)", [
            ["Measure", "Customers", "Actual", "Expected", "Low", "High"],
            ["Orders", 7.0, 5.0, 5.465202006616868, 0.4393367664384043, 10.927724173267388],
            ["Within low and high", "", True, "", "", ""],
            ["Money", 7.0, 129.0, 95.36303011931956, 6.225561057391978, 203.53126754602874],
            ["Mean absolute error", 7.0, "", 0.5898531823637411, "", ""],
            ["Root mean square error", 7.0, "", 0.8887348715677009, "", ""],
            ["Correlation", 7.0, "", 0.6956411114315681, "", ""],
            ["Mean after 0 repeat orders", 4.0, 0.5, 0.1635339792580794, "", ""],
            ["Mean after 1 repeat order", 1.0, 0.0, 0.11937010260258771, "", ""],
            ["Mean after 2 repeat orders", 1.0, 0.0, 1.4155698800455647, "", ""],
            ["Mean after 5 repeat orders", 1.0, 3.0, 3.2761261069363976, "", ""],
        ]))  # fmt: skip
def holdout(
    ids: CustomerIds,
    dates: OrderDates,
    amounts: OrderAmounts,
    cut: Annotated[Date, "The last day that the model may see"],
    as_of: LastDay = math.nan,
    model: ChosenModel = "BG/NBD",
    confidence: Annotated[Number, "How sure the interval is to hold the orders", "fraction"] = 0.95,
) -> Table:
    """Holdout: a forecast made on an earlier day, beside what the same customers did from then to as_of.

    The model is fitted to the orders up to the cut, and has to say how many follow from these customers; new
    customers after the cut do not count. The first row has the orders in all with the interval that should hold
    them, and the second whether it does; then what they brought, with its interval, and how far the forecast is off
    for a customer: the mean absolute error, the root of the mean square error, and the correlation of expected and
    actual. The last rows have the mean orders of those with 0, 1, 2 ... repeat orders before the cut, which show where
    a model errs. Try each model and take the one that comes closest; a cut after two thirds of the time is a good
    choice.

    Formula: expected = sum over the customers of E[Y(t) | x, t_x, T], t the weeks from the cut to as_of; limits: the
        quantiles of the gamma distribution with the variance of chance and of the estimates together, averaged over
        the parameters that the orders allow, under either of two priors
    Errors: #N/A no complete row up to the cut, no day after it, or nobody has ordered twice; #VALUE! a date or
        amount is text, ranges of different size, or an unknown model; #NUM! a date is out of range, confidence is not
        between 0 and 1, or there is no best fit (customers are too few, or all order at the same pace).
    Source: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005, figures 2
        and 3.
    """
    one_of(Model, model=model)
    strictly_within(confidence=confidence)
    rows = order_rows(ids, dates, amounts, as_of)
    last_seen = day_of(cut)
    if last_seen is None or last_seen >= rows.as_of:
        raise NotEnoughData("there is no day after the cut to compare with; give an earlier cut or a later as_of")
    before = rows.day <= last_seen
    if not before.any():
        raise NotEnoughData("no complete row up to the cut; give a later cut")
    ordered_before = count(rows.customer[before], minlength=len(rows.ids)) > 0
    customer = np.cumsum(ordered_before) - 1
    after = ~before & ordered_before[rows.customer]
    net = rows.net_amount()
    assert net is not None
    customers = summary(customer[rows.customer[before]], rows.day[before], last_seen, net[before])
    history = (customers.frequency.astype(np.float64), customers.recency / DAYS_A_WEEK, customers.age / DAYS_A_WEEK)
    fit = fitted(customers, model)
    weeks = (rows.as_of - last_seen) / DAYS_A_WEEK
    expected = fit.expected_orders(weeks, *history)
    actual = _orders_after(customer[rows.customer[after]], rows.day[after], last_seen, expected.size)
    total, happened = float(expected.sum()), float(actual.sum())
    spend, money_note = expected_spend(customers)
    ahead, end = Ahead(fit, *history), np.array([weeks])
    low, high = both(ahead.total_limits(end, confidence))
    money: tuple[float | None, ...] = (None, None, None)
    if not isinstance(spend, CellError):
        worth = Worth.of(history[0], customers.average, spend, np.ones(spend.size))
        money = (float(expected @ spend), *both(ahead.of(worth).total_limits(end, confidence)))
    error = expected - actual
    n = float(expected.size)
    table: Table = [
        ["Measure", "Customers", "Actual", "Expected", "Low", "High"],
        ["Orders", n, happened, total, low, high],
        ["Within low and high", None, low <= happened <= high, None, None, None],
        ["Money", n, math.fsum(net[after].tolist()), *money],
        ["Mean absolute error", n, None, float(np.abs(error).mean()), None, None],
        ["Root mean square error", n, None, float((error**2).mean() ** 0.5), None, None],
        ["Correlation", n, None, _correlation(expected, actual), None, None],
        *_by_frequency(customers.frequency, actual, expected),
    ]
    return NotedTable(table, "; ".join(filter(None, (fit.note, money_note))))


def _orders_after(customer: IntArray, day: IntArray, last_seen: int, customers: int) -> FloatArray:
    """Days with an order after the cut, for each customer."""
    if not customer.size:
        return np.zeros(customers)
    length = int(day.max()) - last_seen + 1
    days = distinct_keys(customer * length + (day - last_seen))
    return count(days // length, minlength=customers).astype(np.float64)


def _correlation(expected: FloatArray, actual: FloatArray) -> float | None:
    """Blank where one of both is the same for all."""
    if np.ptp(expected) == 0 or np.ptp(actual) == 0:
        return None
    return float(np.corrcoef(expected, actual)[0, 1])


def _by_frequency(frequency: IntArray, actual: FloatArray, expected: FloatArray) -> Table:
    """Mean orders of the customers with a given number of repeat orders before."""
    rows: Table = []
    for repeats in range(FREQUENT + 1):
        some = frequency == repeats if repeats < FREQUENT else frequency >= FREQUENT
        if some.any():
            more = " or more" if repeats == FREQUENT else ""
            name = f"Mean after {repeats}{more} repeat order{'' if repeats == 1 else 's'}"
            rows.append([name, float(some.sum()), float(actual[some].mean()), float(expected[some].mean()), None, None])
    return rows
