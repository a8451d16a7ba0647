"""How tests write into books, look at their parts, and make small ones."""

import zipfile

import openpyxl
from openpyxl.worksheet.table import Table

from addin.actions.book import Change
from addin.xlsx.file_book import FileBook


def do(book, title="Test", **change):
    with book.action(title):
        book.write(Change(**change))


def parts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def own_book(path, *, total=False, beneath=None):
    """A book of another program: three columns, one calculated, and things around the table."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "My data"
    for row in (["note", "Name", "Price", "With tax"], ["left", "Ann", 10, "=C2*1.2"], ["of it", "Bo", 20, "=C3*1.2"]):
        sheet.append(row)
    sheet["F3"], sheet["B9"], sheet["H1"] = "right of it", beneath, "=SUM(mine[With tax])"
    table = Table(displayName="mine", ref="B1:D4" if total else "B1:D3", totalsRowCount=1 if total else None)
    table._initialise_columns()
    for column, name in zip(table.tableColumns, ("Name", "Price", "With tax"), strict=True):
        column.name = name
    sheet.add_table(table)
    workbook.save(path)
    return FileBook(path)
