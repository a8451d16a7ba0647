"""What customers are worth, and how unevenly that is spread among them."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from addin.catalogue import Example, Flag, Number, Numbers, metric
from addin.errors import NotEnoughData, OutOfRange, ZeroDenominator
from addin.metrics.guards import not_negative, positive, within
from addin.values import FloatArray, drop_blanks


def annuity(years: float, rate: float) -> float:
    """What 1 at the end of each year is worth today."""
    return years if rate == 0 else -math.expm1(-years * math.log1p(rate)) / rate


@metric("CLV", family="Value", returns="money", example=Example("=CLV(5,20,500)", gives=50000.0))
def clv(
    years: Annotated[Number, "How long the customer stays", "years"],
    purchases_per_year: Annotated[Number, "How often the customer buys in a year", "orders"],
    average_order: Annotated[Number, "Revenue of an average order", "money"],
    margin: Annotated[Number, "Share of revenue left after direct costs; 1 counts the revenue", "fraction"] = 1.0,
    discount_rate: Annotated[Number, "Discount rate a year; 0 adds the years up as they are", "fraction"] = 0.0,
) -> float:
    """Customer lifetime value: what a customer brings over the years, as revenue or as margin.

    With a discount rate each year's money counts as if paid at the year's end, as with
    =-PV(discount_rate, years, yearly). A fraction of a year goes into the exponent, as PV does it;
    without a discount rate it counts in proportion. A negative margin is a loss on each order.

    Formula: yearly = purchases_per_year * average_order * margin; yearly * years, or discounted
        yearly * (1 - (1 + discount_rate)^-years) / discount_rate
    Errors: #NUM! years, purchases_per_year or average_order is negative, margin is not between -1 and 1, or
        discount_rate is not between 0 and 1.
    Source: years times frequency times average order, as small-business guides give it; discounted as an
        ordinary annuity.
    """
    not_negative(years=years, purchases_per_year=purchases_per_year, average_order=average_order)
    within(-1, 1, margin=margin)
    within(0, 1, discount_rate=discount_rate)
    yearly = purchases_per_year * average_order * margin
    return yearly * annuity(years, discount_rate)


def margin_multiple(retention: float, discount_rate: float) -> float:
    """What a margin of 1 a period is worth while the customer stays, from the next period on."""
    loss = (1 - retention) + discount_rate
    if loss == 0:
        raise ZeroDenominator(
            "a retention of 1 with a discount_rate of 0 gives a value without end; lower the one or raise the other"
        )
    return retention / loss


@metric("CLV_MARGIN", family="Value", returns="money", example=Example("=CLV_MARGIN(100,0.8,0.1)", gives=800 / 3))
def clv_margin(
    margin: Annotated[Number, "What a customer leaves each period, after the costs of serving", "money"],
    retention: Annotated[Number, "Share of the customers who stay from one period to the next", "fraction"],
    discount_rate: Annotated[Number, "Discount rate for the same period", "fraction"],
    include_first: Annotated[Flag, "TRUE: the first margin comes now; FALSE: in a period, if they stay"] = False,
) -> float:
    """Lifetime value of a customer from margin, retention and discount rate, without end in time.

    FALSE values a customer after the margin of this period is in (so set it against keeping one);
    TRUE counts this period's margin too (so set it against winning one). The cost of acquisition
    is not taken off. All three numbers are for the same period, and stay the same for ever.

    Formula: margin * r / (1 + d - r); with the first margin: margin * (1 + d) / (1 + d - r)
    Errors: #DIV/0! retention 1 with discount_rate 0; #NUM! retention or discount_rate is not between 0 and 1.
    Source: Gupta and Lehmann, Customers as Assets, Journal of Interactive Marketing 17(1), 2003.
    """
    within(0, 1, retention=retention, discount_rate=discount_rate)
    multiple = margin_multiple(retention, discount_rate)
    return margin * (1 + multiple) if include_first else margin * multiple


@metric("RETENTION_PROFIT", family="Value", returns="fraction, 0.275 is 27.5% more",
        example=Example("=RETENTION_PROFIT(0.8,0.85,0.1)", gives=0.275))  # fmt: skip
def retention_profit(
    before: Annotated[Number, "Share of the customers who stayed each period, before", "fraction"],
    after: Annotated[Number, "Share of the customers who stay each period, now", "fraction"],
    discount_rate: Annotated[Number, "Discount rate for the same period", "fraction"],
) -> float:
    """How much more (or less) a customer is worth when retention changes, with margins unchanged.

    "5% less churn, 125% more profit" is no constant: at a discount rate of 10% five points bring
    27.5% from 0.80 and 40.7% from 0.90. The 125% holds where value goes as 1/churn and churn falls
    from 9% to 4%.

    Formula: [r / (1 + d - r) with r = after] / [the same with r = before] - 1
    Errors: #DIV/0! before is 0, or a retention of 1 with discount_rate 0; #NUM! a number is not between 0 and 1.
    Source: the margin multiple of Gupta and Lehmann, 2003; the claim goes back to Reichheld and Sasser, Zero
        Defections, Harvard Business Review 68(5), 1990.
    """
    within(0, 1, before=before, after=after, discount_rate=discount_rate)
    positive(before=before)
    return margin_multiple(after, discount_rate) / margin_multiple(before, discount_rate) - 1


def ranked(values: Numbers) -> FloatArray:
    """The values from the smallest to the largest, in multiples of the largest, so that no sum overflows."""
    ordered = np.sort(drop_blanks(values))
    if not ordered.size:
        raise NotEnoughData("values is blank; give a number for each customer")
    if ordered[0] < 0:
        raise OutOfRange(f"values must be 0 or more, {ordered[0]:g} was found; take revenue before refunds")
    if ordered[-1] == 0:
        raise ZeroDenominator("values are all 0, and there is nothing to share; give what each customer brought")
    multiples: FloatArray = ordered / ordered[-1]
    return multiples


@metric("PARETO_SHARE", family="Value", returns="fraction, 0 to 1",
        example=Example("=PARETO_SHARE({40;30;20;5;5},0.4)", gives=0.7))  # fmt: skip
def pareto_share(
    values: Annotated[Numbers, "What each customer brought, one number a customer; blanks are skipped", "money"],
    top: Annotated[Number, "Which share of the customers counts as the best", "fraction"] = 0.2,
) -> float:
    """What share of the total the best customers bring: 0.8 for the best 0.2 is the 80/20 rule.

    Where the best share is no whole number of customers, the last one counts in proportion: of 4
    customers the best 20% are 0.8 of the best one. So equal customers give exactly `top`, and the
    answer does not jump; rounding up to whole customers would overstate it in a small list.

    Formula: the largest top * n of the n values, the last one in proportion / the sum of all values
    Errors: #N/A no values; #VALUE! a value is text; #DIV/0! all values are 0; #NUM! a value is negative, or top
        is not between 0 and 1.
    Source: the Lorenz curve: Lorenz, Methods of Measuring the Concentration of Wealth, Publications of the
        American Statistical Association 9(70), 1905.
    """
    within(0, 1, top=top)
    best_first = ranked(values)[::-1].tolist()
    whole, part = divmod(top * len(best_first), 1)
    n = int(whole)
    best = math.fsum([*best_first[:n], *(part * value for value in best_first[n : n + 1])])
    return best / math.fsum(best_first)


@metric("GINI", family="Value", returns="index, 0 (all alike) to 1 (one brings all)",
        example=Example("=GINI({40;30;20;5;5})", gives=0.38))  # fmt: skip
def gini(
    values: Annotated[Numbers, "What each customer brought, one number a customer; blanks are skipped", "money"],
) -> float:
    """Gini index of concentration: how unevenly value is spread among customers, 0 for evenly.

    Where customers follow the 80/20 rule to the letter it is 0.76. It is the index of the customers
    given: one customer who brings all among n gives 1 - 1/n, not quite 1.

    Formula: sum of (2i - n - 1) * x_i / (n * sum of x), with the x_i from smallest to largest
    Errors: #N/A no values; #VALUE! a value is text; #DIV/0! all values are 0; #NUM! a value is negative.
    Source: Gini, 1912; in this form: Dixon, Weiner, Mitchell-Olds and Woodley, Bootstrapping the Gini
        Coefficient of Inequality, Ecology 68(5), 1987.
    """
    x = ranked(values)
    n = x.size
    weights = 2.0 * np.arange(1, n + 1) - n - 1
    return math.fsum((weights * x).tolist()) / (n * math.fsum(x.tolist()))
