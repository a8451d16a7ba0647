"""Did the campaign cause it: a group that was treated against one that was left alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Annotated

import numpy as np

from addin.catalogue import Example, Number, Numbers, Table, metric
from addin.errors import NotEnoughData, OutOfRange, ZeroDenominator
from addin.metrics.guards import not_negative, positive
from addin.values import drop_blanks


def strictly_within(**fractions: float) -> None:
    """Fractions that are neither 0 nor 1."""
    for name, value in fractions.items():
        if not 0 < value < 1:
            raise OutOfRange(f"{name} must lie between 0 and 1, {value:g} was found; 95% is 0.95")


def quantile(probability: float) -> float:
    """Of the standard normal distribution."""
    return NormalDist().inv_cdf(probability)


def two_sided(z: float) -> float:
    """The probability of so large a deviation, up or down, by chance alone."""
    return math.erfc(abs(z) / math.sqrt(2))


def wilson(successes: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's score interval of a rate."""
    middle, spread = successes + z * z / 2, z * math.sqrt(successes * (n - successes) / n + z * z / 4)
    rate = successes / n  # between the limits, which rounding may forget
    low, high = (middle - spread) / (n + z * z), (middle + spread) / (n + z * z)
    return min(rate, max(0.0, low)), max(rate, min(1.0, high))


@metric("LIFT", family="Experiments", returns="table: measure, value, low, high",
        example=Example("=LIFT(56,70,48,80)", gives=[
            ["Measure", "Value", "Low", "High"],
            ["Treated rate", 0.8, 0.6918335550374695, 0.8769526075163704],
            ["Control rate", 0.6, 0.4904546500516038, 0.7003817240412906],
            ["Difference", 0.2, 0.05243147240236498, 0.33387265403690614],
            ["Incremental orders", 14.0, 3.6702030681655486, 23.37108578258343], ["Lift", 1 / 3, "", ""],
            ["z", 2.6501719512585336, "", ""], ["p", 0.00804508136819656, "", ""],
        ]))  # fmt: skip
def lift(
    treated_buyers: Annotated[Number, "How many of the treated group bought", "people"],
    treated: Annotated[Number, "How many were treated: got the mail, saw the offer", "people"],
    control_buyers: Annotated[Number, "How many of the control group bought", "people"],
    control: Annotated[Number, "How many were left alone, chosen by chance from the same list", "people"],
    confidence: Annotated[Number, "How sure each interval is to hold the true value", "fraction"] = 0.95,
) -> Table:
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
    positive(treated=treated, control=control)
    not_negative(treated_buyers=treated_buyers, control_buyers=control_buyers)
    if treated_buyers > treated or control_buyers > control:
        raise OutOfRange("more bought than were in the group; give the buyers first, then the size of the group")
    strictly_within(confidence=confidence)
    z = -quantile((1 - confidence) / 2)
    rate, base = treated_buyers / treated, control_buyers / control
    low, high = wilson(treated_buyers, treated, z)
    base_low, base_high = wilson(control_buyers, control, z)
    incremental = (treated_buyers * control - control_buyers * treated) / control
    difference = rate - base
    least = max(-1.0, difference - math.hypot(rate - low, base_high - base))
    most = min(1.0, difference + math.hypot(high - rate, base - base_low))
    pooled = (treated_buyers + control_buyers) / (treated + control)
    variance = pooled * (1 - pooled) * (1 / treated + 1 / control)
    score = difference / math.sqrt(variance) if variance > 0 else 0.0
    return [
        ["Measure", "Value", "Low", "High"],
        ["Treated rate", rate, low, high],
        ["Control rate", base, base_low, base_high],
        ["Difference", difference, least, most],
        ["Incremental orders", incremental, least * treated, most * treated],
        ["Lift", difference / base if base > 0 else None, None, None],
        ["z", score, None, None],
        ["p", two_sided(score), None, None],
    ]


@metric("SAMPLE_SIZE", family="Experiments", returns="people in each group",
        example=Example("=SAMPLE_SIZE(0.5,0.5,0.9)", gives=77.0))  # fmt: skip
