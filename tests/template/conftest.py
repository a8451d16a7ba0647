"""The template as bytes and opened, and three engines to calculate it with."""

import datetime as dt
import re
import subprocess
from io import BytesIO

import formulon
import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.defined_name import DefinedName

from addin.template.rules.book_reader import emptied, with_values
from addin.template.workbook import write_template
from addin.values import LAST_ROW
from addin.xlsx.calculation import calculate as calculate_whole
from addin.xlsx.package import Package

TYPES = {1: "number", 2: "boolean", 3: "text", 4: "error_code"}


@pytest.fixture(scope="session")
def template():
    return write_template()


@pytest.fixture(scope="session")
def built(project):
    """The template as it is shared, every value calculated; another test holds that it is what `roc build` writes."""
    return (project / "workbook_template.xlsm").read_bytes()


@pytest.fixture
def opened(built):
    """The template opened afresh, to be changed as the test likes."""
    return openpyxl.load_workbook(BytesIO(built))


def saved(book):
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


THIS_ROW = re.compile(r"(tbl\w+)\[\[#This Row\],\[(\w+)\]\]")
COLUMNS = re.compile(r"(tbl\w+)\[\[(\w+)\]:\[(\w+)\]\]")
COLUMN = re.compile(r"(tbl\w+)\[([\w ]+)\]")
SHEET_END, SHORT_END = f"${LAST_ROW}", "$5000"
"""formulon takes a second for each column that is counted down to the end of its sheet."""


def without_tables(book):
    """The same cells and names in a bare book, columns of tables as plain ranges: formulon sees no others change."""
    tables = {
        table.name: (sheet.title, range_boundaries(table.ref), [column.name for column in table.tableColumns])
        for sheet in book.worksheets
        for table in sheet.tables.values()
    }

    def column(table, name):
        sheet, (left, top, _, bottom), names = tables[table]
        return sheet, get_column_letter(left + names.index(name)), top + 1, bottom

    def whole(match):
        table, left, *right = match.groups()
        sheet, letter, first, last = column(table, left)
        _, end, _, _ = column(table, *right or [left])
        return f"{sheet}!${letter}${first}:${end}${last}"

    bare = openpyxl.Workbook()
    bare.remove(bare.active)
    for sheet in book.worksheets:
        copy = bare.create_sheet(sheet.title)
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            value = cell.value
            if isinstance(value, str) and cell.data_type == "f":
                value = THIS_ROW.sub(lambda m, row=cell.row: f"${column(*m.groups())[1]}{row}", value)
                value = COLUMN.sub(whole, COLUMNS.sub(whole, value))
                value = value.replace(SHEET_END, SHORT_END)
            copy[cell.coordinate].value = value
    for name, defined in book.defined_names.items():
        bare.defined_names[name] = DefinedName(name, attr_text=defined.attr_text)
    return bare


class Calculated:
    """A book calculated by formulon, which has none of our functions."""

    def __init__(self, book):
        self.book = book
        self.engine = formulon.Workbook.load(saved(without_tables(book)))
        self.sheets = {self.engine.sheet_name(i): i for i in range(self.engine.sheet_count())}
        self.engine.recalc()

    def __getitem__(self, name_or_cell):
        """The value of a name, or of Sheet!A1."""
        where = name_or_cell
        if "!" not in where:
            where = self.book.defined_names[name_or_cell].attr_text.replace("$", "")
        sheet, _, address = where.partition("!")
        return self.at(self.book[sheet][address])

    def at(self, cell):
        value = self.engine.get_value(self.sheets[cell.parent.title], cell.row - 1, cell.column - 1)
        kind = TYPES.get(int(value.kind))
        result = getattr(value, kind) if kind else None
        return f"error {result}" if kind == "error_code" else result


class Headless(Calculated):
    """A book calculated by the engine that `roc calc` uses, with our functions."""

    def __init__(self, book):
        self.book = book
        done = by_headless(saved(book))
        self.values = openpyxl.load_workbook(BytesIO(done), data_only=True)

    def at(self, cell):
        value = self.values[cell.parent.title][cell.coordinate].value
        return "" if value is None else value


class Shipped(Calculated):
    """A book with the values that are saved in it; days as numbers."""

    def __init__(self, data):
        self.book, self.values = (openpyxl.load_workbook(BytesIO(data), data_only=only) for only in (False, True))

    def at(self, cell):
        value = self.values[cell.parent.title][cell.coordinate].value
        return "" if value is None else to_excel(value) if isinstance(value, dt.date) else value


def by_headless(data):
    return calculate_whole(Package(data, "book.xlsm"), everything=True).data


@pytest.fixture(scope="session")
def recalculated():
    """A file with the values its formulas come to."""
    return lambda data: by_headless(saved(openpyxl.load_workbook(BytesIO(data))))


@pytest.fixture(scope="session")
def by_formulon():
    return Calculated


@pytest.fixture(scope="session")
def calculate():
    """Quicker than formulon, for the many variations of one book."""
    return Headless


@pytest.fixture(scope="session")
def as_shipped(built):
    """The template with the values that it is shared with, for reading only."""
    return Shipped(built)


@pytest.fixture(scope="session")
def in_libreoffice(built, by_libreoffice):
    """The template calculated by LibreOffice, for reading only."""
    return with_values(saved(openpyxl.load_workbook(BytesIO(built))), by_libreoffice)


@pytest.fixture(scope="session")
def by_libreoffice(soffice, tmp_path_factory):
    """A book as LibreOffice saves it, with the values that were not saved."""
    profile = tmp_path_factory.mktemp("profile")

    def convert(book):
        folder = tmp_path_factory.mktemp("book")
        source = folder / "book.xlsx"
        source.write_bytes(book)
        command = [
            soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to",
            "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        for _ in range(3):  # a fresh profile may need a second start
            subprocess.run(command, capture_output=True, timeout=180, check=False)
            if (folder / "out" / "book.xlsx").exists():
                break
        return (folder / "out" / "book.xlsx").read_bytes()

    return convert


@pytest.fixture
def set_input():
    """Type into the input of that name, or into its base scenario."""

    def change(book, name, value):
        sheet, _, address = book.defined_names[name].attr_text.replace("$", "").partition("!")
        cell = book[sheet][address]
        if cell.data_type == "f":
            cell = book[sheet][f"E{cell.row}"]
        cell.value = value

    return change


@pytest.fixture
def empty(built):
    """The template with every typed cell of every table cleared."""
    return openpyxl.load_workbook(BytesIO(emptied(built)))
