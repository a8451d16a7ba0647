"""From order rows to what the models take: one line a customer, cohorts by age, scores by rank.

An order row is the number of its customer (0, 1, ... with none left out), its day as a whole number, its amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from addin.models.likelihood import FloatArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    IntArray: TypeAlias = NDArray[np.int64]
else:
    IntArray = Any


MARKED_AT_ONCE = 16
"""Marking every possible key beats sorting the keys, up to this many possible keys for each."""
MARKED = 1 << 27
"""Marks of customer and period that are held at once, a byte each."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What BG/NBD and Gamma-Gamma want to know of each customer; the orders of one day count as one."""

    frequency: IntArray
    """Days with an order after the first."""
    recency: IntArray
    """Days from the first order to the last."""
    age: IntArray
    """Days from the first order to the end."""
    average: FloatArray
    """What such a day after the first brought; 0 where there is none."""


def count(positions: NDArray[Any], weights: FloatArray | None = None, minlength: int = 0) -> NDArray[Any]:
    """How often each position occurs, or the sum of its weights; numpy counts only in the machine's own integers."""
    return np.bincount(positions.astype(np.intp, copy=False), weights, minlength)


def summary(customer: IntArray, day: IntArray, end: int, amount: FloatArray | None = None) -> Summary:
    """One line for each customer, from orders in any sequence."""
    start = int(day.min())
    owner, when = _days_with_orders(customer, day, end)
    orders = count(owner)
    after = np.cumsum(orders)
    first, last = when[after - orders], when[after - 1]
    again = orders - 1
    average = np.zeros(again.size)
    if amount is not None:
        repeat = np.where(day - start > first[customer], amount, 0.0)
        np.divide(count(customer, repeat), again, out=average, where=again > 0)
    return Summary(again, last - first, end - start - first, average)


def orders_by_day(customer: IntArray, day: IntArray, end: int) -> IntArray:
    """How many customers ordered on each day from the first order to the end."""
    _, when = _days_with_orders(customer, day, end)
    return count(when, minlength=end - int(day.min()) + 1)


def _days_with_orders(customer: IntArray, day: IntArray, end: int) -> tuple[IntArray, IntArray]:
    """Customer by customer the days on which they ordered, counted from the first order of all."""
    start = int(day.min())
    length = end - start + 1
    keys = distinct_keys(customer * length + (day - start))
    owner = keys // length
    return owner, keys - owner * length


def distinct_keys(keys: IntArray) -> IntArray:
    """The distinct keys from the smallest on; the given array may be sorted in place."""
    space = int(keys.max()) + 1
    if space <= MARKED_AT_ONCE * keys.size:
        there = np.zeros(space, dtype=np.bool_)
        there[keys] = True
        return np.flatnonzero(there)
    keys.sort()
    new = np.ones(keys.size, dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return keys[new]


def cohorts(customer: IntArray, period: IntArray, amount: FloatArray | None = None) -> tuple[IntArray, FloatArray]:
    """The customers of each cohort, and cohort by period how many of them ordered or what they brought.

    A customer's cohort is the period of their first order; periods count from 0.
    """
    periods = int(period.max()) + 1
    return _cohorts(customer, period, amount, int(customer.max()) + 1, periods)


def _cohorts(
    customer: IntArray, period: IntArray, amount: FloatArray | None, customers: int, periods: int
) -> tuple[IntArray, FloatArray]:
    if customers * periods > MARKED and customers > 1:  # half of the customers after the other
        middle = customers // 2
        lower = customer < middle
        upper = ~lower
        low, high = (None, None) if amount is None else (amount[lower], amount[upper])
        sizes, table = _cohorts(customer[lower], period[lower], low, middle, periods)
        more, added = _cohorts(customer[upper] - middle, period[upper], high, customers - middle, periods)
        return sizes + more, table + added
    ordered = np.zeros((customers, periods), dtype=np.bool_)
    ordered.ravel()[customer * periods + period] = True
    first = ordered.argmax(axis=1)
    sizes = count(first, minlength=periods)
    if amount is not None:
        table = count(first[customer] * periods + period, amount, minlength=periods**2).astype(np.float64)
        return sizes, table.reshape(periods, periods)
    by_cohort = ordered.take(np.argsort(first.astype(np.int16), kind="stable"), axis=0)
    there = np.flatnonzero(sizes)
    table = np.zeros((periods, periods))
    table[there] = np.add.reduceat(by_cohort, (np.cumsum(sizes) - sizes)[there], axis=0, dtype=np.int64)
    return sizes, table


def scores(values: FloatArray, bins: int) -> IntArray:
    """1 to `bins` by rank, from worst to best; equal values get equal scores.

    The score is 1 + the whole part of bins * (share of the customers with a lower value); the highest value has
    the highest score, however many share it. Values that differ only by rounding count as equal.
    """
    largest = float(np.abs(values).max())
    with np.errstate(invalid="raise"):
        rounded = np.rint(values / largest * 1e13) if largest > 0 else values
    steps = -(-np.arange(1, bins) * values.size // bins)  # this many must be lower for the next score
    limits = np.sort(rounded)[steps - 1]
    score: IntArray = 1 + np.searchsorted(limits, rounded)
    score[rounded == rounded.max()] = bins
    return score
