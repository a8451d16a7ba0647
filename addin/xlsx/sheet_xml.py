"""The XML of one sheet: its formula cells read, their cached values written, not a byte else."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from addin.errors import CellError
from addin.values import LAST_COLUMN, LAST_ROW, Scalar
from addin.xlsx.addresses import Area, Place, address, area_of, area_text, position
from addin.xlsx.package import parse


@dataclass(slots=True)
class FormulaCell:
    """A cell with a formula, as the file holds it."""

    sheet: str
    row: int
    column: int
    formula: str = ""
    saved: Scalar | None = None
    area: Area | None = None
    """Where an array formula puts its results."""
    dynamic: bool = False
    """An array formula whose area follows the size of its result."""
    data_table: bool = False

    @property
    def place(self) -> Place:
        """Where the cell is in the book."""
        return self.sheet, self.row, self.column

    @property
    def left_alone(self) -> str:
        """Why it is not calculated here, whatever its formula says; empty where it is."""
        if self.data_table:
            return "a what-if data table is not calculated here"
        if self.area and (self.area[2] == LAST_ROW or self.area[3] == LAST_COLUMN):
            return "an array over whole rows or columns is not calculated here"
        return ""

    @property
    def at(self) -> str:
        """The cell's address within its sheet."""
        return address(self.row, self.column)


@dataclass(slots=True)
class NewValue:
    """What a cell shall show (None: nothing), and the area of its array formula where that changes.

    Where it does not keep its formula, it holds the given one, or a constant.
    """

    value: Scalar | None
    area: Area | None = None
    keeps_formula: bool = True
    formula: str = ""


@cache
def _local(tag: str) -> str:
    return tag.rsplit(":", 1)[-1]


@dataclass
class _Reader:
    sheet: str
    cells: list[FormulaCell] = field(default_factory=list)
    row: int = 0
    column: int = 0
    type: str = "n"
    dynamic: bool = False
    inside: bool = False
    """Whether this is a cell: rules and sparklines after the rows have formulas too."""
    current: FormulaCell | None = None
    text: list[str] | None = None
    shared: dict[str, Any] = field(default_factory=dict)
    group: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "c":
                self.row, self.column = position(attributes.get("r"), self.row, self.column)
                self.type = attributes.get("t", "n")
                self.dynamic = "cm" in attributes
                self.current, self.inside = None, True
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            case "f" if self.inside:
                self.current = FormulaCell(self.sheet, self.row, self.column)
                self.cells.append(self.current)
                self.text = []
                self.group = attributes.get("si") if attributes.get("t") == "shared" else None
                if attributes.get("t") == "array" and "ref" in attributes:
                    self.current.area = area_of(attributes["ref"])
                    self.current.dynamic = self.dynamic
                self.current.data_table = attributes.get("t") == "dataTable"
            case "v":
                if self.current is not None:
                    self.text = []

    def end(self, tag: str) -> None:
        if _local(tag) == "c":
            self.inside = False
        if self.text is None or self.current is None:
            return
        content, self.text = "".join(self.text), None
        match _local(tag):
            case "f":
                self.current.formula = self._formula(content)
            case "v":
                self.current.saved = _saved(content, self.type)

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def _formula(self, text: str) -> str:
        here = address(self.row, self.column)
        if self.group is None:
            return "=" + text
        from openpyxl.formula.translate import Translator

        if text:
            self.shared[self.group] = Translator("=" + text, origin=here)
            return "=" + text
        translated: str = self.shared[self.group].translate_formula(here) if self.group in self.shared else "="
        return translated


def _saved(text: str, kind: str) -> Scalar | None:
    match kind:
        case "str":
            return _unescaped(text)
        case "b":
            return text == "1"
        case "e":
            return CellError(text)
        case "n":
            return float(text) if text else None
        case _:
            return None


def formula_cells(data: bytes, sheet: str, where: str) -> list[FormulaCell]:
    """The cells of a sheet that hold formulas, with the values saved beside them."""
    if b"f>" not in data and b"<f" not in data and b":f" not in data:
        return []
    reader = _Reader(sheet)
    parse(_rows_with_formulas(data), where, start=reader.start, end=reader.end, text=reader.data)
    return reader.cells


