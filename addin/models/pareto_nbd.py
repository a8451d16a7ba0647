"""Pareto/NBD: when customers buy again, where they may leave at any time and not just after an order."""
# ruff: noqa: N803, N806  # the letters of the paper

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from addin.errors import OutOfRange
from addin.models.bg_likelihood import Cells, rising_sums
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

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
HALVES, LOG_WEIGHTS = (NODES + 1) / 2, np.log(WEIGHTS / 2)
LEFT = np.array([0.0] + [1.0] * NODES.size)[:, None]
"""Which rows of the terms stand for a customer who has left."""
BLOCK = 1024
"""This many cells at a time stay in the processor's fast memory."""
DEPTH = 30.0
"""Where the integrand has fallen by this many powers of e, the rest adds nothing."""
COMMON = 1e6
"""With s as large as this all leave at the same pace, s/beta, to the sixth digit."""
LIKENESSES = 1.0, 10.0, 100.0
"""Values of s from which a maximum inside is looked for once the limit is known."""


@dataclass(frozen=True, slots=True)
class ParetoNBD:
    """Customers order at random, each at a rate of their own, until they leave after a lifetime of their own.

    Rates follow a gamma distribution (r, alpha), the rates at which customers leave another (s, beta). Times are
    in one unit, whichever it was fitted with. Source: Schmittlein, Morrison and Colombo, Counting Your Customers,
    Management Science 33(1), 1987; Fader and Hardie, A Note on Deriving the Pareto/NBD Model, 2005.
    """

    EARLY_CHANCES: ClassVar[int] = 1

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float = np.nan
    standard_errors: tuple[float, ...] = ()
    """Of r, alpha, s and beta, in this order; of r, alpha and leaving in a limit."""
    leaving: float = np.nan
    """The pace at which all leave, s/beta, where the data determine no s and beta."""

    @classmethod
    def fit(cls, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Fit by maximum likelihood: one element a customer, or a cell of `weights` customers with its means.

        Where the likelihood has no maximum inside, since customers do not show that they differ in the pace at
        which they leave, the limit is fitted.
        """
        (x, t_x, T), customers = buyers(frequency, recency, age, weights)
        cells = Cells(x, t_x, T, customers, cls.EARLY_CHANCES)
        likelihood = cls.likelihood(cells)
        try:
            return cls._of(cells, maximum(likelihood, RATES | {"s": 0.5, "lifetime": 0.6}, ADVICE))
        except Boundary as boundary:
            return cls._at_the_limit(cells, likelihood, boundary)

    @classmethod
    def _of(cls, cells: Cells, best: Maximum) -> Self:
        """The model in the customers' unit of time."""
        (r, alpha, s, mean), (r_, alpha_, s_, _) = best.values, best.standard_errors
        unit, beta = cells.unit, s * mean * cells.unit
        beta_ = beta * math.sqrt(best.covariance[2:, 2:].sum())
        return cls(r, alpha * unit, s, beta, best.log_likelihood - cells.constant, (r_, alpha_ * unit, s_, beta_))

    @classmethod
    def _at_the_limit(cls, cells: Cells, likelihood: Callable[[FloatArray], Derivatives], boundary: Boundary) -> Self:
        """One pace for all, or none, or the maximum near one that the first search missed."""
        keep = [0, 1, 3]

        def one_pace(parameters: FloatArray) -> Derivatives:
            value, gradient, hessian = likelihood(np.insert(parameters, 2, COMMON))
            return value, gradient[keep], hessian[np.ix_(keep, keep)]

        unit = cells.unit
        try:
            best = maximum(one_pace, RATES | {"lifetime": 1.0}, ADVICE)
        except Boundary as other:
            if other.parameter in RATES or not other.endless:
                raise clockwork(other) from boundary
            try:
                best = maximum(cells.likelihood(cells.nobody_leaves), RATES, ADVICE)
            except Boundary as nobody:
                raise clockwork(nobody) from boundary
            if at_one_pace(boundary, best.log_likelihood):
                raise clockwork(boundary) from None
            (r, alpha), (r_, alpha_) = best.values, best.standard_errors
            return cls(r, alpha * unit, 0.0, unit, best.log_likelihood - cells.constant, (r_, alpha_ * unit), 0.0)
        (r, alpha, mean), (r_, alpha_, mean_) = best.values, best.standard_errors
        for likeness in LIKENESSES:
            try:
                near = maximum(likelihood, {"r": r, "alpha": alpha, "s": likeness, "lifetime": mean}, ADVICE)
            except Boundary:
                continue
            if near.log_likelihood > best.log_likelihood:
                return cls._of(cells, near)
        if at_one_pace(boundary, best.log_likelihood):
            raise clockwork(boundary) from None
        mean, mean_ = mean * unit, mean_ * unit
        errors = (r_, alpha_ * unit, mean_ / mean**2)
        return cls(r, alpha * unit, COMMON, COMMON * mean, best.log_likelihood - cells.constant, errors, 1 / mean)

    @classmethod
    def likelihood(cls, cells: Cells) -> Callable[[FloatArray], Derivatives]:
        """Of r, alpha, s and beta/s, in the cells' unit of time."""
        return _likelihood(cells)

    def likeness(self) -> tuple[float, float]:
        """How alike customers are in the pace at which they leave, s, and the standard error of its logarithm."""
        return (self.s, self.standard_errors[2] / self.s) if np.isnan(self.leaving) else (20.0, np.inf)

    def odds(self, unit: float) -> float:
        """Of leaving: the mean pace in this unit of time."""
        return max(self.s / self.beta * unit, LEAST_ODDS)

    @staticmethod
    def leaving_by(likeness: float, odds: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """s and beta/s, with their first and second derivatives by the pace."""
        mean = np.array([0, 1 / odds])
        return np.array([likeness, 1 / odds]), -mean / odds, 2 * mean / odds**2

    @classmethod
    def of_likeness(cls, likeness: float, parameters: FloatArray, unit: float) -> Self:
        """The model of r, alpha in this unit of time, and the mean pace at which customers leave."""
        r, alpha, odds = parameters.tolist()
        return cls(r, alpha * unit, likeness, likeness / odds * unit)

    @property
    def note(self) -> str:
        """What the forecast rests on where the data determine no s and beta; nothing where they do."""
        if np.isnan(self.leaving):
            return ""
        if self.leaving == 0:
            return FOR_GOOD
        return (
            "the orders do not tell s and beta apart from infinity: all leave at the same pace, after "
            f"{1 / self.leaving:.4g} units of time on average; with s and beta as large as you like the forecast "
            "stays the same"
        )

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Probability that each customer is still one."""
        x, t_x, T = customer_columns(frequency, recency, age)
        if self.s == 0:
            return np.ones(x.size)
        terms = _Terms((self.r, self.alpha, self.s, self.beta / self.s), x, t_x, T)
        probability: FloatArray = terms.share[0] / terms.share.sum(axis=0)
        return probability

    def expected_orders(self, horizon: float, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Expected orders of each customer over the time to come."""
        alive = self.probability_alive(frequency, recency, age)
        return alive * self.expected_orders_alive(horizon, frequency, age)

    def expected_orders_new(self, horizon: float) -> float:
        """Expected repeat orders of a customer who orders for the first time now."""
        return float(self.expected_orders_alive(horizon, 0.0, 0.0)[0])

    def expected_orders_alive(self, horizon: float, frequency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Expected orders over the time to come of customers who are known to be still there.

        (r + x)(beta + T)/((alpha + T)(s - 1)) (1 - ((beta + T)/(beta + T + horizon))^(s - 1)): formula (41) of the
        note of 2005 but for P(alive).
        """
        if not 0 <= horizon < np.inf:
            raise OutOfRange(f"horizon must be 0 or more, {horizon:g} was found")
        x, T = column("frequency", frequency), column("age", age)
        longer = np.log1p(horizon / (self.beta + T))
        power = (self.s - 1) * longer
        small = np.abs(power) < 1e-8
        share = np.where(small, 1 - power / 2, -np.expm1(-power) / np.where(small, 1.0, power))
        orders: FloatArray = (self.r + x) * (self.beta + T) / (self.alpha + T) * longer * share
        return orders

    def orders_and_pairs_alive(
        self, horizon: float, frequency: ArrayLike, age: ArrayLike
    ) -> tuple[FloatArray, FloatArray]:
        """Means of n and of n (n - 1), n being the orders over the time to come of customers who are still there.

        The latter is (r + x)(r + x + 1)/(alpha + T)^2 times the mean square of the time that they stay within the
        horizon, which is the integral of 2 u ((beta + T)/(beta + T + u))^s.
        """
        x, T = column("frequency", frequency), column("age", age)
        start = self.beta + T
        step = np.log1p(horizon / start)
        log_share = HALVES[:, None] * step
        stay = 2 * start**2 * np.expm1(log_share) * np.exp((1 - self.s) * log_share)
        squares = step * (np.exp(LOG_WEIGHTS) @ stay)
        pairs: FloatArray = (self.r + x) * (self.r + x + 1) / (self.alpha + T) ** 2 * squares
        return self.expected_orders_alive(horizon, x, T), pairs


class _Terms:
    """The terms of each customer's likelihood: still there, in the first row, or left at the time of the others.

    What was left is the integral of (alpha + u)^-(r + x) (1 + u/beta)^-(s + 1)/mean from t_x to T, mean being
    beta/s, by Gauss and Legendre's rule in the logarithm of time: nothing cancels, where the hypergeometric functions
    of the paper do, and s may be as large as you like.
    """

    def __init__(self, parameters: Sequence[float] | FloatArray, x: FloatArray, t_x: FloatArray, T: FloatArray) -> None:
        r, alpha, s, mean = parameters
        beta = s * mean
        near = min(alpha, beta)
        steepness = (near + t_x) * ((r + x) / (alpha + t_x) + (s + 1) / (beta + t_x)) - 1
        length = np.log((near + T) / (near + t_x))
        length = np.minimum(length, DEPTH / np.maximum(steepness, 1e-9))
        log_near = np.log(near + t_x) + HALVES[:, None] * length
        near_u = np.exp(log_near)
        u = np.vstack([T, near_u - near])
        self.order = alpha + u
        self.age = u / (beta + u)
        """The time as a share of itself and beta."""
        if alpha <= beta:
            self.log_order = np.vstack([np.log(alpha + T), log_near])
            self.longer = np.log1p(u / beta)
        else:
            self.log_order = np.log(self.order)
            self.longer = np.vstack([np.log1p(T / beta), log_near - np.log(beta)])
        logs = -(r + x) * self.log_order - s * self.longer
        width = LOG_WEIGHTS[:, None] + np.log(np.maximum(length, 1e-300) / mean)
        logs[1:] += log_near - self.longer[1:] + width
        self.top = logs.max(axis=0)
        self.share = np.exp(logs - self.top)


def _likelihood(cells: Cells) -> Callable[[FloatArray], Derivatives]:
    """Of r, alpha, s and the mean lifetime beta/s, along which it stays smooth where s has no end."""
    everyone, starts = cells.customers.sum(), range(0, cells.x.size, BLOCK)
    columns = (cells.x, cells.t_left, cells.T, cells.customers)
    blocks = [tuple(values[start : start + BLOCK] for values in columns) for start in starts]

    def likelihood(parameters: FloatArray) -> Derivatives:
        r, alpha = parameters[:2]
        R = rising_sums(cells.orders_more_than, r)[:, 0]
        value = R[0] + everyone * r * np.log(alpha)
        gradient = np.array([R[1] + everyone * np.log(alpha), everyone * r / alpha, 0, 0])
        hessian = np.zeros((4, 4))
        hessian[:2, :2] = [[R[2], everyone / alpha], [everyone / alpha, -everyone * r / alpha**2]]
        for x, t_x, T, customers in blocks:
            more, slope, curvature = _mixed(parameters, x, t_x, T, customers)
            value, gradient, hessian = value + more, gradient + slope, hessian + curvature
        return float(value), gradient, hessian

    return likelihood


def _mixed(parameters: FloatArray, x: FloatArray, t_x: FloatArray, T: FloatArray, customers: FloatArray) -> Derivatives:
    """What the terms of these customers add."""
    r, _, s, mean = parameters
    terms = _Terms(parameters, x, t_x, T)
    total = terms.share.sum(axis=0)
    shares = terms.share * (customers / total)
    order, age = 1 / terms.order, terms.age
    slope = np.array([
        -terms.log_order,
        -(r + x) * order,
        age - terms.longer + LEFT * age / s,
        ((s + LEFT) * age - LEFT) / mean,
    ])  # fmt: skip
    means = (slope * shares).sum(axis=1)
    flat = slope.reshape(4, -1)
    hessian: FloatArray = (flat * shares.ravel()) @ flat.T - (means / customers) @ means.T
    aged, left, across = shares * age, shares[1:].sum(), -(shares * order).sum()
    squared, of_left, of_left_squared = (aged * age).sum(), aged[1:].sum(), (aged[1:] * age[1:]).sum()
    mixed = (squared - (of_left - of_left_squared) / s) / mean
    hessian += np.array([
        [0, across, 0, 0],
        [across, (shares * (r + x) * order**2).sum(), 0, 0],
        [0, 0, squared / s - (2 * of_left - of_left_squared) / s**2, mixed],
        [0, 0, mixed, (s * (squared - 2 * aged.sum()) + left - 2 * of_left + of_left_squared) / mean**2],
    ])  # fmt: skip
    return float(customers @ (terms.top + np.log(total))), means.sum(axis=1), hessian
