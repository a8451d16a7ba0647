"""Gamma-Gamma: what a customer spends per order, drawn towards the mean of all where orders are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from addin.errors import NotEnoughData, OutOfRange
from addin.models.likelihood import ArrayLike, Boundary, Derivatives, FloatArray, column, distinct, maximum

ADVICE = (
    "the amounts of too few customers are known, or they do not differ as the model expects; "
    "take the average order for all"
)
WIDEST = 4.0
"""Variance of a customer's mean order, as a share of its square, that is taken where there is none."""


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Orders of a customer vary around a mean of their own, and the means vary among customers.

    Orders follow a gamma distribution of shape p, its scale another with q and v. Source: Fader and Hardie, The
    Gamma-Gamma Model of Monetary Value, 2013; Fader, Hardie and Lee, RFM and CLV: Using Iso-Value Curves for
    Customer Base Analysis, Journal of Marketing Research 42(4), 2005.
    """

    p: float
    q: float
    v: float
    log_likelihood: float = np.nan
    standard_errors: tuple[float, ...] = ()
    """Of p, q and v, in this order; in a limit of the parameter that is there, and of `limit`."""
    limit: float = np.nan
    """p*v where p is infinite (each customer pays the same each time), the mean order where q is (all are alike)."""

    @classmethod
    def fit(cls, frequency: ArrayLike, average: ArrayLike, weights: ArrayLike | None = None) -> GammaGamma:
        """Fit by maximum likelihood to the customers who ordered again and paid for it.

        `frequency` counts a customer's repeat orders, `average` is what one of them brought on average. Where the
        likelihood has no maximum inside, the better of both limits is fitted.
        """
        sums = Spending.of(frequency, average, weights)
        unit, constant = sums.unit, float(sums.everyone) * np.log(sums.unit)
        try:
            best = maximum(sums.of_their_own, {"p": 2.0, "q": 3.0, "v": 1.0}, ADVICE)
        except Boundary as boundary:
            limits = []
            for likelihood, start in ((sums.always_the_same, "q"), (sums.all_alike, "p")):
                try:
                    limits.append((maximum(likelihood, {start: 2.0, "limit": 1.0}, ADVICE), start))
                except Boundary:
                    continue
            if not limits:
                raise boundary from None
            best, found = max(limits, key=lambda each: each[0].log_likelihood)
            shape, limit = best.values
            p, q = (np.inf, shape) if found == "q" else (shape, np.inf)
            of_shape, of_limit = best.standard_errors
            return cls(
                p,
                q,
                np.nan,
                float(best.log_likelihood - constant),
                (of_shape, float(of_limit * unit)),
                float(limit * unit),
            )
        p, q, v = best.values
        of_p, of_q, of_v = best.standard_errors
        return cls(p, q, float(v * unit), float(best.log_likelihood - constant), (of_p, of_q, float(of_v * unit)))

    @property
    def note(self) -> str:
        """What the spend rests on where p or q has no end; nothing where both do."""
        if self.p == np.inf:
            return "amounts: p has no end, so each customer is expected to spend what their repeat orders brought"
        if self.q == np.inf:
            return "amounts: q has no end, so all customers are expected to spend the same, the mean of all orders"
        return ""

    @property
    def mean_spend(self) -> float:
        """What an order brings on average over all customers, known or to come."""
        if self.q == np.inf:
            return self.limit
        if self.q <= 1:
            raise OutOfRange(f"the fit has q = {self.q:g}; at 1 or less the mean order has no end: look for extremes")
        return (self.limit if self.p == np.inf else self.p * self.v) / (self.q - 1)

    def expected_spend(self, frequency: ArrayLike, average: ArrayLike) -> FloatArray:
        """What an order of each customer will bring: their own average and that of all, weighted."""
        x, z = _customers(frequency, average)
        own = self._own_share(x)
        return (1 - own) * self.mean_spend + own * z

    def spend_variances(self, frequency: ArrayLike, average: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Of the mean order of each customer around what is expected of it, and of an order around that mean.

        The first is 1/(p x + q - 2) of the square; where it has no end, or nearly, WIDEST stands for it.
        """
        x, z = _customers(frequency, average)
        square = self.expected_spend(x, z) ** 2
        between = square / np.maximum(self.p * x + self.q - 2, 1 / WIDEST)
        return between, (square + between) / self.p

    def _own_share(self, x: FloatArray) -> FloatArray:
        """How much a customer's own average counts against that of all."""
        if np.inf in (self.p, self.q):
            return np.where((x > 0) & (self.p == np.inf), 1.0, 0.0)
        own: FloatArray = self.p * x / (self.p * x + self.q - 1)
        return own


