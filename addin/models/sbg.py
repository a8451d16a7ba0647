"""Shifted beta-geometric: how long customers renew a contract, and what the renewals to come are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from addin.errors import NotEnoughData, OutOfRange, ZeroDenominator
from addin.models.beta import beta_points
from addin.models.likelihood import ArrayLike, Derivatives, FloatArray, column, maximum

ENDLESS = 1e-6
"""How far above 1 alpha must be for a fit to determine how long a lifetime is."""


@dataclass(frozen=True, slots=True)
class SBG:
    """Each customer leaves with the same chance at every renewal, and the chances differ among customers.

    They follow a beta distribution (alpha, beta): so the loyal remain and retention rises with age. Source:
    Fader and Hardie, How to Project Customer Retention, Journal of Interactive Marketing 21(1), 2007.
    """

    alpha: float
    beta: float
    log_likelihood: float = np.nan
    standard_errors: tuple[float, ...] = ()
    """Of alpha and beta, in this order."""

    @classmethod
    def fit(cls, *survivors: ArrayLike) -> SBG:
        """Fit by maximum likelihood to how many customers were there at the start and after each renewal.

        Several groups that began at different times, each known for as long as it has been there, are fitted at once.
        """
        at_risk, stayed = renewals(*survivors)
        if stayed.size < 2:
            raise NotEnoughData("survivors: the start and at least two renewals are needed to see retention change")
        lost = at_risk - stayed
        if not lost.any():
            raise OutOfRange("survivors: nobody has left yet, so there is nothing to fit")
        earlier = np.arange(stayed.size)

        def likelihood(parameters: FloatArray) -> Derivatives:
            alpha, beta = parameters
            b, ab = beta + earlier, alpha + beta + earlier
            value = lost.sum() * np.log(alpha) + stayed @ np.log(b) - at_risk @ np.log(ab)
            common, curve = at_risk @ (1 / ab), at_risk @ (1 / ab**2)
            gradient = np.array([lost.sum() / alpha - common, stayed @ (1 / b) - common])
            hessian = np.array([
                [curve - lost.sum() / alpha**2, curve],
                [curve, curve - stayed @ (1 / b**2)],
            ])  # fmt: skip
            return value, gradient, hessian

        best = maximum(
            likelihood, {"alpha": 1.0, "beta": 1.0},
            "retention must rise with age for this model; where it stays the same or falls, use the plain churn rate",
        )  # fmt: skip
        alpha, beta = best.values
        return cls(alpha, beta, best.log_likelihood, tuple(best.standard_errors))

    def survival(self, periods: int) -> FloatArray:
        """Share of the customers who are still there after 0, 1, ... periods."""
        return np.concatenate(([1.0], np.cumprod(self.retention(periods))))

    def retention(self, periods: int) -> FloatArray:
        """Share of those who were there after one period less who stay, for period 1, 2, ..."""
        t = np.arange(1, periods + 1)
        kept: FloatArray = (self.beta + t - 1) / (self.alpha + self.beta + t - 1)
        return kept

    def lifetime(self, discount_rate: float, renewals: int = 0) -> float:
        """Expected periods, this one included and each discounted, of a customer who has renewed that often.

        With 0 renewals it is DEL of Fader and Hardie, Customer-Base Valuation in a Contractual Setting: The
        Perils of Ignoring Heterogeneity, Marketing Science 29(1), 2010; and their DERL just before renewal n is
        (1 + discount_rate) * (lifetime after n - 1 renewals - 1).
        """
        b = self.beta + renewals
        if discount_rate == 0:
            if self.alpha <= 1 + ENDLESS:
                raise ZeroDenominator(
                    f"with alpha = {self.alpha:g} and a discount_rate of 0 the value has no end; give a rate above 0"
                )
            return (self.alpha + b - 1) / (self.alpha - 1)
        lost = discount_rate / (1 + discount_rate)  # who leaves with chance p stays for 1/(1 - (1 - p)/(1 + d)) periods
        chances, weights = beta_points(self.alpha, b, smallest=lost)
        with np.errstate(over="raise", divide="raise"):
            return float(weights @ (1 / (lost + chances * (1 - lost))))


def renewals(*survivors: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """How many customers of all groups were due at each renewal, and how many of them stayed."""
    groups = [column("survivors", group) for group in survivors]
    length = max((group.size for group in groups), default=0) - 1
    at_risk, stayed = np.zeros(max(length, 0)), np.zeros(max(length, 0))
    for s in groups:
        if (s < 0).any() or (np.diff(s) > 0).any():
            raise OutOfRange("survivors must fall or stay from one renewal to the next; give one group of customers")
        if s.size:
            at_risk[: s.size - 1] += s[:-1]
            stayed[: s.size - 1] += s[1:]
    return at_risk, stayed
