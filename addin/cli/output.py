"""What the command prints: a calculation, the catalogue, one function, as text or as JSON."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

import typer

from addin import present
from addin.errors import CellError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from addin.catalogue import Metric
    from addin.xlsx.calculation import Progress
    from addin.xlsx.calculation_report import Calculation, CellReport, Computed

SHOWN = 40
"""More cells than this are counted, not listed."""


UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Signs by which a text from a file could command a terminal, or turn around what it shows."""


def visible(text: str) -> str:
    """A text as a terminal may show it."""
    return UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def prepare() -> None:
    """Let neither a closed stream nor a sign that the console does not have fail a command that changed a book."""
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, _nowhere(mode))
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def silence() -> None:
    """Print nothing any more, not at the end either."""
    sys.stdout = _nowhere("w")


def _nowhere(mode: str) -> TextIO:
    return cast("TextIO", Path(os.devnull).open(mode, encoding="utf-8"))  # open to the end


def complain(sentence: str) -> None:
    """Say why a command failed."""
    with suppress(OSError):
        sys.stderr.write(f"roc: {visible(sentence)}\n")


def asks() -> bool:
    """Whether there is a user to be asked."""
    return sys.stdin.isatty()


@cache
def console() -> Console:
    """Where tables and what is set off are printed."""
    from rich.console import Console  # not for a sentence

    return Console(emoji=False)


def escape(text: str) -> str:
    """A text in which brackets are no markup."""
    from rich.markup import escape as escaped

    return escaped(visible(text))


def new_table(**options: Any) -> Table:
    """A table as all output has it."""
    from rich.table import Table

    return Table(box=None, pad_edge=False, title_justify="left", **options)


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on stderr after the first second, where stderr is a terminal."""
    began = time.monotonic()
    if not sys.stderr.isatty():
        yield lambda doing, done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", visible=False)

        def show(doing: str, done: int, of: int) -> None:
            if time.monotonic() - began > 1:
                bar.update(task, description=escape(doing), completed=done, total=of or None, visible=True)

        yield show


def say(text: str) -> None:
    """Print a sentence as it is."""
    typer.echo(visible(text))


def hint(text: str) -> None:
    """Print a sentence beside the answer, on stderr, if there is one."""
    if text:
        typer.echo(visible(text), err=True)


def print_json(document: object) -> None:
    """Print a document for another program."""
    plain_ascii = "utf" not in (sys.stdout.encoding or "utf-8").lower()
    text = json.dumps(document, ensure_ascii=plain_ascii, indent=2)
    print(UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))  # noqa: T201  # for a program, so not through Rich


def plain(value: Computed | None) -> Any:
    """An answer as JSON holds it."""
    if isinstance(value, list):
        return [[plain(element) for element in row] for row in value]
    return value.code if isinstance(value, CellError) else value


def cell_json(report: CellReport) -> dict[str, Any]:
    """A cell that uses our functions, as JSON."""
    entry = {"sheet": report.sheet, "cell": report.cell, "formula": report.formula}
    if report.value is None:
        return entry | {"error": "not calculated", "reason": report.reason}
    if isinstance(report.value, CellError):
        return entry | {"error": report.value.code, "reason": report.reason}
    return entry | {"value": plain(report.value)} | ({"reason": report.reason} if report.reason else {})


def shown(value: Computed | None) -> str:
    """An answer on one line."""
    match value:
        case list():
            return f"{len(value)} × {len(value[0])} cells"
        case _:
            return present.value(value)


def shown_whole(value: Computed) -> str:
    """An answer with all its cells, a line for each row of a table."""
    if not isinstance(value, list):
        return shown(value)
    return "".join("\n" + "  ".join(map(shown, row)) for row in value)


def print_calculation(book: Path, done: Calculation, elapsed: float) -> None:
    """Print what came of a calculation, errors first."""
    if done.cells:
        table = new_table()
        for heading in ("Cell", "Formula", "Value", "Reason"):
            table.add_column(heading, overflow="fold", justify="right" if heading == "Value" else "left")
        failed = [report for report in done.cells if report.reason]
        fine = [report for report in done.cells if not report.reason]
        for report in (failed + fine)[:SHOWN]:
            place = f"{report.sheet}!{report.cell}"
            table.add_row(*(escape(text) for text in (place, report.formula, shown(report.value), report.reason)))
        console().print(table)
        if len(done.cells) > SHOWN:
            console().print(f"… and {len(done.cells) - SHOWN:,} more; --json lists all")
    else:
        console().print("No formula here calls our functions.")
    if done.kept:
        console().print(f"\n{len(done.kept):,} other cells keep their saved value:")
        for kept in done.kept[:SHOWN]:
            say(f"  {kept.sheet}!{kept.cell}  {kept.formula}  ({kept.reason})")
        console().print("  LibreOffice can calculate them: roc calc --engine calc")
    errors = sum(isinstance(report.value, CellError) or report.value is None for report in done.cells)
    say(
        f"\n{book}: {len(done.cells):,} cells with our functions, {errors:,} of them in error, "
        f"{done.changed:,} values written, {elapsed:.2f} s"
    )


def function_json(metric: Metric) -> dict[str, Any]:
    """A function of the catalogue, as JSON."""
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
        "example": {"formula": metric.example.formula, "gives": plain(metric.example.gives)},
    }


def print_catalogue(metrics: list[Metric]) -> None:
    """Print the catalogue by family."""
    for family, members in groupby(metrics, key=lambda metric: metric.family):
        table = new_table(title=family, title_style="bold", show_header=False)
        table.add_column(ratio=2, style="cyan")
        table.add_column(ratio=3)
        for metric in members:
            table.add_row(escape(metric.signature), escape(metric.summary))
        console().print(table)
        console().print()
    console().print("roc functions NAME explains one.")


def print_function(metric: Metric) -> None:
    """Print one function's help."""
    console().print(f"[bold]{escape(metric.signature)}[/bold]\n\n{escape(metric.summary)}")
    if metric.notes:
        console().print(f"\n{escape(metric.notes)}")
    table = new_table(show_header=False, padding=(0, 2, 0, 0))
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
    console().print("\nArguments", style="bold")
    console().print(table)
    gives = metric.example.gives
    for heading, text in {
        "Gives": metric.returns,
        "Formula": metric.formula,
        "Errors": metric.errors,
        "Source": metric.source,
        "Example": f"{metric.example.formula} gives {shown_whole(gives)}",
    }.items():
        console().print(f"\n[bold]{heading}[/bold]\n{escape(text)}")
