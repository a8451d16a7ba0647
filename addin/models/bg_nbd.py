"""BG/NBD: when customers buy again, and whether they are still there, where nobody says goodbye."""
# ruff: noqa: N806  # the letters of the paper

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from addin.errors import NotEnoughData, OutOfRange, WrongKind
from addin.models.beta import beta_points
from addin.models.likelihood import ArrayLike, Derivatives, FloatArray, column, distinct, maximum
from addin.models.orders import count

MOST_ORDERS = 10_000_000


@dataclass(frozen=True, slots=True)
class BGNBD:
    """Customers order at random, each at a rate of their own, and may leave for good after any order.

    Rates follow a gamma distribution (r, alpha), the chance to leave after an order a beta distribution (a, b).
    Times are in one unit, whichever it was fitted with. Source: Fader, Hardie and Lee, "Counting Your
    Customers" the Easy Way, Marketing Science 24(2), 2005.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = np.nan
    standard_errors: tuple[float, ...] = ()
    """Of r, alpha, a and b, in this order."""

    @classmethod
    def fit(cls, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weights: ArrayLike | None = None) -> BGNBD:
        """Fit by maximum likelihood: one element a customer, or a cell of `weights` customers with its means.

        `frequency` counts the repeat orders, `recency` is the time from the first order to the last, `age`
        the time from the first order to the end of the observation.
        """
        (x, t_x, T), customers = distinct(_customers(frequency, recency, age), weights)
        repeats = x > 0
        if not (customers * repeats).any():
            raise NotEnoughData("no customer has ordered again; the model needs repeat orders")
        more_than = np.cumsum(count(x, customers)[::-1])[::-1][1:]
        steps = np.arange(more_than.size)
        unit = T.max()
        T, t_x = T / unit, t_x[repeats] / unit
        x_again, T_again, again = x[repeats], T[repeats], customers[repeats]
        everyone = customers.sum()

        def rising(*starts: float) -> FloatArray:
            """Sum of ln of start (start + 1) ... (start + x - 1) over the customers, and its derivatives."""
            factors = np.array(starts)[:, None] + steps
            inverse = 1 / factors
            return np.array([np.log(factors), inverse, -(inverse**2)]).transpose(1, 0, 2) @ more_than

        def likelihood(parameters: FloatArray) -> Derivatives:
            r, alpha, a, b = parameters
            R, A, B = rising(r, a + b, b)
            orders, log_T, T_ = r + x, np.log(alpha + T), 1 / (alpha + T)
            value = R[0] + B[0] - A[0] + everyone * r * np.log(alpha) - customers @ (orders * log_T)
            gradient = np.array([
                R[1] + everyone * np.log(alpha) - customers @ log_T,
                everyone * r / alpha - customers @ (orders * T_),
                -A[1],
                B[1] - A[1],
            ])  # fmt: skip
            hessian = np.zeros((4, 4))
            hessian[0, 0] = R[2]
            hessian[0, 1] = everyone / alpha - customers @ T_
            hessian[1, 1] = customers @ (orders * T_**2) - everyone * r / alpha**2
            hessian[2:, 2:] = [[-A[2], -A[2]], [-A[2], B[2] - A[2]]]

            # left after the last order: the odds of it, against being still there
            n, t_, T_ = x_again + r, 1 / (alpha + t_x), 1 / (alpha + T_again)
            b_ = 1 / (b + x_again - 1)
            longer = np.log(t_ / T_)
            odds = np.log(a * b_) + n * longer
            against = np.exp(-odds)
            left = 1 / (1 + against)
            slope = np.array([longer, n * (T_ - t_), np.full_like(n, 1 / a), -b_])
            value += again @ (odds + np.log1p(against))
            gradient += slope @ (again * left)
            hessian += (slope * (again * left * (1 - left))) @ slope.T
            hessian[0, 1] += (again * left) @ (T_ - t_)
            hessian[1, 1] += (again * left) @ (n * (t_**2 - T_**2))
            hessian[2, 2] -= (again * left).sum() / a**2
            hessian[3, 3] += (again * left) @ b_**2
            hessian[1, 0] = hessian[0, 1]
            return value, gradient, hessian

        best = maximum(
            likelihood, {"r": 0.5, "alpha": 0.3, "a": 1.0, "b": 1.5},
            "customers are too few or too much alike, or none seems to leave; give more customers or a longer time",
        )  # fmt: skip
        r, alpha, a, b = best.values
        scale = np.array([1, unit, 1, 1])
        errors = tuple((scale * best.standard_errors).tolist())
        constant = float(customers @ x) * np.log(unit)
        return cls(r, float(alpha * unit), a, b, float(best.log_likelihood - constant), errors)

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Probability that each customer is still one; 1 without a repeat order, as only an order can end it."""
        x, t_x, T = _customers(frequency, recency, age)
        odds = np.log(self.a / (self.b + np.maximum(x, 1) - 1))
        odds += (self.r + x) * np.log((self.alpha + T) / (self.alpha + t_x))
        alive: FloatArray = np.where(x > 0, np.exp(-np.logaddexp(0, odds)), 1.0)
        return alive

    def expected_orders(self, horizon: float, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Expected orders of each customer over the time to come."""
        x, t_x, T = _customers(frequency, recency, age)
        return self.probability_alive(x, t_x, T) * self.expected_orders_alive(horizon, x, T)

    def expected_orders_new(self, horizon: float) -> float:
        """Expected repeat orders of a customer who orders for the first time now."""
        return float(self.expected_orders_alive(horizon, 0.0, 0.0)[0])

    def expected_orders_alive(self, horizon: float, frequency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Expected orders over the time to come of customers who are known to be still there.

        With the chance p to leave after an order it is (1 - (1 + p horizon/(alpha + T))^-(r + x))/p; the mean of
        it over p, which is beta distributed with a and b + x, is formula (10) of the paper.
        """
        if not 0 <= horizon < np.inf:
            raise OutOfRange(f"horizon must be 0 or more, {horizon:g} was found")
        x, T = np.broadcast_arrays(column("frequency", frequency), column("age", age))
        orders = np.empty(x.size)
        for repeats in np.unique(x):
            same = x == repeats
            shape, share = self.r + repeats, horizon / (self.alpha + T[same])
            chances, weights = beta_points(self.a, self.b + repeats)
            orders[same] = weights @ (-np.expm1(-shape * np.log1p(chances[:, None] * share)) / chances[:, None])
        return orders


def _customers(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> list[FloatArray]:
    x, t_x, T = column("frequency", frequency), column("recency", recency), column("age", age)
    if not x.size == t_x.size == T.size:
        raise WrongKind("frequency, recency and age differ in length; give one of each for each customer")
    if ((x < 0) | (x != np.floor(x)) | (x > MOST_ORDERS)).any():
        raise OutOfRange("frequency must be a whole number of repeat orders, 0 or more")
    if ((t_x < 0) | (t_x > T * (1 + 1e-12))).any():
        raise OutOfRange("recency must lie between 0 and age; both count from the customer's first order")
    if T.size and T.max() == 0:
        raise NotEnoughData("no time has passed since the first orders; let the observation end later")
    return [x, t_x, T]
