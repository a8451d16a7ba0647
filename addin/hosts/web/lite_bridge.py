"""Between xlwings Lite and the functions: raw cells in, rows of cells out. Runs in Pyodide."""

from __future__ import annotations

from typing import Any

from addin.calling import call
from addin.catalogue import catalogue
from addin.errors import CellError, fault
from addin.hosts.web.bridge import TYPED_CELLS

ERROR_TYPES = {"#N/A": "NotAvailable", "#VALUE!": "Value", "#DIV/0!": "Div0", "#NUM!": "Num", "#NULL!": "Null"}


def answered(name: str, *given: Any) -> list[list[object]]:
    """The answer of a function, its errors as Excel's JavaScript describes them."""
    raw = [None if type(cells).__name__ == "JsNull" else cells for cells in given]
    try:
        result = call(catalogue()[name], raw, TYPED_CELLS)
    except Exception as error:  # a fault of ours stands in the cell that met it
        result = CellError("#VALUE!", fault(name, error))
    return [[_sent(cell) for cell in row] for row in (result if isinstance(result, list) else [[result]])]


def _sent(cell: object) -> object:
    if isinstance(cell, CellError):
        return {"type": "Error", "errorType": ERROR_TYPES.get(cell.code, "Value")}
    return cell
