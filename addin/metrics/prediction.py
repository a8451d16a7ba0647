"""What customers will do next, from their orders so far, where nobody says goodbye."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np

from addin.catalogue import Date, Dates, Example, Labels, NotedTable, Number, Numbers, Table, metric
from addin.errors import CellError, MetricError, OutOfRange
from addin.metrics.fits import (
    AMOUNTS,
    DATES,
    DAYS_A_WEEK,
    IDS,
    ChosenModel,
    Model,
    fitted,
)
from addin.metrics.guards import confidence_or_none, one_of, within
from addin.metrics.order_arguments import (
    AmountsWithRefunds,
    CustomerIds,
    DiscountRate,
    LastDay,
    MonthsAhead,
    OrderAmounts,
    OrderDates,
)
from addin.metrics.order_rows import OrderRows, given, order_rows
from addin.models import BGNBD, GammaGamma, ParetoNBD
from addin.models.intervals import Ahead, Worth
from addin.models.orders import IntArray, Summary, count, orders_by_day, summary
from addin.models.residual import residual_orders_alive
from addin.values import FloatArray

WEEKS_A_YEAR = 365.25 / DAYS_A_WEEK
WEEKS_A_MONTH = 365.25 / 12 / DAYS_A_WEEK
MOST_MONTHS = 600
MOST_WEEKS = 2_600
MOST_SPEND = 1e100
SAME = 1e-12
"""Amounts that differ by less, as a share, differ only by rounding."""
DAYS = "{46028;46030;46031;46031;46056;46029;46027;46028;46030;46038;46048;46053;46059}"
"""The same dates seven times as dense, so that the table of the weeks is short."""


@metric("CLV_PREDICT", family="Prediction", returns="table: one row for each customer",
        columns={"Customer": object, "Repeat orders": int},
        example=Example(f"=CLV_PREDICT({IDS},{DATES},{AMOUNTS},12,0.1)", [
            ["Customer", "Repeat orders", "Recency (weeks)", "Age (weeks)", "P(alive)", "Orders in 12 months",
             "Spend an order", "CLV"],
            ["A", 2.0, 3.0, 31.0, 0.025538440702542558, 0.06400146607885741, 75.61445349896485, 4.630815277706102],
            ["B", 1.0, 25.0, 28.0, 0.5844897867457456, 1.0266505077819998, 59.578841545454736, 58.5081145435228],
            ["C", 0.0, 0.0, 30.0, 1.0, 0.7400174279031794, 52.163903069390116, 36.86546424204272],
            ["D", 1.0, 1.0, 32.0, 0.048043182990602874, 0.07785479519842044, 38.473177017548565, 2.8635632054898723],
            ["E", 4.0, 29.0, 29.0, 0.7900109629728538, 3.3793464547993417, 32.647348970500644, 105.70147839782643],
        ]))  # fmt: skip
def clv_predict(
    ids: CustomerIds, dates: OrderDates, amounts: OrderAmounts,
    months: MonthsAhead = math.nan, discount_rate: DiscountRate = 0.0,
    as_of: LastDay = math.nan, model: ChosenModel = "BG/NBD",
    confidence: Annotated[
        Number,
        "0.95 adds low and high, between which each customer's orders and CLV lie with 95% confidence; 0 adds none",
        "fraction",
    ] = 0.0,
) -> Table:  # fmt: skip
    """What each customer will bring in the months to come, by BG/NBD (or model) and Gamma-Gamma fitted to all orders.

    For each customer, in the sequence of their first row: repeat orders (days with an order after the first),
    weeks from the first order to the last, weeks from the first order to as_of, the probability that they are
    still a customer, and then for the time to come the expected orders, what one of them will bring, and the
    product, discounted from each month's end. It is revenue: multiply it by your margin. In BG/NBD a customer
    who has ordered once has a probability of 1, since only a repeat order can be the last; where many buy once and
    never again, choose MBG/NBD, and Pareto/NBD where customers leave at any time, not after an order. HOLDOUT
    compares them.
    Amounts should not depend on how often a customer orders; where all repeat orders brought the same, that is what
    the next will bring. A month is 365.25/12 days. A negative amount is a refund: it comes off the money and is no
    order. A row that lacks anything, or that is after as_of, is left out.

    In a small shop the orders may not tell how far customers differ in their chance to leave, or to spend. Then the
    forecast is that of the limit in which all have the same chance, or spend alike, and Explain says so; parameters
    that differ more would hardly move it. Where the amounts allow no mean, the last two columns alone are #NUM! or
    #N/A.

    Low and high account for both chance and the uncertainty of the parameters. Totals with low and high are in
    CUSTOMER_EQUITY.

    With months left blank all the time to come counts, each order discounted from its day: the residual lifetime
    value. The orders are then those discounted ones, since without a discount their sum may have no end.

    Formula: CLV = spend * sum over the months of expected orders in it / (1 + discount_rate)^(month/12); without
        months CLV = spend * integral of (1 + discount_rate)^-t dE[Y(t)], t in years
    Errors: #N/A no complete row up to as_of, no time has passed, or nobody has ordered twice; #VALUE! a date or amount
        is text, ranges of different size, or an unknown model; #NUM! a date is out of range, months is not between
        0 and 600, or blank with a discount_rate of 0 or with confidence, discount_rate or confidence is not between 0
        and 1, or there is no best fit (customers are too few, or all order at the same pace).
    Source: Fader, Hardie and Lee, RFM and CLV: Using Iso-Value Curves for Customer Base Analysis, Journal of
        Marketing Research 42(4), 2005, with BG/NBD of the same authors in place of Pareto/NBD.
    """
    confidence_or_none(confidence)
    ahead = forecast(ids, dates, amounts, months, discount_rate, as_of, model)
    customers, spend, history = ahead.customers, ahead.spend, ahead.history
    heading = ["Customer", "Repeat orders", "Recency (weeks)", "Age (weeks)", "P(alive)", ahead.heading,
               "Spend an order", "CLV"]  # fmt: skip
    missing = np.zeros(customers.age.size)
    error = spend if isinstance(spend, CellError) else None
    money = (missing, missing) if isinstance(spend, CellError) else (spend, ahead.orders * ahead.discount * spend)
    limits: tuple[FloatArray, ...] = ()
    if confidence:
        heading += ["Orders low", "Orders high", "CLV low", "CLV high"]
        interval = ahead.interval()
        limits = interval.limits(ahead.weeks, confidence)
        worth = ahead.worth()
        limits += interval.of(worth).limits(ahead.weeks, confidence) if worth else (missing, missing)
    columns = (customers.frequency, *history[1:], ahead.alive, ahead.orders)
    table = ahead.rows.table(heading, *columns, *money, *limits)
    if error:
        without = [6, 7, 10, 11] if confidence else [6, 7]
        for row in table[1:]:
            for place in without:
                row[place] = error
    return NotedTable(table, ahead.note)


def expected_spend(customers: Summary) -> tuple[FloatArray | CellError, str]:
    """What an order of each customer will bring, and what that rests on; an error where the amounts allow no mean.

    Where every repeat order brought the same, the next will too.
    """
    try:
        if not customers.average.max() < MOST_SPEND:
            raise OutOfRange("the amounts are too large to be added up; give them in a larger unit")
        if _all_alike(customers):
            return np.full(customers.frequency.size, customers.average.max()), ""
        fit = GammaGamma.fit(customers.frequency, customers.average)
        return fit.expected_spend(customers.frequency, customers.average), fit.note
    except MetricError as error:
        return error.cell, f"there are orders ahead, but no money: {error}"


def _all_alike(customers: Summary) -> bool:
    """Whether every repeat order brought the same, so that there is nothing to fit."""
    again = customers.average[customers.frequency > 0]
    return bool(again.size and np.ptp(again) <= SAME * again.max())


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the customers of some order rows will do next."""

    rows: OrderRows
    customers: Summary
    fit: BGNBD | ParetoNBD
    history: tuple[FloatArray, FloatArray, FloatArray]
    """Repeat orders, and recency and age in weeks."""
    alive: FloatArray
    orders: FloatArray
    """Expected of each customer; discounted where no end is given."""
    discount: FloatArray
    """What an order of each customer is worth today, as a share of what it brings."""
    spend: FloatArray | CellError
    note: str
    months: float

    @property
    def weeks(self) -> float:
        """How far it looks ahead."""
        return self.months * WEEKS_A_MONTH

    @property
    def heading(self) -> str:
        """Over the orders."""
        return "Orders, discounted" if math.isnan(self.months) else f"Orders in {self.months:g} months"

    def interval(self) -> Ahead:
        """The orders with low and high."""
        if math.isnan(self.months):
            raise OutOfRange("low and high need an end: give months, or a confidence of 0")
        return Ahead(self.fit, *self.history)

    def worth(self) -> Worth | None:
        """What an order brings, discounted; nothing where the amounts allow no mean."""
        if isinstance(self.spend, CellError):
            return None
        if _all_alike(self.customers):
            return Worth.certain(self.spend * self.discount)
        return Worth.of(self.history[0], self.customers.average, self.spend, self.discount)


