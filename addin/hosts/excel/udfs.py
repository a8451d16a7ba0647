"""What xlwings calls: one function per metric, made from the catalogue.

Arguments come as COM hands over `Value2`, ranges as the macros pack them; answers go back as rows, which xlwings
unpacks. An error goes back as its code behind MARK, since COM has no error value that Python can give; the VBA side
makes a real error of it. Text that begins with MARK gets a second one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from inspect import Parameter, Signature
from typing import Any

import xlwings

from addin.arguments import TypeConverters
from addin.calling import call
from addin.catalogue import Metric, Result, catalogue
from addin.errors import CellError, fault
from addin.hosts.excel.failures import failures
from addin.hosts.excel.packed_range import unpacked
from addin.hosts.excel.vba_names import TITLE, vba_name
from addin.values import Scalar, serial

try:
    from pywintypes import TimeType
except ImportError:  # not on Windows, where nothing comes from Excel
    TimeType = datetime

MARK = "\u2060"
"""Word joiner: shows nothing, should a cell ever show it."""

ERRORS = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!",
}  # fmt: skip
"""Excel's error values, as VBA numbers them."""
COM_ERROR = -2146828288
"""What COM adds to such a number."""


def _integer(value: int) -> float | CellError:
    """Excel's numbers are floats: an integer is an error value, or came from VBA code."""
    code = ERRORS.get(value - COM_ERROR)
    return CellError(code) if code else float(value)


COM_CONVERTERS: TypeConverters = {int: _integer, Decimal: float, datetime: serial, TimeType: serial}
"""Our own VBA sends none but the first; xlwings' reads dates and currency with their formats."""


def answer(metric: Metric, raw: Sequence[object]) -> Result:
    """The metric's answer; a fault of our own is an error in the cell too, and never a dead server."""
    try:
        given = [unpacked(cells, param.kind) for cells, param in zip(raw, metric.params, strict=False)]
        return call(metric, given, COM_CONVERTERS, failures.append)
    except Exception as error:  # the boundary to Excel
        return CellError("#VALUE!", fault(metric.name, error))


def _sent(value: Scalar) -> object:
    if isinstance(value, CellError):
        failures.append(f"{value.code} {value.reason}".strip())
        return MARK + value.code
    return MARK + value if isinstance(value, str) and value.startswith(MARK) else value


def _adapter(metric: Metric) -> Callable[..., list[list[object]]]:
    def adapter(*raw: object) -> list[list[object]]:
        result = answer(metric, raw)
        return [[_sent(value) for value in row] for row in (result if isinstance(result, list) else [[result]])]

    names = {vba_name(param): param for param in metric.params}
    adapter.__name__, adapter.__doc__ = metric.name, metric.summary
    adapter.__signature__ = Signature([  # type: ignore[attr-defined]  # what xlwings reads the arguments from
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=Parameter.empty if param.required else None)
        for name, param in names.items()
    ])  # fmt: skip
    adapter.__annotations__ = {}
    function: Any = xlwings.func(category=TITLE)(adapter)
    for name, param in names.items():
        function = xlwings.arg(name, "raw", doc=param.help)(function)
    return xlwings.ret("raw")(function)  # type: ignore[no-any-return]


for _metric in catalogue().values():
    globals()[_metric.name] = _adapter(_metric)
