"""Tables in LibreOffice: rows typed beneath one join it at once, pasted ones by a button; Undo takes all back."""

import time
from datetime import date

import openpyxl
import pytest

from addin.schema import schemas
from addin.values import serial

REVENUE = [column.name for column in schemas()["tblFollowUps"].columns].index("Revenue") + 1
"""Where a follow-up's revenue stands, counted from column A as 0."""


def area(document, name):
    return document.DatabaseRanges.getByName(name).DataArea


def value(document, name):
    return document.NamedRanges.getByName(name).getReferredCells().getDataArray()[0][0]


def until(true):
    """Whether something comes true, which LibreOffice does once it is idle."""
    for _ in range(100):
        if true():
            return True
        time.sleep(0.05)
    return False


def type_follow_up(document, row, orders=10):
    sheet = document.Sheets.getByName("d_FollowUps")
    for column, cell in enumerate(["E77", "C01", float(serial(date(2025, 12, 1))), "New order", "", orders, 30.0], 1):
        target = sheet.getCellByPosition(column, row)
        target.setString(cell) if isinstance(cell, str) else target.setValue(cell)


@pytest.mark.thorough
def test_a_row_typed_beneath_a_table_joins_it_at_once_and_undo_takes_that_back(opened):
    last, before = area(opened, "tblFollowUps").EndRow, value(opened, "out_FromLog3")
    sheet = opened.Sheets.getByName("d_FollowUps")
    type_follow_up(opened, last + 1)
    assert until(lambda: area(opened, "tblFollowUps").EndRow == last + 1)
    assert until(lambda: value(opened, "out_FromLog3") == pytest.approx(before + 0.03))
    assert sheet.getCellByPosition(REVENUE, last + 1).Value == 300
    assert sheet.getCellByPosition(3, last + 1).String == "2025-12-01"
    undo = opened.getUndoManager()
    while undo.isUndoPossible():
        undo.undo()
        time.sleep(0.1)
    assert area(opened, "tblFollowUps").EndRow == last
    assert sheet.getCellByPosition(1, last + 1).String == ""
    assert value(opened, "out_FromLog3") == before
    while undo.isRedoPossible():
        undo.redo()
        time.sleep(0.1)
    assert area(opened, "tblFollowUps").EndRow == last + 1
    assert sheet.getCellByPosition(REVENUE, last + 1).Value == 300


@pytest.mark.thorough
def test_rows_beneath_tables_of_a_file_join_by_a_button(office, path):
    workbook = openpyxl.load_workbook(path, keep_vba=True)
    first = workbook["d_FollowUps"].max_row + 1
    for across, cell in enumerate(["E77", "C01", date(2025, 12, 1), "New order", None, 10, 30], start=2):
        workbook["d_FollowUps"].cell(first, across, cell)
    workbook.save(path)
    document = office.open(path)
    document.calculateAll()
    assert value(document, "out_Status") == "Checks: LOOK"
    assert "Taken in: 1 row beneath tblFollowUps" in office.press(document, "check_inputs")
    assert area(document, "tblFollowUps").EndRow == first - 1
    assert value(document, "out_FromLog3") == pytest.approx(1.275 + 0.03)
    document.getUndoManager().undo()
    assert area(document, "tblFollowUps").EndRow == first - 2
    assert document.Sheets.getByName("d_FollowUps").getCellByPosition(1, first - 1).String == "E77"
    assert "Taken in: 1 row beneath tblFollowUps" in office.press(document, "refresh_all")
    document.close(True)


FORMS = {
    "new_campaign": ("tblCampaigns", {"Name": "Spring", "Start": "2026-02-01", "Budget": "1500"}),
    "log_follow_up": ("tblFollowUps", {"Campaign": "C01", "Date": "2026-03-02", "Type": "New order", "Orders": "4",
                                       "Price": "25"}),
}  # fmt: skip


@pytest.mark.thorough
def test_undo_takes_the_first_row_of_an_empty_table_back(office, opened):
    def rows(name):
        found = area(opened, name)
        sheet = opened.Sheets.getByIndex(found.Sheet)
        return sheet.getCellRangeByPosition(
            found.StartColumn, found.StartRow, found.EndColumn, found.EndRow + 1
        ).getFormulaArray()

    assert "taken out" in office.press(opened, "sample", Yes=True)
    undo = opened.getUndoManager()
    for form, (name, typed) in FORMS.items():
        before = rows(name)
        said = office.press(opened, form, **typed)
        assert "added" in said or "logged" in said, said
        after = rows(name)
        assert after != before
        undo.undo()
        assert rows(name) == before
        undo.redo()
        assert rows(name) == after
