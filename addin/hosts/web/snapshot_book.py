"""The workbook in Excel's browser as actions see it: a snapshot, and the steps that Excel takes to what was written.

Python cannot wait for Excel in a browser. Where an action needs what Excel calculates it is Suspended: the page carries
the steps out, reads the workbook again, and the action runs once more from its beginning, past the snapshots that it
has seen, to where it was.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from addin.actions import refusals
from addin.actions.book import Change, OurCell, Question, Rows, Table, Value, split_place
from addin.actions.rows_beneath import with_rows_beneath
from addin.actions.table_edit import TableEdit, table_edit
from addin.errors import BookError
from addin.hosts.web.snapshot import Content, Sheet, SheetTable, Snapshot, sent
from addin.our_calls import without_prefixes
from addin.schema import schemas
from addin.xlsx.addresses import Area, address, area_of

Step = dict[str, Any]
"""What Excel does to one place."""
Status = Callable[[str, int, int], object]
BY_HAND = "change it by hand"
_LISTED = re.compile(r"(?P<column>\$[A-Z]+\$)(?P<first>\d+):(?P=column)(?P<last>\d+)")


@dataclass(slots=True)
class Written:
    """Where an action wrote."""

    areas: list[tuple[str, Area]] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Suspended(Exception):
    """Excel has to carry the steps out and calculate before the action can go on."""


class Unanswered(Exception):
    """A question that only the user can answer; nothing was changed yet."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.text)
        self.question = question