def _rows_with_formulas(data: bytes) -> bytes:
    """The sheet without the rows that hold no formula, if every row says its number: long tables have many."""
    if data.count(b"<row ") != data.count(b'<row r="'):
        return data
    *rows, rest = data.split(b"</row>")
    kept = [row for number, row in enumerate(rows) if number == 0 or b"<f" in row]
    return b"</row>".join([*kept, rest])


# --- writing


def with_values(data: bytes, values: Mapping[tuple[int, int], NewValue], where: str) -> bytes:
    """The sheet with new cached values; formulas, styles and everything else stay as they were."""
    writer = _Writer(data, values)
    parse(data, where, start=writer.start, end=writer.end, parser_given=writer.take)
    return writer.result()


class _Writer:
    """Copies the sheet's bytes, and puts new cells where they belong."""

    def __init__(self, data: bytes, values: Mapping[tuple[int, int], NewValue]) -> None:
        self.source = data
        self.values = values
        self.rows: dict[int, list[int]] = {}
        for row, column in values:
            insort(self.rows.setdefault(row, []), column)
        self.left_rows = sorted(self.rows)
        self.left_columns: list[int] = []
        self.out: list[bytes] = []
        self.copied = 0
        self.row = 0
        self.column = 0
        self.began = 0
        self.row_began = 0
        self.data_began = 0
        self.prefix = ""
        self.cell: tuple[int, int] | None = None

    def take(self, parser: expat.XMLParserType) -> None:
        self.parser = parser

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "c":
                self.row, self.column = position(attributes.get("r"), self.row, self.column)
                self.began = self.parser.CurrentByteIndex
                self._cells_before(self.column, self.began)
                if (self.row, self.column) in self.values:
                    self.cell = (self.row, self.column)
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), 0
                self.row_began = self.parser.CurrentByteIndex
                self._rows_before(self.row, self.row_began)
                if self.left_rows and self.left_rows[0] == self.row:
                    self.left_columns = self.rows[self.left_rows.pop(0)]
            case "sheetData":
                self.data_began = self.parser.CurrentByteIndex
                self.prefix = tag[: -len("sheetData")]

    def end(self, tag: str) -> None:
        match _local(tag):
            case "c":
                if self.cell is not None:
                    first = self._tag_end(self.began)
                    stop = first if self._is_empty(first) else self._tag_end(self.parser.CurrentByteIndex)
                    self._copy_to(self.began)
                    self.out.append(_replaced(self.source[self.began : stop], self.prefix, self.values[self.cell]))
                    self.copied = stop
                    self.left_columns.remove(self.column)
                    self.cell = None
            case "row":
                self._close(tag, self.row_began, lambda: self._cells_before(1 << 20, None), bool(self.left_columns))
            case "sheetData":
                self._close(tag, self.data_began, lambda: self._rows_before(1 << 30, None), bool(self.left_rows))

    def result(self) -> bytes:
        self._copy_to(len(self.source))
        return b"".join(self.out)

    def _close(self, tag: str, began: int, add: Callable[[], None], wanted: bool) -> None:
        """Add what is left before an end tag; an empty element <row/> is opened first."""
        if not wanted:
            return
        first = self._tag_end(began)
        if self._is_empty(first):
            self._copy_to(first - 2)
            self.out.append(b">")
            add()
            self.out.append(f"</{tag}>".encode())
            self.copied = first
        else:
            self._copy_to(self.parser.CurrentByteIndex)
            add()

    def _is_empty(self, tag_end: int) -> bool:
        """Whether the tag that ends here is all there is of its element."""
        return self.source[tag_end - 2 : tag_end] == b"/>"

    def _cells_before(self, column: int, index: int | None) -> None:
        while self.left_columns and self.left_columns[0] < column:
            if index is not None:
                self._copy_to(index)
            first = self.left_columns.pop(0)
            self.out.append(_new_cell(self.prefix, self.row, first, self.values[self.row, first]))

    def _rows_before(self, row: int, index: int | None) -> None:
        while self.left_rows and self.left_rows[0] < row:
            if index is not None:
                self._copy_to(index)
            number = self.left_rows.pop(0)
            cells = [_new_cell(self.prefix, number, c, self.values[number, c]) for c in self.rows[number]]
            self.out += [f'<{self.prefix}row r="{number}">'.encode(), *cells, f"</{self.prefix}row>".encode()]

    def _copy_to(self, index: int) -> None:
        self.out.append(self.source[self.copied : index])
        self.copied = index

    def _tag_end(self, index: int) -> int:
        return self.source.index(b">", index) + 1


