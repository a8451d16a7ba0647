"""Guards that several metrics share: each names the argument, what it takes and what was found."""

from __future__ import annotations

import math
from typing import Any, get_args

from addin.catalogue import Numbers
from addin.errors import NotEnoughData, OutOfRange, WrongKind, ZeroDenominator
from addin.values import drop_blanks, quoted

MOST_PERIODS = 1000


def within(low: float, high: float, **fractions: float) -> None:
    """Fractions on their scale: a percentage typed as a whole number is the usual mistake."""
    for name, value in fractions.items():
        if not low <= value <= high:
            percent = f"{value:g}% is {value / 100:g}" if 1 < abs(value) <= 100 else "5% is 0.05"
            raise OutOfRange(f"{name} must lie between {low:g} and {high:g}, {value:g} was found; {percent}")


def confidence_or_none(confidence: float) -> None:
    """The confidence of an interval, 0 where none is asked for."""
    if not 0 <= confidence < 1:
        raise OutOfRange(f"confidence must be 0 or more and less than 1, {confidence:g} was found; 95% is 0.95")


def whole(name: str, value: float, low: int) -> int:
    """A count of periods."""
    if not low <= value <= MOST_PERIODS or value != math.floor(value):
        raise OutOfRange(f"{name} must be a whole number from {low} to {MOST_PERIODS}, {value:g} was found")
    return int(value)


def not_negative(**values: float) -> None:
    """Counts, durations and costs."""
    for name, value in values.items():
        if not value >= 0:
            raise OutOfRange(f"{name} must be 0 or more, {value:g} was found; correct its sign")


def positive(**divisors: float) -> None:
    """Numbers that the formula divides by."""
    for name, value in divisors.items():
        if value == 0:
            raise ZeroDenominator(f"{name} is 0, and the formula divides by it; give more than 0")
        if not value > 0:
            raise OutOfRange(f"{name} must be more than 0, {value:g} was found; correct its sign")


def one_of(literal: Any, **words: str) -> None:
    """Choices, which a cell cannot get wrong any more but a Python call can."""
    for name, word in words.items():
        if word not in get_args(literal):
            wanted = " or ".join(f'"{choice}"' for choice in get_args(literal))
            raise WrongKind(f"{name}: {wanted} is needed, {quoted(str(word))} was found")


def sum_of(name: str, values: Numbers) -> float:
    """The sum of a range that must hold at least one number."""
    given = drop_blanks(values)
    if not given.size:
        raise NotEnoughData(f"{name} is blank; give at least one number")
    return math.fsum(given.tolist())
