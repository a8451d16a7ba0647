"""What the ribbon asks Python, beside the functions; each is called through xlwings as they are.

A button hands over the workbook, the keys of the questions that the user has answered with yes, a line each, and its
values. Back comes what came of it: done, ask (a question, its key, and whether it is optional; asked again with the
answer, nothing was changed yet) or error, a text, and what else the button shows. Where an optional question is
answered with no, the line is "no " and its key. Macros of version 0.1 hand over the questions themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlwings

from addin import __version__, present
from addin.actions import forms, refresh
from addin.actions import load as loading
from addin.actions import share as sharing
from addin.actions.book import Question
from addin.actions.entries import WrongRow
from addin.actions.load_plan import Preview
from addin.actions.mapping import NotMapped
from addin.buttons import EXCEL, Button, buttons_of
from addin.doctor import Diagnosis
from addin.errors import BookError, fault
from addin.hosts.excel import doctor
from addin.hosts.excel.com import ComError, Patient, message_of
from addin.hosts.excel.excel_book import ExcelBook, Step
from addin.hosts.excel.forms import ENTRIES, accelerators
from addin.windows import in_window

ESCAPE = 0x1B
SHOWN = 20
"""Rows, and wrong rows, that a window shows."""
Values = Sequence[Any]

steps: dict[str, Step] = {}
"""The last action of each book."""


@dataclass
class Unanswered(BookError):
    """A question that only the user can answer; nothing was changed yet."""

    question: Question


@xlwings.func
def diagnosis(add_in_version: str) -> str:
    """What Python can say of this machine, a line each."""
    findings = doctor.diagnoses()
    if add_in_version != __version__:
        text = f"this file's macros are of version {add_in_version}, the installed package is {__version__}"
        findings.append(Diagnosis("warn", text, "run: roc install excel"))
    return "\n".join(map(str, findings))


def for_ribbon(work: Callable[[ExcelBook, Values], str | tuple[str, ...]]) -> Any:
    """A function of xlwings that answers for everything with a text, and never leaves with an exception."""

    def answer(book: Any, agreed: str, values: Values) -> list[list[object]]:
        def ask(question: Question) -> bool:
            answers = set((agreed or "").split("\n"))
            if question.optional and f"no {question.key}" in answers:
                return False
            if not {question.key, question.text} & answers:
                raise Unanswered(question)
            return True

        opened = None
        try:
            opened = ExcelBook(book, ask=ask, escape=_escape(Patient(book)), steps=steps)
            done = work(opened, values)
        except Unanswered as unanswered:
            question = unanswered.question
            return [["ask", question.text, question.key, "optional" if question.optional else ""]]
        except WrongRow as error:
            field, reason = next(iter(error.problems.items()))
            return [["error", reason, str(ENTRIES[values[0]].columns.index(field))]]
        except BookError as error:
            return [["error", str(error), ""]]
        except ComError as error:
            return [["error", f"Excel refused: {message_of(error)}", ""]]
        except Exception as error:  # the boundary to Excel
            return [["error", fault(work.__name__, error), ""]]
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


@for_ribbon
def refresh_all(book: ExcelBook, values: Values) -> str:
    """Bring everything up to date."""
    began = time.perf_counter()
    done = refresh.refresh_all(book)
    failed = [sentence for sentence in done.sources if not sentence.endswith(": OK")]
    return "; ".join([f"{present.refreshed(done)}, {time.perf_counter() - began:.1f} s", *failed])


@for_ribbon
def preview(book: ExcelBook, values: Values) -> tuple[str, ...]:
    """What loading a file would do: text, question, table, columns a line each, the tables there are, the key."""
    tables = "\n".join(book.tables())
    try:
        plan = _plan(book, values)
    except BookError as error:  # the window stays open, so that another table or column can be chosen
        table = error.table if isinstance(error, NotMapped) else values[1]
        return in_window(str(error), column=r"\1=\2", rows="--where"), "", table, values[3], tables, ""
    options = [line for line in values[3].splitlines() if line.startswith("--")]
    mapping = "\n".join([*(f"{column}={heading}" for column, heading in plan.mapping.items()), *options])
    return (
        "\n".join([*present.other_readings(plan), *present.preview_lines(plan, SHOWN)]),
        plan.question.text,
        plan.table,
        mapping,
        tables,
        plan.question.key,
    )


@for_ribbon
def load(book: ExcelBook, values: Values) -> str:
    """Load a file into a table."""
    plan = _plan(book, values)
    loading.load(book, plan)
    return present.loaded(plan)


def _plan(book: ExcelBook, values: Values) -> Preview:
    """A preview; the lines of the window are columns, COLUMN=HEADING, or options of `roc load` that say how to read."""
    path, table, how, lines = values
    pairs: dict[str, dict[str, str]] = {"": {}, "--where": {}, "--read": {}}
    options = {"--sheet": "", "--header-row": "0"}
    for line in filter(None, map(str.strip, lines.splitlines())):
        option, _, text = line.partition(" ") if line.startswith("--") else ("", "", line)
        if option in options:
            options[option] = text.strip()
        elif option in pairs:
            name, _, value = text.partition("=")
            pairs[option][name.strip(' "')] = value.strip(' "')
        else:
            raise BookError(f"{option} cannot stand here; {', '.join(filter(None, [*pairs, *options]))} can")
    row = options["--header-row"]
    if not row.isdigit():
        raise BookError(f"--header-row {row}: write the number of the row, such as 4")
    return loading.preview(
        book, [Path(path)], table=table, mapping=pairs[""], append=how == "append", where=pairs["--where"],
        ways=pairs["--read"], sheet=options["--sheet"], heading=int(row),
    )  # fmt: skip


@for_ribbon
def form(book: ExcelBook, values: Values) -> tuple[str, ...]:
    """The fields of a window: each with its label, the key that reaches it, what may be chosen, and what stands in it.

    One text a field, its four parts on lines; choices stand apart by tabs.
    """
    form = ENTRIES[values[0]]
    parts = (
        [field.name, key, "\t".join(field.choices), field.value]
        for field, key in zip(forms.form_fields(book, form), accelerators(form), strict=True)
    )
    return ("", *map("\n".join, parts))


@for_ribbon
def enter(book: ExcelBook, values: Values) -> str:
    """Write what was entered in a window, whose name comes first."""
    form = ENTRIES[values[0]]
    texts = dict(zip(form.columns, values[1:], strict=True))
    return present.entered(forms.enter(book, form, texts, book.habits()))


@for_ribbon
def share(book: ExcelBook, values: Values) -> str:
    """Save a copy for others."""
    path, without_personal = values
    if without_personal != "yes":
        return present.shared(sharing.share(book, Path(path)))
    from addin.xlsx.file_book import FileBook

    with book.file() as file:
        return present.shared(sharing.share(FileBook(file, ask=book.ask), Path(path), without_personal=True))


@for_ribbon
def press(book: ExcelBook, values: Values) -> tuple[str, ...]:
    """Carry out a button that needs only the workbook: what it says, and where that is shown."""
    return acted(book, button_of(*values))


def button_of(tag: str) -> Button:
    """The button of a tag, which needs only the workbook."""
    for button in buttons_of(EXCEL):
        if button.tag == tag and button.act:
            return button
    raise BookError(f"the installed package has no button {tag}; run: roc install excel")


def acted(book: ExcelBook, button: Button) -> tuple[str, ...]:
    """What a button says that needs only the workbook, and where that is shown."""
    assert button.act is not None
    return button.act(book), "window" if button.in_window else ""
