"""What the rules read of a workbook: formulas, functions, colours, saved values, parts of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from itertools import chain
from typing import TypeAlias
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.formula import Tokenizer
from openpyxl.styles.colors import Color
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from addin.template import theme


@dataclass(frozen=True)
class Finding:
    """A place that breaks a rule, and how."""

    place: str
    text: str


class Opened:
    """A workbook, opened once in each way that rules look at it."""

    def __init__(self, data: bytes, calculate: Callable[[bytes], bytes] | None = None) -> None:
        self.data, self.calculate = data, calculate

    @cached_property
    def package(self) -> ZipFile:
        """The parts of the file."""
        return ZipFile(BytesIO(self.data))

    @cached_property
    def book(self) -> Workbook:
        """The book with its formulas."""
        return load_workbook(BytesIO(self.data), keep_vba=False)

    @cached_property
    def values(self) -> Workbook:
        """The book with its saved values."""
        return load_workbook(BytesIO(self.data), data_only=True)

    @cached_property
    def emptied(self) -> Workbook | None:
        """The values when every typed cell of every table is blank, if there is a way to calculate them."""
        return with_values(emptied(self.data), self.calculate) if self.calculate else None


Rule: TypeAlias = Callable[[Opened], Iterator[Finding]]


def with_values(data: bytes, calculate: Callable[[bytes], bytes]) -> Workbook:
    """A book with the values its formulas come to."""
    return load_workbook(BytesIO(calculate(data)), data_only=True)


def emptied(data: bytes) -> bytes:
    """The same book without the rows of the user: calculated columns stay."""
    book = load_workbook(BytesIO(data))
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            for row in sheet[table.ref][1:]:
                for cell in row:
                    if cell.data_type != "f":
                        cell.value = None
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def value_of(values: Workbook, name: str) -> object:
    """The value of the cell that a name stands for, or None."""
    if name not in values.defined_names:
        return None
    title, area = next(values.defined_names[name].destinations)
    return values[title][area.replace("$", "")].value if title in values.sheetnames else None


def cells_of(sheet: Worksheet) -> Iterator[Cell]:
    """Every cell of a sheet's used area."""
    return (cell for cell in chain.from_iterable(sheet.iter_rows()) if isinstance(cell, Cell))


def sheet_of(cell: Cell) -> Worksheet:
    """The sheet a cell stands on."""
    assert isinstance(cell.parent, Worksheet)
    return cell.parent


def cells(book: Workbook) -> Iterator[tuple[str, Cell]]:
    """Every cell that holds something, with its address."""
    for sheet in book.worksheets:
        for cell in cells_of(sheet):
            if cell.value is not None:
                yield f"{sheet.title}!{cell.coordinate}", cell


def formula_of(cell: Cell) -> str:
    """The formula of a cell, or nothing."""
    if isinstance(cell.value, ArrayFormula):
        return str(cell.value.text)
    return str(cell.value) if cell.data_type == "f" else ""


def formulas(book: Workbook) -> Iterator[tuple[str, Cell, str]]:
    """Every formula, with its address and cell."""
    for place, cell in cells(book):
        if formula := formula_of(cell):
            yield place, cell, formula


@cache
def functions_in(formula: str) -> frozenset[str]:
    """The names of the functions a formula calls."""
    opening = (token.value for token in Tokenizer(formula).items if token.type == "FUNC" and token.subtype == "OPEN")
    return frozenset(name[:-1].upper().removeprefix("_XLFN.") for name in opening)


def depth_of_ifs(formula: str) -> int:
    """How many IF stand inside each other."""
    stack: list[bool] = []
    deepest = 0
    for token in Tokenizer(formula).items:
        if token.subtype == "OPEN":
            stack.append(token.value.upper() == "IF(")
            deepest = max(deepest, sum(stack))
        elif token.subtype == "CLOSE":
            stack.pop()
    return deepest


def is_data(sheet: Worksheet) -> bool:
    """Whether a sheet holds a table of the user's rows."""
    return str(sheet.title).startswith("d_")


def fill_of(cell: Cell) -> str:
    """The colour a cell is filled with; white where it has none."""
    return (colour(cell.fill.fgColor) if cell.fill.fill_type else "") or theme.WHITE


def is_input(cell: Cell) -> bool:
    """Whether a cell has the look of an input."""
    return fill_of(cell) == theme.CREAM


def colour(given: Color | None) -> str:
    """A colour as #RRGGBB, where it is given that way."""
    return f"#{given.rgb[-6:]}" if given is not None and given.type == "rgb" else ""


def luminance(rgb: str) -> float:
    """How bright a colour is, as WCAG 2 defines it."""
    channels = (int(rgb[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
