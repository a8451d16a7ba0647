"""Books of earlier templates: their rows, inputs and totals in a copy of this one."""

import datetime as dt
import random
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel

from addin.actions.book import Change, Rows
from addin.actions.load import load, preview
from addin.actions.refresh import refresh_all
from addin.errors import BookError
from addin.files import template
from addin.template import lifecycle
from addin.xlsx.file_book import FileBook
from addin.xlsx.upgrade import upgrade

BOOKS = Path(__file__).parent / "books"
FIRST_VERSION = BOOKS / "first_version.xlsm"
"""The template of 24 sheets, as version 0.1 had it."""
THIRTY_EIGHT_SHEETS = BOOKS / "thirty_eight_sheets.xlsm"
"""A template of version 0.2, before small sheets became blocks of others."""


LOGGED = ["Event", "Campaign", "Date", "Type", "Contacted", "Orders", "Price", "Cost", "Note"]


@pytest.fixture
def old(tmp_path):
    shutil.copy(FIRST_VERSION, tmp_path / "old.xlsm")
    return FileBook(tmp_path / "old.xlsm", ask=lambda question: True)


def cell(book, name, column="D"):
    sheet, _, place = book.package.names[None, name.lower()].replace("$", "").partition("!")
    return f"{sheet}!{column}{re.sub('[A-Z]', '', place)}"


def filled(book, seed):
    """Rows of a shop in place of the sample's, and inputs of its own."""
    rng = random.Random(seed)
    day = lambda first, days: float(to_excel(dt.datetime(2025, *first) + dt.timedelta(days=rng.randrange(days))))  # noqa: E731  # twice
    orders = [
        (f"A{n}", day((3, 1), 360), f"X{rng.randrange(40)}", "S1", rng.choice(["Immediate sale", "New order"]), 1.0,
         rng.randrange(100, 9_999) / 100)
        for n in range(rng.randrange(60, 200))
    ]  # fmt: skip
    log = [("E1", "S1", day((4, 1), 300), "Follow-up reorder", 20.0, 3.0, 19.9, 7.5, "Own call")]
    change = Change(rows={
        "tblCampaigns": Rows({"Campaign": ["S1"], "Name": ["Own"], "Start": [to_excel(dt.datetime(2025, 3, 1))],
                              "Budget": [1_234.5], "Reach": [900.0], "Price": [20.0], "Channel": ["Fair"]}),
        "tblTransactions": _rows(["Order", "Date", "Customer", "Campaign", "Type", "Units", "Price"], orders),
        "tblFollowUps": _rows(LOGGED, log),
        "tblSurvey": Rows({}), "tblCustomers": Rows({"Customer": [f"X{n}" for n in range(40)]}),
    })  # fmt: skip
    inputs = {"in_Margin": rng.uniform(0.2, 1), "in_HourCost": 31.0, "in_PlanPrice": 27.5}
    change.cells |= {cell(book, name, "E"): value for name, value in inputs.items()}
    change.cells |= {"in_Campaign": "S1", "in_Source": "Transactions", cell(book, "in_PlanPrice", "F"): 11.0}
    with book.action("Fill"):
        book.write(change)
        book.calculate()
    return orders, log, inputs


def _rows(names, rows):
    return Rows(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def typed_rows(book, table, count):
    found = book.table(table)
    return [tuple(found.columns[name][i] for name in found.typed[:count]) for i in found.rows]


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(2, 8))])
def test_every_row_input_and_total_is_in_the_new_copy(old, tmp_path, seed):
    orders, log, inputs = filled(old, seed)
    before = old.path.read_bytes()
    done = upgrade(old, tmp_path / "new.xlsm")
    assert old.path.read_bytes() == before
    new = FileBook(tmp_path / "new.xlsm")
    assert typed_rows(new, "tblTransactions", 7) == orders
    assert typed_rows(new, "tblFollowUps", 9) == log
    assert typed_rows(new, "tblCampaigns", 3) == [("S1", "Own", float(to_excel(dt.datetime(2025, 3, 1))))]
    assert (done.rows["tblTransactions"], done.rows["tblSurvey"]) == (len(orders), 0)
    assert {name: new.cells(name)[0][0] for name in inputs} == pytest.approx(inputs)
    assert new.cells(cell(new, "in_PlanPrice", "F")) == [[11.0]]
    assert new.cells("in_Source") == [["Transactions"]]
    sold = sum(price for *_, price in orders)
    assert new.cells("out_Gross3")[0][0] == pytest.approx(sold / (1_234.5 + 7.5), rel=1e-9)
    assert new.cells("out_Gross3")[0][0] == pytest.approx(old.cells("out_Gross3")[0][0], rel=1e-9)
    expected = new.table("tblForecast").columns["Customer"]
    assert all(name is None or name.startswith("X") for name in expected)  # none of the sample
    sheets = openpyxl.load_workbook(tmp_path / "new.xlsm", read_only=True, keep_vba=True).sheetnames
    assert sheets == openpyxl.load_workbook(template(), read_only=True).sheetnames


