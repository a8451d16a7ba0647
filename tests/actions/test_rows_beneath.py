"""Rows that another program put beneath a table: they are named, taken in, and count; what is no row stays."""

from datetime import date, timedelta

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.table import Table as ExcelTable
from typer.testing import CliRunner

from addin.actions.book import Table, number_of
from addin.actions.checking import wrong_rows
from addin.actions.entries import log_follow_up
from addin.actions.refresh import refresh_all
from addin.actions.rows_beneath import take_in, with_rows_beneath
from addin.cli.main import app
from addin.xlsx.file_book import FileBook

ORDERS = pd.DataFrame({
    "Order": [f"own-{k}" for k in range(1000)],
    "Date": [date(2025, 5, 1) + timedelta(days=k % 200) for k in range(1000)],
    "Customer": [f"X{k % 400}" for k in range(1000)], "Campaign": "C01", "Type": "New order", "Units": 1,
    "Price": [17.25] * 1000,
})  # fmt: skip
FOLLOW_UP = ["E99", "C01", date(2025, 12, 1), "New order", 5, 2, 50, 0, "own"]


def last_row(sheet):
    return max(openpyxl.utils.range_boundaries(table.ref)[3] for table in sheet.tables.values())


def put_beneath(sheet, rows, below=1):
    first = last_row(sheet) + below
    for down, row in enumerate(rows):
        for across, value in enumerate(row, start=2):
            sheet.cell(first + down, across, value)
    return first


def paste(path, sheet, rows, *, below=1, **cells):
    """Rows beneath the table of a sheet, which keeps its area, as openpyxl and pandas leave it."""
    workbook = openpyxl.load_workbook(path, keep_vba=True)
    first = put_beneath(workbook[sheet], rows, below)
    for place, value in cells.items():
        workbook[place.partition("_")[0]][place.partition("_")[2]] = value
    workbook.save(path)
    return first


