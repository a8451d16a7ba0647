"""What a cell can hold, and the way from raw cells to a metric's arguments and back.

A host hands over each argument as it got it: one value, or a range as rows of values.
A value is None or "" (blank), a number (a date is its serial), text, TRUE or FALSE, or an error.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from itertools import chain
from numbers import Real
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import numpy as np

from addin.errors import (
    CellError,
    CellErrorGiven,
    MetricError,
    NotEnoughData,
    OutOfRange,
    WrongKind,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from addin.registry import Metric, Param

    FloatArray: TypeAlias = NDArray[np.float64]
else:  # importing numpy.typing would slow the first call from a cell
    ArrayLike = FloatArray = Any


class Kind(Enum):
    """What a parameter takes. NUMBER, DATE, TEXT, FLAG and CHOICE are one cell, the others a range."""

    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    FLAG = "flag"
    CHOICE = "choice"
    NUMBERS = "numbers"
    LABELS = "labels"
    DATES = "dates"


ONE_CELL = frozenset({Kind.NUMBER, Kind.DATE, Kind.TEXT, Kind.FLAG, Kind.CHOICE})

Number: TypeAlias = Annotated[float, Kind.NUMBER]
Date: TypeAlias = Annotated[float | str | date, Kind.DATE]
Text: TypeAlias = Annotated[str, Kind.TEXT]
Flag: TypeAlias = Annotated[bool, Kind.FLAG]
Numbers: TypeAlias = Annotated[ArrayLike, Kind.NUMBERS]
Labels: TypeAlias = Annotated[Sequence[str | None], Kind.LABELS]
Dates: TypeAlias = Annotated[ArrayLike | Sequence[date | None], Kind.DATES]

Scalar: TypeAlias = float | str | bool | CellError
Table: TypeAlias = list[list[Any]]
Result: TypeAlias = Scalar | list[list[Scalar]]
Foreign: TypeAlias = Mapping[type, Callable[[Any], object]]
"""How a host's own types (its error values, say) become what this module knows."""

NO_FOREIGN: Foreign = {}
EXCEL_ERROR_CODES = -2146826200.0
"""COM hands error values over as integers below this."""

PANDAS_BLANKS = {"NAType", "NaTType"}
"""What pandas has for blank beside None and NaN, named so that pandas need not be loaded."""

DAY_ZERO = datetime(1899, 12, 30)
FIRST_SERIAL = 61
"""1 March 1900: earlier serials are a day off, since the 1900 system has a 29 February."""
LAST_SERIAL = 2958465
"""31 December 9999."""


def known(values: ArrayLike) -> FloatArray:
    """The numbers that are there: blanks (None, NaN) are left out, never counted as zero."""
    array = np.asarray(values, dtype=np.float64).ravel()
    blank = np.isnan(array)
    return array[~blank] if blank.any() else array


def named(values: Iterable[object]) -> list[str]:
    """The names or ids that are there: blanks are left out."""
    return [text for value in values if (text := label(value))]


def total(values: ArrayLike) -> float:
    """The sum of the numbers that are there, rounded once."""
    return math.fsum(known(values))


# --- from raw cells to arguments


def is_range(raw: object) -> bool:
    """Whether an argument came as a range."""
    return isinstance(raw, (list, tuple))


def rows_of(raw: object) -> Sequence[Sequence[object]]:
    """Any argument as rows of cells; a flat sequence is one row."""
    if not isinstance(raw, (list, tuple)):
        return ((raw,),)
    return raw if not raw or isinstance(raw[0], (list, tuple)) else (raw,)


def flat(raw: object) -> Sequence[object]:
    """The cells of an argument, row by row."""
    rows = rows_of(raw)
    try:
        if rows and len(rows[0]) == 1:
            return [cell for (cell,) in rows]
        cells = list(chain.from_iterable(rows))
        if len(cells) == len(rows) * len(rows[0] if rows else ()):
            return cells
    except ValueError:  # a row of another length than the first
        pass
    raise WrongKind("the rows of a range have different lengths")


def _at(index: int, raw: object) -> str:
    width = len(rows_of(raw)[0])
    row, column = divmod(index, width)
    if not is_range(raw):
        return ""
    return f", row {row + 1}" + (f", column {column + 1}" if width > 1 else "")


def plain(cell: object, foreign: Foreign = NO_FOREIGN) -> object:
    """One cell as None, float, str, bool; an error is raised, to be given back."""
    if cell.__class__ in foreign:
        cell = foreign[cell.__class__](cell)
    if cell is None or cell == "":
        return None
    if isinstance(cell, (bool, str)):
        return cell
    if isinstance(cell, CellError):
        raise CellErrorGiven(cell)
    if isinstance(cell, (int, float)):
        try:
            return float(cell)
        except OverflowError:
            return math.inf if cell > 0 else -math.inf
    raise WrongKind(f"a cell holds {type(cell).__name__}, which is neither a number nor text")


