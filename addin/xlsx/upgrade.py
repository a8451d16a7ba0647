"""Upgrade: the rows and inputs of a copy of an earlier template, in a fresh copy of this one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from addin.actions import campaign_updates, currencies, mapping, own_exports
from addin.actions.book import Change, Rows, Table, Value
from addin.actions.forecast import forecast
from addin.actions.rows_beneath import complete
from addin.errors import BookError, already_there
from addin.files import held, template, write_whole
from addin.values import column_letters, serial
from addin.xlsx.file_book import FileBook
from addin.xlsx.template_copy import fresh_copy, language_of, preset_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Key: TypeAlias = tuple[str, str, int, str]
"""A typed cell by its sheet, what it or its row is called, the rows beneath that, and its column."""
MERGED = {"Lifecycle": "Pyramid", "Forecast": "Value"}
"""Sheets of earlier templates whose blocks stand on another one now."""
REMEMBERED = (mapping.NOTE, own_exports.NOTE, currencies.NOTE, campaign_updates.NOTE)
"""What the names of the notes begin with that say how and what was loaded."""
RESULTS = ("out_Gross1", "out_Gross2", "out_Gross3", "out_Net3")


@dataclass(slots=True)
class Upgraded:
    """What was brought to the new copy, and what has no place there."""

    rows: dict[str, int] = field(default_factory=dict)
    inputs: int = 0
    left: list[str] = field(default_factory=list)
    results: dict[str, tuple[Value, Value]] = field(default_factory=dict)
    """Results that are not the same in both copies, by their name."""


def upgrade(old: FileBook, target: Path) -> Upgraded:
    """Make a fresh copy of the template with the rows and inputs of an older one, which stays as it is."""
    if "tblCampaigns" not in old.tables():
        raise BookError(f"{old.title} has no table tblCampaigns; name a workbook made from an earlier template")
    if target.exists():
        raise already_there(target)
    new = FileBook(template())
    new.path, new.package = target, fresh_copy(language_of(old.package), preset_of(old.package), old.status)
    done = Upgraded()
    change = Change(notes={name: text for name, text in old.notes().items() if name.startswith(REMEMBERED)})
    _tables(old, new, change, done)
    _inputs(old, new, change, done)
    moved = {table.sheet for name, table in old.package.tables.items() if name in new.package.tables}
    placed = {*new.package.sheets, *MERGED, *moved}
    done.left += [f"the sheet {name}" for name in old.package.sheets if name not in placed]
    with held(target, old.status):
        complete(new, change)
        new.write(change)
        new.calculate()
        predicted = forecast(new)
        new.write(predicted)
        done.rows = {name: count for name, count in done.rows.items() if name not in predicted.rows}
        new.calculate()
        _compare(old, new, done)
        write_whole(target, new.package.data)
    return done


def _tables(old: FileBook, new: FileBook, change: Change, done: Upgraded) -> None:
    for name in new.tables():
        if name not in old.tables():
            change.rows[name] = Rows({})
            continue
        there, typed = old.table(name), new.table(name).typed
        change.rows[name] = Rows({c: [there.columns[c][i] for i in there.rows] for c in typed if c in there.columns})
        done.rows[name] = len(there.rows)
        done.left += [f"the column {name}[{c}]" for c in there.typed if c not in typed and _holds(there, c)]
    done.left += [f"the table {name}" for name in old.tables() if name not in new.tables()]


def _holds(table: Table, column: str) -> bool:
    return any(value is not None and value != "" for value in table.columns[column])


def _inputs(old: FileBook, new: FileBook, change: Change, done: Upgraded) -> None:
    typed, places = _typed_cells(old.package.data), _typed_cells(new.package.data)
    for key, (place, value) in typed.items():
        if key in places:
            there, now = places[key]
            done.inputs += 1
            if value != now:
                change.cells[there] = value
        elif value is not None:
            done.left.append(f"{place}, where {value:g} was typed" if isinstance(value, float) else f"{place}: {value}")


def _typed_cells(data: bytes) -> dict[Key, tuple[str, Value]]:
    """The inputs of a book: unlocked cells, outside tables, that take only what they may be."""
    from openpyxl import load_workbook

    book, values = (load_workbook(BytesIO(data), data_only=only) for only in (False, True))
    anchors: dict[tuple[str, int, str], tuple[str, int]] = {}
    for name, defined in book.defined_names.items():
        if name.startswith(("in_", "lst_")):
            for sheet, cells in defined.destinations:
                rows = book[sheet][cells.replace("$", "")]
                area = rows if isinstance(rows, tuple) else ((rows,),)
                for below, (cell, *_) in enumerate(area):
                    anchors[sheet, cell.row, cell.column_letter] = name, below
    found: dict[Key, tuple[str, Value]] = {}
    for sheet in book.worksheets:
        if not sheet.tables:
            found |= _typed_on(sheet, values[sheet.title], anchors)
    return found


def _typed_on(
    sheet: Worksheet, values: Worksheet, anchors: Mapping[tuple[str, int, str], tuple[str, int]]
) -> dict[Key, tuple[str, Value]]:
    rules = [rule.sqref for rule in sheet.data_validations.dataValidation]
    found: dict[Key, tuple[str, Value]] = {}
    label, labelled = "", 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        heading = row[1] if len(row) > 1 else row[0]
        if isinstance(heading.value, str) and heading.protection.locked:
            label, labelled = heading.value, number
        letters = [column_letters(place) for place in range(1, len(row) + 1)]
        in_row = [anchors[key] for letter in letters if (key := (sheet.title, number, letter)) in anchors]
        for letter, cell in zip(letters, row, strict=True):
            place = f"{letter}{number}"
            if not cell.protection.locked and any(place in cells for cells in rules):
                own = anchors.get((sheet.title, number, letter))
                name, below = own or (in_row[0] if in_row else (label, number - labelled))
                column = "" if own else letter  # a named cell may have moved
                found[MERGED.get(sheet.title, sheet.title), name, below, column] = (
                    f"{sheet.title}!{place}",
                    _value(values[place].value),
                )
    return found


def _value(value: object) -> Value:
    if isinstance(value, date):
        return serial(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if isinstance(value, (str, bool, float)) else None


def _filled(table: Table, column: str) -> list[Value]:
    return [table.columns[column][i] for i in table.rows]


def _compare(old: FileBook, new: FileBook, done: Upgraded) -> None:
    """Refuse a copy that lost a row or an amount; tell which results its other rules change."""
    for name in done.rows:
        before, after = old.table(name), new.table(name)
        for column in set(after.typed) & set(before.columns):
            if _filled(before, column) != _filled(after, column):
                raise BookError(
                    f"{name}[{column}] would not be in the new copy as it is in {old.title}; nothing was made"
                )
    for name in RESULTS:
        if name in old.names():
            was, now = old.cells(name)[0][0], new.cells(name)[0][0]
            close = isinstance(was, float) and isinstance(now, float) and math.isclose(was, now, rel_tol=1e-9)
            if was != now and not close:
                done.results[name] = was, now