def roc(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.mark.thorough
def test_orders_beneath_their_table_count_after_refresh_and_are_named_before(path, shown, rows_of):
    before = pd.DataFrame(rows_of(path, "tblTransactions"))
    first = paste(path, "d_Transactions", ORDERS.itertuples(index=False))
    said = roc("check", path)
    assert said.exit_code == 1
    assert "No row stands beneath the table of d_Transactions: 1000 against 0" in said.output
    assert f"d_Transactions!B{first}: 1,000 rows stand beneath tblTransactions" in " ".join(said.output.split())

    assert "Taken in: 1,000 rows beneath tblTransactions" in roc("refresh", path).output
    after = pd.DataFrame(rows_of(path, "tblTransactions"))
    pd.testing.assert_frame_equal(after[: len(before)], before, check_dtype=False)
    right = pd.concat([before, ORDERS])
    assert after["Revenue"].sum() == (right["Units"] * right["Price"]).sum() == 30_000
    assert shown(path, "out_FromOrders3") == 30_000 / 10_000
    months = [12 * (day.year - 2025) + day.month - 1 for day in ORDERS["Date"]]
    assert list(after["Month"][len(before) :]) == months
    sheet = openpyxl.load_workbook(path)["d_Transactions"]
    assert sheet.cell(first + 999, 3).number_format == "yyyy-mm-dd"
    assert sheet.cell(first + 999, 10).number_format == sheet.cell(first - 1, 10).number_format

    assert "Refresh all" in roc("undo", path).output
    assert last_row(openpyxl.load_workbook(path)["d_Transactions"]) == first - 1


EVERY = [
    ("d_FollowUps", "tblFollowUps", FOLLOW_UP, "Revenue", 100),
    ("d_Campaigns", "tblCampaigns", ["C09", "Own", date(2026, 4, 1), 500, None, None, "Mail"], "Budget", 500),
    ("d_Customers", "tblCustomers", ["Z1", None, None, date(2026, 4, 9)], "Orders", 0),
    ("d_Periods", "tblPeriods", [date(2026, 1, 1), 550, 10, 5], "EndCustomers", 555),
    ("d_Survey", "tblSurvey", ["a-1", date(2025, 8, 1), None, "0 to 10", 9], "Asked0to10", 9),
    ("d_Partners", "tblPartners", ["P9", "Own", "Partner", date(2025, 1, 1), 100, 2], "ValueBack", 0),
    ("d_Introductions", "tblIntros", [date(2025, 9, 1), "P1", "A", "B", 5], "PartnerKnown", 1),
    ("d_Segments", "tblSegments", ["Web", 2, 10, 3], "ForLife", 60),
]


def test_every_table_takes_in_a_row_beneath_and_fills_its_formulas(book):
    workbook = openpyxl.load_workbook(book.path, keep_vba=True)
    for sheet, _, row, _, _ in EVERY:
        put_beneath(workbook[sheet], [row])
    workbook.save(book.path)
    opened = FileBook(book.path)
    assert take_in(opened) == {name: 1 for _, name, *_ in EVERY}
    for _, name, _, column, value in EVERY:
        assert (name, opened.table(name).columns[column][-1]) == (name, value)
        assert opened.table(name).joined == 0


@pytest.mark.thorough
def test_what_is_appended_goes_beneath_the_rows_that_join(path, rows_of):
    paste(path, "d_FollowUps", [FOLLOW_UP])
    book = FileBook(path)
    done = log_follow_up(book, {"Type": "New order", "Orders": 1.0, "Price": 10.0, "Date": 46000.0})
    rows = rows_of(path, "tblFollowUps")
    assert [row["Event"] for row in rows[-2:]] == ["E99", done.event]
    assert [row["Revenue"] for row in rows[-2:]] == [100, 10]


def test_rows_after_a_blank_one_are_named_and_stay(path):
    first = paste(path, "d_FollowUps", [FOLLOW_UP, FOLLOW_UP], below=2)
    found = {wrong.place: wrong.reason for wrong in wrong_rows(FileBook(path))}
    assert list(found) == [f"d_FollowUps!B{first}", f"d_FollowUps!B{first + 1}"]
    assert "delete the blank rows between" in found[f"d_FollowUps!B{first}"]
    book = FileBook(path)
    lines = {line.test: line.left for line in refresh_all(book).failed}
    assert lines == {"No row stands beneath the table of d_FollowUps": "2"}
    assert book.table("tblFollowUps").joined == 0


@pytest.mark.thorough
@pytest.mark.parametrize("beneath", [
    ["Total", None, None, None, None, 427, 12850],
    pytest.param(["Source: the shop"], marks=pytest.mark.thorough),
    pytest.param([None, None, None, None, None, None, 12850], marks=pytest.mark.thorough),
    pytest.param(["Summe:", None, None, None, None, 2, 50, 0], marks=pytest.mark.thorough),
])  # fmt: skip
def test_notes_and_totals_beneath_the_rows_stay_where_they_are(path, beneath):
    first = paste(path, "d_FollowUps", [FOLLOW_UP, beneath])
    book = FileBook(path)
    refresh_all(book)
    table = book.table("tblFollowUps")
    assert (table.bottom, table.strays, number_of(book, "out_FromLog3")) == (first, (), 1.275 + 0.01)
    assert openpyxl.load_workbook(path)["d_FollowUps"].cell(first + 1, 2).value == beneath[0]


def own_table(path, rows, *, total=False):
    """Two tables of the user's, one beneath the other, and rows beneath the first."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in [["Item", "Price", "With tax"], ["a", 10, "=B2*1.2"], ["b", 20, "=B3*1.2"]]:
        sheet.append(row)
    for number, row in enumerate(rows, start=4):
        for across, value in enumerate(row, start=1):
            sheet.cell(number, across, value)
    for row, cells in ((9, ["Name", "Paid"]), (10, ["x", 1])):
        for across, value in enumerate(cells, start=1):
            sheet.cell(row, across, value)
    sheet["H1"] = "=SUM(mine[With tax])"
    mine = ExcelTable(displayName="mine", ref="A1:C3", totalsRowCount=int(total) or None)
    sheet.add_table(mine)
    sheet.add_table(ExcelTable(displayName="other", ref="A9:B10"))
    workbook.save(path)
    return FileBook(path)


def test_several_tables_on_a_sheet_keep_apart(tmp_path):
    book = own_table(tmp_path / "own.xlsx", [["c", 30], ["d", 40], ["Total", 100]])
    assert take_in(book) == {"mine": 2}
    assert book.table("mine").columns["Item"] == ["a", "b", "c", "d"]
    assert (book.cells("Sheet!H1"), book.cells("Sheet!A6")) == ([[120.0]], [["Total"]])
    assert book.table("other").columns == {"Name": ["x"], "Paid": [1.0]}


def test_calc_takes_rows_in_too(tmp_path):
    own_table(tmp_path / "own.xlsx", [["c", 30]])
    assert "Taken in: 1 row beneath mine" in roc("calc", tmp_path / "own.xlsx").output
    assert FileBook(tmp_path / "own.xlsx").cells("Sheet!H1") == [[72.0]]


def test_nothing_joins_a_table_with_a_total_row(tmp_path):
    book = own_table(tmp_path / "own.xlsx", [["c", 30]], total=True)
    assert take_in(book) == {}
    assert book.table("mine").strays == (4,)


def test_a_row_that_lacks_something_counts_among_others_and_not_at_the_end():
    table = Table("tblPeriods", "d_Periods", 5, 2, 1, {
        "Month": [45658.0], "StartCustomers": [1.0], "New": [1.0], "Lost": [1.0], "Note": [None],
    }, frozenset())  # fmt: skip
    full, half = [45689.0, 1.0, 1.0, 1.0, None], [None, None, 1.0, None, None]
    assert with_rows_beneath(table, {6: half, 7: full, 8: half}).joined == 2
