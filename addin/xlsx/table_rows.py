"""The rows of a table in a sheet's XML: written, added and taken away; all around them stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from typing import TypeAlias

from addin.actions import refusals
from addin.values import Scalar, column_letters
from addin.xlsx.addresses import (
    Area,
    address,
    area_of,
    area_text,
)
from addin.xlsx.cell_xml import CELL, FORMULA
from addin.xlsx.cells import encoded
from addin.xlsx.package import Package, TableArea
from addin.xlsx.scanner import (
    PREFIX,
    attributes,
    element,
    plain_text,
    with_attribute,
    with_attributes,
    without_attribute,
)
from addin.xlsx.sheet_xml import ROW, SheetXml


@dataclass(frozen=True)
class Formula:
    """A formula without its =."""

    text: str

    @cached_property
    def counts_from(self) -> int | None:
        """The row from which a formula such as ROW()-ROW($B$4) counts to its own: what it comes to is known then."""
        found = _ROW_NUMBER.fullmatch(self.text)
        return int(found[1]) if found else None


CellContent: TypeAlias = Scalar | Formula | None


@dataclass(frozen=True, slots=True)
class ColumnFill:
    """What a column holds from row `start` on: a value for each row, or one formula; above, it stays as it is."""

    start: int
    cells: Sequence[CellContent] | Formula

    def at(self, row: int) -> CellContent:
        """The cell of a row."""
        return self.cells if isinstance(self.cells, Formula) else self.cells[row - self.start]


_ROW_NUMBER = re.compile(r"ROW\(\)-ROW\(\$[A-Z]{1,2}\$([1-9][0-9]{0,5})\)")
_DIMENSION = element("dimension")
_SQREF = re.compile(rb"(\ssqref\s*=\s*[\"']|<" + PREFIX + rb"sqref>)([^\"'<]+)")
_HOLDS = re.compile(rb"<" + PREFIX + rb"(?:v|f|is)[\s/>]")
_REF = re.compile(rb"(\sref\s*=\s*[\"'])([A-Z0-9:]+)")


def with_rows(
    sheet: SheetXml, table: TableArea, bottom: int, last: int, fills: Mapping[str, ColumnFill], title: str
) -> SheetXml:
    """The sheet with its table ending in row `last`, and its columns filled.

    Its rows now reach down to `bottom`, which is further than the table where rows beneath it join it. A new row looks
    like the row above it. Rules and formats that reach down to the table's last row follow it.
    """
    rows = _Rows(sheet, table, bottom, last, [fills.get(name) for name in table.columns], title).written()
    before = _DIMENSION.sub(lambda found: _with_dimension(found, table, last), sheet.before)
    after = _SQREF.sub(lambda m: m[1] + _grown(m[2], table, last), sheet.after)
    return sheet.changed(rows, before, after)


def with_end(part: bytes, table: TableArea, last: int) -> bytes:
    """The table's own part, the table ending in row `last`."""
    return _REF.sub(lambda m: m[1] + _grown(m[2], table, last), part)


def ranges_following(package: Package, table: TableArea, last: int) -> dict[str, bytes | None]:
    """The parts in which a chart draws a whole column of the table, or a name lists one, following its rows."""
    first = table.top + table.header_rows
    sheet = re.escape(table.sheet.replace("'", "''").encode())
    column = re.compile(rb"('?" + sheet + rb"'?!\$([A-Z]+)\$%d:\$\2\$)(\d+)(?=<)" % first)

    def drawn(match: re.Match[bytes]) -> bytes:
        return match[1] + str(last if int(match[3]) == table.bottom else int(match[3])).encode()

    def listed(match: re.Match[bytes]) -> bytes:
        return match[1] + str(max(last, int(match[3]))).encode()

    rules = {part: drawn for part in package.parts if part.startswith("xl/charts/chart")} | {package.main_part: listed}
    texts = {part: (package.part(part), rule) for part, rule in rules.items()}
    naming = {part: (text, rule) for part, (text, rule) in texts.items() if re.search(sheet, text)}
    return {part: new for part, (old, rule) in naming.items() if (new := column.sub(rule, old)) != old}


