"""The command roc."""

from __future__ import annotations

import atexit
import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin.cli import output, stopping, workbook_commands
from addin.cli.checking_commands import check, repair
from addin.cli.trust_command import trust
from addin.cli.upgrade_command import upgrade
from addin.cli.web_command import PyodideAt, web, write_lite, write_site
from addin.cli.workbook_commands import AsJson
from addin.errors import BookError, already_there
from addin.files import clear_away, program_on_path, stands

if TYPE_CHECKING:
    from types import ModuleType

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # Rich would take longer to load than the rest of the help
    help="Customer-value metrics in the spreadsheet: what a campaign's customers bring after the first sale.",
)
STAGES = {
    "out_Gross1": "ROI, sales at once",
    "out_Gross2": "after calling the buyers",
    "out_Gross3": "ROC, after a year",
}


OBJECTS = 10_000_000
"""New objects before circles among them are looked for: a command makes many, and hardly a circle."""


class CalculatedBy(StrEnum):
    """Which program calculates native formulas."""

    embedded = "embedded"
    calc = "calc"


class Program(StrEnum):
    """The spreadsheet programs that the add-in can be put into."""

    excel = "excel"
    calc = "calc"


def main() -> None:
    """Run the command; an error in the input is one sentence, not a traceback."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads: to start them takes longer than they save
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS)
    atexit.register(gc.freeze)  # so that Python does not look for circles once more before it ends
    output.prepare()
    code = 1
    try:
        with stopping.listening():
            try:
                app()
            finally:
                gc.set_threshold(*before)
                sys.stdout.flush()
        return
    except BookError as error:
        sentence = str(error)
    except stopping.Stopped:
        clear_away()
        sentence, code = stopping.sentence(), stopping.CODE
    except BrokenPipeError:  # who reads the output has seen enough
        output.silence()
        sys.exit(1)
    except MemoryError:
        sentence = f"there is not enough memory for this, and {stands()}; close other programs, or take fewer rows"
    except ImportError as error:
        sentence = (
            f"a part of the installation cannot be loaded ({error}), and {stands()}; "
            "there is too little memory, or return-on-customer must be installed again"
        )
    except OSError as error:
        output.silence()
        what = f"{error.filename}:" if error.filename else "the output cannot be written:"
        sentence = f"{what} {error.strerror or error}; {stands()}"
    output.complain(sentence)
    sys.exit(code)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to put the workbook.")] = Path(),
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open it in a spreadsheet program.")] = False,
) -> None:
    """Calculate the florist's campaign: 60% at once, 69% after calling, 127.5% after a year."""
    from addin.files import template, write_whole
    from addin.xlsx.calculation import calculate
    from addin.xlsx.package import Package

    if not folder.is_dir():
        raise BookError(f"{folder} is not a folder; make it first, or name another one")
    target = _free_name(folder / "return_on_customer_demo.xlsm")
    with output.progress() as show:
        done = calculate(Package.read(template()), everything=True, progress=show)
    write_whole(target, done.data)
    table = output.new_table(title="A florist spends 10,000 and sells 200 bouquets at 30")
    for heading in ("", "revenue / spend", "net of the spend"):
        table.add_column(heading, justify="right" if heading else "left")
    figures = _named_values(done.data, [*STAGES, *(name.replace("Gross", "Net") for name in STAGES)])
    for name, label in STAGES.items():
        table.add_row(label, f"{figures[name]:.1%}", f"{figures[name.replace('Gross', 'Net')]:+.1%}")
    output.console().print(table)
    output.say(f"\nSaved: {target}")
    if not no_open:
        _open(target)


@app.command()
def calc(
    book: Annotated[Path, typer.Argument(help="An .xlsx or .xlsm workbook.")],
    target: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here, not into BOOK.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Recalculate every formula.")] = False,
    engine: Annotated[
        CalculatedBy, typer.Option(help="calc: LibreOffice calculates what the embedded engine cannot.")
    ] = CalculatedBy.embedded,
    as_json: AsJson = False,
) -> None:
    """Recalculate the cells that use our functions, what depends on them, and what has no value yet."""
    from addin import present
    from addin.actions.book import Change
    from addin.actions.rows_beneath import complete
    from addin.files import held, replace_whole, write_whole
    from addin.xlsx.calculation import calculate
    from addin.xlsx.file_book import FileBook
    from addin.xlsx.libreoffice import calculate_with

    began = time.perf_counter()
    with output.progress() as show, held(target or book, show):
        opened = FileBook(book, status=show)
        package = opened.package
        change = Change()
        if joined := complete(opened, change):
            opened.write(change)
            opened.calculate()
        recalculate = calculate_with if engine is CalculatedBy.calc else calculate
        done = recalculate(opened.package, everything=everything, progress=show)
        if target is not None:
            write_whole(target, done.data)
        elif done.package is not package:
            replace_whole(book, package.data, done.data)
    elapsed = time.perf_counter() - began
    if as_json:
        output.print_json(
            {
                "book": str(target or book),
                "cells": [output.cell_json(cell) for cell in done.cells],
                "not_recalculated": [
                    {"sheet": k.sheet, "cell": k.cell, "formula": k.formula, "reason": k.reason} for k in done.kept
                ],
                "rows_taken_in": joined,
                "elapsed_s": round(elapsed, 3),
            }
        )
    else:
        if joined:
            output.say(present.rows_joined(joined))
        output.print_calculation(target or book, done, elapsed)


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="The workbook to make, .xlsm or .xlsx.")],
    language: Annotated[str, typer.Option(help="The language of its labels: en or es.")] = "en",
    preset: Annotated[str, typer.Option(help="The kind of business: retail or subscription.")] = "retail",
) -> None:
    """Make a fresh copy of the template workbook; an .xlsx has no macros and is for Excel on the Mac and on the web."""
    from addin.files import write_whole
    from addin.xlsx.browser_copy import for_browsers
    from addin.xlsx.template_copy import fresh_copy

    if file.suffix.lower() not in (".xlsm", ".xlsx"):
        raise BookError(f"{file} must end in .xlsm, or in .xlsx for Excel on the Mac and on the web")
    if file.exists():
        raise already_there(file)
    with output.progress() as show:
        copy = fresh_copy(language, preset, show)
    write_whole(file, (for_browsers(copy) if file.suffix.lower() == ".xlsx" else copy).data)
    output.say(f"Made {file}")


