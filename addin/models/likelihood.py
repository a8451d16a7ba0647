"""What the fits share: distinct cells with their weights, and a maximum found by Newton's method."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from addin.errors import NoConvergence, NotEnoughData, OutOfRange, WrongKind

if TYPE_CHECKING:
    from numpy.typing import ArrayLike as ArrayLike
    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
else:  # importing numpy.typing would slow the first call from a cell
    ArrayLike = FloatArray = Any

Derivatives: TypeAlias = tuple[float, FloatArray, FloatArray]
"""A log-likelihood with its gradient and its Hessian."""

ITERATIONS = 100
HALVINGS = 12
LONGEST_STEP = 2.0
SMALL_STEP = 1e-7
"""Newton's method squares its error: after a step as small as this, no digit is wrong."""
FAR = 14.0
"""In logarithms from the start: a parameter a million times smaller or larger is on its way to the boundary."""
LEAST_CURVATURE = 1e-3
"""A parameter with a standard error above thirty in its logarithm is one the data say nothing about."""
ROUNDING = 1e-13
MIXING = 0.3, 0.3 / math.sqrt(2), 0.3 / math.pi
"""Different rows rarely give the same sum with these factors; they are so small that it never overflows."""


class Boundary(NoConvergence):
    """There is no maximum inside: one parameter runs away."""

    def __init__(self, parameter: str, *, endless: bool, advice: str, reached: float) -> None:
        end = "without end" if endless else "towards 0"
        super().__init__(f"no best fit was found: {parameter} runs {end}; {advice}")
        self.parameter, self.endless, self.reached = parameter, endless, reached


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where a log-likelihood is highest."""

    values: list[float]
    log_likelihood: float
    standard_errors: list[float]
    covariance: FloatArray
    """Of the logarithms of the values."""


def maximum(likelihood: Callable[[FloatArray], Derivatives], start: Mapping[str, float], advice: str) -> Maximum:
    """The maximum over positive parameters, by Newton's method on their logarithms.

    The standard errors are of the parameters themselves, from the inverse of the Hessian there. It ends after a
    fixed number of steps at most, and refuses an answer on the boundary.
    """
    origin = point = np.log(np.fromiter(start.values(), np.float64))
    reached = -np.inf
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            here = _in_logarithms(likelihood, point)
            for _ in range(ITERATIONS):
                reached = here[0]
                step = _newton_step(here)
                if np.abs(step).max() < SMALL_STEP:
                    return _described(point + step, here)
                aim, promised = point + step, here[1] @ step
                point, here = _uphill(likelihood, point, step, here[0])
                if promised < ROUNDING * abs(here[0]) and (point != aim).any():
                    return _described(point, here)  # higher points cannot be told from this one
                if np.abs(point - origin).max() > FAR:
                    break
    except (FloatingPointError, np.linalg.LinAlgError):
        pass
    furthest = int(np.argmax(np.abs(point - origin)))
    endless = bool(point[furthest] > origin[furthest])
    raise Boundary(list(start)[furthest], endless=endless, advice=advice, reached=reached)


def _in_logarithms(likelihood: Callable[[FloatArray], Derivatives], point: FloatArray) -> Derivatives:
    """The derivatives by the logarithms of the parameters."""
    values = np.exp(point)
    value, gradient, hessian = likelihood(values)
    there = value, gradient * values, hessian * np.outer(values, values) + np.diag(gradient * values)
    if not all(np.isfinite(part).all() for part in there):
        raise FloatingPointError  # which WebAssembly does not raise by itself
    return there


def _newton_step(here: Derivatives) -> FloatArray:
    """Newton's step, upwards along each axis of the Hessian and not too long."""
    _, gradient, hessian = here
    step: FloatArray
    if _leads_down(hessian):
        step = np.linalg.solve(-hessian, gradient).astype(np.float64, copy=False)
    else:
        curvature, axes = np.linalg.eigh(hessian)
        sizes = np.abs(curvature)
        step = axes @ (axes.T @ gradient / np.maximum(sizes, 1e-14 * sizes.max()))
    step *= min(1.0, LONGEST_STEP / max(np.abs(step).max(), SMALL_STEP))
    return step


def _leads_down(hessian: FloatArray) -> bool:
    """Whether all axes lead down from a summit."""
    try:
        return bool(np.isfinite(np.linalg.cholesky(-hessian)).all())  # NaN in WebAssembly, where nothing is raised
    except np.linalg.LinAlgError:
        return False


def _uphill(
    likelihood: Callable[[FloatArray], Derivatives], point: FloatArray, step: FloatArray, value: float
) -> tuple[FloatArray, Derivatives]:
    """Where the step leads, halved until the likelihood does not fall, and the derivatives there."""
    for _ in range(HALVINGS):
        try:
            there = _in_logarithms(likelihood, point + step)
        except FloatingPointError:
            pass
        else:
            if there[0] >= value - ROUNDING * abs(value):
                return point + step, there
        step = step / 2
    raise FloatingPointError


def _described(point: FloatArray, here: Derivatives) -> Maximum:
    value, _, hessian = here
    if np.linalg.eigvalsh(-hessian)[0] < LEAST_CURVATURE:
        raise FloatingPointError
    values = np.exp(point)
    covariance = np.linalg.inv(-hessian).astype(np.float64, copy=False)
    errors = values * np.sqrt(np.diag(covariance))
    return Maximum(values.tolist(), float(value), errors.tolist(), covariance)


def column(name: str, values: ArrayLike) -> FloatArray:
    """Numbers without a gap, as a flat array."""
    numbers = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(numbers).all():
        raise WrongKind(f"{name}: a finite number for each customer is needed; leave incomplete customers out")
    return numbers


def distinct(columns: Sequence[FloatArray], weights: ArrayLike | None) -> tuple[list[FloatArray], FloatArray]:
    """The distinct rows of the columns, and how many customers each stands for."""
    counts = np.ones(columns[0].size) if weights is None else column("weights", weights)
    if len({counts.size, *(values.size for values in columns)}) > 1:
        raise WrongKind("the columns differ in length; give one number for each customer in each")
    if (counts < 0).any():
        raise OutOfRange(f"weights must be 0 or more, {counts.min():g} was found")
    mixed = sum(values * factor for values, factor in zip(columns, MIXING, strict=False))
    order = np.argsort(mixed)  # equal rows meet; rows that meet by chance are separated below
    rows = [values[order] for values in columns]
    new = np.ones(order.size, dtype=np.bool_)
    new[1:] = np.logical_or.reduce([values[1:] != values[:-1] for values in rows])
    first = np.flatnonzero(new)
    if not first.size:
        raise NotEnoughData("there are no customers to fit; give at least a few")
    return [values[first] for values in rows], np.add.reduceat(counts[order], first)