_TYPE = re.compile(rb"""\s+t\s*=\s*("[^"]*"|'[^']*')""")
_DYNAMIC = re.compile(rb"""\s+[cv]m\s*=\s*("[^"]*"|'[^']*')""")
_REF = re.compile(rb"""(\sref\s*=\s*)("[^"]*"|'[^']*')""")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:(?<=/)>|(?<!/)>.*?</(?:\w+:)?f\s*>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?(v|is)(?:\s[^>]*)?(?:(?<=/)>|(?<!/)>.*?</(?:\w+:)?\1\s*>)", re.DOTALL)


def _replaced(cell: bytes, prefix: str, new: NewValue) -> bytes:
    """A cell with another value; its formula stays, and what else it holds."""
    first = cell.index(b">")
    opening, inside = cell[:first].rstrip(b"/"), cell[first + 1 : max(cell.rfind(b"</"), first + 1)]
    formula = _FORMULA.search(inside)
    kept = formula.group() if formula and new.keeps_formula else b""
    if new.formula:
        kept = f"<{prefix}f>{_escaped(new.formula)}</{prefix}f>".encode()
    if new.area is not None:
        kept = _with_area(kept, area_text(new.area).encode())
    constant = not new.keeps_formula and not new.formula
    kind, content = encoded(new.value, prefix, constant=constant)
    opening = _TYPE.sub(b"", _DYNAMIC.sub(b"", opening) if constant else opening)
    before, after = (inside[: formula.start()], inside[formula.end() :]) if formula else (b"", inside)
    after, values = _VALUE.subn(lambda _: content, after, count=1)
    return opening + kind + b">" + before + kept + (after if values else content + after) + f"</{prefix}c>".encode()


def _with_area(formula: bytes, area: bytes) -> bytes:
    """The formula as an array formula over an area."""
    head, rest = formula[: formula.index(b">")], formula[formula.index(b">") :]
    if _REF.search(head):
        return _REF.sub(rb'\g<1>"' + area + b'"', head) + rest
    return _TYPE.sub(b"", head) + b' t="array" ref="' + area + b'"' + rest


def _new_cell(prefix: str, row: int, column: int, new: NewValue) -> bytes:
    return _replaced(f'<{prefix}c r="{address(row, column)}">'.encode(), prefix, new)


def encoded(value: Scalar | None, prefix: str = "", *, constant: bool = False) -> tuple[bytes, bytes]:
    """The type attribute and the value element of a cell; a constant's text stands in the cell itself."""
    match value:
        case None:
            return b"", b""
        case bool():
            kind, text = "b", str(int(value))
        case CellError():
            kind, text = "e", value.code
        case str():
            kind, text = "str", _escaped(value)
        case _:
            kind, text = "", number_text(value)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    if constant and kind == "str":
        return b' t="inlineStr"', f"<{prefix}is><{prefix}t{space}>{text}</{prefix}t></{prefix}is>".encode()
    return (f' t="{kind}"' if kind else "").encode(), f"<{prefix}v{space}>{text}</{prefix}v>".encode()


def number_text(value: float) -> str:
    """A number as the shortest text that reads back as the same number."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _escaped(text: str) -> str:
    return escape(_CONTROL.sub(lambda match: f"_x{ord(match.group()):04X}_", text))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)


def without_formulas(data: bytes) -> bytes:
    """The sheet as values only."""
    return _FORMULA.sub(b"", data)