class Spending:
    """The log-likelihoods over cells of customers alike, their amounts in units of the mean."""

    def __init__(self, x: FloatArray, z: FloatArray, customers: FloatArray) -> None:
        self.unit = float(z.max() * np.average(z / z.max(), weights=customers))
        """Of amounts, their mean."""
        logs = np.log(z) - np.log(self.unit)
        self.x, self.z, self.customers, self.everyone = x, z / self.unit, customers, customers.sum()
        self.log_xz, self.log_z = np.log(x) + logs, customers @ logs

    @classmethod
    def of(cls, frequency: ArrayLike, average: ArrayLike, weights: ArrayLike | None = None) -> Spending:
        """The customers who ordered again and paid for it."""
        (x, z), customers = distinct(_customers(frequency, average), weights)
        spenders = (x > 0) & (z > 0) & (customers > 0)
        if not spenders.any():
            raise NotEnoughData("no customer has a repeat order above 0; the model learns from them")
        return cls(x[spenders], z[spenders], customers[spenders])

    def of_their_own(self, parameters: FloatArray) -> Derivatives:
        """Customers differ, and so do the orders of each: p, q and v."""
        from addin.models.special import digamma, gammaln, zeta

        x, z, customers, everyone = self.x, self.z, self.customers, self.everyone
        p, q, v = parameters
        px, total = p * x, x * z + v
        value = customers @ (gammaln(px + q) - gammaln(px) + px * self.log_xz - (px + q) * np.log(total))
        value += everyone * (q * np.log(v) - gammaln(q)) - self.log_z
        psi, psi_1 = digamma(px + q), zeta(2, px + q)
        gradient = np.array([
            customers @ (x * (psi - digamma(px) + self.log_xz - np.log(total))),
            customers @ (psi - np.log(total)) + everyone * (np.log(v) - digamma(q)),
            everyone * q / v - customers @ ((px + q) / total),
        ])  # fmt: skip
        pp, pq, pv = customers @ (x**2 * (psi_1 - zeta(2, px))), customers @ (x * psi_1), -customers @ (x / total)
        qq, qv = customers @ psi_1 - everyone * zeta(2, q), everyone / v - customers @ (1 / total)
        vv = customers @ ((px + q) / total**2) - everyone * q / v**2
        return value, gradient, np.array([[pp, pq, pv], [pq, qq, qv], [pv, qv, vv]])

    def always_the_same(self, parameters: FloatArray) -> Derivatives:
        """Each customer pays the same each time: q and p*v, the limit of p without end."""
        from addin.models.special import digamma, gammaln, zeta

        q, scale = parameters
        everyone, inverse = self.everyone, self.customers @ (1 / self.z)
        value = everyone * (q * np.log(scale) - gammaln(q)) - (q + 1) * self.log_z - scale * inverse
        gradient = np.array([everyone * (np.log(scale) - digamma(q)) - self.log_z, everyone * q / scale - inverse])
        hessian = everyone * np.array([[-zeta(2, q), 1 / scale], [1 / scale, -q / scale**2]])
        return float(value), gradient, hessian

    def all_alike(self, parameters: FloatArray) -> Derivatives:
        """Customers do not differ: p and the mean order, the limit of q and v without end."""
        from addin.models.special import digamma, gammaln, zeta

        p, mean = parameters
        x, customers = self.x, self.customers
        px, orders, spent = p * x, customers @ x, customers @ (x * self.z)
        logs = np.log(px) + self.log_xz - np.log(x) - np.log(mean)  # of p x z/mean
        value = customers @ (px * logs - gammaln(px)) - self.log_z - p * spent / mean
        gradient = np.array([
            customers @ (x * (logs + 1 - digamma(px))) - spent / mean,
            (p * spent / mean - p * orders) / mean,
        ])  # fmt: skip
        mixed = (spent / mean - orders) / mean
        hessian = np.array([
            [customers @ (x / p - x**2 * zeta(2, px)), mixed],
            [mixed, p * (orders - 2 * spent / mean) / mean**2],
        ])  # fmt: skip
        return float(value), gradient, hessian


def _customers(frequency: ArrayLike, average: ArrayLike) -> list[FloatArray]:
    x, z = column("frequency", frequency), column("average", average)
    if (x < 0).any() or (z < 0).any():
        raise OutOfRange("frequency and average must be 0 or more; take amounts before refunds")
    return [x, z]
