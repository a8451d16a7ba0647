"""The XML of one sheet: its cells read, their values written, not a byte else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from addin.errors import BookError, CellError
from addin.values import LAST_COLUMN, LAST_ROW, Scalar, column_number, serial
from addin.xlsx.addresses import (
    Area,
    address,
    area_of,
    area_text,
)
from addin.xlsx.cells import FormulaCell, NewValue, encoded
from addin.xlsx.scanner import (
    attributes,
    cell_text,
    element,
    escaped_cell_text,
    normal,
    plain_text,
    with_attribute,
    with_attributes,
    without_attribute,
)

if TYPE_CHECKING:
    from openpyxl.formula.translate import Translator

SHEET_DATA, ROW, CELL, FORMULA = element("sheetData"), element("row"), element("c"), element("f")
_VALUE, _INLINE, _TEXT, _PHONETIC = element("v"), element("is"), element("t"), element("rPh")
_REFERENCE = re.compile(rb"([A-Z]{1,3})([0-9]+)")
_FORMULA_TAG = re.compile(rb"[<:]f[\s/>]")


class SheetXml:
    """A sheet, taken apart into its rows; every change gives another one that shares what stayed."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where = where
        data = normal(data, where)
        found = SHEET_DATA.search(data)
        self.has_cells = found is not None
        inside = (found[2] or b"") if found else b""
        self.before, self.after = (data[: found.start()], data[found.end() :]) if found else (data, b"")
        self.attributes = found[1] if found else b""
        self.prefix = found[0][1:].partition(b"sheetData")[0].decode() if found else ""
        self.rows: dict[int, bytes] = {}
        """Row number to its XML, with the blanks before it, in order."""
        number = end = 0
        for match in ROW.finditer(inside):
            number = self._number(match[1], number)
            self.rows[number] = inside[end : match.end()]
            end = match.end()
        self.rest = inside[end:]

    def _number(self, row: bytes, before: int) -> int:
        """A row's number; one that does not say it follows the row before it."""
        said = attributes(row).get(b"r")
        number = before + 1 if said is None else int(said) if said.isdigit() and len(said) < 8 else 0
        if not before < number <= LAST_ROW:
            raise BookError(f"{self.where} is damaged: after row {before} stands row {(said or b'').decode()}")
        return number

    @cached_property
    def data(self) -> bytes:
        """The sheet as it is written."""
        if not self.has_cells:
            return self.before
        tag = f"{self.prefix}sheetData".encode()
        if not self.rows and not self.rest:
            return b"".join((self.before, b"<", tag, self.attributes, b"/>", self.after))
        inside = (b"<", tag, self.attributes, b">", *self.rows.values(), self.rest, b"</", tag, b">")
        return b"".join((self.before, *inside, self.after))

    def changed(self, rows: Mapping[int, bytes], before: bytes | None = None, after: bytes | None = None) -> SheetXml:
        """The sheet with all its rows, and perhaps what stands around them, exchanged."""
        if not self.has_cells:
            raise BookError(f"{self.where} holds no cells; save the book again from Excel or LibreOffice")
        new = object.__new__(SheetXml)
        new.__dict__ |= {name: value for name, value in self.__dict__.items() if name in _KEPT}
        new.rows = dict(rows)
        new.before = self.before if before is None else before
        new.after = self.after if after is None else after
        return new

    def cells(self, number: int) -> dict[int, re.Match[bytes]]:
        """A row's cells by column; group 1 is a cell's attributes, group 2 what it holds."""
        return dict(self.cells_of(self.rows[number], number)) if number in self.rows else {}

    def cells_of(self, row: bytes, number: int) -> Iterator[tuple[int, re.Match[bytes]]]:
        """The cells of a row with their columns, in order."""
        column = 0
        for match in CELL.finditer(row):
            before, said = column, attributes(match[1]).get(b"r")
            place = _REFERENCE.fullmatch(said) if said is not None else None
            column = column_number(place[1].decode()) if place else column + 1
            wrong = said is not None and (place is None or int(place[2]) != number)
            if wrong or not before < column <= LAST_COLUMN:
                raise BookError(f"{self.where} is damaged: row {number} holds a cell {(said or b'').decode()} there")
            yield column, match

    # --- reading

    @cached_property
    def hides_rows(self) -> bool:
        """Whether a row or a column is hidden."""
        hidden = re.compile(rb"\shidden\s*=")
        return bool(hidden.search(self.before)) or any(b"hidden" in row for row in self.rows.values())

    def formula_cells(self, sheet: str) -> list[FormulaCell]:
        """The cells that hold formulas, with the values saved beside them."""
        if self._formula_cells is None or self._formula_cells[0] != sheet:
            self._formula_cells = sheet, list(self._read_formulas(sheet))
        return self._formula_cells[1]

    _formula_cells: tuple[str, list[FormulaCell]] | None = None

    def _read_formulas(self, sheet: str) -> Iterator[FormulaCell]:
        shared: dict[bytes, Translator] = {}
        for number, row in self.rows.items():
            if not _FORMULA_TAG.search(row):
                continue
            for column, match in self.cells_of(row, number):
                formula = FORMULA.search(match[2]) if match[2] else None
                if formula is None:
                    continue
                said, kind = attributes(match[1]), attributes(formula[1])
                cell = FormulaCell(sheet, number, column, "=" + plain_text(formula[2] or b""))
                way = kind.get(b"t")
                if way == b"shared" and b"si" in kind:
                    cell.formula = _from_shared(cell, shared, kind[b"si"])
                elif way == b"array" and b"ref" in kind:
                    cell.area, cell.dynamic = area_of(kind[b"ref"].decode()), b"cm" in said
                cell.data_table = way == b"dataTable"
                value = _VALUE.search(match[2], formula.end()) or _VALUE.search(match[2])
                cell.saved = self._saved(value[2] or b"", said.get(b"t", b"n"), cell.at) if value else None
                yield cell

    def _saved(self, content: bytes, kind: bytes, at: str) -> Scalar | None:
        match kind:
            case b"str":
                return cell_text(content)
            case b"b":
                return plain_text(content).strip() == "1"
            case b"e":
                return CellError(plain_text(content))
            case b"n":
                return self._float(content, at)
            case _:
                return None

    def _float(self, content: bytes, at: str) -> float | None:
        try:
            return float(content) if content.strip() else None
        except ValueError:
            raise BookError(f"{self.where} is damaged: cell {at} holds {content[:20].decode()!r} as a number") from None

    def shared_texts(self) -> set[int]:
        """The numbers of the texts in the book's list that cells show."""
        found = set()
        for number, row in self.rows.items():
            for _, match in self.cells_of(row, number):
                if attributes(match[1]).get(b"t") == b"s" and match[2] and (value := _VALUE.search(match[2])):
                    found.add(_text_number(value[2] or b""))
        return found

    def texts(self) -> set[str]:
        """The texts that stand in the cells themselves."""
        return {
            cell_text(match[2])
            for row in self.rows.values()
            for match in (*_VALUE.finditer(row), *_TEXT.finditer(row))
            if match[2]
        }

    def values(self, area: Area, texts: Sequence[str]) -> list[list[Scalar | None]]:
        """What the cells of an area show; `texts` is the book's list of texts."""
        top, left, bottom, right = area
        return [self._row_values(number, left, right, texts) for number in range(top, bottom + 1)]

    def _row_values(self, number: int, left: int, right: int, texts: Sequence[str]) -> list[Scalar | None]:
        shown: list[Scalar | None] = [None] * (right - left + 1)
        for column, match in self.cells_of(self.rows.get(number, b""), number):
            if left <= column <= right and match[2]:
                shown[column - left] = self._shown(match, texts, address(number, column))
        return shown

    def _shown(self, cell: re.Match[bytes], texts: Sequence[str], at: str) -> Scalar | None:
        kind = attributes(cell[1]).get(b"t", b"n")
        if kind == b"inlineStr":
            inline = _INLINE.search(cell[2])
            return rich_text(inline[2] or b"") or None if inline else None
        value = _VALUE.search(cell[2])
        if value is None or not value[2]:
            return None
        if kind == b"s":
            number = _text_number(value[2])
            if not 0 <= number < len(texts):
                raise BookError(f"{self.where} is damaged: cell {at} shows a text that the book does not hold")
            return texts[number] or None
        if kind == b"d":
            return _day(plain_text(value[2]))
        saved = self._saved(value[2], kind, at)
        return None if saved == "" else saved

    # --- writing

    def with_values(self, values: Mapping[tuple[int, int], NewValue]) -> SheetXml:
        """The sheet with new values; formulas, styles and everything else stay as they were."""
        by_row: dict[int, dict[int, NewValue]] = {}
        for (row, column), new in values.items():
            by_row.setdefault(row, {})[column] = new
        rows = dict(self.rows)
        for number, cells in by_row.items():
            rows[number] = self._row_with(number, cells)
        return self.changed(rows if rows.keys() == self.rows.keys() else dict(sorted(rows.items())))

    def _row_with(self, number: int, new: Mapping[int, NewValue]) -> bytes:
        match = ROW.search(self.rows.get(number, b""))
        tag = f"{self.prefix}row".encode()
        if match is None:
            inside = self._cells_with(b"", number, new)
            return b'<%s r="%d">%s</%s>' % (tag, number, inside, tag)
        before = match.string[: match.start()]
        return b"%s<%s%s>%s</%s>" % (before, tag, match[1], self._cells_with(match[2] or b"", number, new), tag)

    def _cells_with(self, inside: bytes, number: int, new: Mapping[int, NewValue]) -> bytes:
        cells: dict[int, bytes] = {}
        end = 0
        for column, match in self.cells_of(inside, number):
            blanks = inside[end : match.start()]
            cell = _replaced(match, self.prefix, new[column]) if column in new else match[0]
            cells[column], end = blanks + cell, match.end()
        fresh = new.keys() - cells.keys()
        for column in fresh:
            cells[column] = _new_cell(self.prefix, number, column, new[column])
        return b"".join([cells[column] for column in sorted(cells)] if fresh else cells.values()) + inside[end:]

    def without_formulas(self) -> SheetXml:
        """The sheet as values only."""
        rows = self.rows.items()
        return self.changed({n: FORMULA.sub(b"", row) if _FORMULA_TAG.search(row) else row for n, row in rows})

    def without_shared_formulas(self, sheet: str) -> SheetXml:
        """The sheet with every formula in its own cell, so that each can go by itself."""
        if not any(b"shared" in row for row in self.rows.values()):
            return self
        return self.with_values({
            (cell.row, cell.column): NewValue(cell.saved, keeps_formula=False, formula=cell.formula.removeprefix("="))
            for cell in self.formula_cells(sheet)
            if cell.area is None and not cell.data_table
        })  # fmt: skip


