"""Written by roc build from the declarations of the functions. Do not edit."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from pandas import DataFrame

__version__: str

def roi(
    gain: float | Iterable[Any],
    cost: float | Iterable[Any],
) -> float:
    """Return on investment, net: what is left after the cost, as a share of the cost. 0 breaks even.

    Guides for small firms often call revenue / cost "ROI": 6,000 from 10,000 is then "60%". That is
    ROAS; the return on investment of the same campaign is -40%. Give the margin as gain, not the
    revenue, where the goods cost something.

    Formula: (gain - cost) / cost
    Errors: #N/A gain or cost is blank; #VALUE! a number is text; #DIV/0! cost is 0; #NUM! cost is negative.
    Source: Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 2nd ed. 2010, ch. 10.
    """

def roas(
    revenue: float | Iterable[Any],
    cost: float | Iterable[Any],
) -> float:
    """Return on ad spend, gross: revenue as a share of the cost. 1 breaks even on revenue.

    This is what guides for small firms often call "ROI"; ROI takes the cost off.

    Formula: revenue / cost
    Errors: #N/A revenue or cost is blank; #VALUE! a number is text; #DIV/0! cost is 0; #NUM! cost is negative.
    Source: the usual definition in online advertising.
    """

def roc(
    cost: float | Iterable[Any],
    immediate: float | Iterable[Any],
    repeat: float | Iterable[Any] | None = ...,
    referral: float | Iterable[Any] | None = ...,
    lifetime: float | Iterable[Any] | None = ...,
    margin: float | None = ...,
    net: bool | None = ...,
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

def ror(
    value: float | Iterable[Any],
    minutes: float | Iterable[Any],
    hourly_rate: float,
    cash: float | Iterable[Any] | None = ...,
) -> float:
    """Return on relationship, gross: value brought back over the time and money put in. 1 breaks even.

    For partnerships, sponsorships and introductions: log the minutes and the value, and judge after
    a month or two. It is gross, as ROAS; take 1 off for the net return.

    Formula: value / (minutes / 60 * hourly_rate + cash)
    Errors: #N/A value or minutes is blank; #VALUE! a number is text; #DIV/0! neither time nor money was put in;
        #NUM! minutes, hourly_rate or cash is negative.
    Source: return on relationship, as small-business guides describe it.
    """

def cost_per_sale(
    conversion_rate: float,
    cost_per_contact: float,
) -> float:
    """What a sale costs where only some contacts buy: at a conversion rate of 5% it takes 20 contacts.

    With the 70% for existing and 5% for new customers that guides give, a sale to a new one costs
    14 times as much.

    Formula: cost_per_contact / conversion_rate
    Errors: #DIV/0! conversion_rate is 0; #NUM! conversion_rate is not between 0 and 1, or cost_per_contact is
        negative.
    Source: the mean number of tries until the first success (geometric distribution).
    """

def cac(
    cost: float | Iterable[Any],
    customers: float | Iterable[Any],
) -> float:
    """Customer acquisition cost: what it cost, on average, to win one new customer.

    Counting referred customers among those won lowers it; do so everywhere or nowhere.

    Formula: cost / customers
    Errors: #N/A cost or customers is blank; #VALUE! a number is text; #DIV/0! customers is 0; #NUM! a number
        is negative.
    Source: Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 2nd ed. 2010, ch. 5.
    """

def clv_cac(
    clv: float,
    cac: float,
) -> float:
    """How many times its acquisition cost a customer is worth.

    Below 1 each new customer loses money. The 3 that is often asked for is a rule of thumb. With a
    lifetime value of revenue, not margin, the ratio flatters.

    Formula: clv / cac
    Errors: #DIV/0! cac is 0; #NUM! cac is negative.
    Source: a ratio in common use, above all for subscriptions.
    """

def breakeven_orders(
    cost: float,
    price: float,
    margin: float | None = ...,
) -> float:
    """How many orders pay for a campaign. Not rounded: 333.3 means that the 334th makes a profit.

    Formula: cost / (price * margin)
    Errors: #DIV/0! price or margin is 0; #NUM! cost or price is negative, or margin is not between 0 and 1
        (orders at a loss never pay for anything).
    Source: break-even analysis.
    """

def payback(
    cac: float,
    margin: float,
    retention: float | None = ...,
    discount_rate: float | None = ...,
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

def breakeven_retention(
    cac: float,
    margin: float,
    discount_rate: float,
    include_first: bool | None = ...,
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

def churn(
    lost: float | Iterable[Any],
    at_start: float | Iterable[Any],
    months: float | None = ...,
    method: Literal['compound', 'linear'] | None = ...,
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

def churn_list(
    ids_at_start: str | Iterable[Any],
    ids_at_end: str | Iterable[Any],
) -> float:
    """Share of the customers on the first list who are missing from the second.

    An id counts once, however often it stands there; upper and lower case are the same, and so are
    the number 101 and the texts "101" and "101.0". A customer only on the second list is new and does not count.
    The answer is for the time between the lists: CHURN_CONVERT makes it monthly.

    Formula: distinct ids at the start that are not there at the end / distinct ids at the start
    Errors: #N/A one of the lists is empty (an empty second list is taken as not filled in yet, not as all lost).
    Source: the definition of churn, applied to two lists.
    """

def churn_convert(
    churn: float,
    from_months: float,
    to_months: float,
) -> float:
    """Churn of one period as churn of a longer or shorter one, compounding: 1% a month is 11.4% a year.

    "6% a month loses under a fifth in six months", as one guide has it, is false: it loses 31%. A
    fifth is lost at 3.65% a month; 3% loses 16.7%.

    Formula: 1 - (1 - churn)^(to_months/from_months)
    Errors: #DIV/0! from_months is 0; #NUM! churn is not between 0 and 1, from_months is negative, or
        to_months is not more than 0.
    Source: compound decay, as with interest rates.
    """

def retention(
    at_start: float,
    at_end: float,
    new_customers: float | None = ...,
) -> float:
    """Share of the customers at the start who are still there at the end of the period.

    Formula: (at_end - new_customers) / at_start, which is 1 - churn of the same period
    Errors: #DIV/0! at_start is 0; #NUM! a number is negative, new_customers is more than at_end,
        or more stayed than were there (those who joined were not counted in new_customers).
    Source: Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, 2nd ed. 2010, ch. 5.
    """

def lifespan(
    churn: float,
    unit: Literal['months', 'years'] | None = ...,
) -> float:
    """How long a customer stays on average, where the same share leaves every month.

    2% a month is 50 months, or 4.17 years. It is an average: where churn is small, half of the customers have left
    after about 0.69 of that time, since a few stay very long; at 50% a month they have left after half of it.

    Formula: 1 / churn months; divided by 12 for years
    Errors: #VALUE! an unknown unit; #DIV/0! churn is 0, nobody leaves; #NUM! churn is not between 0 and 1.
    Source: the mean of the geometric distribution.
    """

def cohort(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    period: Literal['week', 'month', 'quarter', 'year'] | None = ...,
    show: Literal['retention', 'customers', 'amount'] | None = ...,
    amounts: float | Iterable[Any] | None = ...,
) -> DataFrame:
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

def rfm(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    amounts: float | Iterable[Any],
    as_of: date | str | float | None = ...,
    bins: float | None = ...,
) -> DataFrame:
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

def bgnbd_fit(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    as_of: date | str | float | None = ...,
    amounts: float | Iterable[Any] | None = ...,
) -> DataFrame:
    """Fit of the BG/NBD model: how often customers order, and how soon they leave without a word.

    Each customer orders at a rate of their own (gamma distributed: r, alpha in weeks) and leaves after a repeat
    order with a chance of their own (beta distributed: a, b). The mean customer orders r/alpha times a week and
    leaves with a chance of a/(a+b) after an order. All orders of a customer on one day count as one. A row that
    lacks its customer or date (or amount, where amounts are given), or that is after as_of, is left out: so an
    earlier as_of fits to a first part of the time, to be compared with the rest. A wrong date in the future would
    pass for the end: give as_of. Where rows of refunds stand among the orders, give the amounts: without them every
    row is an order.

    Where the orders do not tell how far customers differ in their chance to leave, as in many small shops, a and b
    do not exist: they are blank, the chance that all share stands below, and the note says so. Forecasts do not
    need them.

    Formula: maximum likelihood over each customer's repeat orders x, weeks t_x from the first order to the last,
        and weeks T from the first order to as_of; standard errors from the Hessian
    Errors: #N/A no complete row up to as_of, no time has passed, or nobody has ordered twice; #VALUE! a date or
        amount is text, or ranges of different size; #NUM! a date is out of range, or there is no best fit (customers
        are too few, or all order at the same pace).
    Source: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005.
    """

def mbgnbd_fit(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    as_of: date | str | float | None = ...,
    amounts: float | Iterable[Any] | None = ...,
) -> DataFrame:
    """Fit of the MBG/NBD model: BG/NBD in which customers may leave after their first order already.

    In BG/NBD only a repeat order can be the last, so that everyone who has bought once counts as a customer for
    good; choose this model, or PARETONBD_FIT, where many buy once and never again. The higher log-likelihood fits
    the past better; HOLDOUT says which forecasts better. The mean customer orders r/alpha times a week and leaves
    with a chance of a/(a+b) after an order, the first included. Rows are read, and parameters that do not exist are
    left blank, as in BGNBD_FIT.

    Formula: maximum likelihood over each customer's repeat orders x, weeks t_x from the first order to the last,
        and weeks T from the first order to as_of; standard errors from the Hessian
    Errors: #N/A no complete row up to as_of, no time has passed, or nobody has ordered twice; #VALUE! a date or
        amount is text, or ranges of different size; #NUM! a date is out of range, or there is no best fit (customers
        are too few, or all order at the same pace).
    Source: Batislam, Denizel and Filiztekin, Empirical Validation and Comparison of Models for Customer Base
        Analysis, International Journal of Research in Marketing 24(3), 2007.
    """

def paretonbd_fit(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    as_of: date | str | float | None = ...,
    amounts: float | Iterable[Any] | None = ...,
) -> DataFrame:
    """Fit of the Pareto/NBD model: customers order until they leave, which may be at any time.

    Each customer orders at a rate of their own (gamma distributed: r, alpha in weeks) and leaves at a rate of their
    own (gamma distributed: s, beta in weeks), whether they order or not, as where people move away or lose interest
    in silence; one-time buyers can be gone. The mean customer orders r/alpha times a week and leaves at s/beta a
    week. The higher log-likelihood fits the past better than BGNBD_FIT or MBGNBD_FIT; HOLDOUT says which
    forecasts better. Rows are read as in BGNBD_FIT. Where the orders do not tell how far customers differ in how
    soon they leave, s and beta do not exist: they are blank, and the rate that all share stands below.

    Formula: maximum likelihood over each customer's repeat orders x, weeks t_x from the first order to the last,
        and weeks T from the first order to as_of; standard errors from the Hessian
    Errors: #N/A no complete row up to as_of, no time has passed, or nobody has ordered twice; #VALUE! a date or
        amount is text, or ranges of different size; #NUM! a date is out of range, or there is no best fit (customers
        are too few, or all order at the same pace).
    Source: Schmittlein, Morrison and Colombo, Counting Your Customers: Who Are They and What Will They Do Next?,
        Management Science 33(1), 1987; Fader and Hardie, A Note on Deriving the Pareto/NBD Model, 2005.
    """

def gammagamma_fit(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    amounts: float | Iterable[Any],
    as_of: date | str | float | None = ...,
) -> DataFrame:
    """Fit of the Gamma-Gamma model: how much an order brings, and how that differs among customers.

    It looks at the customers with repeat orders that brought something; the first order of each does not count,
    and the orders of one day count as one, their amounts added. The mean order over all customers is
    p*v/(q-1). A row that lacks anything, or that is after as_of, is left out.

    Where the orders do not tell how much those of one customer differ, or how much customers do, p and v or q and v
    do not exist: they are blank, and p*v or the mean order of all stands below with the reason.

    Formula: maximum likelihood over each customer's repeat orders x and their mean amount; standard errors from
        the Hessian
    Errors: #N/A no complete row up to as_of, or no repeat order with an amount; #VALUE! a date or amount is text, or
        ranges of different size; #NUM! a date is out of range, or there is no best fit
        (too few customers, or amounts all alike).
    Source: Fader and Hardie, The Gamma-Gamma Model of Monetary Value, 2013.
    """

def clv_predict(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    amounts: float | Iterable[Any],
    months: float | None = ...,
    discount_rate: float | None = ...,
    as_of: date | str | float | None = ...,
    model: Literal['BG/NBD', 'MBG/NBD', 'Pareto/NBD'] | None = ...,
    confidence: float | None = ...,
) -> DataFrame:
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

def tracking(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    weeks_ahead: float | None = ...,
    as_of: date | str | float | None = ...,
    model: Literal['BG/NBD', 'MBG/NBD', 'Pareto/NBD'] | None = ...,
    confidence: float | None = ...,
    amounts: float | Iterable[Any] | None = ...,
) -> DataFrame:
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

def customer_equity(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    amounts: float | Iterable[Any],
    months: float | None = ...,
    discount_rate: float | None = ...,
    as_of: date | str | float | None = ...,
    model: Literal['BG/NBD', 'MBG/NBD', 'Pareto/NBD'] | None = ...,
    confidence: float | None = ...,
) -> DataFrame:
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

def holdout(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    amounts: float | Iterable[Any],
    cut: date | str | float,
    as_of: date | str | float | None = ...,
    model: Literal['BG/NBD', 'MBG/NBD', 'Pareto/NBD'] | None = ...,
    confidence: float | None = ...,
) -> DataFrame:
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

def sbg_fit(
    survivors: float | Iterable[Any],
    groups: str | Iterable[Any] | None = ...,
) -> DataFrame:
    """Fit of the shifted beta-geometric model: how customers on contract differ in their chance to leave.

    Each customer leaves with the same chance at every renewal, and the chances follow a beta distribution
    (alpha, beta) with the mean alpha/(alpha+beta). So those who leave easily go first and retention rises with
    age, as it does in most groups, though no customer changes. Groups that began at different times, each known as
    long as it has been there, tell more together.

    Formula: maximum likelihood with retention (beta + t - 1)/(alpha + beta + t - 1) at renewal t; standard errors
        from the Hessian
    Errors: #N/A fewer than two renewals, or a blank between two counts; #VALUE! a count is text, or groups of
        another size; #NUM! the counts rise or are negative, nobody has left, or retention does not rise with age,
        so that there is no best fit.
    Source: Fader and Hardie, How to Project Customer Retention, Journal of Interactive Marketing 21(1), 2007.
    """

def sbg_survival(
    survivors: float | Iterable[Any],
    periods: float,
    groups: str | Iterable[Any] | None = ...,
) -> DataFrame:
    """Share of a group that is left after each renewal, known and to come, by the shifted beta-geometric model.

    Retention is the share of those who were left before that renewal. The actual share stands beside it as far
    as it is known (of all groups together, where there are several). A curve through the shares themselves (straight
    or exponential) would fall too fast.

    Formula: retention at t = (beta + t - 1)/(alpha + beta + t - 1); survival = the product of retention up to t
    Errors: #N/A fewer than two renewals, or a blank between two counts; #VALUE! a count is text, or groups of
        another size; #NUM! the counts rise or are negative, nobody has left, retention does not rise with age, so
        that there is no best fit, or periods is not a whole number from 1 to 1,000.
    Source: Fader and Hardie, How to Project Customer Retention, Journal of Interactive Marketing 21(1), 2007.
    """

def clv_contract(
    survivors: float | Iterable[Any],
    margin: float,
    discount_rate: float,
    renewals: float | None = ...,
    include_first: bool | None = ...,
    groups: str | Iterable[Any] | None = ...,
) -> float:
    """Lifetime value of a customer on contract, from how a group like them renewed: the loyal are worth more.

    TRUE values a customer who signs or renews now; FALSE one whose renewal is due. A customer who has
    renewed often is likely to stay, so the value rises with renewals; one retention rate for all hides it.

    Formula: margin * sum over t from 0 of S(n + t)/S(n)/(1 + d)^t after n renewals, S the survival of the shifted
        beta-geometric model; FALSE: (1 + d) * (that - margin)
    Errors: #N/A fewer than two renewals, or a blank between two counts; #VALUE! a count is text, or groups of
        another size; #DIV/0! a value without end, at a discount_rate of 0; #NUM! the counts rise or are negative,
        nobody has left, retention does not rise with age, so that there is no best fit, discount_rate is not between
        0 and 1, or renewals is not a whole number from 0 to 1,000.
    Source: Fader and Hardie, Customer-Base Valuation in a Contractual Setting, Marketing Science 29(1), 2010: DEL
        with TRUE and 0 renewals, DERL with FALSE.
    """

def survival(
    durations: float | Iterable[Any],
    events: bool | float | Iterable[Any],
    confidence: float | None = ...,
) -> DataFrame:
    """Kaplan-Meier survival: the share still there after which time, also where some have not left yet.

    Those who are still there count as long as they have been watched, which an average over those who left
    would forget. A row for each time at which somebody left; between two of them the share stays. A row that
    lacks its duration or event is left out. The unit of time is that of the durations.

    Formula: survival = product of (1 - lost/at risk) up to that time; Greenwood's standard error; limits
        survival^exp(±z * standard error/(survival * ln survival)), blank where nobody is left
    Errors: #N/A no complete row; #VALUE! a number is text, or ranges of different size; #NUM! a duration is
        negative, an event is not 1 or 0, or confidence is not between 0 and 1.
    Source: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, Journal of the American
        Statistical Association 53(282), 1958; limits as in Kalbfleisch and Prentice, 1980.
    """

def survival_median(
    durations: float | Iterable[Any],
    events: bool | float | Iterable[Any],
    confidence: float | None = ...,
) -> DataFrame:
    """Median survival: the time after which half of the customers have left, with its low and high.

    It is the first time at which the share still there, as SURVIVAL has it, is half or less. It is blank where more
    than half are still there at the end, and so is a limit that has not been reached: there is then no upper end.

    Formula: the first time at which survival is 0.5 or less; limits: the same for the limits of survival
    Errors: #N/A no complete row; #VALUE! a number is text, or ranges of different size; #NUM! a duration is
        negative, an event is not 1 or 0, or confidence is not between 0 and 1.
    Source: Brookmeyer and Crowley, A Confidence Interval for the Median Survival Time, Biometrics 38(1), 1982, with
        log-log limits as in R's survfit.
    """

def logrank(
    durations: float | Iterable[Any],
    events: bool | float | Iterable[Any],
    groups: str | Iterable[Any],
) -> DataFrame:
    """Log-rank test: do customers of these groups leave at different times, or is it chance?

    For each group it has the customers, how many left, and how many would have if all groups left alike: more than
    expected is worse. p is the probability of a difference as large by chance alone; below 0.05 it is usually taken
    for real. It looks at the whole of the time and is weak where the curves cross. A group none of whose customers was
    still watched when the first left is listed, but compared with none; groups that differ in upper and lower case
    alone are one.

    Formula: chi-square of lost - expected with its hypergeometric covariance, summed over the times; degrees of freedom
        one fewer than the groups that are compared
    Errors: #N/A no complete row, fewer than two groups, or nobody left while two groups were there; #VALUE! a number is
        text, or ranges of different size; #NUM! a duration is negative, or an event is not 1 or 0, or
        there are more than 100 groups.
    Source: Mantel, Evaluation of Survival Data and Two New Rank Order Statistics Arising in Its Consideration, Cancer
        Chemotherapy Reports 50, 1966; as R's survdiff.
    """

def engagement_level(
    visits: float,
    orders: float,
    feedback: float | None = ...,
    referrals: float | None = ...,
) -> str:
    """Level of a person in the engagement pyramid: the highest for which there is evidence.

    From the top: Telling others (a referral), Giving feedback, Buying again (two orders or more), Just
    buying (one), Just looking (a visit), Total market. A level does not require those beneath it: someone
    who sent a friend but never bought is at Telling others.

    Formula: the first of referrals > 0, feedback > 0, orders > 1, orders > 0, visits > 0 that holds
    Errors: #N/A visits or orders is blank (give 0 for none); #VALUE! a number is text; #NUM! a number is negative.
    Source: the engagement pyramid of small-business guides.
    """

def engagement_value(
    orders: float,
    average_order: float,
    cost: float,
    influenced: float | None = ...,
    conversion: float | None = ...,
    margin: float | None = ...,
) -> float:
    """Net value of one person on a level of the engagement pyramid; below 0 where they cost more than they bring.

    Each of the influenced who converts counts as one order.

    Formula: (orders + influenced * conversion) * average_order * margin - cost
    Errors: #NUM! orders, average_order, cost or influenced is negative, conversion is not between 0 and 1, or
        margin is not between -1 and 1.
    Source: the engagement pyramid of small-business guides, put into money.
    """

def lifecycle_stage(
    orders: float,
    days_since_last: float | None = ...,
    feedback: float | None = ...,
    referrals: float | None = ...,
    active_days: float | None = ...,
) -> str:
    """Stage of a customer in the lifecycle: Reach, Acquire, Develop, Retain or Advocate.

    The highest for which there is evidence: Advocate for a customer who referred someone; Retain for
    one who ordered more than once and is active; Develop for one who ordered more than once or gave
    feedback; Acquire for one who ordered once; else Reach. A customer who ordered often but long ago
    falls back to Develop.

    Formula: the first of referrals > 0; orders > 1 and days_since_last <= active_days; orders > 1 or
        feedback > 0; orders > 0 that holds
    Errors: #N/A orders is blank, or days_since_last where there are several orders; #VALUE! a number is text;
        #NUM! a number is negative.
    Source: the customer lifecycle of marketing guides, made exact here.
    """

def lift(
    treated_buyers: float,
    treated: float,
    control_buyers: float,
    control: float,
    confidence: float | None = ...,
) -> DataFrame:
    """What a campaign caused: buyers in the treated group against a control group that was left alone.

    Incremental orders are those that would not have come without the campaign; lift is the difference as a share
    of the control rate, blank where nobody there bought. Where low and high lie on both sides of 0, or p is above
    1 - confidence (0.05 when left out), chance alone may explain the difference. It only holds where chance decided
    who was treated.

    Formula: difference = treated rate - control rate, times treated for incremental orders; limits by Newcombe from
        the Wilson limits of the rates; z = difference / sqrt(p * (1 - p) * (1/treated + 1/control)) with p the
        rate of both together (0 where all or none bought); p two-sided
    Errors: #VALUE! a number is text; #DIV/0! treated or control is 0; #NUM! a number is negative, more bought than
        were in the group, or confidence is not between 0 and 1.
    Source: Newcombe, Interval Estimation for the Difference between Independent Proportions, Statistics in Medicine
        17(8), 1998, method 10, whose first example is the one here.
    """

def sample_size(
    base_rate: float,
    lift: float,
    power: float | None = ...,
    confidence: float | None = ...,
) -> float:
    """How many people each group needs, treated and control, to find a lift of that size if it is there.

    The lift is relative, as in LIFT: from a base rate of 5% a lift of 0.1 leads to 5.5%, not to 15%.

    Formula: (z_confidence * sqrt(2 * m * (1 - m)) + z_power * sqrt(p * (1 - p) + q * (1 - q)))^2 / (q - p)^2, rounded
        up, with p = base_rate, q = p * (1 + lift), m their mean, and z two-sided for confidence
    Errors: #VALUE! a number is text; #DIV/0! lift is 0; #NUM! base_rate, power or confidence is not between 0 and 1,
        or the lift leads to a rate that is not.
    Source: Fleiss, Statistical Methods for Rates and Proportions, 1981; the example is that of power.prop.test in R.
    """

def lift_value(
    treated: float | Iterable[Any],
    control: float | Iterable[Any],
    confidence: float | None = ...,
) -> DataFrame:
    """What a campaign caused in money per customer: the treated group against a control group that was left alone.

    LIFT counts buyers, this weighs what they brought. All customers of both groups count, with 0 where they brought
    nothing: a mean over the buyers alone compares different people. The incremental amount is what the treated group
    brought that would not have come without the campaign; lift is the difference as a share of the control mean,
    blank where that is not above 0. Where low and high lie on both sides of 0, or p is above 1 - confidence (0.05 by
    default), chance alone may explain the difference. The groups may differ in size and in spread. A few very large
    orders widen the interval and make it less exact; hundreds of customers are better than dozens. Where all of a
    group brought the same its limits are blank; where that holds for both, so are those of the difference, t and p.

    Formula: difference = treated mean - control mean, times the treated customers for the incremental amount; Welch's
        t = difference / sqrt(s1^2/n1 + s2^2/n2); degrees of freedom (s1^2/n1 + s2^2/n2)^2 / ((s1^2/n1)^2/(n1 - 1) +
        (s2^2/n2)^2/(n2 - 1)); p two-sided; limits from the same t
    Errors: #N/A fewer than two amounts in a group; #VALUE! an amount is text; #NUM! confidence is not between 0 and
        1, or the amounts are too large to be squared.
    Source: Welch, The Generalization of Student's Problem when Several Different Population Variances Are Involved,
        Biometrika 34(1/2), 1947; as R's t.test.
    """

def nps(
    scores: float | str | Iterable[Any],
    scale: Literal['0-10', '1-10'] | None = ...,
) -> float:
    """Net Promoter Score of a survey, from -100 (all detractors) to 100 (all promoters).

    Promoters answer 9 or 10, passives 7 or 8, detractors 0 to 6 (1 to 6 on the 1-10 scale).
    The two scales word the question differently: do not pool their answers.

    Formula: 100 * (promoters - detractors) / answers
    Errors: #N/A no answers; #VALUE! an answer that is text, not whole, or off the scale (a 0 on 1-10), or an
        unknown scale.
    Source: Reichheld, The One Number You Need to Grow, Harvard Business Review 81(12), 2003.
    """

def nps_counts(
    promoters: float,
    passives: float,
    detractors: float,
) -> float:
    """Net Promoter Score from the three counts, where the single answers are not at hand.

    Formula: 100 * (promoters - detractors) / (promoters + passives + detractors)
    Errors: #N/A all counts are zero; #NUM! a count is negative.
    Source: Reichheld, The One Number You Need to Grow, Harvard Business Review 81(12), 2003.
    """

def nps_ci(
    scores: float | str | Iterable[Any],
    scale: Literal['0-10', '1-10'] | None = ...,
    confidence: float | None = ...,
) -> tuple[float, float]:
    """Low and high end of the Net Promoter Score's confidence interval, in two cells side by side.

    The adjusted Wald interval adds 3/4 promoter, 3/4 detractor and 3/2 passives to the answers, so
    that it holds its promise for few answers too, where the plain interval is too narrow.

    Formula: p, d = (promoters + 3/4)/(n + 3), (detractors + 3/4)/(n + 3);
        100 * (p - d ± z * sqrt((p + d - (p - d)^2)/(n + 3))), clipped to ±100
    Errors: #N/A no answers; #VALUE! an answer that is text, not whole, or off the scale, or an unknown scale; #NUM!
        confidence is not between 0 and 1.
    Source: Rocks, Interval Estimation for the Net Promoter Score, The American Statistician 70(4), 2016.
    """

def nps_change(
    before: float | str | Iterable[Any],
    after: float | str | Iterable[Any],
    scale: Literal['0-10', '1-10'] | None = ...,
    confidence: float | None = ...,
) -> DataFrame:
    """Did the Net Promoter Score change from one survey to the next, or is it chance?

    Both scores and the change, each with low and high, then z and p. Where low and high of the change lie on both
    sides of 0, or p is above 1 - confidence (0.05 by default), chance alone may explain it; with 100 answers in each
    survey that is so up to a change of some 20 points. The answers must come from different people, and two groups
    asked at one time may be compared as well; where the same people answered twice, the test is too cautious. The
    limits add three answers to each survey, as NPS_CI does, so with few answers they lie nearer to 0 than the change.

    Formula: s, v = p - d and (p + d - (p - d)^2)/(n + 3) of each survey, p and d as in NPS_CI; limits
        100 * (s2 - s1 ± z * sqrt(v1 + v2)), clipped to ±200; z = (s2 - s1) / sqrt(v1 + v2); p two-sided
    Errors: #N/A no answers; #VALUE! an answer that is text, not whole, or off the scale, or an unknown scale; #NUM!
        confidence is not between 0 and 1.
    Source: Lewis and Sauro, How to Statistically Compare Two Net Promoter Scores, MeasuringU, 2021, on the intervals
        of Rocks, The American Statistician 70(4), 2016.
    """

def word_of_mouth(
    satisfied: float,
    dissatisfied: float,
    tells_happy: float | None = ...,
    tells_unhappy: float | None = ...,
) -> float:
    """Net mentions: what satisfied customers tell others, less what dissatisfied ones tell.

    The 1 and 10 are a rule of thumb, not a measurement: replace them by your own. With them,
    ten in eleven customers must be satisfied before word of mouth helps.

    Formula: satisfied * tells_happy - dissatisfied * tells_unhappy
    Errors: #NUM! a number is negative.
    Source: the rule that an unhappy customer tells ten others, as small-business guides give it.
    """

def referral_rate(
    how_heard: str | Iterable[Any],
    words: str | Iterable[Any] | None = ...,
) -> float:
    """Share of customers who name a referral when asked how they heard of you.

    An answer counts when one of its words begins with one of the given words, in upper or lower
    case: 'refer' finds 'Referral' but not 'I prefer'.

    Formula: answers that name a referral / answers
    Errors: #N/A no answers, or no words.
    Source: the question 'how did you hear of us', as small-business guides recommend it.
    """

def attribution(
    total: float,
    channels: str | Iterable[Any],
    customers: float | Iterable[Any],
) -> DataFrame:
    """Where customers come from: each tracked channel, then the remainder that none explains.

    The remainder is an upper bound of referral and direct together, not a measurement of referral. A
    channel whose customers are blank is left out.

    Formula: share = customers / total; remainder = total - sum of customers
    Errors: #N/A no channel with its customers; #VALUE! a number is text, ranges of different size, or customers
        beside no channel; #DIV/0! total is 0; #NUM! a number is negative, or the channels add up to more than
        the total (customers counted twice).
    Source: the method of the remainder, as small-business guides describe it.
    """

def mrr(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    amounts: float | Iterable[Any],
    as_of: date | str | float | None = ...,
) -> DataFrame:
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

def nrr(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    amounts: float | Iterable[Any],
    months: float | None = ...,
    as_of: date | str | float | None = ...,
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

def grr(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    amounts: float | Iterable[Any],
    months: float | None = ...,
    as_of: date | str | float | None = ...,
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

def quick_ratio(
    ids: str | Iterable[Any],
    dates: date | str | float | Iterable[Any],
    amounts: float | Iterable[Any],
    months: float | None = ...,
    as_of: date | str | float | None = ...,
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

def clv(
    years: float,
    purchases_per_year: float,
    average_order: float,
    margin: float | None = ...,
    discount_rate: float | None = ...,
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

def clv_margin(
    margin: float,
    retention: float,
    discount_rate: float,
    include_first: bool | None = ...,
) -> float:
    """Lifetime value of a customer from margin, retention and discount rate, without end in time.

    FALSE values a customer after the margin of this period is in (so set it against keeping one);
    TRUE counts this period's margin too (so set it against winning one). The cost of acquisition
    is not taken off. All three numbers are for the same period, and stay the same for ever.

    Formula: margin * r / (1 + d - r); with the first margin: margin * (1 + d) / (1 + d - r)
    Errors: #DIV/0! retention 1 with discount_rate 0; #NUM! retention or discount_rate is not between 0 and 1.
    Source: Gupta and Lehmann, Customers as Assets, Journal of Interactive Marketing 17(1), 2003.
    """

def retention_profit(
    before: float,
    after: float,
    discount_rate: float,
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

def pareto_share(
    values: float | Iterable[Any],
    top: float | None = ...,
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

def gini(
    values: float | Iterable[Any],
) -> float:
    """Gini index of concentration: how unevenly value is spread among customers, 0 for evenly.

    Where customers follow the 80/20 rule to the letter it is 0.76. It is the index of the customers
    given: one customer who brings all among n gives 1 - 1/n, not quite 1.

    Formula: sum of (2i - n - 1) * x_i / (n * sum of x), with the x_i from smallest to largest
    Errors: #N/A no values; #VALUE! a value is text; #DIV/0! all values are 0; #NUM! a value is negative.
    Source: Gini, 1912; in this form: Dixon, Weiner, Mitchell-Olds and Woodley, Bootstrapping the Gini
        Coefficient of Inequality, Ecology 68(5), 1987.
    """
