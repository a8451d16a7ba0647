"""Recalculates a workbook file: our cells, what depends on them, and what has no value yet.

The engine is not trusted blindly, since a wrong number is worse than an old one. A formula that is
not proven to come out as in Excel keeps its saved value. So does one that does not come out at its
saved value when everything it reads holds its saved values. What reads a cell that could not be
calculated is not calculated either.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable, Mapping

from addin.errors import CellError
from addin.values import Scalar
from addin.xlsx.addresses import Area, Place, block
from addin.xlsx.blocks import area_from, fitted
from addin.xlsx.book_formulas import BookFormulas
from addin.xlsx.calculation_report import Calculation, CellReport, Computed, Kept
from addin.xlsx.cells import FormulaCell, NewValue, code
from addin.xlsx.engine import NO_EXCEL_ERROR, FormulaEngine
from addin.xlsx.package import Package

SPILL = CellError("#SPILL!", "the result needs more cells than are free beside and below; clear them")
ROUNDS = 20
"""How often cells may turn out untrustworthy one after the other before all suspects are kept."""

Progress = Callable[[str, int, int], object]
"""Takes what is being done, how many steps of it are done, and how many there are."""
FEW = 500
"""Where fewer cells than these depend on what changed, they are calculated at once; of a column of running sums each
would be a step of its own."""


def calculate(
    package: Package,
    *,
    everything: bool = False,
    given: Mapping[Place, Scalar] | None = None,
    changed: Mapping[str, Collection[Area]] | None = None,
    ours: bool = True,
    read: BookFormulas | None = None,
    progress: Progress = lambda doing, done, of: None,
) -> Calculation:
    """Recalculate a workbook.

    `given` are values from a program that can calculate what the engine cannot; `changed` are the areas of each
    sheet that hold something else than when the formulas that read them got their saved values. Without `ours`,
    cells of ours whose saved value is no error, and that read nothing that changed, keep it. `read` are the formulas as
    an earlier calculation has read them.
    """
    return _Calculation(package, everything, given or {}, changed or {}, ours, read, progress).result()


class _Calculation:
    def __init__(
        self,
        package: Package,
        everything: bool,
        given: Mapping[Place, Scalar],
        changed: Mapping[str, Collection[Area]],
        ours: bool,
        read: BookFormulas | None,
        progress: Progress,
    ) -> None:
        self.package = package
        self.progress = progress
        self.cells: list[FormulaCell] = []
        for number, sheet in enumerate(package.sheets):
            progress("Reading", number, len(package.sheets))
            self.cells += package.sheet(sheet).formula_cells(sheet)
        self.read = BookFormulas.of(package, self.cells, read)
        self.formulas, self.graph = self.read.for_engine, self.read.graph
        self.between, self.ours = self.read.between, self.read.ours
        self.wide = self.ours | {i for i, cell in enumerate(self.cells) if cell.area is not None}
        """The cells whose result may be a block; any other that gives one keeps its saved value."""
        self.given = {i: given[c.place] for i, c in enumerate(self.cells) if c.place in given} if given else {}
        self.everything = everything
        self.unsaved = {i for i, cell in enumerate(self.cells) if cell.saved is None}
        for sheet, areas in changed.items():
            self.unsaved.update(*(self.graph.reading(sheet, area) for area in areas))
        self.blocks: dict[int, list[list[Scalar]]] = {}
        self.calls = 0
        self.live: set[int] = set()
        """The cells that calculate in the engine."""
        self.downstream: set[int] = set()
        """The cells that read, directly or through others, one without a value of its own."""
        self.follows = False
        """Whether cells are calculated only once one that they read has changed."""
        self.followed: set[int] = set()
        """The cells that changed, and whose readers calculate."""
        self.dirty = self._dirty(ours)
        self.new = self.dirty
        """The cells that may show something else than when failures and blocks were last looked for."""
        self.kept = self._known_faults(self.dirty)
        self.engine = self._engine()

    def _called(self) -> None:
        self.calls += 1
        self.progress("Calculating", min(self.calls, len(self.ours)), len(self.ours))

    def _dirty(self, ours: bool) -> set[int]:
        """The cells to calculate; where none of ours must be, those that read a changed one follow later."""
        if self.everything or len(self.unsaved) == len(self.cells):
            return set(range(len(self.cells)))
        start = {i for i in self.ours if ours or isinstance(self.cells[i].saved, CellError)}
        self.follows = not (start or self.graph.anywhere or any(self.cells[i].area for i in self.unsaved))
        if self.follows:
            return set(self.unsaved)
        self.downstream = self.graph.reached(self.unsaved)
        return start | self.unsaved | self.downstream | self.graph.reached(start - self.unsaved - self.downstream)

    def result(self) -> Calculation:
        self.progress("Calculating", 0, len(self.ours))
        if not self.everything:
            self._keep_what_differs()
        self._evaluate()
        return self._report()

    # --- trust

    def _known_faults(self, cells: Iterable[int]) -> dict[int, str]:
        found = {}
        for i in cells:
            if reason := self.cells[i].left_alone or self.formulas.doubt(i):
                found[i] = reason
        return found

    def _pinned(self, index: int) -> Scalar | None:
        return self.given.get(index, self.cells[index].saved)

    def _engine(self) -> FormulaEngine:
        """The engine with every cell at the value that is saved or given."""
        here = weakref.proxy(self)  # in a circle, all that was read would outlive the calculation
        engine = FormulaEngine(self.package, self.cells, lambda: here._called())
        engine.pin(self.given)
        return engine

    def _keep(self, reasons: Mapping[int, str]) -> None:
        """Let cells that turned out untrustworthy show their saved values again."""
        self.kept.update(reasons)
        self.live -= reasons.keys()
        self.engine.pin({i: self._pinned(i) for i in reasons})

    def _keep_what_differs(self) -> None:
        """Keep each formula that does not give its saved value from saved values."""
        live = self.dirty - self.ours - self.kept.keys() - self.unsaved - self.downstream
        self._put(live)
        for _ in range(ROUNDS if live else 0):
            self._settle(live)
            differs = {i for i in live if not self.cells[i].shows_about(self.engine.value(i))}
            if not differs:
                return
            first = differs - self.graph.reached(differs) or differs
            reasons = {i: f"the engine gives {code(self.engine.value(i))} where the saved value stands" for i in first}
            self._keep(reasons)
            live -= first
        self._keep(dict.fromkeys(live, "the engine gives another value than the saved one"))

    def _settle(self, live: set[int]) -> None:
        """Calculate until the cells whose reading the engine does not see to the full stay as they are."""
        self.engine.evaluate()
        unsure = (live & self.between) - self.kept.keys() - self.blocks.keys()
        for _ in range(ROUNDS if unsure else 0):
            before = [code(self.engine.value(i)) for i in unsure]
            self._put(unsure)
            self.engine.evaluate()
            if before == [code(self.engine.value(i)) for i in unsure]:
                break

    def _put(self, cells: Collection[int]) -> None:
        """Let cells calculate; those that fill an area keep their block for us to lay out."""
        self.engine.put({i: self.formulas.text(i) for i in cells if self.cells[i].area is None})
        for i in cells:
            if self.cells[i].area is not None:
                self.engine.capture(i, self.formulas.text(i))
        self.live.update(cells)

    # --- calculation

    def _evaluate(self) -> None:
        if self.ours & self.dirty:
            FormulaEngine.warm_up()
        self._put_plain(self.dirty - self.live)
        self._settle(self.dirty)
        while self._follow_changes() or self._keep_failures() or self._lay_blocks() or self._follow_spills():
            self._settle(self.dirty)
        unknown = {i for i in self.kept if i not in self.given and self.cells[i].saved is None}
        after = self.graph.reached(unknown)
        self.dirty |= after
        for i in after - self.kept.keys():
            self.kept[i] = "it reads a cell that could not be calculated"

    def _put_plain(self, cells: set[int]) -> None:
        self._put({i for i in cells - self.kept.keys() if self.cells[i].area is None})

    def _follow_changes(self) -> bool:
        """What reads a cell that shows something else than before is recalculated too."""
        if not self.follows:
            return False
        waiting = self.dirty - self.kept.keys() - self.followed
        changed = {i for i in waiting if not self.cells[i].shows(self.engine.value(i))}
        self.followed |= changed
        fresh = self.graph.read_by(changed) - self.dirty
        if any(self.cells[i].area for i in fresh):  # a block is laid once, when all that it reads is there
            self.follows = False
            fresh = self.graph.reached(self.followed) - self.dirty
        else:
            behind = self.graph.reached(fresh, self.dirty | self.ours | fresh, FEW)
            if len(behind) < FEW:
                behind = {i for i in behind if self.cells[i].area is None}
                fresh |= behind - self._known_faults(behind).keys()
        self.dirty |= fresh
        self.new = self.dirty
        self.kept |= self._known_faults(fresh)
        self._put_plain(fresh)
        return bool(fresh)

    def _keep_failures(self) -> bool:
        failed = {}
        for i in (self.new & self.dirty) - self.kept.keys() - self.blocks.keys():
            value, saved = self.engine.value(i), self.cells[i].saved
            if isinstance(value, CellError) and value.reason in NO_EXCEL_ERROR.values():
                failed[i] = value.reason
            elif i not in self.ours and code(value) == "#NAME?" and saved is not None and code(saved) != "#NAME?":
                failed[i] = "the engine does not know a name in it"
            elif i not in self.wide and self.engine.spills(i):
                failed[i] = "it gives a block of values, where a plain formula shows one"
        self._keep(failed)
        return bool(failed)

    def _lay_blocks(self) -> bool:
        """Lay out the blocks that the engine does not: of array formulas with a fixed area, and large ones.

        An array formula entered over an area fills that area, whatever the size of its result.
        """
        wanted = {
            i
            for i in (self.new & self.dirty) - self.kept.keys() - self.blocks.keys()
            if self.cells[i].area is not None or code(self.engine.value(i)) == SPILL.code
        }
        first = wanted - self.graph.reached(wanted) or wanted
        self.wide |= first
        for i in first:
            self.engine.capture(i, self.formulas.text(i))
        if first:
            self.engine.evaluate()
        for i in first - self.engine.blocks.keys():
            self._keep({i: NO_EXCEL_ERROR["NImpl"]})
        for i in first & self.engine.blocks.keys():
            cell, rows = self.cells[i], self.engine.blocks[i]
            old = cell.area or (cell.row, cell.column, cell.row, cell.column)
            area = area_from(cell, rows)
            if cell.area is not None and not cell.dynamic:
                area, rows = cell.area, fitted(rows, cell.area)
            elif not all(self.engine.free(cell.sheet, *place) for place in set(block(area)) - set(block(old))):
                area, rows = area_from(cell, [[SPILL]]), [[SPILL]]
            for row, column in set(block(old)) - set(block(area)):
                self.engine.book.set_value(cell.sheet, row, column, None)
            self.engine.lay(i, area, rows)
            self.blocks[i] = rows
        self.new = wanted | self.graph.reached(first)
        return bool(first)

    def _follow_spills(self) -> bool:
        """What reads a cell that a result newly covers is recalculated too."""
        grown = set()
        for i in self.wide & self.dirty - self.kept.keys():
            area = self._area(i)
            if area[:2] != area[2:] and self.graph.spread.get(i, self.cells[i].area) != area:
                self.graph.spread[i] = area
                grown.add(i)
        after = self.graph.reached(grown)
        fresh = after - self.dirty
        self.dirty |= fresh
        self.new = after
        self._put(fresh)
        return bool(fresh)

    def _area(self, index: int) -> Area:
        """Where a cell's result lies."""
        if index in self.blocks:
            return area_from(self.cells[index], self.blocks[index])
        return self.engine.area(index)

    def _block(self, index: int, area: Area) -> list[list[Scalar]]:
        sheet = self.cells[index].sheet
        top, left, bottom, right = area
        return [[self.engine.at(sheet, r, c) for c in range(left, right + 1)] for r in range(top, bottom + 1)]

    # --- result

    def _report(self) -> Calculation:
        done = self.dirty - self.kept.keys()
        new: dict[str, dict[tuple[int, int], NewValue]] = {}
        answers: dict[Place, Computed] = {}
        for i in sorted(done):
            answers[self.cells[i].place] = self._write(i, new.setdefault(self.cells[i].sheet, {}))
        for i in sorted(self.kept.keys() & self.given.keys()):
            answers[self.cells[i].place] = self.given[i]
            new.setdefault(self.cells[i].sheet, {})[self.cells[i].row, self.cells[i].column] = NewValue(self.given[i])
        parts = {}
        for number, (sheet, values) in enumerate(new.items()):
            self.progress("Writing", number, len(new))
            if values:
                parts[self.package.sheets[sheet]] = self.package.sheet(sheet).with_values(values)
        return Calculation(
            package=self.package.replaced(parts) if parts else self.package,
            cells=[self._cell_report(i, answers) for i in sorted(self.ours & self.dirty)],
            kept=[
                Kept(cell.sheet, cell.at, cell.formula, self.kept[i])
                for i in sorted(self.kept.keys() - self.ours - self.given.keys())
                if (cell := self.cells[i])
            ],
            changed=sum(len(values) for values in new.values()),
            values=answers,
            ready={self.cells[i].place for i in self.kept.keys() - self.graph.reached(self.kept.keys() & self.ours)},
            formulas=self.read,
        )

    def _write(self, index: int, new: dict[tuple[int, int], NewValue]) -> Computed:
        """Note what a cell and the block it fills shall show."""
        cell = self.cells[index]
        if index not in self.wide:
            return self._write_one(cell, self.engine.value(index), new)
        area = self._area(index)
        if cell.area is None and area[:2] == area[2:]:
            return self._write_one(cell, self.engine.value(index), new)
        rows = self.blocks.get(index) or self._block(index, area)
        for place, value in zip(block(area), (value for row in rows for value in row), strict=True):
            if place != (cell.row, cell.column):
                new[place] = NewValue(value)
        for place in set(block(cell.area)) - set(block(area)) if cell.area else ():
            new[place] = NewValue(None)
        first = rows[0][0]
        if area != (cell.area or (cell.row, cell.column, cell.row, cell.column)):
            new[cell.row, cell.column] = NewValue(first, area)
        else:
            self._write_one(cell, first, new)
        return first if len(rows) == len(rows[0]) == 1 else rows

    def _write_one(self, cell: FormulaCell, value: Scalar, new: dict[tuple[int, int], NewValue]) -> Scalar:
        if not cell.shows(value):
            new[cell.row, cell.column] = NewValue(value)
        return value

    def _cell_report(self, index: int, answers: Mapping[Place, Computed]) -> CellReport:
        cell = self.cells[index]
        if cell.place not in answers:
            return CellReport(cell.sheet, cell.at, cell.formula, None, f"not calculated: {self.kept[index]}")
        answer = answers[cell.place]
        call = self.formulas.call_id(index)
        reason = self.engine.notes.get(call, "")
        failed = self.engine.failures.get(call)
        if isinstance(answer, CellError):
            reason = (failed.reason if failed and failed.code == answer.code else "") or _origin(answer)
        elif isinstance(answer, list) and failed and any(isinstance(v, CellError) for row in answer for v in row):
            reason = failed.reason
        return CellReport(cell.sheet, cell.at, cell.formula, answer, reason)


def _origin(error: CellError) -> str:
    match error.code:
        case "#SPILL!":
            return SPILL.reason
        case "#NAME?":
            return "the formula names a function or a range that this book does not know"
        case _:
            return f"a cell that the formula reads, or a calculation in it, gives {error.code}"
