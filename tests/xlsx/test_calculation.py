"""`roc calc` on workbooks: what is calculated, and what is kept."""

import gc
import io
import re
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from small_books import edited, formulas, package, values

from addin.catalogue import catalogue
from addin.errors import CellError
from addin.xlsx.calculation import calculate
from addin.xlsx.engine import FormulaEngine
from addin.xlsx.package import Package


class TestValues:
    """What cells come to."""

    def test_our_functions_and_what_depends_on_them(self):
        done = calculate(
            formulas(
                C1="=NPS(A1:A6)", C2="=C1*2", C3='=IFERROR(NPS(B1:B6),"none")', C4="=NPS(A:A)", C5='=NPS({10,9,"",""})'
            )
        )
        sheet = values(done.data)
        assert [sheet[f"C{row}"].value for row in range(1, 6)] == [40, 80, "none", 40, 100]

    @pytest.mark.thorough
    @pytest.mark.parametrize(
        ("formula", "value"),
        [
            # Ann came in January and again in February, Bob in January; the last date has no customer
            ("=INDEX(COHORT(A:A,B:B),2,4)", 0.5),
            ("=INDEX(COHORT(Ids,Days),2,4)", 0.5),
            ("=INDEX(COHORT(S!A:A,Other!B:B),2,2)", 1),  # there is one date beside Ann's first order, in row 1
            ("=CHURN(C:C,D:D)", 11 / 198),
            ("=CHURN(D:D,C:C)", "#NUM!"),
            ("=NPS(E:E,)", "#N/A"),
            ("=CHURN(E:E,D:D)", "#N/A"),
        ],
    )
    def test_whole_columns_are_cut_at_the_same_row(self, formula, value):
        def fill(book, sheet):
            for row, cells in enumerate([("Ann", 46027, 5, 100), ("Bob", 46028, 6, 98), ("Ann", 46060, None, 99)], 1):
                for column, cell in enumerate(cells, 1):
                    sheet.cell(row, column, cell)
            sheet["B4"] = 46061
            book.create_sheet("Other")["B1"] = 46027
            book.defined_names["Ids"] = DefinedName("Ids", attr_text="S!$A:$A")
            book.defined_names["Days"] = DefinedName("Days", attr_text="S!$B:$B")
            sheet["H1"] = formula

        (report,) = calculate(package(fill)).cells
        assert getattr(report.value, "code", report.value) == (
            value if isinstance(value, str) else pytest.approx(value)
        )

    def test_a_heading_is_skipped_and_the_report_says_so(self):
        def fill(book, sheet):
            for row, cell in enumerate(("Score", 10, 9, 3), 1):
                sheet.cell(row, 5, cell)
            sheet["C1"] = "=NPS(E:E)"

        (report,) = calculate(package(fill)).cells
        assert report.value == pytest.approx(100 / 3)
        assert report.reason == "NPS: scores: its first row is skipped as a heading, 'Score'"

    def test_the_false_of_an_if_without_else_is_no_answer(self):
        """The answers of North are 10, 9 and 6: two promoters and a detractor."""

        def fill(book, sheet):
            for row, segment in enumerate(["North", "North", "South", "South", "North"], 1):
                sheet.cell(row, 5, segment)
            sheet["H1"] = ArrayFormula("H1", '=NPS(IF(E1:E5="North",A1:A5))')

        (report,) = calculate(package(fill)).cells
        assert report.value == pytest.approx(100 / 3)

    @pytest.mark.parametrize("name", catalogue())
    def test_the_example_of_each_function(self, name):
        example = catalogue()[name].example
        (report,) = calculate(formulas(J1=example.formula)).cells
        for value, expected in zip(flat(report.value), flat(example.gives), strict=True):
            assert value == (expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-9))

    def test_the_documents_examples(self):
        done = calculate(formulas(C1="=CLV(5,20,500)", C2='=LIFESPAN(0.02,"years")', C3="=ROC(10000,6000,900,5850)"))
        sheet = values(done.data)
        assert sheet["C1"].value == 50000
        assert sheet["C2"].value == pytest.approx(50 / 12)
        assert sheet["C3"].value == 1.275

    @pytest.mark.parametrize(
        ("formula", "code", "reason"),
        [
            ('=NPS(A1:A6,"5-7")', "#VALUE!", '"0-10" or "1-10" is needed'),
            ("=NPS({11;10})", "#VALUE!", "whole answer from 0 to 10 is needed, 11 was found"),
            ('=NPS({10;"nine"})', "#VALUE!", "row 2: a number is needed, the text 'nine' was found"),
            ("=NPS(B1:B6)", "#N/A", "scores is blank"),
            ("=ROI(100,0)", "#DIV/0!", "cost"),
            ("=CLV(1E+308,1E+308,2)", "#NUM!", ""),
            ("=NPS(1/0)", "#DIV/0!", ""),
            ("=NPS(NOPE(1))", "#NAME?", ""),
        ],
    )
    def test_errors_are_real_and_explained(self, formula, code, reason):
        done = calculate(formulas(C1=formula, C2="=ISERROR(C1)", C3='=IFERROR(C1,"caught")'))
        (report,) = done.cells
        if code == "#NAME?":
            assert "NOPE" in report.reason
            return
        assert report.value == CellError(code, report.value.reason)
        assert reason in report.reason
        assert report.reason
        sheet = values(done.data)
        assert [sheet[f"C{row}"].value for row in (1, 2, 3)] == [code, True, "caught"]

    def test_an_argument_left_out_between_commas_takes_its_default(self):
        (left_out,) = calculate(formulas(C1='=CHURN(6,100,,"linear")')).cells
        (given,) = calculate(formulas(C1='=CHURN(6,100,1,"linear")')).cells
        assert left_out.value == given.value == 0.06

    @pytest.mark.parametrize("prefix", ["[1]!", "'C:\\Add ins\\customer_value.xlam'!", "_xludf.", "_xldudf_", "_xlfn."])
    def test_a_call_saved_with_the_path_of_an_add_in(self, prefix):
        (report,) = calculate(formulas(C1=f"={prefix}NPS(A1:A6)")).cells
        assert report.value == 40

    def test_names_and_tables(self):
        def fill(book, sheet):
            sheet["D1"], sheet["E1"], sheet["F1"] = "Score", "Scale [1]", "Twice"
            for row, score in enumerate((10, 9, 6), 2):
                sheet[f"D{row}"], sheet[f"E{row}"], sheet[f"F{row}"] = score, "0-10", "=tblS[[#This Row],[Score]]*2"
            sheet.add_table(Table(displayName="tblS", ref="D1:F4"))
            book.defined_names["in_Scores"] = DefinedName("in_Scores", attr_text="S!$A$1:$A$6")
            book.defined_names["lst_Score"] = DefinedName("lst_Score", attr_text="tblS[Score]")
            sheet["H1"], sheet["H2"], sheet["H3"] = "=NPS(in_Scores)", "=NPS(tblS[Score])", "=NPS(lst_Score)"
            sheet["H4"], sheet["H5"] = "=SUM(tblS[Twice])+H1", "=NPS(tblS[[#Data],[Score]],INDEX(tblS[Scale '[1']],1))"

        done = calculate(package(fill))
        sheet = values(done.data)
        third = pytest.approx(100 / 3)
        assert not done.kept
        assert [sheet[f"H{row}"].value for row in range(1, 6)] == [40, third, third, 90, third]
        assert [sheet[f"F{row}"].value for row in (2, 3, 4)] == [20, 18, 12]

    def test_an_unknown_table_is_no_name_of_the_book(self):
        def fill(book, sheet):
            sheet["D1"], sheet["D2"] = "Score", 10
            sheet.add_table(Table(displayName="tblS", ref="D1:D2"))
            sheet["C1"], sheet["C2"] = "=NPS(nowhere[Score])", "=NPS(tblS[Nothing])"
            sheet["C3"], sheet["C4"] = "=IFERROR(NPS(nowhere[Score]),-1)", "=NPS(tblS[Score])"

        done = calculate(package(fill))
        assert [report.value for report in done.cells] == [CellError("#NAME?"), CellError("#NAME?"), -1, 100]
        assert "does not know" in done.cells[0].reason

    def test_a_book_that_counts_days_from_1904(self):
        """46023 is 1 January 2026 counted from 1900, 1462 less counted from 1904."""
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"date_1904": True})
        sheet = book.add_worksheet("S")
        sheet.write_datetime("A1", datetime(2026, 1, 1))
        for row, formula in enumerate(("=DATE(2026,1,1)", "=A1+1", "=YEAR(A1)", "=CLV(1,1,A1)")):
            sheet.write_formula(row, 1, formula, None, "")
        book.close()
        done = calculate(Package(stream.getvalue(), "book.xlsx"), everything=True)
        assert list(done.values.values()) == [46023 - 1462, 46024 - 1462, 2026, 46023 - 1462]


