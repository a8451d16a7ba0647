"""The log-likelihood of BG/NBD and its kin, put together from how customers order and how they leave."""
# ruff: noqa: N803, N806  # the letters of the paper

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from addin.models.likelihood import Derivatives, FloatArray
from addin.models.orders import count

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER = -600.0
"""The logarithm of odds that are none."""


class Part(NamedTuple):
    """What some of the parameters add: to the log-likelihood, and to each cell's log-odds to have left."""

    value: float
    gradient: FloatArray
    hessian: FloatArray
    log_odds: FloatArray
    slope: FloatArray
    """Of the log-odds: parameter by cell."""
    curvature: Callable[[FloatArray], FloatArray]
    """The Hessian of the log-odds, summed over the cells with these weights."""


PartAt: TypeAlias = Callable[[FloatArray], Part]


class Cells:
    """Customers alike: orders x, chances to leave, times as a share of the longest; who may have left comes last."""

    def __init__(
        self, x: FloatArray, t_x: FloatArray, T: FloatArray, customers: FloatArray, early_chances: int
    ) -> None:
        if not early_chances:
            sequence = np.argsort(x > 0, kind="stable")
            x, t_x, T, customers = x[sequence], t_x[sequence], T[sequence], customers[sequence]
        self.unit = float(T.max())
        self.x, self.T, self.customers = x, T / self.unit, customers
        self.constant = float(customers @ x) * math.log(self.unit)
        """What the likelihood in shares of the longest time has too much."""
        chances = x + early_chances
        self.staying = int(np.count_nonzero(chances == 0))
        """How many cells come first, of customers who cannot have left."""
        self.chances, self.x_left, self.customers_left = (values[self.staying :] for values in (chances, x, customers))
        self.t_left = t_x[self.staying :] / self.unit
        self.customers_and_orders = np.array([customers, customers * x])
        self.orders_more_than, self.chances_more_than = _more_than(x, customers), _more_than(chances, customers)

    def rates(self, parameters: FloatArray) -> Part:
        """Customers order at rates of their own, gamma distributed."""
        r, alpha = parameters
        everyone = self.customers.sum()
        R = rising_sums(self.orders_more_than, r)[:, 0]
        of_time = np.empty((3, self.T.size))
        log_T, T_, _ = of_time
        time = alpha + self.T
        np.log(time, out=log_T)
        np.divide(1, time, out=T_)
        np.multiply(T_, T_, out=of_time[2])
        (logs, inverse, squares), (of_orders, inverse_of_orders, squares_of_orders) = (
            self.customers_and_orders @ of_time.T
        ).tolist()
        t = alpha + self.t_left
        t_, T_left = 1 / t, T_[self.staying :]
        slope = np.empty((2, t.size))
        longer, sooner = slope
        np.subtract(log_T[self.staying :], np.log(t), out=longer)
        n = r + self.x_left
        shorter = T_left - t_
        np.multiply(n, shorter, out=sooner)

        def curvature(weights: FloatArray) -> FloatArray:
            across = weights @ shorter
            return np.array([[0.0, across], [across, -(weights * sooner) @ (t_ + T_left)]])

        log_alpha, share = math.log(alpha), everyone / alpha
        return Part(
            R[0] + everyone * r * log_alpha - r * logs - of_orders,
            np.array([R[1] + everyone * log_alpha - logs, share * r - r * inverse - inverse_of_orders]),
            np.array([[R[2], share - inverse], [share - inverse, r * squares + squares_of_orders - share * r / alpha]]),
            n * longer,
            slope,
            curvature,
        )

    def chances_of_their_own(self, parameters: FloatArray) -> Part:
        """Customers leave with chances of their own, beta distributed."""
        a, b = parameters
        A, B = rising_sums(self.chances_more_than, a + b, b).T
        b_ = 1 / (b + self.chances - 1)
        return Part(
            B[0] - A[0],
            np.array([-A[1], B[1] - A[1]]),
            np.array([[-A[2], -A[2]], [-A[2], B[2] - A[2]]]),
            np.log(a * b_),
            np.array([np.full_like(b_, 1 / a), -b_]),
            lambda weights: np.diag([-weights.sum() / a**2, weights @ b_**2]),
        )

    def one_chance(self, parameters: FloatArray) -> Part:
        """All leave with the same chance, given as odds: the limit of a and b without end."""
        return self._odds(parameters[0], float(self.customers_left @ self.chances), self.chances > 0)

    def at_once_or_never(self, parameters: FloatArray) -> Part:
        """Some leave at their first chance, the others never, given as odds: the limit of a and b towards 0."""
        return self._odds(parameters[0], float(self.customers_left.sum()), self.chances == 1)

    def _odds(self, odds: float, trials: float, may_leave: NDArray[np.bool_]) -> Part:
        share = may_leave.astype(np.float64)
        return Part(
            -trials * np.log1p(odds),
            np.array([-trials / (1 + odds)]),
            np.array([[trials / (1 + odds) ** 2]]),
            np.where(may_leave, np.log(odds), NEVER),
            (share / odds)[None, :],
            lambda weights: np.array([[-(weights @ share) / odds**2]]),
        )

    def nobody_leaves(self, _parameters: FloatArray) -> Part:
        """The limit of a towards 0."""
        none = np.zeros((0, self.chances.size))
        return Part(
            0.0, none[:, 0], np.zeros((0, 0)), np.full(self.chances.size, NEVER), none, lambda _: np.zeros((0, 0))
        )

    def likelihood(self, leaving: PartAt) -> Callable[[FloatArray], Derivatives]:
        """The log-likelihood and its derivatives by r, alpha and the parameters of how customers leave."""

        def derivatives(parameters: FloatArray) -> Derivatives:
            order, leave = self.rates(parameters[:2]), leaving(parameters[2:])
            log_odds = order.log_odds + leave.log_odds
            against = np.exp(-log_odds)
            share = 1 / (1 + against)
            left = self.customers_left * share
            slope = np.concatenate([order.slope, leave.slope])
            value = order.value + leave.value + self.customers_left @ (log_odds - np.log(share))
            hessian = (slope * (left * share * against)) @ slope.T
            hessian[:2, :2] += order.hessian + order.curvature(left)
            hessian[2:, 2:] += leave.hessian + leave.curvature(left)
            return float(value), np.concatenate([order.gradient, leave.gradient]) + slope @ left, hessian

        return derivatives


def _more_than(counts: FloatArray, customers: FloatArray) -> FloatArray:
    """How many customers have more than 0, 1, 2 ..."""
    above: FloatArray = np.cumsum(count(counts, customers)[::-1])[::-1][1:]
    return above


def rising_sums(more_than: FloatArray, *starts: float) -> FloatArray:
    """Sum of ln of start (start + 1) ... (start + n - 1) over the customers, and its derivatives: three rows."""
    factors = np.array(starts)[:, None] + np.arange(more_than.size)
    inverse = 1 / factors
    sums: FloatArray = np.array([np.log(factors), inverse, -(inverse**2)]) @ more_than
    return sums