def first_formulas(sheet: SheetXml, table: TableArea) -> dict[str, str]:
    """The formulas in a table's first row, by column."""
    cells = sheet.cells(table.top + table.header_rows)
    columns = zip(table.columns, range(table.left, table.right + 1), strict=True)
    formulas = {name: FORMULA.search(cells[column][0]) for name, column in columns if column in cells}
    return {name: plain_text(match["inside"]) for name, match in formulas.items() if match and match["inside"]}


class _Rows:
    """Writes the rows of one table among the others of its sheet."""

    def __init__(
        self,
        sheet: SheetXml,
        table: TableArea,
        bottom: int,
        last: int,
        fills: Sequence[ColumnFill | None],
        title: str,
    ) -> None:
        self.sheet, self.table, self.fills, self.title = sheet, table, fills, title
        self.bottom, self.last = bottom, last
        self.prefix = sheet.prefix
        self.first = table.top + table.header_rows
        self.columns = range(table.left, table.right + 1)
        self.letters = [column_letters(column).encode() for column in self.columns]
        self.styles = [b"" for _ in self.columns]
        self.attributes = b""
        self.body = lru_cache(100_000, typed=True)(self._body)
        self.tag, self.end = f'<{self.prefix}c r="'.encode(), f"</{self.prefix}c>".encode()

    def written(self) -> dict[int, bytes]:
        """The sheet's rows, those of the table among them."""
        self._refuse_what_is_beneath()
        lowest = max(self.bottom, self.last)
        rows = {number: row for number, row in self.sheet.rows.items() if number < self.first}
        below = max([self.bottom, self.table.bottom, *(n for n in self.sheet.rows if n <= self.last)]) + 1
        for number in range(self.first, min(lowest + 1, below)):
            if row := self._row(number):
                rows[number] = row
        if below <= self.last:
            rows |= self._added(range(below, self.last + 1))
        return rows | {number: row for number, row in self.sheet.rows.items() if number > lowest}

    def _refuse_what_is_beneath(self) -> None:
        for number in self.sheet.rows.keys() & set(range(self.bottom + 1, self.last + 1)):
            for column, cell in self.sheet.cells(number).items():
                if column in self.columns and _HOLDS.search(cell[0]):
                    raise refusals.not_empty(
                        self.title, self.table.sheet, address(number, column), self.table.name, self.last
                    )

    def _row(self, number: int) -> bytes:
        row = ROW.search(self.sheet.rows.get(number, b""))
        old = {column: _placed(cell, number, column) for column, cell in self.sheet.cells(number).items()}
        cells = {column: cell for column, cell in old.items() if column not in self.columns}
        said = without_attribute(row[1], b"r") if row else self.attributes
        if row and number <= self.table.bottom:
            self.attributes = without_attribute(said, b"hidden")
        if number <= self.last:
            place = str(number).encode()
            for index, column in enumerate(self.columns):
                cell = self._cell(index, number, place, old.get(column) if number <= self.bottom else None)
                if cell:
                    cells[column] = cell
        if not cells:
            return b""
        tag, inside = f"{self.prefix}row".encode(), b"".join(cells[column] for column in sorted(cells))
        return b'<%s r="%d"%s>%s</%s>' % (tag, number, said, inside, tag)

    def _cell(self, index: int, number: int, place: bytes, old: bytes | None) -> bytes | None:
        if old is not None and (found := CELL.match(old)):
            style = attributes(found[1]).get(b"s")
            if style is not None or number <= self.table.bottom:
                self.styles[index] = b' s="' + style + b'"' if style is not None else b""
            else:
                old = with_attributes(found, found[1] + self.styles[index])
        fill = self.fills[index]
        if fill is None or number < fill.start:
            return old
        value = fill.at(number)
        style, head = self.styles[index], self.tag + self.letters[index] + place + b'"'
        if value is None:
            return head + style + b"/>" if style else None
        kind, content = self.body(value)
        if isinstance(value, Formula) and value.counts_from is not None:
            content = self._with_number(content, number - value.counts_from)
        return head + style + kind + b">" + content

    def _with_number(self, formula: bytes, number: int) -> bytes:
        """What a cell holds, with the number that its formula comes to."""
        value = f"<{self.prefix}v>{number}</{self.prefix}v>".encode()
        return formula[: -len(self.end)] + value + self.end

    def _added(self, numbers: range) -> dict[int, bytes]:
        """Rows below all that the sheet has there, written column by column."""
        places = [b"%d" % number for number in numbers]
        columns = [self._column(index, numbers.start, places) for index in range(len(self.columns))]
        tag = f"{self.prefix}row".encode()
        begin, middle, end = b"<" + tag + b' r="', b'"' + self.attributes + b">", b"</" + tag + b">"
        rows = zip(numbers, places, zip(*columns, strict=True), strict=True)
        return {number: b"".join((begin, place, middle, *cells, end)) for number, place, cells in rows if any(cells)}

    def _column(self, index: int, first: int, places: Sequence[bytes]) -> list[bytes]:
        """A column's cells in rows that are new; nothing for one that holds nothing."""
        fill, head, style = self.fills[index], self.tag + self.letters[index], self.styles[index]
        above = len(places) if fill is None else max(fill.start - first, 0)
        cells = [b""] * above
        if fill is None:
            return cells
        if isinstance(fill.cells, Formula):
            kind, content = self.body(fill.cells)
            rest = b'"' + style + kind + b">" + content
            if (before := fill.cells.counts_from) is not None:
                numbers = enumerate(places[above:], start=first + above - before)
                return cells + [head + place + self._with_number(rest, number) for number, place in numbers]
            return cells + [head + place + rest for place in places[above:]]
        blank = b'"' + style + b"/>" if style else None
        for place, value in zip(places[above:], fill.cells[max(first - fill.start, 0) :], strict=True):
            if value is not None:
                kind, content = self.body(value)
                cells.append(b"".join((head, place, b'"', style, kind, b">", content)))
            else:
                cells.append(head + place + blank if blank else b"")
        return cells

    def _body(self, value: CellContent) -> tuple[bytes, bytes]:
        if isinstance(value, Formula):
            return b"", f"<{self.prefix}f>{escape(value.text, quote=False)}</{self.prefix}f>".encode() + self.end
        kind, content = encoded(value, self.prefix, constant=True)
        return kind, content + self.end