def flat(value):
    return [cell for row in value for cell in row] if isinstance(value, list) else [value]


class TestBlocks:
    """Results of more than one cell."""

    def lifted(self, book, sheet):
        for row, (years, orders, average) in enumerate([(5, 20, 500), (1, 2, 3), (2, 2, 2)], 1):
            sheet[f"D{row}"], sheet[f"E{row}"], sheet[f"F{row}"] = years, orders, average

    def test_a_formula_over_columns_spills(self):
        def fill(book, sheet):
            self.lifted(book, sheet)
            sheet["H1"] = "=CLV(D1:D3,E1:E3,F1:F3)"
            sheet["J1"] = "=SUM(H1:H3)"

        done = calculate(package(fill))
        sheet = values(done.data)
        assert [sheet[f"H{row}"].value for row in (1, 2, 3)] == [50000, 6, 8]
        assert sheet["J1"].value == 50014
        assert done.cells[0].value == [[50000.0], [6.0], [8.0]]
        assert openpyxl.load_workbook(io.BytesIO(done.data))["S"]["H1"].value.ref == "H1:H3"

    def test_calculating_again_changes_nothing(self):
        def fill(book, sheet):
            self.lifted(book, sheet)
            sheet["H1"] = "=CLV(D1:D3,E1:E3,F1:F3)"
            sheet["J1"] = "=SUM(H1:H3)"

        once = calculate(package(fill)).data
        again = calculate(Package(once, "book.xlsx"))
        assert not again.kept
        assert [cell.value for row in values(again.data) for cell in row] == [
            cell.value for row in values(once) for cell in row
        ]

    def test_an_array_formula_fills_its_area(self):
        def fill(book, sheet):
            self.lifted(book, sheet)
            sheet["H1"] = ArrayFormula("H1:H2", "=CLV(D1:D3,E1:E3,F1:F3)")
            sheet["I1"] = ArrayFormula("I1:I4", "=CLV(D1:D3,E1:E3,F1:F3)")
            sheet["K1"] = ArrayFormula("K1:L2", "=CLV(5,20,500)")
            sheet["M1"], sheet["M2"] = "=SUM(H1:H3)", '=IFERROR(SUM(I1:I4),"error")'

        sheet = values(calculate(package(fill)).data)
        assert [sheet[f"H{row}"].value for row in (1, 2, 3)] == [50000, 6, None]
        assert [sheet[f"I{row}"].value for row in (1, 2, 3, 4)] == [50000, 6, 8, "#N/A"]
        assert [sheet[place].value for place in ("K1", "L1", "K2", "L2")] == [50000] * 4
        assert [sheet["M1"].value, sheet["M2"].value] == [50006, "error"]

    def test_an_array_formula_reads_another_one_as_it_stands_in_the_sheet(self):
        def fill(book, sheet):
            self.lifted(book, sheet)
            sheet["J1"] = ArrayFormula("J1:J3", "=IFERROR(H1:H3*2,0)")
            sheet["H1"] = ArrayFormula("H1:H2", "=CLV(D1:D3,E1:E3,F1:F3)")

        sheet = values(calculate(package(fill)).data)
        assert [sheet[f"J{row}"].value for row in (1, 2, 3)] == [100000, 12, 0]

    def test_a_dynamic_array_takes_the_size_of_its_result(self):
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        sheet = book.add_worksheet("S")
        sheet.write_column("A1", [10, 9, 8])
        sheet.write_dynamic_array_formula("C1:D4", '=ATTRIBUTION(10,{"a"},{4})')
        sheet.write_dynamic_array_formula("H1", '=ATTRIBUTION(10,{"a";"b"},{4;1})')
        sheet.write_formula("M1", "=SUM(I1:I9)")
        book.close()
        sheet = values(calculate(Package(stream.getvalue(), "book.xlsx")).data)
        assert [[cell.value for cell in row] for row in sheet["C1:E4"]] == [
            ["Channel", "Customers", "Share"], ["a", 4, 0.4], ["Remainder", 6, 0.6], [None, None, None],
        ]  # fmt: skip
        assert sheet["H4"].value == "Remainder"
        assert sheet["M1"].value == 10

    def test_a_block_without_room_says_so(self):
        done = calculate(formulas(C1='=ATTRIBUTION(10,{"a"},{4})', D2="in the way"))
        assert done.cells[0].value.code == "#SPILL!"
        assert "clear them" in done.cells[0].reason
        assert values(done.data)["D2"].value == "in the way"


