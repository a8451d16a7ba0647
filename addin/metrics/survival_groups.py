"""Survival in one number and between groups: the median with its interval, and the log-rank test."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Annotated

import numpy as np

from addin.catalogue import Example, Flags, Labels, Number, Numbers, Table, metric
from addin.errors import NotEnoughData, OutOfRange, WrongKind
from addin.metrics.experiment import strictly_within
from addin.metrics.order_rows import numbered
from addin.models import kaplan_meier
from addin.models.kaplan_meier import Survival
from addin.models.orders import count
from addin.values import FloatArray, label

if TYPE_CHECKING:
    from numpy.typing import NDArray

DURATIONS = "How long each customer has been one, until they left or were last seen"
MOST_GROUPS = 100
EVENTS = "Beside each: 1 or TRUE where they left, 0 or FALSE where they are still there"


@metric("SURVIVAL_MEDIAN", family="Contracts", returns="table: median, low, high",
        example=Example("=SURVIVAL_MEDIAN({6;6;6;7;10;13;16;22;23;6;9;10;11;17;19;20;25;32;32;34;35},"
                        "{1;1;1;1;1;1;1;1;1;0;0;0;0;0;0;0;0;0;0;0;0})",
                        [["Median", "Low", "High"], [23.0, 13.0, ""]]))  # fmt: skip
def survival_median(
    durations: Annotated[Numbers, DURATIONS, "time"],
    events: Annotated[Flags, EVENTS, "1 or 0"],
    confidence: Annotated[Number, "How sure the interval is to hold the true median", "fraction"] = 0.95,
) -> Table:
    """Median survival: the time after which half of the customers have left, with its low and high.

    It is the first time at which the share still there, as SURVIVAL has it, is half or less. It is blank where more
    than half are still there at the end, and so is a limit that has not been reached: there is then no upper end.

    Formula: the first time at which survival is 0.5 or less; limits: the same for the limits of survival
    Errors: #N/A no complete row; #VALUE! a number is text, or ranges of different size; #NUM! a duration is
        negative, an event is not 1 or 0, or confidence is not between 0 and 1.
    Source: Brookmeyer and Crowley, A Confidence Interval for the Median Survival Time, Biometrics 38(1), 1982, with
        log-log limits as in R's survfit.
    """
    strictly_within(confidence=confidence)
    time, left, _ = _complete(durations, events)
    curve = kaplan_meier(time, left, confidence)
    halves = [_half(curve, shares) for shares in (curve.survival, curve.low, curve.high)]
    return [["Median", "Low", "High"], halves]


def _half(curve: Survival, shares: FloatArray) -> float | None:
    below = (shares <= 0.5 + 1e-12) | (np.isnan(shares) & (curve.survival == 0))
    return float(curve.times[np.argmax(below)]) if below.any() else None


@metric("LOGRANK", family="Contracts", returns="table: group, customers, lost, expected; then chi-square and p",
        columns={"Lost": int},
        example=Example('=LOGRANK({1;2;2;3;4;5},{1;1;0;1;1;1},{"a";"a";"a";"b";"b";"b"})', [
            ["Group", "Customers", "Lost", "Expected"],
            ["a", 3.0, 2.0, 0.9],
            ["b", 3.0, 3.0, 4.1],
            ["Chi-square", 2.4693877551020393, "", ""],
            ["p", 0.11608313373865504, "", ""],
        ]))  # fmt: skip
def logrank(
    durations: Annotated[Numbers, DURATIONS, "time"],
    events: Annotated[Flags, EVENTS, "1 or 0"],
    groups: Annotated[Labels, "Beside each: the group, such as the channel or plan they came by"],
) -> Table:
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
    time, left, group = _complete(durations, events, groups)
    names, position = numbered(group)
    if len(names) < 2:
        raise NotEnoughData(f"at least two groups are needed, {len(names)} was found; give the group of each customer")
    if len(names) > MOST_GROUPS:
        raise OutOfRange(
            f"at most {MOST_GROUPS} groups can be compared, {len(names):,} were found; give the group of each customer"
        )
    moments = kaplan_meier(time, left).times
    at_risk, leaving = np.empty((2, len(names), moments.size))
    for number in range(len(names)):
        of_group = position == number
        ended, lost_at = np.sort(time[of_group]), np.sort(time[of_group & (left == 1)])
        at_risk[number] = ended.size - np.searchsorted(ended, moments)
        leaving[number] = np.searchsorted(lost_at, moments, side="right") - np.searchsorted(lost_at, moments)
    everyone, all_leaving = at_risk.sum(axis=0), leaving.sum(axis=0)
    share = at_risk / everyone
    lost, expected = leaving.sum(axis=1), share @ all_leaving
    weight = all_leaving * (everyone - all_leaving) / np.maximum(everyone - 1, 1)
    score, p = _chi_square(lost - expected, np.diag(share @ weight) - (share * weight) @ share.T, expected > 0)
    customers = count(position, minlength=len(names)).astype(np.float64)
    body = zip(map(label, names), customers.tolist(), lost.tolist(), expected.tolist(), strict=True)
    return [
        ["Group", "Customers", "Lost", "Expected"], *map(list, body),
        ["Chi-square", score, None, None], ["p", p, None, None],
    ]  # fmt: skip


def _chi_square(excess: FloatArray, covariance: FloatArray, there: NDArray[np.bool_]) -> tuple[float, float]:
    """Of the groups that were there when somebody left; one of them follows from the others."""
    from addin.models.special import gammaincc

    some = np.flatnonzero(there)[1:]
    inner = covariance[np.ix_(some, some)]
    if not some.size or np.linalg.matrix_rank(inner) < some.size:
        raise NotEnoughData("nobody left while customers of two groups were there, so there is nothing to compare")
    score = float(excess[some] @ np.linalg.solve(inner, excess[some]))
    return score, float(gammaincc(some.size / 2, score / 2))


def _complete(
    durations: Numbers, events: Flags, groups: Labels | None = None
) -> tuple[FloatArray, FloatArray, list[str]]:
    """The rows that have all, each range as an array."""
    time, left = (np.asarray(values, dtype=np.float64).ravel() for values in (durations, events))
    names = [label(name) for name in groups] if groups is not None else [""] * time.size
    if not time.size == left.size == len(names):
        raise WrongKind("the ranges differ in size; give a duration and what goes with it for each customer")
    there = ~(np.isnan(time) | np.isnan(left)) & np.array([name is not None for name in names], dtype=np.bool_)
    return time[there], left[there], [name for name in compress(names, there.tolist()) if name is not None]
