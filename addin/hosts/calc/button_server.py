"""The process that carries out one data button for LibreOffice: python -m addin.hosts.calc.button_server.

It reads which button, asks the extension about the document until all is done, and says what came of it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from addin import present
from addin.actions.book import Cancelled, Question, text_of, value_of
from addin.actions.checking import check_inputs, failed
from addin.actions.entries import WrongRow
from addin.actions.forms import FORMS, Form, enter
from addin.actions.load import load
from addin.actions.load_plan import Preview
from addin.actions.refresh import refresh_all
from addin.actions.rows_beneath import take_in
from addin.actions.sample import sample_off, sample_on
from addin.actions.share import checks_fail
from addin.buttons import CALC, buttons_of
from addin.errors import BookError, fault
from addin.hosts.calc.document_book import CalcBook
from addin.hosts.calc.extension.frames import receive, send
from addin.hosts.calc.function_server import streams
from addin.tabular import Habits, files_in
from addin.windows import TO_BE_GIVEN, entry_rows, load_window, row

SHOWN = 12
"""Lines that a message or a preview lists."""
PREVIEWED = 16
"""Lines of a preview in the window."""
DATA_FILES = [["CSV and Excel files", "*.csv;*.txt;*.tsv;*.xlsx;*.xlsm"]]
SHARED_FILES = [["Excel workbook without macros", "*.xlsx"]]
LOOK_EVERY = 0.2
"""How many seconds pass between two looks at whether the user cancelled."""


def on_refresh_all(book: CalcBook) -> str:
    """Refresh all; silent where all is right."""
    done = refresh_all(book)
    red = [*map(present.failed_check, done.failed)]
    return _listed([present.refreshed(done), *done.sources, *red]) if done.sources or red or done.joined else ""


def on_check_inputs(book: CalcBook) -> str:
    """Check inputs, and go to the first cell that is wrong."""
    joined = take_in(book)
    book.calculate()
    done = check_inputs(book)
    book.request("select", place=done.rows[0].place if done.rows else "Checks!A1")
    findings = present.findings(done)
    return _listed([*([present.rows_joined(joined)] if joined else []), present.checked(len(findings)), *findings])


# --- Load data


def on_load_data(book: CalcBook) -> str:
    """Load data: choose files, see what they would bring, then load."""
    chosen = book.request("files", title="Load data", filters=DATA_FILES)
    paths = files_in([Path(path) for path in chosen])
    values: dict[str, Any] = {}
    plan, problem, rows = load_window(book, paths, values)
    while True:
        values |= book.request(
            "form", title="Load data", ok="Load", rows=rows, problems={"": problem}, notes=_summary(plan)
        )
        if plan and all(values[row["name"]] == row["value"] for row in rows):
            break
        plan, problem, rows = load_window(book, paths, values)
    book.agreed |= {plan.question.key, *(question.key for question in plan.questions)}
    load(book, plan)
    return present.loaded(plan)


def _summary(plan: Preview | None) -> list[str]:
    if plan is None:
        return ["Change the table or the columns, then press Load to see what it brings."]
    return [plan.question.text, *present.preview_lines(plan, 3)][:PREVIEWED]


# --- forms of one row


def _entered(book: CalcBook, form: Form) -> str:
    """Let the user fill in a row until it is right, and enter it."""
    rows = entry_rows(book, form)
    problems: dict[str, str] = {}
    while True:
        values = book.request("form", title=form.title, ok="Add", rows=rows, problems=problems, notes=[TO_BE_GIVEN])
        rows = [each | {"value": values[each["name"]]} for each in rows]
        try:
            return present.entered(enter(book, form, values, Habits(**book.request("habits"))))
        except Cancelled:
            raise
        except BookError as error:
            problems = error.problems if isinstance(error, WrongRow) else {"": str(error)}


# --- Share and back, the sample


def on_share(book: CalcBook) -> str:
    """Share: a copy for others, made of the document's file as the command does."""
    file = _saved(book)
    red = failed(book)
    rows = [row("WithoutPersonal", present.WITHOUT_PERSONAL, value=False)]
    notes: list[str] = []
    if red:
        rows.append(row("AlthoughChecksFail", "Share although checks fail; the copy says so", value=False))
        notes = [*map(present.failed_check, red)]
    problem = ""
    while True:
        values = book.request(
            "form", title="Share", ok="Save copy", rows=rows, problems={"": problem}, notes=notes[:SHOWN]
        )
        if not red or values["AlthoughChecksFail"]:
            break
        problem = str(checks_fail(red))
    target = _target(book, file)
    ticked = [f"--{option}" for name, option in OPTIONS.items() if values.get(name)]
    return _carried_out(book, "Making the copy", "share", *ticked, "--", str(file), str(target))


