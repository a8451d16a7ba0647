"""The rules a workbook of this kind keeps, as small functions over an opened openpyxl workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

import addin.metrics  # noqa: F401  # declares the functions
from addin.registry import METRICS
from addin.template import theme
from addin.template.roi_roc import LINES, MONTHS, ROW

LONGEST_FORMULA = 250
DEEPEST_IF = 2
LEAST_CONTRAST = 4.5
LONGEST_NAME = 20
PLAIN_NUMBERS = {0.0, 1.0, 2.0, 12.0, 100.0}
"""What a model formula may hold: nothing, one, a square or half, months of a year, percent."""

VOLATILE = frozenset("NOW TODAY RAND RANDBETWEEN RANDARRAY OFFSET INDIRECT CELL INFO".split())
AFTER_2016 = frozenset(
    """FILTER UNIQUE SORT SORTBY SEQUENCE RANDARRAY LET LAMBDA XLOOKUP XMATCH TEXTJOIN CONCAT IFS SWITCH MAXIFS
    MINIFS TEXTSPLIT TEXTBEFORE TEXTAFTER VSTACK HSTACK TOCOL TOROW TAKE DROP EXPAND CHOOSECOLS CHOOSEROWS
    WRAPROWS WRAPCOLS BYROW BYCOL MAP REDUCE SCAN MAKEARRAY GROUPBY PIVOTBY ARRAYTOTEXT VALUETOTEXT""".split()
)
EXAMPLES = ("Functions", "Metrics")
"""The sheets that may call the add-in's functions."""
TESTS = ("Checks", "Functions")
"""The sheets whose formulas may hold any number: tests compare with one, examples are made of them."""
NAME = re.compile(r"(in|out|lst|chk)_\w+")
ERROR = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)")
ELSEWHERE = re.compile(r"\[\d+\]|\.xl\w+\]", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """A place that breaks a rule, and how."""

    place: str
    text: str


Rule: TypeAlias = Callable[[Workbook], Iterator[Finding]]


def broken(book: Workbook, rules: list[Rule]) -> list[tuple[str, Finding]]:
    """Every finding, with the name of the rule it breaks."""
    return [(rule.__name__, finding) for rule in rules for finding in rule(book)]


def cells(book: Workbook) -> Iterator[tuple[str, Cell]]:
    """Every cell that holds something, with its address."""
    for sheet in book.worksheets:
        for cell in chain.from_iterable(sheet.iter_rows()):
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


def no_merged_cells(book: Workbook) -> Iterator[Finding]:
    for sheet in book.worksheets:
        for area in sheet.merged_cells.ranges:
            yield Finding(f"{sheet.title}!{area}", "cells are merged; let the text overflow instead")


def no_links_to_other_books(book: Workbook) -> Iterator[Finding]:
    for place, _, formula in formulas(book):
        if ELSEWHERE.search(formula):
            yield Finding(place, "reads another workbook, which breaks on another computer")


def no_volatile_functions(book: Workbook) -> Iterator[Finding]:
    for place, _, formula in formulas(book):
        for name in functions_in(formula) & VOLATILE:
            yield Finding(place, f"{name} gives another answer each time")


def only_functions_of_2016(book: Workbook) -> Iterator[Finding]:
    for place, _, formula in formulas(book):
        for name in functions_in(formula) & AFTER_2016:
            yield Finding(place, f"{name} is not in Excel 2016")


def no_numbers_in_formulas(book: Workbook) -> Iterator[Finding]:
    for place, cell, formula in formulas(book):
        if cell.parent.title not in TESTS:
            for token in Tokenizer(formula).items:
                if token.subtype == "NUMBER" and float(token.value) not in PLAIN_NUMBERS:
                    yield Finding(place, f"{token.value} stands in the formula; make it an input")


def short_formulas(book: Workbook) -> Iterator[Finding]:
    for place, cell, formula in formulas(book):
        if len(formula) > LONGEST_FORMULA and cell.parent.title not in EXAMPLES:
            yield Finding(place, f"the formula has {len(formula)} characters, more than {LONGEST_FORMULA}")


def shallow_ifs(book: Workbook) -> Iterator[Finding]:
    for place, _, formula in formulas(book):
        if depth_of_ifs(formula) > DEEPEST_IF:
            yield Finding(place, f"more than {DEEPEST_IF} IF stand inside each other")


def one_formula_along_the_months(book: Workbook) -> Iterator[Finding]:
    sheet = book["ROI_ROC"]
    for line in LINES:
        first = sheet[f"{MONTHS[0]}{ROW[line]}"]
        for month in MONTHS[1:]:
            cell = sheet[f"{month}{ROW[line]}"]
            same = Translator(first.value, first.coordinate).translate_formula(cell.coordinate)
            if cell.value != same:
                yield Finding(f"ROI_ROC!{cell.coordinate}", f"is {cell.value}, the row's formula is {same}")


def inputs_look_like_inputs(book: Workbook) -> Iterator[Finding]:
    for sheet in book.worksheets:
        for cell in chain.from_iterable(sheet.iter_rows()):
            if is_input(cell) and cell.protection.locked:
                yield Finding(f"{sheet.title}!{cell.coordinate}", "looks like an input but is locked")
    for place, cell, _ in formulas(book):
        if not cell.protection.locked and not is_data(cell.parent):
            yield Finding(place, "is a formula but not locked")


def no_loose_numbers(book: Workbook) -> Iterator[Finding]:
    for place, cell in cells(book):
        number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
        exempt = is_data(cell.parent) or cell.parent.title in (*TESTS, *EXAMPLES)
        if number and not exempt and fill_of(cell) not in (theme.CREAM, theme.NAVY):
            yield Finding(place, "is a typed number outside an input cell")


def sheets_are_protected(book: Workbook) -> Iterator[Finding]:
    for sheet in book.worksheets:
        if not is_data(sheet) and not sheet.protection.sheet:
            yield Finding(sheet.title, "is not protected against typing over formulas")
        if sheet.protection.password:
            yield Finding(sheet.title, "is protected with a password")


def panes_are_frozen(book: Workbook) -> Iterator[Finding]:
    for sheet in book.worksheets:
        if not sheet.freeze_panes:
            yield Finding(sheet.title, "no panes are frozen")


def prints_well(book: Workbook) -> Iterator[Finding]:
    for sheet in book.worksheets:
        if sheet.page_setup.fitToWidth != 1 or not sheet.sheet_properties.pageSetUpPr.fitToPage:
            yield Finding(sheet.title, "does not fit one page in width")
        if not sheet.print_title_rows:
            yield Finding(sheet.title, "repeats no title rows on each page")
        if not is_data(sheet) and not sheet.print_area:
            yield Finding(sheet.title, "has no print area")


def charts_have_alt_text(book: Workbook) -> Iterator[Finding]:
    for sheet in book.worksheets:
        for number, chart in enumerate(sheet._charts, start=1):
            if not chart.anchor.graphicFrame.nvGraphicFramePr.cNvPr.descr:
                yield Finding(f"{sheet.title}, chart {number}", "has no text for those who cannot see it")


def text_can_be_read(book: Workbook) -> Iterator[Finding]:
    for place, cell in cells(book):
        ink, ground = colour(cell.font.color) or "#000000", fill_of(cell)
        if (ratio := contrast(ink, ground)) < LEAST_CONTRAST:
            yield Finding(place, f"{ink} on {ground} has a contrast of {ratio:.1f}, less than {LEAST_CONTRAST}")


def inputs_say_unit_and_source(book: Workbook) -> Iterator[Finding]:
    sheet = book["Inputs"]
    for row in {cell.row for cell in chain.from_iterable(sheet.iter_rows()) if is_input(cell)}:
        for column, what in (("C", "unit"), ("H", "source")):
            if not sheet[f"{column}{row}"].value:
                yield Finding(f"Inputs!{column}{row}", f"the {what} of an input is missing")


def inputs_are_validated(book: Workbook) -> Iterator[Finding]:
    for name in ("Inputs", "Lists"):
        rules = book[name].data_validations.dataValidation
        for cell in chain.from_iterable(book[name].iter_rows()):
            if is_input(cell) and not any(cell.coordinate in rule.sqref and rule.error for rule in rules):
                yield Finding(f"{name}!{cell.coordinate}", "takes anything: no validation with a message")


def names_are_sound(book: Workbook) -> Iterator[Finding]:
    for name, defined in book.defined_names.items():
        if not NAME.fullmatch(name):
            yield Finding(name, "does not begin with in_, out_, lst_ or chk_")
        for title, area in defined.destinations:
            if title not in book.sheetnames or "#REF!" in area:
                yield Finding(name, f"refers to nothing: {defined.attr_text}")
        if "#REF!" in defined.attr_text:
            yield Finding(name, "refers to a cell that is gone")


def names_exist(book: Workbook) -> Iterator[Finding]:
    for place, _, formula in formulas(book):
        for match in NAME.finditer(formula):
            if match.group() not in book.defined_names and not re.search(r"\w$", formula[: match.start()]):
                yield Finding(place, f"{match.group()} is not a name of this workbook")


def inputs_and_lists_are_used(book: Workbook) -> Iterator[Finding]:
    validations = (rule.formula1 or "" for sheet in book.worksheets for rule in sheet.data_validations.dataValidation)
    used = set(NAME_IN_TEXT.findall(" ".join(chain((formula for _, _, formula in formulas(book)), validations))))
    for name in book.defined_names:
        if not name.startswith("out_") and name not in used:
            yield Finding(name, "is not used by any formula or pick list")


NAME_IN_TEXT = re.compile(r"\b(?:in|out|lst|chk)_\w+")


def data_is_in_tables(book: Workbook) -> Iterator[Finding]:
    for sheet in filter(is_data, book.worksheets):
        if len(sheet.tables) != 1:
            yield Finding(sheet.title, f"has {len(sheet.tables)} tables, not one")


def tables_fill_down(book: Workbook) -> Iterator[Finding]:
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            first_column, header_row, *_ = range_boundaries(table.ref)
            for offset, column in enumerate(table.tableColumns):
                if formula_of(sheet.cell(header_row + 1, first_column + offset)) and not column.calculatedColumnFormula:
                    yield Finding(f"{table.name}[{column.name}]", "its formula does not fill into new rows")


def flag_on_every_sheet(book: Workbook) -> Iterator[Finding]:
    for sheet in book.worksheets:
        if not any("out_Status" in formula_of(cell) for cell in sheet[1]):
            yield Finding(sheet.title, "does not show the result of the checks in row 1")


def one_font(book: Workbook) -> Iterator[Finding]:
    for place, cell in cells(book):
        if cell.font.name != theme.FONT:
            yield Finding(place, f"is written in {cell.font.name}, not {theme.FONT}")


def nothing_is_hidden(book: Workbook) -> Iterator[Finding]:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            yield Finding(sheet.title, "is hidden")
        for key, dimension in chain(sheet.row_dimensions.items(), sheet.column_dimensions.items()):
            if dimension.hidden:
                yield Finding(f"{sheet.title}, {key}", "is hidden")


def add_in_functions_are_guarded(book: Workbook) -> Iterator[Finding]:
    for place, cell, formula in formulas(book):
        if called := functions_in(formula) & METRICS.keys():
            if cell.parent.title not in EXAMPLES:
                yield Finding(place, f"calls {', '.join(sorted(called))}: without the add-in the sheet breaks")
            if "IFERROR" not in functions_in(formula):
                yield Finding(place, "calls the add-in outside IFERROR")


def only_known_functions_are_called(book: Workbook) -> Iterator[Finding]:
    for place, _, formula in formulas(book):
        for name in functions_in(formula):
            if name not in BUILT_IN_FUNCTIONS and name not in METRICS:
                yield Finding(place, f"{name} is neither a native function nor one of the add-in's")


def titles_are_plain(book: Workbook) -> Iterator[Finding]:
    if not book.properties.title:
        yield Finding("document", "has no title")
    for sheet in book.worksheets:
        if " " in sheet.title or len(sheet.title) > LONGEST_NAME:
            yield Finding(sheet.title, f"a sheet's name has no spaces and at most {LONGEST_NAME} characters")


def sample_is_marked(book: Workbook) -> Iterator[Finding]:
    if not any("out_SampleRows" in formula for _, cell, formula in formulas(book) if cell.parent.title == "Start"):
        yield Finding("Start", "does not say when the rows are a sample")
