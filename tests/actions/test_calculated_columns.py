"""Columns as values are what the template's formulas come to, in this engine and in LibreOffice."""

import random
from datetime import date

import openpyxl
import pytest

from addin.actions.book import Change, Rows
from addin.actions.calculated_columns import NEEDED, calculated_in
from addin.template.inputs import ROW
from addin.values import serial


@pytest.fixture
def odd(book):
    """The template with rows that leave cells blank, repeat ids, differ in case only, and name what is not there."""
    draw = random.Random(3)
    ids = [f"K{number:03}" for number in range(1, 12)]

    def some(values, blank=0.2):
        return None if draw.random() < blank else draw.choice(values)

    count = 120
    days = [float(serial(date(2025, month, day))) for month in (1, 2, 5, 12) for day in (1, 28)]
    change = Change(rows={
        "tblTransactions": Rows({
            "Order": [some([f"O{n}" for n in range(200)]) for _ in range(count)],
            "Date": [some(days, 0.1) for _ in range(count)],
            "Customer": [some([*ids, "k001", "Nobody"]) for _ in range(count)],
            "Campaign": [some(["C01", "c02", "C09"], 0.5) for _ in range(count)],
            "Type": [some(["New order", "Response"], 0.8) for _ in range(count)],
            "Units": [some([1.0, 2.0, 0.0, -1.0]) for _ in range(count)],
            "Price": [some([5.0, 12.25, -7.5]) for _ in range(count)],
            "Coupon": [some(["SPRING", "tulip", "gone"], 0.7) for _ in range(count)],
        }),
        "tblCampaigns": Rows({
            "Campaign": ["C01", "C02", "C03"], "Name": ["One", "Two", "Three"], "Budget": [100.0, 50.0, 10.0],
            "Start": [float(serial(date(2025, month, day))) for month, day in ((1, 2), (5, 1), (12, 1))],
            "Coupon": ["spring", "TULIP", None],
            "End": [None, float(serial(date(2025, 5, 20))), float(serial(date(2025, 12, 28)))],
        }),
        "tblFollowUps": Rows({
            "Campaign": ["C01", "C01", "C02", "C01", "C03"], "Type": ["Immediate sale", *["Follow-up reorder"] * 4],
            "Date": [float(serial(date(2025, month, 3))) for month in (1, 2, 5, 5, 12)],
            "Contacted": [100.0, 20.0, 5.0, None, None], "Orders": [0.0] * 5, "Price": [0.0] * 5,
            "Customer": [None, None, None, "K003", None],
        }),
        "tblCustomers": Rows({
            "Customer": [*ids[:9], "K002", None],
            "Segment": [some(["Walk-in", "OFFICE", "Gone"]) for _ in range(11)],
            "Source": [some(["Referral", "unknown", "Radio"]) for _ in range(11)],
            "First": [some(days) for _ in range(11)],
            "State": [some(["Active", "Lost"]) for _ in range(11)],
            "Feedback": [some(["Yes", "No"]) for _ in range(11)],
            "Referrals": [some([0.0, 0.0, 2.0]) for _ in range(11)],
        }),
        "tblSurvey": Rows({
            "Answer": [f"S{n}" for n in range(30)],
            "Customer": [some([*ids, "Nobody"]) for _ in range(30)],
            "Scale": [some(["0 to 10", "1 to 10"]) for _ in range(30)],
            "Score": [some([0.0, 7.0, 10.0]) for _ in range(30)],
        }),
    }, cells={f"Inputs!E{ROW['in_ActiveMonths']}": 7.0})  # fmt: skip
    with book.action("Odd rows"):
        book.write(change)
        book.calculate()
    return book


def of(book):
    return calculated_in(book, {name: book.table(name).columns for name in NEEDED})


@pytest.mark.parametrize("rows", ["odd", "book"])
def test_they_equal_the_formulas_here(rows, request):
    tried = request.getfixturevalue(rows)
    assert tried.kept == []
    for table, found in of(tried).items():
        for name, values in found.items():
            wanted = tried.table(table).columns[name]
            assert [None if value == "" else value for value in values] == wanted, f"{table}[{name}]"


@pytest.mark.thorough
def test_they_equal_the_formulas_in_libreoffice(odd, path, in_libreoffice, rows_of):
    unsaved = path.with_name("unsaved.xlsx")
    openpyxl.load_workbook(path).save(unsaved)  # without saved values, so that LibreOffice has to calculate
    saved = in_libreoffice(unsaved)
    for table, found in of(odd).items():
        rows = rows_of(saved, table)
        for name, values in found.items():
            shown = [row[name] for row in rows]
            shown = [float(serial(v.date())) if hasattr(v, "date") else v for v in shown]
            assert [None if v == "" else v for v in values] == [None if v == "" else v for v in shown], (
                f"{table}[{name}]"
            )


def test_every_calculated_column_is_there_but_row_numbers_and_those_an_input_switches(book):
    for name, found in of(book).items():
        left = book.table(name).calculated - found.keys()
        assert left == ({"Shown"} if name == "tblSurvey" else {"Row"})
