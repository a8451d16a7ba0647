"""What a cell can hold, and the way from raw cells to a metric's arguments.

A host hands over each argument as it got it: one value, or a range as rows of values.
A value is None or "" (blank), a number (a date is its serial), text, TRUE or FALSE, or an error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import chain
from types import NoneType
from typing import Any, TypeAlias

import numpy as np

from addin.catalogue import Kind, Param
from addin.errors import CellError, CellErrorGiven, NotEnoughData, OutOfRange, WrongKind
from addin.scores import number_in
from addin.values import FIRST_SERIAL, LAST_SERIAL, FloatArray, label, numpy_serials, quoted, serial

TypeConverters: TypeAlias = Mapping[type, Callable[[Any], object]]
"""How a host's own types (its error values, say) become what this module knows."""

NO_CONVERTERS: TypeConverters = {}
ARRAY_KINDS = (Kind.NUMBERS, Kind.SCORES, Kind.FLAGS)
"""Kinds of parameters that also take a range as an array of numbers, NaN where a cell is blank."""
COUNTABLE = {float, int, NoneType}
EXCEL_ERROR_CODES = -2146826200.0
"""COM hands error values over as integers below this."""


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


def plain_value(cell: object, foreign: TypeConverters = NO_CONVERTERS) -> object:
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


def numbers(raw: object, name: str, foreign: TypeConverters = NO_CONVERTERS) -> FloatArray:
    """A range as numbers, NaN where a cell is blank; an array holds them already.

    A logical in a range is passed over as a blank is, as Excel's own aggregates do: the FALSE of an IF without else
    is no number. A single TRUE counts as 1.
    """
    if isinstance(raw, np.ndarray):
        return raw
    if raw.__class__ is float and -math.inf < raw < math.inf:
        return np.array((raw,), dtype=np.float64)
    cells = flat(raw)
    return _numbers(cells, set(map(type, cells)), raw, name, foreign)


def _numbers(cells: Sequence[object], types: set[type], raw: object, name: str, foreign: TypeConverters) -> FloatArray:
    """The same from the cells of the range in one sequence, and their types."""
    if not cells:
        return np.empty(0)
    if bool in types and is_range(raw):
        types.remove(bool)
        cells = [None if cell.__class__ is bool else cell for cell in cells]
    if types <= COUNTABLE:
        try:
            values = np.fromiter(cells, np.float64, len(cells))  # None becomes NaN
        except OverflowError:  # an integer beyond all floats
            return np.array([_number_or_nan(cell, i, raw, name, foreign) for i, cell in enumerate(cells)])
        blank = np.flatnonzero(np.isnan(values)).tolist()
        if _ordinary(values) and all(cells[i] is None for i in blank):
            return values
    return np.array([_number_or_nan(cell, i, raw, name, foreign) for i, cell in enumerate(cells)])


def _ordinary(values: FloatArray) -> bool:
    """Whether none of them is an error code or infinite."""
    return bool(np.fmin.reduce(values) > EXCEL_ERROR_CODES and np.fmax.reduce(values) < math.inf)


def _number_or_nan(cell: object, index: int, raw: object, name: str, foreign: TypeConverters) -> float:
    value = cell if cell.__class__ is float else plain_value(cell, foreign)
    if value is None:
        return math.nan
    if isinstance(value, str):
        raise WrongKind(
            f"{name}{_at(index, raw)}: a number is needed, the text {quoted(value)} was found; "
            + ("type it as a number or clear the cell" if index else "start below a heading, or type it as a number")
        )
    assert isinstance(value, (float, bool))
    if not math.isfinite(value):
        raise OutOfRange(f"{name}{_at(index, raw)}: a finite number is needed, {value} was found")
    return float(value)


def scores(raw: object, name: str, foreign: TypeConverters = NO_CONVERTERS) -> FloatArray:
    """A range as answers, NaN where a cell is blank; text such as 9/10 or "9 - very likely" counts as its number."""

    def number(cell: object) -> object:
        found = number_in(cell) if isinstance(cell, str) else None
        return cell if found is None else found

    try:
        return numbers(raw, name, foreign)
    except WrongKind:  # there is text among them
        return numbers([list(map(number, row)) for row in rows_of(raw)], name, foreign)


def flags(raw: object, name: str, foreign: TypeConverters = NO_CONVERTERS) -> FloatArray:
    """A range as 1 for TRUE and 0 for FALSE, NaN where a cell is blank."""
    if isinstance(raw, np.ndarray):
        return raw
    return numbers([[float(c) if isinstance(c, bool) else c for c in row] for row in rows_of(raw)], name, foreign)


def labels(raw: object, foreign: TypeConverters = NO_CONVERTERS) -> Sequence[str | None]:
    """A range as names or ids, None where a cell holds neither text nor a number.

    Texts stay as they are, with blanks around them or of blanks alone: `label` says what they name.
    """
    cells: Sequence[Any] = flat(raw)
    if set(map(type, cells)) <= {str, NoneType}:
        return cells
    of_number = cache(lambda number: label(plain_value(number, foreign)))
    return [of_number(cell) if cell.__class__ is float else cell if isinstance(cell, str)
            else label(cell if isinstance(cell, int) else plain_value(cell, foreign)) for cell in cells]  # fmt: skip


def dates(raw: object, name: str, foreign: TypeConverters = NO_CONVERTERS) -> FloatArray:
    """A range, or an array or Series in Python, as date serials, NaN where blank; ISO text counts as a date."""
    array = np.asarray(raw) if hasattr(raw, "dtype") else None
    if array is not None and array.dtype.kind in "Mfiu":
        is_day = array.dtype.kind == "M"
        serials = numpy_serials(array) if is_day else array.astype(np.float64)
    else:
        cells = flat(raw if array is None else array.tolist())
        types = set(map(type, cells))
        if any(issubclass(kind, (str, date)) for kind in types):
            cells = [_serial(cell, i, raw, name) for i, cell in enumerate(cells)]
            types = set(map(type, cells))
        serials = _numbers(cells, types, raw, name, foreign)
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
        found = f"a date is needed, the text {quoted(str(cell))} was found; enter a date or write it as 2026-01-31"
        raise WrongKind(f"{name}{_at(index, raw)}: {found}") from None
    return serial(day)


def convert_scalar(cell: object, param: Param, foreign: TypeConverters = NO_CONVERTERS) -> Any:
    """One cell as the value of a one-cell parameter."""
    if cell.__class__ is float and param.kind is Kind.NUMBER and -math.inf < cell < math.inf:
        return cell
    value = cell if cell.__class__ is float else plain_value(cell, foreign)
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
        case Kind.CHOICE:
            for choice in param.choices:
                if str(value).strip().casefold() == choice.casefold():
                    return choice
    raise WrongKind(f"{param.name}: {param.wanted} is needed, {quoted(str(value))} was found")


def convert_range(raw: object, param: Param, foreign: TypeConverters) -> Any:
    """An argument as the value of a range parameter."""
    match param.kind:
        case Kind.NUMBERS:
            return numbers(raw, param.name, foreign)
        case Kind.SCORES:
            return scores(raw, param.name, foreign)
        case Kind.FLAGS:
            return flags(raw, param.name, foreign)
        case Kind.DATES:
            return dates(raw, param.name, foreign)
        case _:
            return labels(raw, foreign)
