"""The cells of a sheet that call our functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from addin.actions.book import OurCell
from addin.hosts.excel.com import Block, ComError, Formula
from addin.our_calls import calls_us, without_prefixes

AT_ONCE = 20_000
"""Rows whose formulas are read in one call."""


@dataclass(frozen=True)
class Cells:
    """Cells of ours, one beneath the other, with their formulas."""

    block: Block
    formulas: list[str]

    def shown(self) -> Iterator[OurCell]:
        """What they show; a formula that fills an area is one cell."""
        values = self.block.values()
        tables = self._may_be_tables()
        within: list[Block] = []
        for number, formula, row in zip(
            range(self.block.top, self.block.bottom + 1), self.formulas, values, strict=True
        ):
            cell = self.block.rows(number, number)
            if any(area.top <= number <= area.bottom for area in within):
                continue
            area = _filled(cell) if tables else None
            if area is None:
                yield OurCell(_place(cell), without_prefixes(formula), [row])
            elif (area.top, area.left) == (cell.top, cell.left):
                within.append(area)
                yield OurCell(_place(area), without_prefixes(formula), area.values())

    def _may_be_tables(self) -> bool:
        return self.block.cells.HasArray is not False or _spills(self.block) is not False


def find(sheet: Any) -> Iterator[Cells]:
    """The cells of a sheet that call us, in runs down its columns."""
    used = Block.at(sheet, sheet.UsedRange.Address)
    for top in range(used.top, used.bottom + 1, AT_ONCE):
        part = used.rows(top, min(top + AT_ONCE - 1, used.bottom))
        if part.cells.HasFormula is False:
            continue
        for index, column in enumerate(zip(*part.contents(), strict=True)):
            run: list[str] = []
            for number, cell in enumerate((*column, None), start=top):
                if isinstance(cell, Formula) and calls_us(cell.text):
                    run.append(cell.text)
                elif run:
                    yield Cells(part.column(index).rows(number - len(run), number - 1), run)
                    run = []


def _spills(block: Block) -> object:
    """Whether results spill there: all, none, or None for some; no Excel before the one that spills knows."""
    try:
        return block.cells.HasSpill
    except (AttributeError, ComError):
        return False


def _filled(cell: Block) -> Block | None:
    """The area that a cell's formula fills, if it is more than the cell."""
    if cell.cells.HasArray:
        return Block.at(cell.sheet, cell.cells.CurrentArray.Address)
    if _spills(cell):
        return Block.at(cell.sheet, cell.cells.SpillParent.SpillingToRange.Address)
    return None


def _place(block: Block) -> str:
    return f"{block.sheet.Name}!{block.address}"
