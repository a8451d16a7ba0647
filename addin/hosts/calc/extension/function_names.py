"""The functions' names in formulas, which LibreOffice before 25.2 neither understands nor writes in Excel files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

FORMULA = 16
"""com.sun.star.sheet.CellFlags.FORMULA"""
LONG = "org.returnoncustomer.metrics."
"""What LibreOffice puts before a function's UNO name in a file."""
PREFIX = r"(?:_xludf\.|_xldudf_|_xlfn\.|_xll\.|\[\d+\]!|'[^']*\.xlam?'(?:#\$?|[!.]))?"


def identifier(name: str) -> str:
    """A name as UNO takes it, which knows no underscores."""
    return name.lower().replace("_", "")


class Calls:
    """Finds calls of our functions in formulas, however they are prefixed."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {LONG + identifier(name): name for name in names}
        self._names |= {name.lower(): name for name in self._names.values()}
        long, bare = (
            "|".join(re.escape(name) for name in sorted(self._names, key=len, reverse=True) if ("." in name) is dotted)
            for dotted in (True, False)
        )
        self._call = re.compile(rf'"[^"]*"|(?<![\w.!])(?:({long})|{PREFIX}({bare}))(?=\()', re.IGNORECASE)

    def _name(self, found: re.Match[str]) -> str:
        text = found[1] or found[2]
        return self._names[text.lower()] if text else ""

    def called_in(self, formula: str) -> list[str]:
        """The functions that a formula calls."""
        return [name for found in self._call.finditer(formula) if (name := self._name(found))]

    def short(self, formula: str) -> str:
        """The formula with each call by its bare name."""
        return self._call.sub(lambda found: self._name(found) or found[0], formula)


def repair(document: Any, calls: Calls) -> None:
    """Let LibreOffice understand the calls in a document's cells, names and conditional formats."""
    modified = document.isModified()
    automatic = document.isAutomaticCalculationEnabled()
    undo = document.getUndoManager()
    document.addActionLock()
    undo.lock()
    document.enableAutomaticCalculation(False)
    try:
        _repair_names(document.NamedRanges, calls)
        for sheet in document.Sheets:
            _repair_names(sheet.NamedRanges, calls)
            _repair_conditions(sheet, calls)
            enter(sheet, sheet.queryContentCells(FORMULA).getRangeAddresses(), calls)
    finally:
        document.enableAutomaticCalculation(automatic)
        undo.unlock()
        document.removeActionLock()
        document.setModified(modified)


def enter(sheet: Any, addresses: Iterable[Any], calls: Calls) -> int:
    """Enter the formulas with calls in some ranges again, which calculates them; how many there are."""
    with unprotected(sheet):
        return sum(_enter_block(sheet, block_at(sheet, address), calls) for address in addresses)


@contextmanager
def unprotected(sheet: Any) -> Iterator[None]:
    """Lift a protection without a password meanwhile, as LibreOffice enters no array formula under it."""
    if not sheet.isProtected():
        yield
        return
    with suppress(Exception):  # a password is asked for: single cells can be entered all the same
        sheet.unprotect("")
    try:
        yield
    finally:
        sheet.protect("")


def block_at(sheet: Any, address: Any) -> Any:
    """The cells of an address."""
    return sheet.getCellRangeByPosition(address.StartColumn, address.StartRow, address.EndColumn, address.EndRow)


def _enter_block(sheet: Any, block: Any, calls: Calls) -> int:
    rows = block.getFormulaArray()
    ours = [(r, c) for r, row in enumerate(rows) for c, formula in enumerate(row) if calls.called_in(formula)]
    if not ours:
        return 0
    if not sheet.isProtected() and not any(formula.startswith("{") for row in rows for formula in row):
        block.setFormulaArray(tuple(tuple(map(calls.short, row)) for row in rows))
        return len(ours)
    seen: set[str] = set()
    for row, column in ours:
        cell, formula = block.getCellByPosition(column, row), calls.short(rows[row][column])
        if not formula.startswith("{"):
            cell.setFormula(formula)
        elif (area := array_of(sheet, cell)).AbsoluteName not in seen:
            seen.add(area.AbsoluteName)
            area.setArrayFormula(formula[1:-1])
    return len(ours)


def array_of(sheet: Any, cell: Any) -> Any:
    """The cells that an array formula fills."""
    cursor = sheet.createCursorByRange(cell)
    cursor.collapseToCurrentArray()
    return cursor


def _repair_names(names: Any, calls: Calls) -> None:
    for name in names:
        if calls.called_in(name.Content):
            name.setContent(calls.short(name.Content))


def _repair_conditions(sheet: Any, calls: Calls) -> None:
    for entry in _conditions(sheet):
        for part in ("Formula1", "Formula2"):
            formula = getattr(entry, part, "")
            if formula and calls.called_in(formula):
                setattr(entry, part, calls.short(formula))


def _conditions(sheet: Any) -> Iterator[Any]:
    for conditional in sheet.ConditionalFormats.getConditionalFormats():
        for index in range(conditional.getCount()):
            yield conditional.getByIndex(index)
