"""The workbook that is open in Excel, as actions see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from addin.actions import refusals
from addin.actions.book import NOTE_PREFIX, Cancelled, Change, OurCell, Question, Rows, Table, Value, split_place
from addin.actions.rows_beneath import with_rows_beneath
from addin.actions.table_edit import table_edit
from addin.errors import BookError
from addin.files import write_whole
from addin.hosts.excel.com import Block, ComError, Content, Formula, Patient
from addin.hosts.excel.excel_tables import body, resize, rows_beneath, show_all_rows
from addin.hosts.excel.function_cells import Cells, find
from addin.hosts.excel.protection import unprotected
from addin.hosts.excel.vba_names import ADD_IN, TITLE
from addin.hosts.excel.workbook_files import without_ribbon
from addin.schema import schemas
from addin.tabular import Habits

MANUAL, NO_KEY = -4135, 0
MEANWHILE = {"ScreenUpdating": False, "EnableEvents": False, "Calculation": MANUAL, "CalculationInterruptKey": NO_KEY}
"""How Excel is set while an action runs."""
PROPERTY_OF_TEXT, EXCEL_LINKS, WITHOUT_MACROS, LINKS_AS_THEY_ARE = 4, 1, 51, 0
DECIMAL_MARK, DATE_ORDER, MONTH_FIRST = 3, 32, 0
"""XlApplicationInternational's members, and what the second says of 3/4/2026 in English."""
Ask = Callable[[Question], bool]


@dataclass(slots=True)
class Step:
    """What an action changed: what stood there before, in the order of the changes, and what stood there after."""

    title: str
    before: list[Kept] = field(default_factory=list)
    after: list[Kept] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kept:
    """What stood in a place, in a table, or among the notes."""

    table: str
    place: tuple[str, str]
    """Sheet and address."""
    contents: list[list[Content]]
    notes: dict[str, str] = field(default_factory=dict)
    joined: int = 0
    """How many of a table's rows stood beneath it."""


