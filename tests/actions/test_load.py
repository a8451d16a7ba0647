"""Load data: what is new, what is there already, what is wrong; and what the book then says."""

import csv
import random
import re
import zipfile
from collections import Counter, defaultdict
from datetime import date, timedelta

import openpyxl
import pytest
from memory_book import MemoryBook
from read_books import read_book

from addin.actions.book import Change
from addin.actions.load import load, preview
from addin.errors import BookError
from addin.xlsx.file_book import FileBook

HEAD = ["Order ID", "Order date", "Client", "Qty", "Amount", "Campaign ID", "Type"]


def write(path, rows, head=HEAD, **options):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, **options)
        writer.writerows([head, *rows])
    return path


@pytest.fixture
def orders(tmp_path):
    return write(tmp_path / "orders.csv", [
        ["A1", "2025-02-03", "K001", 1, 30, "C01", "Immediate sale"],
        ["A2", "2025-05-04", "K001", 2, 40.5, "C01", "New order"],
        ["A3", "2025-06-05", "K002", 1, 20, "", ""],
    ])  # fmt: skip


def test_rows_replace_the_sample(book, path, orders, shown, rows_of):
    plan = preview(book, [orders])
    assert (plan.table, plan.new, plan.there, plan.sample) == ("tblTransactions", 3, 425, 425)
    assert plan.mapping == dict(
        zip(["Order", "Date", "Customer", "Units", "Price", "Campaign", "Type"], HEAD, strict=True)
    )
    load(book, plan)
    assert book.asked == [
        "Amount beside Qty is read as the price of one item, and could be the amount of the whole line. Is that right?",
        "Replace the 425 sample rows of tblTransactions with 3 rows?",
        "The sheets count orders as the log in d_FollowUps has them. Count these order rows instead, from now on?",
    ]
    assert shown(path, "in_Source") == "Transactions"
    rows = rows_of(path, "tblTransactions")
    assert [row["Order"] for row in rows] == ["A1", "A2", "A3"]
    assert [row["Revenue"] for row in rows] == [30, 81, 20]
    assert [row["CustomerTotal"] for row in rows] == [111, None, 20]
    assert [row["Date"].date() for row in rows] == [date(2025, 2, 3), date(2025, 5, 4), date(2025, 6, 5)]
    assert shown(path, "out_FromOrders3") == pytest.approx(111 / 10_000)
    assert book.kept == []


def test_appended_rows_stand_beneath_and_repeated_ones_stay_out(book, path, tmp_path, rows_of):
    file = write(tmp_path / "more.csv", [
        ["sample-001", "2025-02-03", "K001", 1, 30, "", ""],
        ["B1", "2025-02-03", "K001", 1, 30, "", ""],
        ["b2", "2025-02-04", "K002", 1, 31, "", ""],
        ["B2", "2025-02-04", "K003", 1, 31, "", ""],
    ])  # fmt: skip
    plan = preview(book, [file], append=True)
    assert [(p.place, p.reason) for p in plan.duplicates] == [
        ("more.csv, row 2", "the same Order stands in d_Transactions!B5 with another Date"),
    ]
    assert [(p.place, p.reason) for p in plan.rejected] == [
        (f"more.csv, row {row}", "the order b2 belongs to K002 in row 4 and to K003 in row 5") for row in (4, 5)
    ]
    before = rows_of(path, "tblTransactions", data_only=False)
    load(book, plan)
    after = rows_of(path, "tblTransactions", data_only=False)
    assert after[:425] == before
    assert [row["Order"] for row in after[425:]] == ["B1"]
    assert after[425]["Revenue"] == after[424]["Revenue"]
    assert [question for question in book.asked if question.startswith("Replace")] == []


