"""Order rows as they stand in a sheet: ids, dates and amounts side by side, unsorted, with blanks and refunds."""

from __future__ import annotations

import gc
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from addin.arguments import dates
from addin.catalogue import Cells, Date, Dates, Labels, Numbers, Table
from addin.errors import NotEnoughData, WrongKind
from addin.models.orders import IntArray, count
from addin.values import FloatArray, key_of, label

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Refunds:
    """The rows whose amount is negative, of customers who ordered: money given back, never an order."""

    customer: IntArray
    day: IntArray
    amount: FloatArray


@dataclass(frozen=True, slots=True)
class OrderRows:
    """The complete rows up to a day, with customers and days as whole numbers."""

    ids: list[str] | FloatArray | IntArray
    """The customers, as numbers where all of them are."""
    customer: IntArray
    """Position of each row's customer among the ids."""
    day: IntArray
    amount: FloatArray | None
    as_of: int
    refunds: Refunds | None = None

    def spent(self) -> FloatArray:
        """What each customer paid in all, refunds taken off."""
        paid: FloatArray = count(self.customer, self.amount)
        if self.refunds:
            paid = paid + count(self.refunds.customer, self.refunds.amount, minlength=paid.size)
        return paid

    def net_amount(self) -> FloatArray | None:
        """What each order brought once refunds are taken off: off the last order up to the refund's day, and what is
        more than that order off the ones before it.
        """
        if self.refunds is None or self.amount is None:
            return self.amount
        concerned = np.zeros(len(self.ids), dtype=np.bool_)
        concerned[self.refunds.customer] = True
        order = np.flatnonzero(concerned[self.customer])
        customer = np.append(self.customer[order], self.refunds.customer)
        day = np.append(self.day[order], self.refunds.day)
        given_back = np.append(np.zeros(order.size), -self.refunds.amount)
        sequence = np.lexsort((given_back > 0, day, customer))
        net = self.amount.tolist()
        place = np.append(order, np.full(self.refunds.amount.size, -1))
        columns = (values[sequence].tolist() for values in (customer, place, given_back))
        open_orders: list[int] = []
        before = -1
        for who, row, left in zip(*columns, strict=True):
            if who != before:
                open_orders, before = [], who
            if row >= 0:
                open_orders.append(row)
            while left > 0 and open_orders:
                last = open_orders[-1]
                taken = min(left, net[last])
                net[last] -= taken
                left -= taken
                if left > 0:
                    open_orders.pop()
        return np.array(net)

    def table(self, heading: list[str], *columns: FloatArray | IntArray) -> Table:
        """A row for each customer, in the sequence of their first row; each column holds a number for each."""
        first_row = np.empty(len(self.ids), dtype=np.int64)
        first_row[self.customer[::-1]] = np.arange(self.customer.size)[::-1]  # the last to be written stays
        sequence = np.argsort(first_row)
        ids = [self.ids[i] for i in sequence.tolist()] if isinstance(self.ids, list) else self.ids[sequence].tolist()
        listed = [_cells(column[sequence]) for column in columns]
        collecting = gc.isenabled()
        gc.disable()  # else Python would look for garbage among a million new cells, again and again
        try:
            table = [heading, *map(list, zip(ids, *listed, strict=True))]
            return Cells(table) if all(np.isfinite(column).all() for column in columns) else table
        finally:
            if collecting:
                gc.enable()


def _cells(column: NDArray[Any]) -> list[Any]:
    """The numbers as cells hold them; whole numbers in a narrow range are made once each."""
    if column.dtype.kind == "f" or np.ptp(column) > column.size:
        return list(column.astype(np.float64).tolist())
    low, high = int(column.min()), int(column.max())
    made = np.arange(low, high + 1, dtype=np.float64).astype(object)
    return list(made[column - low])


def given(amounts: Numbers) -> Numbers | None:
    """Amounts that may be left out."""
    return amounts if np.size(amounts) else None


