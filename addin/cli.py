"""The command roc."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from addin.errors import BookError, CellError

if TYPE_CHECKING:
    from rich.table import Table

    from addin.hosts.headless.calculation import Answer, Calculation, CellReport
    from addin.hosts.headless.calculation import Progress as Told
    from addin.registry import Metric

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Customer-value metrics in the spreadsheet: what a campaign's customers bring after the first sale.",
)
out = Console()
SHOWN = 40
"""More cells than this are counted, not listed."""
LADDER = {
    "out_Gross1": "ROI, sales at once",
    "out_Gross2": "after calling the buyers",
    "out_Gross3": "ROC, after a year",
}

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


class CalculatedBy(StrEnum):
    """Which program calculates native formulas."""

    embedded = "embedded"
    calc = "calc"


def main() -> None:
    """Run the command; an error in the input is one sentence, not a traceback."""
    try:
        app()
    except BookError as error:
        Console(stderr=True, soft_wrap=True).print(f"roc: {error}", markup=False, highlight=False)
        sys.exit(1)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to put the workbook.")] = Path(),
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open it in a spreadsheet program.")] = False,
) -> None:
    """Calculate the florist's campaign: 60% at once, 69% after calling, 127.5% after a year."""
    from addin.files import template
    from addin.hosts.headless.calculation import calculate
    from addin.hosts.headless.package import Package, write_whole

    if not folder.is_dir():
        raise BookError(f"{folder} is not a folder; make it first, or name another one")
    target = _free_name(folder / "return_on_customer_demo.xlsm")
    with _progress() as told:
        done = calculate(Package.read(template()), everything=True, progress=told)
    write_whole(target, done.data)
    table = _table(title="A florist spends 10,000 and sells 200 bouquets at 30")
    for heading in ("", "revenue / spend", "net of the spend"):
        table.add_column(heading, justify="right" if heading else "left")
    figures = _named_values(done.data, [*LADDER, *(name.replace("Gross", "Net") for name in LADDER)])
    for name, label in LADDER.items():
        table.add_row(label, f"{figures[name]:.1%}", f"{figures[name.replace('Gross', 'Net')]:+.1%}")
    out.print(table)
    out.print(f"\nSaved: {target}", soft_wrap=True, highlight=False)
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
    from addin.hosts.headless.calculation import calculate
    from addin.hosts.headless.libreoffice import calculate_with
    from addin.hosts.headless.package import Package, write_whole

    began = time.perf_counter()
    package = Package.read(book)
    with _progress() as told:
        recalculate = calculate_with if engine is CalculatedBy.calc else calculate
        done = recalculate(package, everything=everything, progress=told)
    if target is not None or done.data is not package.data:
        write_whole(target or book, done.data)
    elapsed = time.perf_counter() - began
    if as_json:
        _print_json(
            {
                "book": str(target or book),
                "cells": [_cell_json(report) for report in done.cells],
                "not_recalculated": [
                    {"sheet": k.sheet, "cell": k.cell, "formula": k.formula, "reason": k.reason} for k in done.kept
                ],
                "elapsed_s": round(elapsed, 3),
            }
        )
    else:
        _print_calculation(target or book, done, elapsed)


@app.command()
def new(file: Annotated[Path, typer.Argument(help="The workbook to make.")]) -> None:
    """Make a fresh copy of the template workbook."""
    from addin.files import template
    from addin.hosts.headless.package import write_whole

    if file.suffix.lower() != ".xlsm":
        raise BookError(f"{file} must end in .xlsm, the kind of workbook that can hold macros")
    if file.exists():
        raise BookError(f"{file} is there already; name a file that is not")
    write_whole(file, template().read_bytes())
    out.print(f"Made {file}", soft_wrap=True, highlight=False)


@app.command()
def functions(
    name: Annotated[str | None, typer.Argument(help="One function, such as NPS.")] = None, as_json: AsJson = False
) -> None:
    """List the functions, or explain one: arguments, units, formula, source, example."""
    import addin.metrics  # noqa: F401  # declares the metrics
    from addin.registry import METRICS, by_family

    if name is not None and name.upper() not in METRICS:
        raise BookError(f"there is no function {name.upper()}; roc functions lists them all")
    chosen = by_family() if name is None else [METRICS[name.upper()]]
    if as_json:
        listed = [_function_json(metric) for metric in chosen]
        _print_json(listed if name is None else listed[0])
    elif name is None:
        _print_catalogue(chosen)
    else:
        _print_function(chosen[0])


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where a file is stale.")] = False,
) -> None:
    """Write the generated files of the source tree."""
    from addin.files import checkout

    root = checkout()
    from addin import build as files

    stale = files.outdated(root) if check else files.write(root)
    names = ", ".join(str(path.relative_to(root)) for path in stale)
    if check and stale:
        raise BookError(f"{names}: not as the sources say; run roc build")
    out.print(f"Written: {names}" if stale else "All generated files are as the sources say.", highlight=False)


# --- helpers


def _table(**options: Any) -> Table:
    from rich.table import Table

    return Table(box=None, pad_edge=False, title_justify="left", **options)


