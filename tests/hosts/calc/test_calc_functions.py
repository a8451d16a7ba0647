"""Functions in the cells of a real LibreOffice: what the headless host gives, to the last bit."""

from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from addin.catalogue import catalogue
from addin.errors import CellError
from addin.hosts.calc.extension.function_names import identifier
from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package

ERRORS = [
    "=NPS()",
    '=NPS("")',
    '=NPS({10;"ten"})',
    "=NPS({10;11})",
    '=NPS({10;9},"0-5")',
    "=CHURN(1,0)",
    "=CHURN_CONVERT(2,1,12)",
    "=CLV(5,20)",
    '=CLV(5,"often",500)',
    "=ROI(1,0)",
    "=NPS_CI({5;12})",
    "=LIFECYCLE_STAGE(-1,2)",
]
CELLS = [[10], [9.5], [None], ["text"], ["=1/0"], [7]]
OVER_CELLS = [
    "=PARETO_SHARE(A1:A3)",
    "=PARETO_SHARE(A1:A4)",
    "=NPS(A3:A3)",
    "=GINI(A1:A3)",
    "=NPS(A5)",
    "=CLV(A1,A2,A5)",
    "=CLV(A1+A2,1/3,0.1)",
    "=CHURN_LIST(A1:A4,A2:A4)",
    "=IFERROR(NPS(A1:A4),A2)",
    '=LIFESPAN(0.02,"YEARS")',
    "=ISERROR(CLV(5,20))",
]


def headless(formula, rows=1, columns=1):
    """What the headless host gives for a formula over the cells above."""
    book = openpyxl.Workbook()
    for number, (value,) in enumerate(CELLS, start=1):
        book.active.cell(number, 1, value)
    if rows * columns > 1:
        last = book.active.cell(rows, 5 + columns).coordinate
        book.active["F1"] = ArrayFormula(f"F1:{last}", formula)
    else:
        book.active["F1"] = formula
    stream = BytesIO()
    book.save(stream)
    done = calculate(Package(stream.getvalue(), "book.xlsx"), everything=True)
    cell = next(cell for cell in done.cells if cell.cell == "F1")
    table = cell.value if isinstance(cell.value, list) else [[cell.value]]
    return [[value.code if isinstance(value, CellError) else value for value in row] for row in table]


def same(here, there):
    """Equal, and of the same kind; LibreOffice has no type for TRUE."""
    return [[float(v) if isinstance(v, bool) else v for v in row] for row in there] == here


@pytest.mark.parametrize("name", catalogue())
def test_example(name, sheet):
    example = catalogue()[name].example
    if isinstance(example.gives, list):
        rows, columns = len(example.gives), len(example.gives[0])
        here = sheet.table(example.formula, rows, columns)
    else:
        rows = columns = 1
        here = [[sheet.typed(example.formula)]]
    assert same(here, headless(example.formula, rows, columns))


@pytest.mark.parametrize("formula", [*ERRORS, *OVER_CELLS])
def test_errors_and_cells(formula, sheet):
    sheet.put("A1", CELLS)
    assert same([[sheet.typed(formula)]], headless(formula))


def test_every_error_kind_was_seen():
    codes = {headless(formula)[0][0] for formula in ERRORS}
    assert codes == {"#N/A", "#VALUE!", "#DIV/0!", "#NUM!"}


def test_an_error_inside_a_table_is_an_error_value(sheet):
    formula = "=LIFESPAN({0.02;0;2;0.5})"
    here = sheet.table(formula, 4, 1)
    assert same(here, headless(formula, 4, 1))
    assert [isinstance(value, float) for (value,) in here] == [True, False, False, True]


def test_errors_in_a_calculated_argument_are_given_back(sheet):
    sheet.put("A1", [[1], [0]])
    assert sheet.table("=NPS(10/A1:A2)", 1, 1) == [["#DIV/0!"]]


def test_results_are_compared_and_calculated_with(sheet):
    assert sheet.typed('=IF(LIFECYCLE_STAGE(3,90)="Retain",1,0)') == 1.0
    assert sheet.typed("=CLV(1,1,2)=2") == 1.0
    assert sheet.typed("=IF(CHURN(1,0)=1,2,3)") == "#DIV/0!"


def test_whole_columns_are_clipped_together(sheet):
    sheet.put("A1", [[10], [9], [None], [0]])
    sheet.put("B1", [[100], [100], [100], [100], [100]])
    assert sheet.typed("=NPS(A:A)") == pytest.approx(100 / 3)
    sheet.put("A1", [[1], [0.5]])
    assert sheet.table("=CLV(B:B,1,2,A:A)", 6, 1) == [[200.0], [100.0], [200.0], [0.0], [200.0], ["#N/A"]]


def test_names_differ_as_uno_sees_them():
    assert len({identifier(name) for name in catalogue()}) == len(catalogue())


def test_the_wizard_knows_each_function(office):
    described = {}
    descriptions = office.service("com.sun.star.sheet.FunctionDescriptions")
    for index in range(descriptions.getCount()):
        values = {item.Name: item.Value for item in descriptions.getByIndex(index)}
        described[values["Name"]] = values
    for name, metric in catalogue().items():
        assert described[name]["Description"] == metric.summary
        assert [argument.Name for argument in described[name]["Arguments"]] == [param.name for param in metric.params]


# --- what LibreOffice does not hand over


def test_libreoffice_counts_one_blank_cell_as_zero(sheet):
    """It hands over 0 for a reference to one blank cell; a range of one cell is blank as it should be."""
    assert sheet.typed("=CLV(5,20,500,B1)") == 0.0
    assert sheet.typed("=CLV(5,20,500,B1:B1)") == 50000.0
    assert sheet.typed("=NPS(B1)") == "#N/A"
    assert sheet.typed("=NPS(B1:B1)") == "#N/A"
    sheet.put("B1", [[0.0]])
    assert sheet.typed("=NPS(B1:B1)") == -100.0
    assert sheet.typed("=NPS({0})") == -100.0
    assert sheet.typed("=CHURN(B1,100)") == 0.0


def test_libreoffice_refuses_a_range_with_an_error(sheet):
    sheet.put("A1", CELLS)
    assert sheet.typed("=NPS(A1:A6)") == "Err:504"
    assert sheet.typed("=IFERROR(NPS(A1:A6),5)") == 5.0


def test_native_functions_see_an_error_of_ours(sheet):
    """Handed over as a table of one cell it would be passed over by MAX."""
    sheet.put("A1", [[10.0], [9.0]])
    for formula in ("=MAX(1,ROI(1,0))", "=SUM(A1:A2,ROI(1,0))", "=MIN(1,ROI(1,0)+1)", "=IF(ROI(1,0)>0,1,2)"):
        assert sheet.typed(formula) == "#DIV/0!", formula


def test_a_number_answers_for_every_row_of_a_range(sheet):
    sheet.put("A1", [[10.0], [4.0], [0.0]])
    assert sheet.table("=CLV_CAC(A1:A3,2)", 3, 1) == [[5.0], [2.0], [0.0]]
    assert sheet.typed("=SUM(CLV_CAC(A1:A3,2))") == 7.0
    sheet.put("A1", [[20.0]])
    assert sheet.typed("=SUM(CLV_CAC(A1:A3,2))") == 12.0


def test_a_function_that_gives_text_takes_one_cell(sheet):
    assert sheet.typed("=LIFECYCLE_STAGE({1;2},90)") == "#VALUE!"
