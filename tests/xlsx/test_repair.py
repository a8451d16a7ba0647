"""What LibreOffice loses when it saves a table comes back, as Excel wrote it."""

import re
import zipfile

import openpyxl
import pytest
from typer.testing import CliRunner

from addin.cli.main import app
from addin.files import template

FILL_DOWN = re.compile(rb"<calculatedColumnFormula>.*?</calculatedColumnFormula>")


@pytest.fixture
def lost(tmp_path):
    """The template without the formulas that fill new rows, as LibreOffice saves it."""
    path = tmp_path / "lost.xlsm"
    with zipfile.ZipFile(template()) as whole, zipfile.ZipFile(path, "w") as package:
        for name in whole.namelist():
            package.writestr(name, FILL_DOWN.sub(b"", whole.read(name)))
    return path


def fills(path):
    """The formula that fills each column of each table, as another library reads it."""
    workbook = openpyxl.load_workbook(path)
    return {
        (table.name, column.name): column.calculatedColumnFormula and column.calculatedColumnFormula.attr_text
        for sheet in workbook.worksheets for table in sheet.tables.values() for column in table.tableColumns
    }  # fmt: skip


def roc(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.mark.thorough
def test_repair_puts_the_formulas_back_that_fill_new_rows(lost):
    right = fills(template())
    said = roc("check", lost)
    assert "tblTransactions[Revenue]: its formula does not fill new rows; use roc repair" in " ".join(
        said.output.split()
    )
    count = sum(formula is not None for formula in right.values())
    assert f"{count} columns fill new rows again" in roc("repair", lost).output
    assert fills(lost) == right
    assert roc("check", lost).exit_code == 0
    assert "nothing was lost" in roc("repair", lost).output