OPTIONS = {"WithoutPersonal": "without-personal", "AlthoughChecksFail": "although-checks-fail"}
"""What is ticked in Share's form to the options of the command."""


def _saved(book: CalcBook) -> Path:
    """The document's file, with what the document shows."""
    file = book.request("file")
    if Path(file["path"]).suffix.lower() not in (".xlsx", ".xlsm"):
        raise BookError(f"{book.title} is not an .xlsx or .xlsm file, of which the copy is made; save it as one first")
    if file["changed"]:
        if not book.ask(Question("save", f"Save {file['path']} first? The copy is made of the file.")):
            raise Cancelled("Nothing was shared: the document has changes that its file has not.")
        book.request("save")
    return Path(file["path"])


def _target(book: CalcBook, file: Path) -> Path:
    """Where the user wants the copy; a name that is free is suggested."""
    free, number = file.with_name(f"{file.stem}_shared.xlsx"), 2
    while free.exists():
        free, number = file.with_name(f"{file.stem}_shared_{number}.xlsx"), number + 1
    (path,) = book.request("files", title="Share", filters=SHARED_FILES, suggested=str(free))
    return Path(path) if Path(path).suffix else Path(f"{path}.xlsx")


def _carried_out(book: CalcBook, doing: str, *command: str) -> str:
    """What the command roc says; it ends when the user cancels."""
    line = [sys.executable, "-P", "-X", "utf8", "-m", "addin", *command]
    with subprocess.Popen(  # noqa: S603  # our own command on the user's own files
        line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:  # fmt: skip
        try:
            while True:
                try:
                    printed, wrong = process.communicate(timeout=LOOK_EVERY)
                    break
                except subprocess.TimeoutExpired:
                    book.status(doing)
        finally:
            process.kill()
    if process.returncode:
        raise BookError(wrong.strip().removeprefix("roc: "))
    return printed.strip()


def on_sample(book: CalcBook) -> str:
    """Sample: the made-up rows out, or in where there are none."""
    put_in = text_of(value_of(book, "out_SampleRows")) in ("", "0")
    if not book.ask(Question("sample", "Put the sample rows in?" if put_in else "Take the sample rows out?")):
        raise Cancelled("")
    return present.sample((sample_on if put_in else sample_off)(book), put_in=put_in)


# --- what they have in common


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(present.limited(lines, SHOWN))


def actions() -> dict[str, Callable[[CalcBook], str]]:
    """What the buttons do that are not the extension's own."""
    return {
        **{button.name: button.act for button in buttons_of(CALC) if button.act},
        **{name: partial(_entered, form=form) for name, form in FORMS.items()},
        "refresh_all": on_refresh_all,
        "load_data": on_load_data,
        "check_inputs": on_check_inputs,
        "sample": on_sample,
        "share": on_share,
    }


def main() -> None:
    """Carry out one button."""
    incoming, outgoing = streams()
    request, _ = receive(incoming)
    try:
        message = actions()[request["act"]](CalcBook(incoming, outgoing))
    except BookError as error:
        message = str(error)
    except Exception as error:  # a fault of ours is shown to the user
        message = f"Nothing was changed: {fault(request['act'], error)}"
    send(outgoing, {"message": message})


if __name__ == "__main__":
    main()
