"""The rules a workbook of this kind keeps, as small functions over an opened openpyxl workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias, TypeVar
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.utils import FORMULAE

import addin.metrics  # noqa: F401  # declares the functions
from addin.registry import METRICS
from addin.template import theme
from addin.template.reading import (
    cells,
    cells_of,
    colour,
    contrast,
    depth_of_ifs,
    fill_of,
    formula_of,
    formulas,
    functions_in,
    is_data,
    is_input,
    sheet_of,
)
from addin.template.roi_roc import LINES, MONTHS, ROW

LONGEST_FORMULA = 250
DEEPEST_IF = 2
LEAST_CONTRAST = 4.5
LONGEST_NAME = 20
PLAIN_NUMBERS = {0.0, 1.0, 2.0, 12.0, 100.0}
"""What a model formula may hold: nothing, one, a square or half, months of a year, percent."""

VOLATILE = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "OFFSET", "INDIRECT", "CELL", "INFO"})
EXAMPLES = ("Functions", "Metrics")
"""The sheets that may call the add-in's functions."""
TESTS = ("Checks", "Functions")
"""The sheets whose formulas may hold any number: tests compare with one, examples are made of them."""
NAME = re.compile(r"\b(?:in|out|lst|chk)_\w+")
ELSEWHERE = re.compile(r"\[\d+\]|\.xl\w+\]", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """A place that breaks a rule, and how."""

    place: str
    text: str


Opened = TypeVar("Opened", Workbook, ZipFile)
Rule: TypeAlias = Callable[[Workbook], Iterator[Finding]]


def broken(book: Opened, rules: list[Callable[[Opened], Iterator[Finding]]]) -> list[tuple[str, Finding]]:
    """Every finding, with the name of the rule it breaks."""
    return [(rule.__name__, finding) for rule in rules for finding in rule(book)]


def no_merged_cells(book: Workbook) -> Iterator[Finding]:
    """No cells are merged."""
    for sheet in book.worksheets:
        for area in sheet.merged_cells.ranges:
            yield Finding(f"{sheet.title}!{area}", "cells are merged; let the text overflow instead")


def no_links_to_other_books(book: Workbook) -> Iterator[Finding]:
    """No formula reads another workbook."""
    for place, _, formula in formulas(book):
        if ELSEWHERE.search(formula):
            yield Finding(place, "reads another workbook, which breaks on another computer")


def no_volatile_functions(book: Workbook) -> Iterator[Finding]:
    """No function answers differently at each calculation."""
    for place, _, formula in formulas(book):
        for name in functions_in(formula) & VOLATILE:
            yield Finding(place, f"{name} gives another answer each time")


def only_functions_of_2016(book: Workbook) -> Iterator[Finding]:
    """Every function is in Excel 2016 or in the add-in."""
    for place, _, formula in formulas(book):
        for name in functions_in(formula) - FORMULAE - METRICS.keys():
            yield Finding(place, f"{name} is neither a function of Excel 2016 nor one of the add-in")


def no_numbers_in_formulas(book: Workbook) -> Iterator[Finding]:
    """What may change is an input, not a number inside a formula."""
    for place, cell, formula in formulas(book):
        if sheet_of(cell).title not in TESTS:
            for token in Tokenizer(formula).items:
                if token.subtype == "NUMBER" and float(token.value) not in PLAIN_NUMBERS:
                    yield Finding(place, f"{token.value} stands in the formula; make it an input")


def short_formulas(book: Workbook) -> Iterator[Finding]:
    """No formula is longer than a reader can follow."""
    for place, cell, formula in formulas(book):
        if len(formula) > LONGEST_FORMULA and sheet_of(cell).title not in EXAMPLES:
            yield Finding(place, f"the formula has {len(formula)} characters, more than {LONGEST_FORMULA}")


def shallow_ifs(book: Workbook) -> Iterator[Finding]:
    """No more than two IF stand inside each other."""
    for place, _, formula in formulas(book):
        if depth_of_ifs(formula) > DEEPEST_IF:
            yield Finding(place, f"more than {DEEPEST_IF} IF stand inside each other")


def one_formula_along_the_months(book: Workbook) -> Iterator[Finding]:
    """Each row of the timeline has one formula, copied along."""
    sheet = book["ROI_ROC"]
    for line in LINES:
        first = sheet[f"{MONTHS[0]}{ROW[line]}"]
        for month in MONTHS[1:]:
            cell = sheet[f"{month}{ROW[line]}"]
            same = Translator(first.value, first.coordinate).translate_formula(cell.coordinate)
            if cell.value != same:
                yield Finding(f"ROI_ROC!{cell.coordinate}", f"is {cell.value}, the row's formula is {same}")


def inputs_look_like_inputs(book: Workbook) -> Iterator[Finding]:
    """What looks like an input is unlocked, and formulas are locked."""
    for sheet in book.worksheets:
        for cell in cells_of(sheet):
            if is_input(cell) and cell.protection.locked:
                yield Finding(f"{sheet.title}!{cell.coordinate}", "looks like an input but is locked")
    for place, cell, _ in formulas(book):
        if not cell.protection.locked and not is_data(sheet_of(cell)):
            yield Finding(place, "is a formula but not locked")


def no_loose_numbers(book: Workbook) -> Iterator[Finding]:
    """A typed number stands in an input cell."""
    for place, cell in cells(book):
        number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
        exempt = is_data(sheet_of(cell)) or sheet_of(cell).title in (*TESTS, *EXAMPLES)
        if number and not exempt and fill_of(cell) not in (theme.CREAM, theme.NAVY):
            yield Finding(place, "is a typed number outside an input cell")


def sheets_are_protected(book: Workbook) -> Iterator[Finding]:
    """Sheets with formulas are protected, without a password."""
    for sheet in book.worksheets:
        if not is_data(sheet) and not sheet.protection.sheet:
            yield Finding(sheet.title, "is not protected against typing over formulas")
        if sheet.protection.password:
            yield Finding(sheet.title, "is protected with a password")


def panes_are_frozen(book: Workbook) -> Iterator[Finding]:
    """The head of every sheet stays in sight."""
    for sheet in book.worksheets:
        if not sheet.freeze_panes:
            yield Finding(sheet.title, "no panes are frozen")


def prints_well(book: Workbook) -> Iterator[Finding]:
    """Every sheet prints one page wide, with its head on each page."""
    for sheet in book.worksheets:
        set_up = sheet.sheet_properties.pageSetUpPr
        if sheet.page_setup.fitToWidth not in (None, 1) or not (set_up and set_up.fitToPage):
            yield Finding(sheet.title, "does not fit one page in width")
        if not sheet.print_title_rows:
            yield Finding(sheet.title, "repeats no title rows on each page")
        if not is_data(sheet) and not sheet.print_area:
            yield Finding(sheet.title, "has no print area")


def text_can_be_read(book: Workbook) -> Iterator[Finding]:
    """Text stands out from its ground: a contrast of 4.5, as WCAG asks."""
    for place, cell in cells(book):
        ink, ground = colour(cell.font.color) or "#000000", fill_of(cell)
        if (ratio := contrast(ink, ground)) < LEAST_CONTRAST:
            yield Finding(place, f"{ink} on {ground} has a contrast of {ratio:.1f}, less than {LEAST_CONTRAST}")


def inputs_say_unit_and_source(book: Workbook) -> Iterator[Finding]:
    """Every input has a unit and says where it comes from."""
    sheet = book["Inputs"]
    for row in {cell.row for cell in cells_of(sheet) if is_input(cell)}:
        for column, what in (("C", "unit"), ("H", "source")):
            if not sheet[f"{column}{row}"].value:
                yield Finding(f"Inputs!{column}{row}", f"the {what} of an input is missing")


def inputs_are_validated(book: Workbook) -> Iterator[Finding]:
    """Every input refuses what it cannot be, and says why."""
    for name in ("Inputs", "Lists"):
        rules = book[name].data_validations.dataValidation
        for cell in cells_of(book[name]):
            if is_input(cell) and not any(cell.coordinate in rule.sqref and rule.error for rule in rules):
                yield Finding(f"{name}!{cell.coordinate}", "takes anything: no validation with a message")


def names_are_sound(book: Workbook) -> Iterator[Finding]:
    """Names say what they are by their prefix, and refer to something."""
    for name, defined in book.defined_names.items():
        if not NAME.fullmatch(name):
            yield Finding(name, "does not begin with in_, out_, lst_ or chk_")
        if not all(title in book.sheetnames for title, _ in defined.destinations) or "#REF!" in defined.attr_text:
            yield Finding(name, f"refers to what is gone: {defined.attr_text}")


def names_exist(book: Workbook) -> Iterator[Finding]:
    """Formulas use only names there are."""
    for place, _, formula in formulas(book):
        for name in set(NAME.findall(formula)) - book.defined_names.keys():
            yield Finding(place, f"{name} is not a name of this workbook")


def inputs_and_lists_are_used(book: Workbook) -> Iterator[Finding]:
    """Every input and list is used; a result may wait for its reader."""
    validations = (rule.formula1 or "" for sheet in book.worksheets for rule in sheet.data_validations.dataValidation)
    used = set(NAME.findall(" ".join(chain((formula for _, _, formula in formulas(book)), validations))))
    for name in book.defined_names:
        if not name.startswith("out_") and name not in used:
            yield Finding(name, "is not used by any formula or pick list")


def data_is_in_tables(book: Workbook) -> Iterator[Finding]:
    """The rows of the user stand in one table a sheet."""
    for sheet in filter(is_data, book.worksheets):
        if len(sheet.tables) != 1:
            yield Finding(sheet.title, f"has {len(sheet.tables)} tables, not one")


def tables_fill_down(book: Workbook) -> Iterator[Finding]:
    """Calculated columns fill into new rows."""
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            first_row = sheet[table.ref][1]
            for cell, column in zip(first_row, table.tableColumns, strict=True):
                if formula_of(cell) and not column.calculatedColumnFormula:
                    yield Finding(f"{table.name}[{column.name}]", "its formula does not fill into new rows")


def flag_on_every_sheet(book: Workbook) -> Iterator[Finding]:
    """Every sheet shows the result of the checks in row 1."""
    for sheet in book.worksheets:
        if not any("out_Status" in formula_of(cell) for cell in cells_of(sheet) if cell.row == 1):
            yield Finding(sheet.title, "does not show the result of the checks in row 1")


def one_font(book: Workbook) -> Iterator[Finding]:
    """One font throughout."""
    for place, cell in cells(book):
        if cell.font.name != theme.FONT:
            yield Finding(place, f"is written in {cell.font.name}, not {theme.FONT}")


def nothing_is_hidden(book: Workbook) -> Iterator[Finding]:
    """No sheet, row or column is hidden."""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            yield Finding(sheet.title, "is hidden")
        for key, dimension in chain(sheet.row_dimensions.items(), sheet.column_dimensions.items()):
            if dimension.hidden:
                yield Finding(f"{sheet.title}, {key}", "is hidden")


def add_in_functions_are_guarded(book: Workbook) -> Iterator[Finding]:
    """The add-in's functions stand only on their two sheets, inside IFERROR."""
    for place, cell, formula in formulas(book):
        if called := functions_in(formula) & METRICS.keys():
            if sheet_of(cell).title not in EXAMPLES:
                yield Finding(place, f"calls {', '.join(sorted(called))}: without the add-in the sheet breaks")
            if "IFERROR" not in functions_in(formula):
                yield Finding(place, "calls the add-in outside IFERROR")


def titles_are_plain(book: Workbook) -> Iterator[Finding]:
    """The document has a title; names of sheets are short, without spaces."""
    if not book.properties.title:
        yield Finding("document", "has no title")
    for sheet in book.worksheets:
        if " " in sheet.title or len(sheet.title) > LONGEST_NAME:
            yield Finding(sheet.title, f"a sheet's name has no spaces and at most {LONGEST_NAME} characters")


def sample_is_marked(book: Workbook) -> Iterator[Finding]:
    """Start says when rows are a sample."""
    if not any("out_SampleRows" in formula for _, cell, formula in formulas(book) if sheet_of(cell).title == "Start"):
        yield Finding("Start", "does not say when the rows are a sample")


def charts_have_alt_text(package: ZipFile) -> Iterator[Finding]:
    """Every chart is described for those who cannot see it."""
    for part in package.namelist():
        if part.startswith("xl/drawings/drawing"):
            for shape in re.findall(r"<xdr:cNvPr [^>]*>", package.read(part).decode()):
                if 'descr="' not in shape:
                    yield Finding(part, f"a drawing has no description: {shape}")


def checks_are_passed(values: Workbook) -> Iterator[Finding]:
    """The overall flag says OK."""
    for title, area in values.defined_names["chk_All"].destinations:
        if (flag := values[title][area.replace("$", "")].value) != "OK":
            yield Finding(f"{title}!{area}", f"is {flag}, not OK")


def no_error_values(values: Workbook) -> Iterator[Finding]:
    """No cell outside Checks shows an error value."""
    for place, cell in cells(values):
        if cell.data_type == "e" and sheet_of(cell).title != "Checks":
            yield Finding(place, f"shows {cell.value}")


RULES: list[Rule] = [
    no_merged_cells,
    no_links_to_other_books,
    no_volatile_functions,
    only_functions_of_2016,
    no_numbers_in_formulas,
    short_formulas,
    shallow_ifs,
    one_formula_along_the_months,
    inputs_look_like_inputs,
    no_loose_numbers,
    sheets_are_protected,
    panes_are_frozen,
    prints_well,
    text_can_be_read,
    inputs_say_unit_and_source,
    inputs_are_validated,
    names_are_sound,
    names_exist,
    inputs_and_lists_are_used,
    data_is_in_tables,
    tables_fill_down,
    flag_on_every_sheet,
    one_font,
    nothing_is_hidden,
    add_in_functions_are_guarded,
    titles_are_plain,
    sample_is_marked,
]
"""Rules of a book opened with its formulas."""

PACKAGE_RULES: list[Callable[[ZipFile], Iterator[Finding]]] = [charts_have_alt_text]
"""Rules of the file itself, where openpyxl does not look."""

VALUE_RULES: list[Rule] = [checks_are_passed, no_error_values]
"""Rules of a book opened with its saved values (data_only)."""
