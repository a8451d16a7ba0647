"""The call of a metric from cells: its arguments made of raw cells, lifted over ranges, its answer for cells."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from addin.arguments import NO_CONVERTERS, TypeConverters, convert_range, convert_scalar, is_range, rows_of
from addin.catalogue import ONE_CELL, Cells, NotedTable, Result
from addin.errors import CellError, MetricError, NotEnoughData, OutOfRange, WrongKind
from addin.headings import headings, without_heading
from addin.values import Scalar, quoted

if TYPE_CHECKING:
    from addin.catalogue import Metric, Param


Note: TypeAlias = Callable[[str], object]
"""Takes a sentence on how an argument was understood or what an answer rests on, which the button Explain shows."""


def _unheard(note: str) -> None:
    """Nobody asks."""


def call(
    metric: Metric, raw: Sequence[object], foreign: TypeConverters = NO_CONVERTERS, note: Note = _unheard
) -> Result:
    """A metric's answer to raw cells: a value, rows of values, or an error with its reason.

    A range where the metric takes one cell makes it answer for every element, broadcast as
    Excel does (a row against a column gives a block); an element that fails holds its own error.
    """
    try:
        return _call(metric, raw, foreign, note)
    except MetricError as error:
        return _named(metric, error.cell)


def _call(metric: Metric, raw: Sequence[object], foreign: TypeConverters, note: Note) -> Result:
    params = metric.params
    if len(raw) > len(params):
        raise WrongKind(f"it takes at most {len(params)} arguments, {len(raw)} were given")
    for index, text in headings(metric, raw).items():
        note(f"{metric.name}: {params[index].name}: its first row is skipped as a heading, {quoted(text)}")
        raw = [*raw[:index], without_heading(rows_of(raw[index])), *raw[index + 1 :]]
    arguments: list[Any] = []
    lifted: dict[int, Sequence[Sequence[object]]] = {}
    for index, param in enumerate(params):
        value = raw[index] if index < len(raw) else None
        if param.kind not in ONE_CELL:
            arguments.append(param.default if _left_out(value, param) else convert_range(value, param, foreign))
            continue
        if is_range(value):
            rows = rows_of(value)
            width = max(map(len, rows), default=0)
            if width and (len(rows) > 1 or width > 1):
                lifted[index] = rows
                arguments.append(None)
                continue
            value = rows[0][0] if width else None
        arguments.append(convert_scalar(value, param, foreign))
    if not lifted:
        return _answer(metric, arguments, note)
    return list(_lift(metric, arguments, lifted, foreign))


def _left_out(value: object, param: Param) -> bool:
    if value is None or (isinstance(value, str) and not value):
        if param.required:
            raise NotEnoughData(f"{param.name} is missing: {param.wanted} is needed")
        return True
    return False


def _lift(
    metric: Metric, arguments: list[Any], lifted: dict[int, Sequence[Sequence[object]]], foreign: TypeConverters
) -> Iterator[list[Scalar]]:
    height = max(len(rows) for rows in lifted.values())
    width = max(len(row) for rows in lifted.values() for row in rows)
    for i in range(height):
        answers: list[Scalar] = []
        for j in range(width):
            try:
                for index, rows in lifted.items():
                    arguments[index] = convert_scalar(_element(rows, i, j), metric.params[index], foreign)
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


def _answer(metric: Metric, arguments: list[Any], note: Note = _unheard) -> Result:
    try:
        result = metric.function(*arguments)
    except (ArithmeticError, np.linalg.LinAlgError) as error:
        raise OutOfRange(f"the numbers are too large or too small to calculate with ({error})") from error
    if isinstance(result, NotedTable) and result.note:
        note(f"{metric.name}: {result.note}")
    if isinstance(result, tuple):
        result = [list(result)]
    if isinstance(result, Cells):
        return list(result)
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
