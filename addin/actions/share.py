"""Share: a copy for others that opens without the add-in; and the way back, Unfreeze."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from addin.actions.book import Book, Change, OurCell, Question, Table, Value, text_of
from addin.actions.checking import Line, failed
from addin.actions.long_notes import in_parts, put_together
from addin.errors import BookError, already_there
from addin.schema import SAMPLE_MARK, schemas

NOTE = "frozen "
"""What the notes begin with that hold the formulas of cells that a copy shows as values."""
PERSONAL_HEADING = re.compile(
    r"e-?mail|phone|mobile|first ?name|last ?name|surname|full ?name|address|birth", re.IGNORECASE
)
CUSTOMER, FREE_TEXT = "Customer", "Note"
ANSWERS, FAILED_AT = "out_AddinAnswers", "Start!B8"


@dataclass(frozen=True, slots=True)
class Shared:
    """What a copy holds."""

    target: Path
    frozen: int
    """Cells of ours that now hold values."""
    cleared: list[str]
    """Columns without their values, as Table[Column]."""
    failed: int
    """Checks that are not OK."""


FAILED_CHECKS = "failed checks"
"""The key of the question whether a copy may go out although checks fail."""


def share(book: Book, target: Path, *, without_personal: bool = False) -> Shared:
    """Save a macro-free copy in which our cells are values and no other workbook is read; the book stays as it is.

    Without personal data: names, addresses and notes are cleared, and customers are numbered anew, so that what
    is counted by customer stays. Asks where checks fail. A BookError where the target is there, or the user does not
    agree.
    """
    if target.suffix.lower() != ".xlsx":
        raise BookError(f"{target} must end in .xlsx: a copy for others holds no macros")
    if target.resolve() == Path(book.title).resolve():
        raise BookError(f"{target} is the book itself; give the copy another name")
    if target.exists():
        raise already_there(target)
    red = failed(book)
    if red and not book.ask(Question(FAILED_CHECKS, f"{_named(red)}. Save a copy that says so?")):
        raise checks_fail(red)
    with book.copy(target) as copy:
        copy.status("Freezing", 1, 3)
        cells = copy.calculate()
        change = Change()
        for cell in cells:
            rows: list[list[Value]] = cell.values
            change.cells[cell.place] = rows if ":" in cell.place else rows[0][0]
            change.notes |= in_parts(f"{NOTE}{cell.place}", cell.formula)
        if ANSWERS in copy.names():
            change.cells[ANSWERS] = "no"
        if red:
            change.cells[FAILED_AT] = f"CHECKS FAILED: {len(red)} when this copy was made; see Checks."
        cleared: list[str] = []
        if without_personal:
            copy.status("Leaving out personal data", 2, 3)
            cleared = _without_persons(copy, change)
        copy.write(change)
        copy.status("Calculating", 3, 3)
        copy.calculate()
    return Shared(target, len(cells), cleared, len(red))


def unfreeze(book: Book) -> list[OurCell]:
    """Put the formulas back that a copy holds as values, and recalculate; a BookError where there are none."""
    texts = put_together(book.notes(), NOTE)
    if not texts:
        raise BookError(f"{book.title} holds no frozen cells; only a copy made by Share does")
    with book.action("Unfreeze"):
        notes = {name: "" for name in book.notes() if name.startswith(NOTE)}
        book.write(Change(formulas=texts, notes=notes))
        return book.calculate()


def checks_fail(red: Sequence[Line]) -> BookError:
    """A copy that may not go out yet."""
    return BookError(f"{_named(red)}; fix them, or agree that the copy goes out all the same")


def _named(red: Sequence[Line]) -> str:
    return f"{len(red)} checks fail ({'; '.join(f'{line.number} {line.test}' for line in red[:3])})"


def _without_persons(book: Book, change: Change) -> list[str]:
    """Clear what names a person, and number the customers anew; gives the columns."""
    tables = [book.table(name) for name in book.tables()]
    numbers: dict[str, str] = {}
    for table in sorted(tables, key=lambda table: table.name != "tblCustomers"):
        for value in table.columns.get(CUSTOMER, ()):
            if key := text_of(value).casefold():
                numbers.setdefault(key, f"Customer {len(numbers) + 1}")
    cleared = []
    for table in tables:
        schema = schemas().get(table.name)
        personal = {name: column for name, column in schema.typed.items() if column.personal} if schema else {}
        for name in table.typed:
            values = table.columns[name]
            if name == CUSTOMER:
                new: list[Value] = [numbers.get(text_of(value).casefold()) for value in values]
            elif name in personal and (id_column := personal[name].id_column):
                new = list(table.columns[id_column])
            elif name == FREE_TEXT:
                new = [value if SAMPLE_MARK in text_of(value).casefold() else None for value in values]
            elif name in personal or PERSONAL_HEADING.search(name):
                new = [None] * len(values)
            else:
                continue
            change.cells[_column(table, name)] = [[value] for value in new]
            cleared.append(f"{table.name}[{name}]")
    return cleared


def _column(table: Table, name: str) -> str:
    first, last = (table.place(name, index) for index in (0, len(table.columns[name]) - 1))
    return first if first == last else f"{first}:{last.rpartition('!')[2]}"