REJECTED = [
    ("Date", "soon", "Date must be a date, and 'soon' was found"),
    ("Date", "", "Date is blank"),
    ("Date", "1850-01-01", "Date must be a date from March 1900 on"),
    ("Amount", "12x", "Price must be a number, and '12x' was found"),
    ("Amount", "-2000000000", "Price must be a number from -1e+09 to 1e+09, and -2e+09 was found"),
    ("Client", "", "Customer is blank"),
    ("Campaign", "C99", "Campaign must be one of C01, C02, and 'C99' was found"),
    ("Type", "Gift", "Type must be one of"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text", "reason"), REJECTED)
def test_a_wrong_row_is_rejected_with_its_reason(tmp_path, column, text, reason):
    book = MemoryBook(rows={"tblCampaigns": [{"Campaign": "C01"}, {"Campaign": "C02"}]})
    head = ["Order", "Date", "Client", "Amount", "Campaign", "Type"]
    right = ["A1", "2025-02-03", "K001", "30", "C01", "New order"]
    wrong = [
        text if name == column else "A2" if name == "Order" else cell for name, cell in zip(head, right, strict=True)
    ]
    plan = preview(book, [write(tmp_path / "o.csv", [right, wrong], head)])
    (problem,) = plan.rejected
    assert problem.place == "o.csv, row 3"
    assert problem.reason.startswith(reason)
    assert plan.new == 1


def test_many_rejected_rows_are_asked_about_and_no_means_no(path, tmp_path):
    rows = [["A1", "2025-02-03", "K1", 1, 30, "", ""], ["A2", "never", "K1", 1, 30, "", ""]]
    before = path.read_bytes()
    book = FileBook(path)
    with pytest.raises(
        BookError, match=r"1 of 2 rows are rejected, the first one \(o.csv, row 3\).*nothing was changed"
    ):
        load(book, preview(book, [write(tmp_path / "o.csv", rows)]))
    assert path.read_bytes() == before


def test_nothing_to_load_is_said(book, path, tmp_path):
    before = path.read_bytes()
    with pytest.raises(BookError, match="no row can be loaded into tblTransactions: 1 rejected"):
        load(book, preview(book, [write(tmp_path / "o.csv", [["A2", "never", "K1", 1, 30, "", ""]])]))
    assert path.read_bytes() == before


def test_headings_are_remembered(tmp_path):
    book = MemoryBook()
    head = ["Nr", "When", "Who", "How much"]
    mapping = {"Order": "Nr", "Date": "When", "Customer": "Who", "Price": "How much"}
    file = write(tmp_path / "o.csv", [["1", "2025-02-03", "K001", "30"]], head)
    with pytest.raises(BookError, match="fit no table"):
        preview(book, [file])
    with pytest.raises(BookError, match="no column for Date, Customer, Price of tblTransactions"):
        preview(book, [file], table="tblTransactions")
    load(book, preview(book, [file], table="tblTransactions", mapping=mapping))
    again = write(tmp_path / "p.csv", [["2", "2025-02-04", "K002", "31"]], head)
    plan = preview(book, [again], table="tblTransactions", append=True)
    assert plan.mapping == mapping
    assert plan.notes == [
        "p.csv: the price is How much: the file does not say whether tax, shipping and discounts are in it"
    ]
    load(book, plan)
    assert [row["Price"] for row in book.rows("tblTransactions")] == [30, 31]


def test_one_text_for_every_row(book, path, tmp_path, rows_of):
    file = write(tmp_path / "o.csv", [["1", "2025-02-03", "K001", "30"]], ["Order", "Date", "Customer", "Price"])
    load(book, preview(book, [file], mapping={"Campaign": "=C01", "Type": "=New order"}))
    (row,) = rows_of(path, "tblTransactions")
    assert (row["Campaign"], row["Type"], row["Month"]) == ("C01", "New order", 1)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"Weight": "Qty"}, "tblTransactions has no column Weight"),
        ({"Price": "Cost"}, "has no column Cost; it has Order ID"),
    ],
)
def test_a_wrong_mapping_is_told(orders, mapping, sentence):
    book = MemoryBook()
    with pytest.raises(BookError, match=sentence):
        preview(book, [orders], table="tblTransactions", mapping=mapping)


def test_a_folder_is_loaded_as_one(tmp_path):
    book = MemoryBook()
    folder = tmp_path / "files"
    folder.mkdir()
    write(folder / "a.csv", [["A1", "2025-02-03", "K001", 1, 30, "", ""]])
    write(folder / "b.csv", [["A2", "3.2.2025", "K001", 1, "30,5", "", ""]], delimiter=";")
    load(book, preview(book, [folder]))
    assert [row["Price"] for row in book.rows("tblTransactions")] == [30, 30.5]


def test_text_that_looks_like_a_formula_stays_text(book, path, tmp_path):
    rows = [[text, "2025-02-03", "K001", 1, 30, "", ""] for text in ("=1+1", "+49", "-x", "@SUM(A1)", "<b>&amp;", " ")]
    load(book, preview(book, [write(tmp_path / "o.csv", rows)]))
    package = zipfile.ZipFile(path)
    sheets = b"".join(package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet"))
    assert re.search(rb'<c r="B5" s="\d+" t="inlineStr"><is><t>=1\+1</t></is></c>', sheets)
    cells = [read_book(path, data_only=False)["d_Transactions"][f"B{row}"] for row in range(5, 10)]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"), ("+49", "s"), ("-x", "s"), ("@SUM(A1)", "s"), ("<b>&amp;", "s"),
    ]  # fmt: skip


def test_answers_become_an_nps(book, path, tmp_path, shown):
    draw = random.Random(4)
    scores = [draw.randrange(11) for _ in range(80)]
    rows = [[f"Q{number}", "2025-07-01", score] for number, score in enumerate(scores)]
    plan = preview(book, [write(tmp_path / "s.csv", rows, ["Response ID", "Answered at", "NPS score"])])
    assert plan.table == "tblSurvey"
    load(book, plan)
    nps = (sum(score > 8 for score in scores) - sum(score < 7 for score in scores)) / len(scores) * 100
    assert shown(path, "out_NPS") == pytest.approx(nps)


