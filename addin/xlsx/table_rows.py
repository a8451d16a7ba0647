"""The rows of a table in a sheet's XML: written, added and taken away; all around them stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from xml.sax.saxutils import escape, unescape

from addin.actions import refusals
from addin.errors import BookError
from addin.values import Scalar
from addin.xlsx.addresses import (
    Area,
    address,
    area_of,
    area_text,
    column_letters,
    column_number,
)
from addin.xlsx.package import Package, TableArea
from addin.xlsx.sheet_xml import encoded


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its =."""

    text: str


Cell: TypeAlias = Scalar | Formula | None


@dataclass(frozen=True, slots=True)
class Fill:
    """What a column holds from row `start` on: a value for each row, or one formula; above, it stays as it is."""

    start: int
    cells: Sequence[Cell] | Formula

    def at(self, row: int) -> Cell:
        """The cell of a row."""
        return self.cells if isinstance(self.cells, Formula) else self.cells[row - self.start]


_SHEET_DATA = re.compile(
    rb"<((?:\w+:)?)sheetData(?:\s[^>]*)?(?:(?<=/)>|(?<!/)>(.*)</(?:\w+:)?sheetData\s*>)", re.DOTALL
)
_ROW = re.compile(rb"<(?:\w+:)?row((?:\s[^>]*?)?)(?:/>|>(.*?)</(?:\w+:)?row\s*>)", re.DOTALL)
_CELL = re.compile(rb"<(?:\w+:)?c((?:\s[^>]*?)?)(?:/>|>.*?</(?:\w+:)?c\s*>)", re.DOTALL)
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]*)(\d+)["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["']\d+["']""")
_NUMBER_OF_ROW = re.compile(rb"""\sr\s*=\s*["'][^"']*["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'][^"']*["']""")
_HOLDS = re.compile(rb"<(?:\w+:)?(?:v|f|is)\b")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?<!/)>(.*?)</(?:\w+:)?f\s*>", re.DOTALL)
_DIMENSION = re.compile(rb'(<(?:\w+:)?dimension\s[^>]*ref=")([^"]+)')
_RULES = re.compile(rb'(\ssqref="|<(?:\w+:)?sqref>)([^"<]+)')
_TABLE_REF = re.compile(rb'(\sref=")([A-Z0-9:]+)')


def with_rows(data: bytes, table: TableArea, last: int, fills: Mapping[str, Fill], title: str) -> bytes:
    """The sheet with its table ending in row `last`, and its columns filled.

    A new row looks like the row above it. Rules and formats that reach down to the table's last row follow it.
    """
    found = _SHEET_DATA.search(data)
    if found is None or b"<!" in data:
        raise BookError(
            f"{title}, sheet {table.sheet} cannot be written; save the book again from Excel or LibreOffice"
        )
    prefix = found.group(1).decode()
    rows = _Rows(table, last, [fills.get(name) for name in table.columns], prefix, title)
    before = _DIMENSION.sub(lambda m: m.group(1) + _holding(m.group(2), table, last), data[: found.start()])
    after = _RULES.sub(lambda m: m.group(1) + _grown(m.group(2), table, last), data[found.end() :])
    opening, closing = f"<{prefix}sheetData>".encode(), f"</{prefix}sheetData>".encode()
    return b"".join((before, opening, *rows.written(found.group(2) or b""), closing, after))


def with_end(part: bytes, table: TableArea, last: int) -> bytes:
    """The table's own part, the table ending in row `last`."""
    return _TABLE_REF.sub(lambda m: m.group(1) + _grown(m.group(2), table, last), part)


def ranges_following(package: Package, table: TableArea, last: int) -> dict[str, bytes | None]:
    """The parts in which a chart draws a whole column of the table, or a name lists one, following its rows."""
    first = table.top + table.header_rows
    sheet = re.escape(table.sheet.replace("'", "''").encode())
    column = re.compile(rb"('?" + sheet + rb"'?!\$([A-Z]+)\$%d:\$\2\$)(\d+)(?=<)" % first)

    def drawn(match: re.Match[bytes]) -> bytes:
        return match.group(1) + str(last if int(match.group(3)) == table.bottom else int(match.group(3))).encode()

    def listed(match: re.Match[bytes]) -> bytes:
        return match.group(1) + str(max(last, int(match.group(3)))).encode()

    rules = {part: drawn for part in package.parts if part.startswith("xl/charts/chart")} | {package.main_part: listed}
    texts = {part: (package.part(part), rule) for part, rule in rules.items()}
    return {part: new for part, (old, rule) in texts.items() if (new := column.sub(rule, old)) != old}


def first_formulas(data: bytes, table: TableArea) -> dict[str, str]:
    """The formulas in a table's first row, by column."""
    found = _SHEET_DATA.search(data)
    first = table.top + table.header_rows
    for number, attributes, inside, _ in _rows(found.group(2) or b"" if found else b""):
        if number == first:
            cells = _Row(attributes, inside, number).cells
            named = zip(table.columns, range(table.left, table.right + 1), strict=True)
            formulas = {name: _FORMULA.search(cells[column]) for name, column in named if column in cells}
            return {
                name: unescape(match.group(1).decode(), {"&quot;": '"', "&apos;": "'"})
                for name, match in formulas.items()
                if match
            }
    return {}


