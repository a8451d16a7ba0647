"""Which formula cells depend on which."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from addin.xlsx.addresses import Area, block
from addin.xlsx.cells import FormulaCell
from addin.xlsx.formulas import Reading, Span

FILLED = 4
"""From this many cells of a column with the same formula in relative form on, they are looked up all at once."""
SMALL = 64
"""Areas of at most this many cells are looked up cell by cell, larger ones by their columns unless they are wider."""
ANY_COLUMN = 0
MANY = 100_000
"""Of an area of more cells, those that anybody reads are looked through, not all."""


@dataclass(slots=True, eq=False)
class _Filled:
    """Cells of one column whose formulas are the same in relative form."""

    column: int
    rows: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)

    def readers(self, span: Span, top: int, bottom: int) -> tuple[int, int]:
        """Which of them read a row from top to bottom by one of their references: the first, and behind the last."""
        first, last = span.area[0], span.area[2]
        match span.moves[0], span.moves[2]:
            case False, False:
                reads = min(first, last) <= bottom and max(first, last) >= top
                return (0, len(self.rows)) if reads else (0, 0)
            case True, True:
                lowest, highest = top - max(first, last), bottom - min(first, last)
            case moves, _:
                fixed, moving = (last, first) if moves else (first, last)
                lowest = top - moving if fixed < top else 0
                highest = bottom - moving if fixed > bottom else 1 << 30
        return bisect_left(self.rows, lowest), bisect_right(self.rows, highest)


class _Areas:
    """Large areas that share a column, from the top down, with what reads each."""

    def __init__(self, readers: Mapping[Area, list[int]]) -> None:
        self.areas = sorted(readers)
        self.readers = readers
        self.tops = [area[0] for area in self.areas]
        self.reach = list(accumulate((area[2] for area in self.areas), max))
        """The lowest row of each and of those before it."""

    def meeting(self, area: Area) -> Iterator[Area]:
        """Those that have a cell in common with an area."""
        top, left, bottom, right = area
        k = bisect_right(self.tops, bottom) - 1
        while k >= 0 and self.reach[k] >= top:
            _, first, end, last = found = self.areas[k]
            if end >= top and first <= right and last >= left:
                yield found
            k -= 1


class _Found:
    """What was found so far, each cell once."""

    def __init__(self, known: Iterable[int] = ()) -> None:
        self.cells = set(known)
        self.areas: set[tuple[str, Area]] = set()
        """The large areas whose readers were found."""
        self._next: dict[_Filled, list[int]] = {}
        """Of each cell of a filled column, the next one that was not found, perhaps itself."""

    def fresh(self, filled: _Filled, first: int, behind: int) -> list[int]:
        """The positions from `first` on that were not found before."""
        following = self._next.get(filled)
        if following is None:
            following = self._next[filled] = list(range(len(filled.rows) + 1))
        fresh = []
        position = _end(following, first)
        while position < behind:
            fresh.append(position)
            following[position] = position + 1
            position = _end(following, position + 1)
        return fresh


def _end(following: list[int], position: int) -> int:
    end = position
    while following[end] != end:
        end = following[end]
    while following[position] != end:
        following[position], position = end, following[position]
    return end


class Graph:
    """The readers of every cell; a cell is named by its index in the list of formula cells."""

    def __init__(self, cells: Sequence[FormulaCell], readings: Sequence[Reading]) -> None:
        self.cells = cells
        self.spread: dict[int, Area] = {}
        """Where results lie now, if elsewhere than the file says."""
        self.readers: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
        self.anywhere = {i for i, reading in enumerate(readings) if reading.anywhere}
        self.filled: defaultdict[tuple[str, int], list[tuple[_Filled, Span]]] = defaultdict(list)
        """The filled columns that read a column of a sheet."""
        groups: dict[tuple[Reading, int], _Filled] = {}
        for i, reading in enumerate(readings):
            if reading.spans:
                key = reading, cells[i].column
                group = groups.get(key)
                if group is None:
                    group = groups[key] = _Filled(cells[i].column)
                group.rows.append(cells[i].row)
                group.cells.append(i)
        by_area: defaultdict[tuple[str, int], defaultdict[Area, list[int]]] = defaultdict(lambda: defaultdict(list))
        for (reading, column), group in groups.items():
            for span in reading.spans:
                _, left, _, right = span.at(1, column)
                if len(group.cells) >= FILLED and right - left < SMALL:
                    for read in range(left, right + 1):
                        self.filled[span.sheet, read].append((group, span))
                else:
                    for row, i in zip(group.rows, group.cells, strict=True):
                        self._enter(i, span.sheet, span.at(row, column), by_area)
        self.areas = {place: _Areas(readers) for place, readers in by_area.items()}
        """Large areas by sheet and column."""

    def _enter(
        self, index: int, sheet: str, area: Area, by_area: dict[tuple[str, int], defaultdict[Area, list[int]]]
    ) -> None:
        top, left, bottom, right = area
        if top == bottom and left == right:
            self.readers[sheet, top, left].append(index)
        elif _size(area) <= SMALL:
            for place in block(area):
                self.readers[sheet, *place].append(index)
        else:
            for column in _columns(area):
                by_area[sheet, column][area].append(index)

    def reached(self, start: Iterable[int], known: Collection[int] = (), most: float = math.inf) -> set[int]:
        """The cells that depend on one of these, directly or through others.

        What is reached through `known` cells alone is left out, as these are; from `most` cells on, there may be more.
        """
        found = _Found(known)
        waiting = list(self._lying(start))
        if waiting:
            found.cells |= self.anywhere
            waiting += self._lying(self.anywhere)
        while waiting and len(found.cells) - len(known) < most:
            waiting += self._lying(self._fresh(*waiting.pop(), found))
        return found.cells.difference(known) if known else found.cells

    def read_by(self, cells: Iterable[int]) -> set[int]:
        """The cells that read one of these directly."""
        found = _Found()
        for sheet, area in self._lying(cells):
            self._fresh(sheet, area, found)
        return found.cells

    def reading(self, sheet: str, area: Area) -> set[int]:
        """The cells whose formula reads a cell of an area."""
        return set(self._fresh(sheet, area, _Found()))

    def _lying(self, cells: Iterable[int]) -> Iterator[tuple[str, Area]]:
        """Where the results of cells lie, those one beneath the other as one area."""
        plain: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for i in cells:
            cell = self.cells[i]
            area = self.spread.get(i) or cell.area
            if area is None:
                plain[cell.sheet, cell.column].append(cell.row)
            else:
                yield cell.sheet, area
        for (sheet, column), rows in plain.items():
            rows.sort()
            top = bottom = rows[0]
            for row in rows:
                if row > bottom + 1:
                    yield sheet, (top, column, bottom, column)
                    top = row
                bottom = row
            yield sheet, (top, column, bottom, column)

    def _fresh(self, sheet: str, area: Area, found: _Found) -> list[int]:
        """The cells that read an area and were not found before."""
        top, left, bottom, right = area
        fresh: list[int] = []
        for read in range(left, right + 1):
            for filled, span in self.filled.get((sheet, read), ()):
                reading = found.fresh(filled, *filled.readers(span, top, bottom))
                fresh += [i for i in map(filled.cells.__getitem__, reading) if i not in found.cells]
        others: set[int] = set()
        if _size(area) <= MANY:
            for row, column in block(area) if self.readers else ():
                others.update(self.readers.get((sheet, row, column), ()))
        else:
            for (there, row, column), readers in self.readers.items():
                if there == sheet and top <= row <= bottom and left <= column <= right:
                    others.update(readers)
        for column in {*range(left, right + 1), ANY_COLUMN}:
            if (sheet, column) in self.areas:
                for met in self.areas[sheet, column].meeting(area):
                    if (sheet, met) not in found.areas:
                        found.areas.add((sheet, met))
                        others.update(self.areas[sheet, column].readers[met])
        fresh += others - found.cells
        found.cells.update(fresh)
        return fresh


def _columns(area: Area) -> Iterable[int]:
    """The columns of an area; of one over many, a place of its own."""
    return range(area[1], area[3] + 1) if area[3] - area[1] < SMALL else (ANY_COLUMN,)


def _size(area: Area) -> int:
    return (area[2] - area[0] + 1) * (area[3] - area[1] + 1)
