"""Order rows as they stand in a sheet: ids, dates and amounts side by side, unsorted and with blanks."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from addin.cells import Date, Dates, FloatArray, Labels, Numbers, dates, label
from addin.errors import NotEnoughData, OutOfRange, WrongKind
from addin.models.orders import IntArray

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class OrderRows:
    """The complete rows up to a day, with customers and days as whole numbers."""

    ids: list[str] | list[float]
    """The customers, in the sequence of their first row; as numbers where all of them are."""
    customer: IntArray
    """Position of each row's customer among the ids."""
    day: IntArray
    amount: FloatArray | None
    as_of: int


def order_rows(ids: Labels, when: Dates, amounts: Numbers | None = None, as_of: Date = math.nan) -> OrderRows:
    """Read order rows. A row that lacks an id, a date or an amount is left out, and so is one after as_of."""
    names, customer = numbered(ids)
    serials = np.floor(dates(when, "dates"))
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
    end = _day(as_of, float(serials[complete].max()))
    complete &= serials <= end
    if not complete.any():
        raise NotEnoughData("as_of lies before the first order; give a later date")
    if not complete.all():
        customer, serials = customer[complete], serials[complete]
        amount = None if amount is None else amount[complete]
        present = np.bincount(customer, minlength=len(names)) > 0
        customer = (np.cumsum(present) - 1)[customer]
        names = list(compress(names, present.tolist()))  # type: ignore[assignment]
    return OrderRows(names, customer, serials.astype(np.int64), amount, int(end))


def _day(as_of: Date, default: float) -> float:
    if isinstance(as_of, (int, float)):
        return default if math.isnan(as_of) else math.floor(as_of)
    return float(np.floor(dates([as_of], "as_of"))[0])


def numbered(ids: Labels) -> tuple[list[str] | list[float], IntArray]:
    """The distinct ids in the sequence of their first row, and the position of each row's; -1 where blank."""
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


def _numbered_integers(ids: NDArray[Any]) -> tuple[list[str] | list[float], IntArray]:
    """The same without a look at each row; ids far apart are brought together first."""
    low, high = int(ids.min()), int(ids.max())
    if high - low > 4 * ids.size:
        values, offset = np.unique(ids, return_inverse=True)
    else:
        values, offset = np.arange(low, high + 1), (ids - low).astype(np.int64)
    rows = np.arange(ids.size)
    first_row = np.full(values.size, ids.size)
    first_row[offset[::-1]] = rows[::-1]  # the last to be written stays, which is the first row
    there = np.flatnonzero(first_row < ids.size)
    in_sequence = there[np.argsort(first_row[there])]
    position = np.empty(values.size, dtype=np.int64)
    position[in_sequence] = np.arange(in_sequence.size)
    return values[in_sequence].tolist(), position[offset]


def _as_numbers(names: list[str]) -> list[str] | list[float]:
    """Ids as the numbers that they are in the sheet, if all are; with leading zeros or the like they stay text."""
    try:
        numbers = [float(name) for name in names]
    except ValueError:
        return names
    same = all(math.isfinite(number) and label(number) == name for number, name in zip(numbers, names, strict=True))
    return numbers if same else names
