"""How far the orders to come may lie from what a model expects: by chance, and since its parameters are estimates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from addin.models.bg_nbd import BGNBD
from addin.models.likelihood import FloatArray
from addin.models.pareto_nbd import ParetoNBD

RepeatOrders: TypeAlias = BGNBD | ParetoNBD
STEP = 1e-4
"""Of the logarithm of a parameter, in the difference quotients."""


class OrdersAhead:
    """The orders of known customers over the time to come, with their low and high.

    What a customer who is still there is expected to order depends on frequency and age alone, so each pair of
    these is calculated once.
    """

    def __init__(self, model: RepeatOrders, frequency: FloatArray, recency: FloatArray, age: FloatArray) -> None:
        self.model, self.history = model, (frequency, recency, age)
        pairs, pair = np.unique(np.column_stack([frequency, age]), axis=0, return_inverse=True)
        self._pairs, self._pair = (pairs[:, 0], pairs[:, 1]), pair.ravel()

    def expected(self, horizon: float, model: RepeatOrders | None = None) -> FloatArray:
        """Expected orders of each customer."""
        model = model or self.model
        alive = model.probability_alive(*self.history)
        return alive * model.expected_orders_alive(horizon, *self._pairs)[self._pair]

    def limits(self, horizon: float, confidence: float) -> tuple[FloatArray, FloatArray]:
        """Low and high of each customer's orders."""
        chance, estimate = self._chance(horizon), self._estimate(lambda model: self.expected(horizon, model))
        return _limits(self.expected(horizon), chance + estimate, confidence)

    def total_limits(self, horizon: float, confidence: float) -> tuple[float, float]:
        """Low and high of the orders of all customers together."""
        estimate = self._estimate(lambda model: self.expected(horizon, model).sum(keepdims=True))
        total = self.expected(horizon).sum(keepdims=True)
        low, high = _limits(total, self._chance(horizon).sum() + estimate, confidence)
        return float(low[0]), float(high[0])

    def _chance(self, horizon: float) -> FloatArray:
        """Variance of each customer's orders, were the parameters known."""
        alive = self.model.probability_alive(*self.history)
        mean = self.model.expected_orders_alive(horizon, *self._pairs)[self._pair]
        pairs = self.model.order_pairs_alive(horizon, *self._pairs)[self._pair]
        return alive * (pairs + mean) - (alive * mean) ** 2

    def _estimate(self, expected: Callable[[RepeatOrders], FloatArray]) -> FloatArray:
        """Variance of what is expected that comes from the parameters' uncertainty, by the delta method."""
        covariance = self.model.covariance
        assert covariance is not None
        gradient = np.array([
            (expected(self.model.varied(step)) - expected(self.model.varied(-step))) / (2 * STEP)
            for step in STEP * np.eye(len(covariance))
        ])  # fmt: skip
        variance: FloatArray = np.einsum("ik,ij,jk->k", gradient, covariance, gradient)
        return variance


def _limits(mean: FloatArray, variance: FloatArray, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Low and high of numbers that are 0 or more: quantiles of the gamma distribution with their mean and variance."""
    from addin.models.special import gammaincinv

    some = (mean > 0) & (variance > 0)
    scale = np.divide(variance, mean, out=np.zeros_like(mean), where=some)
    shape = np.divide(mean, scale, out=np.ones_like(mean), where=some)
    tail = (1 - confidence) / 2
    return gammaincinv(shape, tail) * scale, gammaincinv(shape, 1 - tail) * scale
