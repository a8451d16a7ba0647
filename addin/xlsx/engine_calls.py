"""Calls of our functions that come from the engine, and the answers as it takes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from addin.arguments import NO_CONVERTERS, TypeConverters
from addin.calling import Note, call
from addin.catalogue import Result, catalogue
from addin.errors import CellError
from addin.values import serial
from addin.xlsx.engine import error_of, kind_of


def _time(raw: dt.time) -> float:
    return (raw.hour * 3600 + raw.minute * 60 + raw.second + raw.microsecond / 1e6) / 86400


_TYPES: TypeConverters = {
    **NO_CONVERTERS,
    dict: error_of,
    dt.date: serial,
    dt.datetime: serial,
    dt.time: _time,
    dt.timedelta: lambda span: span.total_seconds() / 86400,
}


def ready() -> None:
    """Declare all functions, so that the first call need not wait for it."""
    catalogue()


def answered(name: str, arguments: Sequence[object], whole: int, note: Note) -> tuple[object, CellError | None]:
    """What a function of ours answers, and the first error in it; `whole` marks those that are whole columns."""
    result = call(catalogue()[name], _paired(arguments, whole), _TYPES, note)
    return _outgoing(result), result if isinstance(result, CellError) else _first_error(result)


def _paired(arguments: Sequence[object], whole: int) -> Sequence[object]:
    """The arguments with whole columns, marked by their bits in `whole`, cut below the last row one of them uses.

    The engine hands over each column as far as it goes itself.
    """
    columns = {i: a if isinstance(a, list) else [[a]] for i, a in enumerate(arguments) if whole >> i & 1}
    if len(columns) < 2:
        return arguments
    height = max(map(_last_used, columns.values()))
    return [_fitted(columns[i], height) if i in columns else a for i, a in enumerate(arguments)]


def _last_used(rows: list[list[object]]) -> int:
    blank = [None] * len(rows[0])
    return next((number for number in range(len(rows), 1, -1) if rows[number - 1] != blank), 1)


def _fitted(rows: list[list[object]], height: int) -> list[list[object]]:
    return rows[:height] + [[None] * len(rows[0])] * (height - len(rows))


def _first_error(result: Result) -> CellError | None:
    if not isinstance(result, list):
        return None
    return next((value for row in result for value in row if isinstance(value, CellError)), None)


def _outgoing(result: Result) -> object:
    if isinstance(result, list):
        return [[_outgoing(value) for value in row] for row in result]
    if isinstance(result, CellError):
        return {"type": "Error", "kind": kind_of(result)}
    return result
