"""An open document, as an action in the button server asks for it: each request is answered here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from . import excel_files, frames, function_names
from .cell_values import put, shown
from .database_ranges import DatabaseRanges, Refused
from .formula_syntax import from_excel, to_excel
from .undo import undoable

REMOVABLE = 128
"""com.sun.star.beans.PropertyAttribute.REMOVABLE"""
AREA = re.compile(r"\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?", re.IGNORECASE)
Frame = tuple[dict[str, Any], bytes]


class Cancelled(Exception):
    """The user cancelled."""

    def __init__(self, *, announced: bool = False) -> None:
        super().__init__()
        self.announced = announced
        """Whether the user is to read that; who closed a window knows."""


class OpenDocument:
    """A document and the windows before it, answering the requests of one action."""

    def __init__(
        self, context: Any, document: Any, calls: function_names.Calls, columns: dict[str, Any], dialogs: Any
    ) -> None:
        self.context, self.document, self.calls, self.dialogs = context, document, calls, dialogs
        self.columns = columns
        self.tables = DatabaseRanges(document, columns)
        self._undo: Any = None
        self._before: tuple[int, bool, bool] = (0, False, False)

    def answer(self, head: dict[str, Any], cells: bytes) -> Frame:
        """The answer to a request; what went wrong is part of it."""
        request: Callable[..., Any] = getattr(self, f"on_{head.pop('do')}")
        try:
            if "listed" in head:
                head["given"] = frames.unpacked(head.pop("listed"), cells)
            found = request(**head)
        except Cancelled as cancelled:
            return {"cancelled": cancelled.announced}, b""
        except Refused as refused:
            return {"wrong": refused.wrong}, b""
        except Exception as error:  # UNO's exceptions have a class each, and the action has to be put back
            text = f"LibreOffice could not do this: {str(error) or type(error).__name__}"
            return {"wrong": {"what": "failed", "text": text}}, b""
        return found if isinstance(found, tuple) else ({"value": found}, b"")

    def close(self) -> None:
        """Put back what an action left half done, as when its process died."""
        if self._undo is not None:
            self.on_end(keep=False)

    # --- reading

    def on_title(self) -> str:
        """What messages call the document."""
        path = excel_files.local_path(self.document.URL)
        return str(path) if path else str(self.document.Title)

    def on_habits(self) -> dict[str, Any]:
        """How the user writes: the decimal mark, and whether the month stands before the day."""
        data = self.context.ServiceManager.createInstanceWithContext("com.sun.star.i18n.LocaleData2", self.context)
        locale = self.document.CharLocale
        first = next(iter(data.getDateAcceptancePatterns(locale)), "")
        return {"decimal": data.getLocaleItem(locale).decimalSeparator, "month_first": first.startswith("M")}

    def on_file(self) -> dict[str, Any]:
        """The document's file, and whether the document was changed since it was saved."""
        return {
            "path": str(excel_files.local_path(self.document.URL) or ""),
            "changed": bool(self.document.isModified()),
        }

    def on_save(self) -> None:
        """Save the document in its file."""
        self.document.store()

    def on_tables(self) -> list[str]:
        """The names of the tables."""
        return self.tables.names()

    def on_names(self) -> list[str]:
        """The names defined for the whole document."""
        return list(self.document.NamedRanges.ElementNames)

    def on_table(self, name: str) -> Frame:
        """A table: where it stands, its columns and their cells."""
        table = self.tables.table(name)
        columns = [tuple((cell,) for cell in column) for column in zip(*shown(table.body), strict=True)]
        beneath = self.tables.beneath(table)
        listed, raw = frames.packed([*columns, *([shown(beneath)] if beneath else [])])
        return {
            "name": table.name, "beneath": table.range.DataArea.EndRow + 2,
            "sheet": table.sheet.Name, "top": table.first + 1, "left": table.left + 1,
            "rows": table.last - table.first + 1, "columns": table.columns, "calculated": list(table.formulas),
            "has_totals": bool(table.range.TotalsRow), "listed": listed,
        }, raw  # fmt: skip

    def on_cells(self, place: str) -> Frame:
        """What an area shows, as far as the sheet is used."""
        block = self._area(place)
        cursor = block.getSpreadsheet().createCursor()
        cursor.gotoEndOfUsedArea(False)
        used, area = cursor.getRangeAddress(), block.getRangeAddress()
        area.EndRow = max(area.StartRow, min(area.EndRow, used.EndRow))
        area.EndColumn = max(area.StartColumn, min(area.EndColumn, used.EndColumn))
        listed, raw = frames.packed([shown(function_names.block_at(block.getSpreadsheet(), area))])
        return {"listed": listed}, raw

    def _area(self, place: str) -> Any:
        names = {name.lower(): name for name in self.document.NamedRanges.ElementNames}
        if place.lower() in names:
            found = self.document.NamedRanges.getByName(names[place.lower()]).getReferredCells()
            if found is not None:
                return found
        sheet, _, cells = place.rpartition("!")
        sheet = sheet.strip("'").replace("''", "'")
        if not self.document.Sheets.hasByName(sheet) or not AREA.fullmatch(cells):
            raise Refused("no cell", place=place)
        return self.document.Sheets.getByName(sheet).getCellRangeByName(cells)

    def on_notes(self, prefix: str = "") -> dict[str, str]:
        """The texts in the document's properties whose names begin so."""
        kept = self.document.DocumentProperties.UserDefinedProperties
        found = [each.Name for each in kept.PropertySetInfo.Properties if each.Name.startswith(prefix)]
        return {name: str(kept.getPropertyValue(name)) for name in found}

    # --- one step

    def on_begin(self, title: str) -> None:
        """Begin a step: until it ends nothing is calculated by itself."""
        document = self.document
        self._undo = document.getUndoManager()
        automatic = document.isAutomaticCalculationEnabled()
        self._before = len(self._undo.getAllUndoActionTitles()), automatic, document.isModified()
        document.enableAutomaticCalculation(False)
        document.IsAdjustHeightEnabled = False  # each row's height would be measured for each column that is written
        document.lockControllers()
        self._undo.enterUndoContext(title)

    def on_end(self, *, keep: bool) -> None:
        """End the step, and keep what was written or put everything back."""
        undo, self._undo = self._undo, None
        document, (steps, automatic, modified) = self.document, self._before
        try:
            undo.leaveUndoContext()
            if not keep and len(undo.getAllUndoActionTitles()) > steps:
                undo.undo()
                undo.clearRedo()
        finally:
            document.unlockControllers()
            document.IsAdjustHeightEnabled = True
            document.enableAutomaticCalculation(automatic)
            if not keep:
                document.calculate()
                if not modified:
                    self._saved()

    def _saved(self) -> None:
        """Mark the document as unchanged, and its charts, which calculating redraws."""
        for sheet in self.document.Sheets:
            for chart in sheet.Charts:
                chart.EmbeddedObject.setModified(False)
        self.document.setModified(False)

    def on_undo(self) -> str:
        """Take back the last step, and give its title."""
        undo = self.document.getUndoManager()
        if not undo.isUndoPossible():
            raise Refused("no step")
        title = str(undo.getCurrentUndoActionTitle())
        undo.undo()
        return title

    def on_write(
        self, tables: Sequence[dict[str, Any]], cells: Sequence[str], formulas: dict[str, str], notes: dict[str, str],
        given: list[frames.Cells],
    ) -> None:  # fmt: skip
        """Write a change: the tables' columns, then single cells, formulas and notes."""
        values = iter(given)
        for change in tables:
            columns = [(column, first - 1, next(values)) for column, first in change["columns"].items()]
            filled = {column: first - 1 for column, first in change["formulas"].items()}
            start, bottom, last = (change[row] - 1 for row in ("start", "bottom", "last"))
            self.tables.write(change["name"], start, bottom, last, columns, filled)
        for place in cells:
            put(self._area(place), next(values))
        for place, formula in formulas.items():
            self._enter(place, from_excel(self.calls.short(formula)))
        before = self.on_notes()
        self._keep_notes(notes)
        if notes:
            old = {name: before.get(name, "") for name in notes}
            undoable(self.document, lambda: self._keep_notes(old), lambda: self._keep_notes(notes))

    def _enter(self, place: str, formula: str) -> None:
        """Put a formula into a cell, or an array formula over an area."""
        area = self._area(place)
        if area.Rows.Count == area.Columns.Count == 1:
            area.getCellByPosition(0, 0).setFormula(formula)
            return
        with function_names.unprotected(area.getSpreadsheet()):
            area.setArrayFormula(formula)
        if not area.getArrayFormula():
            raise Refused("password", sheet=area.getSpreadsheet().Name)

    def _keep_notes(self, notes: dict[str, str]) -> None:
        kept = self.document.DocumentProperties.UserDefinedProperties
        for name, text in notes.items():
            if kept.PropertySetInfo.hasPropertyByName(name):
                kept.removeProperty(name)
            if text:
                kept.addProperty(name, REMOVABLE, text)

    def on_calculate(self) -> list[dict[str, Any]]:
        """Calculate what changed; gives the cells that call our functions."""
        self.document.calculate()
        found = []
        for sheet in self.document.Sheets:
            seen: set[str] = set()
            for address in sheet.queryContentCells(function_names.FORMULA).getRangeAddresses():
                block = function_names.block_at(sheet, address)
                for down, row in enumerate(block.getFormulaArray()):
                    for across, formula in enumerate(row):
                        if self.calls.called_in(formula):
                            found += self._our_cell(sheet, block.getCellByPosition(across, down), formula, seen)
        return found

    def _our_cell(self, sheet: Any, cell: Any, formula: str, seen: set[str]) -> list[dict[str, Any]]:
        area = function_names.array_of(sheet, cell) if formula.startswith("{") else cell
        place = str(area.AbsoluteName).rpartition(".")[2].replace("$", "")
        if place in seen:
            return []
        seen.add(place)
        text = to_excel(self.calls.short(formula.strip("{}")))
        values = [[frames.scalar(value) for value in row] for row in shown(area)]
        return [{"place": f"{sheet.Name}!{place}", "formula": text, "values": values}]

    # --- talking

    def on_status(self, doing: str, done: int, of: int) -> None:
        """Show what is being done; the user may cancel meanwhile."""
        if self.dialogs.status(doing, done, of):
            raise Cancelled(announced=True)

    def on_ask(self, question: str) -> bool:
        """Let the user say yes or no."""
        return bool(self.dialogs.ask(question))

    def on_form(self, **form: Any) -> dict[str, Any]:
        """Let the user fill in a form."""
        values: dict[str, Any] | None = self.dialogs.form(**form)
        if values is None:
            raise Cancelled
        return values

    def on_files(self, **wanted: Any) -> list[str]:
        """Let the user choose files to read, or one to write."""
        urls = self.dialogs.files(**wanted)
        paths = [str(path) for url in urls if (path := excel_files.local_path(url))]
        if not paths:
            raise Cancelled
        return paths

    def on_select(self, place: str) -> None:
        """Show a place."""
        self.document.getCurrentController().select(self._area(place))