@pytest.mark.thorough
def test_what_was_loaded_is_remembered(old, tmp_path):
    reports = {
        "first.csv": "Campaign name,Day,Amount spent (EUR)\nSpring,2026-09-01,100\n",
        "later.csv": "Campaign name,Day,Amount spent (EUR)\nSpring,2026-09-02,7\n",
    }
    for name, text in reports.items():
        (tmp_path / name).write_text(text)
    load(old, preview(old, [tmp_path / "first.csv"]))
    upgrade(old, tmp_path / "new.xlsm")
    new = FileBook(tmp_path / "new.xlsm", ask=lambda question: True)
    load(new, preview(new, [tmp_path / "later.csv"]))
    assert new.table("tblCampaigns").columns["Budget"] == [107]


@pytest.mark.thorough
def test_what_has_no_place_any_more_is_named(old, tmp_path):
    done = upgrade(old, tmp_path / "new.xlsm")
    assert any(each.startswith("Pyramid!F9, where 8.33") for each in done.left)
    assert done.results == {}  # the florist's are the same


def test_nothing_is_overwritten_and_no_other_book_is_taken(old, tmp_path):
    (tmp_path / "new.xlsm").write_text("mine")
    with pytest.raises(BookError, match="is there already"):
        upgrade(old, tmp_path / "new.xlsm")
    openpyxl.Workbook().save(tmp_path / "own.xlsx")
    with pytest.raises(BookError, match="has no table tblCampaigns; name a workbook made from an earlier template"):
        upgrade(FileBook(tmp_path / "own.xlsx"), tmp_path / "other.xlsm")


def test_long_tables_of_an_earlier_template_are_not_filled_by_the_rules_of_this_one(old):
    rows = 2_001
    change = Change(rows={"tblSurvey": Rows({"Answer": [f"R{n}" for n in range(rows)], "Score": [9.0] * rows})})
    with old.action("Paste"):
        old.write(change)
    with pytest.raises(BookError, match=r"earlier template .* has no column .* roc upgrade"):
        refresh_all(old)


@pytest.fixture
def of_38_sheets(tmp_path):
    """A filled copy with an input of its own on each sheet that has some, and what stands in the cells of each."""
    shutil.copy(THIRTY_EIGHT_SHEETS, tmp_path / "old.xlsm")
    book = FileBook(tmp_path / "old.xlsm")
    _, log, _ = filled(book, 1)
    typed = {
        "Lifecycle!F8": 0.41, "Pyramid!E7": 2.25, "Campaigns!C6": "Fair", "Value!C31": 0.6, "Loyalty!F20": 0.04,
        "Scenarios!C27": 0.3, "FollowUp!D24": float(to_excel(dt.datetime(2025, 9, 1))), "Lists!C30": 5.0,
    }  # fmt: skip
    with book.action("Fill"):
        book.write(Change(cells=dict(typed)))
        book.calculate()
    return book, log, typed


@pytest.mark.thorough
def test_every_input_of_a_sheet_that_became_a_block_is_in_the_new_copy(of_38_sheets, tmp_path):
    old, log, typed = of_38_sheets
    done = upgrade(old, tmp_path / "new.xlsm")
    new = FileBook(tmp_path / "new.xlsm")
    assert done.left == []
    assert done.results == {}
    assert typed_rows(new, "tblFollowUps", 9) == log
    book = openpyxl.load_workbook(tmp_path / "new.xlsm")
    unlocked = [c.value for sheet in book for row in sheet.iter_rows() for c in row if not c.protection.locked]
    found = {float(to_excel(v)) if isinstance(v, dt.datetime) else v for v in unlocked if v is not None}
    assert set(typed.values()) <= found
    assert new.cells(f"Pyramid!F{lifecycle.FIRST_ROW + 2}") == [[0.41]]
    names = [name for name in old.names() if name.startswith("out_") and "Addin" not in name and name in new.names()]
    before, after = ({name: book.cells(name)[0][0] for name in names} for book in (old, new))
    numbers = {name: value for name, value in before.items() if isinstance(value, float)}
    assert len(numbers) > 20
    assert {name: after[name] for name in numbers} == pytest.approx(numbers, rel=1e-9)
    assert after["out_Headline"] == before["out_Headline"]