def numbers(raw: object, name: str, foreign: Foreign = NO_FOREIGN) -> FloatArray:
    """A range as numbers, NaN where a cell is blank."""
    if raw.__class__ is float and -math.inf < raw < math.inf:
        return np.array((raw,), dtype=np.float64)
    cells = flat(raw)
    if not cells:
        return np.empty(0)
    values = _packed(cells)
    if values is not None and not np.isnan(values).any():
        return values
    if values is None:
        values = _packed([math.nan if cell is None else cell for cell in cells])
        if values is not None and np.count_nonzero(np.isnan(values)) == cells.count(None):
            return values
    return np.array([_number_or_nan(cell, i, raw, name, foreign) for i, cell in enumerate(cells)])


def _packed(cells: Sequence[object]) -> FloatArray | None:
    """The cells as an array, if all are numbers and none is an error code or infinite."""
    try:
        values = np.frombuffer(struct.pack(f"{len(cells)}d", *cells))
    except (struct.error, OverflowError):
        return None
    low, high = np.fmin.reduce(values), np.fmax.reduce(values)
    return None if low <= EXCEL_ERROR_CODES or high == math.inf else values


def _number_or_nan(cell: object, index: int, raw: object, name: str, foreign: Foreign) -> float:
    value = cell if cell.__class__ is float else plain(cell, foreign)
    if value is None:
        return math.nan
    if isinstance(value, str):
        raise WrongKind(
            f"{name}{_at(index, raw)}: a number is needed, the text {shown(value)} was found; "
            + ("type it as a number or clear the cell" if index else "start below a heading, or type it as a number")
        )
    assert isinstance(value, (float, bool))
    if not math.isfinite(value):
        raise OutOfRange(f"{name}{_at(index, raw)}: a finite number is needed, {value} was found")
    return float(value)


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


def labels(raw: object, foreign: Foreign = NO_FOREIGN) -> list[str | None]:
    """A range as names or ids, None where a cell is blank."""
    of_number = cache(lambda number: label(plain(number, foreign)))
    return [of_number(cell) if cell.__class__ is float else cell.strip() or None if isinstance(cell, str)
            else label(plain(cell, foreign)) for cell in flat(raw)]  # fmt: skip


def dates(raw: object, name: str, foreign: Foreign = NO_FOREIGN) -> FloatArray:
    """A range, or an array or Series in Python, as date serials, NaN where blank; ISO text counts as a date."""
    array = np.asarray(raw) if hasattr(raw, "dtype") else None
    if array is not None and array.dtype.kind in "Mfiu":
        is_day = array.dtype.kind == "M"
        serials = ((array - np.datetime64(DAY_ZERO)) / np.timedelta64(1, "D") if is_day else array).astype(np.float64)
    else:
        cells = flat(raw if array is None else array.tolist())
        if any(issubclass(kind, (str, date)) for kind in set(map(type, cells))):
            cells = [_serial(cell, i, raw, name) for i, cell in enumerate(cells)]
        serials = numbers(cells, name, foreign)
    outside = (serials < FIRST_SERIAL) | (serials >= LAST_SERIAL + 1)
    if outside.any():
        where = _at(int(np.argmax(outside)), raw)
        raise OutOfRange(f"{name}{where}: a date from 1 March 1900 to the end of 9999 is needed")
    return serials


def _serial(cell: object, index: int, raw: object, name: str) -> object:
    if not isinstance(cell, (str, date)) or not cell:
        return cell
    try:
        day = datetime.fromisoformat(cell.strip()) if isinstance(cell, str) else cell
    except ValueError:
        found = f"a date is needed, the text {shown(str(cell))} was found; enter a date or write it as 2026-01-31"
        raise WrongKind(f"{name}{_at(index, raw)}: {found}") from None
    return (day.replace(tzinfo=None) - DAY_ZERO) / timedelta(days=1) if isinstance(day, datetime) else serial(day)


def serial(day: date) -> int:
    """A date as the spreadsheet's serial number."""
    return day.toordinal() - DAY_ZERO.toordinal()


def shown(text: str) -> str:
    """Text as it stands in a message: quoted, cut where it is long."""
    return f"'{text if len(text) <= 30 else text[:29] + '…'}'"


