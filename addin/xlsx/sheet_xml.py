"""The XML of one sheet: its cells read, their values written, not a byte else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import pairwise

from addin.errors import BookError, CellError
from addin.values import LAST_COLUMN, LAST_ROW, Scalar, serial
from addin.xlsx import plain_xml
from addin.xlsx.addresses import (
    Area,
    address,
    area_of,
    on_sheet,
)
from addin.xlsx.cell_xml import (
    CELL,
    FORMULA,
    INLINE,
    TEXT,
    VALUE,
    column_of,
    edited,
    new_cell,
    replaced,
    rich_text,
)
from addin.xlsx.cells import FormulaCell, NewValue, with_saved
from addin.xlsx.relative import relative, written
from addin.xlsx.scanner import (
    ATTRIBUTES,
    PREFIX,
    attributes,
    cell_text,
    element,
    normal,
    plain_text,
    whole_number,
)
from addin.xlsx.sheet_rows import SheetRows

_SHEET_DATA = re.compile(rb"<(" + PREFIX + rb")sheetData(?P<more>" + ATTRIBUTES + rb")\s*(?P<empty>/?)>")
LARGE = 16_000_000
"""Sheets of more bytes are not kept while they are calculated, since the engine has them too."""
ROW = element("row", rb"(?:\s+r=\"(?P<number>[0-9]{1,7})\")?+")
_REFERENCE = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")


class SheetXml:
    """A sheet, taken apart into its rows; every change gives another one that shares what stayed."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where = where
        part, data = data, normal(data, where)
        found = _SHEET_DATA.search(data)
        self.has_cells = found is not None
        inside, self.before, self.after = b"", data, b""
        self.attributes = found["more"] if found else b""
        self.prefix = found[1].decode() if found else ""
        if found:
            self.before, end = data[: found.start()], found.end()
            if not found["empty"]:
                close = data.rindex(b"</%ssheetData" % found[1])
                self._rows_at = slice(end, close) if data is part else None
                inside, end = data[end:close], data.index(b">", close) + 1
            self.after = data[end:]
        numbers, ends = plain_xml.rows(inside)
        if not numbers:
            for match in ROW.finditer(inside):
                numbers.append(self._number(match, numbers[-1] if numbers else 0))
                ends.append(match.end())
        self.rows = SheetRows(inside, numbers, ends)
        self.rest = inside[ends[-1] if ends else 0 :]

    _rows_at: slice | None = None
    """Where the rows stand in the part of the file, if it is in normal form."""

    def let_go(self, part: Callable[[], bytes]) -> None:
        """Forget the rows of a large sheet, which stand in a part of the file, until they are needed."""
        place = self._rows_at
        if place is not None and place.stop > LARGE:
            self.rows.let_go(lambda: part()[place])

    def _number(self, row: re.Match[bytes], before: int) -> int:
        """A row's number; one that does not say it follows the row before it."""
        said = row["number"] or attributes(row[1]).get(b"r")
        number = before + 1 if said is None else int(said) if said.isdigit() and len(said) < 8 else 0
        if not before < number <= LAST_ROW:
            raise BookError(f"{self.where} is damaged: after row {before} stands row {(said or b'').decode()[:40]}")
        return number

    @cached_property
    def data(self) -> bytes:
        """The sheet as it is written."""
        if not self.has_cells:
            return self.before
        tag = f"{self.prefix}sheetData".encode()
        if not self.rows and not self.rest:
            return b"".join((self.before, b"<", tag, self.attributes, b"/>", self.after))
        return self.around(self.rows.views())

    def around(self, rows: Iterable[bytes | memoryview]) -> bytes:
        """The sheet as it is written, with the XML of these rows."""
        tag = f"{self.prefix}sheetData".encode()
        inside = (b"<", tag, self.attributes, b">", *rows, self.rest, b"</", tag, b">")
        return b"".join((self.before, *inside, self.after))

    def changed(self, rows: Mapping[int, bytes], before: bytes | None = None, after: bytes | None = None) -> SheetXml:
        """The sheet with all its rows, and perhaps what stands around them, exchanged."""
        if not self.has_cells:
            raise BookError(f"{self.where} holds no cells; save the book again from Excel or LibreOffice")
        new = object.__new__(SheetXml)
        new.__dict__ |= {name: value for name, value in self.__dict__.items() if name in _KEPT}
        new.rows = rows if isinstance(rows, SheetRows) else SheetRows.of(rows)
        new.before = self.before if before is None else before
        new.after = self.after if after is None else after
        return new

    def cells(self, number: int) -> dict[int, re.Match[bytes]]:
        """A row's cells by column."""
        return dict(self.cells_of(self.rows[number], number)) if number in self.rows else {}

    def cells_of(self, row: bytes, number: int) -> Iterator[tuple[int, re.Match[bytes]]]:
        """The cells of a row with their columns, in order."""
        column, here = 0, b"%d" % number
        for match in CELL.finditer(row):
            before, letters, digits = column, match["letters"], match["digits"]
            if letters is None and (said := attributes(match[1]).get(b"r")) is not None:
                place = _REFERENCE.fullmatch(said)
                letters, digits = place.groups() if place else (b"", said)
            column = column + 1 if letters is None else column_of(letters)
            wrong = letters is not None and digits != here and (not letters or int(digits) != number)
            if wrong or not before < column <= LAST_COLUMN:
                found = (letters or b"") + (digits or b"")
                raise BookError(f"{self.where} is damaged: row {number} holds a cell {found.decode()[:40]} there")
            yield column, match

    # --- reading

    @cached_property
    def hides_rows(self) -> bool:
        """Whether a row or a column is hidden."""
        hidden = re.compile(rb"\shidden\s*=")
        return bool(hidden.search(self.before)) or any(b"hidden" in xml for xml in self.rows.pieces())

    def formula_cells(self, sheet: str) -> list[FormulaCell]:
        """The cells that hold formulas, with the values saved beside them."""
        if self._formula_cells is None or self._formula_cells[0] != sheet:
            before, values = self._before
            cells = with_saved(before.formula_cells(sheet), values) if before else list(self._read_formulas(sheet))
            self._formula_cells, self._before = (sheet, cells), (None, {})
        return self._formula_cells[1]

    _formula_cells: tuple[str, list[FormulaCell]] | None = None
    _before: tuple[SheetXml | None, Mapping[tuple[int, int], NewValue]] = None, {}
    """The sheet that this is but for some values, and these, as long as its formulas were not asked for."""

    @cached_property
    def formula_rows(self) -> list[int]:
        """The rows that may hold formulas."""
        return self.rows.holding(*plain_xml.FORMULA_BEGINS)

    def _read_formulas(self, sheet: str) -> Iterator[FormulaCell]:
        shared: dict[bytes, str] = {}
        for number in self.formula_rows:
            row = self.rows[number]
            if (plain_cells := plain_xml.formula_cells(row, b"%d" % number)) is not None:
                for letters, _, more, text, shown in plain_cells:
                    column = column_of(letters)
                    saved = self._saved(shown[3:-4], _kind(more), number, column) if shown else None
                    yield FormulaCell(sheet, number, column, _formula(text), saved)
                continue
            for column, match in self.cells_of(row, number):
                inside = match["inside"]
                if not inside:
                    continue
                if plain := plain_xml.FORMULA_AND_VALUE.fullmatch(inside):
                    text, value = plain.groups()
                    cell = FormulaCell(sheet, number, column, _formula(text))
                elif formula := FORMULA.search(inside):
                    cell = FormulaCell(sheet, number, column, "=" + plain_text(formula["inside"] or b""))
                    said = _said(formula[1])
                    way = said.get(b"t")
                    if way == b"shared" and b"si" in said:
                        cell.formula = _from_shared(cell, shared, said[b"si"])
                    elif way == b"array" and b"ref" in said:
                        cell.area, cell.dynamic = self._area(said[b"ref"], cell), b"cm" in _said(match["more"])
                    cell.data_table = way == b"dataTable"
                    found = VALUE.search(inside, formula.end()) or VALUE.search(inside)
                    value = (found["inside"] or b"") if found else None
                else:
                    continue
                if value is not None:
                    cell.saved = self._saved(value, _kind(match["more"]), number, column)
                yield cell

    def _area(self, written: bytes, cell: FormulaCell) -> Area:
        """Where an array formula puts its results."""
        if not on_sheet(area := area_of(written.decode())):
            raise BookError(f"{self.where} is damaged: the formula in {cell.at} fills {written.decode()[:40]!r}")
        return area

    def _saved(self, content: bytes, kind: bytes, row: int, column: int) -> Scalar | None:
        if kind == b"n":
            return self._float(content, row, column)
        match kind:
            case b"str":
                return cell_text(content)
            case b"b":
                return plain_text(content).strip() == "1"
            case b"e":
                return CellError(plain_text(content))
            case _:
                return None

    def _float(self, content: bytes, row: int, column: int) -> float | None:
        try:
            return float(content)
        except ValueError:
            if not content.strip():
                return None
            raise BookError(
                f"{self.where} is damaged: cell {address(row, column)} holds {content[:20].decode()!r} as a number"
            ) from None

    def shared_texts(self) -> set[int]:
        """The numbers of the texts in the book's list that cells show."""
        found = set()
        for number, row in self.rows.items():
            for _, match in self.cells_of(row, number):
                inside = match["inside"]
                if _kind(match["more"]) == b"s" and inside and (value := VALUE.search(inside)):
                    found.add(_text_number(value["inside"] or b""))
        return found

    def texts(self) -> set[str]:
        """The texts that stand in the cells themselves."""
        return {
            cell_text(match["inside"])
            for row in self.rows.values()
            for match in (*VALUE.finditer(row), *TEXT.finditer(row))
            if match["inside"]
        }

    def values(self, area: Area, texts: Sequence[str]) -> list[list[Scalar | None]]:
        """What the cells of an area show; `texts` is the book's list of texts."""
        top, left, bottom, right = area
        shown: list[list[Scalar | None]] = [[None] * (right - left + 1) for _ in range(top, bottom + 1)]
        for number, row in self.rows.between(top, bottom):
            self._read_values(shown[number - top], row, number, left, right, texts)
        return shown

    def _read_values(
        self, shown: list[Scalar | None], row: bytes, number: int, left: int, right: int, texts: Sequence[str]
    ) -> None:
        """Read what the cells of a row show between two columns."""
        plain_cells = plain_xml.cells(row, b"%d" % number)
        if plain_cells and (columns := _in_order(plain_cells[0])):
            for column, more, value, text in zip(columns, *plain_cells[1:], strict=True):
                if not (value or text) or not left <= column <= right:
                    continue
                kind = _kind(more)
                if value:
                    shown[column - left] = (
                        self._float(value, number, column) if kind == b"n"
                        else self._shown(value, kind, texts, number, column)
                    )  # fmt: skip
                elif kind == b"inlineStr":
                    shown[column - left] = cell_text(text)
            return
        for column, match in self.cells_of(row, number):
            if not match["inside"] or not left <= column <= right:
                continue
            kind = _kind(match["more"])
            if kind == b"inlineStr" and (inline := INLINE.search(match["inside"])):
                shown[column - left] = rich_text(inline["inside"] or b"") or None
            elif kind != b"inlineStr" and (found := VALUE.search(match["inside"])) and found["inside"]:
                shown[column - left] = self._shown(found["inside"], kind, texts, number, column)

    def _shown(self, value: bytes, kind: bytes, texts: Sequence[str], row: int, column: int) -> Scalar | None:
        if kind == b"s":
            number = _text_number(value)
            if not 0 <= number < len(texts):
                at = address(row, column)
                raise BookError(f"{self.where} is damaged: cell {at} shows a text that the book does not hold")
            return texts[number] or None
        if kind == b"d":
            return _day(plain_text(value))
        saved = self._saved(value, kind, row, column)
        return None if saved == "" else saved

    # --- writing

    def with_values(self, values: Mapping[tuple[int, int], NewValue]) -> SheetXml:
        """The sheet with new values; formulas, styles and everything else stay as they were."""
        by_row: dict[int, dict[int, NewValue]] = {}
        for (row, column), new in values.items():
            by_row.setdefault(row, {})[column] = new
        rows = {number: self._row_with(number, cells) for number, cells in by_row.items()}
        changed = self.changed(self.rows.with_rows(rows))
        if self._formula_cells is not None and not any(new.formula or new.area for new in values.values()):
            changed._before = self, values
        return changed

    def _row_with(self, number: int, new: Mapping[int, NewValue]) -> bytes:
        if not self.prefix and (row := edited(self.rows.get(number, b""), number, new)):
            return row
        match = ROW.search(self.rows.get(number, b""))
        tag = f"{self.prefix}row".encode()
        if match is None:
            inside = self._cells_with(b"", number, new)
            return b'<%s r="%d">%s</%s>' % (tag, number, inside, tag)
        before = match.string[: match.start()]
        inside = self._cells_with(match["inside"] or b"", number, new)
        return b"%s<%s%s>%s</%s>" % (before, tag, match[1], inside, tag)

    def _cells_with(self, inside: bytes, number: int, new: Mapping[int, NewValue]) -> bytes:
        cells: dict[int, bytes] = {}
        end = 0
        for column, match in self.cells_of(inside, number) if inside else ():
            blanks = inside[end : match.start()]
            cell = replaced(match, self.prefix, new[column]) if column in new else match[0]
            cells[column], end = blanks + cell if blanks else cell, match.end()
        fresh = new.keys() - cells.keys()
        for column in fresh:
            cells[column] = new_cell(self.prefix, number, column, new[column])
        in_order = [cells[column] for column in sorted(cells)] if fresh and len(cells) > 1 else cells.values()
        return b"".join(in_order) + inside[end:]

    def without_shared_formulas(self, sheet: str) -> SheetXml:
        """The sheet with every formula in its own cell, so that each can go by itself."""
        if not any(b"shared" in xml for xml in self.rows.pieces()):
            return self
        return self.with_values({
            (cell.row, cell.column): NewValue(cell.saved, keeps_formula=False, formula=cell.formula.removeprefix("="))
            for cell in self.formula_cells(sheet)
            if cell.area is None and not cell.data_table
        })  # fmt: skip