def forecast(
    ids: Labels, dates: Dates, amounts: Numbers, months: float, discount_rate: float, as_of: Date, model: Model
) -> Forecast:
    """Fitted to the orders up to as_of, and looking so many months ahead."""
    endless = math.isnan(months)
    if not endless and not 0 < months <= MOST_MONTHS:
        raise OutOfRange(f"months must be more than 0 and at most {MOST_MONTHS}, {months:g} was found")
    within(0, 1, discount_rate=discount_rate)
    if endless and not discount_rate:
        raise OutOfRange(
            "months is blank, and without a discount the orders of all the time to come have no end; give months, or a "
            "discount_rate above 0"
        )
    one_of(Model, model=model)
    rows = order_rows(ids, dates, amounts, as_of)
    customers = summary(rows.customer, rows.day, rows.as_of, rows.net_amount())
    fit = fitted(customers, model)
    spend, money_note = expected_spend(customers)
    history = (customers.frequency.astype(np.float64), customers.recency / DAYS_A_WEEK, customers.age / DAYS_A_WEEK)
    alive = fit.probability_alive(*history)
    frequency, age, pair = _pairs(customers)
    if endless:
        per_week = math.log1p(discount_rate) / WEEKS_A_YEAR
        orders = alive * residual_orders_alive(fit, per_week, frequency, age)[pair]
        discount = np.ones(orders.size)
    else:
        total, discounted = _orders_ahead(fit, frequency, age, months, discount_rate)
        share = np.divide(discounted, total, out=np.ones(total.size), where=total > 0)
        orders, discount = alive * total[pair], share[pair]
    note = "; ".join(filter(None, (fit.note, money_note)))
    return Forecast(rows, customers, fit, history, alive, orders, discount, spend, note, months)


