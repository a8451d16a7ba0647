"""A sheet as values only, as the engine loads it."""

from __future__ import annotations

import re

from addin.xlsx import plain_xml
from addin.xlsx.cell_xml import FORMULA
from addin.xlsx.sheet_rows import SheetRows
from addin.xlsx.sheet_xml import SheetXml

FEW = 10
"""Where fewer than one row in so many has formulas, these are taken out of each by itself."""
_ERROR = b"v>#"
"""What the value of an error begins with."""
_NEWER_ERROR = re.compile(
    rb"(<(?:\w+:)?c\s[^<>]*\bt\s*=\s*[\"']e[\"'][^<>]*>\s*<(?:\w+:)?v>)"
    rb"#(?!(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA)<)[^<]*"
)


def values_only(sheet: SheetXml) -> bytes:
    """A sheet without its formulas; errors that came with newer programs, such as #SPILL!, are #VALUE! there."""
    if not sheet.has_cells:
        return sheet.before
    if len(sheet.formula_rows) * FEW < len(sheet.rows):
        return sheet.around(map(_with_known_errors, _row_by_row(sheet).pieces()))
    pieces = [plain_xml.without_formulas(piece) for piece in sheet.rows.pieces()]
    if any(sign in piece for piece in pieces for sign in plain_xml.FORMULA_BEGINS):
        pieces = list(_row_by_row(sheet).pieces())
    return sheet.around(map(_with_known_errors, pieces))


def _row_by_row(sheet: SheetXml) -> SheetRows:
    return sheet.rows.with_rows({number: _without_formulas(sheet.rows[number]) for number in sheet.formula_rows})


def _without_formulas(row: bytes) -> bytes:
    row = plain_xml.without_formulas(row)
    return FORMULA.sub(b"", row) if any(text in row for text in plain_xml.FORMULA_BEGINS) else row


def _with_known_errors(rows: bytes) -> bytes:
    return _NEWER_ERROR.sub(rb"\1#VALUE!", rows) if _ERROR in rows else rows
