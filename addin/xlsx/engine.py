"""formualizer with our functions in it: some formula cells put to it, the others pinned to values."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import groupby
from threading import Thread
from typing import Any

import formualizer as fz

from addin.archive import LIMITS, TYPES
from addin.errors import BookError, CellError
from addin.function_names import FUNCTION_NAMES
from addin.values import LAST_COLUMN, LAST_ROW, LONGEST_TEXT, Scalar, too_long
from addin.xlsx.addresses import Area, area_of, of_sheet
from addin.xlsx.cells import FormulaCell
from addin.xlsx.criteria_index import FILLED, CriteriaIndexes
from addin.xlsx.package import Package, relations_of
from addin.xlsx.values_only import values_only

CODES = {
    "Div": "#DIV/0!", "Na": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "Spill": "#SPILL!", "Calc": "#CALC!",
}  # fmt: skip
_KINDS = {code: kind for kind, code in CODES.items()}
CAPTURE = "CAPTURED_BLOCK"
"""Our function around a formula whose block of values the engine cannot lay out itself."""
NO_EXCEL_ERROR = {
    "Circ": "it is part of a circular reference",
    "NImpl": "the engine cannot calculate this construct",
    "Cancelled": "the calculation was cancelled",
    "Error": "the engine failed on it",
}

_NOT_TAKEN = (ValueError, RuntimeError, fz.ParserError, fz.TokenizerError)
"""What the engine raises where it does not take a formula."""


def error_of(raw: dict[str, Any]) -> CellError:
    """An error value as the engine hands it over."""
    kind = raw.get("kind", "Value")
    return CellError(CODES.get(kind, "#VALUE!"), NO_EXCEL_ERROR.get(kind, ""))


def kind_of(error: CellError) -> str:
    """What the engine calls an error value."""
    return _KINDS.get(error.code, "Value")


class FormulaEngine:
    """A workbook in formualizer, in which each formula cell is live or pinned to a value."""

    def __init__(self, package: Package, cells: Sequence[FormulaCell], called: Callable[[], object]) -> None:
        self.name = package.name
        self.cells = cells
        self.called = called
        self.broken: BaseException | None = None
        """What ended a function of ours, which the engine would show as an error value: no memory, Ctrl-C."""
        self.failures: dict[int, CellError] = {}
        """Why calls failed, by their cell's id."""
        self.notes: dict[int, str] = {}
        """How a cell's ranges were read, where that was not plain, by its id."""
        self.blocks: dict[int, list[list[Scalar]]] = {}
        self._set: set[int] = set()
        """The cells in which a value was set."""
        self._values: dict[int, Scalar] = {}
        """What cells show, as far as it was asked since the book last changed."""
        self._formula_cells = {(cell.sheet, cell.row, cell.column) for cell in cells}
        self.book = loaded(package)
        here = weakref.proxy(self)  # a book that reached itself through what is registered in it would stay for good
        self._register(CAPTURE, lambda *call: here._captured(*call))
        for name in FUNCTION_NAMES:
            self._register(name, partial(lambda *call: here._answer(*call), name))
        self._indexes = CriteriaIndexes()
        for name, function in self._indexes.functions.items():
            self._register(name, function)

    def _register(self, name: str, function: Callable[..., object]) -> None:
        here = weakref.proxy(self)

        def called(*arguments: object) -> object:
            if here.broken:  # of what ended the first call, others after it would only see the ruins
                raise here.broken
            try:
                return function(*arguments)
            except BaseException as error:
                here.broken = error
                raise

        self.book.register_function(name, called, min_args=0)

    def _answer(self, name: str, cell: float, whole: float, *arguments: object) -> object:
        from addin.xlsx.engine_calls import answered  # with numpy, which most actions need not wait for

        notes: list[str] = []
        outgoing, failed = answered(name, arguments, int(whole), notes.append)
        self.called()
        if notes:
            self.notes[int(cell)] = "; ".join(notes)
        if failed is not None:
            self.failures[int(cell)] = failed
        return outgoing

    @staticmethod
    def warm_up() -> None:
        """Load our functions, with numpy, while the engine calculates, which leaves Python and a core to others."""
        with suppress(RuntimeError):  # there is no memory for a thread; then they are loaded when they are called
            Thread(target=_load, daemon=True).start()

    def put(self, formulas: Mapping[int, str]) -> None:
        """Let cells calculate formulas.

        The engine takes a column of them at once much faster; but where a value was set it would go on to show that.
        """
        if formulas:
            self._values.clear()
        for i in formulas.keys() & self._set:
            self._put_one(i, formulas[i])
        for sheet, row, column, run in self._runs(formulas.keys() - self._set):
            texts = [formulas[i] for i in run]
            if len(texts) >= FILLED:
                texts = list(self._indexes.looked_up(self.book, texts, sheet, row, column))
            try:
                self.book.set_formulas_batch(sheet, row, column, [[text] for text in texts])
            except _NOT_TAKEN:
                for i in run:
                    self._put_one(i, formulas[i])

    def _put_one(self, index: int, formula: str) -> None:
        cell = self.cells[index]
        try:
            self.book.set_formula(cell.sheet, cell.row, cell.column, formula)
        except _NOT_TAKEN:
            self.pin({index: CellError("#NAME?")})

    def pin(self, values: Mapping[int, Scalar | None]) -> None:
        """Let cells hold values instead of their formulas."""
        if values:
            self._values.clear()
        self._set.update(values)
        for sheet, row, column, run in self._runs(values):
            self.book.set_values_batch(sheet, row, column, [[_pinned(values[i])] for i in run])
        self._formula_cells.difference_update(self.cells[i].place for i, value in values.items() if value is None)

    def _runs(self, indexes: Iterable[int]) -> Iterator[tuple[str, int, int, list[int]]]:
        """Cells one beneath the other, with the place of the first."""

        def place(index: int) -> tuple[str, int, int]:
            cell = self.cells[index]
            return cell.sheet, cell.column, cell.row

        def column(numbered: tuple[int, int]) -> tuple[str, int, int]:
            sheet, column, row = place(numbered[1])
            return sheet, column, row - numbered[0]

        for _, group in groupby(enumerate(sorted(indexes, key=place)), column):
            run = [i for _, i in group]
            first = self.cells[run[0]]
            yield first.sheet, first.row, first.column, run

    def capture(self, index: int, formula: str) -> None:
        """Let a cell calculate a formula and keep its block of values here, instead of spilling it."""
        self._values.clear()
        self._put_one(index, f"={CAPTURE}({index},{formula[1:]})")

    def _captured(self, index: float, value: object) -> object:
        rows = value if isinstance(value, list) else [[value]]
        self.blocks[int(index)] = [[incoming(cell) for cell in row] for row in rows]
        return rows[0][0]

    def lay(self, index: int, area: Area, rows: list[list[Scalar]]) -> None:
        """Let an area hold a captured block, in place of the formula in its first cell."""
        self._values.clear()
        self._set.add(index)
        values = [[_pinned(value) for value in row] for row in rows]
        self.book.set_values_batch(self.cells[index].sheet, area[0], area[1], values)

    def free(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell holds nothing."""
        return self.book.get_value(sheet, row, column) is None

    def evaluate(self) -> None:
        """Calculate what is live."""
        self._values.clear()
        try:
            self.book.evaluate_all()
        except (ValueError, RuntimeError, fz.ExcelEvaluationError) as error:
            if "Alloc" in str(error):
                raise MemoryError from error
            raise BookError(
                f"{self.name} has a formula that stops the calculation ({error}); nothing was changed, "
                "calculate it in Excel or LibreOffice"
            ) from error
        if self.broken:
            raise self.broken

    def value(self, index: int) -> Scalar:
        """What a cell shows."""
        if index not in self._values:
            cell = self.cells[index]
            self._values[index] = self.at(cell.sheet, cell.row, cell.column)
        return self._values[index]

    def at(self, sheet: str, row: int, column: int) -> Scalar:
        """What any cell of the book shows."""
        return incoming(self.book.get_value(sheet, row, column))

    def area(self, index: int) -> Area:
        """Where a cell's result lies: the cell itself, or the block it spills to."""
        cell = self.cells[index]
        if self._may_lie(cell.sheet, cell.row + 1, cell.column) or self._may_lie(cell.sheet, cell.row, cell.column + 1):
            spill = self.book.inspect_cell(of_sheet(cell.sheet, cell.at), include_values=False).cell.spill
            if spill is not None and spill.extent is not None:
                return area_of(spill.extent.rsplit("!", 1)[-1])
        return cell.row, cell.column, cell.row, cell.column

    def spills(self, index: int) -> bool:
        """Whether a cell's result lies over others too."""
        area = self.area(index)
        return area[:2] != area[2:]

    def _may_lie(self, sheet: str, row: int, column: int) -> bool:
        """Whether a block may lie over a cell: there is something, and no formula or pinned value of its own."""
        if row > LAST_ROW or column > LAST_COLUMN or (sheet, row, column) in self._formula_cells:
            return False
        return self.book.get_value(sheet, row, column) is not None


def _load() -> None:
    with suppress(Exception):  # is raised again where the module is needed
        import_module("addin.xlsx.engine_calls").ready()


def loaded(package: Package) -> fz.Workbook:
    """The workbook in the engine, as the values it was saved with."""
    evaluation = fz.EvaluationConfig()
    evaluation.date_system = package.date_system
    evaluation.enable_parallel = False  # its threads would outlive the book, and took as long on two cores
    configuration = fz.WorkbookConfig(eval_config=evaluation, enable_changelog=False)  # nothing is undone here
    values = _values_only(package)
    package.let_go_of_rows()
    try:
        book = fz.Workbook.from_bytes(values, config=configuration, load_limits=LIMITS)
    except (OSError, ValueError, RuntimeError) as error:
        raise BookError(f"{package.name} cannot be read: {error}") from error
    book.set_temporal_egress("serial")
    return book


def _values_only(package: Package) -> bytes:
    """The parts that hold values, without the formulas."""
    sheets = {part: values_only(package.sheet(name)) for name, part in package.sheets.items()}
    relations = package.relations(package.main_part).values()
    also = [part for kind, part in relations if kind in ("sharedStrings", "styles", "theme") and part in package.parts]
    wanted = [TYPES, "_rels/.rels", package.main_part, relations_of(package.main_part), *also, *sheets]
    return package.replaced(sheets).unpacked(dict.fromkeys(wanted))


def _pinned(value: Scalar | None) -> object:
    if isinstance(value, CellError):
        return fz.LiteralValue.error(kind_of(value), None)
    return value


def incoming(value: object) -> Scalar:
    """A value of the engine as a cell has it; blank is empty text."""
    if type(value) is float and math.isfinite(value):
        return value
    if isinstance(value, dict):
        return error_of(value)
    if value is None:
        return ""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return CellError("#VALUE!", f"the text has {too_long(len(value))}")
    if isinstance(value, (bool, str)):
        return value
    assert isinstance(value, (int, float))  # dates come as serials
    return float(value) if math.isfinite(value) else CellError("#NUM!", "the result is not a finite number")
