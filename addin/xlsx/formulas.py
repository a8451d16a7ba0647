"""What a formula refers to and calls, and how it is put to the engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import formualizer as fz

from addin.catalogue import catalogue
from addin.values import LAST_COLUMN, LAST_ROW, column_letters, column_number
from addin.xlsx.addresses import Area, address
from addin.xlsx.cells import FormulaCell
from addin.xlsx.package import Package, TableArea

ANYWHERE = frozenset({"INDIRECT", "OFFSET"})
"""Functions that may read any cell, whatever their arguments say."""

LEFT_OUT = '""'
"""Stands for an argument left out between commas, which the engine would hand over as 0."""

_A1 = re.compile(
    r"\$?([A-Za-z]{1,3})\$?(\d+)(?:#|:\$?([A-Za-z]{1,3})\$?(\d+))?|\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})|\$?(\d+):\$?(\d+)"
)
_STRUCTURED = re.compile(r"([^\W\d][\w.\\]*)?(\[.*\])?", re.DOTALL)
_ITEM = re.compile(r"\[((?:'.|[^\[\]'])*)\]")
Structured = tuple[str, tuple[int, int] | None, tuple[int, int]]
"""Sheet, first and last row (None: the formula's own row), first and last column."""

OPEN, CLOSE = fz.TokenSubType.Open, fz.TokenSubType.Close
ARGUMENT, REFERENCE = fz.TokenSubType.Arg, fz.TokenSubType.Range
_NAME_PREFIX = re.compile(r"^(?:_xl\w+\.|_xldudf_)+|^.*!", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """What one formula reads and calls."""

    areas: list[tuple[str, Area]] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    anywhere: bool = False
    between: bool = False
    """It reads an area between two ends, such as A1:INDEX(B1:B9,3), of which the engine sees only the ends."""


@dataclass(slots=True)
class _OpenCall:
    """A metric's call while its arguments are read."""

    name: str
    at: int
    """Where its beginning stands in the text that is put together."""
    argument: int = 0
    whole: int = 0


@cache
def metric_name(token: str) -> str | None:
    """The metric that a call names, also behind a prefix such as [1]! or _xludf."""
    name = _NAME_PREFIX.sub("", token.rstrip("(").strip()).upper()
    return name if name in catalogue() else None


class Formulas:
    """Reads formulas in the light of a book's names and tables."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.areas: dict[tuple[str, str], tuple[str, Area] | None] = {}
        self.structured: dict[object, Structured | None] = {}
        self.sheets = {name.lower(): name for name in package.sheets}

    def read(self, cell: FormulaCell) -> Reading:
        """What a cell's formula reads and calls."""
        reading = Reading()
        self._read(cell.formula, cell, reading, depth=0)
        return reading

    def _read(self, formula: str, cell: FormulaCell, reading: Reading, depth: int) -> None:
        spanning: tuple[str, Area] | None = None
        for kind, text in _words(formula):
            if kind == "call":
                if name := metric_name(text):
                    reading.metrics.append(name)
                reading.anywhere |= text.rstrip("(").upper() in ANYWHERE
            elif kind == ":":
                spanning = reading.areas[-1] if reading.areas else spanning
            elif (area := self._area(text, cell)) is not None:
                reading.areas.append(area)
                if spanning and spanning[0] == area[0]:
                    reading.areas.append((area[0], _around(spanning[1], area[1])))
                    reading.between = True
                spanning = None
            elif depth < 8 and (definition := self._definition(text, cell)):
                self._read("=" + definition, cell, reading, depth + 1)

    def _definition(self, text: str, cell: FormulaCell) -> str | None:
        sheet, name = _split_sheet(text)
        scope = self.sheets.get(sheet.lower()) if sheet else cell.sheet
        names = self.package.names
        return names.get((scope, name.lower())) or names.get((None, name.lower()))

    def many_cells(self, sheet: str) -> Callable[[str], bool]:
        """Tells of a name, as a formula on this sheet sees it, whether it covers more than one cell."""
        here = FormulaCell(sheet, 1, 1)

        def covers(name: str) -> bool:
            definition = self._definition(name, here)
            area = self._area(definition, here) if definition else None
            return area is not None and area[1][:2] != area[1][2:]

        return covers

    def _area(self, text: str, cell: FormulaCell) -> tuple[str, Area] | None:
        if text.endswith("]") or text.lower() in self.package.tables:
            return self._table_area(text, cell)
        key = (text, cell.sheet)
        if key not in self.areas:
            self.areas[key] = self._plain_area(*key)
        return self.areas[key]

    def _plain_area(self, text: str, here: str) -> tuple[str, Area] | None:
        sheet_text, reference = _split_sheet(text)
        match = _A1.fullmatch(reference)
        sheet = self.sheets.get(sheet_text.lower()) if sheet_text else here
        if match is None or sheet is None:
            return None
        left, top, right, bottom, from_column, to_column, from_row, to_row = match.groups()
        if left:
            first = column_number(left)
            last = column_number(right) if right else first
            rows = sorted((int(top), int(bottom or top)))
            return sheet, (rows[0], min(first, last), rows[1], max(first, last))
        if from_column:
            columns = sorted((column_number(from_column), column_number(to_column)))
            return sheet, (1, columns[0], LAST_ROW, columns[1])
        rows = sorted((int(from_row), int(to_row)))
        return sheet, (rows[0], 1, rows[1], LAST_COLUMN)

    def _table_area(self, text: str, cell: FormulaCell) -> tuple[str, Area] | None:
        """The area a structured reference names, or None for what is no table of this book."""
        key = text if text[:1] != "[" else (text, self._table(None, cell))
        if key not in self.structured:
            self.structured[key] = self._structured(text, cell)
        found = self.structured[key]
        if found is None:
            return None
        sheet, rows, (left, right) = found
        top, bottom = rows or (cell.row, cell.row)
        return sheet, (top, left, bottom, right)

    def _structured(self, text: str, cell: FormulaCell) -> Structured | None:
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
        height = None if this_row else (min(top for top, _ in spans), max(bottom for _, bottom in spans))
        return table.sheet, height, (min(columns), max(columns))

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

    def for_engine(self, cell: FormulaCell, call_id: int) -> str:
        """The formula as the engine evaluates it.

        References to tables become plain areas, since the engine takes a table's formula that
        reads its own table for a circle; a metric's call carries the cell's id as its first
        argument, so that a failure can be traced to its cell, and as its second one which arguments are whole
        columns (a bit for each), so that these can be cut at the same row.
        """
        return self._for_engine(cell.formula, cell, call_id, depth=0)

    def _for_engine(self, formula: str, cell: FormulaCell, call_id: int, depth: int) -> str:
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
                    out[opened.at] = f"{opened.name}({call_id},{opened.whole}" + ("" if empty else ",")
                    text = LEFT_OUT + text if argument_begins and not empty else text
                argument_begins = False
            elif token.subtype == ARGUMENT and open_calls and (opened := open_calls[-1]):
                text = LEFT_OUT + text if argument_begins else text
                argument_begins = True
                opened.argument += 1
            elif token.token_type != fz.TokenType.Whitespace:
                if open_calls and (opened := open_calls[-1]) and self._covers_whole_columns(token, cell):
                    opened.whole |= 1 << opened.argument
                text = self._operand(token, cell, call_id, depth)
                argument_begins = False
            out += [formula[position : token.start], text]
            position = token.end
        return "".join(out) + formula[position:]

    def _covers_whole_columns(self, token: fz.Token, cell: FormulaCell) -> bool:
        if token.token_type != fz.TokenType.Operand or token.subtype != REFERENCE:
            return False
        found = self._area(token.value, cell)
        if found is None and (definition := self._definition(token.value, cell)):
            found = self._area(definition, cell)
        return found is not None and (found[1][0], found[1][2]) == (1, LAST_ROW)

    def _operand(self, token: fz.Token, cell: FormulaCell, call_id: int, depth: int) -> str:
        text: str = token.value
        if token.token_type != fz.TokenType.Operand or token.subtype != REFERENCE:
            return text
        if text.endswith("]") or text.lower() in self.package.tables:
            found = self._table_area(text, cell)
            return _absolute(*found) if found else text
        if ":" in text and (found := self._area(text, cell)) and not _begins_at(text, found[1]):
            return _absolute(*found)
        if depth < 8 and (definition := self._definition(text, cell)) and "[" in definition:
            return "(" + self._for_engine("=" + definition, cell, call_id, depth + 1)[1:] + ")"
        return text


@cache
def _words(formula: str) -> tuple[tuple[str, str], ...]:
    """The calls, range operators and references of a formula; all cells of a calculated column share them."""
    found = []
    for token in tokens(formula):
        if token.token_type == fz.TokenType.Func and token.subtype == OPEN:
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


def _split_sheet(text: str) -> tuple[str, str]:
    if "!" not in text:
        return "", text
    sheet, reference = text.rsplit("!", 1)
    return (sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet), reference


def _begins_at(text: str, area: Area) -> bool:
    """Whether a range begins with its top left corner, as the engine needs it; Excel takes C3:A1 as well."""
    begin = _split_sheet(text)[1].partition(":")[0].replace("$", "").upper()
    return begin in (address(*area[:2]), column_letters(area[1]), str(area[0]))


def _around(one: Area, other: Area) -> Area:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _absolute(sheet: str, area: Area) -> str:
    top, left, bottom, right = area
    first = f"${column_letters(left)}${top}"
    last = f"${column_letters(right)}${bottom}"
    quoted = "'" + sheet.replace("'", "''") + "'!"
    return quoted + (first if first == last else f"{first}:{last}")
