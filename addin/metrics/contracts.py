"""Customers who renew or leave, and who are seen to leave: retention over time and what it is worth."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from addin.catalogue import Example, Flag, Flags, Labels, Number, Numbers, Table, metric
from addin.errors import NotEnoughData, OutOfRange, WrongKind
from addin.metrics.fits import fit_table
from addin.metrics.guards import whole, within
from addin.metrics.order_rows import numbered
from addin.models import SBG, kaplan_meier
from addin.models.sbg import renewals as pooled_renewals
from addin.values import FloatArray

GROUPS_HELP = (
    "The group of each count, where survivors holds several one below the other, such as one for each month in which "
    "customers joined; they are fitted together"
)


def groups_of(survivors: Numbers, groups: Labels | None) -> list[FloatArray]:
    """How many are left of each group, from the start on: blank cells may follow, but not stand between."""
    counts = np.asarray(survivors, dtype=np.float64).ravel()
    if groups is None:
        return [_without_blanks(counts)]
    names, position = numbered(groups)
    if position.size != counts.size:
        raise WrongKind(f"survivors has {counts.size} cells, groups {position.size}; give the group of each count")
    return [_without_blanks(counts[position == number]) for number in range(len(names))]


def _without_blanks(counts: FloatArray) -> FloatArray:
    there = np.flatnonzero(~np.isnan(counts))
    if there.size and np.isnan(counts[there[0] : there[-1]]).any():
        raise NotEnoughData("survivors has a blank between two counts; give how many were left then")
    return counts[there]


@metric("SBG_FIT", family="Contracts", returns="table: parameter, estimate, standard error",
        example=Example("=SBG_FIT({12;8;6})", gives=[
            ["Parameter", "Estimate", "Standard error"], ["alpha", 1.0, 7.5**0.5], ["beta", 2.0, 37.5**0.5],
            ["Log-likelihood", -6 * math.log(3) - 8 * math.log(2), ""],
        ]))  # fmt: skip
def sbg_fit(
    survivors: Annotated[Numbers, "How many customers of one group there were: at the start, then after each "
                                  "renewal", "people"],
    groups: Annotated[Labels | None, GROUPS_HELP] = None,
) -> Table:  # fmt: skip
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
    fit = SBG.fit(*groups_of(survivors, groups))
    return fit_table(["alpha", "beta"], [fit.alpha, fit.beta], fit.standard_errors, fit.log_likelihood)


@metric("SBG_SURVIVAL", family="Contracts", returns="table: period, actual, survival, retention",
        columns={"Period": int},
        example=Example("=SBG_SURVIVAL({12;8;6},3)", gives=[
            ["Period", "Actual", "Survival", "Retention"], [0.0, 1.0, 1.0, ""], [1.0, 2 / 3, 2 / 3, 2 / 3],
            [2.0, 0.5, 0.5, 0.75], [3.0, "", 0.4, 0.8],
        ]))  # fmt: skip
def sbg_survival(
    survivors: Annotated[Numbers, "How many customers of one group there were: at the start, then after each "
                                  "renewal", "people"],
    periods: Annotated[Number, "How many renewals to show, those that are known included", "renewals"],
    groups: Annotated[Labels | None, GROUPS_HELP] = None,
) -> Table:  # fmt: skip
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
    n = whole("periods", periods, 1)
    counts = groups_of(survivors, groups)
    fit = SBG.fit(*counts)
    due, stayed = pooled_renewals(*counts)
    kept = np.cumprod(stayed[due > 0] / due[due > 0])
    actual = [1.0, *kept.tolist(), *[None] * n][: n + 1]
    retention = [None, *fit.retention(n).tolist()]
    rows = zip(range(n + 1), actual, fit.survival(n).tolist(), retention, strict=True)
    return [["Period", "Actual", "Survival", "Retention"], *map(list, rows)]


@metric("CLV_CONTRACT", family="Contracts", returns="money",
        example=Example("=CLV_CONTRACT({12;8;6},100,0.25)", gives=312.5 * (math.log(5) - 0.8)))  # fmt: skip
def clv_contract(
    survivors: Annotated[Numbers, "How many customers of one group there were: at the start, then after each "
                                  "renewal", "people"],
    margin: Annotated[Number, "What a customer leaves each period, after the costs of serving", "money"],
    discount_rate: Annotated[Number, "Discount rate for one period, the time between two renewals", "fraction"],
    renewals: Annotated[Number, "How often the customer has renewed; 0 is a new one", "renewals"] = 0.0,
    include_first: Annotated[Flag, "TRUE: the margin of the period that begins now counts; FALSE: only the "
                                   "renewals to come, seen just before the next"] = True,
    groups: Annotated[Labels | None, GROUPS_HELP] = None,
) -> float:  # fmt: skip
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
    within(0, 1, discount_rate=discount_rate)
    n = whole("renewals", renewals, 0)
    lifetime = SBG.fit(*groups_of(survivors, groups)).lifetime(discount_rate, n)
    return margin * (lifetime if include_first else (1 + discount_rate) * (lifetime - 1))


@metric("SURVIVAL", family="Contracts", returns="table: one row for each time at which somebody left",
        columns={"At risk": int, "Lost": int},
        example=Example("=SURVIVAL({1;2;2;3},{1;1;0;0})", gives=[
            ["Time", "At risk", "Lost", "Survival", "Standard error", "Low", "High"],
            [1.0, 4.0, 1.0, 0.75, 0.21650635094610965, 0.12794691759514565, 0.9605486422850785],
            [2.0, 3.0, 1.0, 0.5, 0.25, 0.05784708299514455, 0.844861281190374],
        ]))  # fmt: skip
def survival(
    durations: Annotated[Numbers, "How long each customer has been one, until they left or were last seen", "time"],
    events: Annotated[Flags, "Beside each: 1 or TRUE where they left, 0 or FALSE where they are still there",
                      "1 or 0"],
    confidence: Annotated[Number, "How sure each interval is to hold the true share", "fraction"] = 0.95,
) -> Table:  # fmt: skip
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
    if not 0 < confidence < 1:
        raise OutOfRange(f"confidence must lie between 0 and 1, {confidence:g} was found; 95% is 0.95")
    t, left = (np.asarray(values, dtype=np.float64).ravel() for values in (durations, events))
    complete = ~(np.isnan(t) | np.isnan(left)) if t.size == left.size else slice(None)
    curve = kaplan_meier(t[complete], left[complete], confidence)
    columns = (curve.times, curve.at_risk, curve.lost, curve.survival,
               curve.standard_errors, curve.low, curve.high)  # fmt: skip
    rows = zip(*(column.tolist() for column in columns), strict=True)
    body = [[None if math.isnan(value) else value for value in row] for row in rows]
    return [["Time", "At risk", "Lost", "Survival", "Standard error", "Low", "High"], *body]
