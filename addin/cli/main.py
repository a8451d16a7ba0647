"""The command roc."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin.cli import output, workbook_commands
from addin.cli.trust_command import trust
from addin.cli.workbook_commands import AsJson
from addin.errors import BookError, already_there

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
    try:
        app()
        return
    except BookError as error:
        sentence = str(error)
    except MemoryError:
        sentence = (
            "there is not enough memory for this, and nothing was changed; close other programs, or take fewer rows"
        )
    except ImportError as error:
        sentence = (
            f"a part of the installation cannot be loaded ({error}), and nothing was changed; "
            "there is too little memory, or return-on-customer must be installed again"
        )
    sys.stderr.write(f"roc: {sentence}\n")
    sys.exit(1)


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
    from addin.files import held, replace_whole, write_whole
    from addin.xlsx.calculation import calculate
    from addin.xlsx.libreoffice import calculate_with
    from addin.xlsx.package import Package

    began = time.perf_counter()
    with output.progress() as show, held(target or book, show):
        package = Package.read(book)
        recalculate = calculate_with if engine is CalculatedBy.calc else calculate
        done = recalculate(package, everything=everything, progress=show)
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
                "elapsed_s": round(elapsed, 3),
            }
        )
    else:
        output.print_calculation(target or book, done, elapsed)


@app.command()
def new(file: Annotated[Path, typer.Argument(help="The workbook to make.")]) -> None:
    """Make a fresh copy of the template workbook."""
    from addin.files import template, write_whole

    if file.suffix.lower() != ".xlsm":
        raise BookError(f"{file} must end in .xlsm, the kind of workbook that can hold macros")
    if file.exists():
        raise already_there(file)
    write_whole(file, template().read_bytes())
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

    found = diagnoses() + [each for program in Program for each in _part_of(program, "doctor").diagnoses()]
    _print_lines(map(str, found))
    if any(each.level == "fail" for each in found):
        raise typer.Exit(1)


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where a file is stale.")] = False,
    pictures: Annotated[bool, typer.Option("--pictures", help="Draw README's picture too, in LibreOffice.")] = False,
) -> None:
    """Write the generated files of the source tree."""
    from addin.files import checkout

    root = checkout()
    from addin import build as files

    stale = files.outdated(root) if check else files.write(root)
    names = ", ".join(str(path.relative_to(root)) for path in stale)
    if check and stale:
        raise BookError(f"{names}: not as the sources say; run roc build")
    if pictures:
        output.say(f"Drawn: {files.write_picture(root)}")
    output.say(f"Written: {names}" if stale else "All generated files are as the sources say.")


for command in (*workbook_commands.COMMANDS, trust):
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
    if screen and (program := shutil.which(opener)):
        from addin.hosts.calc.libreoffice_paths import environment

        quiet = subprocess.DEVNULL
        subprocess.Popen([program, str(path)], stdout=quiet, stderr=quiet, env=environment())  # noqa: S603  # as above
    else:
        output.say("Open it in your spreadsheet program.")
