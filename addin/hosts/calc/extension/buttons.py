"""What the buttons do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from . import function_names
from .document import OpenDocument
from .frames import ERROR_NAMES
from .number_formats import show_columns
from .server_process import Call, Link

ERRORS = 4
"""com.sun.star.sheet.FormulaResult.ERROR"""
STAMP = "out_LastRefresh"
"""The name that a book made from the template has."""
ARGUMENT = (502, 504)
"""LibreOffice's own errors for a range that it does not hand to an add-in, since a cell in it holds an error."""


@dataclass
class DocumentWindow:
    """The window in which a button was pressed, and what the extension knows."""

    context: Any
    frame: Any
    functions: dict[str, Any]
    calls: function_names.Calls
    link: Link
    help: str
    columns: dict[str, Any]
    """Tables of the template to the formulas of their columns."""
    dialogs: Any

    @property
    def document(self) -> Any:
        """The document in the window."""
        return self.frame.getController().getModel()

    @property
    def sheet(self) -> Any:
        """The sheet in the window."""
        return self.frame.getController().getActiveSheet()

    @property
    def cell(self) -> Any:
        """The first cell of the selection."""
        selection = self.document.getCurrentSelection()
        if not hasattr(selection, "getRangeAddresses"):
            return self.sheet.getCellByPosition(selection.RangeAddress.StartColumn, selection.RangeAddress.StartRow)
        return self.sheet.getCellByPosition(
            selection.getRangeAddresses()[0].StartColumn, selection.getRangeAddresses()[0].StartRow
        )

    def show(self, title: str, message: str) -> None:
        """Show a message and wait until it is read."""
        parent = self.frame.getContainerWindow()
        box = parent.getToolkit().createMessageBox(parent, _enum("MessageBoxType", "INFOBOX"), 1, title, message)
        box.execute()
        box.dispose()

    @contextmanager
    def one_step(self, title: str) -> Iterator[None]:
        """Let Undo take back everything inside at once."""
        undo = self.document.getUndoManager()
        undo.enterUndoContext(title)
        try:
            yield
        finally:
            undo.leaveUndoContext()

    @contextmanager
    def status(self, text: str) -> Iterator[None]:
        """Say in the status bar what takes its time."""
        indicator = self.frame.createStatusIndicator()
        indicator.start(text, 0)
        try:
            yield
        finally:
            indicator.end()


def _enum(kind: str, value: str) -> Any:
    import uno

    return uno.Enum(f"com.sun.star.awt.{kind}", value)


def carried_out(name: str, window: DocumentWindow) -> str:
    """What the button server says once it has carried out a button."""
    document = OpenDocument(window.context, window.document, window.calls, window.columns, window.dialogs)
    window.dialogs.begin()
    try:
        return window.link.act(name, document.answer)
    finally:
        document.close()
        window.dialogs.end()


def refresh_all(window: DocumentWindow) -> str:
    """Calculate everything again; in the template also bring its tables and results up to date."""
    with window.status("Calculating all formulas"):
        window.document.calculateAll()
    return carried_out("refresh_all", window) if window.document.NamedRanges.hasByName(STAMP) else ""


def refresh_selection(window: DocumentWindow) -> str:
    """Calculate our functions in the selected cells again."""
    selected = window.document.getCurrentSelection()
    with window.status("Calculating the selection"), window.one_step("Refresh selection"):
        addresses = selected.queryContentCells(function_names.FORMULA).getRangeAddresses()
        count = function_names.enter(window.sheet, addresses, window.calls)
    return "" if count else "No selected cell uses a function of Customer Value; select some that do."


def explain(window: DocumentWindow) -> str:
    """Say why the selected cell shows an error."""
    cell, where = window.cell, _address(window.cell)
    called = window.calls.called_in(cell.getFormula())
    code = cell.getError()
    if not code:
        call = _recalculated(window, cell) if called else None
        if call and call.error:
            return f"{where} shows a table in which {call.error} stands: {call.reason}"
        if call and _part_of_table(window, cell, call):
            return (
                f"{where} shows a part of a table of {call.rows} rows and {call.columns} columns: press Resize table "
                f"to see it all. {call.reason}".strip()
            )
        return f"{where} shows no error." + (f" {call.reason}" if call and call.reason else "")
    shown = ERROR_NAMES.get(code, f"Err:{code}")
    if not called:
        return f"{where} shows {shown}, and calls no function of Customer Value: look at what it reads."
    if faulty := _first_error_read(window, cell):
        at, error = faulty
        return f"{where} shows {shown} because it reads {at}, which shows {error}; fix that cell first."
    call = _recalculated(window, cell)
    if call and call.reason:
        return f"{where} shows {shown}. {call.reason}"
    if code in ARGUMENT:
        return f"{where} shows {shown}: an argument is of a kind that LibreOffice does not hand over."
    return f"{where} shows {shown}, which does not come from a function of Customer Value."


