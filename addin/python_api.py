"""The functions as Python calls them: columns of any kind go in, numbers or a pandas DataFrame come out."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from addin.arguments import convert_range, convert_scalar, dates
from addin.catalogue import ONE_CELL, Kind, Metric, NotedTable, Param, Table, catalogue
from addin.errors import CellError, WrongKind
from addin.values import PANDAS_BLANKS, numpy_days, numpy_serials, serial

if TYPE_CHECKING:
    import pandas as pd

RENAMED = {"cost_per_sale": {"odds": "conversion_rate"}}
"""Names that arguments had in earlier versions."""


@cache
def function(name: str) -> Callable[..., Any]:
    """The metric of that name as plain Python; it raises a MetricError where a cell would show an error."""
    metric = catalogue()[name]
    signature = inspect.signature(metric.function)

    @wraps(metric.function)
    def called(*args: object, **kwargs: object) -> Any:
        given = signature.bind(*args, **_renamed(metric, kwargs)).arguments
        arguments = [_argument(given[p.name], p) if p.name in given else p.default for p in metric.params]
        result = metric.function(*arguments)
        return _frame(result, metric) if isinstance(result, list) else result

    return called


def _renamed(metric: Metric, given: Mapping[str, object]) -> dict[str, object]:
    renamed = dict(given)
    for old, new in RENAMED.get(metric.name.lower(), {}).items():
        if old in renamed:
            warnings.warn(f"{old} is called {new} now", DeprecationWarning, stacklevel=3)
            renamed[new] = renamed.pop(old)
    return renamed


def _argument(value: Any, param: Param) -> Any:
    """What a metric takes for what Python was given; None leaves an option out."""
    if value is None and not param.required:
        return param.default
    if param.kind in ONE_CELL:
        if np.ndim(value):
            raise WrongKind(f"{param.name}: one value is needed, a column was found; call it for each row")
        return convert_scalar(_cell(value), param)
    array = _array(value)
    if param.kind is Kind.DATES and array.dtype.kind in "Mfiu":
        return dates(array, param.name)
    if param.kind is Kind.LABELS and array.dtype.kind in "iu":
        return array
    if array.dtype.kind in "fiu" and np.isfinite(array).all():
        return array if param.kind is Kind.LABELS else array.astype(np.float64)
    return convert_range([[_cell(cell)] for cell in array.tolist()], param, {})


def _array(value: object) -> np.ndarray[Any, np.dtype[Any]]:
    """A column of any kind as an array in one dimension."""
    if getattr(getattr(value, "dtype", None), "tz", None) is not None:  # the day on the clock there
        accessor: Any = value
        value = (accessor.dt if hasattr(accessor, "dt") else accessor).tz_localize(None)
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        value = [value]
    elif not hasattr(value, "__array__"):
        cells = list(value)
        value = np.empty(len(cells), dtype=object)  # so that numpy makes no texts of numbers beside texts
        value[:] = cells
    return np.asarray(value).ravel()


def _cell(value: object) -> object:
    """A single value as a cell holds it."""
    if value is None or type(value).__name__ in PANDAS_BLANKS or value != value:
        return None
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else float(numpy_serials(value))
    if isinstance(value, (np.generic, np.ndarray)):
        return value.item()
    if isinstance(value, date):
        return serial(value)
    return float(value) if isinstance(value, Decimal) else value


def _frame(rows: Table, metric: Metric) -> pd.DataFrame:
    """A table with columns of one type each; what its numbers rest on is in its attrs."""
    import pandas as pd

    heading, *body = rows
    cells = [[None if isinstance(cell, CellError) else cell for cell in row] for row in body]
    frame = pd.DataFrame(cells, columns=heading, dtype=object)
    if isinstance(rows, NotedTable) and rows.note:
        frame.attrs["note"] = rows.note
    for name in heading:
        kind = metric.columns.get(name)
        if kind is date:
            frame[name] = pd.to_datetime(numpy_days(frame[name].to_numpy(np.int64)))
        elif kind is int:
            frame[name] = frame[name].astype("Int64")
        elif kind is object:  # ids, which are numbers or text
            frame[name] = frame[name].infer_objects().convert_dtypes()
        elif not frame[name].map(lambda cell: isinstance(cell, str)).any():
            frame[name] = frame[name].astype("float64")
        else:
            frame[name] = frame[name].astype("string")
    return frame
