"""What the models of repeat orders share: a customer's history checked, and what to say where there is no fit."""
# ruff: noqa: N806  # the letters of the papers

from __future__ import annotations

import numpy as np

from addin.errors import NoConvergence, NotEnoughData, OutOfRange, WrongKind
from addin.models.likelihood import ArrayLike, Boundary, FloatArray, column, distinct

MOST_ORDERS = 10_000_000
RATES = {"r": 0.5, "alpha": 0.3}
"""Where the search for how often customers order begins, the longest time being 1."""
LEAST_ODDS = 1e-3
"""Of leaving, where a search begins if nobody seems to leave."""
SAME_LIKELIHOOD = 0.1
"""Log-likelihoods that differ by less tell no difference."""
ADVICE = "customers are too few, or too much alike; give more customers or a longer time"
FOR_GOOD = "nobody seems to leave: all count as customers for good, so the forecast is as high as it can be"


def customer_columns(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> list[FloatArray]:
    """Repeat orders, time from the first order to the last, and time from the first order to the end."""
    x, t_x, T = column("frequency", frequency), column("recency", recency), column("age", age)
    if not x.size == t_x.size == T.size:
        raise WrongKind("frequency, recency and age differ in length; give one of each for each customer")
    if ((x < 0) | (x != np.floor(x)) | (x > MOST_ORDERS)).any():
        raise OutOfRange("frequency must be a whole number of repeat orders, 0 or more")
    if ((t_x < 0) | (t_x > T * (1 + 1e-12))).any():
        raise OutOfRange("recency must lie between 0 and age; both count from the customer's first order")
    if T.size and T.max() == 0:
        raise NotEnoughData("no time has passed since the first orders; let the observation end later")
    return [x, t_x, T]


def buyers(
    frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weights: ArrayLike | None
) -> tuple[list[FloatArray], FloatArray]:
    """Customers to fit a model to: each different row once, and how many customers it stands for."""
    columns, customers = distinct(customer_columns(frequency, recency, age), weights)
    if not (customers * (columns[0] > 0)).any():
        raise NotEnoughData("no customer has ordered again; the model needs repeat orders")
    return columns, customers


def at_one_pace(boundary: Boundary, log_likelihood: float) -> bool:
    """Whether r and alpha ran away, and the search came higher than that by more than nothing."""
    return boundary.parameter in RATES and boundary.endless and boundary.reached > log_likelihood + SAME_LIKELIHOOD


def clockwork(boundary: Boundary) -> NoConvergence:
    """Why there is no fit, not even in a limit: all order at one pace, or else where the search ran."""
    if boundary.parameter in RATES and boundary.endless:
        return NoConvergence(
            "no best fit was found: all customers order at the same pace, like clockwork, where the model expects "
            "that some order often and others seldom; take the mean time between two orders"
        )
    return boundary
