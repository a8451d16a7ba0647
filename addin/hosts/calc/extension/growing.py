"""Tables of Excel files that grow over what is typed right beneath them, as they do in Excel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.util import XModifyListener

from .database_ranges import DatabaseRanges

SHEET_END = 1_048_575
"""The last row, counted from 0."""


def grow_by_themselves(document: Any, tables: DatabaseRanges, context: Any, busy: Callable[[], bool]) -> None:
    """Let the tables of a document grow while no action of ours is `busy`."""
    for name in tables.names():
        _Listener(name, document, tables, context, busy)


class _Listener(unohelper.Base, XModifyListener, XCallback):  # type: ignore[misc]  # known inside LibreOffice alone
    """Hears of each change in the columns of a table, and looks beneath it once LibreOffice is done."""

    def __init__(
        self, name: str, document: Any, tables: DatabaseRanges, context: Any, busy: Callable[[], bool]
    ) -> None:
        self.name, self.document, self.tables, self.busy = name, document, tables, busy
        self.later = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.AsyncCallback", context)
        self.waiting = False
        self.there = tables.joined(name)
        """How many rows stood beneath it when it was last looked at; such rows are left to the buttons."""
        self.cells = tables.table(name).rows(tables.table(name).first, SHEET_END)
        self.cells.addModifyListener(self)

    def modified(self, event: Any) -> None:  # UNO names and documents its methods
        if self.busy():
            self.there = 0  # an action takes in what is there
        elif not self.waiting:
            self.waiting = True
            self.later.addCallback(self, None)

    def notify(self, data: Any) -> None:
        self.waiting = False
        if self.cells is None or self.busy():
            return
        before, self.there = self.there, self.tables.joined(self.name)
        if self.there and not before and not self.document.getUndoManager().isRedoPossible():  # which Undo leaves
            self.tables.grow(self.name, self.there)
            self.there = 0

    def disposing(self, event: Any) -> None:
        self.cells = None
