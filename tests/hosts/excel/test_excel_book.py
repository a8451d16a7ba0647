"""The workbook open in Excel, as actions see it: against the file back end on the same data."""

from datetime import date, datetime

import pytest
from same_book import alike, settings, state

from addin.actions.entries import log_follow_up, log_introduction, new_campaign
from addin.actions.load import load, preview
from addin.actions.refresh import refresh_all
from addin.actions.sample import sample_off, sample_on
from addin.present import refreshed
from addin.values import serial

pytestmark = pytest.mark.usefixtures("calculating")


def test_a_book_reads_as_its_file_does(book, file):
    for one, other in zip(state(book), state(file), strict=True):
        assert alike(one, other)


ORDERS = "Order;Date;Customer;Campaign;Type;Units;Price\nA1;2025-03-01;=1+1;C01;New order;1;30\n" \
         "A2;2025-03-02;+49;C01;New order;2;30\nA3;2025-03-03;00123;C01;New order;1;10\n"  # fmt: skip
NOW = datetime(2026, 3, 1, 12, 0)  # as Excel shows it


def loaded(book, tmp_path, *, append):
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    plan = preview(book, [path], append=append)
    load(book, plan)
    return plan.new, plan.question


def two_reports(book, tmp_path):
    path, head = tmp_path / "report.csv", "Campaign name,Day,Amount spent (EUR)\nSpring,2026-02-01,100.5\n"
    for text in (head, f"{head}Spring,2026-02-02,9\nAutumn,2026-02-02,5\n"):
        path.write_text(text, encoding="utf-8")
        plan = preview(book, [path])
        load(book, plan)
    return plan.new, plan.updated


def day(*parts):
    return float(serial(date(*parts)))


ACTIONS = {
    "refresh": lambda book, _: refreshed(refresh_all(book, NOW)),
    "campaign": lambda book, _: new_campaign(
        book, {"Name": "=Spring", "Start": day(2026, 3, 1), "Budget": 500.0, "Channel": "@x"}
    ),
    "follow-up": lambda book, _: log_follow_up(
        book,
        {"Type": "Return order", "Orders": 10.0, "Price": 30.0, "Date": day(2025, 12, 1), "Cost": 50.0, "Note": "-5"},
    ),
    "introduction": lambda book, _: log_introduction(
        book, {"Partner": "P1", "Date": day(2025, 9, 3), "PartyA": "1-10", "Minutes": 5.0}
    ),
    "load, replacing": lambda book, path: loaded(book, path, append=False),
    "load, appending": lambda book, path: loaded(book, path, append=True),
    "load, changing": two_reports,
    "sample off": lambda book, _: sample_off(book),
    "sample off and on": lambda book, _: (sample_off(book), sample_on(book)),
}


USUAL = ("follow-up", "load, replacing", "sample off")
"""The actions of every run; the others, which write in the same ways, are thorough."""


@pytest.mark.thorough
@pytest.mark.parametrize(
    "name", [name if name in USUAL else pytest.param(name, marks=pytest.mark.thorough) for name in ACTIONS]
)
def test_an_action_does_in_excel_what_it_does_in_the_file(name, book, file, excel, tmp_path):
    before = settings(excel)
    assert ACTIONS[name](book, tmp_path) == ACTIONS[name](file, tmp_path)
    for one, other in zip(state(book), state(file), strict=True):
        assert alike(one, other)
    assert settings(excel) == before