_said = lru_cache(4096)(attributes)
"""The attributes of cells, whose styles and kinds repeat."""


@lru_cache(4096)
def _kind(more: bytes) -> bytes:
    """The kind of value of a cell."""
    return attributes(more).get(b"t", b"n")


@lru_cache(4096)
def _in_order(letters: tuple[bytes, ...]) -> tuple[int, ...]:
    """The columns of a row's cells; none where they are not in order."""
    columns = tuple(map(column_of, letters))
    return columns if all(a < b for a, b in pairwise((0, *columns, LAST_COLUMN + 1))) else ()


@lru_cache(4096)
def _formula(text: bytes) -> str:
    """A formula as a cell shows it; those of a table's column are often the same."""
    return "=" + plain_text(text)


_KEPT = ("where", "has_cells", "attributes", "prefix", "rest")


def _from_shared(cell: FormulaCell, shared: dict[bytes, str], group: bytes) -> str:
    """The formula of a cell that shares it with others: one of them tells it, the rest read it from there."""
    if cell.formula != "=":
        shared[group] = relative(cell.formula, cell.row, cell.column)
        return cell.formula
    return written(shared[group], cell.row, cell.column) if group in shared else "="


def _text_number(content: bytes) -> int:
    number = whole_number(plain_text(content))
    return -1 if number is None else number


def _day(text: str) -> Scalar:
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text
    return serial(moment)