def _rows(inside: bytes) -> Iterator[tuple[int, bytes, bytes, re.Match[bytes]]]:
    number = 0
    for match in _ROW.finditer(inside):
        place = _PLACE.search(match.group(1))
        number = int(place.group(2)) if place else number + 1
        yield number, match.group(1), match.group(2) or b"", match


class _Row:
    """A row as the file has it: its attributes, and its cells by column."""

    def __init__(self, attributes: bytes, inside: bytes, number: int) -> None:
        self.attributes = _NUMBER_OF_ROW.sub(b"", attributes)
        self.cells: dict[int, bytes] = {}
        column = 0
        for match in _CELL.finditer(inside):
            place = _PLACE.search(match.group(1))
            column = column_number(place.group(1).decode()) if place else column + 1
            cell = match.group()
            self.cells[column] = (
                cell if place else re.sub(rb"^<[\w:]+", rb'\g<0> r="%s"' % address(number, column).encode(), cell)
            )


class _Rows:
    """Writes the rows of one table among the others of its sheet."""

    def __init__(self, table: TableArea, last: int, fills: Sequence[Fill | None], prefix: str, title: str) -> None:
        self.table, self.last, self.fills, self.prefix, self.title = table, last, fills, prefix, title
        self.first = table.top + table.header_rows
        self.columns = range(table.left, table.right + 1)
        self.letters = [column_letters(column).encode() for column in self.columns]
        self.styles = [b"" for _ in self.columns]
        self.attributes = b""
        self.body = lru_cache(100_000)(self._body)
        self.tag = f'<{prefix}c r="'.encode()

    def written(self, inside: bytes) -> Iterator[bytes]:
        begin = end = 0
        rows: dict[int, _Row] = {}
        lowest = max(self.table.bottom, self.last)
        for number, attributes, content, match in _rows(inside):
            if number > lowest:
                break
            if number < self.first:
                begin = match.end()
            else:
                rows[number] = _Row(attributes, content, number)
            end = match.end()
        self._refuse_what_is_beneath(rows)
        yield inside[:begin]
        for number in range(self.first, lowest + 1):
            yield from self._row(number, rows.get(number))
        yield inside[end:]

    def _refuse_what_is_beneath(self, rows: Mapping[int, _Row]) -> None:
        for number, row in rows.items():
            for column in self.columns if number > self.table.bottom else ():
                if _HOLDS.search(row.cells.get(column, b"")):
                    raise refusals.not_empty(
                        self.title, self.table.sheet, address(number, column), self.table.name, self.last
                    )

    def _row(self, number: int, row: _Row | None) -> Iterator[bytes]:
        old = row.cells if row else {}
        cells = {column: cell for column, cell in old.items() if column not in self.columns}
        if row and number <= self.table.bottom:
            self.attributes = _HIDDEN.sub(b"", row.attributes)
        if number <= self.last:
            place = str(number).encode()
            for index, column in enumerate(self.columns):
                cell = self._cell(index, number, place, old.get(column) if number <= self.table.bottom else None)
                if cell:
                    cells[column] = cell
        if cells:
            attributes = row.attributes if row else self.attributes
            yield f'<{self.prefix}row r="{number}"'.encode() + attributes + b">"
            yield from (cells[column] for column in sorted(cells))
            yield f"</{self.prefix}row>".encode()

    def _cell(self, index: int, number: int, place: bytes, old: bytes | None) -> bytes | None:
        if old is not None:
            said = _STYLE.search(old[: old.index(b">")])
            self.styles[index] = said.group() if said else b""
        fill = self.fills[index]
        if fill is None or number < fill.start:
            return old
        value = fill.at(number)
        style, head = self.styles[index], self.tag + self.letters[index] + place + b'"'
        if value is None:
            return head + style + b"/>" if style else None
        kind, content = self.body(value) if isinstance(value, (str, Formula)) else self._body(value)
        return head + style + kind + b">" + content

    def _body(self, value: Cell) -> tuple[bytes, bytes]:
        end = f"</{self.prefix}c>".encode()
        if isinstance(value, Formula):
            return b"", f"<{self.prefix}f>{escape(value.text)}</{self.prefix}f>".encode() + end
        kind, content = encoded(value, self.prefix, constant=True)
        return kind, content + end


def _grown(areas: bytes, table: TableArea, last: int) -> bytes:
    """Areas of which those inside the table that reach its last row now reach row `last`."""
    return b" ".join(_followed(area, table, last) for area in areas.split())


def _followed(text: bytes, table: TableArea, last: int) -> bytes:
    top, left, bottom, right = _area(text)
    inside = table.top <= top and table.left <= left and right <= table.right and bottom == table.bottom
    return area_text((top, left, max(last, top), right)).encode() if inside else text


def _holding(text: bytes, table: TableArea, last: int) -> bytes:
    """The area that a sheet uses, large enough for its table."""
    top, left, bottom, right = _area(text)
    bottom = last if bottom == table.bottom else max(bottom, last)
    return area_text((top, min(left, table.left), bottom, max(right, table.right))).encode()


def _area(text: bytes) -> Area:
    return area_of(text.decode())
