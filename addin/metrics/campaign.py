"""What a campaign or a new customer costs, and what comes back: at once, and over the year of follow-up."""

from __future__ import annotations

import math
from typing import Annotated

from addin.catalogue import Example, Flag, Number, Numbers, metric
from addin.errors import OutOfRange, ZeroDenominator
from addin.metrics.guards import not_negative, positive, sum_of, within
from addin.values import total


@metric("ROI", family="Campaign", returns="fraction, -0.4 is a loss of 40%",
        example=Example("=ROI(6000,10000)", gives=-0.4))  # fmt: skip
def roi(
    gain: Annotated[Numbers, "What came back, before the cost is taken off; ranges are summed", "money"],
    cost: Annotated[Numbers, "What was spent; ranges are summed", "money"],
) -> float:
    """Return on investment, net: what is left after the cost, as a share of the cost. 0 breaks even.

    Guides for small firms often call revenue / cost "ROI": 6,000 from 10,000 is then "60%". That is
    ROAS; the return on investment of the same campaign is -40%. Give the margin as gain, not the
    revenue, where the goods cost something.

    Formula: (gain - cost) / cost
    Errors: #N/A gain or cost is blank; #VALUE! a number is text; #DIV/0! cost is 0; #NUM! cost is negative.
    Source: Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 2nd ed. 2010, ch. 10.
    """
    gained, spent = sum_of("gain", gain), sum_of("cost", cost)
    positive(cost=spent)
    return (gained - spent) / spent


@metric("ROAS", family="Campaign", returns="fraction, 0.6 is 60%", example=Example("=ROAS(6000,10000)", gives=0.6))
def roas(
    revenue: Annotated[Numbers, "Revenue the spending brought; ranges are summed", "money"],
    cost: Annotated[Numbers, "What was spent; ranges are summed", "money"],
) -> float:
    """Return on ad spend, gross: revenue as a share of the cost. 1 breaks even on revenue.

    This is what guides for small firms often call "ROI"; ROI takes the cost off.

    Formula: revenue / cost
    Errors: #N/A revenue or cost is blank; #VALUE! a number is text; #DIV/0! cost is 0; #NUM! cost is negative.
    Source: the usual definition in online advertising.
    """
    earned, spent = sum_of("revenue", revenue), sum_of("cost", cost)
    positive(cost=spent)
    return earned / spent


@metric("ROC", family="Campaign", returns="fraction, 1.275 is 127.5%",
        example=Example("=ROC(10000,6000,2850,3900)", gives=1.275))  # fmt: skip
def roc(
    cost: Annotated[Numbers, "What the campaign and its follow-up cost; ranges are summed", "money"],
    immediate: Annotated[Numbers, "Revenue of the first orders; ranges are summed", "money"],
    repeat: Annotated[Numbers, "Revenue of repeat orders by the customers won; ranges are summed", "money"] = 0.0,
    referral: Annotated[Numbers, "Revenue from customers whom they referred; ranges are summed", "money"] = 0.0,
    lifetime: Annotated[Numbers, "Revenue still expected from them all; ranges are summed", "money"] = 0.0,
    margin: Annotated[Number, "Share of revenue left after direct costs; 1 counts the revenue", "fraction"] = 1.0,
    net: Annotated[Flag, "FALSE: gross, 1 breaks even; TRUE: after the cost, 0 breaks even"] = False,
) -> float:
    """Return on customer: what the customers won by a campaign brought in all, not only at once.

    Gross by default, as ROAS: 12,750 from 10,000 is 127.5%, where the first orders alone gave 60%.
    With net = TRUE the cost is taken off, as ROI does it: 27.5%. What guides call "return orders" are
    repeat orders: add them, do not take them off as refunds. Leave margin at 1 where the amounts are
    margins already. Peppers and Rogers's measure of the same name is another: it relates a firm's
    profit and change of customer equity to its customer equity.

    Formula: gain = (immediate + repeat + referral + lifetime) * margin; gain / cost, net (gain - cost) / cost
    Errors: #N/A cost or immediate is blank; #VALUE! a number is text; #DIV/0! cost is 0; #NUM! cost is negative,
        or margin is not between -1 and 1.
    Source: a campaign's return with a year of follow-up, as small-business guides describe it.
    """
    within(-1, 1, margin=margin)
    spent = sum_of("cost", cost)
    positive(cost=spent)
    revenue = math.fsum((sum_of("immediate", immediate), total(repeat), total(referral), total(lifetime)))
    gain = revenue * margin
    return (gain - spent) / spent if net else gain / spent


@metric("ROR", family="Campaign", returns="fraction, 1 breaks even",
        example=Example("=ROR(885,1680,25,800)", gives=0.59))  # fmt: skip