def _part_of_table(window: DocumentWindow, cell: Any, call: Call) -> bool:
    """Whether a formula is the call of a function that gives a table, in fewer cells than that needs."""
    formula = cell.getFormula()
    if not window.calls.short(formula).lstrip("{=").startswith(f"{call.function}("):
        return False
    area = function_names.array_of(cell.getSpreadsheet(), cell) if formula.startswith("{") else cell
    shown = area.getRangeAddress()
    return bool(shown.EndRow - shown.StartRow + 1 < call.rows or shown.EndColumn - shown.StartColumn + 1 < call.columns)


def _first_error_read(window: DocumentWindow, cell: Any) -> tuple[str, str] | None:
    own = cell.AbsoluteName
    for address in cell.queryPrecedents(False).getRangeAddresses():
        sheet = window.document.Sheets.getByIndex(address.Sheet)
        for found in function_names.block_at(sheet, address).queryFormulaCells(ERRORS).getRangeAddresses():
            first = sheet.getCellByPosition(found.StartColumn, found.StartRow)
            if first.AbsoluteName != own:
                return _address(first), ERROR_NAMES.get(first.getError(), f"Err:{first.getError()}")
    return None


def _recalculated(window: DocumentWindow, cell: Any) -> Call | None:
    """What came of calculating a cell again: its last call that failed, or its last call."""
    document = window.document
    modified, undo = document.isModified(), document.getUndoManager()
    window.link.calls.clear()
    undo.lock()
    try:
        function_names.enter(cell.getSpreadsheet(), [cell.getRangeAddress()], window.calls)
        cell.getError()
    finally:
        undo.unlock()
        document.setModified(modified)
    failed = [call for call in window.link.calls if call.error]
    made = failed or list(window.link.calls)
    return made[-1] if made else None


def _address(cell: Any) -> str:
    return str(cell.AbsoluteName).replace("$", "").rsplit(".", 1)[-1]


def show_functions(window: DocumentWindow) -> str:
    """Help for the functions that the selected cell calls, or the list of all."""
    called = dict.fromkeys(window.calls.called_in(window.cell.getFormula()))
    if called:
        return "\n\n".join(window.functions[name]["help"] for name in called)
    families: dict[str, list[str]] = {}
    for name, function in window.functions.items():
        families.setdefault(function["family"], []).append(name)
    listed = "\n".join(f"{family}: {', '.join(members)}" for family, members in families.items())
    return f"{listed}\n\nType =NPS( in a cell, or select a cell that uses a function and press this again for its help."


def resize_table(window: DocumentWindow) -> str:
    """Let the selected array formula fill as many cells as its result has."""
    cell, sheet = window.cell, window.sheet
    formula = cell.getFormula()
    called = window.calls.called_in(formula)
    if not called:
        return f"{_address(cell)} calls no function of Customer Value; select the first cell of a table."
    area = function_names.array_of(sheet, cell) if formula.startswith("{") else cell
    old = area.getRangeAddress()
    bare = formula.strip("{}")
    call = _recalculated(window, cell)
    if call is None:
        return f"{_address(cell)} could not be calculated; press Explain."
    start = sheet.getCellByPosition(old.StartColumn, old.StartRow)
    right, bottom = old.StartColumn + call.columns - 1, old.StartRow + call.rows - 1
    new = sheet.getCellRangeByPosition(old.StartColumn, old.StartRow, right, bottom)
    taken = [
        address for address in new.queryContentCells(1 | 2 | 4 | 16).getRangeAddresses() if not _inside(address, old)
    ]
    if taken:
        return f"The table needs {call.rows} rows and {call.columns} columns from {_address(start)}; clear those cells."
    with window.one_step("Resize table"):
        area.clearContents(function_names.FORMULA)
        new.setArrayFormula(bare)
        show_columns(window.document, new, window.functions[call.function]["columns"])
    return ""


def _inside(inner: Any, outer: Any) -> bool:
    return bool(
        outer.StartRow <= inner.StartRow <= inner.EndRow <= outer.EndRow
        and outer.StartColumn <= inner.StartColumn <= inner.EndColumn <= outer.EndColumn
    )


def doctor(window: DocumentWindow) -> str:
    """Say what works."""
    works, sentences = window.link.about()
    found = "\n".join(f"{'OK' if works else 'fail'}  {sentence}" for sentence in sentences)
    extension = f"{len(window.functions)} functions in this extension, LibreOffice has Python {sys.version.split()[0]}"
    return f"{found}\nOK  {extension}"


def show_help(window: DocumentWindow) -> str:
    """How to begin, and what each button does."""
    return window.help


def about(window: DocumentWindow) -> str:
    """What this is."""
    count = len(window.functions)
    return f"Return on Customer: {count} functions. MIT licence."


OWN: dict[str, Callable[[DocumentWindow], str]] = {
    "refresh_all": refresh_all,
    "refresh_selection": refresh_selection,
    "functions": show_functions,
    "explain": explain,
    "resize_table": resize_table,
    "doctor": doctor,
    "help": show_help,
    "about": about,
}
"""What is done here; all other buttons are carried out by the button server."""


def press(name: str, window: DocumentWindow) -> str:
    """Do what a button does, and give what it says."""
    own = OWN.get(name)
    return own(window) if own else carried_out(name, window)
