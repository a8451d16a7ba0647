"""The models of repeat orders and of what an order brings, fitted to order rows, with their parameters as a table."""

from __future__ import annotations

import math
from typing import Annotated, Literal, TypeAlias

from addin.catalogue import Date, Dates, Example, Labels, NotedTable, Numbers, Table, metric
from addin.metrics.order_arguments import AmountsWithRefunds, CustomerIds, LastDay, OrderAmounts, OrderDates
from addin.metrics.order_rows import given, order_rows
from addin.models import BGNBD, MBGNBD, GammaGamma, ParetoNBD
from addin.models.orders import Summary, summary

DAYS_A_WEEK = 7

Model: TypeAlias = Literal["BG/NBD", "MBG/NBD", "Pareto/NBD"]
MODELS: dict[Model, type[BGNBD | ParetoNBD]] = {"BG/NBD": BGNBD, "MBG/NBD": MBGNBD, "Pareto/NBD": ParetoNBD}
ChosenModel: TypeAlias = Annotated[
    Model,
    "BG/NBD: leaves after a repeat order only. MBG/NBD: after the first too, so one-time buyers can be gone. "
    "Pareto/NBD: at any time. Choose by HOLDOUT, or by the higher log-likelihood",
]

IDS = '{"A";"A";"A";"B";"B";"C";"D";"D";"E";"E";"E";"E";"E"}'
DATES = "{46034;46048;46055;46055;46230;46041;46027;46034;46048;46104;46174;46209;46251}"
AMOUNTS = "{80;80;120;50;75;45;20;10;30;20;30;20;20}"
"""A shop's first five customers, for the examples; so few leave the parameters all but unknown."""
IDS_OF_SEVEN = '{"A";"B";"B";"B";"C";"C";"D";"E";"E";"E";"E";"E";"E";"E";"E";"E";"F";"G";"G";"G"}'
DATES_OF_SEVEN = (
    "{46037;46044;46115;46137;46030;46034;46051;46044;46049;46114;46122;46137;46197;46224;46285;46292;46044;"
    "46051;46286;46301}"
)
"""Seven customers who determine all parameters of the models in which one-time buyers can be gone."""
FIT_HEADING = ["Parameter", "Estimate", "Standard error"]


def fit_table(names: list[str], estimates: list[float], errors: tuple[float, ...], log_likelihood: float) -> Table:
    """A fit as it reads well in a sheet."""
    parameters = [[name, float(e), float(error)] for name, e, error in zip(names, estimates, errors, strict=True)]
    return [FIT_HEADING, *parameters, ["Log-likelihood", log_likelihood, None]]


def limit_table(
    names: list[str], present: dict[str, float], limit: tuple[str, float], errors: tuple[float, ...],
    log_likelihood: float, note: str,
) -> Table:  # fmt: skip
    """A fit in a limit: what does not exist is blank, and the last rows say what there is in its place, and why."""
    of = dict(zip([*present, limit[0]], errors, strict=False))
    parameters = [[name, present.get(name), of.get(name)] for name in names]
    more: Table = [["Log-likelihood", log_likelihood, None], [*limit, of.get(limit[0])], ["Note", note, None]]
    return NotedTable([FIT_HEADING, *parameters, *more], note)


def fitted(customers: Summary, model: Model = "BG/NBD") -> BGNBD | ParetoNBD:
    """The model with the week as its unit of time."""
    return MODELS[model].fit(customers.frequency, customers.recency / DAYS_A_WEEK, customers.age / DAYS_A_WEEK)


def _repeat_order_fit(ids: Labels, dates: Dates, as_of: Date, amounts: Numbers, model: Model) -> Table:
    rows = order_rows(ids, dates, given(amounts), as_of)
    fit = fitted(summary(rows.customer, rows.day, rows.as_of), model)
    rates = {"r": fit.r, "alpha (weeks)": fit.alpha}
    leaving = {"a": fit.a, "b": fit.b} if isinstance(fit, BGNBD) else {"s": fit.s, "beta (weeks)": fit.beta}
    if math.isnan(fit.leaving):
        every = rates | leaving
        return fit_table(list(every), list(every.values()), fit.standard_errors, fit.log_likelihood)
    share = "Share that leaves" if isinstance(fit, BGNBD) else "Share that leaves (a week)"
    return limit_table(
        [*rates, *leaving], rates, (share, fit.leaving), fit.standard_errors, fit.log_likelihood, fit.note
    )


