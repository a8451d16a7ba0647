"""Kaplan-Meier: how many are still there after which time, where some have not been watched to the end."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from addin.errors import NotEnoughData, OutOfRange, WrongKind
from addin.models.likelihood import ArrayLike, FloatArray, column
from addin.models.orders import count


@dataclass(frozen=True, slots=True)
class Survival:
    """One element for each time at which a customer left."""

    times: FloatArray
    at_risk: FloatArray
    lost: FloatArray
    survival: FloatArray
    standard_errors: FloatArray
    low: FloatArray
    high: FloatArray
    """Limits and standard errors are NaN where nobody is left, since the formula has no value there."""


def kaplan_meier(durations: ArrayLike, events: ArrayLike, confidence: float = 0.95) -> Survival:
    """Survival by Kaplan and Meier, with Greenwood's standard errors and log-log confidence limits.

    `events` is 1 where the customer left after that duration, 0 where they were still there when last seen; who
    was last seen at a time at which others left counts as at risk there.
    """
    t, left = column("durations", durations), column("events", events)
    if t.size != left.size:
        raise WrongKind(f"durations has {t.size} values, events {left.size}; give one of each for each customer")
    if not t.size:
        raise NotEnoughData("there are no customers; give a duration and an event for each")
    if (t < 0).any():
        raise OutOfRange(f"durations must be 0 or more, {t.min():g} was found")
    if not np.isin(left, (0, 1)).all():
        raise OutOfRange("events must be 1 (left) or 0 (still there)")
    times, position = np.unique(t, return_inverse=True)
    leaving = count(position).astype(np.float64)
    lost = count(position, left).astype(np.float64)
    at_risk = t.size - np.cumsum(leaving) + leaving
    some = lost > 0
    times, lost, at_risk = times[some], lost[some], at_risk[some]

    survival = np.cumprod(1 - lost / at_risk, dtype=np.float64)
    remain = survival > 0
    greenwood: FloatArray = np.full(times.size, np.nan)
    greenwood[remain] = np.cumsum(lost[remain] / (at_risk[remain] * (at_risk[remain] - lost[remain])))
    log_survival = np.log(survival, where=remain, out=np.full(times.size, np.nan))
    z = -NormalDist().inv_cdf((1 - confidence) / 2)
    factor = np.exp(z * np.sqrt(greenwood) / -log_survival)
    low, high = survival**factor, survival ** (1 / factor)
    return Survival(times, at_risk, lost, survival, survival * np.sqrt(greenwood), low, high)
