"""What a formula refers to and calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple, TypeAlias

import formualizer as fz

from addin.function_names import FUNCTION_NAMES
from addin.values import LAST_COLUMN, LAST_ROW, LONGEST_FORMULA, column_number
from addin.xlsx.addresses import Area
from addin.xlsx.cells import FormulaCell
from addin.xlsx.package import Package, TableArea
from addin.xlsx.relative import MARK, relative, written

ANYWHERE = frozenset({"INDIRECT", "OFFSET"})
"""Functions that may read any cell, whatever their arguments say."""

_A1 = re.compile(
    r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})(?:#|:(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7}))?"
    r"|(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})|(\$?)([0-9]{1,7}):(\$?)([0-9]{1,7})"
)
_STRUCTURED = re.compile(r"([^\W\d][\w.\\]*)?(\[.*\])?", re.DOTALL)
_ITEM = re.compile(r"\[((?:'.|[^\[\]'])*)\]")
REFERENCE = fz.TokenSubType.Range
_NAME_PREFIX = re.compile(r"^(?:_xl\w+\.|_xldudf_)+|^.*!", re.IGNORECASE)
Moves: TypeAlias = tuple[bool, bool, bool, bool]
FIXED: Moves = (False, False, False, False)
OWN_ROW: Moves = (True, False, True, False)


class Span(NamedTuple):
    """An area that a formula refers to; its ends that move say how far they are from the formula's cell."""

    sheet: str
    area: Area
    moves: Moves = FIXED

    def ends(self, row: int, column: int) -> Area:
        """Where its ends are for the formula of a cell, in the order in which the formula has them."""
        (top, left, bottom, right), (by_top, by_left, by_bottom, by_right) = self.area, self.moves
        return top + row * by_top, left + column * by_left, bottom + row * by_bottom, right + column * by_right

    def at(self, row: int, column: int) -> Area:
        """The area, for the formula of a cell."""
        return self.area if self.moves is FIXED else _sorted(self.ends(row, column))

    @property
    def grows(self) -> bool:
        """Whether one end moves and the other does not, as in A$1:A5."""
        return self.moves[:2] != self.moves[2:]


@dataclass(slots=True, eq=False)
class Reading:
    """What a formula reads and calls; all cells whose formula is the same in relative form share it."""

    spans: list[Span] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    anywhere: bool = False
    between: bool = False
    """It reads an area between two ends, such as A1:INDEX(B1:B9,3), of which the engine sees only the ends."""
    grows: bool = False
    """It reads an area of which one end moves with the cell and the other does not, such as A$1:A5."""
    shared: bool = True
    """Whether another formula that is the same in relative form reads the same."""


@cache
def metric_name(token: str) -> str | None:
    """The metric that a call names, also behind a prefix such as [1]! or _xludf."""
    name = _NAME_PREFIX.sub("", token.rstrip("(").strip()).upper()
    return name if name in FUNCTION_NAMES else None


