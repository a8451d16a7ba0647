"""A workbook file as the stand-in for Excel holds it, read by openpyxl, and what stands in its tables."""

import re
from datetime import date, datetime, time

from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula
from read_books import read_book

from addin.errors import CellError
from addin.schema import schemas
from addin.schema.formulas import in_row
from addin.xlsx.file_book import FileBook

NOTE = "roc "


def filled(path):
    """The stand-in's workbook."""
    formulas, values = read_book(path, data_only=False), read_book(path)
    sheets = {}
    for sheet in formulas.worksheets:
        cells = {
            f"{cell.row},{cell.column}": _cell(cell, values[sheet.title].cell(cell.row, cell.column).value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        sheets[sheet.title] = {"cells": cells, "isProtected": sheet.protection.sheet}
    names = {name: f"={defined.attr_text}" for name, defined in formulas.defined_names.items()}
    notes = {each.name: each.value for each in formulas.custom_doc_props.props}
    return {"sheets": sheets, "tables": [*_areas(formulas)], "names": names, "notes": notes, "url": str(path)}


def _areas(book):
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            yield {"name": table.name, "sheet": sheet.title, "top": top, "left": left, "bottom": bottom, "right": right}


def _cell(cell, shown):
    formula = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value if cell.data_type == "f" else None
    found = {"value": _plain(shown), **({"formula": formula} if formula else {})}
    if isinstance(cell.value, ArrayFormula) and cell.value.ref != cell.coordinate:
        left, top, right, bottom = range_boundaries(cell.value.ref)
        found["area"] = [top, left, bottom - top + 1, right - left + 1]
    return found | ({"format": "@"} if cell.number_format == "@" else {})


def _plain(value):
    if isinstance(value, (datetime, date, time)):
        return float(to_excel(value))
    return value


def held_by(book):
    """What the stand-in's workbook holds: each table's columns, the cells with names, and the notes."""
    areas = {each["name"]: (each["sheet"], each["top"], each["left"], each["bottom"], each["right"])
             for each in book["tables"]}  # fmt: skip

    def cell(sheet, row, column):
        found = book["sheets"][sheet]["cells"].get(f"{row},{column}", {})
        return found.get("formula"), found.get("value")

    notes = {name.removeprefix(NOTE): text for name, text in book["notes"].items() if name.startswith(NOTE)}
    return _held(areas, {name: text.removeprefix("=") for name, text in book["names"].items()}, notes, cell)


def held_by_file(path):
    """The same of a file."""
    book = FileBook(path)
    package = book.package
    areas = {each.name: (each.sheet, each.top, each.left, each.bottom, each.right) for each in package.tables.values()}
    formulas = {sheet: {(each.row, each.column): each.formula for each in package.sheet(sheet).formula_cells(sheet)}
                for sheet in package.sheets}  # fmt: skip

    def cell(sheet, row, column):
        ((value,),) = package.sheet(sheet).values((row, column, row, column), package.texts)
        return formulas[sheet].get((row, column)), value

    names = {name: text for (_, name), text in package.names.items() if not name.startswith("_xlnm")}
    return _held(areas, names, book.notes(), cell)


def _held(areas, names, notes, cell):
    tables = {}
    for name, (sheet, top, left, bottom, right) in areas.items():
        for column in range(left, right + 1):
            _, heading = cell(sheet, top, column)
            tables[name, heading] = [_content(name, *cell(sheet, row, column)) for row in range(top + 1, bottom + 1)]
    places = {name.lower(): re.fullmatch(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+)", text) for name, text in names.items()}
    named = {
        name: _content("", *cell(found[1], int(found[3]), range_boundaries(f"{found[2]}1")[0]))
        for name, found in places.items() if found
    }  # fmt: skip
    ends = {name.lower(): text for name, text in names.items() if not places[name.lower()]}
    return {**tables, **named, **ends, **notes}


def _content(table, formula, value):
    if formula:
        return in_row(table, formula) if table in schemas() else formula
    if isinstance(value, CellError):
        return value.code
    return None if value == "" else float(value) if isinstance(value, (int, float)) and value is not True else value