_KEPT = ("where", "has_cells", "attributes", "prefix", "rest")


def _from_shared(cell: FormulaCell, shared: dict[bytes, Translator], group: bytes) -> str:
    """The formula of a cell that shares it with others: one of them tells it, the rest read it from there."""
    from openpyxl.formula.translate import Translator

    if cell.formula != "=":
        shared[group] = Translator(cell.formula, origin=cell.at)
        return cell.formula
    return str(shared[group].translate_formula(cell.at)) if group in shared else "="


def _text_number(content: bytes) -> int:
    text = plain_text(content).strip()
    return int(text) if text.isdigit() and len(text) < 10 else -1


def rich_text(content: bytes) -> str:
    """The text of an inline string or of an entry in the list of texts, without its phonetic guides."""
    return "".join(cell_text(match[2] or b"") for match in _TEXT.finditer(_PHONETIC.sub(b"", content)))


def _day(text: str) -> Scalar:
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text
    return serial(moment)


def _replaced(cell: re.Match[bytes], prefix: str, new: NewValue) -> bytes:
    """A cell with another value; its formula stays, and what else it holds."""
    inside = cell[2] or b""
    formula = FORMULA.search(inside)
    kept = formula[0] if formula and new.keeps_formula else b""
    if new.formula:
        kept = f"<{prefix}f>{escaped_cell_text(new.formula)}</{prefix}f>".encode()
    if new.area is not None and (now := FORMULA.search(kept)):
        kept = _with_area(now, area_text(new.area).encode())
    constant = not new.keeps_formula and not new.formula
    kind, content = encoded(new.value, prefix, constant=constant)
    said = without_attribute(cell[1], b"t")
    if constant:
        said = without_attribute(without_attribute(said, b"cm"), b"vm")
    before, after = (inside[: formula.start()], inside[formula.end() :]) if formula else (b"", inside)
    after, values = _VALUE.subn(lambda _: content, _INLINE.sub(b"", after), count=1)
    tag = f"{prefix}c".encode()
    return b"".join((b"<", tag, said, kind, b">", before, kept, after if values else content + after, b"</", tag, b">"))


def _with_area(formula: re.Match[bytes], area: bytes) -> bytes:
    """The formula as an array formula over an area."""
    return with_attributes(formula, with_attribute(with_attribute(formula[1], b"t", b"array"), b"ref", area))


def _new_cell(prefix: str, row: int, column: int, new: NewValue) -> bytes:
    blank = CELL.match(f'<{prefix}c r="{address(row, column)}"/>'.encode())
    assert blank is not None
    return _replaced(blank, prefix, new)
