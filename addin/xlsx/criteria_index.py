"""SUMIFS and its kin, filled down over fixed columns: these are indexed once, instead of searched for each cell.

Looked up are the criteria that an equal cell meets and no other, whatever program reads them: texts that begin with a
letter and hold no wildcard, whole numbers, days. All others are left to the engine.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import repeat, zip_longest
from types import NoneType

import formualizer as fz

from addin.values import serial
from addin.xlsx.addresses import of_sheet
from addin.xlsx.relative import relative, written

FILLED = 100
"""From so many cells one beneath the other on, an index is worth its while."""
TALL = 500
"""Columns of fewer rows are searched as fast as they are looked up."""

_INDEX, _SUM, _AVERAGE = "CRITERIA_INDEX", "INDEXED_SUM", "INDEXED_AVERAGE"
"""Our functions in the engine: one indexes columns, the others look up what the rows that meet criteria come to."""
_SHEET = "?"
"""The engine's sheet for the indexes, whose name no sheet of a book can have."""
_UNSURE, _NOTHING = ({"type": "Error", "kind": kind} for kind in ("Na", "Div"))

_PLAIN = re.compile(r"(?!(?:true|false|inf|infinity|nan)$)[a-z](?:[^*?~\"]*[^*?~\"\s])?")
_CALL = re.compile(r"""("[^"]*")|(?<![\w.])((?:SUM|COUNT|AVERAGE)IFS?)\(((?:"[^"]*"|'[^']*'|[^()"'])*)\)""")
_NAMES = re.compile("(?:SUM|COUNT|AVERAGE)IF")
_ARGUMENT = re.compile(r"""(?:"[^"]*"|'[^']*'|[^,"'])+""")
_ON_SHEET = r"((?:'(?:[^']|'')+'|[\w.]+)!)?"
_COLUMN = re.compile(_ON_SHEET + r"\$?([A-Z]{1,3})(?:\$([0-9]{1,7}):\$?([A-Z]{1,3})\$([0-9]{1,7})|:\$?([A-Z]{1,3}))")
_CRITERION = re.compile(_ON_SHEET + r"\$?[A-Z]{1,3}\$?[0-9]{1,7}|\"[^\"]*\"")

_Key = str | float | None
_Found = tuple[float, int]
"""A sum, and of how many numbers."""


class CriteriaIndex:
    """What the rows of some columns come to, by what the columns hold there; without `summed`, each counts as 1."""

    def __init__(self, summed: Sequence[object] | None, columns: Sequence[Sequence[object]]) -> None:
        self._answers = [_answers(column) for column in columns]
        height = min(map(len, columns))
        values = repeat(1.0, height) if summed is None else summed[:height]
        groups: defaultdict[tuple[_Key, ...], list[object]] = defaultdict(list)
        keys = zip(*([_key(cell) for cell in column[:height]] for column in columns), strict=True)
        for key, value in zip_longest(keys, values):
            groups[key].append(value)
        self._groups = {key: _summed(numbers) for key, numbers in groups.items()}

    def found(self, criteria: Sequence[object]) -> _Found | None:
        """What the rows that meet all criteria come to; None where that is for the engine to say."""
        for criterion, answers in zip(criteria, self._answers, strict=True):
            if criterion.__class__ not in answers or not _only_equal(criterion):
                return None
        return self._groups.get(tuple([_key(criterion) for criterion in criteria]), (0.0, 0))


def _answers(column: Sequence[object]) -> set[type]:
    """The types of criteria of which equality says it all in a column."""
    types = set(map(type, column))
    if types <= {str, NoneType, date, datetime}:
        return {str, date, datetime}
    if types <= {str, NoneType, float}:
        no_numbers = all(map(_is_plain, {cell for cell in column if isinstance(cell, str)}))
        clear = all(cell.is_integer() or abs(cell - round(cell)) > 1e-6 for cell in column if isinstance(cell, float))
        return {str, float} if no_numbers and clear else {str}
    return {str}


def _is_plain(text: str) -> bool:
    """Whether a text has English letters only, and is no number, logical value or pattern."""
    small = text.lower()
    return small.isascii() and _PLAIN.fullmatch(small) is not None


def _only_equal(criterion: object) -> bool:
    if isinstance(criterion, str):
        return _is_plain(criterion)
    return not isinstance(criterion, float) or (criterion.is_integer() and criterion != 0)  # a blank is 0 too


def _key(cell: object) -> _Key:
    """What equal cells share."""
    match cell:
        case str():
            return cell.lower()
        case float():
            return cell
        case date():
            return serial(cell)
        case _:
            return None


