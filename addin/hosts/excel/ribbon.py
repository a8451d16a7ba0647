"""What the ribbon asks Python, beside the functions; each is called through xlwings as they are.

A button hands over the workbook, the questions that the user has answered with yes, and its values. Back comes
what came of it: done, ask (a question; asked again with it agreed to, nothing was changed yet) or error, a text,
and what else the button shows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlwings

from addin import __version__
from addin.actions import checking, refresh, sample
from addin.actions import load as loading
from addin.actions import share as sharing
from addin.actions.book import value_of
from addin.actions.forms import WrongFields, asked, entered
from addin.doctor import Finding
from addin.errors import BookError
from addin.hosts.excel import doctor, udfs
from addin.hosts.excel.com import ComError, told
from addin.hosts.excel.excel_book import ExcelBook, Step
from addin.hosts.excel.forms import ENTRIES, accelerators

ESCAPE = 0x1B
SHOWN = 20
"""Rows, and wrong rows, that a window shows."""
Values = Sequence[Any]

steps: dict[str, Step] = {}
"""The last action of each book."""


@dataclass
class Unanswered(BookError):
    """A question that only the user can answer; nothing was changed yet."""

    question: str


@xlwings.func
def take_failures() -> str:
    """Why our functions answered with errors since this was last asked."""
    told = "\n".join(dict.fromkeys(udfs.failures))
    udfs.failures.clear()
    return told


@xlwings.func
def diagnosis(add_in_version: str) -> str:
    """What Python can say of this machine, a line each."""
    findings = doctor.findings()
    if add_in_version != __version__:
        text = f"this file's macros are of version {add_in_version}, the installed package is {__version__}"
        findings.append(Finding("warn", text, "run: roc install excel"))
    return "\n".join(map(str, findings))


def _button(work: Callable[[ExcelBook, Values], str | tuple[str, ...]]) -> Any:
    """A function of xlwings that answers for everything with a text, and never leaves with an exception."""

    def answer(book: Any, agreed: str, values: Values) -> list[list[object]]:
        def ask(question: str) -> bool:
            if question not in (agreed or "").split("\n"):
                raise Unanswered(question)
            return True

        opened = None
        try:
            opened = ExcelBook(book, ask=ask, escape=_escape(book), steps=steps)
            done = work(opened, values)
        except Unanswered as asked:
            return [["ask", asked.question, ""]]
        except WrongFields as error:
            field, reason = next(iter(error.problems.items()))
            return [["error", reason, str(ENTRIES[values[0]].columns.index(field))]]
        except BookError as error:
            return [["error", str(error), ""]]
        except ComError as error:
            return [["error", f"Excel refused: {told(error)}", ""]]
        except Exception as fault:  # the boundary to Excel
            return [["error", f"{work.__name__} failed: {type(fault).__name__}: {fault}; please report it", ""]]
        finally:
            if opened:
                opened.release()
        return [["done", *((done, "") if isinstance(done, str) else done)]]

    answer.__name__, answer.__doc__, answer.__annotations__ = work.__name__, work.__doc__, {}
    function: Any = xlwings.func(answer)
    for name in ("book", "agreed", "values"):
        function = xlwings.arg(name, "raw")(function)
    return xlwings.ret("raw")(function)


def _escape(book: Any) -> Callable[[], bool]:
    """Whether the user pressed Escape in Excel since this was last asked."""
    try:
        import win32api
        import win32gui
    except ImportError:  # not on Windows, where nobody presses it
        return lambda: False
    window = book.Application.Hwnd
    return lambda: bool(win32api.GetAsyncKeyState(ESCAPE)) and bool(win32gui.GetForegroundWindow() == window)


@_button
def refresh_all(book: ExcelBook, values: Values) -> str:
    """Bring everything up to date."""
    began = time.perf_counter()
    done = refresh.refresh_all(book)
    failed = [sentence for sentence in done.sources if not sentence.endswith(": OK")]
    return "; ".join([f"{done.text}, {time.perf_counter() - began:.1f} s", *failed])


@_button
def preview(book: ExcelBook, values: Values) -> tuple[str, ...]:
    """What loading a file would do: text, question, table, columns a line each, and the tables there are."""
    tables = "\n".join(book.tables())
    try:
        plan = _plan(book, values)
    except BookError as error:  # the window stays open, so that another table or column can be chosen
        return str(error), "", values[1], values[3], tables
    lines = [*plan.notes, f"{plan.new:,} new rows, {len(plan.duplicates):,} there already, "
             f"{len(plan.rejected):,} rejected", ""]  # fmt: skip
    lines += [f"{problem.place}: {problem.reason}" for problem in [*plan.rejected, *plan.duplicates][:SHOWN]]
    rows = list(zip(*plan.rows.values(), strict=True))[:SHOWN]
    lines += ["", " | ".join(plan.rows), *(" | ".join("" if v is None else f"{v}" for v in row) for row in rows)]
    mapping = "\n".join(f"{column}={heading}" for column, heading in plan.mapping.items())
    return "\n".join(lines), plan.question, plan.table, mapping, tables


@_button
def load(book: ExcelBook, values: Values) -> str:
    """Load a file into a table."""
    plan = _plan(book, values)
    loading.load(book, plan)
    return f"{plan.new:,} rows loaded into {plan.table}; Undo takes them out again"


def _plan(book: ExcelBook, values: Values) -> loading.Preview:
    path, table, how, columns = values
    pairs = [line.partition("=") for line in columns.splitlines() if line.strip()]
    mapping = {column.strip(): heading.strip() for column, _, heading in pairs}
    return loading.preview(book, [Path(path)], table=table, mapping=mapping, append=how == "append")


@_button
def form(book: ExcelBook, values: Values) -> tuple[str, ...]:
    """The fields of a window: each with its label, the key that reaches it, what may be chosen, and what stands in it.

    One text a field, its four parts on lines; choices stand apart by tabs.
    """
    form = ENTRIES[values[0]]
    parts = (
        [field.name, key, "\t".join(field.choices), field.value]
        for field, key in zip(asked(book, form), accelerators(form), strict=True)
    )
    return ("", *map("\n".join, parts))


@_button
def enter(book: ExcelBook, values: Values) -> str:
    """Write what was entered in a window, whose name comes first."""
    form = ENTRIES[values[0]]
    return entered(book, form, dict(zip(form.columns, values[1:], strict=True)))


@_button
def check_inputs(book: ExcelBook, values: Values) -> str:
    """The lines of Checks that fail, and what is wrong in the rows."""
    if not checking.is_template(book):
        raise BookError(f"{book.title} is not a copy of the template, whose rows and checks are looked at here")
    lines = [f"Checks, line {line.number}: {line.test}: {line.left} against {line.right}"
             for line in checking.failed(book)]  # fmt: skip
    rows = checking.wrong_rows(book)
    lines += [f"{row.place}: {row.reason}" for row in rows[: SHOWN * 10]]
    more = len(rows) - SHOWN * 10
    return "\n".join([*lines, *([f"... and {more:,} more"] if more > 0 else [])]) or "All is right."


@_button
def share(book: ExcelBook, values: Values) -> str:
    """Save a copy for others."""
    path, without_personal = values
    red = checking.failed(book)
    named = "; ".join(f"{line.number} {line.test}" for line in red[:3])
    anyway = bool(red) and book.ask(f"{len(red)} checks fail ({named}). Save a copy that says so?")
    return sharing.share(book, Path(path), without_personal=without_personal == "yes", although_checks_fail=anyway).text


@_button
def unfreeze(book: ExcelBook, values: Values) -> str:
    """Put the formulas back that a copy holds as values."""
    return f"{len(sharing.unfreeze(book)):,} cells calculate again"


@_button
def sample_on(book: ExcelBook, values: Values) -> str:
    """Put the sample rows in."""
    return f"{sample.sample_on(book):,} sample rows put in"


@_button
def sample_off(book: ExcelBook, values: Values) -> str:
    """Take the sample rows out."""
    return f"{sample.sample_off(book):,} sample rows taken out; campaign on show: {value_of(book, 'in_Campaign')}"


@_button
def undo(book: ExcelBook, values: Values) -> str:
    """Take back the last action."""
    return f"As it was before {book.undo()}"