@app.command()
def functions(
    name: Annotated[str | None, typer.Argument(help="One function, such as NPS.")] = None, as_json: AsJson = False
) -> None:
    """List the functions, or explain one: arguments, units, formula, source, example."""
    from addin.catalogue import by_family, catalogue

    if name is not None and name.upper() not in catalogue():
        raise BookError(f"there is no function {name.upper()}; roc functions lists them all")
    chosen = by_family() if name is None else [catalogue()[name.upper()]]
    if as_json:
        listed = [output.function_json(metric) for metric in chosen]
        output.print_json(listed if name is None else listed[0])
    elif name is None:
        output.print_catalogue(chosen)
    else:
        output.print_function(chosen[0])


@app.command()
def install(program: Annotated[Program, typer.Argument(help="The program.")]) -> None:
    """Put the functions and buttons into a spreadsheet program, for the current user."""
    _print_lines(_part_of(program, "install").install())


@app.command()
def uninstall(program: Annotated[Program, typer.Argument(help="The program.")]) -> None:
    """Take them out again."""
    _print_lines(_part_of(program, "install").uninstall())


@app.command()
def doctor() -> None:
    """Say what works on this machine, and how to fix what does not; exit code 1 where something fails."""
    from addin.doctor import diagnoses
    from addin.hosts.excel import windows_paths
    from addin.hosts.web import doctor as web_doctor

    found = diagnoses() + [each for program in Program for each in _part_of(program, "doctor").diagnoses()]
    found += web_doctor.diagnoses(windows_paths.here().add_in)
    _print_lines(map(str, found))
    if any(each.level == "fail" for each in found):
        raise typer.Exit(1)


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where a file is stale.")] = False,
    pictures: Annotated[bool, typer.Option("--pictures", help="Draw README's picture too, in LibreOffice.")] = False,
    site: Annotated[
        Path | None,
        typer.Option("--web", metavar="DIR", help="Write the add-in for Excel on the Mac and the web there."),
    ] = None,
    url: Annotated[str, typer.Option(help="With --web: the https address at which its files will be.")] = "",
    pyodide: PyodideAt = "",
    lite: Annotated[
        Path | None, typer.Option("--lite", metavar="FILE", help="Write the functions for xlwings Lite there.")
    ] = None,
) -> None:
    """Write the generated files of the source tree; or, with --web or --lite, the functions for a browser."""
    from addin.files import checkout

    if site is not None:
        write_site(site, url, pyodide)
    if lite is not None:
        write_lite(lite)
    if site or lite:
        return

    root = checkout()
    from addin import build as files

    stale = files.outdated(root) if check else files.write(root)
    names = ", ".join(str(path.relative_to(root)) for path in stale)
    if check and stale:
        raise BookError(f"{names}: not as the sources say; run roc build")
    if pictures:
        output.say(f"Drawn: {files.write_picture(root)}")
    output.say(f"Written: {names}" if stale else "All generated files are as the sources say.")


for command in (*workbook_commands.COMMANDS, check, repair, upgrade, trust, web):
    app.command()(command)

# --- helpers


def _free_name(path: Path) -> Path:
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}_{number}")
        number += 1
    return free


def _part_of(program: Program, part: str) -> ModuleType:
    """A module that every host has."""
    return import_module(f"addin.hosts.{program}.{part}")


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        output.say(line)


def _named_values(data: bytes, names: list[str]) -> dict[str, float]:
    """The values of named cells, read by another library than the one that wrote them."""
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), data_only=True)
    return {name: book[sheet][cell].value for name in names for sheet, cell in book.defined_names[name].destinations}


def _open(path: Path) -> None:
    """Open a workbook in the program that the user has for it, if there is a screen."""
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606  # our own file, in the user's program
        return
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if screen and (program := program_on_path(opener)):
        from addin.hosts.calc.libreoffice_paths import environment

        quiet = subprocess.DEVNULL
        subprocess.Popen([program, str(path)], stdout=quiet, stderr=quiet, env=environment())  # noqa: S603  # as above
    else:
        output.say("Open it in your spreadsheet program.")
