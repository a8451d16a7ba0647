"""A copy of the template to act on."""

import re
import shutil
import subprocess

import pytest
from openpyxl.worksheet.formula import ArrayFormula
from read_books import read_book

from addin.catalogue import catalogue
from addin.files import template
from addin.xlsx.file_book import FileBook


@pytest.fixture(scope="session")
def our_cells():
    """How many formulas of the template call our functions, as another library reads them."""
    workbook = read_book(template(), data_only=False)
    call = re.compile(rf"\b({'|'.join(catalogue())})\(")
    cells = (
        cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    )
    texts = (cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value for cell in cells)
    return sum(bool(call.search(text)) for text in texts)


@pytest.fixture
def path(tmp_path):
    return shutil.copy(template(), tmp_path / "book.xlsm")


@pytest.fixture
def book(path):
    """The template; questions are answered with yes, and noted."""
    asked = []
    opened = FileBook(path, ask=lambda question: asked.append(question.text) or True)
    opened.asked = asked
    return opened


@pytest.fixture
def file(tmp_path):
    """Writes a text as a file, without the line breaks around it."""

    def write(text, name="export.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.strip("\n").encode(encoding))
        return path

    return write


@pytest.fixture
def shown():
    """What a saved file shows, read by another library: by name, or by Sheet!A1."""

    def value(path, place):
        workbook = read_book(path)
        if "!" not in place:
            ((sheet, cell),) = workbook.defined_names[place].destinations
            place = f"{sheet}!{cell}"
        sheet, _, cell = place.partition("!")
        return workbook[sheet][cell.replace("$", "")].value

    return value


@pytest.fixture
def rows_of():
    """The rows of a table in a saved file, each as heading to value."""

    def rows(path, name, *, data_only=True):
        workbook = read_book(path, data_only=data_only)
        for sheet in workbook.worksheets:
            if name in sheet.tables:
                head, *body = sheet[sheet.tables[name].ref]
                return [dict(zip([c.value for c in head], [c.value for c in row], strict=True)) for row in body]
        raise KeyError(name)

    return rows


@pytest.fixture
def in_libreoffice(soffice, tmp_path):
    """A file as LibreOffice opens, calculates and saves it."""

    def converted(source):
        command = [
            soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(source),
        ]  # fmt: skip
        target = tmp_path / "out" / f"{source.stem}.xlsx"
        for _ in range(3):  # a fresh profile may need a second start
            subprocess.run(command, capture_output=True, timeout=180, check=False)
            if target.exists():
                return target
        raise AssertionError(f"LibreOffice could not open {source}")

    return converted
