"""What Excel's cells and tables hold after a change, and after one that failed."""

from datetime import date
from types import SimpleNamespace

import fake_windows
import pytest
from same_book import everything, settings

from addin.actions.book import Cancelled, Change, Rows
from addin.actions.entries import new_campaign
from addin.actions.refresh import refresh_all
from addin.errors import BookError, CellError
from addin.values import serial

fake_windows.xlwings()

from addin.hosts.excel import com  # noqa: E402  # it needs pywin32
from addin.hosts.excel.excel_book import ExcelBook  # noqa: E402

TEXTS = ["=1+1", "+1", "-1", "@x", "1-10", "00123", "TRUE", "1e5", "3/4", "12%", "#N/A", "'quoted", "", "plain", "é €"]


@pytest.mark.thorough
@pytest.mark.parametrize("number_format", ["General", "@", "0.00", "yyyy-mm-dd"])
def test_text_stays_text_whatever_it_looks_like(book, opened, number_format):
    sheet = opened.inside["d_Partners"]
    for number in range(len(TEXTS)):
        sheet.cell(50 + number, 2).number_format = number_format
    area = f"d_Partners!B50:B{50 + len(TEXTS) - 1}"
    with book.action("Texts"):
        book.write(Change(cells={area: [[text] for text in TEXTS]}))
    assert book.cells(area) == [[text or None] for text in TEXTS]
    assert {sheet.cell(50 + n, 2).number_format for n in range(len(TEXTS))} == {number_format}


@pytest.mark.thorough
@pytest.mark.usefixtures("calculating")
@pytest.mark.parametrize("number_format", ["General", "@"])
def test_numbers_and_formulas_stay_what_they_are_in_cells_of_text(book, opened, number_format):
    for at in ("B50", "B51", "B52", "B53"):
        opened.inside["d_Partners"][at].number_format = number_format
    with book.action("Numbers"):
        book.write(Change(cells={"d_Partners!B50:B52": [[5.0], ["5"], [True]]}, formulas={"d_Partners!B53": "=B50+1"}))
    assert book.cells("d_Partners!B50:B53") == [[5.0], ["5"], [True], [6.0]]
    assert opened.inside["d_Partners"]["B50"].number_format == number_format


def test_cells_of_different_formats_are_written_alike(book, opened):
    for row in range(50, 58):
        opened.inside["d_Partners"].cell(row, 3 + row % 2).number_format = "@"
    wanted = [["1-10", 2.0 + row] if row % 2 else [2.0 + row, "=1"] for row in range(8)]
    with book.action("Formats"):
        book.write(Change(cells={"d_Partners!C50:D57": wanted}))
    assert book.cells("d_Partners!C50:D57") == wanted


def test_errors_stay_errors(book):
    with book.action("Errors"):
        book.write(Change(cells={"d_Partners!K50:K51": [[CellError("#N/A")], [CellError("#VALUE!")]]}))
    assert book.cells("d_Partners!K50:K51") == [[CellError("#N/A")], [CellError("#VALUE!")]]


