"""Rules of tables and values: what a book shows with the sample, with rows of the user's, and with none."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring

from addin.schema import sample
from addin.schema.declaration import WRITTEN_SHEET
from addin.schema.terms import YES
from addin.template.rules.book_reader import (
    Finding,
    Opened,
    cells,
    formula_of,
    is_data,
    sheet_of,
    value_of,
)

EXACT = 1e-12
CELL, FORMULA, SAVED = (f"{{{SHEET_MAIN_NS}}}{name}" for name in "cfv")


def data_is_in_tables(opened: Opened) -> Iterator[Finding]:
    """The rows of the user stand in one table a sheet; what Refresh writes may stand together."""
    for sheet in filter(is_data, opened.book.worksheets):
        if len(sheet.tables) != 1 and sheet.title != WRITTEN_SHEET:
            yield Finding(sheet.title, f"has {len(sheet.tables)} tables, not one")


def tables_fill_down(opened: Opened) -> Iterator[Finding]:
    """Calculated columns fill into new rows."""
    for sheet in opened.book.worksheets:
        for table in sheet.tables.values():
            first_row = sheet[table.ref][1]
            for cell, column in zip(first_row, table.tableColumns, strict=True):
                if formula_of(cell) and not column.calculatedColumnFormula:
                    yield Finding(
                        f"{table.name}[{column.name}]",
                        "its formula does not fill new rows; use roc repair",
                    )


def checks_are_passed(opened: Opened) -> Iterator[Finding]:
    """The overall flag says OK."""
    if (flag := value_of(opened.values, "chk_All")) != "OK":
        yield Finding("chk_All", f"is {flag}, not OK")


def no_error_values(opened: Opened) -> Iterator[Finding]:
    """No cell outside Checks shows an error value, but for the #N/A that makes a chart leave a point out."""
    yield from _errors(opened.values, opened.book)


def _errors(values: Workbook, book: Workbook) -> Iterator[Finding]:
    for place, cell in cells(values):
        sheet = sheet_of(cell).title
        if cell.data_type == "e" and sheet != "Checks" and not is_left_out(book[sheet][cell.coordinate], cell.value):
            yield Finding(place, f"shows {cell.value}")


def is_left_out(cell: Cell, value: object) -> bool:
    """Whether a cell's formula gives #N/A on purpose."""
    return value == "#N/A" and "NA()" in formula_of(cell)


def values_are_saved(opened: Opened) -> Iterator[Finding]:
    """Every formula has a saved value, for viewers that calculate nothing."""
    for part in opened.package.namelist():
        if part.startswith("xl/worksheets/sheet"):
            for cell in fromstring(opened.package.read(part)).iter(CELL):
                if cell.find(FORMULA) is not None and cell.find(SAVED) is None:
                    yield Finding(f"{part}, {cell.get('r')}", "is a formula without a saved value")


def stands_empty(opened: Opened) -> Iterator[Finding]:
    """With every typed cell of the tables blank no error shows outside Checks."""
    if opened.emptied:
        yield from _errors(opened.emptied, opened.book)


def sample_is_marked(opened: Opened) -> Iterator[Finding]:
    """Every sheet says so while rows are a sample."""
    for sheet in opened.book.worksheets:
        if "out_Banner" not in formula_of(sheet["C3"]):
            yield Finding(sheet.title, "does not say in C3 that the rows are a sample")


def florist_is_right(opened: Opened) -> Iterator[Finding]:
    """While the sample is unchanged and its campaign selected, its returns are the article's, from log and orders."""
    values = opened.values
    milestones = tuple(value_of(values, f"in_M{step}") for step in (1, 2, 3))
    if value_of(values, "chk_SampleOnly") != YES or milestones != sample.MILESTONES:
        return
    for step, gross in enumerate(sample.GROSS, start=1):
        wanted = dict.fromkeys((f"out_Gross{step}", f"out_FromLog{step}", f"out_FromOrders{step}"), gross)
        if value_of(values, "in_Margin") == 1:
            wanted[f"out_Net{step}"] = gross - 1
        for name, right in wanted.items():
            found = value_of(values, name)
            if not isinstance(found, (int, float)) or abs(found - right) > EXACT:
                yield Finding(name, f"is {found}, and {right:.12g} for the florist of the sample")