class Formulas:
    """Reads formulas in the light of a book's names and tables."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._spans: dict[tuple[str, str], Span | None] = {}
        self._structured_spans: dict[object, Span | None] = {}
        self.sheets = {name.lower(): name for name in package.sheets}
        self._readings: dict[tuple[str, str, str], Reading] = {}
        self._filled: dict[tuple[str, int, int], tuple[str, Reading]] = {}
        """The last formula of each column and row in relative form, which the next cell there often has too."""

    def read(self, cell: FormulaCell) -> Reading:
        """What a cell's formula reads and calls; nothing where it is longer than any that Excel takes."""
        if len(cell.formula) > LONGEST_FORMULA:
            return Reading()
        column = cell.sheet, 0, cell.column
        known = self._filled.get(column)
        if known is None or not _is_filled(known[0], cell):
            row = cell.sheet, cell.row, 0
            known = self._filled.get(row)
            if known is None or not _is_filled(known[0], cell):
                known = self._new(cell)
            self._filled[column] = self._filled[row] = known
        return known[1]

    def _new(self, cell: FormulaCell) -> tuple[str, Reading]:
        """The relative form of a formula, blank where others of this form may read something else, and its reading."""
        form = relative(cell.formula, cell.row, cell.column)
        own_table = "[" in cell.formula and any(text[0] == "[" for _, text in _words(cell.formula))
        table = self._table(None, cell) if own_table else None
        key = form, cell.sheet, table.name if table else ""
        reading = self._readings.get(key)
        if reading is None or not reading.shared:
            reading = self._readings[key] = Reading()
            self._read(cell.formula, cell, reading, depth=0)
        return "" if own_table or not reading.shared else form, reading

    def _read(self, formula: str, cell: FormulaCell, reading: Reading, depth: int) -> None:
        spanning: Span | None = None
        for kind, text in _words(formula):
            if kind == "call":
                if name := metric_name(text):
                    reading.metrics.append(name)
                reading.anywhere |= text.rstrip("(").upper() in ANYWHERE
            elif kind == ":":
                spanning = reading.spans[-1] if reading.spans else spanning
            elif (span := self.span(text, cell, fixed=depth > 0)) is not None:
                reading.spans.append(span)
                reading.grows |= span.grows
                if spanning and spanning.sheet == span.sheet:
                    self._read_between(spanning, span, cell, reading)
                spanning = None
            elif depth < 8 and (definition := self.definition(text, cell)):
                self._read("=" + definition, cell, reading, depth + 1)

    def _read_between(self, one: Span, other: Span, cell: FormulaCell, reading: Reading) -> None:
        around = _around(one.at(cell.row, cell.column), other.at(cell.row, cell.column))
        reading.shared &= one.moves == other.moves and not one.grows
        if not any(_around(around, known.at(cell.row, cell.column)) == known.at(cell.row, cell.column)
                   for known in reading.spans if known.sheet == one.sheet):  # fmt: skip
            reading.spans.append(Span(one.sheet, around))
            reading.between, reading.shared = True, False

    def definition(self, text: str, cell: FormulaCell) -> str | None:
        """What a defined name stands for, as a cell's formula sees it."""
        sheet, name = split_sheet(text)
        scope = self.sheets.get(sheet.lower()) if sheet else cell.sheet
        names = self.package.names
        return names.get((scope, name.lower())) or names.get((None, name.lower()))

    def many_cells(self, sheet: str) -> Callable[[str], bool]:
        """Tells of a name, as a formula on this sheet sees it, whether it covers more than one cell."""
        here = FormulaCell(sheet, 1, 1)

        def covers(name: str) -> bool:
            definition = self.definition(name, here)
            span = self.span(definition, here, fixed=True) if definition else None
            return span is not None and span.area[:2] != span.area[2:]

        return covers

    def span(self, text: str, cell: FormulaCell, *, fixed: bool = False) -> Span | None:
        """The area that a reference names; `fixed` where it does not move with the cell, as in a name's definition."""
        if text.endswith("]") or text.lower() in self.package.tables:
            return self._table_span(text, cell)
        key = text, cell.sheet
        if key not in self._spans:
            self._spans[key] = self._plain_span(*key)
        span = self._spans[key]
        if span is None or span.moves is FIXED:
            return span
        if fixed:
            return Span(span.sheet, _sorted(span.area))
        (top, left, bottom, right), (by_top, by_left, by_bottom, by_right) = span.area, span.moves
        row, column = cell.row, cell.column
        area = top - row * by_top, left - column * by_left, bottom - row * by_bottom, right - column * by_right
        return Span(span.sheet, area, span.moves)

    def _plain_span(self, text: str, here: str) -> Span | None:
        """The area that A1 or A:A names, its ends where the text says, and which of them move."""
        sheet_text, reference = split_sheet(text)
        match = _A1.fullmatch(reference)
        sheet = self.sheets.get(sheet_text.lower()) if sheet_text else here
        if match is None or sheet is None:
            return None
        ends = match.groups()
        if ends[1]:
            fix_left, left, fix_top, top = ends[:4]
            fix_right, right, fix_bottom, bottom = ends[4:8] if ends[5] else ends[:4]
            area = int(top), column_number(left), int(bottom), column_number(right)
            moves = not fix_top, not fix_left, not fix_bottom, not fix_right
        elif ends[9]:
            area = 1, column_number(ends[9]), LAST_ROW, column_number(ends[11])
            moves = False, not ends[8], False, not ends[10]
        else:
            area = int(ends[13]), 1, int(ends[15]), LAST_COLUMN
            moves = not ends[12], False, not ends[14], False
        return Span(sheet, area, moves) if any(moves) else Span(sheet, _sorted(area))

    def _table_span(self, text: str, cell: FormulaCell) -> Span | None:
        """The area a structured reference names, or None for what is no table of this book."""
        key = text if text[:1] != "[" else (text, self._table(None, cell))
        if key not in self._structured_spans:
            self._structured_spans[key] = self._structured(text, cell)
        return self._structured_spans[key]

    def _structured(self, text: str, cell: FormulaCell) -> Span | None:
        match = _STRUCTURED.fullmatch(text)
        table = self._table(match.group(1), cell) if match else None
        if match is None or table is None:
            return None
        first_data, last_data = table.top + table.header_rows, table.bottom - table.totals_rows
        rows = {
            "#all": (table.top, table.bottom), "#data": (first_data, last_data),
            "#headers": (table.top, table.top), "#totals": (table.bottom, table.bottom),
        }  # fmt: skip
        inner = (match.group(2) or "[]")[1:-1]
        this_row = inner.startswith("@")
        inner = inner.removeprefix("@")
        spans, columns = [], []
        positions = {name.lower(): table.left + index for index, name in enumerate(table.columns)}
        for item in _ITEM.findall(inner) or [inner]:
            plain = re.sub(r"'(.)", r"\1", item).strip().lower()
            if plain == "#this row":
                this_row = True
            elif plain in rows:
                spans.append(rows[plain])
            elif plain in positions:
                columns.append(positions[plain])
            elif plain:
                return None
        spans = spans or [rows["#data"]]
        columns = columns or [table.left, table.right]
        left, right = min(columns), max(columns)
        if this_row:
            return Span(table.sheet, (0, left, 0, right), OWN_ROW)
        return Span(table.sheet, (min(top for top, _ in spans), left, max(bottom for _, bottom in spans), right))

    def _table(self, name: str | None, cell: FormulaCell) -> TableArea | None:
        if name:
            return self.package.tables.get(name.lower())
        for table in self.package.tables.values():
            if (
                table.sheet == cell.sheet
                and table.top <= cell.row <= table.bottom
                and table.left <= cell.column <= table.right
            ):
                return table
        return None