def _free_name(path: Path) -> Path:
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}_{number}")
        number += 1
    return free


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
        subprocess.Popen([program, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # as above
    else:
        out.print("Open it in Excel or LibreOffice.")


@contextmanager
def _progress() -> Iterator[Told]:
    """A progress bar on stderr, from the first second on, where somebody watches."""
    began = time.monotonic()
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda doing, done, of: None
        return
    from rich.progress import Progress

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("", visible=False)

        def told(doing: str, done: int, of: int) -> None:
            if time.monotonic() - began > 1:
                bar.update(task, description=doing, completed=done, total=of or None, visible=True)

        yield told


def _print_json(document: object) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201  # for a program, so not through Rich


def _plain(value: Answer | None) -> Any:
    if isinstance(value, list):
        return [[_plain(element) for element in row] for row in value]
    return value.code if isinstance(value, CellError) else value


def _cell_json(report: CellReport) -> dict[str, Any]:
    entry = {"sheet": report.sheet, "cell": report.cell, "formula": report.formula}
    if report.value is None:
        return entry | {"error": "not calculated", "reason": report.reason}
    if isinstance(report.value, CellError):
        return entry | {"error": report.value.code, "reason": report.reason}
    return entry | {"value": _plain(report.value)} | ({"reason": report.reason} if report.reason else {})


def _shown(value: Answer | None) -> str:
    match value:
        case None:
            return "–"
        case CellError():
            return value.code
        case list():
            return f"{len(value)} × {len(value[0])} cells"
        case bool() | str():
            return str(value).upper() if isinstance(value, bool) else value
        case _:
            return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.2f}"


def _print_calculation(book: Path, done: Calculation, elapsed: float) -> None:
    if done.cells:
        table = _table()
        for heading in ("Cell", "Formula", "Value", "Reason"):
            table.add_column(heading, overflow="fold", justify="right" if heading == "Value" else "left")
        failed = [report for report in done.cells if report.reason]
        fine = [report for report in done.cells if not report.reason]
        for report in (failed + fine)[:SHOWN]:
            place = f"{report.sheet}!{report.cell}"
            table.add_row(*(escape(text) for text in (place, report.formula, _shown(report.value), report.reason)))
        out.print(table)
        if len(done.cells) > SHOWN:
            out.print(f"… and {len(done.cells) - SHOWN:,} more; --json lists all")
    else:
        out.print("No cell uses one of our functions.")
    if done.kept:
        out.print(f"\n{len(done.kept):,} other cells keep their saved value:")
        for kept in done.kept[:SHOWN]:
            out.print(
                f"  {kept.sheet}!{kept.cell}  {kept.formula}  ({kept.reason})",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
        out.print("  LibreOffice can calculate them: roc calc --engine calc")
    errors = sum(isinstance(report.value, CellError) or report.value is None for report in done.cells)
    out.print(
        f"\n{book}: {len(done.cells):,} cells with our functions, {errors:,} of them in error, "
        f"{done.changed:,} values written, {elapsed:.2f} s",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _function_json(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "family": metric.family,
        "signature": metric.signature,
        "summary": metric.summary,
        "notes": metric.notes,
        "arguments": [
            {
                "name": param.name,
                "kind": param.kind.value,
                "unit": param.unit,
                "required": param.required,
                "default": param.default if param.default_shown or isinstance(param.default, tuple) else None,
                "choices": list(param.choices),
                "help": param.help,
            }
            for param in metric.params
        ],
        "returns": metric.returns,
        "formula": metric.formula,
        "errors": metric.errors,
        "source": metric.source,
        "example": {"formula": metric.example.formula, "gives": _plain(metric.example.gives)},
    }


def _print_catalogue(metrics: list[Metric]) -> None:
    for family, members in groupby(metrics, key=lambda metric: metric.family):
        table = _table(title=family, title_style="bold", show_header=False)
        table.add_column(ratio=2, style="cyan")
        table.add_column(ratio=3)
        for metric in members:
            table.add_row(escape(metric.signature), escape(metric.summary))
        out.print(table)
        out.print()
    out.print("roc functions NAME explains one.")


def _print_function(metric: Metric) -> None:
    out.print(f"[bold]{escape(metric.signature)}[/bold]\n\n{escape(metric.summary)}")
    if metric.notes:
        out.print(f"\n{escape(metric.notes)}")
    table = _table(show_header=False, padding=(0, 2, 0, 0))
    for param in metric.params:
        details = "; ".join(
            part
            for part in (
                param.unit,
                " or ".join(param.choices),
                param.default_shown and f"{param.default_shown} when left out",
            )
            if part
        )
        table.add_row(f"[cyan]{param.name}[/cyan]", escape(param.help), escape(details))
    out.print("\nArguments", style="bold")
    out.print(table)
    gives = metric.example.gives
    for heading, text in {
        "Gives": metric.returns,
        "Formula": metric.formula,
        "Errors": metric.errors,
        "Source": metric.source,
        "Example": f"{metric.example.formula} gives {_plain(gives) if isinstance(gives, list) else _shown(gives)}",
    }.items():
        out.print(f"\n[bold]{heading}[/bold]\n{escape(text)}")
