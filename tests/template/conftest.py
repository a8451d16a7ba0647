"""The template as bytes and opened, and engines that know nothing of the add-in to calculate it with."""

import subprocess
from io import BytesIO

import formulon
import openpyxl
import pytest

from addin.template.workbook import write_template

TYPES = {1: "number", 2: "boolean", 3: "text", 4: "error_code"}


@pytest.fixture(scope="session")
def template():
    return write_template()


@pytest.fixture
def opened(template):
    """The template opened afresh, to be changed as the test likes."""
    return openpyxl.load_workbook(BytesIO(template))


def saved(book):
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


class Calculated:
    """A book calculated by formulon, which has none of our functions."""

    def __init__(self, book):
        self.book = book
        self.engine = formulon.Workbook.load(saved(book))
        self.sheets = {self.engine.sheet_name(i): i for i in range(self.engine.sheet_count())}
        self.engine.recalc()
        for sheet in book.worksheets:  # it sees no dependency through a table: entering a formula calculates it
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f" and isinstance(cell.value, str):
                        self.engine.set_formula(self.sheets[sheet.title], cell.row - 1, cell.column - 1, cell.value)
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


@pytest.fixture(scope="session")
def calculate():
    return Calculated


@pytest.fixture(scope="session")
def convert(soffice, tmp_path_factory):
    """A book as LibreOffice calculates and saves it, opened with its values."""
    profile = tmp_path_factory.mktemp("profile")

    def by_libreoffice(book):
        folder = tmp_path_factory.mktemp("book")
        source = folder / "book.xlsx"
        source.write_bytes(saved(book))
        command = [
            soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to",
            "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        for _ in range(3):  # a fresh profile may need a second start
            subprocess.run(command, capture_output=True, timeout=180, check=False)
            if (folder / "out" / "book.xlsx").exists():
                break
        return openpyxl.load_workbook(folder / "out" / "book.xlsx", data_only=True)

    return by_libreoffice


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
def empty(opened):
    """The template with every typed cell of every table cleared."""
    for sheet in opened.worksheets:
        for table in sheet.tables.values():
            for row in sheet[table.ref][1:]:
                for cell in row:
                    if cell.data_type != "f":
                        cell.value = None
    return opened
