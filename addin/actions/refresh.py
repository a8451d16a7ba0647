"""Refresh: sources, calculated columns, models and results, checks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from addin.actions.book import Book, Change, OurCell
from addin.actions.calculated_columns import fill_long_tables
from addin.actions.checking import Line, failed, is_template
from addin.actions.forecast import forecast
from addin.actions.source_refresh import ask_sources, permissions

LIVE = re.compile(r"Metrics!D(\d+)")
"""A cell of Metrics that the add-in calculates; the value of the last refresh stands two columns further."""
STAMP = "out_LastRefresh"


@dataclass(slots=True)
class Refreshed:
    """What a refresh did."""

    cells: list[OurCell]
    """The cells that call our functions."""
    failed: list[Line]
    """The lines of Checks that are not OK."""
    sources: list[str] = field(default_factory=list)
    """A sentence for each source: what came of it."""
    checked: bool = True
    """Whether the book has checks."""
    to_allow: list[str] = field(default_factory=list)
    """The lines that let a source be read which nobody has agreed to."""


def refresh_all(book: Book, now: datetime | None = None) -> Refreshed:
    """Bring everything up to date, in one step or not at all.

    Calculated columns of long tables, sources, models, then the results and the time in one write, then the checks.
    """
    now = now or datetime.now()
    refused = permissions(book)
    with book.action("Refresh all"):
        change = Change()
        book.status("Refreshing tables", 1, 5)
        fill_long_tables(book, change)
        sources = ask_sources(book, change, now, refused)
        if change != Change():
            book.write(change)
        book.status("Calculating", 2, 5)
        cells = book.calculate()
        book.status("Fitting models", 3, 5)
        change = forecast(book)
        results(book, cells, now, change)
        book.status("Writing results", 4, 5)
        book.write(change)
        book.status("Checking", 5, 5)
        return Refreshed(cells, failed(book), sources, is_template(book), [error.command for error in refused.values()])


def results(book: Book, cells: Sequence[OurCell], now: datetime, change: Change) -> None:
    """Add the values of this refresh, which the book shows where there is no add-in, and when it was."""
    for cell in cells:
        if match := LIVE.fullmatch(cell.place):
            change.cells[f"Metrics!F{match.group(1)}"] = cell.value if isinstance(cell.value, float) else None
    if STAMP in book.names():
        change.cells[STAMP] = now.isoformat(" ", "minutes")
