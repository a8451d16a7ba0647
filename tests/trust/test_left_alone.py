"""What calculating must not touch in a book, and what it must not get wrong, as other people's books showed it."""

import io
import re

import openpyxl
import pytest
import xlsxwriter
from same_but_values import changed_outside_values, parts

from addin.errors import BookError
from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package


def book(write) -> Package:
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream)
    write(workbook, workbook.add_worksheet("S"))
    workbook.close()
    return Package(stream.getvalue(), "book.xlsx")


def with_sheet(package: Package, old: bytes, new: bytes) -> Package:
    sheet = package.part("xl/worksheets/sheet1.xml")
    assert old in sheet
    return Package(package.replaced({"xl/worksheets/sheet1.xml": sheet.replace(old, new)}).data, "book.xlsx")


def of_scores(workbook, sheet):
    for row, score in enumerate((10, 9, 3)):
        sheet.write(row, 0, score)
    sheet.write_formula("B1", "=NPS(A1:A3)", None, "")


@pytest.mark.filterwarnings("ignore:.* extension is not supported")  # the reader says that it leaves them out
@pytest.mark.parametrize("everything", [False, True])
def test_formulas_of_sparklines_and_rules_are_no_cells(everything):
    """They stand after the rows, and what stands in the last cell is not theirs."""

    def write(workbook, sheet):
        of_scores(workbook, sheet)
        sheet.write(2, 3, "the last cell")
        sheet.add_sparkline("C1", {"range": "S!A1:A3"})
        sheet.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True, "min_type": "formula",
                                           "min_value": "=$A$1"})  # fmt: skip

    package = book(write)
    assert b"<xm:f>" in package.part("xl/worksheets/sheet1.xml")
    done = calculate(package, everything=everything)
    assert changed_outside_values(package.data, done.data, {"xl/worksheets/sheet1.xml"}) == []
    values = openpyxl.load_workbook(io.BytesIO(done.data), data_only=True)["S"]
    assert (values["B1"].value, values["D3"].value) == (pytest.approx(100 / 3), "the last cell")


def test_the_space_between_a_cells_elements_stays():
    package = book(of_scores)
    sheet = package.part("xl/worksheets/sheet1.xml")
    cell = b'<c r="B1">\n  <f>NPS(A1:A3)</f>\n  <v>0</v>\n</c>'
    package = with_sheet(package, re.search(rb'<c r="B1".*?</c>', sheet).group(), cell)
    done = parts(calculate(package).data)["xl/worksheets/sheet1.xml"]
    assert re.sub(rb"<v>[\d.]+</v>", b"<v>0</v>", re.search(rb'<c r="B1".*?</c>', done, re.DOTALL).group()) == cell
    assert b"<v>33.33333333333333" in done


def test_a_range_told_from_its_end():
    """Excel takes A3:A1 for A1:A3, and so it is calculated."""

    def write(workbook, sheet):
        of_scores(workbook, sheet)
        for row, formula in enumerate(["=NPS(A3:A1)", "=SUM($A$3:A1)", "=SUM(A:A)", "=SUM(S!A3:A1)"]):
            sheet.write_formula(row, 4, formula, None, "")

    done = calculate(book(write), everything=True)
    assert not done.kept
    values = openpyxl.load_workbook(io.BytesIO(done.data), data_only=True)["S"]
    assert values["E1"].value == pytest.approx(100 / 3)
    assert (values["E2"].value, values["E4"].value) == (22, 22)


def test_a_name_that_the_engine_does_not_know_keeps_its_value():
    def write(workbook, sheet):
        of_scores(workbook, sheet)
        sheet.write_formula("C1", '=IF(ISERROR(LIST),"",LIST&"")', None, "as Excel saved it")

    done = calculate(book(write), everything=True)
    assert [kept.cell for kept in done.kept] == ["C1"]
    assert openpyxl.load_workbook(io.BytesIO(done.data), data_only=True)["S"]["C1"].value == "as Excel saved it"


def test_another_form_of_workbook_is_refused():
    package = book(of_scores)
    strict = package.part("xl/workbook.xml").replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    with pytest.raises(BookError, match="Strict Open XML"):
        calculate(Package(package.replaced({"xl/workbook.xml": strict}).data, "book.xlsx"))


@pytest.mark.thorough
def test_ten_thousand_formulas_of_ours():
    """Each against its closed form: of `n` answers, the first `p` are tens and the others zeros."""
    count = 10_000

    def write(workbook, sheet):
        for row in range(count):
            high, low = row % 7, row % 5 + 1
            sheet.write_row(row, 0, [10] * high + [0] * low)
            last = xlsxwriter.utility.xl_col_to_name(high + low - 1)
            sheet.write_formula(row, 15, f"=NPS(A{row + 1}:{last}{row + 1})", None, "")

    done = calculate(book(write))
    assert len(done.cells) == count
    for row, cell in enumerate(done.cells):
        high, low = row % 7, row % 5 + 1
        assert cell.cell == f"P{row + 1}"
        assert cell.value == pytest.approx(100 * (high - low) / (high + low))