class TestAllOrNothing:
    CHANGES = {  # noqa: RUF012  # nobody changes it
        "rows": Change(rows={"tblSurvey": Rows({"Answer": ["A1", "=x"]})}),
        "more rows": Change(rows={"tblPartners": Rows({"Partner": [f"P{n}" for n in range(9)]})}),
        "appended": Change(rows={"tblCampaigns": Rows({"Campaign": ["C9"]}, append=True)}),
        "a cell": Change(cells={"in_Campaign": "C02", "Metrics!F6": 5.0}),
        "a formula": Change(formulas={"Metrics!F7": "=1+1"}),
        "a column": Change(filled={"tblSurvey": {"Segment": ["x"] * 120}}),
        "notes": Change(notes={"load x": "y", "columns": ""}),
    }

    @pytest.mark.thorough
    @pytest.mark.parametrize("name", CHANGES)
    @pytest.mark.parametrize("error", [BookError("no"), Cancelled("stop"), KeyboardInterrupt()])
    def test_an_exception_puts_everything_back(self, name, error, book, excel, opened):
        before, was = everything(opened), settings(excel)
        with pytest.raises(type(error)), book.action("Try"):
            book.write(self.CHANGES[name])
            assert everything(opened) != before
            raise error
        assert everything(opened) == before
        assert settings(excel) == was
        with pytest.raises(BookError, match="has no action to undo"):
            book.undo()

    @pytest.mark.thorough
    @pytest.mark.parametrize("name", CHANGES)
    def test_undo_puts_everything_back(self, name, book, opened):
        before = everything(opened)
        with book.action("Try"):
            book.write(self.CHANGES[name])
        assert book.undo() == "Try"
        assert everything(opened) == before

    @pytest.mark.thorough
    @pytest.mark.parametrize("member", ["Value2", "Formula", "Resize", "AutoFill", "Calculate", "NumberFormat"])
    def test_what_excel_refuses_half_way_is_put_back(self, member, book, excel, opened):
        before, was = everything(opened), settings(excel)
        book.table("tblPartners")
        with pytest.raises((com.ComError, BookError)), book.action("Try"):
            book.write(Change(cells={"in_Campaign": "C02"}))
            excel.fails[member] = int(member not in ("Resize", "AutoFill"))
            book.write(self.CHANGES["more rows"])
            book.write(Change(formulas={"Metrics!F7": "=1+1"}))
            book.calculate()
            book.calculate()
        assert everything(opened) == before
        assert settings(excel) == was

    @pytest.mark.thorough
    def test_escape_cancels_at_the_next_step(self, opened, excel):
        book = ExcelBook(opened, escape=lambda: "Refreshing" in str(excel.StatusBar))
        before = everything(opened)
        with pytest.raises(Cancelled):
            new_campaign(book, {"Name": "Spring", "Start": float(serial(date(2026, 3, 1))), "Budget": 500.0})
            refresh_all(book)
        assert excel.StatusBar is False
        assert everything(opened)["tblCampaigns"] != before["tblCampaigns"]
        assert everything(opened)["Metrics"] == before["Metrics"]

    @pytest.mark.thorough
    def test_what_excel_is_set_to_stays(self, book, excel):
        excel.Calculation, excel.EnableEvents = -4135, False
        was = settings(excel)
        new_campaign(book, {"Name": "Spring", "Start": float(serial(date(2026, 3, 1))), "Budget": 500.0})
        assert settings(excel) == was


class TestProtection:
    def test_a_protected_sheet_is_written_and_protected_as_before(self, book, opened):
        sheet = opened.inside["Metrics"]
        assert sheet.protection.sheet
        before = dict(sheet.protection)
        with book.action("Write"):
            book.write(Change(cells={"Metrics!B6": "locked"}))
        assert sheet["B6"].value == "locked"
        assert dict(sheet.protection) == before

    def test_it_is_protected_again_after_a_failure(self, book, opened, excel):
        with pytest.raises(com.ComError), book.action("Write"):
            excel.fails["Value2"] = 1
            book.write(Change(cells={"Metrics!B6": "locked"}))
        assert opened.inside["Metrics"].protection.sheet

    def test_a_password_is_said(self, book, opened):
        opened.locked_by = "secret"
        before = everything(opened)
        with pytest.raises(BookError, match="Metrics has a password"), book.action("Write"):
            book.write(Change(cells={"Metrics!B6": "locked"}))
        assert everything(opened) == before


class TestABusyExcel:
    @pytest.fixture(autouse=True)
    def _at_once(self, monkeypatch):
        self.paused = []
        monkeypatch.setattr(com, "time", SimpleNamespace(sleep=self.paused.append))

    def test_a_rejected_call_is_tried_again(self, book, excel):
        excel.rejects = 7
        assert "tblSurvey" in book.tables()
        assert len(self.paused) == 7

    def test_not_for_ever(self, book, excel):
        excel.rejects = 10**9
        with pytest.raises(BookError, match="Excel has been busy for 10 seconds"):
            book.tables()
        assert len(self.paused) == com.TRIES

    def test_a_cell_being_edited_is_waited_for(self, book, excel):
        excel.rejects, excel.code = 3, (-2147352567, -2146777998)
        assert book.title
        assert len(self.paused) == 3

    def test_what_excel_refuses_is_not_tried_again(self, book, excel):
        excel.fails["FullName"] = 0
        with pytest.raises(com.ComError):
            book.title  # noqa: B018  # it is read, which fails
        assert not self.paused


