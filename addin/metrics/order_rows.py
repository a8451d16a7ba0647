"""Order rows as they stand in a sheet: ids, dates and amounts side by side, unsorted and with blanks."""

from __future__ import annotations

import gc
import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from addin.arguments import dates
from addin.catalogue import Date, Dates, Labels, Numbers, Table
from addin.errors import NotEnoughData, OutOfRange, WrongKind
from addin.models.orders import IntArray, count
from addin.values import FloatArray, label

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
            return [heading, *map(list, zip(ids, *listed, strict=True))]
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


def order_rows(ids: Labels, when: Dates, amounts: Numbers | None = None, as_of: Date = math.nan) -> OrderRows:
    """Read order rows. A row that lacks an id, a date or an amount is left out, and so is one after as_of."""
    names, customer = numbered(ids)
    serials = dates(when, "dates")
    amount = None if amounts is None else np.asarray(amounts, dtype=np.float64).ravel()
    sizes = {"ids": customer.size, "dates": serials.size} | ({} if amount is None else {"amounts": amount.size})
    if len(set(sizes.values())) > 1:
        found = ", ".join(f"{name} has {size} cells" for name, size in sizes.items())
        raise WrongKind(f"{found}; give ranges of equal size, one row for each order")
    complete = (customer >= 0) & ~np.isnan(serials)
    if amount is not None:
        if (amount < 0).any():
            row = int(np.argmax(amount < 0))
            found = f"{amount[row]:g} was found; take out refunds"
            raise OutOfRange(f"amounts, row {row + 1}: 0 or more is needed, {found}")
        complete &= ~np.isnan(amount)
    if not complete.any():
        raise NotEnoughData("no row has all that an order needs; give ids, dates and amounts of at least one")
    end = _day(as_of, math.floor(np.max(serials, where=complete, initial=0)))
    complete &= serials < end + 1
    if not complete.any():
        raise NotEnoughData("as_of lies before the first order; give a later date")
    if not complete.all():
        customer, serials = customer[complete], serials[complete]
        amount = None if amount is None else amount[complete]
        present = count(customer, minlength=len(names)) > 0
        customer = (np.cumsum(present) - 1)[customer]
        names = list(compress(names, present.tolist())) if isinstance(names, list) else names[present]
    return OrderRows(names, customer, serials.astype(np.int64), amount, int(end))


def _day(as_of: Date, default: float) -> float:
    if isinstance(as_of, (int, float)):
        return default if math.isnan(as_of) else math.floor(as_of)
    return float(np.floor(dates([as_of], "as_of"))[0])


def numbered(ids: Labels) -> tuple[list[str] | FloatArray | IntArray, IntArray]:
    """The distinct ids, and the position of each row's; -1 where blank."""
    array = np.asarray(ids).ravel() if hasattr(ids, "dtype") else None
    if array is not None and array.size and array.dtype.kind in "iu":
        return _numbered_integers(array)
    cells = list(ids) if array is None else array.tolist()
    seen: defaultdict[object, int] = defaultdict()
    seen.default_factory = seen.__len__  # each new cell gets the next number
    number = np.fromiter(map(seen.__getitem__, cells), np.int64, len(cells))
    positions: dict[str, int] = {}
    position = [positions.setdefault(name, len(positions)) if (name := label(cell)) else -1 for cell in seen]
    return _as_numbers(list(positions)), np.array(position, dtype=np.int64)[number]


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


def _as_numbers(names: list[str]) -> list[str] | FloatArray:
    """Ids as the numbers that they are in the sheet, if all are; with leading zeros or the like they stay text."""
    try:
        numbers = [float(name) for name in names]
    except ValueError:
        return names
    same = all(math.isfinite(number) and label(number) == name for number, name in zip(numbers, names, strict=True))
    return np.array(numbers) if same else names
