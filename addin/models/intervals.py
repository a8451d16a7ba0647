"""How far what comes may lie from what a model expects: by chance, and since its parameters are estimates."""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np

from addin.errors import NoConvergence
from addin.models.likelihood import FloatArray
from addin.models.plausible import RepeatOrders, plausible_orders, plausible_spending

Limits: TypeAlias = tuple[FloatArray, FloatArray]
"""Low and high."""
Pairs: TypeAlias = tuple[FloatArray, FloatArray]
"""Means of n and of n (n - 1), n being orders."""
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
        weights = np.concatenate([weight for weight, _ in models])
        mean = np.array([model.expected_spend(frequency, average) for _, model in models])
        variances = np.array([model.spend_variances(frequency, average) for _, model in models])
        between, within = np.tensordot(weights, variances, 1) * discount**2
        return cls(weights, mean * discount, between, within)


class Ahead:
    """What known customers bring in the time to come, with low and high, averaged over all plausible models.

    What a customer who is still there is expected to order depends only on frequency and age, so each pair of
    these is calculated once.
    """

    def __init__(self, model: RepeatOrders, frequency: FloatArray, recency: FloatArray, age: FloatArray) -> None:
        pairs, pair = np.unique(np.column_stack([frequency, age]), axis=0, return_inverse=True)
        self._pairs, self._pair = (pairs[:, 0], pairs[:, 1]), pair.ravel()
        models = plausible_orders(model, frequency, recency, age)
        self._models = [(one, one.probability_alive(frequency, recency, age)) for _, one in models]
        self._weights = np.array([weights for weights, _ in models]).T
        self.worth = Worth.certain(np.ones(age.size))
        self._until: tuple[float, list[Pairs]] = math.nan, []
        """The last horizon, and what is expected by then of who is still there, by each model: no worth changes it."""

    def of(self, worth: Worth) -> Self:
        """The same orders, each worth as much as that."""
        other = copy(self)
        other.worth = worth
        return other

    def limits(self, horizon: float, confidence: float) -> Limits:
        """Low and high of each customer."""
        worth = self.worth
        (mean, square, chance), _ = self._orders(horizon)
        first = mean * (worth.weights @ worth.mean)
        second = mean * worth.within + (chance + square) * (worth.between + worth.weights @ worth.mean**2)
        return _limits(first, second - first**2, confidence)

    def total_limits(self, horizons: FloatArray, confidence: float) -> Limits:
        """Low and high of all customers together, up to each horizon."""
        if horizons.size <= CURVE:
            moments = np.array([self._total(horizon) for horizon in horizons.tolist()])
        else:
            last = horizons.max()
            nodes, times = (1 + np.cos(np.pi * np.arange(CURVE) / CURVE)) / 2, horizons / last
            totals = np.array([self._total(node * last) / node for node in nodes.tolist()])
            curves = np.linalg.solve(np.vander(nodes), totals.reshape(CURVE, -1))
            moments = (np.vander(times, CURVE) @ curves * times[:, None]).reshape(-1, *totals.shape[1:])
        mean, variance = np.moveaxis(moments, 0, -1)
        return _limits(mean, variance, confidence)

    def _total(self, horizon: float) -> FloatArray:
        """Mean and variance of all customers together: chance, customer by customer, and what the models differ.

        By each prior.
        """
        worth = self.worth
        (mean, square, chance), totals = self._orders(horizon)
        variance = mean @ worth.within + (chance + square) @ worth.between
        variance += chance @ (worth.weights @ worth.mean**2)
        weights = self._weights[:, :, None] * worth.weights
        total = (weights * totals).sum(axis=(1, 2))
        apart = (weights * (totals - total[:, None, None]) ** 2).sum(axis=(1, 2))
        return np.array([total, variance + apart])

    def _orders(self, horizon: float) -> tuple[FloatArray, FloatArray]:
        """Averages over the models: of each customer's expected orders, their square, and the variance by chance.

        By each prior. And what all customers are expected to bring, by each model and each worth.
        """
        averages = np.zeros((3, len(self._weights), self._pair.size))
        totals = []
        if self._until[0] != horizon:
            self._until = horizon, [model.orders_and_pairs_alive(horizon, *self._pairs) for model, _ in self._models]
        for weight, (_, alive), (orders, pairs) in zip(self._weights.T, self._models, self._until[1], strict=True):
            mean = alive * orders[self._pair]
            each = np.array([mean, mean**2, alive * (pairs + orders)[self._pair] - mean**2])
            averages += weight[:, None] * each[:, None]
            totals.append(self.worth.mean @ mean)
        return averages, np.array(totals)


def _limits(mean: FloatArray, variance: FloatArray, confidence: float) -> Limits:
    """Low and high of what is 0 or more: quantiles of the gamma distribution with this mean and variance.

    The first axis has the priors, and each shall be satisfied: it is the lowest low and the highest high.
    """
    from addin.models.special import gammaincinv

    some = (mean > 0) & (variance > 0)
    scale = np.divide(variance, mean, out=np.zeros_like(mean), where=some)
    shape = np.divide(mean, scale, out=np.ones_like(mean), where=some)
    tail = (1 - confidence) / 2
    low, high = gammaincinv(shape, tail) * scale, gammaincinv(shape, 1 - tail) * scale
    return low.min(axis=0), high.max(axis=0)
