"""The XML of one sheet: its cells read, their values written, not a byte else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property, lru_cache

from addin.errors import BookError, CellError
from addin.values import LAST_COLUMN, LAST_ROW, Scalar, column_letters, column_number, serial
from addin.xlsx.addresses import (
    Area,
    address,
    area_of,
    area_text,
)
from addin.xlsx.cells import FormulaCell, NewValue, encoded
from addin.xlsx.relative import relative, written
from addin.xlsx.scanner import (
    ATTRIBUTES,
    PREFIX,
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

_SHEET_DATA = re.compile(rb"<(" + PREFIX + rb")sheetData(?P<more>" + ATTRIBUTES + rb")\s*(?P<empty>/?)>")
FORMULA = element("f")
ROW = element("row", rb"(?:\s+r=\"(?P<number>[0-9]{1,7})\")?+")
CELL = element("c", rb"(?:\s+r=\"(?P<letters>[A-Z]{1,3})(?P<digits>[0-9]{1,7})\")?+")
"""A cell's place, where it is told first, as all known programs do, is found with the cell."""
_VALUE, _INLINE, _TEXT, _PHONETIC = element("v"), element("is"), element("t"), element("rPh")
_REFERENCE = re.compile(rb"([A-Z]{1,3})([0-9]+)")
_PLAIN_FORMULA = re.compile(rb"<f>([^<&\r]*)</f>(?:<v>([^<&\r]*)</v>)?")
"""What most cells with a formula hold, to be read faster than whatever else they may."""
_FORMULA_TAG = re.compile(rb"[<:]f[\s/>]")


