"""Rows beneath a table in a workbook that is open in Excel, which another program wrote there."""

import openpyxl
import pytest

from addin.actions.rows_beneath import take_in
from addin.errors import BookError

ROW = ["E77", "C01", 45992, "New order", None, 10, 30, None, None]


@pytest.fixture
def beneath(opened):
    """The stand-in's sheet with rows beneath its table, and the number of the first."""
    sheet = opened.inside["d_FollowUps"]
    first = openpyxl.utils.range_boundaries(sheet.tables["tblFollowUps"].ref)[3] + 1
    for number in (first, first + 1):
        for column, cell in enumerate(ROW, start=2):
            sheet.cell(number, column, cell)
    return sheet, first


@pytest.mark.thorough
def test_rows_beneath_a_table_join_it_and_undo_takes_that_back(book, beneath):
    sheet, first = beneath
    before = sheet.tables["tblFollowUps"].ref
    assert take_in(book) == {"tblFollowUps": 2}
    assert sheet.tables["tblFollowUps"].ref == f"B4:Y{first + 1}"
    assert [cell.value for cell in sheet[f"B{first}:J{first}"][0]] == ROW
    assert str(sheet[f"Q{first + 1}"].value).startswith("=")
    assert sheet[f"D{first}"].number_format == sheet[f"D{first - 1}"].number_format
    assert take_in(book) == {}
    book.undo()
    assert sheet.tables["tblFollowUps"].ref == before
    assert [cell.value for cell in sheet[f"B{first}:Q{first}"][0]] == [*ROW, *[None] * 7]


def test_a_write_that_replaces_rows_clears_those_beneath(book, beneath):
    from addin.actions.book import Change, Rows

    sheet, first = beneath
    with book.action("Try"):
        book.write(Change(rows={"tblFollowUps": Rows({"Event": ["only"]})}))
    assert sheet.tables["tblFollowUps"].ref == "B4:Y5"
    assert [cell.value for cell in sheet[f"B{first}:J{first}"][0]] == [None] * 9


def test_what_stands_further_down_still_stops_a_table(book, beneath):
    from addin.actions.book import Change, Rows

    sheet, first = beneath
    sheet.cell(first + 3, 2, "a note")
    with book.action("Try"), pytest.raises(BookError, match=rf"cell B{first + 3} is not empty"):
        book.write(Change(rows={"tblFollowUps": Rows({"Event": ["x", "y"]}, append=True)}))
