"""Every function with every argument replaced in turn, in one book: LibreOffice gives what the headless host gives."""

import re

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from addin.catalogue import catalogue
from addin.errors import CellError
from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package

CELLS = [
    (10, "Ann", 46027, None),
    (9.5, "Bo", 46042, None),
    (None, "Ann", 46064.75, None),
    ("text", "Cy", "2026-02-14", None),
]
ONE_CELL = ["-1", "0", "0.5", "3", "46067", "1E+300", '"text"', '"2026-01-31"', '"linear"', '""', "A1", "B1", "C4"]
RANGES = ["{3}", "{0.2;0.5;9}", "{1,2}", "A1:A3", "A1:A4", "B1:B4", "C1:C3", "C1:C4", "D1:D4"]
PART = re.compile(r'\{[^}]*\}|"[^"]*"|[^,]+')


def variants():
    """The example of each function, with each argument replaced, and the next one added."""
    for name, metric in catalogue().items():
        given = PART.findall(metric.example.formula.removeprefix(f"={name}(").removesuffix(")"))
        replacements = ONE_CELL if metric.function.__annotations__["return"] == "str" else ONE_CELL + RANGES
        for index in range(min(len(given) + 1, len(metric.params))):
            for replacement in replacements:
                yield f"={name}({','.join([*given[:index], replacement, *given[index + 1 :]])})"


ZERO_OR_BLANK = {"=NPS(0)", "=NPS_CI(0)", "=REFERRAL_RATE(0)", "=PARETO_SHARE(0,0.4)", "=GINI(0)"}
"""LibreOffice hands over the same for a blank cell, so these answer #N/A."""
FORMULAS = [formula for formula in variants() if formula not in ZERO_OR_BLANK]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    made = openpyxl.Workbook()
    for row in CELLS:
        made.active.append(row)
    for row, formula in enumerate(FORMULAS, start=1):
        made.active[f"F{row}"] = ArrayFormula(f"F{row}", formula)
    path = tmp_path_factory.mktemp("arguments") / "book.xlsx"
    made.save(path)
    return path


@pytest.fixture(scope="module")
def here(office, book):
    document = office.open(book)
    cells = document.Sheets.getByIndex(0)
    yield [office.shown(cells.getCellByPosition(5, row)) for row in range(len(FORMULAS))]
    document.close(True)


@pytest.fixture(scope="module")
def there(book):
    done = calculate(Package(book.read_bytes(), book.name), everything=True)
    found = {cell.cell: cell.value for cell in done.cells}
    return [first(found[f"F{row}"]) for row in range(1, len(FORMULAS) + 1)]


def first(value):
    """What the first cell of an answer shows; LibreOffice has no type for TRUE."""
    corner = value[0][0] if isinstance(value, list) else value
    return corner.code if isinstance(corner, CellError) else float(corner) if isinstance(corner, bool) else corner


@pytest.mark.thorough
def test_every_argument_of_every_function(here, there):
    assert len(FORMULAS) > 1500
    assert {"#N/A", "#VALUE!", "#DIV/0!", "#NUM!"} <= set(there)
    different = [row for row in zip(FORMULAS, here, there, strict=True) if row[1] != row[2]]
    assert not different
