"""Return order, as repeat orders were called: books and files that hold the word are still understood."""

import openpyxl
import pytest

from addin.actions.checking import wrong_rows
from addin.actions.load import load, preview
from addin.actions.refresh import refresh_all
from addin.actions.sample import sample_off, sample_on
from addin.xlsx.file_book import FileBook

OLD, NEW = "Return order", "Repeat order"


def reworded(path, sheets):
    """The book with the former name in these sheets."""
    workbook = openpyxl.load_workbook(path, keep_vba=True)
    for name in sheets:
        for row in workbook[name].iter_rows():
            for cell in row:
                if cell.value == NEW:
                    cell.value = OLD
    workbook.save(path)
    return FileBook(path, ask=lambda question: True)


@pytest.mark.thorough
def test_rows_with_the_former_name_count_as_before(path, shown):
    book = reworded(path, ["d_FollowUps", "d_Transactions"])
    assert wrong_rows(book) == []
    refresh_all(book)
    returns = [shown(path, name) for name in ("out_Gross3", "out_FromLog3", "out_FromOrders3")]
    assert returns == pytest.approx([1.275] * 3, abs=1e-12)
    assert (shown(path, "ROI_ROC!C44"), shown(path, "chk_All")) == (65, "OK")


@pytest.mark.thorough
def test_a_book_made_with_the_former_name_keeps_it_and_its_return(path, shown, rows_of):
    book = reworded(path, ["Lists", "d_FollowUps", "d_Transactions"])
    sample_off(book)
    sample_on(book)
    assert {row["Type"] for row in rows_of(path, "tblTransactions")} == {
        "Immediate sale", "Follow-up reorder", "New order", OLD,
    }  # fmt: skip
    assert shown(path, "out_Gross3") == pytest.approx(1.275, abs=1e-12)
    assert shown(path, "chk_All") == "OK"


def test_a_file_with_the_former_name_is_loaded_by_the_present_one(book, path, tmp_path, rows_of):
    file = tmp_path / "orders.csv"
    file.write_text(f"Order,Date,Customer,Campaign,Type,Price\nN1,2025-06-01,K001,C01,{OLD},30\n")
    load(book, preview(book, [file]))
    assert [row["Type"] for row in rows_of(path, "tblTransactions")] == [NEW]
