"""Refresh: sources, calculated columns, models and results, checks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from addin.actions.book import Book, Change, OurCell
from addin.actions.checking import Line, failed, is_template
from addin.actions.forecast import forecast
from addin.actions.rows_beneath import complete
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
    no_answer: int = 0
    """How many of the sources failed."""
    joined: dict[str, int] = field(default_factory=dict)
    """Table to the rows beneath it that it grew over."""


def refresh_all(book: Book, now: datetime | None = None, *, with_sources: bool = True) -> Refreshed:
    """Bring everything up to date, in one step or not at all; without sources where none can be reached.

    Rows beneath tables, calculated columns of long ones, sources, models, then the results and the time in one write,
    then the checks.
    """
    now = now or datetime.now()
    refused = permissions(book) if with_sources else {}
    with book.action("Refresh all"):
        change = Change()
        book.status("Refreshing tables", 1, 5)
        joined = complete(book, change)
        sources, no_answer = ask_sources(book, change, now, refused) if with_sources else ([], 0)
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
        to_allow = [error.command for error in refused.values()]
        return Refreshed(cells, failed(book), sources, is_template(book), to_allow, no_answer, joined)


def results(book: Book, cells: Sequence[OurCell], now: datetime, change: Change) -> None:
    """Add the values of this refresh, which the book shows where there is no add-in, and when it was."""
    for cell in cells:
        if match := LIVE.fullmatch(cell.place):
            change.cells[f"Metrics!F{match.group(1)}"] = cell.value if isinstance(cell.value, float) else None
    if STAMP in book.names():
        change.cells[STAMP] = now.isoformat(" ", "minutes")