def _is_filled(form: str, cell: FormulaCell) -> bool:
    """Whether a cell has the formula of this relative form."""
    formula = cell.formula
    return form == formula or (MARK in form and written(form, cell.row, cell.column) == formula)


@cache
def _words(formula: str) -> tuple[tuple[str, str], ...]:
    """The calls, range operators and references of a formula; all cells of a calculated column share them."""
    found = []
    for token in tokens(formula):
        if token.token_type == fz.TokenType.Func and token.subtype == fz.TokenSubType.Open:
            found.append(("call", token.value))
        elif token.token_type == fz.TokenType.OpInfix and token.value == ":":
            found.append((":", ":"))
        elif token.token_type == fz.TokenType.Operand and token.subtype == REFERENCE:
            found.append(("reference", token.value))
    return tuple(found)


def tokens(formula: str) -> Iterator[fz.Token]:
    """The tokens of a formula; none, where it cannot be read."""
    try:
        return iter(fz.tokenize(formula))
    except (fz.TokenizerError, ValueError):
        return iter(())


def split_sheet(text: str) -> tuple[str, str]:
    """The sheet that a reference names, if any, and the rest of it."""
    if "!" not in text:
        return "", text
    sheet, reference = text.rsplit("!", 1)
    return (sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet), reference


def _around(one: Area, other: Area) -> Area:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _sorted(area: Area) -> Area:
    top, left, bottom, right = area
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)
