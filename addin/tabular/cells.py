"""What the text of a cell says before it is read as a number, a date or a name."""

from __future__ import annotations

import re
from typing import TypeAlias

from addin.errors import CellError
from addin.values import Scalar

Cell: TypeAlias = Scalar | None
"""A cell of a file: a blank is None, a date of an Excel file its serial."""

SPACES = " \t\r\n\f\v\u00a0\u2007\u202f\ufeff"
"""What does not count at the ends of a text."""
MISSING = ("N/A", "n/a", "NULL", "null", "Null", "(null)", "nan", "NaN", "<NA>", "NaT", "\\N")
"""How databases and programs write that there is no value."""
ERRORS = ("#N/A", "#NA", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#SPILL!", "#CALC!")
"""How spreadsheets write that a formula failed."""
TEXT_MARK = re.compile(r"""'([0-9+=@-][^']*)|="([^"]*)\"""")
"""The apostrophe, or the formula, by which digits stay text in spreadsheets."""


def text_cell(text: str) -> Cell:
    """A text without spaces around it; None where it says that nothing is there, an error where it names one."""
    text = text.strip(SPACES)
    if not text or text in MISSING:
        return None
    if text in ERRORS:
        return CellError(text)
    marked = TEXT_MARK.fullmatch(text)
    return (marked[1] or marked[2] or None) if marked else text
