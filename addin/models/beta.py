"""Means over a beta distribution, as sums over a few hundred points: no special function that cancels."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from addin.models.likelihood import FloatArray
from addin.models.orders import IntArray

STEP = 0.3
"""The rule of equal steps is exact to 1e-13 here, since what is summed is smooth and ends on both sides."""
TAIL = 37.0
"""Where the density has fallen by this many powers of e, nothing is left that a number could hold."""
FLAT = 60.0
"""Chances within this many powers of e of 0 or 1 count as one point."""


@lru_cache(maxsize=512)
def beta_points(a: float, b: float, smallest: float = 1.0) -> tuple[FloatArray, FloatArray]:
    """Points between 0 and 1 and their weights: a mean over the beta distribution (a, b) is the weighted sum.

    The points lie at equal steps of the logit, in which the density has no edge; the last on each side stands
    for all beyond it. What is averaged may rise as the chance falls, down to a chance of `smallest`.
    """
    chances, weights, _ = points_of_each(a, np.array([b]), smallest)
    chances.flags.writeable = weights.flags.writeable = False
    return chances, weights


def points_of_each(
    a: float, b: FloatArray, smallest: float = 1.0, step: float = STEP, tail: float = TAIL
) -> tuple[FloatArray, FloatArray, IntArray]:
    """The points of several distributions, one behind the other, their weights, and how many each has."""
    spread = np.sqrt(1 / a + 1 / b)
    steps = step * np.minimum(1.0, spread)
    mode = math.log(a) - np.log(b)
    left, right = np.minimum(mode, math.log(smallest)), np.maximum(mode, 0.0)
    low = left - np.minimum(tail / a + 9 * spread, FLAT)
    high = np.minimum(mode + tail / b + 9 * spread, right + FLAT)
    sizes = np.ceil((high - low) / steps).astype(np.intp) + 1  # repeated and summed by the machine's own integers
    last = np.cumsum(sizes) - 1
    first = last - sizes + 1
    each = np.repeat(np.arange(b.size), sizes)
    logit = low[each] + steps[each] * (np.arange(each.size) - first[each])
    rare = np.logaddexp(0, -logit)
    log_density = -a * rare - b[each] * np.logaddexp(0, logit)
    weights = np.exp(log_density - np.maximum.reduceat(log_density, first)[each])
    weights[first] /= -np.expm1(-a * steps)
    weights[last] /= -np.expm1(-b * steps)
    return np.exp(-rare), weights / np.add.reduceat(weights, first)[each], sizes
