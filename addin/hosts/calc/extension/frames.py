"""What passes between LibreOffice and its servers: a frame each way for a call.

A frame is two lengths, a JSON head, and the raw float64 cells of the head's numeric ranges.
"""

from __future__ import annotations

import json
import math
import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

LENGTHS = struct.Struct("<QQ")
NAN = 0x7FF8 << 48
BLANK_CODE = 1
ERROR_CODES = {
    "#NULL!": 521, "#DIV/0!": 532, "#VALUE!": 519, "#REF!": 524, "#NAME?": 525, "#NUM!": 503, "#N/A": 32767,
}  # fmt: skip
"""An error value is a NaN that carries LibreOffice's number for it."""
TALL = 2**19
"""A range with more rows than this, half a sheet, is a whole column."""
ERROR_NAMES = {code: name for name, code in ERROR_CODES.items()}


def nan_with(code: int) -> float:
    """The NaN that carries a code."""
    value: float = struct.unpack("<d", struct.pack("<Q", NAN | code))[0]
    return value


def code_in(nan: float) -> int:
    """The code that a NaN carries."""
    bits: int = struct.unpack("<Q", struct.pack("<d", nan))[0]
    return bits & 0xFFFF


def error_named(code: int) -> str:
    """An error value's name; LibreOffice's own errors count as a wrong value, as they do in an Excel file."""
    return ERROR_NAMES.get(code, "#VALUE!")


BLANK = nan_with(BLANK_CODE)


def send(stream: IO[bytes], head: dict[str, Any], cells: bytes = b"") -> None:
    """Write a frame."""
    text = json.dumps(head).encode()
    stream.write(LENGTHS.pack(len(text), len(cells)) + text)
    stream.write(cells)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read a frame; EOFError where the other side is gone."""
    text_length, cells_length = LENGTHS.unpack(_exactly(stream, LENGTHS.size))
    head: dict[str, Any] = json.loads(_exactly(stream, text_length))
    return head, _exactly(stream, cells_length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError("the other side is gone")
    return data


def packed(arguments: Sequence[Any]) -> tuple[list[Any], bytes]:
    """Arguments as LibreOffice hands them over, as a head's list and raw cells."""
    listed: list[Any] = []
    raw: list[bytes] = []
    for argument in _clipped(arguments):
        if not isinstance(argument, tuple):
            listed.append(scalar(argument))
            continue
        width = len(argument[0])
        cells = list(chain.from_iterable(argument))
        numbers = _numbers(cells)
        if numbers is None:
            listed.append({"cells": [scalar(cell) for cell in cells], "width": width})
        else:
            raw.append(numbers)
            listed.append({"count": len(cells), "width": width})
    return listed, b"".join(raw)


@dataclass(frozen=True)
class Cells:
    """An area's cells, row by row: text, "" for a blank, numbers, and errors as the NaN that carries them."""

    cells: list[Any]
    width: int

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The cells as rows."""
        return list(zip(*[iter(self.cells)] * self.width, strict=True))


def unpacked(listed: Sequence[dict[str, Any]], raw: bytes) -> list[Cells]:
    """Ranges from a head's list and raw cells."""
    found = []
    start = 0
    for item in listed:
        if "cells" in item:
            cells = [nan_with(ERROR_CODES[c["error"]]) if isinstance(c, dict) else c for c in item["cells"]]
        else:
            numbers = array("d")
            numbers.frombytes(raw[start : start + item["count"] * 8])
            start += item["count"] * 8
            cells = ["" if number != number and code_in(number) == BLANK_CODE else number for number in numbers]
        found.append(Cells(cells, item["width"]))
    return found


def _clipped(arguments: Sequence[Any]) -> Sequence[Any]:
    """The arguments with whole columns cut off below the last row in which one of them holds something."""
    columns = [a for a in arguments if isinstance(a, tuple) and len(a) > TALL]
    if not columns:
        return arguments
    used = max(map(_last_used, columns))
    return [a[:used] if isinstance(a, tuple) and len(a) > TALL else a for a in arguments]


def _last_used(rows: Sequence[Any]) -> int:
    blank = ("",) * len(rows[0])
    return next((number for number in range(len(rows), 1, -1) if rows[number - 1] != blank), 1)


def _numbers(cells: list[Any]) -> bytes | None:
    """The cells as float64, or nothing where there is text among them."""
    try:
        return array("d", cells).tobytes()
    except TypeError:
        pass
    try:
        return array("d", [BLANK if cell == "" else cell for cell in cells]).tobytes()
    except TypeError:
        return None


def scalar(cell: Any) -> Any:
    """A cell as a head carries it, an error by its name."""
    if isinstance(cell, float) and math.isnan(cell):
        return {"error": error_named(code_in(cell))}
    return cell


def rows_of(value: Any) -> tuple[tuple[Any, ...], ...]:
    """The server's answer as LibreOffice takes it: rectangular rows, of one cell where it is a single value."""
    rows = value if isinstance(value, list) else [[value]]
    width = max(len(row) for row in rows)
    return tuple(tuple(_cell(cell) for cell in row) + ("",) * (width - len(row)) for row in rows)


def _cell(value: Any) -> float | str:
    if isinstance(value, dict):
        return nan_with(ERROR_CODES[value["error"]])
    return value if isinstance(value, str) else float(value)