def _orders_ahead(
    fit: BGNBD | ParetoNBD, frequency: IntArray, age: FloatArray, months: float, discount_rate: float
) -> tuple[FloatArray, FloatArray]:
    """Expected orders of customers who are still there: their number, and each discounted from its month's end."""
    ends = [*range(1, math.ceil(months)), months] if discount_rate else [months]
    total = discounted = np.zeros(age.size)
    for end in ends:
        until = fit.expected_orders_alive(end * WEEKS_A_MONTH, frequency, age)
        discounted = discounted + (until - total) * (1 + discount_rate) ** (-end / 12)
        total = until
    return total, discounted


def _pairs(customers: Summary) -> tuple[IntArray, FloatArray, IntArray]:
    """The pairs of frequency and age (in weeks) that there are, and which of them each customer has."""
    length = int(customers.age.max()) + 1
    pairs, pair = np.unique(customers.frequency * length + customers.age, return_inverse=True)
    return pairs // length, pairs % length / DAYS_A_WEEK, pair


@metric("TRACKING", family="Prediction", returns="table: week ending, actual and expected repeat orders so far",
        columns={"Week ending": date, "Actual": int},
        example=Example(f"=TRACKING({IDS},{DAYS},2)", [
            ["Week ending", "Actual", "Expected"],
            [46031.0, 3.0, 1.5972921920825307],
            [46038.0, 4.0, 5.299198858931005],
            [46045.0, 4.0, 7.490242022427491],
            [46052.0, 5.0, 9.043924056128365],
            [46059.0, 8.0, 10.240908727998256],
            [46066.0, "", 9.080521930293461],
            [46073.0, "", 9.988115457745685],
        ]))  # fmt: skip