def one(cell: object, param: Param, foreign: Foreign = NO_FOREIGN) -> Any:
    """One cell as the value of a one-cell parameter."""
    value = cell if cell.__class__ is float else plain(cell, foreign)
    if value is None:
        if param.required:
            raise NotEnoughData(f"{param.name} is blank: {param.wanted} is needed")
        return param.default
    match param.kind:
        case Kind.NUMBER:
            if isinstance(value, (float, bool)) and math.isfinite(value):
                return float(value)
            if isinstance(value, float):
                raise OutOfRange(f"{param.name}: a finite number is needed, {value} was found")
        case Kind.DATE:
            if not isinstance(value, bool):
                return float(dates(value, param.name)[0])
        case Kind.FLAG:
            if isinstance(value, bool) or value in (0.0, 1.0):
                return bool(value)
        case Kind.TEXT:
            return label(value)
        case Kind.CHOICE:
            for choice in param.choices:
                if str(value).strip().casefold() == choice.casefold():
                    return choice
    raise WrongKind(f"{param.name}: {param.wanted} is needed, {shown(str(value))} was found")


def many(raw: object, param: Param, foreign: Foreign) -> Any:
    """An argument as the value of a range parameter."""
    match param.kind:
        case Kind.NUMBERS:
            return numbers(raw, param.name, foreign)
        case Kind.DATES:
            return dates(raw, param.name, foreign)
        case _:
            return labels(raw, foreign)


# --- the call


def call(metric: Metric, raw: Sequence[object], foreign: Foreign = NO_FOREIGN) -> Result:
    """A metric's answer to raw cells: a value, rows of values, or an error with its reason.

    A range where the metric takes one cell makes it answer for every element, broadcast as
    Excel does (a row against a column gives a block); an element that fails holds its own error.
    """
    try:
        return _call(metric, raw, foreign)
    except MetricError as error:
        return _named(metric, error.cell)


def _call(metric: Metric, raw: Sequence[object], foreign: Foreign) -> Result:
    params = metric.params
    if len(raw) > len(params):
        raise WrongKind(f"it takes at most {len(params)} arguments, {len(raw)} were given")
    arguments: list[Any] = []
    lifted: dict[int, Sequence[Sequence[object]]] = {}
    for index, param in enumerate(params):
        value = raw[index] if index < len(raw) else None
        if param.kind not in ONE_CELL:
            arguments.append(param.default if _left_out(value, param) else many(value, param, foreign))
            continue
        if is_range(value):
            rows = rows_of(value)
            if len(rows) > 1 or (rows and len(rows[0]) > 1):
                lifted[index] = rows
                arguments.append(None)
                continue
            value = rows[0][0] if rows and rows[0] else None
        arguments.append(one(value, param, foreign))
    if not lifted:
        return _answer(metric, arguments)
    return list(_lift(metric, arguments, lifted, foreign))


def _left_out(value: object, param: Param) -> bool:
    if value is None or (isinstance(value, str) and not value):
        if param.required:
            raise NotEnoughData(f"{param.name} is missing: {param.wanted} is needed")
        return True
    return False


def _lift(
    metric: Metric, arguments: list[Any], lifted: dict[int, Sequence[Sequence[object]]], foreign: Foreign
) -> Iterator[list[Scalar]]:
    height = max(len(rows) for rows in lifted.values())
    width = max(len(rows[0]) for rows in lifted.values())
    for i in range(height):
        answers: list[Scalar] = []
        for j in range(width):
            try:
                for index, rows in lifted.items():
                    arguments[index] = one(_element(rows, i, j), metric.params[index], foreign)
                answer = _answer(metric, arguments)
                if isinstance(answer, list):
                    raise WrongKind("it answers with a table, so each option takes one cell, not a range")
            except MetricError as error:
                answer = _named(metric, error.cell)
            answers.append(answer)
        yield answers


def _element(rows: Sequence[Sequence[object]], i: int, j: int) -> object:
    row = 0 if len(rows) == 1 else i
    if row < len(rows):
        column = 0 if len(rows[row]) == 1 else j
        if column < len(rows[row]):
            return rows[row][column]
    raise NotEnoughData("the ranges differ in size, and this element has no partner")


def _answer(metric: Metric, arguments: list[Any]) -> Result:
    try:
        result = metric.function(*arguments)
    except (ArithmeticError, np.linalg.LinAlgError) as error:
        raise OutOfRange(f"the numbers are too large or too small to calculate with ({error})") from error
    if isinstance(result, tuple):
        result = [list(result)]
    if isinstance(result, list):
        return [[v if v.__class__ is float and -math.inf < v < math.inf else _cell(v) for v in row] for row in result]
    return _cell(result)


def _cell(value: Any) -> Scalar:
    """A result as a cell holds it; blank is empty text, since every host turns nothing into 0."""
    if value is None:
        return ""
    if isinstance(value, (bool, str, CellError)):
        return value
    number = float(value)
    if not math.isfinite(number):
        raise OutOfRange("the result is not a finite number; look for an extreme value in the arguments")
    return number


def _named(metric: Metric, error: CellError) -> CellError:
    """The error with the function's name before its reason."""
    return CellError(error.code, f"{metric.name}: {error.reason}") if error.reason else error