class SnapshotBook:
    """A workbook as a Book, from the snapshots that were read so far."""

    def __init__(
        self,
        snapshots: Sequence[Mapping[str, Any]],
        *,
        agreed: Collection[str] = (),
        refused: Collection[str] = (),
        kept: Mapping[str, Any] | None = None,
        status: Status = lambda doing, done, of: None,
    ) -> None:
        self._snapshots, self._agreed, self._refused, self._status = snapshots, {*agreed}, refused, status
        self._kept = kept
        self._number = 0
        self._now = Snapshot(snapshots[0])
        self._read: dict[str, Table] = {}
        self._stale = False
        self._written = Written()
        self.steps: list[Step] = []
        """What Excel has to do since it was last read."""
        self.back: list[Step] = []
        """What puts everything back, in order."""
        self.undoable: dict[str, Any] | None = None
        """What to keep of the last action for undo."""

    @property
    def title(self) -> str:
        """The workbook's address or name."""
        return self._now.title

    # --- reading

    def tables(self) -> list[str]:
        """The names of its tables."""
        return [table.name for table in self._now.tables.values()]

    def _area(self, name: str) -> SheetTable:
        if name.lower() not in self._now.tables:
            raise refusals.no_table(self.title, name, self.tables())
        return self._now.tables[name.lower()]

    def table(self, name: str) -> Table:
        """A table with its values."""
        area = self._area(name)
        if area.name not in self._read:
            self._read[area.name] = self._table(area)
        return self._read[area.name]

    def _table(self, area: SheetTable) -> Table:
        sheet = self._now.sheets[area.sheet]
        first, last = area.top + 1, area.bottom - area.totals
        numbers = range(area.left, area.right + 1)
        headings = [str(heading) for number in numbers for heading in sheet.column(number, area.top, area.top)]
        columns = {name: sheet.column(number, first, last) for name, number in zip(headings, numbers, strict=True)}
        calculated = _declared(area.name).keys() & columns.keys()
        calculated |= {name for name, number in zip(headings, numbers, strict=True) if first in sheet.formulas(number)}
        height = last - first + 1
        found = Table(area.name, area.sheet, first, area.left, height, columns, frozenset(calculated), area.totals)
        return with_rows_beneath(found, self._beneath(sheet, area))

    def _beneath(self, sheet: Sheet, table: SheetTable) -> dict[int, list[Value]]:
        tops = [
            other.top for other in self._now.tables.values() if other.sheet == table.sheet
            and other.top > table.bottom and other.left <= table.right and table.left <= other.right
        ]  # fmt: skip
        last = min([sheet.bottom, *(top - 1 for top in tops)])
        rows = enumerate(sheet.values((table.bottom + 1, table.left, last, table.right)), start=table.bottom + 1)
        return {number: row for number, row in rows if any(value is not None for value in row)}

    def names(self) -> frozenset[str]:
        """The names defined for the whole workbook."""
        return frozenset(self._now.names)

    def _place(self, place: str) -> tuple[str, Area]:
        by_name = {name.lower(): text for name, text in self._now.names.items()}
        found = split_place(by_name.get(place.lower(), place))
        if found is None or found[0] not in self._now.sheets:
            raise refusals.no_cell(self.title, place)
        return found[0], area_of(found[1])

    def cells(self, place: str) -> list[list[Value]]:
        """What an area shows, cut where the sheet's used area ends."""
        name, area = self._place(place)
        sheet = self._now.sheets[name]
        return sheet.values(sheet.used(area))

    def notes(self) -> dict[str, str]:
        """The texts that the add-in keeps in the workbook."""
        return {name: text for name, text in self._now.notes.items() if text}

    # --- actions

    @contextmanager
    def action(self, title: str) -> Iterator[None]:
        """One action: the page puts back what Excel has done so far where it does not come to its end."""
        yield
        if self._stale:
            self.calculate()
        if self.back:
            self.undoable = {
                "title": title, "back": self.back, "written": asdict(self._written), "after": self._print(self._written)
            }  # fmt: skip

    def undo(self) -> str:
        """Put back what the last action changed, unless it was changed again since."""
        if self._kept is None:
            raise refusals.no_step(self.title)
        title = str(self._kept["title"])
        if self._print(Written(**self._kept["written"])) != self._kept["after"]:
            raise refusals.undo_would_lose(f"what {title} wrote", BY_HAND)
        self.steps = list(self._kept["back"])
        self.calculate()
        return title

    def _print(self, written: Written) -> str:
        """What stands now where an action wrote, in short."""
        sheets, tables = self._now.sheets, self._now.tables
        there = [
            [sheets[name].contents(area) for name, area in written.areas if name in sheets],
            [tables[name].bottom for name in written.tables if name in tables],
            [self._now.notes.get(name, "") for name in written.notes],
        ]
        return hashlib.sha256(json.dumps(there).encode()).hexdigest()

    # --- writing

    def write(self, change: Change) -> None:
        """Write a change into the snapshot, and note what Excel has to do."""
        for name in dict.fromkeys([*change.rows, *change.filled]):
            self._write_table(name, change.rows.get(name), change.filled.get(name, {}))
            self._read.clear()
        for place, value in change.cells.items():
            sheet, area = self._place(place)
            rows = value if isinstance(value, list) else [[value]]
            self._keep(sheet, area)
            self._written.areas.append((sheet, area))
            self._put(sheet, area[:2], list(zip(*rows, strict=True)))
        for place, formula in change.formulas.items():
            sheet, area = self._place(place)
            self._keep(sheet, area)
            self._written.areas.append((sheet, area))
            top, left, bottom, right = area
            self._put(sheet, (top, left), [[None] * (bottom - top + 1)] * (right - left + 1))
            self._fill(sheet, (top, left, top, left), formula)  # which spills
        for name, text in change.notes.items():
            self._do({"do": "note", "name": name, "text": text},
                     {"do": "note", "name": name, "text": self._now.notes.get(name, "")})  # fmt: skip
            self._now.notes[name] = text
            self._written.notes.append(name)
        self._read.clear()
        self._stale = True

    def _do(self, step: Step, *back: Step) -> None:
        self.steps.append(step)
        self.back[:0] = back

    def _keep(self, sheet: str, area: Area) -> None:
        """Keep what stands in an area, for undo."""
        self.back.insert(0, _put_step(sheet, area, self._now.sheets[sheet].contents(area)))

    def _put(self, sheet: str, corner: tuple[int, int], columns: Sequence[Sequence[Value]]) -> None:
        """Write values, column by column, into the area that begins at a corner."""
        top, left = corner
        area = (top, left, top + len(columns[0]) - 1, left + len(columns) - 1)
        self.steps.append(_put_step(sheet, area, [list(map(sent, values)) for values in columns]))
        for column, values in enumerate(columns, start=left):
            self._now.sheets[sheet].put(top, column, values)

    def _write_table(self, name: str, rows: Rows | None, filled: Mapping[str, Sequence[Value] | None]) -> None:
        now, area = self.table(name), self._area(name)
        edit = table_edit(self.title, now, rows, filled)
        self._refuse_what_is_beneath(now, area, edit)
        self._keep(area.sheet, (now.top, area.left, now.bottom, area.right))
        self._written.areas.append((area.sheet, (now.top, area.left, max(now.bottom, edit.last), area.right)))
        self._written.tables.append(area.name.lower())
        joined = range(area.bottom + 1, min(edit.start, now.bottom + 1))
        again = {
            column: [now.columns[column][row - now.top] for row in joined] for column in now.typed
        } if joined else {}  # fmt: skip
        self._resize(area, now.bottom, edit.last)
        places = {column: number for number, column in enumerate(now.columns, start=area.left)}
        for column, cells in again.items():
            self._put(area.sheet, (joined.start, places[column]), [cells])
        for column, (start, values) in edit.values.items():
            if values:
                self._put(area.sheet, (start, places[column]), [values])
        declared = _declared(area.name)
        for column, start in edit.formulas.items():
            if column in declared and start <= edit.last:  # those of other tables went down with their last row
                self._fill(area.sheet, (start, places[column], edit.last, places[column]), declared[column])

    def _fill(self, sheet: str, area: Area, formula: str) -> None:
        self.steps.append({"do": "fill", "sheet": sheet, "area": area, "formula": formula})
        self._now.sheets[sheet].put(*area[:2], [None] * (area[2] - area[0] + 1), formula)

    def _refuse_what_is_beneath(self, now: Table, area: SheetTable, edit: TableEdit) -> None:
        sheet, first = self._now.sheets[area.sheet], now.bottom + 1
        taken = [
            (row, column) for column in range(area.left, area.right + 1)
            for row, value in enumerate(sheet.column(column, first, edit.last), start=first) if value is not None
        ]  # fmt: skip
        if taken:
            raise refusals.not_empty(self.title, area.sheet, address(*min(taken)), area.name, edit.last)

    def _resize(self, area: SheetTable, filled: int, last: int) -> None:
        """Let a table end in another row; `filled` is the last row that holds something of it."""
        sheet = self._now.sheets[area.sheet]
        there = {"do": "resize", "table": area.name, "sheet": area.sheet, "left": area.left, "top": area.top,
                 "right": area.right}  # fmt: skip
        if (last, last) != (area.bottom, filled):
            self._do(
                {**there, "from": area.bottom, "to": last, "clear": max(filled, last)},
                {**there, "from": last, "to": area.bottom, "clear": max(filled, last)},
            )
        for name, text in self._now.names.items():
            split = split_place(text)
            found = _LISTED.fullmatch(split[1]) if split and split[0] == area.sheet else None
            if found and int(found["first"]) == area.top + 1 and last > int(found["last"]):
                longer = f"{text.removesuffix(found['last'])}{last}"
                self._do({"do": "name", "name": name, "formula": longer}, {"do": "name", "name": name, "formula": text})
                self._now.names[name] = longer
        for column in range(area.left, area.right + 1):
            if last < filled:
                sheet.put(last + 1, column, [None] * (filled - last))
            elif last > area.bottom:
                values = sheet.column(column, area.bottom, area.bottom) * (last - area.bottom + 1)
                sheet.put(area.bottom, column, values, sheet.formulas(column).get(area.bottom, ""))
        area.bottom = last

    # --- calculating and talking

    def calculate(self) -> list[OurCell]:
        """What the cells that call our functions show once Excel has done what was written, and calculated."""
        self._number += 1
        if self._number == len(self._snapshots):
            raise Suspended
        self._now = Snapshot(self._snapshots[self._number])
        self._read.clear()
        self.steps, self._stale = [], False
        return self.our_cells()

    def our_cells(self) -> list[OurCell]:
        """The cells that call our functions."""
        found = []
        for name, sheet in self._now.sheets.items():
            for row, column, formula in sheet.calls:
                at = address(row, column)
                place = self._now.spills.get(f"{name}!{at}", at)
                found.append(OurCell(f"{name}!{place}", without_prefixes(formula), sheet.values(area_of(place))))
        return found

    def status(self, doing: str, done: int = 0, of: int = 0) -> None:
        """Show what is being done."""
        self._status(doing, done, of)

    def ask(self, question: Question) -> bool:
        """Whether the user has agreed."""
        if question.optional and question.key in self._refused:
            return False
        if question.key not in self._agreed:
            raise Unanswered(question)
        return True

    def agree(self, *keys: str) -> None:
        """Take questions for answered with yes, whose text the user has seen before."""
        self._agreed |= {*keys}

    def leave_out_personal(self) -> NoReturn:
        """Only a copy of a file can be put together anew."""
        raise refusals.only_a_copy(self.title)

    def copy(self, target: Path) -> NoReturn:
        """A copy is made of the file."""
        raise BookError(f"{target} cannot be made here; run roc share on the workbook's file")


def _put_step(sheet: str, area: Area, columns: list[list[Content]]) -> Step:
    return {"do": "put", "sheet": sheet, "area": area, "columns": columns}


def _declared(table: str) -> dict[str, str]:
    """The formulas of a table of the template, whose columns may hold values instead."""
    schema = schemas().get(table)
    return schema.formulas if schema else {}