def ror(
    value: Annotated[Numbers, "What the relationship brought back; ranges are summed", "money"],
    minutes: Annotated[Numbers, "Time spent on it; ranges are summed", "minutes"],
    hourly_rate: Annotated[Number, "What an hour of that time is worth", "money"],
    cash: Annotated[Numbers, "Money spent on it; ranges are summed", "money"] = 0.0,
) -> float:
    """Return on relationship, gross: value brought back over the time and money put in. 1 breaks even.

    For partnerships, sponsorships and introductions: log the minutes and the value, and judge after
    a month or two. It is gross, as ROAS; take 1 off for the net return.

    Formula: value / (minutes / 60 * hourly_rate + cash)
    Errors: #N/A value or minutes is blank; #VALUE! a number is text; #DIV/0! neither time nor money was put in;
        #NUM! minutes, hourly_rate or cash is negative.
    Source: return on relationship, as small-business guides describe it.
    """
    brought, spent_minutes, spent_cash = sum_of("value", value), sum_of("minutes", minutes), total(cash)
    not_negative(minutes=spent_minutes, hourly_rate=hourly_rate, cash=spent_cash)
    invested = spent_minutes / 60 * hourly_rate + spent_cash
    if invested == 0:
        raise ZeroDenominator("time and cash are worth 0, and the formula divides by them; give the time or the cash")
    if math.isinf(invested):
        raise OutOfRange("minutes, hourly_rate and cash make too large a number; look for a slip in them")
    return brought / invested


@metric("COST_PER_SALE", family="Campaign", returns="money", example=Example("=COST_PER_SALE(0.05,1)", gives=20.0))
def cost_per_sale(
    conversion_rate: Annotated[Number, "Share of the contacts who buy", "fraction"],
    cost_per_contact: Annotated[Number, "What one contact costs", "money"],
) -> float:
    """What a sale costs where only some contacts buy: at a conversion rate of 5% it takes 20 contacts.

    With the 70% for existing and 5% for new customers that guides give, a sale to a new one costs
    14 times as much.

    Formula: cost_per_contact / conversion_rate
    Errors: #DIV/0! conversion_rate is 0; #NUM! conversion_rate is not between 0 and 1, or cost_per_contact is
        negative.
    Source: the mean number of tries until the first success (geometric distribution).
    """
    within(0, 1, conversion_rate=conversion_rate)
    positive(conversion_rate=conversion_rate)
    not_negative(cost_per_contact=cost_per_contact)
    return cost_per_contact / conversion_rate


@metric("CAC", family="Campaign", returns="money a customer", example=Example("=CAC(10000,330)", gives=10000 / 330))
def cac(
    cost: Annotated[Numbers, "What was spent to win customers; ranges are summed", "money"],
    customers: Annotated[Numbers, "New customers won by it; ranges are summed", "people"],
) -> float:
    """Customer acquisition cost: what it cost, on average, to win one new customer.

    Counting referred customers among those won lowers it; do so everywhere or nowhere.

    Formula: cost / customers
    Errors: #N/A cost or customers is blank; #VALUE! a number is text; #DIV/0! customers is 0; #NUM! a number
        is negative.
    Source: Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 2nd ed. 2010, ch. 5.
    """
    spent, won = sum_of("cost", cost), sum_of("customers", customers)
    not_negative(cost=spent)
    positive(customers=won)
    return spent / won


@metric("CLV_CAC", family="Campaign", returns="ratio, 1 breaks even", example=Example("=CLV_CAC(360,120)", gives=3.0))
def clv_cac(
    clv: Annotated[Number, "Lifetime value of a customer, as margin", "money"],
    cac: Annotated[Number, "What it costs to win one", "money"],
) -> float:
    """How many times its acquisition cost a customer is worth.

    Below 1 each new customer loses money. The 3 that is often asked for is a rule of thumb. With a
    lifetime value of revenue, not margin, the ratio flatters.

    Formula: clv / cac
    Errors: #DIV/0! cac is 0; #NUM! cac is negative.
    Source: a ratio in common use, above all for subscriptions.
    """
    positive(cac=cac)
    return clv / cac


@metric("BREAKEVEN_ORDERS", family="Campaign", returns="orders, not rounded",
        example=Example("=BREAKEVEN_ORDERS(10000,30)", gives=1000 / 3))  # fmt: skip
def breakeven_orders(
    cost: Annotated[Number, "What the campaign costs", "money"],
    price: Annotated[Number, "Revenue of an order", "money"],
    margin: Annotated[Number, "Share of revenue left after direct costs", "fraction"] = 1.0,
) -> float:
    """How many orders pay for a campaign. Not rounded: 333.3 means that the 334th makes a profit.

    Formula: cost / (price * margin)
    Errors: #DIV/0! price or margin is 0; #NUM! cost or price is negative, or margin is not between 0 and 1
        (orders at a loss never pay for anything).
    Source: break-even analysis.
    """
    not_negative(cost=cost)
    within(0, 1, margin=margin)
    positive(price=price, margin=margin)
    return cost / (price * margin)