def test_a_table_of_the_user_s_own(tmp_path, rows_of):
    workbook = openpyxl.Workbook()
    for row in (["Name", "Since", "Twice"], ["Ann", 3, None]):
        workbook.active.append(row)
    workbook.active["C2"] = "=B2*2"
    workbook.active.add_table(openpyxl.worksheet.table.Table(displayName="mine", ref="A1:C2"))
    workbook.save(tmp_path / "own.xlsx")
    book = FileBook(tmp_path / "own.xlsx")
    file = write(tmp_path / "n.csv", [["Bo", "7"], ["Cy", "8"]], ["Name", "Since"])
    load(book, preview(book, [file], table="mine", append=True))
    assert [row["Twice"] for row in rows_of(tmp_path / "own.xlsx", "mine")] == [6, 14, 16]
    assert [row["Twice"] for row in rows_of(tmp_path / "own.xlsx", "mine", data_only=False)] == [
        "=B2*2",
        "=B3*2",
        "=B4*2",
    ]


MANY_ROWS = 500


@pytest.fixture
def many(tmp_path, monkeypatch):
    """More orders than formulas are kept for, of customers who come again."""
    monkeypatch.setattr("addin.actions.calculated_columns.MANY_ROWS", MANY_ROWS)
    draw = random.Random(7)
    rows = [
        [f"A{number}", date(2025, 1, 2) + timedelta(days=draw.randrange(300)),
         f"U{int(draw.paretovariate(1)) % 900}", 1, draw.randrange(5, 90), "C01", "New order"]
        for number in range(MANY_ROWS + 1)
    ]  # fmt: skip
    return rows, write(tmp_path / "many.csv", rows)


def test_a_long_table_holds_values_that_are_right(book, path, many, shown, rows_of):
    rows, file = many
    load(book, preview(book, [file]))
    revenue = [row[3] * row[4] for row in rows]
    assert shown(path, "out_FromOrders3") == pytest.approx(
        sum(r for r, row in zip(revenue, rows, strict=True) if row[1] < date(2026, 2, 1)) / 10_000
    )
    spent = defaultdict(int)
    for row, amount in zip(rows, revenue, strict=True):
        spent[row[2]] += amount
    found = rows_of(path, "tblTransactions", data_only=False)
    assert [row["Revenue"] for row in found] == revenue
    assert {row["Customer"]: row["CustomerTotal"] for row in found if row["CustomerTotal"] is not None} == spent
    assert sum(row["Repeated"] for row in found) == 0
    assert [row["Month"] for row in found] == [row[1].month - 1 for row in rows]


@pytest.mark.thorough
def test_formulas_come_back_when_the_table_is_short_again(book, path, many, orders, rows_of):
    load(book, preview(book, [many[1]]))
    load(book, preview(book, [orders]))
    found = rows_of(path, "tblTransactions", data_only=False)
    assert len(found) == 3
    assert found[2]["Revenue"].startswith("=IF(tblTransactions[[#This Row],[IsRefund]]=1,-ABS(")
    assert rows_of(path, "tblCustomers", data_only=False)[9]["Orders"].startswith("=IF(")
    counts = Counter(row["Customer"] for row in rows_of(path, "tblTransactions"))
    customers = {row["Customer"]: row["Orders"] for row in rows_of(path, "tblCustomers")}
    assert (customers["K001"], customers["K003"]) == (2, 0)
    assert counts["K001"] == 2


def test_a_file_with_more_rows_than_a_sheet_is_refused(orders, monkeypatch):
    book = MemoryBook()
    monkeypatch.setattr("addin.tabular.reader.MOST_ROWS", 2)
    with pytest.raises(BookError, match=r"has more than 2 rows.*Sources table"):
        preview(book, [orders])


@pytest.mark.parametrize(("label", "then"), [("USD", "EUR"), ("EUR", "EUR"), ("€", "€"), (None, "")])
def test_the_sheets_call_amounts_by_the_currency_that_the_file_names(book, path, tmp_path, shown, label, then):
    """Of another code they would say that euros are dollars; a sign of one's own stays."""
    with book.action("Inputs"):
        book.write(Change(cells={"in_Currency": label}))
    rows = [["A1", "2025-02-03", "K001", 30, "EUR"], ["A2", "2025-05-04", "K001", 40.5, "EUR"]]
    plan = preview(book, [write(tmp_path / "o.csv", rows, ["Order ID", "Order date", "Client", "Total", "Currency"])])
    assert [note for note in plan.notes if "Inputs" in note] == (
        ["Inputs says that amounts are in USD; it will say EUR"] if label == "USD" else []
    )
    load(book, plan)
    assert (shown(path, "in_Currency") or "") == then
