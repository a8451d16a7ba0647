"""What the pane read of a workbook, as actions read it and write to it before Excel has done anything."""

import json

import pytest

from addin.actions.book import Change, Rows
from addin.errors import BookError, CellError
from addin.hosts.web.snapshot import Sheet
from addin.hosts.web.snapshot_book import SnapshotBook, Suspended

COLUMNS = [["Name", "Anna", "#N/A", ""], ["Price", 20, 0, 40.5]]
FORMULAS = [[3, 2, "=NPS(B2)"], [4, 2, "=B2*2"]]
AREA = (2, 1, 4, 2)


@pytest.fixture
def sheet():
    return Sheet.read(json.dumps({"columns": COLUMNS, "formulas": FORMULAS}))


def read(sheet):
    """A snapshot of a workbook with one table on this sheet."""
    table = {"name": "Prices", "sheet": "S", "top": 1, "left": 1, "bottom": 2, "right": 2, "totals": False}
    return {"title": "b", "sheets": {"S": sheet}, "tables": [table], "names": {}, "notes": {"a": "1"}, "spills": {}}


@pytest.fixture
def book(sheet):
    return SnapshotBook([read(sheet)])


def test_cells_are_read_as_they_are_shown(sheet):
    assert sheet.values((2, 1, 5, 3)) == [
        ["Anna", 20.0, None], [CellError("#N/A"), 0.0, None], [None, 40.5, None], [None, None, None],
    ]  # fmt: skip
    assert sheet.used((1, 1, 9, 9)) == (1, 1, 4, 2)
    assert sheet.calls == [(3, 2, "=NPS(B2)")]


def test_what_stands_there_is_kept_for_undo(sheet):
    assert sheet.contents(AREA) == [["'Anna", "#N/A", ""], [20, "=NPS(B2)", "=B2*2"]]
    assert sheet.contents((3, 2, 3, 2)) == [["=NPS(B2)"]]
    assert sheet.contents((4, 2, 4, 2)) == [["=B2*2"]]


def test_what_is_written_changes_a_copy_alone(sheet):
    written = sheet.copy()
    written.put(3, 2, [7.0])
    written.put(4, 1, ["", "Ben"])
    written.put(2, 4, [None, None], "=A2")
    assert written.values((2, 1, 5, 2)) == [["Anna", 20.0], [CellError("#N/A"), 7.0], [None, 40.5], ["Ben", None]]
    assert written.contents((2, 2, 4, 4)) == [[20, 7, "=B2*2"], ["", "", ""], ["=A2", "=A2", ""]]
    assert written.bottom == 5
    assert sheet.contents(AREA) == [["'Anna", "#N/A", ""], [20, "=NPS(B2)", "=B2*2"]]
    assert sheet.bottom == 4


def test_a_table_is_as_it_was_written(book):
    assert book.table("prices").columns["Price"] == [20.0]
    two = Change(rows={"Prices": Rows({"Name": ["Carl", "Dora"], "Price": [1.0, 2.0]})})
    with pytest.raises(BookError, match="cell A3 is not empty"):
        book.write(two)
    book.write(Change(cells={"S!A3:B4": [[None, None], [None, None]]}))
    book.write(two)
    assert book.table("Prices").columns == {"Name": ["Carl", "Dora"], "Price": [1.0, 2.0]}
    book.write(Change(cells={"S!B2": 5.0}))
    assert book.table("Prices").columns["Price"] == [5.0, 2.0]


def test_steps_are_put_back_in_the_other_order(book):
    book.write(Change(cells={"S!A2:B2": [["Eve", 1.0]]}, notes={"a": "2"}))
    book.write(Change(cells={"S!A2": "Fay"}))
    assert [step.get("columns") or step["text"] for step in book.steps] == [[["'Eve"], [1.0]], "2", [["'Fay"]]]
    assert [step.get("columns") or step["text"] for step in book.back] == [[["'Eve"]], "1", [["'Anna"], [20.0]]]
    with pytest.raises(Suspended):
        book.calculate()


def test_a_table_is_read_again_once_excel_has_calculated(sheet):
    calculated = sheet.copy()
    calculated.put(2, 2, [21.0])
    book = SnapshotBook([read(sheet), read(calculated)])
    assert book.table("Prices").columns["Price"] == [20.0]
    assert [cell.place for cell in book.calculate()] == ["S!B3"]
    assert book.table("Prices").columns["Price"] == [21.0]
