"""Share: a copy for others that opens without the add-in; and the way back, Unfreeze."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from addin.actions.book import Book, Cancelled, Change, OurCell, Question, Remaining, Value
from addin.actions.checking import Line, failed
from addin.actions.long_notes import in_parts, put_together
from addin.errors import BookError, already_there

NOTE = "frozen "
"""What the notes begin with that hold the formulas of cells that a copy shows as values."""
SHOWN = 8
"""Texts of a column that are listed."""
ANSWERS, FAILED_AT = "out_AddinAnswers", "Start!B8"


@dataclass(frozen=True, slots=True)
class Shared:
    """What a copy holds."""

    target: Path
    frozen: int
    """Cells of ours that now hold values."""
    remaining: Remaining | None
    """What stays and what does not, where personal data was left out."""
    failed: int
    """Checks that are not OK."""


FAILED_CHECKS = "failed checks"
"""The key of the question whether a copy may go out although checks fail."""
REMAINING = "what remains"
"""The key of the question whether a copy may go out with the texts that it still says."""


def share(book: Book, target: Path, *, without_personal: bool = False) -> Shared:
    """Save a macro-free copy in which our cells are values and no other workbook is read; the book stays as it is.

    Without personal data only that stays which is known to name nobody: amounts, days, our own texts, and the columns
    that the schema says are impersonal. Customers and the like are numbered, so that what is counted by them stays;
    the texts that remain are listed before the copy is written. Asks where checks fail. A BookError where the target is
    there, or the user does not agree.
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
            change.cells[FAILED_AT] = checks_failed(len(red))
        copy.write(change)
        copy.calculate()
        remaining = None
        if without_personal:
            copy.status("Leaving out personal data", 2, 3)
            remaining = copy.leave_out_personal()
            if not book.ask(Question(REMAINING, what_remains(remaining))):
                raise Cancelled
            copy.status("Calculating", 3, 3)
            copy.calculate()
    return Shared(target, len(cells), remaining, len(red))


def what_remains(remaining: Remaining) -> str:
    """What a copy without personal data still says, and whether it shall be made."""
    lines = [f"{place}: {'; '.join([*texts[:SHOWN], *(['…'] if len(texts) > SHOWN else [])])} ({len(texts):,})"
             for place, texts in remaining.texts.items()]  # fmt: skip
    gone = f" Not in it: {', '.join(remaining.left_out)}." if remaining.left_out else ""
    if not lines:
        return f"In the copy only amounts, days and the template's own texts stay.{gone} Save the copy?"
    listed = "\n".join(f"  {line}" for line in lines)
    kept = "In the copy amounts, days and the template's own texts stay, and these of yours:"
    return f"{kept}\n{listed}\n{gone} Save the copy?"


def unfreeze(book: Book) -> list[OurCell]:
    """Put the formulas back that a copy holds as values, and recalculate; a BookError where there are none."""
    texts = put_together(book.notes(), NOTE)
    if not texts:
        raise BookError(f"{book.title} holds no frozen cells; only a copy made by Share does")
    with book.action("Unfreeze"):
        notes = {name: "" for name in book.notes() if name.startswith(NOTE)}
        book.write(Change(formulas=texts, notes=notes))
        return book.calculate()


def checks_failed(count: int) -> str:
    """What a copy says that went out although checks fail."""
    return f"CHECKS FAILED: {count} when this copy was made; see Checks."


def checks_fail(red: Sequence[Line]) -> BookError:
    """A copy that may not go out yet."""
    return BookError(f"{_named(red)}; fix them, or agree that the copy goes out all the same")


def _named(red: Sequence[Line]) -> str:
    return f"{len(red)} checks fail ({'; '.join(f'{line.number} {line.test}' for line in red[:3])})"
