"""What an action needs of a workbook: the protocol that each host implements.

Values cross it as cells hold them: None (blank), float (a date is its serial of the 1900 system), str, bool, or a
CellError. Text is text: a host writes "=1+1" so that the cell shows these four characters, never as a formula.

A place is a defined name (`out_Gross3`), or a sheet with a cell or an area (`Metrics!F6`, `Checks!B6:G36`).
A sheet's name stands unquoted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from addin.errors import BookError
from addin.values import Scalar, column_letters

Value: TypeAlias = Scalar | None
NOTE_PREFIX = "roc "
"""What the names of our document properties begin with; all others belong to other programs."""
_CELLS = re.compile(r"\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?")


class Cancelled(BookError):
    """The user cancelled, or did not agree; nothing was changed."""

    def __init__(self, text: str = "Cancelled; nothing was changed") -> None:
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the user decides; whether it was agreed to is remembered by its key, whatever its wording."""

    key: str
    """What is asked and about what; with other facts it is another question."""
    text: str
    optional: bool = False
    """Whether the action goes on where the answer is no."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table (ListObject) with its values, column by column; all columns are equally long."""

    name: str
    sheet: str
    top: int
    """The sheet's row of the first data row, from 1."""
    left: int
    """The sheet's column of the first column, from 1."""
    height: int
    """How many rows of data it has, which is known before its values are read."""
    columns: Mapping[str, Sequence[Value]]
    """Heading to values, in the order of the sheet. A table without data has one blank row."""
    calculated: frozenset[str]
    """The columns that a formula fills; the others are typed."""
    has_totals: bool = False
    """Whether a total row stands beneath its rows, which can then only be read."""
    joined: int = 0
    """How many of its last rows stand beneath it, until a write lets it grow over them."""
    strays: Sequence[int] = ()
    """The sheet's rows further down that look like rows of it and do not join it: a row between is blank."""

    @property
    def bottom(self) -> int:
        """The sheet's row of the last data row."""
        return self.top + self.height - 1

    @property
    def typed(self) -> list[str]:
        """The columns that hold what the user types or loads."""
        return [name for name in self.columns if name not in self.calculated]

    @property
    def rows(self) -> list[int]:
        """The indexes of the rows in which something is typed."""
        typed = [self.columns[name] for name in self.typed]
        return [i for i, cells in enumerate(zip(*typed, strict=True)) if any(v is not None and v != "" for v in cells)]

    def place(self, column: str, index: int) -> str:
        """Where a cell stands, such as d_Survey!F12."""
        letters = column_letters(self.left + list(self.columns).index(column))
        return f"{self.sheet}!{letters}{self.top + index}"


@dataclass(frozen=True, slots=True)
class Rows:
    """New rows for a table, column by column; typed columns that are not named stay blank in them.

    They replace all rows, or are put beneath the last row in which something is typed. No rows at all leave one
    blank row, which is what a table needs. Calculated columns fill down by their formula.
    """

    columns: Mapping[str, Sequence[Value]]
    append: bool = False

    @property
    def count(self) -> int:
        """How many rows these are."""
        return max((len(values) for values in self.columns.values()), default=0)


@dataclass(slots=True)
class Change:
    """What an action writes, in one go."""

    rows: dict[str, Rows] = field(default_factory=dict)
    """Table to its new rows."""
    filled: dict[str, dict[str, Sequence[Value] | None]] = field(default_factory=dict)
    """Table to calculated columns: values in place of the formulas, one for each row that the table then has, or
    None to fill the column with its formula again."""
    cells: dict[str, Value | list[list[Value]]] = field(default_factory=dict)
    """Place of a cell to a value, or of an area to its rows of values; formulas that stand there go."""
    formulas: dict[str, str] = field(default_factory=dict)
    """Place of one cell to a formula with its =, or of an area to an array formula over it."""
    notes: dict[str, str] = field(default_factory=dict)
    """Texts to keep in the book; an empty one is forgotten."""


@dataclass(frozen=True, slots=True)
class OurCell:
    """A cell whose formula calls a function of the catalogue."""

    place: str
    """Sheet!A1, or Sheet!A1:B2 where an array formula or a spilled result fills an area."""
    formula: str
    values: list[list[Value]]
    """What it shows, row by row; one row of one value for a plain cell."""
    reason: str = ""
    """Why it shows an error, in a sentence."""

    @property
    def value(self) -> Value:
        """What its first cell shows."""
        return self.values[0][0]


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a copy without personal data still says, and what it has no more."""

    texts: Mapping[str, Sequence[str]]
    """Where texts that the user typed stay, and which; beside them numbers, days and our own texts stay."""
    cleared: Sequence[str]
    """The columns whose texts were numbered or cleared, as Table[Column]."""
    left_out: Sequence[str]
    """What the copy does not have at all, such as pictures."""


class Book(Protocol):
    """A workbook, as an action sees it."""

    @property
    def title(self) -> str:
        """The book as messages name it: its path or its file name."""

    def tables(self) -> list[str]:
        """The names of its tables."""

    def table(self, name: str) -> Table:
        """A table with its values; a BookError where there is none of that name."""

    def names(self) -> frozenset[str]:
        """The names defined for the whole book, as they are spelled."""

    def cells(self, place: str) -> list[list[Value]]:
        """What an area shows, row by row, cut where the sheet's used area ends; a BookError for a place not there."""

    def notes(self) -> dict[str, str]:
        """The texts that the add-in keeps in the book (custom document properties, up to 255 characters each)."""

    def action(self, title: str) -> AbstractContextManager[object]:
        """One action, all or nothing: all that is written inside becomes one step for `undo`.

        An exception inside, Cancelled among them, puts everything back. Actions do not nest. What was written and
        not yet calculated is calculated at the end.
        """

    def write(self, change: Change) -> None:
        """Write a change; only inside `action`."""

    def calculate(self) -> list[OurCell]:
        """Recalculate what depends on what was written, and the cells that call our functions; gives those cells."""

    def status(self, doing: str, done: int = 0, of: int = 0) -> None:
        """Show what is being done, and how many steps of it; raises Cancelled when the user has cancelled."""

    def ask(self, question: Question) -> bool:
        """Whether the user agrees, now or before; False also where nobody can answer."""

    def undo(self) -> str:
        """Take back the last action and give its title; a BookError where there is none."""

    def leave_out_personal(self) -> Remaining:
        """Leave in a copy only what is known to name nobody; only a book of a file can, and the others refuse."""

    def copy(self, target: Path) -> AbstractContextManager[Book]:
        """A copy of the book, to be changed inside the block and saved when it ends without an exception.

        It is an .xlsx without macros, and formulas that read other workbooks hold their values instead. The book
        itself stays as it is. The copy needs no `action` around its writes.
        """


def split_place(place: str) -> tuple[str, str] | None:
    """The sheet and the cells of a place such as 'My sheet'!B2:C5; None where it is no such place."""
    sheet, _, cells = place.rpartition("!")
    return (sheet.strip("'").replace("''", "'"), cells) if _CELLS.fullmatch(cells) else None


def value_of(book: Book, name: str) -> Value:
    """The value of a named cell; None where it is blank or the book has no such name."""
    if name not in book.names():
        return None
    value = book.cells(name)[0][0]
    return None if value == "" else value


def number_of(book: Book, name: str) -> float | None:
    """The number in a named cell, if it holds one."""
    value = value_of(book, name)
    return value if isinstance(value, float) else None


def text_of(value: Value) -> str:
    """A cell as text: nothing for a blank, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
