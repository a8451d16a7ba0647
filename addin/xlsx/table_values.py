"""The values of a table, and what stands beneath it, read when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from addin.actions.book import Value
from addin.values import LAST_ROW
from addin.xlsx.package import TableArea
from addin.xlsx.plain_xml import VALUE_ENDS
from addin.xlsx.sheet_xml import SheetXml


class ColumnValues(Mapping[str, list[Value]]):
    """The columns of a table by their headings; the cells are read when one asks for a column."""

    def __init__(self, headings: Sequence[str], read: Callable[[], list[list[Value]]]) -> None:
        self._headings, self._read = headings, read

    @cached_property
    def _values(self) -> dict[str, list[Value]]:
        return dict(zip(self._headings, map(list, zip(*self._read(), strict=True)), strict=True))

    def __getitem__(self, heading: str) -> list[Value]:
        return self._values[heading]

    def __iter__(self) -> Iterator[str]:
        return iter(self._headings)

    def __len__(self) -> int:
        return len(self._headings)


def rows_beneath(
    sheet: SheetXml, tables: Sequence[TableArea], texts: Sequence[str]
) -> dict[str, dict[int, list[Value]]]:
    """Of the tables of a sheet, each row taken apart once: the rows under each in which its columns hold something."""
    found: dict[str, dict[int, list[Value]]] = {table.name: {} for table in tables}
    ends = {table.name: _room(table, tables) for table in tables}
    right = max(table.right for table in tables)
    for number in sheet.rows.holding(*VALUE_ENDS, after=min(table.bottom for table in tables)):
        above = [table for table in tables if table.bottom < number < ends[table.name]]
        (cells,) = sheet.values((number, 1, number, right), texts) if above else ([],)
        for table in above:
            own = cells[table.left - 1 : table.right]
            if any(cell is not None for cell in own):
                found[table.name][number] = own
    return found


def _room(table: TableArea, tables: Iterable[TableArea]) -> int:
    """The row at which the next table beneath begins, or one behind the last of a sheet."""
    beneath = (
        other.top for other in tables
        if other.top > table.bottom and other.left <= table.right and table.left <= other.right
    )  # fmt: skip
    return min(beneath, default=LAST_ROW + 1)
