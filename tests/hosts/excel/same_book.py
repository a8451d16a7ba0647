"""What two books show, compared."""

from datetime import datetime

import pytest
from openpyxl.utils.datetime import to_excel

from addin.actions.checking import check_lines

SETTINGS = ("ScreenUpdating", "EnableEvents", "Calculation", "CalculationInterruptKey", "StatusBar", "DisplayAlerts")


def state(book):
    """What a user sees of a book: tables, named cells, checks, notes."""
    tables = {name: book.table(name) for name in book.tables()}
    shown = {name: [row for row in book.cells(name) if row != [None]] for name in sorted(book.names())}
    return {name: (t.top, t.left, dict(t.columns), t.calculated) for name, t in tables.items()}, shown, \
        check_lines(book), book.notes()  # fmt: skip


def alike(one, other):
    """Equal, numbers to twelve digits, since the two recalculate different sets of cells."""
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-12, abs=1e-12)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


def settings(excel):
    return [getattr(excel, name) for name in SETTINGS]


def everything(opened):
    """Every cell, table, name and note, as they are held."""
    found = {ws.title: {c.coordinate: held(c) for row in ws.iter_rows() for c in row if c.value is not None}
             for ws in opened.inside.worksheets}  # fmt: skip
    found |= {table.name: table.ref for ws in opened.inside.worksheets for table in ws.tables.values()}
    found["protected"] = {ws.title: ws.protection.sheet for ws in opened.inside.worksheets}
    found["notes"] = {p.name: p.value for p in opened.props}
    return found


def held(cell):
    value = cell.value
    if isinstance(value, datetime):
        value = to_excel(value)
    return getattr(value, "text", value), cell.number_format, cell.protection.locked
