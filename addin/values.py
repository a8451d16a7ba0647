"""What a value is, in whichever host: blanks, labels, dates and their serials, letters of columns."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, TypeAlias

from addin.errors import CellError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike as ArrayLike
    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
else:  # importing numpy.typing would slow the first call from a cell
    ArrayLike = FloatArray = Any

Scalar: TypeAlias = float | str | bool | CellError

PANDAS_BLANKS = {"NAType", "NaTType"}
"""What pandas has for blank beside None and NaN, named so that pandas need not be loaded."""
_NO_LABELS = {"bool", "bool_", *PANDAS_BLANKS}
"""Logical values of Python and numpy (before and since numpy 2), and blanks."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""A sheet ends here."""
MOST_DIGITS = 1e15
"""A spreadsheet keeps fifteen digits of a number; of what is greater it has lost some."""
LONGEST_TEXT, LONGEST_FORMULA = 32_767, 8_192
"""Characters that a cell holds."""
_DAY_ZERO = datetime(1899, 12, 30)
FIRST_SERIAL = 61
"""1 March 1900: earlier serials are a day off, since the 1900 system has a 29 February."""
LAST_SERIAL = 2958465
"""31 December 9999."""
WHOLE = r"-?(?:0|[1-9][0-9]{0,14})\.0+"
"""The pattern of a whole number as programs write it that keep numbers as decimals."""
_WHOLE = re.compile(WHOLE)


def drop_blanks(values: ArrayLike) -> FloatArray:
    """The numbers that are there: blanks (None, NaN) are left out, never counted as zero."""
    import numpy as np  # not where a command only prints its help

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
    """A name or id as text; nothing for a blank, or for a logical such as the FALSE of an IF without else."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None or type(value).__name__ in _NO_LABELS:
        return None
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        number = float(value)
        if number != number:
            return None
        return str(int(number)) if number.is_integer() and abs(number) < MOST_DIGITS else repr(number)
    return str(value).strip() or None


def id_text(value: object) -> str | None:
    """An id in the one way that it is written here: no blanks around it, and 101 for 101.0."""
    text = label(value)
    return text[: text.index(".")] if text and _WHOLE.fullmatch(text) else text


def customer_key(value: object) -> str | None:
    """What two spellings of one id share: case and outer blanks do not count, and 101, "101" and "101.0" are one."""
    text = label(value)
    return None if text is None else key_of(text)


def key_of(text: str) -> str:
    """The same of an id as text that has no blanks around it."""
    return text[: text.index(".")] if text.endswith("0") and _WHOLE.fullmatch(text) else text.casefold()


def is_day(value: float) -> bool:
    """Whether a number can be a day."""
    return FIRST_SERIAL <= value < LAST_SERIAL + 1


def came_to(units: float, price: float) -> float:
    """What a row of orders came to: a refund where either is negative, and where both are."""
    return -abs(units * price) if units < 0 or price < 0 else units * price


def serial(day: date) -> float:
    """A date, or a date and time in whatever zone, as the spreadsheet's serial number."""
    if isinstance(day, datetime):
        return (day.replace(tzinfo=None) - _DAY_ZERO) / timedelta(days=1)
    return float(day.toordinal() - _DAY_ZERO.toordinal())


def moment(number: float) -> datetime:
    """The date and time of a serial number."""
    return _DAY_ZERO + timedelta(days=number)


def numpy_serials(days: NDArray[np.datetime64] | np.datetime64) -> FloatArray:
    """Dates of numpy as serial numbers, NaN where there is none."""
    import numpy as np

    return np.asarray((days - np.datetime64(_DAY_ZERO)) / np.timedelta64(1, "D"), np.float64)


def numpy_days(numbers: NDArray[Any]) -> NDArray[np.datetime64]:
    """Serial numbers as days of numpy, times cut off."""
    import numpy as np

    return np.datetime64(_DAY_ZERO, "D") + numbers.astype("timedelta64[D]")


@cache
def column_letters(number: int) -> str:
    """B for 2."""
    letters = ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """2 for B."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def too_long(characters: int) -> str:
    """What is wrong with a text of more characters than a cell holds."""
    return f"{characters:,} characters, and a cell holds {LONGEST_TEXT:,}"


def quoted(text: str) -> str:
    """Text as it stands in a message: quoted, cut where it is long."""
    return f"'{text if len(text) <= 30 else text[:29] + '…'}'"
