"""Refresh: sources, heavy columns, models and results, checks."""

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
from addin.errors import BookError

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

    @property
    def text(self) -> str:
        """What to show at the end."""
        done = f"{len(self.cells):,} cell{'s' if len(self.cells) != 1 else ''} refreshed"
        if not self.checked:
            return done
        return f"{done}. Checks: {f'{len(self.failed)} not OK' if self.failed else 'OK'}"


def refresh_all(book: Book, now: datetime | None = None) -> Refreshed:
    """Bring everything up to date, in one step or not at all.

    Heavy columns of long tables, sources, models, then the results and the time in one write, then the checks.
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


def refresh_selection(book: Book, sheet: str, area: tuple[int, int, int, int]) -> list[OurCell]:
    """Recalculate, and give our cells in an area (top, left, bottom, right); a BookError where there is none."""
    with book.action("Refresh selection"):
        found = [cell for cell in book.calculate() if _touches(cell.place, sheet, area)]
        if not found:
            raise BookError("no cell there uses one of our functions; select purple cells, or refresh all")
        return found


_CORNERS = re.compile(r"(.*)!([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?")


def _touches(place: str, sheet: str, area: tuple[int, int, int, int]) -> bool:
    match = _CORNERS.fullmatch(place)
    if match is None or match[1] != sheet:
        return False
    left, top = _number(match[2]), int(match[3])
    right, bottom = _number(match[4] or match[2]), int(match[5] or match[3])
    return top <= area[2] and bottom >= area[0] and left <= area[3] and right >= area[1]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
