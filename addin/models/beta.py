"""Means over a beta distribution, as sums over a few hundred points: no special function that cancels."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from addin.models.likelihood import FloatArray

STEP = 0.3
"""The rule of equal steps is exact to 1e-13 here, since what is summed is smooth and ends on both sides."""
TAIL = 37.0
"""Where the density has fallen by this many powers of e, nothing is left that a number could hold."""
FLAT = 60.0
"""Chances within this many powers of e of 0 or 1 count as one point."""


@lru_cache(maxsize=512)
def beta_points(
    a: float, b: float, smallest: float = 1.0, step: float = STEP, tail: float = TAIL
) -> tuple[FloatArray, FloatArray]:
    """Points between 0 and 1 and their weights: a mean over the beta distribution (a, b) is the weighted sum.

    The points lie at equal steps of the logit, in which the density has no edge; the last on each side stands
    for all beyond it. What is averaged may rise as the chance falls, down to a chance of `smallest`.
    """
    spread = math.sqrt(1 / a + 1 / b)
    step *= min(1.0, spread)
    mode = math.log(a) - math.log(b)
    left, right = min(mode, math.log(smallest)), max(mode, 0.0)
    low = left - min(tail / a + 9 * spread, FLAT)
    high = min(mode + tail / b + 9 * spread, right + FLAT)
    logit = np.arange(low, high + step, step)
    log_density = -a * np.logaddexp(0, -logit) - b * np.logaddexp(0, logit)
    weights = np.exp(log_density - log_density.max())
    weights[0] /= -math.expm1(-a * step)
    weights[-1] /= -math.expm1(-b * step)
    chances, weights = np.exp(-np.logaddexp(0, -logit)), weights / weights.sum()
    chances.flags.writeable = weights.flags.writeable = False
    return chances, weights
