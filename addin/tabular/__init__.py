"""The one reader of CSV and Excel files.

A file is read by `read_file`, which finds its encoding, its separator, its sheet and the row of its headings. A column
is then read by `read_dates`, `read_numbers`, `read_texts` or `read_anything`, each of which decides from the whole
column how it is written (`dates.decide`, `numbers.decide`), asks the rest of the file where the column does not tell,
and names what stays unclear. DuckDB scans large files by the same decisions and the same patterns.
"""

from __future__ import annotations

from addin.tabular.amount_units import AmountUnit, unit_named, without_unit
from addin.tabular.cells import Cell
from addin.tabular.columns import (
    Column,
    Habits,
    NotRead,
    Unclear,
    read_anything,
    read_dates,
    read_numbers,
    read_texts,
    texts_of,
)
from addin.tabular.numbers import currency
from addin.tabular.reader import ENDINGS, DataFile, files_in, read_file

__all__ = [
    "ENDINGS",
    "AmountUnit",
    "Cell",
    "Column",
    "DataFile",
    "Habits",
    "NotRead",
    "Unclear",
    "currency",
    "files_in",
    "read_anything",
    "read_dates",
    "read_file",
    "read_numbers",
    "read_texts",
    "texts_of",
    "unit_named",
    "without_unit",
]
