"""What people read of an action, in whichever host: what came of it in a sentence, and previews as rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from addin.errors import CellError
from addin.values import DAY_ZERO

if TYPE_CHECKING:
    from addin.actions.book import Value
    from addin.actions.checking import CheckedInputs, Line
    from addin.actions.forms import Entered
    from addin.actions.load import Preview
    from addin.actions.refresh import Refreshed
    from addin.actions.share import Shared

NO_VALUE = "–"
WITHOUT_PERSONAL = "Leave out names, addresses and notes, and number the customers anew"
"""What Share offers."""


def value(cell: Value, *, date: bool = False) -> str:
    """A value on one line; a serial as its date where it is one."""
    match cell:
        case None:
            return NO_VALUE
        case CellError():
            return cell.code
        case bool() | str():
            return str(cell).upper() if isinstance(cell, bool) else cell
    if date:
        moment = DAY_ZERO + timedelta(days=cell)
        return moment.date().isoformat() if cell.is_integer() else moment.isoformat(" ", "minutes")
    return f"{cell:,.6g}" if abs(cell) < 1e6 else f"{cell:,.2f}"


def rate(share: float | None) -> str:
    """A rate as a percentage."""
    return "no data" if share is None else f"{share:.1%}"


def limited(lines: Iterable[str], most: int) -> list[str]:
    """The first lines, and how many more there are."""
    listed = list(lines)
    more = len(listed) - most
    return [*listed[:most], *([f"… and {more:,} more"] if more > 0 else [])]


# --- refresh


def refreshed(done: Refreshed) -> str:
    """How many cells were refreshed, and how the checks are."""
    text = f"{len(done.cells):,} cell{'s' if len(done.cells) != 1 else ''} refreshed"
    if not done.checked:
        return text
    return f"{text}. Checks: {f'{len(done.failed)} not OK' if done.failed else 'OK'}"


def failed_check(line: Line) -> str:
    """A line of Checks that is not right."""
    return f"Checks, line {line.number}: {compared(line)}"


def compared(line: Line) -> str:
    """What a line of Checks compares."""
    return f"{line.test}: {line.left or 'nothing'} against {line.right or 'nothing'}"


# --- load


def mapping(plan: Preview) -> list[str]:
    """Which heading is which column."""
    return [f"{plan.table}[{column}] from {heading}" for column, heading in plan.mapping.items()]


def row_counts(plan: Preview) -> str:
    """How many rows are new, repeated and rejected."""
    return f"{plan.new:,} new rows, {len(plan.duplicates):,} there already, {len(plan.rejected):,} rejected"


def problems(plan: Preview) -> list[str]:
    """The rows that are not loaded, and why."""
    return [f"{problem.place}: {problem.reason}" for problem in [*plan.rejected, *plan.duplicates]]


def preview_rows(plan: Preview, most: int) -> list[list[str]]:
    """The headings and the first new rows as text; a blank is nothing."""
    shown = [
        ["" if cell is None else value(cell, date=name in plan.dates) for cell in cells[:most]]
        for name, cells in plan.rows.items()
    ]
    return [list(plan.rows), *map(list, zip(*shown, strict=True))] if plan.rows else []


def loaded(plan: Preview, undo: str = "Undo") -> str:
    """What was loaded, and what takes it back."""
    return f"{plan.new:,} rows loaded into {plan.table}; {undo} takes them out again"


# --- forms


def entered(done: Entered) -> str:
    """What came of a row that was typed."""
    from addin.actions.entries import AddedCampaign, Introduced, Logged

    match done:
        case AddedCampaign():
            return f"Campaign {done.key}, {done.name}, added and selected"
        case Logged(shown=False):
            return f"Follow-up {done.event} logged; {done.campaign} is not the selected campaign"
        case Logged():
            return f"Follow-up {done.event} logged. ROC {rate(done.before)} → {rate(done.after)}"
        case Introduced():
            return f"Introduction logged: {done.in_week}{f' of {done.aim}' if done.aim else ''} in its week"


# --- check, share, sample, undo


def findings(done: CheckedInputs) -> list[str]:
    """What is wrong in the checks and in the rows, a line each."""
    return [*map(failed_check, done.lines), *(f"{row.place}: {row.reason}" for row in done.rows)]


def checked(count: int) -> str:
    """How many findings there are."""
    if not count:
        return "All is right: every check is OK or waits for data, and no typed cell is wrong"
    return f"{count:,} finding{'s' if count != 1 else ''}"


def shared(done: Shared) -> str:
    """Where the copy is, and what it holds."""
    failed = f" CHECKS FAILED: {done.failed}, and the copy says so." if done.failed else ""
    cleared = f" Without {', '.join(done.cleared)}." if done.cleared else ""
    return f"Saved {done.target}: {done.frozen:,} cells frozen; it opens without the add-in.{cleared}{failed}"


def unfrozen(cells: Sequence[object]) -> str:
    """How many formulas are back."""
    return f"{len(cells):,} cells calculate again"


def sample(rows: int, *, put_in: bool) -> str:
    """How many sample rows came or went."""
    return f"{rows:,} sample rows {'put in' if put_in else 'taken out'}"


def undone(title: str) -> str:
    """Which action was taken back."""
    return f"As it was before {title}"