class TestTables:
    @pytest.mark.thorough
    def test_many_rows_go_in_blocks(self, book, excel, opened):
        rows = {"Answer": [f"A{n}" for n in range(2_000)], "Scale": ["0 to 10"] * 2_000, "Score": [9.0] * 2_000}
        excel.calls.clear()
        with book.action("Load"):
            book.write(Change(rows={"tblSurvey": Rows(rows)}))
            writes = len(excel.calls)
        assert writes < 400
        assert excel.written == 2_000
        table = book.table("tblSurvey")
        assert len(table.rows) == 2_000
        assert opened.inside["d_Survey"]["G2004"].data_type == "f"

    def test_new_rows_are_like_those_above(self, book, opened):
        with book.action("Load"):
            book.write(Change(rows={"tblPartners": Rows({"Partner": [f"P{n}" for n in range(30)]})}))
        sheet = opened.inside["d_Partners"]
        assert sheet["B34"].number_format == sheet["B5"].number_format == "@"
        assert sheet["B34"].protection.locked is False
        assert opened.inside.defined_names["lst_Partners"].attr_text.startswith("d_Partners!$B$5:$B$")
        assert book.cells("lst_Partners")[29] == ["P29"]

    def test_rows_too_many_are_cleared(self, book, opened):
        with book.action("Load"):
            book.write(Change(rows={"tblSurvey": Rows({})}))
        assert opened.inside["d_Survey"].tables["tblSurvey"].ref == "B4:J5"
        assert book.table("tblSurvey").rows == []
        assert all(c.value is None for row in opened.inside["d_Survey"]["B6:J124"] for c in row)

    def test_what_stands_beneath_is_not_overwritten(self, book, opened):
        opened.inside["d_Survey"]["C130"].value = "mine"
        before = everything(opened)
        with pytest.raises(BookError, match="cell C130 is not empty, and tblSurvey needs the rows down to 204"), \
                book.action("Load"):  # fmt: skip
            book.write(Change(rows={"tblSurvey": Rows({"Answer": ["x"] * 200})}))
        assert everything(opened) == before

    def test_a_filter_is_taken_off(self, book, opened):
        opened.filtered.add("tblSurvey")
        with book.action("Load"):
            book.write(Change(rows={"tblSurvey": Rows({"Answer": ["x"]})}))
        assert not opened.filtered

    def test_a_total_row_is_refused(self, book, opened):
        opened.inside["d_Survey"].tables["tblSurvey"].totalsRowCount = 1
        with pytest.raises(BookError, match="tblSurvey has a total row"), book.action("Load"):
            book.write(Change(rows={"tblSurvey": Rows({"Answer": ["x"]})}))

    def test_a_sheet_ends(self, book):
        with pytest.raises(BookError, match="and a sheet ends in row 1,048,576"), book.action("Load"):
            book.write(Change(rows={"tblSurvey": Rows({"Answer": ["x"] * 1_048_573})}))

    @pytest.mark.parametrize(("ask", "said"), [
        (lambda book: book.table("tblNone"), "has no table tblNone; it has"),
        (lambda book: book.cells("Nothing!A1"), "has no cell Nothing!A1"),
        (lambda book: book.cells("out_None"), "has no cell out_None"),
        (lambda book: book.write(Change(rows={"tblSurvey": Rows({"Segment": ["x"]})})), "no column Segment to type"),
    ])  # fmt: skip
    def test_what_is_not_there_is_said(self, book, ask, said):
        with pytest.raises(BookError, match=said):
            ask(book)


@pytest.mark.thorough
def test_calculated_columns_as_values_and_back(book, opened):
    with book.action("Values"):
        book.write(Change(filled={"tblSurvey": {"Segment": ["x"] * 120}}))
    assert "Segment" in book.table("tblSurvey").calculated
    with book.action("Formulas"):
        book.write(Change(filled={"tblSurvey": {"Segment": None}}))
    column = list(book.table("tblSurvey").columns).index("Segment") + 2
    assert opened.inside["d_Survey"].cell(124, column).data_type == "f"
