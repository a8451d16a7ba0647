"""What a value is, in whichever host: blanks, labels, dates and their serials."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from addin.errors import CellError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike as ArrayLike
    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
else:  # importing numpy.typing would slow the first call from a cell
    ArrayLike = FloatArray = Any

Scalar: TypeAlias = float | str | bool | CellError

PANDAS_BLANKS = {"NAType", "NaTType"}
"""What pandas has for blank beside None and NaN, named so that pandas need not be loaded."""

DAY_ZERO = datetime(1899, 12, 30)
FIRST_SERIAL = 61
"""1 March 1900: earlier serials are a day off, since the 1900 system has a 29 February."""
LAST_SERIAL = 2958465
"""31 December 9999."""


def drop_blanks(values: ArrayLike) -> FloatArray:
    """The numbers that are there: blanks (None, NaN) are left out, never counted as zero."""
    array = np.asarray(values, dtype=np.float64).ravel()
    blank = np.isnan(array)
    return array[~blank] if blank.any() else array


def drop_blank_labels(values: Iterable[object]) -> list[str]:
    """The names or ids that are there: blanks are left out."""
    return [text for value in values if (text := label(value))]


def total(values: ArrayLike) -> float:
    """The sum of the numbers that are there, rounded once."""
    return math.fsum(drop_blanks(values))


def label(value: object) -> str | None:
    """A name or id as text, so that 101 and "101" are the same customer."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None or type(value).__name__ in PANDAS_BLANKS:
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(value).upper()
    if isinstance(value, Real):
        number = float(value)
        if number != number:
            return None
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(value).strip() or None


def serial(day: date) -> int:
    """A date as the spreadsheet's serial number."""
    return day.toordinal() - DAY_ZERO.toordinal()


def quoted(text: str) -> str:
    """Text as it stands in a message: quoted, cut where it is long."""
    return f"'{text if len(text) <= 30 else text[:29] + '…'}'"
