"""formualizer with our functions in it: some formula cells put to it, the others pinned to values."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

import formualizer as fz

from addin.arguments import NO_CONVERTERS, TypeConverters
from addin.calling import call
from addin.catalogue import Metric, Result, catalogue
from addin.errors import BookError, CellError
from addin.values import Scalar, serial
from addin.xlsx.addresses import Area, area_of
from addin.xlsx.cells import FormulaCell
from addin.xlsx.package import LIMITS, TYPES, Package, relations_of

CODES = {
    "Div": "#DIV/0!", "Na": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "Spill": "#SPILL!", "Calc": "#CALC!",
}  # fmt: skip
KINDS = {code: kind for kind, code in CODES.items()}
CAPTURE = "CAPTURED_BLOCK"
"""Our function around a formula whose block of values the engine cannot lay out itself."""
NO_EXCEL_ERROR = {
    "Circ": "it is part of a circular reference",
    "NImpl": "the engine cannot calculate this construct",
    "Cancelled": "the calculation was cancelled",
    "Error": "the engine failed on it",
}


def _error(raw: dict[str, Any]) -> CellError:
    kind = raw.get("kind", "Value")
    return CellError(CODES.get(kind, "#VALUE!"), NO_EXCEL_ERROR.get(kind, ""))


def _time(raw: dt.time) -> float:
    return (raw.hour * 3600 + raw.minute * 60 + raw.second + raw.microsecond / 1e6) / 86400


FOREIGN: TypeConverters = {
    **NO_CONVERTERS,
    dict: _error,
    dt.date: serial,
    dt.datetime: serial,
    dt.time: _time,
    dt.timedelta: lambda span: span.total_seconds() / 86400,
}


class FormulaEngine:
    """A workbook in formualizer, in which each formula cell is live or pinned to a value."""

    def __init__(self, package: Package, cells: Sequence[FormulaCell], called: Callable[[], object]) -> None:
        self.name = package.name
        self.cells = cells
        self.called = called
        self.broken: BaseException | None = None
        """What ended a function of ours, which the engine would show as an error value: no memory, Ctrl-C."""
        self.failures: dict[int, CellError] = {}
        self.notes: dict[int, str] = {}
        """How a cell's ranges were read, where that was not plain."""
        self.blocks: dict[int, list[list[Scalar]]] = {}
        self.book = loaded(package)
        self.book.register_function(CAPTURE, self._captured, min_args=2, max_args=2)
        for metric in catalogue().values():
            self.book.register_function(metric.name, self._answer(metric), min_args=0)

    def _answer(self, metric: Metric) -> Callable[..., object]:
        def answer(cell: float, whole: float, *arguments: object) -> object:
            notes: list[str] = []
            try:
                result = call(metric, _paired(arguments, int(whole)), FOREIGN, notes.append)
            except BaseException as error:
                self.broken = error
                raise
            self.called()
            if notes:
                self.notes[int(cell)] = "; ".join(notes)
            failed = result if isinstance(result, CellError) else _first_error(result)
            if failed is not None:
                self.failures[int(cell)] = failed
            return _outgoing(result)

        return answer

    def put(self, index: int, formula: str) -> None:
        """Let a cell calculate a formula."""
        cell = self.cells[index]
        try:
            self.book.set_formula(cell.sheet, cell.row, cell.column, formula)
        except (ValueError, RuntimeError, fz.ParserError, fz.TokenizerError):
            self.pin(index, CellError("#NAME?"))

    def pin(self, index: int, value: Scalar | None) -> None:
        """Let a cell hold a value instead of its formula."""
        cell = self.cells[index]
        self.book.set_value(cell.sheet, cell.row, cell.column, _pinned(value))

    def capture(self, index: int, formula: str) -> None:
        """Let a cell calculate a formula and keep its block of values here, instead of spilling it."""
        self.put(index, f"={CAPTURE}({index},{formula[1:]})")

    def _captured(self, index: float, value: object) -> object:
        rows = value if isinstance(value, list) else [[value]]
        self.blocks[int(index)] = [[incoming(cell) for cell in row] for row in rows]
        return rows[0][0]

    def lay(self, index: int, area: Area, rows: list[list[Scalar]]) -> None:
        """Let an area hold a captured block, in place of the formula in its first cell."""
        values = [[_pinned(value) for value in row] for row in rows]
        self.book.set_values_batch(self.cells[index].sheet, area[0], area[1], values)

    def free(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell holds nothing."""
        return self.book.get_value(sheet, row, column) is None

    def evaluate(self) -> None:
        """Calculate what is live."""
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
        cell = self.cells[index]
        return self.at(cell.sheet, cell.row, cell.column)

    def at(self, sheet: str, row: int, column: int) -> Scalar:
        """What any cell of the book shows."""
        return incoming(self.book.get_value(sheet, row, column))

    def area(self, index: int) -> Area:
        """Where a cell's result lies: the cell itself, or the block it spills to."""
        cell = self.cells[index]
        quoted = "'" + cell.sheet.replace("'", "''") + "'"
        spill = self.book.inspect_cell(f"{quoted}!{cell.at}", include_values=False).cell.spill
        if spill is None or spill.extent is None:
            return cell.row, cell.column, cell.row, cell.column
        return area_of(spill.extent.rsplit("!", 1)[-1])


def loaded(package: Package) -> fz.Workbook:
    """The workbook in the engine, as the values it was saved with."""
    evaluation = fz.EvaluationConfig()
    evaluation.date_system = package.date_system
    configuration = fz.WorkbookConfig(eval_config=evaluation)
    try:
        book = fz.Workbook.from_bytes(_values_only(package), config=configuration, load_limits=LIMITS)
    except (OSError, ValueError, RuntimeError) as error:
        raise BookError(f"{package.name} cannot be read: {error}") from error
    book.set_temporal_egress("serial")
    return book


def _values_only(package: Package) -> bytes:
    """The parts that hold values, without the formulas."""
    sheets = {part: package.sheet(name).without_formulas() for name, part in package.sheets.items()}
    relations = package.relations(package.main_part).values()
    also = [part for kind, part in relations if kind in ("sharedStrings", "styles", "theme") and part in package.parts]
    wanted = [TYPES, "_rels/.rels", package.main_part, relations_of(package.main_part), *also, *sheets]
    return package.replaced(sheets).unpacked(dict.fromkeys(wanted))


def _paired(arguments: Sequence[object], whole: int) -> Sequence[object]:
    """The arguments with whole columns, marked by their bits in `whole`, cut below the last row one of them uses.

    The engine hands over each column as far as it goes itself.
    """
    columns = {i: a if isinstance(a, list) else [[a]] for i, a in enumerate(arguments) if whole >> i & 1}
    if len(columns) < 2:
        return arguments
    height = max(map(_last_used, columns.values()))
    return [_fitted(columns[i], height) if i in columns else a for i, a in enumerate(arguments)]


def _last_used(rows: list[list[object]]) -> int:
    blank = [None] * len(rows[0])
    return next((number for number in range(len(rows), 1, -1) if rows[number - 1] != blank), 1)


def _fitted(rows: list[list[object]], height: int) -> list[list[object]]:
    return rows[:height] + [[None] * len(rows[0])] * (height - len(rows))


def _first_error(result: Result) -> CellError | None:
    if not isinstance(result, list):
        return None
    return next((value for row in result for value in row if isinstance(value, CellError)), None)


def _outgoing(result: Result) -> object:
    if isinstance(result, list):
        return [[_outgoing(value) for value in row] for row in result]
    if isinstance(result, CellError):
        return {"type": "Error", "kind": KINDS.get(result.code, "Value")}
    return result


def _pinned(value: Scalar | None) -> object:
    if isinstance(value, CellError):
        return fz.LiteralValue.error(KINDS.get(value.code, "Value"), None)
    return value


def incoming(value: object) -> Scalar:
    """A value of the engine as a cell has it; blank is empty text."""
    if isinstance(value, dict):
        return _error(value)
    if value is None:
        return ""
    if isinstance(value, (bool, str)):
        return value
    assert isinstance(value, (int, float))  # dates come as serials
    return float(value) if math.isfinite(value) else CellError("#NUM!", "the result is not a finite number")
