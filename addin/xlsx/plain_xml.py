"""Rows and cells in the form that most programs write, read at once; all others are left to the scanner."""

from __future__ import annotations

import re
from array import array
from itertools import chain
from operator import lt

from addin.values import LAST_ROW

_ROW = re.compile(rb"<row r=\"([0-9]{1,7})\"[^<>]*>")
_ROW_END = re.compile(rb"</row>|<row [^<>]*/>")
"""The end of a row, or all of an empty one."""
_ROW_CLOSE = re.compile(rb"</row>")
_PLACE = rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\""
_FORMULA_CELL = re.compile(_PLACE + rb"([^<>]*)><f>([^<\r]+)</f>(<v>[^<\r]*</v>|)</c>")
_CELL = re.compile(
    _PLACE + rb"([^<>/]*)(?:/>|>(?:<f[^<>]*(?:/>|>[^<]*</f>))?"
    rb"(?:<v>([^<\r]*)</v>|<is><t(?: xml:space=\"preserve\")?>([^<\r]*)</t></is>)?</c>)"
)
FORMULA_BEGINS = (b"<f", b":f")
"""One of these stands in every cell with a formula, and perhaps in others."""
VALUE_ENDS = (b"</v", b"</is", b":v", b":is")
"""One of these stands in every cell that holds something."""
_FORMULA = re.compile(rb"<f>[^<]*</f>")
FORMULA_AND_VALUE = re.compile(rb"<f>([^<\r]+)</f>(?:<v>([^<\r]*)</v>)?")
"""What most cells with a formula hold."""


def rows(xml: bytes) -> tuple[array[int], array[int]]:
    """The numbers of the rows of a sheet's data, and where each ends.

    None of them where not all are plain and in order.
    """
    numbers = array("L", map(int, _ROW.findall(xml)))
    end = _ROW_END if xml.count(b"</row>") < len(numbers) else _ROW_CLOSE
    ends = array("Q", [found.end() for found in end.finditer(xml)])
    is_plain = len(numbers) == len(ends) == xml.count(b"<row") and b":row" not in xml
    if not numbers or not is_plain or not all(map(lt, chain((0,), numbers), numbers)) or numbers[-1] > LAST_ROW:
        return array("L"), array("Q")
    return numbers, ends


def formula_cells(row: bytes, number: bytes) -> list[tuple[bytes, ...]] | None:
    """Of the cells of a row with formulas: letters, digits, further attributes, formula and value with its tags.

    None where not all of them are plain.
    """
    first, last = row.find(b"<f"), row.rfind(b"<f")
    found = _FORMULA_CELL.findall(row, max(row.rfind(b"<c ", 0, first), 0), row.find(b"</c>", last) + len(b"</c>"))
    is_plain = len(found) == row.count(b"<f") and b":f" not in row and {cell[1] for cell in found} == {number}
    return found if is_plain else None


def cells(row: bytes, number: bytes) -> tuple[tuple[bytes, ...], ...] | None:
    """The letters, further attributes, values and texts of all cells of a row, blank for what a cell does not have.

    None where there are none, or not all of them are plain.
    """
    found = _CELL.findall(row)
    if not found or len(found) != row.count(b"<c") or b":c" in row:
        return None
    letters, digits, more, values, texts = zip(*found, strict=True)
    return (letters, more, values, texts) if digits.count(number) == len(digits) else None


def without_formulas(rows: bytes) -> bytes:
    """Rows without their plain formulas."""
    return _FORMULA.sub(b"", rows)
