"""Which row of a sheet or a text file holds the headings: the first that looks like some, below title lines."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from addin.errors import BookError
from addin.tabular import dates, numbers
from addin.tabular.cells import SPACES

ROWS_SEEN = 1000
"""By so many rows a file is judged."""
FILLED = 0.75
"""Headings fill at least this share of what a full row does; title lines fill one or two cells."""
MOST_COLUMNS = 16_384
"""As many as a sheet has."""


def heading_row(rows: Sequence[Sequence[Any]]) -> int:
    """The index of the row of headings: nothing but texts, as wide as the table; else of the first row with a cell."""
    filled = [sum(not _blank(cell) for cell in row) for row in rows]
    there = sorted(filter(None, filled))
    width = there[math.ceil(0.75 * (len(there) - 1))] if there else 0
    for index, row in enumerate(rows):
        if filled[index] >= max(1, FILLED * width) and all(_blank(cell) or _names(cell) for cell in row):
            return index
    return next((index for index, count in enumerate(filled) if count), 0)


def heading_names(named: str, row: Sequence[Any]) -> list[str]:
    """The headings of a row, single-spaced; blanks at its end are none."""
    names = [" ".join(str(cell).strip(SPACES).split()) if cell is not None else "" for cell in row]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise BookError(f"{named} has {len(names):,} columns; a sheet has {MOST_COLUMNS:,}, so leave some out")
    return names


def repeated_heading(names: Sequence[str]) -> str:
    """The first heading that stands over several columns; nothing where none does."""
    folded = Counter(name.casefold() for name in names)
    return next((name for name in names if name and folded[name.casefold()] > 1), "")


def told_apart(names: Sequence[str]) -> list[str]:
    """The headings, with a number behind those that stand further left too, such as Amount (2)."""
    taken, counts, found = {name.casefold() for name in names}, Counter[str](), list[str]()
    for name in names:
        folded = name.casefold()
        counts[folded] += 1
        told = name
        while name and counts[folded] > 1 and (told := f"{name} ({counts[folded]})").casefold() in taken:
            counts[folded] += 1
        taken.add(told.casefold())
        found.append(told)
    return found


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip(SPACES))


def _names(cell: Any) -> bool:
    """Whether a cell is a text that is neither a number nor a date."""
    if not isinstance(cell, str):
        return False
    text = cell.strip(SPACES)
    return not (numbers.looks_like_one(text) or dates.day(dates.without_time(text), month_first=False)
                or dates.day(dates.without_time(text), month_first=True))  # fmt: skip
