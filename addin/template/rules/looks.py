"""Rules of how sheets look, print, and take input."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from openpyxl.xml.constants import SHEET_DRAWING_NS
from openpyxl.xml.functions import fromstring

from addin.template import theme
from addin.template.rules.book_reader import (
    Finding,
    Opened,
    cells,
    cells_of,
    colour,
    contrast,
    fill_of,
    formula_of,
    formulas,
    is_data,
    is_input,
    sheet_of,
)
from addin.template.rules.scope import EXAMPLES, LEGEND, TESTS

LEAST_CONTRAST = 4.5
LONGEST_NAME = 20


def no_merged_cells(opened: Opened) -> Iterator[Finding]:
    """No cells are merged."""
    for sheet in opened.book.worksheets:
        for area in sheet.merged_cells.ranges:
            yield Finding(f"{sheet.title}!{area}", "cells are merged; let the text overflow instead")


def inputs_look_like_inputs(opened: Opened) -> Iterator[Finding]:
    """What looks like an input is unlocked, and formulas are locked."""
    for sheet in opened.book.worksheets:
        for cell in cells_of(sheet):
            if is_input(cell) and cell.protection.locked:
                yield Finding(f"{sheet.title}!{cell.coordinate}", "looks like an input but is locked")
    for place, cell, _ in formulas(opened.book):
        if not cell.protection.locked and not is_data(sheet_of(cell)):
            yield Finding(place, "is a formula but not locked")


def no_loose_numbers(opened: Opened) -> Iterator[Finding]:
    """A typed number stands in an input cell."""
    for place, cell in cells(opened.book):
        number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
        exempt = is_data(sheet_of(cell)) or sheet_of(cell).title in (*TESTS, *EXAMPLES)
        if number and not exempt and fill_of(cell) not in (theme.CREAM, theme.NAVY):
            yield Finding(place, "is a typed number outside an input cell")


def sheets_are_protected(opened: Opened) -> Iterator[Finding]:
    """Sheets with formulas are protected, without a password."""
    for sheet in opened.book.worksheets:
        if not is_data(sheet) and not sheet.protection.sheet:
            yield Finding(sheet.title, "is not protected against typing over formulas")
        if sheet.protection.password:
            yield Finding(sheet.title, "is protected with a password")


def panes_are_frozen(opened: Opened) -> Iterator[Finding]:
    """The head of every sheet stays in sight."""
    for sheet in opened.book.worksheets:
        if not sheet.freeze_panes:
            yield Finding(sheet.title, "no panes are frozen")


def prints_well(opened: Opened) -> Iterator[Finding]:
    """Every sheet prints one page wide, with its head on each page."""
    for sheet in opened.book.worksheets:
        set_up = sheet.sheet_properties.pageSetUpPr
        if sheet.page_setup.fitToWidth not in (None, 1) or not (set_up and set_up.fitToPage):
            yield Finding(sheet.title, "does not fit one page in width")
        if not sheet.print_title_rows:
            yield Finding(sheet.title, "repeats no title rows on each page")
        if not is_data(sheet) and not sheet.print_area:
            yield Finding(sheet.title, "has no print area")


def charts_have_alt_text(opened: Opened) -> Iterator[Finding]:
    """Every chart is described for those who cannot see it."""
    for part in opened.package.namelist():
        if part.startswith("xl/drawings/drawing"):
            for shape in fromstring(opened.package.read(part)).iter(f"{{{SHEET_DRAWING_NS}}}cNvPr"):
                if not shape.get("descr"):
                    yield Finding(f"{part}, {shape.get('name')}", "has no description")


def text_can_be_read(opened: Opened) -> Iterator[Finding]:
    """Text stands out from its ground: a contrast of 4.5, as WCAG asks."""
    for place, cell in cells(opened.book):
        ink, ground = colour(cell.font.color) or "#000000", fill_of(cell)
        if (ratio := contrast(ink, ground)) < LEAST_CONTRAST:
            yield Finding(place, f"{ink} on {ground} has a contrast of {ratio:.1f}, less than {LEAST_CONTRAST}")


def inputs_say_unit_and_source(opened: Opened) -> Iterator[Finding]:
    """Every input has a unit and says where it comes from."""
    if "Inputs" not in opened.book.sheetnames:
        yield Finding("Inputs", "the sheet is missing")
        return
    sheet = opened.book["Inputs"]
    for row in sorted({cell.row for cell in cells_of(sheet) if is_input(cell)}):
        for column, what in (("C", "unit"), ("I", "source")):
            if not sheet[f"{column}{row}"].value:
                yield Finding(f"Inputs!{column}{row}", f"the {what} of an input is missing")


def inputs_are_validated(opened: Opened) -> Iterator[Finding]:
    """Every input refuses what it cannot be, and says why."""
    for sheet in opened.book.worksheets:
        rules = sheet.data_validations.dataValidation
        for cell in cells_of(sheet):
            refused = any(cell.coordinate in rule.sqref and rule.error for rule in rules)
            if is_input(cell) and not refused and sheet.title != LEGEND:
                yield Finding(f"{sheet.title}!{cell.coordinate}", "takes anything: no validation with a message")


def flag_on_every_sheet(opened: Opened) -> Iterator[Finding]:
    """Every sheet shows the result of the checks in column B of row 3, which any screen shows."""
    for sheet in opened.book.worksheets:
        if "out_Status" not in formula_of(sheet["B3"]):
            yield Finding(sheet.title, "does not show the result of the checks in B3")


def one_font(opened: Opened) -> Iterator[Finding]:
    """One font throughout."""
    for place, cell in cells(opened.book):
        if cell.font.name != theme.FONT:
            yield Finding(place, f"is written in {cell.font.name}, not {theme.FONT}")


def nothing_is_hidden(opened: Opened) -> Iterator[Finding]:
    """No sheet, row or column is hidden."""
    for sheet in opened.book.worksheets:
        if sheet.sheet_state != "visible":
            yield Finding(sheet.title, "is hidden")
        for key, dimension in chain(sheet.row_dimensions.items(), sheet.column_dimensions.items()):
            if dimension.hidden:
                yield Finding(f"{sheet.title}, {key}", "is hidden")


def titles_are_plain(opened: Opened) -> Iterator[Finding]:
    """The document has a title; names of sheets are short, without spaces."""
    if not opened.book.properties.title:
        yield Finding("document", "has no title")
    for sheet in opened.book.worksheets:
        if " " in sheet.title or len(sheet.title) > LONGEST_NAME:
            yield Finding(sheet.title, f"a sheet's name has no spaces and at most {LONGEST_NAME} characters")
