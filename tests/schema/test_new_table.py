"""A table of the template is one file: declared in a test, it is written, checked and loaded."""

import sys

import openpyxl
import pytest

from addin import schema
from addin.actions.checking import wrong_rows
from addin.actions.load import load, preview
from addin.template.workbook import write_template
from addin.xlsx.file_book import FileBook

COMPLAINTS = """
from datetime import date
from addin.schema import Between, Column, ColumnKind, OneOf, TableSchema, ValidDate

COMPLAINTS = TableSchema(
    "tblComplaints", "d_Complaints", "Complaints", "One row per complaint", "Data: complaints", 9.5,
    [
        Column("Case", 10, required=True, aliases=("ticket",)),
        Column("Date", 13, ColumnKind.DATE, required=True, rule=ValidDate("When it came.")),
        Column("Customer", 12),
        Column("Grade", 12, rule=OneOf(("mild", "grave"), "How bad it was.", former={"bad": "grave"})),
        Column("Refund", 12, ColumnKind.NUMBER, rule=Between("What was paid back.")),
        Column("Note", 12),
        Column("Twice", 12, ColumnKind.NUMBER, formula="=2*[@Refund]"),
    ],
    key=["Case"], sample=lambda: [("S1", date(2025, 3, 1), "K001", "mild", 5, "sample")],
)
TABLES = [COMPLAINTS]
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    """The template as it would be with one more file in addin/schema/tables."""
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "complaints.py").write_text(COMPLAINTS)
    monkeypatch.setattr(schema.declared, "__path__", [*schema.declared.__path__, str(folder)])
    schema.schemas.cache_clear()
    schema.aliases.cache_clear()
    path = tmp_path / "book.xlsm"
    path.write_bytes(write_template())
    yield FileBook(path, ask=lambda question: True)
    schema.schemas.cache_clear()
    schema.aliases.cache_clear()
    sys.modules.pop("addin.schema.tables.complaints", None)


@pytest.mark.thorough
def test_a_table_is_one_file(book, tmp_path):
    path = tmp_path / "book.xlsm"
    sheet = openpyxl.load_workbook(path)["d_Complaints"]
    assert [cell.value for cell in sheet[4][1:]] == ["Case", "Date", "Customer", "Grade", "Refund", "Note", "Twice"]
    assert [cell.value for cell in sheet[5][1:5]] == ["S1", sheet["C5"].value, "K001", "mild"]
    assert sheet["H5"].value == "=2*tblComplaints[[#This Row],[Refund]]"
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"date", "list", "decimal"}

    wrong = openpyxl.load_workbook(path)
    wrong["d_Complaints"]["E5"].value, wrong["d_Complaints"]["F5"].value = "dreadful", -1
    wrong.save(tmp_path / "wrong.xlsx")
    assert {fault.place: fault.reason for fault in wrong_rows(FileBook(tmp_path / "wrong.xlsx"))} == {
        "d_Complaints!E5": "Grade must be one of grave, mild, and 'dreadful' was found",
        "d_Complaints!F5": "Refund must be a number from 0 to 1e+09, and -1 was found",
    }

    file = tmp_path / "tickets.csv"
    file.write_text("Ticket,Date,Grade,Refund\nT1,2026-01-05,bad,10\nT2,2026-01-06,odd,1\n")
    plan = preview(book, [file])
    assert (plan.table, plan.new, plan.sample) == ("tblComplaints", 1, 1)
    assert [problem.reason for problem in plan.rejected] == ["Grade must be one of grave, mild, and 'odd' was found"]
    load(book, plan)
    after = openpyxl.load_workbook(path)["d_Complaints"]
    assert [after["B5"].value, after["E5"].value, after["F5"].value, after["B6"].value] == ["T1", "grave", 10, None]
