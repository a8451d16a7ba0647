"""Excel files: the rows of the sheet that holds a table, formulas as their saved values.

pandas.read_excel reads the same cells by the same library, but gives one NaN for every error value.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from addin.errors import BookError
from addin.tabular.cells import Cell, text_cell
from addin.tabular.headings import ROWS_SEEN, heading_row
from addin.values import serial

ENDINGS = (".xlsx", ".xlsm")


@contextmanager
def excel_sheet(path: Path, name: str = "") -> Iterator[tuple[Any, list[str]]]:
    """The sheet of a workbook that is named, or the first with a table; and the names of the other sheets."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = (InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, EOFError, KeyError, ValueError)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(path, read_only=True, data_only=True)
            try:
                sheets = {sheet.title: sheet for sheet in book.worksheets}
                for sheet in sheets.values():
                    sheet.reset_dimensions()
                if not sheets:
                    raise BookError(f"{path} has no sheet that can be read, as in Strict Open XML; save it as Excel "
                                    "Workbook (.xlsx)")  # fmt: skip
                if name and name not in sheets:
                    raise BookError(f"{path} has no sheet {name}; it has {', '.join(sheets)}")
                chosen = sheets[name] if name else max(sheets.values(), key=_likeness)
                yield chosen, [other for other in sheets if other != chosen.title]
            finally:
                book.close()
        except damaged as error:
            raise BookError(f"{path} is not a workbook that can be read, or is cut off ({error}); save it as .xlsx "
                            "again") from None  # fmt: skip


def _likeness(sheet: Any) -> int:
    """How much a sheet is like a table: three columns and rows beneath headings do, two or one are less."""
    if sheet.sheet_state != "visible":
        return 0
    rows = list(islice(sheet.iter_rows(values_only=True), ROWS_SEEN))
    at = heading_row(rows)
    below = any(any(cell is not None for cell in row) for row in rows[at + 1 :])
    return min(3, sum(cell is not None for cell in rows[at])) if rows and below else 0


def excel_rows(sheet: Any) -> Iterator[list[Cell]]:
    """The cells of a sheet, row by row."""
    for row in sheet.iter_rows(values_only=True):
        yield [_value(cell) for cell in row]


def _value(cell: Any) -> Cell:
    match cell:
        case bool() | None:
            return cell
        case int():
            return float(cell)
        case date():
            return serial(cell)
        case time():
            return (cell.hour * 60 + cell.minute) / 1440 + cell.second / 86400
        case timedelta():
            return cell / timedelta(days=1)
        case str():
            return text_cell(cell)
        case float():
            return cell
    return str(cell)
