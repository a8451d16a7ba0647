"""Formulas filled down or across: their relative form, and what is recalculated where one of their inputs changed."""

import io
import random

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from addin.xlsx import calculation
from addin.xlsx.addresses import area_of
from addin.xlsx.calculation import calculate
from addin.xlsx.cells import NewValue
from addin.xlsx.engine import FormulaEngine
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
@pytest.mark.parametrize("few", [0, 5, 500])
def test_only_what_depends_on_a_change_gives_the_same_as_everything(seed, few, monkeypatch):
    """Step by step, at once from where few are left, and at once from the start."""
    monkeypatch.setattr(calculation, "FEW", few)
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


def test_running_sums_are_not_a_step_each(monkeypatch):
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["B1"] = 1, "=A1"
    for row in range(2, 61):
        workbook.active[f"B{row}"] = f"=B{row - 1}+1"
    stream = io.BytesIO()
    workbook.save(stream)
    before = calculate(Package(stream.getvalue(), "book.xlsx"), everything=True).package
    steps, evaluate = [], FormulaEngine.evaluate
    monkeypatch.setattr(FormulaEngine, "evaluate", lambda engine: (steps.append(1), evaluate(engine)))
    after = changed_cell(before, next(iter(before.sheets)), 1, 1, 100.0)
    assert shown(after)[59][1] == 159
    assert len(steps) < 6


def changed_cell(before, sheet, row, column, value):
    """The book with another number in a cell, and what depends on it calculated."""
    values = {(row, column): NewValue(value, keeps_formula=False)}
    changed = before.replaced({before.sheets[sheet]: before.sheet(sheet).with_values(values)})
    return calculate(changed, changed={sheet: [(row, column, row, column)]}, ours=False).package


def test_a_range_to_a_computed_end_is_read_for_each_cell_of_a_filled_column():
    """Near the top A1:A9 holds the range that the formula spans; further down it does not."""
    workbook = openpyxl.Workbook()
    for row in range(1, 31):
        workbook.active.append([row, f"=SUM(A{row}:INDEX(A$1:A$9,3))"])
    stream = io.BytesIO()
    workbook.save(stream)
    before = calculate(Package(stream.getvalue(), "book.xlsx"), everything=True).package
    after = changed_cell(before, "Sheet", 15, 1, 1000.0)
    assert [row[1] for row in shown(before)][19] == sum(range(3, 21))
    assert [row[1] for row in shown(after)][19] == sum(range(3, 21)) - 15 + 1000
    assert [row[1] for row in shown(after)][:13] == [row[1] for row in shown(before)][:13]


def test_each_table_reads_its_own_column_where_two_have_one_of_the_same_name():
    workbook = openpyxl.Workbook()
    for title, units in (("First", [1, 2]), ("Second", [10, 20])):
        sheet = workbook.create_sheet(title)
        for row in (["Units", "All"], [units[0], "=SUM([Units])"], [units[1], "=SUM([Units])"]):
            sheet.append(row)
        sheet.add_table(openpyxl.worksheet.table.Table(displayName=f"tbl{title}", ref="A1:B3"))
    stream = io.BytesIO()
    workbook.save(stream)
    before = calculate(Package(stream.getvalue(), "book.xlsx"), everything=True).package
    after = changed_cell(before, "Second", 3, 1, 200.0)
    found = openpyxl.load_workbook(io.BytesIO(after.data), data_only=True)
    assert [found[title][f"B{row}"].value for title in ("First", "Second") for row in (2, 3)] == [3, 3, 210, 210]


@pytest.mark.parametrize(
    ("value", "shows"), [(2.0, [5, 10, "low", 45]), (6.0, [6, 12, "high", 54]), (9.0, [9, 18, "high", 81])]
)
def test_what_changes_is_followed_from_cell_to_cell(value, shows):
    """B1 stays at 5 until A1 is more; only B1 tells the array formula of a change."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([1, "=MAX(A1,5)", "=B1*2", '=IF(C1>10,"high","low")'])
    for number in (2, 3, 4):
        sheet.append([number])
    sheet["E1"] = openpyxl.worksheet.formula.ArrayFormula("E1:E3", "=A2:A4*B1")
    sheet["F1"] = "=SUM(E1:E3)"
    stream = io.BytesIO()
    workbook.save(stream)
    before = calculate(Package(stream.getvalue(), "book.xlsx"), everything=True).package
    after = shown(changed_cell(before, "Sheet", 1, 1, value))[0]
    assert [*after[1:4], after[5]] == shows
