"""Excel as COM hands it over: patient where it is busy, and blocks of its cells, read and written in one call each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from openpyxl.utils import range_boundaries

from addin.actions.book import Value
from addin.errors import BookError, CellError
from addin.hosts.excel.udfs import COM_ERROR, ERRORS
from addin.values import LAST_ROW, column_letters

try:
    from pywintypes import com_error
except ImportError:  # not on Windows, where nothing comes from Excel
    com_error = OSError

ComError: type[Exception] = com_error
"""What a call that Excel refuses raises."""
BUSY = {-2147418111, -2147417846, -2146777998}
"""RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, and what Excel says while a cell is being edited."""
TRIES, PAUSE = 100, 0.1
TEXT, GENERAL = "@", "General"


def message_of(error: Exception) -> str:
    """What Excel says of a call that it refused."""
    excepinfo = getattr(error, "excepinfo", None)
    return str(excepinfo[2] or error) if excepinfo else str(error)


def _patiently(call: Callable[..., Any], *arguments: object) -> Any:
    for _ in range(TRIES):
        try:
            return call(*arguments)
        except ComError as error:
            excepinfo = getattr(error, "excepinfo", None)
            codes = {getattr(error, "hresult", None), excepinfo[5] if excepinfo else None}
            if not codes & BUSY:
                raise
            time.sleep(PAUSE)
    raise BookError(
        f"Excel has been busy for {TRIES * PAUSE:.0f} seconds; end what is being typed, close its windows, try again"
    )


class Patient:
    """A COM object; a call that Excel rejects because it is busy is tried again, for some seconds.

    Values come back as they are, objects as Patient ones.
    """

    def __init__(self, target: Any) -> None:
        object.__setattr__(self, "_target", target)

    def __getattr__(self, name: str) -> Any:
        return _wrapped(_patiently(getattr, self._target, name))

    def __setattr__(self, name: str, value: object) -> None:
        _patiently(setattr, self._target, name, value)

    def __call__(self, *arguments: object) -> Any:
        """Call it as a method."""
        bare = (each._target if isinstance(each, Patient) else each for each in arguments)
        return _wrapped(_patiently(self._target, *bare))

    def __iter__(self) -> Iterator[Any]:
        return map(_wrapped, list(self._target))


def _wrapped(answer: Any) -> Any:
    return answer if answer is None or isinstance(answer, (bool, int, float, str, tuple)) else Patient(answer)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with its =."""

    text: str


Content: TypeAlias = Value | Formula


@dataclass(frozen=True)
class Block:
    """An area of a sheet."""

    sheet: Any
    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def at(cls, sheet: Any, address: str) -> Block:
        """The area of an address such as $B$4 or B4:M9."""
        left, top, right, bottom = range_boundaries(address)
        return cls(sheet, int(top or 1), int(left or 1), int(bottom or LAST_ROW), int(right or left or 1))

    @property
    def address(self) -> str:
        """Its address as Range takes it."""
        first, last = f"{column_letters(self.left)}{self.top}", f"{column_letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    @property
    def cells(self) -> Any:
        """It as Excel's Range."""
        return self.sheet.Range(self.address)

    def rows(self, first: int, last: int) -> Block:
        """The part from one row of the sheet to another."""
        return Block(self.sheet, first, self.left, last, self.right)

    def column(self, index: int) -> Block:
        """One of its columns, from 0."""
        return Block(self.sheet, self.top, self.left + index, self.bottom, self.left + index)

    # --- reading

    def values(self) -> list[list[Value]]:
        """What its cells show, row by row."""
        return [[_incoming(raw) for raw in row] for row in _rows(self.cells.Value2)]

    def contents(self) -> list[list[Content]]:
        """What its cells hold: values, or formulas where there are some."""
        values = self.values()
        if self.cells.HasFormula is False:
            return [list(row) for row in values]
        formulas = _rows(self.cells.Formula)
        return [
            [Formula(text) if is_formula(text, value) else value for text, value in zip(texts, row, strict=True)]
            for texts, row in zip(formulas, values, strict=True)
        ]

    # --- writing

    def put(self, rows: Sequence[Sequence[Content]]) -> None:
        """Write values and formulas; text stays text, whatever it looks like.

        A cell formatted as text takes text as it is, and would take a number or a formula for text, so its format is
        set aside meanwhile; in all others an apostrophe marks text, which Excel does not show.
        """
        number_format = self.cells.NumberFormat
        if number_format is None:  # it differs among these cells
            self._put_in_halves(rows)
            return
        flat = [content for row in rows for content in row]
        if number_format == TEXT and all(map(_plain_text, flat)):
            self.cells.Value2 = tuple(tuple(content or None for content in row) for row in rows)
            return
        with self._not_as_text(number_format):
            sent = tuple(tuple(map(_sent, row)) for row in rows)
            if any(isinstance(content, Formula) for content in flat):
                self.cells.Formula = sent
            else:
                self.cells.Value2 = sent

    def _put_in_halves(self, rows: Sequence[Sequence[Content]]) -> None:
        if self.right > self.left:
            middle = (self.right - self.left + 1) // 2
            Block(self.sheet, self.top, self.left, self.bottom, self.left + middle - 1).put([r[:middle] for r in rows])
            Block(self.sheet, self.top, self.left + middle, self.bottom, self.right).put([r[middle:] for r in rows])
        else:
            middle = (self.bottom - self.top + 1) // 2
            self.rows(self.top, self.top + middle - 1).put(rows[:middle])
            self.rows(self.top + middle, self.bottom).put(rows[middle:])

    def fill(self, formula: str, *, array: bool = False) -> None:
        """Write one formula into all cells, as if into the first and filled; or as one array formula over them."""
        with self._not_as_text(self.cells.NumberFormat):
            if array:
                self.cells.FormulaArray = formula
            else:
                self.cells.Formula = formula

    @contextmanager
    def _not_as_text(self, number_format: str) -> Iterator[None]:
        if number_format != TEXT:
            yield
            return
        self.cells.NumberFormat = GENERAL
        try:
            yield
        finally:
            self.cells.NumberFormat = TEXT


def is_formula(text: object, value: object) -> bool:
    """Whether what Range.Formula gives is a formula: of text that begins with = it gives the text."""
    return isinstance(text, str) and text.startswith("=") and text != value


def _plain_text(content: Content) -> bool:
    """Whether a cell formatted as text takes it as it is; a text with an apostrophe in front is left to the mark."""
    return content is None or (isinstance(content, str) and not content.startswith("'"))


def _rows(raw: Any) -> tuple[tuple[Any, ...], ...]:
    return raw if isinstance(raw, tuple) else ((raw,),)


def _incoming(raw: Any) -> Value:
    if isinstance(raw, bool) or raw is None:
        return raw
    if isinstance(raw, int):  # Excel's numbers are floats
        code = ERRORS.get(raw - COM_ERROR)
        return CellError(code) if code else float(raw)
    return raw or None if isinstance(raw, str) else float(raw)


def _sent(content: Content) -> object:
    if isinstance(content, Formula):
        return content.text
    if isinstance(content, CellError):
        return content.code
    return f"'{content}" if isinstance(content, str) and content else None if content == "" else content