def sample_size(
    base_rate: Annotated[Number, "Share who buy without the campaign", "fraction"],
    lift: Annotated[Number, "Smallest change worth finding, as a share of base_rate: 0.1 is 5% to 5.5%", "fraction"],
    power: Annotated[Number, "How sure you want to be to find it if it is there", "fraction"] = 0.8,
    confidence: Annotated[Number, "1 less the risk to find what is not there", "fraction"] = 0.95,
) -> float:
    """How many people each group needs, treated and control, to find a lift of that size if it is there.

    The lift is relative, as in LIFT: from a base rate of 5% a lift of 0.1 leads to 5.5%, not to 15%.

    Formula: (z_confidence * sqrt(2 * m * (1 - m)) + z_power * sqrt(p * (1 - p) + q * (1 - q)))^2 / (q - p)^2, rounded
        up, with p = base_rate, q = p * (1 + lift), m their mean, and z two-sided for confidence
    Errors: #VALUE! a number is text; #DIV/0! lift is 0; #NUM! base_rate, power or confidence is not between 0 and 1,
        or the lift leads to a rate that is not.
    Source: Fleiss, Statistical Methods for Rates and Proportions, 1981; the example is that of power.prop.test in R.
    """
    strictly_within(base_rate=base_rate, power=power, confidence=confidence)
    p, q = base_rate, base_rate * (1 + lift)
    if p == q:
        raise ZeroDenominator("lift is 0, and no sample is large enough to find no change; give a change")
    if not 0 < q < 1:
        raise OutOfRange(f"lift leads from {p:g} to a rate of {q:g}, which must lie between 0 and 1; 10% more is 0.1")
    m = (p + q) / 2
    chance = -quantile((1 - confidence) / 2) * math.sqrt(2 * m * (1 - m))
    found = quantile(power) * math.sqrt(p * (1 - p) + q * (1 - q))
    return float(math.ceil(((chance + found) / (q - p)) ** 2))


@dataclass(frozen=True, slots=True)
class _Amounts:
    """What the customers of a group brought: how many they are, the mean, and the variance of that mean."""

    customers: int
    mean: float
    variance: float

    @classmethod
    def of(cls, name: str, amounts: Numbers) -> _Amounts:
        given = drop_blanks(amounts)
        n = given.size
        if n < 2:
            raise NotEnoughData(f"{name}: at least 2 amounts are needed, {n} found; give one a customer, 0 for none")
        if np.ptp(given) == 0:
            return cls(n, float(given[0]), 0.0)
        mean = math.fsum(given.tolist()) / n
        with np.errstate(over="raise"):
            return cls(n, mean, math.fsum(((given - mean) ** 2).tolist()) / (n - 1) / n)


def _t_limits(mean: float, variance: float, freedom: float, confidence: float) -> tuple[float | None, float | None]:
    """Low and high by Student's t; blank where nothing varies, which leaves nothing to judge by."""
    from addin.models.special import stdtrit

    if variance == 0:
        return None, None
    margin = -float(stdtrit(freedom, (1 - confidence) / 2)) * math.sqrt(variance)
    return mean - margin, mean + margin


@metric("LIFT_VALUE", family="Experiments", returns="table: measure, value, low, high",
        example=Example("=LIFT_VALUE({60;0;45;0;80;35;25},{40;0;30;0;20;0})", gives=[
            ["Measure", "Value", "Low", "High"],
            ["Treated mean", 35.0, 7.512729648179544, 62.487270351820456],
            ["Control mean", 15.0, -3.4772211197465275, 33.47722111974653],
            ["Difference", 20.0, -9.746474291823702, 49.7464742918237],
            ["Incremental amount", 140.0, -68.22532004276592, 348.22532004276593], ["Lift", 4 / 3, "", ""],
            ["t", 1.499665290635128, "", ""], ["Degrees of freedom", 9.922900190511868, "", ""],
            ["p", 0.16482704986365906, "", ""],
        ]))  # fmt: skip
def lift_value(
    treated: Annotated[Numbers, "What each customer of the treated group brought: one number a customer, 0 where "
                                "they brought nothing; blanks are skipped", "money"],
    control: Annotated[Numbers, "The same for each customer of the control group, chosen by chance from the same "
                                "list and left alone", "money"],
    confidence: Annotated[Number, "How sure each interval is to hold the true value", "fraction"] = 0.95,
) -> Table:  # fmt: skip
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
    from addin.models.special import stdtr

    strictly_within(confidence=confidence)
    one, other = _Amounts.of("treated", treated), _Amounts.of("control", control)
    difference, variance = one.mean - other.mean, one.variance + other.variance
    t = p = freedom = None
    low: float | None = None
    high: float | None = None
    if variance > 0:
        shares = [(group.variance / variance) ** 2 / (group.customers - 1) for group in (one, other)]
        freedom = 1 / sum(shares)
        t = difference / math.sqrt(variance)
        p = 2 * float(stdtr(freedom, -abs(t)))
        low, high = _t_limits(difference, variance, freedom, confidence)
    n = one.customers
    return [
        ["Measure", "Value", "Low", "High"],
        ["Treated mean", one.mean, *_t_limits(one.mean, one.variance, n - 1, confidence)],
        ["Control mean", other.mean, *_t_limits(other.mean, other.variance, other.customers - 1, confidence)],
        ["Difference", difference, low, high],
        ["Incremental amount", difference * n, *(None if limit is None else limit * n for limit in (low, high))],
        ["Lift", difference / other.mean if other.mean > 0 else None, None, None],
        ["t", t, None, None],
        ["Degrees of freedom", freedom, None, None],
        ["p", p, None, None],
    ]
