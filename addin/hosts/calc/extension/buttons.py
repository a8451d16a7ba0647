"""What the buttons do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from . import function_names
from .document import Book
from .frames import ERROR_NAMES
from .server_process import Call, Link

ERRORS = 4
"""com.sun.star.sheet.FormulaResult.ERROR"""
STAMP = "out_LastRefresh"
"""The name that a book made from the template has."""
ARGUMENT = (502, 504)
"""LibreOffice's own errors for a range that it does not hand to an add-in, since a cell in it holds an error."""


@dataclass
class Desk:
    """What a button has before it."""

    context: Any
    frame: Any
    functions: dict[str, Any]
    calls: function_names.Calls
    link: Link
    columns: dict[str, Any]
    """Tables of the template to the formulas of their columns."""
    windows: Any

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
        window = self.frame.getContainerWindow()
        box = window.getToolkit().createMessageBox(window, _enum("MessageBoxType", "INFOBOX"), 1, title, message)
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


@dataclass(frozen=True)
class Button:
    """A button: its title, and what it does and then says."""

    title: str
    press: Callable[[Desk], str]


def _acting(action: str) -> Callable[[Desk], str]:
    """A button that an action in a process of its own carries out."""

    def press(desk: Desk) -> str:
        book = Book(desk.context, desk.document, desk.calls, desk.columns, desk.windows)
        desk.windows.begin()
        try:
            return desk.link.act(action, book.answer)
        finally:
            book.close()
            desk.windows.end()

    return press


def refresh_all(desk: Desk) -> str:
    """Calculate everything again; in the template also bring its tables and results up to date."""
    with desk.status("Calculating all formulas"):
        desk.document.calculateAll()
    return _acting("refresh_all")(desk) if desk.document.NamedRanges.hasByName(STAMP) else ""


def refresh_selection(desk: Desk) -> str:
    """Calculate our functions in the selected cells again."""
    selected = desk.document.getCurrentSelection()
    with desk.status("Calculating the selection"), desk.one_step("Refresh selection"):
        addresses = selected.queryContentCells(function_names.FORMULA).getRangeAddresses()
        count = function_names.enter(desk.sheet, addresses, desk.calls)
    return "" if count else "No selected cell uses a function of Customer Value; select some that do."


def explain(desk: Desk) -> str:
    """Say why the selected cell shows an error."""
    cell, where = desk.cell, _address(desk.cell)
    called = desk.calls.named(cell.getFormula())
    code = cell.getError()
    if not code:
        call = _recalculated(desk, cell) if called else None
        if call and call.error:
            return f"{where} shows a table in which {call.error} stands: {call.reason}"
        return f"{where} shows no error." + (f" {call.reason}" if call and call.reason else "")
    shown = ERROR_NAMES.get(code, f"Err:{code}")
    if not called:
        return f"{where} shows {shown}, and calls no function of Customer Value: look at what it reads."
    if faulty := _first_error_read(desk, cell):
        at, error = faulty
        return f"{where} shows {shown} because it reads {at}, which shows {error}; mend that cell first."
    call = _recalculated(desk, cell)
    if call and call.reason:
        return f"{where} shows {shown}. {call.reason}"
    if code in ARGUMENT:
        return f"{where} shows {shown}: an argument is of a kind that LibreOffice does not hand over."
    return f"{where} shows {shown}, which does not come from a function of Customer Value."


def _first_error_read(desk: Desk, cell: Any) -> tuple[str, str] | None:
    own = cell.AbsoluteName
    for address in cell.queryPrecedents(False).getRangeAddresses():
        sheet = desk.document.Sheets.getByIndex(address.Sheet)
        for found in function_names.block_at(sheet, address).queryFormulaCells(ERRORS).getRangeAddresses():
            first = sheet.getCellByPosition(found.StartColumn, found.StartRow)
            if first.AbsoluteName != own:
                return _address(first), ERROR_NAMES.get(first.getError(), f"Err:{first.getError()}")
    return None