class SheetXml:
    """A sheet, taken apart into its rows; every change gives another one that shares what stayed."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where = where
        data = normal(data, where)
        found = _SHEET_DATA.search(data)
        self.has_cells = found is not None
        inside, self.before, self.after = b"", data, b""
        self.attributes = found["more"] if found else b""
        self.prefix = found[1].decode() if found else ""
        if found:
            self.before, end = data[: found.start()], found.end()
            if not found["empty"]:
                close = data.rindex(b"</%ssheetData" % found[1])
                inside, end = data[end:close], data.index(b">", close) + 1
            self.after = data[end:]
        self.rows: dict[int, bytes] = {}
        """Row number to its XML, with the blanks before it, in order."""
        number = end = 0
        for match in ROW.finditer(inside):
            digits = match["number"]
            number = there if digits and number < (there := int(digits)) <= LAST_ROW else self._number(match, number)
            self.rows[number] = inside[end : match.end()]
            end = match.end()
        self.rest = inside[end:]

    def _number(self, row: re.Match[bytes], before: int) -> int:
        """A row's number; one that does not say it follows the row before it."""
        said = row["number"] or attributes(row[1]).get(b"r")
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
            column = column + 1 if letters is None else _column(letters)
            wrong = letters is not None and digits != here and (not letters or int(digits) != number)
            if wrong or not before < column <= LAST_COLUMN:
                told = (letters or b"") + (digits or b"")
                raise BookError(f"{self.where} is damaged: row {number} holds a cell {told.decode()} there")
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
        shared: dict[bytes, str] = {}
        for number, row in self.rows.items():
            if not _FORMULA_TAG.search(row):
                continue
            for column, match in self.cells_of(row, number):
                inside = match["inside"]
                if not inside:
                    continue
                said = _said(match["more"])
                if plain := _PLAIN_FORMULA.fullmatch(inside):
                    text, value = plain.groups()
                    cell = FormulaCell(sheet, number, column, "=" + text.decode())
                elif formula := FORMULA.search(inside):
                    cell = FormulaCell(sheet, number, column, "=" + plain_text(formula["inside"] or b""))
                    kind = _said(formula[1])
                    way = kind.get(b"t")
                    if way == b"shared" and b"si" in kind:
                        cell.formula = _from_shared(cell, shared, kind[b"si"])
                    elif way == b"array" and b"ref" in kind:
                        cell.area, cell.dynamic = area_of(kind[b"ref"].decode()), b"cm" in said
                    cell.data_table = way == b"dataTable"
                    found = _VALUE.search(inside, formula.end()) or _VALUE.search(inside)
                    value = (found["inside"] or b"") if found else None
                else:
                    continue
                if value is not None:
                    cell.saved = self._saved(value, said.get(b"t", b"n"), number, column)
                yield cell

    def _saved(self, content: bytes, kind: bytes, row: int, column: int) -> Scalar | None:
        match kind:
            case b"str":
                return cell_text(content)
            case b"b":
                return plain_text(content).strip() == "1"
            case b"e":
                return CellError(plain_text(content))
            case b"n":
                return self._float(content, row, column)
            case _:
                return None

    def _float(self, content: bytes, row: int, column: int) -> float | None:
        try:
            return float(content) if content.strip() else None
        except ValueError:
            raise BookError(
                f"{self.where} is damaged: cell {address(row, column)} holds {content[:20].decode()!r} as a number"
            ) from None

    def shared_texts(self) -> set[int]:
        """The numbers of the texts in the book's list that cells show."""
        found = set()
        for number, row in self.rows.items():
            for _, match in self.cells_of(row, number):
                inside = match["inside"]
                if _said(match["more"]).get(b"t") == b"s" and inside and (value := _VALUE.search(inside)):
                    found.add(_text_number(value["inside"] or b""))
        return found

    def texts(self) -> set[str]:
        """The texts that stand in the cells themselves."""
        return {
            cell_text(match["inside"])
            for row in self.rows.values()
            for match in (*_VALUE.finditer(row), *_TEXT.finditer(row))
            if match["inside"]
        }

    def values(self, area: Area, texts: Sequence[str]) -> list[list[Scalar | None]]:
        """What the cells of an area show; `texts` is the book's list of texts."""
        top, left, bottom, right = area
        return [self._row_values(number, left, right, texts) for number in range(top, bottom + 1)]

    def _row_values(self, number: int, left: int, right: int, texts: Sequence[str]) -> list[Scalar | None]:
        shown: list[Scalar | None] = [None] * (right - left + 1)
        for column, match in self.cells_of(self.rows.get(number, b""), number):
            if left <= column <= right and match["inside"]:
                shown[column - left] = self._shown(match, texts, number, column)
        return shown

    def _shown(self, cell: re.Match[bytes], texts: Sequence[str], row: int, column: int) -> Scalar | None:
        kind = _said(cell["more"]).get(b"t", b"n")
        if kind == b"inlineStr":
            inline = _INLINE.search(cell["inside"])
            return rich_text(inline["inside"] or b"") or None if inline else None
        value = _VALUE.search(cell["inside"])
        if value is None or not value["inside"]:
            return None
        if kind == b"s":
            number = _text_number(value["inside"])
            if not 0 <= number < len(texts):
                at = address(row, column)
                raise BookError(f"{self.where} is damaged: cell {at} shows a text that the book does not hold")
            return texts[number] or None
        if kind == b"d":
            return _day(plain_text(value["inside"]))
        saved = self._saved(value["inside"], kind, row, column)
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
        if not self.prefix and (row := _edited(self.rows.get(number, b""), number, new)):
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
            cell = _replaced(match, self.prefix, new[column]) if column in new else match[0]
            cells[column], end = blanks + cell if blanks else cell, match.end()
        fresh = new.keys() - cells.keys()
        for column in fresh:
            cells[column] = _new_cell(self.prefix, number, column, new[column])
        in_order = [cells[column] for column in sorted(cells)] if fresh and len(cells) > 1 else cells.values()
        return b"".join(in_order) + inside[end:]

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


@cache
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


_said = lru_cache(4096)(attributes)
"""The attributes of cells, whose styles and kinds repeat."""

_KEPT = ("where", "has_cells", "attributes", "prefix", "rest")


