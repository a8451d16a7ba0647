"""A workbook file as actions see it: read and changed in memory, written whole when an action ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path

from addin.actions import refusals
from addin.actions.book import Cancelled, Change, OurCell, Question, Remaining, Rows, Table, Value, split_place
from addin.actions.rows_beneath import with_rows_beneath
from addin.actions.table_edit import table_edit
from addin.errors import BookError
from addin.files import held, read_whole, refuse_changed, replace_whole, write_whole
from addin.our_calls import without_prefixes
from addin.xlsx.addresses import Area, area_of, area_text
from addin.xlsx.book_formulas import BookFormulas
from addin.xlsx.calculation import calculate
from addin.xlsx.calculation_report import CellReport, Kept
from addin.xlsx.cells import NewValue, constants
from addin.xlsx.notes import notes, with_notes
from addin.xlsx.package import Package, Part, TableArea
from addin.xlsx.part_lists import without_order_of_formulas
from addin.xlsx.relative import relative, written
from addin.xlsx.repair import with_fill_down, without_fill_down
from addin.xlsx.sheet_xml import SheetXml
from addin.xlsx.table_rows import (
    CellContent,
    ColumnFill,
    Formula,
    first_formulas,
    ranges_following,
    with_end,
    with_rows,
)
from addin.xlsx.table_values import ColumnValues, rows_beneath
from addin.xlsx.traces import traces

Status = Callable[[str, int, int], object]
Ask = Callable[[Question], bool]


class FileBook:
    """An .xlsx or .xlsm file as a Book."""

    def __init__(
        self,
        path: Path,
        *,
        status: Status = lambda doing, done, of: None,
        ask: Ask = lambda question: False,
    ) -> None:
        self.path = path
        self.kept: list[Kept] = []
        """The cells that the last calculation could not do, which show what they showed before."""
        self._status, self._ask = status, ask
        self.package = Package.read(path)
        self._stale: dict[str, list[Area]] = {}
        self._formulas: BookFormulas | None = None
        self._tables: dict[str, tuple[SheetXml, TableArea, Table]] = {}
        """Tables that were read, as long as they and their sheets stay as they were."""
        self._read_beneath: tuple[SheetXml | None, list[TableArea], dict[str, dict[int, list[Value]]]] = None, [], {}
        """The last sheet of which the rows beneath tables were read, its tables, and those rows of each."""

    @property
    def title(self) -> str:
        """The file's path."""
        return str(self.path)

    # --- reading

    def _area(self, sheet: str, area: Area) -> list[list[Value]]:
        return self.package.sheet(sheet).values(area, self.package.texts)

    def tables(self) -> list[str]:
        """The names of its tables."""
        return [table.name for table in self.package.tables.values()]

    def _table(self, name: str) -> TableArea:
        if name.lower() not in self.package.tables:
            raise refusals.no_table(self.title, name, self.tables())
        return self.package.tables[name.lower()]

    def table(self, name: str) -> Table:
        """A table with its values."""
        table = self._table(name)
        sheet = self.package.sheet(table.sheet)
        kept = self._tables.get(table.name)
        if kept is None or kept[0] is not sheet or kept[1] != table:
            kept = self._tables[table.name] = sheet, table, self._read_table(table)
        return kept[2]

    def _read_table(self, table: TableArea) -> Table:
        first, last = table.top + table.header_rows, table.bottom - table.totals_rows
        if last < first or len(table.columns) != table.right - table.left + 1:
            raise BookError(
                f"{self.path} is damaged: its table {table.name} names {len(table.columns)} columns and has room for "
                f"{table.right - table.left + 1}; save the book in its program again"
            )
        columns = ColumnValues(
            table.columns,
            partial(self.package.sheet(table.sheet).values, (first, table.left, last, table.right), self.package.texts),
        )
        calculated = frozenset(self._fills(table))
        place = table.sheet, first, table.left, last - first + 1
        found = Table(table.name, *place, columns, calculated, bool(table.totals_rows))
        return with_rows_beneath(found, self._beneath(table))

    def _beneath(self, table: TableArea) -> dict[int, list[Value]]:
        """The rows under a table in which its columns hold something, down to the next table."""
        sheet = self.package.sheet(table.sheet)
        tables = [other for other in self.package.tables.values() if other.sheet == table.sheet]
        if self._read_beneath[:2] != (sheet, tables):
            self._read_beneath = sheet, tables, rows_beneath(sheet, tables, self.package.texts)
        return self._read_beneath[2][table.name]

    def _fills(self, table: TableArea) -> dict[str, Formula]:
        """The formulas that fill a table's columns, as the table or its first row has them."""
        here = first_formulas(self.package.sheet(table.sheet), table)
        said = {name: text for name, text in zip(table.columns, table.formulas, strict=True) if text}
        return {name: Formula(said.get(name) or here[name]) for name in table.columns if name in said or name in here}

    def names(self) -> frozenset[str]:
        """The names defined for the whole book."""
        return frozenset(
            str(name.get("name"))
            for element in self.package.workbook
            if element.tag.endswith("}definedNames")
            for name in element
            if not name.get("localSheetId")
        )

    def _place(self, place: str) -> tuple[str, Area]:
        text = self.package.names.get((None, place.lower()), place)
        found = split_place(text)
        sheet = text.rpartition("!")[0]
        if found and sheet not in self.package.sheets:
            sheet = found[0]
        if found is None or sheet not in self.package.sheets:
            raise refusals.no_cell(self.title, place)
        return sheet, area_of(found[1])

    def cells(self, place: str) -> list[list[Value]]:
        """What an area shows."""
        return self._area(*self._place(place))

    def notes(self) -> dict[str, str]:
        """The texts that the add-in keeps in the book."""
        return notes(self.package)

    # --- writing

    @contextmanager
    def action(self, title: str) -> Iterator[None]:
        """One action; its file is written when it ends, and the file as it was is kept beside it for undo."""
        with self._changing(lambda before: self._save(title, before)):
            yield

    @contextmanager
    def erasing(self) -> Iterator[None]:
        """An action of which nothing stays: no way back, no text that no cell shows, none of what a killed one left."""
        with held(self.path, self._status):
            with self._changing(self._save_for_good):
                yield
            left = re.compile(rf"\.{re.escape(self.path.name)}\..+\.(?:undo|tmp)")
            for path in [path for path in self.path.parent.iterdir() if left.fullmatch(path.name)]:
                path.unlink(missing_ok=True)

    def traces(self, person: str) -> list[str]:
        """Where in the file somebody is still named."""
        return traces(self.package, person)

    @contextmanager
    def _changing(self, save: Callable[[bytes], None]) -> Iterator[None]:
        before = self.package
        with held(self.path, self._status):
            try:
                yield
                if self._stale:
                    self._calculate(ours=False)
                if self.package is not before:
                    save(before.data)
            except BaseException:
                self.package = before
                self._stale = {}
                raise

    def _save(self, title: str, before: bytes) -> None:
        self.status(f"Saving {self.path.name}")
        kept = self.path.with_name(
            f".{self.path.name}.{title.replace(' ', '_')}.{_fingerprint(self.package.data)}.undo"
        )
        write_whole(kept, before, like=self.path)
        try:
            replace_whole(self.path, before, self.package.data)
        except BookError:
            kept.unlink(missing_ok=True)
            raise
        for older in set(self._kept_files()) - {kept}:
            older.unlink(missing_ok=True)

    def _save_for_good(self, before: bytes) -> None:
        self.status(f"Saving {self.path.name}")
        from addin.xlsx.macro_free import without_unused_texts  # with patterns that few actions need

        self.package = without_unused_texts(self.package)
        replace_whole(self.path, before, self.package.data)

    def _kept_files(self) -> list[Path]:
        name = re.compile(rf"\.{re.escape(self.path.name)}\.[^.]+\.[0-9a-f]{{32}}\.undo")
        return [path for path in self.path.parent.iterdir() if name.fullmatch(path.name)]

    def undo(self) -> str:
        """Put the file back as it was before the last action, unless it was changed since."""
        with held(self.path, self._status):
            refuse_changed(self.path, self.package.data)
            return self._undone()

    def _undone(self) -> str:
        now = _fingerprint(self.package.data)
        kept = {path: path.name.removeprefix(f".{self.path.name}.").split(".") for path in self._kept_files()}
        for path, (title, fingerprint, _) in kept.items():
            if fingerprint == now:
                before = Package.read(path)
                replace_whole(self.path, self.package.data, before.data)
                path.unlink()
                self.package = before
                return title.replace("_", " ")
        for path in kept:
            if read_whole(path) != self.package.data:  # else its action was cut off before it changed the book
                raise refusals.undo_would_lose(self.title, f"the book as it was before its last action is in {path}")
        raise refusals.no_step(self.title)

    def write(self, change: Change) -> None:
        """Write a change into the book in memory."""
        for name in dict.fromkeys([*change.rows, *change.filled]):
            self._write_table(self._table(name), change.rows.get(name), change.filled.get(name, {}))
        new: dict[str, dict[tuple[int, int], NewValue]] = {}
        for place, value in change.cells.items():
            sheet, area = self._place(place)
            new.setdefault(sheet, {}).update(constants(area, value))
            self._stale.setdefault(sheet, []).append(area)
        for place, formula in change.formulas.items():
            sheet, area = self._place(place)
            whole = area if area[:2] != area[2:] else None
            cell = NewValue(None, whole, keeps_formula=False, formula=formula.removeprefix("="))
            new.setdefault(sheet, {})[area[:2]] = cell
            self._stale.setdefault(sheet, []).append(area)
        parts: dict[str, Part] = dict(with_notes(self.package, change.notes)) if change.notes else {}
        for sheet, values in new.items():
            unshared = self.package.sheet(sheet).without_shared_formulas(sheet)
            parts[self.package.sheets[sheet]] = unshared.with_values(values)
        self._replace(parts)

    def repair(self, formulas: Mapping[str, Mapping[str, str]]) -> int:
        """Let tables fill their columns down again by these formulas, where that was lost; gives how many columns."""
        lost = without_fill_down(self.package, formulas)
        if lost:
            self.package = with_fill_down(self.package, lost)
        return sum(map(len, lost.values()))

    def _replace(self, parts: dict[str, Part]) -> None:
        if parts:
            self.package = self.package.replaced(without_order_of_formulas(self.package) | parts)

    def _write_table(self, table: TableArea, rows: Rows | None, filled: Mapping[str, Sequence[Value] | None]) -> None:
        first = table.top + table.header_rows
        formulas = self._fills(table)
        now = self.table(table.name)
        edit = table_edit(self.title, now, rows, filled)
        last = edit.last
        fills = {name: ColumnFill(start, values) for name, (start, values) in edit.values.items()}
        for name, start in edit.formulas.items():
            fills[name] = ColumnFill(start, self._down(table, name, formulas[name], start, last))
        sheet = self.package.sheet(table.sheet).without_shared_formulas(table.sheet)
        parts: dict[str, Part] = {
            self.package.sheets[table.sheet]: with_rows(sheet, table, now.bottom, last, fills, self.title),
            table.part: with_end(self.package.part(table.part), table, last),
            **ranges_following(self.package, table, last),
        }
        self._stale.setdefault(table.sheet, []).append((first, table.left, max(last, now.bottom), table.right))
        self._replace(parts)

    def _down(
        self, table: TableArea, name: str, formula: Formula, first: int, last: int
    ) -> Formula | list[CellContent]:
        """A column's formula for each row; one that only the first row tells has to be copied down."""
        column = table.columns.index(name)
        if table.formulas[column]:
            return formula
        place = table.left + column
        form = relative(formula.text, table.top + table.header_rows, place)
        return [Formula(written(form, row, place)) for row in range(first, last + 1)]

    # --- calculating and talking

    def calculate(self) -> list[OurCell]:
        """Recalculate what depends on what was written, and the cells that call our functions."""
        return [_our_cell(report) for report in self._calculate(ours=True)]

    def _calculate(self, *, ours: bool) -> list[CellReport]:
        cancelled: list[Cancelled] = []

        def progress(doing: str, done: int, of: int) -> None:
            try:
                self._status(doing, done, of)
            except Cancelled as error:  # the engine that calls this would take it for an error of a function
                cancelled.append(error)

        done = calculate(self.package, changed=self._stale, ours=ours, read=self._formulas, progress=progress)
        if cancelled:
            raise cancelled[0]
        self._stale, self.kept, self._formulas = {}, done.kept, done.formulas
        self.package = done.package
        return done.cells

    def status(self, doing: str, done: int = 0, of: int = 0) -> None:
        """Show what is being done."""
        self._status(doing, done, of)

    def ask(self, question: Question) -> bool:
        """Whether the user agrees."""
        return self._ask(question)

    def leave_out_personal(self) -> Remaining:
        """Put the book in memory together anew from what is known to name nobody; tells what then remains."""
        from addin.xlsx.impersonal.copy import impersonal  # which loads openpyxl

        made = impersonal(self.package)
        self.package = made.package
        for sheet, areas in made.changed.items():
            self._stale.setdefault(sheet, []).extend(areas)
        return Remaining(made.texts, made.cleared, made.left_out)

    @contextmanager
    def copy(self, target: Path) -> Iterator[FileBook]:
        """An .xlsx copy without macros and links, saved when the block ends."""
        from addin.xlsx.macro_free import without_macros, without_unused_texts  # with patterns that few actions need

        copied = FileBook(self.path, status=self._status, ask=self._ask)
        copied.path = target
        copied.package = without_macros(self.package)
        with held(target, self._status):
            yield copied
            write_whole(target, without_unused_texts(copied.package).data)


def _our_cell(report: CellReport) -> OurCell:
    values = report.value if isinstance(report.value, list) else [[report.value]]
    top, left, *_ = area_of(report.cell)
    area = (top, left, top + len(values) - 1, left + len(values[0]) - 1)
    place = area_text(area) if area[:2] != area[2:] else report.cell
    shown: list[list[Value]] = [[None if value == "" else value for value in row] for row in values]
    return OurCell(f"{report.sheet}!{place}", without_prefixes(report.formula), shown, report.reason)


def _fingerprint(data: bytes) -> str:
    return sha256(data).hexdigest()[:32]
