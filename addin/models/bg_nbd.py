"""BG/NBD: when customers buy again, and whether they are still there, where nobody says goodbye."""
# ruff: noqa: N806  # the letters of the paper

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from addin.errors import OutOfRange
from addin.models.beta import beta_points, points_of_each
from addin.models.bg_likelihood import NEVER, Cells
from addin.models.customers import (
    ADVICE,
    FOR_GOOD,
    LEAST_ODDS,
    RATES,
    at_one_pace,
    buyers,
    clockwork,
    customer_columns,
)  # fmt: skip
from addin.models.likelihood import ArrayLike, Boundary, Derivatives, FloatArray, Maximum, column, maximum
from addin.models.orders import IntArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

NARROW = 1.0, 0.1, 0.01
"""How far chances to leave are looked for around a common one: 1/(a + b)."""
CANCELLING = 1e-4
ROUGH = 0.9, 12.0
"""How far apart chances to leave lie, and how far they reach, where a mean over them needs four digits."""
BLOCK = 500
"""Customers at a time, so that what is calculated of them stays near the processor."""
LEAST = 1e-100
"""A chance to leave that is none, yet can be divided by."""


@dataclass(frozen=True, slots=True)
class BGNBD:
    """Customers order at random, each at a rate of their own, and may leave for good after any repeat order.

    Rates follow a gamma distribution (r, alpha), the chance to leave after an order a beta distribution (a, b).
    Times are in one unit, whichever it was fitted with. Source: Fader, Hardie and Lee, "Counting Your
    Customers" the Easy Way, Marketing Science 24(2), 2005.
    """

    EARLY_CHANCES: ClassVar[int] = 0
    """Chances to leave before the first repeat order."""
    START: ClassVar[Mapping[str, float]] = {"r": 0.3, "alpha": 0.15, "a": 0.8, "b": 2.0}
    """Where the search begins, the longest time being 1: near what shops of many kinds lead to."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = np.nan
    standard_errors: tuple[float, ...] = ()
    """Of r, alpha, a and b, in this order; of r, alpha and leaving in a limit."""
    leaving: float = np.nan
    """The share that leaves, where the data determine no a and b: at each chance where these are infinite, and for good
    at the first where they are 0."""

    @classmethod
    def fit(cls, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Fit by maximum likelihood: one element a customer, or a cell of `weights` customers with its means.

        `frequency` counts the repeat orders, `recency` is the time from the first order to the last, `age`
        the time from the first order to the end of the observation. Where the likelihood has no maximum inside,
        since customers do not show that they differ in their chance to leave, the limit is fitted.
        """
        (x, t_x, T), customers = buyers(frequency, recency, age, weights)
        cells = Cells(x, t_x, T, customers, cls.EARLY_CHANCES)
        inside = cells.likelihood(cells.chances_of_their_own)
        try:
            return cls._of(cells, maximum(inside, cls.START, ADVICE))
        except Boundary as boundary:
            return cls._at_the_limit(cells, boundary)

    @classmethod
    def _of(cls, cells: Cells, best: Maximum, limit: float = np.nan) -> Self:
        """The model in the customers' unit of time; in a limit with one share that leaves, or none."""
        r, alpha, *leave = best.values
        errors = [best.standard_errors[0], best.standard_errors[1] * cells.unit, *best.standard_errors[2:]]
        leaving = np.nan
        if not np.isnan(limit):
            odds = leave[0] if leave else 0.0
            leaving, leave = odds / (1 + odds), [limit, limit]
            errors[2:] = [error / (1 + odds) ** 2 for error in errors[2:]]
        a, b = leave
        return cls(r, alpha * cells.unit, a, b, best.log_likelihood - cells.constant, tuple(errors), leaving)

    @classmethod
    def _at_the_limit(cls, cells: Cells, boundary: Boundary) -> Self:
        """The best of the limits, or of the maxima near one that the first search missed.

        None of them is it where that search came higher, since r and alpha ran away.
        """
        inside = boundary
        found: list[tuple[Maximum, float]] = []
        for leaving, limit in ((cells.one_chance, np.inf), (cells.at_once_or_never, 0.0)):
            try:
                found.append((maximum(cells.likelihood(leaving), RATES | {"odds": 0.3}, ADVICE), limit))
            except Boundary as other:
                boundary = other
        if not found and boundary.parameter not in RATES and not boundary.endless:
            try:
                found.append((maximum(cells.likelihood(cells.nobody_leaves), RATES, ADVICE), np.inf))
            except Boundary as other:
                boundary = other
        if not found:
            raise clockwork(boundary)
        best, limit = max(found, key=lambda each: each[0].log_likelihood)
        if limit == np.inf and len(best.values) > 2:
            r, alpha, odds = best.values
            chance = odds / (1 + odds)
            for width in NARROW:
                start = {"r": r, "alpha": alpha, "a": chance / width, "b": (1 - chance) / width}
                try:
                    near = maximum(cells.likelihood(cells.chances_of_their_own), start, ADVICE)
                except Boundary:
                    continue
                if near.log_likelihood > best.log_likelihood:
                    return cls._of(cells, near)
        if at_one_pace(inside, best.log_likelihood):
            raise clockwork(inside)
        return cls._of(cells, best, limit)

    @classmethod
    def likelihood(cls, cells: Cells) -> Callable[[FloatArray], Derivatives]:
        """Of r, alpha, a and b, in the cells' unit of time."""
        return cells.likelihood(cells.chances_of_their_own)

    def likeness(self) -> tuple[float, float]:
        """How alike customers are in their chance to leave, a + b, and the standard error of its logarithm."""
        if np.isnan(self.leaving):
            return self.a + self.b, self.standard_errors[3] / self.b
        return (20.0 if self.a > 0 else 0.2), np.inf

    def odds(self, _unit: float) -> float:
        """Of the mean chance to leave."""
        odds = self.a / self.b if np.isnan(self.leaving) else self.leaving / (1 - self.leaving)
        return max(odds, LEAST_ODDS)

    @staticmethod
    def leaving_by(likeness: float, odds: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """a and b, with their first and second derivatives by the odds."""
        other = np.array([1.0, -1.0]) * likeness
        return np.array([odds, 1]) * likeness / (1 + odds), other / (1 + odds) ** 2, -2 * other / (1 + odds) ** 3

    @classmethod
    def of_likeness(cls, likeness: float, parameters: FloatArray, unit: float) -> Self:
        """The model of r, alpha in this unit of time, and the odds of the mean chance to leave."""
        r, alpha, odds = parameters.tolist()
        a, b = cls.leaving_by(likeness, odds)[0].tolist()
        return cls(r, alpha * unit, a, b)

    @property
    def note(self) -> str:
        """What the forecast rests on where the data determine no a and b; nothing where they do."""
        if np.isnan(self.leaving):
            return ""
        if self.leaving == 0:
            return FOR_GOOD
        if self.a == 0:
            return (
                f"the orders do not tell a and b apart from 0: {self.leaving:.1%} leave at the first chance, and who "
                "then is still there stays for good"
            )
        return (
            f"the orders do not tell a and b apart from infinity: all leave with the same chance of {self.leaving:.1%} "
            "after an order; with a and b as large as you like the forecast stays the same"
        )

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Probability that each customer is still one; 1 without a chance to leave so far."""
        x, t_x, T = customer_columns(frequency, recency, age)
        chances = x + self.EARLY_CHANCES
        odds = self._log_odds_to_leave(np.maximum(chances, 1))
        odds = odds + (self.r + x) * np.log((self.alpha + T) / (self.alpha + t_x))
        alive: FloatArray = np.where(chances > 0, np.exp(-np.logaddexp(0, odds)), 1.0)
        return alive

    def _log_odds_to_leave(self, chances: FloatArray) -> FloatArray:
        """Of customers who were still there after all but the last of a number of chances."""
        if np.isnan(self.leaving):
            return np.log(self.a / (self.b + chances - 1))
        odds = np.log(max(self.leaving, LEAST) / (1 - self.leaving))
        return np.full_like(chances, odds) if self.a > 0 else np.where(chances > 1, NEVER, odds)

    def _chances(self, survived: float) -> tuple[FloatArray, FloatArray]:
        """Chances to leave, with weights, of customers who are still there after a number of chances."""
        if np.isnan(self.leaving):
            return beta_points(self.a, self.b + survived)
        if self.a > 0:
            return np.array([max(self.leaving, LEAST)]), np.ones(1)
        share = 0.0 if survived else self.leaving
        return np.array([LEAST, 1.0]), np.array([1 - share, share])

    def _rough_chances(self, survived: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
        """The same to four digits after several numbers of chances, one behind the other, and how many each has."""
        if np.isnan(self.leaving):
            return points_of_each(self.a, self.b + survived, 1.0, *ROUGH)
        chances, weights = zip(*map(self._chances, survived.tolist()), strict=True)
        return np.concatenate(chances), np.concatenate(weights), np.array([points.size for points in chances])

    def expected_orders(self, horizon: float, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Expected orders of each customer over the time to come."""
        x, t_x, T = customer_columns(frequency, recency, age)
        return self.probability_alive(x, t_x, T) * self.expected_orders_alive(horizon, x, T)

    def expected_orders_new(self, horizon: float) -> float:
        """Expected repeat orders of a customer who orders for the first time now."""
        chance = float(self.probability_alive(0, 0, 1e-300)[0])
        return chance * float(self.expected_orders_alive(horizon, 0.0, 0.0)[0])

    def expected_orders_alive(self, horizon: float, frequency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Expected orders over the time to come of customers who are known to be still there.

        With the chance p to leave after an order it is (1 - (1 + p horizon/(alpha + T))^-(r + x))/p; the mean of
        it over p, which is beta distributed with a and b + x, is formula (10) of the paper.
        """
        if not 0 <= horizon < np.inf:
            raise OutOfRange(f"horizon must be 0 or more, {horizon:g} was found")
        x, T = np.broadcast_arrays(column("frequency", frequency), column("age", age))
        orders = np.empty(x.size)
        for repeats, same in _alike(x):
            shape, share = self.r + repeats, horizon / (self.alpha + T[same])
            chances, weights = self._chances(repeats + self.EARLY_CHANCES)
            orders[same] = weights @ (-np.expm1(-shape * np.log1p(chances[:, None] * share)) / chances[:, None])
        return orders

    def orders_and_pairs_alive(
        self, horizon: float, frequency: ArrayLike, age: ArrayLike
    ) -> tuple[FloatArray, FloatArray]:
        """Means of n and of n (n - 1), n being the orders over the time to come of customers who are still there.

        With the chance p to leave, u = p horizon/(alpha + T) and k = r + x they are (1 - (1 + u)^-k)/p and
        2 (1 - p)(1 - (1 + u)^-k - k u (1 + u)^-(k + 1))/p^2, to four digits.
        """
        x, T = np.broadcast_arrays(column("frequency", frequency), column("age", age))
        orders, pairs = np.empty((2, x.size))
        repeats, which = np.unique(x, return_inverse=True)
        chances, weights, sizes = self._rough_chances(repeats + self.EARLY_CHANCES)
        first = np.cumsum(sizes) - sizes
        for start in range(0, x.size, BLOCK):
            block = slice(start, start + BLOCK)
            points = sizes[which[block]]
            begin = np.cumsum(points) - points
            point = np.arange(points.sum()) + np.repeat(first[which[block]] - begin, points)
            p, weight = chances[point], weights[point] / chances[point]
            k = np.repeat(self.r + x[block], points)
            u = p * np.repeat(horizon / (self.alpha + T[block]), points)
            gone = -np.expm1(-k * np.log1p(u))
            half = gone - k * (u / (1 + u)) * (1 - gone)
            near_0 = k * (k + 1) / 2 * u**2  # where the terms would cancel
            half = np.where((k + 2) * u < CANCELLING, near_0, half)
            orders[block] = np.add.reduceat(weight * gone, begin)
            pairs[block] = np.add.reduceat(weight * 2 * (1 - p) / p * half, begin)
        return orders, pairs


class MBGNBD(BGNBD):
    """BG/NBD in which customers may leave after their first order already, so that one-time buyers can be gone.

    Source: Batislam, Denizel and Filiztekin, Empirical Validation and Comparison of Models for Customer Base
    Analysis, International Journal of Research in Marketing 24(3), 2007.
    """

    __slots__ = ()
    EARLY_CHANCES = 1
    START: ClassVar[Mapping[str, float]] = {"r": 0.7, "alpha": 0.15, "a": 0.8, "b": 2.0}


def _alike(frequency: FloatArray) -> Iterator[tuple[float, NDArray[np.bool_]]]:
    """Each number of repeat orders, and who has it; without the inverse, np.unique would load masked arrays first."""
    numbers, which = np.unique(frequency, return_inverse=True)
    return ((repeats, which == number) for number, repeats in enumerate(numbers.tolist()))