def _from_shared(cell: FormulaCell, shared: dict[bytes, str], group: bytes) -> str:
    """The formula of a cell that shares it with others: one of them tells it, the rest read it from there."""
    if cell.formula != "=":
        shared[group] = relative(cell.formula, cell.row, cell.column)
        return cell.formula
    return written(shared[group], cell.row, cell.column) if group in shared else "="


def _text_number(content: bytes) -> int:
    text = plain_text(content).strip()
    return int(text) if text.isdigit() and len(text) < 10 else -1


def rich_text(content: bytes) -> str:
    """The text of an inline string or of an entry in the list of texts, without its phonetic guides."""
    return "".join(cell_text(match["inside"] or b"") for match in _TEXT.finditer(_PHONETIC.sub(b"", content)))


def _day(text: str) -> Scalar:
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text
    return serial(moment)


def _edited(row: bytes, number: int, new: Mapping[int, NewValue]) -> bytes | None:
    """The row with cells replaced, or added behind its last one; None where it is not written as most programs do."""
    for column, value in sorted(new.items()) if len(new) > 1 else new.items():
        at = row.find(b'<c r="%s%d"' % (column_letters(column).encode(), number))
        cell = CELL.match(row, at if at >= 0 else max(row.rfind(b"<c "), 0))
        if cell is None or cell["letters"] is None or (at < 0 and _column(cell["letters"]) > column):
            return None
        now = _replaced(cell, "", value) if at >= 0 else cell[0] + _new_cell("", number, column, value)
        row = row[: cell.start()] + now + row[cell.end() :]
    return row


def _replaced(cell: re.Match[bytes], prefix: str, new: NewValue) -> bytes:
    """A cell with another value; its formula stays, and what else it holds."""
    inside, more = cell["inside"] or b"", cell["more"]
    place = cell[1][: len(cell[1]) - len(more)]
    if new.keeps_formula and new.area is None and not prefix and _PLAIN_FORMULA.fullmatch(inside):
        kind, content = encoded(new.value)
        kept = inside[: inside.index(b"</f>") + 4]
        return b"<c%s%s%s>%s%s</c>" % (place, _without_kind(more), kind, kept, content)
    formula = FORMULA.search(inside)
    kept = formula[0] if formula and new.keeps_formula else b""
    if new.formula:
        kept = f"<{prefix}f>{escaped_cell_text(new.formula)}</{prefix}f>".encode()
    if new.area is not None and (now := FORMULA.search(kept)):
        kept = _with_area(now, area_text(new.area).encode())
    constant = not new.keeps_formula and not new.formula
    kind, content = encoded(new.value, prefix, constant=constant)
    said = place + _without_kind(more)
    if constant:
        said = without_attribute(without_attribute(said, b"cm"), b"vm")
    before, after = (inside[: formula.start()], inside[formula.end() :]) if formula else (b"", inside)
    after, values = _VALUE.subn(lambda _: content, _INLINE.sub(b"", after), count=1)
    tag = f"{prefix}c".encode()
    return b"".join((b"<", tag, said, kind, b">", before, kept, after if values else content + after, b"</", tag, b">"))


@lru_cache(4096)
def _without_kind(attributes: bytes) -> bytes:
    return without_attribute(attributes, b"t")


def _with_area(formula: re.Match[bytes], area: bytes) -> bytes:
    """The formula as an array formula over an area."""
    return with_attributes(formula, with_attribute(with_attribute(formula[1], b"t", b"array"), b"ref", area))


def _new_cell(prefix: str, row: int, column: int, new: NewValue) -> bytes:
    place = address(row, column)
    if new.keeps_formula and new.area is None and not new.formula:
        kind, content = encoded(new.value, prefix)
        return f'<{prefix}c r="{place}"'.encode() + kind + b">" + content + f"</{prefix}c>".encode()
    blank = CELL.match(f'<{prefix}c r="{place}"/>'.encode())
    assert blank is not None
    return _replaced(blank, prefix, new)