def _placed(cell: re.Match[bytes], number: int, column: int) -> bytes:
    """A cell that says where it is."""
    if b"r" in attributes(cell[1]):
        return cell[0]
    return with_attributes(cell, f' r="{address(number, column)}"'.encode() + cell[1])


def _with_dimension(found: re.Match[bytes], table: TableArea, last: int) -> bytes:
    """The area that a sheet uses, large enough for its table."""
    top, left, bottom, right = _area(attributes(found[1]).get(b"ref", b"A1"))
    bottom = last if bottom == table.bottom else max(bottom, last)
    area = area_text((top, min(left, table.left), bottom, max(right, table.right)))
    return with_attributes(found, with_attribute(found[1], b"ref", area.encode()))


def _grown(areas: bytes, table: TableArea, last: int) -> bytes:
    """Areas of which those inside the table that reach its last row now reach row `last`."""
    return b" ".join(_followed(area, table, last) for area in areas.split())


def _followed(text: bytes, table: TableArea, last: int) -> bytes:
    top, left, bottom, right = _area(text)
    inside = table.top <= top and table.left <= left and right <= table.right and bottom == table.bottom
    return area_text((top, left, max(last, top), right)).encode() if inside else text


def _area(text: bytes) -> Area:
    return area_of(text.decode())
