"""How the formulas of a book are put to the engine, and which of them it is trusted with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import formualizer as fz

from addin.values import LAST_COLUMN, LAST_ROW, column_letters
from addin.xlsx.addresses import address, of_sheet
from addin.xlsx.cells import FormulaCell
from addin.xlsx.formulas import REFERENCE, Formulas, Reading, Span, metric_name, split_sheet, tokens
from addin.xlsx.proven import unproven
from addin.xlsx.relative import relative, written

LEFT_OUT = '""'
"""Stands for an argument left out between commas, which the engine would hand over as 0."""
CALL_ID = "\x02"
"""Stands for the cell's id in a text that several cells share."""

OPEN, CLOSE = fz.TokenSubType.Open, fz.TokenSubType.Close
ARGUMENT = fz.TokenSubType.Arg
_Sizes: TypeAlias = tuple[tuple[int, int, int], ...]


@dataclass(slots=True)
class _OpenCall:
    """A metric's call while its arguments are read."""

    name: str
    at: int
    """Where its beginning stands in the text that is put together."""
    argument: int = 0
    whole: int = 0


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is said once for all cells whose formula is the same in relative form."""

    text: str | None
    """What the engine takes, in relative form; None where each cell has its own."""
    unchanged: bool
    """Whether the engine takes the formula as the file has it."""
    doubt: str | None


class EngineFormulas:
    """The formulas of cells as the engine takes them, by the cells' numbers.

    References to tables become plain areas, since the engine takes a table's formula that
    reads its own table for a circle; a metric's call carries the cell's id as its first
    argument, so that a failure can be traced to its cell, and as its second one which arguments are whole
    columns (a bit for each), so that these can be cut at the same row. The id is put together from the row and a number
    for the column, since the engine calculates formulas several times as fast that are the same in relative form.
    """

    def __init__(self, formulas: Formulas, cells: Sequence[FormulaCell], readings: Sequence[Reading]) -> None:
        self.formulas, self.cells, self.readings = formulas, cells, readings
        self._shared: dict[tuple[Reading, bool, _Sizes], _Shared] = {}
        self._found: dict[int, _Shared] = {}
        """By cell what `_shared` has for it; each cell is asked about twice, and the key takes long to put together."""
        self._sheet_numbers = {sheet: number for number, sheet in enumerate(formulas.package.sheets)}
        self._moved = False
        """Whether the text last put together holds for its own cell only."""

    def text(self, index: int) -> str:
        """A cell's formula as the engine takes it."""
        cell, shared = self.cells[index], self._of(index)
        if shared.unchanged:
            return cell.formula
        text = self._text(cell) if shared.text is None else written(shared.text, cell.row, cell.column)
        return text.replace(CALL_ID, f"ROW()+{self._column_id(cell)}") if self.readings[index].metrics else text

    def call_id(self, index: int) -> int:
        """What the calls in a cell's formula carry."""
        return self._column_id(self.cells[index]) + self.cells[index].row

    def _column_id(self, cell: FormulaCell) -> int:
        return (self._sheet_numbers[cell.sheet] * LAST_COLUMN + cell.column) * LAST_ROW

    def doubt(self, index: int) -> str | None:
        """Why the engine is not trusted with a cell's formula, or None where it is."""
        return self._of(index).doubt

    def _of(self, index: int) -> _Shared:
        if index not in self._found:
            self._found[index] = self._shared_by(index)
        return self._found[index]

    def _shared_by(self, index: int) -> _Shared:
        cell, reading = self.cells[index], self.readings[index]
        key = reading, cell.area is not None, _sizes(reading, cell) if reading.grows else ()
        if key not in self._shared:
            text = self._text(cell)
            package = self.formulas.package
            doubt = unproven(
                text.replace(CALL_ID, str(index)),
                array=cell.area is not None,
                rows_hidden=package.rows_hidden,
                many_cells=self.formulas.many_cells(cell.sheet),
            )
            unchanged = text == cell.formula
            form = None if unchanged or self._moved else relative(text, cell.row, cell.column)
            self._shared[key] = _Shared(form, unchanged, doubt)
        return self._shared[key]

    def _text(self, cell: FormulaCell) -> str:
        self._moved = False
        return self._put_together(cell.formula, cell, depth=0)

    def _put_together(self, formula: str, cell: FormulaCell, depth: int) -> str:
        out: list[str] = []
        position = 0
        open_calls: list[_OpenCall | None] = []
        argument_begins = False
        for token in tokens(formula):
            text = token.value
            if token.subtype == OPEN:
                name = metric_name(text) if token.token_type == fz.TokenType.Func else None
                open_calls.append(_OpenCall(name, len(out) + 1) if name else None)
                argument_begins = name is not None
            elif token.subtype == CLOSE:
                if opened := open_calls.pop():
                    empty = argument_begins and opened.argument == 0
                    out[opened.at] = f"{opened.name}({CALL_ID},{opened.whole}" + ("" if empty else ",")
                    text = LEFT_OUT + text if argument_begins and not empty else text
                argument_begins = False
            elif token.subtype == ARGUMENT and open_calls and (opened := open_calls[-1]):
                text = LEFT_OUT + text if argument_begins else text
                argument_begins = True
                opened.argument += 1
            elif token.token_type != fz.TokenType.Whitespace:
                if open_calls and (opened := open_calls[-1]) and self._covers_whole_columns(token, cell):
                    opened.whole |= 1 << opened.argument
                text = self._operand(token, cell, depth)
                argument_begins = False
            out += [formula[position : token.start], text]
            position = token.end
        return "".join(out) + formula[position:]

    def _covers_whole_columns(self, token: fz.Token, cell: FormulaCell) -> bool:
        if token.token_type != fz.TokenType.Operand or token.subtype != REFERENCE:
            return False
        found = self.formulas.span(token.value, cell)
        if found is None and (definition := self.formulas.definition(token.value, cell)):
            found = self.formulas.span(definition, cell, fixed=True)
        return found is not None and found.at(cell.row, cell.column)[::2] == (1, LAST_ROW)

    def _operand(self, token: fz.Token, cell: FormulaCell, depth: int) -> str:
        text: str = token.value
        if token.token_type != fz.TokenType.Operand or token.subtype != REFERENCE:
            return text
        if text.endswith("]") or text.lower() in self.formulas.package.tables:
            found = self.formulas.span(text, cell)
            return _plain(found, cell) if found else text
        if ":" in text and (found := self.formulas.span(text, cell)) and not _begins_at(text, found, cell):
            self._moved |= found.grows
            return _plain(found, cell)
        if depth < 8 and (definition := self.formulas.definition(text, cell)) and "[" in definition:
            self._moved |= relative(definition, 1, 1) != relative(definition, 2, 2)
            return "(" + self._put_together("=" + definition, cell, depth + 1)[1:] + ")"
        return text