@metric("BGNBD_FIT", family="Prediction", returns="table: parameter, estimate, standard error",
        example=Example(f"=BGNBD_FIT({IDS},{DATES})", [
            ["Parameter", "Estimate", "Standard error"], ["r", 0.6755062288576499, 0.6451410333755186],
            ["alpha (weeks)", 3.3930102011107195, 5.456528229993724], ["a", 1.4301684049886503, 5.121958496748764],
            ["b", 2.380512882167145, 9.866451254571592], ["Log-likelihood", -29.60169708140176, ""],
        ]))  # fmt: skip
def bgnbd_fit(
    ids: CustomerIds, dates: OrderDates, as_of: LastDay = math.nan, amounts: AmountsWithRefunds = ()
) -> Table:
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
    return _repeat_order_fit(ids, dates, as_of, amounts, "BG/NBD")


@metric("MBGNBD_FIT", family="Prediction", returns="table: parameter, estimate, standard error",
        example=Example(f"=MBGNBD_FIT({IDS_OF_SEVEN},{DATES_OF_SEVEN},46310)", [
            ["Parameter", "Estimate", "Standard error"], ["r", 4.325772166378776, 10.1314531937276],
            ["alpha (weeks)", 30.961125274801272, 73.08557151655722], ["a", 0.5218229248830092, 0.7074905216189407],
            ["b", 0.7177726218023855, 1.1842428133477327], ["Log-likelihood", -47.00201202865657, ""],
        ]))  # fmt: skip
def mbgnbd_fit(
    ids: CustomerIds, dates: OrderDates, as_of: LastDay = math.nan, amounts: AmountsWithRefunds = ()
) -> Table:
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
    return _repeat_order_fit(ids, dates, as_of, amounts, "MBG/NBD")


@metric("PARETONBD_FIT", family="Prediction", returns="table: parameter, estimate, standard error",
        example=Example(f"=PARETONBD_FIT({IDS_OF_SEVEN},{DATES_OF_SEVEN},46310)", [
            ["Parameter", "Estimate", "Standard error"], ["r", 3.813003103124741, 7.68700125669969],
            ["alpha (weeks)", 34.97338379404577, 67.61490531292219], ["s", 0.22935573676856544, 0.2369476974583255],
            ["beta (weeks)", 0.4536189918156762, 1.4170575178531286], ["Log-likelihood", -46.534746775840404, ""],
        ]))  # fmt: skip
def paretonbd_fit(
    ids: CustomerIds, dates: OrderDates, as_of: LastDay = math.nan, amounts: AmountsWithRefunds = ()
) -> Table:
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
    return _repeat_order_fit(ids, dates, as_of, amounts, "Pareto/NBD")


@metric("GAMMAGAMMA_FIT", family="Prediction", returns="table: parameter, estimate, standard error",
        example=Example(f"=GAMMAGAMMA_FIT({IDS},{DATES},{AMOUNTS})", [
            ["Parameter", "Estimate", "Standard error"], ["p", 1.4774233727004416, 2.125086420221924],
            ["q", 4.072659336069679, 9.298053275419209], ["v (money)", 108.48745642830279, 420.6830506797951],
            ["Log-likelihood", -19.59133934994462, ""],
        ]))  # fmt: skip
def gammagamma_fit(ids: CustomerIds, dates: OrderDates, amounts: OrderAmounts, as_of: LastDay = math.nan) -> Table:
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
    rows = order_rows(ids, dates, amounts, as_of)
    customers = summary(rows.customer, rows.day, rows.as_of, rows.net_amount())
    fit = GammaGamma.fit(customers.frequency, customers.average)
    if not math.isnan(fit.limit):
        present, name = ({"q": fit.q}, "p*v (money)") if fit.p == math.inf else ({"p": fit.p}, "Mean order (money)")
        names, limit = ["p", "q", "v (money)"], (name, fit.limit)
        return limit_table(names, present, limit, fit.standard_errors, fit.log_likelihood, fit.note)
    return fit_table(["p", "q", "v (money)"], [fit.p, fit.q, fit.v], fit.standard_errors, fit.log_likelihood)
