"""One sheet of a copy without personal data: each of its cells, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from addin.actions.privacy import PERSONAL_HEADING, Handling
from addin.errors import CellError
from addin.values import Scalar
from addin.xlsx.addresses import Area, address, area_text
from addin.xlsx.cells import FormulaCell, encoded
from addin.xlsx.impersonal.formulas import KnownFormulas, is_amount_or_day
from addin.xlsx.impersonal.words import Words
from addin.xlsx.package import Package, TableArea
from addin.xlsx.scanner import attributes, escaped_cell_text, whole_number
from addin.xlsx.sheet_xml import ROW

ID_DIGITS = 1e6
"""A whole number from here on that no format shows as an amount or a day may be a telephone number or an id."""
_ROW_SAYS = frozenset({b"ht", b"customHeight", b"hidden", b"outlineLevel", b"collapsed", b"s", b"customFormat"})
_NUMBER = re.compile(rb"-?\d{1,9}(?:\.\d{1,20})?|true|false")


@dataclass
class SheetCells:
    """Writes the cells of a sheet anew."""

    package: Package
    sheet: str
    words: Words
    formulas: KnownFormulas
    formats: Sequence[str]
    """The number format of each style."""
    handled: Sequence[tuple[TableArea, Mapping[int, Handling]]]
    """The tables of the template on this sheet, with what becomes of their columns."""
    heads: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """What the cells above the columns of tables show."""
    _changed: dict[int, list[Area]] = field(default_factory=dict)
    _headings: dict[int, str] = field(default_factory=dict)

    @property
    def changed(self) -> list[Area]:
        """What no longer shows what it showed."""
        return [area for areas in self._changed.values() for area in areas]

    def rows(self) -> bytes:
        """All rows, in the form of this program's own."""
        xml = self.package.sheet(self.sheet).without_shared_formulas(self.sheet)
        formulas = {(cell.row, cell.column): cell for cell in xml.formula_cells(self.sheet)}
        shown = []
        for number, row in xml.rows.items():
            found = ROW.search(row)
            if found is None:
                continue
            said = attributes(found[1])
            kept = b"".join(b' %s="%s"' % (name, value) for name, value in said.items()
                            if name in _ROW_SAYS and _NUMBER.fullmatch(value))  # fmt: skip
            last = max((column for column, _ in xml.cells_of(row, number)), default=0)
            values = xml.values((number, 1, number, last), self.package.texts)[0] if last else []
            handling = self._handling(number)
            cells = [
                self._cell(number, column, attributes(cell[1]).get(b"s", b""), values[column - 1],
                           formulas.get((number, column)), handling.get(column))
                for column, cell in xml.cells_of(row, number)
            ]  # fmt: skip
            shown.append(b'<row r="%d"%s>%s</row>' % (number, kept, b"".join(cells)))
        return b"".join(shown)

    def _handling(self, row: int) -> dict[int, Handling]:
        found: dict[int, Handling] = {}
        for table, columns in self.handled:
            if table.top + table.header_rows <= row <= table.bottom - table.totals_rows:
                found |= columns
        return found

    def _cell(
        self, row: int, column: int, style: bytes, value: Scalar | None, formula: FormulaCell | None,
        handling: Handling | None,
    ) -> bytes:  # fmt: skip
        head = f'<c r="{address(row, column)}"'.encode() + (b' s="' + style + b'"' if style.isdigit() else b"")
        if formula is not None and not formula.data_table:
            kept = self.formulas.rewritten(formula.formula.removeprefix("="))
            if kept and (row, column) not in self.heads:
                return head + self._calculated(kept, formula, value, style)
        new = self._constant(row, column, value, style, handling)
        if new != value:
            self._note(row, column)
        if new is None:
            return head + b"/>"
        kind, content = encoded(new, constant=True)
        return head + kind + b">" + content + b"</c>"

    def _calculated(self, formula: str, cell: FormulaCell, value: Scalar | None, style: bytes) -> bytes:
        """A formula with the value beside it, if that is known to name nobody; else it is to be calculated anew."""
        area = f' t="array" ref="{area_text(cell.area)}"' if cell.area else ""
        written = f"<f{area}>{escaped_cell_text(formula)}</f>".encode()
        unknown = (
            not self.words.knows(value) if isinstance(value, str)
            else isinstance(value, float) and self._is_id(value, style)
        )  # fmt: skip
        if unknown or value is None:
            return b">" + written + b"</c>"
        kind, content = encoded(value)
        return kind + b">" + written + content + b"</c>"

    def _constant(
        self, row: int, column: int, value: Scalar | None, style: bytes, handling: Handling | None
    ) -> Scalar | None:
        """What a cell that holds a value shows in the copy."""
        if (row, column) in self.heads:
            self._headings[column] = str(value)
            return self.heads[row, column]
        if value is None or isinstance(value, (bool, CellError)):
            return CellError(value.code) if isinstance(value, CellError) and value.code in CODES else (
                value if isinstance(value, bool) else None)  # fmt: skip
        if handling is not None and not handling.stays:
            if isinstance(value, str) and self.words.knows(value):
                return value
            text = value if isinstance(value, str) else str(int(value)) if value.is_integer() else str(value)
            return self.words.numbered(text, handling.numbered) if handling.numbered else None
        if isinstance(value, str):
            self._headings[column] = value
            return self.words.shown(value)
        if handling is not None or self._in_table(row, column):
            return value
        personal = PERSONAL_HEADING.search(self._headings.get(column, "")) or self._is_id(value, style)
        return None if personal else value

    def _in_table(self, row: int, column: int) -> bool:
        return any(t.top <= row <= t.bottom and t.left <= column <= t.right for t, _ in self.handled)

    def _is_id(self, value: float, style: bytes) -> bool:
        number = whole_number(style.decode())
        shown = self.formats[number] if number is not None and number < len(self.formats) else "General"
        return value.is_integer() and abs(value) >= ID_DIGITS and not is_amount_or_day(shown)

    def _note(self, row: int, column: int) -> None:
        areas = self._changed.setdefault(column, [])
        first = areas.pop()[0] if areas and areas[-1][2] == row - 1 else row
        areas.append((first, column, row, column))


CODES = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!",
                   "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#EXTERNAL!",
                   "#PYTHON!"})  # fmt: skip
