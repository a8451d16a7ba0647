"""Which formula cells depend on which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from addin.xlsx.addresses import Area, block
from addin.xlsx.cells import FormulaCell
from addin.xlsx.formulas import Reading

SMALL = 64
"""Areas of at most this many cells are looked up cell by cell, larger ones as rectangles."""


MANY = 100_000
"""Of an area of more cells, those that anybody reads are looked through, not all."""


class Graph:
    """The readers of every cell; a cell is named by its index in the list of formula cells."""

    def __init__(self, cells: Sequence[FormulaCell], readings: Sequence[Reading]) -> None:
        self.cells = cells
        self.spread: dict[int, Area] = {}
        """Where results lie now, if elsewhere than the file says."""
        self.readers: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
        self.anywhere = {i for i, reading in enumerate(readings) if reading.anywhere}
        by_area: defaultdict[str, defaultdict[Area, list[int]]] = defaultdict(lambda: defaultdict(list))
        for i, reading in enumerate(readings):
            for sheet, area in reading.areas:
                if _size(area) <= SMALL:
                    for row, column in block(area):
                        self.readers[sheet, row, column].append(i)
                else:
                    by_area[sheet][area].append(i)
        self.areas: dict[str, tuple[NDArray[np.int64], list[list[int]]]] = {
            sheet: (np.array(list(areas), dtype=np.int64).T, list(areas.values())) for sheet, areas in by_area.items()
        }

    def reached(self, start: Iterable[int]) -> set[int]:
        """The cells that depend on one of these, directly or through others."""
        found: set[int] = set()
        taken: set[tuple[str, int]] = set()
        waiting = list(start)
        if waiting:
            found |= self.anywhere
            waiting += self.anywhere
        while waiting:
            fresh = self._direct(waiting.pop(), taken) - found
            found |= fresh
            waiting += fresh
        return found

    def _direct(self, index: int, taken: set[tuple[str, int]]) -> set[int]:
        cell = self.cells[index]
        area = self.spread.get(index) or cell.area or (cell.row, cell.column, cell.row, cell.column)
        return self.reading(cell.sheet, area, taken)

    def reading(self, sheet: str, area: Area, taken: set[tuple[str, int]] | None = None) -> set[int]:
        """The cells whose formula reads a cell of an area; large areas that were `taken` before are passed over."""
        found: set[int] = set()
        if _size(area) <= MANY:
            for row, column in block(area):
                found.update(self.readers.get((sheet, row, column), ()))
        else:
            for (there, row, column), readers in self.readers.items():
                if there == sheet and area[0] <= row <= area[2] and area[1] <= column <= area[3]:
                    found.update(readers)
        if sheet in self.areas:
            (tops, lefts, bottoms, rights), readers_of = self.areas[sheet]
            hit = (tops <= area[2]) & (bottoms >= area[0]) & (lefts <= area[3]) & (rights >= area[1])
            for k in np.flatnonzero(hit):
                if taken is None:
                    found.update(readers_of[k])
                elif (sheet, int(k)) not in taken:
                    taken.add((sheet, int(k)))
                    found.update(readers_of[k])
        return found


def _size(area: Area) -> int:
    return (area[2] - area[0] + 1) * (area[3] - area[1] + 1)
