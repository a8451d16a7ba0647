"""Recurring revenue: what came in month by month, what moved it, and how much of it is retained."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, TypeAlias

import numpy as np

from addin.catalogue import Date, Dates, Example, Labels, Number, Numbers, Table, metric
from addin.errors import NotEnoughData, ZeroDenominator
from addin.metrics.cohorts import periods
from addin.metrics.guards import whole
from addin.metrics.order_rows import order_rows
from addin.models.recurring import MonthlyRevenue
from addin.values import FloatArray

CHARGES = (
    '{"A";"B";"A";"C";"A";"B";"C";"A";"C"},{46027;46042;46064;46067;46085;46090;46095;46115;46126},'
    "{30;20;45;90;40;20;90;40;90}"
)
"""January to April of three subscribers: B pauses in February and leaves in April."""
Payers: TypeAlias = Annotated[Labels, "Customer of each charge; the same name or number each time"]
ChargeDates: TypeAlias = Annotated[Dates, "Date of each charge, beside the customer"]
Charges: TypeAlias = Annotated[
    Numbers, "Amount of each charge, beside the customer; a negative one is a refund", "money"
]
MonthsApart: TypeAlias = Annotated[Number, "How many months lie between the two months compared", "months"]
LastMonth: TypeAlias = Annotated[Date, "A day of the last month to look at; the last charge's date when left out"]


def _revenue(ids: Labels, dates: Dates, amounts: Numbers, as_of: Date) -> tuple[MonthlyRevenue, list[int]]:
    """The revenue month by month, and the first day of each month."""
    rows = order_rows(ids, dates, amounts, as_of)
    paid = rows.net_amount()
    assert rows.amount is not None
    assert paid is not None
    first = int(rows.day.min())
    of_day, starts = periods(first, rows.as_of, "month")
    revenue = MonthlyRevenue.of(rows.customer, of_day[rows.day - first], rows.amount, paid, len(starts))
    if not revenue.amount.size:
        raise NotEnoughData("nobody paid: all amounts are 0 or were refunded; give what customers paid")
    return revenue, starts


def _base_month(revenue: MonthlyRevenue, months: float) -> int:
    """The month with which the last one is compared."""
    base = revenue.months - 1 - whole("months", months, 1)
    if base < 0:
        raise NotEnoughData(
            f"the charges begin {revenue.months - 1} months before the last month, and {months:g} are needed; "
            "give fewer months or earlier charges"
        )
    return base


@metric("MRR", family="Subscriptions", returns="table: one row for each month",
        columns={"Month": date, "Customers": int},
        example=Example(f"=MRR({CHARGES})", [
            ["Month", "Start", "New", "Expansion", "Reactivated", "Contraction", "Churned", "MRR", "Customers"],
            [46023.0, 0.0, 50.0, 0.0, 0.0, 0.0, 0.0, 50.0, 2.0],
            [46054.0, 50.0, 90.0, 15.0, 0.0, 0.0, 20.0, 135.0, 2.0],
            [46082.0, 135.0, 0.0, 0.0, 20.0, 5.0, 0.0, 150.0, 3.0],
            [46113.0, 150.0, 0.0, 0.0, 0.0, 0.0, 20.0, 130.0, 2.0],
        ]))  # fmt: skip
def mrr(ids: Payers, dates: ChargeDates, amounts: Charges, as_of: LastMonth = math.nan) -> Table:
    """MRR movements: monthly recurring revenue, and how it went up and down from one month to the next.

    A row for each calendar month from the first charge on. It starts with the MRR of the month before. New comes
    from customers who pay for the first time, Expansion and Contraction from those who pay more or less than the
    month before, Churned is what customers paid the month before who pay nothing now, and Reactivated comes from
    customers who are back after a month or more without a charge. A month in which nobody pays has its row too.

    What a customer pays in a calendar month is their MRR, so give recurring charges only, and spread a charge for
    a year over its twelve months first. In a month that is not over, customers whose charge is still to come count
    as churned: give the last day of the month before as as_of. A refund comes off the customer's last charge up to its
    day, and what is more than that off the charges before it; a charge of 0, or one refunded in full, counts as
    none. Ids that differ only in upper and lower case are one customer. A row that lacks anything, or that is
    after as_of, is left out.

    Formula: MRR = Start + New + Expansion + Reactivated - Contraction - Churned = sum of what all customers pay in
        the month
    Errors: #N/A no complete row up to as_of, or nobody paid; #VALUE! a date or amount is text, or ranges of
        different size; #NUM! a date is out of range, or more than 1,000 months.
    Source: the five movements in common use for subscriptions, as ChartMogul defines them in MRR Movements.
    """
    revenue, starts = _revenue(ids, dates, amounts, as_of)
    totals, customers = revenue.totals()
    movements = revenue.movements()
    columns = [np.append(0.0, totals[:-1]), *movements.values(), totals, customers.astype(np.float64)]
    heading = ["Month", "Start", *movements, "MRR", "Customers"]
    return [heading, *map(list, zip(map(float, starts), *(column.tolist() for column in columns), strict=True))]


def _retained(ids: Labels, dates: Dates, amounts: Numbers, months: float, as_of: Date) -> tuple[FloatArray, FloatArray]:
    """What each customer of the base month paid then, and pays in the last month."""
    revenue, _ = _revenue(ids, dates, amounts, as_of)
    paid, pays = revenue.of_the_same_customers(_base_month(revenue, months), revenue.months - 1)
    if not paid.size:
        raise ZeroDenominator(f"nobody paid {months:g} months before the last month; give another number of months")
    return paid, pays


def _net(paid: FloatArray, pays: FloatArray) -> float:
    return math.fsum(pays.tolist()) / math.fsum(paid.tolist())


def _gross(paid: FloatArray, pays: FloatArray) -> float:
    return math.fsum(np.minimum(paid, pays).tolist()) / math.fsum(paid.tolist())


def retained_by_month(
    ids: Labels, dates: Dates, amounts: Numbers, months: int, as_of: Date
) -> list[tuple[float | None, float | None]]:
    """NRR and GRR of each row of MRR; none where nobody paid so many months before."""
    revenue, _ = _revenue(ids, dates, amounts, as_of)
    then_and_now = (revenue.of_the_same_customers(month - months, month) for month in range(revenue.months))
    return [(_net(paid, pays), _gross(paid, pays)) if paid.size else (None, None) for paid, pays in then_and_now]


@metric("NRR", family="Subscriptions", returns="fraction, 1.1 is 110%",
        example=Example(f"=NRR({CHARGES},3)", gives=0.8))  # fmt: skip
def nrr(
    ids: Payers, dates: ChargeDates, amounts: Charges, months: MonthsApart = 12.0, as_of: LastMonth = math.nan
) -> float:
    """Net revenue retention: what the customers of a year ago pay now, as a share of what they paid then.

    Above 1, expansion outweighs what was lost. New customers do not count. Of the two
    readings in use it is the one of companies that report it: the same customers in the last month and 12 months
    (or months) before it, so that a customer who left and is back counts. With months = 1 it is also the other one,
    (start + expansion - contraction - churn) / start with the movements of MRR. Charges are read as in MRR; give
    the end of the last whole month as as_of.

    Formula: MRR now of the customers who paid in the base month / their MRR in the base month
    Errors: #N/A no complete row up to as_of, nobody paid, or no charges from the base month or before; #VALUE! a
        date or amount is text, or ranges of different size; #DIV/0! nobody paid in the base month; #NUM! a date is
        out of range, more than 1,000 months, or months is not a whole number from 1 to 1,000.
    Source: dollar-based net retention rate, as software companies define it in their reports (Confluent, GitLab).
    """
    return _net(*_retained(ids, dates, amounts, months, as_of))


@metric("GRR", family="Subscriptions", returns="fraction, 0 to 1",
        example=Example(f"=GRR({CHARGES},3)", gives=0.6))  # fmt: skip
def grr(
    ids: Payers, dates: ChargeDates, amounts: Charges, months: MonthsApart = 12.0, as_of: LastMonth = math.nan
) -> float:
    """Gross revenue retention: as NRR, but nobody counts for more than they paid in the base month.

    It shows what leaving and paying less cost, which expansion hides in NRR. Each customer is capped on their own:
    what one pays more does not make up for what another pays less. Charges are read as in MRR.

    Formula: sum over the customers of the base month of min(MRR now, MRR then) / their MRR in the base month
    Errors: #N/A no complete row up to as_of, nobody paid, or no charges from the base month or before; #VALUE! a
        date or amount is text, or ranges of different size; #DIV/0! nobody paid in the base month; #NUM! a date is
        out of range, more than 1,000 months, or months is not a whole number from 1 to 1,000.
    Source: gross dollar retention with a cap for each customer, as in PostHog's handbook.
    """
    return _gross(*_retained(ids, dates, amounts, months, as_of))


@metric("QUICK_RATIO", family="Subscriptions", returns="ratio, 1 is no growth",
        example=Example(f"=QUICK_RATIO({CHARGES},3)", gives=125 / 45))  # fmt: skip
def quick_ratio(
    ids: Payers,
    dates: ChargeDates,
    amounts: Charges,
    months: Annotated[Number, "How many months to add up, the last one included", "months"] = 1.0,
    as_of: LastMonth = math.nan,
) -> float:
    """SaaS quick ratio: recurring revenue gained for each unit lost. Below 1 revenue shrinks; 4 is often called good.

    The movements are those of MRR, in the last month or the last months together. Sources leave open where
    customers who are back belong: here they count as gained. The first month of all has none before it and never
    counts. Charges are read as in MRR; give the end of the last whole month as as_of.

    Formula: (new + expansion + reactivated) / (contraction + churned)
    Errors: #N/A no complete row up to as_of, nobody paid, or no charges from before these months; #VALUE! a date
        or amount is text, or ranges of different size; #DIV/0! nothing was lost; #NUM! a date is out of range, more
        than 1,000 months, or months is not a whole number from 1 to 1,000.
    Source: Mamoon Hamid at SaaStr, February 2015; reactivated revenue made explicit here.
    """
    revenue, _ = _revenue(ids, dates, amounts, as_of)
    after = _base_month(revenue, months) + 1
    sums = {name: math.fsum(values[after:].tolist()) for name, values in revenue.movements().items()}
    lost = sums["Contraction"] + sums["Churned"]
    if lost == 0:
        raise ZeroDenominator("no revenue was lost in these months, and the formula divides by it; give more months")
    return (sums["New"] + sums["Expansion"] + sums["Reactivated"]) / lost
