"""Buttons of the pane pressed without a browser: long tables as `roc` leaves them, and what is read once alone."""

import datetime as dt

import pytest
from book_in_python import BookInPython
from filled import filled, held_by
from test_web_buttons import ROWS, SAME, by_roc, differences

from addin.actions.forms import FORMS, enter
from addin.actions.load import load, preview
from addin.actions.refresh import refresh_all
from addin.windows import APPEND

COUNT = 2_500
FIRST_DAY = dt.date(2023, 1, 1)


@pytest.fixture
def book(path):
    return BookInPython(filled(path))


@pytest.fixture
def orders(tmp_path):
    """A file with more orders than tables calculate by formulas."""
    lines = [f"O{row:05},C{row * 31 % 700:04},{FIRST_DAY + dt.timedelta(row * 7 % 900)},{5 + row % 300}"
             for row in range(COUNT)]  # fmt: skip
    file = tmp_path / "orders.csv"
    file.write_text("\n".join(["Order,Customer,Date,Amount", *lines]))
    return file


def typed_in(said):
    return {row["name"]: row["value"] for row in said["window"]["rows"]}


@pytest.mark.thorough
def test_a_long_file_is_loaded_refreshed_and_taken_back(book, path, orders):
    before = held_by(book.book)
    files = [str(orders)]
    values = typed_in(book.press("load_data", files=files))
    loaded = book.press("load_data", files=files, values=values, seen=values)
    assert "2,500 rows loaded into tblTransactions, 425 rows replaced" in loaded["done"]
    there = held_by(book.book)
    assert differences(there, by_roc(path, lambda file: load(file, preview(file, [orders])))) == SAME
    refreshed = book.press("refresh_book")
    theirs = by_roc(path, refresh_all)
    theirs.pop("out_lastrefresh")
    assert differences(held_by(book.book), theirs) == SAME
    book.press("undo", kept=refreshed["undo"])
    assert held_by(book.book) == there
    book.press("undo", kept=loaded["undo"])
    assert held_by(book.book) == before


@pytest.mark.thorough
def test_a_later_report_of_ads_changes_the_campaigns_that_are_there(book, path, tmp_path):
    file = tmp_path / "report.csv"
    head = "Campaign name,Day,Amount spent (EUR)\nSpring,2026-02-01,100.5\n"
    for text in (head, f"{head}Spring,2026-02-02,9\nAutumn,2026-02-02,5\n"):
        before = held_by(book.book)
        file.write_text(text)
        values = typed_in(book.press("load_data", files=[str(file)]))
        loaded = book.press("load_data", files=[str(file)], values=values, seen=values)
        theirs = by_roc(path, lambda opened: load(opened, preview(opened, [file])))
        assert differences(held_by(book.book), theirs) == SAME
    assert loaded["done"].startswith("1 rows added to tblCampaigns and 1 changed")
    book.press("undo", kept=loaded["undo"])
    assert held_by(book.book) == before


@pytest.mark.thorough
def test_what_was_seen_is_loaded_without_reading_the_file_again(book, orders):
    files = [str(orders)]
    values = typed_in(book.press("load_data", files=files))
    orders.unlink()
    assert "2,500 rows" in book.press("load_data", files=files, values=values, seen=values)["done"]


@pytest.mark.thorough
def test_a_workbook_that_changed_since_the_window_is_looked_at_again(book, orders):
    files = [str(orders)]
    values = typed_in(book.press("load_data", files=files))
    values["Rows"] = APPEND
    assert "2,500 new rows" in str(book.press("load_data", files=files, values=values)["window"])
    [table] = [table for table in book.book["tables"] if table["name"] == "tblTransactions"]
    book.cells(table["sheet"])[f"{table['top'] + 1},{table['left']}"] = {"value": "O00007"}
    loaded = book.press("load_data", files=files, values=values, seen=values)
    assert "2,499 rows loaded" in loaded["done"]


@pytest.mark.thorough
@pytest.mark.parametrize("title", ROWS)
def test_a_row_is_entered_as_by_roc(book, path, title):
    form, values = ROWS[title]
    before = held_by(book.book)
    done = book.press(form, values=values)
    assert differences(held_by(book.book), by_roc(path, lambda file: enter(file, FORMS[form], values))) == SAME
    book.press("undo", kept=done["undo"])
    assert held_by(book.book) == before
