"""What is still to come in all: orders without an end of time, each worth less the later it comes."""

from __future__ import annotations

import numpy as np

from addin.models.bg_nbd import BGNBD
from addin.models.likelihood import FloatArray
from addin.models.orders import IntArray
from addin.models.pareto_nbd import ParetoNBD

LOG_STEP = 0.3
LOG_TIMES = np.arange(-16.0, 3.8, LOG_STEP)
"""Of the time in units of 1/rate: the sum over such steps is exact to 1e-9, as both ends fall off."""


def residual_orders_alive(
    model: BGNBD | ParetoNBD, rate: float, frequency: FloatArray | IntArray, age: FloatArray
) -> FloatArray:
    """Discounted expected residual orders of customers who are still there: integral of e^(-rate t) dE[Y(t)].

    By parts it is the integral of rate e^(-rate t) E[Y(t)], taken in the logarithm of time. Source: Fader, Hardie
    and Lee, RFM and CLV: Using Iso-Value Curves for Customer Base Analysis, Journal of Marketing Research 42(4), 2005,
    who have it in closed form for Pareto/NBD.
    """
    orders = np.zeros(age.size)
    for log_time in LOG_TIMES.tolist():
        weight = LOG_STEP * np.exp(log_time - np.exp(log_time))
        orders += weight * model.expected_orders_alive(np.exp(log_time) / rate, frequency, age)
    return orders
