"""Pareto/NBD: when customers buy again, where they may leave at any time and not just after an order."""
# ruff: noqa: N803, N806  # the letters of the paper

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from addin.errors import NotEnoughData, OutOfRange
from addin.models.bg_likelihood import Cells, rising_sums
from addin.models.customers import ADVICE, RATES, clockwork, customer_columns
from addin.models.likelihood import ArrayLike, Boundary, Derivatives, FloatArray, column, distinct, maximum

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
HALVES, LOG_WEIGHTS = (NODES + 1) / 2, np.log(WEIGHTS / 2)
LEFT = np.array([0.0] + [1.0] * NODES.size)[:, None]
"""Which rows of the terms stand for a customer who has left."""
DEPTH = 30.0
"""Where what is integrated has fallen by so many powers of e, the rest adds nothing."""
COMMON = 1e6
"""With s as large as this all leave at the same pace, s/beta, to the sixth digit."""


@dataclass(frozen=True, slots=True)
class ParetoNBD:
    """Customers order at random, each at a rate of their own, until they leave after a lifetime of their own.

    Rates follow a gamma distribution (r, alpha), the rates at which customers leave another (s, beta). Times are
    in one unit, whichever it was fitted with. Source: Schmittlein, Morrison and Colombo, Counting Your Customers,
    Management Science 33(1), 1987; Fader and Hardie, A Note on Deriving the Pareto/NBD Model, 2005.
    """

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float = np.nan
    standard_errors: tuple[float, ...] = ()
    """Of r, alpha, s and beta, in this order; of r, alpha and leaving in a limit."""
    leaving: float = np.nan
    """The pace at which all leave, s/beta, where the data tell no s and beta."""
    covariance: FloatArray | None = field(default=None, repr=False, compare=False)
    """Of the logarithms of r, alpha, s and beta; in a limit of r, alpha and the mean lifetime."""

    @classmethod
    def fit(cls, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Fit by maximum likelihood: one element a customer, or a cell of `weights` customers with its means.

        Where the likelihood has no maximum inside, since customers do not show that they differ in the pace at
        which they leave, the limit is fitted.
        """
        (x, t_x, T), customers = distinct(customer_columns(frequency, recency, age), weights)
        if not (customers * (x > 0)).any():
            raise NotEnoughData("no customer has ordered again; the model needs repeat orders")
        cells = Cells(x, t_x, T, customers, 1)
        unit = cells.unit
        constant = float(customers @ x) * math.log(unit)
        full = _likelihood(cells)
        try:
            best = maximum(full, RATES | {"s": 0.5, "beta": 0.3}, ADVICE)
        except Boundary as boundary:
            return cls._at_the_limit(cells, full, boundary, constant)
        (r, alpha, s, beta), (r_, alpha_, s_, beta_) = best.values, best.standard_errors
        errors = (r_, alpha_ * unit, s_, beta_ * unit)
        return cls(r, alpha * unit, s, beta * unit, best.log_likelihood - constant, errors, covariance=best.covariance)

    @classmethod
    def _at_the_limit(
        cls, cells: Cells, full: Callable[[FloatArray], Derivatives], boundary: Boundary, constant: float
    ) -> Self:
        """One pace for all, or none."""

        def one_pace(parameters: FloatArray) -> Derivatives:
            r, alpha, mean_lifetime = parameters
            value, gradient, hessian = full(np.array([r, alpha, COMMON, COMMON * mean_lifetime]))
            keep, scale = [0, 1, 3], np.array([1, 1, COMMON])
            return value, gradient[keep] * scale, hessian[np.ix_(keep, keep)] * np.outer(scale, scale)

        unit = cells.unit
        try:
            best = maximum(one_pace, RATES | {"lifetime": 1.0}, ADVICE)
        except Boundary as other:
            if other.parameter in RATES or not other.endless:
                raise clockwork(other) from boundary
            best = maximum(cells.likelihood(cells.nobody_leaves), RATES, ADVICE)
            (r, alpha), (r_, alpha_) = best.values, best.standard_errors
            return cls(
                r, alpha * unit, 0.0, unit, best.log_likelihood - constant, (r_, alpha_ * unit), 0.0, best.covariance
            )
        (r, alpha, mean), (r_, alpha_, mean_) = best.values, best.standard_errors
        mean, mean_ = mean * unit, mean_ * unit
        errors = (r_, alpha_ * unit, mean_ / mean**2)
        return cls(
            r, alpha * unit, COMMON, COMMON * mean, best.log_likelihood - constant, errors, 1 / mean, best.covariance
        )

    @property
    def note(self) -> str:
        """What the forecast rests on where the data tell no s and beta; nothing where they do."""
        if np.isnan(self.leaving):
            return ""
        if self.leaving == 0:
            return "nobody seems to leave: all count as customers for good, so the forecast is as high as it can be"
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
        terms = _Terms((self.r, self.alpha, self.s, self.beta), x, t_x, T)
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

    def order_pairs_alive(self, horizon: float, frequency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Mean of n (n - 1), n being the orders over the time to come of customers who are known to be still there.

        It is (r + x)(r + x + 1)/(alpha + T)^2 times the mean square of the time that they stay within the horizon,
        which is the integral of 2 u ((beta + T)/(beta + T + u))^s.
        """
        x, T = column("frequency", frequency), column("age", age)
        start = self.beta + T
        step = np.log1p(horizon / start)
        log_share = HALVES[:, None] * step
        stay = 2 * start**2 * np.expm1(log_share) * np.exp((1 - self.s) * log_share)
        squares = step * (np.exp(LOG_WEIGHTS) @ stay)
        pairs: FloatArray = (self.r + x) * (self.r + x + 1) / (self.alpha + T) ** 2 * squares
        return pairs

    def varied(self, steps: FloatArray) -> Self:
        """The model with steps added to the logarithms of its parameters, those that `covariance` is of."""
        r, alpha, *leave = np.exp(steps).tolist()
        s, beta = leave if len(leave) == 2 else (1.0, leave[0] if leave else 1.0)
        return replace(self, r=self.r * r, alpha=self.alpha * alpha, s=self.s * s, beta=self.beta * beta)


class _Terms:
    """The terms of each customer's likelihood: still there, in the first row, or left at the time of the others.

    What was left is the integral of (alpha + u)^-(r + x) s (beta + u)^-(s + 1) from t_x to T, by Gauss and
    Legendre's rule in the logarithm of time: nothing cancels, where the hypergeometric functions of the paper do.
    """

    def __init__(self, parameters: Sequence[float], x: FloatArray, t_x: FloatArray, T: FloatArray) -> None:
        r, alpha, s, beta = parameters
        near = min(alpha, beta)
        steepness = (near + t_x) * ((r + x) / (alpha + t_x) + (s + 1) / (beta + t_x)) - 1
        length = np.log((near + T) / (near + t_x))
        length = np.minimum(length, DEPTH / np.maximum(steepness, 1e-9))
        log_near = np.log(near + t_x) + HALVES[:, None] * length
        near_u = np.exp(log_near)
        self.order, self.leave = (np.vstack([p + T, near_u + (p - near)]) for p in (alpha, beta))
        """alpha and beta plus the time."""
        self.log_order, self.log_leave = np.log(self.order), np.log(self.leave)
        logs = -(r + x) * self.log_order - s * self.log_leave
        width = LOG_WEIGHTS[:, None] + np.log(np.maximum(length, 1e-300))
        logs[1:] += np.log(s) - self.log_leave[1:] + log_near + width
        self.top = logs.max(axis=0)
        self.share = np.exp(logs - self.top)


def _likelihood(cells: Cells) -> Callable[[FloatArray], Derivatives]:
    x, T, customers, everyone = cells.x, cells.T, cells.customers, cells.customers.sum()

    def likelihood(parameters: FloatArray) -> Derivatives:
        r, alpha, s, beta = parameters
        terms = _Terms((r, alpha, s, beta), x, cells.t_left, T)
        total = terms.share.sum(axis=0)
        shares = terms.share * (customers / total)
        order, leave = 1 / terms.order, 1 / terms.leave
        slope = np.array([-terms.log_order, -(r + x) * order, LEFT / s - terms.log_leave, -(s + LEFT) * leave])
        means = (slope * shares).sum(axis=1)
        R = rising_sums(cells.orders_more_than, r)[:, 0]
        value = R[0] + everyone * (r * np.log(alpha) + s * np.log(beta)) + customers @ (terms.top + np.log(total))
        gradient = means.sum(axis=1)
        gradient += [
            R[1] + everyone * np.log(alpha),
            everyone * r / alpha,
            everyone * np.log(beta),
            everyone * s / beta,
        ]
        flat = slope.reshape(4, -1)
        hessian = (flat * shares.ravel()) @ flat.T - (means / customers) @ means.T
        across_order, across_leave = everyone / alpha - (shares * order).sum(), everyone / beta - (shares * leave).sum()
        hessian += np.array([
            [R[2], across_order, 0, 0],
            [across_order, (shares * (r + x) * order**2).sum() - everyone * r / alpha**2, 0, 0],
            [0, 0, -(shares[1:]).sum() / s**2, across_leave],
            [0, 0, across_leave, (shares * (s + LEFT) * leave**2).sum() - everyone * s / beta**2],
        ])  # fmt: skip
        return float(value), gradient, hessian

    return likelihood
