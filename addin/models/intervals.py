"""How far what comes may lie from what a model expects: by chance, and since its parameters are estimates."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np

from addin.errors import NoConvergence
from addin.models.likelihood import FloatArray
from addin.models.plausible import RepeatOrders, plausible_orders, plausible_spending

Limits: TypeAlias = tuple[FloatArray, FloatArray]
"""Low and high."""
CURVE = 6
"""The moments of a total change so smoothly with time that as many horizons tell all others."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What an order of each customer is worth, by each of some models of spending."""

    weights: FloatArray
    mean: FloatArray
    """Model by customer."""
    between: FloatArray
    """Variance of each customer's mean order, averaged over the models."""
    within: FloatArray
    """Variance of an order around that mean."""

    @classmethod
    def certain(cls, worth: FloatArray) -> Worth:
        """Each order is worth the same, such as 1 where orders are counted."""
        none = np.zeros(worth.size)
        return cls(np.ones(1), worth[None, :], none, none)

    @classmethod
    def of(cls, frequency: FloatArray, average: FloatArray, spend: FloatArray, discount: FloatArray) -> Worth:
        """By the models that the amounts allow; without any, certain to be `spend`. Times each customer's discount."""
        try:
            models = plausible_spending(frequency, average)
        except NoConvergence:
            return cls.certain(spend * discount)
        weights = np.array([weight for weight, _ in models])
        mean = np.array([model.expected_spend(frequency, average) for _, model in models])
        variances = np.array([model.spend_variances(frequency, average) for _, model in models])
        between, within = np.tensordot(weights, variances, 1) * discount**2
        return cls(weights, mean * discount, between, within)


class Ahead:
    """What known customers bring in the time to come, with low and high, averaged over all plausible models.

    What a customer who is still there is expected to order depends on frequency and age alone, so each pair of
    these is calculated once.
    """

    def __init__(self, model: RepeatOrders, frequency: FloatArray, recency: FloatArray, age: FloatArray) -> None:
        pairs, pair = np.unique(np.column_stack([frequency, age]), axis=0, return_inverse=True)
        self._pairs, self._pair = (pairs[:, 0], pairs[:, 1]), pair.ravel()
        models = plausible_orders(model, frequency, recency, age)
        self._models = [(weight, one, one.probability_alive(frequency, recency, age)) for weight, one in models]
        self.worth = Worth.certain(np.ones(age.size))

    def of(self, worth: Worth) -> Self:
        """The same orders, each worth as much as that."""
        other = copy(self)
        other.worth = worth
        return other

    def limits(self, horizon: float, confidence: float) -> Limits:
        """Low and high of each customer."""
        worth = self.worth
        mean, square, chance, _ = self._orders(horizon)
        first = mean * (worth.weights @ worth.mean)
        second = mean * worth.within + (chance + square) * (worth.between + worth.weights @ worth.mean**2)
        return _limits(first, second - first**2, confidence)

    def total_limits(self, horizons: FloatArray, confidence: float) -> Limits:
        """Low and high of all customers together, up to each horizon."""
        nodes = horizons
        if horizons.size > CURVE:
            nodes = horizons.max() * (1 + np.cos(np.pi * np.arange(CURVE) / CURVE)) / 2
        moments = np.array([self._total(node) for node in nodes.tolist()]).T
        if horizons.size > CURVE:
            polynomial = np.polynomial.Polynomial
            curves = [polynomial.fit(nodes, moment / nodes, CURVE - 1)(horizons) for moment in moments]
            moments = np.array(curves) * horizons
        return _limits(moments[0], moments[1], confidence)

    def _total(self, horizon: float) -> tuple[float, float]:
        """Mean and variance of all customers together: chance, customer by customer, and what the models differ."""
        worth = self.worth
        mean, square, chance, totals = self._orders(horizon)
        variance = mean @ worth.within + (chance + square) @ worth.between
        variance += chance @ (worth.weights @ worth.mean**2)
        weights = np.outer([weight for weight, _, _ in self._models], worth.weights)
        total = float((weights * totals).sum())
        return total, float(variance + (weights * (totals - total) ** 2).sum())

    def _orders(self, horizon: float) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Averages over the models: of each customer's expected orders, their square, and the variance by chance.

        And what all customers are expected to bring, by each model and each worth.
        """
        averages = np.zeros((3, self._pair.size))
        totals = []
        for weight, model, alive in self._models:
            orders, pairs = model.orders_and_pairs_alive(horizon, *self._pairs)
            mean = alive * orders[self._pair]
            averages += weight * np.array([mean, mean**2, alive * (pairs + orders)[self._pair] - mean**2])
            totals.append(self.worth.mean @ mean)
        mean, square, chance = averages
        return mean, square, chance, np.array(totals)


def _limits(mean: FloatArray, variance: FloatArray, confidence: float) -> Limits:
    """Low and high of what is 0 or more: quantiles of the gamma distribution with this mean and variance."""
    from addin.models.special import gammaincinv

    some = (mean > 0) & (variance > 0)
    scale = np.divide(variance, mean, out=np.zeros_like(mean), where=some)
    shape = np.divide(mean, scale, out=np.ones_like(mean), where=some)
    tail = (1 - confidence) / 2
    return gammaincinv(shape, tail) * scale, gammaincinv(shape, 1 - tail) * scale