def order_rows(ids: Labels, when: Dates, amounts: Numbers | None = None, as_of: Date = math.nan) -> OrderRows:
    """Read order rows. A row that lacks an id, a date or an amount is left out, and so is one after as_of.

    A negative amount is a refund. Refunds of customers without an order are left out.
    """
    names, customer = numbered(ids)
    serials = dates(when, "dates")
    amount = None if amounts is None else np.asarray(amounts, dtype=np.float64).ravel()
    sizes = {"ids": customer.size, "dates": serials.size} | ({} if amount is None else {"amounts": amount.size})
    if len(set(sizes.values())) > 1:
        found = ", ".join(f"{name} has {size} cells" for name, size in sizes.items())
        raise WrongKind(f"{found}; give ranges of equal size, one row for each order")
    complete = (customer >= 0) & ~np.isnan(serials)
    if amount is not None:
        complete &= ~np.isnan(amount)
    end = day_of(as_of)
    order, refund = complete, None
    if amount is not None and (amount < 0).any():
        order, refund = complete & (amount >= 0), complete & (amount < 0)
    if not order.any():
        raise NotEnoughData("no row has all that an order needs; give ids, dates and amounts of at least one")
    if end is not None:
        order = order & (serials < end + 1)
        refund = None if refund is None else refund & (serials < end + 1)
        if not order.any():
            raise NotEnoughData("as_of lies before the first order; give a later date")
    refunds = None
    if not order.all():
        ordered = customer[order]
        present = count(ordered, minlength=len(names)) > 0
        number = np.cumsum(present) - 1
        if refund is not None and amount is not None:
            refund = refund & present[customer]
            refunds = Refunds(number[customer[refund]], serials[refund].astype(np.int64), amount[refund])
        customer, serials = number[ordered], serials[order]
        amount = None if amount is None else amount[order]
        names = list(compress(names, present.tolist())) if isinstance(names, list) else names[present]
    day = serials.astype(np.int64)
    return OrderRows(names, customer, day, amount, int(day.max()) if end is None else end, refunds)


def day_of(as_of: Date) -> int | None:
    """The day to look from, if one is given."""
    if isinstance(as_of, (int, float)):
        return None if math.isnan(as_of) else math.floor(as_of)
    return int(np.floor(dates([as_of], "as_of"))[0])


MANY, WORD = 10_000, 8
MIXED = np.array([1, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
"""Odd numbers with which the eight-byte words of a text are mixed into one."""


def numbered(ids: Labels) -> tuple[list[str] | FloatArray | IntArray, IntArray]:
    """The distinct ids as they are first written, and the position of each row's; -1 where blank."""
    array = np.asarray(ids).ravel() if hasattr(ids, "dtype") else None
    if array is not None and array.size and array.dtype.kind in "iu":
        return _numbered_integers(array)
    cells = (ids if isinstance(ids, list) else list(ids)) if array is None else array.tolist()
    distinct, number = _numbered_texts(cells) or _numbered_cells(cells)
    shown = [label(cell) or "" for cell in distinct]
    keys = [key_of(name) if name else "" for name in shown]
    if all(keys) and len(set(keys)) == len(keys):
        return _as_numbers(keys, shown), number
    positions: dict[str, int] = {}
    names: list[str] = []
    position = []
    for name, key in zip(shown, keys, strict=True):
        place = positions.setdefault(key, len(names)) if name else -1
        position.append(place)
        if place == len(names):
            names.append(name)
    return _as_numbers(list(positions), names), np.array(position, dtype=np.int64)[number]


def _numbered_cells(cells: Sequence[object]) -> tuple[Sequence[object], IntArray]:
    seen: defaultdict[object, int] = defaultdict()
    seen.default_factory = seen.__len__  # each new cell gets the next number
    number = np.fromiter(map(seen.__getitem__, cells), np.int64, len(cells))
    return list(seen), number


def _numbered_texts(cells: Sequence[Any]) -> tuple[Sequence[object], IntArray] | None:
    """The same for many short texts of plain letters, by their bytes at once; nothing where there are others."""
    if len(cells) < MANY or set(map(type, cells)) != {str} or "\0" in "".join(cells):
        return None
    try:
        texts = np.array(cells, dtype="S")
    except UnicodeEncodeError:
        return None
    words = -(-texts.dtype.itemsize // WORD)
    if words > len(MIXED):
        return None
    parts = texts.astype(f"S{words * WORD}").view(np.uint64).reshape(-1, words)
    mixed = parts @ MIXED[:words] if words > 1 else parts[:, 0]
    _, first, number = np.unique(mixed, return_index=True, return_inverse=True)
    if words > 1 and not np.array_equal(parts[first][number], parts):  # two texts that mix to one number
        return None
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return [cells[i] for i in first[order].tolist()], rank[number]


def _numbered_integers(ids: NDArray[Any]) -> tuple[IntArray, IntArray]:
    """The same without a look at each row; ids far apart are brought together first."""
    low, high = int(ids.min()), int(ids.max())
    if high - low > 4 * ids.size or ids.dtype == np.uint64:
        values, position = np.unique(ids, return_inverse=True)
        return values, position
    position = ids.astype(np.int64, copy=False) - low
    there = np.zeros(high - low + 1, dtype=np.bool_)
    there[position] = True
    if not there.all():
        position = (np.cumsum(there) - 1)[position]
    return np.flatnonzero(there) + low, position


def _as_numbers(keys: list[str], names: list[str]) -> list[str] | FloatArray:
    """Ids as the numbers that they are in the sheet, if all are; with leading zeros or the like they stay text."""
    try:
        numbers = [float(key) for key in keys]
    except ValueError:
        return names
    same = all(math.isfinite(number) and label(number) == key for number, key in zip(numbers, keys, strict=True))
    return np.array(numbers) if same else names