def _sizes(reading: Reading, cell: FormulaCell) -> _Sizes:
    """Of each range: the first one of its size, and which way it goes; else a formula in relative form says it all."""
    ends = [span.ends(cell.row, cell.column) for span in reading.spans]
    ways = [(bottom - top, right - left) for top, left, bottom, right in ends]
    sizes = [(abs(down), abs(across)) for down, across in ways]
    return tuple((sizes.index(size), _sign(way[0]), _sign(way[1])) for size, way in zip(sizes, ways, strict=True))


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _begins_at(text: str, span: Span, cell: FormulaCell) -> bool:
    """Whether a range begins with its top left corner, as the engine needs it; Excel takes C3:A1 as well."""
    area = span.at(cell.row, cell.column)
    begin = split_sheet(text)[1].partition(":")[0].replace("$", "").upper()
    return begin in (address(*area[:2]), column_letters(area[1]), str(area[0]))


def _plain(span: Span, cell: FormulaCell) -> str:
    """An area as a reference, with $ before what does not move."""
    top, left, bottom, right = span.at(cell.row, cell.column)
    by_row, by_column = ("" if moves else "$" for moves in span.moves[:2])
    first = f"{by_column}{column_letters(left)}{by_row}{top}"
    last = f"{by_column}{column_letters(right)}{by_row}{bottom}"
    return of_sheet(span.sheet, first if first == last else f"{first}:{last}")