@metric("PAYBACK", family="Campaign", returns="periods of the margin",
        example=Example("=PAYBACK(100,40,0.8)", gives=3.1171875))  # fmt: skip
def payback(
    cac: Annotated[Number, "What it costs to win a customer", "money"],
    margin: Annotated[Number, "What a customer who stays leaves in a period", "money"],
    retention: Annotated[Number, "Share of the customers who stay from one period to the next", "fraction"] = 1.0,
    discount_rate: Annotated[Number, "Discount rate for the same period; 0 adds the margins up", "fraction"] = 0.0,
) -> float:
    """After how many periods a new customer's margins have paid for the cost of winning one.

    The first period's margin comes in full, the next times retention, and so on. Periods are not
    rounded: within a period the margin comes in evenly. With a discount rate it is the discounted payback
    period: each period's margin is discounted from the period's end, so that the margins have paid for
    the capital as well.

    Formula: n with margin * (1/(1 + d) + r/(1 + d)^2 + r^2/(1 + d)^3 + ...) = cac over n periods; cac / margin
        where r is 1 and d is 0
    Errors: #DIV/0! margin is 0; #NUM! cac or margin is negative, retention or discount_rate is not between 0 and 1,
        or the margins never add up to cac, since customers leave too soon or the discount rate is too high.
    Source: the payback period of investment appraisal and its discounted form, with the margins of a customer who
        may leave.
    """
    not_negative(cac=cac)
    positive(margin=margin)
    within(0, 1, retention=retention, discount_rate=discount_rate)
    margins = cac / margin * (1 + discount_rate)  # in multiples of what the first margin is worth today
    loss = (1 - retention + discount_rate) / (1 + discount_rate)  # of worth from one margin to the next
    if margins <= 1 or loss == 0:
        return margins
    if margins * loss >= 1:
        limit = margin / (1 - retention + discount_rate)
        why, rate = "customers leave too soon", ""
        if discount_rate:
            why, rate = "the margins fall too fast", f" and a discount_rate of {discount_rate:g}"
        raise OutOfRange(
            f"{why}: with a retention of {retention:g}{rate} the margins never add up to more than {limit:g}, and cac "
            f"is {cac:g}; raise retention or margin, or lower cac"
        )
    decay = math.log1p(-loss)
    whole = math.floor(math.log1p(-margins * loss) / decay)
    earned = -math.expm1(whole * decay) / loss
    return whole + (margins - earned) / math.exp(whole * decay)


@metric("BREAKEVEN_RETENTION", family="Campaign", returns="fraction, 0 to 1",
        example=Example("=BREAKEVEN_RETENTION(200,100,0.1)", gives=220 / 300))  # fmt: skip
def breakeven_retention(
    cac: Annotated[Number, "What it costs to win a customer", "money"],
    margin: Annotated[Number, "What a customer who stays leaves in a period", "money"],
    discount_rate: Annotated[Number, "Discount rate for the same period", "fraction"],
    include_first: Annotated[Flag, "TRUE: the first margin comes now; FALSE: in a period, if they stay"] = False,
) -> float:
    """Which retention makes a customer worth exactly the cost of winning one.

    It is CLV_MARGIN solved for the retention. TRUE counts this period's margin too: the customer is won and buys
    at once. FALSE counts from the next period on: the margin of the first order is spent, or was counted already.
    Where the first margin alone pays the cost, the answer is 0.

    Formula: r = cac * (1 + d) / (margin + cac), from margin * r / (1 + d - r) = cac; with the first margin
        r = (1 + d) * (1 - margin/cac), from margin * (1 + d) / (1 + d - r) = cac
    Errors: #DIV/0! margin is 0; #NUM! cac or margin is negative, discount_rate is not between 0 and 1, or even
        customers who never leave are worth less than cac.
    Source: Gupta and Lehmann, Customers as Assets, Journal of Interactive Marketing 17(1), 2003.
    """
    not_negative(cac=cac)
    positive(margin=margin)
    within(0, 1, discount_rate=discount_rate)
    if include_first:
        retention = 0.0 if cac <= margin else (1 + discount_rate) * (cac - margin) / cac
    else:
        retention = cac * (1 + discount_rate) / math.fsum((margin, cac))
    if retention > 1:
        worth = margin * (1 + discount_rate if include_first else 1) / discount_rate
        raise OutOfRange(
            f"even a customer who never leaves is worth {worth:g}, less than the cac of {cac:g}; "
            "lower cac or raise margin"
        )
    return retention
