"""Gamma-Gamma: what a customer spends per order, drawn towards the mean of all where orders are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from addin.errors import NotEnoughData, OutOfRange
from addin.models.likelihood import ArrayLike, Derivatives, FloatArray, column, distinct, maximum


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
    """Of p, q and v, in this order."""

    @classmethod
    def fit(cls, frequency: ArrayLike, average: ArrayLike, weights: ArrayLike | None = None) -> GammaGamma:
        """Fit by maximum likelihood to the customers who ordered again and paid for it.

        `frequency` counts a customer's repeat orders, `average` is what one of them brought on average.
        """
        from scipy.special import digamma, gammaln, zeta

        (x, z), customers = distinct(_customers(frequency, average), weights)
        told = (x > 0) & (z > 0) & (customers > 0)
        x, z, customers = x[told], z[told], customers[told]
        if not x.size:
            raise NotEnoughData("no customer has a repeat order above 0; the model learns from them")
        unit = z.max() * float(np.average(z / z.max(), weights=customers))
        everyone, logs = customers.sum(), np.log(z) - np.log(unit)
        z, log_xz, log_z = z / unit, np.log(x) + logs, customers @ logs

        def likelihood(parameters: FloatArray) -> Derivatives:
            p, q, v = parameters
            px, total = p * x, x * z + v
            value = customers @ (gammaln(px + q) - gammaln(px) + px * log_xz - (px + q) * np.log(total))
            value += everyone * (q * np.log(v) - gammaln(q)) - log_z
            psi, psi_1 = digamma(px + q), zeta(2, px + q)
            gradient = np.array([
                customers @ (x * (psi - digamma(px) + log_xz - np.log(total))),
                customers @ (psi - np.log(total)) + everyone * (np.log(v) - digamma(q)),
                everyone * q / v - customers @ ((px + q) / total),
            ])  # fmt: skip
            pp, pq, pv = customers @ (x**2 * (psi_1 - zeta(2, px))), customers @ (x * psi_1), -customers @ (x / total)
            qq, qv = customers @ psi_1 - everyone * zeta(2, q), everyone / v - customers @ (1 / total)
            vv = customers @ ((px + q) / total**2) - everyone * q / v**2
            return value, gradient, np.array([[pp, pq, pv], [pq, qq, qv], [pv, qv, vv]])

        best = maximum(
            likelihood, {"p": 2.0, "q": 3.0, "v": 1.0},
            "the amounts of too few customers are known, or they do not differ as the model expects; "
            "take the average order for all",
        )  # fmt: skip
        p, q, v = best.values
        errors = best.standard_errors
        constant = float(everyone) * np.log(unit)
        return cls(p, q, v * unit, float(best.log_likelihood - constant), (errors[0], errors[1], errors[2] * unit))

    @property
    def mean_spend(self) -> float:
        """What an order brings on average over all customers, known or to come."""
        if self.q <= 1:
            raise OutOfRange(f"the fit has q = {self.q:g}; at 1 or less the mean order has no end: look for extremes")
        return self.p * self.v / (self.q - 1)

    def expected_spend(self, frequency: ArrayLike, average: ArrayLike) -> FloatArray:
        """What an order of each customer will bring: their own average and that of all, weighted."""
        x, z = _customers(frequency, average)
        own = self.p * x / (self.p * x + self.q - 1)
        return (1 - own) * self.mean_spend + own * z


def _customers(frequency: ArrayLike, average: ArrayLike) -> list[FloatArray]:
    x, z = column("frequency", frequency), column("average", average)
    if (x < 0).any() or (z < 0).any():
        raise OutOfRange("frequency and average must be 0 or more; take amounts before refunds")
    return [x, z]