def _recalculated(desk: Desk, cell: Any) -> Call | None:
    """What came of calculating a cell again: its last call that failed, or its last call."""
    document = desk.document
    modified, undo = document.isModified(), document.getUndoManager()
    desk.link.calls.clear()
    undo.lock()
    try:
        function_names.enter(cell.getSpreadsheet(), [cell.getRangeAddress()], desk.calls)
        cell.getError()
    finally:
        undo.unlock()
        document.setModified(modified)
    failed = [call for call in desk.link.calls if call.error]
    made = failed or list(desk.link.calls)
    return made[-1] if made else None


def _address(cell: Any) -> str:
    return str(cell.AbsoluteName).replace("$", "").rsplit(".", 1)[-1]


def show_functions(desk: Desk) -> str:
    """Help for the functions that the selected cell calls, or the list of all."""
    called = dict.fromkeys(desk.calls.named(desk.cell.getFormula()))
    if called:
        return "\n\n".join(desk.functions[name]["help"] for name in called)
    families: dict[str, list[str]] = {}
    for name, function in desk.functions.items():
        families.setdefault(function["family"], []).append(name)
    listed = "\n".join(f"{family}: {', '.join(members)}" for family, members in families.items())
    return f"{listed}\n\nType =NPS( in a cell, or select a cell that uses a function and press this again for its help."


def resize_table(desk: Desk) -> str:
    """Let the selected array formula fill as many cells as its result has."""
    cell, sheet = desk.cell, desk.sheet
    formula = cell.getFormula()
    called = desk.calls.named(formula)
    if not called:
        return f"{_address(cell)} calls no function of Customer Value; select the first cell of a table."
    area = function_names.array_of(sheet, cell) if formula.startswith("{") else cell
    old = area.getRangeAddress()
    bare = formula.strip("{}")
    call = _recalculated(desk, cell)
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
    with desk.one_step("Resize table"):
        area.clearContents(function_names.FORMULA)
        new.setArrayFormula(bare)
    return ""


def _inside(inner: Any, outer: Any) -> bool:
    return bool(
        outer.StartRow <= inner.StartRow <= inner.EndRow <= outer.EndRow
        and outer.StartColumn <= inner.StartColumn <= inner.EndColumn <= outer.EndColumn
    )


def doctor(desk: Desk) -> str:
    """Say what works."""
    works, sentences = desk.link.about()
    found = "\n".join(f"{'OK' if works else 'fail'}  {sentence}" for sentence in sentences)
    inside = f"{len(desk.functions)} functions in this extension, LibreOffice has Python {sys.version.split()[0]}"
    return f"{found}\nOK  {inside}"


def show_help(desk: Desk) -> str:
    """How to begin."""
    return (
        "Type a function into a cell: =NPS(B2:B500), =CHURN(C2:C13;B2:B13), =CLV(5;20;500).\n\n"
        "Explain says why a cell shows an error. Functions lists what there is.\n"
        "A function that gives a table is entered with Ctrl+Shift+Enter; Resize table then fits it to its result.\n"
        "Refresh all calculates everything again; in the template it also renews tables, results and checks.\n"
        "Load data, New campaign, Log follow-up and Log introduction write rows; Undo takes each back in one step.\n"
        "Check inputs goes to what cannot be right. Sample takes the made-up rows out, or puts them in.\n"
        "Share saves a copy that opens without this extension; in such a copy Unfreeze brings its formulas back."
    )


def about(desk: Desk) -> str:
    """What this is."""
    return (
        f"Return on Customer: customer-value metrics in the spreadsheet.\n{len(desk.functions)} functions. MIT licence."
    )


BUTTONS = {
    "refresh_all": Button("Refresh all", refresh_all),
    "refresh_selection": Button("Refresh selection", refresh_selection),
    "load_data": Button("Load data", _acting("load_data")),
    "new_campaign": Button("New campaign", _acting("new_campaign")),
    "log_follow_up": Button("Log follow-up", _acting("log_follow_up")),
    "log_introduction": Button("Log introduction", _acting("log_introduction")),
    "check_inputs": Button("Check inputs", _acting("check_inputs")),
    "sample": Button("Sample", _acting("sample")),
    "share": Button("Share", _acting("share")),
    "unfreeze": Button("Unfreeze", _acting("unfreeze")),
    "functions": Button("Functions", show_functions),
    "explain": Button("Explain", explain),
    "resize_table": Button("Resize table", resize_table),
    "doctor": Button("Doctor", doctor),
    "help": Button("Help", show_help),
    "about": Button("About", about),
}
