"""Excel files: the rows of the sheet that holds a table, formulas as their saved values.

pandas.read_excel reads the same cells by the same library, but gives one NaN for every error value.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from addin.archive import opened, refuse_document_types
from addin.errors import BookError
from addin.files import read_whole
from addin.tabular.cells import Cell, text_cell
from addin.tabular.headings import ROWS_SEEN, heading_row
from addin.tabular.numbers import CURRENCIES
from addin.values import MOST_DIGITS, serial

ENDINGS = (".xlsx", ".xlsm")
_FILLED_UP = re.compile("0{2,}")
"""The format of numbers that have zeros before them, as ids have."""
_CURRENCY_SHOWN = re.compile(r"""\[\$([^\]-]+)|"([^"]+)"|[€£¥₽₴₹₺₪₩$]""")


@contextmanager
def excel_sheet(path: Path, name: str = "") -> Iterator[tuple[Any, list[str]]]:
    """The sheet of a workbook that is named, or the first with a table; and the names of the other sheets."""
    from openpyxl import load_workbook

    data = read_whole(path)
    refuse_document_types(opened(data, str(path)), str(path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(BytesIO(data), read_only=True, data_only=True)
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
        except (BookError, MemoryError):
            raise
        except Exception as error:  # openpyxl raises whatever its own code meets in a damaged file
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
    """The cells of a sheet, row by row: as shown where formats name several currencies, or fill up ids with zeros."""
    formats = _formats(sheet.parent)
    currencies = len({currency_shown(number_format) for number_format in formats} - {""}) > 1
    if currencies or any(map(_FILLED_UP.fullmatch, formats)):
        for row in sheet.iter_rows():
            yield [_shown(cell.value, cell.number_format, currencies=currencies) for cell in row]
        return
    for row in sheet.iter_rows(values_only=True):
        yield [_value(cell) for cell in row]


def _formats(book: Any) -> set[str]:
    """The number formats of a workbook's cells."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    ids = {style.numFmtId for style in book._cell_styles}
    own = dict(enumerate(book._number_formats, start=164))
    return {own.get(number) or BUILTIN_FORMATS.get(number, "") for number in ids}


def currency_shown(number_format: str) -> str:
    """The currency that a number format puts beside an amount; nothing where it names none."""
    shown = (found[1] or found[2] or found[0] for found in _CURRENCY_SHOWN.finditer(number_format))
    return next((code for text in shown if (code := CURRENCIES.get(text.strip().casefold(), ""))), "")


def _shown(cell: Any, number_format: str, *, currencies: bool) -> Cell:
    """A cell with the zeros before its number, or with its currency."""
    value = _value(cell)
    if not isinstance(value, float):
        return value
    if _FILLED_UP.fullmatch(number_format) and value >= 0 and value.is_integer():
        return f"{value:0{len(number_format)}.0f}"
    name = currency_shown(number_format) if currencies else ""
    return f"{value!r} {name}" if name else value


def _value(cell: Any) -> Cell:
    match cell:
        case bool() | None:
            return cell
        case int():
            return float(cell) if abs(cell) < MOST_DIGITS else str(cell)
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
