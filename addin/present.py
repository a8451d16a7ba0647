"""What people read of an action, in whichever host: what came of it in a sentence, and previews as rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from addin.errors import CellError
from addin.values import is_day, moment

if TYPE_CHECKING:
    from collections import Counter

    from addin.actions.book import Value
    from addin.actions.checking import CheckedInputs, Line
    from addin.actions.forget import Forgotten
    from addin.actions.forms import Entered
    from addin.actions.load_plan import Preview
    from addin.actions.refresh import Refreshed
    from addin.actions.row_checks import Problem
    from addin.actions.share import Shared

NO_VALUE = "–"
FIRST_PLACES = 5
"""How many rows with the same fault are named."""
MOST_NOT_READ = 10
"""So many headings are named that are not read."""
IN_FILE = ", row "
"""What a place in a file has, and one in a book has not."""
FOUND, WAS_FOUND, STANDS = ", and ", " was found", " stands in "
"""By what the faults of two rows differ that have the same reason."""
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
        day = moment(cell)
        return day.date().isoformat() if cell.is_integer() else day.isoformat(" ", "minutes")
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
    if done.joined:
        text = f"{rows_joined(done.joined)}. {text}"
    if not done.checked:
        return text
    return f"{text}. Checks: {f'{len(done.failed)} not OK' if done.failed else 'OK'}"


def rows_joined(joined: Mapping[str, int]) -> str:
    """Which tables grew over the rows beneath them."""
    counted = (f"{count:,} row{'s' if count != 1 else ''} beneath {table}" for table, count in joined.items())
    return f"Taken in: {', '.join(counted)}"


def failed_check(line: Line) -> str:
    """A line of Checks that is not right."""
    return f"Checks, line {line.number}: {compared(line)}"


def compared(line: Line) -> str:
    """What a line of Checks compares."""
    return f"{line.test}: {line.left or 'nothing'} against {line.right or 'nothing'}"


# --- load


def mapping(plan: Preview) -> list[str]:
    """Which heading is which column, and what its first text became."""
    lines = []
    for column, heading in plan.mapping.items():
        raw, read = plan.became.get(column, (None, None))
        text = "" if isinstance(raw, float) or read is None else value(read, date=column in plan.dates)
        became = f": {raw} is {text}" if isinstance(raw, str) and text not in ("", raw) else ""
        lines.append(f"{plan.table}[{column}] from {heading}{became}")
    return lines


def row_counts(plan: Preview) -> str:
    """How many rows are new, repeated, rejected and left out."""
    repeated = sum(IN_FILE in problem.reason for problem in plan.duplicates)
    counts = ", ".join([
        f"{plan.new:,} new rows", f"{len(plan.duplicates) - repeated - len(plan.changes):,} there already",
        *([f"{len(plan.updated):,} changed"] if plan.updated else ()), *([plan.changed] if plan.changes else ()),
        *([f"{repeated:,} repeated in the files"] if repeated else ()), f"{len(plan.rejected):,} rejected",
        *([f"{plan.further:,} further lines of orders"] if plan.further else ()),
    ])  # fmt: skip
    return f"{counts}, left out: {counted(plan.left_out)}" if plan.left_out else counts


def counted(counts: Counter[str]) -> str:
    """What was counted, the most frequent first."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common())


def outlook(plan: Preview) -> list[str]:
    """What becomes of the rows that are there, and which columns of the file are not read."""
    there = f"Replaces the {plan.there:,} rows that are there" if plan.there and not plan.append else ""
    names = ", ".join(limited(plan.not_read, MOST_NOT_READ))
    return [line for line in (there, plan.updates, plan.not_changed, f"Not read: {names}" if names else "") if line]


def other_readings(plan: Preview) -> list[str]:
    """How to answer what nobody has answered yet."""
    return [f'For the other reading: --read "{column}={list(plan.unclear[column].ways)[-1]}"' for column in plan.asked]


def states(plan: Preview) -> list[str]:
    """How many orders are in which state and currency."""
    summary = {"States in the file": plan.states, "Currency": plan.currencies}
    return [f"{label}: {counted(counts)}" for label, counts in summary.items() if counts]


def problems(plan: Preview) -> list[str]:
    """The rows that are not loaded, by the reason why: how many they are, and the first ones."""
    groups: dict[str, list[Problem]] = {}
    for problem in [*plan.rejected, *plan.duplicates]:
        reason = problem.reason.partition(FOUND)[0].partition(STANDS)
        groups.setdefault(f"{reason[0]} is there" if reason[1] else reason[0], []).append(problem)
    return [_problem(reason, group) for reason, group in sorted(groups.items(), key=lambda pair: -len(pair[1]))]


