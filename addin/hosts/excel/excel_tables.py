"""Tables that grow and shrink as Excel has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from addin.actions import refusals
from addin.actions.book import Value
from addin.hosts.excel.com import Block

COPY = 1
"""AutoFill that copies cells, formats and rules, and counts nothing up."""
LISTED = re.compile(r"(='?(?P<sheet>.*?)'?!\$(?P<column>[A-Z]+)\$(?P<first>\d+):\$(?P=column)\$)(?P<last>\d+)")


def body(sheet: Any, table: Any) -> Block:
    """The rows of a table: at least one, which is blank where it has none."""
    whole = Block.at(sheet, table.Range.Address)
    return whole.rows(whole.top + 1, whole.bottom - int(bool(table.ShowTotals)))


def rows_beneath(sheet: Any, table: Any, tables: Iterable[Any]) -> dict[int, list[Value]]:
    """The rows under a table in which its columns hold something, down to the next of the sheet's tables."""
    whole, used = Block.at(sheet, table.Range.Address), Block.at(sheet, sheet.UsedRange.Address)
    areas = (Block.at(sheet, other.Range.Address) for other in tables)
    tops = [a.top for a in areas if a.top > whole.bottom and a.left <= whole.right and whole.left <= a.right]
    last = min([used.bottom, *(top - 1 for top in tops)])
    if last <= whole.bottom:
        return {}
    rows = enumerate(whole.rows(whole.bottom + 1, last).values(), start=whole.bottom + 1)
    return {number: row for number, row in rows if any(value is not None for value in row)}


def show_all_rows(table: Any) -> None:
    """Take off a filter, which would hide rows from what is written."""
    rows = table.AutoFilter
    if rows is not None and rows.FilterMode:
        rows.ShowAllData()


def resize(sheet: Any, table: Any, last: int, title: str, bottom: int = 0) -> None:
    """Let a table end in another row: new rows are like the last one, rows too many are cleared.

    `bottom` is the last of the rows beneath it that join it, if there are any.
    """
    area = body(sheet, table)
    bottom = max(bottom, area.bottom)
    if last == bottom == area.bottom:
        return
    grown = area.rows(area.top - 1, last)
    if last > area.bottom:
        _refuse_what_is_beneath(area.rows(area.top, bottom), table, last, title)
        table.Resize(grown.cells)
        area.rows(area.bottom, area.bottom).cells.AutoFill(area.rows(area.bottom, last).cells, COPY)
    else:
        table.Resize(grown.cells)
    if last < bottom:
        area.rows(last + 1, bottom).cells.Clear()
    here = sheet.Name
    for name in sheet.Parent.Names:
        found = LISTED.fullmatch(str(name.RefersTo))
        if found and found["sheet"].replace("''", "'") == here and int(found["first"]) == area.top:
            name.RefersTo = found[1] + str(max(last, int(found["last"])))


def _refuse_what_is_beneath(area: Block, table: Any, last: int, title: str) -> None:
    if last <= area.bottom:
        return
    for number, row in enumerate(area.rows(area.bottom + 1, last).values(), start=area.bottom + 1):
        for index, value in enumerate(row):
            if value is not None:
                place = area.column(index).rows(number, number).address
                raise refusals.not_empty(title, area.sheet.Name, place, table.Name, last)
