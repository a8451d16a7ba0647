"""Formulas filled down or across: their relative form, and what is recalculated where one of their inputs changed."""

import io
import random

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from addin.xlsx.addresses import area_of
from addin.xlsx.calculation import calculate
from addin.xlsx.cells import NewValue
from addin.xlsx.package import Package
from addin.xlsx.relative import relative, written

FILLED = [
    "=A1+B$2*$C3-$D$4", "=SUM(A:B)+SUM(1:3)+$A:$B+$1:5", '="A1 is "&A1&"x""B2"', "='My A1 Sheet'!A1+Q1!B2",
    "=LOG10(A1)+ATAN2(B1,C1)", "=tbl[@Price]*A1+tbl[[#This Row],[B2]]", "=AB_12+Q1.x+R2D2C3", "=1E5+A2*10%",
    "=SUM(aa10:AB20)", "=SUM($A$1:A9)", "='It''s A1'!B2", "=[1]Book!A1",
]  # fmt: skip


@pytest.mark.parametrize("formula", FILLED)
@pytest.mark.parametrize("to", ["E5", "H9", "E6", "F5"])
def test_a_filled_formula_reads_as_openpyxl_moves_it(formula, to):
    row, column = area_of(to)[:2]
    moved = Translator(formula, origin="E5").translate_formula(to)
    assert written(relative(formula, 5, 5), row, column).upper() == moved.upper()


def test_the_first_cell_of_a_range_to_a_computed_end_moves_too():
    assert written(relative("=SUM(A1:INDEX(A1:A9,3))", 5, 5), 7, 6) == "=SUM(B3:INDEX(B3:B11,3))"


def test_a_name_beyond_the_last_column_is_no_reference():
    assert written(relative("=XYZ12*2", 5, 5), 6, 5) == "=XYZ12*2"


def test_what_leads_out_of_the_sheet_is_an_error():
    assert written(relative("=A5+B$1", 5, 2), 1, 1) == "=#REF!+A$1"


def book(seed):
    """Columns of formulas filled down for a while, each over cells above and to the left, some fixed, some moving."""
    choose = random.Random(seed)
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in range(1, 31):
        for column in range(1, 4):
            sheet.cell(row, column, choose.randint(1, 9))
    for column in range(4, 12):
        row = 2
        while row < 30:
            ends = [f"{choose.choice(['', '$'])}{get_column_letter(choose.randint(1, column - 1))}"
                    f"{choose.choice(['', '$'])}{choose.randint(1, row)}" for _ in range(3)]  # fmt: skip
            formula = f'=IF(SUM({ends[0]}:{ends[1]})>{choose.randint(20, 90)},"",{ends[2]})'
            if choose.random() < 0.6:
                formula = f"=SUM({ends[0]}:{ends[1]})-{ends[2]}"
            last = min(30, row + choose.choice([0, 1, 6, 20]))
            for filled in range(row, last + 1):
                moved = Translator(formula, origin=f"A{row}").translate_formula(f"A{filled}")
                sheet.cell(filled, column, moved)
            row = last + 1
    stream = io.BytesIO()
    workbook.save(stream)
    return calculate(Package(stream.getvalue(), "book.xlsx"), everything=True).package


def shown(package):
    sheet = openpyxl.load_workbook(io.BytesIO(package.data), data_only=True).active
    return [[cell.value or 0 if cell.value != "" else "" for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("seed", range(6))
def test_only_what_depends_on_a_change_gives_the_same_as_everything(seed):
    before = book(seed)
    choose = random.Random(seed)
    row, column = choose.randint(1, 30), choose.randint(1, 3)
    old = next(iter(before.sheets))
    changed = before.replaced({
        before.sheets[old]: before.sheet(old).with_values({(row, column): NewValue(1000.0, keeps_formula=False)})
    })  # fmt: skip
    some = calculate(changed, changed={old: [(row, column, row, column)]}, ours=False)
    whole = calculate(changed, everything=True)
    assert shown(some.package) == shown(whole.package) != shown(before)
    assert not some.kept
