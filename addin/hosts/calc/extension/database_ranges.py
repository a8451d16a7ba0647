"""The tables of a document: database ranges, which is what LibreOffice makes of an Excel file's tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from . import frames
from .cell_values import CONTENTS, put_rows, shown
from .undo import undoable

MANY = 1_000
"""Rows that take long to write while formulas listen to them."""


class Refused(Exception):
    """A request that cannot be met: what it is about, and the details of its sentence; the asker words it."""

    def __init__(self, what: str, **details: Any) -> None:
        super().__init__(what)
        self.wrong = {"what": what, **details}


@dataclass
class DatabaseRange:
    """A table: its database range, and where its rows are, counted from 0."""

    name: str
    range: Any
    sheet: Any
    left: int
    first: int
    last: int
    columns: list[str]
    formulas: dict[str, str]
    """The columns that a formula fills, and the formula of the first row."""

    def column(self, name: str, first: int, last: int) -> Any:
        """Some cells of a column."""
        at = self.left + self.columns.index(name)
        return self.sheet.getCellRangeByPosition(at, first, at, last)

    def rows(self, first: int, last: int) -> Any:
        """Some whole rows."""
        return self.sheet.getCellRangeByPosition(self.left, first, self.left + len(self.columns) - 1, last)

    def end_at(self, last: int) -> None:
        """Let its database range end in a row."""
        area = self.range.DataArea
        if area.EndRow != last:
            area.EndRow = last
            self.range.setDataArea(area)

    @property
    def body(self) -> Any:
        """All its rows."""
        return self.rows(self.first, self.last)


class DatabaseRanges:
    """The tables of a document. What a change comes to is decided by the asker, with actions.table_edit."""

    def __init__(self, document: Any, formulas: Mapping[str, Mapping[str, str]]) -> None:
        self.document, self.formulas = document, formulas
        """`formulas` are the formulas of the template's tables, which a first row of values no longer tells."""

    def names(self) -> list[str]:
        """Their names."""
        return [name for name in self.document.DatabaseRanges.ElementNames if not name.startswith("__")]

    def table(self, name: str) -> DatabaseRange:
        """The table of a name, spelled as the document does."""
        found = self.document.DatabaseRanges.getByName(name)
        area = found.DataArea
        sheet = self.document.Sheets.getByIndex(area.Sheet)
        left, top, right = area.StartColumn, area.StartRow, area.EndColumn
        columns = [str(cell) for cell in sheet.getCellRangeByPosition(left, top, right, top).getDataArray()[0]]
        begins = sheet.getCellRangeByPosition(left, top + 1, right, top + 1).getFormulaArray()[0]
        begun = {head: text for head, text in zip(columns, map(str, begins), strict=True) if text.startswith("=")}
        formulas = {**self.formulas.get(name, {}), **begun}
        formulas = {column: formulas[column] for column in columns if column in formulas}
        last = area.EndRow - int(found.TotalsRow)
        return DatabaseRange(name, found, sheet, left, top + 1, last, columns, formulas)

    def beneath(self, table: DatabaseRange) -> Any:
        """The rows under a table that hold something, down to the next table; None where there are none."""
        cursor = table.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        area = table.range.DataArea
        others = (self.document.DatabaseRanges.getByName(name).DataArea for name in self.names())
        tops = [
            other.StartRow for other in others if other.Sheet == area.Sheet and other.StartRow > area.EndRow
            and other.StartColumn <= area.EndColumn and area.StartColumn <= other.EndColumn
        ]  # fmt: skip
        last = min([cursor.getRangeAddress().EndRow, *(top - 1 for top in tops)])
        if last <= area.EndRow:
            return None
        filled = table.rows(area.EndRow + 1, last).queryContentCells(CONTENTS).getRangeAddresses()
        return table.rows(area.EndRow + 1, max(each.EndRow for each in filled)) if filled else None

    def joined(self, name: str) -> int:
        """How many rows right beneath a table have something typed in its columns."""
        table = self.table(name)
        beneath = None if table.range.TotalsRow else self.beneath(table)
        if beneath is None:
            return 0
        typed = [index for index, column in enumerate(table.columns) if column not in table.formulas]
        rows = beneath.getDataArray()
        return next((n for n, row in enumerate(rows) if all(row[index] == "" for index in typed)), len(rows))

    def grow(self, name: str, rows: int) -> None:
        """Let a table grow over rows right beneath it, as a step of its own."""
        table, undo = self.table(name), self.document.getUndoManager()
        last = table.last + rows
        undo.enterUndoContext(f"{name} grows")
        try:
            self.write(name, last + 1, last, last, [], dict.fromkeys(table.formulas, table.last + 1))
        finally:
            undo.leaveUndoContext()

    def write(
        self, name: str, start: int, bottom: int, last: int, columns: Sequence[tuple[str, int, frames.Cells]],
        formulas: Mapping[str, int],
    ) -> None:  # fmt: skip
        """Write columns of a table, each from a row on, and fill others with their formulas; it then ends in `last`.

        `start` is the first new row; what stands from there on goes. Its rows now reach down to `bottom`, which is
        further than the table where rows beneath it join it.
        """
        table = self.table(name)
        self._make_room(table, start, bottom, last)
        if last - start > MANY:
            table.end_at(table.first)  # so that no formula hears of each cell
        for column, first, values in columns:
            _fill(table.column(column, first, last), values)
        table.end_at(last)
        if last != table.last:
            self._follow(table, last)
        for column, first in formulas.items():
            self._fill_down(table, column, table.formulas[column], first, last)

    def _make_room(self, table: DatabaseRange, start: int, bottom: int, last: int) -> None:
        """Clear what goes, and let new rows look like the last one; those that join the table keep their values."""
        old = table.last
        if last > bottom:
            beneath = table.rows(bottom + 1, last).queryContentCells(CONTENTS).getRangeAddresses()
            if beneath:
                cell = table.sheet.getCellByPosition(beneath[0].StartColumn, beneath[0].StartRow)
                place = str(cell.AbsoluteName).rpartition(".")[2].replace("$", "")
                raise Refused("not empty", sheet=table.sheet.Name, cell=place, table=table.name, last=last + 1)
        if start <= bottom:
            table.rows(start, bottom).clearContents(CONTENTS)
        if last > old:
            joined = table.rows(old + 1, bottom) if bottom > old else None
            values = shown(joined) if joined else ()
            _down(table.rows(old, last))
            table.rows(old + 1, last).clearContents(CONTENTS)
            if joined:
                put_rows(joined, values)

    def _fill_down(self, table: DatabaseRange, column: str, formula: str, start: int, last: int) -> None:
        top = table.column(column, table.first, table.first)
        if not top.getFormulaArray()[0][0].startswith("="):
            top.getCellByPosition(0, 0).setFormula(formula)
        if start > table.first:
            cell = table.column(column, start, start)
            table.sheet.copyRange(cell.getCellByPosition(0, 0).CellAddress, top.getRangeAddress())
        if last > start:
            _down(table.column(column, start, last))

    def _follow(self, table: DatabaseRange, last: int) -> None:
        """Let names that list a column of the table, and charts that draw one, end with it."""
        area = re.compile(
            rf"(\$?'?{re.escape(table.sheet.Name)}'?\.\$[A-Z]+\${table.first + 1})(?::(\$[A-Z]+\$)(\d+))?"
        )
        for name in self.document.NamedRanges:
            found = area.fullmatch(name.Content)
            if found and found[3] and int(found[3]) < last + 1:
                name.setContent(f"{found[1]}:{found[2]}{last + 1}")
        for sequence, provider in self._drawn():
            found = area.fullmatch(sequence.Values.SourceRangeRepresentation)
            if found and int(found[3] or table.first + 1) == table.last + 1:
                draw, old = _Redraw(sequence, provider), sequence.Values.SourceRangeRepresentation
                column = found[1].rpartition("$")[0].rpartition(".")[2]
                new = f"{found[1]}:{column}${last + 1}"
                draw(new)
                undoable(self.document, partial(draw, old), partial(draw, new))

    def _drawn(self) -> Iterator[tuple[Any, Any]]:
        for sheet in self.document.Sheets:
            for name in sheet.Charts.ElementNames:
                chart = sheet.Charts.getByName(name).EmbeddedObject
                for system in chart.getFirstDiagram().getCoordinateSystems():
                    for kind in system.getChartTypes():
                        for series in kind.getDataSeries():
                            yield from ((sequence, chart.getDataProvider()) for sequence in series.getDataSequences())


@dataclass
class _Redraw:
    """Lets a chart draw another range."""

    sequence: Any
    provider: Any

    def __call__(self, cells: str) -> None:
        new = self.provider.createDataSequenceByRangeRepresentation(cells)
        new.Role = self.sequence.Values.Role
        self.sequence.setValues(new)


def _fill(column: Any, values: frames.Cells) -> None:
    """Write a column; blanks at its end may be left out."""
    missing = column.Rows.Count - len(values.cells)
    put_rows(column, [(value,) for value in [*values.cells, *[""] * missing]])


def _down(block: Any) -> None:
    """Fill a block with its first row."""
    from com.sun.star.sheet.FillDateMode import FILL_DATE_DAY
    from com.sun.star.sheet.FillDirection import TO_BOTTOM
    from com.sun.star.sheet.FillMode import SIMPLE

    block.fillSeries(TO_BOTTOM, SIMPLE, FILL_DATE_DAY, 0, 0)