def _problem(reason: str, group: Sequence[Problem]) -> str:
    """Rows with the same fault on one line, each with what was found in it."""
    if len(group) == 1:
        return f"{group[0].place}: {group[0].reason}"
    places = []
    for problem in group[:FIRST_PLACES]:
        found = problem.reason.partition(FOUND)[2].removesuffix(WAS_FOUND) or problem.reason.partition(STANDS)[2]
        places.append(f"{problem.place} ({found})" if found else problem.place)
    more = f" and {len(group) - FIRST_PLACES:,} more" if len(group) > FIRST_PLACES else ""
    return f"{len(group):,} × {reason}: {'; '.join(places)}{more}"


def first_rows(plan: Preview) -> list[list[str]]:
    """The headings that are read and the first rows as the file has them."""
    days = {plan.mapping.get(column) for column in plan.dates}
    shown = [
        [
            "" if cell is None else value(cell, date=heading in days and isinstance(cell, float) and is_day(cell))
            for cell in cells
        ]
        for heading, cells in plan.before.items()
    ]
    return [list(plan.before), *map(list, zip(*shown, strict=True))] if shown else []


def preview_rows(plan: Preview, most: int) -> list[list[str]]:
    """The headings and the first new rows as text; a blank is nothing."""
    shown = [
        ["" if cell is None else value(cell, date=name in plan.dates) for cell in cells[:most]]
        for name, cells in plan.rows.items()
    ]
    return [list(plan.rows), *map(list, zip(*shown, strict=True))] if plan.rows else []


def preview_lines(plan: Preview, most: int) -> list[str]:
    """A whole preview for a window: what was understood, counts, what is not loaded, first rows before and after."""
    in_columns = " | ".join
    tables = (["", f"{name}:", *map(in_columns, rows)] for name, rows in preview_tables(plan, most).items())
    return [
        *plan.notes, *states(plan), row_counts(plan), *limited(problems(plan), most),
        "", *mapping(plan), *outlook(plan), *chain.from_iterable(tables),
    ]  # fmt: skip


def preview_notes(plan: Preview, most: int) -> list[str]:
    """A preview for a window that has the columns and the tables beside: what was understood and what would happen."""
    return [plan.question.text, *plan.notes, *states(plan), row_counts(plan), *limited(problems(plan), most),
            *outlook(plan)]  # fmt: skip


def preview_tables(plan: Preview, most: int) -> dict[str, list[list[str]]]:
    """The first rows before and after, by what they are."""
    return {"In the file": first_rows(plan), f"In {plan.table}": preview_rows(plan, most)}


def loaded(plan: Preview, undo: str = "Undo") -> str:
    """What was loaded, and what takes it back."""
    replaced = f", {plan.there:,} rows replaced" if plan.there and not plan.append else ""
    done = (
        f"{plan.new:,} rows added to {plan.table} and {len(plan.updated):,} changed; {undo} takes that back"
        if plan.updated
        else f"{plan.new:,} rows loaded into {plan.table}{replaced}; {undo} takes them out again"
    )
    return ". ".join(filter(None, (done, plan.updates, plan.not_changed)))


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


def repaired(columns: int) -> str:
    """How many columns of tables fill new rows again."""
    return f"{columns:,} columns fill new rows again" if columns else "nothing was lost: every column fills new rows"


def shared(done: Shared) -> str:
    """Where the copy is, and what it holds."""
    failed = f" CHECKS FAILED: {done.failed}, and the copy says so." if done.failed else ""
    cleared = f" Without {', '.join(done.remaining.cleared)}." if done.remaining and done.remaining.cleared else ""
    return f"Saved {done.target}: {done.frozen:,} cells frozen; it opens without the add-in.{cleared}{failed}"


def unfrozen(cells: Sequence[object]) -> str:
    """How many formulas are back."""
    return f"{len(cells):,} cells calculate again"


def sample(rows: int, *, put_in: bool) -> str:
    """How many sample rows came or went."""
    return f"{rows:,} sample rows {'put in' if put_in else 'taken out'}"


def forgotten(done: Forgotten) -> list[str]:
    """What of a person was taken out of a book, and where copies may remain."""
    taken = [f"{count:,} rows of {name}" for name, count in done.rows.items()]
    taken += [f"{done.mentions:,} cells that mentioned them"] if done.mentions else []
    stays = f"; their amounts stay as those of '{done.kept_as}'" if done.kept_as and done.rows else ""
    lines = [f"Forgot {done.person}: {', '.join(taken) or 'what Undo kept'}{stays}. There is no way back"]
    lines += [f"Still named in: {', '.join(done.traces)}"] if done.traces else []
    lines += [f"The sources {', '.join(done.sources)} may still hold their rows"] if done.sources else []
    lines.append(
        "Copies may remain in files that were loaded, copies made by Share, lists of rejected rows, mail, backups, "
        "earlier versions that the system or a cloud keeps, and on the disk itself until it is written over"
    )
    return lines


def undone(title: str) -> str:
    """Which action was taken back."""
    return f"As it was before {title}"
