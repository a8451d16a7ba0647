"""Check inputs: each wrong cell is named, with what was expected."""

import openpyxl
import pytest
from memory_book import MemoryBook

from addin.actions.checking import check_lines, failed, wrong_rows
from addin.xlsx.file_book import FileBook

WRONG = [
    ("d_Transactions", "C7", "soon", "Date must be a date, and 'soon' was found"),
    ("d_Transactions", "E9", "C99", "Campaign must be one of C01, C02, and 'C99' was found"),
    ("d_FollowUps", "H8", -3, "Price must be a number from 0 to 1e+09, and -3 was found"),
    ("d_Transactions", "B10", "sample-001", "the same Order stands in B5"),
    ("d_Customers", "G6", "Perhaps", "Feedback must be one of No, Yes, and 'Perhaps' was found"),
    (
        "d_Survey",
        "F11",
        11,
        "Score: a whole answer from 0 to 10 is needed, 11 was found; correct it or name the scale that was asked",
    ),
    ("d_Survey", "E12", "0-10", "Scale must be one of 0 to 10, 1 to 10, and '0-10' was found"),
    ("d_FollowUps", "D5", 40000, "the follow-up is older than the start of its campaign"),
    ("d_FollowUps", "G6", None, "Orders is blank"),
    (
        "d_Partners",
        "D6",
        "Friend",
        "Kind must be one of Agent, Association, Partner, Sponsorship, and 'Friend' was found",
    ),
    ("d_Periods", "B8", 60, "Month must be a date from March 1900 on, and 60 was found"),
]


def test_the_template_has_no_wrong_row(book):
    assert wrong_rows(book) == []
    assert failed(book) == []
    assert len(check_lines(book)) == 50
    assert {line.result for line in check_lines(book)} == {"OK"}


def test_every_wrong_cell_is_named(path):
    workbook = openpyxl.load_workbook(path)
    for sheet, cell, value, _ in WRONG:
        workbook[sheet][cell].value = value
        workbook[sheet][cell].number_format = "General"
    workbook.save(path)
    found = {finding.place: finding.reason for finding in wrong_rows(FileBook(path))}
    assert found == {f"{sheet}!{cell}": reason for sheet, cell, _, reason in WRONG}


def test_a_book_without_checks_has_no_lines(tmp_path):
    openpyxl.Workbook().save(tmp_path / "own.xlsx")
    book = FileBook(tmp_path / "own.xlsx")
    assert (check_lines(book), wrong_rows(book)) == ([], [])


@pytest.mark.parametrize("index", [0, 33])
def test_a_line_says_what_it_compares(book, index):
    line = check_lines(book)[index]
    assert line.number == index + 1
    assert (line.test, line.left, line.right) == [
        ("Every number is a number, every date a date", "0", "0"),
        ("Add-in and native formulas agree on Metrics", "0", "0"),
    ][index == 33]  # fmt: skip


def test_a_campaign_without_a_start_has_no_follow_up_before_it():
    book = MemoryBook(rows={
        "tblCampaigns": [{"Campaign": "C01", "Start": None}, {"Campaign": "C02", "Start": 46000.0}],
        "tblFollowUps": [{"Campaign": "C01", "Date": 45000.0}, {"Campaign": "C02", "Date": 45999.0},
                         {"Campaign": "C02", "Date": 46000.0}, {"Campaign": "C09", "Date": 1000.0}],
    })  # fmt: skip
    older = [wrong.place for wrong in wrong_rows(book) if "older than the start" in wrong.reason]
    assert older == [book.table("tblFollowUps").place("Date", 1)] == ["d_FollowUps!D6"]
