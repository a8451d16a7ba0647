"""The process that calculates for LibreOffice: python -m addin.hosts.calc.function_server.

It reads calls from its input and answers on its output until its input ends. It keeps no state. A
call over the time limit ends the process; LibreOffice then starts another.
"""

from __future__ import annotations

import gc
import math
import os
import platform
import sys
import threading
import time
from collections.abc import Sequence
from itertools import zip_longest
from typing import IO, Any

import numpy as np

from addin import __version__
from addin.arguments import ARRAY_KINDS
from addin.calling import call
from addin.catalogue import ONE_CELL, Metric, Result, catalogue
from addin.errors import CellError, fault
from addin.hosts.calc.extension.frames import BLANK_CODE, error_named, receive, send
from addin.values import FloatArray

ONE_BLANK = "LibreOffice hands over 0 for one cell, 0 or blank; write it as a range, such as B1:B1, to tell them apart"
COLLECT_AFTER = 1_000_000
"""A column has many cells; Python's garbage collector would take a quarter of the call to go through them."""
LOOK_EVERY = 0.25
"""How many seconds pass between two looks at the clock."""


def answer(request: dict[str, Any], cells: bytes) -> dict[str, Any]:
    """The answer to one request."""
    if "about" in request:
        text = f"return-on-customer {__version__}, {len(catalogue())} functions, Python {platform.python_version()}"
        return {"value": text, "reason": ""}
    name = request["call"]
    if name not in catalogue():
        reason = f"{name} is not among the functions of the installed package; run roc install calc again"
        return _sent(CellError("#NAME?", reason))
    metric = catalogue()[name]
    given = arguments(request["arguments"], cells, [param.kind in ARRAY_KINDS for param in metric.params])
    if _may_be_blank(metric, given):
        return _sent(CellError("#N/A", f"{name}: {metric.params[0].name}: {ONE_BLANK}"))
    notes: list[str] = []
    try:
        sent = _sent(call(metric, given, note=notes.append))
        return sent | {"reason": sent["reason"] or "; ".join(notes)}
    except Exception as error:  # a fault of ours stands in the cell that met it
        return _sent(CellError("#VALUE!", fault(name, error)))


def _may_be_blank(metric: Metric, given: list[Any]) -> bool:
    """Whether a statistic of one range would take a blank cell for the number 0."""
    first, *others = metric.params
    describes_a_range = first.kind not in ONE_CELL and not any(param.required for param in others)
    return describes_a_range and bool(given) and isinstance(given[0], float) and given[0] == 0


def arguments(listed: Sequence[Any], cells: bytes, as_array: Sequence[bool] = ()) -> list[Any]:
    """Arguments as the metrics take them: rows of cells, or an array where one is asked for and all are numbers."""
    values: list[Any] = []
    start = 0
    for item, asked in zip_longest(listed, as_array[: len(listed)], fillvalue=False):
        if not isinstance(item, dict):
            values.append(item)
        elif "error" in item:
            values.append(CellError(item["error"]))
        elif "cells" in item:
            ours = [CellError(c["error"]) if isinstance(c, dict) else c for c in item["cells"]]
            values.append(_rows(ours, item["width"]))
        else:
            array = _array(cells, start, item["count"]) if asked else None
            values.append(_rows(_numbers(cells, start, item["count"]), item["width"]) if array is None else array)
            start += item["count"] * 8
    return values


def _array(raw: bytes, start: int, count: int) -> FloatArray | None:
    """Numbers with NaN where a cell is blank; nothing where there is an error among them."""
    values = np.frombuffer(raw, "<f8", count, start).copy()
    codes = values[np.isnan(values)].view("<u8") & 0xFFFF
    return values if (codes == BLANK_CODE).all() else None


def _numbers(raw: bytes, start: int, count: int) -> list[Any]:
    values = np.frombuffer(raw, "<f8", count, start)
    cells: list[Any] = values.tolist()
    special = np.flatnonzero(np.isnan(values))
    if special.size:
        codes = np.frombuffer(raw, "<u8", count, start)[special] & 0xFFFF
        for index, code in zip(special.tolist(), codes.tolist(), strict=True):
            cells[index] = None if code == BLANK_CODE else CellError(error_named(code))
    return cells


def _rows(cells: list[Any], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*[iter(cells)] * width, strict=True))


def _sent(result: Result) -> dict[str, Any]:
    """A result as a frame's head carries it."""
    if isinstance(result, list):
        failed = next((cell for row in result for cell in row if isinstance(cell, CellError)), None)
        rows = [[{"error": cell.code} if isinstance(cell, CellError) else cell for cell in row] for row in result]
        return {"value": rows, "reason": failed.reason if failed else ""}
    if isinstance(result, CellError):
        return {"value": {"error": result.code}, "reason": result.reason}
    return {"value": result, "reason": ""}


class Watch:
    """Ends the process when a call takes too long; looked at now and then, so that a call costs nothing."""

    def __init__(self) -> None:
        self.deadline = math.inf
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while time.monotonic() < self.deadline:
            time.sleep(LOOK_EVERY)
        os._exit(1)


def serve(incoming: IO[bytes], outgoing: IO[bytes]) -> None:
    """Answer until the input ends."""
    watch = Watch()
    while True:
        try:
            request, cells = receive(incoming)
        except EOFError:
            return
        watch.deadline = time.monotonic() + request["limit"]
        reply = answer(request, cells)
        watch.deadline = math.inf
        send(outgoing, reply)


def streams() -> tuple[IO[bytes], IO[bytes]]:
    """The standard streams, which nothing else may write to."""
    gc.set_threshold(COLLECT_AFTER)
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sys.stdin.buffer, outgoing


def main() -> None:
    """Serve."""
    serve(*streams())


if __name__ == "__main__":
    main()
