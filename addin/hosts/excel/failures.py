"""Why our functions answered with errors, in all workbooks: the button Explain empties and reads it."""

from __future__ import annotations

from collections import deque

import xlwings

failures: deque[str] = deque(maxlen=100)
"""The latest reasons, and how ranges were read."""


@xlwings.func
def take_failures() -> str:
    """Why our functions answered with errors since this was last asked."""
    reasons = "\n".join(dict.fromkeys(failures))
    failures.clear()
    return reasons


@xlwings.func
def note_failure(reason: str) -> str:
    """Keep why the macros answered with an error by themselves; returned, since xlwings needs a value."""
    failures.append(reason)
    return reason