class TestTrust:
    """A right number is never made wrong."""

    def saved(self, **cells) -> bytes:
        """A workbook in which Excel saved these (formula, value) cells."""
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        sheet = book.add_worksheet("S")
        sheet.write_column("A1", [10, 9, 8, 6, 10])
        sheet.write_column("B1", ["a", "b", "a", "c", "b"])
        for place, (formula, value) in cells.items():
            sheet.write_formula(place, formula, None, value)
        book.close()
        return stream.getvalue()

    def test_what_does_not_depend_on_us_keeps_its_value(self):
        """Here the saved value differs from what any program would calculate."""
        done = calculate(Package(self.saved(C1=("=SUM(A1:A5)", 1234), C2=("=NPS(A1:A5)", 0)), "book.xlsx"))
        assert values(done.data)["C1"].value == 1234
        assert values(done.data)["C2"].value == 40

    def test_all_recalculates_it(self):
        done = calculate(Package(self.saved(C1=("=SUM(A1:A5)", 1234)), "book.xlsx"), everything=True)
        assert values(done.data)["C1"].value == 43

    def test_a_formula_the_engine_gets_wrong_keeps_its_value_and_is_named(self):
        """The engine answers 0 to a range as a criterion; 9 is right."""
        book = self.saved(C1=("=NPS(A1:A5)", 40), C2=("=SUMPRODUCT(COUNTIF(B1:B5,B1:B5))+0*C1", 9), C3=("=C2+C1", 49))
        done = calculate(Package(book, "book.xlsx"))
        (kept,) = done.kept
        assert (kept.cell, values(done.data)["C2"].value, values(done.data)["C3"].value) == ("C2", 9, 49)
        assert kept.reason

    def test_without_a_saved_value_nothing_is_made_up(self):
        done = calculate(
            formulas(B1="x", B2="x", C1="=SUMPRODUCT(COUNTIF(B1:B2,B1:B2))", C2="=C1+1", C3="=NPS(A1:A6)+C2")
        )
        sheet = values(done.data)
        assert [sheet["C1"].value, sheet["C2"].value, sheet["C3"].value] == [None, None, None]
        assert {kept.cell for kept in done.kept} == {"C1", "C2"}
        assert done.cells[0].value is None
        assert "could not be calculated" in done.cells[0].reason

    def test_a_value_the_engine_does_not_reproduce_stays(self):
        """The saved 81 does not follow from the saved 40, so another rule than ours made it."""
        book = self.saved(C1=("=NPS(A1:A5)", 40), C2=("=C1*2", 81), C3=("=C1*3", 120), C4=("=C2+1", 82))
        done = calculate(Package(book, "book.xlsx"))
        assert [kept.cell for kept in done.kept] == ["C2"]
        assert "80.0" in done.kept[0].reason
        assert [values(done.data)[f"C{row}"].value for row in (2, 3, 4)] == [81, 120, 82]

    @pytest.mark.parametrize("value", ["<v></v>", "<v/>", '<v xml:space="preserve"></v>'])
    def test_an_empty_text_that_is_saved_is_no_blank_cell(self, value):
        """As Excel counts: a formula that gives "" is text, so COUNTA counts it and ISBLANK does not."""
        saved = self.saved(B1=("=CUBEVALUE(1)", ""), B2=("=COUNTA(B1:B1)+NPS(A1:A5)*0", 9), B3=("=ISBLANK(B1)", True))
        kept = '<c r="B1"><f>CUBEVALUE(1)</f><v></v>'
        book = edited(saved, "xl/worksheets/sheet1.xml", kept, f'<c r="B1" t="str"><f>CUBEVALUE(1)</f>{value}')
        done = calculate(book, everything=True)
        assert [values(done.data)[cell].value for cell in ("B2", "B3")] == [1, False]

    def test_a_changed_answer_reaches_what_depends_on_it(self):
        """Saved on a machine where our functions gave 10; now they give 40."""
        book = self.saved(C1=("=NPS(A1:A5)", 10), C2=("=C1*2", 20), C3=('="NPS "&C2', "NPS 20"))
        done = calculate(Package(book, "book.xlsx"))
        assert not done.kept
        assert [values(done.data)[f"C{row}"].value for row in (1, 2, 3)] == [40, 80, "NPS 80"]

    @pytest.mark.parametrize(
        "formula",
        ["=SUM(C1:C100)", "=SUM(C:C)", '=INDIRECT("C1")', "=OFFSET(C2,-1,0)", "=SUM(B1:INDEX(D3:D9,1))", "=in_Answer"],
    )
    def test_a_changed_answer_reaches_whatever_reads_it(self, formula):
        """Through a long range, a whole column, a computed address, between two ends, or a name."""
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        sheet = book.add_worksheet("S")
        sheet.write_column("A1", [10, 9, 8, 6, 10])
        sheet.write_formula("C1", "=NPS(A1:A5)", None, 10)
        sheet.write_formula("F1", formula, None, 10)
        book.define_name("in_Answer", "=S!$C$1")
        book.close()
        done = calculate(Package(stream.getvalue(), "book.xlsx"))
        assert values(done.data)["F1"].value == 40
        assert not done.kept

    def test_a_saved_value_is_not_held_against_a_cell_that_has_none(self):
        """C1 was never calculated, so what C2 shows cannot be checked against it."""
        book = self.saved(C1=("=SUM(A1:A5)", 43), C2=("=C1+1", 7))
        done = calculate(edited(book, "xl/worksheets/sheet1.xml", "</f><v>43</v>", "</f>"))
        assert (values(done.data)["C1"].value, values(done.data)["C2"].value) == (43, 44)

    def test_a_result_that_grows_reaches_what_reads_the_new_cells(self):
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        sheet = book.add_worksheet("S")
        sheet.write_dynamic_array_formula("C1:E2", '=ATTRIBUTION(10,{"a"},{4})', None, "")
        sheet.write_formula("G1", "=SUM(D3:D9)", None, 0)
        book.close()
        done = calculate(Package(stream.getvalue(), "book.xlsx"))
        assert values(done.data)["G1"].value == 6

    def test_formulas_that_excel_shares_between_cells(self):
        """Excel writes a column's formula once; the other cells refer to it. Column B is saved, C and D are not."""
        book = formulas(B1="=A1*2", C1="=B1+$A$1", D1="=NPS(A$1:A1)")
        shared = {"B": "A1*2", "C": "B1+$A$1", "D": "NPS(A$1:A1)"}
        rows = ""
        for row, score in enumerate((10, 9, 6), 1):
            rows += f'<row r="{row}"><c r="A{row}"><v>{score}</v></c>'
            for index, (column, formula) in enumerate(shared.items()):
                saved = f"<v>{score * 2}</v>" if column == "B" else ""
                first = f' ref="{column}1:{column}3" si="{index}">{formula}</f>' if row == 1 else f' si="{index}"/>'
                rows += f'<c r="{column}{row}"><f t="shared"{first}{saved}</c>'
            rows += f'<c r="E{row}"><f>SUM(A{row}:D{row})</f></c></row>'
        part = "xl/worksheets/sheet1.xml"
        text = re.sub("<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>", book.part(part).decode())
        done = calculate(Package(book.replaced({part: text.encode()}).data, "book.xlsx"))
        sheet = values(done.data)
        assert [[sheet[f"{column}{row}"].value for row in (1, 2, 3)] for column in "BCDE"] == [
            [20, 18, 12], [30, 28, 22], [100, 100, pytest.approx(100 / 3)], [160, 155, pytest.approx(40 + 100 / 3)],
        ]  # fmt: skip
        assert [report.formula for report in done.cells] == ["=NPS(A$1:A1)", "=NPS(A$1:A2)", "=NPS(A$1:A3)"]
        assert 'si="2"/><v>100</v>' in Package(done.data, "book.xlsx").part(part).decode()

    def test_a_circle_is_named(self):
        done = calculate(formulas(C1="=NPS(A1:A6)+C2", C2="=C1"))
        assert "circular" in done.cells[0].reason
        assert {kept.cell for kept in done.kept} == {"C2"}


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"])
def test_a_book_with_an_error_of_a_newer_excel_is_calculated(error):
    def fill(book, sheet):
        sheet["C1"], sheet["C2"], sheet["C3"] = "=CLV(5,20,500)", "=ISERROR(D1)*NPS(A1:A6)", "#SPILL! they said"
        sheet["D1"] = "#VALUE!"
        sheet["D1"].data_type = "e"

    made = package(fill)
    part = made.sheets["S"]
    saved = made.part(part).replace(b"<v>#VALUE!</v>", f"<v>{error}</v>".encode())
    done = calculate(made.replaced({part: saved}))
    assert [values(done.data)[place].value for place in ("C1", "C2", "C3", "D1")] == [
        50000, 40, "#SPILL! they said", error,
    ]  # fmt: skip


def test_what_was_read_goes_with_the_calculation():
    """Otherwise an action that calculates a large book several times would need the memory several times."""
    book = formulas(C1="=NPS(A1:A6)", C2="=C1*2")
    before = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        calculate(book, everything=True)
        assert not [there for there in gc.get_objects() if isinstance(there, FormulaEngine)]
    finally:
        if before:
            gc.enable()