def _summed(values: Sequence[object]) -> _Found | None:
    numbers = [value for value in values if value is not None]
    if not all(value.__class__ is float for value in numbers):
        return None
    try:
        return math.fsum(numbers), len(numbers)  # type: ignore[arg-type]
    except OverflowError:
        return None


class CriteriaIndexes:
    """The indexes of a book in the engine."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, ...], int] = {}
        self._indexes: dict[float, CriteriaIndex] = {}
        self.functions: dict[str, Callable[..., object]] = {
            _INDEX: self._indexed,
            _SUM: self._sum,
            _AVERAGE: self._average,
        }
        """What the engine has to know."""

    def looked_up(self, book: fz.Workbook, formulas: Iterable[str], sheet: str, row: int, column: int) -> Iterator[str]:
        """Formulas of cells of a book one beneath the other, from a place on, that look up what they can."""
        form = now = ""
        """The last formula in relative form, as it was and as it looks up."""
        for here, formula in enumerate(formulas, row):
            if not _NAMES.search(formula):
                yield formula
                continue
            if not form or written(form, here, column) != formula:
                form = relative(formula, here, column)
                now = relative(with_lookups(formula, sheet, partial(self._row, book)), here, column)
            yield written(now, here, column)

    def _row(self, book: fz.Workbook, columns: tuple[str, ...]) -> int:
        """The row of the index of a column to sum, empty where rows are counted, and of those to search."""
        if columns not in self._rows:
            if not self._rows:
                book.add_sheet(_SHEET)
            row = self._rows[columns] = len(self._rows) + 1
            arguments = ["TRUE" if columns[0] else "FALSE", *filter(None, columns)]
            book.set_formula(_SHEET, row, 1, f"={_INDEX}({row},{','.join(arguments)})")
        return self._rows[columns]

    def _indexed(self, row: float, sums: bool, *ranges: object) -> float:
        columns = [[cells[0] for cells in rows] if isinstance(rows, list) else [rows] for rows in ranges]
        self._indexes[row] = CriteriaIndex(columns.pop(0) if sums else None, columns)
        return row

    def _sum(self, row: object, *criteria: object) -> object:
        found = self._found(row, criteria)
        return _UNSURE if found is None else found[0]

    def _average(self, row: object, *criteria: object) -> object:
        found = self._found(row, criteria)
        return _UNSURE if found is None else found[0] / found[1] if found[1] else _NOTHING

    def _found(self, row: object, criteria: Sequence[object]) -> _Found | None:
        """What criteria come to by the index in a row, which may hold an error in its place."""
        return self._indexes[row].found(criteria) if isinstance(row, float) else None


def with_lookups(formula: str, sheet: str, index: Callable[[tuple[str, ...]], int]) -> str:
    """A formula of a sheet that looks up what its SUMIFS and the like come to, and calculates them where that fails.

    `index` gives the row of the index of a column to sum, empty where rows are counted, and of those to search.
    """

    def looked_up(call: re.Match[str]) -> str:
        text, name, inside = call.groups()
        columns, criteria = ((), ()) if text else _parts(name, inside)
        if len(columns) != len(criteria) + 1 or not _tall(columns) or not all(map(_CRITERION.fullmatch, criteria)):
            return call[0]
        row = index(tuple([column and (column if "!" in column else of_sheet(sheet, column)) for column in columns]))
        return f"IFNA({_AVERAGE if name[0] == 'A' else _SUM}('{_SHEET}'!$A${row},{','.join(criteria)}),{call[0]})"

    return _CALL.sub(looked_up, formula)


def _parts(name: str, inside: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The column to sum, empty where rows are counted, with those to search, and the criteria."""
    arguments = tuple([argument.strip() for argument in _ARGUMENT.findall(inside)])
    if name[0] == "C":
        return ("", *arguments[::2]), arguments[1::2]
    if name[-1] == "F":
        return (arguments[-1 if len(arguments) > 2 else 0], *arguments[:1]), arguments[1:2]
    return (*arguments[:1], *arguments[1::2]), arguments[2::2]


@lru_cache
def _tall(columns: tuple[str, ...]) -> bool:
    """Whether these are columns between the same rows, which are many and do not move with the formula."""
    rows = set()
    for match in [_COLUMN.fullmatch(column) for column in columns if column]:
        rows.add(match.group(3, 5) if match and match[2] == (match[4] or match[6]) else ("0", "0"))
    if len(rows) != 1:
        return False
    ((top, bottom),) = rows
    return top is None or int(bottom) - int(top) >= TALL
