"""Which parameters the orders allow beside the best ones: models with weights, over which any forecast is averaged."""
# ruff: noqa: N806  # the letters of the papers

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import TypeAlias, TypeVar

import numpy as np

from addin.errors import NoConvergence
from addin.models.bg_likelihood import Cells
from addin.models.bg_nbd import BGNBD
from addin.models.customers import ADVICE
from addin.models.gamma_gamma import GammaGamma, Spending
from addin.models.likelihood import Boundary, Derivatives, FloatArray, Maximum, distinct, maximum
from addin.models.pareto_nbd import ParetoNBD

RepeatOrders: TypeAlias = BGNBD | ParetoNBD
Model = TypeVar("Model")
Weighted: TypeAlias = list[tuple[FloatArray, Model]]
"""Models with their weights, which add up to 1, by each of some priors."""

VARIETY = 8.0
"""Where half of the prior of p and q - 1 lies below."""
STEP = 1.5
"""The longest step, in the logarithm of likeness or in its standard deviations: sums of smooth humps are exact."""
NEGLIGIBLE = 4.5
"""Where the density has fallen by so many powers of e, as three standard deviations away, nothing is left."""
FARTHEST = 20
ELSEWHERE = 20.0, 2.0, 200.0
"""Where the steps begin if they cannot at the best likeness."""


def plausible_orders(
    model: RepeatOrders, frequency: FloatArray, recency: FloatArray, age: FloatArray
) -> Weighted[RepeatOrders]:
    """Models of the kind of `model`, as the orders of these customers allow them.

    How alike customers are in leaving (a + b, or s) is stepped through, since the likelihood may rise along it for
    ever. At each step the other parameters are normally distributed around their best values, in logarithms. The
    prior is flat in r and alpha, and lets the odds to leave end. Few orders tell little of likeness, and what comes
    hangs on it: there are two priors, one of shops whose customers differ, and one of shops where they may be alike.
    """
    (x, t_x, T), customers = distinct([frequency, recency, age], None)
    ridge = _Ridge(model, Cells(x, t_x, T, customers, model.EARLY_CHANCES))
    found = ridge.walk()
    densities = np.array([density for _, _, density in found])
    weights = np.exp(densities - densities.max(axis=0))
    return [
        (weight / 6, model.of_likeness(likeness, point, ridge.cells.unit))
        for weight, (likeness, best, _) in zip(weights / weights.sum(axis=0), found, strict=True)
        for point in _around(best)
    ]


def plausible_spending(frequency: FloatArray, average: FloatArray) -> Weighted[GammaGamma]:
    """Models of spending whose mean exists, as the amounts of these customers allow them.

    The prior is flat in the mean order and lets p and q - 1 end; where p or q has no end, neither moves the spend.
    """
    spending = Spending.of(frequency, average)

    def density(parameters: FloatArray) -> Derivatives:
        p, more, mean = parameters
        v = mean * more / p
        value, gradient, hessian = spending.of_their_own(np.array([p, 1 + more, v]))
        chain = np.array([[1, 0, 0], [0, 1, 0], v * np.array([-1 / p, 1 / more, 1 / mean])])
        bend = v * np.array([
            [2 / p**2, -1 / (p * more), -1 / (p * mean)],
            [-1 / (p * more), 0, 1 / (more * mean)],
            [-1 / (p * mean), 1 / (more * mean), 0],
        ])  # fmt: skip
        slopes, curved = chain.T @ gradient, chain.T @ hessian @ chain + gradient[2] * bend
        for place in (0, 1):
            logarithm, slope, curvature = _prior(parameters[place], VARIETY)
            value, slopes[place], curved[place, place] = (
                value + logarithm, slopes[place] + slope, curved[place, place] + curvature
            )  # fmt: skip
        return value, slopes, curved

    best = maximum(density, {"p": 2.0, "q": 2.0, "mean": 1.0}, ADVICE)
    return [
        (np.array([1 / 6]), GammaGamma(p, 1 + more, mean * more / p * spending.unit))
        for p, more, mean in (point.tolist() for point in _around(best))
    ]


def _around(best: Maximum) -> Sequence[FloatArray]:
    """Two points on each of three axes, with the mean and the covariance of the logarithms."""
    steps = math.sqrt(3) * np.linalg.cholesky(best.covariance).T
    return [np.array(best.values) * np.exp(sign * step) for step in steps for sign in (1, -1)]


def _prior(value: float, half: float) -> tuple[float, float, float]:
    """Of the logarithm of a number of which number/(number + half) is uniform, with its derivatives by the number."""
    return (
        math.log(value) - 2 * math.log(half + value),
        1 / value - 2 / (half + value),
        2 / (half + value) ** 2 - 1 / value**2,
    )


def _priors(likeness: float) -> FloatArray:
    """Of shops whose customers differ, and of those where they may be alike."""
    return np.array([_prior(likeness, 1.0)[0], _prior(math.sqrt(likeness), math.sqrt(3.0))[0]])


class _Ridge:
    """The best parameters for each likeness, with the logarithm of how probable it is by each prior."""

    def __init__(self, model: RepeatOrders, cells: Cells) -> None:
        self.model, self.cells, self.likelihood = model, cells, model.likelihood(cells)
        self.best, error = model.likeness()
        self.center, self.step = math.log(self.best), STEP * min(1.0, error)
        self.start = {"r": model.r, "alpha": model.alpha / cells.unit, "odds": model.odds(cells.unit)}

    def walk(self) -> list[tuple[float, Maximum, FloatArray]]:
        """From the start both ways, until nothing is left."""
        first = self._first()
        found = [first]
        for way in (1, -1):
            here = first
            for place in range(way, way * FARTHEST, way):
                try:
                    here = self._at(place, dict(zip(self.start, here[1].values, strict=True)))
                except Boundary:
                    break
                found.append(here)
                if (here[2] < np.max([density for _, _, density in found], axis=0) - NEGLIGIBLE).all():
                    break
        return found

    def _first(self) -> tuple[float, Maximum, FloatArray]:
        """At the best likeness, or at another one where the search from there leads nowhere."""
        for likeness in (self.best, *ELSEWHERE):
            self.center = math.log(likeness)
            with suppress(Boundary):
                return self._at(0, self.start)
        raise NoConvergence(f"low and high cannot be found: {ADVICE}")

    def _at(self, place: int, start: dict[str, float]) -> tuple[float, Maximum, FloatArray]:
        likeness = math.exp(self.center + place * self.step)

        def density(parameters: FloatArray) -> Derivatives:
            leave, slope, bend = self.model.leaving_by(likeness, parameters[2])
            value, gradient, hessian = self.likelihood(np.concatenate([parameters[:2], leave]))
            chain = np.zeros((4, 3))
            chain[0, 0] = chain[1, 1] = 1
            chain[2:, 2] = slope
            logarithm, more, curvature = _prior(parameters[2], 1.0)
            slopes, curved = gradient @ chain, chain.T @ hessian @ chain
            slopes[2] += more
            curved[2, 2] += gradient[2:] @ bend + curvature
            return value + logarithm, slopes, curved

        best = maximum(density, start, ADVICE)
        spread = float(np.linalg.slogdet(best.covariance)[1]) / 2
        return likeness, best, best.log_likelihood + spread + _priors(likeness)
