"""How many customers leave, how many stay, and how long they stay on average."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np

from addin.catalogue import Example, Labels, Number, Numbers, metric
from addin.errors import NotEnoughData, OutOfRange, WrongKind
from addin.metrics.guards import not_negative, one_of, positive, within
from addin.values import customer_key

Method = Literal["compound", "linear"]
LifespanUnit = Literal["months", "years"]


def compounded(churn: float, periods: float) -> float:
    """1 - (1 - churn)^periods, exact for a small churn too."""
    return 1.0 if churn == 1 else -math.expm1(periods * math.log1p(-churn))


@metric("CHURN", family="Churn", returns="fraction a month, 0 to 1",
        example=Example("=CHURN({9;11},{480;520})", gives=0.02))  # fmt: skip
def churn(
    lost: Annotated[Numbers, "Customers lost, one number or a row for each period", "people"],
    at_start: Annotated[Numbers, "Customers at the start of the same periods, or one number for them all", "people"],
    months: Annotated[Number, "How long one period of at_start lasts", "months"] = 1.0,
    method: Annotated[Method, "How a period becomes a month: compound, or linear (divided by months)"] = "compound",
) -> float:
    """Share of the customers who leave in a month: those lost over those at the start.

    Ranges are summed, so periods weigh by their customers; a row that lacks one of the two numbers
    is left out. Six months' losses over the one number of customers at their start take months = 6.
    "compound" is the monthly rate that leaves as many customers after those months. "linear", the
    shortcut of small-business guides, is lower: it forgets that there are fewer left to lose.

    Formula: c = sum of lost / sum of at_start; compound 1 - (1 - c)^(1/months), linear c / months
    Errors: #N/A lost or at_start is blank; #VALUE! a number is text, ranges of different size, or an unknown
        method; #DIV/0! at_start or months is 0; #NUM! a number is negative, or lost is more than at_start.
    Source: Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 2nd ed. 2010, ch. 5; linear as
        small-business guides give it.
    """
    one_of(Method, method=method)
    positive(months=months)
    gone, present = _complete_rows(lost, at_start)
    if not gone or not present:
        raise NotEnoughData("no period has both lost and at_start; fill in at least one row")
    not_negative(lost=min(gone), at_start=min(present))
    lost_sum, start_sum = math.fsum(gone), math.fsum(present)
    positive(at_start=start_sum)
    if lost_sum > start_sum:
        raise OutOfRange(
            f"lost adds up to {lost_sum:g}, more than the {start_sum:g} at_start; "
            "count only customers who were there at the start"
        )
    rate = lost_sum / start_sum
    return rate / months if method == "linear" else compounded(rate, 1 / months)


def _complete_rows(lost: Numbers, at_start: Numbers) -> tuple[list[float], list[float]]:
    """The numbers of both, without the rows in which one of them is blank."""
    gone, present = (np.asarray(values, dtype=np.float64).ravel() for values in (lost, at_start))
    if gone.size == present.size:
        complete = ~(np.isnan(gone) | np.isnan(present))
        return gone[complete].tolist(), present[complete].tolist()
    if min(gone.size, present.size) > 1:
        raise WrongKind(
            f"lost has {gone.size} cells, at_start {present.size}; give ranges of equal size, or one number for all"
        )
    return gone[~np.isnan(gone)].tolist(), present[~np.isnan(present)].tolist()


@metric("CHURN_LIST", family="Churn", returns="fraction, 0 to 1",
        example=Example('=CHURN_LIST({"Ann";"Bo";"Cy";"Di"},{"bo";"Di";"Eve";"Ann"})', gives=0.25))  # fmt: skip
def churn_list(
    ids_at_start: Annotated[Labels, "Names or ids of the customers at the start; blanks are skipped"],
    ids_at_end: Annotated[Labels, "Names or ids of the customers at the end, in any order"],
) -> float:
    """Share of the customers on the first list who are missing from the second.

    An id counts once, however often it stands there; upper and lower case are the same, and so are
    the number 101 and the texts "101" and "101.0". A customer only on the second list is new and does not count.
    The answer is for the time between the lists: CHURN_CONVERT makes it monthly.

    Formula: distinct ids at the start that are not there at the end / distinct ids at the start
    Errors: #N/A one of the lists is empty (an empty second list is taken as not filled in yet, not as all lost).
    Source: the definition of churn, applied to two lists.
    """
    before, after = ({key for id_ in ids if (key := customer_key(id_))} for ids in (ids_at_start, ids_at_end))
    if not before or not after:
        raise NotEnoughData(f"{'ids_at_end' if before else 'ids_at_start'} is empty; give at least one customer")
    return len(before - after) / len(before)


@metric("CHURN_CONVERT", family="Churn", returns="fraction, 0 to 1",
        example=Example("=CHURN_CONVERT(0.06,1,6)", gives=0.310130218944))  # fmt: skip
def churn_convert(
    churn: Annotated[Number, "Churn in a period of from_months", "fraction"],
    from_months: Annotated[Number, "How long the period of the given churn lasts", "months"],
    to_months: Annotated[Number, "How long the period of the wanted churn lasts", "months"],
) -> float:
    """Churn of one period as churn of a longer or shorter one, compounding: 1% a month is 11.4% a year.

    "6% a month loses under a fifth in six months", as one guide has it, is false: it loses 31%. A
    fifth is lost at 3.65% a month; 3% loses 16.7%.

    Formula: 1 - (1 - churn)^(to_months/from_months)
    Errors: #DIV/0! from_months is 0; #NUM! churn is not between 0 and 1, from_months is negative, or
        to_months is not more than 0.
    Source: compound decay, as with interest rates.
    """
    within(0, 1, churn=churn)
    positive(from_months=from_months)
    if not to_months > 0:
        raise OutOfRange(f"to_months must be more than 0, {to_months:g} was found; a year is 12")
    return compounded(churn, to_months / from_months)


@metric("RETENTION", family="Churn", returns="fraction, 0 to 1", example=Example("=RETENTION(500,520,60)", gives=0.92))
def retention(
    at_start: Annotated[Number, "Customers at the start of the period", "people"],
    at_end: Annotated[Number, "Customers at the end of the period", "people"],
    new_customers: Annotated[Number, "How many of those at the end joined during the period", "people"] = 0.0,
) -> float:
    """Share of the customers at the start who are still there at the end of the period.

    Formula: (at_end - new_customers) / at_start, which is 1 - churn of the same period
    Errors: #DIV/0! at_start is 0; #NUM! a number is negative, new_customers is more than at_end,
        or more stayed than were there (those who joined were not counted in new_customers).
    Source: Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 2nd ed. 2010, ch. 5.
    """
    positive(at_start=at_start)
    not_negative(at_end=at_end, new_customers=new_customers)
    stayed = at_end - new_customers
    if stayed < 0:
        raise OutOfRange(
            f"new_customers is {new_customers:g}, more than the {at_end:g} at_end; count only those still there"
        )
    if stayed > at_start:
        raise OutOfRange(f"{stayed:g} stayed of {at_start:g} at_start; count those who joined in new_customers")
    return stayed / at_start


@metric("LIFESPAN", family="Churn", returns="months, or years",
        example=Example('=LIFESPAN(0.02,"years")', gives=50 / 12))  # fmt: skip
def lifespan(
    churn: Annotated[Number, "Churn a month", "fraction"],
    unit: Annotated[LifespanUnit, "What to answer in: months, or years"] = "months",
) -> float:
    """How long a customer stays on average, where the same share leaves every month.

    2% a month is 50 months, or 4.17 years. It is an average: where churn is small, half of the customers have left
    after about 0.69 of that time, since a few stay very long; at 50% a month they have left after half of it.

    Formula: 1 / churn months; divided by 12 for years
    Errors: #VALUE! an unknown unit; #DIV/0! churn is 0, nobody leaves; #NUM! churn is not between 0 and 1.
    Source: the mean of the geometric distribution.
    """
    one_of(LifespanUnit, unit=unit)
    within(0, 1, churn=churn)
    positive(churn=churn)
    months = 1 / churn
    return months / 12 if unit == "years" else months