def tracking(
    ids: CustomerIds,
    dates: OrderDates,
    weeks_ahead: Annotated[Number, "How many weeks to look ahead; 0 for the past only", "weeks"] = 52.0,
    as_of: LastDay = math.nan,
    model: ChosenModel = "BG/NBD",
    confidence: Annotated[
        Number,
        "0.95 adds low and high, between which the orders of the weeks to come lie with 95% confidence; 0 adds none",
        "fraction",
    ] = 0.0,
    amounts: AmountsWithRefunds = (),
) -> Table:
    """Tracking: repeat orders so far, week by week, beside what the model expects of the same customers.

    Each week of the past ends on a day's date and counts all repeat orders up to it, and how many the model,
    fitted to all orders, expects from customers who first ordered when these did: where the two lines
    part, the model does not describe these customers. Weeks to come have no actual; expected is then the count so
    far plus what each customer is expected to add, given what they did, so that it goes on where the actual ends
    and agrees with CLV_PREDICT. New customers to come are not in it. Several orders on one day count as one; where
    rows of refunds stand among the orders, give the amounts, as in BGNBD_FIT. From a first order on day f to day d
    a customer has had d - f days to order again, as in the fit; the R package BTYD and lifetimes count one day more
    when they track, but not when they fit.

    Formula: past: sum over the customers of E[X(t)], t from their first order to the week's end; to come: orders so
        far + sum over the customers of E[Y(t) | x, t_x, T]
    Errors: #N/A no complete row up to as_of, no time has passed, or nobody has ordered twice; #VALUE! a date or
        amount is text, ranges of different size, or an unknown model; #NUM! a date is out of range, weeks_ahead is
        not a whole number from 0 to 2600, the orders span more weeks than that, confidence is not between 0 and 1, or
        there is no best fit.
    Source: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005.
    """
    if not (0 <= weeks_ahead <= MOST_WEEKS and weeks_ahead == int(weeks_ahead)):
        raise OutOfRange(f"weeks_ahead must be a whole number from 0 to {MOST_WEEKS}, {weeks_ahead:g} was found")
    one_of(Model, model=model)
    confidence_or_none(confidence)
    rows = order_rows(ids, dates, given(amounts), as_of)
    customers = summary(rows.customer, rows.day, rows.as_of)
    fit = fitted(customers, model)
    days = int(customers.age.max()) + 1
    if days > MOST_WEEKS * DAYS_A_WEEK:
        raise OutOfRange(
            f"the time from the first order to the last day spans {days // DAYS_A_WEEK:,} weeks, more than "
            f"{MOST_WEEKS:,}; look for a wrong date"
        )
    first_orders = count(days - 1 - customers.age, minlength=days)
    expected_of_one = [fit.expected_orders_new(day / DAYS_A_WEEK) for day in range(days)]
    expected = np.convolve(first_orders, expected_of_one)[:days]
    actual = np.cumsum(orders_by_day(rows.customer, rows.day, rows.as_of) - first_orders)
    ends = [*range(days - 1, 0, -DAYS_A_WEEK)][::-1]
    so_far = float(actual[-1])
    recency, age = customers.recency / DAYS_A_WEEK, customers.age / DAYS_A_WEEK
    alive = fit.probability_alive(customers.frequency, recency, age)
    frequency, ages, pair = _pairs(customers)
    alive_of_pair = count(pair, alive)
    start = rows.as_of - days + 1
    past: Table = [[float(start + day), float(actual[day]), float(expected[day])] for day in ends]
    ahead = [
        [float(rows.as_of + week * DAYS_A_WEEK), None,
         so_far + float(alive_of_pair @ fit.expected_orders_alive(week, frequency, ages))]
        for week in range(1, int(weeks_ahead) + 1)
    ]  # fmt: skip
    heading = ["Week ending", "Actual", "Expected"]
    if confidence and ahead:
        to_come = Ahead(fit, customers.frequency.astype(np.float64), recency, age)
        limits = zip(*to_come.total_limits(np.arange(1.0, len(ahead) + 1), confidence), strict=True)
        ahead = [[*row, so_far + low, so_far + high] for row, (low, high) in zip(ahead, limits, strict=True)]
    if confidence:
        heading += ["Low", "High"]
        past = [[*row, None, None] for row in past]
    return NotedTable([heading, *past, *ahead], fit.note)
