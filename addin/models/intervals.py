"""How far the orders to come may lie from what a model expects: by chance, and since its parameters are estimates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from addin.models.bg_nbd import BGNBD
from addin.models.likelihood import ArrayLike, FloatArray
from addin.models.pareto_nbd import ParetoNBD

RepeatOrders: TypeAlias = BGNBD | ParetoNBD
STEP = 1e-4
"""Of the logarithm of a parameter, in the difference quotients."""


def chance_variance(
    model: RepeatOrders, horizon: float, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
) -> FloatArray:
    """Variance of each customer's orders over the horizon, were the parameters known."""
    alive = model.probability_alive(frequency, recency, age)
    mean = model.expected_orders_alive(horizon, frequency, age)
    return alive * (model.order_pairs_alive(horizon, frequency, age) + mean) - (alive * mean) ** 2


def estimate_variance(model: RepeatOrders, expected: Callable[[RepeatOrders], FloatArray]) -> FloatArray:
    """Variance of what a model expects that comes from the parameters' uncertainty, by the delta method."""
    assert model.covariance is not None
    gradient = np.array([
        (expected(model.varied(step)) - expected(model.varied(-step))) / (2 * STEP)
        for step in STEP * np.eye(len(model.covariance))
    ])  # fmt: skip
    variance: FloatArray = np.einsum("ik,ij,jk->k", gradient, model.covariance, gradient)
    return variance


def total_limits(
    model: RepeatOrders, horizon: float, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, *, confidence: float
) -> tuple[float, float]:
    """Low and high of the orders of all customers over the horizon."""
    history = (frequency, recency, age)

    def total(varied: RepeatOrders) -> FloatArray:
        return np.array([varied.expected_orders(horizon, *history).sum()])

    variance = chance_variance(model, horizon, *history).sum() + estimate_variance(model, total)
    low, high = limits(total(model), variance, confidence)
    return float(low[0]), float(high[0])


def limits(mean: FloatArray, variance: FloatArray, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Low and high of numbers that are 0 or more: quantiles of the gamma distribution with their mean and variance."""
    from scipy.special import gammaincinv

    shape, tail = mean**2 / variance, (1 - confidence) / 2
    return gammaincinv(shape, tail) * variance / mean, gammaincinv(shape, 1 - tail) * variance / mean
