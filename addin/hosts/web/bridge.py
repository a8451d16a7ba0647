"""Between Excel's JavaScript and the functions: cells as JSON or arrays of numbers in, JSON out. Runs in Pyodide."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from addin.arguments import TypeConverters
from addin.calling import call
from addin.catalogue import catalogue
from addin.errors import CellError, fault


def typed_cell(cell: dict[str, Any]) -> object:
    """What stands in a cell that Excel describes: an error, or a value with a format or a card of its own."""
    value = cell.get("basicValue")
    is_error = "Error" in (cell.get("type"), cell.get("basicType"))
    return CellError(str(value)) if is_error else value


TYPED_CELLS: TypeConverters = {dict: typed_cell}
METRICS = catalogue()
"""Loaded while Python starts, and not within the first call."""


def answer(name: str, text: str, arrays: Sequence[Any] = ()) -> str:
    """The answer of a function: its rows and a note, or the package that has to be loaded first.

    `text` has the arguments: rows, nothing, or the number of one of `arrays`, which have NaN for blank.
    """
    given = [_array(arrays[sent]) if isinstance(sent, int) else sent for sent in json.loads(text)]
    notes: list[str] = []
    try:
        result = call(METRICS[name], given, TYPED_CELLS, notes.append)
    except ModuleNotFoundError as error:
        return json.dumps({"need": (error.name or "").partition(".")[0]})
    except MemoryError:  # which the worker gives back only when it ends
        raise
    except Exception as error:  # a fault of ours stands in the cell that met it
        result = CellError("#VALUE!", fault(name, error))
    rows = result if isinstance(result, list) else [[result]]
    sent_rows = [[_sent(cell) for cell in row] for row in rows]
    return json.dumps({"rows": sent_rows, "note": "; ".join(notes)}, ensure_ascii=False)


def _array(numbers: Any) -> Any:
    return np.frombuffer(numbers, np.float64)


def _sent(cell: object) -> object:
    return {"error": cell.code, "reason": cell.reason} if isinstance(cell, CellError) else cell