class ExcelBook:
    """A workbook that is open in Excel as a Book; `steps` holds the last action of each book, for undo."""

    def __init__(
        self,
        book: Any,
        *,
        ask: Ask = lambda question: False,
        escape: Callable[[], bool] = lambda: False,
        steps: dict[str, Step] | None = None,
    ) -> None:
        self._book = book if isinstance(book, Patient) else Patient(book)
        self._excel = self._book.Application
        self._ask, self._escape = ask, escape
        self._steps = {} if steps is None else steps
        self._step: Step | None = None
        self._stale = False

    @property
    def title(self) -> str:
        """The book's path, or its name where it was never saved."""
        return str(self._book.FullName)

    def habits(self) -> Habits:
        """How the user writes numbers and days in this Excel."""
        order = self._excel.International(DATE_ORDER)
        return Habits(decimal=str(self._excel.International(DECIMAL_MARK)), month_first=order == MONTH_FIRST)

    # --- reading

    @cached_property
    def _sheets(self) -> dict[str, Any]:
        return {sheet.Name: sheet for sheet in self._book.Worksheets}

    @cached_property
    def _lists(self) -> dict[str, tuple[Any, Any]]:
        return {table.Name.lower(): (sheet, table) for sheet in self._sheets.values() for table in sheet.ListObjects}

    def tables(self) -> list[str]:
        """The names of its tables."""
        return [table.Name for _, table in self._lists.values()]

    def _list(self, name: str) -> tuple[Any, Any]:
        if name.lower() not in self._lists:
            raise refusals.no_table(self.title, name, self.tables())
        return self._lists[name.lower()]

    def table(self, name: str) -> Table:
        """A table with its values."""
        sheet, table = self._list(name)
        area = body(sheet, table)
        (headings,) = area.rows(area.top - 1, area.top - 1).values()
        columns = dict(zip(map(str, headings), map(list, zip(*area.values(), strict=True)), strict=True))
        (first,) = area.rows(area.top, area.top).contents()
        calculated = {name for name, cell in zip(columns, first, strict=True) if isinstance(cell, Formula)}
        calculated |= _declared(table.Name).keys() & columns.keys()
        has_totals = bool(table.ShowTotals)
        place = sheet.Name, area.top, area.left, area.bottom - area.top + 1
        found = Table(table.Name, *place, columns, frozenset(calculated), has_totals)
        tables = [other for its_sheet, other in self._lists.values() if its_sheet is sheet]
        return with_rows_beneath(found, rows_beneath(sheet, table, tables))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {name.Name: str(name.RefersTo).removeprefix("=") for name in self._book.Names if "!" not in name.Name}

    def names(self) -> frozenset[str]:
        """The names defined for the whole book."""
        return frozenset(self._names)

    def _place(self, place: str) -> Block:
        by_name = {name.lower(): text for name, text in self._names.items()}
        found = split_place(by_name.get(place.lower(), place))
        if found is None or found[0] not in self._sheets:
            raise refusals.no_cell(self.title, place)
        sheet, cells = found
        return Block.at(self._sheets[sheet], cells)

    def cells(self, place: str) -> list[list[Value]]:
        """What an area shows, cut where the sheet's used area ends."""
        area = self._place(place)
        used = Block.at(area.sheet, area.sheet.UsedRange.Address)
        bottom, right = max(area.top, min(area.bottom, used.bottom)), max(area.left, min(area.right, used.right))
        return Block(area.sheet, area.top, area.left, bottom, right).values()

    def notes(self) -> dict[str, str]:
        """The texts that the add-in keeps in the book."""
        kept = self._book.CustomDocumentProperties
        return {
            each.Name.removeprefix(NOTE_PREFIX): str(each.Value) for each in kept if each.Name.startswith(NOTE_PREFIX)
        }

    # --- actions

    @contextmanager
    def action(self, title: str) -> Iterator[None]:
        """One action; what it changed is put back if it fails, and kept for undo if not."""
        self._step = step = Step(title)
        try:
            with self._meanwhile():
                try:
                    yield
                    if self._stale:
                        self.calculate()
                    step.after = [self._again(kept) for kept in step.before]
                except BaseException:
                    self._put_back(step)
                    raise
        finally:
            self._step, self._stale = None, False
        if step.before:
            self._steps[self.title] = step

    @contextmanager
    def _meanwhile(self) -> Iterator[None]:
        """Excel set for writing, and as it was afterwards, whatever happens."""
        with ExitStack() as stack:
            for name, value in MEANWHILE.items():
                stack.callback(_tried, self._excel, name, getattr(self._excel, name))
                setattr(self._excel, name, value)
            stack.callback(_tried, self._excel, "StatusBar", False)
            self._escape()  # forget what was pressed before
            yield

    def undo(self) -> str:
        """Put back what the last action changed, unless it was changed again since."""
        step = self._steps.get(self.title)
        if step is None:
            raise refusals.no_step(self.title)
        if [self._again(kept) for kept in step.before] != step.after:
            raise refusals.undo_would_lose(f"what {step.title} wrote", "change it by hand")
        with self._meanwhile():
            self._put_back(step)
            self.calculate()
        del self._steps[self.title]
        return step.title

    def _keep(self, kept: Kept) -> None:
        if self._step is not None:
            self._step.before.append(kept)

    def _kept(self, *, table: str = "", area: Block | None = None, notes: Mapping[str, str] | None = None) -> Kept:
        if notes is not None:
            there = self.notes()
            return Kept("", ("", ""), [], {name: there.get(name, "") for name in notes})
        joined = 0
        if area is None:
            area, joined = body(*self._list(table)), self.table(table).joined
            area = area.rows(area.top, area.bottom + joined)
        return Kept(table, (area.sheet.Name, area.address), area.contents(), joined=joined)

    def _again(self, kept: Kept) -> Kept:
        """What stands there now."""
        if kept.notes:
            return self._kept(notes=kept.notes)
        return self._kept(table=kept.table, area=None if kept.table else self._place("!".join(kept.place)))

    def _put_back(self, step: Step) -> None:
        for kept in reversed(step.before):
            if kept.notes:
                self._write_notes(kept.notes)
                continue
            area = self._place("!".join(kept.place))
            with unprotected(area.sheet):
                if kept.table:
                    sheet, table = self._list(kept.table)
                    resize(sheet, table, area.bottom, self.title)
                    if kept.joined:
                        table.Resize(area.rows(area.top - 1, area.bottom - kept.joined).cells)
                    for index, column in enumerate(zip(*kept.contents, strict=True)):
                        area.column(index).put([[content] for content in column])
                else:
                    area.put(kept.contents)
        self.__dict__.pop("_names", None)
        self._stale = True

    # --- writing

    def write(self, change: Change) -> None:
        """Write a change; a table, or a place, at a time."""
        for name in dict.fromkeys([*change.rows, *change.filled]):
            sheet, table = self._list(name)
            with unprotected(sheet):
                self._write_table(sheet, table, change.rows.get(name), change.filled.get(name, {}))
        for place, value in change.cells.items():
            area = self._place(place)
            self._keep(self._kept(area=area))
            with unprotected(area.sheet):
                area.put(value if isinstance(value, list) else [[value]])
        for place, formula in change.formulas.items():
            area = self._place(place)
            self._keep(self._kept(area=area))
            with unprotected(area.sheet):
                area.fill(formula, array=area.top < area.bottom or area.left < area.right)
        if change.notes:
            self._keep(self._kept(notes=change.notes))
            self._write_notes(change.notes)
        self._stale = True

    def _write_table(
        self, sheet: Any, table: Any, rows: Rows | None, filled: Mapping[str, Sequence[Value] | None]
    ) -> None:
        now = self.table(table.Name)
        edit = table_edit(self.title, now, rows, filled)
        show_all_rows(table)
        self._keep(self._kept(table=table.Name))
        names, formulas, area = list(now.columns), _declared(table.Name), body(sheet, table)
        typed = map(area.rows(area.bottom + 1, now.bottom).column, map(names.index, now.typed))
        joined = [(block, block.contents()) for block in typed] if edit.start > area.bottom + 1 <= now.bottom else []
        resize(sheet, table, edit.last, self.title, now.bottom)
        for block, contents in joined:
            block.put(contents)
        self.__dict__.pop("_names", None)
        area = body(sheet, table)
        for name, (start, values) in edit.values.items():
            column = area.column(names.index(name))
            column.rows(start, start + len(values) - 1).put([[value] for value in values])
        for name, start in edit.formulas.items():
            if name in formulas:  # those of other tables went down with their last row
                area.column(names.index(name)).rows(start, edit.last).fill(formulas[name])

    def _write_notes(self, notes: Mapping[str, str]) -> None:
        kept = self._book.CustomDocumentProperties
        there = {each.Name: each for each in kept}
        for name, text in notes.items():
            old = there.get(NOTE_PREFIX + name)
            if old is not None and text:
                old.Value = text
            elif old is not None:
                delete = old.Delete  # an object that tells no types has done it by now, and gives nothing
                if delete is not None:
                    delete()
            elif text:
                kept.Add(NOTE_PREFIX + name, False, PROPERTY_OF_TEXT, text)

    # --- calculating and talking

    def calculate(self) -> list[OurCell]:
        """Recalculate what depends on what was written, and the cells that call our functions."""
        found: list[Cells] = [cells for sheet in self._sheets.values() for cells in find(sheet)]
        for cells in found:
            cells.block.cells.Dirty()
        self._excel.Calculate()
        self._stale = False
        return [cell for cells in found for cell in cells.shown()]

    def status(self, doing: str, done: int = 0, of: int = 0) -> None:
        """Show in the status bar what is being done; the key Escape cancels."""
        steps = f" ({done} of {of})" if of else ""
        self._excel.StatusBar = f"{TITLE}: {doing}{steps} ... Esc cancels"
        if self._escape():
            raise Cancelled

    def release(self) -> None:
        """Let the status bar be Excel's own again."""
        _tried(self._excel, "StatusBar", False)

    def ask(self, question: Question) -> bool:
        """Whether the user has agreed."""
        return self._ask(question)

    def leave_out_personal(self) -> NoReturn:
        """Only a copy of a file can be put together anew."""
        raise refusals.only_a_copy(self.title)

    @contextmanager
    def file(self) -> Iterator[Path]:
        """A file of the workbook as it is now, for the time of the block."""
        with TemporaryDirectory() as folder, _no_alerts(self._excel):
            path = Path(folder) / str(self._book.Name)
            self._book.SaveCopyAs(str(path))
            yield path

    @contextmanager
    def copy(self, target: Path) -> Iterator[ExcelBook]:
        """An .xlsx copy without macros and links, saved when the block ends."""
        with TemporaryDirectory() as folder, self._meanwhile(), _no_alerts(self._excel):
            suffix = Path(str(self._book.Name)).suffix or ".xlsx"
            between, saved = Path(folder) / f"roc_copy{suffix}", Path(folder) / "roc_shared.xlsx"
            self._book.SaveCopyAs(str(between))
            opened = self._excel.Workbooks.Open(str(between), LINKS_AS_THEY_ARE)
            try:
                for link in opened.LinkSources(EXCEL_LINKS) or ():
                    if not link.lower().endswith(ADD_IN):
                        opened.BreakLink(link, EXCEL_LINKS)
                yield ExcelBook(opened, ask=self._ask, escape=self._escape)
                opened.SaveAs(str(saved), WITHOUT_MACROS)
            finally:
                opened.Close(False)
            write_whole(target, without_ribbon(saved.read_bytes()))


def _tried(excel: Any, name: str, value: object) -> None:
    with suppress(ComError, BookError):  # the other settings are put back all the same
        setattr(excel, name, value)


@contextmanager
def _no_alerts(excel: Any) -> Iterator[None]:
    before = excel.DisplayAlerts
    excel.DisplayAlerts = False
    try:
        yield
    finally:
        _tried(excel, "DisplayAlerts", before)


def _declared(table: str) -> dict[str, str]:
    """The formulas of a table of the template, whose columns may hold values instead."""
    schema = schemas().get(table)
    return schema.formulas if schema else {}
