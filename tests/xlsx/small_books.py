"""Small books to calculate, and what they then show."""

import io

import openpyxl

from addin.xlsx.package import Package

SCORES = [10, 9, 8, None, 6, 10]


def package(fill) -> Package:
    """A workbook that openpyxl wrote; `fill` puts cells into its sheet S."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for row, score in enumerate(SCORES, 1):
        sheet.cell(row, 1).value = score
    fill(book, sheet)
    stream = io.BytesIO()
    book.save(stream)
    return Package(stream.getvalue(), "book.xlsx")


def formulas(**cells) -> Package:
    """A workbook with these formulas in its sheet S."""

    def fill(book, sheet):
        for place, formula in cells.items():
            sheet[place] = formula

    return package(fill)


def values(data: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    """The sheet S as openpyxl reads its cached values."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)["S"]


def edited(data: bytes, part: str, old: str, new: str) -> Package:
    """A workbook with one text of one part replaced."""
    book = Package(data, "book.xlsx")
    text = book.part(part).decode()
    assert old in text
    return Package(book.replaced({part: text.replace(old, new).encode()}).data, "book.xlsx")
