"""What LibreOffice's Undo does not take back by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def undoable(document: Any, back: Callable[[], None], again: Callable[[], None]) -> None:
    """Let Undo and Redo also take a change back and make it again."""
    import unohelper
    from com.sun.star.document import XUndoAction

    class Change(unohelper.Base, XUndoAction):  # type: ignore[misc]  # known only inside LibreOffice
        """One such change."""

        Title = "Customer Value"

        def undo(self) -> None:
            """Take it back."""
            back()

        def redo(self) -> None:
            """Make it again."""
            again()

    undo = document.getUndoManager()
    if not undo.isLocked():
        undo.addUndoAction(Change())
