"""The command upgrade."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.actions.book import Value, text_of
from addin.cli import output
from addin.cli.workbook_commands import BookFile, open_book


def upgrade(
    book: BookFile, target: Annotated[Path, typer.Argument(metavar="OUT", help="The copy to make, an .xlsm file.")]
) -> None:
    """Bring the rows and inputs of a copy of an earlier template to a fresh copy of this one."""
    from addin.xlsx.upgrade import upgrade as bring

    with open_book(book, writes=False) as opened:
        done = bring(opened, target)
    rows = ", ".join(f"{name} {count:,}" for name, count in done.rows.items() if count)
    output.say(
        f"Made {target}: {sum(done.rows.values()):,} rows ({rows}) and {done.inputs} inputs; {book} is as it was"
    )
    for name, (before, after) in done.results.items():
        output.say(f"  {name} was {_shown(before)} and is {_shown(after)}, since the template counts otherwise now")
    for each in done.left:
        output.say(f"  not brought: {each}; this template has no place for it")


def _shown(value: Value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else text_of(value) or "blank"
